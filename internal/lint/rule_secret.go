package lint

// secrets finds secrets that stand in the document.
func (o *outcome) secrets(st *statement) {
	for _, s := range st.node.SecretsInClear() {
		switch {
		case s.End > 0:
			o.inside(Warning, ruleSecret, s.At, s.Start, s.End, "%s stands in clear", s.What)
		case s.Node.Name == "value":
			o.at(Warning, ruleSecret, s.Node, s.At, "%s looks like a secret, and stands in clear", s.What)
		default:
			o.at(Warning, ruleSecret, s.Node, s.At, "%s stands in clear", s.What)
		}
	}
}

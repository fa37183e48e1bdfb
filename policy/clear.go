package policy

import (
	"slices"
	"strings"

	"github.com/apimulator/apimulator/internal/pattern"
)

// InClear is a secret that stands in a document itself, where a named value should.
type InClear struct {
	Text string
	// At holds it, in Node; Start and End are its bytes with the name that tells of it,
	// or both 0 if all of At is the secret.
	Node       *Node
	At         *Value
	Start, End int
	// What it is: "password of <authentication-basic>".
	What string
}

// secretAttributes hold secrets, by element.
var secretAttributes = map[string][]string{
	"authentication-basic":       {"password"},
	"authentication-certificate": {"password", "body"},
	"proxy":                      {"password"},
}

// secretHeader is a header whose value is a secret; secretText what is one by its
// looks.
var (
	secretHeader = pattern.Lazy(`(?i)^(authorization|api-?key|x-api-?key|x-functions-key|ocp-apim-subscription-key|x-.*(secret|token|key))$`)
	secretText   = pattern.Lazy(`(?i)^(Bearer|Basic)\s+[A-Za-z0-9+/=_.~-]{12,}$|^[A-Za-z0-9+/_-]{20,}={0,2}$`)
	secretInText = pattern.Lazy(`(?i)(client_secret|password|sharedaccesskey|accountkey|sig)=([A-Za-z0-9%+/_~.-]{8,})`)
)

// secretInTextIndex is where secretInText, its name and its value are, nil if there is none.
func secretInTextIndex(text string) []int {
	if !strings.Contains(text, "=") { // as most: the pattern takes a start a while to compile
		return nil
	}
	return secretInText().FindStringSubmatchIndex(text)
}

// SecretsInClear are those of n, but not of the statements in it. n has been checked.
func (n *Node) SecretsInClear() []InClear {
	var all []InClear
	for _, name := range secretAttributes[n.Name] {
		if v := n.Attr(name); n.isLiteral(v) && v.Text != "" && !v.isNamed() {
			all = append(all, InClear{Text: v.Text, Node: n, At: v, What: name + " of <" + n.Name + ">"})
		}
	}
	if name := n.Attr("name"); n.isLiteral(name) && (n.Name == "set-header" || n.Name == "set-query-parameter") {
		all = append(all, n.valuesInClear(name.Text)...)
	}
	if v := n.Body(); v != nil && !n.isOpen(v) && !v.isNamed() && (n.Name == "set-body" || n.Name == "set-url" || n.Name == "value") {
		if m := secretInTextIndex(v.Text); m != nil && !strings.ContainsAny(v.Text[m[4]:m[5]], "{}<>") {
			all = append(all, InClear{Text: v.Text[m[4]:m[5]], Node: n, At: v, Start: m[0], End: m[1], What: v.Text[m[2]:m[3]]})
		}
	}
	if n.holdsStatements() {
		return all
	}
	for _, c := range n.Children {
		if !c.holdsStatements() {
			all = append(all, c.SecretsInClear()...)
		}
	}
	return all
}

// valuesInClear are the secrets among the values of a header line or parameter.
func (n *Node) valuesInClear(name string) []InClear {
	var all []InClear
	for _, c := range n.ChildrenNamed("value") {
		v := c.Body()
		if v == nil || c.isOpen(v) || v.isNamed() {
			continue
		}
		text, ok := v.constant()
		if text = strings.TrimSpace(text); ok && text != "" && n.namesSecret(name) && secretText().MatchString(text) {
			all = append(all, InClear{Text: text, Node: c, At: v, What: "the value of " + name})
		}
	}
	return all
}

// namesSecret reports whether the value of a header line or parameter of that name is secret.
func (n *Node) namesSecret(name string) bool {
	return secretHeader().MatchString(name) || n.Name == "set-query-parameter" && strings.EqualFold(name, "code")
}

func (n *Node) holdsStatements() bool { return n.def != nil && n.def.Statements }

// isLiteral reports whether an attribute is there, and its text known.
func (n *Node) isLiteral(v *Value) bool { return v != nil && !v.Expression && !n.isOpen(v) }

// isNamed reports whether something in v came of a named value, as secrets should.
func (v *Value) isNamed() bool {
	return slices.ContainsFunc(v.segments, func(s segment) bool { return s.named != "" })
}

// constant is the text of v if it is always the same.
func (v *Value) constant() (string, bool) {
	if v.compiled == nil {
		return v.Text, !v.Expression
	}
	uses := v.compiled.Uses()
	text, ok := uses.Value.(string)
	return text, ok && uses.Constant
}

// inClear are the texts of the secrets in n, in the statements in it and in fragments, those
// of Authorization without their schemes as well.
func (n *Node) inClear() []string {
	var all []string
	for _, s := range n.SecretsInClear() {
		all = append(all, s.Text)
		if _, credential, ok := strings.Cut(s.Text, " "); ok {
			all = append(all, strings.TrimSpace(credential))
		}
	}
	if n.fragment != nil {
		all = append(all, n.fragment.inClear()...)
	}
	for _, c := range n.Children {
		all = append(all, c.inClear()...)
	}
	return all
}

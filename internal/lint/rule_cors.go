package lint

// cors finds credentials that go to any origin.
func (o *outcome) cors(st *statement) {
	n := st.node
	if n.Name != "cors" {
		return
	}
	credentials, ok := literal(n, "allow-credentials")
	origins := n.Child("allowed-origins")
	if !ok || credentials == "" || isFalse(credentials) || origins == nil {
		return
	}
	for _, origin := range origins.ChildrenNamed("origin") {
		if v := origin.Body(); v != nil && v.Text == "*" {
			o.at(Error, ruleCORS, origin, v, "any origin (*) is allowed together with credentials")
		}
	}
}

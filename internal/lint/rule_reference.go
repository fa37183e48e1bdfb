package lint

import (
	"strings"

	"github.com/apimulator/apimulator/policy"
)

// references notes what is taken as present, each once, and finds what a world does
// not have beyond what package policy looks up.
func (o *outcome) references() { o.referencesIn(o.root) }

func (o *outcome) referencesIn(n *policy.Node) {
	w := o.t.world
	liquid := n.Attr("template") != nil && n.Attr("template").Text == "liquid"
	for _, v := range n.Attrs {
		if w == nil || w.namedValues == nil {
			o.assumeNamedValues(v)
		}
		if v.Expression || n.Open(v) {
			continue
		}
		switch {
		case v.Name == "fragment-id" && (w == nil || w.fragments == nil):
			o.assume(n, v, "fragment", v.Text)
		case v.Name == "backend-id" && v.Text != "dapr" || strings.HasSuffix(v.Name, "-backend-id"):
			o.thing(n, v, "backend", policy.RuleBackendUnknown, func(w *world) map[string]bool { return w.backends })
		case v.Name == "certificate-id":
			o.thing(n, v, "certificate", policy.RuleCertificateUnknown, func(w *world) map[string]bool { return w.certificates })
		}
	}
	if v := n.Body(); v != nil && !liquid && (w == nil || w.namedValues == nil) {
		o.assumeNamedValues(v)
	}
	for _, c := range n.Children {
		o.referencesIn(c)
	}
}

// thing looks up what v names, or takes it as present.
func (o *outcome) thing(n *policy.Node, v *policy.Value, kind, rule string, known func(*world) map[string]bool) {
	w := o.t.world
	switch {
	case w == nil || known(w) == nil:
		o.assume(n, v, kind, v.Text)
	case !known(w)[v.Text] && !(kind == "certificate" && n.Name == "key"): // which its statement has told
		o.at(Error, rule, n, v, "%s has no %s '%s'", w.name, kind, v.Written())
	}
}

func (o *outcome) assumeNamedValues(v *policy.Value) {
	for _, m := range policy.NamedValue().FindAllStringSubmatchIndex(v.Text, -1) {
		name := v.Text[m[2]:m[3]]
		if key := "named value " + name; !o.assumed[key] {
			o.assumed[key] = true
			o.inside(Note, ruleReference, v, m[0], m[1], "the named value '%s' is not at hand and taken as present", name)
		}
	}
}

func (o *outcome) assume(n *policy.Node, v *policy.Value, kind, name string) {
	if key := kind + " " + name; !o.assumed[key] {
		o.assumed[key] = true
		o.at(Note, ruleReference, n, v, "the %s '%s' is not at hand and taken as present", kind, name)
	}
}

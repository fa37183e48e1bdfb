package lint

import (
	"github.com/apimulator/apimulator/policy"
	"github.com/apimulator/apimulator/policy/exchange"
)

// bases finds sections without <base/>, and with more than one on a way.
func (o *outcome) bases(f *flow) {
	if o.section != "" {
		return
	}
	always, present := make(map[exchange.Section]int), make(map[exchange.Section]bool)
	for _, st := range f.all {
		if st.node.Name != "base" {
			continue
		}
		present[st.section] = true
		if !st.always {
			continue
		}
		if always[st.section]++; always[st.section] == 2 {
			o.at(Warning, ruleBaseDoubled, st.node, nil, "<base/> stands in <%s> for the second time", st.section)
		}
	}
	if o.t.scope == exchange.ScopeGlobal || o.root.Name != "policies" {
		return
	}
	if o.t.scope == "" && len(present) == 0 && holds(o.root, "forward-request") {
		return // it may be the global policy, which has no wider scope
	}
	for _, section := range o.root.Children {
		if o.t.scope == "" && len(present) == 0 && len(section.Children) == 0 {
			continue
		}
		if name := exchange.Section(section.Name); !present[name] && !f.replaces(section, name) {
			o.at(Warning, ruleBaseMissing, section, nil, "<%s> has no <base/>, so the policies of wider scopes don't apply in it", section.Name)
		}
	}
}

// replaces reports whether a section does on purpose without <base/>: it returns a
// response, it never runs, or it forwards the request as the global policy would.
func (f *flow) replaces(section *policy.Node, name exchange.Section) bool {
	switch {
	case f.ends[name]:
		return true
	case name == exchange.Backend:
		return f.ends[exchange.Inbound] || holds(section, "forward-request")
	case name == exchange.Outbound:
		return f.ends[exchange.Inbound]
	}
	return false
}

// holds reports whether an element of that name stands somewhere in n.
func holds(n *policy.Node, name string) bool {
	if n.Name == name || n.Fragment() != nil && holds(n.Fragment(), name) {
		return true
	}
	for _, c := range n.Children {
		if holds(c, name) {
			return true
		}
	}
	return false
}

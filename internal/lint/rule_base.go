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
	count := make(map[exchange.Section]int)
	for _, st := range f.all {
		if st.node.Name != "base" {
			continue
		}
		if st.always {
			count[st.section]++
			if count[st.section] == 2 {
				o.at(Warning, ruleBaseDoubled, st.node, nil, "<base/> stands in <%s> for the second time", st.section)
			}
		} else {
			count[st.section] += 0
			count["some "+st.section]++
		}
	}
	if o.t.scope == exchange.ScopeGlobal || o.root.Name != "policies" {
		return
	}
	any := false
	for _, n := range count {
		any = any || n > 0
	}
	for _, section := range o.root.Children {
		name := exchange.Section(section.Name)
		if count[name] > 0 || count["some "+name] > 0 || f.ends[exchange.Inbound] && (name == exchange.Backend || name == exchange.Outbound) {
			continue
		}
		o.baseMissing(f, section, any)
	}
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

// baseMissing tells it. A document with no <base/> at all may be the global one, so
// it is not told of one that is looked at alone.
func (o *outcome) baseMissing(f *flow, section *policy.Node, elsewhere bool) {
	if o.t.scope == "" && !elsewhere {
		return
	}
	if f.ends[exchange.Section(section.Name)] {
		return // a response is returned, whatever the wider scopes say
	}
	if section.Name == "backend" && holds(section, "forward-request") {
		return // it forwards instead of the global policy
	}
	o.at(Warning, ruleBaseMissing, section, nil, "<%s> has no <base/>, so the policies of wider scopes don't apply in it", section.Name)
}

package lint

import (
	"slices"

	"github.com/apimulator/apimulator/policy"
	"github.com/apimulator/apimulator/policy/exchange"
)

// answering are statements that give a response without a backend, or may.
var answering = []string{"return-response", "mock-response", "include-fragment", "send-request", "http-data-source", "invoke-request"}

// forwards judges the backend section: it has to send the request, once.
func (o *outcome) forwards(f *flow) {
	backend := o.root.Child("backend")
	if o.section != "" || backend == nil || f.ends[exchange.Inbound] {
		return
	}
	var first *policy.Node
	found := false
	for _, st := range f.all {
		name := st.node.Name
		if st.section != exchange.Backend {
			continue
		}
		found = found || name == "base" || name == "forward-request" || slices.Contains(answering, name)
		if !st.always || name != "base" && name != "forward-request" {
			continue
		}
		if first != nil && !(name == "base" && first.Name == "base") { // which rule base-doubled tells
			line, _ := first.Position()
			o.at(Warning, ruleForwardDoubled, st.node, nil, "<%s> forwards the request again: line %d has done so", name, line)
		}
		first = st.node
	}
	if !found {
		o.at(Warning, ruleForwardMissing, backend, nil, "<backend> neither forwards the request nor goes on with <base/>")
	}
}

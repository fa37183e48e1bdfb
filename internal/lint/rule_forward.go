package lint

import (
	"github.com/apimulator/apimulator/policy"
	"github.com/apimulator/apimulator/policy/exchange"
)

// forwards judges the backend section: it has to send the request, once.
func (o *outcome) forwards(f *flow) {
	if o.section != "" {
		return
	}
	backend := o.root.Child("backend")
	if backend == nil || f.ends[exchange.Inbound] {
		return
	}
	var first *policy.Node
	found := false
	for _, st := range f.all {
		if st.section != exchange.Backend {
			continue
		}
		switch st.node.Name {
		case "forward-request":
			if first != nil && st.always {
				line, _ := first.Position()
				o.at(Warning, ruleForwardDoubled, st.node, nil, "the request has been forwarded by line %d already", line)
			}
			if st.always {
				first = st.node
			}
			found = true
		case "base":
			if first != nil && st.always {
				line, _ := first.Position()
				o.at(Warning, ruleForwardDoubled, st.node, nil, "the request has been forwarded by line %d, and <base/> forwards it again", line)
			}
			if st.always {
				first = st.node
			}
			found = true
		case "return-response", "mock-response", "include-fragment", "send-request", "http-data-source", "invoke-request":
			found = true
		}
	}
	if !found {
		severity := Warning
		if o.t.scope == "" && len(backend.Children) == 0 && o.root.Child("inbound") == nil {
			severity = Note
		}
		o.at(severity, ruleForwardMissing, backend, nil, "<backend> neither forwards the request nor goes on with <base/>")
	}
}

package lint

import (
	"strings"

	"github.com/apimulator/apimulator/internal/pattern"
	"github.com/apimulator/apimulator/policy"
)

var streamed = pattern.Lazy(`(?i)text/event-stream|"stream"|\bstream\b["'\]]*\s*(==|=)`)

// bufferedStream finds documents that see to event streams and still buffer them.
func (o *outcome) bufferedStream(f *flow) {
	var sign *policy.Node
	for _, st := range f.all {
		if sign == nil && streams(st) {
			sign = st.node
		}
	}
	if sign == nil {
		return
	}
	line, _ := sign.Position()
	for _, st := range f.all {
		if st.node.Name != "forward-request" {
			continue
		}
		if text, ok := literal(st.node, "buffer-response"); st.node.Has("buffer-response") && (!ok || text == "false" || text == "False" || text == "0") {
			continue
		}
		o.at(Warning, ruleBufferedStream, st.node, nil, "line %d sees to an event stream, but this collects the response before it passes it on", line)
	}
}

// streams reports whether a statement shows that responses are event streams.
func streams(st *statement) bool {
	n := st.node
	if n.Name == "set-header" {
		name, _ := literal(n, "name")
		if strings.EqualFold(name, "Content-Type") || strings.EqualFold(name, "Accept") {
			for _, c := range n.ChildrenNamed("value") {
				if v := c.Body(); v != nil && strings.Contains(strings.ToLower(v.Text), "text/event-stream") {
					return true
				}
			}
		}
	}
	for _, e := range st.expressions() {
		if (len(e.uses.Bodies) > 0 || strings.Contains(e.value.Text, "event-stream")) && streamed().MatchString(e.value.Text) {
			return true
		}
	}
	return false
}

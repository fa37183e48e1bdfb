package testrun

import (
	"fmt"
	"strings"

	"github.com/apimulator/apimulator/internal/yamlfile"
)

// write writes the draft as an item of tests.
func (t *draft) write(b *strings.Builder) {
	if t.comment != "" {
		fmt.Fprintf(b, "  # %s\n", t.comment)
	}
	fmt.Fprintf(b, "  - name: %s\n    request:\n", scalar(t.name))
	for _, m := range t.request.members {
		fmt.Fprintf(b, "      %s: %s\n", m.key, m.value)
	}
	if len(t.request.headers) > 0 {
		b.WriteString("      headers:\n")
		for _, h := range t.request.headers {
			fmt.Fprintf(b, "        %s: %s\n", scalar(h.key), scalar(h.value))
		}
	}
	if t.request.token != nil {
		var pieces []string
		for _, m := range t.request.token {
			pieces = append(pieces, m.key+": "+m.value)
		}
		fmt.Fprintf(b, "      token: {%s}\n", strings.Join(pieces, ", "))
	}
	if len(t.stubs) > 0 {
		b.WriteString("    backend:\n")
		for _, s := range t.stubs {
			fmt.Fprintf(b, "      - %s\n", s)
		}
	}
	if t.status == 0 {
		return
	}
	fmt.Fprintf(b, "    expect:\n      status: %d\n", t.status)
	if t.reason != "" {
		fmt.Fprintf(b, "      lastError: {reason: %s}\n", scalar(t.reason))
	}
	fmt.Fprintf(b, "      backend: %d\n", t.calls)
}

// scalar is a text as YAML has it.
func scalar(s string) string { return yamlfile.Scalar(s) }

// list is texts as a list of YAML.
func list(texts []string) string {
	pieces := make([]string, len(texts))
	for i, t := range texts {
		pieces[i] = scalar(t)
	}
	return "[" + strings.Join(pieces, ", ") + "]"
}

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
	fmt.Fprintf(b, "  - name: %s\n", scalar(t.name))
	margin, first := "    ", "    "
	if t.set != "" { // what comes first has the dash of a step
		fmt.Fprintf(b, "    steps:\n      - set: %s\n", t.set)
		margin, first = "        ", "      - "
	}
	t.request.write(b, first, margin)
	if len(t.stubs) > 0 {
		fmt.Fprintf(b, "%sbackend:\n", margin)
		for _, s := range t.stubs {
			fmt.Fprintf(b, "%s  - %s\n", margin, s)
		}
	}
	if t.status == 0 {
		return
	}
	fmt.Fprintf(b, "%sexpect:\n%s  status: %d\n", margin, margin, t.status)
	if t.reason != "" {
		fmt.Fprintf(b, "%s  lastError: {reason: %s}\n", margin, scalar(t.reason))
	}
	fmt.Fprintf(b, "%s  backend: %d\n", margin, t.calls)
}

// write writes a request behind a margin; first is the one of its first line.
func (r *request) write(b *strings.Builder, first, margin string) {
	fmt.Fprintf(b, "%srequest:\n", first)
	for _, m := range r.members {
		fmt.Fprintf(b, "%s  %s: %s\n", margin, m.key, m.value)
	}
	if len(r.query) > 0 {
		fmt.Fprintf(b, "%s  query: %s\n", margin, mapping(r.query))
	}
	if len(r.headers) > 0 {
		fmt.Fprintf(b, "%s  headers:\n", margin)
		for _, h := range r.headers {
			fmt.Fprintf(b, "%s    %s: %s\n", margin, scalar(h.key), scalar(h.value))
		}
	}
	if r.token != nil {
		var pieces []string
		for _, m := range r.token {
			pieces = append(pieces, m.key+": "+m.value)
		}
		fmt.Fprintf(b, "%s  token: {%s}\n", margin, strings.Join(pieces, ", "))
	}
}

// mapping is members as a mapping of YAML on one line.
func mapping(members []member) string {
	pieces := make([]string, len(members))
	for i, m := range members {
		pieces[i] = scalar(m.key) + ": " + scalar(m.value)
	}
	return "{" + strings.Join(pieces, ", ") + "}"
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

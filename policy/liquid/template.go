package liquid

import (
	"strings"

	"github.com/apimulator/apimulator/policy/expr"
)

// Template is a parsed template. It may be rendered any number of times, at the
// same time too.
type Template struct {
	nodes []node
	size  int
}

// Error is a mistake in a template: one that Parse refuses, or one that a
// rendering wrote into its output.
type Error struct {
	// Offset is the byte of the source that it is about.
	Offset  int
	Message string
}

func (e *Error) Error() string { return e.Message }

// Scope is what a template sees.
type Scope struct {
	// Body gives the value of body: [ReadBody]'s, or any value of the expression
	// language. It is called when the template first asks for it, once. Nil is no
	// body.
	Body func(m *expr.Machine) (any, error)
	// Context is the value of context: [NewContext]'s.
	Context any
	// Noted is told of each error whose text stands in the output; nil if nobody
	// wants to know.
	Noted func(*Error)
}

// Render gives the template's text. It counts its work on m, whose bounds end it
// with a *expr.BoundError. Any other error is one of reading the body.
func (t *Template) Render(m *expr.Machine, scope Scope) (string, error) {
	r := &run{m: m, scope: &scope}
	var w strings.Builder
	if err := m.Allocate(t.size); err != nil {
		return "", err
	}
	w.Grow(t.size)
	switch err := r.all(&w, t.nodes).(type) {
	case nil, interrupt: // outside of a loop, break and continue end the template
	case *bodyError:
		return "", err.error
	default:
		return "", err
	}
	return w.String(), nil
}

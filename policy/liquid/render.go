package liquid

import (
	"errors"
	"strings"

	"github.com/apimulator/apimulator/policy/expr"
	"github.com/apimulator/apimulator/policy/expr/dotnet"
	"github.com/apimulator/apimulator/policy/expr/newtonsoft"
)

// node is a piece of a template that can be rendered.
type node interface {
	render(r *run, w *strings.Builder) error
	// offset is where it stands.
	offset() int
}

// place is the offset of a node.
type place int

func (p place) offset() int { return int(p) }

// run is one rendering.
type run struct {
	m     *expr.Machine
	scope *Scope

	bodyValue any
	bodyRead  bool
	locals    []local        // of the loops, the innermost last
	assigned  map[string]any // by assign and capture
	cycles    map[string]int
	progress  map[string]int32 // how far loops went, for offset:continue
	changed   *string          // what ifchanged wrote last
}

// local is a variable of a loop.
type local struct {
	name  string
	value any
}

// problem is an error that DotLiquid writes into the output; so is a
// *dotnet.Exception.
type problem struct {
	syntax  bool
	message string
}

func (p *problem) Error() string { return p.message }

// bodyError is an error of reading the body, which ends the rendering.
type bodyError struct{ error }

// interrupt leaves a loop or its present round.
type interrupt uint8

const (
	leaveLoop interrupt = iota
	nextRound
)

func (i interrupt) Error() string { return "break or continue outside of a loop" }

type interruptNode struct {
	place
	interrupt
}

func (n *interruptNode) render(*run, *strings.Builder) error { return n.interrupt }

// all renders nodes. A node that fails leaves its error in the output and those
// after it go on, as in DotLiquid.
func (r *run) all(w *strings.Builder, nodes []node) error {
	for _, n := range nodes {
		if err := r.m.Spend(1); err != nil {
			return err
		}
		if err := n.render(r, w); err != nil {
			if err := r.absorb(w, n, err); err != nil {
				return err
			}
		}
	}
	return nil
}

// absorb writes an error into the output, unless it is one that ends more than
// the node.
func (r *run) absorb(w *strings.Builder, n node, err error) error {
	var p *problem
	var thrown *dotnet.Exception
	text := "Liquid error: "
	switch {
	case errors.As(err, &p):
		if p.syntax {
			text = "Liquid syntax error: "
		}
		text += p.message
	case errors.As(err, &thrown) && !errors.As(err, new(*bodyError)):
		text += thrown.Message
	default:
		return err
	}
	if r.scope.Noted != nil {
		r.scope.Noted(&Error{n.offset(), text})
	}
	return r.write(w, text)
}

func (r *run) write(w *strings.Builder, s string) error {
	if err := r.m.Allocate(len(s)); err != nil {
		return err
	}
	w.WriteString(s)
	return nil
}

// body is the value of body.
func (r *run) body() (any, error) {
	if r.bodyRead || r.scope.Body == nil {
		return r.bodyValue, nil
	}
	v, err := r.scope.Body(r.m)
	if err != nil {
		return nil, &bodyError{err}
	}
	if v, err = r.value(v); err != nil {
		return nil, err
	}
	r.bodyValue, r.bodyRead = v, true
	return v, nil
}

// textNode is text as it is.
type textNode string

func (n textNode) render(r *run, w *strings.Builder) error { return r.write(w, string(n)) }
func (n textNode) offset() int                             { return 0 }

// outputNode is {{...}}.
type outputNode struct {
	place
	value *variable
}

func (n *outputNode) render(r *run, w *strings.Builder) error {
	v, err := n.value.eval(r)
	if err != nil {
		return err
	}
	return r.output(w, v)
}

// output writes a value as an output does: nothing for nil, true and false in
// small letters, the elements of a list one after another.
func (r *run) output(w *strings.Builder, v any) error {
	switch v := plain(v).(type) {
	case nil, symbol, opaque:
		return nil
	case string:
		return r.write(w, v)
	case bool:
		if v {
			return r.write(w, "true")
		}
		return r.write(w, "false")
	case *xmlElement:
		return r.write(w, v.e.Value())
	case written:
		return r.write(w, v.written())
	default:
		enumerable := false
		if isEnumerable(v) {
			var err error
			enumerable, err = r.each(v, func(x any) (bool, error) {
				s, err := r.elementText(x)
				if err != nil {
					return true, err
				}
				return false, r.write(w, s)
			})
			if err != nil {
				return err
			}
		}
		if enumerable {
			return nil
		}
		s, err := r.elementText(v)
		if err != nil {
			return err
		}
		return r.write(w, s)
	}
}

// written is an object that has a text.
type written interface{ written() string }

// isEnumerable reports whether a value is an IEnumerable, a text too.
func isEnumerable(v any) bool {
	switch v.(type) {
	case string, xmlText, sequence, object, *newtonsoft.Object, expr.Mapping, expr.Enumerable:
		return true
	}
	return false
}

// elementText is what is written of a value within a list: of a list or an object
// in it only its type, as .NET has it. A decimal has no zeros at its end.
func (r *run) elementText(v any) (string, error) {
	if d, ok := v.(dotnet.Decimal); ok {
		return d.ToString("0.#############################")
	}
	return r.text(v)
}

// text is v.ToString(), "" for nil.
func (r *run) text(v any) (string, error) {
	switch v := plain(v).(type) {
	case nil:
		return "", nil
	case string:
		return v, nil
	case pair:
		value, err := r.value(v.value)
		if err != nil {
			return "", err
		}
		if _, nested := value.(pair); nested {
			return "[" + v.key + ", " + r.typeName(value) + "]", nil
		}
		s, err := r.text(value)
		return "[" + v.key + ", " + s + "]", err
	case *xmlElement:
		return v.e.Value(), nil
	case written:
		return v.written(), nil
	default:
		if isEnumerable(v) || isSymbol(v) {
			return r.typeName(v), nil
		}
		return r.m.Text(v)
	}
}

func isSymbol(v any) bool { _, ok := v.(symbol); return ok }

// integer is the value of an expression by Convert.ToInt32, which takes nil for 0.
func (r *run) integer(e expression) (int32, error) {
	v, err := e.eval(r)
	if err != nil {
		return 0, err
	}
	return toInteger(v)
}

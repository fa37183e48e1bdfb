package jsonschema

import (
	"fmt"
	"unicode/utf8"

	"github.com/apimulator/apimulator/policy/expr/newtonsoft"
)

// Bounds of one validation.
const (
	// MaxErrors is the most that are told of one list of errors, and maxCauses of all that
	// are causes of others.
	MaxErrors = 100
	maxCauses = 1000
	// maxTold is the most characters of a value in a message.
	maxTold = 10_000
	// maxSteps is how many schemas may be held against values, some seconds of work: schemas
	// that refer to each other many times over could go on for ever.
	maxSteps = 5_000_000
)

// Error is one thing that does not fit: a ValidationError.
type Error struct {
	// Message is in the words of Newtonsoft.Json.Schema.
	Message string
	// Line and Position are where the token ends at which it was found, from 1; Position
	// counts units of UTF-16.
	Line, Position int
	// Path leads to the value, as JSONPath: "items[0].sku". "" is the whole.
	Path string
	// Causes are why no schema of several fits.
	Causes []Error
}

// Leaves are the errors without causes of their own, at the ends of a list of errors.
func Leaves(all []Error) []Error {
	var leaves []Error
	for _, e := range all {
		if below := Leaves(e.Causes); len(below) > 0 {
			leaves = append(leaves, below...)
		} else {
			leaves = append(leaves, e)
		}
	}
	return leaves
}

// Validate holds a JSON text against the schema. It gives what does not fit in the order of
// the text, at most [MaxErrors]. Nothing means that it fits. The error is a [*SyntaxError]
// of a text that is no JSON, or says that the schema takes too long.
func (s *Schema) Validate(text string) ([]Error, error) {
	root, err := parse(text)
	if err != nil {
		return nil, err
	}
	r := &run{program: s.program, text: text, steps: s.program.steps}
	r.validate(s, root)
	if r.steps < 0 {
		return nil, fmt.Errorf("the schema takes more than %d steps", s.program.steps)
	}
	return r.errors, nil
}

// A run is one validation.
type run struct {
	program *program
	text    string
	steps   int // that may still be taken
	path    []newtonsoft.Step
	errors  []Error
	found   int // how many there are, with those that are not told
	within  int // how many errors this is to be a cause of
	causes  int // that are told
	// active are the schemas that are being held against values, the outermost first.
	active []frame
}

// frame is a schema that is held against a value.
type frame struct {
	schema *Schema
	value  *node
	// seen is which members or items have been evaluated, for unevaluatedProperties and
	// unevaluatedItems. It is nil where none has.
	seen []bool
}

// fail notes an error at a place.
func (r *run) fail(at place, causes []Error, format string, args ...any) {
	r.found++
	if len(r.errors) >= MaxErrors {
		return
	}
	if r.within > 0 {
		if r.causes++; r.causes > maxCauses {
			return
		}
	}
	r.errors = append(r.errors, Error{
		Message: fmt.Sprintf(format, args...), Line: at.line, Position: at.position(r.text), Path: newtonsoft.PathText(r.path), Causes: causes,
	})
}

// told is a value as messages tell it.
func told(text string) string {
	if len(text) <= maxTold {
		return text
	}
	n := maxTold
	for n > 0 && !utf8.RuneStart(text[n]) {
		n--
	}
	return text[:n] + "..."
}

// canonical is a value's canonical text, which takes steps, too.
func (r *run) canonical(v *node) string {
	const perStep = 16 // bytes
	text := v.canonical()
	r.steps -= len(text) / perStep
	return text
}

// validate holds a value against a schema, and reports whether it fits.
func (r *run) validate(s *Schema, v *node) bool {
	_, fits := r.look(s, v)
	return fits
}

// look is validate that also tells which members or items were evaluated.
func (r *run) look(s *Schema, v *node) (seen []bool, fits bool) {
	if r.steps--; r.steps < 0 {
		return nil, false
	}
	for i := len(r.active) - 1; i >= 0 && r.active[i].value == v; i-- {
		if r.active[i].schema == s {
			r.fail(v.end, nil, "Conditional schema has a circular dependency and can't be evaluated.")
			return nil, false
		}
	}
	before := r.found
	r.active = append(r.active, frame{schema: s, value: v})
	if s.never {
		r.fail(v.at, nil, "Schema always fails validation.")
	}
	switch v.kind {
	case objectType:
		r.object(s, v)
	case arrayType:
		r.array(s, v)
	default:
		r.scalar(s, v)
	}
	last := len(r.active) - 1
	seen = r.active[last].seen
	r.active = r.active[:last]
	return seen, r.found == before
}

// apart is look whose errors are not those of the value: they are the causes of one.
func (r *run) apart(s *Schema, v *node) (causes []Error, seen []bool, fits bool) {
	errors, found := r.errors, r.found
	r.errors, r.found = nil, 0
	r.within++
	seen, fits = r.look(s, v)
	r.within--
	causes = r.errors
	r.errors, r.found = errors, found
	return causes, seen, fits
}

// see notes that a member or an item of the value has been evaluated.
func (r *run) see(i int) {
	if !r.program.tracks {
		return
	}
	f := &r.active[len(r.active)-1]
	if f.seen == nil {
		f.seen = make([]bool, max(len(f.value.members), len(f.value.items)))
	}
	f.seen[i] = true
}

// seeAll notes what a schema that fits has evaluated.
func (r *run) seeAll(seen []bool) {
	for i, evaluated := range seen {
		if evaluated {
			r.see(i)
		}
	}
}

// unseen reports whether no schema has evaluated a member or an item.
func (r *run) unseen(i int) bool {
	seen := r.active[len(r.active)-1].seen
	return seen == nil || !seen[i]
}

// ofType judges the type; where it is wrong, nothing else is of a scalar.
func (r *run) ofType(s *Schema, v *node, kind typeSet) bool {
	if s.types == 0 || s.types&kind != 0 || kind == integerType && s.types&numberType != 0 {
		return true
	}
	got := kind.String()
	if kind == 0 {
		got = "Undefined"
	}
	r.fail(v.at, nil, "Invalid type. Expected %s but got %s.", s.types, got)
	return false
}

// oneOfValues judges enum and const.
func (r *run) oneOfValues(s *Schema, v *node) {
	if s.enum == nil && s.constant == nil {
		return
	}
	value := r.canonical(v)
	if s.enum != nil && !s.enum[value] {
		r.fail(v.end, nil, "Value %s is not defined in enum.", told(v.text()))
	}
	if s.constant != nil && *s.constant != value {
		r.fail(v.end, nil, "Value %s does not match const.", told(v.text()))
	}
}

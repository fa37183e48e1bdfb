package jsonschema

import (
	"strconv"
	"strings"
)

// combined judges what other schemas say of the same value.
func (r *run) combined(s *Schema, v *node) {
	if s.ref != nil {
		r.referred(s.ref, v)
	}
	if s.dynamic != nil {
		r.referred(r.target(s.dynamic), v)
	}
	if s.allOf != nil {
		r.allOf(s, v)
	}
	if s.anyOf != nil {
		r.anyOf(s, v)
	}
	if s.oneOf != nil {
		r.oneOf(s, v)
	}
	if s.not != nil {
		if _, _, fits := r.apart(s.not, v); fits {
			r.fail(v.end, nil, "JSON is valid against schema from 'not'.")
		}
	}
	if s.condition != nil {
		r.conditional(s, v)
	}
	for _, d := range s.dependentSchemas {
		if v.kind == objectType && r.has(v, d.property) {
			r.all(v, d.schema, "Dependencies for property '"+d.property+"' failed.")
		}
	}
}

// all judges by one schema; message says what does not fit then.
func (r *run) all(v *node, s *Schema, message string) {
	causes, seen, fits := r.apart(s, v)
	if !fits {
		r.fail(v.end, causes, "%s", message)
		return
	}
	r.seeAll(seen)
}

// referred judges by a schema that stands elsewhere. Where nothing stands beside the
// reference, that schema stands in its place, and what does not fit is told as it is.
func (r *run) referred(s *Schema, v *node) {
	if at := r.active[len(r.active)-1].schema; at.bare {
		seen, fits := r.look(s, v)
		if fits {
			r.seeAll(seen)
		}
		return
	}
	r.all(v, s, "JSON does not match schema from '$ref'.")
}

// target is where a dynamic reference leads: to the anchor of the outermost resource that
// has one.
func (r *run) target(ref *dynamicRef) *Schema {
	for i := range r.active {
		if s := ref.targets[r.active[i].schema.resource]; s != nil {
			return s
		}
	}
	return ref.initial
}

func (r *run) allOf(s *Schema, v *node) {
	var causes []Error
	var wrong []string
	for i, child := range s.allOf {
		found, seen, fits := r.apart(child, v)
		if !fits {
			causes, wrong = append(causes, found...), append(wrong, strconv.Itoa(i))
			continue
		}
		r.seeAll(seen)
	}
	if wrong != nil {
		r.fail(v.end, causes, "JSON does not match all schemas from 'allOf'. Invalid schema indexes: %s.", strings.Join(wrong, ", "))
	}
}

func (r *run) anyOf(s *Schema, v *node) {
	var causes []Error
	any := false
	for _, child := range s.anyOf {
		found, seen, fits := r.apart(child, v)
		if !fits {
			causes = append(causes, found...)
			continue
		}
		any = true
		r.seeAll(seen)
		if !r.program.tracks {
			return
		}
	}
	if !any {
		r.fail(v.end, causes, "JSON does not match any schemas from 'anyOf'.")
	}
}

func (r *run) oneOf(s *Schema, v *node) {
	var causes []Error
	var valid []string
	var evaluated []bool
	for i, child := range s.oneOf {
		found, seen, fits := r.apart(child, v)
		if !fits {
			causes = append(causes, found...)
			continue
		}
		valid, evaluated = append(valid, strconv.Itoa(i)), seen
	}
	switch len(valid) {
	case 1:
		r.seeAll(evaluated)
	case 0:
		r.fail(v.end, causes, "JSON is valid against no schemas from 'oneOf'.")
	default:
		r.fail(v.end, causes, "JSON is valid against more than one schema from 'oneOf'. Valid schema indexes: %s.", strings.Join(valid, ", "))
	}
}

func (r *run) conditional(s *Schema, v *node) {
	_, seen, fits := r.apart(s.condition, v)
	if fits {
		r.seeAll(seen)
		if s.then != nil {
			r.all(v, s.then, "JSON does not match schema from 'then'.")
		}
	} else if s.otherwise != nil {
		r.all(v, s.otherwise, "JSON does not match schema from 'else'.")
	}
}

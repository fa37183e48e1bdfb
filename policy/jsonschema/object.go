package jsonschema

import (
	"slices"
	"strings"

	"github.com/apimulator/apimulator/policy/expr/newtonsoft"
)

// fold is the name of a property as it is compared.
func (p *program) fold(name string) string {
	if p.IgnoreCase {
		return strings.ToUpper(name)
	}
	return name
}

// object judges an object: its members in their order, then what is asked of the whole.
func (r *run) object(s *Schema, v *node) {
	r.ofType(s, v, objectType)
	for i := range v.members {
		r.member(s, v, i)
	}
	r.oneOfValues(s, v)
	r.combined(s, v)
	r.required(s, v)
	if n := len(v.members); s.maxProperties != nil && n > *s.maxProperties {
		r.fail(v.end, nil, "Object property count %d exceeds maximum count of %d.", n, *s.maxProperties)
	}
	if n := len(v.members); s.minProperties != nil && n < *s.minProperties {
		r.fail(v.end, nil, "Object property count %d is less than minimum count of %d.", n, *s.minProperties)
	}
	r.dependentRequired(s, v)
	if s.unevaluatedProps != nil {
		r.unevaluatedMembers(s, v)
	}
}

// member judges the name and the value of a member.
func (r *run) member(s *Schema, v *node, i int) {
	m := &v.members[i]
	if s.propertyNames != nil {
		r.validate(s.propertyNames, &node{kind: stringType, value: m.name, at: m.at, end: m.at})
	}
	r.into(m.name)
	defer r.out()
	matched := false
	if child := s.properties[r.program.fold(m.name)]; child != nil {
		r.validate(child, m.value)
		matched = true
	}
	for _, p := range s.patternProperties {
		if p.pattern.matches(m.name) {
			r.validate(p.schema, m.value)
			matched = true
		}
	}
	if !matched && s.additionalProperties != nil {
		if s.additionalProperties.never {
			r.fail(m.at, nil, "Property '%s' has not been defined and the schema does not allow additional properties.", m.name)
		} else {
			r.validate(s.additionalProperties, m.value)
		}
		matched = true
	}
	if matched {
		r.see(i)
	}
}

// has reports whether an object has a property.
func (r *run) has(v *node, name string) bool {
	name = r.program.fold(name)
	return slices.ContainsFunc(v.members, func(m member) bool { return r.program.fold(m.name) == name })
}

// missing are the names of those properties that an object lacks.
func (r *run) missing(v *node, names []string) string {
	var missing []string
	for _, name := range names {
		if !r.has(v, name) {
			missing = append(missing, name)
		}
	}
	return strings.Join(missing, ", ")
}

func (r *run) required(s *Schema, v *node) {
	if missing := r.missing(v, s.required); missing != "" {
		r.fail(v.end, nil, "Required properties are missing from object: %s.", missing)
	}
}

func (r *run) dependentRequired(s *Schema, v *node) {
	for _, d := range s.dependentRequired {
		if !r.has(v, d.property) {
			continue
		}
		if missing := r.missing(v, d.required); missing != "" {
			r.fail(v.end, nil, "Dependencies for property '%s' failed. Missing required keys: %s.", d.property, missing)
		}
	}
}

// unevaluatedMembers judges the members that no schema beside has evaluated.
func (r *run) unevaluatedMembers(s *Schema, v *node) {
	for i := range v.members {
		if !r.unseen(i) {
			continue
		}
		m := &v.members[i]
		r.into(m.name)
		causes, _, fits := r.apart(s.unevaluatedProps, m.value)
		r.out()
		if !fits {
			if s.unevaluatedProps.never {
				causes = nil
			}
			r.fail(v.end, causes, "Property '%s' has not been successfully evaluated and the schema does not allow unevaluated properties.", m.name)
		}
		r.see(i)
	}
}

// into goes to a member, for the path of errors; out goes back.
func (r *run) into(name string) { r.path = append(r.path, newtonsoft.Step{Name: name, Index: -1}) }

// intoItem goes to an item.
func (r *run) intoItem(i int) { r.path = append(r.path, newtonsoft.Step{Index: i}) }

func (r *run) out() { r.path = r.path[:len(r.path)-1] }

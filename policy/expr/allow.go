package expr

import (
	"slices"
	"strings"

	"github.com/apimulator/apimulator/policy/expr/syntax"
)

// API Management runs what its list of types and members allows, and refuses the
// rest when a policy is saved. A member is judged by the type that declares it.

// checkAllowed reports what the expression uses beyond the list.
func (e *Expression) checkAllowed(b *binder) {
	told := make(map[syntax.Span]bool)
	for _, w := range b.written {
		if !w.def.allowed() && !told[w.at] {
			told[w.at] = true
			b.report(w.at, "", "Usage of type '%s' is not supported within expressions%s", w.def.Name, didYouMean(nearestAllowed(w.def)))
		}
	}
	v := &visitor{expr: func(x bound) {
		for _, m := range membersUsed(x) {
			at, ok := placeOf(x)
			if !ok || told[at] || m.allowed() {
				continue
			}
			told[at] = true
			if m.Of.allowed() {
				b.report(at, "", "Usage of member '%s' of type '%s' is not supported within expressions%s", m.plainName(), m.Of.Name, m.alternatives())
			} else {
				b.report(at, "", "Usage of type '%s' is not supported within expressions%s", m.Of.Name, didYouMean(nearestAllowed(m.Of)))
			}
		}
	}}
	if e.expr != nil {
		v.visit(e.expr)
	} else {
		v.stmt(e.block)
	}
}

// writtenType is a type that the text names.
type writtenType struct {
	def *Def
	at  syntax.Span
}

func placeOf(x bound) (syntax.Span, bool) {
	if x.source() == nil {
		return syntax.Span{}, false
	}
	return x.source().Span(), true
}

// membersUsed are the members of the table that a node itself uses by name.
func membersUsed(x bound) []*Member {
	switch x := x.(type) {
	case *boundCall:
		return []*Member{x.method.Member}
	case *boundDelegate:
		if call, ok := x.call.(*boundCall); ok {
			return []*Member{call.method.Member}
		}
	}
	return nil
}

func (d *Def) allowed() bool {
	return allowedNamed(d.Name) != nil || d.Kind == Delegate || d.namespace() == "" || implied[d.Name]
}

func (m *Member) allowed() bool {
	if a := allowedNamed(m.Of.Name); a != nil {
		return a.allows(m.Name)
	}
	return m.Of.allowed()
}

// plainName is the member's name as a person writes it.
func (m *Member) plainName() string {
	switch m.Name {
	case "new":
		return "(Constructor)"
	case "this":
		return "Item"
	}
	return m.Name
}

// alternatives are the members of the type that may be used instead: one of a
// name nearly the same, or all where they are few.
func (m *Member) alternatives() string {
	var names []string
	if a := allowedNamed(m.Of.Name); a != nil {
		names = slices.Clone(a.only)
	}
	if near := nearest(m.Name, names); near != "" {
		return didYouMean(near)
	}
	// The longest common beginning: ParseExact and Parse.
	for _, n := range names {
		if strings.HasPrefix(m.Name, n) || strings.HasSuffix(m.Name, n) {
			return didYouMean(n)
		}
	}
	if len(names) == 0 || len(names) > 12 {
		return ""
	}
	return ": allowed are " + strings.Join(names, ", ")
}

// nearestAllowed is the listed type whose name is nearest, "" if none is near.
func nearestAllowed(d *Def) string {
	simple := make(map[string]string)
	var names []string
	for _, a := range allowedTypes {
		_, name := splitName(a.name)
		simple[name] = a.name
		names = append(names, name)
	}
	if base, _ := d.parents(); base != nil && base.def != nil && base.def.allowed() && base != basic.object {
		return base.def.Name // System.Exception for the exceptions
	}
	return simple[nearest(d.Name[strings.LastIndexByte(d.Name, '.')+1:], names)]
}

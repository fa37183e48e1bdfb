package lint

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/apimulator/apimulator/policy"
	"github.com/apimulator/apimulator/policy/expr"
)

// readVariables judges the variables that an expression reads.
func (f *flow) readVariables(e expression, s *state) {
	told := make(map[string]bool)
	for _, u := range e.uses.Variables {
		if u.Test || told[u.Name] {
			continue
		}
		known := s.set[u.Name]
		switch {
		case len(known) == 0 && !u.Guarded && !s.asked[u.Name]:
			told[u.Name] = f.unset(u.Name, u.Optional, s, func(severity Severity, message string) {
				f.o.inside(severity, ruleVariableUnset, e.value, u.Span.Start, u.Span.End, "%s", message)
			})
		case len(known) > 0 && u.Wanted != nil:
			told[u.Name] = f.wrongType(e, u, known)
		}
	}
}

// readByName judges a variable that is read without an expression.
func (f *flow) readByName(n *policy.Node, name string, s *state) {
	if len(s.set[name]) == 0 && !s.asked[name] {
		f.unset(name, true, s, func(severity Severity, message string) { f.o.at(severity, ruleVariableUnset, n, nil, "%s", message) })
	}
}

// unset reports a variable that is set on no way to where it is read, as far as
// that is known.
func (f *flow) unset(name string, optional bool, s *state, report func(Severity, string)) bool {
	if f.around != nil {
		if f.around.sets[name] || f.around.setsOthers || f.own.setsOthers {
			return false
		}
	}
	later := f.own.sets[name]
	near := ""
	if !later {
		near = nearName(name, slices.Sorted(maps.Keys(s.set)))
	}
	open := s.open || f.o.section != ""
	severity, message := Error, fmt.Sprintf("the variable '%s' is read, but no statement before this sets it", name)
	switch {
	case open && near == "" && !later:
		return false // a wider scope or a fragment may set it
	case open, optional:
		severity = Warning
	}
	switch {
	case later:
		message = fmt.Sprintf("the variable '%s' is read here, but set only after this", name)
		severity = min(severity, Warning)
	case near != "":
		message += fmt.Sprintf(" (did you mean %q?)", near)
	}
	report(severity, message)
	return true
}

// nearName is the name that was probably meant: one that differs in a letter or two.
func nearName(name string, candidates []string) string {
	best, distance := "", 3
	for _, c := range candidates {
		if d := differ(strings.ToLower(name), strings.ToLower(c)); d < distance && len(name) > 2*d+2 {
			best, distance = c, d
		}
	}
	return best
}

// differ counts the letters to add, drop or change; 3 stands for more.
func differ(a, b string) int {
	if len(a) > len(b)+2 || len(b) > len(a)+2 {
		return 3
	}
	last := make([]int, len(b)+1)
	for j := range last {
		last[j] = j
	}
	for i := range len(a) {
		row := make([]int, len(b)+1)
		row[0] = i + 1
		for j := range len(b) {
			cost := 1
			if a[i] == b[j] {
				cost = 0
			}
			row[j+1] = min(last[j+1]+1, row[j]+1, last[j]+cost)
		}
		last = row
	}
	if digits(a) != digits(b) {
		return 3 // url1 and url2 are two names
	}
	return min(last[len(b)], 3)
}

func digits(s string) string {
	return strings.Map(func(r rune) rune {
		if r < '0' || r > '9' {
			return -1
		}
		return r
	}, s)
}

// wrongType reports a cast that no value which the variable may have survives.
func (f *flow) wrongType(e expression, u expr.VariableUse, known []set) bool {
	for _, one := range known {
		if one.typ == nil || u.Wanted.MayHold(one.typ) {
			return false
		}
	}
	if f.around != nil && f.around.sets[u.Name] {
		return false
	}
	one := known[len(known)-1]
	line, _ := one.node.Position()
	severity, what := Error, "cast to"
	if u.Optional {
		severity, what = Warning, "asked for as"
	}
	f.o.inside(severity, ruleVariableType, e.value, u.Span.Start, u.Span.End, "the variable '%s' is %s %s, but line %d sets it to %s", u.Name, what, short(u.Wanted), line, short(one.typ))
	return true
}

// short is a type's name as C# writes it.
func short(t *expr.Type) string {
	name := t.String()
	if keyword, ok := keywords[name]; ok {
		return keyword
	}
	return name[strings.LastIndexByte(name, '.')+1:]
}

var keywords = map[string]string{"System.String": "string", "System.Int32": "int", "System.Int64": "long", "System.Boolean": "bool", "System.Double": "double",
	"System.Decimal": "decimal", "System.Object": "object"}

// unused finds variables that nobody reads.
func (f *flow) unused() {
	if f.own.readsOthers || f.o.section != "" {
		return
	}
	severity := Warning
	if f.around == nil && f.reachesOthers() {
		severity = Note // who is not known may read it
	}
	if f.around != nil && f.around.readsOthers {
		return
	}
	told := make(map[string]bool)
	for _, st := range f.all {
		if st.node.Name != "set-variable" || st.node.Document() != f.o.document {
			continue
		}
		name, ok := literal(st.node, "name")
		if !ok || f.own.reads[name] || told[name] || f.around != nil && f.around.reads[name] {
			continue
		}
		told[name] = true
		f.o.at(severity, ruleVariableUnused, st.node, st.node.Attr("name"), "the variable '%s' is set, but nothing reads it", name)
	}
}

// reachesOthers reports whether documents that are not at hand run as well.
func (f *flow) reachesOthers() bool {
	return f.own.setsOthers || slices.ContainsFunc(f.all, func(st *statement) bool { return st.node.Name == "base" })
}

package expr

import (
	"slices"
	"strings"
)

// method is a member of a type whose type arguments are known.
type method struct {
	*Member
	of *Type // the type that declares it; nil of a local function
}

// substOf gives the declaring type's type arguments.
func (m method) substOf() map[*Type]*Type {
	if m.of == nil {
		return nil
	}
	if m.of.kind == Nullable {
		return map[*Type]*Type{m.Of.params[0]: m.of.elem}
	}
	return m.of.subst
}

// paramType is the type of parameter i.
func (m method) paramType(i int) *Type { return m.Params[i].Type.substitute(m.substOf()) }

// result is the type that a call has.
func (m method) result() *Type { return m.Result.substitute(m.substOf()) }

// call runs the implementation. Types are the type arguments where the member is
// generic.
func (m *Member) call(machine *Machine, types []*Type, args []any) (any, error) {
	if m.generic != nil {
		return m.generic(machine, types, args)
	}
	return m.get(machine, args)
}

// definition is what declares t's members; nil where nothing does.
func (t *Type) definition() *Def {
	if t.kind == Nullable {
		return table().lookup("System.Nullable", 1)
	}
	return t.def
}

// levels are the types that members of t are looked up in, the nearest first.
func (t *Type) levels() []*Type {
	var levels []*Type
	if t.kind == Interface || t.kind == TypeParam {
		levels = append(levels, t.allInterfaces()...)
		if t.kind == Interface {
			return append(levels, basic.object)
		}
		t = t.baseType()
	}
	for ; t != nil; t = t.baseType() {
		levels = append(levels, t)
	}
	return levels
}

// membersOf are t's members of that name: methods of all levels, or the nearest
// property, field or indexers. What a nearer level redefines is left out.
func membersOf(t *Type, name string) []method {
	var found []method
	if t.kind == Tuple && name == "CompareTo" {
		return membersOf(typeOf("System.IComparable", t), name)
	}
	for _, level := range t.levels() {
		d := level.definition()
		if d == nil {
			continue
		}
		for _, m := range d.MembersNamed(name) {
			if len(found) > 0 && found[0].Kind != m.Kind {
				continue
			}
			candidate := method{m, level}
			if !slices.ContainsFunc(found, func(f method) bool { return f.of != level && sameParams(f, candidate) }) {
				found = append(found, candidate)
			}
		}
		if len(found) > 0 && found[0].Kind != Method && found[0].Kind != Indexer {
			break
		}
	}
	return found
}

// sameParams reports whether two members take the same parameters, so that the
// nearer one hides or overrides the other.
func sameParams(a, b method) bool {
	if len(a.Params) != len(b.Params) || len(a.TypeParams) != len(b.TypeParams) {
		return false
	}
	var params map[*Type]*Type
	if len(a.TypeParams) > 0 {
		params = make(map[*Type]*Type)
		for i, p := range b.TypeParams {
			params[p] = a.TypeParams[i]
		}
	}
	for i := range a.Params {
		if a.Params[i].ByRef != b.Params[i].ByRef || !identical(a.paramType(i), b.paramType(i).substitute(params)) {
			return false
		}
	}
	return true
}

// enumValue is the member of that name of an enum.
func (d *Def) enumValue(name string) (int64, bool) {
	for _, v := range d.Values {
		if v.Name == name {
			return v.Value, true
		}
	}
	return 0, false
}

// memberNames are the names of all members that t offers.
func memberNames(t *Type) []string {
	var names []string
	for _, level := range t.levels() {
		d := level.definition()
		if d == nil {
			continue
		}
		for _, name := range d.MemberNames() {
			if name != "new" && name != "this" && name != "implicit" && name != "explicit" && !strings.HasPrefix(name, "operator ") {
				names = append(names, name)
			}
		}
		for _, v := range d.Values {
			names = append(names, v.Name)
		}
	}
	return names
}

// imported are the namespaces whose types an expression names without them.
var imported = map[string]bool{
	"": true, "System": true, "System.Collections.Generic": true, "System.Globalization": true, "System.Linq": true, "System.Net": true,
	"System.Security.Cryptography": true, "System.Security.Cryptography.X509Certificates": true, "System.Text": true,
	"System.Text.RegularExpressions": true, "System.Xml": true, "System.Xml.Linq": true, "Newtonsoft.Json": true, "Newtonsoft.Json.Linq": true,
}

// imported reports whether the type goes by its simple name: its namespace is
// imported, or it is one that APIM allows, as samples write them all.
func (d *Def) imported() bool {
	return allowedNamed(d.Name) != nil || imported[d.namespace()]
}

// inScope are the types of that simple name in the imported namespaces.
func (l *library) inScope(name string, arity int) []*Def {
	if name == "Formatting" {
		name = "Newtonsoft.Json.Formatting" // an alias: System.Xml has one, too
	}
	if d := l.def(name, arity); d != nil && (d.imported() || strings.Contains(name, ".")) {
		return []*Def{d}
	}
	var found []*Def
	for declared := l.simple[name]; declared != nil; declared = declared.next {
		if declared.name.arity != arity {
			continue
		}
		if d := l.made(declared); d.imported() {
			found = append(found, d)
		}
	}
	return found
}

// namespace is what stands before a type's simple name; of a nested type the
// type that it is nested in.
func (d *Def) namespace() string {
	namespace, _ := splitName(d.Name)
	return namespace
}

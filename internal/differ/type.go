package differ

import "strings"

// typ is a C# type of the grammar, or one of its nonterminals: a name and the
// arguments. "[]", "?" and "()" are the names of arrays, nullables and tuples. A
// single capital letter is a variable; P stands for basic types only.
type typ struct {
	name string
	args []typ
}

func (t typ) variable() bool {
	return len(t.name) == 1 && t.name[0] >= 'A' && t.name[0] <= 'Z'
}

// String is the type as C# writes it.
func (t typ) String() string {
	args := make([]string, len(t.args))
	for i, a := range t.args {
		args[i] = a.String()
	}
	switch {
	case t.name == "[]" || t.name == "?":
		return args[0] + t.name
	case t.name == "()":
		return "(" + strings.Join(args, ", ") + ")"
	case len(args) == 0:
		return t.name
	}
	return t.name + "<" + strings.Join(args, ", ") + ">"
}

// parseType reads a type from the beginning of s and gives what follows it.
func parseType(s string) (t typ, rest string) {
	if strings.HasPrefix(s, "(") {
		t.name = "()"
		t.args, s = parseTypes(s[1:], ')')
	} else {
		end := strings.IndexAny(s, "<>[]?(), ")
		if end < 0 {
			end = len(s)
		}
		t.name, s = s[:end], s[end:]
		if strings.HasPrefix(s, "<") {
			t.args, s = parseTypes(s[1:], '>')
		}
	}
	for {
		switch {
		case strings.HasPrefix(s, "[]"):
			t, s = typ{"[]", []typ{t}}, s[2:]
		case strings.HasPrefix(s, "?"):
			t, s = typ{"?", []typ{t}}, s[1:]
		default:
			return t, s
		}
	}
}

func parseTypes(s string, end byte) (types []typ, rest string) {
	for s != "" {
		var t typ
		t, s = parseType(strings.TrimLeft(s, ", "))
		types = append(types, t)
		if s != "" && s[0] == end {
			return types, s[1:]
		}
	}
	return types, s
}

// bindings are the types that stand for the variables of a rule.
type bindings map[string]typ

// unify says whether t is of the form of pattern, and binds its variables.
func (b bindings) unify(pattern, t typ) bool {
	if pattern.variable() {
		if pattern.name == "P" && !isBasic(t) {
			return false
		}
		if bound, ok := b[pattern.name]; ok {
			return bound.String() == t.String()
		}
		b[pattern.name] = t
		return true
	}
	if pattern.name != t.name || len(pattern.args) != len(t.args) {
		return false
	}
	for i := range pattern.args {
		if !b.unify(pattern.args[i], t.args[i]) {
			return false
		}
	}
	return true
}

// apply replaces the variables of t; one that has no type yet gets one of pick.
func (b bindings) apply(t typ, pick func() typ) typ {
	if t.variable() {
		if _, ok := b[t.name]; !ok {
			b[t.name] = pick()
		}
		return b[t.name]
	}
	if len(t.args) == 0 {
		return t
	}
	args := make([]typ, len(t.args))
	for i, a := range t.args {
		args[i] = b.apply(a, pick)
	}
	return typ{t.name, args}
}

// basic are the types that a token of JSON or an attribute of XML converts to.
var basic = types("int", "string", "double", "bool", "char", "long", "decimal", "DateTime", "byte", "int?", "DateTime?")

func isBasic(t typ) bool {
	for _, b := range basic {
		if b.String() == t.String() {
			return true
		}
	}
	return false
}

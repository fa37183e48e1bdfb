package expr

import (
	"slices"
	"strings"
)

// displays are C#'s keywords for types, by full name.
var displays = func() map[string]string {
	m := make(map[string]string, len(keywords))
	for keyword, full := range keywords {
		m[full] = keyword
	}
	return m
}()

// CSharp is the type as a person writes it in C#, such as List<string> or int?.
func (t *Type) CSharp() string { return t.display() }

// display is the type as a person writes it in C#: List<string>, int?, (int a,
// string b).
func (t *Type) display() string {
	switch t.kind {
	case Array:
		// int[][,] is an array of int[,], whose brackets are written first.
		brackets := ""
		for t.kind == Array {
			brackets += "[" + strings.Repeat(",", t.rank-1) + "]"
			t = t.elem
		}
		return t.display() + brackets
	case Nullable:
		return t.elem.display() + "?"
	case TypeParam:
		return t.name
	case Tuple:
		return "(" + t.displayMembers() + ")"
	case Anonymous:
		return "<anonymous type: " + t.displayMembers() + ">"
	case Null:
		return "<null>"
	case invalid:
		return "?"
	}
	if keyword, ok := displays[t.full]; ok {
		return keyword
	}
	name := t.def.Name[strings.LastIndexByte(t.def.Name, '.')+1:]
	if len(t.args) == 0 {
		return name
	}
	return name + "<" + displayTypes(t.args) + ">"
}

func (t *Type) displayMembers() string {
	members := make([]string, len(t.args))
	for i, a := range t.args {
		members[i] = a.display()
		if t.meta != nil && t.meta[i] != "" {
			members[i] += " " + t.meta[i]
		}
	}
	return strings.Join(members, ", ")
}

func displayTypes(types []*Type) string {
	names := make([]string, len(types))
	for i, t := range types {
		names[i] = t.display()
	}
	return strings.Join(names, ", ")
}

// display is a method as a message names it: string.Join(string, params
// object[]).
func (m method) display() string {
	params := make([]string, len(m.Params))
	for i := range m.Params {
		params[i] = m.paramType(i).display()
		switch p := &m.Params[i]; {
		case p.Params:
			params[i] = "params " + params[i]
		case p.Out:
			params[i] = "out " + params[i]
		case p.ByRef:
			params[i] = "ref " + params[i]
		}
	}
	name := m.Name
	switch {
	case m.Kind == Constructor:
		return m.of.display() + "(" + strings.Join(params, ", ") + ")"
	case m.Kind == Indexer:
		return m.of.display() + ".this[" + strings.Join(params, ", ") + "]"
	case m.of != nil:
		name = m.of.display() + "." + name
	}
	if len(m.TypeParams) > 0 {
		name += "<" + displayTypes(m.TypeParams) + ">"
	}
	if m.Kind == Property || m.Kind == Constant {
		return name
	}
	return name + "(" + strings.Join(params, ", ") + ")"
}

// nearest is the name among candidates that a person may have meant by name, ""
// if none is near.
func nearest(name string, candidates []string) string {
	best, distance := "", len(name)/3+1
	slices.Sort(candidates)
	for _, c := range candidates {
		if strings.EqualFold(c, name) {
			return c
		}
		if d := editDistance(strings.ToLower(name), strings.ToLower(c), distance); d < distance {
			best, distance = c, d
		}
	}
	return best
}

// editDistance is how many insertions, deletions and changes lead from a to b;
// limit where it is that or more.
func editDistance(a, b string, limit int) int {
	if d := len(a) - len(b); d >= limit || -d >= limit {
		return limit
	}
	row := make([]int, len(b)+1)
	for j := range row {
		row[j] = j
	}
	for i := range len(a) {
		diagonal := row[0]
		row[0] = i + 1
		for j := range len(b) {
			change := diagonal
			if a[i] != b[j] {
				change++
			}
			diagonal = row[j+1]
			row[j+1] = min(change, row[j]+1, diagonal+1)
		}
	}
	return min(row[len(b)], limit)
}

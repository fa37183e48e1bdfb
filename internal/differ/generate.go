package differ

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
)

// generator writes expressions by the grammar.
type generator struct {
	g      *grammar
	rand   *rand.Rand
	scope  []local
	names  int
	holes  int // so far
	lie    int // the hole that gets a wrong type, 0 is none
	topics map[string]bool
}

type local struct {
	name   string
	typ    typ
	assign bool
	depth  int  // of brackets in its template
	closed bool // its scope ends with the bracket
}

// dead is thrown where a rule needs a variable that is not there.
type dead struct{}

func newGenerator(g *grammar, seed uint64) *generator {
	return &generator{g: g, rand: rand.New(rand.NewPCG(seed, 1)), topics: make(map[string]bool)}
}

// common are the types for a type variable of a rule: all can be compared,
// ordered and formatted.
var common = types("int", "int", "string", "string", "string", "double", "bool", "char", "long", "decimal", "DateTime")

// results are the types that an expression may have as a whole.
var results = types("int", "int", "string", "string", "string", "string", "double", "bool", "bool", "char", "long", "decimal", "byte", "sbyte", "short",
	"ushort", "uint", "ulong", "float", "DateTime", "TimeSpan", "DateTimeOffset", "Guid", "int?", "double?", "DateTime?", "bool?", "long?", "object", "object",
	"List<int>", "List<string>", "string[]", "int[]", "byte[]", "Dictionary<string, int>", "Dictionary<string, string>", "HashSet<int>", "Queue<int>",
	"IEnumerable<int>", "IEnumerable<string>", "IEnumerable<double>", "JToken", "JObject", "JArray", "XElement", "(int, string)", "any")

// objects are the types of what stands where any object may: lazy sequences are
// left out, since ToString names a private class.
var objects = types("int", "string", "string", "double", "bool", "char", "long", "decimal", "byte", "DateTime", "TimeSpan", "Guid", "int?", "float", "object",
	"List<int>", "string[]", "Dictionary<string, int>", "JToken", "JObject", "(int, string)", "uint", "short", "double?")

func types(names ...string) []typ {
	ts := make([]typ, len(names))
	for i, n := range names {
		ts[i], _ = parseType(n)
	}
	return ts
}

func (g *generator) one(ts []typ) typ { return ts[g.rand.IntN(len(ts))] }

// converts are the types that convert implicitly to another one.
var converts = map[string][]typ{
	"double":  types("double", "int", "long", "float", "char", "byte", "uint"),
	"float":   types("float", "int", "short", "long", "char"),
	"decimal": types("decimal", "int", "long", "char", "byte"),
	"long":    types("long", "int", "short", "char", "uint", "byte"),
	"ulong":   types("ulong", "uint", "ushort", "byte", "char"),
	"int":     types("int", "short", "byte", "char", "sbyte", "ushort"),
	"object":  objects,
}

func (g *generator) convertibleTo(t typ) typ {
	if from := converts[t.String()]; from != nil {
		return g.one(from)
	}
	switch {
	case t.name == "IEnumerable":
		switch g.rand.IntN(3) {
		case 0:
			return typ{"List", t.args}
		case 1:
			return typ{"[]", t.args}
		}
	case t.name == "?" && g.rand.IntN(2) == 0:
		return t.args[0]
	}
	return t
}

// whole writes an expression with its @( ) or a block with its @{ }.
func (g *generator) whole(t typ, depth int) (text string, ok bool) {
	defer func() {
		if _, isDead := recover().(dead); isDead {
			ok = false
		}
	}()
	g.scope, g.names, g.holes = g.scope[:0], 0, 0
	clear(g.topics)
	if t.name == "body" || t.name == "wrongbody" {
		return "@{ " + g.make(t, depth) + " }", true
	}
	return "@(" + g.make(t, depth) + ")", true
}

// make writes an expression of a type.
func (g *generator) make(t typ, depth int) string {
	var mine []local
	for _, l := range g.scope {
		if l.typ.String() == t.String() {
			mine = append(mine, l)
		}
	}
	if len(mine) > 0 && (depth <= 0 || g.rand.IntN(5) < 2) {
		return mine[g.rand.IntN(len(mine))].name
	}
	for d := max(depth, 0); d < 12; d++ {
		if !g.g.can(t, d) {
			continue
		}
		fitting := g.fitting(t, d)
		// Leaves are many; while there is room, rather nest.
		m := fitting[g.rand.IntN(len(fitting))]
		for try := 0; try < 3 && d > 1 && !m.rule.nests(); try++ {
			m = fitting[g.rand.IntN(len(fitting))]
		}
		return g.write(m, d)
	}
	panic(fmt.Sprintf("the grammar has no way to make %s", t))
}

// fitting are the rules for a type and depth: mostly those of that type, else
// those of any type would drown them.
func (g *generator) fitting(t typ, depth int) []match {
	var special, general []match
	for _, m := range g.g.matching(t) {
		switch {
		case !g.g.canRule(m, depth):
		case m.rule.result.variable():
			general = append(general, m)
		default:
			special = append(special, m)
		}
	}
	if len(special) == 0 || len(general) > 0 && depth > 0 && g.rand.IntN(4) == 0 {
		return general
	}
	return special
}

func (r *rule) nests() bool {
	for _, p := range r.parts {
		if p.kind == expression || p.kind == convertible {
			return true
		}
	}
	return false
}

func (g *generator) write(m match, depth int) string {
	bound := make(bindings)
	for k, v := range m.bound {
		bound[k] = v
	}
	g.topics[m.rule.topic] = true
	w := template{g: g, start: len(g.scope)}
	var exported []local
	named := make(map[string]string)
	var out strings.Builder
	for _, p := range m.rule.parts {
		t := p.typ
		if t.name != "" {
			t = bound.apply(t, func() typ { return g.one(common) })
		}
		switch p.kind {
		case literal:
			out.WriteString(p.text)
			w.pass(p.text)
		case choice:
			out.WriteString(p.any[g.rand.IntN(len(p.any))])
		case typeName:
			out.WriteString(t.String())
		case reference:
			out.WriteString(named[p.text])
		case assignable:
			out.WriteString(g.target(t))
		case newVariable, newAssignable:
			g.names++
			l := local{name: fmt.Sprintf("%s%d", p.text, g.names), typ: t, assign: p.kind == newAssignable}
			named[p.text] = l.name
			if l.assign {
				exported = append(exported, l)
			} else {
				w.waiting = append(w.waiting, l)
			}
			out.WriteString(l.name)
		default:
			out.WriteString(g.fill(p, t, depth-1))
		}
	}
	g.scope = g.scope[:w.start]
	if m.rule.result.name == "stmt" {
		g.scope = append(g.scope, exported...)
	}
	return out.String()
}

// template is how far the scopes of the variables of a template are.
type template struct {
	g       *generator
	start   int // of its variables in the scope
	waiting []local
	depth   int // of brackets
}

// pass goes over literal text: scopes end in it and begin.
func (w *template) pass(text string) {
	for i, c := range text {
		switch {
		case strings.HasPrefix(text[i:], " into "):
			w.g.scope = w.g.scope[:w.start]
		case strings.ContainsRune("([{", c):
			w.depth++
		case strings.ContainsRune(")]}", c):
			w.depth--
			w.end(func(l local) bool { return l.closed && l.depth > w.depth })
		case c == ',' || c == ';':
			w.end(func(l local) bool { return l.closed && l.depth == w.depth })
		}
	}
	if !scopeBegins.MatchString(text) {
		return
	}
	for _, l := range w.waiting {
		l.depth, l.closed = w.depth, closed.MatchString(text)
		w.g.scope = append(w.g.scope, l)
	}
	w.waiting = nil
}

func (w *template) end(over func(local) bool) {
	mine := slices.DeleteFunc(slices.Clone(w.g.scope[w.start:]), over)
	w.g.scope = append(w.g.scope[:w.start], mine...)
}

func (g *generator) fill(p part, t typ, depth int) string {
	if p.kind == convertible {
		t = g.convertibleTo(t)
	}
	if !nonterminal(t.name) {
		g.holes++
		if g.holes == g.lie {
			t = g.one(results)
		}
	}
	text := g.make(t, depth)
	if p.wrap && !nonterminal(t.name) && !primary(text) {
		return "(" + text + ")"
	}
	return text
}

func (g *generator) target(t typ) string {
	var mine []string
	for _, l := range g.scope {
		if l.assign && l.typ.String() == t.String() {
			mine = append(mine, l.name)
		}
	}
	if len(mine) == 0 {
		panic(dead{})
	}
	return mine[g.rand.IntN(len(mine))]
}

// primary says that a text needs no parentheses before a dot or beside an
// operator. It may say no for some that need none.
func primary(s string) bool {
	depth := 0
	for i := 0; i < len(s); i++ {
		switch c := s[i]; {
		case c == '"' || c == '\'':
			if i > 0 && s[i-1] == '@' || strings.HasPrefix(s, "$") {
				return false // verbatim and interpolated: not worth the scanning
			}
			for i++; i < len(s) && s[i] != c; i++ {
				if s[i] == '\\' {
					i++
				}
			}
		case c == '(' && i == 0:
			return false // may be a cast
		case c == '(' || c == '[':
			depth++
		case c == ')' || c == ']':
			depth--
		case depth == 0 && strings.IndexByte(" +-*/%<>=!&|?:^~", c) >= 0:
			return false
		}
	}
	return true
}

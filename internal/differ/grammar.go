package differ

import (
	"embed"
	"fmt"
	"io/fs"
	"path"
	"regexp"
	"strings"
)

//go:embed grammar/*.txt
var files embed.FS

// rule makes a text of a type. Its template has holes in backquotes:
//
//	`int`      an expression of the type (a nonterminal is a type too)
//	`>double`  one that converts to the type implicitly
//	`+|-|*`    one of these texts
//	`%T`       the name of the type
//	`x:T`      a new variable that nobody assigns, `x!T` one that may be assigned
//	`:x`       the variable x of this template
//	`@T`       some variable of the type that may be assigned
//
// A variable that nobody assigns may be used where the template goes on to its
// scope (see scopeBegins), one that may be assigned in the statements that follow.
type rule struct {
	topic  string
	result typ
	parts  []part
}

type part struct {
	kind partKind
	text string // of literal and the name of a variable
	typ  typ
	any  []string
	wrap bool // an operator stands beside it
}

type partKind uint8

const (
	literal partKind = iota
	choice
	expression
	convertible
	typeName
	newVariable
	newAssignable
	reference
	assignable
)

// scopeBegins is what in a template comes before the scope of a new variable, and
// closed is what of it is over at the closing bracket.
var (
	scopeBegins = regexp.MustCompile(`=>|\{|;|&&|\|\||\?|\b(where|select|orderby|group|let|when)\b`)
	closed      = regexp.MustCompile(`=>|\{`)
)

// grammar is all rules.
type grammar struct {
	rules []*rule
	fits  map[fit]bool
	byTyp map[string][]match
}

// fit is a question: can the type be made with nesting of at most depth?
type fit struct {
	typ   string
	depth int
}

type match struct {
	rule  *rule
	bound bindings
}

// readGrammar reads the rules, one a line: type = template.
func readGrammar() (*grammar, error) {
	g := &grammar{fits: make(map[fit]bool), byTyp: make(map[string][]match)}
	names, err := fs.Glob(files, "grammar/*.txt")
	if err != nil {
		return nil, err
	}
	for _, name := range names {
		data, err := files.ReadFile(name)
		if err != nil {
			return nil, err
		}
		topic := strings.TrimSuffix(path.Base(name), ".txt")
		for i, line := range strings.Split(string(data), "\n") {
			if line == "" || strings.HasPrefix(line, "#") {
				continue
			}
			r, err := parseRule(line)
			if err != nil {
				return nil, fmt.Errorf("%s:%d: %w", name, i+1, err)
			}
			r.topic = topic
			g.rules = append(g.rules, r)
		}
	}
	return g, nil
}

func parseRule(line string) (*rule, error) {
	head, template, ok := strings.Cut(line, " = ")
	if !ok {
		return nil, fmt.Errorf("a rule is type = template, not %q", line)
	}
	r := &rule{}
	var rest string
	if r.result, rest = parseType(head); rest != "" {
		return nil, fmt.Errorf("%q is no type", head)
	}
	pieces := strings.Split(template, "`")
	if len(pieces)%2 == 0 {
		return nil, fmt.Errorf("a backquote is missing in %q", template)
	}
	for i, s := range pieces {
		if i%2 == 0 {
			r.parts = append(r.parts, part{kind: literal, text: s})
			continue
		}
		p := parseHole(s)
		p.wrap = !delimited(pieces[i-1], pieces[i+1], i == 1, i+2 == len(pieces))
		r.parts = append(r.parts, p)
	}
	return r, nil
}

var declaration = regexp.MustCompile(`^([a-zA-Z]\w*)([:!])(.+)$`)

func parseHole(s string) part {
	ofType := func(kind partKind, s string) part {
		t, _ := parseType(s)
		return part{kind: kind, typ: t}
	}
	switch {
	case strings.Contains(s, "|"):
		return part{kind: choice, any: strings.Split(s, "|")}
	case s[0] == ':':
		return part{kind: reference, text: s[1:]}
	case s[0] == '>':
		return ofType(convertible, s[1:])
	case s[0] == '%':
		return ofType(typeName, s[1:])
	case s[0] == '@':
		return ofType(assignable, s[1:])
	}
	if m := declaration.FindStringSubmatch(s); m != nil {
		p := ofType(newVariable, m[3])
		if m[2] == "!" {
			p.kind = newAssignable
		}
		p.text = m[1]
		return p
	}
	return ofType(expression, s)
}

// delimited says whether an expression between the two texts needs no
// parentheses. The first and the last text of a template stand alone if they are
// empty.
func delimited(before, after string, first, last bool) bool {
	before, after = strings.TrimRight(before, " "), strings.TrimLeft(after, " ")
	opens := first && before == "" || strings.HasSuffix(before, "=>") || strings.HasSuffix(before, "return") ||
		strings.HasSuffix(before, " =") || strings.HasSuffix(before, "+=") || before != "" && strings.ContainsAny(before[len(before)-1:], "(,{[;}")
	closes := last && after == "" || after != "" && strings.ContainsAny(after[:1], "),;}]")
	return opens && closes
}

// notTypes are the names of the nonterminals that are no types of C#.
var notTypes = map[string]bool{
	"stmt": true, "stmts": true, "body": true, "loop": true, "intcase": true, "stringcase": true, "jsoncase": true, "intreturn": true, "stringreturn": true,
	"const": true, "text": true, "regex": true, "small": true, "any": true, "void": true, "wrong": true, "wrongbody": true, "Is": true,
}

func nonterminal(name string) bool { return notTypes[name] }

// matching are the rules that make a type.
func (g *grammar) matching(t typ) []match {
	key := t.String()
	if found, ok := g.byTyp[key]; ok {
		return found
	}
	var found []match
	for _, r := range g.rules {
		if r.result.variable() && nonterminal(t.name) {
			continue
		}
		if b := make(bindings); b.unify(r.result, t) {
			found = append(found, match{r, b})
		}
	}
	g.byTyp[key] = found
	return found
}

// can answers a fit.
func (g *grammar) can(t typ, depth int) bool {
	key := fit{t.String(), depth}
	if answer, ok := g.fits[key]; ok {
		return answer
	}
	if depth < 0 {
		return false
	}
	for _, m := range g.matching(t) {
		if g.canRule(m, depth) {
			g.fits[key] = true
			return true
		}
	}
	return false
}

func (g *grammar) canRule(m match, depth int) bool {
	bound := make(bindings)
	for k, v := range m.bound {
		bound[k] = v
	}
	for _, p := range m.rule.parts {
		if p.kind == expression || p.kind == convertible {
			if !g.can(bound.apply(p.typ, func() typ { return typ{name: "int"} }), depth-1) {
				return false
			}
		}
	}
	return true
}

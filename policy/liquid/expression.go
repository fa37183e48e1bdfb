package liquid

import (
	"strings"

	"github.com/apimulator/apimulator/policy/expr/dotnet"
)

// expression is a value in a tag.
type expression interface {
	eval(r *run) (any, error)
}

// constant is a literal.
type constant struct{ value any }

func (c constant) eval(*run) (any, error) { return c.value, nil }

// symbol is empty or blank: what it equals are lists and texts with nothing in
// them. In version 2.0 the two are the same.
type symbol string

// rangeExpression is (from..to).
type rangeExpression struct{ from, to expression }

func (e *rangeExpression) eval(r *run) (any, error) {
	from, err := r.integer(e.from)
	if err != nil {
		return nil, err
	}
	to, err := r.integer(e.to)
	return span{from, to}, err
}

// parseExpression reads a value. Every text is one: what is no literal is a path.
func parseExpression(s string) expression {
	switch s {
	case "", "nil", "null":
		return constant{}
	case "true", "false":
		return constant{s == "true"}
	case "empty", "blank":
		return constant{symbol(s)}
	}
	if c := s[0]; (c == '\'' || c == '"') && len(s) > 1 && s[len(s)-1] == c {
		return constant{s[1 : len(s)-1]}
	}
	switch c := s[0]; {
	case c == '(':
		if m := rangePattern().FindStringSubmatch(s); m != nil {
			return &rangeExpression{parseBound(m[1]), parseBound(m[2])}
		}
	case c == '+' || c == '-' || '0' <= c && c <= '9':
		if v, err, ok := parseNumber(s); ok {
			if err != nil {
				return failing{err}
			}
			return constant{v}
		}
	}
	return parsePath(s)
}

// parseBound reads an end of a range, which is no range.
func parseBound(s string) expression {
	if strings.HasPrefix(s, "(") {
		return failing{notConvertible()}
	}
	return parseExpression(s)
}

// failing is a literal that has no value.
type failing struct{ err error }

func (f failing) eval(*run) (any, error) { return nil, f.err }

// parseNumber reads a number: an int, or a long if that is too small, or a
// decimal, or a double if that is too small; ok is false if s is none.
func parseNumber(s string) (v any, err error, ok bool) {
	if integerPattern().MatchString(s) {
		if n, err := dotnet.ParseInteger[int32](s, dotnet.NumberStylesInteger); err == nil {
			return n, nil, true
		}
		n, err := dotnet.ParseInteger[int64](s, dotnet.NumberStylesInteger)
		return n, err, true
	}
	if !realPattern().MatchString(s) {
		return nil, nil, false
	}
	if d, err := dotnet.ParseDecimal(s, dotnet.NumberStylesNumber|dotnet.NumberStylesFloat); err == nil {
		return d, nil, true
	}
	f, err := dotnet.ParseDouble(s, dotnet.NumberStylesNumber|dotnet.NumberStylesFloat)
	return f, err, true
}

// path is name.member["key"][0].
type path struct {
	first step
	rest  []step
}

// step is a part of a path: a name, or in brackets a text or another expression.
type step struct {
	name    string
	key     expression // nil: name
	bracket bool
}

// parsePath reads a path; characters that no part of one has are passed over.
func parsePath(s string) expression {
	parts := pathPattern().FindAllString(s, -1)
	if len(parts) == 0 {
		return constant{}
	}
	steps := make([]step, len(parts))
	for i, part := range parts {
		if inside, ok := strings.CutPrefix(part, "["); ok {
			steps[i] = bracketStep(strings.TrimSuffix(inside, "]"))
		} else {
			steps[i] = step{name: part}
		}
	}
	return &path{steps[0], steps[1:]}
}

// bracketStep is [inside]. Brackets in brackets are not read, so that they can't
// be nested.
func bracketStep(inside string) step {
	e := parseExpression(strings.TrimSpace(inside))
	if c, ok := e.(constant); ok {
		if text, ok := c.value.(string); ok {
			return step{name: text, bracket: true}
		}
	}
	return step{key: e, bracket: true}
}

func (p *path) eval(r *run) (any, error) {
	name := p.first.name
	if p.first.key != nil {
		key, err := p.first.key.eval(r)
		if err != nil {
			return nil, err
		}
		if name, err = r.text(key); err != nil {
			return nil, err
		}
	}
	v, err := r.find(name)
	for i := range p.rest {
		if v == nil || err != nil {
			return nil, err
		}
		v, err = r.step(v, &p.rest[i])
	}
	return v, err
}

package xpath

import (
	"math"
	"slices"
	"strings"
	"sync"

	"github.com/apimulator/apimulator/policy/expr/dotnet"
)

// function is one of XPath's functions.
type function struct {
	result      kind
	least, most int
	nodes       bool // the argument must be nodes
	call        func(e *evaluation, at position, args []any) (any, error)
}

type call struct {
	f    function
	args []expr
}

func (c *call) kind() kind { return c.f.result }

func (c *call) eval(e *evaluation, at position) (any, error) {
	args := make([]any, len(c.args))
	for i, x := range c.args {
		v, err := x.eval(e, at)
		if err != nil {
			return nil, err
		}
		args[i] = v
	}
	if err := e.spend(1); err != nil {
		return nil, err
	}
	return c.f.call(e, at, args)
}

const many = 1 << 30

// functions are made at their first use.
var functions = sync.OnceValue(func() map[string]function {
	return map[string]function{
		"last":     {kindNumber, 0, 0, false, func(_ *evaluation, at position, _ []any) (any, error) { return float64(at.size), nil }},
		"position": {kindNumber, 0, 0, false, func(_ *evaluation, at position, _ []any) (any, error) { return float64(at.place), nil }},
		"count": {kindNumber, 1, 1, true, func(e *evaluation, _ position, a []any) (any, error) {
			set, err := e.sort(a[0].(nodeSet))
			return float64(len(set.nodes)), err
		}},
		"id":            {kindNodes, 1, 1, false, nil},
		"local-name":    nameOf(func(n Node) string { return n.LocalName() }),
		"namespace-uri": nameOf(func(n Node) string { return n.NamespaceURI() }),
		"name": nameOf(func(n Node) string {
			if p := n.Prefix(); p != "" {
				return p + ":" + n.LocalName()
			}
			return n.LocalName()
		}),
		"string": {kindString, 0, 1, false, func(e *evaluation, at position, a []any) (any, error) { return e.text(own(at, a)) }},
		"concat": {kindString, 2, many, false, func(e *evaluation, _ position, a []any) (any, error) {
			all, err := e.texts(a)
			if err != nil {
				return nil, err
			}
			s := strings.Join(all, "")
			return s, e.spend(len(s) / 16)
		}},
		"starts-with": ofTexts(kindBoolean, func(s []string) any { return strings.HasPrefix(s[0], s[1]) }),
		"contains":    ofTexts(kindBoolean, func(s []string) any { return strings.Contains(s[0], s[1]) }),
		"substring-before": ofTexts(kindString, func(s []string) any {
			before, _, found := strings.Cut(s[0], s[1])
			if !found {
				return ""
			}
			return before
		}),
		"substring-after": ofTexts(kindString, func(s []string) any {
			_, after, _ := strings.Cut(s[0], s[1])
			return after
		}),
		"substring": {kindString, 2, 3, false, substring},
		"string-length": {kindNumber, 0, 1, false, func(e *evaluation, at position, a []any) (any, error) {
			s, err := e.text(own(at, a))
			return float64(dotnet.Length(s)), err
		}},
		"normalize-space": {kindString, 0, 1, false, func(e *evaluation, at position, a []any) (any, error) {
			s, err := e.text(own(at, a))
			return strings.Join(strings.FieldsFunc(s, func(r rune) bool { return r < 0x80 && isSpace(byte(r)) }), " "), err
		}},
		"translate": {kindString, 3, 3, false, translate},
		"boolean":   {kindBoolean, 1, 1, false, func(_ *evaluation, _ position, a []any) (any, error) { return truth(a[0]), nil }},
		"not":       {kindBoolean, 1, 1, false, func(_ *evaluation, _ position, a []any) (any, error) { return !truth(a[0]), nil }},
		"true":      {kindBoolean, 0, 0, false, func(*evaluation, position, []any) (any, error) { return true, nil }},
		"false":     {kindBoolean, 0, 0, false, func(*evaluation, position, []any) (any, error) { return false, nil }},
		"lang":      {kindBoolean, 1, 1, false, lang},
		"number":    {kindNumber, 0, 1, false, func(e *evaluation, at position, a []any) (any, error) { return e.number(own(at, a)) }},
		"sum": {kindNumber, 1, 1, true, func(e *evaluation, _ position, a []any) (any, error) {
			total := 0.0
			for _, n := range a[0].(nodeSet).nodes {
				s, err := e.stringValue(n)
				if err != nil {
					return nil, err
				}
				total += toNumber(s)
			}
			return total, nil
		}},
		"floor":   ofNumber(math.Floor),
		"ceiling": ofNumber(math.Ceil),
		"round": ofNumber(func(v float64) float64 {
			rounded := math.RoundToEven(v)
			if v-rounded == 0.5 {
				return rounded + 1
			}
			return rounded
		}),
	}
})

// own is the argument, or the context node where none is given.
func own(at position, args []any) any {
	if len(args) > 0 {
		return args[0]
	}
	return nodeSet{[]Node{at.node}, true}
}

func nameOf(get func(Node) string) function {
	return function{kindString, 0, 1, true, func(e *evaluation, at position, a []any) (any, error) {
		set := own(at, a).(nodeSet)
		if len(set.nodes) == 0 {
			return "", nil
		}
		n, err := e.first(set)
		if err != nil {
			return nil, err
		}
		return get(n), nil
	}}
}

func (e *evaluation) texts(args []any) ([]string, error) {
	all := make([]string, len(args))
	for i, a := range args {
		s, err := e.text(a)
		if err != nil {
			return nil, err
		}
		all[i] = s
	}
	return all, nil
}

func ofTexts(result kind, f func([]string) any) function {
	return function{result, 2, 2, false, func(e *evaluation, _ position, a []any) (any, error) {
		all, err := e.texts(a)
		if err != nil {
			return nil, err
		}
		return f(all), e.spend(len(all[0]) / 16)
	}}
}

func ofNumber(f func(float64) float64) function {
	return function{kindNumber, 1, 1, false, func(e *evaluation, _ position, a []any) (any, error) {
		v, err := e.number(a[0])
		return f(v), err
	}}
}

// substring counts from 1, and rounds.
func substring(e *evaluation, _ position, a []any) (any, error) {
	s, err := e.text(a[0])
	if err != nil {
		return nil, err
	}
	from, err := e.number(a[1])
	if err != nil {
		return nil, err
	}
	units := dotnet.Units(s)
	round := func(v float64) float64 { return math.Floor(v + 0.5) }
	first, last := round(from), math.Inf(1)
	if len(a) > 2 {
		length, err := e.number(a[2])
		if err != nil {
			return nil, err
		}
		last = first + round(length)
	}
	// What is not a number makes each comparison false.
	start, stop := len(units), len(units)
	for i := range units {
		if place := float64(i + 1); place >= first {
			start = i
			break
		}
	}
	for i := start; i < len(units); i++ {
		if place := float64(i + 1); !(place < last) {
			stop = i
			break
		}
	}
	return dotnet.FromUnits(units[start:stop]), e.spend(len(units) / 8)
}

func translate(e *evaluation, _ position, a []any) (any, error) {
	all, err := e.texts(a)
	if err != nil {
		return nil, err
	}
	from, to := dotnet.Units(all[1]), dotnet.Units(all[2])
	if err := e.spend(len(all[0])/8 + len(from)); err != nil {
		return nil, err
	}
	place := make(map[uint16]int, len(from))
	for i, c := range from {
		if _, twice := place[c]; !twice {
			place[c] = i
		}
	}
	units := slices.Clone(dotnet.Units(all[0]))
	kept := units[:0]
	for _, c := range units {
		i, found := place[c]
		switch {
		case !found:
			kept = append(kept, c)
		case i < len(to):
			kept = append(kept, to[i])
		}
	}
	return dotnet.FromUnits(kept), nil
}

// lang tells whether xml:lang of the nearest element around says that language.
func lang(e *evaluation, at position, a []any) (any, error) {
	want, err := e.text(a[0])
	if err != nil {
		return nil, err
	}
	for n := at.node; n != nil; n = n.Parent() {
		for _, attribute := range n.Attributes() {
			if attribute.LocalName() != "lang" || attribute.NamespaceURI() != "http://www.w3.org/XML/1998/namespace" {
				continue
			}
			has := strings.ToLower(attribute.StringValue())
			rest, ok := strings.CutPrefix(has, strings.ToLower(want))
			return ok && (rest == "" || rest[0] == '-'), e.spend(1)
		}
		if err := e.spend(1); err != nil {
			return nil, err
		}
	}
	return false, nil
}

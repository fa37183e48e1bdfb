package xpath

import (
	"math"
	"strconv"
	"strings"

	"github.com/apimulator/apimulator/policy/expr/dotnet"
)

// A value is a float64, string, bool or nodeSet.

// toNumber is number() of a text.
func toNumber(s string) float64 {
	s = strings.Trim(s, " \t\r\n")
	digits := strings.TrimPrefix(s, "-")
	whole, part, _ := strings.Cut(digits, ".")
	if whole == "" && part == "" || strings.Trim(whole+part, "0123456789") != "" {
		return math.NaN()
	}
	v, err := strconv.ParseFloat(s, 64)
	if err != nil && !math.IsInf(v, 0) {
		return math.NaN()
	}
	return v
}

func (e *evaluation) number(v any) (float64, error) {
	switch v := v.(type) {
	case float64:
		return v, nil
	case bool:
		if v {
			return 1, nil
		}
		return 0, nil
	case string:
		return toNumber(v), e.spend(len(v) / 16)
	}
	s, err := e.text(v)
	return toNumber(s), err
}

func (e *evaluation) text(v any) (string, error) {
	switch v := v.(type) {
	case string:
		return v, nil
	case bool:
		if v {
			return "true", nil
		}
		return "false", nil
	case float64:
		return dotnet.ToString(v), nil
	}
	set := v.(nodeSet)
	if len(set.nodes) == 0 {
		return "", nil
	}
	first, err := e.first(set)
	if err != nil {
		return "", err
	}
	return e.stringValue(first)
}

func (e *evaluation) stringValue(n Node) (string, error) {
	s := n.StringValue()
	return s, e.spend(1 + len(s)/16)
}

// first is the first node of a set in document order.
func (e *evaluation) first(set nodeSet) (Node, error) {
	set, err := e.sort(set)
	if err != nil {
		return nil, err
	}
	return set.nodes[0], nil
}

func truth(v any) bool {
	switch v := v.(type) {
	case bool:
		return v
	case float64:
		return v != 0 && !math.IsNaN(v)
	case string:
		return v != ""
	}
	return len(v.(nodeSet).nodes) > 0
}

// compare is = != < <= > >=.
func (e *evaluation) compare(op string, a, b any) (bool, error) {
	x, left := a.(nodeSet)
	y, right := b.(nodeSet)
	switch {
	case left && right:
		return e.any(x, func(s string) (bool, error) {
			return e.any(y, func(t string) (bool, error) { return e.compareAtoms(op, s, t) })
		})
	case left:
		if t, ok := b.(bool); ok {
			return e.compareAtoms(op, truth(a), t)
		}
		return e.any(x, func(s string) (bool, error) { return e.compareAtoms(op, s, b) })
	case right:
		if t, ok := a.(bool); ok {
			return e.compareAtoms(op, t, truth(b))
		}
		return e.any(y, func(s string) (bool, error) { return e.compareAtoms(op, a, s) })
	}
	return e.compareAtoms(op, a, b)
}

func (e *evaluation) any(set nodeSet, holds func(string) (bool, error)) (bool, error) {
	for _, n := range set.nodes {
		s, err := e.stringValue(n)
		if err != nil {
			return false, err
		}
		if found, err := holds(s); err != nil || found {
			return found, err
		}
	}
	return false, nil
}

func (e *evaluation) compareAtoms(op string, a, b any) (bool, error) {
	if err := e.spend(1); err != nil {
		return false, err
	}
	if op == "=" || op == "!=" {
		equal, err := e.equal(a, b)
		return equal == (op == "="), err
	}
	x, _ := e.number(a)
	y, err := e.number(b)
	switch op {
	case "<":
		return x < y, err
	case "<=":
		return x <= y, err
	case ">":
		return x > y, err
	}
	return x >= y, err
}

func (e *evaluation) equal(a, b any) (bool, error) {
	_, boolA := a.(bool)
	_, boolB := b.(bool)
	_, numberA := a.(float64)
	_, numberB := b.(float64)
	switch {
	case boolA || boolB:
		return truth(a) == truth(b), nil
	case numberA || numberB:
		x, _ := e.number(a)
		y, err := e.number(b)
		return x == y, err
	}
	return a == b, nil
}

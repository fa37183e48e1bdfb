package liquid

import (
	"fmt"
	"reflect"
	"strings"

	"github.com/apimulator/apimulator/policy/expr"
	"github.com/apimulator/apimulator/policy/expr/dotnet"
)

// condition is what if, unless and case ask.
type condition struct {
	left     expression
	operator operator // nil: whether left is neither nil nor false
	right    expression
	// joined with next; and and or bind alike, from the right: a and (b or c).
	relation string
	next     *condition
}

// operator compares two values.
type operator func(r *run, left, right any) (bool, error)

// operators are the operators by name.
func operators(name string) operator {
	switch name {
	case "==":
		return (*run).equal
	case "!=", "<>":
		return func(r *run, left, right any) (bool, error) {
			equal, err := r.equal(left, right)
			return !equal, err
		}
	case "<":
		return ordered(func(n int) bool { return n < 0 })
	case ">":
		return ordered(func(n int) bool { return n > 0 })
	case "<=":
		return ordered(func(n int) bool { return n <= 0 })
	case ">=":
		return ordered(func(n int) bool { return n >= 0 })
	case "contains", "Contains":
		return (*run).contains
	case "startsWith", "StartsWith", "startswith":
		return func(r *run, left, right any) (bool, error) { return r.bounded(left, right, false) }
	case "endsWith", "EndsWith", "endswith":
		return func(r *run, left, right any) (bool, error) { return r.bounded(left, right, true) }
	case "hasKey", "HasKey", "haskey":
		return (*run).hasKey
	case "hasValue", "HasValue", "hasvalue":
		return (*run).hasValue
	}
	return nil
}

var operatorNames = []string{"==", "!=", "<>", "<", ">", "<=", ">=", "contains", "startsWith", "endsWith", "hasKey", "hasValue"}

// maxConditions is how many conditions may be joined.
const maxConditions = 500

// parseCondition reads the conditions of an if.
func parseCondition(t *token) (*condition, error) {
	k := markupOf(t)
	wrong := &Error{t.open, fmt.Sprintf("Syntax Error in '%s' tag - Valid syntax: if [expression]", t.name)}
	var all []*condition
	from := 0 // where the present condition begins
	add := func(to int, relation string) error {
		piece, _ := k.part(from, to)
		c, err := parseComparison(piece)
		if err != nil {
			return err
		}
		if c == nil {
			return wrong
		}
		c.relation = relation
		all = append(all, c)
		return nil
	}
	for _, at := range fragmentPattern().FindAllStringIndex(k.text, -1) {
		if relation := k.text[at[0]:at[1]]; relation == "and" || relation == "or" {
			if err := add(at[0], relation); err != nil {
				return nil, err
			}
			from = at[1]
		}
	}
	if err := add(len(k.text), ""); err != nil {
		return nil, err
	}
	if len(all) > maxConditions {
		return nil, &Error{t.open, fmt.Sprintf("Syntax Error in '%s' tag - max %d conditions are allowed", t.name, maxConditions)}
	}
	for i := len(all) - 2; i >= 0; i-- {
		all[i].next = all[i+1]
	}
	return all[0], nil
}

// parseComparison reads left operator right, or left alone; nil if there is
// nothing. What follows is passed over.
func parseComparison(k markup) (*condition, error) {
	m := conditionPattern().FindStringSubmatchIndex(k.text)
	if m == nil {
		return nil, nil
	}
	left, _ := k.group(m, 1)
	right, _ := k.group(m, 3)
	c := &condition{left: parseExpression(left.text), right: parseExpression(right.text)}
	if name, ok := k.group(m, 2); ok {
		if c.operator = operators(name.text); c.operator == nil {
			hint := didYouMean(name.text, operatorNames)
			if name.text == "=" {
				hint = ": did you mean '=='?"
			}
			return nil, &Error{name.at, "Unknown operator " + shortened(name.text) + hint}
		}
	}
	return c, nil
}

// holds tells whether the conditions, joined, are true.
func (c *condition) holds(r *run) (bool, error) {
	for {
		if err := r.m.Spend(1); err != nil {
			return false, err
		}
		true_, err := c.alone(r)
		if err != nil || c.next == nil || true_ == (c.relation == "or") {
			return true_, err
		}
		c = c.next
	}
}

func (c *condition) alone(r *run) (bool, error) {
	left, err := c.left.eval(r)
	if err != nil {
		return false, err
	}
	if c.operator == nil {
		return isTrue(left), nil
	}
	right, err := c.right.eval(r)
	if err != nil {
		return false, err
	}
	return c.operator(r, plain(left), plain(right))
}

// isTrue reports whether a value stands for true: all but nil and false.
func isTrue(v any) bool { return v != nil && v != false }

// equal is ==: values of different types are equal if one converted to the
// other's type is.
func (r *run) equal(left, right any) (bool, error) {
	if s, ok := left.(symbol); ok {
		return r.isEmpty(right, s)
	}
	if s, ok := right.(symbol); ok {
		return r.isEmpty(left, s)
	}
	return r.equalValues(left, right)
}

// isEmpty is == empty: true of a list or text without elements.
func (r *run) isEmpty(v any, _ symbol) (bool, error) {
	if _, ok := v.(symbol); ok {
		return false, nil
	}
	empty := true
	enumerable, err := r.each(v, func(any) (bool, error) { empty = false; return true, nil })
	return enumerable && empty, err
}

func (r *run) equalValues(left, right any) (bool, error) {
	if left == nil || right == nil {
		return left == nil && right == nil, nil
	}
	if !isConvertible(left) || !isConvertible(right) {
		return r.same(left, right)
	}
	if dotnet.TypeCodeOf(left) == dotnet.TypeCodeOf(right) {
		return r.m.Equal(left, right)
	}
	if v, err := changeType(r, left, right); err == nil {
		return r.m.Equal(v, right)
	}
	v, err := changeType(r, right, left)
	if err != nil {
		return false, nil
	}
	return r.m.Equal(v, left)
}

// same compares values that are no single ones: lists and objects are equal if
// they are the same, values such as a Guid if they are equal.
func (r *run) same(left, right any) (bool, error) {
	if !reflect.ValueOf(left).Comparable() || !reflect.ValueOf(right).Comparable() {
		return false, nil // lists, of which each use makes another
	}
	if x, ok := left.(*xmlElement); ok {
		y, ok := right.(*xmlElement)
		return ok && x.e == y.e, nil
	}
	if isEnumerable(left) {
		return left == right, nil
	}
	return r.m.Equal(left, right)
}

// ordered are the comparisons. The right value is converted to the left one's
// type; with nil they are all false.
func ordered(accept func(n int) bool) operator {
	return func(r *run, left, right any) (bool, error) {
		if left == nil || right == nil {
			return false, nil
		}
		if !isConvertible(right) {
			return false, notConvertible()
		}
		v, err := changeType(r, right, left)
		if err != nil {
			return false, err
		}
		n, err := r.m.Compare(left, v)
		return err == nil && accept(n), err
	}
}

// contains is whether a text has another in it, or a list an element. A text in a
// list equals texts only.
func (r *run) contains(left, right any) (bool, error) {
	if s, ok := left.(string); ok {
		part, err := r.asText(right)
		if err != nil {
			return false, err
		}
		return dotnet.ContainsText(s, part, dotnet.Ordinal)
	}
	found := false
	_, err := r.each(left, func(x any) (bool, error) {
		x = plain(x)
		_, isText := x.(string)
		if _, wantsText := right.(string); isText != wantsText {
			return false, nil
		}
		var err error
		found, err = r.equalValues(x, right)
		return found, err
	})
	return found, err
}

// asText casts to string, as contains, startsWith and endsWith do.
func (r *run) asText(v any) (string, error) {
	switch v := v.(type) {
	case nil:
		return "", dotnet.ArgumentNull("value")
	case string:
		return v, nil
	}
	return "", dotnet.InvalidCast(fmt.Sprintf("Unable to cast object of type '%s' to type 'System.String'.", r.typeName(v)))
}

// bounded is startsWith and endsWith: of a text, or of a list whose first or last
// element equals right.
func (r *run) bounded(left, right any, end bool) (bool, error) {
	if _, ok := left.(sequence); ok {
		v, err := r.end(left, end)
		if err != nil {
			return false, err
		}
		return r.equal(plain(v), right)
	}
	s, ok := left.(string)
	if !ok {
		return false, nil
	}
	part, err := r.asText(right)
	if err != nil {
		return false, err
	}
	if end {
		return dotnet.EndsWith(s, part, dotnet.CurrentCulture)
	}
	return dotnet.StartsWith(s, part, dotnet.CurrentCulture)
}

// hasKey is whether an object has a member of that name.
func (r *run) hasKey(left, right any) (bool, error) {
	name, ok := right.(string)
	if !ok || strings.TrimSpace(name) == "" {
		return false, nil
	}
	if _, isPair := left.(pair); isPair {
		return false, nil
	}
	_, found, err := r.member(left, name)
	return found, err
}

// hasValue is whether a member of an object equals right.
func (r *run) hasValue(left, right any) (found bool, err error) {
	switch o := left.(type) {
	case string, sequence, expr.Enumerable:
		return false, nil
	case *xmlElement: // a loop over one goes through its elements, not through pairs
		pairs, err := o.pairs(r)
		if err != nil {
			return false, err
		}
		elements := make(list, len(pairs))
		for i, p := range pairs {
			elements[i] = p
		}
		left = elements
	}
	_, err = r.each(left, func(x any) (bool, error) {
		p, ok := x.(pair)
		if !ok {
			return false, nil
		}
		v, err := r.value(p.value)
		if err != nil {
			return true, err
		}
		found, err = r.equalSameType(plain(v), right)
		return found, err
	})
	return found, err
}

// equalSameType is object.Equals: of different types no values are equal.
func (r *run) equalSameType(a, b any) (bool, error) {
	if dotnet.TypeCodeOf(a) != dotnet.TypeCodeOf(b) {
		return false, nil
	}
	return r.equalValues(a, b)
}

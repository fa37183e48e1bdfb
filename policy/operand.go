package policy

import (
	"cmp"
	"fmt"
	"math"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/apimulator/apimulator/policy/expr"
	"github.com/apimulator/apimulator/policy/expr/dotnet"
)

// Operand is an attribute's or a text's value when a statement runs: its type is
// what the statement wants, whatever was written.
type Operand[T any] struct {
	constant T
	open     bool  // a named value in it is not known
	code     *code // nil of a constant
	convert  func(r *Run, value any) (T, error)
}

// Get is the value for this run.
func (o Operand[T]) Get(r *Run) (T, error) {
	if o.code == nil {
		return o.constant, nil
	}
	value, err := r.evaluate(o.code)
	if err != nil {
		var none T
		return none, err
	}
	return o.convert(r, value)
}

// Constant is the value if it is the same for all runs, and known.
func (o Operand[T]) Constant() (value T, ok bool) { return o.constant, o.code == nil && !o.open }

// All are the values of several operands for this run.
func All[T any](r *Run, operands []Operand[T]) ([]T, error) {
	values := make([]T, len(operands))
	for i, o := range operands {
		var err error
		if values[i], err = o.Get(r); err != nil {
			return nil, err
		}
	}
	return values, nil
}

// operand is the attribute as a T: read is how what is written becomes one,
// convert how the value of an expression does.
func operand[T any](n *Node, name string, read func(text string) T, convert func(r *Run, value any) (T, error)) Operand[T] {
	v := n.Attr(name)
	if v != nil && v.Expression {
		return Operand[T]{code: v.code(), convert: convert}
	}
	return Operand[T]{constant: read(n.written(name)), open: v != nil && n.isOpen(v)}
}

// String is the attribute as text; its default, or "", if it is absent.
func (n *Node) String(name string) Operand[string] {
	convert := toText
	if a := n.def.attribute(name); a.Type == Enum {
		convert = func(r *Run, value any) (string, error) {
			text, err := toText(r, value)
			if err == nil && !slices.Contains(a.Values, text) {
				err = conversionFailure(value, "one of "+strings.Join(a.Values, ", "))
			}
			return text, err
		}
	}
	return operand(n, name, func(text string) string { return text }, convert)
}

// Int is the attribute as a number; its default, or 0, if it is absent.
func (n *Node) Int(name string) Operand[int] {
	a := n.def.attribute(name)
	least, greatest := a.Min, cmp.Or(a.Max, math.MaxInt32)
	if a.Type == Status {
		least, greatest = 100, 599
	}
	return operand(n, name, func(text string) int { return toNumber(text) }, func(_ *Run, value any) (int, error) {
		number, ok := numberOf(value)
		if !ok || number != math.Trunc(number) || number < float64(least) || number > float64(greatest) {
			return 0, conversionFailure(value, fmt.Sprintf("a whole number from %d to %d", least, greatest))
		}
		return int(number), nil
	})
}

func toNumber(text string) int {
	i, _ := strconv.Atoi(text)
	return i
}

// Number is the attribute as a number with a fraction, perhaps.
func (n *Node) Number(name string) Operand[float64] {
	a := n.def.attribute(name)
	return operand(n, name, func(text string) float64 { f, _ := strconv.ParseFloat(text, 64); return f }, func(_ *Run, value any) (float64, error) {
		number, ok := numberOf(value)
		if !ok || math.IsInf(number, 0) || a.Max != 0 && (number < float64(a.Min) || number > float64(a.Max)) {
			return 0, conversionFailure(value, "a number")
		}
		return number, nil
	})
}

// Bool is the attribute as a truth value; its default, or false, if it is absent.
func (n *Node) Bool(name string) Operand[bool] {
	return operand(n, name, func(text string) bool { b, _ := parseBool(text); return b }, toBool)
}

// Duration is the attribute, in seconds or milliseconds as its definition says,
// as a duration. An expression may give fractions.
func (n *Node) Duration(name string) Operand[time.Duration] {
	a := n.def.attribute(name)
	unit, units := time.Second, "seconds"
	if a.Type == Milliseconds {
		unit, units = time.Millisecond, "milliseconds"
	}
	greatest := cmp.Or(a.Max, math.MaxInt32)
	return operand(n, name, func(text string) time.Duration { return time.Duration(toNumber(text)) * unit }, func(_ *Run, value any) (time.Duration, error) {
		number, ok := numberOf(value)
		if !ok || number < float64(a.Min) || number > float64(greatest) {
			return 0, conversionFailure(value, fmt.Sprintf("a number of %s from %d to %d", units, a.Min, greatest))
		}
		return time.Duration(number * float64(unit)), nil
	})
}

// Time is the attribute, a date and time that takes no expression; its default if it is
// absent.
func (n *Node) Time(name string) time.Time {
	t, _ := time.Parse(dateTimeForm, n.written(name))
	return t
}

// Long is the attribute as a number of 64 bits; its default, or 0, if it is absent. An
// expression has to give a long: Azure takes no int for it (observed.md, V17).
func (n *Node) Long(name string) Operand[int64] {
	a := n.def.attribute(name)
	return operand(n, name, func(text string) int64 { i, _ := strconv.ParseInt(text, 10, 64); return i }, func(_ *Run, value any) (int64, error) {
		number, ok := value.(int64)
		if !ok || number < int64(a.Min) {
			return 0, conversionFailure(value, fmt.Sprintf("a long, at least %d", a.Min))
		}
		return number, nil
	})
}

// Any is the attribute as a value of the expression language: what an expression
// gives keeps its type, anything else is a string.
func (n *Node) Any(name string) Operand[any] {
	return operand(n, name, func(text string) any { return text }, func(_ *Run, value any) (any, error) { return value, nil })
}

// Content is the element's text, as its definition takes it.
func (n *Node) Content() Operand[string] {
	v := n.content()
	switch {
	case v == nil:
		return Operand[string]{}
	case v.Expression && !n.isTemplate():
		return Operand[string]{code: v.code(), convert: toText}
	}
	return Operand[string]{constant: v.Text, open: n.isOpen(v) && !n.isTemplate()}
}

// Bytes is the element's text as the bytes of a body: an expression may give
// byte[], anything else goes by its text.
func (n *Node) Bytes() Operand[[]byte] {
	if v := n.content(); v != nil && v.Expression {
		return Operand[[]byte]{code: v.code(), convert: toBytes}
	}
	text, known := n.Content().Constant()
	return Operand[[]byte]{constant: []byte(text), open: !known}
}

func toBytes(r *Run, value any) ([]byte, error) {
	if array, ok := value.(*expr.ArrayObject); ok && array.Bytes() != nil {
		return slices.Clone(array.Bytes()), nil
	}
	text, err := toText(r, value)
	return []byte(text), err
}

func (n *Node) content() *Value {
	if n.markup != nil {
		return n.markup
	}
	return n.Text
}

// Contents are the texts of the children of that name, in order.
func (n *Node) Contents(child string) []Operand[string] {
	var texts []Operand[string]
	for _, c := range n.ChildrenNamed(child) {
		texts = append(texts, c.Content())
	}
	return texts
}

// toText is a value as a policy puts it into text: ToString under the invariant
// culture, null as nothing.
func toText(r *Run, value any) (string, error) {
	if s, ok := value.(string); ok {
		return dotnet.Valid(s), nil
	}
	text, err := r.machine.Text(value)
	if err != nil {
		return "", evaluationFailure(r, err)
	}
	return dotnet.Valid(text), nil
}

// toBool takes a truth value or its text.
func toBool(_ *Run, value any) (bool, error) {
	switch v := value.(type) {
	case bool:
		return v, nil
	case string:
		if b, ok := parseBool(strings.TrimSpace(v)); ok {
			return b, nil
		}
	}
	return false, conversionFailure(value, "true or false")
}

// numberOf takes a number of any type, or its text.
func numberOf(value any) (float64, bool) {
	switch v := value.(type) {
	case nil, bool, dotnet.Char:
		return 0, false
	case string:
		number, err := strconv.ParseFloat(strings.TrimSpace(v), 64)
		return number, err == nil && !math.IsNaN(number)
	case int32:
		return float64(v), true
	}
	number, err := dotnet.ConvertToDouble(value)
	return number, err == nil && !math.IsNaN(number)
}

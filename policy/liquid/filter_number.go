package liquid

import (
	"math"
	"slices"

	"github.com/apimulator/apimulator/policy/expr/dotnet"
)

// Filters of numbers. Of two whole numbers the result is whole: 7 | DividedBy: 2
// is 3. With a fraction in either, they count as decimals, or as doubles where
// these are too small.

// operation is an arithmetic operation for each type that it is done in.
type operation struct {
	ints     func(a, b int32) (int32, error)
	longs    func(a, b int64) (int64, error)
	decimals func(a, b dotnet.Decimal) (dotnet.Decimal, error)
	doubles  func(a, b float64) float64
}

var (
	add       = operation{dotnet.AddChecked[int32], dotnet.AddChecked[int64], dotnet.Decimal.Add, func(a, b float64) float64 { return a + b }}
	subtract  = operation{dotnet.SubtractChecked[int32], dotnet.SubtractChecked[int64], dotnet.Decimal.Subtract, func(a, b float64) float64 { return a - b }}
	multiply  = operation{dotnet.MultiplyChecked[int32], dotnet.MultiplyChecked[int64], dotnet.Decimal.Multiply, func(a, b float64) float64 { return a * b }}
	divide    = operation{dotnet.Divide[int32], dotnet.Divide[int64], dotnet.Decimal.Divide, func(a, b float64) float64 { return a / b }}
	remainder = operation{dotnet.Remainder[int32], dotnet.Remainder[int64], dotnet.Decimal.Remainder, math.Mod}
)

func arithmetic(op operation) func(*run, []any) (any, error) {
	return func(_ *run, a []any) (any, error) { return op.apply(a[0], a[1]) }
}

// apply computes. A text is no number, unless the other operand has a fraction:
// XML values can't be added up.
func (op operation) apply(a, b any) (any, error) {
	if a == nil || b == nil {
		return nil, nil
	}
	if isReal(a) || isReal(b) {
		return op.real(a, b)
	}
	if x, ok := a.(int32); ok {
		if y, ok := b.(int32); ok {
			return boxed(op.ints(x, y))
		}
	}
	x, ok1 := whole(a)
	y, ok2 := whole(b)
	if !ok1 || !ok2 {
		// DotLiquid's own text, of an attempt to call what it made instead.
		return nil, dotnet.NewException("System.Reflection.TargetParameterCountException", "Parameter count mismatch.")
	}
	return boxed(op.longs(x, y))
}

func boxed[T any](v T, err error) (any, error) {
	if err != nil {
		return nil, err
	}
	return v, nil
}

func isReal(v any) bool {
	switch v.(type) {
	case float32, float64, dotnet.Decimal:
		return true
	}
	return false
}

// whole is a whole number as a long.
func whole(v any) (int64, bool) {
	switch v := v.(type) {
	case int8:
		return int64(v), true
	case uint8:
		return int64(v), true
	case int16:
		return int64(v), true
	case uint16:
		return int64(v), true
	case int32:
		return int64(v), true
	case uint32:
		return int64(v), true
	case int64:
		return v, true
	case uint64:
		return int64(v), v <= 1<<63-1
	}
	return 0, false
}

func (op operation) real(a, b any) (any, error) {
	if !isConvertible(a) || !isConvertible(b) {
		return nil, notConvertible()
	}
	x, err := dotnet.ConvertToDecimal(a)
	if err == nil {
		var y dotnet.Decimal
		if y, err = dotnet.ConvertToDecimal(b); err == nil {
			var d dotnet.Decimal
			if d, err = op.decimals(x, y); err == nil {
				return d, nil
			}
		}
	}
	if e, ok := err.(*dotnet.Exception); !ok || e.Type != "System.OverflowException" && e.Type != "System.DivideByZeroException" {
		return nil, err
	}
	f, err := dotnet.ConvertToDouble(a)
	if err != nil {
		return nil, err
	}
	g, err := dotnet.ConvertToDouble(b)
	if err != nil {
		return nil, err
	}
	return op.doubles(f, g), nil
}

// plus joins texts: "5" | Plus: 1 is 51.
func plus(r *run, a []any) (any, error) {
	s, ok := a[0].(string)
	if !ok {
		return add.apply(a[0], a[1])
	}
	t, err := r.text(a[1])
	if err != nil {
		return nil, err
	}
	return r.joined(s, t)
}

// times repeats a text.
func times(r *run, a []any) (any, error) {
	s, isText := a[0].(string)
	n, isWhole := a[1].(int32)
	if long, ok := a[1].(int64); ok && isText {
		var err error
		if n, err = dotnet.ConvertToInteger[int32](long); err != nil {
			return nil, err
		}
		isWhole = true
	}
	if !isText || !isWhole {
		return multiply.apply(a[0], a[1])
	}
	if n < 0 {
		return nil, dotnet.ArgumentOutOfRange("count", "Non-negative number required.")
	}
	if int64(len(s)+16)*int64(n) > 1<<31-1 {
		return nil, r.m.Allocate(1<<31 - 1)
	}
	if err := r.m.Allocate((len(s) + 16) * int(n)); err != nil {
		return nil, err
	}
	return slices.Repeat(texts{s}, int(n)), nil
}

// round gives nil where there is no number. Halves go to the even neighbour.
func round(_ *run, a []any) (any, error) {
	places, err := toInteger(a[1])
	if err != nil {
		return nil, nil
	}
	if a[0] != nil && !isConvertible(a[0]) {
		return nil, nil
	}
	d, err := dotnet.ConvertToDecimal(a[0])
	if err != nil {
		return nil, nil
	}
	if d, err = d.Round(places, dotnet.ToEven); err != nil {
		return nil, nil
	}
	return d, nil
}

// number reads a value's text as a double; ok is false of one that is none.
func (r *run) number(v any) (n float64, ok bool, err error) {
	if v == nil {
		return 0, false, dotnet.NullReference()
	}
	s, err := r.text(v)
	if err != nil {
		return 0, false, err
	}
	n, err = dotnet.ParseDouble(s, dotnet.NumberStylesNumber)
	ok, err = dotnet.Tried(err)
	return n, ok, err
}

// abs is 0 of what is no number.
func abs(r *run, a []any) (any, error) {
	n, ok, err := r.number(a[0])
	if err != nil {
		return nil, err
	}
	if !ok {
		return float64(0), nil
	}
	if n < 0 {
		n = -n
	}
	return n, nil
}

func atLeast(r *run, a []any) (any, error) {
	return r.limited(a, func(n, limit float64) bool { return limit > n })
}

func atMost(r *run, a []any) (any, error) {
	return r.limited(a, func(n, limit float64) bool { return limit < n })
}

// limited is the input, or the limit where that wins. Of what is no number it is
// the input as it is.
func (r *run) limited(a []any, wins func(n, limit float64) bool) (any, error) {
	n, ok, err := r.number(a[0])
	if err != nil {
		return nil, err
	}
	limit, isNumber, err := r.number(a[1])
	switch {
	case err != nil:
		return nil, err
	case !ok || !isNumber:
		return a[0], nil
	case wins(n, limit):
		return limit, nil
	}
	return n, nil
}

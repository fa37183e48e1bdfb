package jsonschema

import (
	"encoding/json"
	"math"
	"math/big"
	"strconv"

	"github.com/apimulator/apimulator/policy/expr/dotnet"
	"github.com/apimulator/apimulator/policy/expr/newtonsoft"
)

// number is a number as it is compared: a double, and exactly if it is whole.
type number struct {
	value float64
	whole *big.Int // nil: it is not, or not written so
}

// numberOf is a number of a schema; nil if the value is none, or beyond a double.
func numberOf(value any) *number {
	text, ok := value.(json.Number)
	if !ok {
		return nil
	}
	f, err := text.Float64()
	if err != nil {
		return nil
	}
	n := &number{value: f}
	if whole, ok := new(big.Int).SetString(text.String(), 10); ok {
		n.whole = whole
	}
	return n
}

// compare is below, at or above 0 as a number is below, at or above another.
func (n *number) compare(other *number) int {
	if n.whole != nil && other.whole != nil {
		return n.whole.Cmp(other.whole)
	}
	switch {
	case n.value < other.value:
		return -1
	case n.value > other.value:
		return 1
	}
	return 0
}

// isMultiple reports whether a number is a multiple of another: of the decimals that they
// are written as, so that 0.3 is one of 0.1.
func (n *number) isMultiple(of *number) bool {
	if math.IsInf(n.value, 0) || math.IsNaN(n.value) {
		return false
	}
	return new(big.Rat).Quo(n.rational(), of.rational()).IsInt()
}

// rational is the number exactly.
func (n *number) rational() *big.Rat {
	if n.whole != nil {
		return new(big.Rat).SetInt(n.whole)
	}
	r, _ := new(big.Rat).SetString(strconv.FormatFloat(n.value, 'g', -1, 64)) // at most 310 digits
	return r
}

// String is the number as .NET writes a double.
func (n *number) String() string { return dotnet.ToString(n.value) }

// number is the value of a number.
func (v *node) number() *number {
	switch x := v.value.(type) {
	case int64:
		return &number{value: float64(x), whole: big.NewInt(x)}
	case *big.Int:
		f, _ := new(big.Float).SetInt(x).Float64()
		return &number{value: f, whole: x}
	case float64:
		return &number{value: x}
	}
	return &number{value: math.NaN()}
}

// text is a value as JSON.NET writes it.
func (v *node) text() string { return newtonsoft.Write(v.token(), newtonsoft.Compact) }

package newtonsoft

import (
	"bytes"
	"math"
	"math/big"
	"slices"
	"strings"
	"time"

	"github.com/apimulator/apimulator/policy/expr/dotnet"
)

// DeepEquals compares two tokens with all they hold; numbers by value, the order
// of properties not minded.
func DeepEquals(a, b Token) bool {
	if a == nil || b == nil {
		return a == nil && b == nil
	}
	switch x := a.(type) {
	case *Object:
		y, ok := b.(*Object)
		if !ok || len(x.properties) != len(y.properties) {
			return false
		}
		for _, p := range x.properties {
			other := y.Property(p.(*Property).name)
			if other == nil || !DeepEquals(p.(*Property).value, other.value) {
				return false
			}
		}
		return true
	case *Property:
		y, ok := b.(*Property)
		return ok && x.name == y.name && DeepEquals(x.value, y.value)
	case *Constructor:
		y, ok := b.(*Constructor)
		return ok && x.Name == y.Name && slices.EqualFunc(x.tokens, y.tokens, DeepEquals)
	case *Array:
		y, ok := b.(*Array)
		return ok && slices.EqualFunc(x.tokens, y.tokens, DeepEquals)
	}
	x, y := valueOf(a), valueOf(b)
	return x != nil && y != nil && x.Equal(y)
}

// Equal is JValue.Equals: two of the same type that compare as equal.
func (v *Value) Equal(other *Value) bool {
	if v == other {
		return true
	}
	if v.kind != other.kind {
		return false
	}
	n, err := compareAs(v.kind, v.value, other.value)
	return err == nil && n == 0
}

// CompareTo is JValue.CompareTo: a text is compared as what the other is. What
// cannot be compared is an exception.
func (v *Value) CompareTo(other *Value) (int, error) {
	kind := v.kind
	if kind == StringType {
		kind = other.kind
	}
	return compareAs(kind, v.value, other.value)
}

// CompareWith is JValue.CompareTo for a value that is no token.
func (v *Value) CompareWith(other any) (int, error) { return compareAs(v.kind, v.value, other) }

// compareAs is JValue.Compare.
func compareAs(kind TokenType, a, b any) (int, error) {
	switch {
	case a == nil && b == nil:
		return 0, nil
	case b == nil:
		return 1, nil
	case a == nil:
		return -1, nil
	}
	switch kind {
	case IntegerType, FloatType:
		return compareNumbers(kind, a, b)
	case CommentType, StringType, RawType:
		return dotnet.CompareOrdinal(plainText(a), plainText(b)), nil
	case BooleanType:
		x, err := dotnet.ConvertToBoolean(a)
		if err != nil {
			return 0, err
		}
		y, err := dotnet.ConvertToBoolean(b)
		return rank(x) - rank(y), err
	case DateType:
		return compareDates(a, b)
	case BytesType:
		if y, ok := b.([]byte); ok {
			return bytes.Compare(a.([]byte), y), nil
		}
		return 0, dotnet.Argument("Object must be of type byte[].", "")
	case GuidType:
		if y, ok := b.(dotnet.Guid); ok {
			return a.(dotnet.Guid).Compare(y), nil
		}
		return 0, dotnet.Argument("Object must be of type Guid.", "")
	case URIType:
		if y, ok := b.(Address); ok {
			return strings.Compare(a.(Address).String(), y.String()), nil
		}
		return 0, dotnet.Argument("Object must be of type Uri.", "")
	case TimeSpanType:
		if y, ok := b.(dotnet.TimeSpan); ok {
			return a.(dotnet.TimeSpan).Compare(y), nil
		}
		return 0, dotnet.Argument("Object must be of type TimeSpan.", "")
	}
	return 0, dotnet.ArgumentOutOfRange("valueType", "Unexpected value type: "+kind.String())
}

func rank(b bool) int {
	if b {
		return 1
	}
	return 0
}

func compareNumbers(kind TokenType, a, b any) (int, error) {
	if x, ok := a.(*big.Int); ok {
		return compareBig(x, b)
	}
	if y, ok := b.(*big.Int); ok {
		n, err := compareBig(y, a)
		return -n, err
	}
	switch {
	case isExact(a) || isExact(b):
		x, err := dotnet.ConvertToDecimal(a)
		if err != nil {
			return 0, err
		}
		y, err := dotnet.ConvertToDecimal(b)
		return x.Compare(y), err
	case kind == FloatType || isFloat(a) || isFloat(b):
		return compareFloats(a, b)
	}
	x, err := dotnet.ConvertToInteger[int64](a)
	if err != nil {
		return 0, err
	}
	y, err := dotnet.ConvertToInteger[int64](b)
	switch {
	case x < y:
		return -1, err
	case x > y:
		return 1, err
	}
	return 0, err
}

func isExact(v any) bool {
	switch v.(type) {
	case uint64, dotnet.Decimal:
		return true
	}
	return false
}

func isFloat(v any) bool {
	switch v.(type) {
	case float32, float64:
		return true
	}
	return false
}

// compareBig compares a BigInteger with a number, a fraction cut off.
func compareBig(x *big.Int, v any) (int, error) {
	switch y := v.(type) {
	case *big.Int:
		return x.Cmp(y), nil
	case dotnet.Decimal, float32, float64:
		r, ok := new(big.Rat).SetString(dotnet.ToString(v))
		if !ok {
			return 0, dotnet.Overflow("BigInteger cannot represent infinity.")
		}
		n := x.Cmp(new(big.Int).Quo(r.Num(), r.Denom()))
		if n == 0 && !r.IsInt() {
			return -r.Sign(), nil
		}
		return n, nil
	}
	y, ok := new(big.Int).SetString(dotnet.ToString(v), 10)
	if !ok {
		return 0, dotnet.InvalidCast("Cannot convert " + dotnet.ToString(v) + " to BigInteger.")
	}
	return x.Cmp(y), nil
}

func compareFloats(a, b any) (int, error) {
	x, err := dotnet.ConvertToDouble(a)
	if err != nil {
		return 0, err
	}
	y, err := dotnet.ConvertToDouble(b)
	if err != nil || nearlyEqual(x, y) {
		return 0, err
	}
	n, err := dotnet.Compare(x, y, strings.Compare)
	return int(n), err
}

// nearlyEqual is MathUtils.ApproxEquals: equal but for rounding.
func nearlyEqual(x, y float64) bool {
	const epsilon = 2.2204460492503131e-16
	if x == y {
		return true
	}
	tolerance := (math.Abs(x) + math.Abs(y) + 10) * epsilon
	return -tolerance < x-y && tolerance > x-y
}

func compareDates(a, b any) (int, error) {
	x, isOffset := a.(dotnet.DateTimeOffset)
	if !isOffset {
		y, err := asDateTime(b)
		return a.(dotnet.DateTime).Compare(y), err
	}
	if y, ok := b.(dotnet.DateTimeOffset); ok {
		return x.Compare(y), nil
	}
	y, err := asDateTime(b)
	return x.Compare(dotnet.DateTimeOffsetFrom(y)), err
}

func asDateTime(v any) (dotnet.DateTime, error) {
	if o, ok := v.(dotnet.DateTimeOffset); ok {
		return o.DateTime(), nil
	}
	return dotnet.ConvertToDateTime(v, epoch)
}

// epoch stands for today where a text that is a time of day is compared with a date.
func epoch() time.Time { return time.Time{} }

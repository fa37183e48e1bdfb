package dotnet

import (
	"cmp"
	"math"
	"reflect"
)

// Equals is object.Equals: values are equal if they have the same type and
// value. Unlike ==, NaN equals NaN; an int never equals a long.
func Equals(a, b any) bool {
	if a == nil || b == nil {
		return a == nil && b == nil
	}
	switch a := a.(type) {
	case float64:
		b, ok := b.(float64)
		return ok && (a == b || a != a && b != b)
	case float32:
		b, ok := b.(float32)
		return ok && (a == b || a != a && b != b)
	case Decimal:
		b, ok := b.(Decimal)
		return ok && a.Equal(b)
	case DateTime:
		b, ok := b.(DateTime)
		return ok && a.Equal(b)
	case DateTimeOffset:
		b, ok := b.(DateTimeOffset)
		return ok && a.Equal(b)
	}
	return reflect.TypeOf(a).Comparable() && a == b
}

// Compare is CompareTo as Comparer.Default calls it: null comes first, and two
// values must have the same type. The result is negative, 0 or positive; for
// the small integers and char it is the difference, as .NET's. How two strings
// compare is a matter of culture, which strings decides.
func Compare(a, b any, strings func(a, b string) int) (int32, error) {
	switch {
	case a == nil && b == nil:
		return 0, nil
	case a == nil:
		return -1, nil
	case b == nil:
		return 1, nil
	}
	switch a := a.(type) {
	case bool:
		return compareAs(a, b, func(a, b bool) int { return boolRank(a) - boolRank(b) })
	case Char:
		return compareAs(a, b, difference[Char])
	case int8:
		return compareAs(a, b, difference[int8])
	case uint8:
		return compareAs(a, b, difference[uint8])
	case int16:
		return compareAs(a, b, difference[int16])
	case uint16:
		return compareAs(a, b, difference[uint16])
	case int32:
		return compareAs(a, b, cmp.Compare[int32])
	case uint32:
		return compareAs(a, b, cmp.Compare[uint32])
	case int64:
		return compareAs(a, b, cmp.Compare[int64])
	case uint64:
		return compareAs(a, b, cmp.Compare[uint64])
	case float32:
		return compareAs(a, b, cmp.Compare[float32])
	case float64:
		return compareAs(a, b, cmp.Compare[float64])
	case Decimal:
		return compareAs(a, b, Decimal.Compare)
	case string:
		return compareAs(a, b, strings)
	case DateTime:
		return compareAs(a, b, DateTime.Compare)
	case DateTimeOffset:
		return compareAs(a, b, DateTimeOffset.Compare)
	case TimeSpan:
		return compareAs(a, b, cmp.Compare[TimeSpan])
	case Guid:
		return compareAs(a, b, Guid.Compare)
	}
	return 0, Argument("At least one object must implement IComparable.", "")
}

func boolRank(b bool) int {
	if b {
		return 1
	}
	return 0
}

func difference[T Integer](a, b T) int { return int(a) - int(b) }

func compareAs[T any](a T, b any, compare func(a, b T) int) (int32, error) {
	other, ok := b.(T)
	if _, isGuid := any(a).(Guid); isGuid && !ok {
		return 0, Argument("Object must be of type GUID.", "value")
	}
	if !ok {
		return 0, Argument("Object must be of type "+typeName(a)+".", "")
	}
	return int32(compare(a, other)), nil
}

// typeName is the short name of a value type of this package.
func typeName(v any) string {
	switch v.(type) {
	case DateTimeOffset:
		return "DateTimeOffset"
	case TimeSpan:
		return "TimeSpan"
	case Guid:
		return "Guid"
	}
	return TypeCodeOf(v).String()
}

// fullName is the name that messages call a value's type by. A type of another
// package can tell its own.
func fullName(v any) string {
	if named, ok := v.(interface{ TypeName() string }); ok {
		return named.TypeName()
	}
	return "System." + typeName(v)
}

// HashCode is GetHashCode of the types where it is the same in every process.
// A string's is not, and ok is false, as for any other type.
func HashCode(v any) (code int32, ok bool) {
	switch v := v.(type) {
	case bool:
		return int32(boolRank(v)), true
	case Char:
		return int32(v) | int32(v)<<16, true
	case int8:
		return int32(v), true
	case uint8:
		return int32(v), true
	case int16:
		return int32(v), true
	case uint16:
		return int32(v), true
	case int32:
		return v, true
	case uint32:
		return int32(v), true
	case int64:
		return hash64(uint64(v)), true
	case uint64:
		return hash64(v), true
	case float32:
		return hashSingle(v), true
	case float64:
		return hashDouble(v), true
	case Decimal:
		return v.HashCode(), true
	case DateTime:
		return hash64(uint64(v.ticks)), true
	case DateTimeOffset:
		return hash64(uint64(v.UtcTicks())), true
	case TimeSpan:
		return hash64(uint64(v)), true
	case Guid:
		return v.HashCode(), true
	}
	return 0, false
}

func hash64(v uint64) int32 { return int32(v) ^ int32(v>>32) }

// hashDouble gives both zeros one code, and all NaNs another.
func hashDouble(v float64) int32 {
	bits := math.Float64bits(v)
	if v == 0 || v != v {
		bits &= 0x7FF0000000000000
	}
	return hash64(bits)
}

func hashSingle(v float32) int32 {
	bits := math.Float32bits(v)
	if v == 0 || v != v {
		bits &= 0x7F800000
	}
	return int32(bits)
}

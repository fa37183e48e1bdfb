package dotnet

import (
	"strings"
	"testing"
)

// A reference type of another package, which tells its .NET name.
type array []int32

func (array) TypeName() string { return "System.Int32[]" }

func TestValuesOfOtherTypes(t *testing.T) {
	a := array{1, 2}
	if got := ToString(a); got != "System.Int32[]" {
		t.Errorf("ToString: got %q", got)
	}
	if got, err := FormatValue(a, "N2"); got != "System.Int32[]" || err != nil {
		t.Errorf("FormatValue: got %q, %v", got, err)
	}
	if got := ToString(struct{}{}); got != "System.Object" {
		t.Errorf("ToString without a name: got %q", got)
	}
	if Equals(a, a) || Equals(a, int32(1)) || !Equals(&a, &a) {
		t.Error("Equals: slices are never equal, pointers are if they are the same")
	}
	if _, ok := HashCode(a); ok {
		t.Error("HashCode: got one")
	}
	if _, ok := HashCode("text"); ok {
		t.Error("HashCode of a string: got one, though it differs from process to process")
	}
	_, err := Compare(a, a, strings.Compare)
	if want := "At least one object must implement IComparable."; err == nil || err.Error() != want {
		t.Errorf("Compare: got %v, want %s", err, want)
	}
	_, err = ConvertToInteger[int32](a)
	if want := "Unable to cast object of type 'System.Int32[]' to type 'System.IConvertible'."; err == nil || err.Error() != want {
		t.Errorf("ConvertToInteger: got %v, want %s", err, want)
	}
}

// TestCompareStrings: the caller says how strings compare.
func TestCompareStrings(t *testing.T) {
	backwards := func(a, b string) int { return strings.Compare(b, a) }
	if got, err := Compare("a", "b", backwards); got != 1 || err != nil {
		t.Errorf("got %d, %v, want 1", got, err)
	}
}

// TestEqualValuesHashEqually, as collections need it.
func TestEqualValuesHashEqually(t *testing.T) {
	utc := parsed(NewDateTime(5, KindUtc))
	pairs := [][2]any{
		{decimal("1.0"), decimal("1.00")},
		{0.0, double("-0")},
		{NaN, double("NaN")},
		{float32(0), float32(double("-0"))},
		{utc, DateTime{ticks: 5}},
		{dateWithOffset("638422560000000000", "60"), dateWithOffset("638422524000000000", "0")},
	}
	for _, pair := range pairs {
		a, okA := HashCode(pair[0])
		b, okB := HashCode(pair[1])
		if !Equals(pair[0], pair[1]) || !okA || !okB || a != b {
			t.Errorf("%v and %v: equal %t, hash codes %d and %d", pair[0], pair[1], Equals(pair[0], pair[1]), a, b)
		}
	}
}

func TestTried(t *testing.T) {
	_, format := ParseInteger[int32]("x", NumberStylesInteger)
	_, overflow := ParseInteger[uint8]("256", NumberStylesInteger)
	_, styles := ParseInteger[int32]("1", 1<<20)
	for _, c := range []struct {
		err    error
		ok     bool
		failed bool
	}{
		{nil, true, false},
		{format, false, false},
		{overflow, false, false},
		{ArgumentNull("s"), false, false},
		{styles, false, true},
	} {
		if ok, failure := Tried(c.err); ok != c.ok || (failure != nil) != c.failed {
			t.Errorf("%v: got %t, %v, want %t and failure %t", c.err, ok, failure, c.ok, c.failed)
		}
	}
}

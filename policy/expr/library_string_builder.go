package expr

import (
	"slices"

	"github.com/apimulator/apimulator/policy/expr/dotnet"
)

// builderObject is a StringBuilder: its text as UTF-16 units, by which its
// indexes count.
type builderObject struct {
	units    []uint16
	capacity int // what Capacity tells
	limit    int // MaxCapacity
}

// DotnetType is part of Object.
func (*builderObject) DotnetType() *Type { return typeOf("System.Text.StringBuilder") }

// ToString is part of Texter.
func (b *builderObject) ToString(m *Machine) (string, error) {
	if err := m.Allocate(3 * len(b.units)); err != nil {
		return "", err
	}
	return dotnet.FromUnits(b.units), m.Spend(len(b.units) / textPerStep)
}

func builder(a []any) *builderObject { return a[0].(*builderObject) }

// room counts n more units; more than MaxCapacity is an error of that parameter.
func (b *builderObject) room(m *Machine, n int, param, message string) error {
	if n > b.limit-len(b.units) {
		return dotnet.ArgumentOutOfRange(param, message)
	}
	// .NET fills what is there and then adds a block as large as all before it,
	// but not larger than 8000 characters unless that many are needed.
	if missing := len(b.units) + n - b.capacity; missing > 0 {
		b.capacity = min(b.capacity+max(missing, min(b.capacity, 8000)), b.limit)
	}
	if err := m.Spend(n / textPerStep); err != nil {
		return err
	}
	return m.Allocate(2 * n)
}

// append adds a text at the end.
func (b *builderObject) append(m *Machine, s string) error {
	n := dotnet.Length(s)
	if err := b.room(m, n, "valueCount", beyondCapacity); err != nil {
		return err
	}
	if n == len(s) && (n == 0 || dotnet.IsASCII(s)) {
		b.units = slices.Grow(b.units, n)
		for i := range n {
			b.units = append(b.units, uint16(s[i]))
		}
		return nil
	}
	b.units = append(b.units, dotnet.Units(s)...)
	return nil
}

// insert puts a text in at an index, which there is.
func (b *builderObject) insert(m *Machine, index int, s string) error {
	if err := m.Spend((len(b.units) - index) / textPerStep); err != nil {
		return err
	}
	units := dotnet.Units(s)
	if err := b.room(m, len(units), "requiredLength", "capacity was less than the current size."); err != nil {
		return err
	}
	b.units = slices.Insert(b.units, index, units...)
	return nil
}

// slice is the text of n units from start on, which are there.
func (b *builderObject) slice(start, n int) string {
	return dotnet.FromUnits(b.units[start : start+n])
}

const (
	defaultCapacity = 16
	beyondCapacity  = "The length cannot be greater than the capacity."
	negativeLength  = "Length cannot be less than zero."
)

// newBuilder is each constructor: text, a part of it, and capacities.
func newBuilder(m *Machine, s string, capacity, limit int) (any, error) {
	b := &builderObject{limit: limit}
	if capacity == 0 {
		capacity = min(defaultCapacity, limit)
	}
	if err := b.append(m, s); err != nil {
		return nil, err
	}
	b.capacity = max(capacity, len(b.units))
	return b, nil
}

func builderCapacity(v any) error {
	if intArg(v) < 0 {
		return dotnet.ArgumentOutOfRange("capacity", "'capacity' must be greater than zero.")
	}
	return nil
}

func builderMakers() []memberDecl {
	return []memberDecl{
		member("new()", func(m *Machine, _ []any) (any, error) { return newBuilder(m, "", 0, maxInt) }),
		member("new(int capacity)", func(m *Machine, a []any) (any, error) {
			if err := builderCapacity(a[0]); err != nil {
				return nil, err
			}
			return newBuilder(m, "", intArg(a[0]), maxInt)
		}),
		member("new(string value)", func(m *Machine, a []any) (any, error) { return newBuilder(m, text(a[0]), 0, maxInt) }),
		member("new(string value, int capacity)", func(m *Machine, a []any) (any, error) {
			if err := builderCapacity(a[1]); err != nil {
				return nil, err
			}
			return newBuilder(m, text(a[0]), intArg(a[1]), maxInt)
		}),
		member("new(string value, int startIndex, int length, int capacity)", func(m *Machine, a []any) (any, error) {
			s, start, n := text(a[0]), intArg(a[1]), intArg(a[2])
			switch {
			case intArg(a[3]) < 0:
				return nil, builderCapacity(a[3])
			case n < 0:
				return nil, dotnet.ArgumentOutOfRange("length", "'length' must be non-negative.")
			case start < 0:
				return nil, dotnet.ArgumentOutOfRange("startIndex", "StartIndex cannot be less than zero.")
			case start > dotnet.Length(s)-n:
				return nil, dotnet.ArgumentOutOfRange("length", "Index and length must refer to a location within the string.")
			}
			part, err := dotnet.Substring(s, start, n)
			if err != nil {
				return nil, err
			}
			return newBuilder(m, part, intArg(a[3]), maxInt)
		}),
		member("new(int capacity, int maxCapacity)", func(m *Machine, a []any) (any, error) {
			capacity, limit := intArg(a[0]), intArg(a[1])
			switch {
			case capacity > limit:
				return nil, dotnet.ArgumentOutOfRange("capacity", "Capacity exceeds maximum capacity.")
			case limit < 1:
				return nil, dotnet.ArgumentOutOfRange("maxCapacity", "MaxCapacity must be one or greater.")
			case capacity < 0:
				return nil, builderCapacity(a[0])
			}
			return newBuilder(m, "", capacity, limit)
		}),
	}
}

const maxInt = 1<<31 - 1

var _ = declare("class System.Text.StringBuilder", builderMakers, builderAppends, builderInserts, builderChanges)

func builderChanges() []memberDecl {
	return []memberDecl{
		member("int Length { get; set; }", func(_ *Machine, a []any) (any, error) { return int32(len(builder(a).units)), nil }, builderSetLength),
		member("int Capacity { get; set; }", func(_ *Machine, a []any) (any, error) { return int32(builder(a).capacity), nil }, func(_ *Machine, a []any) (any, error) {
			b, n := builder(a), intArg(a[1])
			switch {
			case n < 0:
				return nil, dotnet.ArgumentOutOfRange("value", "Capacity must be positive.")
			case n > b.limit:
				return nil, dotnet.ArgumentOutOfRange("value", "Capacity exceeds maximum capacity.")
			case n < len(b.units):
				return nil, dotnet.ArgumentOutOfRange("value", "capacity was less than the current size.")
			}
			b.capacity = n
			return nil, nil
		}),
		member("int MaxCapacity { get; }", func(_ *Machine, a []any) (any, error) { return int32(builder(a).limit), nil }),
		member("int EnsureCapacity(int capacity)", func(_ *Machine, a []any) (any, error) {
			b, n := builder(a), intArg(a[1])
			switch {
			case n < 0:
				return nil, dotnet.ArgumentOutOfRange("capacity", "Capacity must be positive.")
			case n > b.limit:
				return nil, dotnet.ArgumentOutOfRange("value", "Capacity exceeds maximum capacity.")
			}
			b.capacity = max(b.capacity, n)
			return int32(b.capacity), nil
		}),
		member("char this[int index] { get; set; }", func(_ *Machine, a []any) (any, error) {
			b, i := builder(a), intArg(a[1])
			if i < 0 || i >= len(b.units) {
				return nil, dotnet.IndexOutOfRange()
			}
			return dotnet.Char(b.units[i]), nil
		}, func(_ *Machine, a []any) (any, error) {
			b, i := builder(a), intArg(a[1])
			if i < 0 || i >= len(b.units) {
				return nil, indexOutOfRange("index")
			}
			b.units[i] = uint16(a[2].(dotnet.Char))
			return nil, nil
		}),
		member("StringBuilder Clear()", func(_ *Machine, a []any) (any, error) {
			builder(a).units = nil
			return a[0], nil
		}),
		member("StringBuilder Remove(int startIndex, int length)", func(m *Machine, a []any) (any, error) {
			b, start, n := builder(a), intArg(a[1]), intArg(a[2])
			switch {
			case n < 0:
				return nil, dotnet.ArgumentOutOfRange("length", negativeLength)
			case start < 0:
				return nil, dotnet.ArgumentOutOfRange("startIndex", "StartIndex cannot be less than zero.")
			case n > len(b.units)-start:
				return nil, indexOutOfRange("length")
			}
			b.units = slices.Delete(b.units, start, start+n)
			return b, m.Spend((len(b.units) - start) / textPerStep)
		}),
		member("StringBuilder Replace(string oldValue, string newValue)", builderReplace),
		member("StringBuilder Replace(string oldValue, string newValue, int startIndex, int count)", builderReplace),
		member("StringBuilder Replace(char oldChar, char newChar)", builderReplaceChar),
		member("StringBuilder Replace(char oldChar, char newChar, int startIndex, int count)", builderReplaceChar),
		member("string ToString()", func(m *Machine, a []any) (any, error) { return orNil(builder(a).ToString(m)) }),
		member("string ToString(int startIndex, int length)", func(m *Machine, a []any) (any, error) {
			b, start, n := builder(a), intArg(a[1]), intArg(a[2])
			switch {
			case start < 0:
				return nil, dotnet.ArgumentOutOfRange("startIndex", "StartIndex cannot be less than zero.")
			case start > len(b.units):
				return nil, dotnet.ArgumentOutOfRange("startIndex", "startIndex cannot be larger than length of string.")
			case n < 0:
				return nil, dotnet.ArgumentOutOfRange("length", negativeLength)
			case start > len(b.units)-n:
				return nil, dotnet.ArgumentOutOfRange("length", "Index and length must refer to a location within the string.")
			}
			return m.newText(b.slice(start, n), nil)
		}),
		member("void CopyTo(int sourceIndex, char[] destination, int destinationIndex, int count)", builderCopyTo),
		member("bool Equals(StringBuilder sb)", func(_ *Machine, a []any) (any, error) {
			other, ok := a[1].(*builderObject)
			return ok && slices.Equal(builder(a).units, other.units), nil
		}),
	}
}

func builderSetLength(m *Machine, a []any) (any, error) {
	b, n := builder(a), intArg(a[1])
	switch {
	case n > b.limit:
		return nil, dotnet.ArgumentOutOfRange("value", "capacity was less than the current size.")
	case n < 0:
		return nil, dotnet.ArgumentOutOfRange("value", negativeLength)
	case n <= len(b.units):
		b.units = b.units[:n]
		return nil, nil
	}
	more := n - len(b.units)
	if err := b.room(m, more, "value", "capacity was less than the current size."); err != nil {
		return nil, err
	}
	b.units = append(b.units, make([]uint16, more)...)
	return nil, nil
}

// builderPart are startIndex and count, the arguments from a[3] on, if they are
// there.
func builderPart(b *builderObject, a []any) (start, n int, err error) {
	if len(a) < 5 {
		return 0, len(b.units), nil
	}
	start, n = intArg(a[3]), intArg(a[4])
	switch {
	case start < 0 || start > len(b.units):
		return 0, 0, indexOutOfRange("startIndex")
	case n < 0 || start > len(b.units)-n:
		return 0, 0, indexOutOfRange("count")
	}
	return start, n, nil
}

func builderReplace(m *Machine, a []any) (any, error) {
	b := builder(a)
	start, n, err := builderPart(b, a)
	switch {
	case err != nil:
		return nil, err
	case a[1] == nil:
		return nil, dotnet.ArgumentNull("oldValue")
	case a[1] == "":
		return nil, dotnet.Argument("Empty name is not legal.", "oldValue")
	}
	part, old, value := b.slice(start, n), a[1].(string), text(a[2])
	if err := m.Allocate(2*dotnet.ReplacedLength(part, old, value) + 2*len(b.units)); err != nil {
		return nil, err
	}
	replaced, err := dotnet.Replace(part, old, value)
	if err != nil {
		return nil, err
	}
	return b, b.put(m, start, n, replaced)
}

func builderReplaceChar(m *Machine, a []any) (any, error) {
	b, old, value := builder(a), uint16(a[1].(dotnet.Char)), uint16(a[2].(dotnet.Char))
	start, n, err := builderPart(b, a)
	if err != nil {
		return nil, err
	}
	for i := start; i < start+n; i++ {
		if b.units[i] == old {
			b.units[i] = value
		}
	}
	return b, m.Spend(n / textPerStep)
}

// put puts a text in the place of n units from start on.
func (b *builderObject) put(m *Machine, start, n int, s string) error {
	units := dotnet.Units(s)
	if err := b.room(m, max(len(units)-n, 0), "requiredLength", "capacity was less than the current size."); err != nil {
		return err
	}
	b.units = slices.Concat(b.units[:start], units, b.units[start+n:])
	return m.Spend(len(b.units) / textPerStep)
}

func builderCopyTo(m *Machine, a []any) (any, error) {
	if err := notNull(a, "", "", "destination"); err != nil {
		return nil, err
	}
	b, to := builder(a), array(a[2])
	from, at, n := intArg(a[1]), intArg(a[3]), intArg(a[4])
	switch {
	case n < 0:
		return nil, dotnet.ArgumentOutOfRange("count", "Argument count must not be negative.")
	case at < 0:
		return nil, dotnet.ArgumentOutOfRange("destinationIndex", "'destinationIndex' must be non-negative.")
	case at > to.Len()-n:
		return nil, dotnet.Argument("Either offset did not refer to a position in the string, or there is an insufficient length of destination character array.", "")
	case from < 0 || from > len(b.units):
		return nil, indexOutOfRange("sourceIndex")
	case from > len(b.units)-n:
		return nil, dotnet.Argument("Source string was not long enough. Check sourceIndex and count.", "")
	}
	for i, u := range b.units[from : from+n] {
		to.Set(at+i, dotnet.Char(u))
	}
	return nil, m.Spend(n)
}

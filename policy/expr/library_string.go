package expr

import (
	"github.com/apimulator/apimulator/policy/expr/dotnet"
)

// System.String. What its members do is package dotnet's; here they get their
// signatures, the checks for null, and what they cost.
var _ = declare("class System.String : System.IComparable, System.IComparable<string>, System.IEquatable<string>, IEnumerable<char>, System.ICloneable, System.IConvertible",
	stringParts, stringSearches, stringChanges, stringSplits, stringComparisons, stringJoins)

var _ = declare("interface System.ICloneable", func() []memberDecl {
	return []memberDecl{
		member("object Clone()", func(_ *Machine, a []any) (any, error) { return a[0], nil }),
	}
})

func stringParts() []memberDecl {
	return []memberDecl{
		member("new(char[] value)", func(m *Machine, a []any) (any, error) { return m.newText(dotnet.FromChars(charsOf(a[0])), nil) }),
		member("new(char c, int count)", func(m *Machine, a []any) (any, error) {
			n := intArg(a[1])
			if n < 0 {
				return nil, dotnet.ArgumentOutOfRange("count", "Count cannot be less than zero.")
			}
			if err := m.Allocate(3 * n); err != nil {
				return nil, err
			}
			return dotnet.RepeatChar(a[0].(dotnet.Char), n), nil
		}),
		member("new(char[] value, int startIndex, int length)", func(m *Machine, a []any) (any, error) {
			if a[0] == nil {
				return nil, dotnet.ArgumentNull("value")
			}
			chars, start, n := charsOf(a[0]), intArg(a[1]), intArg(a[2])
			switch {
			case start < 0:
				return nil, dotnet.ArgumentOutOfRange("startIndex", "StartIndex cannot be less than zero.")
			case n < 0:
				return nil, dotnet.ArgumentOutOfRange("length", "Length cannot be less than zero.")
			case start > len(chars)-n:
				return nil, dotnet.ArgumentOutOfRange("startIndex", indexRange)
			}
			return m.newText(dotnet.FromChars(chars[start:start+n]), nil)
		}),
		member("static string Empty { get; }", always("")),
		member("int Length { get; }", func(m *Machine, a []any) (any, error) {
			s := a[0].(string)
			if dotnet.IsASCII(s) {
				return int32(len(s)), m.Spend(len(s) / asciiPerStep)
			}
			return int32(dotnet.Length(s)), m.read(s)
		}),
		member("char this[int index] { get; }", func(m *Machine, a []any) (any, error) {
			s, i := a[0].(string), intArg(a[1])
			if i >= 0 && i < len(s) && dotnet.IsASCII(s[:i+1]) {
				return dotnet.Char(s[i]), m.Spend(i / asciiPerStep)
			}
			c, err := dotnet.CharAt(s, i)
			if err != nil {
				return nil, err
			}
			return c, m.Spend(2 * i / textPerStep)
		}),
		member("object Clone()", func(_ *Machine, a []any) (any, error) { return a[0], nil }),
		member("static string Copy(string str)", func(m *Machine, a []any) (any, error) {
			if err := notNull(a, "str"); err != nil {
				return nil, err
			}
			return a[0], nil
		}),
		member("static string Intern(string str)", func(m *Machine, a []any) (any, error) { return a[0], notNull(a, "str") }),
		member("static string IsInterned(string str)", func(m *Machine, a []any) (any, error) { return a[0], notNull(a, "str") }),
		member("static bool IsNullOrEmpty(string value)", func(_ *Machine, a []any) (any, error) { return text(a[0]) == "", nil }).
			directly(directNullTest(func(s string) bool { return s == "" })),
		member("static bool IsNullOrWhiteSpace(string value)", func(m *Machine, a []any) (any, error) {
			return dotnet.Trim(text(a[0]), nil, true, false) == "", m.read(text(a[0]))
		}),
		member("string ToString()", func(_ *Machine, a []any) (any, error) { return a[0], nil }),
		member("string ToString(IFormatProvider provider)", func(_ *Machine, a []any) (any, error) { return a[0], nil }),
		member("System.TypeCode GetTypeCode()", typeCodeMember),
		member("IEnumerator<char> GetEnumerator()", enumerate),
		member("char[] ToCharArray()", func(m *Machine, a []any) (any, error) { return m.newChars(dotnet.CharsOf(a[0].(string))) }),
		member("char[] ToCharArray(int startIndex, int length)", func(m *Machine, a []any) (any, error) {
			start, n := intArg(a[1]), intArg(a[2])
			chars := dotnet.CharsOf(a[0].(string))
			switch {
			case start < 0 || start > len(chars) || start > len(chars)-n:
				return nil, indexOutOfRange("startIndex")
			case n < 0:
				return nil, indexOutOfRange("length")
			}
			return m.newChars(chars[start : start+n])
		}),
		member("void CopyTo(int sourceIndex, char[] destination, int destinationIndex, int count)", func(m *Machine, a []any) (any, error) {
			if err := notNull(a, "", "", "destination"); err != nil {
				return nil, err
			}
			chars, to := dotnet.CharsOf(a[0].(string)), array(a[2])
			from, at, n := intArg(a[1]), intArg(a[3]), intArg(a[4])
			switch {
			case n < 0:
				return nil, dotnet.ArgumentOutOfRange("count", "Count cannot be less than zero.")
			case from < 0:
				return nil, indexOutOfRange("sourceIndex")
			case n > len(chars)-from:
				return nil, dotnet.ArgumentOutOfRange("sourceIndex", "Index and count must refer to a location within the string.")
			case at > to.Len()-n || at < 0:
				return nil, dotnet.ArgumentOutOfRange("destinationIndex", "Index and count must refer to a location within the string.")
			}
			for i, c := range chars[from : from+n] {
				to.Set(at+i, c)
			}
			return nil, m.Spend(n)
		}),
	}
}

// textPerStep is how many bytes of text a call goes through in about the time
// that a step takes.
const textPerStep = 64

// asciiPerStep is textPerStep for a glance at a text that is plain ASCII.
const asciiPerStep = 1024

// read counts the work of going through texts.
func (m *Machine) read(texts ...string) error {
	n := 0
	for _, s := range texts {
		n += len(s)
	}
	return m.Spend(n / textPerStep)
}

// newText counts a text that a call has made.
func (m *Machine) newText(s string, err error) (any, error) {
	if err == nil {
		err = m.Allocate(len(s))
	}
	if err != nil {
		return nil, err
	}
	return s, m.Spend(len(s) / textPerStep)
}

// newChars is a char[].
func (m *Machine) newChars(chars []dotnet.Char) (any, error) {
	elems := make([]any, len(chars))
	for i, c := range chars {
		elems[i] = c
	}
	return NewArray(basic.char, elems), m.Allocate(18 * len(chars))
}

// newTexts is a string[].
func (m *Machine) newTexts(texts []string, err error) (any, error) {
	if err != nil {
		return nil, err
	}
	elems := make([]any, len(texts))
	n := 32 * len(texts)
	for i, s := range texts {
		elems[i] = s
		n += len(s)
	}
	return NewArray(basic.string, elems), m.Allocate(n)
}

// charsOf are the elements of a char[]; none of null.
func charsOf(v any) []dotnet.Char {
	if v == nil {
		return nil
	}
	values := array(v)
	chars := make([]dotnet.Char, values.Len())
	for i := range chars {
		chars[i] = values.At(i).(dotnet.Char)
	}
	return chars
}

// textsOf are the elements of a string[], null as ""; none of null.
func textsOf(v any) []string {
	if v == nil {
		return nil
	}
	values := array(v)
	texts := make([]string, values.Len())
	for i := range texts {
		texts[i] = text(values.At(i))
	}
	return texts
}

// ofText is a member of a text without arguments that gives a text.
func ofText(f func(string) string) func(*Machine, []any) (any, error) {
	return func(m *Machine, a []any) (any, error) { return m.newText(f(a[0].(string)), nil) }
}

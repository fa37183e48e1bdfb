package expr

import "github.com/apimulator/apimulator/policy/expr/dotnet"

var _ = declare("struct System.Char : System.IComparable, System.IComparable<char>, System.IEquatable<char>, System.IConvertible", func() []memberDecl {
	return append(charTests(),
		constant("const char MinValue", dotnet.Char(0)),
		constant("const char MaxValue", dotnet.Char(0xFFFF)),
		member("static bool IsHighSurrogate(char c)", charIs(isHighSurrogate)),
		member("static bool IsHighSurrogate(string s, int index)", unitAtIs(isHighSurrogate)),
		member("static bool IsLowSurrogate(char c)", charIs(isLowSurrogate)),
		member("static bool IsLowSurrogate(string s, int index)", unitAtIs(isLowSurrogate)),
		member("static bool IsSurrogate(char c)", charIs(isSurrogate)),
		member("static bool IsSurrogate(string s, int index)", unitAtIs(isSurrogate)),
		member("static bool IsSurrogatePair(char highSurrogate, char lowSurrogate)", func(_ *Machine, a []any) (any, error) {
			return isHighSurrogate(rune(a[0].(dotnet.Char))) && isLowSurrogate(rune(a[1].(dotnet.Char))), nil
		}),
		member("static bool IsSurrogatePair(string s, int index)", func(m *Machine, a []any) (any, error) {
			r, err := codePointAt(m, a)
			return orNil(r > 0xFFFF, err)
		}),
		member("static double GetNumericValue(char c)", func(_ *Machine, a []any) (any, error) { return dotnet.NumericValue(rune(a[0].(dotnet.Char))), nil }),
		member("static double GetNumericValue(string s, int index)", func(m *Machine, a []any) (any, error) {
			r, err := codePointAt(m, a)
			return orNil(dotnet.NumericValue(r), err)
		}),
		member("static System.Globalization.UnicodeCategory GetUnicodeCategory(char c)", func(_ *Machine, a []any) (any, error) {
			return categoryOf(rune(a[0].(dotnet.Char))), nil
		}),
		member("static System.Globalization.UnicodeCategory GetUnicodeCategory(string s, int index)", func(m *Machine, a []any) (any, error) {
			r, err := codePointAt(m, a)
			if err != nil {
				return nil, err
			}
			return categoryOf(r), nil
		}),
		member("static char ToUpper(char c)", ofChar(dotnet.ToUpperChar)),
		member("static char ToUpper(char c, System.Globalization.CultureInfo culture)", ofCharIn(dotnet.ToUpperChar)),
		member("static char ToUpperInvariant(char c)", ofChar(dotnet.ToUpperChar)),
		member("static char ToLower(char c)", ofChar(dotnet.ToLowerChar)),
		member("static char ToLower(char c, System.Globalization.CultureInfo culture)", ofCharIn(dotnet.ToLowerChar)),
		member("static char ToLowerInvariant(char c)", ofChar(dotnet.ToLowerChar)),
		member("static string ConvertFromUtf32(int utf32)", func(_ *Machine, a []any) (any, error) { return orNil(dotnet.ConvertFromUTF32(a[0].(int32))) }),
		member("static int ConvertToUtf32(char highSurrogate, char lowSurrogate)", func(_ *Machine, a []any) (any, error) {
			return orNil(dotnet.ConvertToUTF32(a[0].(dotnet.Char), a[1].(dotnet.Char)))
		}),
		member("static int ConvertToUtf32(string s, int index)", func(m *Machine, a []any) (any, error) {
			if a[0] == nil {
				return nil, dotnet.ArgumentNull("s")
			}
			if err := m.read(a[0].(string)); err != nil {
				return nil, err
			}
			return orNil(dotnet.ConvertToUTF32At(a[0].(string), intArg(a[1])))
		}),
		member("static char Parse(string s)", func(_ *Machine, a []any) (any, error) {
			if a[0] == nil {
				return nil, dotnet.ArgumentNull("s")
			}
			return orNil(dotnet.ParseChar(a[0].(string)))
		}),
		member("static bool TryParse(string s, out char result)", func(_ *Machine, a []any) (any, error) {
			c, err := dotnet.ParseChar(text(a[0]))
			a[1].(*Ref).Value = c
			return err == nil, nil
		}),
		member("static string ToString(char c)", func(_ *Machine, a []any) (any, error) { return a[0].(dotnet.Char).String(), nil }),
		member("string ToString()", func(_ *Machine, a []any) (any, error) { return a[0].(dotnet.Char).String(), nil }),
		member("string ToString(IFormatProvider provider)", func(_ *Machine, a []any) (any, error) { return a[0].(dotnet.Char).String(), nil }),
		member("int CompareTo(char value)", compareTo),
		member("int CompareTo(object value)", compareTo),
		member("bool Equals(char obj)", func(m *Machine, a []any) (any, error) { return a[0] == a[1], nil }),
		member("bool Equals(object obj)", func(m *Machine, a []any) (any, error) { return a[0] == a[1], nil }),
		member("int GetHashCode()", func(m *Machine, a []any) (any, error) { return orNil(m.Hash(a[0])) }),
		member("System.TypeCode GetTypeCode()", typeCodeMember),
	)
})

// charTests are the tests that a char and a character of a text have.
func charTests() []memberDecl {
	tests := []struct {
		name string
		is   func(rune) bool
	}{
		{"IsLetter", dotnet.IsLetter}, {"IsDigit", dotnet.IsDigit}, {"IsLetterOrDigit", dotnet.IsLetterOrDigit}, {"IsNumber", dotnet.IsNumber},
		{"IsUpper", dotnet.IsUpper}, {"IsLower", dotnet.IsLower}, {"IsWhiteSpace", dotnet.IsWhiteSpace}, {"IsPunctuation", dotnet.IsPunctuation},
		{"IsSymbol", dotnet.IsSymbol}, {"IsSeparator", dotnet.IsSeparator}, {"IsControl", dotnet.IsControl},
	}
	members := make([]memberDecl, 0, 2*len(tests)+32)
	for _, t := range tests {
		members = append(members, member("static bool "+t.name+"(char c)", charIs(t.is)), member("static bool "+t.name+"(string s, int index)", charAtIs(t.is)))
	}
	return members
}

func isHighSurrogate(r rune) bool { return r >= 0xD800 && r < 0xDC00 }
func isLowSurrogate(r rune) bool  { return r >= 0xDC00 && r < 0xE000 }
func isSurrogate(r rune) bool     { return r >= 0xD800 && r < 0xE000 }

func charIs(is func(rune) bool) func(*Machine, []any) (any, error) {
	return func(_ *Machine, a []any) (any, error) { return is(rune(a[0].(dotnet.Char))), nil }
}

// charAtIs is a test of the character at an index of a text.
func charAtIs(is func(rune) bool) func(*Machine, []any) (any, error) {
	return func(m *Machine, a []any) (any, error) {
		r, err := codePointAt(m, a)
		if err != nil {
			return nil, err
		}
		return is(r), nil
	}
}

// unitAtIs is a test of the unit at an index, which of a pair is a half.
func unitAtIs(is func(rune) bool) func(*Machine, []any) (any, error) {
	return func(m *Machine, a []any) (any, error) {
		if _, err := codePointAt(m, a); err != nil {
			return nil, err
		}
		c, err := dotnet.CharAt(a[0].(string), intArg(a[1]))
		if err != nil {
			return nil, err
		}
		return is(rune(c)), nil
	}
}

func codePointAt(m *Machine, a []any) (rune, error) {
	if a[0] == nil {
		return 0, dotnet.ArgumentNull("s")
	}
	if err := m.read(a[0].(string)); err != nil {
		return 0, err
	}
	return dotnet.CodePointAt(a[0].(string), intArg(a[1]))
}

func ofChar(to func(rune) rune) func(*Machine, []any) (any, error) {
	return func(_ *Machine, a []any) (any, error) { return dotnet.Char(to(rune(a[0].(dotnet.Char)))), nil }
}

// ofCharIn is ofChar with a culture, which must be there.
func ofCharIn(to func(rune) rune) func(*Machine, []any) (any, error) {
	return func(_ *Machine, a []any) (any, error) {
		if a[1] == nil {
			return nil, dotnet.ArgumentNull("culture")
		}
		return dotnet.Char(to(rune(a[0].(dotnet.Char)))), nil
	}
}

func categoryOf(r rune) EnumObject {
	return EnumObject{typeOf("System.Globalization.UnicodeCategory"), int64(dotnet.Category(r))}
}

var _ = declareEnum("enum System.Globalization.UnicodeCategory", EnumValue{"UppercaseLetter", 0}, EnumValue{"LowercaseLetter", 1}, EnumValue{"TitlecaseLetter", 2},
	EnumValue{"ModifierLetter", 3}, EnumValue{"OtherLetter", 4}, EnumValue{"NonSpacingMark", 5}, EnumValue{"SpacingCombiningMark", 6},
	EnumValue{"EnclosingMark", 7}, EnumValue{"DecimalDigitNumber", 8}, EnumValue{"LetterNumber", 9}, EnumValue{"OtherNumber", 10},
	EnumValue{"SpaceSeparator", 11}, EnumValue{"LineSeparator", 12}, EnumValue{"ParagraphSeparator", 13}, EnumValue{"Control", 14},
	EnumValue{"Format", 15}, EnumValue{"Surrogate", 16}, EnumValue{"PrivateUse", 17}, EnumValue{"ConnectorPunctuation", 18},
	EnumValue{"DashPunctuation", 19}, EnumValue{"OpenPunctuation", 20}, EnumValue{"ClosePunctuation", 21}, EnumValue{"InitialQuotePunctuation", 22},
	EnumValue{"FinalQuotePunctuation", 23}, EnumValue{"OtherPunctuation", 24}, EnumValue{"MathSymbol", 25}, EnumValue{"CurrencySymbol", 26},
	EnumValue{"ModifierSymbol", 27}, EnumValue{"OtherSymbol", 28}, EnumValue{"OtherNotAssigned", 29})

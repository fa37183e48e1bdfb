package expr

import "github.com/apimulator/apimulator/policy/expr/dotnet"

func stringComparisons() []memberDecl {
	return []memberDecl{
		member("static bool operator ==(string a, string b)", func(_ *Machine, a []any) (any, error) { return a[0] == a[1], nil }),
		member("static bool operator !=(string a, string b)", func(_ *Machine, a []any) (any, error) { return a[0] != a[1], nil }),
		member("bool Equals(object obj)", func(_ *Machine, a []any) (any, error) { return a[0] == a[1], nil }),
		member("bool Equals(string value)", func(_ *Machine, a []any) (any, error) { return a[0] == a[1], nil }),
		member("bool Equals(string value, StringComparison comparisonType)", equalTexts),
		member("static bool Equals(string a, string b)", func(_ *Machine, a []any) (any, error) { return a[0] == a[1], nil }),
		member("static bool Equals(string a, string b, StringComparison comparisonType)", equalTexts),
		member("int GetHashCode()", func(m *Machine, a []any) (any, error) { return orNil(m.Hash(a[0])) }),
		member("int GetHashCode(StringComparison comparisonType)", func(m *Machine, a []any) (any, error) {
			key, err := dotnet.ComparisonKey(a[0].(string), howOf(a[1]))
			if err != nil {
				return nil, err
			}
			return orNil(m.Hash(key))
		}),
		member("int CompareTo(object value)", func(m *Machine, a []any) (any, error) {
			if _, ok := a[1].(string); !ok && a[1] != nil {
				return nil, dotnet.Argument("Object must be of type String.", "")
			}
			return compareNullable(m, a[0], a[1], dotnet.CurrentCulture)
		}),
		member("int CompareTo(string strB)", func(m *Machine, a []any) (any, error) { return compareNullable(m, a[0], a[1], dotnet.CurrentCulture) }),
		member("static int Compare(string strA, string strB)", func(m *Machine, a []any) (any, error) { return compareNullable(m, a[0], a[1], dotnet.CurrentCulture) }),
		member("static int Compare(string strA, string strB, bool ignoreCase)", func(m *Machine, a []any) (any, error) {
			return compareNullable(m, a[0], a[1], cultural(a[2].(bool)))
		}),
		member("static int Compare(string strA, string strB, StringComparison comparisonType)", func(m *Machine, a []any) (any, error) {
			return compareNullable(m, a[0], a[1], howOf(a[2]))
		}),
		member("static int Compare(string strA, string strB, bool ignoreCase, System.Globalization.CultureInfo culture)", func(m *Machine, a []any) (any, error) {
			return compareNullable(m, a[0], a[1], cultural(a[2].(bool)))
		}),
		member("static int Compare(string strA, int indexA, string strB, int indexB, int length)", func(m *Machine, a []any) (any, error) {
			return compareByCulture(m, a, dotnet.CurrentCulture)
		}),
		member("static int Compare(string strA, int indexA, string strB, int indexB, int length, bool ignoreCase)", func(m *Machine, a []any) (any, error) {
			return compareByCulture(m, a, cultural(a[5].(bool)))
		}),
		member("static int Compare(string strA, int indexA, string strB, int indexB, int length, bool ignoreCase, System.Globalization.CultureInfo culture)", func(m *Machine, a []any) (any, error) {
			return compareByCulture(m, a, cultural(a[5].(bool)))
		}),
		member("static int Compare(string strA, int indexA, string strB, int indexB, int length, StringComparison comparisonType)", func(m *Machine, a []any) (any, error) {
			return compareParts(m, a, howOf(a[5]))
		}),
		member("static int CompareOrdinal(string strA, string strB)", func(m *Machine, a []any) (any, error) { return compareNullable(m, a[0], a[1], dotnet.Ordinal) }),
		member("static int CompareOrdinal(string strA, int indexA, string strB, int indexB, int length)", func(m *Machine, a []any) (any, error) {
			if a[0] != nil && a[2] != nil && intArg(a[4]) < 0 {
				return nil, dotnet.ArgumentOutOfRange("length", "Count cannot be less than zero.")
			}
			return compareParts(m, a, dotnet.Ordinal)
		}),
	}
}

// equalTexts is Equals(a, b, how); null equals null.
func equalTexts(m *Machine, a []any) (any, error) {
	how := howOf(a[2])
	if err := m.compared(how, text(a[0]), text(a[1])); err != nil {
		return nil, err
	}
	equal, err := dotnet.EqualText(text(a[0]), text(a[1]), how)
	if err != nil {
		return nil, err
	}
	return equal && (a[0] == nil) == (a[1] == nil), nil
}

// compareNullable is Compare(a, b, how); null comes first.
func compareNullable(m *Machine, a, b any, how dotnet.StringComparison) (any, error) {
	if err := m.compared(how, text(a), text(b)); err != nil {
		return nil, err
	}
	n, err := dotnet.CompareText(text(a), text(b), how)
	switch {
	case err != nil:
		return nil, err
	case a == nil && b == nil:
		return int32(0), nil
	case a == nil:
		return int32(-1), nil
	case b == nil:
		return int32(1), nil
	}
	return int32(n), nil
}

func compareParts(m *Machine, a []any, how dotnet.StringComparison) (any, error) {
	if a[0] == nil || a[2] == nil {
		return compareNullable(m, a[0], a[2], how)
	}
	if err := m.compared(how, a[0].(string), a[2].(string)); err != nil {
		return nil, err
	}
	return asInt(dotnet.CompareParts(a[0].(string), intArg(a[1]), a[2].(string), intArg(a[3]), intArg(a[4]), how))
}

// compareByCulture compares parts as a culture's CompareInfo does, whose
// exceptions name its parameters: length units of each text from an index on, or
// as many as there are. A null text is empty.
func compareByCulture(m *Machine, a []any, how dotnet.StringComparison) (any, error) {
	var total, start, n [2]int
	for i := range 2 {
		start[i], n[i] = intArg(a[2*i+1]), intArg(a[4])
		if a[2*i] != nil {
			total[i] = dotnet.Length(a[2*i].(string))
			n[i] = min(n[i], total[i]-start[i])
		}
	}
	for i, number := range []string{"1", "2"} {
		if n[i] < 0 {
			return nil, dotnet.ArgumentOutOfRange("length"+number, "Positive number required.")
		}
	}
	for i, number := range []string{"1", "2"} {
		if start[i] < 0 {
			return nil, dotnet.ArgumentOutOfRange("offset"+number, "Positive number required.")
		}
	}
	for i, number := range []string{"1", "2"} {
		if start[i] > total[i]-n[i] {
			return nil, dotnet.ArgumentOutOfRange("string"+number, "Offset and length must refer to a position in the string.")
		}
	}
	return compareParts(m, a, how)
}

package expr

import (
	"hash/maphash"

	"github.com/apimulator/apimulator/policy/expr/dotnet"
)

var (
	_ = declareEnum("enum System.StringComparison", EnumValue{"CurrentCulture", 0}, EnumValue{"CurrentCultureIgnoreCase", 1},
		EnumValue{"InvariantCulture", 2}, EnumValue{"InvariantCultureIgnoreCase", 3}, EnumValue{"Ordinal", 4}, EnumValue{"OrdinalIgnoreCase", 5})
	_ = declareEnum("flags enum System.StringSplitOptions", EnumValue{"None", 0}, EnumValue{"RemoveEmptyEntries", 1})
	_ = declareEnum("enum System.Text.NormalizationForm", EnumValue{"FormC", 1}, EnumValue{"FormD", 2}, EnumValue{"FormKC", 5}, EnumValue{"FormKD", 6})
)

var _ = declare("abstract class System.StringComparer : System.Collections.IComparer, System.Collections.IEqualityComparer, System.Collections.Generic.IComparer<string>, System.Collections.Generic.IEqualityComparer<string>", func() []memberDecl {
	return []memberDecl{
		member("static StringComparer Ordinal { get; }", stringComparer(dotnet.Ordinal)),
		member("static StringComparer OrdinalIgnoreCase { get; }", stringComparer(dotnet.OrdinalIgnoreCase)),
		member("static StringComparer InvariantCulture { get; }", stringComparer(dotnet.InvariantCulture)),
		member("static StringComparer InvariantCultureIgnoreCase { get; }", stringComparer(dotnet.InvariantCultureIgnoreCase)),
		member("static StringComparer CurrentCulture { get; }", stringComparer(dotnet.CurrentCulture)),
		member("static StringComparer CurrentCultureIgnoreCase { get; }", stringComparer(dotnet.CurrentCultureIgnoreCase)),
		member("static StringComparer FromComparison(StringComparison comparisonType)", func(_ *Machine, a []any) (any, error) {
			how := howOf(a[0])
			if _, err := dotnet.CompareText("", "", how); err != nil {
				return nil, err
			}
			return &textComparer{how}, nil
		}),
		member("static StringComparer Create(System.Globalization.CultureInfo culture, bool ignoreCase)", func(_ *Machine, a []any) (any, error) {
			if a[0] == nil {
				return nil, dotnet.ArgumentNull("culture")
			}
			return &textComparer{cultural(a[1].(bool))}, nil
		}),
		member("int Compare(string x, string y)", comparerCompare),
		member("int Compare(object x, object y)", comparerCompare),
		member("bool Equals(string x, string y)", comparerEquals),
		member("bool Equals(object x, object y)", comparerEquals),
		member("int GetHashCode(string obj)", comparerHash),
		member("int GetHashCode(object obj)", comparerHash),
	}
})

func stringComparer(how dotnet.StringComparison) func(*Machine, []any) (any, error) {
	if how == dotnet.CurrentCulture || how == dotnet.CurrentCultureIgnoreCase {
		// The culture may have changed: it is a new one each time.
		return func(*Machine, []any) (any, error) { return &textComparer{how}, nil }
	}
	return always(&textComparer{how})
}

// textComparer is a StringComparer.
type textComparer struct{ how dotnet.StringComparison }

// DotnetType is part of Object.
func (*textComparer) DotnetType() *Type { return typeOf("System.StringComparer") }

// EqualTo is part of Equaler.
func (c *textComparer) EqualTo(_ *Machine, other any) (bool, error) {
	o, ok := other.(*textComparer)
	return ok && (o.how == c.how || o.how^c.how == dotnet.InvariantCulture && o.how < dotnet.Ordinal && c.how < dotnet.Ordinal), nil
}

// HashCode is part of Hasher.
func (c *textComparer) HashCode(*Machine) (int32, error) {
	if c.how < dotnet.Ordinal {
		return int32(c.how & 1), nil
	}
	return int32(c.how), nil
}

// Order is part of ordering.
func (c *textComparer) Order(m *Machine, x, y any) (int, error) {
	_, okX := x.(string)
	_, okY := y.(string)
	if okX && okY || x == nil || y == nil {
		n, err := compareNullable(m, x, y, c.how)
		if err != nil {
			return 0, err
		}
		return int(n.(int32)), nil
	}
	return m.Compare(x, y)
}

// Equivalent is part of equivalence.
func (c *textComparer) Equivalent(m *Machine, x, y any) (bool, error) {
	a, okX := x.(string)
	b, okY := y.(string)
	if !okX || !okY {
		return m.Equal(x, y)
	}
	if err := m.compared(c.how, a, b); err != nil {
		return false, err
	}
	return dotnet.EqualText(a, b, c.how)
}

// HashOf is part of equivalence.
func (c *textComparer) HashOf(m *Machine, v any) (int32, error) {
	switch s, ok := v.(string); {
	case v == nil:
		return 0, dotnet.ArgumentNull("obj")
	case !ok:
		return hashOf(m, v)
	default:
		if err := m.compared(c.how, s); err != nil {
			return 0, err
		}
		key, err := dotnet.ComparisonKey(s, c.how)
		return int32(maphash.String(hashSeed, key)), err
	}
}

package expr

import "github.com/apimulator/apimulator/policy/expr/dotnet"

// What puts texts together: Format, Concat and Join.
func stringJoins() []memberDecl {
	return []memberDecl{
		member("static string Format(string format, object arg0)", formatText),
		member("static string Format(string format, object arg0, object arg1)", formatText),
		member("static string Format(string format, object arg0, object arg1, object arg2)", formatText),
		member("static string Format(string format, params object[] args)", formatArray),
		member("static string Format(IFormatProvider provider, string format, object arg0)", formatTextIn),
		member("static string Format(IFormatProvider provider, string format, object arg0, object arg1)", formatTextIn),
		member("static string Format(IFormatProvider provider, string format, object arg0, object arg1, object arg2)", formatTextIn),
		member("static string Format(IFormatProvider provider, string format, params object[] args)", formatArrayIn),

		member("static string Concat(object arg0)", concatValues),
		member("static string Concat(object arg0, object arg1)", concatValues),
		member("static string Concat(object arg0, object arg1, object arg2)", concatValues),
		member("static string Concat(params object[] args)", concatArray("args")),
		member("static string Concat(string str0, string str1)", concatValues),
		member("static string Concat(string str0, string str1, string str2)", concatValues),
		member("static string Concat(string str0, string str1, string str2, string str3)", concatValues),
		member("static string Concat(params string[] values)", concatArray("values")),
		member("static string Concat(IEnumerable<string> values)", func(m *Machine, a []any) (any, error) { return joinSequence(m, "", a[0], basic.string) }),
		member("static string Concat<T>(IEnumerable<T> values)", func(m *Machine, t []*Type, a []any) (any, error) { return joinSequence(m, "", a[0], t[0]) }),

		member("static string Join(string separator, params string[] value)", joinArray("value")),
		member("static string Join(string separator, params object[] values)", joinArray("values")),
		member("static string Join(string separator, string[] value, int startIndex, int count)", joinRange),
		member("static string Join(string separator, IEnumerable<string> values)", func(m *Machine, a []any) (any, error) {
			return joinSequence(m, separatorOf(a[0]), a[1], basic.string)
		}),
		member("static string Join<T>(string separator, IEnumerable<T> values)", func(m *Machine, t []*Type, a []any) (any, error) {
			return joinSequence(m, separatorOf(a[0]), a[1], t[0])
		}),
		member("static string Join(char separator, params string[] value)", joinArray("value")),
		member("static string Join(char separator, params object[] values)", joinArray("values")),
		member("static string Join(char separator, string[] value, int startIndex, int count)", joinRange),
		member("static string Join<T>(char separator, IEnumerable<T> values)", func(m *Machine, t []*Type, a []any) (any, error) {
			return joinSequence(m, separatorOf(a[0]), a[1], t[0])
		}),
	}
}

// formatText is Format(format, arg0 ...).
func formatText(m *Machine, a []any) (any, error) { return m.formatted(nil, a[0], a[1:]) }

// formatTextIn is Format(provider, format, arg0 ...).
func formatTextIn(m *Machine, a []any) (any, error) { return m.formatted(a[0], a[1], a[2:]) }

// formatArray is Format(format, args).
func formatArray(m *Machine, a []any) (any, error) { return m.formattedArray(nil, a[0], a[1]) }

// formatArrayIn is Format(provider, format, args).
func formatArrayIn(m *Machine, a []any) (any, error) { return m.formattedArray(a[0], a[1], a[2]) }

func (m *Machine) formattedArray(provider, format, args any) (any, error) {
	switch {
	case format == nil:
		return nil, dotnet.ArgumentNull("format")
	case args == nil:
		return nil, dotnet.ArgumentNull("args")
	}
	return m.formatted(provider, format, array(args).Values())
}

// formatted is a composite format with its arguments filled in.
func (m *Machine) formatted(provider, format any, args []any) (any, error) {
	if format == nil {
		return nil, dotnet.ArgumentNull("format")
	}
	if err := m.Allocate(len(format.(string))); err != nil {
		return nil, err
	}
	return orNil(dotnet.CompositeFormatWide(format.(string), args, func(arg any, format string, width int) (string, error) {
		s, err := m.FormatIn(arg, format, provider)
		if err == nil {
			err = m.Allocate(max(len(s), width))
		}
		return s, err
	}))
}

func separatorOf(v any) string {
	if c, ok := v.(dotnet.Char); ok {
		return c.String()
	}
	return text(v)
}

// concatValues puts the texts of values together.
func concatValues(m *Machine, a []any) (any, error) { return joinValues(m, "", a) }

// joinValues puts the texts of values together with a separator.
func joinValues(m *Machine, separator string, values []any) (any, error) {
	texts := make([]string, len(values))
	n := len(separator) * len(values)
	for i, v := range values {
		s, err := m.Text(v)
		if err != nil {
			return nil, err
		}
		texts[i] = s
		if n += len(s); n > MaxAllocation {
			return nil, m.Allocate(n)
		}
	}
	if err := m.Allocate(n + 16*len(texts)); err != nil {
		return nil, err
	}
	return dotnet.Join(separator, texts), m.Spend(n / textPerStep)
}

func concatArray(param string) func(*Machine, []any) (any, error) {
	return func(m *Machine, a []any) (any, error) {
		if a[0] == nil {
			return nil, dotnet.ArgumentNull(param)
		}
		return joinValues(m, "", array(a[0]).Values())
	}
}

func joinArray(param string) func(*Machine, []any) (any, error) {
	return func(m *Machine, a []any) (any, error) {
		if a[1] == nil {
			return nil, dotnet.ArgumentNull(param)
		}
		return joinValues(m, separatorOf(a[0]), array(a[1]).Values())
	}
}

func joinRange(m *Machine, a []any) (any, error) {
	if a[1] == nil {
		return nil, dotnet.ArgumentNull("value")
	}
	values, start, n := array(a[1]).Values(), intArg(a[2]), intArg(a[3])
	switch {
	case start < 0:
		return nil, dotnet.ArgumentOutOfRange("startIndex", "StartIndex cannot be less than zero.")
	case n < 0:
		return nil, dotnet.ArgumentOutOfRange("count", "Count cannot be less than zero.")
	case start > len(values)-n:
		return nil, dotnet.ArgumentOutOfRange("startIndex", "Index and count must refer to a location within the buffer.")
	}
	return joinValues(m, separatorOf(a[0]), values[start:start+n])
}

func joinSequence(m *Machine, separator string, values any, elem *Type) (any, error) {
	if values == nil {
		return nil, dotnet.ArgumentNull("values")
	}
	var texts []string
	n := 0
	err := m.each(values, elem, func(x any) (bool, error) {
		s, err := m.Text(x)
		if err != nil {
			return false, err
		}
		texts = append(texts, s)
		n += len(s) + len(separator)
		return false, m.Allocate(len(s) + len(separator) + 16)
	})
	if err != nil {
		return nil, err
	}
	return dotnet.Join(separator, texts), m.Spend(n / textPerStep)
}

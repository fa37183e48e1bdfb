package expr

import "github.com/apimulator/apimulator/policy/expr/dotnet"

func stringChanges() []memberDecl {
	return []memberDecl{
		member("string Substring(int startIndex)", func(m *Machine, a []any) (any, error) {
			return m.newText(dotnet.SubstringFrom(a[0].(string), intArg(a[1])))
		}),
		member("string Substring(int startIndex, int length)", func(m *Machine, a []any) (any, error) {
			return m.newText(dotnet.Substring(a[0].(string), intArg(a[1]), intArg(a[2])))
		}),
		member("string Insert(int startIndex, string value)", func(m *Machine, a []any) (any, error) {
			if a[2] == nil {
				return nil, dotnet.ArgumentNull("value")
			}
			return m.newText(dotnet.Insert(a[0].(string), intArg(a[1]), a[2].(string)))
		}),
		member("string Remove(int startIndex)", func(m *Machine, a []any) (any, error) {
			return m.newText(dotnet.RemoveFrom(a[0].(string), intArg(a[1])))
		}),
		member("string Remove(int startIndex, int count)", func(m *Machine, a []any) (any, error) {
			return m.newText(dotnet.Remove(a[0].(string), intArg(a[1]), intArg(a[2])))
		}),
		member("string PadLeft(int totalWidth)", padText(true)),
		member("string PadLeft(int totalWidth, char paddingChar)", padText(true)),
		member("string PadRight(int totalWidth)", padText(false)),
		member("string PadRight(int totalWidth, char paddingChar)", padText(false)),
		member("string Replace(char oldChar, char newChar)", func(m *Machine, a []any) (any, error) {
			return m.newText(dotnet.ReplaceChar(a[0].(string), a[1].(dotnet.Char), a[2].(dotnet.Char)), nil)
		}),
		member("string Replace(string oldValue, string newValue)", func(m *Machine, a []any) (any, error) {
			if a[1] == nil {
				return nil, dotnet.ArgumentNull("oldValue")
			}
			s, old, value := a[0].(string), a[1].(string), text(a[2])
			if err := m.Allocate(dotnet.ReplacedLength(s, old, value)); err != nil {
				return nil, err
			}
			replaced, err := dotnet.Replace(s, old, value)
			if err != nil {
				return nil, err
			}
			return replaced, m.read(s, replaced)
		}),
		member("string Replace(string oldValue, string newValue, StringComparison comparisonType)", func(m *Machine, a []any) (any, error) {
			return replaceWith(m, a, howOf(a[3]))
		}),
		member("string Replace(string oldValue, string newValue, bool ignoreCase, System.Globalization.CultureInfo culture)", func(m *Machine, a []any) (any, error) {
			return replaceWith(m, a, cultural(a[3].(bool)))
		}),
		member("string Trim()", trimText(true, true)),
		member("string Trim(char trimChar)", trimText(true, true)),
		member("string Trim(params char[] trimChars)", trimText(true, true)),
		member("string TrimStart()", trimText(true, false)),
		member("string TrimStart(char trimChar)", trimText(true, false)),
		member("string TrimStart(params char[] trimChars)", trimText(true, false)),
		member("string TrimEnd()", trimText(false, true)),
		member("string TrimEnd(char trimChar)", trimText(false, true)),
		member("string TrimEnd(params char[] trimChars)", trimText(false, true)),
		member("string ToUpper()", ofText(dotnet.ToUpper)),
		member("string ToUpper(System.Globalization.CultureInfo culture)", ofText(dotnet.ToUpper)),
		member("string ToUpperInvariant()", ofText(dotnet.ToUpper)),
		member("string ToLower()", ofText(dotnet.ToLower)),
		member("string ToLower(System.Globalization.CultureInfo culture)", ofText(dotnet.ToLower)),
		member("string ToLowerInvariant()", ofText(dotnet.ToLower)),
		member("string Normalize()", normalize),
		member("string Normalize(NormalizationForm normalizationForm)", normalize),
		member("bool IsNormalized()", isNormalized),
		member("bool IsNormalized(NormalizationForm normalizationForm)", isNormalized),
	}
}

func padText(left bool) func(*Machine, []any) (any, error) {
	return func(m *Machine, a []any) (any, error) {
		s, width, with := a[0].(string), intArg(a[1]), dotnet.Char(' ')
		if len(a) > 2 {
			with = a[2].(dotnet.Char)
		}
		if err := m.Allocate(3 * max(width, len(s), 0)); err != nil {
			return nil, err
		}
		padding, err := dotnet.Padding(s, width, with)
		switch {
		case err != nil:
			return nil, err
		case left:
			return dotnet.Concat(padding, s), nil
		}
		return dotnet.Concat(s, padding), nil
	}
}

func replaceWith(m *Machine, a []any, how dotnet.StringComparison) (any, error) {
	if a[1] == nil {
		if _, err := dotnet.CompareText("", "", how); err != nil {
			return nil, err
		}
		return nil, dotnet.ArgumentNull("oldValue")
	}
	s, old, value := a[0].(string), a[1].(string), text(a[2])
	// Each character may be one that is replaced.
	if err := m.Spend(len(s)); err != nil {
		return nil, err
	}
	if most := dotnet.Length(s) / max(dotnet.Length(old), 1) * len(value); most > MaxAllocation {
		return nil, m.Allocate(most)
	}
	return m.newText(dotnet.ReplaceWith(s, old, value, how, func(n int) error { return m.searching(how, s[:n], old) }))
}

func trimText(start, end bool) func(*Machine, []any) (any, error) {
	return func(m *Machine, a []any) (any, error) {
		var set []dotnet.Char
		if len(a) > 1 {
			switch v := a[1].(type) {
			case dotnet.Char:
				set = []dotnet.Char{v}
			case *ArrayObject:
				set = charsOf(v)
			}
		}
		if err := m.Spend(len(a[0].(string)) * len(set) / textPerStep); err != nil {
			return nil, err
		}
		return m.newText(dotnet.Trim(a[0].(string), set, start, end), nil)
	}
}

func formOf(a []any) dotnet.NormalizationForm {
	if len(a) < 2 {
		return dotnet.FormC
	}
	return dotnet.NormalizationForm(a[1].(EnumObject).Value)
}

func normalize(m *Machine, a []any) (any, error) {
	if err := m.Spend(len(a[0].(string)) / 8); err != nil {
		return nil, err
	}
	return m.newText(dotnet.Normalize(a[0].(string), formOf(a)))
}

func isNormalized(m *Machine, a []any) (any, error) {
	if err := m.Spend(len(a[0].(string)) / 8); err != nil {
		return nil, err
	}
	return orNil(dotnet.IsNormalized(a[0].(string), formOf(a)))
}

// stringSplits are the overloads of Split.
func stringSplits() []memberDecl {
	return []memberDecl{
		member("string[] Split(params char[] separator)", splitText),
		member("string[] Split(char[] separator, int count)", splitText),
		member("string[] Split(char[] separator, StringSplitOptions options)", splitText),
		member("string[] Split(char[] separator, int count, StringSplitOptions options)", splitText),
		member("string[] Split(string[] separator, StringSplitOptions options)", splitText),
		member("string[] Split(string[] separator, int count, StringSplitOptions options)", splitText),
		member("string[] Split(char separator, StringSplitOptions options = default)", splitText),
		member("string[] Split(char separator, int count, StringSplitOptions options = default)", splitText),
		member("string[] Split(string separator, StringSplitOptions options = default)", splitByText),
		member("string[] Split(string separator, int count, StringSplitOptions options = default)", splitByText),
	}
}

// splitText is Split; a null list of separators means white space.
func splitText(m *Machine, a []any) (any, error) { return split(m, a, nil) }

// splitByText is Split with a text, of which null is none, as is an empty one.
func splitByText(m *Machine, a []any) (any, error) { return split(m, a, []string{""}) }

func split(m *Machine, a []any, instead []string) (any, error) {
	s, count, options := a[0].(string), dotnet.SplitAll, dotnet.StringSplitOptions(0)
	for _, v := range a[2:] {
		switch v := v.(type) {
		case int32:
			count = int(v)
		case EnumObject:
			options = dotnet.StringSplitOptions(v.Value)
		}
	}
	if err := m.read(s); err != nil {
		return nil, err
	}
	switch separator := a[1].(type) {
	case dotnet.Char:
		return m.newTexts(dotnet.SplitChars(s, []dotnet.Char{separator}, count, options))
	case string:
		if err := m.searching(dotnet.Ordinal, s, separator); err != nil {
			return nil, err
		}
		return m.newTexts(dotnet.SplitTexts(s, []string{separator}, count, options))
	case *ArrayObject:
		if separator.typ.elem == basic.string {
			texts := textsOf(separator)
			for _, t := range texts {
				if err := m.searching(dotnet.Ordinal, s, t); err != nil {
					return nil, err
				}
			}
			return m.newTexts(dotnet.SplitTexts(s, texts, count, options))
		}
		if err := m.Spend(len(s) * separator.Len() / textPerStep); err != nil {
			return nil, err
		}
		return m.newTexts(dotnet.SplitChars(s, charsOf(separator), count, options))
	}
	return m.newTexts(dotnet.SplitTexts(s, instead, count, options))
}

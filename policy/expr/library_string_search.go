package expr

import "github.com/apimulator/apimulator/policy/expr/dotnet"

func stringSearches() []memberDecl {
	return []memberDecl{
		member("bool Contains(string value)", textTest("value", dotnet.ContainsText, dotnet.Ordinal)).directly(directTest(plainContains)),
		member("bool Contains(string value, StringComparison comparisonType)", textTest("value", dotnet.ContainsText, dotnet.Ordinal)),
		member("bool Contains(char value)", charTest(dotnet.ContainsText)),
		member("bool Contains(char value, StringComparison comparisonType)", charTest(dotnet.ContainsText)),
		member("bool StartsWith(string value)", textTest("value", dotnet.StartsWith, dotnet.CurrentCulture)).directly(directTest(plainPrefix)),
		member("bool StartsWith(string value, StringComparison comparisonType)", textTest("value", dotnet.StartsWith, dotnet.CurrentCulture)),
		member("bool StartsWith(string value, bool ignoreCase, System.Globalization.CultureInfo culture)", textTest("value", dotnet.StartsWith, dotnet.CurrentCulture)),
		member("bool StartsWith(char value)", charTest(dotnet.StartsWith)),
		member("bool EndsWith(string value)", textTest("value", dotnet.EndsWith, dotnet.CurrentCulture)).directly(directTest(plainSuffix)),
		member("bool EndsWith(string value, StringComparison comparisonType)", textTest("value", dotnet.EndsWith, dotnet.CurrentCulture)),
		member("bool EndsWith(string value, bool ignoreCase, System.Globalization.CultureInfo culture)", textTest("value", dotnet.EndsWith, dotnet.CurrentCulture)),
		member("bool EndsWith(char value)", charTest(dotnet.EndsWith)),

		member("int IndexOf(string value)", indexOfText),
		member("int IndexOf(string value, int startIndex)", indexOfText),
		member("int IndexOf(string value, int startIndex, int count)", indexOfText),
		member("int IndexOf(string value, StringComparison comparisonType)", indexOfText),
		member("int IndexOf(string value, int startIndex, StringComparison comparisonType)", indexOfText),
		member("int IndexOf(string value, int startIndex, int count, StringComparison comparisonType)", indexOfText),
		member("int IndexOf(char value)", indexOfChar),
		member("int IndexOf(char value, int startIndex)", indexOfChar),
		member("int IndexOf(char value, int startIndex, int count)", indexOfChar),
		member("int IndexOf(char value, StringComparison comparisonType)", func(m *Machine, a []any) (any, error) {
			return indexOfText(m, []any{a[0], a[1].(dotnet.Char).String(), a[2]})
		}),
		member("int IndexOfAny(char[] anyOf)", indexOfAny),
		member("int IndexOfAny(char[] anyOf, int startIndex)", indexOfAny),
		member("int IndexOfAny(char[] anyOf, int startIndex, int count)", indexOfAny),

		member("int LastIndexOf(string value)", lastIndexOfText),
		member("int LastIndexOf(string value, int startIndex)", lastIndexOfText),
		member("int LastIndexOf(string value, int startIndex, int count)", lastIndexOfText),
		member("int LastIndexOf(string value, StringComparison comparisonType)", lastIndexOfText),
		member("int LastIndexOf(string value, int startIndex, StringComparison comparisonType)", lastIndexOfText),
		member("int LastIndexOf(string value, int startIndex, int count, StringComparison comparisonType)", lastIndexOfText),
		member("int LastIndexOf(char value)", lastIndexOfChar),
		member("int LastIndexOf(char value, int startIndex)", lastIndexOfChar),
		member("int LastIndexOf(char value, int startIndex, int count)", lastIndexOfChar),
		member("int LastIndexOfAny(char[] anyOf)", lastIndexOfAny),
		member("int LastIndexOfAny(char[] anyOf, int startIndex)", lastIndexOfAny),
		member("int LastIndexOfAny(char[] anyOf, int startIndex, int count)", lastIndexOfAny),
	}
}

// howOf is a StringComparison argument.
func howOf(v any) dotnet.StringComparison {
	return dotnet.StringComparison(v.(EnumObject).Value)
}

// cultural is the comparison by culture, without regard to case if that is said.
func cultural(ignoreCase bool) dotnet.StringComparison {
	if ignoreCase {
		return dotnet.CurrentCultureIgnoreCase
	}
	return dotnet.CurrentCulture
}

// textTest is a test of a text against another one; how is the comparison unless
// there is an argument that says it.
func textTest(param string, test func(s, value string, how dotnet.StringComparison) (bool, error), how dotnet.StringComparison) func(*Machine, []any) (any, error) {
	return func(m *Machine, a []any) (any, error) {
		if a[1] == nil {
			return nil, dotnet.ArgumentNull(param)
		}
		how := how
		if len(a) > 2 {
			switch said := a[2].(type) {
			case bool:
				how = cultural(said)
			case EnumObject:
				how = howOf(said)
			}
		}
		s, value := a[0].(string), a[1].(string)
		if err := m.searching(how, s, value); err != nil {
			return nil, err
		}
		return orNil(test(s, value, how))
	}
}

// charTest is textTest with a char, which is ordinal.
func charTest(test func(s, value string, how dotnet.StringComparison) (bool, error)) func(*Machine, []any) (any, error) {
	return func(m *Machine, a []any) (any, error) {
		how := dotnet.Ordinal
		if len(a) > 2 {
			how = howOf(a[2])
		}
		if err := m.compared(how, a[0].(string)); err != nil {
			return nil, err
		}
		return orNil(test(a[0].(string), a[1].(dotnet.Char).String(), how))
	}
}

// compared counts the work of comparing texts: by culture it is more.
func (m *Machine) compared(how dotnet.StringComparison, texts ...string) error {
	per := textPerStep
	if how != dotnet.Ordinal {
		per = 8
	}
	n := 0
	for _, s := range texts {
		n += len(s)
	}
	return m.Spend(n / per)
}

// searching counts the work of searching a text for another one, which by culture
// and beyond ASCII may be compared at each place.
func (m *Machine) searching(how dotnet.StringComparison, s, value string) error {
	per := 1
	if how == dotnet.Ordinal || dotnet.IsASCII(s) && dotnet.IsASCII(value) {
		per = textPerStep
	}
	if err := m.compared(how, s); err != nil {
		return err
	}
	return m.Spend(len(s) / textPerStep * (len(value)/per + 1))
}

// orNil is a result, nil where there is an error.
func orNil[T any](v T, err error) (any, error) {
	if err != nil {
		return nil, err
	}
	return v, nil
}

// searchArgs are start, count and comparison of a search, whose arguments after
// the value are a; what is not said is the whole text, by culture.
func searchArgs(s string, a []any, backward bool) (start, count int, how dotnet.StringComparison) {
	length := dotnet.Length(s)
	start, count = 0, length
	if backward {
		start = length - 1
	}
	ints := 0
	for _, v := range a {
		switch v := v.(type) {
		case EnumObject:
			how = howOf(v)
		case int32:
			if ints++; ints > 1 {
				count = int(v)
				continue
			}
			start = int(v)
			if count = length - start; backward {
				count = start + 1
			}
		}
	}
	return start, count, how
}

func indexOfText(m *Machine, a []any) (any, error) {
	if a[1] == nil {
		return nil, dotnet.ArgumentNull("value")
	}
	start, count, how := searchArgs(a[0].(string), a[2:], false)
	if err := m.searching(how, a[0].(string), a[1].(string)); err != nil {
		return nil, err
	}
	return asInt(dotnet.IndexOf(a[0].(string), a[1].(string), start, count, how))
}

func indexOfChar(m *Machine, a []any) (any, error) {
	start, count, _ := searchArgs(a[0].(string), a[2:], false)
	if err := m.read(a[0].(string)); err != nil {
		return nil, err
	}
	return asInt(dotnet.IndexOfChar(a[0].(string), a[1].(dotnet.Char), start, count))
}

func indexOfAny(m *Machine, a []any) (any, error) {
	if a[1] == nil {
		return nil, dotnet.ArgumentNull("anyOf")
	}
	start, count, _ := searchArgs(a[0].(string), a[2:], false)
	anyOf := charsOf(a[1])
	if err := m.Spend(len(a[0].(string)) * (1 + len(anyOf)) / textPerStep); err != nil {
		return nil, err
	}
	return asInt(dotnet.IndexOfAny(a[0].(string), anyOf, start, count))
}

func lastIndexOfText(m *Machine, a []any) (any, error) {
	if a[1] == nil {
		return nil, dotnet.ArgumentNull("value")
	}
	start, count, how := searchArgs(a[0].(string), a[2:], true)
	if len(a) == 4 && count < 0 { // this overload checks it first
		if _, ok := a[3].(int32); ok {
			return nil, dotnet.ArgumentOutOfRange("count", countRange)
		}
	}
	if err := m.searching(how, a[0].(string), a[1].(string)); err != nil {
		return nil, err
	}
	return asInt(dotnet.LastIndexOf(a[0].(string), a[1].(string), start, count, how))
}

func lastIndexOfChar(m *Machine, a []any) (any, error) {
	start, count, _ := searchArgs(a[0].(string), a[2:], true)
	if err := m.read(a[0].(string)); err != nil {
		return nil, err
	}
	return asInt(dotnet.LastIndexOfChar(a[0].(string), a[1].(dotnet.Char), start, count))
}

func lastIndexOfAny(m *Machine, a []any) (any, error) {
	if a[1] == nil {
		return nil, dotnet.ArgumentNull("anyOf")
	}
	start, count, _ := searchArgs(a[0].(string), a[2:], true)
	anyOf := charsOf(a[1])
	if err := m.Spend(len(a[0].(string)) * (1 + len(anyOf)) / textPerStep); err != nil {
		return nil, err
	}
	return asInt(dotnet.LastIndexOfAny(a[0].(string), anyOf, start, count))
}

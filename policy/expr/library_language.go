package expr

import (
	"strings"

	"github.com/apimulator/apimulator/policy/expr/dotnet"
)

// What the language itself knows of: arrays, enums, nullables, tuples.

var _ = declare("struct System.Nullable<T>", func() []memberDecl {
	return []memberDecl{
		member("new(T value)", func(_ *Machine, _ []*Type, a []any) (any, error) { return a[0], nil }),
		member("bool HasValue { get; }", func(_ *Machine, a []any) (any, error) { return a[0] != nil, nil }),
		member("T Value { get; }", func(_ *Machine, a []any) (any, error) {
			if a[0] == nil {
				return nil, dotnet.InvalidOperation("Nullable object must have a value.")
			}
			return a[0], nil
		}),
		member("T GetValueOrDefault()", nullableOrZero),
		member("T GetValueOrDefault(T defaultValue)", func(_ *Machine, a []any) (any, error) {
			if a[0] == nil {
				return a[1], nil
			}
			return a[0], nil
		}),
		member("string ToString()", func(m *Machine, a []any) (any, error) { return m.Text(a[0]) }),
		member("bool Equals(object other)", func(m *Machine, a []any) (any, error) { return m.Equal(a[0], a[1]) }),
		member("int GetHashCode()", func(m *Machine, a []any) (any, error) { return m.Hash(a[0]) }),
		member("Type GetType()", func(_ *Machine, a []any) (any, error) {
			if a[0] == nil {
				return nil, dotnet.NullReference()
			}
			return &typeObject{DynamicType(a[0])}, nil
		}),
	}
})

var _ = declare("abstract class System.Enum : System.ValueType, System.IComparable, System.IFormattable", func() []memberDecl {
	return []memberDecl{
		member("bool HasFlag(Enum flag)", func(_ *Machine, a []any) (any, error) {
			e, flag := a[0].(EnumObject), a[1]
			switch f, ok := flag.(EnumObject); {
			case flag == nil:
				return nil, dotnet.ArgumentNull("flag")
			case !ok || f.Type != e.Type:
				return nil, dotnet.Argument("The argument type, '"+reflectionName(DynamicType(flag), true)+"', is not the same as the enum type '"+reflectionName(e.Type, true)+"'.", "")
			default:
				return e.Value&f.Value == f.Value, nil
			}
		}),
		member("string ToString()", func(m *Machine, a []any) (any, error) { return m.Text(a[0]) }),
		member("string ToString(string format)", func(_ *Machine, a []any) (any, error) { return enumFormat(a[0].(EnumObject), text(a[1])) }),
		member("int CompareTo(object target)", compareTo),
		member("static object Parse(Type enumType, string value)", func(m *Machine, a []any) (any, error) { return enumParse(a[0], a[1], false) }),
		member("static object Parse(Type enumType, string value, bool ignoreCase)", func(m *Machine, a []any) (any, error) { return enumParse(a[0], a[1], a[2].(bool)) }),
		member("static TEnum Parse<TEnum>(string value)", func(_ *Machine, types []*Type, a []any) (any, error) {
			return enumParse(&typeObject{types[0]}, a[0], false)
		}),
		member("static TEnum Parse<TEnum>(string value, bool ignoreCase)", func(_ *Machine, types []*Type, a []any) (any, error) {
			return enumParse(&typeObject{types[0]}, a[0], a[1].(bool))
		}),
		member("static bool TryParse<TEnum>(string value, out TEnum result)", func(_ *Machine, types []*Type, a []any) (any, error) {
			return enumTryParse(types[0], a[0], false, a[1].(*Ref))
		}),
		member("static bool TryParse<TEnum>(string value, bool ignoreCase, out TEnum result)", func(_ *Machine, types []*Type, a []any) (any, error) {
			return enumTryParse(types[0], a[0], a[1].(bool), a[2].(*Ref))
		}),
		member("static bool IsDefined(Type enumType, object value)", enumIsDefined),
		member("static string GetName(Type enumType, object value)", func(_ *Machine, a []any) (any, error) {
			t, err := enumType(a[0])
			if err != nil {
				return nil, err
			}
			for _, v := range t.def.Values {
				if n, ok := enumNumber(a[1]); ok && v.Value == n {
					return v.Name, nil
				}
			}
			return nil, nil
		}),
		member("static string[] GetNames(Type enumType)", func(_ *Machine, a []any) (any, error) {
			t, err := enumType(a[0])
			if err != nil {
				return nil, err
			}
			var names []any
			for _, v := range t.def.Values {
				names = append(names, v.Name)
			}
			return NewArray(basic.string, names), nil
		}),
		member("static Array GetValues(Type enumType)", func(_ *Machine, a []any) (any, error) {
			t, err := enumType(a[0])
			if err != nil {
				return nil, err
			}
			var values []any
			for _, v := range t.def.Values {
				values = append(values, EnumObject{t, v.Value})
			}
			return NewArray(t, values), nil
		}),
	}
})

func nullableOrZero(_ *Machine, a []any) (any, error) { return a[0], nil }

// enumType is a Type argument that must be an enum.
func enumType(v any) (*Type, error) {
	switch o, ok := v.(*typeObject); {
	case !ok:
		return nil, dotnet.ArgumentNull("enumType")
	case o.t.kind != Enum:
		return nil, dotnet.Argument("Type provided must be an Enum.", "enumType")
	default:
		return o.t, nil
	}
}

// enumNumber is the number of an enum's value or of an integer.
func enumNumber(v any) (int64, bool) {
	if e, ok := v.(EnumObject); ok {
		return e.Value, true
	}
	if n := DynamicType(v).numeric(); v == nil || !n.integral() {
		return 0, false
	}
	n, err := toNumeric(numLong, true)(nil, v)
	if err != nil {
		return 0, false
	}
	return n.(int64), true
}

func enumIsDefined(_ *Machine, a []any) (any, error) {
	t, err := enumType(a[0])
	switch {
	case err != nil:
		return nil, err
	case a[1] == nil:
		return nil, dotnet.ArgumentNull("value")
	}
	name, isName := a[1].(string)
	n, isNumber := enumNumber(a[1])
	for _, v := range t.def.Values {
		if isName && v.Name == name || isNumber && v.Value == n {
			return true, nil
		}
	}
	return false, nil
}

func enumParse(typ, value any, ignoreCase bool) (any, error) {
	t, err := enumType(typ)
	if err != nil {
		return nil, err
	}
	s, ok := value.(string)
	if !ok {
		return nil, dotnet.ArgumentNull("value")
	}
	if strings.TrimSpace(s) == "" {
		return nil, dotnet.Argument("Must specify valid information for parsing in the string.", "value")
	}
	e, ok := parseEnum(t, s, ignoreCase)
	if !ok {
		return nil, dotnet.Argument("Requested value '"+s+"' was not found.", "")
	}
	return e, nil
}

func enumTryParse(t *Type, value any, ignoreCase bool, result *Ref) (any, error) {
	if t.kind != Enum {
		return nil, dotnet.Argument("Type provided must be an Enum.", "enumType")
	}
	e, ok := parseEnum(t, text(value), ignoreCase)
	if !ok {
		e = EnumObject{t, 0}
	}
	result.Value = e
	return ok, nil
}

// parseEnum reads names separated by commas, or a number.
func parseEnum(t *Type, s string, ignoreCase bool) (EnumObject, bool) {
	s = strings.TrimSpace(s)
	if s != "" && (s[0] == '-' || s[0] == '+' || s[0] >= '0' && s[0] <= '9') {
		n, err := dotnet.ParseInteger[int32](s, dotnet.NumberStylesInteger)
		return EnumObject{t, int64(n)}, err == nil
	}
	e := EnumObject{t, 0}
	for name := range strings.SplitSeq(s, ",") {
		name = strings.TrimSpace(name)
		found := false
		for _, v := range t.def.Values {
			if v.Name == name || ignoreCase && strings.EqualFold(v.Name, name) {
				e.Value |= v.Value
				found = true
				break
			}
		}
		if !found {
			return e, false
		}
	}
	return e, true
}

// enumFormat is an enum's value as G, D, X or F.
func enumFormat(e EnumObject, format string) (string, error) {
	switch format {
	case "", "G", "g":
		return enumText(e), nil
	case "D", "d":
		return dotnet.ToString(e.Value), nil
	case "X", "x":
		return dotnet.FormatValue(int32(e.Value), "X8")
	case "F", "f":
		return enumFlagsText(e), nil
	}
	return "", dotnet.Format("Format String can be only \"G\", \"g\", \"X\", \"x\", \"F\", \"f\", \"D\" or \"d\".")
}

var _ = declare("abstract class System.Array : System.Collections.IList", func() []memberDecl {
	return []memberDecl{
		member("int Length { get; }", func(_ *Machine, a []any) (any, error) { return int32(a[0].(*ArrayObject).Len()), nil }),
		member("long LongLength { get; }", func(_ *Machine, a []any) (any, error) { return int64(a[0].(*ArrayObject).Len()), nil }),
		member("int Rank { get; }", func(_ *Machine, a []any) (any, error) { return int32(a[0].(*ArrayObject).rank()), nil }),
		member("int GetLength(int dimension)", func(_ *Machine, a []any) (any, error) {
			array, d := a[0].(*ArrayObject), int(a[1].(int32))
			if d < 0 || d >= array.rank() {
				return nil, dotnet.IndexOutOfRange()
			}
			return int32(array.length(d)), nil
		}),
		member("int GetUpperBound(int dimension)", func(_ *Machine, a []any) (any, error) {
			array, d := a[0].(*ArrayObject), int(a[1].(int32))
			if d < 0 || d >= array.rank() {
				return nil, dotnet.IndexOutOfRange()
			}
			return int32(array.length(d) - 1), nil
		}),
		member("int GetLowerBound(int dimension)", func(_ *Machine, a []any) (any, error) {
			if d := int(a[1].(int32)); d < 0 || d >= a[0].(*ArrayObject).rank() {
				return nil, dotnet.IndexOutOfRange()
			}
			return int32(0), nil
		}),
		member("object Clone()", func(m *Machine, a []any) (any, error) {
			array := a[0].(*ArrayObject)
			return array.clone(), m.Allocate(16 * array.Len())
		}),
		member("void CopyTo(Array array, int index)", arrayCopyTo),
		member("object GetValue(int index)", getElement),
		member("void SetValue(object value, int index)", setElement),
	}
})

// store is SetValue: a value of a wrong type is an InvalidCastException.
func (a *ArrayObject) store(i int, v any) error {
	elem := a.typ.elem
	switch {
	case v == nil && elem.hasNull():
	case v == nil:
		v = zeroOf(elem)
	case !isInstance(v, elem.underlying()):
		return dotnet.InvalidCast("Object cannot be stored in an array of this type.")
	}
	a.Set(i, v)
	return nil
}

func arrayCopyTo(m *Machine, a []any) (any, error) {
	from, to, at := a[0].(*ArrayObject), a[1], int(a[2].(int32))
	target, ok := to.(*ArrayObject)
	switch {
	case !ok:
		return nil, dotnet.ArgumentNull("destinationArray")
	case at < 0:
		return nil, dotnet.ArgumentOutOfRange("destinationIndex", "Number was less than the array's lower bound in the first dimension.")
	case at+from.Len() > target.Len():
		return nil, dotnet.Argument("Destination array was not long enough. Check the destination index, length, and the array's lower bounds.", "destinationArray")
	}
	values := from.Values()
	for i, v := range values {
		if err := target.store(at+i, v); err != nil {
			return nil, err
		}
	}
	return nil, m.Spend(len(values))
}

var _ = declare("struct System.ValueTuple", func() []memberDecl {
	return []memberDecl{
		member("new()", func(*Machine, []any) (any, error) { return newRecord(tupleOf(nil, nil), nil), nil }),
		member("static ValueTuple<T1> Create<T1>(T1 item1)", createTuple),
		member("static ValueTuple<T1, T2> Create<T1, T2>(T1 item1, T2 item2)", createTuple),
		member("static ValueTuple<T1, T2, T3> Create<T1, T2, T3>(T1 item1, T2 item2, T3 item3)", createTuple),
		member("static ValueTuple<T1, T2, T3, T4> Create<T1, T2, T3, T4>(T1 item1, T2 item2, T3 item3, T4 item4)", createTuple),
		member("static ValueTuple<T1, T2, T3, T4, T5> Create<T1, T2, T3, T4, T5>(T1 item1, T2 item2, T3 item3, T4 item4, T5 item5)", createTuple),
	}
})

func createTuple(_ *Machine, types []*Type, a []any) (any, error) {
	return newRecord(tupleOf(types, nil), append([]any(nil), a...)), nil
}

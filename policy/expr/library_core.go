package expr

// The types that the language itself needs: object, the bases, delegates.

var _ = declare("class System.Object", func() []memberDecl {
	return []memberDecl{
		member("new()", func(*Machine, []any) (any, error) { return &plainObject{}, nil }),
		member("string ToString()", func(m *Machine, a []any) (any, error) { return m.Text(a[0]) }),
		member("bool Equals(object obj)", func(m *Machine, a []any) (any, error) { return m.Equal(a[0], a[1]) }),
		member("static bool Equals(object objA, object objB)", func(m *Machine, a []any) (any, error) { return m.Equal(a[0], a[1]) }),
		member("static bool ReferenceEquals(object objA, object objB)", func(_ *Machine, a []any) (any, error) { return sameReference(a[0], a[1]), nil }),
		member("int GetHashCode()", func(m *Machine, a []any) (any, error) { return m.Hash(a[0]) }),
		member("Type GetType()", func(_ *Machine, a []any) (any, error) { return &typeObject{DynamicType(a[0])}, nil }),
	}
})

var _ = declare("class System.Type", func() []memberDecl {
	return []memberDecl{
		member("string Name { get; }", func(_ *Machine, a []any) (any, error) { return reflectionName(a[0].(*typeObject).t, false), nil }),
		member("string FullName { get; }", func(_ *Machine, a []any) (any, error) { return reflectionName(a[0].(*typeObject).t, true), nil }),
		member("string Namespace { get; }", func(_ *Machine, a []any) (any, error) { return namespaceOf(a[0].(*typeObject).t), nil }),
		member("bool IsValueType { get; }", func(_ *Machine, a []any) (any, error) { return a[0].(*typeObject).t.IsValue(), nil }),
		member("bool IsArray { get; }", func(_ *Machine, a []any) (any, error) { return a[0].(*typeObject).t.kind == Array, nil }),
		member("bool IsEnum { get; }", func(_ *Machine, a []any) (any, error) { return a[0].(*typeObject).t.kind == Enum, nil }),
		member("static bool operator ==(Type left, Type right)", func(m *Machine, a []any) (any, error) { return m.Equal(a[0], a[1]) }),
		member("static bool operator !=(Type left, Type right)", func(m *Machine, a []any) (any, error) {
			equal, err := m.Equal(a[0], a[1])
			return !equal, err
		}),
	}
})

var (
	_ = declare("abstract class System.ValueType")
	_ = declare("struct System.Void")
	_ = declare("abstract class System.Delegate")
	_ = declare("interface System.IDisposable", func() []memberDecl {
		return []memberDecl{
			member("void Dispose()", func(*Machine, []any) (any, error) { return nil, nil }),
		}
	})
	_ = declare("interface System.IFormatProvider")
	_ = declare("interface System.IFormattable", func() []memberDecl {
		return []memberDecl{
			member("string ToString(string format, IFormatProvider formatProvider)", toFormat),
		}
	})
	_ = declare("interface System.IComparable", func() []memberDecl {
		return []memberDecl{
			member("int CompareTo(object obj)", compareTo),
		}
	})
	_ = declare("interface System.IComparable<in T>", func() []memberDecl {
		return []memberDecl{
			member("int CompareTo(T other)", compareTo),
		}
	})
	_ = declare("interface System.IEquatable<T>", func() []memberDecl {
		return []memberDecl{
			member("bool Equals(T other)", func(m *Machine, a []any) (any, error) { return m.Equal(a[0], a[1]) }),
		}
	})
)

func compareTo(m *Machine, a []any) (any, error) {
	n, err := m.Compare(a[0], a[1])
	return int32(n), err
}

// Delegates have one member, Invoke, whose signature is theirs.
var (
	_ = delegate("System.Action", "void Invoke()")
	_ = delegate("System.Action<in T>", "void Invoke(T obj)")
	_ = delegate("System.Action<in T1, in T2>", "void Invoke(T1 arg1, T2 arg2)")
	_ = delegate("System.Action<in T1, in T2, in T3>", "void Invoke(T1 arg1, T2 arg2, T3 arg3)")
	_ = delegate("System.Action<in T1, in T2, in T3, in T4>", "void Invoke(T1 arg1, T2 arg2, T3 arg3, T4 arg4)")
	_ = delegate("System.Func<out TResult>", "TResult Invoke()")
	_ = delegate("System.Func<in T, out TResult>", "TResult Invoke(T arg)")
	_ = delegate("System.Func<in T1, in T2, out TResult>", "TResult Invoke(T1 arg1, T2 arg2)")
	_ = delegate("System.Func<in T1, in T2, in T3, out TResult>", "TResult Invoke(T1 arg1, T2 arg2, T3 arg3)")
	_ = delegate("System.Func<in T1, in T2, in T3, in T4, out TResult>", "TResult Invoke(T1 arg1, T2 arg2, T3 arg3, T4 arg4)")
	_ = delegate("System.Func<in T1, in T2, in T3, in T4, in T5, out TResult>", "TResult Invoke(T1 arg1, T2 arg2, T3 arg3, T4 arg4, T5 arg5)")
	_ = delegate("System.Predicate<in T>", "bool Invoke(T obj)")
	_ = delegate("System.Comparison<in T>", "int Invoke(T x, T y)")
	_ = delegate("System.Converter<in TInput, out TOutput>", "TOutput Invoke(TInput input)")
)

func delegate(head, invoke string) struct{} {
	return declare("delegate "+head, func() []memberDecl {
		return []memberDecl{
			member(invoke, func(m *Machine, a []any) (any, error) { return m.Invoke(a[0], a[1:]...) }),
		}
	})
}

// text is a string argument; null is "".
func text(v any) string {
	s, _ := v.(string)
	return s
}

package expr

import (
	"github.com/apimulator/apimulator/policy/expr/dotnet"
)

const lazyType = "System.Lazy"

// lazyObject is a Lazy<T>.
type lazyObject struct {
	typ     *Type
	factory any // what makes the value; nil once it is made
	value   any
	failure error // of the factory, which is not called again
	busy    bool
}

// DotnetType is part of Object.
func (l *lazyObject) DotnetType() *Type { return l.typ }

func (l *lazyObject) made() bool { return l.factory == nil }

// ToString is part of Texter.
func (l *lazyObject) ToString(m *Machine) (string, error) {
	if !l.made() {
		return "Value is not created.", nil
	}
	if l.value == nil {
		return "", dotnet.NullReference()
	}
	return m.Text(l.value)
}

func (l *lazyObject) get(m *Machine) (any, error) {
	switch {
	case l.failure != nil:
		return nil, l.failure
	case l.made():
		return l.value, nil
	case l.busy:
		return nil, dotnet.InvalidOperation("ValueFactory attempted to access the Value property of this instance.")
	}
	l.busy = true
	v, err := m.Invoke(l.factory)
	l.busy = false
	if err != nil {
		l.failure = err
		return nil, err
	}
	l.value, l.factory = v, nil
	return v, nil
}

func newLazy(_ *Machine, types []*Type, a []any) (any, error) {
	l := &lazyObject{typ: typeOf(lazyType, types...), factory: a[0]}
	if a[0] == nil {
		return nil, dotnet.ArgumentNull("valueFactory")
	}
	return l, nil
}

var _ = declare("class "+lazyType+"<T>", func() []memberDecl {
	return []memberDecl{
		member("new(Func<T> valueFactory)", newLazy),
		member("new(Func<T> valueFactory, bool isThreadSafe)", newLazy),
		member("new(T value)", func(_ *Machine, types []*Type, a []any) (any, error) {
			return &lazyObject{typ: typeOf(lazyType, types...), value: a[0]}, nil
		}),
		member("T Value { get; }", func(m *Machine, a []any) (any, error) { return a[0].(*lazyObject).get(m) }),
		member("bool IsValueCreated { get; }", pure1((*lazyObject).made)),
		member("string ToString()", toText),
	}
})

var _ = declare("static class System.Nullable", func() []memberDecl {
	return []memberDecl{
		member("static int Compare<T>(T? n1, T? n2)", func(m *Machine, _ []*Type, a []any) (any, error) { return compareTo(m, a) }),
		member("static bool Equals<T>(T? n1, T? n2)", func(m *Machine, _ []*Type, a []any) (any, error) { return equalTo(m, a) }),
		member("static Type GetUnderlyingType(Type nullableType)", func(_ *Machine, a []any) (any, error) {
			t, ok := a[0].(*typeObject)
			switch {
			case !ok:
				return nil, dotnet.ArgumentNull("nullableType")
			case t.t.kind != Nullable:
				return nil, nil
			}
			return &typeObject{t.t.underlying()}, nil
		}),
	}
})

var _ = declare("static class System.Environment", func() []memberDecl {
	return []memberDecl{
		member("static string NewLine { get; }", always("\n")),
	}
})

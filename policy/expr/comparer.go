package expr

import (
	"hash/maphash"
	"reflect"

	"github.com/apimulator/apimulator/policy/expr/dotnet"
	"github.com/apimulator/apimulator/policy/expr/newtonsoft"
)

// ordering is what a value that is an IComparer<T> has.
type ordering interface {
	// Order is Compare(x, y).
	Order(m *Machine, x, y any) (int, error)
}

// equivalence is what a value that is an IEqualityComparer<T> has.
type equivalence interface {
	// Equivalent is Equals(x, y).
	Equivalent(m *Machine, x, y any) (bool, error)
	// HashOf is GetHashCode(v): the same for values that are equivalent.
	HashOf(m *Machine, v any) (int32, error)
}

// Hasher is an Equaler whose equal values have the same hash. One without it
// works as a key, too, but slower.
type Hasher interface {
	HashCode(m *Machine) (int32, error)
}

// naturalOrder is IComparable's, which is every type's default.
type naturalOrder struct{}

// Order is part of ordering.
func (naturalOrder) Order(m *Machine, x, y any) (int, error) { return m.Compare(x, y) }

// naturalEquality is Equals', which is every type's default.
type naturalEquality struct{}

// Equivalent is part of equivalence.
func (naturalEquality) Equivalent(m *Machine, x, y any) (bool, error) { return m.Equal(x, y) }

// HashOf is part of equivalence.
func (naturalEquality) HashOf(m *Machine, v any) (int32, error) { return hashOf(m, v) }

// orderingOf is an IComparer argument; null is the default.
func orderingOf(v any) ordering {
	if o, ok := v.(ordering); ok {
		return o
	}
	return naturalOrder{}
}

// equivalenceOf is an IEqualityComparer argument; null is the default.
func equivalenceOf(v any) equivalence {
	if e, ok := v.(equivalence); ok {
		return e
	}
	return naturalEquality{}
}

// hashOf is a hash for Equals.
func hashOf(m *Machine, v any) (int32, error) {
	switch v := v.(type) {
	case nil:
		return 0, nil
	case string:
		return int32(maphash.String(hashSeed, v)), nil
	case Hasher:
		return v.HashCode(m)
	case newtonsoft.Token:
		return m.hashToken(v)
	case EnumObject:
		return int32(v.Value) ^ int32(v.Value>>32), nil
	case *RecordObject:
		return hashAll(m, v.elems)
	case Equaler:
		return int32(maphash.String(hashSeed, DynamicType(v).String())), nil
	}
	if code, ok := hashNamed(v); ok {
		return code, nil
	}
	if code, ok := dotnet.HashCode(v); ok {
		return code, nil
	}
	if !reflect.TypeOf(v).Comparable() {
		return 1, nil
	}
	return int32(maphash.Comparable(hashSeed, v)), nil
}

// hashAll combines the hashes of several values.
func hashAll(m *Machine, values []any) (int32, error) {
	combined := int32(17)
	for _, v := range values {
		h, err := hashOf(m, v)
		if err != nil {
			return 0, err
		}
		combined = combined*31 + h
	}
	return combined, nil
}

// comparerObject is a Comparer<T>.
type comparerObject struct {
	typ *Type
	by  ordering
}

// DotnetType is part of Object.
func (c *comparerObject) DotnetType() *Type { return c.typ }

// Order is part of ordering.
func (c *comparerObject) Order(m *Machine, x, y any) (int, error) { return c.by.Order(m, x, y) }

// equalityObject is an EqualityComparer<T>.
type equalityObject struct {
	typ *Type
	naturalEquality
}

// DotnetType is part of Object.
func (c *equalityObject) DotnetType() *Type { return c.typ }

// comparison is a Comparison<T> as an ordering.
type comparison struct{ delegate any }

// Order is part of ordering.
func (c comparison) Order(m *Machine, x, y any) (int, error) {
	n, err := m.Invoke(c.delegate, x, y)
	if err != nil {
		return 0, err
	}
	return int(n.(int32)), nil
}

// reversed is an ordering backwards.
type reversed struct{ ordering }

// Order is part of ordering.
func (r reversed) Order(m *Machine, x, y any) (int, error) { return r.ordering.Order(m, y, x) }

var (
	_ = declare("interface System.Collections.IComparer", func() []memberDecl {
		return []memberDecl{
			member("int Compare(object x, object y)", comparerCompare),
		}
	})
	_ = declare("interface System.Collections.IEqualityComparer", func() []memberDecl {
		return []memberDecl{
			member("bool Equals(object x, object y)", comparerEquals), member("int GetHashCode(object obj)", comparerHash),
		}
	})
	_ = declare("interface System.Collections.Generic.IComparer<in T>", func() []memberDecl {
		return []memberDecl{
			member("int Compare(T x, T y)", comparerCompare),
		}
	})
	_ = declare("interface System.Collections.Generic.IEqualityComparer<in T>", func() []memberDecl {
		return []memberDecl{
			member("bool Equals(T x, T y)", comparerEquals), member("int GetHashCode(T obj)", comparerHash),
		}
	})
	_ = declare("abstract class System.Collections.Generic.Comparer<T> : System.Collections.Generic.IComparer<T>", func() []memberDecl {
		return []memberDecl{
			member("static Comparer<T> Default { get; }", func(_ *Machine, t []*Type, _ []any) (any, error) {
				return &comparerObject{typeOf("System.Collections.Generic.Comparer", t...), naturalOrder{}}, nil
			}),
			member("static Comparer<T> Create(Comparison<T> comparison)", func(_ *Machine, t []*Type, a []any) (any, error) {
				if a[0] == nil {
					return nil, dotnet.ArgumentNull("comparison")
				}
				return &comparerObject{typeOf("System.Collections.Generic.Comparer", t...), comparison{a[0]}}, nil
			}),
			member("int Compare(T x, T y)", comparerCompare),
		}
	})
	_ = declare("abstract class System.Collections.Generic.EqualityComparer<T> : System.Collections.Generic.IEqualityComparer<T>", func() []memberDecl {
		return []memberDecl{
			member("static EqualityComparer<T> Default { get; }", func(_ *Machine, t []*Type, _ []any) (any, error) {
				return &equalityObject{typ: typeOf("System.Collections.Generic.EqualityComparer", t...)}, nil
			}),
			member("bool Equals(T x, T y)", comparerEquals),
			member("int GetHashCode(T obj)", comparerHash),
		}
	})
)

func comparerCompare(m *Machine, a []any) (any, error) {
	n, err := orderingOf(a[0]).Order(m, a[1], a[2])
	return int32(n), err
}

func comparerEquals(m *Machine, a []any) (any, error) {
	return equivalenceOf(a[0]).Equivalent(m, a[1], a[2])
}

func comparerHash(m *Machine, a []any) (any, error) {
	return equivalenceOf(a[0]).HashOf(m, a[1])
}

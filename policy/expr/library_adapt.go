package expr

import (
	"github.com/apimulator/apimulator/policy/expr/dotnet"
)

// How a Go function on .NET's values becomes a member's implementation: its
// parameters are the receiver and the arguments, each of its own Go type.

func pure0[R any](f func() R) func(*Machine, []any) (any, error) {
	return func(*Machine, []any) (any, error) { return f(), nil }
}

func pure1[A, R any](f func(A) R) func(*Machine, []any) (any, error) {
	return func(_ *Machine, a []any) (any, error) { return f(a[0].(A)), nil }
}

func pure2[A, B, R any](f func(A, B) R) func(*Machine, []any) (any, error) {
	return func(_ *Machine, a []any) (any, error) { return f(a[0].(A), a[1].(B)), nil }
}

// failing1 is pure1 for a function that can fail.
func failing1[A, R any](f func(A) (R, error)) func(*Machine, []any) (any, error) {
	return func(_ *Machine, a []any) (any, error) { return f(a[0].(A)) }
}

func failing2[A, B, R any](f func(A, B) (R, error)) func(*Machine, []any) (any, error) {
	return func(_ *Machine, a []any) (any, error) { return f(a[0].(A), a[1].(B)) }
}

func failing3[A, B, C, R any](f func(A, B, C) (R, error)) func(*Machine, []any) (any, error) {
	return func(_ *Machine, a []any) (any, error) { return f(a[0].(A), a[1].(B), a[2].(C)) }
}

// orderOperators are ==, !=, <, <=, > and >= of a type, by how its values
// compare.
func orderOperators[T any](name string, compare func(a, b T) int) []memberDecl {
	return append(equalityOperators(name, func(a, b T) bool { return compare(a, b) == 0 }),
		operator(name, "<", func(a, b T) bool { return compare(a, b) < 0 }),
		operator(name, "<=", func(a, b T) bool { return compare(a, b) <= 0 }),
		operator(name, ">", func(a, b T) bool { return compare(a, b) > 0 }),
		operator(name, ">=", func(a, b T) bool { return compare(a, b) >= 0 }))
}

// equalityOperators are == and !=.
func equalityOperators[T any](name string, equal func(a, b T) bool) []memberDecl {
	return []memberDecl{
		operator(name, "==", equal),
		operator(name, "!=", func(a, b T) bool { return !equal(a, b) }),
	}
}

func operator[T any](name, op string, f func(a, b T) bool) memberDecl {
	return member("static bool operator "+op+"("+name+" left, "+name+" right)", pure2(f))
}

// comparisonMembers are the members of every value that has an order: GetHashCode,
// CompareTo and Equals, each for the type itself and for object.
func comparisonMembers(name, param string) []memberDecl {
	members := []memberDecl{
		member("int CompareTo("+name+" "+param+")", compareTo),
		member("bool Equals("+name+" obj)", equalTo),
		member("bool Equals(object obj)", equalTo),
		member("int GetHashCode()", func(m *Machine, a []any) (any, error) { return m.Hash(a[0]) }),
	}
	if name == "DateTimeOffset" {
		return members // it has CompareTo(object) of the interface only
	}
	return append(members, member("int CompareTo(object "+param+")", compareToObject))
}

func equalTo(m *Machine, a []any) (any, error) { return m.Equal(a[0], a[1]) }

// compareToObject is CompareTo(object): anything comes after null.
func compareToObject(m *Machine, a []any) (any, error) {
	if a[1] == nil {
		return int32(1), nil
	}
	return compareTo(m, a)
}

// tried is what a TryParse does with the result of a Parse; zero is what it
// leaves in its out parameter if there is none.
func tried[T any](result any, v, zero T, err error) (any, error) {
	ok, failure := dotnet.Tried(err)
	return setResult(result, v, zero, ok, failure)
}

// triedExact is tried for the formats of a date.
func triedExact[T any](result any, v, zero T, formats []string, err error) (any, error) {
	ok, failure := dotnet.TriedExact(err, formats)
	return setResult(result, v, zero, ok, failure)
}

func setResult[T any](result any, v, zero T, ok bool, failure error) (any, error) {
	if !ok {
		v = zero
	}
	result.(*Ref).Value = v
	return ok, failure
}

// textArg is a string argument that must not be null.
func textArg(v any, param string) (string, error) {
	if v == nil {
		return "", dotnet.ArgumentNull(param)
	}
	return v.(string), nil
}

// concat is one list of members.
func concat(groups ...[]memberDecl) []memberDecl {
	var all []memberDecl
	for _, g := range groups {
		all = append(all, g...)
	}
	return all
}

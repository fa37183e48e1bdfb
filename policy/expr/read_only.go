package expr

const readOnlyType = "System.Collections.ObjectModel.ReadOnlyCollection"

// readOnlyObject is a ReadOnlyCollection<T>: a view of a list or an array.
type readOnlyObject struct {
	typ *Type
	of  Object
}

// DotnetType is part of Object.
func (r *readOnlyObject) DotnetType() *Type { return r.typ }

// Enumerate is part of Enumerable.
func (r *readOnlyObject) Enumerate(m *Machine) (Iterator, error) {
	return m.iterate(r.of, r.typ.args[0])
}

// The members that IList<T> and ICollection<T> see.
var _ = implement(readOnlyType, map[string]Func{
	"ICollection.Add": refuse(readOnly), "ICollection.Clear": refuse(readOnly), "ICollection.Remove": refuse(readOnly),
	"ICollection.IsReadOnly": always(true), "IList.Insert": refuse(readOnly), "IList.RemoveAt": refuse(readOnly), "IList.this=": refuse(readOnly),
})

var _ = declare("class "+readOnlyType+"<T> : System.Collections.Generic.IList<T>, System.Collections.Generic.IReadOnlyList<T>, System.Collections.IList", func() []memberDecl {
	return []memberDecl{
		member("new(IList<T> list)", func(_ *Machine, t []*Type, a []any) (any, error) {
			if err := notNull(a, "list"); err != nil {
				return nil, err
			}
			return &readOnlyObject{typeOf(readOnlyType, t...), a[0].(Object)}, nil
		}),
		member("int Count { get; }", ofViewed("ICollection", "Count")),
		member("T this[int index] { get; }", ofViewed("IList", "this")),
		member("bool Contains(T value)", ofViewed("ICollection", "Contains")),
		member("void CopyTo(T[] array, int index)", ofViewed("ICollection", "CopyTo")),
		member("int IndexOf(T value)", ofViewed("IList", "IndexOf")),
		member("IEnumerator<T> GetEnumerator()", enumerate),
	}
})

// ofViewed asks the viewed list.
func ofViewed(of, name string) func(*Machine, []any) (any, error) {
	call := virtualCall(of, name, false)
	return func(m *Machine, a []any) (any, error) {
		return call(m, append([]any{a[0].(*readOnlyObject).of}, a[1:]...))
	}
}

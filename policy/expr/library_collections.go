package expr

import "github.com/apimulator/apimulator/policy/expr/dotnet"

// The interfaces of collections.

var (
	_ = declare("interface System.Collections.IEnumerable", func() []memberDecl {
		return []memberDecl{
			member("IEnumerator GetEnumerator()", func(m *Machine, a []any) (any, error) { return newEnumerator(m, a[0], basic.object) }),
		}
	})
	_ = declare("interface System.Collections.IEnumerator", func() []memberDecl {
		return []memberDecl{
			member("object Current { get; }", enumeratorCurrent),
			member("bool MoveNext()", func(m *Machine, a []any) (any, error) { return a[0].(*enumeratorObject).moveNext(m) }),
			member("void Reset()", func(*Machine, []any) (any, error) { return nil, notSupported("Specified method is not supported.") }),
		}
	})
	_ = declare("interface System.Collections.Generic.IEnumerable<out T> : System.Collections.IEnumerable", func() []memberDecl {
		return []memberDecl{
			member("IEnumerator<T> GetEnumerator()", func(m *Machine, a []any) (any, error) {
				return newEnumerator(m, a[0], elementOf(DynamicType(a[0])))
			}),
		}
	})
	_ = declare("interface System.Collections.Generic.IEnumerator<out T> : System.Collections.IEnumerator, System.IDisposable", func() []memberDecl {
		return []memberDecl{
			member("T Current { get; }", enumeratorCurrent),
			member("void Dispose()", func(_ *Machine, a []any) (any, error) { a[0].(*enumeratorObject).dispose(); return nil, nil }),
		}
	})
	_ = declare("interface System.Collections.ICollection : System.Collections.IEnumerable", func() []memberDecl {
		return []memberDecl{
			virtual("ICollection", "Count", "int Count { get; }"),
		}
	})
	_ = declare("interface System.Collections.IList : System.Collections.ICollection")
	_ = declare("interface System.Collections.IDictionary : System.Collections.ICollection")
	_ = declare("interface System.Collections.Generic.ICollection<T> : System.Collections.Generic.IEnumerable<T>", func() []memberDecl {
		return []memberDecl{
			virtual("ICollection", "Count", "int Count { get; }"),
			virtual("ICollection", "IsReadOnly", "bool IsReadOnly { get; }"),
			virtual("ICollection", "Add", "void Add(T item)"),
			virtual("ICollection", "Clear", "void Clear()"),
			virtual("ICollection", "Contains", "bool Contains(T item)"),
			virtual("ICollection", "CopyTo", "void CopyTo(T[] array, int arrayIndex)"),
			virtual("ICollection", "Remove", "bool Remove(T item)"),
		}
	})
	_ = declare("interface System.Collections.Generic.IList<T> : System.Collections.Generic.ICollection<T>", func() []memberDecl {
		return []memberDecl{
			virtual("IList", "this", "T this[int index] { get; set; }"),
			virtual("IList", "IndexOf", "int IndexOf(T item)"),
			virtual("IList", "Insert", "void Insert(int index, T item)"),
			virtual("IList", "RemoveAt", "void RemoveAt(int index)"),
		}
	})
	_ = declare("interface System.Collections.Generic.IReadOnlyCollection<out T> : System.Collections.Generic.IEnumerable<T>", func() []memberDecl {
		return []memberDecl{
			virtual("ICollection", "Count", "int Count { get; }"),
		}
	})
	_ = declare("interface System.Collections.Generic.IReadOnlyList<out T> : System.Collections.Generic.IReadOnlyCollection<T>", func() []memberDecl {
		return []memberDecl{
			virtual("IList", "this", "T this[int index] { get; }"),
		}
	})
	_ = declare("interface System.Collections.Generic.IDictionary<TKey, TValue> : System.Collections.Generic.ICollection<System.Collections.Generic.KeyValuePair<TKey, TValue>>", func() []memberDecl {
		return []memberDecl{
			virtual("IDictionary", "this", "TValue this[TKey key] { get; set; }"),
			virtual("IDictionary", "Keys", "ICollection<TKey> Keys { get; }"),
			virtual("IDictionary", "Values", "ICollection<TValue> Values { get; }"),
			virtual("IDictionary", "Add", "void Add(TKey key, TValue value)"),
			virtual("IDictionary", "ContainsKey", "bool ContainsKey(TKey key)"),
			virtual("IDictionary", "Remove", "bool Remove(TKey key)"),
			virtual("IDictionary", "TryGetValue", "bool TryGetValue(TKey key, out TValue value)"),
		}
	})
	_ = declare("interface System.Collections.Generic.IReadOnlyDictionary<TKey, TValue> : System.Collections.Generic.IReadOnlyCollection<System.Collections.Generic.KeyValuePair<TKey, TValue>>", func() []memberDecl {
		return []memberDecl{
			virtual("IDictionary", "this", "TValue this[TKey key] { get; }").directly(directValue(variableNamed)),
			virtual("IDictionary", "Keys", "IEnumerable<TKey> Keys { get; }"),
			virtual("IDictionary", "Values", "IEnumerable<TValue> Values { get; }"),
			virtual("IDictionary", "ContainsKey", "bool ContainsKey(TKey key)").directly(directValue(entryNamed)),
			virtual("IDictionary", "TryGetValue", "bool TryGetValue(TKey key, out TValue value)"),
		}
	})
	_ = declare("interface System.Collections.Generic.ISet<T> : System.Collections.Generic.ICollection<T>", func() []memberDecl {
		return []memberDecl{
			virtual("ISet", "Add", "bool Add(T item)"),
			virtual("ISet", "UnionWith", "void UnionWith(IEnumerable<T> other)"),
			virtual("ISet", "IntersectWith", "void IntersectWith(IEnumerable<T> other)"),
			virtual("ISet", "ExceptWith", "void ExceptWith(IEnumerable<T> other)"),
			virtual("ISet", "SymmetricExceptWith", "void SymmetricExceptWith(IEnumerable<T> other)"),
			virtual("ISet", "IsSubsetOf", "bool IsSubsetOf(IEnumerable<T> other)"),
			virtual("ISet", "IsSupersetOf", "bool IsSupersetOf(IEnumerable<T> other)"),
			virtual("ISet", "IsProperSubsetOf", "bool IsProperSubsetOf(IEnumerable<T> other)"),
			virtual("ISet", "IsProperSupersetOf", "bool IsProperSupersetOf(IEnumerable<T> other)"),
			virtual("ISet", "Overlaps", "bool Overlaps(IEnumerable<T> other)"),
			virtual("ISet", "SetEquals", "bool SetEquals(IEnumerable<T> other)"),
		}
	})
)

func enumeratorCurrent(_ *Machine, a []any) (any, error) {
	return a[0].(*enumeratorObject).current, nil
}

// enumerate is GetEnumerator of a collection.
func enumerate(m *Machine, a []any) (any, error) {
	return newEnumerator(m, a[0], elementOf(DynamicType(a[0])))
}

// elementOf is what an IEnumerable<T> of that type gives; object where it is
// none, or several.
func elementOf(t *Type) *Type {
	if e := t.asInterface(table().lookup("System.Collections.Generic.IEnumerable", 1)); e != nil {
		return e.args[0]
	}
	return basic.object
}

func notSupported(message string) error {
	return dotnet.NewException("System.NotSupportedException", message)
}

// The messages that several collections share.
const (
	wasModified     = "Collection was modified; enumeration operation may not execute."
	wasModifiedLate = "Collection was modified after the enumerator was instantiated."
	indexRange      = "Index was out of range. Must be non-negative and less than the size of the collection."
	countRange      = "Count must be positive and count must refer to a location within the string/array/collection."
	needNonNegative = "Non-negative number required."
	badOffset       = "Offset and length were out of bounds for the array or count is greater than the number of elements from index to the end of the source collection."
	readOnly        = "Collection is read-only."
	fixedSize       = "Collection was of a fixed size."
)

func indexOutOfRange(param string) error { return dotnet.ArgumentOutOfRange(param, indexRange) }

// notNull tells of the first argument that is null although it has a name.
func notNull(args []any, names ...string) error {
	for i, name := range names {
		if name != "" && args[i] == nil {
			return dotnet.ArgumentNull(name)
		}
	}
	return nil
}

// checkCapacity checks the capacity that a constructor is asked for.
func checkCapacity(v any) error {
	if intArg(v) < 0 {
		return dotnet.ArgumentOutOfRange("capacity", outOfRange)
	}
	return nil
}

// checkNonNegative is checkCapacity with the message of other collections.
func checkNonNegative(v any) error {
	if intArg(v) < 0 {
		return dotnet.ArgumentOutOfRange("capacity", needNonNegative)
	}
	return nil
}

// intArg is an int argument.
func intArg(v any) int { return int(v.(int32)) }

// refuse is the implementation of a member that a collection does not support.
func refuse(message string) func(*Machine, []any) (any, error) {
	return func(*Machine, []any) (any, error) { return nil, notSupported(message) }
}

func always(v any) func(*Machine, []any) (any, error) {
	return func(*Machine, []any) (any, error) { return v, nil }
}

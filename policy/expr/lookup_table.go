package expr

// LookupObject is a Lookup<TKey, TElement>: groups in the order in which their
// keys came.
type LookupObject struct {
	typ    *Type
	table  *hashTable // of *GroupingObject
	groups []*GroupingObject
}

func newLookup(key, elem *Type, comparer any) *LookupObject {
	return &LookupObject{typ: typeOf("System.Linq.Lookup", key, elem), table: newHashTable(equivalenceOf(comparer))}
}

// add adds an element to a key's group.
func (l *LookupObject) add(m *Machine, key, v any) error {
	place, hash, err := l.table.find(m, key)
	if err != nil {
		return err
	}
	if err := m.Allocate(16); err != nil {
		return err
	}
	if place >= 0 {
		g := l.table.entries[place].value.(*GroupingObject)
		g.elems = append(g.elems, v)
		return nil
	}
	g := &GroupingObject{typeOf("System.Linq.Grouping", l.typ.args...), key, []any{v}}
	l.groups = append(l.groups, g)
	return l.table.add(m, key, g, hash)
}

// group is a key's; nil if there is none.
func (l *LookupObject) group(m *Machine, key any) (*GroupingObject, error) {
	place, _, err := l.table.find(m, key)
	if err != nil || place < 0 {
		return nil, err
	}
	return l.table.entries[place].value.(*GroupingObject), nil
}

// DotnetType is part of Object.
func (l *LookupObject) DotnetType() *Type { return l.typ }

// Enumerate is part of Enumerable.
func (l *LookupObject) Enumerate(*Machine) (Iterator, error) {
	groups := make([]any, len(l.groups))
	for i, g := range l.groups {
		groups[i] = g
	}
	return &sliceIterator{elems: groups}, nil
}

// GroupingObject is an IGrouping<TKey, TElement>.
type GroupingObject struct {
	typ   *Type
	key   any
	elems []any
}

// DotnetType is part of Object.
func (g *GroupingObject) DotnetType() *Type { return g.typ }

// Len is the number of elements.
func (g *GroupingObject) Len() int { return len(g.elems) }

// Enumerate is part of Enumerable.
func (g *GroupingObject) Enumerate(*Machine) (Iterator, error) {
	return &sliceIterator{elems: g.elems}, nil
}

func groupingKey(_ *Machine, a []any) (any, error) { return a[0].(*GroupingObject).key, nil }

var (
	_ = declare("interface System.Linq.IGrouping<out TKey, out TElement> : System.Collections.Generic.IEnumerable<TElement>", func() []memberDecl {
		return []memberDecl{
			member("TKey Key { get; }", groupingKey),
		}
	})
	_ = declare("class System.Linq.Grouping<TKey, TElement> : System.Linq.IGrouping<TKey, TElement>, System.Collections.Generic.IList<TElement>", func() []memberDecl {
		return []memberDecl{
			member("TKey Key { get; }", groupingKey),
			member("IEnumerator<TElement> GetEnumerator()", enumerate),
		}
	})
	_ = declare("interface System.Linq.ILookup<TKey, TElement> : System.Collections.Generic.IEnumerable<System.Linq.IGrouping<TKey, TElement>>", func() []memberDecl {
		return []memberDecl{
			member("int Count { get; }", lookupCount),
			member("IEnumerable<TElement> this[TKey key] { get; }", lookupGet),
			member("bool Contains(TKey key)", lookupContains),
		}
	})
	_ = declare("class System.Linq.Lookup<TKey, TElement> : System.Linq.ILookup<TKey, TElement>", func() []memberDecl {
		return []memberDecl{
			member("int Count { get; }", lookupCount),
			member("IEnumerable<TElement> this[TKey key] { get; }", lookupGet),
			member("bool Contains(TKey key)", lookupContains),
			member("IEnumerator<System.Linq.IGrouping<TKey, TElement>> GetEnumerator()", enumerate),
		}
	})
	_ = implement("System.Linq.Grouping", map[string]Func{
		"ICollection.Count":      func(_ *Machine, a []any) (any, error) { return int32(len(a[0].(*GroupingObject).elems)), nil },
		"ICollection.IsReadOnly": always(true),
		"ICollection.Contains": func(m *Machine, a []any) (any, error) {
			i, err := groupingIndex(m, a)
			return i >= 0, err
		},
		"ICollection.CopyTo": copyElements,
		"IList.IndexOf":      func(m *Machine, a []any) (any, error) { return asInt(groupingIndex(m, a)) },
		"IList.this": func(_ *Machine, a []any) (any, error) {
			g, i := a[0].(*GroupingObject), intArg(a[1])
			if i < 0 || i >= len(g.elems) {
				return nil, indexOutOfRange("index")
			}
			return g.elems[i], nil
		},
	})
)

func groupingIndex(m *Machine, a []any) (int, error) {
	elems := a[0].(*GroupingObject).elems
	return indexOf(m, func(i int) any { return elems[i] }, 0, len(elems), a[1], false)
}

func lookupCount(_ *Machine, a []any) (any, error) {
	return int32(len(a[0].(*LookupObject).groups)), nil
}

func lookupGet(m *Machine, a []any) (any, error) {
	l := a[0].(*LookupObject)
	g, err := l.group(m, a[1])
	if err != nil {
		return nil, err
	}
	if g == nil {
		return fixed(l.typ.args[1], nil), nil
	}
	return g, nil
}

func lookupContains(m *Machine, a []any) (any, error) {
	g, err := a[0].(*LookupObject).group(m, a[1])
	return g != nil, err
}

package expr

import (
	"github.com/apimulator/apimulator/policy/expr/dotnet"
)

// The collections that a match has. In .NET Framework they are not generic; .NET
// Core's are more, so that both kinds of code find what they need.

var _ = regexList("MatchCollection", "Match")

var _ = regexList("CaptureCollection", "Capture")

var _ = regexList("GroupCollection", "Group",
	"System.Collections.Generic.IReadOnlyDictionary<string, "+regexNamespace+"Group>")

var _ = extend(regexNamespace+"MatchCollection", func() []memberDecl {
	return []memberDecl{
		member("Match this[int i] { get; }", func(m *Machine, a []any) (any, error) { return regexItem(m, a[0].(*matchesObject), intArg(a[1])) }),
	}
})

var _ = extend(regexNamespace+"CaptureCollection", func() []memberDecl {
	return []memberDecl{
		member("Capture this[int i] { get; }", func(m *Machine, a []any) (any, error) { return regexItem(m, a[0].(*capturesObject), intArg(a[1])) }),
	}
})

var _ = extend(regexNamespace+"GroupCollection", func() []memberDecl {
	return []memberDecl{
		member("Group this[int groupnum] { get; }", func(_ *Machine, a []any) (any, error) {
			return a[0].(*groupsObject).byNumber(intArg(a[1])), nil
		}),
		member("Group this[string groupname] { get; }", func(_ *Machine, a []any) (any, error) {
			if err := notNull(a[1:], "name"); err != nil {
				return nil, err
			}
			return a[0].(*groupsObject).byName(a[1].(string)), nil
		}),
		member("IEnumerable<string> Keys { get; }", func(_ *Machine, a []any) (any, error) {
			names := a[0].(*groupsObject).names()
			return newSequence(basic.string, func(*Machine) (Iterator, error) { return &sliceIterator{elems: anys(names)}, nil }), nil
		}),
		member("IEnumerable<Group> Values { get; }", func(_ *Machine, a []any) (any, error) {
			g := a[0].(*groupsObject)
			return newSequence(typeOf(regexNamespace+"Group"), func(*Machine) (Iterator, error) { return &regexIterator{list: g}, nil }), nil
		}),
		member("bool ContainsKey(string key)", func(_ *Machine, a []any) (any, error) {
			if err := notNull(a[1:], "name"); err != nil {
				return nil, err
			}
			_, found := a[0].(*groupsObject).lookup(a[1].(string))
			return found, nil
		}),
		member("bool TryGetValue(string key, out Group value)", func(_ *Machine, a []any) (any, error) {
			if err := notNull(a[1:2], "key"); err != nil {
				return nil, err
			}
			g := a[0].(*groupsObject)
			i, found := g.lookup(a[1].(string))
			a[2].(*Ref).Value = nil
			if found {
				a[2].(*Ref).Value = g.item(i)
			}
			return found, nil
		}),
	}
})

// regexItems is a collection that is read by index; get reports false beyond its
// end.
type regexItems interface {
	get(m *Machine, i int) (item any, found bool, err error)
}

// regexList declares a collection.
func regexList(name, elem string, more ...string) struct{} {
	full, elem := regexNamespace+name, regexNamespace+elem
	parents := "System.Collections.Generic.IList<" + elem + ">, System.Collections.Generic.IReadOnlyList<" + elem + ">, System.Collections.IList"
	for _, p := range more {
		parents += ", " + p
	}
	implement(full, map[string]Func{
		"ICollection.Add": refuse(readOnly), "ICollection.Clear": refuse(readOnly), "ICollection.Remove": refuse(readOnly),
		"IList.Insert": refuse(readOnly), "IList.RemoveAt": refuse(readOnly), "IList.this=": refuse(readOnly),
		"IList.this": func(m *Machine, a []any) (any, error) { return regexItem(m, a[0].(regexItems), intArg(a[1])) },
		"ICollection.Contains": func(m *Machine, a []any) (any, error) {
			i, err := regexIndex(m, a[0].(regexItems), a[1])
			return i >= 0, err
		},
		"IList.IndexOf": func(m *Machine, a []any) (any, error) { return asInt(regexIndex(m, a[0].(regexItems), a[1])) },
	})
	return declare("class "+full+" : "+parents, func() []memberDecl {
		return []memberDecl{
			member("int Count { get; }", func(m *Machine, a []any) (any, error) { return asInt(regexCount(m, a[0].(regexItems))) }),
			member("bool IsReadOnly { get; }", always(true)),
			member("bool IsSynchronized { get; }", always(false)),
			member("object SyncRoot { get; }", func(_ *Machine, a []any) (any, error) { return a[0], nil }),
			member("System.Collections.IEnumerator GetEnumerator()", func(m *Machine, a []any) (any, error) { return newEnumerator(m, a[0], basic.object) }),
			member("void CopyTo(Array array, int arrayIndex)", regexCopyTo),
			member("void CopyTo("+elem+"[] array, int arrayIndex)", regexCopyTo),
		}
	})
}

func regexItem(m *Machine, list regexItems, i int) (any, error) {
	item, found, err := any(nil), false, error(nil)
	if i >= 0 {
		item, found, err = list.get(m, i)
	}
	if err == nil && !found {
		err = dotnet.ArgumentOutOfRange("i", outOfRange)
	}
	return item, err
}

func regexCount(m *Machine, list regexItems) (int, error) {
	for i := 0; ; i++ {
		if _, found, err := list.get(m, i); err != nil || !found {
			return i, err
		}
	}
}

func regexIndex(m *Machine, list regexItems, v any) (int, error) {
	for i := 0; ; i++ {
		item, found, err := list.get(m, i)
		if err != nil || !found {
			return -1, err
		}
		if equal, err := m.Equal(item, v); err != nil || equal {
			return i, err
		}
	}
}

func regexCopyTo(m *Machine, a []any) (any, error) {
	if err := notNull(a[1:], "array"); err != nil {
		return nil, err
	}
	items, err := m.elements(a[0], basic.object)
	if err != nil {
		return nil, err
	}
	return nil, copyInto(m, items, a[1], intArg(a[2]), "destinationArray", "destinationIndex", "destinationArray")
}

// regexIterator goes through a collection.
type regexIterator struct {
	list regexItems
	next int
}

// Next is part of Iterator.
func (it *regexIterator) Next(m *Machine) (any, bool, error) {
	it.next++
	return it.list.get(m, it.next-1)
}

// Close is part of Iterator.
func (it *regexIterator) Close() {}

// matchesObject is a MatchCollection: it searches as far as it is asked.
type matchesObject struct {
	search func() (*dotnet.RegexMatch, error) // for the next match; nil if there is none
	found  []*matchObject
}

// DotnetType is part of Object.
func (*matchesObject) DotnetType() *Type { return typeOf(regexNamespace + "MatchCollection") }

// Enumerate is part of Enumerable.
func (o *matchesObject) Enumerate(*Machine) (Iterator, error) { return &regexIterator{list: o}, nil }

func (o *matchesObject) get(m *Machine, i int) (any, bool, error) {
	for i >= len(o.found) && o.search != nil {
		match, err := m.search(o.search)
		if err != nil {
			return nil, false, err
		}
		if match.found == nil {
			o.search = nil
			break
		}
		o.found, o.search = append(o.found, match), match.found.Next
	}
	if i >= len(o.found) {
		return nil, false, nil
	}
	return o.found[i], true, m.Spend(1)
}

// capturesObject is a CaptureCollection.
type capturesObject struct {
	group *groupObject
	last  any // the group itself is its last capture
}

// DotnetType is part of Object.
func (*capturesObject) DotnetType() *Type { return typeOf(regexNamespace + "CaptureCollection") }

// Enumerate is part of Enumerable.
func (o *capturesObject) Enumerate(*Machine) (Iterator, error) { return &regexIterator{list: o}, nil }

func (o *capturesObject) get(m *Machine, i int) (any, bool, error) {
	switch n := len(o.group.captures); {
	case i >= n:
		return nil, false, nil
	case i == n-1:
		return o.last, true, m.Spend(1)
	}
	return &captureObject{o.group.in, o.group.captures[i]}, true, m.Spend(1)
}

// groupsObject is a GroupCollection.
type groupsObject struct {
	match *matchObject
	made  []*groupObject // those that were asked for
}

// DotnetType is part of Object.
func (*groupsObject) DotnetType() *Type { return typeOf(regexNamespace + "GroupCollection") }

// Enumerate is part of Enumerable.
func (o *groupsObject) Enumerate(*Machine) (Iterator, error) { return &regexIterator{list: o}, nil }

func (o *groupsObject) names() []string {
	if o.match.found == nil {
		return []string{"0"}
	}
	return o.match.found.Regex().GroupNames()
}

func (o *groupsObject) get(m *Machine, i int) (any, bool, error) {
	if i >= len(o.names()) {
		return nil, false, nil
	}
	return o.item(i), true, m.Spend(1)
}

// item is the group that stands at i, which is one.
func (o *groupsObject) item(i int) any {
	if i == 0 {
		return o.match
	}
	found := o.match.found
	if o.made == nil {
		o.made = make([]*groupObject, len(found.Groups))
	}
	if o.made[i] == nil {
		g := newGroup(found.Input(), o.names()[i], found.Groups[i])
		o.made[i] = &g
	}
	return o.made[i]
}

// lookup finds where the group of a name stands.
func (o *groupsObject) lookup(name string) (int, bool) {
	for i, n := range o.names() {
		if n == name {
			return i, true
		}
	}
	return 0, false
}

func (o *groupsObject) byName(name string) any {
	if i, found := o.lookup(name); found {
		return o.item(i)
	}
	return &groupObject{}
}

func (o *groupsObject) byNumber(n int) any {
	switch found := o.match.found; {
	case found != nil && found.Regex().GroupIndex(n) >= 0:
		return o.item(found.Regex().GroupIndex(n))
	case n == 0:
		return o.match
	}
	return &groupObject{}
}

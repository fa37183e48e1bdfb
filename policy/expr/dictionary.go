package expr

import "github.com/apimulator/apimulator/policy/expr/dotnet"

const (
	dictionaryType = "System.Collections.Generic.Dictionary"
	keysType       = dictionaryType + ".KeyCollection"
	valuesType     = dictionaryType + ".ValueCollection"
	pairType       = "System.Collections.Generic.KeyValuePair"
)

// DictionaryObject is a Dictionary<TKey, TValue>.
type DictionaryObject struct {
	typ   *Type
	table *hashTable
	// comparer is what the constructor was given; nil for the default.
	comparer any
}

// NewDictionary is an empty Dictionary<key, value> with the default comparer.
func NewDictionary(key, value *Type) *DictionaryObject {
	return newDictionary([]*Type{key, value}, nil)
}

func newDictionary(types []*Type, comparer any) *DictionaryObject {
	return &DictionaryObject{typeOf(dictionaryType, types...), newHashTable(equivalenceOf(comparer)), comparer}
}

// DotnetType is part of Object.
func (d *DictionaryObject) DotnetType() *Type { return d.typ }

// Len is the number of elements.
func (d *DictionaryObject) Len() int { return d.table.Len() }

// pair is the type of the elements.
func (d *DictionaryObject) pair() *Type { return typeOf(pairType, d.typ.args...) }

// Enumerate is part of Enumerable: the elements are pairs.
func (d *DictionaryObject) Enumerate(*Machine) (Iterator, error) {
	pair := d.pair()
	return d.table.iterator(wasModified, func(e *entry) any { return &PairObject{pair, e.key, e.value} }), nil
}

// Get is the value of a key.
func (d *DictionaryObject) Get(m *Machine, key any) (value any, found bool, err error) {
	if key == nil {
		return nil, false, dotnet.ArgumentNull("key")
	}
	place, _, err := d.table.find(m, key)
	if err != nil || place < 0 {
		return nil, false, err
	}
	return d.table.entries[place].value, true, nil
}

// TryAdd adds a key that is not there yet.
func (d *DictionaryObject) TryAdd(m *Machine, key, value any) (bool, error) {
	if key == nil {
		return false, dotnet.ArgumentNull("key")
	}
	place, hash, err := d.table.find(m, key)
	if err != nil || place >= 0 {
		return false, err
	}
	return true, d.table.add(m, key, value, hash)
}

// Add adds a key, which must not be there yet.
func (d *DictionaryObject) Add(m *Machine, key, value any) error {
	added, err := d.TryAdd(m, key, value)
	if err != nil || added {
		return err
	}
	text, err := m.Text(key)
	if err != nil {
		return err
	}
	return dotnet.Argument("An item with the same key has already been added. Key: "+text, "")
}

// Set gives a key a value, whether it is there or not.
func (d *DictionaryObject) Set(m *Machine, key, value any) error {
	if key == nil {
		return dotnet.ArgumentNull("key")
	}
	place, hash, err := d.table.find(m, key)
	switch {
	case err != nil:
		return err
	case place < 0:
		return d.table.add(m, key, value, hash)
	}
	d.table.version++
	d.table.entries[place].value = value
	return nil
}

// remove takes a key out and gives its value.
func (d *DictionaryObject) remove(m *Machine, key any) (value any, found bool, err error) {
	if key == nil {
		return nil, false, dotnet.ArgumentNull("key")
	}
	place, _, err := d.table.find(m, key)
	if err != nil || place < 0 {
		return nil, false, err
	}
	value = d.table.entries[place].value
	d.table.remove(place)
	return value, true, nil
}

// PairObject is a KeyValuePair<TKey, TValue>. It is never changed.
type PairObject struct {
	typ        *Type
	key, value any
}

// NewPair is a KeyValuePair<keyType, valueType>.
func NewPair(keyType, valueType *Type, key, value any) *PairObject {
	return &PairObject{typeOf(pairType, keyType, valueType), key, value}
}

// DotnetType is part of Object.
func (p *PairObject) DotnetType() *Type { return p.typ }

// Key is the pair's key.
func (p *PairObject) Key() any { return p.key }

// Value is the pair's value.
func (p *PairObject) Value() any { return p.value }

// ToString is part of Texter.
func (p *PairObject) ToString(m *Machine) (string, error) {
	key, err := m.Text(p.key)
	if err != nil {
		return "", err
	}
	value, err := m.Text(p.value)
	if err != nil {
		return "", err
	}
	return "[" + key + ", " + value + "]", m.Allocate(len(key) + len(value) + 4)
}

// EqualTo is part of Equaler.
func (p *PairObject) EqualTo(m *Machine, other any) (bool, error) {
	o, ok := other.(*PairObject)
	if !ok || o.typ != p.typ {
		return false, nil
	}
	if equal, err := m.Equal(p.key, o.key); err != nil || !equal {
		return false, err
	}
	return m.Equal(p.value, o.value)
}

// HashCode is part of Hasher.
func (p *PairObject) HashCode(m *Machine) (int32, error) { return hashAll(m, []any{p.key, p.value}) }

// entriesObject is the keys or values of a dictionary: a view.
type entriesObject struct {
	typ      *Type
	of       Enumerable // a *DictionaryObject or *sortedObject
	values   bool
	Len      func() int
	contains func(m *Machine, v any) (bool, error)
}

// DotnetType is part of Object.
func (e *entriesObject) DotnetType() *Type { return e.typ }

// Enumerate is part of Enumerable.
func (e *entriesObject) Enumerate(m *Machine) (Iterator, error) {
	pairs, err := e.of.Enumerate(m)
	if err != nil {
		return nil, err
	}
	return &stepper{end: pairs.Close, step: func(m *Machine) (any, bool, error) {
		p, more, err := pairs.Next(m)
		if err != nil || !more {
			return nil, false, err
		}
		if e.values {
			return p.(*PairObject).value, true, nil
		}
		return p.(*PairObject).key, true, nil
	}}, nil
}

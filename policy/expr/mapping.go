package expr

import "strings"

// Mapping is a value that is read by key, in a fixed order: a dictionary, the
// headers of a message, context.Variables. The members of IReadOnlyDictionary
// and IDictionary work on it.
type Mapping interface {
	Object
	// Lookup is the value under key.
	Lookup(m *Machine, key any) (value any, found bool, err error)
	// Len is how many keys there are.
	Len() int
	// Pair is the i-th key and its value.
	Pair(i int) (key, value any)
}

// listed is a Mapping of what is there already: names and values, in order.
type listed struct {
	typ    *Type
	fold   bool // names compare without regard to case
	names  []string
	values []any
}

// DotnetType is part of Object.
func (l *listed) DotnetType() *Type { return l.typ }

// Lookup is part of Mapping.
func (l *listed) Lookup(_ *Machine, key any) (any, bool, error) {
	name, _ := key.(string)
	for i, n := range l.names {
		if n == name || l.fold && strings.EqualFold(n, name) {
			return l.values[i], true, nil
		}
	}
	return nil, false, nil
}

// Len is part of Mapping.
func (l *listed) Len() int { return len(l.names) }

// Pair is part of Mapping.
func (l *listed) Pair(i int) (any, any) { return l.names[i], l.values[i] }

// add appends a name with one more of its values, which are a string[].
func (l *listed) add(name, value string) {
	for i, n := range l.names {
		if strings.EqualFold(n, name) {
			l.values[i].(*ArrayObject).elems = append(l.values[i].(*ArrayObject).elems, value)
			return
		}
	}
	l.names = append(l.names, name)
	l.values = append(l.values, NewArray(basic.string, []any{value}))
}

// dictionaryOf is the type of a Mapping of such values.
func dictionaryOf(value *Type) *Type { return typeOf(mappingType, value) }

// texts is a string[].
func texts(values []string) *ArrayObject { return NewArray(basic.string, anys(values)) }

func anys(values []string) []any {
	elems := make([]any, len(values))
	for i, v := range values {
		elems[i] = v
	}
	return elems
}

// NewStrings is a string[].
func NewStrings(values []string) any {
	table()
	return texts(values)
}

// NewStringList is a List<string>.
func NewStringList(values []string) any {
	table()
	return NewList(basic.string, anys(values))
}

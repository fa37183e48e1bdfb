package expr

import (
	"github.com/apimulator/apimulator/policy/expr/dotnet"
	"github.com/apimulator/apimulator/policy/expr/newtonsoft"
	"github.com/apimulator/apimulator/policy/expr/xmldom"
)

// Enumerate goes through the elements of a value that is an IEnumerable: what is
// Enumerable, and a string's characters. Null is a NullReferenceException.
func (m *Machine) Enumerate(v any) (Iterator, error) {
	switch v := v.(type) {
	case Enumerable:
		return v.Enumerate(m)
	case string:
		return &charIterator{units: dotnet.Units(v)}, m.Allocate(2 * len(v))
	case newtonsoft.Token:
		return m.iterate(v, nil)
	case *xmldom.Node:
		return nodeIterator(m, v.Children())
	case nil:
		return nil, dotnet.NullReference()
	}
	return nil, dotnet.InvalidCast("Unable to cast object of type '" + reflectionName(DynamicType(v), true) + "' to type 'System.Collections.IEnumerable'.")
}

// charIterator goes through a string's characters.
type charIterator struct{ units []uint16 }

// Next is part of Iterator.
func (it *charIterator) Next(m *Machine) (any, bool, error) {
	if len(it.units) == 0 {
		return nil, false, nil
	}
	c := dotnet.Char(it.units[0])
	it.units = it.units[1:]
	return c, true, m.tick()
}

// Close is part of Iterator.
func (it *charIterator) Close() {}

package expr

import (
	"strings"

	"github.com/apimulator/apimulator/policy/expr/dotnet"
	"github.com/apimulator/apimulator/policy/expr/newtonsoft"
)

const generic = "System.Collections.Generic."

// isCollection reports whether JSON makes a value of t of an object or an array
// only.
func isCollection(t *Type) bool {
	switch {
	case t.kind == Array:
		return t.elem != basic.byte || t.rank > 1
	case t.kind == Tuple || t.kind == Anonymous:
		return true
	}
	return t.def != nil && strings.HasPrefix(t.def.Name, generic)
}

// collection makes a value of an object or an array.
func (d *deserializer) collection(t newtonsoft.Token, to *Type) (any, error) {
	if err := d.m.enter(); err != nil {
		return nil, err
	}
	defer d.m.leave()
	o, isObject := t.(*newtonsoft.Object)
	a, isArray := t.(*newtonsoft.Array)
	switch name := collectionName(to); {
	case isArray && to.kind == Array && to.rank == 1:
		elems, err := d.items(a, to.elem)
		if err != nil {
			return nil, err
		}
		return NewArray(to.elem, elems), nil
	case isArray && (name == "List" || name == "IList" || name == "ICollection" || name == "IEnumerable" || name == "IReadOnlyList" || name == "IReadOnlyCollection"):
		elems, err := d.items(a, to.args[0])
		return NewList(to.args[0], elems), err
	case isArray && len(to.args) == 1 && membersOf(to, "Add") != nil:
		return d.added(a, to)
	case isObject && (name == "Dictionary" || name == "IDictionary" || name == "IReadOnlyDictionary"):
		return d.dictionary(o, to)
	case isObject && name == "KeyValuePair":
		return d.pair(o, to)
	case isObject && (to.kind == Tuple || to.kind == Anonymous):
		return d.record(o, to)
	}
	return nil, d.mismatch(t, to)
}

// collectionName is the simple name of a generic collection, "" of other types.
func collectionName(t *Type) string {
	if t.def == nil {
		return ""
	}
	name, ok := strings.CutPrefix(t.def.Name, generic)
	if !ok {
		return ""
	}
	return name
}

func (d *deserializer) items(a *newtonsoft.Array, elem *Type) ([]any, error) {
	elems := make([]any, 0, len(a.Children()))
	for _, t := range a.Children() {
		v, err := d.element(t, elem)
		if err != nil {
			return nil, err
		}
		elems = append(elems, v)
	}
	return elems, nil
}

// element is a value that a collection takes.
func (d *deserializer) element(t newtonsoft.Token, elem *Type) (any, error) {
	v, err := d.value(t, elem)
	if thrown, ok := Thrown(err); ok && thrown.Type == "System.InvalidCastException" && inherits(elem, typeOf("Newtonsoft.Json.Linq.JToken")) {
		// The token is made, and the collection does not take it.
		return nil, dotnet.Argument(`The value "`+newtonsoft.Text(t)+`" is not of type "`+reflectionName(elem, true)+`" and cannot be used in this generic collection.`, "value")
	}
	return v, err
}

// added makes a collection by its constructor and Add.
func (d *deserializer) added(a *newtonsoft.Array, to *Type) (any, error) {
	elems, err := d.items(a, to.args[0])
	if err != nil {
		return nil, err
	}
	for _, c := range to.def.MembersNamed("new") {
		if len(c.Params) > 0 {
			continue
		}
		made, err := c.call(d.m, to.args, nil)
		if err != nil {
			return nil, err
		}
		add := membersOf(to, "Add")[0]
		for _, e := range elems {
			if _, err := add.call(d.m, nil, []any{made, e}); err != nil {
				return nil, err
			}
		}
		return made, nil
	}
	return nil, d.mismatch(a, to)
}

func (d *deserializer) dictionary(o *newtonsoft.Object, to *Type) (any, error) {
	made := NewDictionary(to.args[0], to.args[1])
	for _, c := range o.Children() {
		p := c.(*newtonsoft.Property)
		key, err := d.key(p, to.args[0])
		if err != nil {
			return nil, err
		}
		v, err := d.element(p.Value(), to.args[1])
		if err != nil {
			return nil, err
		}
		if err := made.Set(d.m, key, v); err != nil {
			return nil, err
		}
	}
	return made, nil
}

func (d *deserializer) key(p *newtonsoft.Property, to *Type) (any, error) {
	if to == basic.string || to == basic.object {
		return p.Name(), nil
	}
	key, err := d.simple(newtonsoft.NewValue(p.Name()), to)
	if err != nil {
		return nil, serializationError("Could not convert string '" + p.Name() + "' to dictionary key type '" + reflectionName(to, true) +
			"'. Create a TypeConverter to convert from the string to the key type object. Path '" + newtonsoft.Path(p) + "'.")
	}
	return key, nil
}

func (d *deserializer) pair(o *newtonsoft.Object, to *Type) (any, error) {
	parts := []any{zeroOf(to.args[0]), zeroOf(to.args[1])}
	for i, name := range []string{"Key", "Value"} {
		if p := o.Match(name, strings.EqualFold); p != nil {
			v, err := d.value(p.Value(), to.args[i])
			if err != nil {
				return nil, err
			}
			parts[i] = v
		}
	}
	return NewPair(to.args[0], to.args[1], parts[0], parts[1]), nil
}

// record is an anonymous type's or a tuple's value: what is missing is default.
func (d *deserializer) record(o *newtonsoft.Object, to *Type) (any, error) {
	elems := make([]any, len(to.args))
	for i, member := range to.args {
		name := tupleItem(i)
		if to.kind == Anonymous {
			name = to.meta[i]
		}
		p := o.Match(name, strings.EqualFold)
		if p == nil {
			elems[i] = zeroOf(member)
			continue
		}
		v, err := d.value(p.Value(), member)
		if err != nil {
			return nil, err
		}
		elems[i] = v
	}
	return newRecord(to, elems), nil
}

// mismatch tells of a token that no value of that type can be made of.
func (d *deserializer) mismatch(t newtonsoft.Token, to *Type) error {
	name := reflectionName(to, true)
	switch t.(type) {
	case *newtonsoft.Object:
		if to == basic.string || !isCollection(to) {
			return dotnet.NewException("Newtonsoft.Json.JsonReaderException", "Unexpected character encountered while parsing value: {. Path '"+newtonsoft.Path(t)+"'.")
		}
		return serializationError(`Cannot deserialize the current JSON object (e.g. {"name":"value"}) into type '` + name +
			"' because the type requires a JSON array (e.g. [1,2,3]) to deserialize correctly. Path '" + newtonsoft.Path(t) + "'.")
	case *newtonsoft.Array:
		if !isCollection(to) {
			return dotnet.NewException("Newtonsoft.Json.JsonReaderException", "Unexpected character encountered while parsing value: [. Path '"+newtonsoft.Path(t)+"'.")
		}
		return serializationError("Cannot deserialize the current JSON array (e.g. [1,2,3]) into type '" + name +
			`' because the type requires a JSON object (e.g. {"name":"value"}) to deserialize correctly. Path '` + newtonsoft.Path(t) + "'.")
	}
	return converting(t, newtonsoft.Write(t, newtonsoft.Compact), to)
}

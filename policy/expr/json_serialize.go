package expr

import (
	"slices"

	"github.com/apimulator/apimulator/policy/expr/dotnet"
	"github.com/apimulator/apimulator/policy/expr/newtonsoft"
	"github.com/apimulator/apimulator/policy/expr/xlinq"
	"github.com/apimulator/apimulator/policy/expr/xmldom"
)

// JSON is v as JsonConvert.SerializeObject writes it, without indentation.
func (m *Machine) JSON(v any) (string, error) {
	t, err := (&serializer{m: m, written: true}).token(v)
	if err != nil {
		return "", err
	}
	s := newtonsoft.Write(t, newtonsoft.Compact)
	return s, m.Allocate(len(s))
}

// serialize is JToken.FromObject: v as a token without a parent.
func (m *Machine) serialize(v any) (newtonsoft.Token, error) { return (&serializer{m: m}).token(v) }

// serializer makes tokens of values. Inside are the values that it is in the
// middle of, so that one that holds itself is found.
type serializer struct {
	m      *Machine
	inside []any
	// skipNulls leaves out members that are null (NullValueHandling.Ignore).
	skipNulls bool
	// written says that the token becomes text at once, as which undefined is not
	// null.
	written bool
}

func (s *serializer) token(v any) (newtonsoft.Token, error) {
	if err := s.m.Spend(1); err != nil {
		return nil, err
	}
	if err := s.m.Allocate(64); err != nil {
		return nil, err
	}
	switch v := v.(type) {
	case newtonsoft.Token:
		if err := s.m.Spend(sizeOf(v)); err != nil {
			return nil, err
		}
		if v.Type() == newtonsoft.UndefinedType && !s.written {
			return newtonsoft.Null(), nil
		}
		return newtonsoft.DeepClone(v), nil
	case xlinq.Object, *xmldom.Node:
		return s.m.xmlToken(v)
	case *typeObject:
		name, err := v.ToString(s.m)
		return newtonsoft.NewValue(name), err
	case *Closure:
		return nil, serializationError("Cannot serialize a delegate.")
	case *ArrayObject:
		if v.rank() > 1 {
			return s.dimensions(v, 0, 0)
		}
	case *plainObject:
		return newtonsoft.NewObject(), nil
	case *builderObject:
		return v.serialized(s)
	}
	if held, ok := heldValue(v); ok {
		return newtonsoft.NewValue(held), nil
	}
	return s.nested(v)
}

func serializationError(message string) error {
	return dotnet.NewException("Newtonsoft.Json.JsonSerializationException", message)
}

// nested is the token of a value that holds others.
func (s *serializer) nested(v any) (newtonsoft.Token, error) {
	if slices.ContainsFunc(s.inside, func(x any) bool { return sameReference(x, v) }) {
		return nil, serializationError("Self referencing loop detected with type '" + reflectionName(DynamicType(v), true) + "'. Path ''.")
	}
	if err := s.m.enter(); err != nil {
		return nil, err
	}
	s.inside = append(s.inside, v)
	defer func() {
		s.inside = s.inside[:len(s.inside)-1]
		s.m.leave()
	}()
	t := DynamicType(v)
	switch record, isRecord := v.(*RecordObject); {
	case isRecord:
		return s.record(record)
	case t.asInterface(table().lookup("System.Collections.Generic.IDictionary", 2)) != nil,
		t.asInterface(table().lookup("System.Collections.Generic.IReadOnlyDictionary", 2)) != nil:
		return s.dictionary(v)
	case inherits(t, typeOf("System.Collections.IEnumerable")):
		a := newtonsoft.NewArray()
		return a, s.m.each(v, nil, func(x any) (bool, error) {
			item, err := s.token(x)
			if err != nil {
				return false, err
			}
			return false, a.Add(item)
		})
	}
	return s.properties(v)
}

// dictionary is an object whose names are the keys.
func (s *serializer) dictionary(v any) (newtonsoft.Token, error) {
	o := newtonsoft.NewObject()
	return o, s.m.each(v, nil, func(x any) (bool, error) {
		pair, ok := x.(*PairObject)
		if !ok {
			return false, serializationError("A dictionary's element is a pair.")
		}
		name, err := s.key(pair.key)
		if err != nil {
			return false, err
		}
		return false, s.set(o, name, pair.value)
	})
}

// key is a dictionary's key as a name.
func (s *serializer) key(v any) (string, error) {
	switch v := v.(type) {
	case dotnet.DateTime, dotnet.DateTimeOffset:
		quoted := newtonsoft.Write(newtonsoft.NewValue(v), newtonsoft.Compact)
		return quoted[1 : len(quoted)-1], nil
	}
	return s.m.Text(v)
}

func (s *serializer) set(o *newtonsoft.Object, name string, v any) error {
	if v == nil && s.skipNulls {
		return nil
	}
	t, err := s.token(v)
	if err != nil {
		return err
	}
	return o.Set(name, t)
}

// record is an object of the members of an anonymous type or a tuple.
func (s *serializer) record(r *RecordObject) (newtonsoft.Token, error) {
	o := newtonsoft.NewObject()
	for i, e := range r.elems {
		name := tupleItem(i)
		if r.typ.kind == Anonymous {
			name = r.typ.meta[i]
		}
		if err := s.set(o, name, e); err != nil {
			return nil, err
		}
	}
	return o, nil
}

// tupleItem is the name of a tuple's member.
func tupleItem(i int) string { return "Item" + dotnet.ToString(int32(i+1)) }

// properties is an object of the public properties of a library type.
func (s *serializer) properties(v any) (newtonsoft.Token, error) {
	o := newtonsoft.NewObject()
	t := DynamicType(v)
	names := memberNames(t)
	slices.Sort(names)
	for _, name := range slices.Compact(names) {
		for _, member := range membersOf(t, name) {
			if member.Kind != Property || member.Static || member.get == nil {
				continue
			}
			value, err := member.call(s.m, t.args, []any{v})
			if e, thrown := Thrown(err); thrown {
				failure := dotnet.NewException("Newtonsoft.Json.JsonSerializationException", "Error getting value from '"+name+"' on '"+reflectionName(t, true)+"'.")
				failure.Inner = e
				return nil, failure
			}
			if err != nil {
				return nil, err
			}
			if err := s.set(o, name, value); err != nil {
				return nil, err
			}
			break
		}
	}
	return o, nil
}

// dimensions is an array of arrays for an array of several dimensions, from
// dimension d and element at on.
func (s *serializer) dimensions(a *ArrayObject, d, at int) (newtonsoft.Token, error) {
	list := newtonsoft.NewArray()
	for i := range a.length(d) {
		var item newtonsoft.Token
		var err error
		if d == a.rank()-1 {
			item, err = s.token(a.At(at*a.length(d) + i))
		} else {
			item, err = s.dimensions(a, d+1, at*a.length(d)+i)
		}
		if err != nil {
			return nil, err
		}
		if err := list.Add(item); err != nil {
			return nil, err
		}
	}
	return list, nil
}

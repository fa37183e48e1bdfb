package liquid

import (
	"github.com/apimulator/apimulator/policy/expr"
	"github.com/apimulator/apimulator/policy/expr/newtonsoft"
)

// find is the value of a name: a loop's variable, what assign or capture set, body
// or context. These names are case-sensitive; members' are not.
func (r *run) find(name string) (any, error) {
	for i := len(r.locals) - 1; i >= 0; i-- {
		if r.locals[i].name == name {
			return r.locals[i].value, nil
		}
	}
	if v, ok := r.assigned[name]; ok {
		return v, nil
	}
	switch name {
	case "body":
		return r.body()
	case "context":
		return r.scope.Context, nil
	}
	return nil, nil
}

// step goes from a value, which is not nil, to its member; nil is none.
func (r *run) step(v any, s *step) (any, error) {
	if err := r.m.Spend(1); err != nil {
		return nil, err
	}
	name := s.name
	if s.key != nil {
		key, err := s.key.eval(r)
		if err != nil {
			return nil, err
		}
		switch key := plain(key).(type) {
		case string:
			name = key
		default:
			return r.item(v, key)
		}
	}
	found, ok, err := r.member(v, name)
	if err != nil {
		return nil, err
	}
	if ok {
		return r.value(found)
	}
	if !s.bracket {
		return r.command(v, name)
	}
	return nil, nil
}

// member is the member of that name, as it is written or else in another case.
func (r *run) member(v any, name string) (any, bool, error) {
	switch v := v.(type) {
	case pair:
		return r.pairMember(v, name)
	case *newtonsoft.Object:
		if t := v.Get(name); t != nil {
			return t, true, nil
		}
		if err := r.m.Spend(v.Len()); err != nil {
			return nil, false, err
		}
		if p := v.Match(name, sameName); p != nil {
			return p.Value(), true, nil
		}
	case object:
		return v.member(r, name)
	case expr.Mapping:
		return r.mappingMember(v, name)
	case *expr.DictionaryObject:
		return r.dictionaryMember(v, name)
	}
	return nil, false, nil
}

// dictionaryMember is the value under a key of a dictionary that an expression
// made.
func (r *run) dictionaryMember(v *expr.DictionaryObject, name string) (value any, found bool, err error) {
	if value, found, err = v.Get(r.m, name); found || err != nil {
		return value, found, err
	}
	_, err = r.each(v, func(x any) (bool, error) {
		if p, ok := x.(pair); ok && sameName(p.key, name) {
			value, found = p.value, true
		}
		return found, nil
	})
	return value, found, err
}

// mappingMember is the value under a key.
func (r *run) mappingMember(v expr.Mapping, name string) (any, bool, error) {
	value, found, err := v.Lookup(r.m, name)
	if found || err != nil {
		return value, found, err
	}
	for i := range v.Len() {
		key, value := v.Pair(i)
		if key, ok := key.(string); ok && sameName(key, name) {
			return value, true, nil
		}
	}
	return nil, false, r.m.Spend(v.Len())
}

// pairMember is a member of a pair that a loop over an object gives: its key, its
// value, or a member of the value.
func (r *run) pairMember(p pair, name string) (any, bool, error) {
	switch name {
	case "Key", "key", "itemName":
		return p.key, true, nil
	case "Value", "value", p.key:
		return p.value, true, nil
	}
	value, err := r.value(p.value)
	if err != nil {
		return nil, false, err
	}
	if _, nested := value.(pair); nested {
		return nil, false, nil
	}
	return r.member(value, name)
}

// item is the element of a list at an index, counted from 0, or of a dictionary
// under a number; nil if there is none. Of a pair, 0 is the key and 1 the value. In version 2.0 an index outside
// of the list is an error; nil, as in later ones, is chosen.
func (r *run) item(v, key any) (any, error) {
	var index int64
	switch key := key.(type) {
	case int32:
		index = int64(key)
	case int64:
		index = key
	default:
		return nil, nil
	}
	switch v := v.(type) {
	case pair:
		switch index {
		case 0:
			return v.key, nil
		case 1:
			return r.value(v.value)
		}
	case sequence:
		if 0 <= index && index < int64(v.Len()) {
			return r.value(v.At(int(index)))
		}
	case *expr.DictionaryObject:
		found, _, err := v.Get(r.m, key)
		if err != nil {
			return nil, err
		}
		return r.value(found)
	}
	return nil, nil
}

// command is size, first or last of an enumerable value that has no member of
// this name; they may begin with a capital letter.
func (r *run) command(v any, name string) (any, error) {
	switch name {
	case "size", "Size":
		n, enumerable, err := r.count(v)
		if !enumerable || err != nil {
			return nil, err
		}
		return int32(n), nil
	case "first", "First":
		return r.end(v, false)
	case "last", "Last":
		return r.end(v, true)
	}
	return nil, nil
}

// end is the first or the last element of an enumerable value.
func (r *run) end(v any, last bool) (any, error) {
	if s, ok := v.(sequence); ok && s.Len() > 0 {
		if last {
			return r.value(s.At(s.Len() - 1))
		}
		return r.value(s.At(0))
	}
	var found any
	_, err := r.each(v, func(x any) (bool, error) { found = x; return !last, nil })
	return found, err
}

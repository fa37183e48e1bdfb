package liquid

import (
	"math/big"
	"strings"

	"github.com/apimulator/apimulator/policy/exchange"
	"github.com/apimulator/apimulator/policy/expr"
	"github.com/apimulator/apimulator/policy/expr/dotnet"
	"github.com/apimulator/apimulator/policy/expr/newtonsoft"
)

// A template's values are those of the expression language: nil, bool, numbers,
// string, dotnet.DateTime and so on, JSON tokens, lists, mappings. Beside them
// there are the following.

// object is a value with members: a part of context, an XML element, a loop's
// state.
type object interface {
	// member is the member of that name.
	member(r *run, name string) (value any, found bool, err error)
	// pairs are all members, which a loop goes through.
	pairs(r *run) ([]pair, error)
}

// opaque is an object that leaves nothing where it is written, as DotLiquid's
// drops.
type opaque interface{ opaque() }

// sequence is a list: an array of the expression language, or one of these.
type sequence interface {
	Len() int
	At(i int) any
}

// list is a List<object>.
type list []any

func (l list) Len() int     { return len(l) }
func (l list) At(i int) any { return l[i] }

// texts is a string[].
type texts []string

func (t texts) Len() int     { return len(t) }
func (t texts) At(i int) any { return t[i] }

// tokens are the values of a JSON array.
type tokens []newtonsoft.Token

func (t tokens) Len() int     { return len(t) }
func (t tokens) At(i int) any { return t[i] }

// span is a range of ints, both ends included.
type span struct{ from, to int32 }

func (s span) Len() int     { return int(max(0, int64(s.to)-int64(s.from)+1)) }
func (s span) At(i int) any { return s.from + int32(i) }

// view is a part of a list.
type view struct {
	of        sequence
	from, len int
}

func (v view) Len() int     { return v.len }
func (v view) At(i int) any { return v.of.At(v.from + i) }

// pair is a member as a loop sees it: a KeyValuePair.
type pair struct {
	key   string
	value any
}

// value is v as a template sees it: what a JSON value holds. A value of a type
// that DotLiquid knows nothing of is an error.
func (r *run) value(v any) (any, error) {
	switch v := v.(type) {
	case *newtonsoft.Value:
		return jsonValue(v.Value()), nil
	case *newtonsoft.Raw:
		return jsonValue(v.Value.Value()), nil
	case *newtonsoft.Property:
		return pair{v.Name(), v.Value()}, nil
	case *newtonsoft.Array:
		return tokens(v.Children()), nil
	case *exchange.Response:
		return newResponse(v, ""), nil
	case *exchange.JWT:
		return newJWT(v), nil
	case expr.EnumObject:
		return r.m.Text(v)
	case *expr.PairObject:
		key, err := r.m.Text(v.Key())
		return pair{key, v.Value()}, err
	case nil, object, sequence, expr.Mapping, *newtonsoft.Object, *expr.DictionaryObject, expr.Enumerable:
		return v, nil
	case newtonsoft.Token, expr.Object, expr.Named, *expr.Closure, *dotnet.Exception:
		name := "null"
		if t := expr.DynamicType(v); t != nil {
			name = t.String()
		}
		return nil, &problem{syntax: true, message: "Object '" + name + "' is invalid because it is neither a built-in type nor implements ILiquidizable"}
	}
	return v, nil
}

// jsonValue is what a JSON value holds. An integer beyond a long is a text.
func jsonValue(v any) any {
	switch v := v.(type) {
	case *big.Int:
		return v.String()
	case newtonsoft.Address:
		return v.OriginalString()
	}
	return v
}

// plain is v for what takes texts and numbers: an XML element without elements is
// its text.
func plain(v any) any {
	switch v := v.(type) {
	case xmlText:
		return string(v)
	case *xmlElement:
		if !v.hasElements() {
			return v.e.Value()
		}
	}
	return v
}

// typeName is a value's .NET type, for messages and for what is written of a
// value within another.
func (r *run) typeName(v any) string {
	switch v := v.(type) {
	case *newtonsoft.Object, object:
		return "DotLiquid.Hash"
	case texts:
		return "System.String[]"
	case list, tokens:
		return "System.Collections.Generic.List`1[System.Object]"
	case span:
		return "System.Collections.Generic.IEnumerable`1[System.Int32]"
	case pair:
		return "System.Collections.Generic.KeyValuePair`2[System.String,System.Object]"
	case symbol:
		return "DotLiquid.Util.Symbol"
	case expr.Object:
		if s, err := r.m.Text(v); err == nil {
			return s
		}
	}
	if t := expr.DynamicType(v); t != nil {
		return t.String()
	}
	return "System.Object"
}

// each calls f with each element of a value that is enumerable, until f says that
// there are enough; enumerable is false of any other.
func (r *run) each(v any, f func(x any) (enough bool, err error)) (enumerable bool, err error) {
	step := func(x any) (bool, error) {
		if err := r.m.Spend(1); err != nil {
			return true, err
		}
		x, err := r.value(x)
		if err != nil {
			return true, err
		}
		return f(x)
	}
	switch v := v.(type) {
	case xmlText:
		if v != "" { // an element that occurs once is a list of one
			_, err = f(v)
		}
	case string:
		for c := range dotnet.Chars(v) {
			if enough, err := step(c); enough || err != nil {
				return true, err
			}
		}
	case sequence:
		for i := 0; i < v.Len(); i++ {
			if enough, err := step(v.At(i)); enough || err != nil {
				return true, err
			}
		}
	case *xmlElement:
		return true, v.each(step)
	case *newtonsoft.Object:
		for _, c := range v.Children() {
			if enough, err := step(c); enough || err != nil {
				return true, err
			}
		}
	case object:
		pairs, err := v.pairs(r)
		if err != nil {
			return true, err
		}
		for _, p := range pairs {
			if enough, err := step(p); enough || err != nil {
				return true, err
			}
		}
	case expr.Mapping:
		for i := range v.Len() {
			key, value := v.Pair(i)
			name, err := r.m.Text(key)
			if err != nil {
				return true, err
			}
			if enough, err := step(pair{name, value}); enough || err != nil {
				return true, err
			}
		}
	case expr.Enumerable:
		return true, r.eachOf(v, step)
	default:
		return false, nil
	}
	return true, err
}

// eachOf goes through a sequence of the expression language.
func (r *run) eachOf(v expr.Enumerable, f func(x any) (enough bool, err error)) error {
	it, err := v.Enumerate(r.m)
	if err != nil {
		return err
	}
	defer it.Close()
	for {
		x, more, err := it.Next(r.m)
		if err != nil || !more {
			return err
		}
		if enough, err := f(x); enough || err != nil {
			return err
		}
	}
}

// elements are all elements of an enumerable value.
func (r *run) elements(v any) (all []any, enumerable bool, err error) {
	enumerable, err = r.each(v, func(x any) (bool, error) {
		all = append(all, x)
		return false, r.m.Allocate(16)
	})
	return all, enumerable, err
}

// count is how many elements an enumerable value has.
func (r *run) count(v any) (n int, enumerable bool, err error) {
	switch v := v.(type) {
	case string:
		return dotnet.Length(v), true, nil
	case sequence:
		return v.Len(), true, nil
	}
	enumerable, err = r.each(v, func(any) (bool, error) { n++; return false, nil })
	return n, enumerable, err
}

// sameName compares names of members without regard to case.
func sameName(a, b string) bool { return strings.EqualFold(a, b) }

package liquid

import (
	"slices"
	"strings"

	"github.com/apimulator/apimulator/policy/expr"
	"github.com/apimulator/apimulator/policy/expr/dotnet"
	"github.com/apimulator/apimulator/policy/expr/newtonsoft"
)

// Filters of lists.

func size(r *run, a []any) (any, error) {
	n, _, err := r.count(plain(a[0]))
	return int32(n), err
}

func first(r *run, a []any) (any, error) { return r.end(a[0], false) }
func last(r *run, a []any) (any, error)  { return r.end(a[0], true) }

// join writes values as ToString does, with the zeros of a decimal.
func join(r *run, a []any) (any, error) {
	if a[0] == nil {
		return nil, nil
	}
	glue := textOf(a[1])
	var out strings.Builder
	n := 0
	_, err := r.each(a[0], func(x any) (bool, error) {
		s, err := r.text(x)
		if err != nil {
			return true, err
		}
		if n++; n > 1 {
			out.WriteString(glue)
		}
		out.WriteString(s)
		return false, r.m.Allocate(len(glue) + len(s))
	})
	return out.String(), err
}

// mapped is the members of that name; nil of an element that has none.
func mapped(r *run, a []any) (any, error) {
	if a[0] == nil {
		return nil, nil
	}
	name := textOf(a[1])
	var all list
	_, err := r.each(a[0], func(x any) (bool, error) {
		var v any
		switch x.(type) {
		case *newtonsoft.Object, object:
			found, _, err := r.member(x, name)
			if err != nil {
				return true, err
			}
			if v, err = r.value(found); err != nil {
				return true, err
			}
		}
		all = append(all, v)
		return false, r.m.Allocate(16)
	})
	return all, err
}

// flat are the elements of a value, those of lists in it too; of a value that is
// no list, itself. Objects stay whole; in DotLiquid they fall apart into their
// members, which nobody can want.
func (r *run) flat(v any) (list, error) {
	switch v := v.(type) {
	case string, *xmlElement: // a text in a list stays whole, as does an element
		all, _, err := r.elements(v)
		return all, err
	}
	return r.flatInto(v, nil, 0)
}

func (r *run) flatInto(v any, all list, depth int) (list, error) {
	switch v := v.(type) {
	case sequence:
	case expr.Enumerable:
		if _, isObject := v.(*expr.DictionaryObject); isObject {
			return append(all, v), nil
		}
	default:
		return append(all, v), nil
	}
	if depth > MaxDepth {
		return nil, &problem{message: "Nesting too deep"}
	}
	_, err := r.each(v, func(x any) (bool, error) {
		var err error
		all, err = r.flatInto(x, all, depth+1)
		if err != nil {
			return true, err
		}
		return false, r.m.Allocate(16)
	})
	return all, err
}

func compact(r *run, a []any) (any, error) {
	if a[0] == nil {
		return nil, nil
	}
	all, err := r.flat(a[0])
	return slices.DeleteFunc(all, func(x any) bool { return x == nil }), err
}

// uniq leaves out what equals an earlier element of the same type.
func uniq(r *run, a []any) (any, error) {
	if a[0] == nil {
		return nil, nil
	}
	all, err := r.flat(a[0])
	if err != nil {
		return nil, err
	}
	var found list
	seen := make(map[string]bool)
	for _, x := range all {
		x = plain(x)
		if !isConvertible(x) && x != nil { // objects are not compared by what they hold
			found = append(found, x)
			continue
		}
		s, err := r.text(x)
		if err != nil {
			return nil, err
		}
		key := dotnet.TypeCodeOf(x).String() + s
		if d, ok := x.(dotnet.Decimal); ok { // 1.0 and 1.00 are equal
			if s, err = d.ToString("0.#############################"); err != nil {
				return nil, err
			}
			key = "Decimal" + s
		}
		if err := r.m.Allocate(len(key) + 32); err != nil {
			return nil, err
		}
		if !seen[key] {
			seen[key] = true
			found = append(found, x)
		}
	}
	return found, nil
}

// sorted orders values that can be compared, nil first; by a member's value if a
// name is given. Objects without the member stay in their order.
func sorted(r *run, a []any) (any, error) {
	if a[0] == nil {
		return nil, nil
	}
	all, err := r.flat(a[0])
	if err != nil {
		return nil, err
	}
	keys := slices.Clone(all)
	if name := textOf(a[1]); name != "" {
		any := false
		for i, x := range all {
			key, found, err := r.memberValue(x, name)
			if err != nil {
				return nil, err
			}
			keys[i], any = key, any || found
		}
		if !any {
			return all, nil
		}
	}
	order := make([]int, len(all))
	for i := range order {
		order[i] = i
	}
	slices.SortStableFunc(order, func(i, j int) int {
		if err != nil {
			return 0
		}
		n := 0
		if err = r.m.Spend(1); err == nil {
			n, err = r.compareForSort(keys[i], keys[j])
		}
		return n
	})
	if err != nil {
		return nil, err
	}
	result := make(list, len(all))
	for i, j := range order {
		result[i] = all[j]
	}
	return result, r.m.Allocate(40 * len(all))
}

// compareForSort tells of values that can't be compared as List.Sort does.
func (r *run) compareForSort(x, y any) (int, error) {
	x, y = plain(x), plain(y)
	if x != nil && y != nil && (dotnet.TypeCodeOf(x) != dotnet.TypeCodeOf(y) || !isConvertible(x)) {
		return 0, dotnet.InvalidOperation("Failed to compare two elements in the array.")
	}
	return r.m.Compare(x, y)
}

// memberValue is a member of an element as a template sees it.
func (r *run) memberValue(x any, name string) (any, bool, error) {
	found, ok, err := r.member(x, name)
	if err != nil || !ok {
		return nil, false, err
	}
	v, err := r.value(found)
	return v, true, err
}

package expr

import (
	"math"

	"github.com/apimulator/apimulator/policy/expr/dotnet"
)

// Sum, Average, Min and Max have an overload for each of these types, for its
// nullable, and for selectors that give them.
var linqNumeric = []struct {
	keyword, average string
	typ              func() *Type
	sum              func() total
}{
	{"int", "double", func() *Type { return basic.int }, func() total { return &intTotal{low: math.MinInt32, high: math.MaxInt32} }},
	{"long", "double", func() *Type { return basic.long }, func() total { return &intTotal{low: math.MinInt64, high: math.MaxInt64} }},
	{"float", "float", func() *Type { return basic.float }, func() total { return &floatTotal{single: true} }},
	{"double", "double", func() *Type { return basic.double }, func() total { return &floatTotal{} }},
	{"decimal", "decimal", func() *Type { return basic.decimal }, func() total { return &decimalTotal{} }},
}

// total adds numbers of one type up.
type total interface {
	add(v any) error
	sum() any
	average(n int64) (any, error)
}

type intTotal struct {
	value, low, high int64
}

func (t *intTotal) add(v any) error {
	var n int64
	switch v := v.(type) {
	case int32:
		n = int64(v)
	case int64:
		n = v
	}
	if n > 0 && t.value > t.high-n || n < 0 && t.value < t.low-n {
		return dotnet.Overflow("Arithmetic operation resulted in an overflow.")
	}
	t.value += n
	return nil
}

func (t *intTotal) sum() any {
	if t.high == math.MaxInt32 {
		return int32(t.value)
	}
	return t.value
}

func (t *intTotal) average(n int64) (any, error) { return float64(t.value) / float64(n), nil }

type floatTotal struct {
	value  float64
	single bool
}

func (t *floatTotal) add(v any) error {
	switch v := v.(type) {
	case float32:
		t.value += float64(v)
	case float64:
		t.value += v
	}
	return nil
}

func (t *floatTotal) sum() any {
	if t.single {
		return float32(t.value)
	}
	return t.value
}

func (t *floatTotal) average(n int64) (any, error) {
	if t.single {
		return float32(t.value / float64(n)), nil
	}
	return t.value / float64(n), nil
}

type decimalTotal struct{ value dotnet.Decimal }

func (t *decimalTotal) add(v any) (err error) {
	t.value, err = t.value.Add(v.(dotnet.Decimal))
	return err
}

func (t *decimalTotal) sum() any { return t.value }

func (t *decimalTotal) average(n int64) (any, error) {
	return t.value.Divide(dotnet.DecimalFromInteger(n))
}

// linqNumbers are the overloads of Sum and Average.
func linqNumbers() []memberDecl {
	var members []memberDecl
	for _, n := range linqNumeric {
		for _, null := range []string{"", "?"} {
			elem := func() *Type { return n.typ() }
			if null != "" {
				elem = func() *Type { return nullableOf(n.typ()) }
			}
			sum := func(m *Machine, t total, count int64) (any, error) { return t.sum(), nil }
			average := func(m *Machine, t total, count int64) (any, error) {
				switch {
				case count > 0:
					return t.average(count)
				case null != "":
					return nil, nil
				}
				return nil, invalidOperation(noElements)
			}
			// An average of ints adds longs up.
			long := n.sum
			if n.keyword == "int" {
				long = func() total { return &intTotal{low: math.MinInt64, high: math.MaxInt64} }
			}
			members = append(members, numberMembers("Sum", n.keyword+null, n.keyword+null, elem, n.sum, sum)...)
			members = append(members, numberMembers("Average", n.average+null, n.keyword+null, elem, long, average)...)
		}
	}
	return members
}

// numberMembers are a method on numbers and one on what a selector makes numbers
// of.
func numberMembers(name, result, number string, elem func() *Type, start func() total, finish func(*Machine, total, int64) (any, error)) []memberDecl {
	fold := func(m *Machine, source any, elem *Type, selector any) (any, error) {
		t, n := start(), int64(0)
		err := m.each(source, elem, func(x any) (bool, error) {
			x, err := m.selected(selector, x)
			if err != nil || x == nil {
				return false, err
			}
			n++
			return false, t.add(x)
		})
		if err != nil {
			return nil, err
		}
		return finish(m, t, n)
	}
	return []memberDecl{
		member("static "+result+" "+name+"(this IEnumerable<"+number+"> source)", func(m *Machine, a []any) (any, error) {
			if err := notNull(a, "source"); err != nil {
				return nil, err
			}
			return fold(m, a[0], elem(), nil)
		}),
		member("static "+result+" "+name+"<TSource>(this IEnumerable<TSource> source, Func<TSource, "+number+"> selector)", func(m *Machine, t []*Type, a []any) (any, error) {
			if err := notNull(a, "source", "selector"); err != nil {
				return nil, err
			}
			return fold(m, a[0], t[0], a[1])
		}),
	}
}

// selected is what a selector makes of x; without one it is x.
func (m *Machine) selected(selector, x any) (any, error) {
	if selector == nil {
		return x, nil
	}
	return m.Invoke(selector, x)
}

// linqExtremes are the overloads of Min and Max.
func linqExtremes() []memberDecl {
	var members []memberDecl
	for _, which := range []struct {
		name string
		sign int
	}{{"Min", -1}, {"Max", 1}} {
		for _, n := range linqNumeric {
			for _, null := range []string{"", "?"} {
				number := n.keyword + null
				elem := func() *Type { return n.typ() }
				if null != "" {
					elem = func() *Type { return nullableOf(n.typ()) }
				}
				members = append(members,
					member("static "+number+" "+which.name+"(this IEnumerable<"+number+"> source)", func(m *Machine, a []any) (any, error) {
						return extreme(m, a, elem(), elem(), which.sign)
					}),
					member("static "+number+" "+which.name+"<TSource>(this IEnumerable<TSource> source, Func<TSource, "+number+"> selector)", func(m *Machine, t []*Type, a []any) (any, error) {
						return extreme(m, a, t[0], elem(), which.sign)
					}))
			}
		}
		members = append(members,
			member("static TSource "+which.name+"<TSource>(this IEnumerable<TSource> source)", func(m *Machine, t []*Type, a []any) (any, error) {
				return extreme(m, a, t[0], t[0], which.sign)
			}),
			member("static TResult "+which.name+"<TSource, TResult>(this IEnumerable<TSource> source, Func<TSource, TResult> selector)", func(m *Machine, t []*Type, a []any) (any, error) {
				return extreme(m, a, t[0], t[1], which.sign)
			}))
	}
	return members
}

// extreme is the least value (sign -1) or the greatest (1); nulls do not count.
// NaN is less than any number.
func extreme(m *Machine, a []any, elem, result *Type, sign int) (any, error) {
	selector := optional(a, 1)
	if err := notNull(a, []string{"source", "selector"}[:len(a)]...); err != nil {
		return nil, err
	}
	var best any
	err := m.each(a[0], elem, func(x any) (bool, error) {
		x, err := m.selected(selector, x)
		if err != nil || x == nil {
			return false, err
		}
		if best == nil {
			best = x
			return false, nil
		}
		n, err := m.Compare(x, best)
		if n*sign > 0 {
			best = x
		}
		return false, err
	})
	if err == nil && best == nil && !result.hasNull() {
		err = invalidOperation(noElements)
	}
	return best, err
}

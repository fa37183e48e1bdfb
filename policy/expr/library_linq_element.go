package expr

import "github.com/apimulator/apimulator/policy/expr/dotnet"

// The messages of sequences that are too short or too long.
const (
	noElements = "Sequence contains no elements"
	noMatch    = "Sequence contains no matching element"
	moreThan1  = "Sequence contains more than one element"
	moreMatch  = "Sequence contains more than one matching element"
)

// linqElements are First, Last and Single, each with and without a predicate,
// with and without OrDefault, and ElementAt.
func linqElements() []memberDecl {
	var members []memberDecl
	for _, which := range []struct {
		name string
		pick func(m *Machine, source any, elem *Type, predicate any) (any, int, error)
	}{{"First", pickFirst}, {"Last", pickLast}, {"Single", pickSingle}} {
		for _, suffix := range []string{"", "OrDefault"} {
			head := "static TSource " + which.name + suffix + "<TSource>(this IEnumerable<TSource> source"
			f := linqPick(which.pick, suffix != "")
			members = append(members, member(head+")", f), member(head+", Func<TSource, bool> predicate)", f))
		}
	}
	return append(members,
		member("static TSource ElementAt<TSource>(this IEnumerable<TSource> source, int index)", linqElementAt(false)),
		member("static TSource ElementAtOrDefault<TSource>(this IEnumerable<TSource> source, int index)", linqElementAt(true)))
}

// linqPick takes one element. A pick tells how many there are, up to two.
func linqPick(pick func(m *Machine, source any, elem *Type, predicate any) (any, int, error), orDefault bool) linqFunc {
	return func(m *Machine, t []*Type, a []any) (any, error) {
		var predicate any
		none, many := noElements, moreThan1
		if len(a) > 1 {
			predicate, none, many = a[1], noMatch, moreMatch
			if err := notNull(a, "source", "predicate"); err != nil {
				return nil, err
			}
		} else if err := notNull(a, "source"); err != nil {
			return nil, err
		}
		v, n, err := pick(m, a[0], t[0], predicate)
		switch {
		case err != nil:
			return nil, err
		case n == 1:
			return v, nil
		case n > 1:
			return nil, invalidOperation(many)
		case orDefault:
			return zeroOf(t[0]), nil
		}
		return nil, invalidOperation(none)
	}
}

func pickFirst(m *Machine, source any, elem *Type, predicate any) (found any, n int, err error) {
	err = m.each(source, elem, func(x any) (bool, error) {
		if ok, err := m.matches(predicate, x); err != nil || !ok {
			return false, err
		}
		found, n = x, 1
		return true, nil
	})
	return found, n, err
}

func pickLast(m *Machine, source any, elem *Type, predicate any) (found any, n int, err error) {
	err = m.each(source, elem, func(x any) (bool, error) {
		if ok, err := m.matches(predicate, x); err != nil || !ok {
			return false, err
		}
		found, n = x, 1
		return false, nil
	})
	return found, n, err
}

func pickSingle(m *Machine, source any, elem *Type, predicate any) (found any, n int, err error) {
	err = m.each(source, elem, func(x any) (bool, error) {
		if ok, err := m.matches(predicate, x); err != nil || !ok {
			return false, err
		}
		found, n = x, n+1
		return n > 1, nil
	})
	return found, n, err
}

// matches asks a predicate; without one everything matches.
func (m *Machine) matches(predicate, x any) (bool, error) {
	if predicate == nil {
		return true, nil
	}
	return m.satisfies(predicate, x)
}

func linqElementAt(orDefault bool) linqFunc {
	return func(m *Machine, t []*Type, a []any) (any, error) {
		if err := notNull(a, "source"); err != nil {
			return nil, err
		}
		var found any
		left, n := intArg(a[1]), 0
		if left >= 0 {
			err := m.each(a[0], t[0], func(x any) (bool, error) {
				if left == 0 {
					found, n = x, 1
				}
				left--
				return n == 1, nil
			})
			if err != nil {
				return nil, err
			}
		}
		switch {
		case n == 1:
			return found, nil
		case orDefault:
			return zeroOf(t[0]), nil
		case isInstance(a[0], typeOf("System.Collections.Generic.IList", t[0])):
			return nil, indexOutOfRange("index")
		}
		return nil, dotnet.ArgumentOutOfRange("index", outOfRange)
	}
}

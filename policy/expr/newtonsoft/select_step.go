package newtonsoft

import (
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/apimulator/apimulator/policy/expr/dotnet"
)

// rootFilter is $ inside a condition.
type rootFilter struct{}

func (rootFilter) apply(s *selection, _ Token) ([]Token, error) { return []Token{s.root}, nil }

// fieldFilter is .a or ['a'], or .* where all is set.
type fieldFilter struct {
	name string
	all  bool
}

func (f fieldFilter) apply(s *selection, t Token) ([]Token, error) {
	o, ok := t.(*Object)
	switch {
	case !ok && f.all:
		return nil, s.miss("Property '*' not valid on " + ShortName(t) + ".")
	case !ok:
		return nil, s.miss("Property '" + f.name + "' not valid on " + ShortName(t) + ".")
	case f.all:
		return valuesOf(o), nil
	}
	if v := o.Get(f.name); v != nil {
		return []Token{v}, nil
	}
	return nil, s.miss("Property '" + f.name + "' does not exist on JObject.")
}

// valuesOf are the values of an object's properties.
func valuesOf(o *Object) []Token {
	values := make([]Token, len(o.properties))
	for i, p := range o.properties {
		values[i] = p.(*Property).value
	}
	return values
}

// fieldsFilter is ['a','b'].
type fieldsFilter struct{ names []string }

func (f fieldsFilter) apply(s *selection, t Token) ([]Token, error) {
	o, ok := t.(*Object)
	if !ok {
		return nil, s.miss("Properties '" + strings.Join(f.names, "', '") + "' not valid on " + ShortName(t) + ".")
	}
	var found []Token
	for _, name := range f.names {
		if v := o.Get(name); v != nil {
			found = append(found, v)
		}
		// Version 12 fails even where the property is there.
		if err := s.miss("Property '" + name + "' does not exist on JObject."); err != nil {
			return nil, err
		}
	}
	return found, nil
}

// indexFilter is [0] or [0,2].
type indexFilter struct{ indexes []int32 }

func (f indexFilter) apply(s *selection, t Token) ([]Token, error) {
	var found []Token
	for _, i := range f.indexes {
		var children []Token
		switch c := t.(type) {
		case *Array:
			children = c.tokens
		case *Constructor:
			children = c.tokens
		default:
			if err := s.miss(fmt.Sprintf("Index %d not valid on %s.", i, ShortName(t))); err != nil {
				return nil, err
			}
			continue
		}
		switch {
		case i < 0:
			return nil, dotnet.ArgumentOutOfRange("index", "Index was out of range. Must be non-negative and less than the size of the collection.")
		case int(i) < len(children):
			found = append(found, children[i])
		default:
			if err := s.miss(fmt.Sprintf("Index %d outside the bounds of %s.", i, ShortName(t))); err != nil {
				return nil, err
			}
		}
	}
	return found, nil
}

// itemsFilter is [*].
type itemsFilter struct{}

func (itemsFilter) apply(s *selection, t Token) ([]Token, error) {
	switch c := t.(type) {
	case *Array:
		return c.tokens, nil
	case *Constructor:
		return c.tokens, nil
	}
	return nil, s.miss("Index * not valid on " + ShortName(t) + ".")
}

// sliceFilter is [start:end:step]; nil is left out.
type sliceFilter struct{ start, end, step *int32 }

func (f sliceFilter) apply(s *selection, t Token) ([]Token, error) {
	step := 1
	if f.step != nil {
		step = int(*f.step)
	}
	if step == 0 {
		return nil, jsonException("Step cannot be zero.")
	}
	a, ok := t.(*Array)
	if !ok {
		return nil, s.miss("Array slice is not valid on " + ShortName(t) + ".")
	}
	n := len(a.tokens)
	first, stop := 0, n
	if step < 0 {
		first, stop = n-1, -1
	}
	first, stop = boundOf(f.start, first, n), boundOf(f.end, stop, n)
	if step > 0 {
		first = min(max(first, 0), n)
	} else {
		first = min(first, n-1)
	}
	stop = min(max(stop, -1), n)
	var found []Token
	for i := first; step > 0 && i < stop || step < 0 && i > stop; i += step {
		if i < 0 {
			return nil, dotnet.ArgumentOutOfRange("index", "Index was out of range. Must be non-negative and less than the size of the collection.")
		}
		found = append(found, a.tokens[i])
	}
	if len(found) == 0 {
		return nil, s.miss("Array slice of " + sliceText(f.start) + " to " + sliceText(f.end) + " returned no results.")
	}
	return found, nil
}

// boundOf is a slice's bound: counted from the end where it is negative.
func boundOf(given *int32, otherwise, n int) int {
	switch {
	case given == nil:
		return otherwise
	case *given < 0:
		return int(*given) + n
	}
	return int(*given)
}

func sliceText(n *int32) string {
	if n == nil {
		return "*"
	}
	return strconv.Itoa(int(*n))
}

// scanFilter is ..a or ..['a','b'], or ..* where names is nil.
type scanFilter struct{ names []string }

func (f scanFilter) apply(s *selection, t Token) ([]Token, error) {
	var found []Token
	if f.names == nil {
		found = append(found, t)
	}
	err := f.scan(s, t, &found)
	return found, err
}

func (f scanFilter) scan(s *selection, t Token, found *[]Token) error {
	c, ok := t.(Container)
	if !ok {
		return nil
	}
	if err := s.spend(1); err != nil {
		return err
	}
	for _, child := range c.Children() {
		p, isProperty := child.(*Property)
		switch {
		case isProperty && slices.Contains(f.names, p.name):
			*found = append(*found, p.value)
		case !isProperty && f.names == nil:
			*found = append(*found, child)
		}
		if err := f.scan(s, child, found); err != nil {
			return err
		}
	}
	return nil
}

// conditionFilter is [?(...)]: the children that fulfil it.
type conditionFilter struct{ condition condition }

func (f conditionFilter) apply(s *selection, t Token) ([]Token, error) {
	c, ok := t.(Container)
	if !ok {
		return nil, nil
	}
	var found []Token
	err := f.choose(s, c.Children(), &found)
	return found, err
}

func (f conditionFilter) choose(s *selection, tokens []Token, found *[]Token) error {
	for _, t := range tokens {
		ok, err := f.condition.holds(s, t)
		if err != nil {
			return err
		}
		if ok {
			*found = append(*found, t)
		}
	}
	return nil
}

// conditionScanFilter is ..[?(...)]: of the token and all below it, those that
// fulfil it.
type conditionScanFilter struct{ conditionFilter }

func (f conditionScanFilter) apply(s *selection, t Token) ([]Token, error) {
	var found []Token
	err := f.scan(s, t, &found)
	return found, err
}

func (f conditionScanFilter) scan(s *selection, t Token, found *[]Token) error {
	if err := f.choose(s, []Token{t}, found); err != nil {
		return err
	}
	if c, ok := t.(Container); ok {
		for _, child := range c.Children() {
			if err := f.scan(s, child, found); err != nil {
				return err
			}
		}
	}
	return nil
}

package expr

import (
	"github.com/apimulator/apimulator/policy/expr/newtonsoft"
)

// iterate goes through an IEnumerable<elem>, which is not null. Elem chooses
// where a value is several: a JObject is one of pairs and one of properties.
func (m *Machine) iterate(v any, elem *Type) (Iterator, error) {
	switch v := v.(type) {
	case *newtonsoft.Object:
		if elem != nil && elem.def != nil && elem.def.Name == pairType {
			return &sliceIterator{elems: jsonPairs(v, elem)}, nil
		}
		return tokenIterator(v.Children()), nil
	case newtonsoft.Container:
		return tokenIterator(v.Children()), nil
	case newtonsoft.Token:
		return &sliceIterator{}, nil
	}
	return m.Enumerate(v)
}

func tokenIterator(tokens []newtonsoft.Token) Iterator {
	elems := make([]any, len(tokens))
	for i, t := range tokens {
		elems[i] = t
	}
	return &sliceIterator{elems: elems}
}

func jsonPairs(o *newtonsoft.Object, pair *Type) []any {
	var pairs []any
	for _, c := range o.Children() {
		if p, ok := c.(*newtonsoft.Property); ok {
			pairs = append(pairs, &PairObject{pair, p.Name(), fromToken(p.Value())})
		}
	}
	return pairs
}

// each calls f with every element of an IEnumerable<elem> until it says that
// there is enough.
func (m *Machine) each(v any, elem *Type, f func(x any) (enough bool, err error)) error {
	it, err := m.iterate(v, elem)
	if err != nil {
		return err
	}
	defer it.Close()
	for {
		x, more, err := it.Next(m)
		if err != nil || !more {
			return err
		}
		if err := m.Spend(1); err != nil {
			return err
		}
		if enough, err := f(x); err != nil || enough {
			return err
		}
	}
}

// elements are all elements of an IEnumerable<elem>, in a slice of their own.
func (m *Machine) elements(v any, elem *Type) ([]any, error) {
	var all []any
	if sized, ok := v.(interface{ Len() int }); ok {
		all = make([]any, 0, sized.Len())
	}
	err := m.each(v, elem, func(x any) (bool, error) {
		all = append(all, x)
		return false, m.Allocate(16)
	})
	return all, err
}

// sliceIterator goes through elements that nobody changes.
type sliceIterator struct {
	elems []any
	next  int
}

// Next is part of Iterator.
func (it *sliceIterator) Next(m *Machine) (any, bool, error) {
	if it.next >= len(it.elems) {
		return nil, false, nil
	}
	it.next++
	return it.elems[it.next-1], true, m.Spend(1)
}

// Close is part of Iterator.
func (it *sliceIterator) Close() {}

// sequence is a lazy IEnumerable: each enumeration starts anew.
type sequence struct {
	typ   *Type
	start func(m *Machine) (Iterator, error)
}

// newSequence is a lazy IEnumerable<elem>.
func newSequence(elem *Type, start func(m *Machine) (Iterator, error)) *sequence {
	return &sequence{typeOf("System.Collections.Generic.IEnumerable", elem), start}
}

// DotnetType is part of Object: the interface stands for .NET's private class.
func (s *sequence) DotnetType() *Type { return s.typ }

// Enumerate is part of Enumerable.
func (s *sequence) Enumerate(m *Machine) (Iterator, error) {
	// A sequence over a sequence over ... must not exhaust the stack.
	if err := m.enter(); err != nil {
		return nil, err
	}
	defer m.leave()
	return s.start(m)
}

// stepper is an iterator made of functions; end may be nil.
type stepper struct {
	step func(m *Machine) (any, bool, error)
	end  func()
}

// Next is part of Iterator.
func (s *stepper) Next(m *Machine) (any, bool, error) {
	if err := m.enter(); err != nil {
		return nil, false, err
	}
	defer m.leave()
	return s.step(m)
}

// Close is part of Iterator.
func (s *stepper) Close() {
	if s.end != nil {
		s.end()
	}
}

// verdict is what becomes of an element that a pipe looks at.
type verdict uint8

const (
	skip verdict = iota // left out
	give                // the pipe's next element
	stop                // the pipe ends before it
)

// step looks at element x, which has index i, and makes an element of the result
// of it.
type step func(m *Machine, x any, i int32) (any, verdict, error)

// pipe is the lazy sequence that a step makes of a source, element by element.
// Start makes the step for each enumeration, so that it can have a state.
func pipe(result *Type, source any, elem *Type, start func(m *Machine) (step, error)) *sequence {
	return newSequence(result, func(m *Machine) (Iterator, error) {
		next, err := start(m)
		if err != nil {
			return nil, err
		}
		it, err := m.iterate(source, elem)
		if err != nil {
			return nil, err
		}
		i := int32(-1)
		return &stepper{end: it.Close, step: func(m *Machine) (any, bool, error) {
			for {
				x, more, err := it.Next(m)
				if err != nil || !more {
					return nil, false, err
				}
				i++
				y, v, err := next(m, x, i)
				switch {
				case err != nil || v == stop:
					return nil, false, err
				case v == give:
					return y, true, nil
				}
			}
		}}, nil
	})
}

// stateless is the start of a pipe whose step has no state.
func stateless(s step) func(*Machine) (step, error) {
	return func(*Machine) (step, error) { return s, nil }
}

// deferred is a lazy sequence whose elements are computed all at once when the
// first is asked for.
func deferred(elem *Type, compute func(m *Machine) ([]any, error)) *sequence {
	return newSequence(elem, func(*Machine) (Iterator, error) {
		var elems *sliceIterator
		return &stepper{step: func(m *Machine) (any, bool, error) {
			if elems == nil {
				all, err := compute(m)
				if err != nil {
					return nil, false, err
				}
				elems = &sliceIterator{elems: all}
			}
			return elems.Next(m)
		}}, nil
	})
}

// enumeratorObject is an IEnumerator<T> over an iterator.
type enumeratorObject struct {
	typ     *Type
	it      Iterator
	current any
	state   enumeratorState
}

type enumeratorState uint8

const (
	running enumeratorState = iota
	ended
	disposed
)

// newEnumerator is v.GetEnumerator() where v is an IEnumerable<elem>.
func newEnumerator(m *Machine, v any, elem *Type) (any, error) {
	it, err := m.iterate(v, elem)
	if err != nil {
		return nil, err
	}
	return &enumeratorObject{typ: typeOf("System.Collections.Generic.IEnumerator", elem), it: it, current: zeroOf(elem)}, nil
}

// DotnetType is part of Object.
func (e *enumeratorObject) DotnetType() *Type { return e.typ }

func (e *enumeratorObject) moveNext(m *Machine) (any, error) {
	if e.state != running {
		return false, nil
	}
	x, more, err := e.it.Next(m)
	if err != nil {
		return nil, err
	}
	if !more {
		e.state, x = ended, zeroOf(e.typ.args[0])
	}
	e.current = x
	return more, nil
}

func (e *enumeratorObject) dispose() {
	if e.state != disposed {
		e.state = disposed
		e.it.Close()
	}
}

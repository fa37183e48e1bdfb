package expr

import "slices"

// queueObject is a Queue<T> or a Stack<T>.
type queueObject struct {
	typ *Type
	// elems are in the order of their arrival, whichever it is.
	elems   []any
	stack   bool
	version int
}

// DotnetType is part of Object.
func (q *queueObject) DotnetType() *Type { return q.typ }

// Len is the number of elements.
func (q *queueObject) Len() int { return len(q.elems) }

// add puts an element in.
func (q *queueObject) add(m *Machine, v any) error {
	q.version++
	q.elems = append(q.elems, v)
	return m.Allocate(16)
}

// peek is the element whose turn it is; false if there is none.
func (q *queueObject) peek() (any, bool) {
	switch {
	case len(q.elems) == 0:
		return nil, false
	case q.stack:
		return q.elems[len(q.elems)-1], true
	}
	return q.elems[0], true
}

// take takes out the element whose turn it is; false if there is none.
func (q *queueObject) take() (any, bool) {
	v, ok := q.peek()
	if !ok {
		return nil, false
	}
	q.version++
	if q.stack {
		q.elems = q.elems[:len(q.elems)-1]
	} else {
		q.elems = q.elems[1:]
	}
	return v, true
}

// values are the elements in the order of their turn.
func (q *queueObject) values() []any {
	values := slices.Clone(q.elems)
	if q.stack {
		slices.Reverse(values)
	}
	return values
}

// Enumerate is part of Enumerable.
func (q *queueObject) Enumerate(*Machine) (Iterator, error) {
	return &queueIterator{queue: q, version: q.version}, nil
}

type queueIterator struct {
	queue         *queueObject
	next, version int
}

// Next is part of Iterator.
func (it *queueIterator) Next(m *Machine) (any, bool, error) {
	q := it.queue
	if it.version != q.version {
		return nil, false, invalidOperation(wasModifiedLate)
	}
	if it.next >= len(q.elems) {
		return nil, false, nil
	}
	it.next++
	if q.stack {
		return q.elems[len(q.elems)-it.next], true, m.Spend(1)
	}
	return q.elems[it.next-1], true, m.Spend(1)
}

// Close is part of Iterator.
func (it *queueIterator) Close() {}

var (
	_ = declareQueue("Queue", false, "Enqueue", "Dequeue", "Queue empty.")
	_ = declareQueue("Stack", true, "Push", "Pop", "Stack empty.")
)

// declareQueue declares Queue<T> or Stack<T>, which differ in names.
func declareQueue(name string, stack bool, put, take, empty string) struct{} {
	full := "System.Collections.Generic." + name
	queue := func(a []any) *queueObject { return a[0].(*queueObject) }
	make := func(_ *Machine, t []*Type, a []any) (any, error) {
		if len(a) > 0 {
			if err := checkNonNegative(a[0]); err != nil {
				return nil, err
			}
		}
		return &queueObject{typ: typeOf(full, t...), stack: stack}, nil
	}
	orEmpty := func(v any, ok bool) (any, error) {
		if !ok {
			return nil, invalidOperation(empty)
		}
		return v, nil
	}
	orZero := func(a []any, v any, ok bool) (any, error) {
		if !ok {
			v = zeroOf(queue(a).typ.args[0])
		}
		a[1].(*Ref).Value = v
		return ok, nil
	}
	return declare("class "+full+"<T> : System.Collections.Generic.IReadOnlyCollection<T>, System.Collections.ICollection", func() []memberDecl {
		return []memberDecl{
			member("new()", make),
			member("new(int capacity)", make),
			member("new(IEnumerable<T> collection)", func(m *Machine, t []*Type, a []any) (any, error) {
				if err := notNull(a, "collection"); err != nil {
					return nil, err
				}
				elems, err := m.elements(a[0], t[0])
				return &queueObject{typ: typeOf(full, t...), stack: stack, elems: elems}, err
			}),
			member("int Count { get; }", func(_ *Machine, a []any) (any, error) { return int32(queue(a).Len()), nil }),
			member("void "+put+"(T item)", func(m *Machine, a []any) (any, error) { return nil, queue(a).add(m, a[1]) }),
			member("T "+take+"()", func(_ *Machine, a []any) (any, error) { return orEmpty(queue(a).take()) }),
			member("bool Try"+take+"(out T result)", func(_ *Machine, a []any) (any, error) {
				v, ok := queue(a).take()
				return orZero(a, v, ok)
			}),
			member("T Peek()", func(_ *Machine, a []any) (any, error) { return orEmpty(queue(a).peek()) }),
			member("bool TryPeek(out T result)", func(_ *Machine, a []any) (any, error) {
				v, ok := queue(a).peek()
				return orZero(a, v, ok)
			}),
			member("void Clear()", func(_ *Machine, a []any) (any, error) {
				q := queue(a)
				q.version++
				q.elems = nil
				return nil, nil
			}),
			member("bool Contains(T item)", func(m *Machine, a []any) (any, error) {
				elems := queue(a).elems
				i, err := indexOf(m, func(i int) any { return elems[i] }, 0, len(elems), a[1], false)
				return i >= 0, err
			}),
			member("void CopyTo(T[] array, int arrayIndex)", copyElements),
			member("T[] ToArray()", func(m *Machine, a []any) (any, error) {
				return NewArray(queue(a).typ.args[0], queue(a).values()), m.Allocate(16 * queue(a).Len())
			}),
			member("void TrimExcess()", always(nil)),
			member("IEnumerator<T> GetEnumerator()", enumerate),
		}
	})
}

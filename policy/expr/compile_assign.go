package expr

import "github.com/apimulator/apimulator/policy/expr/dotnet"

// setter stores a value in a variable; nil of no variable.
func (c *compiler) setter(v *variable) func(f *frame, value any) {
	if v == nil {
		return nil
	}
	slot := c.fn.slotOf(v)
	if v.cell {
		return func(f *frame, value any) { f.vars[slot].(*Ref).Value = value }
	}
	return func(f *frame, value any) { f.vars[slot] = value }
}

// place is where an assignment stores: prepare evaluates what leads there, once;
// then get and set may follow.
type place struct {
	prepare func(f *frame) error
	get     eval
	set     func(f *frame, v any) error
}

func nothing(*frame) error { return nil }

// target compiles what is assigned to.
func (c *compiler) target(x bound) place {
	switch x := x.(type) {
	case *boundVariable:
		set := c.setter(x.v)
		return place{nothing, c.variable(x.v), func(f *frame, v any) error { set(f, v); return nil }}
	case *boundDiscard:
		return place{nothing, nil, func(*frame, any) error { return nil }}
	case *boundPlaceholder:
		return place{nothing, c.places[x], nil}
	case *boundElement:
		return c.elementPlace(x)
	case *boundField:
		return c.fieldPlace(x)
	case *boundCall:
		return c.propertyPlace(x)
	}
	panic("expr: no target")
}

// hold evaluates expressions into slots.
func (c *compiler) hold(list []bound) (slots []int, prepare func(f *frame) error) {
	evals := c.exprs(list)
	slots = make([]int, len(list))
	for i := range slots {
		slots[i] = c.temp()
	}
	return slots, func(f *frame) error {
		for i, e := range evals {
			v, err := e(f)
			if err != nil {
				return err
			}
			f.vars[slots[i]] = v
		}
		return nil
	}
}

func (c *compiler) elementPlace(x *boundElement) place {
	slots, prepare := c.hold(append([]bound{x.array}, x.indexes...))
	at := func(f *frame) (*ArrayObject, int, error) {
		array, ok := f.vars[slots[0]].(*ArrayObject)
		if !ok {
			return nil, 0, dotnet.NullReference()
		}
		var buffer [4]int64
		indexes := buffer[:0]
		for _, s := range slots[1:] {
			indexes = append(indexes, arrayIndex(f.vars[s]))
		}
		i, err := array.offset(indexes)
		return array, i, err
	}
	static := x.t
	return place{
		prepare: prepare,
		get: func(f *frame) (any, error) {
			array, i, err := at(f)
			if err != nil {
				return nil, err
			}
			return array.At(i), nil
		},
		set: func(f *frame, v any) error {
			array, i, err := at(f)
			if err != nil {
				return err
			}
			if v != nil && array.typ.elem != static && !isInstance(v, array.typ.elem.underlying()) {
				return dotnet.NewException("System.ArrayTypeMismatchException", "Attempted to access an element as a type incompatible with the array.")
			}
			array.Set(i, v)
			return nil
		},
	}
}

// arrayIndex is an index or a length of any of the types that one may have.
func arrayIndex(v any) int64 {
	switch v := v.(type) {
	case int32:
		return int64(v)
	case int64:
		return v
	case uint32:
		return int64(v)
	}
	return int64(min(v.(uint64), 1<<62))
}

func (c *compiler) fieldPlace(x *boundField) place {
	record, i := c.target(x.record), x.i
	return place{
		prepare: record.prepare,
		get: func(f *frame) (any, error) {
			v, err := record.get(f)
			if err != nil {
				return nil, err
			}
			return v.(*RecordObject).elems[i], nil
		},
		set: func(f *frame, v any) error {
			old, err := record.get(f)
			if err != nil {
				return err
			}
			return record.set(f, old.(*RecordObject).with(i, v))
		},
	}
}

func (c *compiler) propertyPlace(x *boundCall) place {
	parts := x.args
	if x.recv != nil {
		parts = append([]bound{x.recv}, parts...)
	}
	slots, prepare := c.hold(parts)
	get, set := c.implementation(x.method.Member, x.types), x.method.set
	check := mayBeNull(x)
	with := func(f *frame, more int, call func(values []any) (any, error)) (any, error) {
		if check && f.vars[slots[0]] == nil {
			return nil, dotnet.NullReference()
		}
		if err := f.m.tick(); err != nil {
			return nil, err
		}
		values := f.m.push(len(slots) + more)
		for i, s := range slots {
			values[i] = f.vars[s]
		}
		v, err := call(values)
		f.m.pop(values)
		return v, err
	}
	return place{
		prepare: prepare,
		get: func(f *frame) (any, error) {
			return with(f, 0, func(values []any) (any, error) { return get(f, values) })
		},
		set: func(f *frame, v any) error {
			_, err := with(f, 1, func(values []any) (any, error) {
				values[len(slots)] = v
				return set(f.m, values)
			})
			return err
		},
	}
}

func (c *compiler) assign(x *boundAssign) eval {
	if v, ok := x.target.(*boundVariable); ok {
		set, value := c.setter(v.v), c.expr(x.value)
		return func(f *frame) (any, error) {
			v, err := value(f)
			if err != nil {
				return nil, err
			}
			set(f, v)
			return v, nil
		}
	}
	p, value := c.target(x.target), c.expr(x.value)
	return func(f *frame) (any, error) {
		if err := p.prepare(f); err != nil {
			return nil, err
		}
		v, err := value(f)
		if err != nil {
			return nil, err
		}
		return v, p.set(f, v)
	}
}

func (c *compiler) compound(x *boundCompound) eval {
	if count := c.count(x); count != nil {
		return count
	}
	p, old := c.target(x.target), c.place(x.old)
	next, postfix := c.expr(x.next), x.postfix
	return func(f *frame) (any, error) {
		if err := p.prepare(f); err != nil {
			return nil, err
		}
		before, err := p.get(f)
		if err != nil {
			return nil, err
		}
		f.vars[old] = before
		after, err := next(f)
		if err != nil {
			return nil, err
		}
		if err := p.set(f, after); err != nil {
			return nil, err
		}
		if postfix {
			return before, nil
		}
		return after, nil
	}
}

// count compiles i++ and the like of an int variable; nil if x is none.
func (c *compiler) count(x *boundCompound) eval {
	v, ok := x.target.(*boundVariable)
	step, isBinary := x.next.(*boundBinary)
	if !ok || !isBinary || v.v.cell || c.observed {
		return nil
	}
	if by, ok := step.y.(*boundConst); !ok || step.x != bound(x.old) || by.value != int32(1) || c.intOperator(step) == nil {
		return nil
	}
	slot, by, postfix := c.fn.slotOf(v.v), int32(1), x.postfix
	switch step.name {
	case "-":
		by = -1
	case "*":
		return nil
	}
	return func(f *frame) (any, error) {
		before := f.vars[slot]
		after := any(before.(int32) + by)
		f.vars[slot] = after
		if postfix {
			return before, nil
		}
		return after, nil
	}
}

func (c *compiler) deconstruct(x *boundDeconstruct) eval {
	value, slot := c.expr(x.x), c.place(x.value)
	calls, parts := c.exprs(x.calls), c.exprs(x.parts)
	targets := make([]place, len(x.targets))
	for i, t := range x.targets {
		targets[i] = c.target(t)
	}
	t := x.t
	return func(f *frame) (any, error) {
		v, err := value(f)
		if err != nil {
			return nil, err
		}
		f.vars[slot] = v
		for _, call := range calls {
			if _, err := call(f); err != nil {
				return nil, err
			}
		}
		elems := make([]any, len(parts))
		for i, part := range parts {
			if err := targets[i].prepare(f); err != nil {
				return nil, err
			}
			if elems[i], err = part(f); err != nil {
				return nil, err
			}
			if err := targets[i].set(f, elems[i]); err != nil {
				return nil, err
			}
		}
		if t.kind != Tuple {
			return nil, nil
		}
		return newRecord(f.typ(t), elems), nil
	}
}

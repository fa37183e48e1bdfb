package expr

import (
	"github.com/apimulator/apimulator/policy/expr/dotnet"
)

// callable is an implementation with its type arguments, where it has any.
type callable func(f *frame, args []any) (any, error)

// implementation is how a member is called.
func (c *compiler) implementation(m *Member, types []*Type) callable {
	if m.generic == nil {
		get := m.get
		return func(f *frame, args []any) (any, error) { return get(f.m, args) }
	}
	generic := m.generic
	for _, t := range types {
		if t.generic() {
			return func(f *frame, args []any) (any, error) {
				actual := make([]*Type, len(types))
				for i, t := range types {
					actual[i] = f.typ(t)
				}
				return generic(f.m, actual, args)
			}
		}
	}
	return func(f *frame, args []any) (any, error) { return generic(f.m, types, args) }
}

// mayBeNull reports whether a call has to look whether its receiver is null.
func mayBeNull(x *boundCall) bool {
	return x.recv != nil && x.method.of.kind != Nullable && !isValueType(x.recv.typ())
}

func (c *compiler) call(x *boundCall) eval {
	if direct := c.direct(x); direct != nil {
		return direct
	}
	args := x.args
	if x.recv != nil {
		args = append([]bound{x.recv}, args...)
	}
	for _, a := range args {
		if _, ok := a.(*boundRef); ok {
			return c.refCall(x)
		}
	}
	check := mayBeNull(x)
	if x.order == nil && x.method.generic == nil {
		switch len(args) {
		case 1:
			return c.call1(x.method.get, c.expr(args[0]), check)
		case 2:
			return c.call2(x.method.get, c.expr(args[0]), c.expr(args[1]), check)
		}
	}
	call, evals := c.implementation(x.method.Member, x.types), c.exprs(args)
	order := callOrder(x, len(args))
	return func(f *frame) (v any, err error) {
		if err := f.m.tick(); err != nil {
			return nil, err
		}
		values := f.m.push(len(evals))
		switch err = evaluate(f, values, evals, order); {
		case err != nil:
		case check && values[0] == nil:
			err = dotnet.NullReference()
		default:
			v, err = call(f, values)
		}
		f.m.pop(values)
		return v, err
	}
}

// evaluate puts the values of arguments in their places.
func evaluate(f *frame, values []any, evals []eval, order []int) error {
	for _, i := range order {
		v, err := evals[i](f)
		if err != nil {
			return err
		}
		values[i] = v
	}
	return nil
}

// callOrder is the order in which the receiver and the arguments are evaluated.
func callOrder(x *boundCall, n int) []int {
	order := make([]int, 0, n)
	first := n - len(x.args)
	if first > 0 {
		order = append(order, 0)
	}
	if x.order == nil {
		for i := first; i < n; i++ {
			order = append(order, i)
		}
		return order
	}
	for _, i := range x.order {
		order = append(order, first+i)
	}
	return order
}

func (c *compiler) call1(get Func, arg eval, check bool) eval {
	return func(f *frame) (any, error) {
		m := f.m
		if err := m.tick(); err != nil {
			return nil, err
		}
		v, err := arg(f)
		if err != nil {
			return nil, err
		}
		if check && v == nil {
			return nil, dotnet.NullReference()
		}
		values := m.push(1)
		values[0] = v
		v, err = get(m, values)
		m.pop(values)
		return v, err
	}
}

func (c *compiler) call2(get Func, first, second eval, check bool) eval {
	return func(f *frame) (any, error) {
		m := f.m
		if err := m.tick(); err != nil {
			return nil, err
		}
		x, err := first(f)
		if err != nil {
			return nil, err
		}
		y, err := second(f)
		if err != nil {
			return nil, err
		}
		if check && x == nil {
			return nil, dotnet.NullReference()
		}
		values := m.push(2)
		values[0], values[1] = x, y
		v, err := get(m, values)
		m.pop(values)
		return v, err
	}
}

// reference is an argument passed by reference: the cell of a variable, or a
// stand-in that is written back after the call.
type reference struct {
	get  func(f *frame) (*Ref, error)
	back func(f *frame, r *Ref) error // nil of a cell
}

func (c *compiler) reference(x *boundRef) reference {
	if v, ok := x.target.(*boundVariable); ok {
		slot := c.fn.slotOf(v.v)
		return reference{get: func(f *frame) (*Ref, error) { return f.vars[slot].(*Ref), nil }}
	}
	p, out := c.target(x.target), x.out
	return reference{
		get: func(f *frame) (*Ref, error) {
			if err := p.prepare(f); err != nil || out {
				return &Ref{}, err
			}
			v, err := p.get(f)
			return &Ref{v}, err
		},
		back: func(f *frame, r *Ref) error { return p.set(f, r.Value) },
	}
}

// arguments compiles arguments some of which may be passed by reference. After
// puts back what has to be.
func (c *compiler) arguments(args []bound) (evals []eval, after func(f *frame, values []any) error) {
	evals = make([]eval, len(args))
	var back []int
	refs := make([]reference, len(args))
	for i, a := range args {
		r, ok := a.(*boundRef)
		if !ok {
			evals[i] = c.expr(a)
			continue
		}
		ref := c.reference(r)
		refs[i] = ref
		evals[i] = func(f *frame) (any, error) { return ref.get(f) }
		if ref.back != nil {
			back = append(back, i)
		}
	}
	if back == nil {
		return evals, func(*frame, []any) error { return nil }
	}
	return evals, func(f *frame, values []any) error {
		for _, i := range back {
			if err := refs[i].back(f, values[i].(*Ref)); err != nil {
				return err
			}
		}
		return nil
	}
}

// refCall is a call with arguments by reference.
func (c *compiler) refCall(x *boundCall) eval {
	args := x.args
	if x.recv != nil {
		args = append([]bound{x.recv}, args...)
	}
	evals, after := c.arguments(args)
	call, check, order := c.implementation(x.method.Member, x.types), mayBeNull(x), callOrder(x, len(args))
	return func(f *frame) (v any, err error) {
		if err := f.m.tick(); err != nil {
			return nil, err
		}
		values := f.m.push(len(evals))
		switch err = evaluate(f, values, evals, order); {
		case err != nil:
		case check && values[0] == nil:
			err = dotnet.NullReference()
		default:
			v, err = call(f, values)
			err = firstError(err, after(f, values))
		}
		f.m.pop(values)
		return v, err
	}
}

func firstError(a, b error) error {
	if a != nil {
		return a
	}
	return b
}

func argOrder(order []int, n int) []int {
	if order != nil {
		return order
	}
	order = make([]int, n)
	for i := range order {
		order[i] = i
	}
	return order
}

// invoke calls a delegate.
func (c *compiler) invoke(x *boundInvoke) eval {
	delegate := c.expr(x.delegate)
	evals, after := c.arguments(x.args)
	order := argOrder(x.order, len(x.args))
	return func(f *frame) (any, error) {
		d, err := delegate(f)
		if err != nil {
			return nil, err
		}
		var v any
		values := f.m.push(len(evals))
		if err = evaluate(f, values, evals, order); err == nil {
			v, err = f.m.invoke(d, values)
			err = firstError(err, after(f, values))
		}
		f.m.pop(values)
		return v, err
	}
}

// localCall calls a local function.
func (c *compiler) localCall(x *boundLocalCall) eval {
	slot := c.fn.slotOf(x.fn)
	evals, after := c.arguments(x.args)
	order := argOrder(x.order, len(x.args))
	params := x.fn.local.member.TypeParams
	types := x.types
	return func(f *frame) (v any, err error) {
		fn := f.vars[slot].(*functionValue)
		if len(types) > 0 {
			fn = fn.with(f, params, types)
		}
		values := f.m.push(len(evals))
		if err = evaluate(f, values, evals, order); err == nil {
			if err = f.m.enter(); err == nil {
				v, err = fn.call(f.m, values)
				f.m.leave()
				err = firstError(err, after(f, values))
			}
		}
		f.m.pop(values)
		return v, err
	}
}

// with is a generic function with its type arguments.
func (v *functionValue) with(f *frame, params, types []*Type) *functionValue {
	generic := *v
	generic.types = make(map[*Type]*Type, len(f.types)+len(params))
	for p, t := range v.types {
		generic.types[p] = t
	}
	for i, p := range params {
		generic.types[p] = f.typ(types[i])
	}
	return &generic
}

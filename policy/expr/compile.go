package expr

import (
	"github.com/apimulator/apimulator/policy/expr/dotnet"
	"github.com/apimulator/apimulator/policy/expr/syntax"
)

// compiler turns bound nodes into closures. What a node needs at run time is
// looked up here, once: slots, operators, implementations.
type compiler struct {
	fn *function
	// observed says that each expression that is written reports its value.
	observed bool
	// made are nodes that are not written.
	made map[syntax.Node]bool
	// places are how the values of placeholders are read.
	places map[*boundPlaceholder]eval
	// caught is the slot of the exception that throw; throws again.
	caught int
	// results are the converted results of the lambda that is compiled.
	results map[*boundReturn]bound
}

// temp is a slot of the compiler's own.
func (c *compiler) temp() int {
	c.fn.slots++
	return c.fn.slots - 1
}

// place gives a placeholder a slot, where its value is to be put.
func (c *compiler) place(p *boundPlaceholder) int {
	slot := c.temp()
	c.places[p] = func(f *frame) (any, error) { return f.vars[slot], nil }
	return slot
}

// expr compiles an expression.
func (c *compiler) expr(x bound) eval {
	e := c.plain(x)
	src := x.source()
	if !c.observed || src == nil || c.made[src] {
		return e
	}
	id, t := src.ID(), x.typ()
	return func(f *frame) (any, error) {
		v, err := e(f)
		if o := f.m.Observer; o != nil {
			o.Value(id, t, v, err)
		}
		return v, err
	}
}

// exprs compiles a list.
func (c *compiler) exprs(list []bound) []eval {
	evals := make([]eval, len(list))
	for i, x := range list {
		evals[i] = c.expr(x)
	}
	return evals
}

// plain compiles an expression that does not report itself; its parts do.
func (c *compiler) plain(x bound) eval {
	switch x := x.(type) {
	case *boundConst:
		v := x.value
		return func(*frame) (any, error) { return v, nil }
	case *boundVariable:
		return c.variable(x.v)
	case *boundRoot:
		return func(f *frame) (any, error) { return f.m.Root, nil }
	case *boundPlaceholder:
		return c.places[x]
	case *boundCall:
		return c.call(x)
	case *boundInvoke:
		return c.invoke(x)
	case *boundLocalCall:
		return c.localCall(x)
	case *boundBinary, *boundLogical, *boundUnary, *boundIs:
		return c.operator(x)
	case *boundConcat:
		return c.concat(x)
	case *boundConvert:
		return c.convert(x)
	case *boundConditional:
		return c.conditional(x)
	case *boundCoalesce:
		return c.coalesce(x)
	case *boundAccess:
		return c.access(x)
	case *boundAssign:
		return c.assign(x)
	case *boundCompound:
		return c.compound(x)
	}
	return c.making(x)
}

// making compiles expressions that make values, and the rest.
func (c *compiler) making(x bound) eval {
	switch x := x.(type) {
	case *boundElement:
		return c.element(x)
	case *boundField:
		return c.field(x)
	case *boundRecord:
		return c.record(x)
	case *boundNewArray:
		return c.newArray(x)
	case *boundInit:
		return c.init(x)
	case *boundInterpolated:
		return c.interpolated(x)
	case *boundDeconstruct:
		return c.deconstruct(x)
	case *boundAs:
		return c.as(x)
	case *boundTypeof:
		t := x.of
		return func(f *frame) (any, error) { return &typeObject{f.typ(t)}, nil }
	case *boundDefault:
		return c.zero(x.t)
	case *boundNewParam:
		t := x.t
		return func(f *frame) (any, error) { return newOf(f.m, f.typ(t)) }
	case *boundLambda:
		return c.lambda(x)
	case *boundDelegate:
		return c.delegate(x)
	case *boundThrow:
		thrown := c.expr(x.x)
		return func(f *frame) (any, error) { return nil, throw(thrown(f)) }
	case *boundLet:
		return c.let(x)
	}
	panic("expr: a node that has no code")
}

// throw is the error of throwing v.
func throw(v any, err error) error {
	if err != nil {
		return err
	}
	if e, ok := v.(*dotnet.Exception); ok && e != nil {
		return e
	}
	return dotnet.NullReference()
}

func (c *compiler) variable(v *variable) eval {
	slot := c.fn.slotOf(v)
	if v.cell {
		return func(f *frame) (any, error) { return f.vars[slot].(*Ref).Value, nil }
	}
	return func(f *frame) (any, error) { return f.vars[slot], nil }
}

func (c *compiler) zero(t *Type) eval {
	if t.generic() {
		return func(f *frame) (any, error) { return zeroOf(f.typ(t)), nil }
	}
	v := zeroOf(t)
	return func(*frame) (any, error) { return v, nil }
}

// newOf is new T() of a type that is known when it runs.
func newOf(m *Machine, t *Type) (any, error) {
	if t.IsValue() {
		return zeroOf(t), nil
	}
	for _, constructor := range t.def.MembersNamed("new") {
		if len(constructor.Params) == 0 {
			return constructor.call(m, t.args, nil)
		}
	}
	return nil, dotnet.NewException("System.MissingMethodException", "No parameterless constructor defined for type '"+reflectionName(t, true)+"'.")
}

func (c *compiler) conditional(x *boundConditional) eval {
	cond, then, otherwise := c.cond(x.cond), c.expr(x.then), c.expr(x.otherwise)
	return func(f *frame) (any, error) {
		holds, err := cond(f)
		if err != nil {
			return nil, err
		}
		if holds {
			return then(f)
		}
		return otherwise(f)
	}
}

func (c *compiler) coalesce(x *boundCoalesce) eval {
	first, slot := c.expr(x.x), c.place(x.value)
	then, otherwise := c.expr(x.then), c.expr(x.y)
	return func(f *frame) (any, error) {
		v, err := first(f)
		if err != nil {
			return nil, err
		}
		if v == nil {
			return otherwise(f)
		}
		f.vars[slot] = v
		return then(f)
	}
}

func (c *compiler) access(x *boundAccess) eval {
	target, slot := c.expr(x.x), c.place(x.value)
	access := c.expr(x.access)
	return func(f *frame) (any, error) {
		v, err := target(f)
		if err != nil || v == nil {
			return nil, err
		}
		f.vars[slot] = v
		return access(f)
	}
}

func (c *compiler) as(x *boundAs) eval {
	v, is := c.expr(x.x), c.instance(x.target.underlying())
	return func(f *frame) (any, error) {
		v, err := v(f)
		if err != nil || v == nil || !is(f, v) {
			return nil, err
		}
		return v, nil
	}
}

// instance is the test whether a value, not null, is of a type.
func (c *compiler) instance(t *Type) func(f *frame, v any) bool {
	switch {
	case t.generic():
		return func(f *frame, v any) bool { return isInstance(v, f.typ(t)) }
	case t == basic.string:
		return func(_ *frame, v any) bool { _, ok := v.(string); return ok }
	case t == basic.int:
		return func(_ *frame, v any) bool { _, ok := v.(int32); return ok }
	case t == basic.bool:
		return func(_ *frame, v any) bool { _, ok := v.(bool); return ok }
	}
	return func(_ *frame, v any) bool { return isInstance(v, t) }
}

func (c *compiler) let(x *boundLet) eval {
	inits := c.exprs(x.inits)
	slots := make([]int, len(inits))
	for i, p := range x.values {
		slots[i] = c.place(p)
	}
	body := c.expr(x.body)
	return func(f *frame) (any, error) {
		for i, init := range inits {
			v, err := init(f)
			if err != nil {
				return nil, err
			}
			f.vars[slots[i]] = v
		}
		return body(f)
	}
}

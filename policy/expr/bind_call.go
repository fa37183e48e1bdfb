package expr

import (
	"slices"

	"github.com/apimulator/apimulator/policy/expr/syntax"
)

// call binds target(args).
func (b *binder) call(e *syntax.Call) bound {
	target := b.callee(e.Target)
	args := b.arguments(e.Args)
	switch target := target.(type) {
	case *boundGroup:
		return b.callGroup(target, args, e)
	case *boundType, *boundNamespace:
		return b.asValue(target)
	}
	if isBad(target) {
		return b.spoiled(args, e)
	}
	invoke, ok := delegateInvoke(target.typ())
	if !ok {
		if p, isCall := target.(*boundCall); isCall && p.method.Kind == Property {
			return b.fail(e.Target, "CS1955", "Non-invocable member '%s' cannot be used like a method: leave out the ( )", p.method.display())
		}
		return b.fail(e.Target, "CS0149", "Method name expected")
	}
	r := b.resolve([]method{invoke}, args, nil)
	if r.best == nil {
		return b.unresolved(r, invocation{name: target.typ().display(), what: callDelegate, args: args, at: e, span: e.Span()})
	}
	params, order := b.finishArguments(r.best, args, e)
	return &boundInvoke{node{invoke.result(), e}, target, params, order}
}

// callee binds what is called. Where a property hides an extension method, as
// Count does, the call means the method.
func (b *binder) callee(e syntax.Expr) bound {
	var target bound
	var name string
	var span syntax.Span
	switch m := e.(type) {
	case *syntax.Member:
		target, name, span = b.expr(m.Target), m.Name, m.NameSpan
		if n, ok := target.(*boundNamespace); ok {
			return b.inNamespace(n, m)
		}
	case *syntax.MemberBinding:
		target, name, span = b.access, m.Name, m.NameSpan
	default:
		return b.expr(e)
	}
	if t := target.typ(); t != nil && t != basic.bad {
		found := membersOf(t, name)
		if len(found) > 0 && found[0].Kind != Method && found[0].result().kind != Delegate {
			if methods := b.extensions(name); len(methods) > 0 {
				types, ok := b.typeRefs(typeArgsOf(e))
				if !ok {
					return bad(e)
				}
				return &boundGroup{node: node{nil, e}, name: name, recv: target, types: types, nameSpan: span}
			}
		}
	}
	return b.memberOf(target, e, name, typeArgsOf(e), span)
}

func typeArgsOf(e syntax.Expr) []syntax.TypeRef {
	switch e := e.(type) {
	case *syntax.Member:
		return e.Args
	case *syntax.MemberBinding:
		return e.Args
	}
	return nil
}

// arguments binds the arguments of a call.
func (b *binder) arguments(list []syntax.Arg) []argument {
	args := make([]argument, len(list))
	for i, a := range list {
		args[i] = argument{name: a.Name, mode: a.Mode, at: a.Expr}
		switch {
		case a.Mode == syntax.ByOut:
			args[i].x = b.outArgument(a.Expr)
		case a.Mode == syntax.ByRef:
			args[i].x = b.target(a.Expr)
		default:
			args[i].x = b.value(a.Expr)
			if args[i].x.typ() == basic.void {
				args[i].x = b.fail(a.Expr, "CS1503", "Argument %d: this call returns nothing (void), so there is no value to pass", i+1)
			}
		}
	}
	return args
}

// outArgument binds what an out parameter writes to.
func (b *binder) outArgument(e syntax.Expr) bound {
	switch e := e.(type) {
	case *syntax.Declaration:
		var t *Type
		if e.Type != nil {
			t = b.typeRef(e.Type)
		}
		if e.Name == "_" {
			return &boundOut{node: node{t, e}, discard: true}
		}
		return &boundOut{node: node{t, e}, v: b.declare(e.Name, t, plainVariable, e.Span())}
	case *syntax.Name:
		if v, _ := b.scope.lookup("_"); e.Ident == "_" && v == nil {
			return &boundOut{node: node{nil, e}, discard: true}
		}
	}
	return b.target(e)
}

// outVariable is out var x, now that the parameter's type is known.
func (b *binder) outVariable(x *boundOut, t *Type) bound {
	v := x.v
	if x.discard {
		v = b.fn.newVariable("_", t, temporary, x.src.Span())
		b.scope.variables = append(b.scope.variables, v)
	} else if v.t == nil {
		v.t = t
	}
	v.cell = true
	return &boundRef{node{t, nil}, &boundVariable{node{t, x.src}, v}, true}
}

// spoiled is a call that went wrong: the variables that it declares have no type.
func (b *binder) spoiled(args []argument, at syntax.Node) bound {
	for _, a := range args {
		if out, ok := a.x.(*boundOut); ok && out.v != nil && out.v.t == nil {
			out.v.t = basic.bad
		}
	}
	return bad(at)
}

// callGroup calls the best of the methods of a name.
func (b *binder) callGroup(g *boundGroup, args []argument, e syntax.Node) bound {
	if slices.ContainsFunc(args, func(a argument) bool { return isBad(a.x) }) || g.recv != nil && isBad(g.recv) {
		return b.spoiled(args, e)
	}
	a, args, r := b.choose(g, args)
	if a == nil {
		return b.unresolved(r, invocation{group: g, name: g.name, what: callMethod, args: args, at: e, span: g.nameSpan})
	}
	return b.callOf(a, g, args, e)
}

// choose finds the method of a group that the arguments mean: of the type's own,
// or else an extension method, whose first argument is the receiver. It gives
// the arguments of that method.
func (b *binder) choose(g *boundGroup, args []argument) (*application, []argument, resolution) {
	own := b.resolve(g.candidates(), args, g.types)
	if own.best != nil || own.ambiguous != nil || g.recv == nil {
		return own.best, args, own
	}
	extended := append([]argument{{x: g.recv, at: g.src}}, args...)
	r := b.resolve(b.extensions(g.name), extended, g.types)
	if r.best != nil || r.ambiguous != nil || len(g.methods) == 0 {
		return r.best, extended, r
	}
	return nil, args, own
}

// candidates are the methods that may be called the way the group is named: by a
// value or by a type.
func (g *boundGroup) candidates() []method {
	if g.local != nil {
		return g.methods
	}
	v, isVariable := g.recv.(*boundVariable)
	both := isVariable && v.v.name == simpleName(v.t)
	return slices.DeleteFunc(slices.Clone(g.methods), func(m method) bool { return !both && m.Static != g.static })
}

// callOf is the call of the chosen method.
func (b *binder) callOf(a *application, g *boundGroup, args []argument, e syntax.Node) bound {
	t := a.m.result().substitute(a.subst)
	params, order := b.finishArguments(a, args, e)
	if g.local != nil {
		return &boundLocalCall{node{t, e}, g.local, a.types, params, order}
	}
	if a.m.of.kind == Nullable && a.m.Name == "GetValueOrDefault" && len(params) == 0 {
		// The implementation would not know what default(T) is.
		value := &boundPlaceholder{node{t, nil}}
		return &boundCoalesce{node{t, e}, g.recv, value, value, defaultOf(t, nil)}
	}
	call := &boundCall{node: node{t, e}, method: a.m, args: params, order: order, types: a.types}
	switch {
	case !a.m.Static:
		call.recv = g.recv
	case len(staticTypes(a.m)) > 0:
		call.types = slices.Concat(staticTypes(a.m), a.types)
	}
	return call
}

// finishArguments converts the arguments and puts them in the parameters' order;
// order is nil where they are evaluated in it, too.
func (b *binder) finishArguments(a *application, args []argument, at syntax.Node) (params []bound, order []int) {
	params = make([]bound, len(a.m.Params))
	var rest []bound
	inOrder := true
	for i, arg := range args {
		slot := a.slots[i]
		x := b.passed(arg, &a.m.Params[slot], a.convs[i], a.params[i])
		if a.expanded && slot == len(params)-1 {
			rest = append(rest, x)
			continue
		}
		params[slot] = x
		inOrder = inOrder && (len(order) == 0 || order[len(order)-1] < slot)
		order = append(order, slot)
	}
	if a.expanded {
		t := a.m.paramType(len(params) - 1).substitute(a.subst)
		params[len(params)-1] = &boundNewArray{node: node{t, nil}, elems: rest}
		order = append(order, len(params)-1)
	}
	for i := range params {
		if params[i] == nil {
			params[i] = defaultArgument(&a.m.Params[i], a.m.paramType(i).substitute(a.subst), at)
			order = append(order, i)
		}
	}
	if inOrder {
		order = nil
	}
	return params, order
}

// passed is an argument as its parameter gets it.
func (b *binder) passed(arg argument, p *Param, c conversion, to *Type) bound {
	if !p.ByRef {
		return b.apply(arg.x, c, to, nil)
	}
	if out, ok := arg.x.(*boundOut); ok {
		return b.outVariable(out, to)
	}
	if v, ok := arg.x.(*boundVariable); ok {
		v.v.cell = true
	}
	return &boundRef{node{to, nil}, arg.x, p.Out}
}

// defaultArgument is the value of a parameter without an argument.
func defaultArgument(p *Param, t *Type, at syntax.Node) bound {
	if p.Default == nil {
		return defaultOf(t, at)
	}
	value := p.Default
	if target := t.underlying(); target.kind == Enum || target.numeric() != notNumeric {
		// The table writes all numbers as int.
		if v, err := convertNumber(value, target, true); err == nil {
			value = v
		}
	}
	return &boundConst{node{t, nil}, value}
}

// index binds target[args].
func (b *binder) index(e syntax.Node, target bound, list []syntax.Arg) bound {
	target = b.asTyped(target, e)
	args := b.arguments(list)
	if isBad(target) || slices.ContainsFunc(args, func(a argument) bool { return isBad(a.x) }) {
		return bad(e)
	}
	t := target.typ()
	if t.kind == Array {
		return b.element(e, target, args)
	}
	indexers := membersOf(t, "this")
	if len(indexers) == 0 {
		return b.fail(e, "CS0021", "Cannot apply indexing with [] to an expression of type '%s'", t.display())
	}
	r := b.resolve(indexers, args, nil)
	if r.best == nil {
		return b.unresolved(r, invocation{name: "this", what: callIndexer, args: args, at: e, span: e.Span()})
	}
	params, order := b.finishArguments(r.best, args, e)
	return &boundCall{node: node{r.best.m.result(), e}, method: r.best.m, recv: target, args: params, order: order}
}

// element binds an element of an array.
func (b *binder) element(e syntax.Node, target bound, args []argument) bound {
	t := target.typ()
	if len(args) != t.rank {
		return b.fail(e, "CS0022", "Wrong number of indices inside []; expected %d", t.rank)
	}
	x := &boundElement{node: node{t.elem, e}, array: target}
	for _, a := range args {
		i := b.lengthOrIndex(a.x, a.at)
		if isBad(i) {
			return bad(e)
		}
		x.indexes = append(x.indexes, i)
	}
	return x
}

// lengthOrIndex converts to the first of int, uint, long and ulong that x
// converts to.
func (b *binder) lengthOrIndex(x bound, at syntax.Node) bound {
	for _, t := range []*Type{basic.int, basic.uint, basic.long, basic.ulong} {
		if c := b.implicit(x, t); c.exists() {
			return b.apply(x, c, t, nil)
		}
	}
	return b.convert(x, basic.int, at)
}

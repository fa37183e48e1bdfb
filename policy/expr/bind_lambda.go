package expr

import (
	"slices"

	"github.com/apimulator/apimulator/policy/expr/syntax"
)

// unboundLambda is a lambda whose delegate is not known yet. Its body is bound
// once for each list of parameter types that overload resolution and inference
// ask for.
type unboundLambda struct {
	node
	syntax   *syntax.Lambda
	scope    *scope
	fn       *function
	overflow overflowMode
	types    []*Type // of parameters that are written with their types
	bodies   []*lambdaBody
}

// lambdaBody is a lambda's body for given parameter types.
type lambdaBody struct {
	fn        *function
	params    []*Type
	expr      bound       // of an expression lambda, not yet converted
	block     *boundBlock // of a block
	diags     []Diagnostic
	completes bool  // a block's end can be reached
	result    *Type // that it returns by itself; void, or nil if that has no type
}

// lambda binds a lambda as far as that goes without its delegate.
func (b *binder) lambda(e *syntax.Lambda) bound {
	l := &unboundLambda{node: node{nil, e}, syntax: e, scope: b.scope, fn: b.fn, overflow: b.overflow}
	for _, p := range e.Params {
		if p.Type == nil {
			continue
		}
		t := b.typeRef(p.Type)
		if t == basic.bad {
			return bad(e)
		}
		l.types = append(l.types, t)
	}
	if l.types == nil && len(e.Params) == 0 && !e.AnyParams {
		l.types = []*Type{}
	}
	return l
}

// lambdaBody binds the body for the parameters of a delegate; nil if the lambda
// does not have such parameters.
func (b *binder) lambdaBody(l *unboundLambda, invoke method) *lambdaBody {
	params := make([]*Type, len(invoke.Params))
	for i := range params {
		params[i] = invoke.paramType(i)
		if !l.syntax.AnyParams && i < len(l.syntax.Params) && (l.syntax.Params[i].Mode != syntax.ByValue) != invoke.Params[i].ByRef {
			return nil
		}
	}
	if !l.syntax.AnyParams {
		if len(params) != len(l.syntax.Params) || l.types != nil && !slices.EqualFunc(l.types, params, identical) {
			return nil
		}
		if l.types != nil {
			params = l.types
		}
	}
	for _, body := range l.bodies {
		if slices.Equal(body.params, params) {
			return body
		}
	}
	body := b.bindBody(l, params)
	l.bodies = append(l.bodies, body)
	return body
}

func (b *binder) bindBody(l *unboundLambda, params []*Type) *lambdaBody {
	body := &lambdaBody{params: params, fn: &function{parent: l.fn, typed: l.fn.typed, what: "lambda expression"}}
	outer := *b
	inner := &outer // the body's own state, with diagnostics of its own
	inner.fn, inner.diags, inner.jumps, inner.overflow, inner.access = body.fn, nil, nil, l.overflow, nil
	inner.scope = &scope{parent: l.scope, fn: body.fn}
	body.fn.body = inner.scope
	for i, t := range params {
		if l.syntax.AnyParams {
			body.fn.params = append(body.fn.params, body.fn.newVariable("", t, parameter, l.syntax.Span()))
			continue
		}
		p := l.syntax.Params[i]
		kind := parameter
		if ranges := b.query[l.syntax]; ranges != nil {
			body.fn.params = append(body.fn.params, inner.rangeParameter(ranges[i], t))
			continue
		}
		if p.Mode != syntax.ByValue {
			kind = refParameter
		}
		body.fn.params = append(body.fn.params, inner.declare(p.Name, t, kind, p.Span))
	}
	if l.syntax.Expr != nil {
		body.expr = inner.value(l.syntax.Expr)
		body.result = body.expr.typ()
		if body.result != nil && body.result.kind == Null {
			body.result = nil
		}
	} else {
		body.block = inner.block(l.syntax.Block)
		body.completes = completes(body.block)
		body.result = returnedType(body.fn.returns)
	}
	if body.result == basic.bad {
		body.result = nil
	}
	body.diags = inner.diags
	b.work, b.written = inner.work, inner.written
	return body
}

// returnedType is the type that a block returns by itself.
func returnedType(returns []*boundReturn) *Type {
	var values []bound
	for _, r := range returns {
		if r.x != nil {
			values = append(values, r.x)
		}
	}
	if len(values) == 0 {
		return basic.void
	}
	return bestCommonType(values)
}

// inferredResult is what the lambda returns for a delegate's parameters; nil if
// it has no type or the body is wrong.
func (b *binder) inferredResult(l *unboundLambda, invoke method) *Type {
	body := b.lambdaBody(l, invoke)
	if body == nil || len(body.diags) > 0 {
		return nil
	}
	return body.result
}

// lambdaFits reports whether the lambda converts to the type.
func (b *binder) lambdaFits(l *unboundLambda, to *Type) bool {
	invoke, ok := delegateInvoke(to)
	if !ok {
		return false
	}
	body := b.lambdaBody(l, invoke)
	if body == nil || len(body.diags) > 0 {
		return false
	}
	result := invoke.result()
	switch {
	case body.expr != nil && result == basic.void:
		return isStatement(body.expr)
	case body.expr != nil:
		return b.implicit(body.expr, result).exists()
	case result == basic.void:
		return !slices.ContainsFunc(body.fn.returns, func(r *boundReturn) bool { return r.x != nil })
	case body.completes:
		return false
	}
	return !slices.ContainsFunc(body.fn.returns, func(r *boundReturn) bool { return r.x == nil || !b.implicit(r.x, result).exists() })
}

// isStatement reports whether an expression can be a statement.
func isStatement(x bound) bool {
	switch x := x.(type) {
	case *boundCall:
		return x.method.Kind == Method || x.method.Kind == Constructor
	case *boundInvoke, *boundLocalCall, *boundAssign, *boundCompound, *boundDeconstruct, *boundInit, *boundThrow, *boundBad, *boundNewParam:
		return true
	case *boundAccess:
		return isStatement(x.access)
	case *boundDefault: // new T() of a struct
		_, isNew := x.src.(*syntax.New)
		return isNew
	case *boundConvert:
		return x.src == nil && isStatement(x.x)
	}
	return false
}

// finishLambda is the lambda as a delegate that it fits.
func (b *binder) finishLambda(l *unboundLambda, to *Type) bound {
	invoke, _ := delegateInvoke(to)
	body := b.lambdaBody(l, invoke)
	result := invoke.result()
	x := &boundLambda{node: node{to, l.src}, body: body, results: make(map[*boundReturn]bound)}
	if body.expr != nil {
		x.expr = body.expr
		if result != basic.void {
			x.expr = b.convert(body.expr, result, l.syntax.Expr)
		}
		return x
	}
	for _, r := range body.fn.returns {
		if r.x != nil {
			x.results[r] = b.convert(r.x, result, r.src)
		}
	}
	return x
}

// lambdaMismatch tells why the lambda does not convert to the type.
func (b *binder) lambdaMismatch(l *unboundLambda, to *Type, at syntax.Node) bound {
	invoke, ok := delegateInvoke(to)
	if !ok {
		return b.fail(at, "CS1660", "Cannot convert lambda expression to type '%s' because it is not a delegate type", to.display())
	}
	body := b.lambdaBody(l, invoke)
	switch {
	case body == nil && !l.syntax.AnyParams && len(invoke.Params) != len(l.syntax.Params):
		return b.fail(at, "CS1593", "Delegate '%s' does not take %d arguments", to.display(), len(l.syntax.Params))
	case body == nil:
		return b.fail(at, "CS1661", "Cannot convert lambda expression to type '%s' because the parameter types do not match the delegate's", to.display())
	case len(body.diags) > 0:
		b.diags = append(b.diags, body.diags...)
		return bad(at)
	}
	result := invoke.result()
	if result == basic.void {
		if body.expr != nil {
			return b.fail(l.syntax.Expr, "CS0201", "Only assignment, call, increment, decrement, and new object expressions can be used as a statement, and '%s' returns nothing", to.display())
		}
		return b.fail(at, "CS8030", "A lambda converted to '%s', which returns nothing, cannot return a value", to.display())
	}
	if body.expr != nil {
		return b.cannotConvert(body.expr, result, l.syntax.Expr)
	}
	for _, r := range body.fn.returns {
		if r.x == nil {
			return b.fail(r.src, "CS0126", "An object of a type convertible to '%s' is required", result.display())
		}
		if !b.implicit(r.x, result).exists() {
			return b.cannotConvert(r.x, result, r.src)
		}
	}
	return b.fail(at, "CS1643", "Not all code paths return a value in lambda expression of type '%s'", to.display())
}

// groupTarget chooses the method of a group for arguments of a delegate's
// parameter types; nil if none fits.
func (b *binder) groupTarget(g *boundGroup, params []*Type, invoke method) *application {
	a, _, _ := b.choose(g, placeholders(params, invoke))
	return a
}

// placeholders are arguments of a delegate's parameters.
func placeholders(params []*Type, invoke method) []argument {
	args := make([]argument, len(params))
	for i, t := range params {
		args[i] = argument{x: &boundPlaceholder{node{t, nil}}}
		switch p := invoke.Params[i]; {
		case p.Out:
			args[i].mode = syntax.ByOut
		case p.ByRef:
			args[i].mode = syntax.ByRef
		}
	}
	return args
}

func invokeParams(invoke method) []*Type {
	params := make([]*Type, len(invoke.Params))
	for i := range params {
		params[i] = invoke.paramType(i)
	}
	return params
}

// groupFits reports whether a method of the group can be the delegate.
func (b *binder) groupFits(g *boundGroup, to *Type) bool {
	invoke, ok := delegateInvoke(to)
	if !ok {
		return false
	}
	a := b.groupTarget(g, invokeParams(invoke), invoke)
	if a == nil || a.expanded || a.defaults {
		return false
	}
	result, wanted := a.m.result().substitute(a.subst), invoke.result()
	if wanted == basic.void || result == basic.void {
		return wanted == result
	}
	return identical(result, wanted) || result.isReference() && inherits(result, wanted)
}

// delegateOf is a method group as a delegate that it fits: its method called with
// the delegate's parameters.
func (b *binder) delegateOf(g *boundGroup, to *Type) bound {
	invoke, _ := delegateInvoke(to)
	a, args, _ := b.choose(g, placeholders(invokeParams(invoke), invoke))
	x := &boundDelegate{node: node{to, g.src}}
	for _, arg := range args[len(args)-len(invoke.Params):] {
		x.params = append(x.params, arg.x.(*boundPlaceholder))
	}
	if g.recv != nil {
		// The receiver is evaluated once, when the delegate is made.
		x.recv, x.self = g.recv, &boundPlaceholder{node{g.recv.typ(), nil}}
		bound := *g
		bound.recv = x.self
		g = &bound
		if a.m.Extension {
			args[0].x = x.self
		}
	}
	x.call = b.callOf(a, g, args, nil)
	return x
}

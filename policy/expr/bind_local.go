package expr

import (
	"fmt"
	"slices"
	"strings"

	"github.com/apimulator/apimulator/policy/expr/syntax"
)

// declareFunction makes a local function known in its block, before the block's
// statements are bound.
func (b *binder) declareFunction(e *syntax.LocalFunc) *localFunction {
	f := &localFunction{syntax: e, scope: &scope{parent: b.scope, fn: b.fn}}
	f.v = b.declare(e.Name, nil, functionVariable, e.Span())
	f.v.local = f
	f.fn = &function{parent: b.fn, typed: b.fn.typed || len(e.TypeParams) > 0, what: "'" + e.Name + "'", body: f.scope}
	f.scope.fn = f.fn
	m := &Member{Name: e.Name, Signature: e.Name, Kind: Method, Static: true}
	f.member = m

	outer := b.scope
	b.scope = f.scope
	defer func() { b.scope = outer }()
	f.typeParams(b)
	m.Result = b.resultType(e.Result)
	for i, p := range e.Params {
		if i < len(e.Params)-1 && p.Params {
			b.report(p.Span, "CS0231", "A params parameter must be the last parameter in a formal parameter list")
		}
		m.Params = append(m.Params, b.localParam(p))
	}
	f.fn.result = m.Result
	if yields(e.Block) {
		f.fn.yields = b.yieldType(m.Result, e)
	}
	return f
}

// typeParams declares the function's type parameters. They are named by where
// they stand, and by what their constraints say: two of the same name and bounds
// are the same type, which does no harm.
func (f *localFunction) typeParams(b *binder) {
	e := f.syntax
	if len(e.TypeParams) == 0 {
		return
	}
	var where strings.Builder
	for _, c := range e.Constraints {
		fmt.Fprintf(&where, " %s", b.source[c.Span.Start:c.Span.End])
	}
	owner := fmt.Sprintf("%s@%d%s", e.Name, e.Span().Start, where.String())
	f.scope.types = make(map[string]*Type)
	for _, name := range e.TypeParams {
		t := newTypeParam(owner, name)
		if f.scope.types[name] != nil {
			b.report(e.Span(), "CS0692", "Duplicate type parameter: '%s'", name)
		}
		f.scope.types[name] = t
		f.member.TypeParams = append(f.member.TypeParams, t)
	}
	for _, c := range e.Constraints {
		t := f.scope.types[c.Param]
		if t == nil {
			b.report(c.Span, "CS0699", "'%s' does not define type parameter '%s'", e.Name, c.Param)
			continue
		}
		bounds, _ := b.typeRefs(c.Bounds)
		t.limits.Store(&constraints{class: c.Class, value: c.Struct, new: c.New, bounds: bounds})
	}
}

func (b *binder) localParam(p syntax.Param) Param {
	param := Param{Name: p.Name, Type: b.typeRef(p.Type), ByRef: p.Mode == syntax.ByRef || p.Mode == syntax.ByOut, Out: p.Mode == syntax.ByOut, Params: p.Params}
	if p.Params && (param.Type.kind != Array || param.Type.rank != 1) {
		b.report(p.Span, "CS0225", "The params parameter must be a single dimensional array")
		param.Params = false
	}
	if p.Default == nil {
		return param
	}
	param.Optional = true
	x := b.converted(p.Default, param.Type)
	switch x := x.(type) {
	case *boundConst:
		param.Default = x.value
	case *boundDefault, *boundBad:
	case *boundConvert:
		if k, ok := x.x.(*boundConst); ok && x.conv.kind == nullableConversion {
			param.Default, _ = convertDefault(k, param.Type)
			return param
		} else if ok && k.value == nil {
			return param
		}
		b.report(p.Span, "CS1736", "Default parameter value for '%s' must be a compile-time constant", p.Name)
	default:
		b.report(p.Span, "CS1736", "Default parameter value for '%s' must be a compile-time constant", p.Name)
	}
	return param
}

// convertDefault is a constant as the value of a nullable parameter.
func convertDefault(k *boundConst, to *Type) (any, error) {
	if to.elem.kind == Enum || to.elem.numeric() != notNumeric {
		return convertNumber(k.value, to.elem, true)
	}
	return k.value, nil
}

// localFunc binds the body of a local function, where it stands.
func (b *binder) localFunc(e *syntax.LocalFunc) boundStmt {
	v, _ := b.scope.lookup(e.Name)
	if v == nil || v.local == nil || v.local.syntax != e {
		return &boundEmpty{stmtNode{e}} // a duplicate, which has been told of
	}
	f := v.local
	saved := *b
	b.fn, b.scope, b.jumps, b.access, b.overflow = f.fn, f.scope, nil, nil, overflowDefault
	for i, p := range f.member.Params {
		kind := parameter
		switch {
		case p.Out:
			kind = outParameter
		case p.ByRef:
			kind = refParameter
		}
		v := b.declare(p.Name, p.Type, kind, e.Params[i].Span)
		v.cell = p.ByRef
		f.fn.params = append(f.fn.params, v)
	}
	if e.Expr != nil {
		f.expr = b.value(e.Expr)
		if f.fn.result != basic.void {
			f.expr = b.convert(f.expr, f.fn.result, e.Expr)
		} else if !isStatement(f.expr) {
			b.report(e.Expr.Span(), "CS0201", "Only assignment, call, increment, decrement, and new object expressions can be used as a statement")
		}
	} else {
		f.body = b.block(e.Block)
		if f.fn.yields == nil && f.fn.result != basic.void && f.fn.result != basic.bad && completes(f.body) {
			b.report(e.Span(), "CS0161", "'%s': not all code paths return a value", e.Name)
		}
	}
	b.fn, b.scope, b.jumps, b.access, b.overflow = saved.fn, saved.scope, saved.jumps, saved.access, saved.overflow
	return &boundLocalFunc{stmtNode{e}, f}
}

// yieldType is the element type of an iterator that returns t.
func (b *binder) yieldType(t *Type, e *syntax.LocalFunc) *Type {
	if t.def != nil {
		switch t.def.Name {
		case "System.Collections.Generic.IEnumerable", "System.Collections.Generic.IEnumerator":
			return t.args[0]
		case "System.Collections.IEnumerable", "System.Collections.IEnumerator":
			return basic.object
		}
	}
	b.report(e.Span(), "CS1624", "The body of '%s' cannot be an iterator block because '%s' is not an iterator interface type", e.Name, t.display())
	return basic.bad
}

// yields reports whether a block yields, local functions and lambdas in it aside.
func yields(s syntax.Stmt) bool {
	some := func(list []syntax.Stmt) bool { return slices.ContainsFunc(list, yields) }
	switch s := s.(type) {
	case *syntax.Yield:
		return true
	case *syntax.Block:
		return s != nil && some(s.Stmts)
	case *syntax.If:
		return yields(s.Then) || yields(s.Else)
	case *syntax.For:
		return yields(s.Body)
	case *syntax.Foreach:
		return yields(s.Body)
	case *syntax.While:
		return yields(s.Body)
	case *syntax.Do:
		return yields(s.Body)
	case *syntax.Switch:
		return slices.ContainsFunc(s.Sections, func(section syntax.SwitchSection) bool { return some(section.Stmts) })
	case *syntax.Labeled:
		return yields(s.Stmt)
	case *syntax.Try:
		return yields(s.Block) || s.Finally != nil && yields(s.Finally) || slices.ContainsFunc(s.Catches, func(c syntax.Catch) bool { return yields(c.Block) })
	case *syntax.Using:
		return yields(s.Body)
	case *syntax.CheckedBlock:
		return yields(s.Block)
	case *syntax.Lock:
		return yields(s.Body)
	}
	return false
}

package expr

import (
	"cmp"
	"slices"

	"github.com/apimulator/apimulator/policy/expr/syntax"
)

// Options say what an expression is compiled for.
type Options struct {
	// AnyType lets it use every type and member of the table, not only those that
	// API Management allows.
	AnyType bool
	// Result is the type that its value is converted to; nil is object.
	Result *Type
	// Holes are names that stand for values nobody knows yet, of any type. What
	// has holes can be looked at ([Expression.Uses]), but not evaluated.
	Holes []string
}

// Diagnostic is a mistake in an expression.
type Diagnostic struct {
	Span syntax.Span
	// Code is the C# compiler's, such as CS0103; "" where C# itself has nothing
	// against the text.
	Code    string
	Message string
}

func (d Diagnostic) String() string {
	if d.Code == "" {
		return d.Message
	}
	return d.Code + ": " + d.Message
}

// Observer sees an observed expression at work.
type Observer interface {
	// Value tells that the node of that id (syntax.Node.ID) was evaluated: t is its
	// static type, which is nil of what has none, and err why there is no value.
	Value(node int, t *Type, v any, err error)
}

// Expression is a compiled policy expression. It may be evaluated any number of
// times, at the same time too.
type Expression struct {
	tree *syntax.Tree
	run  *functionValue
	typ  *Type
	// What Observed compiles again.
	fn    *function
	expr  bound
	block *boundBlock
	made  map[syntax.Node]bool
}

// Compile checks and compiles an expression, with its @( ) or @{ }. It gives the
// expression or, in the order of the source, what is wrong with it.
func Compile(source string, o Options) (*Expression, []Diagnostic) {
	tree, mistakes := syntax.Parse(source)
	if len(mistakes) > 0 {
		diags := make([]Diagnostic, len(mistakes))
		for i, m := range mistakes {
			diags[i] = Diagnostic{m.Span, m.Code, m.Message}
		}
		return nil, diags
	}
	e := &Expression{tree: tree, made: make(map[syntax.Node]bool)}
	diags := e.bind(source, o)
	if len(diags) > 0 {
		slices.SortStableFunc(diags, func(a, b Diagnostic) int { return cmp.Compare(a.Span.Start, b.Span.Start) })
		return nil, diags
	}
	if len(o.Holes) > 0 {
		return e, nil
	}
	e.run = e.compile(false)
	return e, nil
}

// bind makes the bound nodes and checks them.
func (e *Expression) bind(source string, o Options) (diags []Diagnostic) {
	library := table()
	b := &binder{library: library, source: source, made: e.made, holes: o.Holes, query: make(map[*syntax.Lambda][]rangeVariables)}
	defer func() {
		switch stop := recover().(type) {
		case nil:
		case tooComplex:
			diags = []Diagnostic{{Span: stop.at, Message: "this expression takes too long to check: write it simpler, with the types of lambda parameters"}}
		default:
			panic(stop)
		}
	}()
	e.fn = &function{what: "the expression", result: o.Result}
	if e.fn.result == nil {
		e.fn.result = basic.object
	}
	b.fn = e.fn
	b.scope = &scope{fn: e.fn}
	e.fn.body = b.scope
	if e.tree.Expr != nil {
		x := b.value(e.tree.Expr)
		e.typ = x.typ()
		e.expr = b.convert(x, e.fn.result, e.tree.Expr)
	} else {
		e.block = b.block(e.tree.Block)
		e.typ = e.returnType()
		if completes(e.block) {
			b.report(syntax.Span{Start: len(source) - 1, End: len(source)}, "CS0161", "not all code paths return a value: the block can end without a return")
		}
	}
	if e.typ == nil {
		e.typ = e.fn.result
	}
	if len(b.diags) == 0 {
		f := &flow{b: b, fn: e.fn, index: make(map[*variable]int), labels: make(map[*label]*assigned), cases: make(map[*boundSwitch]*assigned), funcs: make(map[*variable]*functionFlow)}
		if e.expr != nil {
			f.expr(e.expr)
		} else {
			f.stmt(e.block)
		}
	}
	if len(b.diags) == 0 && !o.AnyType {
		e.checkAllowed(b)
	}
	return b.diags
}

// returnType is the type that all returns of the block have; nil if they differ.
func (e *Expression) returnType() *Type {
	var t *Type
	for _, r := range e.fn.returns {
		if r.natural == nil || r.natural.typ() == nil {
			continue
		}
		switch natural := r.natural.typ(); {
		case natural.kind == Null:
		case t == nil:
			t = natural
		case t != natural:
			return nil
		}
	}
	return t
}

func (e *Expression) compile(observed bool) *functionValue {
	c := &compiler{fn: e.fn, observed: observed, made: e.made, places: make(map[*boundPlaceholder]eval)}
	if e.expr != nil {
		return &functionValue{code: c.code(e.fn, e.expr, nil)}
	}
	return &functionValue{code: c.code(e.fn, nil, e.block)}
}

// Observed is the same expression, but each part of it tells m.Observer the value
// that it computes.
func (e *Expression) Observed() *Expression {
	observed := *e
	observed.run = e.compile(true)
	return &observed
}

// Type is the static type of the result, before it is converted to the one that
// was asked for.
func (e *Expression) Type() *Type { return e.typ }

// Tree is the syntax tree, whose nodes an Observer is told of by their ids.
func (e *Expression) Tree() *syntax.Tree { return e.tree }

// Eval evaluates the expression. The error is a *dotnet.Exception that the
// expression threw, a *BoundError, or, if the evaluation takes long enough to
// notice, the cause why m.Context ended.
func (e *Expression) Eval(m *Machine) (any, error) {
	var result any
	var err error
	if code := e.run.code; code.expr != nil && code.fn.slots == 0 && code.enter == nil {
		m.plain.m = m // without variables it needs no frame of its own
		result, err = code.expr(&m.plain)
	} else {
		result, err = e.run.call(m, nil)
	}
	if len(m.running) > 0 {
		m.stopIterators()
	}
	if err != nil {
		return nil, err
	}
	return result, nil
}

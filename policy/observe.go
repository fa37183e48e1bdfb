package policy

import (
	"slices"
	"strings"
	"sync"

	"github.com/apimulator/apimulator/policy/exchange"
	"github.com/apimulator/apimulator/policy/expr"
	"github.com/apimulator/apimulator/policy/expr/syntax"
)

// What is told of one evaluation at most.
const (
	mostParts = 64
	mostText  = 4096 // bytes of a value's text
)

// code is an expression in its place in a document. The one that tells an observer what
// its parts give is made when somebody listens for the first time.
type code struct {
	plain *expr.Expression
	value *Value

	once     sync.Once
	observed *expr.Expression
	told     map[int]syntax.Span // the parts that are told, by the ids of their nodes
}

// code is the expression that Check made of v.
func (v *Value) code() *code { return &code{plain: v.compiled, value: v} }

// evaluate gives the value of an expression. An exception it throws is a failure
// of the statement (errors.yaml, ExpressionValueEvaluationFailure).
func (r *Run) evaluate(c *code) (any, error) {
	m := r.Machine()
	m.Reset()
	var value any
	var err error
	if r.Observer == nil {
		value, err = c.plain.Eval(m)
	} else {
		value, err = r.observe(c, m)
	}
	if err != nil {
		return nil, evaluationFailure(r, err)
	}
	return value, nil
}

// observe evaluates an expression and tells the observer what it and its parts gave.
func (r *Run) observe(c *code, m *expr.Machine) (any, error) {
	c.once.Do(c.prepare)
	w := &witness{code: c, machine: m}
	m.Observer = w
	value, err := c.observed.Eval(m)
	m.Observer = nil
	e := &exchange.Evaluation{Document: c.value.doc.Name, Source: c.value.Written()}
	e.Line, e.Col = c.value.Position(0)
	e.EndLine, e.EndCol = c.value.End()
	e.Type, e.Value, e.Fault = w.show(c.plain.Type(), value, err)
	e.Parts = w.parts
	r.Observer.Evaluated(r.Exchange, e)
	return value, err
}

// prepare finds the parts to tell: what decides, and what is read of the context.
func (c *code) prepare() {
	c.observed = c.plain.Observed()
	c.told = make(map[int]syntax.Span)
	tree := c.plain.Tree()
	var root syntax.Node = tree.Block
	if tree.Expr != nil {
		root = tree.Expr
	}
	syntax.Walk(root, func(n syntax.Node) bool {
		x, ok := n.(syntax.Expr)
		if !ok {
			return n != nil
		}
		reads := readsContext(x)
		if x != tree.Expr && (reads || decides(x)) {
			c.told[x.ID()] = x.Span()
		}
		return !reads // what such a chain is made of is told with it
	})
}

// decides reports whether x is a truth value that is made of others.
func decides(x syntax.Expr) bool {
	switch x := x.(type) {
	case *syntax.Binary:
		return slices.Contains([]string{"==", "!=", "<", ">", "<=", ">=", "&&", "||"}, x.Op)
	case *syntax.Is:
		return true
	case *syntax.Unary:
		return x.Op == "!"
	}
	return false
}

// readsContext reports whether x is a chain of members, calls and indexes that begins with
// context: context.Request.Headers["X"].
func readsContext(x syntax.Expr) bool {
	first := x
	for next := target(first); next != nil; next = target(first) {
		first = next
	}
	name, ok := first.(*syntax.Name)
	return ok && name.Ident == "context" && first != x
}

// target is what a member, call or index is of; nil of anything else.
func target(x syntax.Expr) syntax.Expr {
	switch x := x.(type) {
	case *syntax.Member:
		return x.Target
	case *syntax.Call:
		return x.Target
	case *syntax.Index:
		return x.Target
	case *syntax.ConditionalAccess:
		return x.Target
	}
	return nil
}

// witness writes down what the parts of one evaluation give.
type witness struct {
	code    *code
	machine *expr.Machine
	parts   []exchange.EvaluatedPart
	busy    bool // showing a value evaluates, too
}

// Value is part of expr.Observer.
func (w *witness) Value(node int, t *expr.Type, v any, err error) {
	span, ok := w.code.told[node]
	if !ok || w.busy || len(w.parts) >= mostParts {
		return
	}
	value := w.code.value
	p := exchange.EvaluatedPart{Source: value.writtenPart(span.Start, span.End)}
	p.Line, p.Col = value.Position(span.Start)
	p.EndLine, p.EndCol = value.doc.lineCol(value.offset(span.End-1) + 1)
	p.Type, p.Value, p.Fault = w.show(t, v, err)
	w.parts = append(w.parts, p)
}

// show is a value as a person reads it: its type in C#, and its text.
func (w *witness) show(t *expr.Type, v any, err error) (typ, text, fault string) {
	w.busy = true
	defer func() { w.busy = false }()
	if t != nil {
		typ = t.CSharp()
	}
	switch {
	case err != nil:
		return typ, "", clipped(err.Error())
	case v == nil:
		return "", "null", ""
	}
	typ = expr.DynamicType(v).CSharp()
	text, err = w.machine.Text(v)
	if err != nil {
		return typ, "", clipped(err.Error())
	}
	return typ, clipped(text), ""
}

// Shown is a value of the expression language as a person reads it, cut if it is long.
func Shown(value any) string {
	if value == nil {
		return "null"
	}
	text, err := new(expr.Machine).Text(value)
	if err != nil {
		return "(" + expr.DynamicType(value).CSharp() + ")"
	}
	return clipped(text)
}

// writtenPart is the part of v.Text between two offsets as its author wrote it.
func (v *Value) writtenPart(from, to int) string {
	var part builder
	part.addPart(v, from, to)
	return part.finish(&Value{}).Written()
}

// clipped cuts a text that is too long, between characters.
func clipped(text string) string {
	if len(text) <= mostText {
		return text
	}
	return strings.ToValidUTF8(text[:mostText], "") + "…"
}

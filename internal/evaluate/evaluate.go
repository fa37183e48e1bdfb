package evaluate

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/apimulator/apimulator/policy"
	"github.com/apimulator/apimulator/policy/exchange"
	"github.com/apimulator/apimulator/policy/expr"
	"github.com/apimulator/apimulator/policy/expr/syntax"
)

// DefaultBound is how long one expression may take by the clock on the wall. The
// bounds of package expr end nearly all of them long before.
const DefaultBound = 10 * time.Second

// grace is how long an evaluation that has been told to end may take for it.
const grace = time.Second

// Options say how an expression is evaluated. The zero value is ready to use.
type Options struct {
	// AnyType lets it use what API Management does not allow.
	AnyType bool
	// KeepBodies lets it read a body again that it did not preserve.
	KeepBodies bool
	// Place asks where an exception comes from (Answer.ThrownAt): an expression that
	// throws one is evaluated twice.
	Place bool
	// Bound is how long it may take; 0 is [DefaultBound].
	Bound time.Duration
}

// Exchanger makes the exchange that an expression is evaluated against, a fresh
// one each time.
type Exchanger interface {
	Exchange() (*exchange.Exchange, error)
}

// Evaluate evaluates an expression, with its @( ) or @{ }. It answers whatever
// comes: an expression that goes beyond its bounds, or that this program fails
// at, is told in Answer.Error.
func Evaluate(ctx context.Context, source string, e Exchanger, o Options) *Answer {
	a, _ := evaluate(ctx, source, e, o)
	return a
}

// evaluate also gives the value.
func evaluate(ctx context.Context, source string, e Exchanger, o Options) (*Answer, any) {
	type outcome struct {
		answer *Answer
		value  any
	}
	bound := o.Bound
	if bound == 0 {
		bound = DefaultBound
	}
	ctx, cancel := exchange.WithTimeout(ctx, exchange.System, bound)
	defer cancel()
	late := make(chan struct{})
	defer exchange.System.AfterFunc(bound+grace, func() { close(late) })()
	done := make(chan outcome, 1)
	// It runs beside: what neither ends nor looks at ctx is left behind.
	go func() {
		a := &Answer{}
		var value any
		defer func() {
			if v := recover(); v != nil {
				a, value = &Answer{Error: fmt.Sprintf("internal error: %v", v), Fault: true}, nil
			}
			done <- outcome{a, value}
		}()
		value = a.run(ctx, source, e, o)
	}()
	select {
	case out := <-done:
		if errors.Is(context.Cause(ctx), context.DeadlineExceeded) && out.answer.Error != "" && !out.answer.Fault {
			out.answer.Error = tooLong(bound)
		}
		return out.answer, out.value
	case <-late:
		return &Answer{Error: tooLong(bound)}, nil
	}
}

func tooLong(bound time.Duration) string {
	return (&expr.BoundError{What: "it took more than " + bound.String()}).Error()
}

// run does the work of evaluate.
func (a *Answer) run(ctx context.Context, source string, e Exchanger, o Options) any {
	compiled, diags := expr.Compile(source, expr.Options{AnyType: o.AnyType})
	if len(diags) > 0 {
		if name, open := openValue(source, o); open {
			a.Error = "it can't be evaluated: nobody says what the named value {{" + name + "}} is"
			return nil
		}
		a.refuse(diags)
		return nil
	}
	m, err := machine(ctx, e, o)
	var value any
	if err == nil {
		err = context.Cause(ctx)
	}
	if err == nil {
		value, err = compiled.Eval(m)
	}
	if err == nil {
		err = a.describe(m, value)
	}
	if err != nil {
		a.fail(err)
		if a.Thrown != nil && o.Place {
			a.ThrownAt = a.place(ctx, compiled, e, o)
		}
		return nil
	}
	return value
}

// openValue reports whether named values that are not put in are all that keeps an
// expression from compiling, as where it was taken from a document: they may stand
// for anything. The name is the first one's.
func openValue(source string, o Options) (name string, open bool) {
	places := policy.NamedValue().FindAllStringSubmatchIndex(source, -1)
	if places == nil {
		return "", false
	}
	text, holes := []byte(source), make([]string, len(places))
	for i, p := range places {
		holes[i] = strings.Repeat("_", p[1]-p[0])
		copy(text[p[0]:], holes[i])
	}
	_, diags := expr.Compile(string(text), expr.Options{AnyType: o.AnyType, Holes: holes})
	return source[places[0][2]:places[0][3]], len(diags) == 0
}

func machine(ctx context.Context, e Exchanger, o Options) (*expr.Machine, error) {
	x, err := e.Exchange()
	if err != nil {
		return nil, err
	}
	x.Context = ctx
	return &expr.Machine{Context: ctx, Clock: x.Clock, Exchange: x, Root: expr.NewContext(x), KeepBodies: o.KeepBodies}, nil
}

// place is the piece of the expression that threw a.Thrown. For that it is
// evaluated once more, observed.
func (a *Answer) place(ctx context.Context, compiled *expr.Expression, e Exchanger, o Options) *syntax.Span {
	m, err := machine(ctx, e, o)
	if err != nil {
		return nil
	}
	w := &witness{}
	m.Observer = w
	_, err = compiled.Observed().Eval(m)
	if again, ok := expr.Thrown(err); !ok || w.err != err || again.Type != a.Thrown.Type || again.Message != a.Thrown.Message {
		return nil
	}
	return spanOf(compiled.Tree(), w.node)
}

// spanOf is the place of the node of that id, nil if there is none.
func spanOf(tree *syntax.Tree, id int) *syntax.Span {
	var root syntax.Node = tree.Block
	if tree.Expr != nil {
		root = tree.Expr
	}
	var at *syntax.Span
	syntax.Walk(root, func(n syntax.Node) bool {
		if n != nil && n.ID() == id && at == nil {
			span := n.Span()
			at = &span
		}
		return n != nil && at == nil
	})
	return at
}

// witness remembers the innermost node at which the last error arose.
type witness struct {
	err  error
	node int
}

// Value is part of expr.Observer.
func (w *witness) Value(node int, _ *expr.Type, _ any, err error) {
	if err != nil && err != w.err {
		w.err, w.node = err, node
	}
}

// StaticType is the type of an expression by its text, in Answer.Type; or what is
// wrong with it.
func StaticType(source string, o Options) *Answer {
	a := &Answer{}
	compiled, diags := expr.Compile(source, expr.Options{AnyType: o.AnyType})
	if len(diags) > 0 {
		a.refuse(diags)
		return a
	}
	a.Type = compiled.Type().String()
	return a
}

// Describe is the answer of an expression that gives value.
func Describe(value any) *Answer {
	a := &Answer{}
	if err := a.describe(&expr.Machine{Clock: exchange.System}, value); err != nil {
		a.fail(err)
	}
	return a
}

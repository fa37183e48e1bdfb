package expr_test

import (
	"context"
	"fmt"

	"github.com/apimulator/apimulator/policy/exchange"
	"github.com/apimulator/apimulator/policy/expr"
)

// An expression is compiled once and evaluated for each exchange.
func Example() {
	e, mistakes := expr.Compile(`@(context.Request.Headers.GetValueOrDefault("X-Name", "nobody").ToUpper())`, expr.Options{})
	if mistakes != nil {
		fmt.Println(mistakes)
		return
	}
	x := &exchange.Exchange{Context: context.Background(), Clock: exchange.System}
	x.Request.Header.Set("X-Name", "alice")
	value, err := e.Eval(&expr.Machine{Context: x.Context, Clock: x.Clock, Exchange: x, Root: expr.NewContext(x)})
	fmt.Println(e.Type(), value, err)
	// Output: System.String ALICE <nil>
}

// What is wrong is told before anything runs, with C#'s error code.
func ExampleCompile() {
	_, mistakes := expr.Compile(`@(context.Request.Header["x"].Length + 1)`, expr.Options{})
	for _, m := range mistakes {
		fmt.Printf("%d: %s\n", m.Span.Start, m)
	}
	// Output:
	// 18: CS1061: 'IRequest' does not contain a definition for 'Header' and no accessible extension method 'Header' accepting a first argument of type 'IRequest' could be found: did you mean 'Headers'?
}

// steps tells each value that an expression computes.
type steps struct{}

func (steps) Value(node int, t *expr.Type, v any, err error) {
	if t.String() == "System.Boolean" || t.String() == "System.String" {
		fmt.Println(t, v)
	}
}

// An observed expression reports each part of it.
func ExampleExpression_Observed() {
	e, _ := expr.Compile(`@(context.Request.Method == "GET" || context.Request.Method == "HEAD")`, expr.Options{})
	x := &exchange.Exchange{Context: context.Background(), Clock: exchange.System}
	x.Request.Method = "GET"
	if _, err := e.Observed().Eval(&expr.Machine{Context: x.Context, Exchange: x, Root: expr.NewContext(x), Observer: steps{}}); err != nil {
		fmt.Println(err)
	}
	// Output:
	// System.String GET
	// System.String GET
	// System.Boolean true
	// System.Boolean true
}

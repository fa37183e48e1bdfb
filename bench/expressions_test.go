package bench

import (
	"context"
	"strings"
	"testing"

	"cel.dev/cel-go/cel"
	"github.com/expr-lang/expr"

	"github.com/apimulator/apimulator/policy/exchange"
	policyexpr "github.com/apimulator/apimulator/policy/expr"
)

// The expression of the common shape, in each language, over the same request.

var headers = []string{
	"Host", "User-Agent", "Accept", "Accept-Language", "Accept-Encoding", "Content-Type", "Content-Length", "Origin",
	"Authorization", "Ocp-Apim-Subscription-Key", "traceparent",
}

func newExchange() *exchange.Exchange {
	x := &exchange.Exchange{Context: context.Background(), Clock: exchange.System}
	for _, name := range headers {
		x.Request.Header.Set(name, "some value")
	}
	x.Request.Header.Set("x", "abcdef")
	for _, name := range []string{"requestId", "clientId", "model"} {
		x.Variables.Set(name, "some value")
	}
	x.Variables.Set("n", int32(5))
	return x
}

func BenchmarkHeaderComparison(b *testing.B) {
	b.Run("apimulator", func(b *testing.B) {
		e, mistakes := policyexpr.Compile(`@(context.Request.Headers.GetValueOrDefault("x","").StartsWith("abc") && (int)context.Variables["n"] > 3)`, policyexpr.Options{})
		if mistakes != nil {
			b.Fatal(mistakes)
		}
		x := newExchange()
		m := &policyexpr.Machine{Context: x.Context, Clock: x.Clock, Exchange: x, Root: policyexpr.NewContext(x)}
		b.ReportAllocs()
		for b.Loop() {
			m.Reset()
			if v, err := e.Eval(m); err != nil || v != true {
				b.Fatal(v, err)
			}
		}
	})
	b.Run("Go", func(b *testing.B) {
		x := newExchange()
		b.ReportAllocs()
		for b.Loop() {
			header, _ := x.Request.Header.Joined("x", ",")
			v, _ := x.Variables.Get("n")
			if n, ok := v.(int32); !strings.HasPrefix(header, "abc") || !ok || n <= 3 {
				b.Fatal("no")
			}
		}
	})
	b.Run("expr-lang", func(b *testing.B) {
		x := newExchange()
		env := map[string]any{
			"header": func(name, otherwise string) string {
				if v, ok := x.Request.Header.Joined(name, ","); ok {
					return v
				}
				return otherwise
			},
			"variable": func(name string) int {
				v, _ := x.Variables.Get(name)
				return int(v.(int32))
			},
		}
		program, err := expr.Compile(`header("x", "") startsWith "abc" && variable("n") > 3`, expr.Env(env), expr.AsBool())
		if err != nil {
			b.Fatal(err)
		}
		b.ReportAllocs()
		for b.Loop() {
			if v, err := expr.Run(program, env); err != nil || v != true {
				b.Fatal(v, err)
			}
		}
	})
	// Maps are what expr-lang is quickest with.
	b.Run("expr-lang maps", func(b *testing.B) {
		env := map[string]any{"headers": map[string]string{"x": "abcdef"}, "variables": map[string]any{"n": 5}}
		program, err := expr.Compile(`headers["x"] startsWith "abc" && variables["n"] > 3`, expr.Env(env), expr.AsBool())
		if err != nil {
			b.Fatal(err)
		}
		b.ReportAllocs()
		for b.Loop() {
			if v, err := expr.Run(program, env); err != nil || v != true {
				b.Fatal(v, err)
			}
		}
	})
	b.Run("cel-go", func(b *testing.B) {
		env, err := cel.NewEnv(cel.Variable("headers", cel.MapType(cel.StringType, cel.StringType)), cel.Variable("variables", cel.MapType(cel.StringType, cel.DynType)))
		if err != nil {
			b.Fatal(err)
		}
		tree, issues := env.Compile(`headers["x"].startsWith("abc") && variables["n"] > 3`)
		if issues.Err() != nil {
			b.Fatal(issues.Err())
		}
		program, err := env.Program(tree, cel.EvalOptions(cel.OptOptimize))
		if err != nil {
			b.Fatal(err)
		}
		input := map[string]any{"headers": map[string]string{"x": "abcdef"}, "variables": map[string]any{"n": int64(5)}}
		b.ReportAllocs()
		for b.Loop() {
			v, _, err := program.Eval(input)
			if err != nil || v.Value() != true {
				b.Fatal(v, err)
			}
		}
	})
}

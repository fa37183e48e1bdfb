package expr

import (
	"context"
	"strings"
	"testing"

	"github.com/apimulator/apimulator/policy/exchange"
)

func benchmarkExchange() *exchange.Exchange {
	x := &exchange.Exchange{Context: context.Background(), Clock: exchange.System}
	// What a browser sends, and what a policy has set before.
	for _, name := range []string{"Host", "User-Agent", "Accept", "Accept-Language", "Accept-Encoding", "Content-Type", "Content-Length", "Origin",
		"Authorization", "Ocp-Apim-Subscription-Key", "traceparent"} {
		x.Request.Header.Set(name, "some value")
	}
	x.Request.Header.Set("x", "abcdef")
	for _, name := range []string{"requestId", "clientId", "model"} {
		x.Variables.Set(name, "some value")
	}
	x.Variables.Set("n", int32(5))
	return x
}

// evaluateOften measures an expression as a gateway evaluates it: the machine is
// used again, the exchange stays.
func evaluateOften(b *testing.B, source string) {
	b.Helper()
	e, diags := Compile(source, Options{AnyType: true})
	if diags != nil {
		b.Fatalf("%s: %v", source, diags)
	}
	x := benchmarkExchange()
	m := &Machine{Context: x.Context, Clock: x.Clock, Exchange: x, Root: NewContext(x)}
	b.ReportAllocs()
	for b.Loop() {
		m.steps, m.allocated = 0, 0
		if _, err := e.Eval(m); err != nil {
			b.Fatalf("%s: %v", source, err)
		}
	}
}

func BenchmarkHeaderComparison(b *testing.B) {
	evaluateOften(b, `@(context.Request.Headers.GetValueOrDefault("x","").StartsWith("abc") && (int)context.Variables["n"] > 3)`)
}

// BenchmarkHeaderComparisonInGo is the same by hand.
func BenchmarkHeaderComparisonInGo(b *testing.B) {
	x := benchmarkExchange()
	b.ReportAllocs()
	for b.Loop() {
		header, _ := x.Request.Header.Joined("x", ",")
		n, _ := x.Variables.Get("n")
		if n, ok := n.(int32); !(strings.HasPrefix(header, "abc") && ok && n > 3) {
			b.Fatal("no")
		}
	}
}

func BenchmarkObjectRead(b *testing.B) {
	evaluateOften(b, `@((string)JObject.Parse("{\"a\":{\"b\":[1,2,{\"c\":\"d\"}]}}")["a"]["b"][2]["c"])`)
}

func BenchmarkStringBuild(b *testing.B) {
	evaluateOften(b, `@("Bearer " + context.Request.Headers.GetValueOrDefault("x","") + ";n=" + context.Variables["n"])`)
}

func BenchmarkLinqChain(b *testing.B) {
	evaluateOften(b, `@(Enumerable.Range(0, 100).Where(i => i % 2 == 0).Select(i => i * 3).OrderByDescending(i => i).Take(5).Sum())`)
}

func BenchmarkLoop(b *testing.B) {
	evaluateOften(b, `@{ var sum = 0; for (int i = 0; i < 1000; i++) { if (i % 3 == 0) { sum += i; } } return sum; }`)
}

func BenchmarkCompile(b *testing.B) {
	source := `@(context.Request.Headers.GetValueOrDefault("x","").StartsWith("abc") && (int)context.Variables["n"] > 3)`
	b.ReportAllocs()
	for b.Loop() {
		if _, diags := Compile(source, Options{AnyType: true}); diags != nil {
			b.Fatal(diags)
		}
	}
}

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

// BenchmarkBlock is a block of fifty lines, as policies have them to pick a
// backend and to tell of it.
func BenchmarkBlock(b *testing.B) {
	evaluateOften(b, `@{
		var header = context.Request.Headers.GetValueOrDefault("x", "");
		var backends = new List<Tuple<string, int, bool>>();
		backends.Add(Tuple.Create("https://one.example", 1, true));
		backends.Add(Tuple.Create("https://two.example", 1, false));
		backends.Add(Tuple.Create("https://three.example", 2, true));
		backends.Add(Tuple.Create("https://four.example", 3, true));
		var priority = int.MaxValue;
		foreach (var backend in backends)
		{
			if (backend.Item3 && backend.Item2 < priority)
			{
				priority = backend.Item2;
			}
		}
		var usable = new List<string>();
		for (int i = 0; i < backends.Count; i++)
		{
			var backend = backends[i];
			if (!backend.Item3)
			{
				continue;
			}
			if (backend.Item2 == priority)
			{
				usable.Add(backend.Item1);
			}
		}
		var n = (int)context.Variables["n"];
		string chosen;
		if (usable.Count == 0)
		{
			chosen = "none";
		}
		else
		{
			chosen = usable[n % usable.Count];
		}
		var tag = "";
		switch (header.Length % 3)
		{
			case 0: tag = "zero"; break;
			case 1: tag = "one"; break;
			default: tag = "more"; break;
		}
		try
		{
			n = int.Parse(header.Substring(0, 1));
		}
		catch (FormatException)
		{
			n = -1;
		}
		var parts = new Dictionary<string, string> { { "chosen", chosen }, { "tag", tag } };
		return string.Join(";", parts.Select(p => p.Key + "=" + p.Value)) + $";n={n:D3}";
	}`)
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

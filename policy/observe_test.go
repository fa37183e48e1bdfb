package policy_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/apimulator/apimulator/policy"
	"github.com/apimulator/apimulator/policy/exchange"
	"github.com/apimulator/apimulator/policy/statements"
)

// told writes down evaluations.
type told struct{ text strings.Builder }

func (o *told) Enter(*exchange.Exchange, *exchange.Site)                          {}
func (o *told) Leave(*exchange.Exchange, *exchange.Site, exchange.Outcome, error) {}
func (o *told) Note(*exchange.Exchange, string, string)                           {}
func (o *told) Judged(*exchange.Exchange, *exchange.Judgement)                    {}
func (o *told) Calls(*exchange.Exchange) *exchange.Calls                          { return nil }

func (o *told) Evaluated(_ *exchange.Exchange, e *exchange.Evaluation) {
	fmt.Fprintf(&o.text, "%s:%d:%d-%d:%d %s: %s %s%s\n", e.Document, e.Line, e.Col, e.EndLine, e.EndCol, e.Source, e.Type, e.Value, e.Fault)
	for _, p := range e.Parts {
		fmt.Fprintf(&o.text, "  %d:%d-%d:%d %s: %s %s%s\n", p.Line, p.Col, p.EndLine, p.EndCol, p.Source, p.Type, p.Value, p.Fault)
	}
}

// An observer is told what an expression and its parts give, in the author's words: a named
// value by its name.
func TestEvaluated(t *testing.T) {
	for _, test := range []struct{ expression, want string }{
		{`@(context.Request.Method)`, "p.xml:1:65-1:90 @(context.Request.Method): string GET\n"},
		{`@(1 + 2)`, "p.xml:1:65-1:73 @(1 + 2): int 3\n"},
		{`@("{{secret}}".Length)`, "p.xml:1:65-1:87 @(\"{{secret}}\".Length): int 11\n"},
		{`@(context.Request.Headers.GetValueOrDefault("X", "no") == "{{secret}}" || context.Request.Method == "GET")`,
			`p.xml:1:65-1:171 @(context.Request.Headers.GetValueOrDefault("X", "no") == "{{secret}}" || context.Request.Method == "GET"): bool True
  1:67-1:119 context.Request.Headers.GetValueOrDefault("X", "no"): string no
  1:67-1:135 context.Request.Headers.GetValueOrDefault("X", "no") == "{{secret}}": bool False
  1:139-1:161 context.Request.Method: string GET
  1:139-1:170 context.Request.Method == "GET": bool True
`},
		{`@((string)context.Variables["no"])`,
			"p.xml:1:65-1:99 @((string)context.Variables[\"no\"]): string The given key 'no' was not present in the dictionary.\n" +
				"  1:75-1:98 context.Variables[\"no\"]: object The given key 'no' was not present in the dictionary.\n"},
	} {
		text := `<policies><inbound><set-variable name="v" value="` + strings.Repeat(" ", 15) + test.expression + `" /></inbound></policies>`
		d, fault := policy.Read("p.xml", []byte(text))
		if fault != nil {
			t.Fatal(fault)
		}
		c, err := policy.Compile(d, exchange.ScopeAPI, policy.Bindings{NamedValue: func(name string) (string, bool) { return "open sesame", true }}, statements.Catalogue())
		if err != nil {
			t.Fatalf("%s: %v", test.expression, err)
		}
		x := newExchange()
		x.Request.Method = "GET"
		o := &told{}
		x.Observer = o
		policy.Link(c).Execute(x, &policy.Env{BodyLimit: 1 << 20})
		if got := o.text.String(); got != test.want {
			t.Errorf("%s\nis told as\n%s\nwant\n%s", test.expression, got, test.want)
		}
	}
}

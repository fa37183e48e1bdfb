package evaluate

import (
	"context"
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/apimulator/apimulator/policy/exchange"
	"github.com/apimulator/apimulator/policy/expr"
)

func TestParseValue(t *testing.T) {
	for text, want := range map[string]string{
		"3":                    "System.Int32 3",
		"-2147483648":          "System.Int32 -2147483648",
		"2147483648":           "System.Int64 2147483648",
		"9223372036854775808":  "System.Double 9.223372036854776E+18",
		"1.50":                 "System.Double 1.5",
		"1e400":                "System.Double Infinity",
		"1e2":                  "System.Double 100",
		"007":                  "System.String 007",
		"true":                 "System.Boolean True",
		"True":                 "System.String True",
		"false":                "System.Boolean False",
		"null":                 "null ",
		"":                     "System.String ",
		"text":                 "System.String text",
		" 3 ":                  "System.Int32 3",
		`"3"`:                  "System.String 3",
		`"a\nb"`:               "System.String a\nb",
		`"open`:                `System.String "open`,
		`{"a":[1.10]}`:         "Newtonsoft.Json.Linq.JObject {\n  \"a\": [\n    1.1\n  ]\n}",
		"[]":                   "Newtonsoft.Json.Linq.JArray []",
		"{a:1}":                "System.String {a:1}",
		"2024-01-15T10:30:00Z": "System.String 2024-01-15T10:30:00Z",
	} {
		a := Describe(ParseValue(text))
		if a.String == nil || a.Type+" "+*a.String != want {
			t.Errorf("%q is %+v, want %s", text, a, want)
		}
	}
}

// Variables are set in turn, and one may use those before.
func TestSetVariable(t *testing.T) {
	s := NewSubject()
	for name, text := range map[string]string{"a": "@(1)", "b": "@(context.Request.Method)"} {
		source, _ := NewSource("f", text, nil)
		if a := s.SetVariable(t.Context(), name, source, Options{}); a.Type == "" {
			t.Errorf("%s: %+v", text, a)
		}
	}
	source, _ := NewSource("f", "@(x)", nil)
	if a := s.SetVariable(t.Context(), "c", source, Options{}); a.CompileError != "CS0103" || s.Variables.Len() != 2 {
		t.Errorf("got %+v and %d variables", a, s.Variables.Len())
	}
}

// failing makes no exchange.
type failing struct{ err error }

func (f failing) Exchange() (*exchange.Exchange, error) {
	if f.err == nil {
		panic("out of order")
	}
	return nil, f.err
}

func TestEvaluateAlwaysAnswers(t *testing.T) {
	ended, end := context.WithCancelCause(t.Context())
	end(errors.New("interrupted"))
	for _, c := range []struct {
		name, source string
		ctx          context.Context
		e            Exchanger
		want         string
		fault        bool
	}{
		{"no exchange", "@(1)", t.Context(), failing{errors.New("no fixture")}, "no fixture", false},
		{"a panic", "@(1)", t.Context(), failing{}, "internal error: out of order", true},
		{"an interrupt", "@(1)", ended, NewSubject(), "interrupted", false},
		{"no end", "@{ while (true) { } }", t.Context(), NewSubject(), (&expr.BoundError{What: "it took more than 10000000 steps"}).Error(), false},
	} {
		if a := Evaluate(c.ctx, c.source, c.e, Options{}); a.Error != c.want || a.Fault != c.fault || a.Type != "" {
			t.Errorf("%s: got %+v", c.name, a)
		}
	}
}

// stuck blocks until it is let go: an evaluation that looks at no context.
type stuck chan struct{}

func (s stuck) Exchange() (*exchange.Exchange, error) {
	<-s
	return nil, errors.New("let go")
}

func TestEvaluateLeavesWhatIsStuck(t *testing.T) {
	s := make(stuck)
	defer close(s)
	a := Evaluate(t.Context(), "@(1)", s, Options{Bound: time.Nanosecond})
	if !strings.Contains(a.Error, "it took more than 1ns") {
		t.Errorf("got %+v", a)
	}
}

// What belongs to context has no JSON, as the vectors have it; nor has XML.
func TestWhatHasNoJSON(t *testing.T) {
	for _, source := range []string{
		"@(context)", "@(context.Request)", "@(context.Api)", "@(double.NaN)", "@(float.PositiveInfinity)",
		"@(new Func<int>(() => 1))", "@(XElement.Parse(\"<a/>\"))", "@(new XDocument())", "@(new XText(\"a\"))",
	} {
		a := Evaluate(t.Context(), source, NewSubject(), Options{AnyType: true})
		if a.Type == "" || a.JSON != nil {
			t.Errorf("%s gives %+v, with the JSON %s", source, a, a.JSON)
		}
	}
}

// Several exceptions arise, and only that which is not caught is placed.
func TestPlace(t *testing.T) {
	const source = `@{ try { int.Parse("a"); } catch (FormatException) { } return 1 + int.Parse("b" + "c"); }`
	a := Evaluate(t.Context(), source, NewSubject(), Options{AnyType: true, Place: true})
	if a.ThrownAt == nil || source[a.ThrownAt.Start:a.ThrownAt.End] != `int.Parse("b" + "c")` {
		t.Errorf("got %+v at %v", a, a.ThrownAt)
	}
	if a := Evaluate(t.Context(), source, NewSubject(), Options{AnyType: true}); a.ThrownAt != nil || a.Exception != "System.FormatException" {
		t.Errorf("unasked: got %+v", a)
	}
}

func TestStaticType(t *testing.T) {
	for source, want := range map[string]string{
		"@(1 + 1L)":                              "System.Int64",
		"@(int.Parse(\"a\"))":                    "System.Int32",
		"@(context.Variables[\"a\"])":            "System.Object",
		"@{ if (true) { return 1; } return 2; }": "System.Int32",
		"@{ if (1 > context.Variables.Count) { return 1; } return \"\"; }": "System.Object",
	} {
		if a := StaticType(source, Options{}); a.Type != want {
			t.Errorf("%s has the type %+v, want %s", source, a, want)
		}
	}
	if a := StaticType("@(x)", Options{}); a.CompileError != "CS0103" || len(a.Diagnostics) != 1 {
		t.Errorf("got %+v", a)
	}
}

func TestDiffers(t *testing.T) {
	text := func(s string) *string { return &s }
	value := Answer{Type: "System.Decimal", String: text("1.10"), JSON: []byte("1.10")}
	for _, c := range []struct {
		expect Expect
		answer Answer
		same   bool
	}{
		{Expect{Type: "System.Decimal", String: text("1.10"), JSON: []byte("1.10")}, value, true},
		{Expect{Type: "System.Decimal"}, value, true},
		{Expect{Type: "System.Double"}, value, false},
		{Expect{Type: "System.Decimal", String: text("1.1")}, value, false},
		{Expect{Type: "System.Decimal", JSON: []byte("1.1")}, value, false},
		{Expect{Type: "System.Decimal", String: text("")}, Answer{Type: "System.Decimal"}, false},
		{Expect{JSON: []byte(`{"a": 1, "b": null}`)}, Answer{JSON: []byte(`{"a":1,"b":null}`)}, true},
		{Expect{JSON: []byte(`{"a": 1, "b": null}`)}, Answer{JSON: []byte(`{"b":null,"a":1}`)}, false},
		{Expect{Exception: "E", Message: text("m")}, Answer{Exception: "E", Message: "m"}, true},
		{Expect{Exception: "E", Message: text("m")}, Answer{Exception: "E", Message: "n"}, false},
		{Expect{Exception: "E"}, Answer{Exception: "E", Message: "n"}, true},
		{Expect{Exception: "E"}, Answer{Exception: "F"}, false},
		{Expect{Exception: "E"}, value, false},
		{Expect{Type: "System.Int32"}, Answer{Exception: "E"}, false},
		{Expect{CompileError: "CS0103"}, Answer{CompileError: "CS0117", Diagnostics: make([]expr.Diagnostic, 1)}, true},
		{Expect{CompileError: "CS0103"}, value, false},
		{Expect{Type: "System.Int32"}, Answer{CompileError: "CS0103", Diagnostics: make([]expr.Diagnostic, 1)}, false},
		{Expect{Type: "System.Int32"}, Answer{Error: "stopped"}, false},
	} {
		if why := c.expect.Differs(&c.answer); (why == "") != c.same {
			t.Errorf("%+v, %+v: %q", c.expect, c.answer, why)
		}
	}
}

// What .NET holds of halves of surrogate pairs leaves as U+FFFD.
func TestAnswerIsUTF8(t *testing.T) {
	a := Evaluate(t.Context(), `@("a\ud800" + "<é")`, NewSubject(), Options{})
	line, err := a.Line()
	if want := `{"type":"System.String","string":"a` + "\ufffd" + `<é","json":"a` + "\ufffd" + `<é"}` + "\n"; err != nil || string(line) != want {
		t.Errorf("got %s, %v; want %s", line, err, want)
	}
	if !strings.HasSuffix(string(line), "\n") {
		t.Error("it is no line")
	}
}

// A named value that nobody gave is no mistake of the expression.
func TestOpenNamedValue(t *testing.T) {
	for source, open := range map[string]bool{
		`@({{n}} + 1)`:                  true,
		`@{ var n = {{n}}; return n; }`: true,
		`@({{n}} + x)`:                  false,
		`@(1 + )`:                       false,
	} {
		a := &Answer{}
		a.run(t.Context(), source, nil, Options{})
		if got := a.Error != "" && a.CompileError == ""; got != open {
			t.Errorf("%s: got %+v", source, a)
		}
	}
}

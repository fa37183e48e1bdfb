package liquid

import (
	"errors"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/apimulator/apimulator/policy/exchange"
	"github.com/apimulator/apimulator/policy/expr"
	"github.com/apimulator/apimulator/policy/expr/newtonsoft"
)

var update = flag.Bool("update", false, "write what the tables in testdata should want; read the difference")

// A table in testdata has a case a line: a template, => and what it gives, or !!
// and the offset and message of its mistake; ⏎ is a line break. A line
// "body TYPE: TEXT" sets the body of the cases after it, a line "options: ..."
// parse-date=false and xsi-nil=null, a line "variable NAME: @(...)" a variable.
// Lines that begin with # say what is shown.
func TestTables(t *testing.T) {
	files, err := filepath.Glob("testdata/*.txt")
	if err != nil || len(files) == 0 {
		t.Fatalf("no tables: %v", err)
	}
	for _, file := range files {
		t.Run(strings.TrimSuffix(filepath.Base(file), ".txt"), func(t *testing.T) { runTable(t, file) })
	}
}

func runTable(t *testing.T, file string) {
	data, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	var out strings.Builder
	var state tableState
	for n, line := range strings.Split(strings.TrimSuffix(string(data), "\n"), "\n") {
		template, want, isCase := cutCase(line)
		switch {
		case state.directive(line):
		case isCase:
			if got := encoded(state.result(decoded(template))); got != want {
				if !*update {
					t.Errorf("%s:%d\n   %s\nwant %s\ngot  %s", file, n+1, template, want, got)
				}
				line = template + " " + got
			}
		case line != "" && !strings.HasPrefix(line, "#"):
			t.Errorf("%s:%d: no case: %s", file, n+1, line)
		}
		out.WriteString(line + "\n")
	}
	if *update {
		if err := os.WriteFile(file, []byte(out.String()), 0o666); err != nil {
			t.Fatal(err)
		}
	}
}

// cutCase parts a line into the template and the rest, which begins with => or !!.
func cutCase(line string) (template, want string, ok bool) {
	if strings.HasPrefix(line, "#") {
		return "", "", false
	}
	at := max(strings.LastIndex(line, " =>"), strings.LastIndex(line, " !!"))
	if at < 0 {
		return "", "", false
	}
	return line[:at], line[at+1:], true
}

func decoded(s string) string { return strings.ReplaceAll(s, "⏎", "\n") }
func encoded(s string) string { return strings.ReplaceAll(s, "\n", "⏎") }

// tableState is what the cases of a table are rendered with.
type tableState struct {
	contentType, body string
	options           BodyOptions
	variables         map[string]any // the values of expressions
}

// directive takes a line that sets something.
func (s *tableState) directive(line string) bool {
	if rest, ok := strings.CutPrefix(line, "body "); ok {
		s.contentType, s.body, _ = strings.Cut(rest, ": ")
		s.body = decoded(s.body)
		return true
	}
	if rest, ok := strings.CutPrefix(line, "variable "); ok {
		name, source, _ := strings.Cut(rest, ": ")
		if s.variables == nil {
			s.variables = make(map[string]any)
		}
		s.variables[name] = evaluated(source)
		return true
	}
	rest, ok := strings.CutPrefix(line, "options:")
	if ok {
		s.options = BodyOptions{strings.Contains(rest, "parse-date=false"), strings.Contains(rest, "xsi-nil=null")}
	}
	return ok
}

// result is the right side of a case.
func (s *tableState) result(source string) string {
	template, err := Parse(source)
	var mistake *Error
	if errors.As(err, &mistake) {
		return fmt.Sprintf("!! %d %s", mistake.Offset, mistake.Message)
	}
	x := testExchange()
	x.Request.Header.Set("Content-Type", s.contentType)
	x.Request.Body = exchange.BytesBody([]byte(s.body))
	for name, value := range s.variables {
		x.Variables.Set(name, value)
	}
	text, err := template.Render(testMachine(x), ForMessage(x, &x.Request.Body, &x.Request.Header, s.options))
	if err != nil {
		return "!! " + err.Error()
	}
	if text == "" {
		return "=>"
	}
	return "=> " + text
}

// evaluated is the value of an expression.
func evaluated(source string) any {
	e, mistakes := expr.Compile(source, expr.Options{AnyType: true})
	if e == nil {
		panic(fmt.Sprint(source, mistakes))
	}
	v, err := e.Eval(testMachine(testExchange()))
	if err != nil {
		panic(source + err.Error())
	}
	return v
}

var testTime = time.Date(2024, 1, 15, 10, 30, 45, 123456700, time.UTC)

func testMachine(x *exchange.Exchange) *expr.Machine {
	return &expr.Machine{Clock: exchange.NewVirtualClock(testTime), Exchange: x, Root: expr.NewContext(x)}
}

func testExchange() *exchange.Exchange {
	address := func(s string) exchange.URL {
		u, err := exchange.ParseURL(s)
		if err != nil {
			panic(err)
		}
		return u
	}
	x := &exchange.Exchange{
		ID: "6c1b3c5e-0000-0000-0000-000000000001", Timestamp: testTime.Add(-time.Second), Clock: exchange.NewVirtualClock(testTime),
		Request: exchange.Request{
			Method: "POST", URL: address("https://backend.example/orders/7?a=1&a=2&B=x%20y"),
			OriginalURL: address("https://gateway.example:8443/api/orders/7"), ClientIP: "192.0.2.1",
			Header:            exchange.NewHeader(exchange.Field{Name: "Accept", Value: "text/html"}, exchange.Field{Name: "X-Two", Value: "a"}, exchange.Field{Name: "x-two", Value: "b"}),
			MatchedParameters: []exchange.Parameter{{Name: "orderId", Value: "7", Raw: "7"}},
		},
		Response:     &exchange.Response{Status: 201, Reason: "Created", Header: exchange.NewHeader(exchange.Field{Name: "ETag", Value: "1"})},
		API:          &exchange.API{ID: "orders", Name: "Orders", Path: "api", Protocols: []string{"http", "https"}, ServiceURL: "https://backend.example/"},
		Operation:    &exchange.Operation{ID: "get", Name: "Get", Method: "GET", URLTemplate: "/orders/{orderId}"},
		Subscription: &exchange.Subscription{ID: "sub", Name: "Sub", PrimaryKey: "key1", CreatedDate: testTime},
		User:         &exchange.User{ID: "u", Email: "u@example.com", Groups: []exchange.Group{{ID: "g", Name: "Guests"}, {ID: "d", Name: "Developers"}}},
		LastError:    &exchange.LastError{Source: "set-body", Message: "oops"},
	}
	json, err := newtonsoft.Parse(`{"value1": "A", "nested": {"n": 1}, "list": [1, 2, 3]}`, newtonsoft.ParseOptions{})
	if err != nil {
		panic(err)
	}
	x.Variables.Set("name", "Ada")
	x.Variables.Set("count", int32(3))
	x.Variables.Set("flag", true)
	x.Variables.Set("json", json)
	x.Variables.Set("tags", expr.NewStrings([]string{"x", "y"}))
	x.Variables.Set("id-with-dash", "dash")
	x.Variables.Set("response", x.Response)
	x.Variables.Set("jwt", &exchange.JWT{Issuer: "iss", Claims: []exchange.Claim{{Name: "roles", Values: []string{"r1", "r2"}}}})
	x.Variables.Set("invalid", expr.NewContext(x))
	return x
}

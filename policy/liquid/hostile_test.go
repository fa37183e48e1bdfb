package liquid

import (
	"context"
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/apimulator/apimulator/policy/exchange"
	"github.com/apimulator/apimulator/policy/expr"
)

// TestBounds: what would run away ends with a bound, soon.
func TestBounds(t *testing.T) {
	for _, c := range []struct{ name, source string }{
		{"long loop", `{% for i in (1..2000000000) %}x{% endfor %}`},
		{"loops in loops", `{% for i in (1..10000) %}{% for j in (1..10000) %}{% for k in (1..10000) %}{% endfor %}{% endfor %}{% endfor %}`},
		{"range as a list", `{{ (1..2000000000) | Sort }}`},
		{"range as a text", `{{ (1..2000000000) }}`},
		{"range joined", `{{ (1..2000000000) | Join: "abcdefghijklmnopqrstuvwxyz" }}`},
		{"doubling", `{% assign a = "0123456789" %}{% for i in (1..100) %}{% assign a = a | Append: a %}{% endfor %}`},
		{"doubling by Plus", `{% assign a = "0123456789" %}{% for i in (1..100) %}{% assign a = a | Plus: a %}{% endfor %}`},
		{"doubling by Replace", `{% assign a = "0123456789" %}{% for i in (1..100) %}{% assign a = a | Replace: ".", "$0$0" %}{% endfor %}`},
		{"doubling by capture", `{% assign a = "0123456789" %}{% for i in (1..100) %}{% capture a %}{{ a }}{{ a }}{% endcapture %}{% endfor %}`},
		{"repeated text", `{{ "0123456789" | Times: 2147483647 }}`},
		{"repeated empty text", `{{ "" | Times: 2147483647 }}`},
		{"table", `{% tablerow i in (1..2000000000) cols:2 %}x{% endtablerow %}`},
		{"search without end", `{% assign a = "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa!" %}{% for i in (1..100) %}{{ a | Replace: "^(a+)+$", "" | Size }}{% endfor %}`},
	} {
		t.Run(c.name, func(t *testing.T) {
			template, err := Parse(c.source)
			if err != nil {
				t.Fatal(err)
			}
			m := testMachine(testExchange())
			// Most of the machine is used up already, so that the test takes less time.
			if err := errors.Join(m.Spend(expr.MaxSteps-expr.MaxSteps/20), m.Allocate(expr.MaxAllocation-expr.MaxAllocation/10)); err != nil {
				t.Fatal(err)
			}
			start := exchange.System.Now()
			_, err = template.Render(m, Scope{})
			var bound *expr.BoundError
			if !errors.As(err, &bound) {
				t.Errorf("%s\nwant a bound, got %v", c.source, err)
			}
			if took := exchange.System.Now().Sub(start); took > time.Minute {
				t.Errorf("%s took %v", c.source, took)
			}
		})
	}
}

// TestLongSources: long sources are read or refused soon.
func TestLongSources(t *testing.T) {
	const n = 1 << 18
	repeated := func(s string) string { return strings.Repeat(s, n/len(s)) }
	for _, source := range []string{
		repeated("{"), repeated("{{"), repeated("{%"), repeated("{% if a %}"), repeated("{% raw %}"), repeated("{% comment %}"),
		repeated("{{ a }}"), "{{ " + repeated("'") + " }}", "{{ " + repeated("''") + " }}", "{{ " + repeated("'\"") + " }}", "{{ " + repeated("a.") + " }}",
		"{{ a" + repeated("[b]") + " }}", "{{ a" + repeated("[") + " }}", "{{ " + repeated("(1..") + " }}", "{{ a " + repeated("| Upcase ") + " }}",
		"{{ a | Replace: " + repeated("b,") + " }}", "{% if " + repeated("a and ") + "b %}{% endif %}", "{% if " + repeated("=") + " %}{% endif %}",
		"{% case a %}{% when " + repeated("b, ") + "c %}{% endcase %}", "{% cycle " + repeated("a, ") + "b %}",
		"{% for a in b " + repeated("limit:1 ") + " %}{% endfor %}", "{% assign " + repeated("a") + " %}", "{% assign a = " + repeated("(") + " %}",
		"{% for " + repeated("a ") + "%}{% endfor %}", "{% " + repeated("a") + " %}", "{{ a | " + repeated("A") + " }}", repeated("{{-"), repeated("-}}"),
		repeated("{% case a %}"), repeated("{% for a in b %}{% endfor %}"),
	} {
		start := exchange.System.Now()
		template, err := Parse(source)
		if took := exchange.System.Now().Sub(start); took > time.Minute {
			t.Errorf("%.40q... took %v", source, took)
		}
		if err != nil {
			if e, ok := err.(*Error); !ok || len(e.Message) > 300 {
				t.Errorf("%.40q...: %.300v", source, err)
			}
			continue
		}
		if _, err := template.Render(testMachine(testExchange()), Scope{}); err != nil {
			t.Errorf("%.40q...: %v", source, err)
		}
	}
}

// TestDeepBlocks: as many blocks as DotLiquid lets stand in each other.
func TestDeepBlocks(t *testing.T) {
	nested := func(n int) string {
		return strings.Repeat("{% if true %}", n) + "x" + strings.Repeat("{% endif %}", n)
	}
	if _, err := Parse(nested(MaxDepth)); err != nil {
		t.Error(err)
	}
	if _, err := Parse(nested(MaxDepth + 1)); err == nil || !strings.Contains(err.Error(), "Nesting too deep") {
		t.Errorf("got %v", err)
	}
}

// TestDeepBody: a body that is nested deep.
func TestDeepBody(t *testing.T) {
	template, err := Parse(`{{ body }}{{ body.a }}{{ body | Size }}{{ body | Sort }}{% for x in body %}{{ x }}{% endfor %}`)
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range [][2]string{
		{"application/json", strings.Repeat("[", 3000) + strings.Repeat("]", 3000)},
		{"application/json", strings.Repeat(`{"a":`, 3000) + "1" + strings.Repeat("}", 3000)},
		{"text/xml", strings.Repeat("<a>", 3000) + strings.Repeat("</a>", 3000)},
	} {
		x := testExchange()
		x.Request.Header.Set("Content-Type", c[0])
		x.Request.Body = exchange.BytesBody([]byte(c[1]))
		if _, err := template.Render(testMachine(x), ForMessage(x, &x.Request.Body, &x.Request.Header, BodyOptions{})); err != nil {
			t.Errorf("%s %.20s: %v", c[0], c[1], err)
		}
	}
}

// TestCancelled: a template ends with its request.
func TestCancelled(t *testing.T) {
	template, err := Parse(`{% for i in (1..1000000) %}{{ i }}{% endfor %}`)
	if err != nil {
		t.Fatal(err)
	}
	m := testMachine(testExchange())
	ctx, cancel := context.WithCancelCause(context.Background())
	gone := errors.New("the client has gone")
	cancel(gone)
	m.Context = ctx
	if _, err := template.Render(m, Scope{}); err != gone {
		t.Errorf("got %v", err)
	}
}

// TestNoted: the errors that stand in the output are told, with their places.
func TestNoted(t *testing.T) {
	template, err := Parse(`ab {{ 5 | First }} {% if 1 > 'x' %}{% endif %}`)
	if err != nil {
		t.Fatal(err)
	}
	var offsets []int
	_, err = template.Render(testMachine(testExchange()), Scope{Noted: func(e *Error) { offsets = append(offsets, e.Offset) }})
	if err != nil || len(offsets) != 2 || offsets[0] != 3 || offsets[1] != 19 {
		t.Errorf("got %v, %v", offsets, err)
	}
}

// TestBodyOnce: the body is read when it is asked for, and once.
func TestBodyOnce(t *testing.T) {
	for source, want := range map[string]int{"x": 0, "{{ context }}": 0, "{{ body }}{{ body.a }}{% for i in (1..3) %}{{ body }}{% endfor %}": 1} {
		template, err := Parse(source)
		if err != nil {
			t.Fatal(err)
		}
		n := 0
		scope := Scope{Body: func(*expr.Machine) (any, error) { n++; return nil, nil }}
		if _, err := template.Render(testMachine(testExchange()), scope); err != nil || n != want {
			t.Errorf("%s: read %d times, want %d (%v)", source, n, want, err)
		}
	}
}

package expr

import (
	"bufio"
	"context"
	"encoding/json"
	"errors"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/apimulator/apimulator/policy/exchange"
	"github.com/apimulator/apimulator/policy/expr/dotnet"
)

// addAnswered seeds a fuzz target with some of the expressions that testdata has
// the answers of.
func addAnswered(f *testing.F) {
	f.Helper()
	files, _ := filepath.Glob(filepath.Join("testdata", "answers", "*.jsonl"))
	if len(files) == 0 {
		f.Fatal("there are no seeds")
	}
	n := 0
	for _, name := range files {
		file, err := os.Open(name)
		if err != nil {
			f.Fatal(err)
		}
		lines := bufio.NewScanner(file)
		lines.Buffer(nil, 1<<20)
		for lines.Scan() {
			var v struct{ Expr string }
			if err := json.Unmarshal(lines.Bytes(), &v); err != nil {
				f.Fatal(err)
			}
			if n++; n%17 == 0 {
				f.Add(v.Expr)
			}
		}
		file.Close()
	}
}

// Whatever the text, checking it ends with an expression or with mistakes that
// lie in it.
func FuzzCompile(f *testing.F) {
	addAnswered(f)
	f.Fuzz(func(t *testing.T, source string) {
		began := time.Now()
		for _, o := range []Options{{}, {AnyType: true}, {Holes: []string{"____"}}} {
			e, diags := Compile(source, o)
			if (e == nil) != (len(diags) > 0) && o.Holes == nil {
				t.Fatalf("%q gives %v and %v", source, e, diags)
			}
			for _, d := range diags {
				if d.Span.Start < 0 || d.Span.End > len(source) || d.Span.Start > d.Span.End || d.Message == "" {
					t.Errorf("%q: a mistake that lies nowhere: %+v", source, d)
				}
			}
		}
		if spent := time.Since(began); spent > 20*time.Second {
			t.Errorf("%q takes %s to check", source, spent)
		}
	})
}

// Whatever an expression does, it ends: with a value that has a text and JSON, an
// exception or a bound.
func FuzzEval(f *testing.F) {
	addAnswered(f)
	f.Fuzz(func(t *testing.T, source string) {
		e, diags := Compile(source, Options{AnyType: true})
		if diags != nil {
			return
		}
		for _, e := range []*Expression{e, e.Observed()} {
			x := benchmarkExchange()
			x.Request.Body = exchange.BytesBody([]byte(`{"a": [1, "b", null]}`))
			ctx, cancel := context.WithTimeout(context.Background(), 10*time.Second)
			x.Context = ctx
			m := &Machine{Context: ctx, Clock: exchange.NewVirtualClock(time.Date(2026, 1, 2, 3, 4, 5, 0, time.UTC)), Exchange: x, Root: NewContext(x)}
			m.steps, m.allocated = MaxSteps-200_000, MaxAllocation-32<<20 // what is left is enough to see
			began := time.Now()
			value, err := e.Eval(m)
			if err == nil {
				_, err = m.Text(value)
			}
			if err == nil {
				_, err = m.JSON(value)
			}
			var thrown *dotnet.Exception
			var bound *BoundError
			if err != nil && !errors.As(err, &thrown) && !errors.As(err, &bound) {
				t.Errorf("%q ends with %v", source, err)
			}
			cancel()
			// On a slow machine, under -race, beside others.
			if spent := time.Since(began); spent > 8*time.Second {
				t.Errorf("%q takes %s", source, spent)
			}
		}
	})
}

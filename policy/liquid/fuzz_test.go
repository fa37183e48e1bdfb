package liquid

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/apimulator/apimulator/policy/exchange"
	"github.com/apimulator/apimulator/policy/expr"
	"github.com/apimulator/apimulator/policy/expr/dotnet"
)

// FuzzRender: a template is refused with a place in it, or gives a text, or ends
// with a bound or because of its body.
func FuzzRender(f *testing.F) {
	files, err := filepath.Glob("testdata/*.txt")
	if err != nil {
		f.Fatal(err)
	}
	for _, file := range files {
		data, err := os.ReadFile(file)
		if err != nil {
			f.Fatal(err)
		}
		var state tableState
		for line := range strings.Lines(string(data)) {
			if state.directive(strings.TrimSuffix(line, "\n")) {
				continue
			}
			if template, _, ok := cutCase(line); ok {
				f.Add(decoded(template), state.contentType, state.body)
			}
		}
	}
	f.Fuzz(func(t *testing.T, source, contentType, body string) {
		template, err := Parse(source)
		if err != nil {
			e, ok := err.(*Error)
			if !ok || e.Offset < 0 || e.Offset > len(source) || e.Message == "" {
				t.Fatalf("%q: %#v", source, err)
			}
			return
		}
		x := testExchange()
		x.Request.Header.Set("Content-Type", contentType)
		x.Request.Body = exchange.BytesBody([]byte(body))
		m := testMachine(x)
		ctx, cancel := context.WithTimeout(context.Background(), 500*time.Millisecond)
		defer cancel()
		m.Context = ctx
		_, err = template.Render(m, ForMessage(x, &x.Request.Body, &x.Request.Header, BodyOptions{}))
		var bound *expr.BoundError
		var thrown *dotnet.Exception
		if err != nil && !errors.As(err, &bound) && !errors.As(err, &thrown) && !errors.Is(err, context.DeadlineExceeded) {
			t.Fatalf("%q: %v", source, err)
		}
	})
}

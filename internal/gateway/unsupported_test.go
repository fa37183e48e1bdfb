package gateway_test

import (
	"encoding/json"
	"errors"
	"io/fs"
	"path/filepath"
	"strings"
	"testing"

	"github.com/apimulator/apimulator/internal/gateway"
	"github.com/apimulator/apimulator/internal/service"
	"github.com/apimulator/apimulator/internal/trace"
	"github.com/apimulator/apimulator/policy"
	"github.com/apimulator/apimulator/policy/exchange"
	"github.com/apimulator/apimulator/policy/statements"
)

const (
	runs     = `<policies><inbound><base /></inbound><backend><base /></backend><outbound><base /></outbound></policies>`
	doesNot  = "<policies>\n    <inbound>\n        <base />\n        <invoke-dapr-binding name='b' />\n    </inbound>\n    <backend><base /></backend>\n    <on-error><set-header name=\"X-Ran\"><value>y</value></set-header></on-error>\n</policies>"
	skipping = `
apis:
  - {name: bad, path: bad, backend: "http://localhost:9000", policy: bad.xml}
  - name: mixed
    path: mixed
    backend: http://localhost:9000
    operations:
      - {name: good, method: GET, urlTemplate: /good}
      - {name: bad, method: GET, urlTemplate: /bad, policy: bad.xml}
  - {name: sold, path: sold, backend: "http://localhost:9000"}
products:
  - {name: gold, apis: [sold], policy: bad.xml}
subscriptions:
  - {name: all}
  - {name: gold, product: gold}
`
)

// With statements skipped, the operations that need them answer 501, naming file
// and line; the rest is served. Only a request that would be let in learns it.
func TestSkippedStatements(t *testing.T) {
	l := &lab{t: t, recorder: &trace.Recorder{}, backend: &backend{}}
	l.gateway = gateway.New(&policy.Env{Sender: l.backend}, l.recorder, load(t, skipping, map[string]string{"bad.xml": doesNot}, true))
	const (
		message = `bad.xml:4:10: unsupported: <invoke-dapr-binding> is an APIM policy that does not run in this version of the emulator`
		want    = `{ "statusCode": 501, "message": "apimulator does not run a policy of this operation: ` + message + `" }`
	)
	tests := []struct {
		request, key string
		status       int
	}{
		{"GET /bad/items", "all-primary", 501},
		{"GET /mixed/bad", "all-primary", 501},
		{"GET /mixed/good", "all-primary", 200},
		{"GET /sold/items", "all-primary", 200}, // not in the product's context
		{"GET /sold/items", "gold-primary", 501},
		{"GET /bad/items", "nobody's", 401},
		{"GET /mixed/bad", "", 401},
		{"GET /mixed/nowhere", "", 404},
	}
	for _, test := range tests {
		var sent []string
		if test.key != "" {
			sent = []string{"Ocp-Apim-Subscription-Key: " + test.key}
		}
		x, record := l.do(test.request, sent...)
		text := body(t, x.Response)
		if x.Response.Status != test.status {
			t.Errorf("%s, key %q: %d %s; want %d", test.request, test.key, x.Response.Status, text, test.status)
		}
		if got := header(x.Response, "X-Ran"); got != "" {
			t.Errorf("%s, key %q: on-error of a document that does not run has run", test.request, test.key)
		}
		if test.status != 501 {
			continue
		}
		if text != want {
			t.Errorf("%s: the body is\n     %s\nwant %s", test.request, text, want)
		}
		if e := x.LastError; e == nil || e.Reason != exchange.ReasonNotRunnable || e.Source != exchange.SourceConfiguration || e.Message != message {
			t.Errorf("%s: LastError is %+v; want %s from configuration: %s", test.request, e, exchange.ReasonNotRunnable, message)
		}
		if d := record.Deciding(); d == nil || d.Reason != exchange.ReasonNotRunnable || d.Message != message {
			t.Errorf("%s: the record says that %+v decided", test.request, d)
		}
	}
}

// The body is JSON whatever the policy's file is called.
func TestSkippedStatementsAreJSON(t *testing.T) {
	for _, name := range []string{`C:\policies\api.xml`, `a"b.xml`, "a\tb.xml", "ä<&>.xml"} {
		s, err := service.Parse("apim.yaml", []byte(`apis: [{name: a, backend: "http://localhost:9000", subscriptionRequired: false, policy: `+string(must(json.Marshal(name)))+`}]`), service.Options{
			Catalogue: statements.Catalogue(), SkipUnsupported: true,
			ReadFile: func(file string) ([]byte, error) {
				if file != filepath.FromSlash(name) {
					return nil, &fs.PathError{Op: "open", Path: file, Err: errors.New("no such file")}
				}
				return []byte(doesNot), nil
			},
		})
		if err != nil {
			t.Fatalf("%q: %v", name, err)
		}
		l := &lab{t: t, recorder: &trace.Recorder{}}
		l.gateway = gateway.New(&policy.Env{}, l.recorder, s)
		x, _ := l.do("GET /")
		var got struct {
			StatusCode int    `json:"statusCode"`
			Message    string `json:"message"`
		}
		text := body(t, x.Response)
		if err := json.Unmarshal([]byte(text), &got); err != nil || got.StatusCode != 501 || !strings.Contains(got.Message, name+":4:10: ") {
			t.Errorf("the body for a policy in %q is %s (%v); want JSON with 501 and the name", name, text, err)
		}
	}
}

func must(data []byte, err error) []byte {
	if err != nil {
		panic(err)
	}
	return data
}

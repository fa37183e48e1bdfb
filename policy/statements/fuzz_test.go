package statements

import (
	"fmt"
	"strings"
	"testing"

	"github.com/apimulator/apimulator/internal/store"
	"github.com/apimulator/apimulator/policy"
	"github.com/apimulator/apimulator/policy/internal/cases"
)

// FuzzCompile takes a document through all stages and, where it is accepted, runs
// it: nothing panics, every finding lies in the document or the fragment, on one
// line, and none shows a named value.
func FuzzCompile(f *testing.F) {
	for _, folder := range []string{"testdata/check", "testdata/run"} {
		for _, c := range cases.In(f, folder) {
			f.Add(string(c.Document(f)))
		}
	}
	const secret = "s3cr3t-value"
	values := map[string]string{
		"secret": secret, "x": secret, "name": "X-Name", "expression": `@("` + secret + `")`, "open": `@("` + secret, "close": `")`,
		"none": "", "lines": "a\r\n" + secret, "url": "https://backend.example/" + secret,
	}
	fragment, fault := policy.Read("fragment.xml", []byte("<fragment><set-header name='{{name}}'><value>{{secret}}</value></set-header>\n<return-response /></fragment>"))
	if fault != nil {
		f.Fatal(fault)
	}
	catalogue := Catalogue()
	validator := newValidator(&steppedClock{now: epoch})
	f.Cleanup(validator.Close)
	f.Fuzz(func(t *testing.T, text string) {
		d, fault := policy.Read("policy.xml", []byte(text))
		if fault != nil || strings.Contains(text, secret) {
			return
		}
		bindings := policy.Bindings{
			NamedValue: func(name string) (string, bool) { v, ok := values[name]; return v, ok },
			Fragment:   func(id string) (*policy.Document, bool) { return fragment, id == "f" },
		}
		found := findings(d, "", bindings, catalogue) // whatever the scope, resolvers' too
		for _, finding := range found {
			if message := finding.String(); strings.ContainsAny(message, "\r\n") || strings.Contains(message, secret) {
				t.Errorf("a bad message: %q", message)
			}
			if finding.Document == "policy.xml" && finding.Line > 1+strings.Count(text, "\n")+strings.Count(text, "\r") || finding.Document == "fragment.xml" && finding.Line > 2 {
				t.Errorf("lies nowhere: %s", finding)
			}
		}
		if len(found.Of(policy.Error))+len(found.Of(policy.Unsupported)) > 0 {
			return
		}
		compiled, err := policy.Compile(d, "", bindings, catalogue)
		if err != nil {
			t.Fatal(err)
		}
		w := &world{clock: &steppedClock{now: epoch}, got: make(map[string]string)}
		x := w.exchange(t, "POST /a/b?c=d\nHost: gateway.example\n\nbody", nil)
		x.Observer = notes{w}
		policy.Link(compiled).Execute(x, &policy.Env{Sender: w, Identity: w, Tokens: validator, Places: &busy{}, Counters: &store.Counters{}, BodyLimit: 1 << 20})
		if x.Response == nil {
			t.Error("no response")
		}
		if strings.Contains(fmt.Sprint(w.got["notes"]), "Bearer ") {
			t.Errorf("the notes hold a token: %s", w.got["notes"])
		}
	})
}

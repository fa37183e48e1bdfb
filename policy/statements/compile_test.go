package statements

import (
	"fmt"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/apimulator/apimulator/policy"
	"github.com/apimulator/apimulator/policy/exchange"
)

// The addresses that a document will call are known at load, and where it names
// them.
func TestReferences(t *testing.T) {
	compiled := compile(t, []byte(`<policies>
  <inbound>
    <validate-jwt header-name="Authorization">
      <openid-config url="https://one.example/a?b" />
      <openid-config url="https://two.example:8443" />
    </validate-jwt>
  </inbound>
  <backend>
    <set-backend-service base-url="http://three.example/base" />
  </backend>
</policies>`), exchange.ScopeOperation, policy.Bindings{}, Catalogue())
	var got []string
	for _, r := range compiled.References {
		got = append(got, fmt.Sprintf("%s:%d:%d %s", r.At.Document, r.At.Line, r.At.Col, r.URL.String()))
	}
	want := []string{
		"operation.xml:4:27 https://one.example/a?b",
		"operation.xml:5:27 https://two.example:8443/",
		"operation.xml:9:36 http://three.example/base",
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("(-want +got)\n%s", diff)
	}
	if compiled.Name != "operation.xml" || compiled.Scope != exchange.ScopeOperation {
		t.Errorf("compiled %s of %s", compiled.Name, compiled.Scope)
	}
}

// What does not run is kept apart from what is wrong, and a program knows it of all
// its documents.
func TestUnsupportedOfProgram(t *testing.T) {
	var levels []*policy.Compiled
	for scope, text := range map[exchange.Scope]string{
		exchange.ScopeAPI:    `<policies><inbound><redirect-content-urls /><choose><when condition="true"><proxy url="http://p.example" /></when></choose></inbound></policies>`,
		exchange.ScopeGlobal: `<policies><outbound><set-header name="Server" exists-action="delete" /></outbound></policies>`,
	} {
		d, fault := policy.Read(string(scope), []byte(text))
		if fault != nil {
			t.Fatal(fault)
		}
		c, err := policy.Compile(d, scope, policy.Bindings{}, Catalogue())
		if err != nil {
			t.Fatal(err)
		}
		if warnings := len(c.Warnings); (scope == exchange.ScopeGlobal) != (warnings == 1) {
			t.Errorf("%s: %d warnings", scope, warnings)
		}
		levels = append(levels, c, nil)
	}
	if got := policy.Link(levels...).Unsupported(); len(got) != 2 {
		t.Errorf("got %v, want two findings", got)
	}
}

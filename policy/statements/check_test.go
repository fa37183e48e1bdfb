package statements

import (
	"crypto/x509"
	"slices"
	"strings"
	"testing"

	"github.com/apimulator/apimulator/policy"
	"github.com/apimulator/apimulator/policy/exchange"
	"github.com/apimulator/apimulator/policy/internal/cases"
)

// TestCheck wants all findings of a document, of whatever severity. It is of the
// API scope, unless a case says another, or none, in scope.
func TestCheck(t *testing.T) {
	catalogue := Catalogue()
	cases.Run(t, "testdata/check", []string{"want"}, func(t *testing.T, c *cases.Case) map[string]string {
		d, fault := policy.Read("policy.xml", c.Document(t))
		if fault != nil {
			t.Fatal(fault)
		}
		scope := exchange.ScopeAPI
		if text, ok := c.Part("scope"); ok {
			scope = exchange.Scope(strings.TrimSpace(text))
		}
		want := "nothing"
		if found := findings(d, scope, bindings(t, c), catalogue); len(found) > 0 {
			want = found.Error()
		}
		if _, ok := c.Part("values"); ok && strings.Contains(want, "SECRET") {
			t.Errorf("the findings hold a secret:\n%s", want)
		}
		return map[string]string{"want": want + "\n"}
	})
}

// findings are those of the checker and, where it finds no error, of the compiler.
func findings(d *policy.Document, scope exchange.Scope, b policy.Bindings, catalogue *policy.Catalogue) policy.Diagnostics {
	root, found := policy.Bind(d, b)
	found = append(found, policy.Check(root, scope, catalogue)...)
	if len(found.Of(policy.Error)) == 0 {
		compiled, err := policy.Compile(d, scope, b, catalogue)
		if err != nil {
			return err.(policy.Diagnostics)
		}
		found = slices.Concat(compiled.Unsupported, compiled.Warnings)
	}
	found.Sort()
	return found.Unique()
}

// bindings are what a case gives: name=value lines in values, and a document for
// each fragment/NAME. The certificate of the id "certificate" is the issuer's.
// anyCertificate is one that is not read, whatever the id.
func anyCertificate(string) (*exchange.Certificate, bool) {
	return &exchange.Certificate{Leaf: &x509.Certificate{PublicKeyAlgorithm: x509.RSA, PublicKey: issuerKey().Public()}}, true
}

func bindings(t *testing.T, c *cases.Case) policy.Bindings {
	t.Helper()
	fragments := make(map[string]*policy.Document)
	for name, text := range c.Folder("fragment") {
		d, fault := policy.Read("fragment/"+name, []byte(text))
		if fault != nil {
			t.Fatal(fault)
		}
		fragments[name] = d
	}
	b := policy.Bindings{
		Fragment: func(id string) (*policy.Document, bool) { d, ok := fragments[id]; return d, ok },
		Certificate: func(id string) (*exchange.Certificate, bool) {
			c, _ := anyCertificate(id)
			return c, id == "certificate"
		},
	}
	if values, ok := c.Lines("values"); ok {
		b.NamedValue = func(name string) (string, bool) { v, ok := values[name]; return v, ok }
	}
	return b
}

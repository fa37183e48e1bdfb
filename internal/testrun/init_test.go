package testrun

import (
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

const initService = `name: contoso
apis:
  - name: orders
    path: orders
    backend: https://orders.example
    policy: orders.xml
    operations:
      - {name: get, method: GET, urlTemplate: "/{id}?lang={lang}"}
      - {name: change, method: PUT, urlTemplate: "/{id}"}
  - {name: open, path: open, backend: "https://open.example", subscriptionRequired: false}
subscriptions:
  - name: me
namedValues:
  tenant: contoso
`

const initPolicy = `<policies>
    <inbound>
        <base />
        <check-header name="X-Tenant" failed-check-httpcode="400" failed-check-error-message="no" ignore-case="false"><value>{{tenant}}</value></check-header>
        <validate-jwt header-name="X-Token">
            <openid-config url="https://sso.example/realms/shop/.well-known/openid-configuration" />
            <audiences><audience>orders</audience></audiences>
            <required-claims>
                <claim name="scope" match="all" separator=" "><value>read</value><value>write</value></claim>
                <claim name="groups" match="all"><value>a</value><value>b</value></claim>
            </required-claims>
        </validate-jwt>
    </inbound>
    <backend><base /></backend>
    <outbound><base /></outbound>
    <on-error><base /></on-error>
</policies>`

// What init writes passes when it is run, is the same each time, and has a test for each
// refusal.
func TestInit(t *testing.T) {
	dir := t.TempDir()
	write(t, filepath.Join(dir, "apim.yaml"), initService)
	write(t, filepath.Join(dir, "orders.xml"), initPolicy)
	out := filepath.Join(dir, "tests", "first"+suffix)
	text, err := Init(filepath.Join(dir, "apim.yaml"), out)
	if err != nil {
		t.Fatal(err)
	}
	if again, err := Init(filepath.Join(dir, "apim.yaml"), out); err != nil || string(again) != string(text) {
		t.Errorf("the second time this is written (%v):\n%s", err, strings.Join(Diff(string(text), string(again)), "\n"))
	}
	write(t, out, string(text))
	s, printed := runSuite(t, Options{}, out)
	if strings.Contains(printed, "FAIL") || strings.Contains(string(text), "TODO") {
		t.Fatalf("%s\n%s", printed, text)
	}
	var names []string
	for _, test := range s.Files[0].Tests {
		if name, ok := strings.CutPrefix(test.Name, "orders: get: "); ok {
			names = append(names, name)
		}
	}
	want := []string{
		"a good request", "no subscription key", "a wrong subscription key", "no header X-Tenant", "another value of header X-Tenant", "no token", "an expired token",
		"a token for another audience", "a token of another issuer", "a token that was changed after signing", "a token without the claim scope", "a token without the claim groups",
	}
	if !slices.Equal(names, want) {
		t.Errorf("these tests are written: %q, want %q", names, want)
	}
	for _, r := range s.Files[0].Results {
		if good := strings.HasSuffix(r.Test.Name, "a good request"); good != strings.Contains(caseOf(string(text), r.Test.Name), "status: 200") {
			t.Errorf("%s expects another status", r.Test.Name)
		}
	}
	if err := compileSchema(t).Validate(instance(t, string(text))); err != nil {
		t.Errorf("the schema refuses what is written: %v", err)
	}
}

// caseOf is the part of a file that is one test.
func caseOf(text, name string) string {
	_, rest, _ := strings.Cut(text, name)
	part, _, _ := strings.Cut(rest, "- name:")
	return part
}

// What is written for the samples passes.
func TestInitOnSamples(t *testing.T) {
	for _, path := range []string{"testdata/pass/apim.yaml", "testdata/pass/tokens.xml"} {
		t.Setenv("NOT_SET_ANYWHERE", "is set here")
		out := filepath.Join(t.TempDir(), "a"+suffix)
		text, err := Init(path, out)
		if err != nil {
			t.Errorf("%s: %v", path, err)
			continue
		}
		if err := os.WriteFile(out, text, 0o600); err != nil {
			t.Fatal(err)
		}
		if _, printed := runSuite(t, Options{}, out); strings.Contains(printed, "FAIL") {
			t.Errorf("%s:\n%s\n%s", path, printed, text)
		}
	}
}

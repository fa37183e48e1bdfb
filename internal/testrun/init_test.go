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

const branchesService = `name: contoso
apis:
  - name: orders
    path: orders
    backend: https://orders.example
    policy: orders.xml
    operations: [{name: add, method: POST, urlTemplate: "/"}]
products:
  - {name: starter, policy: product.xml, apis: [orders]}
fragments: {door: door.xml}
schemas: {order: order.json}
subscriptions:
  - {name: me, product: starter}
namedValues:
  key: {env: INIT_TEST_KEY}
`

const branchesPolicy = `<policies>
    <inbound>
        <base />
        <ip-filter action="allow"><address-range from="198.51.100.10" to="198.51.100.20" /></ip-filter>
        <validate-azure-ad-token tenant-id="contoso.onmicrosoft.com">
            <client-application-ids><application-id>00000000-0000-4000-8000-000000000001</application-id></client-application-ids>
            <audiences><audience>api://orders</audience></audiences>
        </validate-azure-ad-token>
        <validate-content unspecified-content-type-action="prevent" max-size="1024" size-exceeded-action="prevent">
            <content type="application/json" validate-as="json" schema-id="order" action="prevent" allow-additional-properties="true" />
        </validate-content>
        <include-fragment fragment-id="door" />
        <rate-limit-by-key calls="3" renewal-period="60" counter-key="@(context.Subscription.Id)" />
    </inbound>
    <backend><base /></backend>
    <outbound><base /></outbound>
    <on-error><base /></on-error>
</policies>`

const branchesFragment = `<fragment>
    <check-header name="X-Key" failed-check-httpcode="403" failed-check-error-message="no" ignore-case="false"><value>{{key}}</value></check-header>
    <choose>
        <when condition="@(!context.Request.Headers.ContainsKey("X-Plan"))"><return-response><set-status code="400" reason="Bad Request" /></return-response></when>
        <when condition="@(context.Request.Headers.GetValueOrDefault("X-Plan", "") == "old")"><return-response><set-status code="410" reason="Gone" /></return-response></when>
    </choose>
    <choose>
        <when condition="@(context.Request.Url.Query.GetValueOrDefault("mode", "") == "dry")"><return-response><set-status code="409" reason="Conflict" /></return-response></when>
    </choose>
</fragment>`

// Refusals of fragments, products, branches and limits are found, and no file holds what
// the environment does.
func TestInitBranches(t *testing.T) {
	t.Setenv("INIT_TEST_KEY", "a-real-secret")
	dir := t.TempDir()
	write(t, filepath.Join(dir, "apim.yaml"), branchesService)
	write(t, filepath.Join(dir, "orders.xml"), branchesPolicy)
	write(t, filepath.Join(dir, "order.json"), `{"type": "object"}`)
	write(t, filepath.Join(dir, "door.xml"), branchesFragment)
	write(t, filepath.Join(dir, "product.xml"), `<policies><inbound><rate-limit calls="7" renewal-period="60" /></inbound><backend><forward-request /></backend><outbound /><on-error /></policies>`)
	out := filepath.Join(dir, "first"+suffix)
	text, err := Init(filepath.Join(dir, "apim.yaml"), out)
	if err != nil {
		t.Fatal(err)
	}
	if strings.Contains(string(text), "a-real-secret") || strings.Contains(string(text), "TODO") {
		t.Errorf("this is written:\n%s", text)
	}
	write(t, out, string(text))
	s, printed := runSuite(t, Options{}, out)
	if strings.Contains(printed, "FAIL") {
		t.Fatalf("%s\n%s", printed, text)
	}
	var names []string
	for _, test := range s.Files[0].Tests {
		names = append(names, test.Name)
	}
	want := []string{
		"add: a good request", "add: no subscription key", "add: a wrong subscription key", "add: a client at 203.0.113.1", "add: no token", "add: an expired token",
		"add: a token for another audience", "add: a token of another issuer", "add: a token that was changed after signing", "add: a token without the claim azp",
		"add: a body of another type", "add: no header X-Key", "add: another value of header X-Key", "add: no header X-Plan", "add: header X-Plan is old", "add: query parameter mode is dry",
		"add: the limit of rate-limit is reached (7 calls)", "add: the limit of rate-limit-by-key is reached (3 calls)",
	}
	if !slices.Equal(names, want) {
		t.Errorf("these tests are written:\n%s", strings.Join(Diff(strings.Join(want, "\n"), strings.Join(names, "\n")), "\n"))
	}
	if err := compileSchema(t).Validate(instance(t, string(text))); err != nil {
		t.Errorf("the schema refuses what is written: %v", err)
	}
}

// A lone document will do, or a fragment; its named values are made up where they may
// have any value.
func TestInitDocument(t *testing.T) {
	dir := t.TempDir()
	document := func(value string) string {
		return `<policies><inbound><check-header name="X-Key" failed-check-httpcode="` + value + `" failed-check-error-message="no" ignore-case="false"><value>{{key}}</value></check-header></inbound><backend><forward-request /></backend><outbound /><on-error /></policies>`
	}
	write(t, filepath.Join(dir, "a.xml"), document("401"))
	out := filepath.Join(dir, "a"+suffix)
	text, err := Init(filepath.Join(dir, "a.xml"), out)
	if err != nil || !strings.Contains(string(text), "namedValues: {key: made-up-key}\n") {
		t.Fatalf("got %v:\n%s", err, text)
	}
	write(t, out, string(text))
	if _, printed := runSuite(t, Options{}, out); strings.Contains(printed, "FAIL") {
		t.Errorf("%s\n%s", printed, text)
	}
	write(t, filepath.Join(dir, "a.xml"), `<policies><inbound><validate-azure-ad-token tenant-id="{{tenant}}"><audiences><audience>{{audience}}</audience></audiences></validate-azure-ad-token></inbound><backend><forward-request /></backend><outbound /><on-error /></policies>`)
	if text, err = Init(filepath.Join(dir, "a.xml"), out); err != nil || strings.Contains(string(text), "TODO") || strings.Contains(string(text), "could not be tried") {
		t.Errorf("a token of a tenant that is made up: %v\n%s", err, text)
	}
	write(t, filepath.Join(dir, "a.xml"), `<fragment><check-header name="X-Key" failed-check-httpcode="401" failed-check-error-message="no" ignore-case="false" /></fragment>`)
	if text, err = Init(filepath.Join(dir, "a.xml"), out); err != nil || !strings.Contains(string(text), "no header X-Key") {
		t.Errorf("a fragment: %v\n%s", err, text)
	}
	write(t, filepath.Join(dir, "a.xml"), document("{{status}}"))
	if _, err := Init(filepath.Join(dir, "a.xml"), out); err == nil || !strings.Contains(err.Error(), "status") || strings.Contains(err.Error(), "made-up") {
		t.Errorf("a status that nobody gives: %v", err)
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

package testrun

import (
	"encoding/base64"
	"net/url"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

// What is secret in the tests below, and what is not.
const (
	namedSecret  = "named+1/2=3&4-secret"
	keySecret    = "subscription-key-0123456789"
	clearSecret  = "clear-password-0123456789"
	opaqueSecret = "opaque-token-0123456789"
	sigSecret    = "sig-0123456789"
	cookieSecret = "cookie-0123456789"
	stubSecret   = "stub-token-0123456789"
	notSecret    = "nothing-hides-this"
)

var secretFiles = map[string]string{
	"apim.yaml": `
apis:
  - {name: a, path: "", backend: "https://backend.example", policy: policy.xml}
subscriptions: [{name: s, primaryKey: ` + keySecret + `}]
namedValues: {named: {env: A_VARIABLE_THAT_IS_NOT_READ}}
`,
	"policy.xml": `<policies><inbound>
    <authentication-basic username="me" password="` + clearSecret + `" />
    <set-variable name="v" value="@("{{named}}" + context.Request.Headers.GetValueOrDefault("X-Token", ""))" />
    <set-query-parameter name="plain" exists-action="override"><value>{{named}}</value></set-query-parameter>
    <set-header name="X-Plain" exists-action="override"><value>@("{{named}} " + Convert.ToBase64String(System.Text.Encoding.UTF8.GetBytes("u:{{named}}")) + " ` + notSecret + `")</value></set-header>
    <set-header name="X-Seen" exists-action="override"><value>@(context.Request.Headers.GetValueOrDefault("X-Token", "") + context.Request.Headers.GetValueOrDefault("Cookie", ""))</value></set-header>
</inbound><backend><forward-request /></backend><outbound>
    <set-header name="X-Back" exists-action="override"><value>@("{{named}} " + context.Response.Body.As<string>(preserveContent: true))</value></set-header>
</outbound></policies>`,
	"a.test.yaml": `
service: apim.yaml
namedValues: {named: "` + namedSecret + `"}
tests:
  - name: answered
    request:
      url: /x?sig=` + sigSecret + `
      key: s
      headers: {X-Token: ` + opaqueSecret + `, Cookie: "sid=` + cookieSecret + `"}
    backend:
      - match: {host: backend.example}
        headers: {Set-Cookie: "sid=` + cookieSecret + `"}
        body: '{"access_token": "` + stubSecret + `"}'
    expect:
      status: 201
      headers: {X-Back: something else}
      body: something else
      variables: {v: something else}
      backend:
        requests:
          - {host: backend.example, path: /y, query: {plain: else}, headers: {X-Plain: else, X-Seen: else, Authorization: else}}
  - name: not answered
    request: {url: "/x?code=` + sigSecret + `", key: s, headers: {X-Token: ` + opaqueSecret + `}}
    expect: {status: 200}
`,
}

// What a failing test prints and reports holds no secret, in whatever spelling.
func TestFailuresShowNoSecret(t *testing.T) {
	dir := t.TempDir()
	for name, text := range secretFiles {
		if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	s, printed := runSuite(t, Options{}, dir)
	var junit, inJSON strings.Builder
	if err := s.WriteJUnit(&junit); err != nil {
		t.Fatal(err)
	}
	if err := s.WriteJSON(&inJSON); err != nil {
		t.Fatal(err)
	}
	if !strings.Contains(printed, "2 failed") || strings.Contains(printed, "can't be loaded") {
		t.Fatalf("the tests do not fail as they should:\n%s", printed)
	}
	aToken := regexp.MustCompile(`eyJ[A-Za-z0-9_-]{10,}\.`)
	for where, text := range map[string]string{"what is printed": printed, "the JUnit report": junit.String(), "the JSON report": inJSON.String()} {
		for _, secret := range []string{namedSecret, keySecret, clearSecret, opaqueSecret, sigSecret, cookieSecret, stubSecret} {
			for _, spelling := range []string{secret, url.QueryEscape(secret), url.PathEscape(secret), strings.ReplaceAll(secret, "&", "&amp;"), strings.ReplaceAll(secret, "&", `\u0026`),
				base64.StdEncoding.EncodeToString([]byte(secret)), base64.StdEncoding.EncodeToString([]byte("u:" + secret))[4:20], base64.StdEncoding.EncodeToString([]byte("me:" + secret))[4:]} {
				if i := strings.Index(text, spelling); i >= 0 {
					t.Errorf("%s shows %s after %q", where, spelling, text[max(0, i-100):i])
				}
			}
		}
		if found := aToken.FindString(text); found != "" {
			t.Errorf("%s shows a token", where)
		}
		if !strings.Contains(text, notSecret) {
			t.Errorf("%s does not show %s", where, notSecret)
		}
	}
}

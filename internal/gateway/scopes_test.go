package gateway_test

import (
	"strings"
	"testing"

	"github.com/apimulator/apimulator/policy/exchange"
)

// marking is a policy that leaves its scope's name in X-Ran on the way in, and in
// X-On-Error if something fails.
func marking(scope string) string {
	return strings.ReplaceAll(`<policies>
    <inbound><base /><set-header name="X-Ran" exists-action="append"><value>SCOPE</value></set-header></inbound>
    <backend><base /></backend>
    <outbound><base /></outbound>
    <on-error><base /><set-header name="X-On-Error" exists-action="append"><value>SCOPE</value></set-header></on-error>
</policies>`, "SCOPE", scope)
}

const scopedService = `
policy: global.xml
apis:
  - name: shop
    path: shop
    backend: http://localhost:9000
    policy: api.xml
    operations:
      - {name: get, method: GET, urlTemplate: /items, policy: operation.xml}
      - {name: plain, method: GET, urlTemplate: /plain}
      - {name: failing, method: GET, urlTemplate: /failing, policy: failing.xml}
  - {name: free, path: free, backend: "http://localhost:9000", policy: api.xml, subscriptionRequired: false}
products:
  - {name: gold, apis: [shop, free], policy: gold.xml}
  - {name: open, apis: [free], policy: open.xml, subscriptionRequired: false}
  - {name: bare, apis: [shop]}
subscriptions:
  - {name: gold, product: gold}
  - {name: bare, product: bare}
  - {name: shop, api: shop}
  - {name: all}
`

func scopedLab(t *testing.T) *lab {
	t.Helper()
	files := map[string]string{
		"global.xml": strings.Replace(marking("global"), "<backend><base /></backend>", "<backend><forward-request /></backend>", 1),
		"failing.xml": strings.Replace(marking("operation"), "<inbound>",
			`<inbound><check-header name="X-Never" failed-check-httpcode="403" failed-check-error-message="no" ignore-case="true" />`, 1),
	}
	for _, scope := range []string{"api", "operation", "gold", "open"} {
		files[scope+".xml"] = marking(scope)
	}
	return newLab(t, scopedService, files)
}

// Which policies run, outermost first: those of a product only in its context,
// which a key for the API or for all APIs does not give (runtime.md, Which
// policies run).
func TestPoliciesOfTheContext(t *testing.T) {
	l := scopedLab(t)
	tests := []struct{ request, key, want string }{
		{"GET /shop/items", "gold-primary", "global,gold,api,operation"},
		{"GET /shop/items", "bare-primary", "global,api,operation"},
		{"GET /shop/items", "shop-primary", "global,api,operation"},
		{"GET /shop/items", "all-primary", "global,api,operation"},
		{"GET /shop/plain", "gold-primary", "global,gold,api"},
		{"GET /free/items", "", "global,open,api"},
		{"GET /free/items", "nobody's", "global,open,api"},
		{"GET /free/items", "gold-primary", "global,gold,api"},
		{"GET /free/items", "all-primary", "global,api"},
	}
	for _, test := range tests {
		var sent []string
		if test.key != "" {
			sent = []string{"Ocp-Apim-Subscription-Key: " + test.key}
		}
		x, _ := l.do(test.request, sent...)
		if x.Response.Status != 200 {
			t.Errorf("%s, key %q: status %d; want 200", test.request, test.key, x.Response.Status)
			continue
		}
		if got := strings.Join(l.backend.last().Header.Values("X-Ran"), " "); got != test.want {
			t.Errorf("%s, key %q: the policies of %s ran; want %s", test.request, test.key, got, test.want)
		}
		if got := header(x.Response, "X-On-Error"); got != "" {
			t.Errorf("%s, key %q: on-error of %s ran; want none", test.request, test.key, got)
		}
	}
}

// A refusal runs on-error of the scopes known by then, and nothing else.
func TestOnErrorOfTheScopesKnown(t *testing.T) {
	l := scopedLab(t)
	tests := []struct {
		request, key string
		status       int
		want         string
	}{
		{"GET /nowhere", "", 404, "global"},
		{"GET /shop/nowhere", "", 404, "global,api"},
		{"POST /shop/items", "", 404, "global,api"},
		{"GET /shop/items", "", 401, "global,api,operation"},
		{"GET /shop/items", "nobody's", 401, "global,api,operation"},
		{"GET /shop/plain", "", 401, "global,api"},
		// The product is known once the key is accepted.
		{"GET /shop/failing", "gold-primary", 403, "global,gold,api,operation"},
		{"GET /shop/failing", "all-primary", 403, "global,api,operation"},
	}
	for _, test := range tests {
		var sent []string
		if test.key != "" {
			sent = []string{"Ocp-Apim-Subscription-Key: " + test.key}
		}
		x, _ := l.do(test.request, sent...)
		if got := header(x.Response, "X-On-Error"); x.Response.Status != test.status || got != test.want {
			t.Errorf("%s, key %q: %d, on-error of %s ran; want %d and %s", test.request, test.key, x.Response.Status, got, test.status, test.want)
		}
		if l.backend.last() != nil {
			t.Errorf("%s, key %q: the backend was called", test.request, test.key)
		}
	}
}

// On-error can change the answer to a refusal; LastError stays what it was.
func TestOnErrorChangesRefusals(t *testing.T) {
	const policies = `<policies>
    <inbound><base /></inbound>
    <backend><forward-request /></backend>
    <outbound><base /></outbound>
    <on-error>
        <base />
        <return-response>
            <set-status code="418" reason="I'm a teapot" />
            <set-header name="X-From"><value>SCOPE</value></set-header>
            <set-body>changed</set-body>
        </return-response>
    </on-error>
</policies>`
	service := `
apis:
  - name: shop
    path: shop
    backend: http://localhost:9000
    policy: api.xml
    operations: [{name: get, method: GET, urlTemplate: /items}]
`
	api := strings.ReplaceAll(policies, "SCOPE", "api")
	global := strings.ReplaceAll(policies, "SCOPE", "global")
	tests := []struct {
		name, request, global string
		status                int
		from, reason          string
	}{
		{"404 without an API, changed by global", "GET /nowhere", "policy: global.xml", 418, "global", exchange.ReasonOperationNotFound},
		{"404 without an API, out of the API's reach", "GET /nowhere", "", 404, "", exchange.ReasonOperationNotFound},
		{"404 of an API, changed by the API", "GET /shop/nowhere", "", 418, "api", exchange.ReasonOperationNotFound},
		// The API's on-error begins with base, and return-response ends it there.
		{"404 of an API, changed by global first", "GET /shop/nowhere", "policy: global.xml", 418, "global", exchange.ReasonOperationNotFound},
		{"401, changed by the API", "GET /shop/items", "", 418, "api", exchange.ReasonSubscriptionKeyNotFound},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			l := newLab(t, test.global+service, map[string]string{"api.xml": api, "global.xml": global})
			x, record := l.do(test.request)
			if got := header(x.Response, "X-From"); x.Response.Status != test.status || got != test.from {
				t.Errorf("%s: %d from %q; want %d from %q", test.request, x.Response.Status, got, test.status, test.from)
			}
			if test.from != "" && body(t, x.Response) != "changed" {
				t.Errorf("%s: the body was not changed", test.request)
			}
			if got := header(x.Response, "WWW-Authenticate"); test.from != "" && got != "" {
				t.Errorf("%s: the new response has WWW-Authenticate %s", test.request, got)
			}
			if x.LastError.Reason != test.reason || record.LastError.Reason != test.reason {
				t.Errorf("%s: LastError is %+v; want reason %s", test.request, x.LastError, test.reason)
			}
			if d := record.Deciding(); d == nil || d.Reason != test.reason {
				t.Errorf("%s: the record says that %+v decided; want the refusal", test.request, d)
			}
		})
	}
}

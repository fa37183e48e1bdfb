package gateway_test

import (
	"strings"
	"testing"

	"github.com/apimulator/apimulator/policy/exchange"
)

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

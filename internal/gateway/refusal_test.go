package gateway_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"github.com/apimulator/apimulator/internal/trace"
	"github.com/apimulator/apimulator/policy/exchange"
)

const refusingService = `
apis:
  - name: orders
    path: shop/orders
    backend: http://localhost:9000
    subscriptionKey: {header: X-Key, query: order-id}
    operations:
      - {name: list, method: GET, urlTemplate: /items}
  - {name: root, backend: "http://localhost:9000", operations: [{name: list, method: GET, urlTemplate: /items}]}
products:
  - {name: gold, apis: [root]}
subscriptions:
  - {name: me, api: orders}
  - {name: product, product: gold}
  - {name: gone, state: suspended}
`

// What LastError and the record say beside what the client is told, which is in
// testdata/refusals.test.yaml.
func TestRefusals(t *testing.T) {
	missing := exchange.LastError{Source: "authorization", Section: "inbound", Reason: "SubscriptionKeyNotFound",
		Message: "Access denied due to missing subscription key. Make sure to include subscription key when making requests to this API."}
	invalid := exchange.LastError{Source: "authorization", Section: "inbound", Reason: "SubscriptionKeyInvalid",
		Message: "Access denied due to invalid subscription key. Make sure to provide a valid key for an active subscription."}
	notFound := exchange.LastError{Source: "configuration", Section: "backend", Reason: "OperationNotFound",
		Message: "Unable to match incoming request to an operation."} // observed.md 4.12
	tests := []struct {
		name, request string
		header        []string
		status        int
		lastError     exchange.LastError
		detail        string
	}{
		{
			name: "missing key", request: "GET /items", status: 401, lastError: missing, detail: "send the key in header Ocp-Apim-Subscription-Key or query parameter subscription-key",
		}, {
			name: "missing key, renamed, another port", request: "GET http://localhost:8080/shop/orders/items", status: 401, lastError: missing, detail: "send the key in header X-Key or query parameter order-id",
		}, {
			name: "default ports are not shown", request: "GET https://gateway.example:443/items", status: 401, lastError: missing, detail: "send the key in header Ocp-Apim-Subscription-Key or query parameter subscription-key",
		}, {
			name: "IPv6", request: "GET https://[::1]:8443/items", status: 401, lastError: missing, detail: "send the key in header Ocp-Apim-Subscription-Key or query parameter subscription-key",
		}, {
			name: "unknown key", request: "GET /items", header: []string{"Ocp-Apim-Subscription-Key: nobody's"}, status: 401, lastError: invalid, detail: "no subscription has this key",
		}, {
			name: "inactive key", request: "GET /items", header: []string{"Ocp-Apim-Subscription-Key: gone-primary"}, status: 401, lastError: invalid, detail: "it is the key of subscription gone, which is not active",
		}, {
			name: "another API's key", request: "GET /items", header: []string{"Ocp-Apim-Subscription-Key: me-primary"}, status: 401, lastError: invalid, detail: "it is the key of subscription me to API orders, not to root",
		}, {
			name: "another product's key", request: "GET /shop/orders/items", header: []string{"X-Key: product-primary"}, status: 401, lastError: invalid, detail: "it is the key of subscription product to product gold, which does not have API orders",
		}, {
			name: "no operation", request: "GET /nothing", status: 404, lastError: notFound,
		}, {
			name: "another method", request: "POST /items", status: 404, lastError: notFound,
		}, {
			// The preflight of a browser is no different without cors (observed.md 7.10).
			name: "OPTIONS", request: "OPTIONS /items", status: 404, lastError: notFound,
		}, {
			name: "the operation is looked for before the key", request: "GET /shop/orders/nothing", header: []string{"X-Key: nobody's"}, status: 404, lastError: notFound,
		},
	}
	l := newLab(t, refusingService, nil)
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			x, record := l.do(test.request, test.header...)
			if x.Response.Status != test.status {
				t.Errorf("%s: status %d; want %d", test.request, x.Response.Status, test.status)
			}
			test.lastError.HTTPErrorCode = test.status
			if x.LastError == nil || *x.LastError != test.lastError {
				t.Errorf("%s: LastError\n got %+v\nwant %+v", test.request, x.LastError, test.lastError)
			}
			if l.backend.last() != nil {
				t.Errorf("%s: the backend was called", test.request)
			}
			checkRefusedRecord(t, record, &test.lastError, test.detail)
		})
	}
}

// checkRefusedRecord looks for the one step that a refusal leaves: the built-in
// step that refused.
func checkRefusedRecord(t *testing.T, record *trace.Record, e *exchange.LastError, detail string) {
	t.Helper()
	want := []trace.Step{{Name: e.Source, Outcome: "failed", Reason: e.Reason, Message: e.Message, Detail: detail}}
	if diff := cmp.Diff(want, record.Steps, cmpopts.IgnoreFields(trace.Step{}, "Changes")); diff != "" {
		t.Errorf("the record's steps: got (+), want (-)\n%s", diff)
	}
	if got := record.LastError; got == nil || got.Reason != e.Reason || got.Message != e.Message || got.Source != e.Source || got.Section != e.Section {
		t.Errorf("the record's LastError is %+v; want %+v", got, e)
	}
}

// What the record says of a request that was let in, and of one that was not.
func TestRecordOfAdmission(t *testing.T) {
	l := newLab(t, tableService, nil)
	tests := []struct {
		request, key string
		want         trace.Record // its names
		note         string
	}{
		{"GET /yes-yes/a", "gold-primary", trace.Record{API: "yes-yes", Operation: "any", Product: "gold", Subscription: "gold"}, "Subscription key of gold."},
		{"GET /yes-yes/a", "all-primary", trace.Record{API: "yes-yes", Operation: "any", Subscription: "all"}, "Subscription key of all."},
		{"GET /no-yes/a", "", trace.Record{API: "no-yes", Operation: "any", Product: "open"}, "No key needed: product open is open."},
		{"GET /alone-no/a", "nobody's", trace.Record{API: "alone-no", Operation: "any"}, "No key needed: the API requires no subscription."},
		{"GET /yes-yes/a", "nobody's", trace.Record{API: "yes-yes", Operation: "any"}, ""},
		{"GET /nowhere", "", trace.Record{}, ""},
	}
	for _, test := range tests {
		var sent []string
		if test.key != "" {
			sent = []string{"Ocp-Apim-Subscription-Key: " + test.key}
		}
		_, record := l.do(test.request, sent...)
		got := trace.Record{API: record.API, Operation: record.Operation, Product: record.Product, Subscription: record.Subscription}
		if diff := cmp.Diff(test.want, got, cmpopts.IgnoreUnexported(trace.Record{})); diff != "" {
			t.Errorf("%s, key %q: got (+), want (-)\n%s", test.request, test.key, diff)
		}
		first := record.Steps[0]
		if test.note != "" && (first.Name != "authorization" || len(first.Notes) != 1 || first.Notes[0] != test.note) {
			t.Errorf("%s, key %q: the first step is %+v; want authorization with the note %q", test.request, test.key, first, test.note)
		}
		if record.ID != requestID || record.ClientIP != "192.0.2.7" || !record.Time.Equal(noon) {
			t.Errorf("%s: the record is of %s from %s at %v", test.request, record.ID, record.ClientIP, record.Time)
		}
	}
}

// No key is ever kept, whatever the API calls its query parameter.
func TestRecordMasksKeys(t *testing.T) {
	l := newLab(t, refusingService, nil)
	tests := []struct{ request, want string }{
		{"GET /items?subscription-key=s3cret&a=b", "https://gateway.example/items?subscription-key=***&a=b"},
		{"GET /shop/orders/items?order-id=s3cret&a=b", "https://gateway.example/shop/orders/items?order-id=***&a=b"},
		{"GET /shop/orders/items?ORDER%2Did=s3cret", "https://gateway.example/shop/orders/items?ORDER%2Did=***"},
		{"GET /shop/orders/nothing?order-id=s3cret", "https://gateway.example/shop/orders/nothing?order-id=***"},
		// Another API's name for its key is an ordinary parameter here.
		{"GET /items?order-id=7", "https://gateway.example/items?order-id=7"},
	}
	for _, test := range tests {
		if _, record := l.do(test.request); record.URL != test.want {
			t.Errorf("%s is recorded as %s; want %s", test.request, record.URL, test.want)
		}
	}
	// Where no API is found, it may be any API's.
	l = newLab(t, `apis: [{name: a, path: a, backend: "http://localhost:9000", subscriptionKey: {query: pass}}]`, nil)
	if _, record := l.do("GET /b?pass=s3cret"); record.URL != "https://gateway.example/b?pass=***" {
		t.Errorf("recorded as %s; want the value of pass masked", record.URL)
	}
}

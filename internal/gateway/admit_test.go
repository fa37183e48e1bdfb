package gateway_test

import (
	"fmt"
	"testing"

	"github.com/apimulator/apimulator/policy/exchange"
)

// The four APIs are the rows of runtime.md's table: whether all products of the
// API require a subscription, and whether the API itself does. Two more are in
// no product.
const tableService = `
apis:
  - {name: yes-yes, path: yes-yes, backend: "http://localhost:9000"}
  - {name: yes-no, path: yes-no, backend: "http://localhost:9000", subscriptionRequired: false}
  - {name: no-yes, path: no-yes, backend: "http://localhost:9000"}
  - {name: no-no, path: no-no, backend: "http://localhost:9000", subscriptionRequired: false}
  - {name: alone-yes, path: alone-yes, backend: "http://localhost:9000"}
  - {name: alone-no, path: alone-no, backend: "http://localhost:9000", subscriptionRequired: false}
products:
  - {name: gold, apis: [yes-yes, yes-no, no-yes, no-no]}
  - {name: open, apis: [no-yes, no-no], subscriptionRequired: false}
  - {name: silver, apis: []}
subscriptions:
  - {name: gold, product: gold}
  - {name: open, product: open}
  - {name: silver, product: silver}
  - {name: all}
  - {name: api-yes-yes, api: yes-yes}
  - {name: api-yes-no, api: yes-no}
  - {name: api-no-yes, api: no-yes}
  - {name: api-no-no, api: no-no}
  - {name: api-alone-yes, api: alone-yes}
  - {name: api-alone-no, api: alone-no}
  - {name: suspended, product: gold, state: suspended}
  - {name: cancelled, product: gold, state: cancelled}
  - {name: rejected, state: rejected}
  - {name: submitted, api: yes-yes, state: submitted}
  - {name: expired, state: expired}
`

// Every cell of the decision on a subscription key (runtime.md, Subscription
// keys). A cell is what comes of it: the subscription and the product in whose
// context the request runs, "-" for none, or the reason of a 401.
func TestSubscriptionKeyTable(t *testing.T) {
	const (
		missing = "401 SubscriptionKeyNotFound"
		invalid = "401 SubscriptionKeyInvalid"
		nobody  = "200 - in -"
		open    = "200 - in open"
	)
	apis := []string{"yes-yes", "yes-no", "no-yes", "no-no", "alone-yes", "alone-no"}
	noFit := []string{invalid, nobody, open, open, invalid, nobody}
	tests := []struct {
		key  string
		want []string // by API
	}{
		{"", []string{missing, nobody, open, open, missing, nobody}},
		{"gold-primary", []string{"200 gold in gold", "200 gold in gold", "200 gold in gold", "200 gold in gold", invalid, nobody}},
		{"gold-secondary", []string{"200 gold in gold", "200 gold in gold", "200 gold in gold", "200 gold in gold", invalid, nobody}},
		// The key of a subscription to an open product counts as any other.
		{"open-primary", []string{invalid, nobody, "200 open in open", "200 open in open", invalid, nobody}},
		// No product context: the key is for an API, or for all.
		{"all-primary", []string{"200 all in -", "200 all in -", "200 all in -", "200 all in -", "200 all in -", "200 all in -"}},
		{"all-secondary", []string{"200 all in -", "200 all in -", "200 all in -", "200 all in -", "200 all in -", "200 all in -"}},
		{"api-yes-yes-primary", []string{"200 api-yes-yes in -", nobody, open, open, invalid, nobody}},
		{"api-yes-no-primary", []string{invalid, "200 api-yes-no in -", open, open, invalid, nobody}},
		{"api-no-yes-primary", []string{invalid, nobody, "200 api-no-yes in -", open, invalid, nobody}},
		{"api-no-no-secondary", []string{invalid, nobody, open, "200 api-no-no in -", invalid, nobody}},
		{"api-alone-yes-primary", []string{invalid, nobody, open, open, "200 api-alone-yes in -", nobody}},
		{"api-alone-no-primary", []string{invalid, nobody, open, open, invalid, "200 api-alone-no in -"}},
		{"silver-primary", noFit},
		{"suspended-primary", noFit},
		{"cancelled-secondary", noFit},
		{"rejected-primary", noFit},
		{"submitted-primary", noFit},
		{"expired-primary", noFit},
		{"nobody's", noFit},
		{"GOLD-PRIMARY", noFit},
		{"gold-primary ", []string{"200 gold in gold", "200 gold in gold", "200 gold in gold", "200 gold in gold", invalid, nobody}}, // header values are trimmed
		{"gold-primary,gold-primary", noFit},
		{"gold-primar", noFit},
	}
	l := newLab(t, tableService, nil)
	for _, test := range tests {
		for i, api := range apis {
			var sent []string
			if test.key != "" {
				sent = []string{"Ocp-Apim-Subscription-Key: " + test.key}
			}
			x, _ := l.do("GET /"+api+"/items", sent...)
			if got := outcome(x); got != test.want[i] {
				t.Errorf("API %s, key %q: %s; want %s", api, test.key, got, test.want[i])
			}
		}
	}
}

func outcome(x *exchange.Exchange) string {
	if x.LastError != nil {
		return fmt.Sprintf("%d %s", x.Response.Status, x.LastError.Reason)
	}
	subscription, product := "-", "-"
	if x.Subscription != nil {
		subscription = x.Subscription.Name
	}
	if x.Product != nil {
		product = x.Product.Name
	}
	return fmt.Sprintf("%d %s in %s", x.Response.Status, subscription, product)
}

// Where the key is looked for.
func TestWhereTheKeyIs(t *testing.T) {
	l := newLab(t, `
apis:
  - {name: plain, path: plain, backend: "http://localhost:9000"}
  - {name: header, path: header, backend: "http://localhost:9000", subscriptionKey: {header: X-Key}}
  - {name: query, path: query, backend: "http://localhost:9000", subscriptionKey: {query: k}}
  - {name: both, path: both, backend: "http://localhost:9000", subscriptionKey: {header: X-Key, query: k}}
  - {name: authorization, path: authorization, backend: "http://localhost:9000", subscriptionKey: {header: Authorization}}
subscriptions:
  - {name: me, primaryKey: right, secondaryKey: "also right&"}
`, nil)
	const (
		missing = "401 SubscriptionKeyNotFound"
		invalid = "401 SubscriptionKeyInvalid"
		ok      = "200 me in -"
		name    = "Ocp-Apim-Subscription-Key"
	)
	tests := []struct {
		request string
		header  []string
		want    string
	}{
		{"GET /plain", nil, missing},
		{"GET /plain", []string{name + ": right"}, ok},
		{"GET /plain", []string{"ocp-apim-subscription-key: right"}, ok},
		{"GET /plain", []string{name + ": also right&"}, ok},
		{"GET /plain?subscription-key=right", nil, ok},
		{"GET /plain?a=b&Subscription-Key=right", nil, ok},
		{"GET /plain?subscription%2Dkey=r%69ght", nil, ok},
		{"GET /plain?subscription-key=also%20right%26", nil, ok},
		{"GET /plain?subscription-key=also+right%26", nil, ok},
		{"GET /plain?subscription-key=wrong", nil, invalid},
		// A wrong key in the header is not rescued by a right one in the query.
		{"GET /plain?subscription-key=right", []string{name + ": wrong"}, invalid},
		{"GET /plain?subscription-key=wrong", []string{name + ": right"}, ok},
		// Chosen: what is there but empty is missing, and still hides the query.
		{"GET /plain", []string{name + ":"}, missing},
		{"GET /plain?subscription-key=", nil, missing},
		{"GET /plain?subscription-key", nil, missing},
		{"GET /plain?subscription-key=right", []string{name + ":"}, missing},
		// Two lines, or two parameters, are no key, even if both are right.
		{"GET /plain", []string{name + ": right", name + ": right"}, invalid},
		{"GET /plain", []string{name + ": right", name + ": wrong"}, invalid},
		{"GET /plain?subscription-key=right&subscription-key=right", nil, invalid},

		// The two names are set apart: with one renamed, the other stays.
		{"GET /header", []string{"X-Key: right"}, ok},
		{"GET /header", []string{name + ": right"}, missing},
		{"GET /header?subscription-key=right", nil, ok},
		{"GET /header?subscription-key=right", []string{name + ": wrong"}, ok},
		{"GET /query?k=right", nil, ok},
		{"GET /query?subscription-key=right", nil, missing},
		{"GET /query", []string{name + ": right"}, ok},
		{"GET /both?k=right", nil, ok},
		{"GET /both?subscription-key=right", []string{name + ": right"}, missing},
		{"GET /both", []string{"x-key: right"}, ok},

		// Repeated lines of Authorization have become one by then.
		{"GET /authorization", []string{"Authorization: right"}, ok},
		{"GET /authorization", []string{"Authorization: right", "Authorization: right"}, invalid},
	}
	for _, test := range tests {
		x, _ := l.do(test.request, test.header...)
		if got := outcome(x); got != test.want {
			t.Errorf("%s with %q: %s; want %s", test.request, test.header, got, test.want)
		}
	}
}

// The key goes on to the backend as it came (runtime.md, observed.md 7.2).
func TestKeyIsPassedOn(t *testing.T) {
	l := newLab(t, tableService, nil)
	l.do("GET /yes-yes/items?a=b", "Ocp-Apim-Subscription-Key: gold-primary")
	if key, _ := l.backend.last().Header.Get("Ocp-Apim-Subscription-Key"); key != "gold-primary" {
		t.Errorf("the backend got the key %q in the header; want gold-primary", key)
	}
	l.do("GET /yes-yes/items?subscription-key=gold-primary&a=b")
	if got, want := l.backend.last().URL.RawQuery, "subscription-key=gold-primary&a=b"; got != want {
		t.Errorf("the backend got the query %q; want %q", got, want)
	}
}

// A subscription without keys is opened by nothing, least of all by an empty one.
func TestSubscriptionWithoutKeys(t *testing.T) {
	s := load(t, tableService, nil, false)
	for _, sub := range s.Subscriptions {
		sub.View.PrimaryKey, sub.View.SecondaryKey = "", ""
	}
	l := newLab(t, tableService, nil)
	l.gateway.Use(s)
	for _, sent := range [][]string{nil, {"Ocp-Apim-Subscription-Key:"}, {"Ocp-Apim-Subscription-Key: gold-primary"}} {
		if x, _ := l.do("GET /yes-yes", sent...); x.Response.Status != 401 {
			t.Errorf("keys %q: status %d; want 401", sent, x.Response.Status)
		}
	}
}

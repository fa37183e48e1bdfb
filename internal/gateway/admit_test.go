package gateway_test

import (
	"fmt"
	"testing"

	"github.com/apimulator/apimulator/policy/exchange"
)

// As testdata/keys.yaml, where the decision on a key is tested: the four APIs are the rows of runtime.md's table: whether all products of the
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

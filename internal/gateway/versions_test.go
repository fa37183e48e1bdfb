package gateway_test

import (
	"slices"
	"testing"
)

const versionedService = `
versionSets:
  - {name: path, scheme: Segment}
  - {name: header, scheme: Header, header: Api-Version}
  - {name: query, scheme: Query, query: api-version}
apis:
  - {name: orders, path: orders, versionSet: path, backend: "http://orders", subscriptionRequired: false}
  - {name: orders-v1, path: orders, versionSet: path, version: v1, backend: "http://orders-v1", subscriptionRequired: false}
  - {name: orders-v2, path: orders, versionSet: path, version: v2, backend: "http://orders-v2", subscriptionRequired: false}
  - {name: orders-v2, revision: 2, isCurrent: false, backend: "http://orders-v2-rev2"}

  - {name: stock, path: stock, versionSet: header, backend: "http://stock", subscriptionRequired: false}
  - {name: stock-v1, path: stock, versionSet: header, version: v1, backend: "http://stock-v1", subscriptionRequired: false}
  - {name: stock-v1, revision: 2, isCurrent: false, backend: "http://stock-v1-rev2"}
  - {name: stock, revision: 2, isCurrent: false, backend: "http://stock-rev2"}

  - {name: shop-1, path: shop, versionSet: query, version: 2024-06-01, backend: "http://shop-1", subscriptionRequired: false}
  - {name: shop-2, path: shop, versionSet: query, version: 2025-01-01, backend: "http://shop-2", subscriptionRequired: false}

  - name: many
    path: many/apis
    backend: http://many-rev1
    isCurrent: false
    operations: [{name: old, method: GET, urlTemplate: /old}]
  - {name: many, revision: 2, path: many/apis, backend: "http://many-rev2", subscriptionRequired: false}
  - {name: many, revision: beta, isCurrent: false, backend: "http://many-beta"}

  - {name: root, backend: "http://root", subscriptionRequired: false}
  - {name: root, revision: 2, isCurrent: false, backend: "http://root-rev2"}
  - {name: secure, path: secure, protocols: [https], backend: "http://secure", subscriptionRequired: false}
  - {name: both, path: both, protocols: [https, http], backend: "http://both", subscriptionRequired: false}
  - {name: plain, path: plain, protocols: [http], backend: "http://plain", subscriptionRequired: false}
`

// What context.Api says of a version and a revision.
func TestVersionsInContext(t *testing.T) {
	l := newLab(t, versionedService, nil)
	tests := []struct {
		request                 string
		path, version, revision string
		current                 bool
		protocols               []string
	}{
		{"GET /orders", "orders", "", "1", true, []string{"https"}},
		{"GET /orders/v2", "orders", "v2", "1", true, []string{"https"}},
		{"GET /orders/v2;rev=2", "orders", "v2", "2", false, []string{"https"}},
		{"GET /many/apis;rev=beta", "many/apis", "", "beta", false, []string{"https"}},
		{"GET /both", "both", "", "1", true, []string{"https", "http"}},
	}
	for _, test := range tests {
		x, _ := l.do(test.request)
		a := x.API
		if a == nil || a.Path != test.path || a.Version != test.version || a.Revision != test.revision || a.IsCurrentRevision != test.current || !slices.Equal(a.Protocols, test.protocols) {
			t.Errorf("%s: context.Api is %+v; want %+v", test.request, a, test)
		}
	}
}

// Keys and products are those of the API, whichever revision takes the request.
func TestRevisionsAreOpenedTogether(t *testing.T) {
	l := newLab(t, `
apis:
  - {name: orders, path: orders, backend: "http://localhost:9000", subscriptionKey: {header: X-Key}}
  - {name: orders, revision: 2, isCurrent: false, backend: "http://localhost:9000"}
  - {name: stock, path: stock, backend: "http://localhost:9000"}
products:
  - {name: gold, apis: [orders], state: notPublished}
subscriptions:
  - {name: gold, product: gold}
  - {name: orders, api: orders}
  - {name: stock, api: stock}
`, nil)
	tests := []struct{ request, key, want string }{
		{"GET /orders;rev=2", "", "401 SubscriptionKeyNotFound"},
		{"GET /orders;rev=2", "gold-primary", "200 gold in gold"},
		{"GET /orders;rev=2", "orders-primary", "200 orders in -"},
		{"GET /orders;rev=2", "stock-primary", "401 SubscriptionKeyInvalid"},
		{"GET /orders", "gold-primary", "200 gold in gold"}, // of a product that is not published
		{"GET /orders", "orders-primary", "200 orders in -"},
	}
	for _, test := range tests {
		x, _ := l.do(test.request, "X-Key: "+test.key)
		if got := outcome(x); got != test.want {
			t.Errorf("%s, key %q: %s; want %s", test.request, test.key, got, test.want)
		}
	}
	// The challenge names the API's path without what follows (runtime.md).
	x, _ := l.do("GET /orders;rev=2")
	if got, want := header(x.Response, "WWW-Authenticate"), `AzureApiManagementKey realm="https://gateway.example/orders",name="X-Key",type="header"`; got != want {
		t.Errorf("WWW-Authenticate\n got %s\nwant %s", got, want)
	}
}

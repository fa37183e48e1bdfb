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

// Which version and revision of an API takes a request. What names them goes on
// to the backend, but for what stands in the path.
func TestVersions(t *testing.T) {
	l := newLab(t, versionedService, nil)
	const header = "Api-Version: "
	tests := []struct {
		request, header string
		want            string
	}{
		// In the path: the version is part of it.
		{"GET /orders/v1", "", "orders-v1 any http://orders-v1/"},
		{"GET /orders/v1/7?a=b", "", "orders-v1 any http://orders-v1/7?a=b"},
		{"GET /Orders/V2/7", "", "orders-v2 any http://orders-v2/7"},
		{"GET /orders", "", "orders any http://orders/"},
		{"GET /orders/7", "", "orders any http://orders/7"},
		{"GET /orders/v3/7", "", "orders any http://orders/v3/7"},
		{"GET /orders/v10", "", "orders any http://orders/v10"},
		{"GET /orders/v2;rev=2/7", "", "orders-v2 any http://orders-v2-rev2/7"},
		{"GET /orders/v2;rev=1/7", "", "orders-v2 any http://orders-v2/7"},
		{"GET /orders/v2;rev=3/7", "", "404"},
		{"GET /orders;rev=1/v2", "", "orders any http://orders/v2"},
		{"GET /orders;rev=2/v2/7", "", "404"}, // the revision is behind the version

		// In a header: the value is that of the version, to the letter.
		{"GET /stock/7", header + "v1", "stock-v1 any http://stock-v1/7"},
		{"GET /stock/7", "api-version: v1", "stock-v1 any http://stock-v1/7"},
		{"GET /stock/7", header + "V1", "404"},
		{"GET /stock/7", header + "v2", "404"},
		{"GET /stock/7", header + "v1,v1", "404"},
		{"GET /stock/7", header, "stock any http://stock/7"},
		{"GET /stock/7", "", "stock any http://stock/7"},
		{"GET /stock/7?Api-Version=v1", "", "stock any http://stock/7?Api-Version=v1"},
		{"GET /stock;rev=2/7", header + "v1", "stock-v1 any http://stock-v1-rev2/7"},
		{"GET /stock;rev=2/7", "", "stock any http://stock-rev2/7"},

		// In the query, without an original version.
		{"GET /shop/7?api-version=2024-06-01", "", "shop-1 any http://shop-1/7?api-version=2024-06-01"},
		{"GET /shop?a=b&API-Version=2025%2D01-01", "", "shop-2 any http://shop-2/?a=b&API-Version=2025%2D01-01"},
		{"GET /shop?api-version=2026-01-01", "", "404"},
		{"GET /shop?api-version=2024-06-01&api-version=2024-06-01", "", "404"},
		{"GET /shop", "", "404"},
		{"GET /shop", header + "2024-06-01", "404"},

		// Revisions without versions.
		{"GET /many/apis/7", "", "many any http://many-rev2/7"},
		{"GET /many/apis;rev=1/old", "", "many old http://many-rev1/old"},
		{"GET /many/apis;rev=1/7", "", "404 many"},
		{"GET /many/apis;REV=Beta/7?a=b", "", "many any http://many-beta/7?a=b"},
		{"GET /many/apis;rev=2", "", "many any http://many-rev2/"},
		{"GET /many/apis;rev=", "", "root any http://root/many/apis;rev="},
		{"GET /many;rev=1/apis/7", "", "root any http://root/many;rev=1/apis/7"},
		{"GET /many/apis/7;rev=1", "", "many any http://many-rev2/7;rev=1"},
		{"GET /many/apis;v=1/7", "", "root any http://root/many/apis;v=1/7"},
		{"GET /;rev=2/7", "", "root any http://root-rev2/7"},
		{"GET /;rev=3/7", "", "404"},
		{"GET /7;rev=2", "", "root any http://root/7;rev=2"},

		// By the protocol: an API that names none takes both.
		{"GET https://gateway.example/secure", "", "secure any http://secure/"},
		{"GET http://gateway.example/secure", "", "404"},
		{"GET http://gateway.example/both", "", "both any http://both/"},
		{"GET https://gateway.example/both", "", "both any http://both/"},
		{"GET https://gateway.example/plain", "", "404"},
		{"GET http://gateway.example/orders/v1", "", "orders-v1 any http://orders-v1/"},
	}
	for _, test := range tests {
		var sent []string
		if test.header != "" {
			sent = []string{test.header}
		}
		x, _ := l.do(test.request, sent...)
		if got := routed(l, x); got != test.want {
			t.Errorf("%s %s: %s; want %s", test.request, test.header, got, test.want)
		}
	}
	if l.do("GET /stock", header+"v1"); !slices.Equal(l.backend.last().Header.Values("Api-Version"), []string{"v1"}) {
		t.Errorf("the backend got the header\n%v\nwant Api-Version as it came", l.backend.last().Header)
	}
}

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

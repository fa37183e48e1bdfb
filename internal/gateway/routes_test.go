package gateway_test

import (
	"fmt"
	"testing"

	"github.com/apimulator/apimulator/policy/exchange"
)

// Which API and operation take a request, and what the backend is asked for. The
// path below the API's goes on byte for byte. "404 api" is an API without an
// operation that fits.
func TestRouting(t *testing.T) {
	l := newLab(t, `
apis:
  - {name: root, backend: "http://localhost:9000/base/", subscriptionRequired: false}
  - {name: shop, path: shop, backend: "http://localhost:9001", subscriptionRequired: false}
  - {name: v1, path: Shop/Orders/v1, backend: "https://localhost:9002/", subscriptionRequired: false}
  - name: strict
    path: strict
    backend: http://localhost:9003
    subscriptionRequired: false
    operations:
      - {name: any-one, method: "*", urlTemplate: "/items/{id}"}
      - {name: get-one, method: GET, urlTemplate: "/items/{id}"}
      - {name: below, method: GET, urlTemplate: "/below/*"}
      - {name: find, method: GET, urlTemplate: "/find?q={text}"}
`, nil)
	tests := []struct{ request, want string }{
		{"GET /", "root any http://localhost:9000/base/"},
		{"GET ", "root any http://localhost:9000/base"},
		{"GET ?a=b", "root any http://localhost:9000/base?a=b"},
		{"PURGE /x/y", "root any http://localhost:9000/base/x/y"},

		// By whole segments, without regard to case, the longest path first.
		{"GET /shop", "shop any http://localhost:9001/"},
		{"GET /SHOP/a", "shop any http://localhost:9001/a"},
		{"GET /shops/a", "root any http://localhost:9000/base/shops/a"},
		{"GET /sho/p", "root any http://localhost:9000/base/sho/p"},
		{"GET /x/shop", "root any http://localhost:9000/base/x/shop"},
		{"GET //shop/a", "root any http://localhost:9000/base//shop/a"},
		{"GET /shop/orders", "shop any http://localhost:9001/orders"},
		{"GET /shop/orders/v1", "v1 any https://localhost:9002/"},
		{"GET /shop/orders/v1/", "v1 any https://localhost:9002/"},
		{"GET /shop/orders/v10", "shop any http://localhost:9001/orders/v10"},
		{"GET /shop/orders/v1/a/b?c=d", "v1 any https://localhost:9002/a/b?c=d"},
		{"GET /shop//orders/v1", "shop any http://localhost:9001//orders/v1"},

		// Nothing is decoded, cleaned or sorted.
		{"GET /shop//a//b/", "shop any http://localhost:9001//a//b/"},
		{"GET /shop/a%2Fb%20c", "shop any http://localhost:9001/a%2Fb%20c"},
		{"GET /shop/../a/./b", "shop any http://localhost:9001/../a/./b"},
		{"GET /shop%2Fa", "root any http://localhost:9000/base/shop%2Fa"},
		{"GET /shop/a?b=1&a=%2f&&c", "shop any http://localhost:9001/a?b=1&a=%2f&&c"},

		{"GET /strict/items/7", "strict get-one http://localhost:9003/items/7"},
		{"DELETE /strict/items/7", "strict any-one http://localhost:9003/items/7"},
		{"get /strict/items/7", "strict any-one http://localhost:9003/items/7"}, // methods mind case
		{"GET /strict/items/a%2Fb/", "strict get-one http://localhost:9003/items/a%2Fb/"},
		{"GET /strict/below/", "strict below http://localhost:9003/below/"},
		{"GET /strict/below", "404 strict"},
		{"POST /strict/below/", "404 strict"},
		{"GET /strict/find?q=x", "strict find http://localhost:9003/find?q=x"},
		{"GET /strict/find", "404 strict"},
		// The API of the root does not take what another API's path claims.
		{"GET /strict/other", "404 strict"},
		{"GET /strict", "404 strict"},
	}
	for _, test := range tests {
		x, _ := l.do(test.request)
		if got := routed(l, x); got != test.want {
			t.Errorf("%s: %s; want %s", test.request, got, test.want)
		}
	}
}

func routed(l *lab, x *exchange.Exchange) string {
	switch {
	case x.API == nil:
		return fmt.Sprint(x.Response.Status)
	case x.Operation == nil:
		return fmt.Sprintf("%d %s", x.Response.Status, x.API.Name)
	}
	u := l.backend.last().URL
	return x.API.Name + " " + x.Operation.Name + " " + u.String()
}

// The values of the operation's template are there for policies.
func TestMatchedParameters(t *testing.T) {
	l := newLab(t, `
apis:
  - name: shop
    path: shop
    backend: http://localhost:9000
    subscriptionRequired: false
    policy: rewrite.xml
    operations:
      - {name: find, method: GET, urlTemplate: "/items/{id}/{*rest}?q={text}"}
`, map[string]string{"rewrite.xml": `<policies>
    <inbound><base /><rewrite-uri template="/{text}/{rest}?id={id}" /></inbound>
    <backend><base /></backend>
</policies>`})
	x, _ := l.do("GET /shop/items/a%2Fb/c%20d/e?q=f+g&h=i")
	want := []exchange.Parameter{{Name: "id", Value: "a/b", Raw: "a%2Fb"}, {Name: "rest", Value: "c d/e", Raw: "c%20d/e"}, {Name: "text", Value: "f g", Raw: "f%20g"}}
	if got := x.Request.MatchedParameters; fmt.Sprint(got) != fmt.Sprint(want) {
		t.Errorf("matched %v; want %v", got, want)
	}
	sent := l.backend.last().URL
	if got, want := sent.String(), "http://localhost:9000/f%20g/c%20d/e?id=a%2Fb&h=i"; got != want {
		t.Errorf("the backend is asked for %s; want %s", got, want)
	}
}

// A service without an API at the root takes no other path.
func TestNoAPI(t *testing.T) {
	l := newLab(t, `apis: [{name: shop, path: shop, backend: "http://localhost:9000", subscriptionRequired: false}]`, nil)
	for _, line := range []string{"GET /", "GET ", "GET /shops", "GET /x/shop", "OPTIONS *"} {
		if x, _ := l.do(line); routed(l, x) != "404" {
			t.Errorf("%s: %s; want 404 without an API", line, routed(l, x))
		}
	}
}

// Repeated lines of Authorization make one, joined: two tokens are no token.
func TestAuthorizationIsOneLine(t *testing.T) {
	l := newLab(t, `apis: [{name: shop, backend: "http://localhost:9000", subscriptionRequired: false}]`, nil)
	tests := []struct {
		sent []string
		want []string
	}{
		{nil, nil},
		{[]string{"Authorization: Bearer a"}, []string{"Bearer a"}},
		{[]string{"Authorization: Bearer a", "X: y", "authorization: Bearer b"}, []string{"Bearer a,Bearer b"}},
		{[]string{"Authorization: Bearer a", "Authorization: Bearer a"}, []string{"Bearer a,Bearer a"}},
		{[]string{"Authorization: Bearer a", "Authorization:"}, []string{"Bearer a,"}},
	}
	for _, test := range tests {
		l.do("GET /", test.sent...)
		if got := l.backend.last().Header.Values("Authorization"); fmt.Sprint(got) != fmt.Sprint(test.want) {
			t.Errorf("sent %q: the backend got %q; want %q", test.sent, got, test.want)
		}
	}
}

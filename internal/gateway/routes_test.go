package gateway_test

import (
	"fmt"
	"testing"

	"github.com/apimulator/apimulator/policy/exchange"
)

// What of routing (testdata/routing.test.yaml) no test file can say: request lines that few
// clients send, and whose API it is that has no operation.
func TestRouting(t *testing.T) {
	l := newLab(t, `
apis:
  - {name: root, backend: "http://localhost:9000/base/", subscriptionRequired: false}
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
		{"GET ", "root any http://localhost:9000/base"},
		{"GET ?a=b", "root any http://localhost:9000/base?a=b"},
		{"get /strict/items/7", "strict any-one http://localhost:9003/items/7"}, // methods mind case
		{"GET /strict/other", "404 strict"},
		{"GET /elsewhere", "root any http://localhost:9000/base/elsewhere"},
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

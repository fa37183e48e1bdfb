package gateway_test

import (
	"fmt"
	"testing"

	"github.com/apimulator/apimulator/policy/exchange"
)

const ownedService = `
serviceId: contoso.azure-api.net
gatewayId: on-premises
region: West Europe
apis:
  - name: orders
    displayName: Orders API
    path: orders
    backend: http://localhost:9000
    operations: [{name: list, displayName: List orders, method: GET, urlTemplate: /}]
  - {name: free, path: free, backend: "http://localhost:9000", subscriptionRequired: false}
groups:
  - {name: partners, displayName: Partners of ours}
users:
  - {name: alice, firstName: Alice, email: alice@contoso.example, groups: [partners]}
products:
  - {name: gold, displayName: Gold, apis: [orders], approvalRequired: true, subscriptionLimit: 2, groups: [partners]}
subscriptions:
  - {name: of-alice, displayName: Gold of Alice, product: gold, owner: alice}
  - {name: standalone, api: orders}
`

// Who is behind a request: the owner of the subscription whose key it brings,
// nobody where the subscription is standalone or no key is used.
func TestUser(t *testing.T) {
	l := newLab(t, ownedService, nil)
	tests := []struct{ request, key, want string }{
		{"GET /orders", "of-alice-primary", "alice with of-alice-primary"},
		{"GET /orders", "of-alice-secondary", "alice with of-alice-secondary"},
		{"GET /orders", "standalone-primary", "- with standalone-primary"},
		{"GET /orders", "", "- with -"},
		{"GET /free", "", "- with -"},
		{"GET /free", "of-alice-primary", "- with -"}, // not a key to it: ignored
	}
	for _, test := range tests {
		x, _ := l.do(test.request, "Ocp-Apim-Subscription-Key: "+test.key)
		user, key := "-", "-"
		if x.User != nil {
			user = x.User.ID
		}
		if x.Subscription != nil {
			key = x.Subscription.Key
		}
		if got := user + " with " + key; got != test.want {
			t.Errorf("%s, key %q: %s; want %s", test.request, test.key, got, test.want)
		}
	}
}

// What the entities of context say: Id is the name of apim.yaml, Name the display
// name.
func TestEntitiesInContext(t *testing.T) {
	l := newLab(t, ownedService, nil)
	x, _ := l.do("GET /orders", "Ocp-Apim-Subscription-Key: of-alice-secondary")
	limit := "none"
	if x.Product.SubscriptionLimit != nil {
		limit = fmt.Sprint(*x.Product.SubscriptionLimit)
	}
	tests := []struct{ what, got, want string }{
		{"api", x.API.ID + ", " + x.API.Name, "orders, Orders API"},
		{"operation", x.Operation.ID + ", " + x.Operation.Name, "list, List orders"},
		{"product", fmt.Sprint(x.Product.ID, x.Product.Name, x.Product.ApprovalRequired, x.Product.SubscriptionRequired, x.Product.Published, limit, x.Product.Groups),
			"goldGoldtrue true true2[{partners Partners of ours}]"},
		{"subscription", x.Subscription.ID + ", " + x.Subscription.Name, "of-alice, Gold of Alice"},
		{"its keys", x.Subscription.PrimaryKey + ", " + x.Subscription.SecondaryKey, "of-alice-primary, of-alice-secondary"},
		{"its dates", fmt.Sprint(x.Subscription.CreatedDate.Year(), x.Subscription.StartDate, x.Subscription.EndDate), "2024 <nil> <nil>"},
		{"user", fmt.Sprint(*x.User), "{alice alice@contoso.example Alice   2024-01-01 00:00:00 +0000 UTC [{partners Partners of ours} {developers Developers}] [{alice@contoso.example Basic}]}"},
		{"deployment", x.Deployment.ServiceID + ", " + x.Deployment.ServiceName + ", " + x.Deployment.GatewayID + ", " + x.Deployment.Region,
			"contoso.azure-api.net, apimulator, on-premises, West Europe"},
	}
	for _, test := range tests {
		if test.got != test.want {
			t.Errorf("%s: %s; want %s", test.what, test.got, test.want)
		}
	}
	if len(x.Product.APIs) != 1 || x.Product.APIs[0] != x.API {
		t.Errorf("the product has the APIs %v; want the one of the request", x.Product.APIs)
	}
}

// The entities are made once, not for each request.
func TestEntitiesAreShared(t *testing.T) {
	l := newLab(t, ownedService, nil)
	a, _ := l.do("GET /orders", "Ocp-Apim-Subscription-Key: of-alice-primary")
	b, _ := l.do("GET /orders", "Ocp-Apim-Subscription-Key: of-alice-primary")
	type entities struct {
		api          *exchange.API
		operation    *exchange.Operation
		product      *exchange.Product
		subscription *exchange.Subscription
		user         *exchange.User
		deployment   *exchange.Deployment
	}
	if x, y := (entities{a.API, a.Operation, a.Product, a.Subscription, a.User, a.Deployment}), (entities{b.API, b.Operation, b.Product, b.Subscription, b.User, b.Deployment}); x != y {
		t.Errorf("two requests see %v and %v; want the same", x, y)
	}
}

// What policy expressions read of all that.
func TestEntitiesInExpressions(t *testing.T) {
	const expression = `@(string.Join("|", context.User == null ? "nobody" : context.User.Id + " " + context.User.FirstName + " " +
        context.User.Groups.Any(g => g.Name == "Partners of ours") + " " + context.User.Identities.First().Provider,
        context.Subscription?.Name, context.Subscription?.Key, context.Product?.Name, context.Product?.State, context.Product?.SubscriptionLimit,
        context.Api.Id, context.Api.Name, context.Api.Version, context.Api.Revision, context.Api.IsCurrentRevision, context.Operation.Name,
        context.Deployment.ServiceId, context.Deployment.GatewayId, context.Deployment.Region))`
	l := newLab(t, "policy: global.xml\n"+ownedService, map[string]string{"global.xml": `<policies>
    <inbound><set-header name="X-Context" exists-action="override"><value>` + expression + `</value></set-header></inbound>
    <backend><forward-request /></backend>
    <outbound />
</policies>`})
	const deployment = "|contoso.azure-api.net|on-premises|West Europe"
	tests := []struct{ request, key, want string }{
		{"GET /orders", "of-alice-secondary", "alice Alice True Basic|Gold of Alice|of-alice-secondary|Gold|Published|2|orders|Orders API||1|True|List orders" + deployment},
		{"GET /orders", "standalone-primary", "nobody|standalone|standalone-primary||||orders|Orders API||1|True|List orders" + deployment},
		{"GET /free", "", "nobody||||||free|free||1|True|any" + deployment},
	}
	for _, test := range tests {
		x, _ := l.do(test.request, "Ocp-Apim-Subscription-Key: "+test.key)
		if x.Response.Status != 200 {
			t.Errorf("%s, key %q: status %d, %+v", test.request, test.key, x.Response.Status, x.LastError)
			continue
		}
		if got, _ := l.backend.last().Header.Get("X-Context"); got != test.want {
			t.Errorf("%s, key %q: expressions read\n%s\nwant\n%s", test.request, test.key, got, test.want)
		}
	}
}

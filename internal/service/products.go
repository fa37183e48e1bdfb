package service

import (
	"slices"
	"strings"

	"github.com/apimulator/apimulator/internal/yamlfile"
	"github.com/apimulator/apimulator/policy/exchange"
)

// The publishing state of a product does not matter for access (runtime.md,
// Subscription keys).
const publishedState = "published"

var productStates = []string{publishedState, "notPublished"}

func (l *loader) products(s *Service, configured []productConfig) {
	for _, c := range configured {
		name := l.name(c.Name, c.Place, "product", s.product(c.Name.Value) != nil)
		p := &Product{SubscriptionRequired: orTrue(c.SubscriptionRequired), Policy: l.compile(s, c.Policy, exchange.ScopeProduct)}
		state := or(c.State.Value, publishedState)
		if !slices.Contains(productStates, state) {
			l.fail(c.State.Place, "product %s: state is one of %s, not %q", name, strings.Join(productStates, ", "), state)
		}
		if c.SubscriptionLimit != nil && *c.SubscriptionLimit < 0 {
			l.fail(c.Place, "product %s: subscriptionLimit is 0 or more, not %d", name, *c.SubscriptionLimit)
		}
		p.View = exchange.Product{
			ID: c.Name.Value, Name: or(c.DisplayName.Value, c.Name.Value), SubscriptionRequired: p.SubscriptionRequired,
			ApprovalRequired: c.ApprovalRequired, SubscriptionLimit: c.SubscriptionLimit, Published: state == publishedState,
			Groups: l.groupsNamed(s, c.Groups, "product "+name),
		}
		for _, api := range c.APIs {
			l.addToProduct(s, p, name, api)
		}
		s.Products = append(s.Products, p)
	}
	for _, a := range s.APIs {
		if a.RevisionOf != nil {
			a.Products = a.RevisionOf.Products
		}
	}
}

func (l *loader) addToProduct(s *Service, p *Product, product string, api yamlfile.Text) {
	a := s.api(api.Value)
	if a == nil {
		l.fail(api.Place, "product %s names the API %q, which is not there%s", product, api.Value, s.apiNames())
		return
	}
	if slices.Contains(a.Products, p) {
		l.fail(api.Place, "product %s lists the API %s twice", product, api.Value)
		return
	}
	if open := a.OpenProduct(); open != nil && !p.SubscriptionRequired {
		l.fail(api.Place, "API %s is in two open products, %s and %s; APIM allows one", a.View.ID, open.View.ID, product)
	}
	a.Products = append(a.Products, p)
	p.View.APIs = append(p.View.APIs, &a.View)
}

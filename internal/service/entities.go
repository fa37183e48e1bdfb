package service

import (
	"slices"
	"strings"

	"github.com/apimulator/apimulator/policy/exchange"
)

// The default names of a subscription key (runtime.md, Subscription keys).
const (
	DefaultKeyHeader = "Ocp-Apim-Subscription-Key"
	DefaultKeyQuery  = "subscription-key"
)

func (l *loader) apis(s *Service, configured []apiConfig) {
	for _, c := range configured {
		l.named(c.Name, "API", func(name string) bool {
			return slices.ContainsFunc(s.APIs, func(a *API) bool { return strings.EqualFold(a.View.Name, name) })
		})
		path := strings.Trim(c.Path.Value, "/")
		if strings.ContainsAny(path, "{}*?#") {
			l.fail(c.Path.at, "the path of API %s is plain text, without parameters: %q", c.Name.Value, c.Path.Value)
		}
		if slices.ContainsFunc(s.APIs, func(a *API) bool { return strings.EqualFold(a.View.Path, path) }) {
			l.fail(c.Name.at, "API %s has the path %q, which another API has", c.Name.Value, path)
		}
		a := &API{SubscriptionRequired: orTrue(c.SubscriptionRequired)}
		a.View = exchange.API{
			ID: c.Name.Value, Name: c.Name.Value, Path: path, Version: c.Version.Value, Revision: or(c.Revision.Value, "1"),
			SubscriptionHeader: or(c.SubscriptionKey.Header.Value, DefaultKeyHeader),
			SubscriptionQuery:  or(c.SubscriptionKey.Query.Value, DefaultKeyQuery),
		}
		if c.Backend.Value == "" {
			l.fail(c.Name.at, "API %s needs a backend: the URL its requests go to", c.Name.Value)
		} else if u, err := exchange.ParseURL(c.Backend.Value); err != nil {
			l.fail(c.Backend.at, "backend of API %s: %s", c.Name.Value, err)
		} else {
			a.Backend = u
			a.View.ServiceURL = strings.TrimSuffix(c.Backend.Value, "/")
		}
		a.Policy = l.compile(s, c.Policy, exchange.ScopeAPI)
		l.operations(s, a, c.Operations)
		s.APIs = append(s.APIs, a)
	}
}

// operations reads an API's operations. An API that lists none takes every
// method and path.
func (l *loader) operations(s *Service, a *API, configured []operationConfig) {
	if len(configured) == 0 {
		t, err := ParseTemplate("/*")
		if err != nil {
			panic(err)
		}
		a.Operations = []*Operation{{View: exchange.Operation{ID: "any", Name: "any", Method: "*", URLTemplate: "/*"}, Template: t}}
		return
	}
	for _, c := range configured {
		l.named(c.Name, "operation", func(name string) bool {
			return slices.ContainsFunc(a.Operations, func(o *Operation) bool { return strings.EqualFold(o.View.Name, name) })
		})
		method := strings.ToUpper(c.Method.Value)
		if method == "" || strings.ContainsFunc(method, func(r rune) bool { return (r < 'A' || r > 'Z') && r != '-' && r != '*' }) {
			l.fail(c.Name.at, "operation %s needs a method: GET, POST ... or * for any", c.Name.Value)
		}
		if c.URLTemplate.Value == "" {
			l.fail(c.Name.at, "operation %s needs a urlTemplate, such as /items/{id}", c.Name.Value)
			continue
		}
		t, err := ParseTemplate(c.URLTemplate.Value)
		if err != nil {
			l.fail(c.URLTemplate.at, "operation %s: %s", c.Name.Value, err)
			continue
		}
		a.Operations = append(a.Operations, &Operation{
			View:     exchange.Operation{ID: c.Name.Value, Name: c.Name.Value, Method: method, URLTemplate: c.URLTemplate.Value, TemplateQuery: t.QueryNames()},
			Template: t,
			Policy:   l.compile(s, c.Policy, exchange.ScopeOperation),
		})
	}
	slices.SortStableFunc(a.Operations, func(x, y *Operation) int { return x.Template.moreSpecific(y.Template) })
}

func (l *loader) products(s *Service, configured []productConfig) {
	for _, c := range configured {
		l.named(c.Name, "product", func(name string) bool {
			return slices.ContainsFunc(s.Products, func(p *Product) bool { return strings.EqualFold(p.View.Name, name) })
		})
		p := &Product{View: exchange.Product{ID: c.Name.Value, Name: c.Name.Value}, SubscriptionRequired: orTrue(c.SubscriptionRequired)}
		p.Policy = l.compile(s, c.Policy, exchange.ScopeProduct)
		for _, name := range c.APIs {
			a := s.api(name.Value)
			if a == nil {
				l.fail(name.at, "product %s names the API %q, which is not there%s", c.Name.Value, name.Value, s.apiNames())
				continue
			}
			if open := a.OpenProduct(); open != nil && !p.SubscriptionRequired {
				l.fail(name.at, "API %s is in two open products, %s and %s; APIM allows one", a.View.Name, open.View.Name, p.View.Name)
			}
			a.Products = append(a.Products, p)
		}
		s.Products = append(s.Products, p)
	}
}

func (l *loader) subscriptions(s *Service, configured []subscriptionConfig) {
	keys := make(map[string]string)
	for _, c := range configured {
		l.named(c.Name, "subscription", func(name string) bool {
			return slices.ContainsFunc(s.Subscriptions, func(o *Subscription) bool { return strings.EqualFold(o.View.Name, name) })
		})
		sub := &Subscription{View: exchange.Subscription{ID: c.Name.Value, Name: c.Name.Value}, Primary: c.PrimaryKey.Value, Secondary: c.SecondaryKey.Value}
		l.scope(s, sub, c)
		switch c.State.Value {
		case "", "active":
			sub.Active = true
		case "suspended", "cancelled", "rejected", "submitted", "expired":
		default:
			l.fail(c.State.at, "subscription %s: state is active, suspended, cancelled, rejected, submitted or expired, not %q", c.Name.Value, c.State.Value)
		}
		if sub.Primary == "" && l.Key != nil {
			sub.Primary = l.Key(c.Name.Value, "primary")
		}
		if sub.Secondary == "" && l.Key != nil {
			sub.Secondary = l.Key(c.Name.Value, "secondary")
		}
		for _, key := range []string{sub.Primary, sub.Secondary} {
			if other, taken := keys[key]; taken && key != "" {
				l.fail(c.Name.at, "subscription %s has a key that subscription %s has too", c.Name.Value, other)
			}
			keys[key] = c.Name.Value
		}
		s.Subscriptions = append(s.Subscriptions, sub)
	}
}

func (l *loader) scope(s *Service, sub *Subscription, c subscriptionConfig) {
	switch {
	case c.Product.Value != "" && c.API.Value != "":
		l.fail(c.API.at, "subscription %s is for a product or for an API, not both", c.Name.Value)
	case c.Product.Value != "":
		i := slices.IndexFunc(s.Products, func(p *Product) bool { return strings.EqualFold(p.View.Name, c.Product.Value) })
		if i < 0 {
			l.fail(c.Product.at, "subscription %s names the product %q, which is not there", c.Name.Value, c.Product.Value)
			return
		}
		sub.Product = s.Products[i]
	case c.API.Value != "":
		if sub.API = s.api(c.API.Value); sub.API == nil {
			l.fail(c.API.at, "subscription %s names the API %q, which is not there%s", c.Name.Value, c.API.Value, s.apiNames())
		}
	}
}

// named reports a name that is missing or taken.
func (l *loader) named(name text, kind string, taken func(string) bool) {
	switch {
	case name.Value == "":
		l.fail(name.at, "this %s has no name", kind)
	case taken(name.Value):
		l.fail(name.at, "there are two of %s %s", kind, name.Value)
	}
}

func (s *Service) api(name string) *API {
	for _, a := range s.APIs {
		if strings.EqualFold(a.View.Name, name) {
			return a
		}
	}
	return nil
}

func (s *Service) apiNames() string {
	var names []string
	for _, a := range s.APIs {
		names = append(names, a.View.Name)
	}
	if len(names) == 0 {
		return ""
	}
	return " (there are: " + strings.Join(names, ", ") + ")"
}

func orTrue(b *bool) bool { return b == nil || *b }

func or(s, otherwise string) string {
	if s == "" {
		return otherwise
	}
	return s
}

package service

import (
	"cmp"
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
		name := l.name(c.Name, c.place, "API", s.api(c.Name.Value) != nil)
		a := &API{SubscriptionRequired: orTrue(c.SubscriptionRequired)}
		a.View = exchange.API{
			ID: c.Name.Value, Name: c.Name.Value, Path: l.apiPath(s, &c, name), Version: c.Version.Value, Revision: or(c.Revision.Value, "1"),
			SubscriptionHeader: or(c.SubscriptionKey.Header.Value, DefaultKeyHeader),
			SubscriptionQuery:  or(c.SubscriptionKey.Query.Value, DefaultKeyQuery),
		}
		if !isHeaderName(a.View.SubscriptionHeader) {
			l.fail(c.SubscriptionKey.Header.place, "API %s: %q is not a header's name", name, a.View.SubscriptionHeader)
		}
		l.backend(a, &c, name)
		a.Policy = l.compile(s, c.Policy, exchange.ScopeAPI)
		l.operations(s, a, c.Operations)
		s.APIs = append(s.APIs, a)
	}
}

// apiPath is an API's path without slashes around it.
func (l *loader) apiPath(s *Service, c *apiConfig, name string) string {
	path := strings.Trim(c.Path.Value, "/")
	if strings.ContainsAny(path, "{}*?#%\\ \t\r\n") || strings.Contains(path, "//") {
		l.fail(c.Path.place, "the path of API %s is plain text, without parameters, escapes or blanks: %q", name, c.Path.Value)
	}
	if i := slices.IndexFunc(s.APIs, func(a *API) bool { return strings.EqualFold(a.View.Path, path) }); i >= 0 {
		l.fail(c.Path.or(c.place), "API %s has the path %q, which API %s has too", name, path, s.APIs[i].View.Name)
	}
	return path
}

func isHeaderName(s string) bool {
	return s != "" && !strings.ContainsFunc(s, func(r rune) bool {
		return r <= ' ' || r > '~' || strings.ContainsRune(`"(),/:;<=>?@[\]{}`, r) // RFC 9110, section 5.6.2
	})
}

func (l *loader) backend(a *API, c *apiConfig, name string) {
	if c.Backend.Value == "" {
		l.fail(c.Backend.or(c.place), "API %s needs a backend: the URL its requests go to", name)
		return
	}
	u, err := exchange.ParseURL(c.Backend.Value)
	switch {
	case err != nil:
		l.fail(c.Backend.place, "backend of API %s: %s", name, err)
	case u.RawQuery != "":
		l.fail(c.Backend.or(c.place), "backend of API %s: a query is not taken over; set-query-parameter can add one", name)
	}
	a.Backend = u
	a.View.ServiceURL = strings.TrimSuffix(c.Backend.Value, "/")
}

// operations reads an API's operations. An API that lists none takes every
// method and path.
func (l *loader) operations(s *Service, a *API, configured []operationConfig) {
	if len(configured) == 0 {
		a.Operations = []*Operation{{View: exchange.Operation{ID: "any", Name: "any", Method: anyMethod, URLTemplate: "/*"}, Template: anyPath}}
		return
	}
	for _, c := range configured {
		taken := slices.ContainsFunc(a.Operations, func(o *Operation) bool { return strings.EqualFold(o.View.Name, c.Name.Value) })
		name := l.name(c.Name, c.place, "operation", taken)
		t := l.template(&c, name)
		o := &Operation{
			View:     exchange.Operation{ID: c.Name.Value, Name: c.Name.Value, Method: l.method(&c, name), URLTemplate: c.URLTemplate.Value, TemplateQuery: t.QueryNames()},
			Template: t,
			Policy:   l.compile(s, c.Policy, exchange.ScopeOperation),
		}
		if i := slices.IndexFunc(a.Operations, func(other *Operation) bool { return other.View.Method == o.View.Method && other.Template.same(t) }); i >= 0 {
			l.fail(c.URLTemplate.place, "operation %s takes the same requests as operation %s", name, a.Operations[i].View.Name)
		}
		a.Operations = append(a.Operations, o)
	}
	slices.SortStableFunc(a.Operations, func(x, y *Operation) int {
		return cmp.Or(x.Template.moreSpecific(y.Template), strings.Count(x.View.Method, anyMethod)-strings.Count(y.View.Method, anyMethod))
	})
}

// anyMethod stands for every method.
const anyMethod = "*"

func (l *loader) method(c *operationConfig, name string) string {
	method := strings.ToUpper(c.Method.Value)
	if method != anyMethod && (method == "" || strings.ContainsFunc(method, func(r rune) bool { return (r < 'A' || r > 'Z') && r != '-' })) {
		l.fail(c.Method.or(c.place), "operation %s needs a method: GET, POST ... or * for any", name)
	}
	return method
}

// template is the operation's; one that takes nothing if what is written is
// wrong.
func (l *loader) template(c *operationConfig, name string) *Template {
	if c.URLTemplate.Value == "" {
		l.fail(c.URLTemplate.or(c.place), "operation %s needs a urlTemplate, such as /items/{id}", name)
		return &Template{}
	}
	t, err := ParseTemplate(c.URLTemplate.Value)
	if err != nil {
		l.fail(c.URLTemplate.place, "operation %s: %s", name, err)
		return &Template{}
	}
	return t
}

func (l *loader) products(s *Service, configured []productConfig) {
	for _, c := range configured {
		name := l.name(c.Name, c.place, "product", s.product(c.Name.Value) != nil)
		p := &Product{View: exchange.Product{ID: c.Name.Value, Name: c.Name.Value}, SubscriptionRequired: orTrue(c.SubscriptionRequired)}
		p.Policy = l.compile(s, c.Policy, exchange.ScopeProduct)
		for _, api := range c.APIs {
			l.addToProduct(s, p, name, api)
		}
		s.Products = append(s.Products, p)
	}
}

func (l *loader) addToProduct(s *Service, p *Product, product string, api text) {
	a := s.api(api.Value)
	if a == nil {
		l.fail(api.place, "product %s names the API %q, which is not there%s", product, api.Value, s.apiNames())
		return
	}
	if slices.Contains(a.Products, p) {
		l.fail(api.place, "product %s lists the API %s twice", product, api.Value)
		return
	}
	if open := a.OpenProduct(); open != nil && !p.SubscriptionRequired {
		l.fail(api.place, "API %s is in two open products, %s and %s; APIM allows one", a.View.Name, open.View.Name, product)
	}
	a.Products = append(a.Products, p)
}

func (l *loader) subscriptions(s *Service, configured []subscriptionConfig) {
	owners := make(map[string]string) // subscriptions by their keys
	for _, c := range configured {
		taken := slices.ContainsFunc(s.Subscriptions, func(o *Subscription) bool { return strings.EqualFold(o.View.Name, c.Name.Value) })
		name := l.name(c.Name, c.place, "subscription", taken)
		sub := &Subscription{View: exchange.Subscription{ID: c.Name.Value, Name: c.Name.Value}}
		l.scope(s, sub, &c, name)
		state := or(c.State.Value, activeState)
		if !slices.Contains(states, state) {
			l.fail(c.State.place, "subscription %s: state is one of %s, not %q", name, strings.Join(states, ", "), state)
		}
		sub.Active = state == activeState
		sub.Primary, sub.Secondary = l.key(&c, c.PrimaryKey, "primary"), l.key(&c, c.SecondaryKey, "secondary")
		for _, key := range []text{{c.PrimaryKey.or(c.place), sub.Primary}, {c.SecondaryKey.or(c.place), sub.Secondary}} {
			if owner, taken := owners[key.Value]; taken && owner != name {
				l.fail(key.place, "subscription %s has a key that subscription %s has too", name, owner)
			}
			if key.Value != "" {
				owners[key.Value] = name
			}
		}
		s.Subscriptions = append(s.Subscriptions, sub)
	}
}

// key is the one written, or one that is generated; "" if there is neither.
func (l *loader) key(c *subscriptionConfig, written text, slot string) string {
	if written.Value == "" && l.Key != nil && c.Name.Value != "" {
		return l.Key(c.Name.Value, slot)
	}
	return written.Value
}

func (l *loader) scope(s *Service, sub *Subscription, c *subscriptionConfig, name string) {
	switch {
	case c.Product.Value != "" && c.API.Value != "":
		l.fail(c.API.place, "subscription %s is for a product or for an API, not both", name)
	case c.Product.Value != "":
		if sub.Product = s.product(c.Product.Value); sub.Product == nil {
			l.fail(c.Product.place, "subscription %s names the product %q, which is not there", name, c.Product.Value)
		}
	case c.API.Value != "":
		if sub.API = s.api(c.API.Value); sub.API == nil {
			l.fail(c.API.place, "subscription %s names the API %q, which is not there%s", name, c.API.Value, s.apiNames())
		}
	}
}

// name is how messages call an entity. It reports a name that is missing or
// taken.
func (l *loader) name(name text, owner place, kind string, taken bool) string {
	switch {
	case name.Value == "":
		l.fail(name.or(owner), "this %s has no name", kind)
		return "(without a name)"
	case taken:
		l.fail(name.place, "there are two of %s %s", kind, name.Value)
	}
	return name.Value
}

func (s *Service) api(name string) *API {
	i := slices.IndexFunc(s.APIs, func(a *API) bool { return strings.EqualFold(a.View.Name, name) })
	if i < 0 {
		return nil
	}
	return s.APIs[i]
}

func (s *Service) product(name string) *Product {
	i := slices.IndexFunc(s.Products, func(p *Product) bool { return strings.EqualFold(p.View.Name, name) })
	if i < 0 {
		return nil
	}
	return s.Products[i]
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

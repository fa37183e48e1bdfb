package explain

import (
	"fmt"
	"slices"
	"strings"

	"github.com/apimulator/apimulator/internal/gateway"
	"github.com/apimulator/apimulator/internal/service"
	"github.com/apimulator/apimulator/policy"
	"github.com/apimulator/apimulator/policy/exchange"
)

// Request is what to explain the policy of.
type Request struct {
	// Service is the file of an apim.yaml, or a policy document (*.xml), which stands
	// for an API at the root.
	Service string
	// Method and URL name the request; a URL may be a path alone. With a document they
	// may be empty.
	Method, URL string
	Header      []exchange.Field
	// API and Operation name an operation in place of Method and URL. API may end with
	// ;rev=N.
	API, Operation string
	// Subscription, if not empty, is the subscription whose key the request has.
	Subscription string
	// Product, if not empty, is the product whose key the request has.
	Product string
}

// Report is the policy that applies to a request, and why.
type Report struct {
	Request   string // method and URL without query, which may hold a key; "" if none was given
	API       *service.API
	Operation *service.Operation
	Product   *service.Product // nil: the request runs in the context of none
	// Subscription is the one whose key opens the API; "" if there is none, or if only
	// the product is known.
	Subscription string
	// Refused tells why the request is answered with 401 as it stands; "" if it isn't.
	// Policy is then the one of a key that belongs to no product.
	Refused string
	// Subscriptions are those whose keys open the API.
	Subscriptions []*service.Subscription
	// Policies are the documents that Policy is made of, narrow to wide.
	Policies []*policy.Compiled
	Policy   *policy.EffectivePolicy
	// NotRun are statements of the documents that do not run in this version.
	NotRun policy.Diagnostics
}

// NoPolicy says that none applies: nothing takes the request, or the key that it
// was to have does not open the API.
type NoPolicy struct{ reason string }

func (e *NoPolicy) Error() string { return e.reason }

func noPolicy(format string, args ...any) error { return &NoPolicy{fmt.Sprintf(format, args...)} }

// Run explains. The error is a [*NoPolicy], or tells what is wrong with the request
// or the files.
func Run(q Request, catalogue *policy.Catalogue) (*Report, error) {
	s, err := load(q.Service, catalogue)
	if err != nil {
		return nil, err
	}
	g := gateway.New(&policy.Env{}, nil, s.service)
	x, err := q.exchange()
	if err != nil {
		return nil, err
	}
	r := &Report{}
	switch {
	case q.API != "":
		err = r.named(s.service, &q)
	case q.URL == "": // a document alone
		r.API, r.Operation = s.service.APIs[0], s.service.APIs[0].Operations[0]
	default:
		u := &x.Request.OriginalURL
		r.Request = fmt.Sprintf("%s %s://%s%s", x.Request.Method, u.Scheme, u.Authority(), u.Path)
		err = r.match(g, x, s.service)
	}
	if err != nil {
		return nil, err
	}
	if err := r.admit(g, x, s.service, &q); err != nil {
		return nil, err
	}
	r.Policies = s.service.Policies(r.API, r.Operation, r.Product)
	r.Policy, r.NotRun, err = s.documents.Effective(r.Policies, s.bindings)
	if err != nil {
		return nil, err
	}
	return r, nil
}

// exchange is the request as the gateway would get it.
func (q *Request) exchange() (*exchange.Exchange, error) {
	address := q.URL
	if address == "" || strings.HasPrefix(address, "/") {
		address = "https://localhost" + address
	}
	u, err := exchange.ParseURL(address)
	if err != nil {
		return nil, err
	}
	if u.Path == "" {
		u.Path = "/"
	}
	return &exchange.Exchange{Request: exchange.Request{
		Method: q.Method, URL: u, OriginalURL: u, Header: exchange.NewHeader(q.Header...),
	}}, nil
}

// match finds API and operation as the gateway does.
func (r *Report) match(g *gateway.Gateway, x *exchange.Exchange, s *service.Service) error {
	r.API, r.Operation = g.Match(x)
	switch {
	case r.API == nil:
		var paths []string
		for _, a := range s.APIs {
			if p := "/" + a.Prefix(); !slices.Contains(paths, p) {
				paths = append(paths, p)
			}
		}
		return noPolicy("%s is answered with 404: no API takes it (the paths are %s)", r.Request, strings.Join(paths, ", "))
	case r.Operation == nil:
		var operations []string
		for _, o := range r.API.Operations {
			operations = append(operations, o.View.Method+" "+o.View.URLTemplate)
		}
		return noPolicy("%s is answered with 404: no operation of API %s takes it (they are %s)", r.Request, r.API.View.ID, strings.Join(operations, ", "))
	}
	return nil
}

// named finds API and operation by their names.
func (r *Report) named(s *service.Service, q *Request) error {
	id, revision, _ := strings.Cut(q.API, ";rev=")
	var names []string
	for _, a := range s.APIs {
		if revision == "" && a.View.IsCurrentRevision || revision != "" && strings.EqualFold(a.View.Revision, revision) {
			names = append(names, a.View.ID)
			if strings.EqualFold(a.View.ID, id) {
				r.API = a
			}
		}
	}
	if r.API == nil {
		return fmt.Errorf("--api: there is no API %s (there are: %s)", q.API, strings.Join(names, ", "))
	}
	names = nil
	for _, o := range r.API.Operations {
		names = append(names, o.View.ID)
		if strings.EqualFold(o.View.ID, q.Operation) {
			r.Operation = o
		}
	}
	if r.Operation == nil {
		return fmt.Errorf("--operation: API %s has no operation %s (it has: %s)", r.API.View.ID, q.Operation, strings.Join(names, ", "))
	}
	return nil
}

// admit finds out about keys and the product.
func (r *Report) admit(g *gateway.Gateway, x *exchange.Exchange, s *service.Service, q *Request) error {
	for _, sub := range s.Subscriptions {
		if sub.Active && sub.Opens(r.API) {
			r.Subscriptions = append(r.Subscriptions, sub)
		}
	}
	if q.Product != "" {
		return r.inProduct(q.Product)
	}
	if q.Subscription != "" {
		sub, err := subscriptionNamed(s, q.Subscription)
		if err != nil {
			return err
		}
		key := sub.View.PrimaryKey
		if key == "" {
			key = sub.View.SecondaryKey
		}
		x.Request.Header.Set(r.API.View.SubscriptionHeader, key)
	}
	sub, product, failure := g.Admit(x, r.API)
	r.Product = product
	if sub != nil {
		r.Subscription = sub.ID
	}
	if failure != nil {
		r.Refused = failure.Detail
		if q.Subscription != "" {
			return noPolicy("a request to API %s with the key of subscription %s is answered with 401: %s", r.API.View.ID, q.Subscription, failure.Detail)
		}
	}
	return nil
}

func (r *Report) inProduct(name string) error {
	var names []string
	for _, p := range r.API.Products {
		names = append(names, p.View.ID)
		if strings.EqualFold(p.View.ID, name) {
			r.Product = p
		}
	}
	switch {
	case r.Product == nil && names == nil:
		return fmt.Errorf("--product: API %s is in no product", r.API.View.ID)
	case r.Product == nil:
		return fmt.Errorf("--product: API %s is not in product %s (it is in: %s)", r.API.View.ID, name, strings.Join(names, ", "))
	}
	return nil
}

func subscriptionNamed(s *service.Service, name string) (*service.Subscription, error) {
	var names []string
	for _, sub := range s.Subscriptions {
		names = append(names, sub.View.ID)
		if strings.EqualFold(sub.View.ID, name) {
			return sub, nil
		}
	}
	return nil, fmt.Errorf("--subscription: there is no subscription %s (there are: %s)", name, strings.Join(names, ", "))
}

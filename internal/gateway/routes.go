package gateway

import (
	"crypto/sha256"
	"slices"
	"strings"

	"github.com/apimulator/apimulator/internal/service"
	"github.com/apimulator/apimulator/policy"
	"github.com/apimulator/apimulator/policy/exchange"
)

// routes is a service made ready for requests: programs linked, keys indexed.
type routes struct {
	service *service.Service
	apis    []*apiRoute // longest path first
	keys    map[[sha256.Size]byte]*service.Subscription
	global  *policy.Program
	// queries are the query parameters in which any API looks for a key.
	queries []string
}

type apiRoute struct {
	api        *service.API
	segments   []string
	operations []*operationRoute
	unmatched  *policy.Program // of a request that fits none of its operations
}

type operationRoute struct {
	operation *service.Operation
	programs  []productProgram // the first one is without a product
}

type productProgram struct {
	product *service.Product
	program *policy.Program
}

// program is what runs in the context of that product, or of none.
func (o *operationRoute) program(product *service.Product) *policy.Program {
	for _, p := range o.programs {
		if p.product == product {
			return p.program
		}
	}
	return o.programs[0].program
}

func newRoutes(s *service.Service) *routes {
	r := &routes{service: s, keys: make(map[[sha256.Size]byte]*service.Subscription), global: policy.Link(s.Global)}
	for _, a := range s.APIs {
		r.apis = append(r.apis, newAPIRoute(s, a))
		r.queries = append(r.queries, a.View.SubscriptionQuery)
	}
	slices.SortStableFunc(r.apis, func(a, b *apiRoute) int { return len(b.segments) - len(a.segments) })
	for _, sub := range s.Subscriptions {
		for _, key := range []string{sub.Primary, sub.Secondary} {
			if key != "" {
				r.keys[sha256.Sum256([]byte(key))] = sub
			}
		}
	}
	return r
}

func newAPIRoute(s *service.Service, a *service.API) *apiRoute {
	route := &apiRoute{api: a, unmatched: policy.Link(a.Policy, s.Global)}
	if a.View.Path != "" {
		route.segments = strings.Split(a.View.Path, "/")
	}
	for _, o := range a.Operations {
		op := &operationRoute{operation: o, programs: []productProgram{{nil, policy.Link(o.Policy, a.Policy, s.Global)}}}
		for _, p := range a.Products {
			op.programs = append(op.programs, productProgram{p, policy.Link(o.Policy, a.Policy, p.Policy, s.Global)})
		}
		route.operations = append(route.operations, op)
	}
	return route
}

// match finds API and operation of x and points x at the API's backend. The
// operation is nil if none fits; the API too if no path fits.
func (r *routes) match(x *exchange.Exchange) (*apiRoute, *operationRoute) {
	for _, a := range r.apis {
		rest, ok := a.below(x.Request.OriginalURL.Path)
		if !ok {
			continue
		}
		x.API = &a.api.View
		x.Request.URL.Path, x.Request.URL.RawQuery = rest, x.Request.OriginalURL.RawQuery
		x.Request.SetBackend(a.api.Backend)
		for _, o := range a.operations {
			if m := o.operation.View.Method; m != x.Request.Method && m != "*" {
				continue
			}
			if parameters, ok := o.operation.Template.Match(rest, x.Request.URL.RawQuery); ok {
				x.Request.MatchedParameters = parameters
				return a, o
			}
		}
		return a, nil
	}
	return nil, nil
}

// below is the part of a path below the API's.
func (a *apiRoute) below(path string) (string, bool) {
	for _, want := range a.segments {
		if path == "" || path[0] != '/' {
			return "", false
		}
		end := strings.IndexByte(path[1:], '/') + 1
		if end == 0 {
			end = len(path)
		}
		if !strings.EqualFold(path[1:end], want) {
			return "", false
		}
		path = path[end:]
	}
	return path, true
}

// programWithout is what runs for a request without an operation.
func (r *routes) programWithout(a *apiRoute) *policy.Program {
	if a == nil {
		return r.global
	}
	return a.unmatched
}

// keyParameters are the query parameters that may hold a key in a request to an
// API, or, where no API was found, to any: traces mask them.
func (r *routes) keyParameters(a *apiRoute) []string {
	if a == nil {
		return r.queries
	}
	return []string{a.api.View.SubscriptionQuery}
}

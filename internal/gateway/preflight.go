package gateway

import (
	"github.com/apimulator/apimulator/internal/service"
	"github.com/apimulator/apimulator/policy"
	"github.com/apimulator/apimulator/policy/exchange"
)

// isPreflight tells a browser's question whether a page of another origin may call
// (the Fetch standard, CORS-preflight request).
func isPreflight(r *exchange.Request) bool {
	return r.Method == "OPTIONS" && r.Header.Has("Origin") && r.Header.Has("Access-Control-Request-Method")
}

// preflight is the program that answers x, a preflight of the API, and x is then of the
// operation that it asks about. Nil if none does: x is a request like any other. An operation that is
// of the method OPTIONS itself takes x away (policies-1.yaml, cors); chosen: one of any
// method does not.
func (r *routes) preflight(x *exchange.Exchange, a *apiRoute) *policy.Program {
	if o, _ := a.operation("OPTIONS", &x.Request); o != nil && o.operation.View.Method == "OPTIONS" {
		return nil
	}
	asked, _ := x.Request.Header.Get("Access-Control-Request-Method")
	o, parameters := a.operation(asked, &x.Request)
	if o == nil {
		return nil
	}
	product := r.preflightProduct(x, a.api)
	program := o.program(product)
	if !program.AnswersPreflight() {
		return nil
	}
	x.Request.MatchedParameters = parameters
	x.Operation = &o.operation.View
	if product != nil {
		x.Product = &product.View
	}
	return program
}

// preflightProduct is the product in whose context a preflight is answered. A browser
// sends no header of the page with it, so only a key in the query tells, and an open
// product goes without.
func (r *routes) preflightProduct(x *exchange.Exchange, api *service.API) *service.Product {
	if key, sent := sentKey(x, api); sent {
		if h := r.keys.holder(key); h != nil && h.subscription.Active && h.subscription.Opens(api) {
			return h.subscription.Product
		}
	}
	return api.OpenProduct()
}

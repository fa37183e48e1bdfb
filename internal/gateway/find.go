package gateway

import (
	"github.com/apimulator/apimulator/internal/service"
	"github.com/apimulator/apimulator/policy/exchange"
)

// Match tells which API and operation take x, as [Gateway.Handle] finds them. The
// operation is nil if none fits, and the API too if none does.
func (g *Gateway) Match(x *exchange.Exchange) (*service.API, *service.Operation) {
	api, operation := g.current.Load().match(x)
	switch {
	case api == nil:
		return nil, nil
	case operation == nil:
		return api.api, nil
	}
	return api.api, operation.operation
}

// Admit tells whose key opens the API to x, nil if that is nobody's, and in the
// context of which product x runs then, nil if of none. It is the decision of
// [Gateway.Handle], which answers x with the failure, if there is one.
func (g *Gateway) Admit(x *exchange.Exchange, api *service.API) (*exchange.Subscription, *service.Product, *exchange.Failure) {
	a, failure := g.current.Load().admit(x, api)
	return a.subscription, a.product, failure
}

package gateway

import (
	"crypto/sha256"
	"crypto/subtle"
	"strings"

	"github.com/apimulator/apimulator/internal/service"
	"github.com/apimulator/apimulator/policy/exchange"
)

// admit decides on the subscription key of a request to an API, by the rules of
// runtime.md (Subscription keys, edition of 2025): which subscription opens it,
// if any, and in the context of which product it runs.
func (r *routes) admit(x *exchange.Exchange, route *apiRoute) (*service.Subscription, *service.Product, *exchange.Failure) {
	api := route.api
	key, sent := sentKey(x, api)
	if sent {
		if sub := r.subscription(key); sub != nil && sub.Active && sub.Opens(api) {
			x.Note(exchange.SourceAuthorization, "Subscription key of "+sub.View.Name+".")
			return sub, sub.Product, nil
		}
	}
	// A key that does not fit counts as none where none is needed. For an open
	// product of an API that needs a key, the page's table says 401 and its
	// numbered rule says this; the rule is the more specific text.
	if open := api.OpenProduct(); open != nil {
		x.Note(exchange.SourceAuthorization, "No key needed: product "+open.View.Name+" is open.")
		return nil, open, nil
	}
	if !api.SubscriptionRequired {
		x.Note(exchange.SourceAuthorization, "No key needed: the API requires no subscription.")
		return nil, nil, nil
	}
	if !sent {
		return nil, nil, unauthorized(x, api, exchange.ReasonSubscriptionKeyNotFound, exchange.MessageSubscriptionKeyMissing,
			"send the key in header "+api.View.SubscriptionHeader+" or query parameter "+api.View.SubscriptionQuery)
	}
	return nil, nil, unauthorized(x, api, exchange.ReasonSubscriptionKeyInvalid, exchange.MessageSubscriptionKeyInvalid, r.keyFault(key, api))
}

// sentKey is the key a request brings. The query parameter is looked at only
// when the header is absent. Repeated lines make one text, which is no key.
// Chosen: an empty text is a missing key, not an invalid one.
func sentKey(x *exchange.Exchange, api *service.API) (key string, sent bool) {
	values := x.Request.Header.Values(api.View.SubscriptionHeader)
	if len(values) == 0 {
		values = exchange.QueryValues(x.Request.OriginalURL.RawQuery, api.View.SubscriptionQuery)
	}
	key = strings.Join(values, ",")
	return key, key != ""
}

// subscription finds whose key it is. The look-up is by digest, and the keys
// themselves compare in constant time.
func (r *routes) subscription(key string) *service.Subscription {
	sub := r.keys[sha256.Sum256([]byte(key))]
	if sub == nil {
		return nil
	}
	primary := subtle.ConstantTimeCompare([]byte(key), []byte(sub.Primary))
	secondary := subtle.ConstantTimeCompare([]byte(key), []byte(sub.Secondary))
	if primary|secondary == 0 {
		return nil
	}
	return sub
}

// keyFault says, for the trace, why a key does not open an API.
func (r *routes) keyFault(key string, api *service.API) string {
	sub := r.subscription(key)
	switch {
	case sub == nil:
		return "no subscription has this key"
	case !sub.Active:
		return "it is the key of subscription " + sub.View.Name + ", which is not active"
	case sub.Product != nil:
		return "it is the key of subscription " + sub.View.Name + " to product " + sub.Product.View.Name + ", which does not have API " + api.View.Name
	}
	return "it is the key of subscription " + sub.View.Name + " to API " + sub.API.View.Name + ", not to " + api.View.Name
}

func unauthorized(x *exchange.Exchange, api *service.API, reason, message, detail string) *exchange.Failure {
	realm := x.Request.OriginalURL.Scheme + "://" + x.Request.OriginalURL.Authority() + "/" + api.View.Path
	f := &exchange.Failure{Status: 401, Detail: detail}
	f.Source, f.Section = exchange.SourceAuthorization, string(exchange.Inbound)
	f.Reason, f.Message = reason, message
	f.Header = []exchange.Field{{Name: "WWW-Authenticate", Value: `AzureApiManagementKey realm="` + realm + `",name="` + api.View.SubscriptionHeader + `",type="header"`}}
	return f
}

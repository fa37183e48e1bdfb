package gateway

import (
	"crypto/subtle"
	"hash/maphash"
	"slices"
	"strings"

	"github.com/apimulator/apimulator/internal/service"
	"github.com/apimulator/apimulator/policy/exchange"
)

// An admission is in whose name a request runs, and in the context of which
// product; what it lacks is nil.
type admission struct {
	subscription *exchange.Subscription
	user         *exchange.User
	product      *service.Product
}

// admit decides on the subscription key of a request to an API, by the rules of
// runtime.md (Subscription keys, edition of 2025).
func (r *routes) admit(x *exchange.Exchange, api *service.API) (admission, *exchange.Failure) {
	key, sent := sentKey(x, api)
	if sent {
		if h := r.keys.holder(key); h != nil && h.subscription.Active && h.subscription.Opens(api) {
			if x.Observed() {
				x.Note(exchange.SourceAuthorization, "Subscription key of "+h.view.ID+".")
			}
			return admission{&h.view, h.subscription.Owner, h.subscription.Product}, nil
		}
	}
	// A key that does not fit counts as none where none is needed. For an open
	// product of an API that needs a key, the page's table says 401 and its
	// numbered rule says this; the rule is the more specific text.
	if open := api.OpenProduct(); open != nil {
		if x.Observed() {
			x.Note(exchange.SourceAuthorization, "No key needed: product "+open.View.ID+" is open.")
		}
		return admission{product: open}, nil
	}
	if !api.SubscriptionRequired {
		x.Note(exchange.SourceAuthorization, "No key needed: the API requires no subscription.")
		return admission{}, nil
	}
	if !sent {
		return admission{}, unauthorized(x, api, exchange.ReasonSubscriptionKeyNotFound, exchange.MessageSubscriptionKeyMissing,
			"send the key in header "+api.View.SubscriptionHeader+" or query parameter "+api.View.SubscriptionQuery)
	}
	return admission{}, unauthorized(x, api, exchange.ReasonSubscriptionKeyInvalid, exchange.MessageSubscriptionKeyInvalid, r.keyFault(key, api))
}

// keyHolder is the subscription that a key belongs to, and how policies see it
// when that key is the one used.
type keyHolder struct {
	subscription *service.Subscription
	view         exchange.Subscription
}

func newKeyHolder(sub *service.Subscription, key string) *keyHolder {
	h := &keyHolder{sub, sub.View}
	h.view.Key = key
	return h
}

// sentKey is the key a request brings. The query parameter is looked at only
// when the header is absent. Repeated lines make one text, which is no key.
// Chosen: an empty text is a missing key, not an invalid one.
func sentKey(x *exchange.Exchange, api *service.API) (key string, sent bool) {
	key, sent = x.Request.Header.Joined(api.View.SubscriptionHeader, ",")
	if !sent {
		key = strings.Join(exchange.QueryValues(x.Request.OriginalURL.RawQuery, api.View.SubscriptionQuery), ",")
	}
	return key, key != ""
}

// keyIndex finds whose key it is. The look-up is by a hash of a seed that nobody knows, and
// the keys themselves compare in constant time.
type keyIndex struct {
	seed   maphash.Seed
	byHash map[uint64][]*keyHolder
}

func newKeyIndex() keyIndex {
	return keyIndex{maphash.MakeSeed(), make(map[uint64][]*keyHolder)}
}

func (i keyIndex) add(h *keyHolder) {
	hash := maphash.String(i.seed, h.view.Key)
	i.byHash[hash] = append(i.byHash[hash], h)
}

// holder is nil if nobody has the key.
func (i keyIndex) holder(key string) *keyHolder {
	for _, h := range slices.Backward(i.byHash[maphash.String(i.seed, key)]) {
		if subtle.ConstantTimeCompare([]byte(key), []byte(h.view.Key)) == 1 {
			return h
		}
	}
	return nil
}

// keyFault says, for the trace, why a key does not open an API.
func (r *routes) keyFault(key string, api *service.API) string {
	h := r.keys.holder(key)
	if h == nil {
		return "no subscription has this key"
	}
	sub := h.subscription
	switch {
	case !sub.Active:
		return "it is the key of subscription " + sub.View.ID + ", which is not active"
	case sub.Product != nil:
		return "it is the key of subscription " + sub.View.ID + " to product " + sub.Product.View.ID + ", which does not have API " + api.View.ID
	}
	return "it is the key of subscription " + sub.View.ID + " to API " + sub.API.View.ID + ", not to " + api.View.ID
}

func unauthorized(x *exchange.Exchange, api *service.API, reason, message, detail string) *exchange.Failure {
	realm := x.Request.OriginalURL.Scheme + "://" + x.Request.OriginalURL.Authority() + "/" + api.View.Path
	f := &exchange.Failure{Status: 401, Detail: detail}
	f.Source, f.Section = exchange.SourceAuthorization, string(exchange.Inbound)
	f.Reason, f.Message = reason, message
	f.Header = []exchange.Field{{Name: "WWW-Authenticate", Value: `AzureApiManagementKey realm="` + realm + `",name="` + api.View.SubscriptionHeader + `",type="header"`}}
	return f
}

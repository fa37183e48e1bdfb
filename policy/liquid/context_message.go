package liquid

import (
	"time"

	"github.com/apimulator/apimulator/policy/exchange"
	"github.com/apimulator/apimulator/policy/expr/dotnet"
)

var requestMembers = []recordMember[*exchange.Request]{
	property("Url", func(q *exchange.Request) any { return newAddress(q.URL) }),
	property("Method", func(q *exchange.Request) any { return q.Method }),
	// What the client's method was before set-method, the exchange does not keep.
	property("OriginalMethod", func(q *exchange.Request) any { return q.Method }),
	property("OriginalUrl", func(q *exchange.Request) any { return newAddress(q.OriginalURL) }),
	property("IpAddress", func(q *exchange.Request) any { return q.ClientIP }),
	property("MatchedParameters", func(q *exchange.Request) any { return parameters(q.MatchedParameters) }),
	property("HasBody", func(q *exchange.Request) any { return q.Body.Exists() }),
	property("ClientCertificates", func(*exchange.Request) any { return list{} }),
	property("Headers", func(q *exchange.Request) any { return headers{&q.Header} }),
	// The pages of the Dapr policies show it, that of set-body does not.
	{name: "Body", read: func(r *run, q *exchange.Request) (any, error) {
		text, err := bodyText(r.m, &q.Body)
		if err != nil {
			return nil, &bodyError{err}
		}
		return text, nil
	}},
}

// parameters are MatchedParameters.
type parameters []exchange.Parameter

func (p parameters) member(_ *run, name string) (any, bool, error) {
	for _, q := range p {
		if q.Name == name {
			return q.Value, true, nil
		}
	}
	for _, q := range p {
		if sameName(q.Name, name) {
			return q.Value, true, nil
		}
	}
	return nil, false, nil
}

func (p parameters) pairs(r *run) ([]pair, error) {
	all := make([]pair, len(p))
	for i, q := range p {
		all[i] = pair{q.Name, q.Value}
	}
	return all, r.m.Allocate(48 * len(all))
}

// response is a response with the method of the request that it answers.
type response struct {
	*exchange.Response
	method string
}

// newResponse is nil of no response.
func newResponse(r *exchange.Response, method string) any {
	if r == nil {
		return nil
	}
	return &record[response]{response{r, method}, responseMembers}
}

var responseMembers = []recordMember[response]{
	property("StatusCode", func(p response) any { return int32(p.Status) }),
	property("StatusReason", func(p response) any { return p.Reason }),
	property("Method", func(p response) any { return p.method }),
	property("Headers", func(p response) any { return headers{&p.Header} }),
}

var urlMembers = []recordMember[exchange.URL]{
	property("Scheme", func(u exchange.URL) any { return u.Scheme }),
	property("Host", func(u exchange.URL) any { return u.Host }),
	property("Port", func(u exchange.URL) any { return int32(u.Port) }),
	property("Path", func(u exchange.URL) any {
		if u.Path == "" {
			return "/"
		}
		return u.Path
	}),
	property("Query", func(u exchange.URL) any { return query(u.RawQuery) }),
	property("QueryString", func(u exchange.URL) any {
		if u.RawQuery == "" {
			return ""
		}
		return "?" + u.RawQuery
	}),
	property("ToUri", func(u exchange.URL) any { return u.String() }),
	property("ToString", func(u exchange.URL) any { return u.String() }),
}

// newJWT is a token that validate-jwt left in a variable.
func newJWT(t *exchange.JWT) any { return entity(t, tokenMembers) }

var tokenMembers = []recordMember[*exchange.JWT]{
	property("Algorithm", func(t *exchange.JWT) any { return t.Algorithm }),
	property("Audiences", func(t *exchange.JWT) any { return texts(t.Audiences) }),
	property("Claims", func(t *exchange.JWT) any { return claims(t.Claims) }),
	property("ExpirationTime", func(t *exchange.JWT) any { return dateTime(t.ExpirationTime) }),
	property("Id", func(t *exchange.JWT) any { return t.ID }),
	property("Issuer", func(t *exchange.JWT) any { return t.Issuer }),
	property("NotBefore", func(t *exchange.JWT) any { return dateTime(t.NotBefore) }),
	property("Subject", func(t *exchange.JWT) any { return t.Subject }),
	property("Type", func(t *exchange.JWT) any { return t.Type }),
}

// dateTime is a time as a DateTime in UTC, nil if it is missing.
func dateTime(t *time.Time) any {
	if t == nil {
		return nil
	}
	return dotnet.DateTimeFromTime(t.UTC(), dotnet.KindUtc)
}

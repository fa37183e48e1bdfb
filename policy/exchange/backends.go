package exchange

import (
	"slices"
	"strings"
	"time"
)

// BackendEntity is a backend of the service: where requests go, by what they
// authenticate themselves, and when to leave it alone. It is shared and must not be
// changed.
type BackendEntity struct {
	ID string
	// URL is the address of a single backend; a pool has none.
	URL         URL
	Credentials BackendCredentials
	// AnyChain and AnyName take a server's certificate of whatever issuer, or of
	// another name.
	AnyChain, AnyName bool
	// Breaker is the circuit breaker; nil: there is none.
	Breaker *Breaker
	// Pool makes it a pool of other backends; nil: it is a single one.
	Pool *BackendPool
}

// BackendCredentials are added to each request to a backend. None of it goes into a
// note, a trace or an error.
type BackendCredentials struct {
	Header []Field
	Query  []Field
	// Authorization is the header's whole value; "": there is none.
	Authorization string
	// Certificate authenticates the gateway; nil: none.
	Certificate *Certificate
	// Resource is what a managed identity's token is for; "": none is asked for.
	Resource string
	// ClientID is that of a user-assigned identity; "": the system-assigned one.
	ClientID string
}

// Secrets are the texts among them.
func (c *BackendCredentials) Secrets() []string {
	var texts []string
	for _, f := range slices.Concat(c.Header, c.Query) {
		texts = append(texts, f.Value)
	}
	if _, parameter, ok := strings.Cut(c.Authorization, " "); ok {
		texts = append(texts, parameter)
	}
	return texts
}

// Breaker is the rule of a circuit breaker: so many failures within Interval trip it.
type Breaker struct {
	Name string
	// Count of failures that trips it, or, if that is 0, Percentage of the requests.
	Count, Percentage int
	Interval          time.Duration
	// A request fails by its status or by the reason for which it got none.
	Statuses []StatusRange
	Reasons  []string
	// TripDuration is how long it stays open, unless AcceptRetryAfter lets the
	// backend's Retry-After say so.
	TripDuration     time.Duration
	AcceptRetryAfter bool
}

// StatusRange is statuses from Min to Max.
type StatusRange struct{ Min, Max int }

// Fails reports whether a request counts as failed: it got a response of that status,
// or, if that is 0, none for the reason. Case of reasons does not count: users write
// both timeout and Timeout (observed.md 4.9).
func (b *Breaker) Fails(status int, reason string) bool {
	if status == 0 {
		return slices.ContainsFunc(b.Reasons, func(r string) bool { return strings.EqualFold(r, reason) })
	}
	return slices.ContainsFunc(b.Statuses, func(r StatusRange) bool { return r.Min <= status && status <= r.Max })
}

// BackendPool is a pool's members.
type BackendPool struct {
	Members []PoolMember
	// Cookie names the cookie of session affinity; "": there is none.
	Cookie string
}

// PoolMember is a backend in a pool.
type PoolMember struct {
	Backend *BackendEntity
	// Priority is the member's group: the smallest number is asked first.
	Priority int
	// Weight is its share within the group.
	Weight int
	// Session is the value of the affinity cookie that leads to it.
	Session string
}

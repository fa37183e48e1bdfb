package policy

import (
	"context"
	"crypto/x509"
	"fmt"
	"math/rand/v2"
	"time"

	"github.com/apimulator/apimulator/jwtvalidate"
	"github.com/apimulator/apimulator/policy/exchange"
)

// Env is what a running policy needs of the world. A program holds none of it:
// the same program runs in a gateway, in a test, with another clock.
type Env struct {
	// Sender carries requests to backends.
	Sender Sender
	// Identity gives tokens of the gateway's managed identities.
	Identity IdentitySource
	// Tokens validates JSON Web Tokens; it holds key sets and outlives reloads.
	Tokens *jwtvalidate.Validator
	// Places are taken by requests inside of <limit-concurrency>.
	Places Places
	// Cache is the built-in cache, ExternalCache the one that the service names; nil:
	// there is none.
	Cache, ExternalCache Cache
	// Vectors is what semantic caches keep; nil: they keep nothing.
	Vectors Vectors
	// Revocations keeps revocation lists between requests; nil: each request
	// fetches what it needs.
	Revocations Revocations
	// Counters count for limits; they outlive reloads.
	Counters Counters
	// Sinks take what policies emit and log.
	Sinks Sinks
	// Meter counts what policies do; nil: nobody counts.
	Meter Meter
	// Backends keeps the state of circuit breakers and pools; it outlives reloads. Nil:
	// no breaker trips, and of a pool the first member is asked.
	Backends Backends
	// Background runs what a request does not wait for; nil: it waits all the same.
	Background Background
	// Random gives numbers from 0 up to 1; nil is the runtime's own source.
	Random func() float64
	// BodyLimit is the most bytes of one message body that are held in memory.
	BodyLimit int64
	// Strict resolves what no source settles to the refusing side.
	Strict bool
}

// RandomNumber is a number from 0 up to 1.
func (e *Env) RandomNumber() float64 {
	if e.Random == nil {
		return rand.Float64()
	}
	return e.Random()
}

// Go has f run in the background. False says that there is no room for it.
func (e *Env) Go(f func(ctx context.Context)) bool {
	if e.Background != nil {
		return e.Background.Go(f)
	}
	f(context.Background())
	return true
}

// Places are bounded numbers of places under keys.
type Places interface {
	// Enter takes a place under key if fewer than most are taken; leave, called
	// once, gives it back.
	Enter(key string, most int) (leave func(), ok bool)
}

// Revocations keeps lists of revoked certificates by the addresses they were
// fetched from. A list is shared and must not be changed.
type Revocations interface {
	List(address string) *x509.RevocationList // nil: there is none
	Keep(address string, list *x509.RevocationList)
}

// Sender sends a request and gives the response's head and a body to read. It
// returns once the head is there.
//
// An error is a [*SendError] unless ctx ended: then it is context.Cause(ctx).
type Sender interface {
	Send(ctx context.Context, request *Outgoing) (*exchange.Response, error)
}

// Outgoing is a request to send.
type Outgoing struct {
	Method string
	URL    exchange.URL
	// Host is the Host line's value; "" means the URL's own.
	Host string
	// Header is sent as it is, in order, after Host. Lines that belong to the
	// connection (Connection and what it lists, Transfer-Encoding,
	// Content-Length, Keep-Alive, TE, Trailer, Upgrade, Host) are the sender's
	// own business and are left out.
	Header exchange.Header
	// Body is taken: a stream can be sent once.
	Body *exchange.Body
	// Version is the HTTP version that is spoken.
	Version HTTPVersion
	// Certificate is the one by which the gateway authenticates itself, if the
	// server asks for one; nil: none.
	Certificate *exchange.Certificate
	// AnyChain and AnyName take the server's certificate of whatever issuer, or of
	// another name.
	AnyChain, AnyName bool
	// Secrets are names of header lines that are for URL's origin alone: a redirect to
	// another one leaves them behind, as it does Authorization and the certificate.
	Secrets []string
	// ContinueWithin, if not 0, has a request with a body wait for 100 Continue for so
	// long on Clock: then the error is [ErrNoContinue].
	ContinueWithin time.Duration
	Clock          exchange.Clock
	// FollowRedirects lets the sender follow up to 10 redirects. A request
	// whose body was a stream is not sent again.
	FollowRedirects bool
	// For is the context of the request on whose behalf this one is sent in the
	// background; nil: it is that of the call.
	For context.Context

	announced *exchange.Call
}

// Announce is for who leaves sending to the background: it sets For, and tells of the
// request now, so that the step shows it however late it begins.
func (o *Outgoing) Announce(ctx context.Context) *exchange.Call {
	o.For = ctx
	o.announced = o.Begin(ctx)
	return o.announced
}

// Begin tells that the request goes out under ctx, or under For, to whoever listens there.
// Each sender does so, for each redirect too.
func (o *Outgoing) Begin(ctx context.Context) *exchange.Call {
	if call := o.announced; call != nil {
		o.announced = nil
		return call
	}
	if o.For != nil {
		ctx = o.For
	}
	calls := exchange.CallsIn(ctx)
	if calls == nil {
		return nil
	}
	return calls.Begin(o.Method, o.URL, o.Header.Fields(), o.Secrets)
}

// ErrNoContinue is the error of a request that waited for 100 Continue in vain. It is a
// context.DeadlineExceeded, too.
var ErrNoContinue = fmt.Errorf("policy: no 100 Continue: %w", context.DeadlineExceeded)

// HTTPVersion is what forward-request's http-version says.
type HTTPVersion uint8

const (
	// HTTP1 is HTTP/1.1.
	HTTP1 HTTPVersion = iota
	// HTTP2or1 is HTTP/2 where TLS negotiates it, else HTTP/1.1. Without TLS nothing is
	// negotiated.
	HTTP2or1
	// HTTP2 is HTTP/2 alone; without TLS with prior knowledge (RFC 9113, section 3.3).
	HTTP2
)

func (v HTTPVersion) String() string { return [...]string{"1", "2or1", "2"}[v] }

// SendError says why a request got no response.
type SendError struct {
	// Reason is one of exchange's: BackendConnectionFailure, or
	// ClientConnectionFailure where the client's own stream broke off.
	Reason string
	// Message is LastError's text (errors.yaml, BackendConnectionFailure).
	Message string
	Err     error
}

func (e *SendError) Error() string {
	if e.Err != nil {
		return e.Message + ": " + e.Err.Error()
	}
	return e.Message
}

func (e *SendError) Unwrap() error { return e.Err }

// IdentitySource gives access tokens of managed identities.
type IdentitySource interface {
	// Token is an access token for resource, of the user-assigned identity
	// clientID or, when that is "", of the system-assigned one.
	Token(ctx context.Context, resource, clientID string) (Token, error)
}

// Token is an access token and when it ends.
type Token struct {
	Value string
	// Authorization is "Bearer " and Value, made once for all requests.
	Authorization string
	ExpiresOn     time.Time
}

package edge

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/http"
	"time"

	"github.com/apimulator/apimulator/internal/hosts"
	"github.com/apimulator/apimulator/policy"
	"github.com/apimulator/apimulator/policy/exchange"
)

// UpstreamConfig says how an [Upstream] reaches backends.
type UpstreamConfig struct {
	// Dial opens a connection: of scheme "https" one over which HTTP/1.1 can be
	// spoken at once. Required. [hosts.Network.Dial] is one; of its errors a
	// [*hosts.DialError] tells most.
	Dial func(ctx context.Context, scheme, host string, port int) (net.Conn, error)
	// DialWith is Dial with options, as [hosts.Network.DialWith]; nil: no request that
	// needs them can be sent.
	DialWith func(ctx context.Context, scheme, host string, port int, o hosts.DialOptions) (net.Conn, error)
	// Clock says when an idle connection is too old; nil is [exchange.System].
	Clock exchange.Clock
	// MaxIdlePerHost is how many idle connections are kept for one scheme, host
	// and port; 0 means 128.
	MaxIdlePerHost int
	// MaxIdle is how many are kept altogether; 0 means 512.
	MaxIdle int
	// IdleTimeout is how long one is kept; 0 means 90 seconds.
	IdleTimeout time.Duration
}

// What an UpstreamConfig's zeros mean.
const (
	defaultMaxIdlePerHost = 128
	defaultMaxIdle        = 512
	defaultIdleLife       = 90 * time.Second
)

// An Upstream sends requests to backends, over HTTP/1.1 unless they ask for HTTP/2. It can be used by any
// number of goroutines.
type Upstream struct {
	dial     func(ctx context.Context, scheme, host string, port int) (net.Conn, error)
	dialWith func(ctx context.Context, scheme, host string, port int, o hosts.DialOptions) (net.Conn, error)
	pool     pool
	http2    http2Transports
}

var _ policy.Sender = (*Upstream)(nil)

// NewUpstream gives an upstream without connections.
func NewUpstream(c UpstreamConfig) *Upstream {
	if c.Clock == nil {
		c.Clock = exchange.System
	}
	orDefault(&c.MaxIdlePerHost, defaultMaxIdlePerHost)
	orDefault(&c.MaxIdle, defaultMaxIdle)
	orDefault(&c.IdleTimeout, defaultIdleLife)
	return &Upstream{
		dial:     c.Dial,
		dialWith: c.DialWith,
		pool: pool{
			clock:       c.Clock,
			idleTimeout: c.IdleTimeout,
			maxPerHost:  c.MaxIdlePerHost,
			maxTotal:    c.MaxIdle,
			idle:        make(map[hostKey]*idleConns),
		},
	}
}

func orDefault[T comparable](value *T, standard T) {
	var zero T
	if *value == zero {
		*value = standard
	}
}

// CloseIdle closes the connections that carry no request now: what a host leads
// to has changed.
func (u *Upstream) CloseIdle() {
	u.pool.closeIdle()
	u.http2.closeIdle()
}

// Close is CloseIdle for good: requests under way go on, their connections are
// closed after them.
func (u *Upstream) Close() {
	u.pool.close()
	u.http2.closeIdle()
}

// Send sends a request and returns when the response's head is there; its body
// is read from the connection, which is free again after the body's end or
// Close. The end of ctx closes the connection at once, also while the body is
// read, so a timeout for the head alone must not end ctx later.
//
// Of a body the request's own goroutine sends what is in memory up to 64 KB, or
// a stream of known length up to 16 KB; another one sends the rest, so that a
// response can come before the request is through. Such a response is delivered
// and the connection given up. A stream is closed when it is not needed any
// more. If a Read of it waits at that time, because the response is through or
// ctx has ended, it is left to whoever owns the stream to end it.
//
// Send implements [policy.Sender]. Its error, and the body's, is
// context.Cause(ctx) if ctx has ended, else a [*policy.SendError]: of reason
// BackendConnectionFailure, or ClientConnectionFailure if the request's own
// stream failed.
func (u *Upstream) Send(ctx context.Context, out *policy.Outgoing) (*exchange.Response, error) {
	if !out.FollowRedirects {
		return u.send(ctx, out)
	}
	return Follow(out, func(next *policy.Outgoing) (*exchange.Response, error) { return u.send(ctx, next) })
}

// Follow sends a request with send, and follows up to 10 redirects.
func Follow(out *policy.Outgoing, send func(*policy.Outgoing) (*exchange.Response, error)) (*exchange.Response, error) {
	for followed := 0; ; followed++ {
		response, err := send(out)
		if err != nil {
			return nil, err
		}
		next, ok := redirected(out, response)
		if !ok {
			return response, nil
		}
		response.Body.Close()
		if followed == maxRedirects {
			return nil, backendFailure(messageTooManyRedirects, fmt.Errorf("%d redirects were followed, the last one to %s", followed, withoutQuery(&out.URL)))
		}
		out = next
	}
}

// send is Send without redirects.
func (u *Upstream) send(ctx context.Context, out *policy.Outgoing) (*exchange.Response, error) {
	if ctx.Err() != nil {
		return nil, context.Cause(ctx)
	}
	call := out.Begin(ctx)
	response, err := u.sendOver(ctx, keyOf(out), out, call)
	if err != nil {
		call.End(err)
	}
	return response, err
}

// sendOver sends a request by the version of HTTP that it asks for.
func (u *Upstream) sendOver(ctx context.Context, key hostKey, out *policy.Outgoing, call *exchange.Call) (*exchange.Response, error) {
	switch {
	case out.Version == policy.HTTP2:
		return u.sendHTTP2(ctx, key, out, call)
	case out.Version == policy.HTTP2or1 && out.URL.Scheme == "https" && !u.pool.has(key):
		response, err := u.sendHTTP2(ctx, key, out, call)
		if !errors.Is(err, errNotHTTP2) {
			return response, err
		}
	}
	return u.sendHTTP1(ctx, key, out, call)
}

func (u *Upstream) sendHTTP1(ctx context.Context, key hostKey, out *policy.Outgoing, call *exchange.Call) (*exchange.Response, error) {
	m, err := newMessage(out)
	if err != nil {
		return nil, notSent(err)
	}
	defer m.release()
	t := newTrip(ctx, u, call)
	response, err := t.run(&m, key, out)
	if err != nil {
		t.abandon()
		return nil, failure(ctx, err)
	}
	return response, nil
}

// withoutQuery is an address for people: keys stand in queries.
func withoutQuery(u *exchange.URL) string {
	shown := *u
	shown.RawQuery = ""
	return shown.String()
}

// isInformational reports whether a response is followed by another one. 101
// is not: it would end HTTP on the connection.
func isInformational(status int) bool {
	return status < http.StatusOK && status != http.StatusSwitchingProtocols
}

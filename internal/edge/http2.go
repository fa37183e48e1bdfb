package edge

import (
	"context"
	"crypto/tls"
	"errors"
	"io"
	"net"
	"net/http"
	"net/http/httptrace"
	"net/url"
	"slices"
	"strconv"
	"sync"
	"time"

	"github.com/apimulator/apimulator/internal/hosts"
	"github.com/apimulator/apimulator/policy"
	"github.com/apimulator/apimulator/policy/exchange"
)

// HTTP/2 to backends is net/http's. A request keeps its path byte for byte; names of
// header lines are in lower case, as HTTP/2 has them, and those of a response come sorted.

// errNotHTTP2 is the error of a backend that negotiates something else.
var errNotHTTP2 = errors.New("the backend does not speak HTTP/2")

// messageNotHTTP2 is chosen: no record has the text.
const messageNotHTTP2 = "The server does not support HTTP/2."

// maxTransports is how many terms have a transport of their own: certificates that
// expressions give may be many.
const maxTransports = 64

// continueForever is longer than what a policy waits for 100 Continue: net/http would
// send the body after that.
const continueForever = 24 * time.Hour

// http2Transports are net/http's transports, one for each terms. The zero value is ready.
type http2Transports struct {
	mu   sync.Mutex
	each map[terms]*http.Transport
}

func (t *http2Transports) of(u *Upstream, key terms, certificate *exchange.Certificate) *http.Transport {
	t.mu.Lock()
	defer t.mu.Unlock()
	if found := t.each[key]; found != nil {
		return found
	}
	if t.each == nil || len(t.each) >= maxTransports {
		t.closeIdleLocked()
		t.each = make(map[terms]*http.Transport)
	}
	var protocols http.Protocols
	protocols.SetHTTP2(true)
	protocols.SetUnencryptedHTTP2(true)
	made := &http.Transport{
		Protocols:             &protocols,
		DialContext:           u.dialHTTP2("http", key, certificate),
		DialTLSContext:        u.dialHTTP2("https", key, certificate),
		DisableCompression:    true,
		IdleConnTimeout:       u.pool.idleTimeout,
		MaxIdleConns:          u.pool.maxTotal,
		ExpectContinueTimeout: continueForever,
	}
	t.each[key] = made
	return made
}

func (t *http2Transports) closeIdle() {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.closeIdleLocked()
}

func (t *http2Transports) closeIdleLocked() {
	for _, each := range t.each {
		each.CloseIdleConnections()
	}
}

// dialHTTP2 is how a transport connects. A backend that negotiates HTTP/1.1 where either
// will do is left to who asked, with the connection in the pool.
func (u *Upstream) dialHTTP2(scheme string, key terms, certificate *exchange.Certificate) func(ctx context.Context, network, address string) (net.Conn, error) {
	return func(ctx context.Context, _, address string) (net.Conn, error) {
		host, port, err := net.SplitHostPort(address)
		if err != nil {
			return nil, err
		}
		number, err := strconv.Atoi(port)
		if err != nil {
			return nil, err
		}
		at := hostKey{scheme, host, number, key}
		if scheme == "http" {
			return u.open(ctx, at, nil)
		}
		// HTTP/1.1 is offered in any case: a backend that speaks nothing else would
		// break off without it, and the message would not say why.
		conn, err := u.open(ctx, at, certificate, "h2", "http/1.1")
		if err != nil {
			return nil, err
		}
		if secure, ok := conn.(*tls.Conn); ok && secure.ConnectionState().NegotiatedProtocol == "h2" {
			return conn, nil
		}
		if key.version == policy.HTTP2or1 {
			u.pool.put(newBackendConn(conn, at))
		} else {
			conn.Close()
		}
		return nil, errNotHTTP2
	}
}

// sendHTTP2 sends a request over HTTP/2. Unless errNotHTTP2 is the error its body is
// gone.
func (u *Upstream) sendHTTP2(ctx context.Context, key hostKey, out *policy.Outgoing, call *exchange.Call) (*exchange.Response, error) {
	body := &lateBody{body: out.Body}
	request, err := newHTTP2Request(hosts.Watch(ctx, call), out, body)
	if err != nil {
		return nil, notSent(err)
	}
	request, cancel, stop := expecting(request, out)
	response, err := u.http2.of(u, key.terms, out.Certificate).RoundTrip(request)
	stop()
	if errors.Is(err, errNotHTTP2) && out.Version == policy.HTTP2or1 {
		cancel(nil)
		return nil, errNotHTTP2
	}
	body.take()
	if err != nil {
		cancel(nil)
		return nil, http2Failure(ctx, request.Context(), body, err)
	}
	return http2Response(ctx, response, out.Method, cancel, call), nil
}

// newHTTP2Request is the request as net/http takes it.
func newHTTP2Request(ctx context.Context, out *policy.Outgoing, body *lateBody) (*http.Request, error) {
	length := int64(0)
	if out.Body != nil {
		length = out.Body.Length()
	}
	if _, err := appendHead(nil, out, length); err != nil { // what can't be sent is the same
		return nil, err
	}
	host := out.Host
	if host == "" {
		host = out.URL.Authority()
	}
	path := out.URL.Path
	if path == "" {
		path = "/"
	}
	r := &http.Request{
		Method: out.Method,
		// Opaque keeps the path's bytes; the host in front of it net/http takes off.
		URL:    &url.URL{Scheme: out.URL.Scheme, Host: out.URL.Address(), Opaque: "//" + host + path, RawQuery: out.URL.RawQuery},
		Host:   host,
		Header: make(http.Header, out.Header.Len()+1), ContentLength: length, Body: body,
	}
	if length == 0 {
		r.Body = http.NoBody
	}
	for name, value := range out.Header.All() {
		if !ofConnection(name) && !ofRequestFraming(name) {
			r.Header.Add(name, value)
		}
	}
	if r.Header.Get("User-Agent") == "" {
		r.Header["User-Agent"] = []string{""} // or net/http adds its own
	}
	return r.WithContext(ctx), nil
}

// expecting has a request with a body wait for 100 Continue, as its policy says. stop
// ends the wait, cancel the request.
func expecting(r *http.Request, out *policy.Outgoing) (_ *http.Request, cancel context.CancelCauseFunc, stop func()) {
	ctx, cancel := context.WithCancelCause(r.Context())
	if out.ContinueWithin <= 0 || r.Body == http.NoBody {
		return r.WithContext(ctx), cancel, func() {}
	}
	stopTimer := out.Clock.AfterFunc(out.ContinueWithin, func() { cancel(policy.ErrNoContinue) })
	ctx = httptrace.WithClientTrace(ctx, &httptrace.ClientTrace{Got100Continue: func() { stopTimer() }})
	r.Header.Set("Expect", "100-continue")
	return r.WithContext(ctx), cancel, func() { stopTimer() }
}

// http2Failure is why a request got no response.
func http2Failure(ctx, sent context.Context, body *lateBody, err error) error {
	var send *policy.SendError
	switch {
	case ctx.Err() != nil:
		return context.Cause(ctx)
	case errors.Is(context.Cause(sent), policy.ErrNoContinue):
		return policy.ErrNoContinue
	case body.failure() != nil:
		return sourceFailure(body.failure())
	case errors.As(err, &send):
		return send
	case errors.Is(err, errNotHTTP2):
		return backendFailure(messageNotHTTP2, err)
	}
	return receiveFailure(err, false)
}

// http2Response is the response as the gateway has it.
func http2Response(ctx context.Context, r *http.Response, method string, cancel context.CancelCauseFunc, call *exchange.Call) *exchange.Response {
	out := &exchange.Response{Status: r.StatusCode, Reason: exchange.StatusText(r.StatusCode)}
	names := make([]string, 0, len(r.Header))
	for name := range r.Header {
		names = append(names, name)
	}
	slices.Sort(names)
	for _, name := range names {
		for _, value := range r.Header[name] {
			out.Header.Add(name, value)
		}
	}
	if call != nil {
		call.Connecting(func(c *exchange.CallConnection) { c.Protocol = "HTTP/2" })
		call.Answered(out.Status, out.Reason, out.Header.Fields())
	}
	if r.Body == http.NoBody || r.ContentLength == 0 || method == http.MethodHead || r.StatusCode == http.StatusNoContent || r.StatusCode == http.StatusNotModified {
		r.Body.Close()
		cancel(nil)
		call.End(nil)
		return out
	}
	out.Body = exchange.StreamBody(&http2Body{ctx, r.Body, cancel, call}, r.ContentLength)
	return out
}

// http2Body is a response's body.
type http2Body struct {
	ctx    context.Context
	stream io.ReadCloser
	cancel context.CancelCauseFunc
	call   *exchange.Call
}

func (b *http2Body) Read(p []byte) (int, error) {
	n, err := b.stream.Read(p)
	switch err {
	case nil:
		return n, nil
	case io.EOF:
		b.call.End(nil)
		return n, err
	}
	err = failure(b.ctx, receiveFailure(err, false))
	b.call.End(err)
	return n, err
}

func (b *http2Body) Close() error {
	err := b.stream.Close()
	b.cancel(nil)
	b.call.End(nil)
	return err
}

// lateBody is a request's body that is taken when the first byte is wanted, so that it is
// still whole where a backend turns out not to speak HTTP/2.
type lateBody struct {
	body *exchange.Body

	mu     sync.Mutex
	stream io.ReadCloser
	closed bool
	err    error // of the stream
}

func (b *lateBody) Read(p []byte) (int, error) {
	b.mu.Lock()
	if b.stream == nil && !b.closed && b.err == nil {
		b.stream, b.err = b.body.Reader()
	}
	stream, err := b.stream, b.err
	b.mu.Unlock()
	switch {
	case err != nil:
		return 0, err
	case stream == nil:
		return 0, errBodyClosed
	}
	n, err := stream.Read(p)
	if err != nil && err != io.EOF {
		b.mu.Lock()
		if !b.closed { // else it broke because nobody wanted it
			b.err = err
		}
		b.mu.Unlock()
	}
	return n, err
}

// Close gives up what was not read.
func (b *lateBody) Close() error {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.closed = true
	if b.stream == nil {
		return nil
	}
	return b.stream.Close()
}

// take takes the body if nobody has read it yet: what the exchange has of it, no other
// goroutine looks at afterwards.
func (b *lateBody) take() {
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.body == nil || b.stream != nil || b.err != nil {
		return
	}
	b.stream, b.err = b.body.Reader()
	if b.closed && b.stream != nil {
		b.stream.Close()
	}
}

func (b *lateBody) failure() error {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.err
}

package testrun

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"slices"
	"strings"

	"github.com/apimulator/apimulator/internal/edge"
	"github.com/apimulator/apimulator/policy"
	"github.com/apimulator/apimulator/policy/exchange"
)

// network is the way to the emulated parties and issuers for who speaks HTTP: token
// validation and managed identity. It opens no socket.
type network struct{ world *World }

// RoundTrip is part of http.RoundTripper.
func (n network) RoundTrip(r *http.Request) (*http.Response, error) {
	w := n.world
	if r.URL.Hostname() == "localhost" { // as the parties reach each other
		p, err := w.parties()
		if err != nil {
			return nil, err
		}
		return serve(p.ByPath(r.URL.Path), r), nil
	}
	h, err := w.handler(r)
	if err != nil {
		return nil, err
	}
	if h == nil {
		h = w.issuers.handler(r.URL)
	}
	return serve(h, r), nil
}

// handler is the party of a host, nil if none has it.
func (w *World) handler(r *http.Request) (http.Handler, error) {
	p, err := w.parties()
	if err != nil {
		return nil, err
	}
	target, mapped := w.subject.hosts.Lookup(r.URL.Hostname())
	if !mapped {
		return nil, nil
	}
	if h := p.Handler(target.Party); h != nil {
		return h, nil
	}
	return nil, nil
}

// sender takes the gateway's calls to stubs and parties.
type sender struct{ world *World }

// Call is what a backend received.
type Call struct {
	Method string
	URL    exchange.URL
	Header exchange.Header // Host first, as it is sent
	Body   []byte
	// Certificate is the thumbprint of the one that the gateway has shown; "":
	// none. No private key is needed for it here.
	Certificate string
	// HTTPVersion is what the gateway wants to speak: 1, 2or1 or 2.
	HTTPVersion string
	// Status of the answer; 0 if there was none.
	Status int
}

// Send is part of policy.Sender.
func (s sender) Send(ctx context.Context, out *policy.Outgoing) (*exchange.Response, error) {
	if !out.FollowRedirects {
		return s.send(ctx, out)
	}
	return edge.Follow(out, func(next *policy.Outgoing) (*exchange.Response, error) { return s.send(ctx, next) })
}

func (s sender) send(ctx context.Context, out *policy.Outgoing) (*exchange.Response, error) {
	if ctx.Err() != nil {
		return nil, context.Cause(ctx)
	}
	call := out.Begin(ctx)
	// A party makes calls of its own perhaps.
	response, err := s.receive(exchange.WithCalls(ctx, nil), out)
	switch {
	case err != nil:
		call.End(err)
	case call != nil:
		call.Answered(response.Status, response.Reason, response.Header.Fields())
		call.End(nil)
	}
	return response, err
}

func (s sender) receive(ctx context.Context, out *policy.Outgoing) (*exchange.Response, error) {
	w := s.world
	c, err := received(out)
	if err != nil {
		return nil, err
	}
	w.mu.Lock()
	w.calls = append(w.calls, c)
	answer, backend := w.stubFor(c), w.backend
	w.mu.Unlock()
	if err := w.awaitContinue(ctx, out, c, answer); err != nil {
		return nil, err
	}
	response, err := s.answer(ctx, c, answer, backend)
	if err == nil {
		c.Status = response.Status
	}
	return response, err
}

// awaitContinue waits for the stub to say 100 Continue, if the request asks for that.
func (w *World) awaitContinue(ctx context.Context, out *policy.Outgoing, c *Call, stubbed *answerConfig) error {
	if stubbed == nil || !c.Header.Has("Expect") {
		return nil
	}
	if err := exchange.Sleep(ctx, w.clock, min(stubbed.Continue, out.ContinueWithin)); err != nil {
		return err
	}
	if stubbed.Continue > out.ContinueWithin {
		return policy.ErrNoContinue
	}
	return nil
}

// stubFor is the answer of the first stub that matches, nil if none does. mu is held.
func (w *World) stubFor(c *Call) *answerConfig {
	if w.backend == nil {
		return nil
	}
	for _, s := range w.backend.stubs {
		if s.match.matches(c) {
			n := min(w.uses[s], len(s.answers)-1)
			w.uses[s]++
			return &s.answers[n]
		}
	}
	return nil
}

func (s sender) answer(ctx context.Context, c *Call, stubbed *answerConfig, backend *backendConfig) (*exchange.Response, error) {
	w := s.world
	if w.answer != nil {
		if response, err := w.answer(ctx, c); response != nil || err != nil {
			return response, err
		}
	}
	if stubbed != nil {
		return stubbed.response(ctx, w, w.file)
	}
	r, err := c.request(ctx)
	if err != nil {
		return nil, w.spoil(err)
	}
	h, err := w.handler(r)
	if err != nil {
		return nil, w.spoil(err)
	}
	own := w.subject.isOwnBackend(&c.URL)
	if h == nil && own && backend != nil && backend.azureOpenAI {
		p, err := w.parties()
		if err != nil {
			return nil, w.spoil(err)
		}
		h = p.OpenAI
	}
	switch {
	case h != nil:
		return partyResponse(serve(h, r)), nil
	case own && (backend == nil || !backend.given()):
		return &exchange.Response{Status: 200, Reason: exchange.StatusText(200)}, nil
	}
	return nil, w.spoil(&UnmatchedError{c})
}

// UnmatchedError is a call that nobody in a test answers.
type UnmatchedError struct{ Call *Call }

func (e *UnmatchedError) Error() string {
	c := e.Call
	path := c.URL.Path
	if path == "" {
		path = "/"
	}
	return fmt.Sprintf("nobody answers %s %s at host %s: list a stub for it under backend:", c.Method, path, c.URL.Host)
}

// ofConnection are header lines that a sender leaves out or writes itself.
var ofConnection = []string{"Connection", "Content-Length", "Expect", "Host", "Keep-Alive", "Proxy-Connection", "TE", "Trailer", "Transfer-Encoding", "Upgrade"}

// received is a call as the backend sees it.
func received(out *policy.Outgoing) (*Call, error) {
	c := &Call{Method: out.Method, URL: out.URL, HTTPVersion: out.Version.String()}
	if out.Certificate != nil && out.URL.Scheme == "https" {
		c.Certificate = exchange.Thumbprint(out.Certificate.Leaf)
	}
	host := out.Host
	if host == "" {
		host = out.URL.Authority()
	}
	c.Header.Add("Host", host)
	for name, value := range out.Header.All() {
		if !slices.ContainsFunc(ofConnection, func(other string) bool { return strings.EqualFold(name, other) }) {
			c.Header.Add(name, value)
		}
	}
	if out.Body == nil {
		return c, nil
	}
	if out.ContinueWithin > 0 && out.Body.Length() != 0 {
		c.Header.Add("Expect", "100-continue")
	}
	body, err := out.Body.Reader()
	if err != nil {
		return nil, err
	}
	defer body.Close()
	c.Body, err = io.ReadAll(body)
	return c, err
}

// request is the call for a party.
func (c *Call) request(ctx context.Context) (*http.Request, error) {
	r, err := http.NewRequestWithContext(ctx, c.Method, c.URL.String(), bytes.NewReader(c.Body))
	if err != nil {
		return nil, errors.New("the call is no HTTP request")
	}
	for name, value := range c.Header.All() {
		if strings.EqualFold(name, "Host") {
			r.Host = value
			continue
		}
		r.Header.Add(name, value)
	}
	return r, nil
}

// partyResponse is a party's answer as the gateway gets it. Its header lines are sorted.
func partyResponse(r *http.Response) *exchange.Response {
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
	if r.ContentLength != 0 {
		out.Body = exchange.StreamBody(r.Body, r.ContentLength)
	}
	return out
}

package apimtest

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"sync"
	"time"

	"github.com/apimulator/apimulator/internal/testrun"
	"github.com/apimulator/apimulator/policy/exchange"
)

// A Recorder stands in for all backends: it keeps what the gateway sends and answers by
// stubs. While it has none, the backends of the APIs answer 200 without a body; the
// emulated Azure OpenAI answers at its hosts unless a stub is for them.
type Recorder struct {
	gateway *Gateway

	mu    sync.Mutex
	stubs []*Stub
}

// A Request is what a backend received.
type Request struct {
	Method string
	URL    *url.URL
	// Header are all header lines, Host among them, but for those of the connection.
	Header http.Header
	Body   []byte
	// Certificate is the thumbprint of the certificate that the gateway shows (SHA-1 in
	// upper-case hexadecimal digits); "": none.
	Certificate string
}

// Requests are all requests so far that the gateway sent, in order, answered or not. They
// are copies.
func (r *Recorder) Requests() []Request {
	var all []Request
	for _, c := range r.gateway.world.Calls() {
		u, err := url.Parse(c.URL.String())
		if err != nil { // as a policy may write it
			u = &url.URL{Scheme: c.URL.Scheme, Host: c.URL.Authority(), Path: c.URL.Path, RawQuery: c.URL.RawQuery}
		}
		q := Request{Method: c.Method, URL: u, Header: make(http.Header), Body: append([]byte(nil), c.Body...), Certificate: c.Certificate}
		for name, value := range c.Header.All() {
			q.Header.Add(name, value)
		}
		all = append(all, q)
	}
	return all
}

// On adds a stub for the requests of a method ("*": any) to a path: "/items/*" at any
// host, or "https://other.example/items/*" at one. * stands for any text, slashes too. The
// query is not looked at. Of several stubs that match, the first answers.
func (r *Recorder) On(method, path string) *Stub {
	s := &Stub{recorder: r, method: strings.ToUpper(method), path: path}
	r.mu.Lock()
	defer r.mu.Unlock()
	r.stubs = append(r.stubs, s)
	r.gateway.world.RequireStubs()
	return s
}

// A Stub answers the requests that it is for. Each answer that is added is given once, in
// their order, and the last one from then on. Without an answer it is 200 without a body.
type Stub struct {
	recorder     *Recorder
	method, path string
	answers      []*answer
	given        int
}

type answer struct {
	delay   time.Duration
	header  http.Header // beside the handler's
	handle  http.Handler
	foreign bool // handle is the test's
	refuse  bool
}

// Respond adds an answer with a body, as text/plain unless [Stub.Header] says otherwise.
func (s *Stub) Respond(status int, body string) *Stub {
	return s.add(respond(status, "text/plain; charset=utf-8", []byte(body)))
}

// RespondJSON adds an answer with a value as JSON. It ends the test if v can't be that.
func (s *Stub) RespondJSON(status int, v any) *Stub {
	t := s.recorder.gateway.t
	t.Helper()
	body, err := json.Marshal(v)
	if err != nil {
		t.Fatalf("apimtest: RespondJSON: %v", err)
	}
	return s.add(respond(status, "application/json", body))
}

// Handle adds an answer that h gives. The gateway gets it when h has returned; it may wait
// for other requests of the test.
func (s *Stub) Handle(h http.Handler) *Stub { return s.add(&answer{handle: h, foreign: true}) }

// Refuse adds a refused connection in place of an answer.
func (s *Stub) Refuse() *Stub { return s.add(&answer{refuse: true}) }

// Delay lets the answer that was added last take so long, on the gateway's clock. It ends
// the test if there is none yet.
func (s *Stub) Delay(d time.Duration) *Stub {
	s.recorder.gateway.t.Helper()
	return s.change("Delay", func(a *answer) { a.delay = d })
}

// Header sets a header line of the answer that was added last. It ends the test if there
// is none yet.
func (s *Stub) Header(name, value string) *Stub {
	s.recorder.gateway.t.Helper()
	return s.change("Header", func(a *answer) {
		if a.header == nil {
			a.header = make(http.Header)
		}
		a.header.Set(name, value)
	})
}

func respond(status int, contentType string, body []byte) *answer {
	return &answer{handle: http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		if len(body) > 0 {
			w.Header().Set("Content-Type", contentType)
		}
		w.WriteHeader(status)
		w.Write(body)
	})}
}

func (s *Stub) add(a *answer) *Stub {
	s.recorder.mu.Lock()
	defer s.recorder.mu.Unlock()
	s.answers = append(s.answers, a)
	return s
}

// change changes the answer that was added last.
func (s *Stub) change(what string, f func(*answer)) *Stub {
	t := s.recorder.gateway.t
	t.Helper()
	s.recorder.mu.Lock()
	defer s.recorder.mu.Unlock()
	if len(s.answers) == 0 {
		t.Fatalf("apimtest: %s is for the answer before it, and there is none yet: call Respond first", what)
	}
	last := *s.answers[len(s.answers)-1] // which may be on its way
	f(&last)
	s.answers[len(s.answers)-1] = &last
	return s
}

// answer is the response to a call, nil if no stub is for it.
func (r *Recorder) answer(ctx context.Context, c *testrun.Call) (*exchange.Response, error) {
	a := r.next(c)
	if a == nil {
		return nil, nil
	}
	if err := exchange.Sleep(ctx, r.gateway.clock.clock, a.delay); err != nil {
		return nil, err
	}
	if a.refuse {
		return nil, testrun.Refused()
	}
	response, err := r.ask(ctx, c, a)
	if err != nil {
		return nil, err
	}
	for name := range a.header {
		response.Header.Set(name, a.header.Get(name))
	}
	return response, nil
}

// ask has a handler answer. One that is the test's may wait for other requests, so these
// go on meanwhile.
func (r *Recorder) ask(ctx context.Context, c *testrun.Call, a *answer) (*exchange.Response, error) {
	if a.foreign {
		clock := r.gateway.clock.clock
		clock.Leave()
		defer clock.Enter()
	}
	return c.ServedBy(ctx, a.handle)
}

func (r *Recorder) next(c *testrun.Call) *answer {
	r.mu.Lock()
	defer r.mu.Unlock()
	for _, s := range r.stubs {
		if !s.matches(c) {
			continue
		}
		if len(s.answers) == 0 {
			return respond(http.StatusOK, "", nil)
		}
		a := s.answers[min(s.given, len(s.answers)-1)]
		s.given++
		return a
	}
	return nil
}

func (s *Stub) matches(c *testrun.Call) bool {
	if s.method != "*" && s.method != c.Method {
		return false
	}
	text := c.Path()
	if strings.Contains(s.path, "://") {
		text = c.URL.Scheme + "://" + c.URL.Authority() + text
	}
	return testrun.Glob(s.path, text)
}

// describe says what must not happen in a test, and what to do about it.
func describe(err error) string {
	var unmatched *testrun.UnmatchedError
	if !errors.As(err, &unmatched) {
		return err.Error()
	}
	c := unmatched.Call
	return fmt.Sprintf("nobody answers %s %s at host %s: add a stub, gw.Backend().On(%q, %q)", c.Method, c.Path(), c.URL.Host, c.Method, c.URL.Scheme+"://"+c.URL.Authority()+c.Path())
}

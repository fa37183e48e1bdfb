package trace_test

import (
	"errors"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/apimulator/apimulator/internal/trace"
	"github.com/apimulator/apimulator/policy/exchange"
)

func get(path, query string) exchange.URL {
	return exchange.URL{Scheme: "https", Host: "backend.example", Port: 443, Path: path, RawQuery: query}
}

// A call is in the step that made it, with what it took and without secrets.
func TestCalls(t *testing.T) {
	r := start(&trace.Recorder{}, "id")
	var late *exchange.Call
	r.within(site("retry", 1), exchange.Continued, nil, func() {
		r.within(site("forward-request", 2), exchange.Continued, nil, func() {
			calls := r.Observer.Calls(r.Exchange)
			c := calls.Begin("GET", get("/a", "sig=secret-signature&b=c"), []exchange.Field{{Name: "Authorization", Value: "Bearer token-of-identity"}, {Name: "X-Own", Value: "credential"}}, []string{"X-Own"})
			c.Connecting(func(c *exchange.CallConnection) { c.DNS, c.Connect, c.TLS = 1, 2, 3 })
			c.Connected("10.0.0.1:443", "HTTP/1.1", true)
			c.Note("it said token-of-identity")
			r.clock.Advance(5 * time.Millisecond)
			c.Answered(302, "Found", []exchange.Field{{Name: "Location", Value: "/b?code=secret-code"}, {Name: "Set-Cookie", Value: "cookie"}})
			c.End(nil)
			c.End(errors.New("only the first end counts"))
			calls.Begin("GET", get("/b", ""), nil, nil).End(errors.New("refused"))
			late = calls.Begin("PUT", get("/late", ""), nil, nil)
		})
		r.Observer.Calls(r.Exchange).Begin("GET", get("/of-retry", ""), nil, nil).End(nil)
	})
	record := r.finish(trace.End{})
	late.Answered(200, "OK", nil) // which nobody learns any more
	late.End(nil)
	if got := record.Steps[0].Calls; len(got) != 1 || got[0].URL != "https://backend.example/of-retry" {
		t.Errorf("retry made %+v", got)
	}
	want := []trace.Call{
		{
			Method: "GET", URL: "https://backend.example/a?sig=***&b=c", Start: 2 * time.Millisecond, Elapsed: 5 * time.Millisecond, Status: 302,
			Connection: &trace.Connection{Address: "10.0.0.1:443", Protocol: "HTTP/1.1", DNS: 1, Connect: 2, TLS: 3}, Notes: []string{"it said ***"},
			Request:  []trace.Header{{Name: "Authorization", Value: "Bearer ***"}, {Name: "X-Own", Value: "***"}},
			Response: []trace.Header{{Name: "Location", Value: "/b?code=***"}, {Name: "Set-Cookie", Value: "***"}},
		},
		{Method: "GET", URL: "https://backend.example/b", Start: 7 * time.Millisecond, Fault: "refused", Request: []trace.Header{}, Response: []trace.Header{}},
		{Method: "PUT", URL: "https://backend.example/late", Start: 7 * time.Millisecond, Unfinished: true, Request: []trace.Header{}, Response: []trace.Header{}},
	}
	if diff := cmp.Diff(want, record.Steps[1].Calls); diff != "" {
		t.Errorf("want (-), got (+)\n%s", diff)
	}
}

// The calls of branches stay with their steps, and of one step so many are kept.
func TestCallsOfBranches(t *testing.T) {
	r := start(&trace.Recorder{}, "id")
	r.within(site("wait", 1), exchange.Continued, nil, func() {
		root := r.Observer.(exchange.Forker)
		forks := []exchange.Observer{root.Fork(), root.Fork()}
		for i, f := range forks {
			s := site("send-request", 2+i)
			f.Enter(r.Exchange, s)
			calls := f.Calls(r.Exchange)
			for range 150 * i {
				calls.Begin("GET", get("/", ""), nil, nil).End(nil)
			}
			f.Leave(r.Exchange, s, exchange.Continued, nil)
		}
		for _, f := range forks {
			root.Join(f)
		}
	})
	steps := r.finish(trace.End{}).Steps
	if len(steps[1].Calls) != 0 || len(steps[2].Calls) != 100 || steps[2].DroppedCalls != 50 {
		t.Errorf("%d, %d and %d dropped", len(steps[1].Calls), len(steps[2].Calls), steps[2].DroppedCalls)
	}
}

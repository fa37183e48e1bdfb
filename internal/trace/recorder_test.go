package trace_test

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"github.com/apimulator/apimulator/internal/trace"
	"github.com/apimulator/apimulator/policy/exchange"
)

var noon = time.Date(2030, 1, 1, 12, 0, 0, 0, time.UTC)

// A request is an exchange under way, recorded, whose clock the test moves.
type request struct {
	*exchange.Exchange
	recorder *trace.Recorder
	clock    *exchange.VirtualClock
}

func start(recorder *trace.Recorder, id string, secret ...string) *request {
	clock := exchange.NewVirtualClock(noon)
	x := &exchange.Exchange{Context: context.Background(), ID: id, Timestamp: noon, Clock: clock}
	x.Request.Method, x.Request.ClientIP = "GET", "192.0.2.7"
	x.Request.OriginalURL = exchange.URL{Scheme: "https", Host: "gateway.example", Port: 443, Path: "/items"}
	recorder.Start(x, nil, secret...)
	return &request{x, recorder, clock}
}

func site(name string, line int) *exchange.Site {
	return &exchange.Site{Statement: name, Document: "policies/api.xml", Line: line, Scope: exchange.ScopeAPI, Section: exchange.Inbound}
}

// within runs f as a statement that takes a millisecond on each side of it.
func (r *request) within(s *exchange.Site, outcome exchange.Outcome, err error, f func()) {
	r.Observer.Enter(r.Exchange, s)
	r.clock.Advance(time.Millisecond)
	if f != nil {
		f()
	}
	r.clock.Advance(time.Millisecond)
	r.Observer.Leave(r.Exchange, s, outcome, err)
}

func (r *request) finish(end trace.End) *trace.Record {
	r.recorder.Finish(r.Exchange, end)
	return r.recorder.Last()
}

// outline is a record's steps as lines, indented by their depth.
func outline(steps []trace.Step) string {
	var b strings.Builder
	for _, s := range steps {
		fmt.Fprintf(&b, "%s%s %s %v+%v", strings.Repeat("  ", s.Depth), s.Name, s.Outcome, s.Start, s.Elapsed)
		for _, more := range []string{s.Reason, s.Message, s.Detail, strings.Join(s.Notes, "; ")} {
			if more != "" {
				b.WriteString(" | " + more)
			}
		}
		b.WriteByte('\n')
	}
	return b.String()
}

// Steps nest as statements do; a note goes to the innermost statement under way,
// or, where none is, to a built-in step.
func TestSteps(t *testing.T) {
	refusal := &exchange.Failure{Status: 401, LastError: exchange.LastError{Reason: "TokenNotPresent", Message: "JWT not present."}, Detail: "no header Authorization"}
	tests := []struct {
		name string
		run  func(*request)
		want string
	}{
		{"nothing", func(*request) {}, ""},
		{"statements in turn", func(r *request) {
			r.within(site("a", 1), exchange.Continued, nil, nil)
			r.within(site("b", 2), exchange.Continued, nil, nil)
		}, "a continued 0s+2ms\nb continued 2ms+2ms\n"},
		{"nested", func(r *request) {
			r.within(site("choose", 1), exchange.Continued, nil, func() {
				r.within(site("when", 2), exchange.Continued, nil, func() {
					r.within(site("set-header", 3), exchange.Continued, nil, func() { r.Note("set-header", "inside") })
					r.Note("when", "after it")
				})
				r.within(site("set-body", 4), exchange.Continued, nil, nil)
			})
		}, "choose continued 0s+8ms\n  when continued 1ms+4ms | after it\n    set-header continued 2ms+2ms | inside\n  set-body continued 5ms+2ms\n"},
		{"a response", func(r *request) {
			r.within(site("return-response", 1), exchange.Responded, nil, func() { r.Note("return-response", "applied") })
		}, "return-response responded 0s+2ms | applied\n"},
		{"a refusal", func(r *request) {
			r.within(site("validate-jwt", 1), exchange.Failed, refusal, nil)
		}, "validate-jwt failed 0s+2ms | TokenNotPresent | JWT not present. | no header Authorization\n"},
		{"a wrapped refusal", func(r *request) {
			r.within(site("validate-jwt", 1), exchange.Failed, fmt.Errorf("wrapped: %w", refusal), nil)
		}, "validate-jwt failed 0s+2ms | TokenNotPresent | JWT not present. | no header Authorization\n"},
		{"the client has gone", func(r *request) {
			r.within(site("forward-request", 1), exchange.Failed, context.Canceled, nil)
		}, "forward-request failed 0s+2ms | ClientConnectionFailure\n"},
		{"another error", func(r *request) {
			r.within(site("set-body", 1), exchange.Failed, errors.New("no room"), nil)
		}, "set-body failed 0s+2ms | no room\n"},
		{"notes of built-in steps", func(r *request) {
			r.Note("authorization", "one")
			r.Note("authorization", "two")
			r.Note("transfer-response", "three")
			r.Note("authorization", "four")
		}, "authorization continued 0s+0s | one; two\ntransfer-response continued 0s+0s | three\nauthorization continued 0s+0s | four\n"},
		{"a note after a statement of the same name", func(r *request) {
			r.within(site("on-error", 1), exchange.Continued, nil, nil)
			r.Note("on-error", "built in")
		}, "on-error continued 0s+2ms\non-error continued 2ms+0s | built in\n"},
		{"refused by a built-in step", func(r *request) {
			r.Note("authorization", "looked")
			r.Observer.(*trace.Record).Refused("authorization", refusal)
		}, "authorization failed 0s+0s | TokenNotPresent | JWT not present. | no header Authorization | looked\n"},
		{"a Leave without its Enter", func(r *request) {
			r.Observer.Leave(r.Exchange, site("a", 1), exchange.Continued, nil)
		}, ""},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			r := start(&trace.Recorder{}, "id")
			test.run(r)
			if diff := cmp.Diff(test.want, outline(r.finish(trace.End{Status: 200}).Steps)); diff != "" {
				t.Errorf("got (+), want (-)\n%s", diff)
			}
		})
	}
}

// What a record says beside its steps.
func TestFinish(t *testing.T) {
	var told *trace.Record
	recorder := &trace.Recorder{Finished: func(r *trace.Record) { told = r }}
	r := start(recorder, "id", "order-id")
	r.within(&exchange.Site{Statement: "a", PolicyID: "p", Document: "d.xml", Line: 3, Col: 5, Scope: exchange.ScopeGlobal, Section: exchange.Backend}, exchange.Continued, nil, nil)
	r.API, r.Operation = &exchange.API{Name: "orders"}, &exchange.Operation{Name: "list"}
	r.Product, r.Subscription = &exchange.Product{Name: "gold"}, &exchange.Subscription{Name: "me"}
	r.LastError = &exchange.LastError{Source: "s", Reason: "r", Message: "m", Scope: "api", Section: "inbound", Path: `a\b`, PolicyID: "p"}
	r.clock.Advance(time.Second)
	got := r.finish(trace.End{Status: 418, BytesOut: 12, Cut: "the client went away"})
	want := &trace.Record{
		ID: "id", Time: noon, Method: "GET", URL: "https://gateway.example/items", ClientIP: "192.0.2.7",
		API: "orders", Operation: "list", Product: "gold", Subscription: "me", Target: &trace.Target{}, Request: trace.Message{Header: []trace.Header{}},
		Steps: []trace.Step{{Name: "a", PolicyID: "p", Document: "d.xml", Line: 3, Scope: "global", Section: "backend",
			Elapsed: 2 * time.Millisecond, Outcome: "continued"}},
		Status: 418, BytesOut: 12, Elapsed: time.Second + 2*time.Millisecond,
		LastError: &trace.Error{Source: "s", Reason: "r", Message: "m", Scope: "api", Section: "inbound", Path: `a\b`, PolicyID: "p"},
		Cut:       "the client went away",
	}
	if diff := cmp.Diff(want, got, cmpopts.IgnoreUnexported(trace.Record{})); diff != "" {
		t.Errorf("got (+), want (-)\n%s", diff)
	}
	if told != got {
		t.Error("Finished was not called with the record")
	}
	if r.Observer != nil {
		t.Error("the exchange is still observed")
	}
	told = nil
	recorder.Finish(r.Exchange, trace.End{Status: 500})
	if told != nil || len(recorder.Newest(10)) != 1 {
		t.Error("finishing twice made a second record")
	}
	recorder.Finish(&exchange.Exchange{}, trace.End{})
	if len(recorder.Newest(10)) != 1 {
		t.Error("an exchange that was not recorded made a record")
	}
}

// The ring keeps the last records.
func TestRing(t *testing.T) {
	recorder := &trace.Recorder{}
	if recorder.Last() != nil || len(recorder.Newest(5)) != 0 || recorder.Find("r0") != nil {
		t.Error("an empty recorder has records")
	}
	const total = trace.Kept + 7
	for i := range total {
		start(recorder, fmt.Sprintf("r%d", i)).finish(trace.End{Status: 200})
	}
	ids := func(records []*trace.Record) []string {
		var ids []string
		for _, r := range records {
			ids = append(ids, r.ID)
		}
		return ids
	}
	for _, test := range []struct {
		n    int
		want []string
	}{
		{-1, nil},
		{0, nil},
		{1, []string{"r5006"}},
		{3, []string{"r5006", "r5005", "r5004"}},
	} {
		if got := ids(recorder.Newest(test.n)); !slices.Equal(got, test.want) {
			t.Errorf("Newest(%d) = %v; want %v", test.n, got, test.want)
		}
	}
	if all := recorder.Newest(total); len(all) != trace.Kept || all[0].ID != "r5006" || all[trace.Kept-1].ID != "r7" {
		t.Errorf("Newest(%d) are %d records", total, len(all))
	}
	if recorder.Last().ID != "r5006" {
		t.Errorf("Last is %s; want r5006", recorder.Last().ID)
	}
	for id, kept := range map[string]bool{"r6": false, "r7": true, "r5006": true, "r5007": false, "": false} {
		if got := recorder.Find(id); (got != nil) != kept || kept && got.ID != id {
			t.Errorf("Find(%q) = %v; want kept %t", id, got, kept)
		}
	}
}

// One record is bounded, says so, and keeps its nesting where steps are dropped.
func TestBounds(t *testing.T) {
	const most = 1000
	r := start(&trace.Recorder{}, "id")
	r.within(site("retry", 1), exchange.Failed, errors.New("given up"), func() {
		for range most + 10 {
			r.within(site("set-header", 2), exchange.Continued, nil, func() { r.Note("set-header", "set") })
		}
		r.Note("retry", "at the end")
	})
	r.Note("transfer-response", "sent")
	record := r.finish(trace.End{Status: 500})
	if len(record.Steps) != most || record.Dropped != 12 {
		t.Errorf("%d steps are kept and %d dropped; want %d and 12", len(record.Steps), record.Dropped, most)
	}
	first, last := record.Steps[0], record.Steps[most-1]
	if first.Name != "retry" || first.Outcome != "failed" || first.Message != "given up" || !slices.Equal(first.Notes, []string{"at the end"}) {
		t.Errorf("the outer step is %+v; want its own outcome and note", first)
	}
	if last.Outcome != "continued" || last.Depth != 1 || len(last.Notes) != 1 {
		t.Errorf("the last step is %+v; want it whole", last)
	}

	r = start(&trace.Recorder{}, "id")
	for i := range 200 {
		r.Note("authorization", fmt.Sprint(i))
	}
	notes := r.finish(trace.End{}).Steps[0].Notes
	if len(notes) != 101 || notes[99] != "99" || notes[100] != "(further notes were left out)" {
		t.Errorf("%d notes are kept, the last is %q; want 100 and a remark", len(notes), notes[len(notes)-1])
	}
}

// Texts are cut, at a character.
func TestTextsAreBounded(t *testing.T) {
	const most = 4096
	long := strings.Repeat("x", most-1) + "üü"
	want := strings.Repeat("x", most-1) + "…"
	recorder := &trace.Recorder{}
	r := start(recorder, "id")
	r.Note("step", long)
	r.within(site("a", 1), exchange.Failed, &exchange.Failure{LastError: exchange.LastError{Message: long}, Detail: long}, nil)
	r.within(site("b", 1), exchange.Failed, errors.New(long), nil)
	r.LastError = &exchange.LastError{Message: long}
	record := r.finish(trace.End{})
	for what, got := range map[string]string{
		"a note": record.Steps[0].Notes[0], "a message": record.Steps[1].Message, "a detail": record.Steps[1].Detail,
		"an error": record.Steps[2].Message, "LastError's message": record.LastError.Message,
	} {
		if got != want {
			t.Errorf("%s of %d bytes became one of %d; want it cut after %d and an ellipsis", what, len(long), len(got), most-1)
		}
	}

	r = start(recorder, "id")
	r.Note("step", strings.Repeat("x", most))
	if got := r.finish(trace.End{}).Steps[0].Notes[0]; len(got) != most {
		t.Errorf("a note of %d bytes became one of %d; want it whole", most, len(got))
	}

	x := &exchange.Exchange{Context: t.Context(), Clock: exchange.NewVirtualClock(noon)}
	x.Request.OriginalURL = exchange.URL{Scheme: "https", Host: "gateway.example", Port: 443, Path: "/" + strings.Repeat("a", 2*most), RawQuery: "key=s3cret"}
	if got := recorder.Start(x, nil).URL; len(got) != most+len("…") || strings.Contains(got, "s3cret") {
		t.Errorf("a URL of %d bytes is recorded with %d", 2*most, len(got))
	}
}

// Requests are recorded side by side, and read while they are.
func TestConcurrency(t *testing.T) {
	const clients, requests = 8, 300
	var mu sync.Mutex
	told := make(map[string]int)
	recorder := &trace.Recorder{Finished: func(r *trace.Record) {
		mu.Lock()
		defer mu.Unlock()
		told[r.ID]++
	}}
	var group sync.WaitGroup
	for c := range clients {
		group.Go(func() {
			for i := range requests {
				r := start(recorder, fmt.Sprintf("%d/%d", c, i))
				r.within(site("a", i), exchange.Continued, nil, func() { r.Note("a", r.ID) })
				r.finish(trace.End{Status: 200})
			}
		})
	}
	for range 2 {
		group.Go(func() {
			for range requests {
				for _, r := range recorder.Newest(trace.Kept) {
					if len(r.Steps) != 1 || r.Steps[0].Notes[0] != r.ID || r.Status != 200 {
						t.Errorf("record %s is not whole: %+v", r.ID, r)
					}
				}
			}
		})
	}
	group.Wait()
	if len(told) != clients*requests {
		t.Errorf("Finished was called for %d requests; want %d", len(told), clients*requests)
	}
	if n := len(recorder.Newest(trace.Kept + 1)); n != min(trace.Kept, clients*requests) {
		t.Errorf("%d records are kept; want %d", n, min(trace.Kept, clients*requests))
	}
}

package trace_test

import (
	"context"
	"errors"
	"io"
	"strings"
	"testing"

	"github.com/apimulator/apimulator/internal/trace"
	"github.com/apimulator/apimulator/policy"
	"github.com/apimulator/apimulator/policy/exchange"
)

// keeping begins the record of a POST with that body as a stream of that length.
func keeping(body string, length int64, header ...exchange.Field) *request {
	recorder := &trace.Recorder{KeepRaw: true}
	clock := exchange.NewVirtualClock(noon)
	x := &exchange.Exchange{Context: context.Background(), ID: "a", Timestamp: noon, Clock: clock}
	x.Request.Method = "POST"
	x.Request.OriginalURL = exchange.URL{Scheme: "https", Host: "gateway.example", Port: 443, Path: "/items", RawQuery: "sig=abcdefgh"}
	x.Request.Header = exchange.NewHeader(append(header, exchange.Field{Name: "Cookie", Value: "sid=cookie-secret"})...)
	x.Request.Body = exchange.StreamBody(io.NopCloser(strings.NewReader(body)), length)
	recorder.Start(x, nil)
	return &request{x, recorder, clock}
}

// A body is kept whole, whoever reads it or does not, but for one that would have to be
// waited for or is too large.
func TestRawBody(t *testing.T) {
	large := strings.Repeat("x", 100<<10)
	nothing := func(*exchange.Body) {}
	for _, test := range []struct {
		name, body string
		length     int64
		header     []exchange.Field
		read       func(*exchange.Body)
		want       string
		whole      bool
	}{
		{"nobody reads it", "abc", 3, nil, nothing, "abc", true},
		{"it is replaced unread", "abc", 3, nil, func(b *exchange.Body) { b.Replace([]byte("other")) }, "abc", true},
		{"it is buffered", "abc", 3, nil, func(b *exchange.Body) { _, _ = b.Buffer(10) }, "abc", true},
		{"it is sent on", "abc", -1, nil, func(b *exchange.Body) { r, _ := b.Reader(); _, _ = io.ReadAll(r) }, "abc", true},
		{"its beginning is sent on", "abc", -1, nil, func(b *exchange.Body) { r, _ := b.Reader(); _, _ = r.Read(make([]byte, 2)) }, "ab", false},
		{"it may never come", "abc", 3, []exchange.Field{{Name: "Expect", Value: "100-continue"}}, nothing, "", false},
		{"it is of unknown length", "abc", -1, nil, nothing, "", false},
		{"it is too large", large, int64(len(large)), nil, func(b *exchange.Body) { _, _ = b.Buffer(1 << 20) }, large[:64<<10], false},
	} {
		t.Run(test.name, func(t *testing.T) {
			x := keeping(test.body, test.length, test.header...)
			test.read(&x.Request.Body)
			x.Observer.(*trace.Record).Handled(x.Exchange)
			x.finish(trace.End{Status: 200})
			raw := x.recorder.Raw("a")
			if raw == nil || string(raw.Body) != test.want || raw.Whole != test.whole {
				t.Fatalf("%.100v is kept; want %.100q, whole: %t", raw, test.want, test.whole)
			}
			if got := raw.ShownHeader("Cookie", "sid=cookie-secret") + raw.ShownURL(raw.URL); strings.Contains(got, "secret") || strings.Contains(got, "abcdefgh") {
				t.Errorf("what is shown has secrets: %s", got)
			}
		})
	}
}

// sends answers calls in order.
type sends []func() (*exchange.Response, error)

func (s *sends) Send(context.Context, *policy.Outgoing) (*exchange.Response, error) {
	next := (*s)[0]
	*s = (*s)[1:]
	return next()
}

// The answers to calls are kept with what was read of them, and failures by their reasons.
func TestRawAnswers(t *testing.T) {
	x := keeping("", 0)
	sender := trace.Watch(&sends{
		func() (*exchange.Response, error) {
			return &exchange.Response{Status: 503, Body: exchange.BytesBody([]byte("busy"))}, nil
		},
		func() (*exchange.Response, error) { return nil, context.DeadlineExceeded },
		func() (*exchange.Response, error) {
			return nil, &policy.SendError{Reason: exchange.ReasonBackendConnection, Err: errors.New("refused")}
		},
		func() (*exchange.Response, error) {
			return &exchange.Response{Status: 200, Body: exchange.StreamBody(io.NopCloser(strings.NewReader("fine")), -1)}, nil
		},
		func() (*exchange.Response, error) { return &exchange.Response{Status: 204}, nil },
	})
	call := func(ctx context.Context) *exchange.Response {
		response, _ := sender.Send(ctx, &policy.Outgoing{URL: exchange.URL{Scheme: "https", Host: "backend.example", Port: 443}})
		return response
	}
	for range 3 {
		call(x.Context)
	}
	body := call(x.Context).Body
	r, err := body.Reader()
	if err != nil {
		t.Fatal(err)
	}
	if data, err := io.ReadAll(r); string(data) != "fine" || err != nil {
		t.Errorf("who called reads %q, %v", data, err)
	}
	call(context.Background()) // for nobody
	x.finish(trace.End{Status: 200})
	var got []string
	for _, a := range x.recorder.Raw("a").Answers {
		got = append(got, string(rune('0'+a.Status/100))+" "+a.Reason+" "+string(a.Body))
	}
	if text, want := strings.Join(got, "|"), "5  busy|0 Timeout |0 BackendConnectionFailure |2  fine"; text != want {
		t.Errorf("the answers are %q; want %q", text, want)
	}
}

// Of many requests the newest are kept raw.
func TestRawBound(t *testing.T) {
	recorder := &trace.Recorder{KeepRaw: true}
	clock := exchange.NewVirtualClock(noon)
	ids := func(n int) string {
		return string(rune('a'+n/1000)) + string(rune('0'+n/100%10)) + string(rune('0'+n/10%10)) + string(rune('0'+n%10))
	}
	for n := range 1200 {
		x := &exchange.Exchange{Context: context.Background(), ID: ids(n), Timestamp: noon, Clock: clock}
		recorder.Start(x, nil)
		recorder.Finish(x, trace.End{})
	}
	if recorder.Raw(ids(1199)) == nil || recorder.Raw(ids(700)) == nil || recorder.Raw(ids(699)) != nil {
		t.Error("it is not the newest 500 that are kept")
	}
}

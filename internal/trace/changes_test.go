package trace_test

import (
	"encoding/base64"
	"encoding/json"
	"net/url"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/apimulator/apimulator/internal/trace"
	"github.com/apimulator/apimulator/policy/exchange"
)

// step runs change as a statement and gives what the record says that it changed.
func step(x *exchange.Exchange, change func()) []string {
	at := site("s", 1)
	x.Observer.Enter(x, at)
	change()
	x.Observer.Leave(x, at, exchange.Continued, nil)
	steps := x.Observer.(*trace.Record).Steps
	var changes []string
	for _, c := range steps[len(steps)-1].Changes {
		changes = append(changes, c.String())
	}
	return changes
}

func TestChanges(t *testing.T) {
	x := start(&trace.Recorder{}, "1").Exchange
	for _, test := range []struct {
		what   string
		change func()
		want   []string
	}{
		{"nothing", func() {}, nil},
		{"a new header", func() { x.Request.Header.Add("X", "1") }, []string{"request X is 1"}},
		{"another line", func() { x.Request.Header.Add("x", "2") }, []string{"request X: 1 -> 1 2"}},
		{"no header", func() { x.Request.Header.Del("X") }, []string{"request X is gone"}},
		{"method", func() { x.Request.Method = "PUT" }, []string{"request method: GET -> PUT"}},
		{"path", func() { x.Request.URL.Path = "/b" }, []string{"request URL: ://:0/ -> ://:0/b"}},
		{"a variable", func() { x.Variables.Set("v", int32(1)) }, []string{"variable v is 1"}},
		{"the variable again", func() { x.Variables.Set("v", "b") }, []string{"variable v: 1 -> b"}},
		{"a body", func() { x.Request.Body.Replace([]byte("new")) }, []string{"request body is new"}},
		{"the body again", func() { x.Request.Body.Replace([]byte("other")) }, []string{"request body: new -> other"}},
		{"a response", func() { x.Response = &exchange.Response{Status: 200, Reason: "OK"} }, []string{"response status is 200 OK"}},
		{"its status", func() { x.Response.Status = 404 }, []string{"response status: 200 OK -> 404 OK"}},
		{"its cookie", func() { x.Response.Header.Add("Set-Cookie", "a=b") }, []string{"response Set-Cookie is ***"}},
		{"no response", func() { x.Response = nil }, []string{"response status is gone"}},
		{"authorization", func() { x.Request.Header.Set("Authorization", "Bearer abc") }, []string{"request Authorization is Bearer ***"}},
	} {
		if got := step(x, test.change); !slices.Equal(got, test.want) {
			t.Errorf("%s: %q; want %q", test.what, got, test.want)
		}
	}
}

// Whatever is secret is in no record, however it is spelt.
func TestSecrets(t *testing.T) {
	const named, header, key = "v&lue of a named value", "token-of-a-header", "key-of-a-subscription"
	const jwt = "eyJhbGciOiJub25lIn0.eyJzdWIiOiJhIn0.c2lnbmF0dXJl"
	recorder := &trace.Recorder{}
	x := &exchange.Exchange{ID: "1", Clock: exchange.NewVirtualClock(noon)}
	x.Request.Header.Add("X-Functions-Key", header)
	x.Subscription = &exchange.Subscription{ID: "s", Key: key}
	recorder.Start(x, trace.NewSecrets(map[string]string{named: "{{named}}"}))
	for _, secret := range []string{named, header, key, jwt} {
		x.Note("a", secret+" "+url.QueryEscape(secret)+" "+base64.StdEncoding.EncodeToString([]byte(secret)))
		step(x, func() { x.Variables.Set("v", "in "+secret+".") })
		x.Observer.Evaluated(x, &exchange.Evaluation{Source: "@(1)", Seen: exchange.Seen{Value: secret}, Parts: []exchange.EvaluatedPart{{Seen: exchange.Seen{Fault: secret}}}})
	}
	x.Note("a", "https://a.example/b?sig=s3cret&x=y&access_token=s3cret")
	recorder.Finish(x, trace.End{})
	text, err := json.Marshal(recorder.Last())
	if err != nil {
		t.Fatal(err)
	}
	for _, secret := range []string{named, header, key, jwt, url.QueryEscape(named), base64.StdEncoding.EncodeToString([]byte(named)), "s3cret"} {
		if i := strings.Index(string(text), secret); i >= 0 {
			t.Errorf("%q is in the record, after %s", secret, text[max(0, i-60):i])
		}
	}
	if !strings.Contains(string(text), "{{named}}") || !strings.Contains(string(text), "(key of s)") {
		t.Errorf("the record does not say which secret stood there: %s", text)
	}
}

func TestShowSecrets(t *testing.T) {
	recorder := &trace.Recorder{ShowSecrets: true}
	x := &exchange.Exchange{ID: "1", Clock: exchange.NewVirtualClock(noon)}
	recorder.Start(x, trace.NewSecrets(map[string]string{"a named value": "{{named}}"}))
	x.Note("a", "a named value")
	recorder.Finish(x, trace.End{})
	if got := recorder.Last().Steps[0].Notes[0]; got != "a named value" {
		t.Errorf("the note is %q", got)
	}
}

// Under load only so many requests are recorded, and the next record tells of the rest.
func TestPerSecond(t *testing.T) {
	recorder := &trace.Recorder{PerSecond: 3}
	for i := range 10 {
		x := &exchange.Exchange{ID: "1", Timestamp: noon, Clock: exchange.NewVirtualClock(noon)}
		if recorded := recorder.Start(x, nil) != nil; recorded != (i < 3) || recorded != x.Observed() {
			t.Errorf("request %d: recorded %t, observed %t", i, recorded, x.Observed())
		}
		recorder.Finish(x, trace.End{})
	}
	recorder.PerSecond = -1
	if x := (&exchange.Exchange{ID: "none", Timestamp: noon.Add(time.Second), Clock: exchange.NewVirtualClock(noon)}); recorder.Start(x, nil) != nil || x.Observed() {
		t.Error("a request is recorded at a negative rate")
	}
	recorder.PerSecond = 3
	x := &exchange.Exchange{ID: "2", Timestamp: noon.Add(time.Second), Clock: exchange.NewVirtualClock(noon)}
	recorder.Start(x, nil)
	recorder.Finish(x, trace.End{})
	if last := recorder.Last(); last.ID != "2" || last.Unrecorded != 7 {
		t.Errorf("the last record is %s, and %d before it were not recorded; want 2 and 7", last.ID, last.Unrecorded)
	}
}

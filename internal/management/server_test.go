package management_test

import (
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/apimulator/apimulator/internal/management"
	"github.com/apimulator/apimulator/internal/trace"
	"github.com/apimulator/apimulator/jwtvalidate"
	"github.com/apimulator/apimulator/policy/exchange"
)

const bearer = "s3cret-of-the-management-listener"

var noon = time.Date(2030, 1, 1, 12, 0, 0, 0, time.UTC)

// A lab is a management listener of an emulator in which nothing has happened.
type lab struct {
	t        *testing.T
	handler  http.Handler
	recorder *trace.Recorder
	clock    *exchange.MovableClock
	keySets  []jwtvalidate.KeySetState
}

func newLab(t *testing.T) *lab {
	l := &lab{t: t, recorder: &trace.Recorder{}, clock: exchange.NewMovableClock(exchange.NewVirtualClock(noon))}
	// A party that tells what reached it.
	party := http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		data, err := io.ReadAll(r.Body)
		fmt.Fprintf(w, "%s %s %d bytes %v", r.Method, r.URL.RequestURI(), len(data), err)
	})
	l.handler = management.New(management.Config{
		Token: bearer, Recorder: l.recorder, Clock: l.clock, KeySets: func() []jwtvalidate.KeySetState { return l.keySets },
		Parties: map[string]http.Handler{"/party": party},
	})
	return l
}

// record keeps a request's record, as the gateway would.
func (l *lab) record(id string) {
	x := &exchange.Exchange{ID: id, Timestamp: noon, Clock: l.clock}
	x.Request.Method = "GET"
	x.Request.OriginalURL = exchange.URL{Scheme: "https", Host: "gateway.example", Port: 443, Path: "/items", RawQuery: "subscription-key=s3cret-key"}
	l.recorder.Start(x, nil)
	l.recorder.Finish(x, trace.End{Status: 200})
}

// A question to the listener; what is empty is as the emulator's own client
// sends it.
type question struct {
	method, path, body string
	host               string // "-" sends none
	header             []string
}

func (l *lab) ask(q question) *httptest.ResponseRecorder {
	l.t.Helper()
	if q.method == "" {
		q.method = "GET"
	}
	r := httptest.NewRequest(q.method, q.path, strings.NewReader(q.body))
	r.Host = "127.0.0.1:8445"
	switch q.host {
	case "":
	case "-":
		r.Host = ""
	default:
		r.Host = q.host
	}
	if q.header == nil {
		q.header = []string{"Authorization: Bearer " + bearer}
	}
	for _, h := range q.header {
		name, value, _ := strings.Cut(h, ": ")
		r.Header.Add(name, value)
	}
	w := httptest.NewRecorder()
	l.handler.ServeHTTP(w, r)
	return w
}

// refusal is the text of an error's JSON, "" if the answer is none.
func refusal(t *testing.T, w *httptest.ResponseRecorder) string {
	t.Helper()
	var answer struct {
		Error string `json:"error"`
	}
	if err := json.Unmarshal(w.Body.Bytes(), &answer); err != nil {
		t.Errorf("status %d with %q, which is not JSON: %v", w.Code, w.Body, err)
	}
	return answer.Error
}

// Every path but /health asks for the bearer, and tells nothing to who lacks it.
func TestBearer(t *testing.T) {
	l := newLab(t)
	l.record("id")
	paths := []question{
		{path: "/traces"}, {path: "/traces/last"}, {path: "/traces/id"}, {path: "/keysets"}, {path: "/clock"},
		{method: "POST", path: "/clock/advance", body: `{"by": "5m"}`},
		{path: "/party/keys"}, {method: "POST", path: "/party/token", body: "{}"},
		{path: "/"}, {path: "/nothing"}, {path: "/health/"}, {method: "POST", path: "/health"}, {path: "//health"},
	}
	credentials := [][]string{
		{},
		{"Authorization: "},
		{"Authorization: Bearer"},
		{"Authorization: Bearer "},
		{"Authorization: Bearer wrong"},
		{"Authorization: Bearer " + bearer + "x"},
		{"Authorization: Bearer " + bearer[1:]},
		{"Authorization: Bearer " + strings.ToUpper(bearer)},
		{"Authorization: " + bearer},
		{"Authorization: Basic " + bearer},
		{"Authorization: Bearer wrong", "Authorization: Bearer " + bearer},
		{"Cookie: token=" + bearer},
		{"X-Authorization: Bearer " + bearer},
	}
	for _, q := range paths {
		for _, credential := range credentials {
			q.header = credential
			w := l.ask(q)
			if w.Code == http.StatusMovedPermanently || w.Code == http.StatusTemporaryRedirect {
				continue // net/http cleans //health, which tells nothing
			}
			if w.Code != http.StatusUnauthorized || w.Header().Get("WWW-Authenticate") != `Bearer realm="apimulator management"` {
				t.Errorf("%s %s with %q: %d %s; want 401 with WWW-Authenticate", q.method, q.path, credential, w.Code, w.Body)
				continue
			}
			if text := refusal(t, w); text != "the management listener needs the bearer that stands in management.json of the state folder" {
				t.Errorf("%s %s with %q: %q", q.method, q.path, credential, text)
			}
			if strings.Contains(w.Body.String(), bearer) {
				t.Errorf("%s %s with %q: the answer holds the bearer", q.method, q.path, credential)
			}
		}
	}
	if l.clock.Offset() != 0 {
		t.Error("the clock was moved without the bearer")
	}
	for _, q := range paths[:8] {
		if w := l.ask(q); w.Code != http.StatusOK {
			t.Errorf("%s %s with the bearer: %d %s; want 200", q.method, q.path, w.Code, w.Body)
		}
	}
	if w := l.ask(question{path: "/health", header: []string{}}); w.Code != http.StatusOK || w.Body.String() != "{\n  \"status\": \"ok\"\n}\n" {
		t.Errorf("/health without the bearer: %d %s; want 200 and ok", w.Code, w.Body)
	}
}

// A listener without a bearer lets nobody in.
func TestNoBearer(t *testing.T) {
	handler := management.New(management.Config{Recorder: &trace.Recorder{}})
	for _, value := range []string{"", "Bearer ", "Bearer x"} {
		r := httptest.NewRequest("GET", "http://127.0.0.1:8445/traces", nil)
		r.Header.Set("Authorization", value)
		w := httptest.NewRecorder()
		handler.ServeHTTP(w, r)
		if w.Code != http.StatusUnauthorized {
			t.Errorf("Authorization %q: %d; want 401", value, w.Code)
		}
	}
}

// Neither a rebound DNS name nor a page of another origin gets through, to
// /health either.
func TestHostAndOrigin(t *testing.T) {
	l := newLab(t)
	tests := []struct {
		host   string
		origin string // "" sends none
		want   int
	}{
		{"127.0.0.1:8445", "", 200},
		{"127.0.0.1", "", 200},
		{"127.1.2.3:8445", "", 200},
		{"localhost:8445", "", 200},
		{"LocalHost", "", 200},
		{"[::1]:8445", "", 200},
		{"[::1]", "", 200},
		{"[::ffff:127.0.0.1]:8445", "", 200},

		{"-", "", 403},
		{"evil.example", "", 403},
		{"evil.example:8445", "", 403},
		{"localhost.evil.example:8445", "", 403},
		{"evil-localhost", "", 403},
		{"localhost.", "", 403},
		{"127.0.0.1.evil.example:8445", "", 403},
		{"127.0.0.1.nip.io", "", 403},
		{"0.0.0.0:8445", "", 403},
		{"[::]:8445", "", 403},
		{"192.168.1.2:8445", "", 403},
		{"[fe80::1]:8445", "", 403},
		{"2130706433", "", 403},
		{"127.1", "", 403},
		{":8445", "", 403},
		{"::1", "", 200}, // no URL is written so, but it is loopback

		{"127.0.0.1:8445", "http://127.0.0.1:8445", 200},
		{"localhost:8445", "http://localhost:8445", 200},
		{"127.0.0.1:8445", "http://localhost:8445", 403},
		{"127.0.0.1:8445", "http://127.0.0.1:8446", 403},
		{"127.0.0.1:8445", "https://127.0.0.1:8445", 403},
		{"127.0.0.1:8445", "http://127.0.0.1:8445.evil.example", 403},
		{"127.0.0.1:8445", "http://evil.example", 403},
		{"127.0.0.1:8445", "null", 403},
		{"evil.example", "http://evil.example", 403},
	}
	for _, test := range tests {
		for _, path := range []string{"/health", "/traces"} {
			q := question{path: path, host: test.host, header: []string{"Authorization: Bearer " + bearer}}
			if test.origin != "" {
				q.header = append(q.header, "Origin: "+test.origin)
			}
			w := l.ask(q)
			if w.Code != test.want {
				t.Errorf("%s at host %q from origin %q: %d %s; want %d", path, test.host, test.origin, w.Code, w.Body, test.want)
			}
			if w.Code == 403 && refusal(t, w) == "" {
				t.Errorf("%s at host %q from origin %q: no reason given", path, test.host, test.origin)
			}
			if cors := w.Header().Get("Access-Control-Allow-Origin"); cors != "" {
				t.Errorf("%s at host %q from origin %q: Access-Control-Allow-Origin %s; want none", path, test.host, test.origin, cors)
			}
		}
	}
}

// Which paths there are, by which methods.
func TestPaths(t *testing.T) {
	l := newLab(t)
	l.record("id-1")
	tests := []struct {
		method, path string
		want         int
		body         string // "" is not looked at
	}{
		{"GET", "/health", 200, ""},
		{"HEAD", "/health", 200, ""},
		{"GET", "/traces", 200, ""},
		{"GET", "/traces/last", 200, ""},
		{"GET", "/traces/id-1", 200, ""},
		{"GET", "/traces/id-2", 404, ""},
		{"GET", "/traces/", 404, ""},
		{"GET", "/traces/id-1/steps", 404, ""},
		{"GET", "/traces/..%2Fclock", 404, ""},
		{"POST", "/traces", 405, ""},
		{"DELETE", "/traces/id-1", 405, ""},
		{"GET", "/keysets", 200, ""},
		{"GET", "/clock", 200, ""},
		{"PUT", "/clock", 405, ""},
		{"GET", "/clock/advance", 405, ""},
		{"GET", "/", 404, ""},
		{"GET", "/debug/pprof/", 404, ""},
		{"GET", "/party/keys?a=b", 200, "GET /keys?a=b 0 bytes <nil>"},
		{"POST", "/party/", 200, "POST / 0 bytes <nil>"},
		{"DELETE", "/party/a%2Fb", 200, "DELETE /a%2Fb 0 bytes <nil>"},
		{"GET", "/partying", 404, ""},
	}
	for _, test := range tests {
		w := l.ask(question{method: test.method, path: test.path})
		if w.Code != test.want || test.body != "" && w.Body.String() != test.body {
			t.Errorf("%s %s: %d %s; want %d %s", test.method, test.path, w.Code, w.Body, test.want, test.body)
		}
		if got := w.Header().Get("Cache-Control"); got != "no-store" {
			t.Errorf("%s %s: Cache-Control %q; want no-store", test.method, test.path, got)
		}
	}
}

func TestTraces(t *testing.T) {
	l := newLab(t)
	if w := l.ask(question{path: "/traces"}); w.Body.String() != "[]\n" {
		t.Errorf("/traces without a request: %s; want []", w.Body)
	}
	for path, want := range map[string]string{
		"/traces/last": "no request has been recorded yet",
		"/traces/id":   "no trace has this id; the last 5000 requests are kept",
	} {
		if w := l.ask(question{path: path}); w.Code != 404 || refusal(t, w) != want {
			t.Errorf("%s without a request: %d %s; want 404: %s", path, w.Code, w.Body, want)
		}
	}
	for _, id := range []string{"a", "b", "c"} {
		l.record(id)
	}
	var all []trace.Record
	w := l.ask(question{path: "/traces"})
	if err := json.Unmarshal(w.Body.Bytes(), &all); err != nil || len(all) != 3 || all[0].ID != "c" || all[2].ID != "a" {
		t.Errorf("/traces: %v, %s; want c, b, a", err, w.Body)
	}
	if strings.Contains(w.Body.String(), "s3cret") || !strings.Contains(w.Body.String(), "subscription-key=***") {
		t.Errorf("/traces shows a key: %s", w.Body)
	}
	for path, want := range map[string]string{"/traces/last": "c", "/traces/b": "b"} {
		var one trace.Record
		w := l.ask(question{path: path})
		if err := json.Unmarshal(w.Body.Bytes(), &one); err != nil || one.ID != want || one.Status != 200 {
			t.Errorf("%s: %v, %s; want the record of %s", path, err, w.Body, want)
		}
		if got := w.Header().Get("Content-Type"); got != "application/json" {
			t.Errorf("%s: Content-Type %q; want application/json", path, got)
		}
	}
}

func TestKeySets(t *testing.T) {
	l := newLab(t)
	if w := l.ask(question{path: "/keysets"}); w.Body.String() != "[]\n" {
		t.Errorf("/keysets without any: %s; want []", w.Body)
	}
	l.keySets = []jwtvalidate.KeySetState{
		{URL: "https://a.example", RefetchAllowedAt: noon, LastError: "no answer"},
		{URL: "https://b.example", Issuer: "i", KeyIDs: []string{"k1", ""}, FetchedAt: noon, RefetchAllowedAt: noon.Add(time.Minute), Fetches: 2, Fetching: true,
			Dropped: []jwtvalidate.DroppedKey{{KeyID: "k0", Reason: "too short"}}},
	}
	const want = `[
  {
    "url": "https://a.example",
    "issuer": "",
    "keyIds": [],
    "refetchAllowedAt": "2030-01-01T12:00:00Z",
    "fetches": 0,
    "fetching": false,
    "lastError": "no answer"
  },
  {
    "url": "https://b.example",
    "issuer": "i",
    "keyIds": [
      "k1",
      ""
    ],
    "fetchedAt": "2030-01-01T12:00:00Z",
    "refetchAllowedAt": "2030-01-01T12:01:00Z",
    "fetches": 2,
    "fetching": true,
    "droppedKeys": [
      {
        "keyId": "k0",
        "reason": "too short"
      }
    ]
  }
]
`
	if diff := cmp.Diff(want, l.ask(question{path: "/keysets"}).Body.String()); diff != "" {
		t.Errorf("/keysets: got (+), want (-)\n%s", diff)
	}
}

// Bodies are bounded for parties too.
func TestBodiesAreBounded(t *testing.T) {
	l := newLab(t)
	w := l.ask(question{method: "POST", path: "/party/token", body: strings.Repeat("x", 1<<20)})
	if got, want := w.Body.String(), "POST /token 1048576 bytes <nil>"; got != want {
		t.Errorf("a body of a megabyte: %s; want %s", got, want)
	}
	w = l.ask(question{method: "POST", path: "/party/token", body: strings.Repeat("x", 1<<20+1)})
	if got, want := w.Body.String(), "POST /token 1048576 bytes http: request body too large"; got != want {
		t.Errorf("a larger body: %s; want %s", got, want)
	}
}

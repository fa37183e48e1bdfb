package azureopenai

import (
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"
	"time"
)

func TestInjectedFaults(t *testing.T) {
	s, _ := newTestServer(t, testConfig())
	for _, f := range []Fault{
		{Status: 429, RetryAfter: 1200 * time.Millisecond, Times: 2},
		{Status: 503, Times: 1, Deployment: "gpt-35-turbo"},
		{Status: 408, Times: 1},
		{Status: 502, Message: "no route", Deployment: "gpt-4o-mini"},
	} {
		if err := s.Inject(f); err != nil {
			t.Fatal(err)
		}
	}
	if w := ask(s, strings.Replace(chatURL, "gpt-4o", "unknown", 1), helloBody); w.Code != 404 {
		t.Errorf("an unknown deployment: got %d, want 404 and no fault used", w.Code)
	}
	var got []int
	for range 4 {
		w := ask(s, chatURL, helloBody)
		got = append(got, w.Code)
		if h := w.Header(); w.Code == 429 && (h.Get("Retry-After") != "2" || h.Get("Retry-After-Ms") != "1200" || h.Get("X-Ratelimit-Reset-Tokens") != "2") {
			t.Errorf("429 with header %v, want 2 seconds of 1200 ms", h)
		}
	}
	got = append(got, ask(s, strings.Replace(chatURL, "gpt-4o", "gpt-35-turbo", 1), helloBody).Code)
	if want := []int{429, 429, 408, 200, 503}; !slices.Equal(got, want) {
		t.Errorf("got %v, want %v", got, want)
	}
	w := ask(s, strings.Replace(chatURL, "gpt-4o", "gpt-4o-mini", 1), helloBody)
	if want := `{"error":{"code":"502","message":"no route"}}`; w.Code != 502 || w.Body.String() != want {
		t.Errorf("a fault of one's own: got %d %s, want 502 %s", w.Code, w.Body, want)
	}
}

func TestFaultsThatCannotBe(t *testing.T) {
	s, _ := newTestServer(t, testConfig())
	for _, c := range []struct {
		fault Fault
		want  string
	}{
		{Fault{}, "fault: give status, cutAfter or delay"},
		{Fault{Status: 600}, "status 600"},
		{Fault{Status: 429}, "status 429 needs retryAfter"},
		{Fault{Status: 502}, "status 502 has no message of its own; give message"},
		{Fault{Status: 500, RetryAfter: -1}, "retryAfter -1ns is not between 0 and a year"},
		{Fault{Status: 500, Times: -1}, "times -1 is negative"},
		{Fault{Status: 500, Deployment: "x"}, `deployment "x" is not one of [gpt-35-turbo gpt-4o gpt-4o-mini text-embedding-3-small]`},
	} {
		if err := s.Inject(c.fault); err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%+v: got %v, want %q", c.fault, err, c.want)
		}
	}
	if w := ask(s, chatURL, helloBody); w.Code != 200 {
		t.Errorf("after refused faults: got %d, want 200", w.Code)
	}
}

func TestTheNthRequestFails(t *testing.T) {
	s, _ := newTestServer(t, testConfig())
	if err := s.SetFaults([]Fault{
		{Status: 500, Nth: 2, Times: 1, Operation: KindChat},
		{Status: 503, Nth: 3, Deployment: "gpt-4o"},
		{Status: 408, Operation: KindEmbeddings, Times: 1},
	}); err != nil {
		t.Fatal(err)
	}
	var got []int
	for range 5 {
		got = append(got, ask(s, chatURL, helloBody).Code)
	}
	got = append(got, ask(s, embeddingsURL, `{"input":"a"}`).Code, ask(s, embeddingsURL, `{"input":"a"}`).Code)
	// The second request does not come to the fault that waits for its third.
	if want := []int{200, 500, 200, 503, 503, 408, 200}; !slices.Equal(got, want) {
		t.Errorf("got %v, want %v", got, want)
	}
	if left := s.Faults(); len(left) != 1 || left[0].Status != 503 {
		t.Errorf("left is %+v", left)
	}
}

// askCut is what comes of an answer until it breaks off.
func askCut(s *Server, url, body string) (text string, cut bool) {
	w := httptest.NewRecorder()
	defer func() {
		if v := recover(); v != nil {
			text, cut = w.Body.String(), v == http.ErrAbortHandler
		}
	}()
	r := httptest.NewRequest("POST", url, strings.NewReader(body))
	r.Header.Set("Api-Key", testKey)
	r.Header.Set("Ocp-Apim-Subscription-Key", testKey)
	s.ServeHTTP(w, r)
	return w.Body.String(), false
}

func TestAnswersAreCut(t *testing.T) {
	five := 5
	for _, c := range []struct {
		name, url, body string
		after           int
		cut             bool
		events          int // -1: half of one body
	}{
		{"before the first token", chatURL, streamBody, 0, true, 2},
		{"after two tokens", chatURL, streamBody, 2, true, 4},
		{"after two tokens of each choice", chatURL, strings.Replace(streamBody, "{", `{"n":2,`, 1), 2, true, 7},
		{"after the last one", chatURL, streamBody, 6, false, 10},
		{"whole", chatURL, helloBody, 1, true, -1},
		{"embeddings", embeddingsURL, `{"input":"a"}`, 1, true, -1},
		{"content safety", "/contentsafety/text:analyze?api-version=2024-09-01", `{"text":"a"}`, 1, true, -1},
		{"an error is whole", chatURL, `{}`, 1, false, 0},
	} {
		s, _ := newTestServer(t, testConfig())
		if err := s.SetFaults([]Fault{{CutAfter: &c.after}}); err != nil {
			t.Fatal(err)
		}
		text, cut := askCut(s, c.url, c.body)
		events := strings.Count(text, "\n\n")
		if c.events == -1 {
			s.SetFaults(nil)
			whole, _ := askCut(s, c.url, c.body)
			if len(text) != len(whole)/2 {
				t.Errorf("%s: got %d of %d bytes", c.name, len(text), len(whole))
			}
			events = -1
		}
		if cut != c.cut || events != c.events {
			t.Errorf("%s: got %d events, cut %t; want %d, %t: %s", c.name, events, cut, c.events, c.cut, text)
		}
	}
	config := testConfig()
	config.Answers = []Answer{{Match: Match{Contains: "one"}, Fault: &Fault{CutAfter: &five}}}
	s, _ := newTestServer(t, config)
	if text, cut := askCut(s, chatURL, streamBody); !cut || !strings.Contains(text, "two") || strings.Contains(text, "three") {
		t.Errorf("an answer's own cut: %t %s", cut, text)
	}
}

func TestFaultsDelay(t *testing.T) {
	s, clock := newLeapingServer(t, testConfig())
	if err := s.SetFaults([]Fault{{Delay: time.Minute, Times: 1}, {Delay: time.Second, Status: 500}}); err != nil {
		t.Fatal(err)
	}
	start := clock.Now()
	first, second := ask(s, chatURL, helloBody).Code, ask(s, chatURL, helloBody).Code
	if got := clock.Now().Sub(start); first != 200 || second != 500 || got != 61*time.Second {
		t.Errorf("got %d, %d after %v; want 200, 500 after 61s", first, second, got)
	}
}

func TestManagement(t *testing.T) {
	s, _ := newTestServer(t, testConfig())
	h := s.Management()
	for _, c := range []struct {
		method, body string
		status       int
		want         string
	}{
		{"GET", "", 200, "[]"},
		{"POST", `{"status":429,"retryAfterMs":1500,"times":2,"nth":3,"deployment":"gpt-4o","operation":"chat"}`, 200,
			`[{"status":429,"retryAfterMs":1500,"times":2,"nth":3,"deployment":"gpt-4o","operation":"chat"}]`},
		{"POST", `[{"cutAfter":0},{"delayMs":20,"status":418,"code":"T","message":"m"}]`, 200, `[{"cutAfter":0},{"status":418,"code":"T","message":"m","delayMs":20}]`},
		{"POST", `{"status":1}`, 400, `{"error":"faults[0]: status 1 is not an error; give one from 400 to 599"}`},
		{"POST", `{"stat":1}`, 400, `{"error":"the request body: unknown field \"stat\""}`},
		{"POST", `{"status":500} x`, 400, `{"error":"the request body: something follows the JSON value"}`},
		{"POST", `{"delayMs":9000000000000000000}`, 400, `{"error":"faults[0]: delay 24000h0m0s is not between 0 and 1h0m0s"}`},
		{"GET", "", 200, `[{"cutAfter":0},{"status":418,"code":"T","message":"m","delayMs":20}]`},
		{"DELETE", "", 200, "[]"},
		{"POST", `[]`, 200, "[]"},
	} {
		w := httptest.NewRecorder()
		h.ServeHTTP(w, httptest.NewRequest(c.method, "/faults", strings.NewReader(c.body)))
		if w.Code != c.status || w.Body.String() != c.want {
			t.Errorf("%s %s: got %d %s, want %d %s", c.method, c.body, w.Code, w.Body, c.status, c.want)
		}
	}
}

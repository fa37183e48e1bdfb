package azureopenai

import (
	"slices"
	"strings"
	"testing"
	"time"
)

func TestInjectedFaults(t *testing.T) {
	s, _ := newTestServer(t, testConfig())
	for _, f := range []Fault{
		{Status: 429, RetryAfter: 1200 * time.Millisecond, Count: 2},
		{Status: 503, Deployment: "gpt-35-turbo"},
		{Status: 408},
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
		{Fault{}, "fault: status 0 is not an error; give one from 400 to 599"},
		{Fault{Status: 600}, "status 600"},
		{Fault{Status: 429}, "status 429 needs retryAfter"},
		{Fault{Status: 502}, "status 502 has no message of its own; give message"},
		{Fault{Status: 500, RetryAfter: -1}, "retryAfter -1ns is not between 0 and a year"},
		{Fault{Status: 500, Count: -1}, "count -1 is negative"},
		{Fault{Status: 500, Deployment: "x"}, `deployment "x" is not one of [gpt-35-turbo gpt-4o gpt-4o-mini]`},
	} {
		if err := s.Inject(c.fault); err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%+v: got %v, want %q", c.fault, err, c.want)
		}
	}
	if w := ask(s, chatURL, helloBody); w.Code != 200 {
		t.Errorf("after refused faults: got %d, want 200", w.Code)
	}
}

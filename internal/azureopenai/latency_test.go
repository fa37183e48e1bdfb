package azureopenai

import (
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/apimulator/apimulator/policy/exchange"
)

// leapingClock moves to whatever is waited for, at once.
type leapingClock struct{ *exchange.VirtualClock }

func (c leapingClock) AfterFunc(d time.Duration, f func()) func() bool {
	c.Advance(d)
	return c.VirtualClock.AfterFunc(0, f)
}

func newLeapingServer(t *testing.T, c Config) (*Server, leapingClock) {
	t.Helper()
	clock := leapingClock{exchange.NewVirtualClock(time.Date(2026, 1, 2, 3, 4, 5, 0, time.UTC))}
	s, err := New(c, Options{Clock: clock, Verify: verifyTest})
	if err != nil {
		t.Fatal(err)
	}
	return s, clock
}

// The answer "You said: one two three" has 6 tokens.
func TestLatency(t *testing.T) {
	for _, c := range []struct {
		name, url, body string
		latency         Latency
		own             *Latency
		want            time.Duration
	}{
		{name: "none", url: chatURL, body: streamBody},
		{name: "streamed", url: chatURL, body: streamBody, latency: Latency{FirstToken: time.Second, TokensPerSecond: 2}, want: time.Second + 5*time.Second/2},
		{name: "whole", url: chatURL, body: strings.Replace(streamBody, "true", "false", 1), latency: Latency{FirstToken: time.Second, TokensPerSecond: 2}, want: time.Second + 5*time.Second/2},
		{name: "the first token alone", url: chatURL, body: streamBody, latency: Latency{FirstToken: time.Second}, want: time.Second},
		{name: "the deployment's own", url: chatURL, body: streamBody, latency: Latency{FirstToken: time.Second}, own: &Latency{TokensPerSecond: 10}, want: time.Second / 2},
		{name: "embeddings", url: embeddingsURL, body: `{"input":"a"}`, latency: Latency{FirstToken: time.Second, TokensPerSecond: 2}, want: time.Second},
		{name: "several choices", url: chatURL, body: strings.Replace(streamBody, "{", `{"n":3,`, 1), latency: Latency{FirstToken: time.Second, TokensPerSecond: 5}, want: 2 * time.Second},
	} {
		config := testConfig()
		config.Latency = c.latency
		config.Deployments["gpt-4o"] = Deployment{Model: "gpt-4o-2024-08-06", Latency: c.own}
		s, clock := newLeapingServer(t, config)
		start := clock.Now()
		w := ask(s, c.url, c.body)
		if got := clock.Now().Sub(start); w.Code != 200 || got != c.want {
			t.Errorf("%s: got %d after %v, want 200 after %v", c.name, w.Code, got, c.want)
		}
	}
}

func TestAnAnswerIsNotWaitedForWithoutItsClient(t *testing.T) {
	config := testConfig()
	config.Latency.FirstToken = time.Hour
	s, _ := newTestServer(t, config)
	r := httptest.NewRequest("POST", chatURL, strings.NewReader(streamBody))
	r.Header.Set("Api-Key", testKey)
	ctx, cancel := exchange.WithTimeout(r.Context(), exchange.NewVirtualClock(time.Time{}), 0)
	defer cancel()
	w := httptest.NewRecorder()
	if s.ServeHTTP(w, r.WithContext(ctx)); w.Body.Len() > 0 || len(s.Requests()) > 0 {
		t.Errorf("got %d %s", w.Code, w.Body)
	}
}

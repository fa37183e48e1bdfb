package azureopenai

import (
	"slices"
	"strings"
	"testing"
	"time"
)

func TestSetRateLimit(t *testing.T) {
	s, clock := newTestServer(t, testConfig())
	if err := s.SetRateLimit("gpt-4o", RateLimit{TokensPerMinute: 60, RequestsPer10Seconds: 100}); err != nil {
		t.Fatal(err)
	}
	// Each costs 11 for the prompt and 16 for an answer without limit.
	var got []int
	for range 3 {
		got = append(got, ask(s, chatURL, helloBody).Code)
	}
	other := ask(s, strings.Replace(chatURL, "gpt-4o", "gpt-4o-mini", 1), helloBody).Code
	clock.Advance(time.Minute)
	got = append(got, ask(s, chatURL, helloBody).Code)
	if want := []int{200, 200, 429, 200}; !slices.Equal(got, want) || other != 200 {
		t.Errorf("got %v, and %d from another deployment; want %v and 200", got, other, want)
	}
	for want, err := range map[string]error{
		`deployment "x" is not one of [gpt-35-turbo gpt-4o gpt-4o-mini text-embedding-3-small]`: s.SetRateLimit("x", RateLimit{1, 1}),
		"0 tokens a minute and 1 requests in 10 seconds":                                        s.SetRateLimit("gpt-4o", RateLimit{0, 1}),
	} {
		if err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("got %v, want %q", err, want)
		}
	}
}

// A refused request must not cost anything, and the longer of two waits counts.
func TestLimiter(t *testing.T) {
	start := time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC)
	l := newLimiter(RateLimit{TokensPerMinute: 100, RequestsPer10Seconds: 2})
	for _, c := range []struct {
		after     time.Duration // since start
		cost      int
		tokens    int // remaining, or
		retry     string
		remaining string // calls, in a refusal
	}{
		{after: 0, cost: 90, tokens: 10},
		{after: 1 * time.Second, cost: 11, retry: "59", remaining: "1"},
		{after: 2 * time.Second, cost: 10, tokens: 0},
		{after: 3 * time.Second, cost: 1, retry: "57", remaining: "0"},
		{after: 3 * time.Second, cost: 0, retry: "7", remaining: "0"},
		{after: 10 * time.Second, cost: 101, retry: "86400", remaining: "2"},
		{after: 59900 * time.Millisecond, cost: 1, retry: "1", remaining: "2"},
		{after: 60 * time.Second, cost: 100, tokens: 0},
	} {
		got, refused := l.take(start.Add(c.after), c.cost, chatCompletions, "2024-10-21")
		switch {
		case c.retry == "":
			if refused != nil || got.remainingTokens != c.tokens {
				t.Errorf("%d tokens at %v: got %+v %+v, want %d left", c.cost, c.after, got, refused, c.tokens)
			}
		case refused == nil || refused.header.Get("Retry-After") != c.retry || refused.header.Get("X-Ratelimit-Remaining-Requests") != c.remaining:
			t.Errorf("%d tokens at %v: got %+v %+v, want to retry after %s s with %s calls left", c.cost, c.after, got, refused, c.retry, c.remaining)
		}
	}
}

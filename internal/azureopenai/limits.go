package azureopenai

import (
	"fmt"
	"maps"
	"net/http"
	"slices"
	"strconv"
	"sync"
	"time"
)

// RateLimit is the limits of a deployment.
type RateLimit struct {
	TokensPerMinute      int
	RequestsPer10Seconds int
}

const (
	tokenWindow = time.Minute
	callWindow  = 10 * time.Second
	// unboundedCost is what a request counts for its completion if it does not
	// bound it (azure-openai.md 5, found by experiment).
	unboundedCost = 16
	// neverSeconds is what the service announces to a request that is larger
	// than the whole limit (azure-openai.md 2.4).
	neverSeconds = 86400
)

// limiter counts a deployment's tokens and requests. A window begins with the
// first request that finds none open.
type limiter struct {
	mu     sync.Mutex
	limit  RateLimit
	tokens window
	calls  window
}

type window struct {
	length time.Duration
	start  time.Time
	used   int
}

func newLimiter(limit RateLimit) *limiter {
	return &limiter{limit: limit, tokens: window{length: tokenWindow}, calls: window{length: callWindow}}
}

// open begins a window anew if it is over.
func (w *window) open(now time.Time) {
	if now.Sub(w.start) >= w.length {
		w.start, w.used = now, 0
	}
}

func (w *window) secondsLeft(now time.Time) int {
	return max(1, wholeSeconds(w.start.Add(w.length).Sub(now)))
}

// quota is what of the limits a request leaves to the next ones.
type quota struct {
	limit                           RateLimit
	remainingTokens, remainingCalls int
}

func (q quota) writeTo(h http.Header) {
	h.Set("X-Ratelimit-Limit-Requests", strconv.Itoa(q.limit.RequestsPer10Seconds))
	h.Set("X-Ratelimit-Limit-Tokens", strconv.Itoa(q.limit.TokensPerMinute))
	h.Set("X-Ratelimit-Remaining-Requests", strconv.Itoa(q.remainingCalls))
	h.Set("X-Ratelimit-Remaining-Tokens", strconv.Itoa(q.remainingTokens))
}

// take counts a request of cost tokens, which is estimated as it arrives, or
// refuses it. A refused one counts nothing. Where both limits are reached, the
// longer wait is announced.
func (l *limiter) take(now time.Time, cost int, op operation, v version) (quota, *refusal) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.tokens.open(now)
	l.calls.open(now)
	kind, seconds := rateKind{}, 0
	if l.calls.used+1 > l.limit.RequestsPer10Seconds {
		kind, seconds = callRate, l.calls.secondsLeft(now)
	}
	if l.tokens.used+cost > l.limit.TokensPerMinute {
		wait := l.tokens.secondsLeft(now)
		if cost > l.limit.TokensPerMinute {
			wait = neverSeconds
		}
		if wait >= seconds {
			kind, seconds = tokenRate, wait
		}
	}
	if seconds > 0 {
		r := rateLimitError(kind, op, v, seconds)
		r.retryAfter(time.Duration(seconds) * time.Second)
		l.quota().writeTo(r.header)
		return quota{}, r
	}
	l.calls.used++
	l.tokens.used += cost
	return l.quota(), nil
}

// quota is at least 0: a limit may have been lowered below what is used.
func (l *limiter) quota() quota {
	return quota{
		limit:           l.limit,
		remainingTokens: max(0, l.limit.TokensPerMinute-l.tokens.used),
		remainingCalls:  max(0, l.limit.RequestsPer10Seconds-l.calls.used),
	}
}

// SetRateLimit changes the limits of a deployment, both at least 1, from the next
// request on. What was used in the running windows stays used.
func (s *Server) SetRateLimit(deployment string, limit RateLimit) error {
	d, known := s.deployments[deployment]
	switch {
	case !known:
		return fmt.Errorf("rate limit: deployment %q is not one of %v", deployment, slices.Sorted(maps.Keys(s.deployments)))
	case limit.TokensPerMinute < 1 || limit.RequestsPer10Seconds < 1:
		return fmt.Errorf("rate limit of deployment %q: %d tokens a minute and %d requests in 10 seconds; both are at least 1",
			deployment, limit.TokensPerMinute, limit.RequestsPer10Seconds)
	}
	d.limiter.mu.Lock()
	defer d.limiter.mu.Unlock()
	d.limiter.limit = limit
	return nil
}

package azureopenai

import (
	"fmt"
	"maps"
	"math"
	"net/http"
	"slices"
	"strconv"
	"sync"
	"time"
)

// Fault is an error to answer in place of a completion: by an [Answer], or by
// [Server.Inject] to whoever asks next.
type Fault struct {
	// Status is the HTTP status, 400 to 599.
	Status int `yaml:"status"`
	// Code and Message are those of the error. 408, 429, 500 and 503 have
	// a message of their own; another status needs one. Code is the status in
	// digits where nothing else is given or known.
	Code    string `yaml:"code"`
	Message string `yaml:"message"`
	// RetryAfter goes, rounded up to seconds, into Retry-After, and to the
	// millisecond into retry-after-ms. Zero leaves both out, which only a 429 without
	// a message of yours forbids: its text names the seconds.
	RetryAfter time.Duration `yaml:"retryAfter"`

	// Count is how many requests get an injected fault; 0 is 1.
	Count int `yaml:"-"`
	// Deployment is the only deployment whose requests an injected fault is
	// for; "" is any.
	Deployment string `yaml:"-"`
}

func (f Fault) validate() error {
	_, known := faultTexts[f.Status]
	switch {
	case f.Status < 400 || f.Status > 599:
		return fmt.Errorf("status %d is not an error; give one from 400 to 599", f.Status)
	case f.Message == "" && f.Status == http.StatusTooManyRequests && f.RetryAfter == 0:
		return fmt.Errorf("status 429 needs retryAfter, which its message names, or a message")
	case f.Message == "" && f.Status != http.StatusTooManyRequests && !known:
		return fmt.Errorf("status %d has no message of its own; give message (408, 429, 500 and 503 need none)", f.Status)
	case f.RetryAfter < 0 || f.RetryAfter > 366*24*time.Hour:
		return fmt.Errorf("retryAfter %v is not between 0 and a year", f.RetryAfter)
	case f.Count < 0:
		return fmt.Errorf("count %d is negative", f.Count)
	}
	return nil
}

// refusal is the answer that the fault gives to a request of a version.
func (f Fault) refusal(v version) *refusal {
	var r *refusal
	text, known := faultTexts[f.Status]
	switch {
	case f.Message != "":
		code := f.Code
		if code == "" {
			code = strconv.Itoa(f.Status)
		}
		r = gatewayError(f.Status, code, f.Message)
	case known:
		r = &refusal{status: f.Status, body: text}
	default:
		r = rateLimitError(tokenRate, v, wholeSeconds(f.RetryAfter))
	}
	if f.RetryAfter > 0 {
		r.retryAfter(f.RetryAfter)
	}
	r.regional = true
	return r
}

// wholeSeconds rounds up, as Retry-After has no smaller unit.
func wholeSeconds(d time.Duration) int { return int(math.Ceil(d.Seconds())) }

// injected is the faults that are still to be answered, in their order. The zero
// value is none.
type injected struct {
	mu    sync.Mutex
	queue []Fault
}

func (q *injected) add(f Fault) {
	f.Count = max(f.Count, 1)
	q.mu.Lock()
	defer q.mu.Unlock()
	q.queue = append(q.queue, f)
}

// next takes the fault that a request of a deployment gets, if one does.
func (q *injected) next(deployment string) (Fault, bool) {
	q.mu.Lock()
	defer q.mu.Unlock()
	for i, f := range q.queue {
		if f.Deployment != "" && f.Deployment != deployment {
			continue
		}
		q.queue[i].Count--
		if q.queue[i].Count == 0 {
			q.queue = slices.Delete(q.queue, i, i+1)
		}
		return f, true
	}
	return Fault{}, false
}

// Inject answers the next f.Count requests that would reach a model (those whose
// route, credential and deployment are good) with f. Faults injected one after
// another are answered one after another.
func (s *Server) Inject(f Fault) error {
	if err := f.validate(); err != nil {
		return fmt.Errorf("fault: %w", err)
	}
	if _, known := s.deployments[f.Deployment]; f.Deployment != "" && !known {
		return fmt.Errorf("fault: deployment %q is not one of %v", f.Deployment, slices.Sorted(maps.Keys(s.deployments)))
	}
	s.injected.add(f)
	return nil
}

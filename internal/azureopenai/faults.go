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

// Fault is what goes wrong with an answer: by an [Answer] for what it matches, or, by
// the configuration and [Server.Inject], for whoever asks next. It is an error to answer
// instead (Status), an answer that breaks off (CutAfter), one that comes late (Delay), or
// a late one of the former.
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
	// CutAfter breaks the connection: a stream's after so many tokens (of each choice), another
	// answer's in the middle of its body.
	CutAfter *int `yaml:"cutAfter"`
	// Delay is how long the answer, or the error, waits, up to an hour by the clock.
	Delay time.Duration `yaml:"delay"`

	// The rest says which requests a fault is for that is not an [Answer]'s.

	// Times is how many requests get the fault; 0 is all, until it is taken away.
	Times int `yaml:"times"`
	// Nth is the first request that gets it, counted from 1 among those it is for; 0 is 1.
	Nth int `yaml:"nth"`
	// Deployment is the only deployment whose requests it is for; "" is any.
	Deployment string `yaml:"deployment"`
	// Operation is the only kind of operation that it is for; "" is any.
	Operation OperationKind `yaml:"operation"`
}

const maxDelay = time.Hour

// validate says what is wrong with a fault of a server with these deployments.
func (f Fault) validate(deployments []string) error {
	_, known := faultTexts[f.Status]
	switch {
	case f.Status == 0 && f.CutAfter == nil && f.Delay == 0:
		return fmt.Errorf("give status, cutAfter or delay: what goes wrong")
	case f.Status == 0 && (f.Code != "" || f.Message != "" || f.RetryAfter != 0):
		return fmt.Errorf("code, message and retryAfter go with status, which is not given")
	case f.Status != 0 && (f.Status < 400 || f.Status > 599):
		return fmt.Errorf("status %d is not an error; give one from 400 to 599", f.Status)
	case f.Status != 0 && f.CutAfter != nil:
		return fmt.Errorf("status and cutAfter are both given; give one of them")
	case f.CutAfter != nil && *f.CutAfter < 0:
		return fmt.Errorf("cutAfter %d is negative", *f.CutAfter)
	case f.Message == "" && f.Status == http.StatusTooManyRequests && f.RetryAfter == 0:
		return fmt.Errorf("status 429 needs retryAfter, which its message names, or a message")
	case f.Status != 0 && f.Message == "" && f.Status != http.StatusTooManyRequests && !known:
		return fmt.Errorf("status %d has no message of its own; give message (408, 429, 500 and 503 need none)", f.Status)
	case f.RetryAfter < 0 || f.RetryAfter > 366*24*time.Hour:
		return fmt.Errorf("retryAfter %v is not between 0 and a year", f.RetryAfter)
	case f.Delay < 0 || f.Delay > maxDelay:
		return fmt.Errorf("delay %v is not between 0 and %v", f.Delay, maxDelay)
	case f.Times < 0:
		return fmt.Errorf("times %d is negative", f.Times)
	case f.Nth < 0:
		return fmt.Errorf("nth %d is negative", f.Nth)
	case f.Operation != "" && !slices.Contains(kinds, f.Operation):
		return fmt.Errorf("operation %q is not one of %v", f.Operation, kinds)
	case f.Operation == KindContentSafety && f.Deployment != "":
		return fmt.Errorf("content safety has no deployments; leave deployment out")
	case f.Deployment != "" && !slices.Contains(deployments, f.Deployment):
		return fmt.Errorf("deployment %q is not one of %v", f.Deployment, deployments)
	}
	return nil
}

// refusal is the answer that the fault gives to a request.
func (f Fault) refusal(op operation, v version) *refusal {
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
		r = rateLimitError(tokenRate, op, v, wholeSeconds(f.RetryAfter))
	}
	if f.RetryAfter > 0 {
		r.retryAfter(f.RetryAfter)
	}
	r.regional = true
	return r
}

// wholeSeconds rounds up, as Retry-After has no smaller unit.
func wholeSeconds(d time.Duration) int { return int(math.Ceil(d.Seconds())) }

// injected is the faults that are still to come, in their order. The zero value is
// none.
type injected struct {
	mu    sync.Mutex
	queue []Fault
}

func (q *injected) add(f Fault) {
	q.mu.Lock()
	defer q.mu.Unlock()
	q.queue = append(q.queue, f)
}

func (q *injected) set(list []Fault) {
	q.mu.Lock()
	defer q.mu.Unlock()
	q.queue = slices.Clone(list)
}

func (q *injected) list() []Fault {
	q.mu.Lock()
	defer q.mu.Unlock()
	return slices.Clone(q.queue)
}

// next takes the fault that a request gets, if one does: the first that is for it. A
// fault whose turn has not come counts the request, and leaves it to the next one.
func (q *injected) next(kind OperationKind, deployment string) (Fault, bool) {
	q.mu.Lock()
	defer q.mu.Unlock()
	for i := range q.queue {
		f := &q.queue[i]
		if f.Deployment != "" && f.Deployment != deployment || f.Operation != "" && f.Operation != kind {
			continue
		}
		if f.Nth > 1 {
			f.Nth--
			continue
		}
		taken := *f
		switch f.Times {
		case 0: // until it is taken away
		case 1:
			q.queue = slices.Delete(q.queue, i, i+1)
		default:
			f.Times--
		}
		return taken, true
	}
	return Fault{}, false
}

// Inject adds a fault for requests that would reach a model: those whose route,
// credential and deployment are good. Of several the first that is for a request
// is taken.
func (s *Server) Inject(f Fault) error {
	if err := f.validate(s.deploymentNames()); err != nil {
		return fmt.Errorf("fault: %w", err)
	}
	s.injected.add(f)
	return nil
}

// SetFaults replaces the faults that are still to come; none removes them. It changes
// nothing if one of them cannot be.
func (s *Server) SetFaults(list []Fault) error {
	for i, f := range list {
		if err := f.validate(s.deploymentNames()); err != nil {
			return fmt.Errorf("faults[%d]: %w", i, err)
		}
	}
	s.injected.set(list)
	return nil
}

// Faults are those still to come, with what is left of their counts.
func (s *Server) Faults() []Fault { return s.injected.list() }

func (s *Server) deploymentNames() []string { return slices.Sorted(maps.Keys(s.deployments)) }

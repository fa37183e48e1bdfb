package store

import (
	"sync"
	"time"

	"github.com/apimulator/apimulator/policy"
	"github.com/apimulator/apimulator/policy/exchange"
)

// Sinks keep the last metrics and events that policies emitted, and hand each on. The
// zero value is ready.
type Sinks struct {
	// OnMetric and OnEvent, if set, are called with each, in the goroutine of the
	// request.
	OnMetric func(x *exchange.Exchange, m EmittedMetric)
	// OnEvent is given, too, to whom a request is told that the event leads to.
	OnEvent func(e LoggedEvent, calls *exchange.Calls)

	mu      sync.Mutex
	metrics ring[EmittedMetric]
	events  ring[LoggedEvent]
}

// What Sinks keep at most: older ones go first.
const (
	MetricsKept = 10_000
	EventsKept  = 1_000
)

// EmittedMetric is a metric with the request that emitted it.
type EmittedMetric struct {
	policy.Metric
	RequestID string
	Time      time.Time
}

// LoggedEvent is an event with the request that logged it.
type LoggedEvent struct {
	policy.Event
	RequestID string
	Time      time.Time
}

var _ policy.Sinks = (*Sinks)(nil)

// Metric is part of policy.Sinks.
func (s *Sinks) Metric(x *exchange.Exchange, m policy.Metric) {
	emitted := EmittedMetric{m, x.ID, x.Clock.Now()}
	s.mu.Lock()
	s.metrics.add(emitted, MetricsKept)
	s.mu.Unlock()
	if s.OnMetric != nil {
		s.OnMetric(x, emitted)
	}
}

// Event is part of policy.Sinks.
func (s *Sinks) Event(x *exchange.Exchange, e policy.Event) {
	logged := LoggedEvent{e, x.ID, x.Clock.Now()}
	s.mu.Lock()
	s.events.add(logged, EventsKept)
	s.mu.Unlock()
	if s.OnEvent != nil {
		s.OnEvent(logged, exchange.CallsIn(x.Context))
	}
}

// Metrics are those that are kept, the oldest first.
func (s *Sinks) Metrics() []EmittedMetric {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.metrics.all()
}

// Events are those that are kept, the oldest first.
func (s *Sinks) Events() []LoggedEvent {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.events.all()
}

// Reset forgets what is kept.
func (s *Sinks) Reset() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.metrics, s.events = ring[EmittedMetric]{}, ring[LoggedEvent]{}
}

// ring is the last values that were added.
type ring[T any] struct {
	kept []T
	next int // where the oldest stands, once it is full
}

func (r *ring[T]) add(v T, most int) {
	if len(r.kept) < most {
		r.kept = append(r.kept, v)
		return
	}
	r.kept[r.next] = v
	r.next = (r.next + 1) % most
}

func (r *ring[T]) all() []T {
	return append(append(make([]T, 0, len(r.kept)), r.kept[r.next:]...), r.kept[:r.next]...)
}

package store

import (
	"context"
	"fmt"
	"slices"
	"sync"
	"testing"
	"time"

	"github.com/apimulator/apimulator/policy"
	"github.com/apimulator/apimulator/policy/exchange"
)

func TestSinks(t *testing.T) {
	start := time.Date(2026, 1, 1, 12, 0, 0, 0, time.UTC)
	x := &exchange.Exchange{Context: context.Background(), ID: "one", Clock: exchange.NewVirtualClock(start)}
	var told []string
	s := Sinks{
		OnMetric: func(_ *exchange.Exchange, m EmittedMetric) { told = append(told, m.Name) },
		OnEvent:  func(e LoggedEvent, _ *exchange.Calls) { told = append(told, e.Logger) },
	}
	s.Metric(x, policy.Metric{Name: "m", Value: 2})
	s.Event(x, policy.Event{Logger: "l", Body: []byte("b")})
	if m := s.Metrics(); len(m) != 1 || m[0].Name != "m" || m[0].RequestID != "one" || !m[0].Time.Equal(start) {
		t.Errorf("metrics: got %v", m)
	}
	if e := s.Events(); len(e) != 1 || e[0].Logger != "l" || string(e[0].Body) != "b" {
		t.Errorf("events: got %v", e)
	}
	if !slices.Equal(told, []string{"m", "l"}) {
		t.Errorf("handed on: got %v", told)
	}
}

// What is kept is bounded, and the newest stay.
func TestSinksBound(t *testing.T) {
	var s Sinks
	var clients sync.WaitGroup
	for range 8 {
		clients.Go(func() {
			x := &exchange.Exchange{Clock: exchange.System}
			for range MetricsKept/8 + 100 {
				s.Metric(x, policy.Metric{Name: "early"})
			}
		})
	}
	clients.Wait()
	x := &exchange.Exchange{Clock: exchange.System}
	for i := range 10 {
		s.Metric(x, policy.Metric{Name: fmt.Sprint(i)})
	}
	all := s.Metrics()
	if len(all) != MetricsKept {
		t.Fatalf("%d are kept, want %d", len(all), MetricsKept)
	}
	for i, m := range all[len(all)-10:] {
		if m.Name != fmt.Sprint(i) {
			t.Errorf("the last but %d is %q", 9-i, m.Name)
		}
	}
}

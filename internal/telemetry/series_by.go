package telemetry

import "sync"

// seriesBy finds those of a metric by what is at hand for every request: less work than to put
// labels together and to look for them.
type seriesBy[K comparable, T any] struct {
	make func(K) T

	mu    sync.RWMutex
	found map[K]T
}

// mostSeries bounds what is kept; other series are made, or found by their labels, each time.
const mostSeries = 2_000

func newSeriesBy[K comparable, T any](make func(K) T) *seriesBy[K, T] {
	return &seriesBy[K, T]{make: make, found: map[K]T{}}
}

func (s *seriesBy[K, T]) of(k K) T {
	s.mu.RLock()
	t, ok := s.found[k]
	s.mu.RUnlock()
	if ok {
		return t
	}
	t = s.make(k)
	s.mu.Lock()
	defer s.mu.Unlock()
	if len(s.found) < mostSeries {
		s.found[k] = t
	}
	return t
}

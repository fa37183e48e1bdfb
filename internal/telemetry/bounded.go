package telemetry

import (
	"strings"
	"sync"
)

// bounded are the first values of a label; each one more is other.
type bounded struct {
	most int

	mu     sync.RWMutex
	values map[string]struct{}
}

func newBounded(most int) *bounded { return &bounded{most: most, values: make(map[string]struct{})} }

// value is what stands for v.
func (b *bounded) value(v string) string {
	v = strings.ToValidUTF8(v, "?") // Prometheus has no other texts
	b.mu.RLock()
	_, known := b.values[v]
	full := len(b.values) >= b.most
	b.mu.RUnlock()
	switch {
	case known:
		return v
	case full:
		return other
	}
	b.mu.Lock()
	defer b.mu.Unlock()
	if _, known := b.values[v]; !known && len(b.values) >= b.most {
		return other
	}
	b.values[v] = struct{}{}
	return v
}

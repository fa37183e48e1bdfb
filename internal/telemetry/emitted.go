package telemetry

import (
	"slices"
	"strconv"
	"strings"
	"sync"

	"github.com/apimulator/apimulator/policy"
)

const (
	// mostPolicySeries is how many series policies can make.
	mostPolicySeries = 1000
	// longestLabels is how many bytes the labels of one of them may have together.
	longestLabels = 2048
)

// emitted is what policies measured. Names and dimensions are theirs to choose, so series
// are counted and dimensions are one label.
type emitted struct {
	mu      sync.Mutex
	values  map[emittedKey]*emittedValue
	dropped uint64
}

type emittedKey struct{ namespace, name, dimensions string }

type emittedValue struct {
	count uint64
	sum   float64
}

func newEmitted() *emitted {
	return &emitted{values: make(map[emittedKey]*emittedValue)}
}

// Emit takes a value of a policy; shown takes the secrets out of a text.
func (m *Metrics) Emit(v policy.Metric, shown func(string) string) {
	label := func(text string) string { return strings.ToValidUTF8(shown(text), "?") } // Prometheus has no other texts
	m.emitted.add(emittedKey{label(v.Namespace), label(v.Name), dimensions(v.Dimensions, label)}, v.Value)
}

func (e *emitted) add(key emittedKey, value float64) {
	e.mu.Lock()
	defer e.mu.Unlock()
	total := e.values[key]
	if total == nil {
		if len(e.values) >= mostPolicySeries || len(key.namespace)+len(key.name)+len(key.dimensions) > longestLabels {
			e.dropped++
			return
		}
		total = &emittedValue{}
		e.values[key] = total
	}
	total.count++
	total.sum += value
}

// read gives what they show.
func (e *emitted) read() []reading {
	e.mu.Lock()
	defer e.mu.Unlock()
	r := reading{Family: policyMetric}
	for key, v := range e.values {
		r.points = append(r.points, point{labels: []string{key.namespace, key.name, key.dimensions}, count: v.count, sum: v.sum})
	}
	return []reading{r, {policyMetricsDropped, []point{{value: float64(e.dropped)}}}}
}

// dimensions are in the order of their names: Region=north, User=alice. A value that could be
// mistaken for more stands in quotes.
func dimensions(all []policy.Dimension, label func(string) string) string {
	parts := make([]string, len(all))
	for i, d := range all {
		value := label(d.Value) // alone: in quotes a secret reads otherwise
		if strings.ContainsAny(value, `,="`) {
			value = strconv.Quote(value)
		}
		parts[i] = label(d.Name) + "=" + value
	}
	slices.Sort(parts)
	return strings.Join(parts, ", ")
}

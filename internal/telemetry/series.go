package telemetry

import (
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"time"
)

// family is a metric whose series are made when they are first asked for, by what is at hand
// for every request: that is less work than to put labels together and to look for them.
type family[K comparable, S interface{ read() point }] struct {
	Family
	make   func() S
	labels func(K) []string // their values, which are UTF-8

	mu     sync.RWMutex
	found  map[K]S // the first mostFound
	series map[string]labelled[S]
}

// mostFound bounds what is found at once; other series are looked for by their labels, since
// several keys may have the same.
const mostFound = 2_000

// labelled is a series with the values of its labels, as the family has them.
type labelled[S any] struct {
	labels []string
	series S
}

func newCounter[K comparable](f Family, labels func(K) []string) *family[K, *count] {
	return &family[K, *count]{Family: f, make: func() *count { return new(count) }, labels: labels, found: make(map[K]*count), series: make(map[string]labelled[*count])}
}

func newHistogram[K comparable](f Family, labels func(K) []string) *family[K, *distribution] {
	return &family[K, *distribution]{
		Family: f, make: func() *distribution { return new(distribution) }, labels: labels,
		found: make(map[K]*distribution), series: make(map[string]labelled[*distribution]),
	}
}

// of is the series of k.
func (f *family[K, S]) of(k K) S {
	f.mu.RLock()
	s, ok := f.found[k]
	f.mu.RUnlock()
	if ok {
		return s
	}
	labels := f.labels(k)
	name := strings.Join(labels, "\xff") // which is in no text
	f.mu.Lock()
	defer f.mu.Unlock()
	l, ok := f.series[name]
	if !ok {
		l = labelled[S]{labels, f.make()}
		f.series[name] = l
	}
	if len(f.found) < mostFound {
		f.found[k] = l.series
	}
	return l.series
}

// read gives what all of them show.
func (f *family[K, S]) read() reading {
	f.mu.RLock()
	defer f.mu.RUnlock()
	r := reading{Family: f.Family}
	for _, l := range f.series {
		p := l.series.read()
		p.labels = l.labels
		r.points = append(r.points, p)
	}
	return r
}

// count is a counter.
type count struct{ atomic.Uint64 }

func (c *count) inc() { c.Add(1) }

func (c *count) read() point { return point{value: float64(c.Load())} }

// durations are the upper bounds of histograms, in seconds: from what a policy alone takes
// to what a long completion does.
var durations = [...]float64{.001, .0025, .005, .01, .025, .05, .1, .25, .5, 1, 2.5, 5, 10, 30, 60}

// distribution is a histogram of how long something takes.
type distribution struct {
	buckets     [len(durations) + 1]atomic.Uint64 // one for what is above all bounds
	nanoseconds atomic.Int64
}

func (d *distribution) observe(took time.Duration) {
	seconds, i := took.Seconds(), 0
	for i < len(durations) && seconds > durations[i] {
		i++
	}
	d.buckets[i].Add(1)
	d.nanoseconds.Add(int64(took))
}

func (d *distribution) read() point {
	p := point{sum: time.Duration(d.nanoseconds.Load()).Seconds(), buckets: make([]uint64, len(d.buckets))}
	for i := range d.buckets {
		p.buckets[i] = d.buckets[i].Load()
		p.count += p.buckets[i]
	}
	return p
}

// A reading is what the series of a family show at a moment.
type reading struct {
	Family
	points []point
}

// sort orders the points by the values of their labels, of which that with the first name
// counts most.
func (r *reading) sort() {
	places := make([]int, len(r.Labels))
	for i := range places {
		places[i] = i
	}
	slices.SortFunc(places, func(i, j int) int { return strings.Compare(r.Labels[i], r.Labels[j]) })
	slices.SortFunc(r.points, func(a, b point) int {
		for _, i := range places {
			if order := strings.Compare(a.labels[i], b.labels[i]); order != 0 {
				return order
			}
		}
		return 0
	})
}

// A point is what one series shows: a value, or a sum and how many it is of.
type point struct {
	labels  []string // values, as the family names them
	value   float64
	sum     float64
	count   uint64
	buckets []uint64 // of a histogram, each without the ones before
}

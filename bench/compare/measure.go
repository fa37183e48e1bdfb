package main

import (
	"fmt"
	"slices"
	"time"
)

// A metric is what is measured of a target, once a round.
type metric string

const (
	requestsPerSecond metric = "requests/s, one token"
	cpuOneToken       metric = "CPU per request, one token"
	cpuManyTokens     metric = "CPU per request, 1,000 tokens in turn"
	cpuRefused        metric = "CPU per refused token"
	oneConnection     metric = "one connection, p50"
	cpuPerEvent       metric = "CPU per event"
	firstEvent        metric = "time to first event, p50"
	eventsPerSecond   metric = "events/s"
	eventDelay        metric = "delay of events, p50"
)

// units are what values of a metric are told in.
var units = map[metric]string{
	requestsPerSecond: "/s", cpuOneToken: "µs", cpuManyTokens: "µs", cpuRefused: "µs", oneConnection: "µs",
	cpuPerEvent: "µs", firstEvent: "µs", eventsPerSecond: "/s", eventDelay: "µs",
}

// results are the values of all rounds, in order, by metric and target.
type results map[metric]map[string][]float64

func (r results) add(m metric, target string, value float64) {
	if r[m] == nil {
		r[m] = make(map[string][]float64)
	}
	r[m][target] = append(r[m][target], value)
}

// ratios are a target's values by another's of the same rounds; nil where one was not
// measured in all of them.
func (r results) ratios(m metric, target, against string) []float64 {
	ours, theirs := r[m][target], r[m][against]
	if len(ours) == 0 || len(ours) != len(theirs) {
		return nil
	}
	ratios := make([]float64, len(ours))
	for i := range ours {
		ratios[i] = ours[i] / theirs[i]
	}
	return ratios
}

// A meter runs measurements.
type meter struct {
	loop     *loop
	warm     time.Duration // before each measurement
	measured time.Duration // by each
	tokens   []string
	results  results
}

const (
	connections = 64
	manyTokens  = 1000
	streams     = 64
)

// rate measures requests a second over all connections, and the CPU time of each.
func (b *meter) rate(t *target, status string, requests [][]byte) (perSecond, cpu float64, err error) {
	a := &load{address: t.process.address, requests: requests, status: status}
	spent, took, err := b.run(t, a, connections)
	if err != nil {
		return 0, 0, err
	}
	if a.answers == 0 {
		return 0, 0, fmt.Errorf("no answer within %v", b.measured)
	}
	return float64(a.answers) / took.Seconds(), micro(spent) / float64(a.answers), nil
}

// run runs a load, and gives the CPU time that the target spent within the time measured.
func (b *meter) run(t *target, a *load, n int) (spent, took time.Duration, err error) {
	var before, after time.Duration
	var failed error
	read := func(into *time.Duration) func() {
		return func() {
			if v, err := cpuTime(t.process.pid()); err != nil {
				failed = err
			} else {
				*into = v
			}
		}
	}
	if took, err = b.loop.run(a, n, b.warm, b.measured, read(&before), read(&after)); err == nil {
		err = failed
	}
	return after - before, took, err
}

// A measurement measures a target by some metrics.
type measurement struct {
	name metric
	of   func(*target) bool // which targets
	run  func(*meter, *target) error
}

// measurements are those of a round. All targets take turns at each, so that what is
// compared is measured within seconds: machines change their speed within minutes.
var measurements = []measurement{
	{cpuOneToken, all, (*meter).oneToken},
	{cpuManyTokens, all, (*meter).manyTokens},
	{cpuRefused, func(t *target) bool { return t.jwt }, (*meter).refused},
	{oneConnection, all, (*meter).oneConnection},
	{firstEvent, withEvents, (*meter).firstEvent},
	{cpuPerEvent, withEvents, (*meter).pacedEvents},
	{eventsPerSecond, withEvents, (*meter).keptEvents},
}

func all(*target) bool { return true }

func withEvents(t *target) bool { return t.events }

func (b *meter) oneToken(t *target) error {
	perSecond, cpu, err := b.rate(t, "200", [][]byte{request(plainPath, b.tokens[0])})
	if err != nil {
		return err
	}
	b.results.add(requestsPerSecond, t.name, perSecond)
	b.results.add(cpuOneToken, t.name, cpu)
	return nil
}

func (b *meter) manyTokens(t *target) error {
	requests := make([][]byte, len(b.tokens))
	for i, token := range b.tokens {
		requests[i] = request(plainPath, token)
	}
	return b.cpu(cpuManyTokens, t, "200", requests)
}

func (b *meter) refused(t *target) error {
	return b.cpu(cpuRefused, t, "401", [][]byte{request(plainPath, tampered(b.tokens[0]))})
}

// cpu measures the CPU time of a request.
func (b *meter) cpu(m metric, t *target, status string, requests [][]byte) error {
	_, cpu, err := b.rate(t, status, requests)
	if err != nil {
		return err
	}
	b.results.add(m, t.name, cpu)
	return nil
}

func (b *meter) oneConnection(t *target) error { return b.elapsed(oneConnection, t, plainPath) }

func (b *meter) firstEvent(t *target) error { return b.elapsed(firstEvent, t, onePath) }

// elapsed measures how long answers take, one after another.
func (b *meter) elapsed(m metric, t *target, path string) error {
	a := &load{address: t.process.address, requests: [][]byte{request(path, b.tokens[0])}, status: "200", times: true}
	if _, _, err := b.run(t, a, 1); err != nil {
		return err
	}
	b.results.add(m, t.name, micro(percentile(a.elapsed, 50)))
	return nil
}

// pacedEvents measures events that come each 10 ms.
func (b *meter) pacedEvents(t *target) error {
	a := &load{address: t.process.address, requests: [][]byte{request(pacedPath, b.tokens[0])}, status: "200", times: true}
	spent, _, err := b.run(t, a, streams)
	if err == nil && a.events == 0 {
		err = fmt.Errorf("no event within %v", b.measured)
	}
	if err != nil {
		return err
	}
	b.results.add(cpuPerEvent, t.name, micro(spent)/float64(a.events))
	b.results.add(eventDelay, t.name, micro(percentile(a.delays, 50)))
	return nil
}

// keptEvents measures how many events pass.
func (b *meter) keptEvents(t *target) error {
	a := &load{address: t.process.address, requests: [][]byte{request(keptPath, b.tokens[0])}, status: "200"}
	_, took, err := b.run(t, a, streams)
	if err != nil {
		return err
	}
	b.results.add(eventsPerSecond, t.name, float64(a.events)/took.Seconds())
	return nil
}

func micro(d time.Duration) float64 { return float64(d) / float64(time.Microsecond) }

// percentile sorts durations and gives the one below which so many in a hundred are; 0 of
// none.
func percentile(durations []time.Duration, n int) time.Duration {
	if len(durations) == 0 {
		return 0
	}
	slices.Sort(durations)
	return durations[min(len(durations)*n/100, len(durations)-1)]
}

package main

import (
	"bytes"
	"errors"
	"fmt"
	"strings"
	"time"
)

// What is measured of processes that are started for it.

// An asker sends one request, and gives the answer's status and body.
type asker func(address string, request []byte) (status string, body []byte, err error)

// started starts a target and gives the time from that to its first answer, which has to
// be the full one.
func (t *target) started(core int, ask asker, request []byte) (time.Duration, error) {
	began := time.Now()
	var err error
	if t.process, err = t.start(core); err != nil {
		return 0, err
	}
	for time.Since(began) < longestStart {
		status, body, err := ask(t.process.address, request)
		if err == nil && status == "200" && len(body) == len(answerBody) {
			return time.Since(began), nil
		}
		if err == nil {
			return 0, fmt.Errorf("the first answer is %s %q: %s", status, bytes.TrimSpace(body), t.process.said())
		}
		time.Sleep(100 * time.Microsecond)
	}
	return 0, errors.New("no answer: " + t.process.said())
}

// starts measures the start of the gateway beside the bare proxy's, in turns. They stand
// before a backend that answers at once, whatever this program waits for.
func starts(rounds, core int, request []byte, targets ...*target) (map[string][]float64, error) {
	times := make(map[string][]float64)
	for round := range rounds + 1 {
		for _, t := range targets {
			took, err := t.started(core, ask, request)
			if t.process != nil {
				t.process.stop()
			}
			if err != nil {
				return nil, fmt.Errorf("start of %s: %w", t.name, err)
			}
			if round > 0 { // the first makes the state folder's keys
				times[t.name] = append(times[t.name], float64(took)/float64(time.Millisecond))
			}
		}
	}
	return times, nil
}

// operations is an OpenAPI document with so many operations: apim.yaml itself may not be
// that long.
func operations(n int) string {
	var b strings.Builder
	b.WriteString("{\"openapi\": \"3.0.3\", \"info\": {\"title\": \"bench\", \"version\": \"1\"}, \"paths\": {")
	for i := range n {
		if i > 0 {
			b.WriteByte(',')
		}
		fmt.Fprintf(&b, "\n\"/o%d/{id}\": {\"get\": {\"operationId\": \"o%d\", \"parameters\": [{\"name\": \"id\", \"in\": \"path\", \"required\": true, \"schema\": {\"type\": \"string\"}}], \"responses\": {\"200\": {\"description\": \"ok\"}}}}", i, i)
	}
	b.WriteString("}}\n")
	return b.String()
}

// A large service, and the small one it is compared with.
const (
	fewOperations   = 10
	manyOperations  = 10_000
	operationsAsked = 10 // different ones, spread over all
)

// loaded is what a service with so many operations costs.
type loaded struct {
	starts   []float64 // seconds
	resident int64     // after the requests; what only the start needed was given back
	peak     int64     // of that, at any time
	cpu      []float64 // per request, by round
}

// largeStarts is how many starts of a service are measured.
const largeStarts = 3

// startLarge measures starts; what was started last runs on.
func (b *meter) startLarge(t *target, core int, request []byte, result *loaded) error {
	for range largeStarts {
		if t.process != nil {
			t.process.stop()
		}
		took, err := t.started(core, func(address string, request []byte) (string, []byte, error) { return once(b.loop, address, request) }, request)
		if err != nil {
			if t.process != nil {
				t.process.stop()
			}
			return err
		}
		result.starts = append(result.starts, took.Seconds())
	}
	return nil
}

// services measures the large service beside the small one: requests in turns.
func (b *meter) services(w *world, rounds, core int) (few, many loaded, err error) {
	all := []struct {
		n      int
		result *loaded
		target *target
		asked  [][]byte
	}{{n: fewOperations, result: &few}, {n: manyOperations, result: &many}}
	for i := range all {
		s := &all[i]
		name := fmt.Sprintf("operations-%d", s.n)
		if _, err = w.write(name+"/openapi.json", operations(s.n)); err != nil {
			return few, many, err
		}
		s.target = &target{name: fmt.Sprintf("%d operations", s.n), command: w.apimulator(name, w.service("    openapi: openapi.json\n"))}
		for k := range operationsAsked {
			s.asked = append(s.asked, request(fmt.Sprintf("/o%d/7", (k+1)*s.n/operationsAsked-1), b.tokens[0]))
		}
		if err = b.startLarge(s.target, core, s.asked[0], s.result); err != nil {
			return few, many, fmt.Errorf("%s: %w", s.target.name, err)
		}
		defer s.target.process.stop()
	}
	for range rounds {
		for _, s := range all {
			_, cpu, err := b.rate(s.target, "200", s.asked)
			if err != nil {
				return few, many, fmt.Errorf("%s: %w", s.target.name, err)
			}
			s.result.cpu = append(s.result.cpu, cpu)
		}
	}
	for _, s := range all {
		if s.result.resident, s.result.peak, err = resident(s.target.process.pid()); err != nil {
			return few, many, fmt.Errorf("%s: %w", s.target.name, err)
		}
	}
	return few, many, nil
}

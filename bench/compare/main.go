package main

import (
	"errors"
	"flag"
	"fmt"
	"os"
	"strings"
	"time"
)

// options are the command line's. run.sh says them.
type options struct {
	root, gateway, oauth2, krakend, out string
	only                                string
	short                               bool
	rounds                              int
	measured                            time.Duration
	core                                int
}

func main() {
	var o options
	mode := flag.String("serve", "", "be a target instead: bare, jwt or relay")
	listen, backend, issuer := flag.String("listen", "", "with -serve: where"), flag.String("backend", "", "with -serve: before which backend, host:port"), flag.String("issuer", "", "with -serve jwt: whose tokens, a URL")
	flag.StringVar(&o.root, "root", "..", "the repository")
	flag.StringVar(&o.gateway, "gateway", "", "the gateway's program")
	flag.StringVar(&o.oauth2, "oauth2-proxy", "", "oauth2-proxy's program, if it is there")
	flag.StringVar(&o.krakend, "krakend", "", "KrakenD's program, if it is there")
	flag.StringVar(&o.out, "out", "", "a file for the report, besides standard output")
	flag.BoolVar(&o.short, "short", false, "against the bare proxy only; fails where a goal is missed by more than noise")
	flag.StringVar(&o.only, "only", "", "a part of the whole: rounds, starts, operations or benchmarks")
	flag.IntVar(&o.rounds, "rounds", 11, "how many rounds")
	flag.DurationVar(&o.measured, "time", 500*time.Millisecond, "how long each measurement takes")
	flag.IntVar(&o.core, "core", 0, "the core for the proxies; this program has to be kept off it")
	flag.Parse()
	var err error
	if *mode != "" {
		err = serveOwn(*mode, *listen, *backend, *issuer)
	} else {
		err = o.run()
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, "compare:", err)
		os.Exit(1)
	}
}

func log(format string, args ...any) { fmt.Fprintf(os.Stderr, format+"\n", args...) }

func (o *options) run() error {
	if cores() < 2 {
		return errors.New("it takes two cores: one for the proxy, one for load and backend")
	}
	dir, err := os.MkdirTemp("", "apimulator-bench-")
	if err != nil {
		return err
	}
	defer os.RemoveAll(dir)
	w := &world{root: o.root, gateway: o.gateway, oauth2: o.oauth2, krakend: o.krakend, dir: dir}
	if w.self, err = os.Executable(); err != nil {
		return err
	}
	b := &meter{warm: o.measured / 4, measured: o.measured, results: make(results)}
	if b.loop, err = newLoop(); err != nil {
		return err
	}
	w.backend = b.loop.backend()
	if w.stub, err = startStub(); err != nil {
		return err
	}
	for i := range manyTokens {
		token, err := w.stub.token(i)
		if err != nil {
			return err
		}
		b.tokens = append(b.tokens, token)
	}
	r := &report{machine: machine(), versions: w.versions(), rounds: o.rounds, meter: b, results: b.results}
	if o.short {
		return o.runShort(w, b, r)
	}
	return o.runWhole(w, b, r)
}

// runShort measures the gateway by the bare proxy alone.
func (o *options) runShort(w *world, b *meter, r *report) error {
	r.targets = w.targets()[:2]
	defer stopAll(r.targets)
	for _, t := range r.targets {
		if err := b.ready(t, o.core); err != nil {
			return fmt.Errorf("%s: %w", t.name, err)
		}
	}
	if left := b.rounds(r.targets, o.rounds); len(left) > 0 {
		return errors.New(left[0])
	}
	r.goals = flowGoals(b.results)
	if err := r.write(os.Stdout); err != nil {
		return err
	}
	var failures []error
	for _, g := range r.goals {
		if text := g.failure(); text != "" {
			failures = append(failures, errors.New(text))
		}
	}
	return errors.Join(failures...)
}

// runWhole measures all there is, or the part that was asked for.
func (o *options) runWhole(w *world, b *meter, r *report) error {
	parts := []struct {
		name string
		run  func(w *world, b *meter, r *report) error
	}{{"rounds", o.runRounds}, {"starts", o.runStarts}, {"operations", o.runOperations}, {"benchmarks", o.runBenchmarks}}
	ran := false
	for _, part := range parts {
		if o.only != "" && o.only != part.name {
			continue
		}
		log("%s", part.name)
		if err := part.run(w, b, r); err != nil {
			return err
		}
		ran = true
	}
	if !ran {
		return fmt.Errorf("-only: there is no part %q", o.only)
	}
	if err := r.write(os.Stdout); err != nil || o.out == "" || o.only != "" {
		return err
	}
	f, err := os.Create(o.out)
	if err != nil {
		return err
	}
	return errors.Join(r.write(f), f.Close())
}

// runRounds measures all targets side by side, and the gateway's memory before and after.
func (o *options) runRounds(w *world, b *meter, r *report) error {
	all := w.targets()
	defer stopAll(all)
	for _, t := range all {
		err := b.ready(t, o.core)
		if err == nil {
			r.targets = append(r.targets, t)
			continue
		}
		if t.name == bare || t.name == apimulator {
			return fmt.Errorf("%s: %w", t.name, err)
		}
		r.leaveOut(fmt.Sprintf("%s: %v", t.name, err))
	}
	gateway := all[1]
	idle, _, err := resident(gateway.process.pid())
	if err != nil {
		return err
	}
	for _, message := range b.rounds(r.targets, o.rounds) {
		r.leaveOut(message)
	}
	after, _, err := resident(gateway.process.pid())
	if err != nil {
		return err
	}
	r.goals = append(flowGoals(b.results), peerGoals(b.results, []string{"HAProxy", "oauth2-proxy", "KrakenD"}, []string{"oauth2-proxy", "KrakenD"})...)
	r.goals = append(r.goals, memoryGoals(idle, after)...)
	return nil
}

// runStarts measures how long the gateway takes to its first answer.
func (o *options) runStarts(w *world, b *meter, r *report) error {
	started := *w
	started.backend = strings.TrimPrefix(w.stub.url, "http://")
	all := started.targets()
	times, err := starts(5*o.rounds, o.core, request(plainPath, b.tokens[0]), all[0], all[1])
	if err != nil {
		return err
	}
	for _, t := range all[:2] {
		if s, measured := summarize(times[t.name]); measured {
			log("%s: %s ms", t.name, s.spread())
		}
	}
	r.goals = append(r.goals, startGoal(times))
	return nil
}

// runOperations measures a large service.
func (o *options) runOperations(w *world, b *meter, r *report) error {
	few, many, err := b.services(w, o.rounds, o.core)
	if err == nil {
		log("10,000 operations took %.0f MB at the most, while they were read", megabytes(many.peak))
		r.goals = append(r.goals, operationGoals(few, many)...)
	}
	return err
}

// runBenchmarks runs the Go benchmarks.
func (o *options) runBenchmarks(_ *world, _ *meter, r *report) error {
	r.goals = append(r.goals, benchmarkGoals(runBenchmarks(o.root, log))...)
	return nil
}

func (r *report) leaveOut(message string) {
	log("left out: %s", message)
	r.leftOut = append(r.leftOut, message)
}

// ready starts a target and holds it against what it is to do.
func (b *meter) ready(t *target, core int) error {
	var err error
	if t.process, err = t.start(core); err != nil {
		return err
	}
	if err = t.process.listening(); err == nil {
		err = t.check(b.loop, b.tokens[0])
	}
	if err != nil {
		err = fmt.Errorf("%w (it says: %s)", err, t.process.said())
		t.process.stop()
		t.process = nil
	}
	return err
}

func stopAll(targets []*target) {
	for _, t := range targets {
		if t.process != nil {
			t.process.stop()
			t.process = nil
		}
	}
}

// rounds measures all targets in turns, every other time backwards. One that fails is not
// measured any more; the messages say why.
func (b *meter) rounds(targets []*target, n int) (leftOut []string) {
	failed := make(map[*target]bool)
	for round := range n {
		for k, m := range measurements {
			log("round %d of %d: %s", round+1, n, m.name)
			for i := range targets {
				t := targets[i]
				if (round+k)%2 == 1 {
					t = targets[len(targets)-1-i]
				}
				if failed[t] || !m.of(t) {
					continue
				}
				if err := m.run(b, t); err != nil {
					failed[t] = true
					leftOut = append(leftOut, fmt.Sprintf("%s, %s in round %d: %v", t.name, m.name, round+1, err))
				}
			}
		}
	}
	return leftOut
}

package main

import (
	"cmp"
	"fmt"
	"slices"
)

// A goal is a row of what is aimed at.
type goal struct {
	what, unit string
	higher     bool      // whether more is better
	aim, least float64   // the goal, and what it has to be at least
	values     []float64 // what was measured, by round; none if it could not be
}

// reaches reports whether the median is at a limit or better.
func (g goal) reaches(limit float64) bool {
	s, measured := summarize(g.values)
	if g.higher {
		return measured && s.median >= limit
	}
	return measured && s.median <= limit
}

// verdict is how the values stand to the aims.
func (g goal) verdict() string {
	switch {
	case len(g.values) == 0:
		return "not measured"
	case g.reaches(g.aim):
		return "goal reached"
	case g.reaches(g.least):
		return "at least"
	}
	return "**missed**"
}

// noise is how much worse than "at least" a short run may be: it has few and short rounds,
// on a machine that does other things too.
const noise = 0.25

// failure says how a goal is missed beyond noise, "" if it isn't.
func (g goal) failure() string {
	limit := g.least * (1 + noise)
	if g.higher {
		limit = g.least * (1 - noise)
	}
	if g.reaches(limit) {
		return ""
	}
	s, measured := summarize(g.values)
	if !measured {
		return g.what + ": not measured"
	}
	return fmt.Sprintf("%s: %s %s, which misses %s by more than noise (%s)", g.what, number(s.median), g.unit, number(g.least), number(limit))
}

// flowGoals are those against the bare proxy, which a short run measures too.
func flowGoals(r results) []goal {
	var goals []goal
	for _, g := range []struct {
		metric     metric
		higher     bool
		aim, least float64
	}{
		{requestsPerSecond, true, 2.5, 1.3},
		{cpuOneToken, false, 0.40, 0.70},
		{cpuManyTokens, false, 0.45, 0.75},
		{oneConnection, false, 0.80, 1.0},
		{cpuPerEvent, false, 1.0, 1.1},
		{firstEvent, false, 1.05, 1.1},
		{eventsPerSecond, true, 0.97, 0.95},
		{eventDelay, false, 1.5, 2},
	} {
		goals = append(goals, goal{string(g.metric), "x bare", g.higher, g.aim, g.least, r.ratios(g.metric, apimulator, bare)})
	}
	return goals
}

// peerGoals are those against others that check tokens: names of all, and of those written
// in Go.
func peerGoals(r results, all, inGo []string) []goal {
	peer, goPeer, refuser := r.best(cpuOneToken, all), r.best(cpuOneToken, inGo), r.best(cpuRefused, all)
	return []goal{
		{string(cpuOneToken), "x the best peer, " + peer, false, 0.5, 0.85, r.ratios(cpuOneToken, apimulator, peer)},
		{string(cpuOneToken), "x the best Go peer, " + goPeer, false, 0.10, 0.20, r.ratios(cpuOneToken, apimulator, goPeer)},
		{string(cpuRefused), "x the best peer, " + refuser, false, 0.5, 0.75, r.ratios(cpuRefused, apimulator, refuser)},
	}
}

// best is the target with the lowest median, "none" if none was measured.
func (r results) best(m metric, names []string) string {
	measured := slices.DeleteFunc(slices.Clone(names), func(name string) bool { return len(r[m][name]) == 0 })
	if len(measured) == 0 {
		return "none"
	}
	return slices.MinFunc(measured, func(a, b string) int {
		left, _ := summarize(r[m][a])
		right, _ := summarize(r[m][b])
		return cmp.Compare(left.median, right.median)
	})
}

// startGoal is how long a start takes, by the bare proxy's.
func startGoal(times map[string][]float64) goal {
	r := results{"start": times}
	return goal{"process start to first answered request", "x bare", false, 2, 3, r.ratios("start", apimulator, bare)}
}

// memoryGoals are of one gateway, before and after all rounds; in bytes.
func memoryGoals(idle, after int64) []goal {
	return []goal{
		{"resident memory, idle", "MB", false, 24, 40, []float64{megabytes(idle)}},
		{"resident memory, after the load", "MB", false, 40, 60, []float64{megabytes(after)}},
	}
}

func megabytes(n int64) float64 { return float64(n) / 1e6 }

// operationGoals are of a large service by a small one.
func operationGoals(few, many loaded) []goal {
	r := results{"routing": {"few": few.cpu, "many": many.cpu}}
	return []goal{
		{"10,000 operations: CPU per request", "x 10 operations", false, 1.1, 1.3, r.ratios("routing", "many", "few")},
		{"10,000 operations: start to first answer", "s", false, 1, 3, many.starts},
		{"10,000 operations: resident memory", "MB", false, 200, 400, []float64{megabytes(many.resident)}},
	}
}

// benchmarkGoals are those of Go benchmarks.
func benchmarkGoals(b benchmarks) []goal {
	return []goal{
		{"one policy expression of the common shape", "ns", false, 70, 150, b["expression"]["ns/op"]},
		{"one policy expression of the common shape", "allocations", false, 0, 1, b["expression"]["allocs/op"]},
		{"allocations per proxied request", "", false, 10, 25, difference(b["flow"]["allocs/op"], b["backend"]["allocs/op"])},
		{"lint", "documents/s", true, 2000, 1000, b["lint"]["documents/s"]},
	}
}

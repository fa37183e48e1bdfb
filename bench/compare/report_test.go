package main

import (
	"slices"
	"strings"
	"testing"
	"time"
)

func TestSummarize(t *testing.T) {
	for _, test := range []struct {
		values []float64
		want   string
	}{
		{[]float64{3, 1, 2}, "2.00 (1.00-3.00)"},
		{[]float64{12345, 1, 50.04, 99.96}, "75.0 (1.00-12,345)"},
		{[]float64{1234567.5}, "1,234,568 (1,234,568-1,234,568)"},
	} {
		if s, measured := summarize(test.values); !measured || s.spread() != test.want {
			t.Errorf("%v: got %q; want %q", test.values, s.spread(), test.want)
		}
	}
	if _, measured := summarize(nil); measured {
		t.Error("nothing has a median")
	}
}

// A ratio is of one round; a target that was left out on the way has none.
func TestRatios(t *testing.T) {
	r := make(results)
	for _, v := range []float64{10, 20} {
		r.add(cpuOneToken, bare, v)
		r.add(cpuOneToken, apimulator, v/2)
	}
	r.add(cpuOneToken, "other", 5)
	if got := r.ratios(cpuOneToken, apimulator, bare); !slices.Equal(got, []float64{0.5, 0.5}) {
		t.Errorf("got %v", got)
	}
	if got := r.ratios(cpuOneToken, "other", bare); got != nil {
		t.Errorf("one round against two: got %v", got)
	}
	if got := r.best(cpuOneToken, []string{bare, "other", "absent"}); got != "other" {
		t.Errorf("the best is %q; want other", got)
	}
	if got := r.best(cpuRefused, []string{bare}); got != "none" {
		t.Errorf("the best of none is %q", got)
	}
}

func TestGoals(t *testing.T) {
	less := goal{what: "CPU", unit: "x bare", aim: 0.4, least: 0.8}
	more := goal{what: "rate", unit: "x bare", higher: true, aim: 2, least: 1.2}
	for _, test := range []struct {
		goal             goal
		value            float64
		verdict, failure string
	}{
		{less, 0.4, "goal reached", ""},
		{less, 0.8, "at least", ""},
		{less, 0.99, "**missed**", ""}, // within noise
		{less, 1.01, "**missed**", "CPU: 1.01 x bare, which misses 0.80 by more than noise (1.00)"},
		{more, 2, "goal reached", ""},
		{more, 1.3, "at least", ""},
		{more, 0.91, "**missed**", ""},
		{more, 0.89, "**missed**", "rate: 0.89 x bare, which misses 1.20 by more than noise (0.90)"},
	} {
		test.goal.values = []float64{test.value}
		if got := test.goal.verdict(); got != test.verdict {
			t.Errorf("%s %v: got %q; want %q", test.goal.what, test.value, got, test.verdict)
		}
		if got := test.goal.failure(); got != test.failure {
			t.Errorf("%s %v: got %q; want %q", test.goal.what, test.value, got, test.failure)
		}
	}
	if less.verdict() != "not measured" || less.failure() != "CPU: not measured" {
		t.Errorf("without values: got %q and %q", less.verdict(), less.failure())
	}
}

func TestReport(t *testing.T) {
	r := &report{
		machine: []string{"processor: one"}, versions: []string{"a 1", "b 2"}, leftOut: []string{"nginx: it is not there"},
		targets: []*target{{name: bare, work: "proxy only"}, {name: apimulator, work: "full"}}, rounds: 1, meter: &meter{measured: time.Second},
		results: results{cpuPerEvent: {bare: {20}, apimulator: {10}}, cpuRefused: {apimulator: {5}}},
		goals:   []goal{{what: "CPU", unit: "x bare", aim: 0.4, least: 0.8, values: []float64{0.5}}, {what: "lint", unit: "documents/s", aim: 2000, least: 1000}},
	}
	var b strings.Builder
	if err := r.write(&b); err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{
		"- versions: a 1, b 2\n- left out: nginx: it is not there\n",
		"| what | measured                | goal  | at least |              |\n| ---- | ----------------------- | ----- | -------- | ------------ |\n| CPU  | 0.50 (0.50-0.50) x bare | 0.40  | 0.80     | at least     |\n| lint | -                       | 2,000 | 1,000    | not measured |\n",
		"| apimulator        | full       | 10.0 (10.0-10.0)   | 0.50 (0.50-0.50) | - ",
		"| apimulator | full | 5.00 (5.00-5.00)",
	} {
		if !strings.Contains(b.String(), want) {
			t.Errorf("%q is not in\n%s", want, b.String())
		}
	}
}

func TestBusy(t *testing.T) {
	for load, want := range map[string]bool{"0.12": false, "3.50": true, "unknown": true} {
		if got := busy(load); got != want {
			t.Errorf("%s: got %t", load, got)
		}
	}
}

func TestParseBenchmark(t *testing.T) {
	const text = `goos: linux
BenchmarkFlow-2   	   10000	    116.5 ns/op	       0 B/op	       3 allocs/op
BenchmarkFlow-2   	   10000	    120 ns/op	       0 B/op	       5 allocs/op
PASS
`
	got := parseBenchmark(text)
	if !slices.Equal(got["ns/op"], []float64{116.5, 120}) || !slices.Equal(got["allocs/op"], []float64{3, 5}) {
		t.Errorf("got %v", got)
	}
	if d := difference(got["allocs/op"], []float64{1, 1, 2}); !slices.Equal(d, []float64{2, 4}) {
		t.Errorf("the difference is %v; want 2 and 4", d)
	}
	if d := difference(got["allocs/op"], nil); d != nil {
		t.Errorf("the difference to nothing is %v", d)
	}
}

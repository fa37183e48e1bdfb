package main

import (
	"os/exec"
	"strconv"
	"strings"
)

// benchmarks are the values of Go benchmarks: by name here, by unit, one of each run.
type benchmarks map[string]map[string][]float64

// The benchmarks that rows are taken from.
var benchmarksRun = []struct{ name, pkg, pattern, time string }{
	{"expression", "./policy/expr", "^BenchmarkHeaderComparison$", "1s"},
	{"flow", "./internal/emulator", "^BenchmarkFlowOneToken$", "1s"},
	{"backend", "./internal/emulator", "^BenchmarkBackend$", "1s"},
	{"lint", "./internal/lint", "^BenchmarkRun$", "1x"},
}

// runBenchmarks runs them, in the repository at root. What fails is told by log and missing.
func runBenchmarks(root string, log func(format string, args ...any)) benchmarks {
	all := make(benchmarks)
	for _, b := range benchmarksRun {
		// This process keeps to one core, and what it starts would too.
		command := exec.Command("taskset", "-c", everyCore(), "go", "test", "-run", "^$", "-bench", b.pattern, "-benchmem", "-count", "5", "-benchtime", b.time, b.pkg)
		command.Dir = root
		output, err := command.CombinedOutput()
		if err != nil {
			log("benchmark %s of %s: %v: %s", b.pattern, b.pkg, err, output)
			continue
		}
		if all[b.name] = parseBenchmark(string(output)); len(all[b.name]) == 0 {
			log("benchmark %s of %s ran nothing", b.pattern, b.pkg)
		}
	}
	return all
}

// everyCore is all cores, as taskset takes them.
func everyCore() string { return "0-" + strconv.Itoa(cores()-1) }

// difference is by how much the values of a exceed the median of b's; none without both.
func difference(a, b []float64) []float64 {
	less, measured := summarize(b)
	if !measured {
		return nil
	}
	var more []float64
	for _, v := range a {
		more = append(more, v-less.median)
	}
	return more
}

// parseBenchmark reads the lines of `go test -bench`: name, iterations, then values with
// their units.
func parseBenchmark(output string) map[string][]float64 {
	values := make(map[string][]float64)
	for line := range strings.Lines(output) {
		fields := strings.Fields(line)
		if len(fields) < 4 || !strings.HasPrefix(fields[0], "Benchmark") {
			continue
		}
		for i := 2; i+1 < len(fields); i += 2 {
			if v, err := strconv.ParseFloat(fields[i], 64); err == nil {
				values[fields[i+1]] = append(values[fields[i+1]], v)
			}
		}
	}
	return values
}

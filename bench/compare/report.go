package main

import (
	"fmt"
	"io"
	"strings"
)

// A report is all that is told of a run.
type report struct {
	machine, versions []string
	leftOut           []string // a message each
	targets           []*target
	results           results
	goals             []goal
	rounds            int
	meter             *meter
}

// write writes the report in Markdown.
func (r *report) write(w io.Writer) error {
	var b strings.Builder
	fmt.Fprintf(&b, "# Results\n\nWritten by `bench/run.sh`. Medians of %d rounds of %v each, the lowest and highest in brackets. Ratios are taken within each\nround; absolute figures are this machine's. [performance.md](../docs/performance.md) says what is measured, and how.\n\n", r.rounds, r.meter.measured)
	for _, line := range append(r.machine, "versions: "+strings.Join(r.versions, ", ")) {
		fmt.Fprintf(&b, "- %s\n", line)
	}
	for _, line := range r.leftOut {
		fmt.Fprintf(&b, "- left out: %s\n", line)
	}
	b.WriteString("\n## Goals\n\n")
	writeTable(&b, goalRows(r.goals))
	for _, section := range []struct {
		title   string
		metrics []metric
	}{
		{"Requests", []metric{requestsPerSecond, cpuOneToken, cpuManyTokens}},
		{"Refusals and a single connection", []metric{cpuRefused, oneConnection}},
		{"Event streams", []metric{cpuPerEvent, eventsPerSecond, firstEvent, eventDelay}},
	} {
		if rows := r.targetRows(section.metrics); len(rows) > 1 {
			fmt.Fprintf(&b, "\n## %s\n\n", section.title)
			writeTable(&b, rows)
		}
	}
	_, err := io.WriteString(w, b.String())
	return err
}

func goalRows(goals []goal) [][]string {
	rows := [][]string{{"what", "measured", "goal", "at least", ""}}
	for _, g := range goals {
		value := "-"
		if s, measured := summarize(g.values); measured {
			value = s.spread() + " " + g.unit
		}
		rows = append(rows, []string{g.what, strings.TrimSpace(value), number(g.aim), number(g.least), g.verdict()})
	}
	return rows
}

// targetRows are a row for each target: every metric, and its ratio to the bare proxy's.
func (r *report) targetRows(metrics []metric) [][]string {
	head := []string{"target", "work"}
	for _, m := range metrics {
		head = append(head, fmt.Sprintf("%s (%s)", m, units[m]), "x bare")
	}
	rows := [][]string{head}
	for _, t := range r.targets {
		row, some := []string{t.name, t.work}, false
		for _, m := range metrics {
			value, ratio := "-", "-"
			if s, measured := summarize(r.results[m][t.name]); measured {
				value, some = s.spread(), true
			}
			if s, measured := summarize(r.results.ratios(m, t.name, bare)); measured {
				ratio = s.spread()
			}
			row = append(row, value, ratio)
		}
		if some {
			rows = append(rows, row)
		}
	}
	return rows
}

// writeTable writes rows, the head first, as a table that reads as text as well.
func writeTable(b *strings.Builder, rows [][]string) {
	widths := make([]int, len(rows[0]))
	for _, row := range rows {
		for i, cell := range row {
			widths[i] = max(widths[i], len([]rune(cell)), 3)
		}
	}
	line := func(cells []string) {
		for i, cell := range cells {
			fmt.Fprintf(b, "| %-*s ", widths[i], cell)
		}
		b.WriteString("|\n")
	}
	line(rows[0])
	rule := make([]string, len(widths))
	for i, width := range widths {
		rule[i] = strings.Repeat("-", width)
	}
	line(rule)
	for _, row := range rows[1:] {
		line(row)
	}
}

package main

import (
	"fmt"
	"slices"
	"strconv"
)

// summary is the median of values and what they spread over.
type summary struct{ median, low, high float64 }

// summarize gives false if there are no values.
func summarize(values []float64) (summary, bool) {
	if len(values) == 0 {
		return summary{}, false
	}
	sorted := slices.Sorted(slices.Values(values))
	n := len(sorted)
	return summary{(sorted[(n-1)/2] + sorted[n/2]) / 2, sorted[0], sorted[n-1]}, true
}

// number is a value to three digits or so.
func number(v float64) string {
	switch {
	case v >= 100:
		return grouped(int64(v + 0.5))
	case v >= 10:
		return strconv.FormatFloat(v, 'f', 1, 64)
	}
	return strconv.FormatFloat(v, 'f', 2, 64)
}

// grouped is n with commas between thousands.
func grouped(n int64) string {
	if n < 1000 {
		return strconv.FormatInt(n, 10)
	}
	return fmt.Sprintf("%s,%03d", grouped(n/1000), n%1000)
}

// spread is a summary as a cell: the median, and in brackets the lowest and the highest.
func (s summary) spread() string {
	return fmt.Sprintf("%s (%s-%s)", number(s.median), number(s.low), number(s.high))
}

package policy

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
)

// Severity says how bad a finding is.
type Severity uint8

const (
	// Warning: it runs, but probably not as meant.
	Warning Severity = iota + 1
	// Unsupported: Azure runs it, this version does not.
	Unsupported
	// Error: Azure would refuse it, or it cannot work.
	Error
)

func (s Severity) String() string {
	switch s {
	case Warning:
		return "warning"
	case Unsupported:
		return "unsupported"
	}
	return "error"
}

// Diagnostic is one finding at one place of a document.
type Diagnostic struct {
	Severity  Severity
	Document  string // file name as it was given
	Line, Col int    // 1-based, in characters; a tab is one
	Message   string // what is wrong, and what would be right
}

func (d Diagnostic) String() string {
	return fmt.Sprintf("%s:%d:%d: %s: %s", d.Document, d.Line, d.Col, d.Severity, d.Message)
}

// Error makes a Diagnostic what a statement's Compile returns.
func (d Diagnostic) Error() string { return d.String() }

// Diagnostics are findings. As an error they are those that keep a document from
// running.
type Diagnostics []Diagnostic

func (ds Diagnostics) Error() string {
	lines := make([]string, len(ds))
	for i, d := range ds {
		lines[i] = d.String()
	}
	return strings.Join(lines, "\n")
}

// Of are the findings of that severity.
func (ds Diagnostics) Of(s Severity) Diagnostics {
	var found Diagnostics
	for _, d := range ds {
		if d.Severity == s {
			found = append(found, d)
		}
	}
	return found
}

// Sort orders by document, line and column.
func (ds Diagnostics) Sort() {
	slices.SortStableFunc(ds, func(a, b Diagnostic) int {
		return cmp.Or(strings.Compare(a.Document, b.Document), a.Line-b.Line, a.Col-b.Col)
	})
}

// Unique are the findings without those that are there before: a fragment that is
// included twice is told of once.
func (ds Diagnostics) Unique() Diagnostics {
	seen := make(map[Diagnostic]bool, len(ds))
	var unique Diagnostics
	for _, d := range ds {
		if !seen[d] {
			seen[d] = true
			unique = append(unique, d)
		}
	}
	return unique
}

// nearest is the candidate that word was probably meant to be, "" if none is
// near: at most a third of the letters differ.
func nearest(word string, candidates []string) string {
	best, bestDistance := "", max(1, len(word)/3)+1
	for _, c := range candidates {
		if max(len(c)-len(word), len(word)-len(c)) >= bestDistance {
			continue // so that a name of any length costs little
		}
		if d := editDistance(strings.ToLower(word), strings.ToLower(c)); d < bestDistance {
			best, bestDistance = c, d
		}
	}
	return best
}

// didYouMean is ` (did you mean "x"?)` or "".
func didYouMean(word string, candidates []string) string {
	if c := nearest(word, candidates); c != "" {
		return fmt.Sprintf(" (did you mean %q?)", c)
	}
	return ""
}

// editDistance counts the letters to add, drop, change, or swap with the next one.
func editDistance(a, b string) int {
	var before []int
	last := make([]int, len(b)+1)
	for j := range last {
		last[j] = j
	}
	for i := range len(a) {
		row := make([]int, len(b)+1)
		row[0] = i + 1
		for j := range len(b) {
			cost := 1
			if a[i] == b[j] {
				cost = 0
			}
			row[j+1] = min(last[j+1]+1, row[j]+1, last[j]+cost)
			if i > 0 && j > 0 && a[i] == b[j-1] && a[i-1] == b[j] {
				row[j+1] = min(row[j+1], before[j-1]+1)
			}
		}
		before, last = last, row
	}
	return last[len(b)]
}

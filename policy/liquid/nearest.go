package liquid

import (
	"fmt"
	"strings"
)

// didYouMean is ": did you mean 'x'?" with the candidate that word was probably
// meant to be, "" if none is near. A name in Ruby's style, at_least, finds
// AtLeast.
func didYouMean(word string, candidates []string) string {
	plain := func(s string) string { return strings.ToLower(strings.ReplaceAll(s, "_", "")) }
	best, distance := "", max(1, len(word)/3)+1
	for _, c := range candidates {
		if d := editDistance(plain(word), plain(c), distance); d < distance && d < max(len(word), len(c)) {
			best, distance = c, d
		}
	}
	if best == "" {
		return ""
	}
	return fmt.Sprintf(": did you mean '%s'?", best)
}

// editDistance is how many insertions, deletions and changes lead from a to b;
// limit where it is that or more.
func editDistance(a, b string, limit int) int {
	if d := len(a) - len(b); d >= limit || -d >= limit {
		return limit // so that a name of any length costs little
	}
	row := make([]int, len(b)+1)
	for j := range row {
		row[j] = j
	}
	for i := range len(a) {
		diagonal := row[0]
		row[0] = i + 1
		for j := range len(b) {
			change := diagonal
			if a[i] != b[j] {
				change++
			}
			diagonal = row[j+1]
			row[j+1] = min(change, row[j]+1, diagonal+1)
		}
	}
	return min(row[len(b)], limit)
}

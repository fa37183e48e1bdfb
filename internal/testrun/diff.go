package testrun

import "strings"

// nearby is how many equal lines a difference shows around what differs, and longest
// how many lines are compared one by one.
const (
	nearby  = 2
	longest = 2000
)

// Diff is the difference of two texts, line by line: "- " stands before what was
// expected, "+ " before what came, "  " before what both have. Long equal parts are cut.
func Diff(want, got string) []string {
	a, b := strings.Split(want, "\n"), strings.Split(got, "\n")
	if len(a) > longest || len(b) > longest {
		return append(shown("- ", clip(want)), shown("+ ", clip(got))...)
	}
	return cut(edits(a, b))
}

func clip(s string) string {
	const most = 4000
	if len(s) > most {
		return s[:most] + "…"
	}
	return s
}

// edits lead from a to b by a longest common subsequence.
func edits(a, b []string) []string {
	common := make([][]int32, len(a)+1)
	for i := range common {
		common[i] = make([]int32, len(b)+1)
	}
	for i := len(a) - 1; i >= 0; i-- {
		for j := len(b) - 1; j >= 0; j-- {
			if a[i] == b[j] {
				common[i][j] = common[i+1][j+1] + 1
			} else {
				common[i][j] = max(common[i+1][j], common[i][j+1])
			}
		}
	}
	var lines []string
	i, j := 0, 0
	for i < len(a) || j < len(b) {
		switch {
		case i < len(a) && j < len(b) && a[i] == b[j]:
			lines = append(lines, "  "+a[i])
			i, j = i+1, j+1
		case i < len(a) && (j == len(b) || common[i+1][j] >= common[i][j+1]):
			lines = append(lines, "- "+a[i])
			i++
		default:
			lines = append(lines, "+ "+b[j])
			j++
		}
	}
	return lines
}

// cut leaves out equal lines that are far from a difference.
func cut(lines []string) []string {
	near := make([]bool, len(lines))
	for i, l := range lines {
		if l[0] != ' ' {
			for k := max(i-nearby, 0); k <= min(i+nearby, len(lines)-1); k++ {
				near[k] = true
			}
		}
	}
	var kept []string
	for i, l := range lines {
		switch {
		case near[i]:
			kept = append(kept, l)
		case i == 0 || near[i-1]:
			kept = append(kept, "  ...")
		}
	}
	return kept
}

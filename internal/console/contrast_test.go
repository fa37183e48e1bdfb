package console

import (
	"fmt"
	"math"
	"regexp"
	"strconv"
	"testing"
)

// atLeast is the contrast that WCAG 2.2 wants for AA: of text, and of what marks controls.
const (
	forText  = 4.5
	forMarks = 3.0
)

var aColour = regexp.MustCompile(`--([a-z-]+): light-dark\(#([0-9a-f]{6}), #([0-9a-f]{6})\);`)

// The pairs of colours that stand on one another can be read, in light and dark.
func TestContrast(t *testing.T) {
	sheet, err := files.ReadFile("assets/page.css")
	if err != nil {
		t.Fatal(err)
	}
	themes := map[string][2]string{}
	for _, m := range aColour.FindAllStringSubmatch(string(sheet), -1) {
		themes[m[1]] = [2]string{m[2], m[3]}
	}
	pairs := []struct {
		on       string
		colours  []string
		contrast float64
	}{
		{"paper", []string{"ink", "soft", "accent", "good", "warn", "bad"}, forText},
		{"panel", []string{"ink", "soft", "accent", "good", "warn", "bad"}, forText},
		{"sunk", []string{"ink", "soft", "accent"}, forText},
		{"good-wash", []string{"ink", "soft", "good", "accent"}, forText},
		{"warn-wash", []string{"ink", "soft", "warn", "accent", "good"}, forText},
		{"bad-wash", []string{"ink", "soft", "bad", "accent", "good"}, forText},
		{"value-wash", []string{"ink", "soft", "accent", "bad"}, forText},
		{"accent", []string{"on-accent"}, forText},
		{"ink", []string{"paper"}, forText},
		{"paper", []string{"edge"}, forMarks},
		{"panel", []string{"edge"}, forMarks},
	}
	for _, p := range pairs {
		for _, name := range p.colours {
			for i, theme := range []string{"light", "dark"} {
				below, above := themes[p.on][i], themes[name][i]
				if got := contrast(t, below, above); got < p.contrast {
					t.Errorf("%s: %s on %s has a contrast of %.2f; want %.1f", theme, name, p.on, got, p.contrast)
				}
			}
		}
	}
}

// contrast is the ratio of WCAG's relative luminances.
func contrast(t *testing.T, a, b string) float64 {
	one, other := luminance(t, a), luminance(t, b)
	return (max(one, other) + 0.05) / (min(one, other) + 0.05)
}

func luminance(t *testing.T, colour string) float64 {
	t.Helper()
	n, err := strconv.ParseUint(colour, 16, 32)
	if err != nil {
		t.Fatal(fmt.Errorf("a colour that is not in the sheet: %w", err))
	}
	part := func(shift uint) float64 {
		c := float64(n>>shift&0xff) / 255
		if c <= 0.04045 {
			return c / 12.92
		}
		return math.Pow((c+0.055)/1.055, 2.4)
	}
	return 0.2126*part(16) + 0.7152*part(8) + 0.0722*part(0)
}

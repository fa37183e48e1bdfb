package syntax

import "testing"

func TestUnfinished(t *testing.T) {
	for source, want := range map[string]bool{
		"":                         false,
		"1 + 1":                    false,
		"@(1 + 1)":                 false,
		"@(1 +":                    true,
		"@{":                       true,
		"@{ if (x) {\n}":           true,
		"@{ return 1; }":           false,
		"new[] {1, 2":              true,
		"f(\")\"":                  true,
		"f(\")\")":                 false,
		"f(\"abc":                  false,
		"@\"abc":                   true,
		"$@\"{x} ":                 true,
		"@\"abc\"":                 false,
		"$\"{f(":                   false,
		"(1 /* ) ":                 true,
		"(1 // )":                  true,
		"(1 // )\n)":               false,
		"1)":                       false,
		"'('":                      false,
		"@{ #region a\nreturn 1;}": false,
	} {
		if got := Unfinished(source); got != want {
			t.Errorf("Unfinished(%q) = %v", source, got)
		}
	}
}

package lint

import (
	"fmt"
	"regexp"
	"strings"
)

// placeholderForms find placeholders; a nil one finds none.
type placeholderForms struct{ pattern *regexp.Regexp }

// placeholders reads the forms of --placeholders.
func placeholders(forms []string) (*placeholderForms, error) {
	var patterns []string
	for _, form := range forms {
		form = strings.TrimSpace(form)
		switch {
		case form == "":
			continue
		case strings.Trim(form, "*") == "":
			return nil, fmt.Errorf("the placeholder %q would be all text: write what stands around it, such as ${*}", form)
		}
		pattern := regexp.QuoteMeta(form)
		pattern = strings.ReplaceAll(pattern, `\*`, `[^\n]*?`)
		pattern = strings.ReplaceAll(pattern, `\{name\}`, `\{[A-Za-z_][A-Za-z0-9_-]*\}`)
		patterns = append(patterns, pattern)
	}
	if patterns == nil {
		return nil, nil
	}
	pattern, err := regexp.Compile(strings.Join(patterns, "|"))
	if err != nil {
		return nil, fmt.Errorf("--placeholders: %w", err)
	}
	return &placeholderForms{pattern}, nil
}

func (p *placeholderForms) regexp() *regexp.Regexp {
	if p == nil {
		return nil
	}
	return p.pattern
}

// SplitPlaceholders splits the forms of a command line, which stand between commas
// that are not in braces.
func SplitPlaceholders(list string) []string {
	var forms []string
	depth, start := 0, 0
	for i, c := range list {
		switch {
		case c == '{':
			depth++
		case c == '}':
			depth--
		case c == ',' && depth <= 0:
			forms = append(forms, list[start:i])
			start = i + 1
		}
	}
	return append(forms, list[start:])
}

package policy

import (
	"regexp"
	"testing"
)

// TestPatterns compiles the patterns, which else happens when one is needed.
func TestPatterns(t *testing.T) {
	for _, test := range []struct {
		pattern      func() *regexp.Regexp
		like, unlike string
	}{
		{secretHeader, "X-My-Token", "X-My-Tokens"},
		{secretText, "Bearer 0123456789abcdef", "Bearer x"},
		{secretInText, "Endpoint=sb://a;SharedAccessKey=0123456789", "SharedAccessKey={{key}}"},
		{numberForm, "-1.5e3", "1,5"},
		{NamedValue, "{{a-name}}", "{{a name}}"},
		{declaration, `version = "1.0" standalone='no'`, `version = "1.1"`},
		{attributeEnd['"'], `" b='`, `"b`},
		{attributeEnd['\''], `'/>`, `'b`},
	} {
		if !test.pattern().MatchString(test.like) || test.pattern().MatchString(test.unlike) {
			t.Errorf("%s matches %q: %t, want true, and %q: %t, want false", test.pattern(),
				test.like, test.pattern().MatchString(test.like), test.unlike, test.pattern().MatchString(test.unlike))
		}
	}
}

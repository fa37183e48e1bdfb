package trace

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
		{aScheme, "by Bearer abc", "by bearers abc"},
		{aToken, "eyJhbGciOiJS.e30.c2ln", "eyJ.e30.c2ln"},
		{inQuery, "/a?sig=abc", "/a?signal=abc"},
		{inForm, "a=b&client_secret=abc", "a=b&c=d"},
		{inJSON, `{"access_token": "abc"}`, `{"name": "abc"}`},
	} {
		if !test.pattern().MatchString(test.like) || test.pattern().MatchString(test.unlike) {
			t.Errorf("%s matches %q: %t, want true, and %q: %t, want false", test.pattern(),
				test.like, test.pattern().MatchString(test.like), test.unlike, test.pattern().MatchString(test.unlike))
		}
	}
}

package exchange

import (
	"strings"
	"testing"
)

func TestIsToken(t *testing.T) {
	if IsToken("") {
		t.Error("nothing is called a token")
	}
	const bytes = "!#$%&'*+-.^_`|~0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"
	for c := range 256 {
		b := string([]byte{byte(c)})
		for _, s := range []string{b, "x" + b, b + "x"} {
			if want := strings.Contains(bytes, b); IsToken(s) != want {
				t.Errorf("IsToken(%q) is %v", s, !want)
			}
		}
	}
}

package credential

import (
	"fmt"
	"testing"
	"time"
)

func TestIssued(t *testing.T) {
	l := newLab(t)
	s := l.source(Config{})
	if kind, resource, ok := s.Issued("never"); ok {
		t.Errorf("Issued of a foreign token = %v, %q, true; want false", kind, resource)
	}
	first := token(t, s, openAI, "")
	l.clock.Advance(24 * time.Hour)
	second := token(t, s, openAI, "")
	for _, value := range []string{first, second} { // the first has expired
		if kind, resource, ok := s.Issued(value); kind != Emulated || resource != openAI || !ok {
			t.Errorf("Issued(%q) = %v, %q, %v; want emulated, %q, true", value, kind, resource, ok, openAI)
		}
	}
	if _, _, ok := s.Issued("Bearer " + second); ok {
		t.Error("Issued takes the header's value; want the token alone")
	}
}

func TestIssuedIsBounded(t *testing.T) {
	var i issued
	for n := range maxIssued + 1 {
		// The second one expires first.
		life := time.Duration(n+maxIssued) * time.Hour
		if n == 1 {
			life = time.Minute
		}
		i.add(fmt.Sprint("token", n), issue{Real, "r", noon.Add(life)})
	}
	i.add("token0", issue{Real, "again", noon})
	if n := len(i.tokens); n != maxIssued {
		t.Errorf("%d tokens are remembered; want %d", n, maxIssued)
	}
	for token, want := range map[string]bool{"token0": true, "token1": false, fmt.Sprint("token", maxIssued): true} {
		if _, _, ok := i.find(token); ok != want {
			t.Errorf("find(%q) = %v; want %v", token, ok, want)
		}
	}
}

package edge

import (
	"math/rand/v2"
	"strings"
	"testing"
)

// TestValidValue: looking at eight bytes at once says what looking at each does.
func TestValidValue(t *testing.T) {
	for c := range 256 {
		for length := range 20 {
			for at := range length {
				s := strings.Repeat("\u00e9"[1:], at) + string([]byte{byte(c)}) + strings.Repeat("~", length-at-1)
				if want := c == '\t' || c >= ' ' && c != 0x7f; validValue(s) != want {
					t.Fatalf("validValue(%q) is %v", s, !want)
				}
			}
		}
	}
	random := rand.New(rand.NewPCG(1, 2))
	for range 100_000 {
		b := make([]byte, random.IntN(40))
		for i := range b {
			b[i] = []byte{'\t', 0x1f, ' ', '~', 0x7f, 0x80, 0xff, byte(random.Uint32())}[random.IntN(8)]
		}
		if s := string(b); validValue(s) != hasNoControls(s) {
			t.Fatalf("validValue(%q) is %v", s, validValue(s))
		}
	}
}

func TestTrimBlanks(t *testing.T) {
	for _, s := range []string{"", " ", "\t \t", "a", " a", "a\t", " \ta b\t ", "\u00a0a\r\n"} {
		if got, want := trimBlanks(s), strings.Trim(s, " \t"); got != want {
			t.Errorf("trimBlanks(%q) is %q, want %q", s, got, want)
		}
	}
}

func BenchmarkValidValue(b *testing.B) {
	token := strings.Repeat("eyJhbGciOiJS", 100)
	for b.Loop() {
		if !validValue(token) {
			b.Fatal("it is valid")
		}
	}
}

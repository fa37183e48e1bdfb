package tokencount

import (
	"iter"
	"unicode/utf8"

	"github.com/dlclark/regexp2"
)

// The patterns are those of OpenAI's tiktoken (openai_public.py). The long s
// (ſ) stands beside s because Rust's case folding, by which tiktoken matches,
// takes them for the same letter and regexp2's does not.
const (
	cl100kPattern = `'(?i:[sſdmt]|ll|ve|re)` +
		`|[^\r\n\p{L}\p{N}]?\p{L}+` +
		`|\p{N}{1,3}` +
		`| ?[^\s\p{L}\p{N}]+[\r\n]*` +
		`|\s*[\r\n]+` +
		`|\s+(?!\S)` +
		`|\s+`

	contraction  = `(?i:'s|'ſ|'t|'re|'ve|'m|'ll|'d)?`
	o200kPattern = `[^\r\n\p{L}\p{N}]?[\p{Lu}\p{Lt}\p{Lm}\p{Lo}\p{M}]*[\p{Ll}\p{Lm}\p{Lo}\p{M}]+` + contraction +
		`|[^\r\n\p{L}\p{N}]?[\p{Lu}\p{Lt}\p{Lm}\p{Lo}\p{M}]+[\p{Ll}\p{Lm}\p{Lo}\p{M}]*` + contraction +
		`|\p{N}{1,3}` +
		`| ?[^\s\p{L}\p{N}]+[\r\n/]*` +
		`|\s*[\r\n]+` +
		`|\s+(?!\S)` +
		`|\s+`
)

// pieces cuts s, which is valid UTF-8, by pattern. The pattern matches every
// character, so the pieces joined are s.
func pieces(pattern *regexp2.Regexp, s string) iter.Seq[string] {
	return func(yield func(string) bool) {
		// Matching fails by a timeout only, and there is none.
		match, _ := pattern.FindStringMatch(s)
		for match != nil {
			size := 0
			for range match.Length { // regexp2 counts characters
				_, n := utf8.DecodeRuneInString(s[size:])
				size += n
			}
			if !yield(s[:size]) {
				return
			}
			s = s[size:]
			match, _ = pattern.FindNextMatch(match)
		}
	}
}

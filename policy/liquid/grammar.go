package liquid

import (
	"regexp"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/apimulator/apimulator/internal/pattern"
)

// The inside of tags is read by patterns, as DotLiquid reads it: they find what
// they look for and pass over the rest. They are made when a template is first
// parsed.

const (
	space = " \t\n\v\f\r"
	word  = `[\pL\p{Mn}\p{Nd}\p{Pc}]`
	// quotedText is a text in quotes, which knows no escapes.
	quotedText = `"[^"]*"|'[^']*'`
	// fragment is a value: a text in quotes, a number, a path.
	fragment = `(?:` + quotedText + `|(?:[^\s,|'"]|` + quotedText + `)+)`
	// firstFragment is the value that an output or an assignment begins with.
	firstFragment = `(?:` + quotedText + `|(?:[^\s|'"]|` + quotedText + `)+)`
	signature     = `(?:\(?[\pL\p{Mn}\p{Nd}\p{Pc}\-.\[\]]\)?)`
)

// inside is a pattern for the inside of tags, in which a dot is any character.
func inside(s string) func() *regexp.Regexp { return pattern.Lazy(`(?s)` + s) }

var (
	fragmentPattern  = inside(fragment)
	valuePattern     = inside(firstFragment)
	argumentPattern  = inside(`[:,]\s*(` + fragment + `)`)
	attributePattern = inside(`(` + word + `+)\s*:\s*(` + fragment + `)`)
	assignPattern    = inside(`(` + signature + `+)\s*=\s*(.*)`)
	namePattern      = inside(word + `+`)
	loopPattern      = inside(`(` + word + `+)\s+in\s+(` + fragment + `+)\s*(reversed)?`)
	tableRowPattern  = inside(`(` + word + `+)\s+in\s+(` + signature + `+)`)
	wherePattern     = inside(`\swhere\s*:?\s*(?:` + word + `+\s*==?\s*)?(` + fragment + `)`)
	whenSeparator    = inside(`^(?:\s+or\s+|\s*,\s*)`)
	conditionPattern = inside(`(` + fragment + `)\s*([=!<>a-zA-Z_]+)?\s*(` + fragment + `)?`)
	cycleNamePattern = inside(`^(` + fragment + `)\s*:\s*(.*)`)
	pathPattern      = inside(`\[[^\]]+\]|(?:` + word + `|-)+\??`)
	integerPattern   = inside(`^[+-]?[0-9]+$`)
	realPattern      = inside(`^[+-]?[0-9][0-9.|,]+$`)
	rangePattern     = inside(`^\((\S+)\.\.(\S+)\)$`)
	literalShorthand = inside(`^\{\{\{\s?([^\n]*?)\s*\}\}\}$`)
	commentShorthand = inside(`^\{\s?#\s?[^\n]*#\s?\}$`)
)

// wordLength is how many bytes of s, from its start, are letters, digits and
// underscores.
func wordLength(s string) int {
	for i, c := range s {
		if !isWord(c) {
			return i
		}
	}
	return len(s)
}

func isWord(c rune) bool {
	if c < utf8.RuneSelf {
		return c == '_' || '0' <= c && c <= '9' || 'a' <= c|0x20 && c|0x20 <= 'z'
	}
	return unicode.In(c, unicode.L, unicode.Mn, unicode.Nd, unicode.Pc)
}

// markup is a piece of the source with its place.
type markup struct {
	text string
	at   int
}

// part is a part of the piece; -1 as from, which a pattern gives for a group that
// is not there, is no part.
func (k markup) part(from, to int) (markup, bool) {
	if from < 0 {
		return markup{at: k.at}, false
	}
	return markup{k.text[from:to], k.at + from}, true
}

// group is what a group of a pattern found.
func (k markup) group(m []int, n int) (markup, bool) { return k.part(m[2*n], m[2*n+1]) }

// split cuts the piece at a separator outside of quotes.
func (k markup) split(separator byte) []markup {
	var pieces []markup
	from := 0
	for i := 0; i < len(k.text); i++ {
		switch c := k.text[i]; c {
		case separator:
			pieces = append(pieces, markup{k.text[from:i], k.at + from})
			from = i + 1
		case '"', '\'':
			if n := strings.IndexByte(k.text[i+1:], c); n >= 0 {
				i += n + 1
			}
		}
	}
	return append(pieces, markup{k.text[from:], k.at + from})
}

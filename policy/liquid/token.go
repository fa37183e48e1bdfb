package liquid

import (
	"fmt"
	"regexp"
	"strings"
	"sync"
)

// A source is cut into text, outputs {{...}} and tags {%...%}.

type tokenKind uint8

const (
	textToken tokenKind = iota
	outputToken
	tagToken
)

// token is a piece of the source. Text is what stands between the braces; of a
// tag, after its name.
type token struct {
	kind tokenKind
	name string // of a tag
	text string
	at   int // offset of text
	open int // offset of the piece itself
}

// scanner cuts a source.
type scanner struct {
	source string
	pos    int
	tokens []token
}

// scan cuts a source. White space goes as in version 2.0: before {{- and {%-
// blanks and tabs, after -}} and -%} one line break, or blanks and tabs.
// Differing from it, a tag may run over several lines and quotes may hold its
// closing braces, as in later versions.
func scan(source string) ([]token, error) {
	s := &scanner{source: source}
	for {
		open := s.nextOpen()
		if open < 0 {
			s.text(len(source), false)
			return s.tokens, nil
		}
		s.text(open, strings.HasPrefix(source[open+2:], "-"))
		if err := s.piece(open); err != nil {
			return nil, err
		}
	}
}

// nextOpen is the offset of the next {{ or {%, -1 if there is none.
func (s *scanner) nextOpen() int {
	for i := s.pos; i+1 < len(s.source); i++ {
		if s.source[i] == '{' && (s.source[i+1] == '{' || s.source[i+1] == '%') {
			return i
		}
	}
	return -1
}

// text takes the source up to end as text.
func (s *scanner) text(end int, trim bool) {
	text := s.source[s.pos:end]
	if trim {
		text = strings.TrimRight(text, " \t")
	}
	if text != "" {
		s.tokens = append(s.tokens, token{kind: textToken, text: text, at: s.pos, open: s.pos})
	}
	s.pos = end
}

// piece takes the output or tag at open.
func (s *scanner) piece(open int) error {
	closer := byte('}')
	if s.source[open+1] == '%' {
		closer = '%'
	}
	end := s.close(open+2, closer)
	if end < 0 {
		return s.unterminated(open, closer)
	}
	from, to := open+2, end
	if strings.HasPrefix(s.source[from:to], "-") {
		from++
	}
	s.pos = end + 2
	if from < to && s.source[to-1] == '-' {
		to--
		s.skipSpace()
	}
	if closer == '}' {
		s.tokens = append(s.tokens, token{kind: outputToken, text: s.source[from:to], at: from, open: open})
		return nil
	}
	return s.tag(open, from, to)
}

// close is the offset of the closing braces, -1 if they are missing: an output
// that has one brace only is as good as open.
func (s *scanner) close(from int, closer byte) int {
	lineEnd := from
	for i := from; i < len(s.source); i++ {
		switch c := s.source[i]; c {
		case '"', '\'':
			if lineEnd <= i {
				lineEnd = len(s.source)
				if n := strings.IndexByte(s.source[i:], '\n'); n >= 0 {
					lineEnd = i + n
				}
			}
			// A quote that its line does not close is a mere character.
			if n := strings.IndexByte(s.source[i+1:lineEnd], c); n >= 0 {
				i += n + 1
			}
		case closer:
			if i+1 < len(s.source) && s.source[i+1] == '}' {
				return i
			}
			if closer == '}' {
				return -1
			}
		}
	}
	return -1
}

func (s *scanner) unterminated(open int, closer byte) error {
	line, _, _ := strings.Cut(s.source[open:], "\n")
	what := "Variable"
	if closer == '%' {
		what = "Tag"
	}
	return &Error{open, fmt.Sprintf("%s '%s' was not properly terminated: %c} is missing", what, shortened(strings.TrimSpace(line)), closer)}
}

// shortened keeps messages readable.
func shortened(s string) string {
	const most = 60
	if len(s) <= most {
		return s
	}
	return strings.ToValidUTF8(s[:most], "") + "..."
}

// skipSpace skips the white space after a hyphen.
func (s *scanner) skipSpace() {
	rest := s.source[s.pos:]
	switch {
	case strings.HasPrefix(rest, "\n"):
		s.pos++
	case strings.HasPrefix(rest, "\r\n"):
		s.pos += 2
	default:
		s.pos += len(rest) - len(strings.TrimLeft(rest, " \t"))
	}
}

// tag takes a tag whose inside is source[from:to]. The content of those that
// hold text as it is goes with it.
func (s *scanner) tag(open, from, to int) error {
	inside := s.source[from:to]
	start := len(inside) - len(strings.TrimLeft(inside, space))
	name := inside[start : start+wordLength(inside[start:])]
	if name == "" {
		return &Error{open, fmt.Sprintf("Tag '%s' has no name", shortened(s.source[open:s.pos]))}
	}
	rest := inside[start+len(name):]
	text := strings.TrimLeft(rest, space)
	s.tokens = append(s.tokens, token{
		kind: tagToken, name: name, text: text, at: from + start + len(name) + len(rest) - len(text), open: open,
	})
	switch name {
	case "raw", "literal", "comment":
		return s.verbatim(name, open)
	}
	return nil
}

var verbatimEnds = sync.OnceValue(func() map[string]*regexp.Regexp {
	ends := make(map[string]*regexp.Regexp)
	for _, name := range []string{"raw", "literal", "comment"} {
		ends[name] = regexp.MustCompile(`\{%-?\s*(end)?` + name + `\s*-?%\}`)
	}
	return ends
})

// verbatim takes the content of raw, literal and comment up to the tag that ends
// it, as one text; a comment may hold others. What a comment holds need not be
// Liquid, which version 2.0 asks for.
func (s *scanner) verbatim(name string, open int) error {
	depth, from := 1, s.pos
	for at := s.pos; ; {
		m := verbatimEnds()[name].FindStringSubmatchIndex(s.source[at:])
		if m == nil {
			return &Error{open, name + " tag was never closed: {% end" + name + " %} is missing"}
		}
		if m[2] < 0 { // not an end
			if name == "comment" {
				depth++
			}
		} else if depth--; depth == 0 {
			end := at + m[0]
			s.pos = from
			s.text(end, strings.HasPrefix(s.source[end:], "{%-"))
			return s.piece(end)
		}
		at += m[1]
	}
}

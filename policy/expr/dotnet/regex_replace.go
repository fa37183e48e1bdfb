package dotnet

import (
	"math"
	"slices"
	"strings"
)

// RegexReplacement is a replacement pattern: text with $1, ${name}, $& and so on.
type RegexReplacement struct{ pieces []regexPiece }

// regexPiece is text, or what a match has in its place.
type regexPiece struct {
	text string
	kind regexPieceKind
	slot int // of a group
}

type regexPieceKind uint8

const (
	pieceText regexPieceKind = iota
	pieceGroup
	pieceBefore
	pieceAfter
	pieceLast
	pieceInput
	pieceTooLarge // a number that no group can have
)

// NewReplacement reads a replacement pattern. What is no substitution in it is
// text; the one mistake is a number that is too large.
func (r *Regex) NewReplacement(pattern string) (*RegexReplacement, error) {
	p := &RegexReplacement{}
	for rest := pattern; ; {
		at := strings.IndexByte(rest, '$')
		if at < 0 {
			p.addText(rest)
			return p, nil
		}
		p.addText(rest[:at])
		piece, length := r.readSubstitution(rest[at+1:])
		rest = rest[at+1+length:]
		switch piece.kind {
		case pieceText:
			p.addText("$")
		case pieceTooLarge:
			return nil, regexError(pattern, unitCount(pattern[:len(pattern)-len(rest)]), largeGroupNumber)
		default:
			p.pieces = append(p.pieces, piece)
		}
	}
}

func (p *RegexReplacement) addText(s string) {
	if s == "" {
		return
	}
	if n := len(p.pieces); n > 0 && p.pieces[n-1].kind == pieceText {
		p.pieces[n-1].text = Concat(p.pieces[n-1].text, s)
		return
	}
	p.pieces = append(p.pieces, regexPiece{text: s})
}

// readSubstitution reads what follows a dollar, and how many bytes of it. If it is
// no substitution the piece is text: the dollar.
func (r *Regex) readSubstitution(s string) (regexPiece, int) {
	none := regexPiece{kind: pieceText}
	if s == "" {
		return none, 0
	}
	kind := pieceText
	switch c := s[0]; {
	case c == '$':
		return none, 1
	case c == '&':
		return regexPiece{kind: pieceGroup}, 1
	case c == '`':
		kind = pieceBefore
	case c == '\'':
		kind = pieceAfter
	case c == '+':
		kind = pieceLast
	case c == '_':
		kind = pieceInput
	case c == '{':
		return r.readBraced(s)
	case c >= '0' && c <= '9':
		return r.readNumbered(s)
	}
	if kind == pieceText {
		return none, 0
	}
	return regexPiece{kind: kind}, 1
}

// readNumbered reads digits: all, or in ECMAScript as many as are a group's number.
func (r *Regex) readNumbered(s string) (regexPiece, int) {
	slot, length := -1, 0
	for n, i := 0, 0; i < len(s) && s[i] >= '0' && s[i] <= '9'; i++ {
		ecma := r.options&RegexECMAScript != 0
		if n = n*10 + int(s[i]-'0'); n > math.MaxInt32 {
			if ecma { // .NET tells another place then
				i--
			}
			return regexPiece{kind: pieceTooLarge}, i + 1
		}
		if !ecma {
			slot, length = r.program.slot(n), i+1
		} else if found := r.program.slot(n); found >= 0 {
			slot, length = found, i+1
		}
	}
	if slot < 0 {
		return regexPiece{kind: pieceText}, 0
	}
	return regexPiece{kind: pieceGroup, slot: slot}, length
}

// readBraced reads {name} or {number}.
func (r *Regex) readBraced(s string) (regexPiece, int) {
	slot, length := -1, strings.IndexByte(s, '}')+1
	if len(s) > 1 && s[1] >= '0' && s[1] <= '9' {
		n, i := 0, 1
		for ; i < len(s) && s[i] >= '0' && s[i] <= '9'; i++ {
			if n = n*10 + int(s[i]-'0'); n > math.MaxInt32 {
				return regexPiece{kind: pieceTooLarge}, i + 1
			}
		}
		if i == length-1 {
			slot = r.program.slot(n)
		}
	} else if length > 2 {
		slot = slices.Index(r.program.names, s[1:length-1])
	}
	if slot < 0 {
		return regexPiece{kind: pieceText}, 0
	}
	return regexPiece{kind: pieceGroup, slot: slot}, length
}

// Of is what stands for a match.
func (p *RegexReplacement) Of(m *RegexMatch) string {
	parts := make([]string, len(p.pieces))
	for i, piece := range p.pieces {
		parts[i] = piece.of(m)
	}
	return Concat(parts...)
}

func (p regexPiece) of(m *RegexMatch) string {
	switch p.kind {
	case pieceGroup:
		return m.Value(p.slot)
	case pieceBefore:
		return m.input.Slice(0, m.Index())
	case pieceAfter:
		return m.input.Slice(m.Index()+m.Length(), m.input.Len())
	case pieceLast:
		return m.Value(len(m.Groups) - 1)
	case pieceInput:
		return m.input.text
	}
	return p.text
}

// each calls f with the matches from start on, at most count; -1 is all. It is
// the caller's part to bound the work: f may fail.
func (r *Regex) each(in *RegexInput, count, start int, f func(*RegexMatch) error) error {
	m, err := r.Match(in, start)
	for ; m != nil && err == nil && count != 0; count-- {
		if err = f(m); err == nil {
			m, err = m.Next()
		}
	}
	return err
}

// Replace is Regex.Replace: of at most count matches from start on; -1 is all.
func (r *Regex) Replace(in *RegexInput, count, start int, with func(*RegexMatch) (string, error)) (string, error) {
	switch {
	case count < -1:
		return "", ArgumentOutOfRange("count", badCount)
	case start < 0 || start > in.Len():
		return "", ArgumentOutOfRange("startat", badStartAt)
	}
	var parts []string
	at := r.Start(in.Len()) // where the text starts, or ends, that is not in parts yet
	err := r.each(in, count, start, func(m *RegexMatch) error {
		s, err := with(m)
		if err != nil {
			return err
		}
		if end := m.Index() + m.Length(); r.RightToLeft() {
			parts = append(parts, in.Slice(end, at), s)
			at = m.Index()
		} else {
			parts = append(parts, in.Slice(at, m.Index()), s)
			at = end
		}
		return nil
	})
	switch {
	case err != nil:
		return "", err
	case parts == nil:
		return in.text, nil
	case r.RightToLeft():
		parts = append(parts, in.Slice(0, at))
		slices.Reverse(parts)
	default:
		parts = append(parts, in.Slice(at, in.Len()))
	}
	return Concat(parts...), nil
}

// Split is Regex.Split: into at most count parts, 0 is any number; note is told of
// each match before it is used. What groups capture stands between the parts.
func (r *Regex) Split(in *RegexInput, count, start int, note func(*RegexMatch) error) ([]string, error) {
	switch {
	case count < 0:
		return nil, ArgumentOutOfRange("count", badCount)
	case start < 0 || start > in.Len():
		return nil, ArgumentOutOfRange("startat", badStartAt)
	case count == 1:
		return []string{in.text}, nil
	}
	var parts []string
	at := r.Start(in.Len())
	err := r.each(in, count-1, start, func(m *RegexMatch) error {
		if end := m.Index() + m.Length(); r.RightToLeft() {
			parts = append(parts, in.Slice(end, at))
			at = m.Index()
		} else {
			parts = append(parts, in.Slice(at, m.Index()))
			at = end
		}
		for i := 1; i < len(m.Groups); i++ {
			if len(m.Groups[i]) > 0 {
				parts = append(parts, m.Value(i))
			}
		}
		return note(m)
	})
	if err != nil {
		return nil, err
	}
	if r.RightToLeft() {
		parts = append(parts, in.Slice(0, at))
		slices.Reverse(parts)
		return parts, nil
	}
	return append(parts, in.Slice(at, in.Len())), nil
}

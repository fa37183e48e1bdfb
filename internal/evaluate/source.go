package evaluate

import (
	"strings"

	"github.com/apimulator/apimulator/policy"
	"github.com/apimulator/apimulator/policy/expr"
	"github.com/apimulator/apimulator/policy/expr/syntax"
)

// Source is an expression as somebody wrote it, and what is evaluated of it.
type Source struct {
	// Name is the file's, or what else a message should call it.
	Name string
	// Text is what was written.
	Text string
	// Expression is Text with its named values put in and with @( ) around it.
	Expression string

	pieces []piece
}

// piece is a part of Source.Expression and where it comes from.
type piece struct {
	at         int  // in Expression
	start, end int  // in Text
	copied     bool // byte for byte; else in place of it, as a named value
}

// NewSource reads an expression. White space around it does not count; one that does
// not begin with @ is taken as what stands between the brackets of @( ). {{name}} is
// replaced by named's value, wherever it stands, as API Management does it before it
// reads the expression. The findings are names without a value.
func NewSource(name, text string, named map[string]string) (*Source, []Finding) {
	s := &Source{Name: name, Text: text}
	end := len(strings.TrimRight(text, " \t\r\n"))
	at := end - len(strings.TrimLeft(text[:end], " \t\r\n\ufeff"))
	bare := !strings.HasPrefix(text[at:end], "@")
	var b strings.Builder
	put := func(piece string, start, end int, copied bool) {
		s.add(&b, piece, start, end, copied)
	}
	if bare {
		put("@(", at, at, false)
	}
	var found []Finding
	for _, h := range policy.NamedValue().FindAllStringSubmatchIndex(text[:end], -1) {
		name := text[h[2]:h[3]]
		value, ok := named[name]
		if !ok {
			found = append(found, Finding{s, h[0], h[1], "", "Cannot find a property '" + name + "': there is no named value of this name"})
			continue
		}
		put(text[at:h[0]], at, h[0], true)
		put(value, h[0], h[1], false)
		at = h[1]
	}
	put(text[at:end], at, end, true)
	if bare {
		put("\n)", end, end, false) // a // comment must not hide the bracket
	}
	s.Expression = b.String()
	return s, found
}

func (s *Source) add(b *strings.Builder, text string, start, end int, copied bool) {
	s.pieces = append(s.pieces, piece{b.Len(), start, end, copied})
	b.WriteString(text)
}

// Finding is a mistake in a Source.
type Finding struct {
	source     *Source
	start, end int // in Source.Text
	// Code is the C# compiler's, "" if it has none.
	Code    string
	Message string
}

// Find is a diagnostic of s.Expression as a finding in s.Text.
func (s *Source) Find(d expr.Diagnostic) Finding {
	start, end := s.original(d.Span)
	return Finding{s, start, end, d.Code, d.Message}
}

// original is where in Text a span of Expression comes from.
func (s *Source) original(span syntax.Span) (start, end int) {
	start, _ = s.locate(span.Start)
	if span.End <= span.Start {
		return start, start
	}
	_, end = s.locate(span.End - 1)
	return start, max(start, end)
}

// locate is where in Text the byte at offset of Expression comes from.
func (s *Source) locate(offset int) (start, end int) {
	p := s.pieces[0]
	for _, next := range s.pieces[1:] {
		if next.at > offset {
			break
		}
		p = next
	}
	if !p.copied {
		return p.start, p.end
	}
	start = min(p.start+offset-p.at, p.end)
	return start, min(start+1, p.end)
}

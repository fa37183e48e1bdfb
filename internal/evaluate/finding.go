package evaluate

import (
	"fmt"
	"strings"
	"unicode/utf8"
)

// Position is a place in a text: line and column from 1, in characters; a tab is
// one.
type Position struct {
	Line int `json:"line"`
	Col  int `json:"col"`
}

// Start is where it begins.
func (f *Finding) Start() Position { return positionIn(f.source.Text, f.start) }

func positionIn(text string, offset int) Position {
	lines := text[:offset]
	begin := strings.LastIndexByte(lines, '\n') + 1
	return Position{strings.Count(lines, "\n") + 1, utf8.RuneCountInString(lines[begin:]) + 1}
}

// String tells what is wrong and where, and shows it:
//
//	policy.csx:3:12: CS0103: The name 'y' does not exist in the current context
//	    return y;
//	           ^
func (f *Finding) String() string {
	at := f.Start()
	message := f.Message
	if f.Code != "" {
		message = f.Code + ": " + message
	}
	return fmt.Sprintf("%s:%d:%d: %s\n%s", f.source.Name, at.Line, at.Col, message, excerpt(f.source.Text, f.start, f.end))
}

// At is a finding of a piece of s.Expression that compiles.
func (s *Source) At(start, end int, message string) Finding {
	return Finding{source: s, start: start, end: end, Message: message}
}

// margin stands before the lines of an excerpt, and width is how many characters of a
// line it shows.
const (
	margin = "    "
	width  = 100
)

// excerpt is the line of text that start is in, and under it a caret and tildes
// up to end.
func excerpt(text string, start, end int) string {
	begin := strings.LastIndexByte(text[:start], '\n') + 1
	stop := len(text)
	if i := strings.IndexByte(text[start:], '\n'); i >= 0 {
		stop = start + i
	}
	before, marked, after := text[begin:start], text[start:max(start, min(end, stop))], ""
	after = strings.TrimRight(text[start+len(marked):stop], "\r")
	before, marked, after = window([]rune(before), []rune(marked), []rune(after))
	// Tabs stay, so that the caret stands right however wide they are.
	padding := strings.Map(func(r rune) rune {
		if r == '\t' {
			return r
		}
		return ' '
	}, before)
	tildes := strings.Repeat("~", max(utf8.RuneCountInString(strings.TrimRight(marked, "\r"))-1, 0))
	return printable(margin+before+marked+after) + "\n" + margin + padding + "^" + tildes
}

// window cuts what of a long line is far from its marked part.
func window(before, marked, after []rune) (string, string, string) {
	const cut = "..."
	left, right := "", ""
	if len(before)+len(marked)+len(after) > width {
		if keep := width / 2; len(before) > keep {
			before, left = before[len(before)-keep:], cut
		}
		if keep := max(width-len(before), 1); len(marked) > keep {
			marked, after, right = marked[:keep], nil, cut
		}
		if keep := width - len(before) - len(marked); len(after) > keep {
			after, right = after[:keep], cut
		}
	}
	return left + string(before), string(marked), string(after) + right
}

// printable keeps control characters from the terminal.
func printable(s string) string {
	return strings.Map(func(r rune) rune {
		if r < ' ' && r != '\t' || r >= 0x7f && r < 0xa0 {
			return utf8.RuneError
		}
		return r
	}, s)
}

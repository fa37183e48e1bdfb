package syntax

import (
	"cmp"
	"fmt"
	"slices"
)

// Error is why a text is no C#: what C# itself would say, where it has a code.
type Error struct {
	Span    Span
	Code    string // such as "CS1002"; "" where C# has none
	Message string // a sentence that a person understands
}

func (e *Error) Error() string {
	if e.Code == "" {
		return e.Message
	}
	return fmt.Sprintf("%s: %s", e.Code, e.Message)
}

// MaxErrors is how many errors Parse finds before it gives up.
const MaxErrors = 100

// errorList is what lexer and parser found so far.
type errorList struct {
	list []*Error
}

func (l *errorList) add(span Span, code, message string) {
	if len(l.list) < MaxErrors {
		l.list = append(l.list, &Error{Span: span, Code: code, Message: message})
	}
}

// clean reports whether nothing was added since there were n.
func (l *errorList) clean(n int) bool { return len(l.list) == n }

func (l *errorList) full() bool { return len(l.list) >= MaxErrors }

// sorted are the errors in the order of their places, one for each place: what
// the lexer said of a token comes before what the parser made of it.
func (l *errorList) sorted() []*Error {
	slices.SortStableFunc(l.list, func(a, b *Error) int {
		return cmp.Compare(a.Span.Start, b.Span.Start)
	})
	return slices.CompactFunc(l.list, func(a, b *Error) bool {
		return a.Span.Start == b.Span.Start
	})
}

package console

import (
	"fmt"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/apimulator/apimulator/internal/trace"
	"github.com/apimulator/apimulator/policy/exchange"
)

// explanation is why a request was answered as it was, in a sentence.
type explanation struct {
	Status int
	// Before, Statement and After make the sentence. Statement is what decided, at Place;
	// "" if nothing did.
	Before, Statement, Place, After string
	Anchor                          string // of the statement in the timeline
	Reason                          string
	// Said is what API Management says of it, where there is a plainer text.
	Said string
	Good bool
}

// explain says why.
func explain(r *trace.Record) explanation {
	e := explanation{Status: r.Status, Good: r.Status < 400}
	d := r.Deciding()
	switch {
	case d == nil && r.LastError != nil:
		e.Before, e.Reason = r.LastError.Source+" failed: ", r.LastError.Reason
		e.After = sentence(r.LastError.Message)
	case d == nil:
		e.Before = cameThrough(r)
	default:
		e.decided(r, d)
	}
	if r.Cut != "" {
		e.After = strings.TrimSpace(e.After + " The response was cut: " + sentence(r.Cut))
	}
	return e
}

func (e *explanation) decided(r *trace.Record, d *trace.Step) {
	e.Statement, e.Place, e.Anchor = d.Name, place(d), anchorOf(r, d)
	if d.Outcome == exchange.Responded.String() {
		e.After = "answered the client itself; what follows it did not run."
		return
	}
	e.Reason = d.Reason
	e.After = "refused it"
	if r.Status >= 500 {
		e.After = "failed"
	}
	// The detail is made for people: what was expected, what came, what to do.
	switch {
	case d.Detail != "":
		e.After += ". " + capital(sentence(d.Detail))
		e.Said = d.Message
	case d.Message != "":
		e.After += ": " + sentence(d.Message)
	default:
		e.After += "."
	}
}

// cameThrough is the sentence for a request that nothing stopped.
func cameThrough(r *trace.Record) string {
	backends := 0
	for i := range r.Steps {
		if r.Steps[i].Name == forwardRequest {
			backends++
		}
	}
	ran := fmt.Sprintf("%d steps ran and none refused it", len(r.Steps))
	switch {
	case backends == 0:
		return ran + "; no backend was called."
	case backends > 1:
		return fmt.Sprintf("%s; the response is the backend's, after %d tries.", ran, backends)
	}
	return ran + "; the response is the backend's."
}

// sentence is a text with a full stop.
func sentence(s string) string {
	s = strings.TrimSpace(s)
	if s == "" || strings.ContainsAny(s[len(s)-1:], ".!?") {
		return s
	}
	return s + "."
}

// capital is a sentence that begins with a capital letter.
func capital(s string) string {
	first, size := utf8.DecodeRuneInString(s)
	return string(unicode.ToUpper(first)) + s[size:]
}

// anchorOf is the id of a step's row.
func anchorOf(r *trace.Record, d *trace.Step) string {
	for i := range r.Steps {
		if &r.Steps[i] == d {
			return fmt.Sprintf("step-%d", i)
		}
	}
	return ""
}

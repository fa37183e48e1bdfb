package exchange

import "testing"

func TestMatchedParameter(t *testing.T) {
	r := Request{MatchedParameters: []Parameter{{"id", "a/b", "a%2Fb"}, {"Id", "x", "x"}}}
	if v, ok := r.MatchedParameter("id"); v != "a/b" || !ok {
		t.Errorf("id: got %q, %v", v, ok)
	}
	if v, ok := r.MatchedParameter("ID"); v != "" || ok {
		t.Errorf("ID: got %q, %v", v, ok)
	}
}

// listener counts what an Observer is told.
type listener struct{ notes []string }

func (*listener) Enter(*Exchange, *Site)                 {}
func (*listener) Leave(*Exchange, *Site, Outcome, error) {}
func (l *listener) Evaluated(_ *Exchange, e *Evaluation) {
	l.notes = append(l.notes, e.Source+": "+e.Value)
}
func (*listener) Judged(*Exchange, *Judgement)          {}
func (*listener) Calls(*Exchange) *Calls                { return nil }
func (l *listener) Note(_ *Exchange, step, text string) { l.notes = append(l.notes, step+": "+text) }

func TestNote(t *testing.T) {
	x := &Exchange{}
	x.Note("step", "nobody listens")
	if x.Observed() {
		t.Error("observed by nobody")
	}
	l := &listener{}
	x.Observer = l
	x.Note("step", "text")
	if !x.Observed() || len(l.notes) != 1 || l.notes[0] != "step: text" {
		t.Errorf("got %q", l.notes)
	}
}

func TestOutcome(t *testing.T) {
	for outcome, want := range map[Outcome]string{Continued: "continued", Responded: "responded", Failed: "failed"} {
		if got := outcome.String(); got != want {
			t.Errorf("got %s, want %s", got, want)
		}
	}
}

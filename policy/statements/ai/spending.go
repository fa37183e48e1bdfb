package ai

import (
	"bytes"
	"fmt"
	"io"
	"strings"

	"github.com/apimulator/apimulator/policy"
	"github.com/apimulator/apimulator/policy/exchange"
)

// spending is what a request spends on a language model. The statements of a run share it:
// the prompt is read once, and the backend's answer tapped once.
type spending struct {
	run      *policy.Run
	question *prompt
	watchers []func(s spent)
	settled  bool
	answered bool // a backend has answered
}

// spent is what is known of a request's tokens once the backend has answered, or it is
// clear that it will not.
type spent struct {
	usage
	// told: the model says so; otherwise it is an estimate, which is zero where the model
	// has answered nothing.
	told bool
	// streamed: the answer is a stream, of which all that came is counted.
	streamed bool
}

// spendingOf is the run's.
func spendingOf(r *policy.Run) *spending {
	s := policy.Keep[spending](r)
	if s.run == nil {
		s.run = r
		s.question = promptOf(&r.Request, r.Env.BodyLimit)
		r.TapBackend(s.tap)
		r.OnDone(func(exchange.End) {
			if !s.settled {
				s.settle(spent{})
			}
		})
	}
	return s
}

// watch has f called with what was spent: for the answer of each try, as soon as it is
// known, so that the last call counts, and with nothing if there was no answer.
func (s *spending) watch(f func(s spent)) { s.watchers = append(s.watchers, f) }

func (s *spending) settle(spent spent) {
	s.settled = true
	if s.run.Observed() {
		how := "estimated"
		if spent.told {
			how = "told by the model"
		}
		s.run.Note("tokens", fmt.Sprintf("%d of the prompt and %d of the completion, %s.", spent.prompt, spent.completion, how))
	}
	for _, f := range s.watchers {
		f(spent)
	}
}

// tap looks at an answer. One that is no stream is read here, so that outbound knows its
// usage; a stream is counted as it passes.
func (s *spending) tap(r *exchange.Response) exchange.Tap {
	contentType, _ := r.Header.Get("Content-Type")
	coding, _ := r.Header.Get("Content-Encoding")
	limit := s.run.Env.BodyLimit
	s.settled, s.answered = false, true
	if strings.HasPrefix(strings.ToLower(strings.TrimSpace(contentType)), "text/event-stream") {
		t := &streamTap{spending: s, coding: coding, limit: limit}
		t.completion.model = s.question.model
		t.events.f = t.completion.event
		return t
	}
	data, ok := hold(&r.Body, limit)
	if ok {
		var err error
		if data, err = exchange.Decode(coding, data, limit); err != nil {
			data = nil
		}
	}
	s.settle(s.whole(r.Status, data))
	return nil
}

// whole is what an answer that is no stream has spent.
func (s *spending) whole(status int, body []byte) spent {
	c := completion{model: s.question.model}
	c.read(body)
	switch {
	case c.isTold:
		return spent{usage: c.told, told: true}
	case status >= 400 || len(c.texts) == 0 && c.counted == 0:
		return spent{}
	}
	return spent{usage: usage{s.question.tokens(), c.tokens()}}
}

// hold reads a body into memory, if it is whole and not larger than limit; any other is as
// before.
func hold(b *exchange.Body, limit int64) (data []byte, ok bool) {
	if data, ok = b.InMemory(); ok || b.Consumed() || b.Length() > limit {
		return data, ok
	}
	length := b.Length()
	stream, err := b.Reader()
	if err != nil {
		return nil, false
	}
	data, err = io.ReadAll(io.LimitReader(stream, limit+1))
	if err == nil && int64(len(data)) <= limit {
		stream.Close()
		*b = exchange.BytesBody(data)
		return data, true
	}
	rest := io.Reader(stream)
	if err != nil {
		rest = failing{err}
	}
	*b = exchange.StreamBody(struct {
		io.Reader
		io.Closer
	}{io.MultiReader(bytes.NewReader(data), rest), stream}, length)
	return nil, false
}

// failing is a reader that fails.
type failing struct{ err error }

func (f failing) Read([]byte) (int, error) { return 0, f.err }

// streamTap counts the tokens of a stream of events.
type streamTap struct {
	spending   *spending
	completion completion
	events     events
	coding     string // of the stream, "" if it is plain
	coded      []byte
	limit      int64
}

func (t *streamTap) Write(p []byte) {
	switch {
	case t.coding == "" || strings.EqualFold(t.coding, "identity"):
		t.events.Write(p)
	case int64(len(t.coded)+len(p)) <= t.limit:
		t.coded = append(t.coded, p...) // it can be read when it is whole
	}
}

// End counts what came. What the model itself says in a stream does not count: the pages
// have streams always estimated.
func (t *streamTap) End(err error) {
	if len(t.coded) > 0 {
		if data, err := exchange.Decode(t.coding, t.coded, t.limit); err == nil {
			t.events.Write(data)
		}
	}
	t.events.Close()
	s, c := t.spending, &t.completion
	if s.run.Observed() {
		if err != nil {
			s.run.Note("tokens", "The stream did not come to its end; what came counts.")
		}
		if c.isTold {
			s.run.Note("tokens", fmt.Sprintf("The stream tells of %d and %d; streams are estimated all the same.", c.told.prompt, c.told.completion))
		}
	}
	s.settle(spent{usage: usage{s.question.tokens(), c.tokens()}, streamed: true})
}

// event takes the data of an event.
func (c *completion) event(data []byte) {
	if len(data) > 0 && data[0] == '{' {
		c.read(data)
	}
}

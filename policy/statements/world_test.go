package statements

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/apimulator/apimulator/policy"
	"github.com/apimulator/apimulator/policy/exchange"
)

// world is all that an exchange has around it.
type world struct {
	clock         *steppedClock
	backend       string // as in a case
	identityFault string
	leave         context.CancelFunc // of the client
	got           map[string]string
}

func (w *world) exchange(t *testing.T, request string, setup map[string]string) *exchange.Exchange {
	t.Helper()
	line, header, body := parseMessage(request)
	method, target, _ := strings.Cut(line, " ")
	path, query, _ := strings.Cut(target, "?")
	original := exchange.URL{Scheme: "https", Host: "gateway.example", Port: 443, Path: path, RawQuery: query}
	address := setup["backend"]
	if address == "" {
		address = "https://backend.example"
	}
	backend, err := exchange.ParseURL(address)
	if err != nil {
		t.Fatal(err)
	}
	ctx, leave := context.WithCancel(context.Background())
	w.leave = leave
	t.Cleanup(leave)
	x := &exchange.Exchange{
		Context: ctx, ID: "6b1c6a2e-0000-4000-8000-000000000001", Timestamp: w.clock.Now(), Clock: w.clock,
		Request: exchange.Request{Method: method, URL: original, OriginalURL: original, Header: header, ClientIP: "203.0.113.7"},
	}
	x.Request.SetBackend(backend)
	if body != "" {
		x.Request.Body = exchange.StreamBody(io.NopCloser(strings.NewReader(body)), int64(len(body)))
	}
	if names, ok := setup["query"]; ok {
		x.Operation = &exchange.Operation{TemplateQuery: strings.Split(names, ",")}
	}
	for name, raw := range setup {
		if name, ok := strings.CutPrefix(name, "parameter."); ok {
			value, err := url.PathUnescape(raw)
			if err != nil {
				t.Fatal(err)
			}
			x.Request.MatchedParameters = append(x.Request.MatchedParameters, exchange.Parameter{Name: name, Value: value, Raw: raw})
		}
	}
	return x
}

// parseMessage splits a message into its first line, its header and its body, from
// which a final newline is dropped.
func parseMessage(text string) (line string, h exchange.Header, body string) {
	head, body, _ := strings.Cut(text, "\n\n")
	line, rest, _ := strings.Cut(strings.TrimSuffix(head, "\n"), "\n")
	for l := range strings.Lines(rest) {
		name, value, _ := strings.Cut(strings.TrimSuffix(l, "\n"), ":")
		h.Add(name, strings.TrimSpace(value))
	}
	return line, h, strings.TrimSuffix(body, "\n")
}

// Send is the backend: it writes down what it is sent, and answers.
func (w *world) Send(ctx context.Context, out *policy.Outgoing) (*exchange.Response, error) {
	reader, err := out.Body.Reader()
	if err != nil {
		return nil, err
	}
	defer reader.Close()
	body, err := io.ReadAll(reader)
	if err != nil {
		return nil, err
	}
	sent := out.Method + " " + out.URL.String() + "\n"
	if out.Host != "" {
		sent += "(host " + out.Host + ")\n"
	}
	if out.FollowRedirects {
		sent += "(follows redirects)\n"
	}
	w.got["sent"] += sent + showMessage(&out.Header, body)
	return w.answer(ctx)
}

func (w *world) answer(ctx context.Context) (*exchange.Response, error) {
	// The answers are parted by a line "=="; the last one is given again and again.
	text, rest, several := strings.Cut(w.backend, "\n==\n")
	if several {
		w.backend = rest
	}
	if text == "" {
		text = "200 OK\n"
	}
	line, rest, _ := strings.Cut(text, "\n")
	first, argument, _ := strings.Cut(line, " ")
	switch first {
	case "after", "late":
		d, err := time.ParseDuration(argument)
		if err != nil {
			return nil, err
		}
		w.clock.Advance(d)
		if first == "after" && ctx.Err() != nil {
			return nil, context.Cause(ctx)
		}
		text = rest
	case "error":
		reason, message, _ := strings.Cut(argument, ": ")
		return nil, &policy.SendError{Reason: reason, Message: message, Err: errors.New("the cause")}
	case "broken":
		return nil, errors.New(argument)
	case "gone":
		w.leave()
		return nil, context.Cause(ctx)
	}
	line, h, body := parseMessage(text)
	code, phrase, _ := strings.Cut(line, " ")
	status, err := strconv.Atoi(code)
	if err != nil {
		return nil, err
	}
	response := &exchange.Response{Status: status, Reason: phrase, Header: h}
	if body != "" {
		response.Body = exchange.StreamBody(io.NopCloser(strings.NewReader(body)), -1)
	}
	return response, nil
}

// Token is the managed identity.
func (w *world) Token(_ context.Context, resource, clientID string) (policy.Token, error) {
	w.got["identity"] += fmt.Sprintf("resource %q, client id %q\n", resource, clientID)
	if w.identityFault != "" {
		return policy.Token{}, errors.New(w.identityFault)
	}
	return policy.Token{Value: "the-token", Authorization: "Bearer the-token", ExpiresOn: epoch.Add(time.Hour)}, nil
}

// notes keeps what an observer is told beside the statements.
type notes struct{ world *world }

func (n notes) Enter(*exchange.Exchange, *exchange.Site)                          {}
func (n notes) Leave(*exchange.Exchange, *exchange.Site, exchange.Outcome, error) {}
func (n notes) Evaluated(*exchange.Exchange, *exchange.Evaluation)                {}

func (n notes) Calls(*exchange.Exchange) *exchange.Calls { return nil }

func (n notes) Judged(_ *exchange.Exchange, j *exchange.Judgement) {
	judged := j.Place + "\n"
	for _, c := range j.Checks {
		result := "passed"
		if !c.Passed {
			result = "failed"
		}
		judged += fmt.Sprintf("%s %s: found %s; wanted %s", result, c.Name, c.Found, c.Wanted)
		if c.Remark != "" {
			judged += " (" + c.Remark + ")"
		}
		judged += "\n"
	}
	n.world.got["judged"] += judged
}

func (n notes) Note(_ *exchange.Exchange, step, text string) {
	n.world.got["notes"] += step + ": " + text + "\n"
}

// busy is places of which none is free under one key; it tells who came and went.
type busy struct {
	key string
	log strings.Builder
}

func (b *busy) Enter(key string, most int) (func(), bool) {
	fmt.Fprintf(&b.log, "%s of %d", key, most)
	if key == b.key {
		b.log.WriteString(": none\n")
		return nil, false
	}
	b.log.WriteString("\n")
	return func() { b.log.WriteString(key + " left\n") }, true
}

func (b *busy) String() string { return b.log.String() }

// steppedClock is a clock that fires its timers in the goroutine that advances it,
// so that a backend knows whether its time is up.
type steppedClock struct {
	now    time.Time
	timers []*timer
}

type timer struct {
	at time.Time
	f  func()
}

func (c *steppedClock) Now() time.Time { return c.now }

func (c *steppedClock) AfterFunc(d time.Duration, f func()) func() bool {
	t := &timer{c.now.Add(d), f}
	c.timers = append(c.timers, t)
	return func() bool {
		before := len(c.timers)
		c.timers = slices.DeleteFunc(c.timers, func(other *timer) bool { return other == t })
		return len(c.timers) < before
	}
}

// Sleep is part of exchange.Sleeper: who waits lets the time pass.
func (c *steppedClock) Sleep(ctx context.Context, d time.Duration) error {
	c.Advance(d)
	return context.Cause(ctx)
}

func (c *steppedClock) Advance(d time.Duration) {
	c.now = c.now.Add(d)
	due := slices.DeleteFunc(slices.Clone(c.timers), func(t *timer) bool { return t.at.After(c.now) })
	c.timers = slices.DeleteFunc(c.timers, func(t *timer) bool { return !t.at.After(c.now) })
	for _, t := range due {
		t.f()
	}
}

package trace

import (
	"bytes"
	"slices"
	"strconv"
	"strings"

	"github.com/apimulator/apimulator/policy"
	"github.com/apimulator/apimulator/policy/exchange"
)

// maxChanges is how many changes of one step are kept.
const maxChanges = 100

// state is what statements change of an exchange, as far as it is compared.
type state struct {
	keys     []string // names under which a key is sent
	own      found    // what was secret at some time
	method   string
	url      exchange.URL
	request  []exchange.Field
	body     []byte
	answered bool
	status   int
	reason   string
	response []exchange.Field
	answer   []byte

	variables []exchange.Variable
	version   int // of the variables
}

// A comparison finds what changed, and brings the state up to it.
type comparison struct {
	state   *state
	changes []Change
}

// compare gives what has changed in x since the last call.
func (s *state) compare(x *exchange.Exchange) []Change {
	c := &comparison{state: s}
	c.text("request", "method", &s.method, x.Request.Method)
	if target := x.Request.Target(); target != s.url {
		s.own.address(&target, s.keys)
		c.add("request", "URL", MaskURL(&s.url), MaskURL(&target))
		s.url = target
	}
	s.request = c.header("request", s.request, &x.Request.Header)
	s.body = c.body("request", s.body, &x.Request.Body)
	c.answer(x.Response)
	if v := x.Variables.Version(); v != s.version {
		s.version = v
		c.variables(&x.Variables)
	}
	return c.changes
}

func (c *comparison) answer(r *exchange.Response) {
	s := c.state
	if r == nil {
		if s.answered {
			c.add("response", "status", strconv.Itoa(s.status), "")
			s.answered, s.status, s.reason, s.response, s.answer = false, 0, "", nil, nil
		}
		return
	}
	if !s.answered || s.status != r.Status || s.reason != r.Reason {
		before := ""
		if s.answered {
			before = strings.TrimSpace(strconv.Itoa(s.status) + " " + s.reason)
		}
		c.add("response", "status", before, strings.TrimSpace(strconv.Itoa(r.Status)+" "+r.Reason))
		s.answered, s.status, s.reason = true, r.Status, r.Reason
	}
	s.response = c.header("response", s.response, &r.Header)
	s.answer = c.body("response", s.answer, &r.Body)
}

func (c *comparison) text(part, name string, kept *string, now string) {
	if *kept != now {
		c.add(part, name, *kept, now)
		*kept = now
	}
}

// add notes a change; "" is nothing.
func (c *comparison) add(part, name, before, after string) {
	if len(c.changes) >= maxChanges {
		return
	}
	change := Change{Part: part, Name: name}
	if before != "" {
		before = clip(before)
		change.Before = &before
	}
	if after != "" {
		after = clip(after)
		change.After = &after
	}
	c.changes = append(c.changes, change)
}

// header compares the lines of a message and gives those that it has now.
func (c *comparison) header(part string, before []exchange.Field, h *exchange.Header) []exchange.Field {
	if h.Equal(before) {
		return before
	}
	now := h.Fields()
	c.state.own.header(now, c.state.keys)
	old := exchange.NewHeader(before...)
	var seen []string
	for _, f := range slices.Concat(before, now) {
		if slices.ContainsFunc(seen, func(name string) bool { return strings.EqualFold(name, f.Name) }) {
			continue
		}
		seen = append(seen, f.Name)
		was, _ := old.Joined(f.Name, "\n")
		is, _ := h.Joined(f.Name, "\n")
		if was != is || old.Has(f.Name) != h.Has(f.Name) {
			c.add(part, f.Name, shownHeader(f.Name, was, c.state.keys), shownHeader(f.Name, is, c.state.keys))
		}
	}
	return now
}

// body compares bodies that are in memory: what is a stream yet has not been read, so
// nobody has changed it.
func (c *comparison) body(part string, before []byte, b *exchange.Body) []byte {
	now, known := b.InMemory()
	switch {
	case !known || len(now) == len(before) && (len(now) == 0 || &now[0] == &before[0] || bytes.Equal(now, before)):
		return before
	case before == nil && !b.Replaced():
		return now // it was only read
	}
	c.add(part, "body", string(before[:min(len(before), maxText+1)]), string(now[:min(len(now), maxText+1)]))
	return now
}

func (c *comparison) variables(v *exchange.Variables) {
	now := v.Snapshot()
	for _, n := range now {
		before := ""
		if i := slices.IndexFunc(c.state.variables, func(o exchange.Variable) bool { return o.Name == n.Name }); i >= 0 {
			if c.state.variables[i].Version == n.Version {
				continue
			}
			before = policy.Shown(c.state.variables[i].Value)
		}
		c.add("variable", n.Name, before, policy.Shown(n.Value))
	}
	c.state.variables = now
}

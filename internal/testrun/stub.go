package testrun

import (
	"bytes"
	"slices"
	"strings"
	"time"

	"github.com/goccy/go-yaml/ast"

	"github.com/apimulator/apimulator/internal/yamlfile"
	"github.com/apimulator/apimulator/policy/exchange"
)

// backendConfig is who answers what the gateway sends: stubs, or the emulated Azure
// OpenAI. Without one the API's own backend answers 200 without a body.
type backendConfig struct {
	yamlfile.Place
	azureOpenAI bool
	stubs       []*stub
}

const azureOpenAI = "azureOpenAI"

func (b *backendConfig) DecodeYAML(d *yamlfile.Decoder, node ast.Node) {
	if isScalar(node) {
		if b.azureOpenAI = yamlfile.ScalarText(node) == azureOpenAI; !b.azureOpenAI {
			d.Fail(b.Place, "backend is a list of stubs, or the word %s", azureOpenAI)
		}
		return
	}
	var list []stubConfig
	d.Into(node, &list)
	b.stubs = make([]*stub, len(list))
	for i := range list {
		b.stubs[i] = list[i].stub(d)
	}
}

// given reports whether anything was said of the backend.
func (b *backendConfig) given() bool { return b.Line != 0 }

// stubConfig is a stub as it is written.
type stubConfig struct {
	yamlfile.Place
	Match   matchConfig   `yaml:"match"`
	Status  *int          `yaml:"status"`
	Reason  yamlfile.Text `yaml:"reason"`
	Headers lines         `yaml:"headers"`

	Body     *yamlfile.Text `yaml:"body"`
	JSON     rawNode        `yaml:"json"`
	File     yamlfile.Text  `yaml:"file"`
	Events   rawList        `yaml:"events"`
	Delay    time.Duration  `yaml:"delay"`
	Fault    yamlfile.Text  `yaml:"fault"`
	Continue time.Duration  `yaml:"continue"`
	Then     []answerConfig `yaml:"then"`
}

// answerConfig is one of a stub's later answers.
type answerConfig struct {
	yamlfile.Place
	Status   *int           `yaml:"status"`
	Reason   yamlfile.Text  `yaml:"reason"`
	Headers  lines          `yaml:"headers"`
	Body     *yamlfile.Text `yaml:"body"`
	JSON     rawNode        `yaml:"json"`
	File     yamlfile.Text  `yaml:"file"`
	Events   rawList        `yaml:"events"`
	Delay    time.Duration  `yaml:"delay"`
	Fault    yamlfile.Text  `yaml:"fault"`
	Continue time.Duration  `yaml:"continue"`
}

// matchConfig says which calls a stub answers; without anything, all.
type matchConfig struct {
	Host     yamlfile.Text `yaml:"host"`
	Method   yamlfile.Text `yaml:"method"`
	Path     yamlfile.Text `yaml:"path"`
	Query    linesExpect   `yaml:"query"`
	Headers  linesExpect   `yaml:"headers"`
	Contains yamlfile.Text `yaml:"contains"`
}

// faults are the ways in which a backend misbehaves.
const (
	faultRefused   = "refused"
	faultReset     = "reset"
	faultTruncated = "truncated"
	faultSlow      = "slow"
)

var faults = []string{faultRefused, faultReset, faultTruncated, faultSlow}

// A stub answers the calls that it matches: the first with its first answer, the next
// with the second, and from the last on always with that.
type stub struct {
	match   matcher
	answers []answerConfig
}

type matcher struct {
	host, method, path glob
	query, headers     linesExpect
	contains           string
}

func (c *stubConfig) stub(d *yamlfile.Decoder) *stub {
	s := &stub{match: matcher{query: c.Match.Query, headers: c.Match.Headers, contains: c.Match.Contains.Value}}
	for _, g := range []struct {
		to      *glob
		written string
		folded  bool
	}{{&s.match.host, c.Match.Host.Value, true}, {&s.match.method, c.Match.Method.Value, true}, {&s.match.path, c.Match.Path.Value, false}} {
		if g.written != "" {
			*g.to = newGlob(g.written, g.folded)
		}
	}
	first := answerConfig{c.Place, c.Status, c.Reason, c.Headers, c.Body, c.JSON, c.File, c.Events, c.Delay, c.Fault, c.Continue}
	s.answers = append([]answerConfig{first}, c.Then...)
	for i := range s.answers {
		s.answers[i].check(d)
	}
	return s
}

func (c *answerConfig) check(d *yamlfile.Decoder) {
	body := c.content()
	given := body.given()
	if c.Events.Line != 0 {
		given++
	}
	if given > 1 {
		d.Fail(c.Place, "an answer has one of body, json, file and events")
	}
	if c.Status != nil && (*c.Status < 200 || *c.Status > 599) {
		d.Fail(c.Place, "the status of an answer is 200 to 599, not %d", *c.Status)
	}
	if f := c.Fault; f.Value != "" && !slices.Contains(faults, f.Value) {
		d.Fail(f.Place, "fault is one of %s, not %q", strings.Join(faults, ", "), f.Value)
	}
	if c.Delay < 0 {
		d.Fail(c.Place, "a delay is not negative")
	}
}

func (c *answerConfig) content() *content {
	return &content{text: c.Body, json: c.JSON.node, file: c.File}
}

// matches reports whether the stub is for a call.
func (m *matcher) matches(c *Call) bool {
	if !m.host.matches(c.URL.Host) || !m.method.matches(c.Method) || !m.path.matches(c.URL.Path) {
		return false
	}
	for _, q := range m.query {
		if q.misses(exchange.QueryValues(c.URL.RawQuery, q.name)) != "" {
			return false
		}
	}
	for _, h := range m.headers {
		if h.misses(c.Header.Values(h.name)) != "" {
			return false
		}
	}
	return bytes.Contains(c.Body, []byte(m.contains))
}

// misses says what values lack; "" if they are as expected. One expectation of several
// values is held against all of them, joined.
func (l *lineExpect) misses(got []string) string {
	switch {
	case len(l.values) == 0 && len(got) > 0:
		return "is there, and there should be none"
	case len(l.values) > 0 && len(got) == 0:
		return "is not there"
	case len(l.values) == 1 && len(got) > 1:
		return l.values[0].misses(strings.Join(got, ","))
	case len(l.values) != len(got):
		return "has another number of values"
	}
	for i := range l.values {
		if miss := l.values[i].misses(got[i]); miss != "" {
			return miss
		}
	}
	return ""
}

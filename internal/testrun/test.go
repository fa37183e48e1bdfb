package testrun

import (
	"cmp"
	"time"

	"github.com/goccy/go-yaml/ast"

	"github.com/apimulator/apimulator/internal/yamlfile"
)

// epoch is when a test begins that does not say when. Chosen: a date that stays, so
// that what depends on it does the same each time.
var epoch = time.Date(2026, 1, 1, 12, 0, 0, 0, time.UTC)

// most bounds repeat and concurrent.
const most = 10_000

// readTest reads a test, or one for each of its cases.
func (f *File) readTest(d *yamlfile.Decoder, node ast.Node) {
	before := len(d.Found)
	cases := casesOf(d, node)
	if len(d.Found) > before {
		return
	}
	if cases == nil {
		f.addTest(d, node, "")
		return
	}
	for _, c := range cases {
		put := c.into(d, node)
		if len(d.Found) > before {
			return
		}
		suffix := ""
		if !c.inName(node) {
			suffix = " [" + c.String() + "]"
		}
		f.addTest(d, put, suffix)
		if len(d.Found) > before {
			return // the others would say the same
		}
	}
}

func (f *File) addTest(d *yamlfile.Decoder, node ast.Node, suffix string) {
	before := len(d.Found)
	var c testConfig
	d.Into(node, &c)
	if len(d.Found) > before {
		return
	}
	t := &Test{Place: c.Place, Name: c.Name.Value + suffix, Tags: c.Tags, at: epoch, backend: c.Backend, random: 0.5}
	if c.Name.Value == "" {
		d.Fail(c.Place, "this test has no name")
	}
	if c.At != nil {
		t.at = c.At.UTC()
	}
	switch inline := c.Request != nil || c.Expect != nil || c.Repeat != nil || c.Concurrent != nil; {
	case c.Steps != nil && inline:
		d.Fail(c.Place, "a test has steps, or one request with what to expect of it, not both")
	case c.Steps != nil:
		t.steps = *c.Steps
		if len(t.steps) == 0 {
			d.Fail(c.Place, "the test has no steps")
		}
	default:
		t.steps = []stepConfig{{Place: c.Place, Request: c.Request, Expect: c.Expect, Repeat: c.Repeat, Concurrent: c.Concurrent}}
		if c.Request == nil {
			t.steps[0].Request = &requestConfig{Place: c.Place}
		}
	}
	for i := range t.steps {
		t.steps[i].check(d)
	}
	f.Tests = append(f.Tests, t)
}

func (s *stepConfig) check(d *yamlfile.Decoder) {
	given := 0
	for _, set := range []bool{s.Request != nil, s.Advance != nil, s.RollKeys.Line != 0, s.KeysDown != nil, s.Set != nil} {
		if set {
			given++
		}
	}
	if given != 1 {
		d.Fail(s.Place, "a step has one of request, advance, rollKeys, keysDown and set")
		return
	}
	if s.Request == nil && (s.Backend.Line != 0 || s.Expect != nil || s.Repeat != nil || s.Concurrent != nil) {
		d.Fail(s.Place, "backend, expect, repeat and concurrent go with a request")
	}
	if s.Advance != nil && *s.Advance <= 0 {
		d.Fail(s.Place, "time advances by more than nothing, not by %s", *s.Advance)
	}
	for _, n := range []*int{s.Repeat, s.Concurrent} {
		if n != nil && (*n < 1 || *n > most) {
			d.Fail(s.Place, "repeat and concurrent are 1 to %d, not %d", most, *n)
		}
	}
}

// times is how often a step's request is sent, one after another, and how many at once.
func (s *stepConfig) times() (rounds, atOnce int) {
	rounds, atOnce = 1, 1
	if s.Repeat != nil {
		rounds = *s.Repeat
	}
	if s.Concurrent != nil {
		atOnce = *s.Concurrent
	}
	return cmp.Or(rounds, 1), cmp.Or(atOnce, 1)
}

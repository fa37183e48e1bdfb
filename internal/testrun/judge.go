package testrun

import (
	"encoding/json"
	"fmt"
	"net/url"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"time"

	"github.com/apimulator/apimulator/internal/trace"
	"github.com/apimulator/apimulator/internal/yamlfile"
	"github.com/apimulator/apimulator/policy/exchange"
	"github.com/apimulator/apimulator/policy/jsonschema"
)

// Failure is one expectation that was not met, or what kept a test from going on.
type Failure struct {
	// File, Line and Col are where the expectation stands.
	File      string
	Line, Col int
	// Message says what was expected and what came, on one line.
	Message string
	// Diff are lines that begin with "- " (expected), "+ " (got) or "  " (both).
	Diff []string
}

// A judge holds what came of a step against what was expected.
type judge struct {
	world  *World
	file   *File
	test   *Test
	found  []Failure
	which  string        // which of several requests, for messages
	record *trace.Record // of the request that failed; nil: not one alone did
}

func (j *judge) fail(at yamlfile.Place, message string, diff ...string) {
	j.found = append(j.found, Failure{File: j.file.Path, Line: at.Line, Col: at.Col, Message: j.which + message, Diff: diff})
}

func (j *judge) failf(at yamlfile.Place, format string, args ...any) {
	j.fail(at, fmt.Sprintf(format, args...))
}

// differs reports two texts that ought to be equal: on one line if that can be read.
func (j *judge) differs(at yamlfile.Place, what, want, got string) {
	if len(want)+len(got) < 100 && !strings.Contains(want+got, "\n") {
		j.failf(at, "%s: expected %q, got %q", what, want, got)
		return
	}
	j.fail(at, what+" is different (- expected, + got)", Diff(want, got)...)
}

// text holds a text against what is expected of it.
func (j *judge) text(what string, want *textExpect, got string, is bool) {
	switch {
	case !want.wants():
	case !want.given && is:
		j.failf(want.Place, "%s: expected none, got %q", what, got)
	case !want.given:
	case !is && (want.equal == nil || *want.equal != ""):
		j.failf(want.Place, "%s: there is none%s", what, want.wanted())
	case want.equal != nil && *want.equal != got:
		j.differs(want.Place, what, *want.equal, got)
	default:
		if miss := want.misses(got); miss != "" {
			j.fail(want.Place, what+" "+miss, shown("+ ", got)...)
		}
	}
}

// shown are the lines of a text behind a mark.
func shown(mark, text string) []string {
	var list []string
	for line := range strings.SplitSeq(strings.TrimSuffix(text, "\n"), "\n") {
		list = append(list, mark+line)
	}
	return list
}

// lines holds header lines or query parameters against expectations.
func (j *judge) lines(kind string, want linesExpect, got func(name string) []string) {
	for i := range want {
		e := &want[i]
		values := got(e.name)
		miss := e.misses(values)
		if miss == "" {
			continue
		}
		what := kind + " " + e.name
		if len(e.values) == 1 && e.values[0].equal != nil && len(values) > 0 {
			j.differs(e.values[0].Place, what, *e.values[0].equal, strings.Join(values, ","))
			continue
		}
		var diff []string
		for _, v := range values {
			diff = append(diff, "+ "+v)
		}
		j.fail(e.place, what+" "+miss, diff...)
	}
}

// response holds one response against expectations.
func (j *judge) response(e *expectConfig, d *Done) {
	if e.Status != nil && e.Status.value != d.Status {
		j.failf(e.Status.Place, "status: expected %d, got %d%s", e.Status.value, d.Status, why(d))
	}
	switch {
	case d.Cut != nil && !e.Cut:
		j.failf(e.Place, "the response did not come whole: %s", d.Cut)
	case d.Cut == nil && e.Cut:
		j.failf(e.Place, "the response came whole, which cut says it does not")
	}
	j.text("reason", &e.Reason, d.Reason, d.Reason != "")
	j.lines("header", e.Headers, d.Header.Values)
	body := string(d.Body)
	j.text("body", &e.Body, body, body != "")
	j.json("body", e.JSON, d.Body)
	j.schema(&e.Schema, d.Body)
	j.events(&e.Events, body)
	j.values("variable", e.Variables, d.Exchange.Variables.Get)
	j.values("cached value", e.Cache, j.world.cached)
	j.lastError(&e.LastError, d.Exchange.LastError)
	j.trace(e.Trace, d.Record)
	j.elapsed(&e.Elapsed, d.Elapsed)
}

// why is what settled a response, for who did not expect it.
func why(d *Done) string {
	if s := d.Record.Deciding(); s != nil {
		text := " from " + s.Name
		if s.Document != "" {
			text += " " + place(s)
		}
		if s.Reason != "" {
			text += ": " + s.Reason
		}
		return text
	}
	return ""
}

func (j *judge) lastError(e *lastErrorExpect, got *exchange.LastError) {
	switch {
	case e.Line == 0, !e.given && got == nil:
		return
	case !e.given:
		j.failf(e.Place, "lastError: expected none, got %s: %s", got.Reason, got.Message)
		return
	case got == nil:
		got = &exchange.LastError{} // of which a test may want that it says nothing
	}
	for _, member := range []struct {
		name string
		want *textExpect
		got  string
	}{
		{"source", &e.Source, got.Source}, {"reason", &e.Reason, got.Reason}, {"message", &e.Message, got.Message}, {"scope", &e.Scope, got.Scope},
		{"section", &e.Section, got.Section}, {"path", &e.Path, got.Path}, {"policyId", &e.PolicyID, got.PolicyID},
	} {
		j.text("lastError."+member.name, member.want, member.got, member.got != "")
	}
}

func (j *judge) elapsed(e *elapsedExpect, got time.Duration) {
	switch {
	case !e.given:
	case e.exactly != nil && *e.exactly != got:
		j.failf(e.Place, "elapsed: expected %s, got %s", *e.exactly, got)
	case e.AtLeast != nil && got < *e.AtLeast:
		j.failf(e.Place, "elapsed: expected at least %s, got %s", *e.AtLeast, got)
	case e.AtMost != nil && got > *e.AtMost:
		j.failf(e.Place, "elapsed: expected at most %s, got %s", *e.AtMost, got)
	}
}

// events holds the data of a stream's events against a list.
func (j *judge) events(want *rawList, body string) {
	if want.Line == 0 {
		return
	}
	got := EventData(body)
	for i, node := range want.nodes {
		text, err := textOrJSON(node)
		switch {
		case err != nil:
			j.failf(yamlfile.PlaceOf(node), "events: %s", err)
		case i >= len(got):
			j.fail(yamlfile.PlaceOf(node), fmt.Sprintf("events: expected %d, got %d; this one and what follows did not come", len(want.nodes), len(got)))
			return
		case isScalar(node) && got[i] != text, !isScalar(node) && !sameJSON(node, got[i]):
			j.differs(yamlfile.PlaceOf(node), fmt.Sprintf("event %d", i+1), text, got[i])
		}
	}
	if len(got) > len(want.nodes) {
		j.fail(want.Place, fmt.Sprintf("events: expected %d, got %d; these came besides", len(want.nodes), len(got)), shown("+ ", strings.Join(got[len(want.nodes):], "\n"))...)
	}
}

// EventData are the data of each event in a stream of server-sent events.
func EventData(stream string) []string {
	var all []string
	for event := range strings.SplitSeq(strings.ReplaceAll(stream, "\r\n", "\n"), "\n\n") {
		var data []string
		for line := range strings.SplitSeq(event, "\n") {
			if text, ok := strings.CutPrefix(line, "data:"); ok {
				data = append(data, strings.TrimPrefix(text, " "))
			}
		}
		if data != nil {
			all = append(all, strings.Join(data, "\n"))
		}
	}
	return all
}

// schema holds a body against a JSON Schema.
func (j *judge) schema(s *schemaConfig, body []byte) {
	if s.Line == 0 {
		return
	}
	compiled, err := s.compile(j.file)
	if err != nil {
		j.failf(s.Place, "schema: %s", oneLine(err.Error()))
		return
	}
	if !json.Valid(body) {
		j.fail(s.Place, "body is not JSON", shown("+ ", string(body))...)
		return
	}
	found, err := compiled.Validate(string(body))
	if err != nil {
		j.failf(s.Place, "schema: %s", oneLine(err.Error()))
		return
	}
	if len(found) > 0 {
		var b strings.Builder
		mismatches(&b, found, "- ")
		j.fail(s.Place, "body is not as the schema has it", shown("", b.String())...)
	}
}

// mismatches writes a line for each thing that does not fit, its causes below it.
func mismatches(b *strings.Builder, all []jsonschema.Error, indent string) {
	for _, e := range all {
		fmt.Fprintf(b, "%sat '%s': %s\n", indent, e.Path, e.Message)
		mismatches(b, e.Causes, "  "+indent)
	}
}

// compile compiles a schema. What it refers to is in files beside it, or beside the test's.
func (s *schemaConfig) compile(f *File) (*jsonschema.Schema, error) {
	path := f.path(s.file)
	var data []byte
	var err error
	if s.file == "" {
		path = f.Path
		data, err = jsonOf(s.node)
	} else {
		data, err = os.ReadFile(path)
	}
	if err != nil {
		return nil, err
	}
	root, err := jsonschema.Decode(data)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", path, err)
	}
	if path, err = filepath.Abs(path); err != nil {
		return nil, err
	}
	at := url.URL{Scheme: "file", Path: "/" + strings.TrimPrefix(filepath.ToSlash(path), "/")}
	return jsonschema.Compile(root, "", jsonschema.Options{URL: at.String(), Load: loadFile, Formats: true})
}

// loadFile gives the schema of a file URL.
func loadFile(address string) (any, error) {
	at, err := url.Parse(address)
	if err != nil || at.Scheme != "file" || at.Host != "" {
		return nil, fmt.Errorf("%s is no file", address)
	}
	path := at.Path
	if runtime.GOOS == "windows" { // /C:/a/b
		path = strings.TrimPrefix(path, "/")
	}
	data, err := os.ReadFile(filepath.FromSlash(path))
	if err != nil {
		return nil, err
	}
	return jsonschema.Decode(data)
}

func oneLine(s string) string { return strings.Join(strings.Fields(s), " ") }

package testrun

import (
	"fmt"

	"github.com/apimulator/apimulator/internal/trace"
	"github.com/apimulator/apimulator/policy/exchange"
)

// calls holds what the backends received in a step against expectations.
func (j *judge) calls(e *callsExpect, got []*Call) {
	if !e.given {
		return
	}
	var list []string
	for _, c := range got {
		list = append(list, "+ "+c.String())
	}
	if e.count != nil && *e.count != len(got) {
		j.fail(e.Place, fmt.Sprintf("backend: expected %s, got %s", calls(*e.count), calls(len(got))), list...)
	}
	if !e.listed {
		return
	}
	if e.count == nil && len(e.requests) != len(got) {
		j.fail(e.Place, fmt.Sprintf("backend: expected %s, got %s", calls(len(e.requests)), calls(len(got))), list...)
	}
	for i := range min(len(e.requests), len(got)) {
		j.call(fmt.Sprintf("backend call %d: ", i+1), &e.requests[i], got[i])
	}
}

func calls(n int) string {
	if n == 1 {
		return "1 call"
	}
	return fmt.Sprintf("%d calls", n)
}

// String is the call on one line, the secrets in its address masked.
func (c *Call) String() string {
	line := c.Method + " " + trace.MaskURL(&c.URL)
	if c.Status != 0 {
		line += fmt.Sprintf(" -> %d", c.Status)
	}
	return line
}

func (j *judge) call(what string, e *callExpect, c *Call) {
	host, _ := c.Header.Get("Host")
	path := c.URL.Path
	if path == "" {
		path = "/"
	}
	j.text(what+"method", &e.Method, c.Method, true)
	j.text(what+"url", &e.URL, c.URL.String(), true)
	j.text(what+"host", &e.Host, host, true)
	j.text(what+"path", &e.Path, path, true)
	j.lines(what+"query", e.Query, func(name string) []string { return exchange.QueryValues(c.URL.RawQuery, name) })
	j.lines(what+"header", e.Headers, c.Header.Values)
	j.text(what+"body", &e.Body, string(c.Body), len(c.Body) > 0)
	j.json(what+"body", e.JSON, c.Body)
	j.text(what+"certificate", &e.Certificate, c.Certificate, c.Certificate != "")
	j.text(what+"HTTP version", &e.HTTPVersion, c.HTTPVersion, true)
}

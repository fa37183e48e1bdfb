package trace

import (
	"encoding/json"
	"fmt"
	"net/url"
	"strings"
	"time"

	"github.com/apimulator/apimulator/policy/exchange"
)

// Document is a record in the shape that API Management's listTrace answers
// (tracing.md, Shape of the trace document).
type Document struct {
	ServiceName string  `json:"serviceName"`
	TraceID     string  `json:"traceId"`
	Entries     Entries `json:"traceEntries"`
}

// Entries are the steps of each part of the pipeline.
type Entries struct {
	Inbound  []Entry `json:"inbound"`
	Backend  []Entry `json:"backend,omitempty"`
	Outbound []Entry `json:"outbound,omitempty"`
	OnError  []Entry `json:"on-error,omitempty"`
}

// Entry is one thing that happened.
type Entry struct {
	Source    string    `json:"source"`
	Timestamp string    `json:"timestamp"` // UTC, seven digits of a second
	Elapsed   string    `json:"elapsed"`   // since the request came, hh:mm:ss.fffffff
	Data      entryData `json:"data"`
}

type entryData any

// APIM is the record as API Management's document.
func (r *Record) APIM(serviceName string) *Document {
	d := &Document{ServiceName: serviceName, TraceID: r.ID}
	d.add(exchange.Inbound, r.entry("api-inspector", 0, map[string]any{"request": r.inspected()}))
	d.add(exchange.Inbound, r.entry("api-inspector", 0, map[string]any{"configuration": r.configuration()}))
	section := exchange.Inbound
	for i := range r.Steps {
		s := &r.Steps[i]
		if s.Section != "" {
			section = exchange.Section(s.Section)
		}
		for _, data := range s.entries() {
			d.add(section, r.entry(s.Name, s.Start, data))
		}
	}
	last := exchange.Outbound
	if section == exchange.OnError {
		last = section
	}
	d.add(last, r.entry("transfer-response", r.Elapsed, map[string]any{
		"message":  "Response headers have been sent to the caller. Starting to stream the response body.",
		"response": r.answered(),
	}))
	end := "Response has been sent to the caller in full"
	if r.Cut != "" {
		end = "The response was not sent in full: " + r.Cut
	}
	d.add(last, r.entry("transfer-response", r.Elapsed, map[string]any{"message": end}))
	return d
}

func (d *Document) add(section exchange.Section, e Entry) {
	list := &d.Entries.Inbound
	switch section {
	case exchange.Backend:
		list = &d.Entries.Backend
	case exchange.Outbound:
		list = &d.Entries.Outbound
	case exchange.OnError:
		list = &d.Entries.OnError
	}
	*list = append(*list, e)
}

func (r *Record) entry(source string, at time.Duration, data entryData) Entry {
	return Entry{Source: source, Timestamp: r.Time.Add(at).UTC().Format("2006-01-02T15:04:05.0000000Z"), Elapsed: span(at), Data: data}
}

// span is a duration as .NET's TimeSpan prints it.
func span(d time.Duration) string {
	d = max(d, 0)
	return fmt.Sprintf("%02d:%02d:%02d.%07d", int(d.Hours()), int(d.Minutes())%60, int(d.Seconds())%60, d.Nanoseconds()%int64(time.Second)/100)
}

func (r *Record) inspected() map[string]any {
	return map[string]any{"method": r.Method, "url": r.URL, "headers": r.Request.Header}
}

func (r *Record) answered() map[string]any {
	return map[string]any{
		"status":  map[string]any{"code": r.Status, "reason": exchange.StatusText(r.Status)},
		"headers": r.Response.Header,
	}
}

// configuration is what the request belongs to; "-" is nothing.
func (r *Record) configuration() map[string]any {
	c := map[string]any{"user": "-", "product": "-"}
	if r.User != nil {
		c["user"] = map[string]any{"id": r.User.ID, "groups": r.User.Groups}
	}
	if r.Product != "" {
		c["product"] = map[string]any{"id": r.Product}
	}
	if t := r.Target; t != nil {
		c["api"] = map[string]any{"from": "/" + strings.Trim(t.Path, "/"), "to": backendAddress(t.Backend), "version": orNull(t.Version), "revision": t.Revision}
		c["operation"] = map[string]any{"method": t.Method, "uriTemplate": t.Template}
	}
	return c
}

func orNull(text string) any {
	if text == "" {
		return nil
	}
	return text
}

// backendAddress is an API's address in parts.
func backendAddress(address string) map[string]any {
	u, err := exchange.ParseURL(address)
	if err != nil {
		return map[string]any{}
	}
	standard := u.Scheme == "https" && u.Port == 443 || u.Scheme == "http" && u.Port == 80
	path := u.Path
	if path == "" {
		path = "/"
	}
	query, _ := url.ParseQuery(u.RawQuery)
	return map[string]any{"scheme": u.Scheme, "host": u.Host, "port": u.Port, "path": path, "queryString": u.RawQuery, "query": query, "isDefaultPort": standard}
}

// entries are what a step tells, each as an entry's data.
func (s *Step) entries() []entryData {
	var all []entryData
	for i := range s.Evaluations {
		all = append(all, s.Evaluations[i].data())
	}
	if s.Name == exchange.SourceForwardRequest {
		for i := range s.Calls {
			all = append(all, s.Calls[i].data()...)
		}
	}
	switch {
	case s.Outcome == exchange.Failed.String():
		messages := append([]string{}, s.Notes...)
		for _, text := range []string{s.Message, s.Detail} {
			if text != "" {
				messages = append(messages, text)
			}
		}
		all = append(all, map[string]any{"message": oneOrMore(messages), "reason": s.Reason})
	case len(s.Notes) > 0:
		all = append(all, map[string]any{"message": oneOrMore(s.Notes)})
	}
	return all
}

// data are what forward-request's entries say of a call: what was sent, and what came.
func (c *Call) data() []entryData {
	sent := map[string]any{"request": map[string]any{"method": c.Method, "url": c.URL, "headers": c.Request}}
	if c.Status == 0 {
		return []entryData{sent}
	}
	status := map[string]any{"code": c.Status, "reason": exchange.StatusText(c.Status)}
	return []entryData{sent, map[string]any{"response": map[string]any{"status": status, "headers": c.Response}}}
}

// oneOrMore is a text, or several as a list: API Management writes both.
func oneOrMore(texts []string) any {
	if len(texts) == 1 {
		return texts[0]
	}
	return texts
}

func (e *Evaluation) data() entryData {
	source := strings.TrimSuffix(strings.TrimSuffix(strings.TrimPrefix(strings.TrimPrefix(e.Source, "@("), "@{"), ")"), "}")
	if e.Fault != "" {
		return map[string]any{"messages": []any{
			map[string]any{"message": "Expression evaluation failed.", "expression": source, "details": e.Fault},
		}}
	}
	return map[string]any{"message": "Expression was successfully evaluated.", "expression": source, "value": e.value()}
}

// value is the value as JSON has it, where its text tells.
func (e *Evaluation) value() any {
	switch e.Type {
	case "bool":
		return e.Value == "True"
	case "int", "long", "double", "float", "decimal", "short", "byte", "uint", "ulong":
		if json.Valid([]byte(e.Value)) {
			return json.RawMessage(e.Value)
		}
	}
	if e.Value == "null" && e.Type != "string" {
		return nil
	}
	return e.Value
}

package testrun

import (
	"context"
	"maps"
	"net"
	"net/http"
	"strings"

	"github.com/apimulator/apimulator/internal/hosts"
	"github.com/apimulator/apimulator/internal/service"
	"github.com/apimulator/apimulator/internal/trace"
	"github.com/apimulator/apimulator/internal/yamlfile"
	"github.com/apimulator/apimulator/policy/exchange"
)

// What package apimtest needs besides: it makes subjects without a test file, and HTTP
// servers stand before its worlds.

// Source says what a subject is made of, without a test file.
type Source struct {
	// Service is the path of an apim.yaml; if it is empty, Policy is that of a document.
	Service, Policy string
	// Backend is where the requests of a lone document go; "" is a host that there is
	// nowhere but in tests.
	Backend string
	// NamedValues are put in place of the service's, or beside them.
	NamedValues map[string]string
	// Fragments are policy fragments beside the service's: the id and the file.
	Fragments map[string]string
}

// Load loads and compiles a subject. The error is a line for each fault, file:line:col
// first; statements that do not run are faults.
func (s Source) Load() (*Subject, error) {
	o := loadOptions()
	maps.Copy(o.NamedValues, s.NamedValues)
	maps.Copy(o.Fragments, s.Fragments)
	return subjectOf(s.load(o))
}

func (s Source) load(o service.Options) (*service.Service, error) {
	if s.Service != "" {
		return service.Load(s.Service, o)
	}
	address := s.Backend
	if address == "" {
		address = defaultBackend
	}
	backend, err := exchange.ParseURL(address)
	if err != nil {
		return nil, err
	}
	return service.Open(s.Policy, backend, o)
}

// Epoch is where a world's clock stands unless it is said.
var Epoch = epoch

// Hosts are the hosts that the emulated parties have.
func (s *Subject) Hosts() hosts.Map { return s.hosts }

// AsksForCertificates reports whether clients are asked for a certificate.
func (s *Subject) AsksForCertificates() bool { return s.service.NegotiateClientCertificate }

// Subscriptions are the names of the service's subscriptions.
func (s *Subject) Subscriptions() []string { return s.subscriptions() }

// Party is who plays a host, port or not; nil if nobody does, or the gateway.
func (w *World) Party(host string) (http.Handler, error) {
	if name, _, err := net.SplitHostPort(host); err == nil {
		host = name
	}
	target, mapped := w.subject.hosts.Lookup(host)
	if !mapped {
		return nil, nil
	}
	p, err := w.parties()
	if err != nil {
		return nil, err
	}
	return p.Handler(target.Party), nil
}

// RequireStubs takes from the APIs' own backends the answer that they have while nothing
// is said of them.
func (w *World) RequireStubs() {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.backend = &backendConfig{Place: yamlfile.Start}
}

// Handle takes a request through the gateway as far as the response's head. [World.Finish]
// is to follow when the response has been read.
func (w *World) Handle(x *exchange.Exchange) { w.gateway.Handle(x) }

// Finish completes the record of x; nil if x never came to the gateway.
func (w *World) Finish(x *exchange.Exchange, end trace.End) *trace.Record {
	w.mu.Lock()
	defer w.mu.Unlock()
	before := len(w.records)
	w.gateway.Finish(x, end)
	if len(w.records) == before {
		return nil
	}
	return w.records[before]
}

// Ran reports whether something ran: #id, file.xml:line, or a statement's name. The line
// may be that of a branch of choose. It is an error if there is no such place.
func (w *World) Ran(what string, r *trace.Record) (bool, error) {
	return (&judge{world: w}).ran(what, r)
}

// Hide keeps a text out of what [World.Mask] gives.
func (w *World) Hide(secret string) { w.hide(secret) }

// Mask takes secrets and tokens out of a text.
func (w *World) Mask(text string) string { return w.cleaner()(text) }

// Refused is the failure of a backend that refuses the connection.
func Refused() error {
	return backendFailure(messageNotConnected, "the test's stub refuses the connection")
}

// ServedBy is a handler's answer to the call.
func (c *Call) ServedBy(ctx context.Context, h http.Handler) (*exchange.Response, error) {
	r, err := c.request(ctx)
	if err != nil {
		return nil, err
	}
	return partyResponse(serve(h, r)), nil
}

// Path is the path of the call's address, at least a slash.
func (c *Call) Path() string {
	if !strings.HasPrefix(c.URL.Path, "/") {
		return "/" + c.URL.Path
	}
	return c.URL.Path
}

// Glob reports whether a text is as a pattern says, in which * stands for any text.
func Glob(pattern, text string) bool { return newGlob(pattern, false).matches(text) }

package telemetry

import (
	"context"
	"errors"
	"time"

	"go.opentelemetry.io/otel/attribute"
	"go.opentelemetry.io/otel/codes"
	"go.opentelemetry.io/otel/propagation"
	"go.opentelemetry.io/otel/trace"

	"github.com/apimulator/apimulator/policy"
	"github.com/apimulator/apimulator/policy/exchange"
)

// Tracing makes spans: one of each request, one of each of its calls, and an event in the
// request's for each statement that fails. They show the names of things and no address
// below its host, where secrets may stand. Their times are the operating system's, as
// those of the programs around are, however the emulator's clock is moved.
type Tracing struct{ tracer trace.Tracer }

// followed is a request with its span; its context has it.
type followed struct {
	span   trace.Span
	method string // as the client sent it
	failed error  // the last failure that was told
}

type followedKey struct{}

// w3c reads and writes traceparent and tracestate.
var w3c propagation.TraceContext

// Begin begins the span of x, below the one that the client's traceparent names.
func (t *Tracing) Begin(x *exchange.Exchange) {
	f := &followed{method: x.Request.Method}
	ctx := w3c.Extract(x.Context, (*carrier)(&x.Request.Header))
	ctx, f.span = t.tracer.Start(ctx, f.method, trace.WithSpanKind(trace.SpanKindServer), trace.WithAttributes(
		attribute.String("http.request.method", f.method),
		attribute.String("url.scheme", x.Request.OriginalURL.Scheme),
		attribute.String("apimulator.request_id", x.ID),
	))
	x.Context = context.WithValue(ctx, followedKey{}, f)
}

// End ends the span of x, to which the client got that status; 0: none. It is called once
// for each Begin, and does nothing where there was none.
func (t *Tracing) End(x *exchange.Exchange, status int) {
	f, ok := x.Context.Value(followedKey{}).(*followed)
	if !ok {
		return
	}
	if x.API != nil {
		f.span.SetAttributes(attribute.String("apimulator.api", x.API.ID))
	}
	if o := x.Operation; o != nil {
		route := exchange.JoinPath(pathOf(x.API), o.URLTemplate)
		f.span.SetName(f.method + " " + route)
		f.span.SetAttributes(attribute.String("http.route", route), attribute.String("apimulator.operation", o.ID))
	}
	if status != 0 {
		f.span.SetAttributes(attribute.Int("http.response.status_code", status))
	}
	if status >= 500 {
		f.span.SetStatus(codes.Error, "")
	}
	f.span.End()
}

// pathOf is the path of an API as an address has it.
func pathOf(a *exchange.API) string {
	if a == nil || a.Path == "" {
		return ""
	}
	return "/" + a.Path
}

// failed tells of a statement that failed. The statements around it pass the same error on,
// of which the first is told. A text of the error may be secret, its reason is not.
func (t *Tracing) failed(x *exchange.Exchange, site *exchange.Site, err error) {
	q, ok := x.Context.Value(followedKey{}).(*followed)
	if !ok || q.failed == err {
		return
	}
	q.failed = err
	reason := other
	if f := (*exchange.Failure)(nil); errors.As(err, &f) {
		reason = f.Reason
	}
	q.span.AddEvent("statement failed", trace.WithAttributes(
		attribute.String("apimulator.statement", site.Statement),
		attribute.String("apimulator.reason", reason),
		attribute.String("apimulator.scope", string(site.Scope)),
		attribute.String("apimulator.section", string(site.Section)),
		attribute.String("code.file.path", site.Document),
		attribute.Int("code.line.number", site.Line),
	))
}

// Meter is m, which tells t of the statements that fail unless it is nil.
func Meter(m *Metrics, t *Tracing) policy.Meter {
	if t == nil {
		return m
	}
	return &tracedMeter{m, t}
}

type tracedMeter struct {
	*Metrics
	tracing *Tracing
}

// Statement is part of policy.Meter.
func (m *tracedMeter) Statement(x *exchange.Exchange, site *exchange.Site, outcome exchange.Outcome, err error, took time.Duration) {
	m.Metrics.Statement(x, site, outcome, err, took)
	if outcome == exchange.Failed {
		m.tracing.failed(x, site, err)
	}
}

// tracedSender makes a span of each call, and names it to who is called.
type tracedSender struct {
	next    policy.Sender
	tracing *Tracing
}

// Send is part of policy.Sender. The span ends with the response's head.
func (s *tracedSender) Send(ctx context.Context, out *policy.Outgoing) (*exchange.Response, error) {
	cause := ctx
	if out.For != nil {
		cause = out.For
	}
	parent := trace.ContextWithSpanContext(ctx, trace.SpanContextFromContext(cause))
	spanned, span := s.tracing.tracer.Start(parent, out.Method, trace.WithSpanKind(trace.SpanKindClient), trace.WithAttributes(
		attribute.String("http.request.method", out.Method),
		attribute.String("url.scheme", out.URL.Scheme),
		attribute.String("server.address", out.URL.Host),
		attribute.Int("server.port", out.URL.Port),
	))
	defer span.End()
	told := *out
	told.Header = out.Header.Clone()
	w3c.Inject(spanned, (*carrier)(&told.Header))
	response, err := s.next.Send(ctx, &told)
	if err != nil {
		span.SetAttributes(attribute.String("error.type", reasonOf(err)))
		span.SetStatus(codes.Error, "")
		return nil, err
	}
	span.SetAttributes(attribute.Int("http.response.status_code", response.Status))
	if response.Status >= 400 {
		span.SetStatus(codes.Error, "")
	}
	return response, nil
}

// carrier is a header as OpenTelemetry reads and writes it.
type carrier exchange.Header

func (c *carrier) header() *exchange.Header { return (*exchange.Header)(c) }

// Get is part of propagation.TextMapCarrier. Lines of one name are one text (tracestate:
// W3C Trace Context, section 3.3).
func (c *carrier) Get(name string) string {
	value, _ := c.header().Joined(name, ",")
	return value
}

// Set is part of propagation.TextMapCarrier.
func (c *carrier) Set(name, value string) { c.header().Set(name, value) }

// Keys is part of propagation.TextMapCarrier.
func (c *carrier) Keys() []string {
	var names []string
	for name := range c.header().All() {
		names = append(names, name)
	}
	return names
}

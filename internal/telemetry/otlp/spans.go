package otlp

import (
	"context"
	"fmt"

	"go.opentelemetry.io/otel/codes"
	"go.opentelemetry.io/otel/sdk/instrumentation"
	sdk "go.opentelemetry.io/otel/sdk/trace"
	"go.opentelemetry.io/otel/trace"
)

// spanExporter is an exporter of spans.
type spanExporter struct{ client *client }

// NewSpanExporter makes an exporter of spans as the variables say. An error names the one
// that can't be used.
func NewSpanExporter() (sdk.SpanExporter, error) {
	c, err := newClient(Traces)
	if err != nil {
		return nil, fmt.Errorf("spans can't be sent: %w", err)
	}
	return &spanExporter{c}, nil
}

// ExportSpans is part of [sdk.SpanExporter].
func (e *spanExporter) ExportSpans(ctx context.Context, spans []sdk.ReadOnlySpan) error {
	if len(spans) == 0 {
		return nil
	}
	return e.client.post(ctx, spansMessage(spans))
}

// Shutdown is part of [sdk.SpanExporter].
func (e *spanExporter) Shutdown(context.Context) error {
	e.client.close()
	return nil
}

// spansMessage is an ExportTraceServiceRequest. Spans that are exported together are of one
// provider, and so of one resource.
func spansMessage(spans []sdk.ReadOnlySpan) []byte {
	var scopes []instrumentation.Scope
	of := make(map[instrumentation.Scope][]sdk.ReadOnlySpan)
	for _, s := range spans {
		scope := s.InstrumentationScope()
		if of[scope] == nil {
			scopes = append(scopes, scope)
		}
		of[scope] = append(of[scope], s)
	}
	var m message
	m.nest(1, func(m *message) { // ResourceSpans
		m.resource(1, spans[0].Resource())
		for _, scope := range scopes {
			m.nest(2, func(m *message) { // ScopeSpans
				m.scope(1, scope)
				for _, s := range of[scope] {
					m.nest(2, func(m *message) { m.span(s) })
				}
				m.text(3, scope.SchemaURL)
			})
		}
		m.text(3, spans[0].Resource().SchemaURL())
	})
	return m
}

// span writes what a Span is.
func (m *message) span(s sdk.ReadOnlySpan) {
	m.identity(s.SpanContext())
	if parent := s.Parent().SpanID(); parent.IsValid() {
		m.bytes(4, parent[:])
	}
	m.text(5, s.Name())
	m.varint(6, uint64(max(s.SpanKind(), 0))) // the numbers are the same
	m.time(7, s.StartTime())
	m.time(8, s.EndTime())
	m.attributes(9, s.Attributes())
	m.count(10, s.DroppedAttributes())
	for _, e := range s.Events() {
		m.nest(11, func(m *message) {
			m.time(1, e.Time)
			m.text(2, e.Name)
			m.attributes(3, e.Attributes)
			m.count(4, e.DroppedAttributeCount)
		})
	}
	m.count(12, s.DroppedEvents())
	for _, l := range s.Links() {
		m.nest(13, func(m *message) {
			m.identity(l.SpanContext)
			m.attributes(4, l.Attributes)
			m.count(5, l.DroppedAttributeCount)
			m.flags(6, l.SpanContext, l.SpanContext)
		})
	}
	m.count(14, s.DroppedLinks())
	m.nest(15, func(m *message) {
		m.text(2, s.Status().Description)
		m.varint(3, statusCode(s.Status().Code))
	})
	m.flags(16, s.SpanContext(), s.Parent())
}

// identity writes the three fields that Span and Link begin with.
func (m *message) identity(c trace.SpanContext) {
	traceID, spanID := c.TraceID(), c.SpanID()
	m.bytes(1, traceID[:])
	m.bytes(2, spanID[:])
	m.text(3, c.TraceState().String())
}

// flags writes those of W3C, and whether the parent, or what is linked to, is of another
// process.
func (m *message) flags(f field, c, other trace.SpanContext) {
	const known, remote = 0x100, 0x200
	flags := uint32(c.TraceFlags()) | known
	if other.IsRemote() {
		flags |= remote
	}
	m.fixed32(f, flags)
}

func statusCode(code codes.Code) uint64 {
	switch code {
	case codes.Ok:
		return 1
	case codes.Error:
		return 2
	}
	return 0
}

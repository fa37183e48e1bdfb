package emulator

import (
	"context"

	"github.com/apimulator/apimulator/internal/store"
	"github.com/apimulator/apimulator/internal/telemetry"
	"github.com/apimulator/apimulator/internal/trace"
	"github.com/apimulator/apimulator/policy/exchange"
	"github.com/apimulator/apimulator/policy/statements"
)

// measure begins to count, and to send what the environment asks for.
func (e *Emulator) measure() error {
	e.metrics = telemetry.NewMetrics(statements.Catalogue().Names(), e.recorder.Len)
	if !e.config.OpenTelemetry {
		return nil
	}
	o, err := telemetry.OpenTelemetryFromEnvironment(context.Background(), e.metrics, e.config.Log)
	if err != nil {
		return err
	}
	e.tracing = o.Tracing
	e.closers = append(e.closers, func(ctx context.Context) error {
		// No request was broken off because a collector is not there.
		if err := o.Close(ctx); err != nil {
			e.config.Log.Warn("OpenTelemetry: not everything was sent", "error", err)
		}
		return nil
	})
	return nil
}

// countEmitted counts what policies emit.
func (e *Emulator) countEmitted() {
	e.sinks.OnMetric = func(x *exchange.Exchange, m store.EmittedMetric) {
		e.metrics.Emit(m.Metric, e.gateway.Mask(x))
	}
}

// handle answers a request.
func (e *Emulator) handle(x *exchange.Exchange) {
	e.metrics.Begin(x)
	if e.tracing != nil {
		e.tracing.Begin(x)
	}
	e.gateway.Handle(x)
}

// finish ends a request whose response has gone out. The edge has refused it where nobody
// has handled it.
func (e *Emulator) finish(x *exchange.Exchange, end trace.End) {
	e.gateway.Finish(x, end)
	e.metrics.End(x, end.Status)
	if e.tracing != nil {
		e.tracing.End(x, end.Status)
	}
}

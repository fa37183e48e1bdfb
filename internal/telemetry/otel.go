package telemetry

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"os"
	"strings"
	"time"

	"go.opentelemetry.io/otel"
	"go.opentelemetry.io/otel/attribute"
	"go.opentelemetry.io/otel/sdk/metric"
	"go.opentelemetry.io/otel/sdk/resource"
	"go.opentelemetry.io/otel/sdk/trace"

	"github.com/apimulator/apimulator/internal/telemetry/otlp"
)

// flushWithin is how long a collector may take for what is left at the end.
const flushWithin = 5 * time.Second

// OpenTelemetry sends to a collector what its standard variables ask for.
type OpenTelemetry struct {
	// Tracing makes spans; nil: nobody wants any.
	Tracing *Tracing

	shutdown []func(context.Context) error
}

// OpenTelemetryFromEnvironment begins to send what the environment asks for: spans, and the
// metrics that m counts. It asks for nothing unless it names an endpoint or an exporter. An
// error says which variable can't be used.
func OpenTelemetryFromEnvironment(ctx context.Context, m *Metrics, log *slog.Logger) (*OpenTelemetry, error) {
	o := &OpenTelemetry{}
	wantsTraces, err := wants(otlp.Traces)
	if err != nil {
		return nil, err
	}
	wantsMetrics, err := wants(otlp.Metrics)
	if err != nil || !wantsTraces && !wantsMetrics {
		return o, err
	}
	otel.SetErrorHandler(otel.ErrorHandlerFunc(func(err error) { log.Warn("OpenTelemetry", "error", err) }))
	r, err := resource.New(ctx, resource.WithAttributes(attribute.String("service.name", "apimulator")), resource.WithTelemetrySDK(), resource.WithFromEnv())
	if err != nil {
		return nil, fmt.Errorf("OTEL_RESOURCE_ATTRIBUTES can't be used: %w", err)
	}
	if wantsTraces {
		err = o.sendSpans(r)
	}
	if wantsMetrics && err == nil {
		err = o.sendMetrics(r, m)
	}
	if err != nil {
		return nil, errors.Join(err, o.Close(ctx))
	}
	return o, nil
}

func (o *OpenTelemetry) sendSpans(r *resource.Resource) error {
	exporter, err := otlp.NewSpanExporter()
	if err != nil {
		return err
	}
	provider := trace.NewTracerProvider(trace.WithBatcher(exporter), trace.WithResource(r))
	o.shutdown = append(o.shutdown, provider.Shutdown)
	o.Tracing = &Tracing{tracer: provider.Tracer(scope)}
	return nil
}

func (o *OpenTelemetry) sendMetrics(r *resource.Resource, m *Metrics) error {
	exporter, err := otlp.NewMetricExporter()
	if err != nil {
		return err
	}
	reader := metric.NewPeriodicReader(exporter, metric.WithProducer(m))
	o.shutdown = append(o.shutdown, metric.NewMeterProvider(metric.WithReader(reader), metric.WithResource(r)).Shutdown)
	return nil
}

// Close sends what is left, for which a collector has 5 seconds, and ends.
func (o *OpenTelemetry) Close(ctx context.Context) error {
	ctx, cancel := context.WithTimeout(ctx, flushWithin)
	defer cancel()
	var errs []error
	for _, shutdown := range o.shutdown {
		errs = append(errs, shutdown(ctx))
	}
	return errors.Join(errs...)
}

// wants reports whether the environment asks for a signal, in the way that the
// specification of OpenTelemetry has it, except that without any endpoint or exporter
// nothing is sent.
func wants(signal otlp.Signal) (bool, error) {
	if strings.EqualFold(os.Getenv("OTEL_SDK_DISABLED"), "true") {
		return false, nil
	}
	name := "OTEL_" + string(signal) + "_EXPORTER"
	switch exporter := os.Getenv(name); exporter {
	case none:
		return false, nil
	case "":
		return signal.HasEndpoint(), nil
	case "otlp":
		return true, nil
	default:
		return false, fmt.Errorf("%s is otlp or none, not %q", name, exporter)
	}
}

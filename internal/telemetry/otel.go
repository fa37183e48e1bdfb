package telemetry

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net/url"
	"os"
	"strings"
	"time"

	bridge "go.opentelemetry.io/contrib/bridges/prometheus"
	"go.opentelemetry.io/otel"
	"go.opentelemetry.io/otel/attribute"
	"go.opentelemetry.io/otel/exporters/otlp/otlpmetric/otlpmetrichttp"
	"go.opentelemetry.io/otel/exporters/otlp/otlptrace/otlptracehttp"
	"go.opentelemetry.io/otel/sdk/metric"
	"go.opentelemetry.io/otel/sdk/resource"
	"go.opentelemetry.io/otel/sdk/trace"
)

// flushWithin is how long a collector may take for what is left at the end.
const flushWithin = 5 * time.Second

// signals are what OpenTelemetry's variables name their settings after.
const (
	traces  = "TRACES"
	metrics = "METRICS"
)

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
	wantsTraces, err := wants(traces)
	if err != nil {
		return nil, err
	}
	wantsMetrics, err := wants(metrics)
	if err != nil || !wantsTraces && !wantsMetrics {
		return o, err
	}
	otel.SetErrorHandler(otel.ErrorHandlerFunc(func(err error) { log.Warn("OpenTelemetry", "error", err) }))
	r, err := resource.New(ctx, resource.WithAttributes(attribute.String("service.name", "apimulator")), resource.WithTelemetrySDK(), resource.WithFromEnv())
	if err != nil {
		return nil, fmt.Errorf("OTEL_RESOURCE_ATTRIBUTES can't be used: %w", err)
	}
	if wantsTraces {
		err = o.sendSpans(ctx, r)
	}
	if wantsMetrics && err == nil {
		err = o.sendMetrics(ctx, r, m)
	}
	if err != nil {
		return nil, errors.Join(err, o.Close(ctx))
	}
	return o, nil
}

func (o *OpenTelemetry) sendSpans(ctx context.Context, r *resource.Resource) error {
	exporter, err := otlptracehttp.New(ctx)
	if err != nil {
		return fmt.Errorf("spans can't be sent: %w", err)
	}
	provider := trace.NewTracerProvider(trace.WithBatcher(exporter), trace.WithResource(r))
	o.shutdown = append(o.shutdown, provider.Shutdown)
	o.Tracing = &Tracing{tracer: provider.Tracer("github.com/apimulator/apimulator")}
	return nil
}

func (o *OpenTelemetry) sendMetrics(ctx context.Context, r *resource.Resource, m *Metrics) error {
	exporter, err := otlpmetrichttp.New(ctx)
	if err != nil {
		return fmt.Errorf("metrics can't be sent: %w", err)
	}
	reader := metric.NewPeriodicReader(exporter, metric.WithProducer(bridge.NewMetricProducer(bridge.WithGatherer(m.registry))))
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
func wants(signal string) (bool, error) {
	if strings.EqualFold(os.Getenv("OTEL_SDK_DISABLED"), "true") {
		return false, nil
	}
	exporterName, endpointName := "OTEL_"+signal+"_EXPORTER", "OTEL_EXPORTER_OTLP_"+signal+"_ENDPOINT"
	general, own := os.Getenv("OTEL_EXPORTER_OTLP_ENDPOINT"), os.Getenv(endpointName)
	exporter := os.Getenv(exporterName)
	switch {
	case exporter == none || exporter == "" && general == "" && own == "":
		return false, nil
	case exporter != "" && exporter != "otlp":
		return false, fmt.Errorf("%s is otlp or none, not %q", exporterName, exporter)
	}
	for name, endpoint := range map[string]string{"OTEL_EXPORTER_OTLP_ENDPOINT": general, endpointName: own} {
		if err := checkEndpoint(name, endpoint); err != nil {
			return false, err
		}
	}
	protocolName := "OTEL_EXPORTER_OTLP_" + signal + "_PROTOCOL"
	if os.Getenv(protocolName) == "" {
		protocolName = "OTEL_EXPORTER_OTLP_PROTOCOL"
	}
	if protocol := cmp.Or(os.Getenv(protocolName), httpProtobuf); protocol != httpProtobuf {
		return false, fmt.Errorf("%s is %s, the only protocol that is spoken here, not %q; collectors take it on port 4318", protocolName, httpProtobuf, protocol)
	}
	return true, nil
}

const httpProtobuf = "http/protobuf"

// checkEndpoint says what the exporters would pass over. The address may hold a password.
func checkEndpoint(name, endpoint string) error {
	if endpoint == "" {
		return nil
	}
	u, err := url.Parse(endpoint)
	if err != nil || u.Scheme != "http" && u.Scheme != "https" || u.Host == "" {
		return fmt.Errorf("%s is an address such as http://localhost:4318", name)
	}
	return nil
}

package telemetry

import (
	"context"
	"errors"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/apimulator/apimulator/policy/exchange"
)

// TestEnvironment: what OpenTelemetry's variables ask for.
func TestEnvironment(t *testing.T) {
	const endpoint = "http://localhost:4318"
	for name, test := range map[string]struct {
		environment     map[string]string
		traces, metrics bool
		refused         string
	}{
		"nothing":                     {},
		"an endpoint":                 {environment: map[string]string{"OTEL_EXPORTER_OTLP_ENDPOINT": endpoint}, traces: true, metrics: true},
		"one of spans":                {environment: map[string]string{"OTEL_EXPORTER_OTLP_TRACES_ENDPOINT": endpoint + "/v1/traces"}, traces: true},
		"one of metrics":              {environment: map[string]string{"OTEL_EXPORTER_OTLP_METRICS_ENDPOINT": endpoint + "/v1/metrics"}, metrics: true},
		"an exporter":                 {environment: map[string]string{"OTEL_TRACES_EXPORTER": "otlp"}, traces: true},
		"no spans":                    {environment: map[string]string{"OTEL_EXPORTER_OTLP_ENDPOINT": endpoint, "OTEL_TRACES_EXPORTER": "none"}, metrics: true},
		"disabled":                    {environment: map[string]string{"OTEL_EXPORTER_OTLP_ENDPOINT": endpoint, "OTEL_SDK_DISABLED": "True"}},
		"the protocol spoken":         {environment: map[string]string{"OTEL_TRACES_EXPORTER": "otlp", "OTEL_EXPORTER_OTLP_PROTOCOL": "http/protobuf"}, traces: true},
		"its own protocol":            {environment: map[string]string{"OTEL_TRACES_EXPORTER": "otlp", "OTEL_EXPORTER_OTLP_PROTOCOL": "grpc", "OTEL_EXPORTER_OTLP_TRACES_PROTOCOL": "http/protobuf"}, traces: true},
		"no gRPC where none is asked": {environment: map[string]string{"OTEL_EXPORTER_OTLP_PROTOCOL": "grpc"}},

		"gRPC":              {environment: map[string]string{"OTEL_EXPORTER_OTLP_ENDPOINT": endpoint, "OTEL_EXPORTER_OTLP_PROTOCOL": "grpc"}, refused: `OTEL_EXPORTER_OTLP_PROTOCOL is http/protobuf, the only protocol that is spoken here, not "grpc"`},
		"gRPC of metrics":   {environment: map[string]string{"OTEL_EXPORTER_OTLP_ENDPOINT": endpoint, "OTEL_EXPORTER_OTLP_METRICS_PROTOCOL": "grpc"}, refused: "OTEL_EXPORTER_OTLP_METRICS_PROTOCOL is http/protobuf"},
		"another exporter":  {environment: map[string]string{"OTEL_METRICS_EXPORTER": "prometheus"}, refused: `OTEL_METRICS_EXPORTER is otlp or none, not "prometheus"`},
		"no address":        {environment: map[string]string{"OTEL_EXPORTER_OTLP_ENDPOINT": "localhost:4318"}, refused: "OTEL_EXPORTER_OTLP_ENDPOINT is an address such as http://localhost:4318"},
		"a secret address":  {environment: map[string]string{"OTEL_EXPORTER_OTLP_TRACES_ENDPOINT": "ftp://me:secret@localhost"}, refused: "OTEL_EXPORTER_OTLP_TRACES_ENDPOINT is an address"},
		"broken attributes": {environment: map[string]string{"OTEL_TRACES_EXPORTER": "otlp", "OTEL_RESOURCE_ATTRIBUTES": "no-value"}, refused: "OTEL_RESOURCE_ATTRIBUTES can't be used"},
	} {
		t.Run(name, func(t *testing.T) {
			for variable, value := range test.environment {
				t.Setenv(variable, value)
			}
			o, err := OpenTelemetryFromEnvironment(t.Context(), newMetrics(), slog.New(slog.DiscardHandler))
			if test.refused != "" {
				if err == nil || !strings.Contains(err.Error(), test.refused) || strings.Contains(err.Error(), "secret") {
					t.Fatalf("got %v, want %q", err, test.refused)
				}
				return
			}
			if err != nil {
				t.Fatal(err)
			}
			sent := len(o.shutdown)
			if o.Tracing != nil {
				sent--
			}
			if (o.Tracing != nil) != test.traces || (sent == 1) != test.metrics {
				t.Errorf("spans are sent: %t, metrics: %t; want %t, %t", o.Tracing != nil, sent == 1, test.traces, test.metrics)
			}
			ended, cancel := context.WithCancel(t.Context())
			cancel()
			_ = o.Close(ended) // nobody listens there
		})
	}
}

// A collector that does not answer holds the end up no longer than it may.
func TestCloseIsBounded(t *testing.T) {
	asked, answer := make(chan struct{}, 1), make(chan struct{})
	silent := httptest.NewServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) {
		asked <- struct{}{}
		<-answer
	}))
	defer silent.Close()
	defer close(answer)
	t.Setenv("OTEL_EXPORTER_OTLP_TRACES_ENDPOINT", silent.URL)
	o, err := OpenTelemetryFromEnvironment(t.Context(), newMetrics(), slog.New(slog.DiscardHandler))
	if err != nil {
		t.Fatal(err)
	}
	x := request()
	x.Context = t.Context()
	x.Request.Method = http.MethodGet
	o.Tracing.Begin(x)
	o.Tracing.End(x, 200)
	ctx, cancel := context.WithCancel(t.Context())
	go func() {
		<-asked
		cancel()
	}()
	if err := o.Close(ctx); !errors.Is(err, context.Canceled) {
		t.Errorf("the end gives %v, want that it was cancelled", err)
	}
}

// The edge refuses some requests before anybody begins with them.
func TestEndWithoutBegin(t *testing.T) {
	x := &exchange.Exchange{Context: t.Context(), Clock: exchange.System, Timestamp: exchange.System.Now()}
	(&Tracing{}).End(x, 413)
	m := newMetrics()
	m.End(x, 413)
	x.Done(exchange.End{})
	if got := series(t, m, requestsInFlight.Name)[""]; got != 0 {
		t.Errorf("%v requests are in flight", got)
	}
	if got := series(t, m, requestsTotal.Name)["none none 413"]; got != 1 {
		t.Errorf("%v requests are counted", got)
	}
}

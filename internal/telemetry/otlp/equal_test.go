package otlp

import (
	"context"
	"io"
	"math"
	"net/http"
	"net/http/httptest"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"go.opentelemetry.io/otel/attribute"
	"go.opentelemetry.io/otel/codes"
	"go.opentelemetry.io/otel/exporters/otlp/otlpmetric/otlpmetrichttp"
	"go.opentelemetry.io/otel/exporters/otlp/otlptrace/otlptracehttp"
	"go.opentelemetry.io/otel/sdk/instrumentation"
	"go.opentelemetry.io/otel/sdk/metric/metricdata"
	"go.opentelemetry.io/otel/sdk/resource"
	sdk "go.opentelemetry.io/otel/sdk/trace"
	"go.opentelemetry.io/otel/sdk/trace/tracetest"
	"go.opentelemetry.io/otel/trace"
	collectormetrics "go.opentelemetry.io/proto/otlp/collector/metrics/v1"
	collectortrace "go.opentelemetry.io/proto/otlp/collector/trace/v1"
	"google.golang.org/protobuf/proto"
	"google.golang.org/protobuf/testing/protocmp"
)

// Times of what is sent.
var (
	began = time.Date(2026, 11, 29, 1, 2, 3, 456, time.UTC)
	ended = began.Add(789 * time.Millisecond)
)

var attributes = []attribute.KeyValue{
	attribute.String("text", "grüß"), attribute.String("none", ""), attribute.Bool("yes", true), attribute.Bool("no", false),
	attribute.Int64("least", math.MinInt64), attribute.Int64("zero", 0), attribute.Float64("half", .5), attribute.Float64("nought", 0),
	attribute.StringSlice("texts", []string{"a", ""}), attribute.BoolSlice("flags", []bool{true, false}),
	attribute.Int64Slice("ints", []int64{-1, 0}), attribute.Float64Slice("floats", []float64{0, math.Inf(1)}), attribute.StringSlice("empty", nil),
}

// received is a collector, and the last request to it.
type received struct {
	path string
	body []byte
}

func newReceived(t *testing.T) *received {
	r := &received{}
	server := httptest.NewServer(http.HandlerFunc(func(_ http.ResponseWriter, q *http.Request) {
		body, err := io.ReadAll(q.Body)
		if err != nil {
			t.Error(err)
		}
		r.path, r.body = q.URL.Path, body
	}))
	t.Cleanup(server.Close)
	t.Setenv("OTEL_EXPORTER_OTLP_ENDPOINT", server.URL)
	return r
}

// checkEqual has ours and the SDK's exporter send, and compares what comes.
func (r *received) checkEqual(t *testing.T, path string, ours, theirs func() error, got, want proto.Message) {
	t.Helper()
	for _, one := range []struct {
		send func() error
		into proto.Message
	}{{ours, got}, {theirs, want}} {
		*r = received{}
		if err := one.send(); err != nil {
			t.Fatal(err)
		}
		if r.path != path {
			t.Errorf("sent to %q, want %q", r.path, path)
		}
		if err := proto.Unmarshal(r.body, one.into); err != nil {
			t.Fatal(err)
		}
	}
	if diff := cmp.Diff(want, got, protocmp.Transform()); diff != "" {
		t.Errorf("it differs from the SDK's (-want +got):\n%s", diff)
	}
}

func spanContext(t *testing.T, id byte, state string, remote bool) trace.SpanContext {
	parsed, err := trace.ParseTraceState(state)
	if err != nil {
		t.Fatal(err)
	}
	return trace.NewSpanContext(trace.SpanContextConfig{TraceID: trace.TraceID{1, 2, 15: id}, SpanID: trace.SpanID{3, 7: id}, TraceFlags: trace.FlagsSampled, TraceState: parsed, Remote: remote})
}

// TestSpansEqual: spans are sent as the SDK's own exporter sends them.
func TestSpansEqual(t *testing.T) {
	who := resource.NewWithAttributes("https://schema.example/1", attribute.String("service.name", "apimulator"))
	spans := tracetest.SpanStubs{
		{
			Name: "GET /shop/{id}", SpanContext: spanContext(t, 1, "rojo=00f067aa0ba902b7,congo=t61", false), Parent: spanContext(t, 2, "", true), SpanKind: trace.SpanKindServer,
			StartTime: began, EndTime: ended, Attributes: attributes, Resource: who,
			Status: sdk.Status{Code: codes.Error, Description: "no"}, DroppedAttributes: 3, DroppedEvents: 4, DroppedLinks: 5,
			Events:               []sdk.Event{{Name: "statement failed", Time: ended, Attributes: attributes, DroppedAttributeCount: 6}, {Name: "", Time: began}},
			Links:                []sdk.Link{{SpanContext: spanContext(t, 3, "", true), Attributes: attributes, DroppedAttributeCount: 7}, {SpanContext: spanContext(t, 4, "", false)}},
			InstrumentationScope: instrumentation.Scope{Name: "one", Version: "2", SchemaURL: "https://schema.example/2", Attributes: attribute.NewSet(attribute.Int("of", 3))},
		},
		{Name: "GET", SpanContext: spanContext(t, 5, "", false), Parent: spanContext(t, 1, "", false), SpanKind: trace.SpanKindClient, Status: sdk.Status{Code: codes.Ok}, Resource: who, InstrumentationScope: instrumentation.Scope{Name: "one"}},
		{Name: "", SpanContext: spanContext(t, 6, "", false), SpanKind: trace.SpanKindInternal, Resource: who, InstrumentationScope: instrumentation.Scope{Name: "other"}},
	}.Snapshots()
	for name, sent := range map[string][]sdk.ReadOnlySpan{"one": spans[:1], "of no parent": spans[2:], "of one scope": {spans[1], spans[1]}} {
		t.Run(name, func(t *testing.T) {
			r := newReceived(t)
			ours, err := NewSpanExporter()
			if err != nil {
				t.Fatal(err)
			}
			theirs, err := otlptracehttp.New(t.Context())
			if err != nil {
				t.Fatal(err)
			}
			var got, want collectortrace.ExportTraceServiceRequest
			r.checkEqual(t, "/v1/traces",
				func() error { return ours.ExportSpans(t.Context(), sent) },
				func() error { return theirs.ExportSpans(t.Context(), sent) }, &got, &want)
			if err := ours.Shutdown(context.Background()); err != nil {
				t.Error(err)
			}
		})
	}
	t.Run("several scopes", func(t *testing.T) { // whose order is any with the SDK's
		var got collectortrace.ExportTraceServiceRequest
		if err := proto.Unmarshal(spansMessage([]sdk.ReadOnlySpan{spans[2], spans[1], spans[2]}), &got); err != nil {
			t.Fatal(err)
		}
		if len(got.ResourceSpans) != 1 || len(got.ResourceSpans[0].ScopeSpans) != 2 {
			t.Fatalf("got %v, want two scopes of one resource", &got)
		}
		for i, want := range []struct {
			scope string
			spans int
		}{{"other", 2}, {"one", 1}} {
			if s := got.ResourceSpans[0].ScopeSpans[i]; s.Scope.Name != want.scope || len(s.Spans) != want.spans {
				t.Errorf("scope %d is %s with %d spans, want %s with %d", i, s.Scope.Name, len(s.Spans), want.scope, want.spans)
			}
		}
	})
}

// TestMetricsEqual: metrics are sent as the SDK's own exporter sends them.
func TestMetricsEqual(t *testing.T) {
	labels := attribute.NewSet(attribute.String("api", "shop"), attribute.String("status", "200"))
	numbers := []metricdata.DataPoint[float64]{{Attributes: labels, StartTime: began, Time: ended, Value: 2.5}, {Time: ended}}
	all := &metricdata.ResourceMetrics{
		Resource: resource.NewWithAttributes("https://schema.example/1", attribute.String("service.name", "apimulator")),
		ScopeMetrics: []metricdata.ScopeMetrics{{
			Scope: instrumentation.Scope{Name: "bridge", Version: "1", SchemaURL: "https://schema.example/2"},
			Metrics: []metricdata.Metrics{
				{Name: "gauge", Description: "of something", Unit: "s", Data: metricdata.Gauge[float64]{DataPoints: numbers}},
				{Name: "sum", Data: metricdata.Sum[float64]{DataPoints: numbers, Temporality: metricdata.CumulativeTemporality, IsMonotonic: true}},
				{Name: "difference", Data: metricdata.Sum[float64]{DataPoints: numbers, Temporality: metricdata.DeltaTemporality}},
				{Name: "histogram", Data: metricdata.Histogram[float64]{Temporality: metricdata.CumulativeTemporality, DataPoints: []metricdata.HistogramDataPoint[float64]{
					{Attributes: labels, StartTime: began, Time: ended, Count: 3, Sum: 4.5, Bounds: []float64{0, 1}, BucketCounts: []uint64{0, 1, 2}, Min: metricdata.NewExtrema(0.), Max: metricdata.NewExtrema(3.)},
					{Time: ended},
				}}},
				{Name: "summary", Data: metricdata.Summary{DataPoints: []metricdata.SummaryDataPoint{
					{Attributes: labels, StartTime: began, Time: ended, Count: 3, Sum: 4.5, QuantileValues: []metricdata.QuantileValue{{Quantile: 0, Value: 0}, {Quantile: .5, Value: 1}}},
					{Time: ended},
				}}},
			},
		}, {Scope: instrumentation.Scope{Name: "nothing"}}},
	}
	r := newReceived(t)
	ours, err := NewMetricExporter()
	if err != nil {
		t.Fatal(err)
	}
	theirs, err := otlpmetrichttp.New(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	var got, want collectormetrics.ExportMetricsServiceRequest
	r.checkEqual(t, "/v1/metrics",
		func() error { return ours.Export(t.Context(), all) },
		func() error { return theirs.Export(t.Context(), all) }, &got, &want)
	if err := ours.Shutdown(context.Background()); err != nil {
		t.Error(err)
	}

	all.ScopeMetrics[0].Metrics[1].Data = metricdata.Sum[int64]{}
	*r = received{}
	const want2 = "the metric sum can't be sent: it is a metricdata.Sum[int64]"
	if err := ours.Export(t.Context(), all); err == nil || err.Error() != want2 || r.body != nil {
		t.Errorf("a sum of integers gives %v, want %s", err, want2)
	}
}

// TestTextIsUTF8: what a client sends may be no text, and would have all of it refused.
func TestTextIsUTF8(t *testing.T) {
	spans := tracetest.SpanStubs{{Name: "G\xffT", Attributes: []attribute.KeyValue{attribute.String("a\xff", "\xc3(")}}}.Snapshots()
	var got collectortrace.ExportTraceServiceRequest
	if err := proto.Unmarshal(spansMessage(spans), &got); err != nil {
		t.Fatal(err)
	}
	span := got.ResourceSpans[0].ScopeSpans[0].Spans[0]
	if span.Name != "G\uFFFDT" || span.Attributes[0].Key != "a\uFFFD" || span.Attributes[0].Value.GetStringValue() != "\uFFFD(" {
		t.Errorf("got %v", span)
	}
}

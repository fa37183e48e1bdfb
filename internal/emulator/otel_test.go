package emulator

import (
	"encoding/hex"
	"fmt"
	"io"
	"net/http"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/google/go-cmp/cmp"
	collectormetrics "go.opentelemetry.io/proto/otlp/collector/metrics/v1"
	collectortrace "go.opentelemetry.io/proto/otlp/collector/trace/v1"
	common "go.opentelemetry.io/proto/otlp/common/v1"
	metrics "go.opentelemetry.io/proto/otlp/metrics/v1"
	trace "go.opentelemetry.io/proto/otlp/trace/v1"
	"google.golang.org/protobuf/proto"
)

// collector is an OpenTelemetry collector.
type collector struct {
	mu       sync.Mutex
	services map[string]bool
	spans    []*trace.Span
	metrics  []*metrics.Metric // of the last export
}

// newCollector starts one, to which the standard variables lead.
func newCollector(t *testing.T) *collector {
	c := &collector{services: make(map[string]bool)}
	server := backend(t, func(w http.ResponseWriter, r *http.Request) {
		body, err := io.ReadAll(r.Body)
		if err != nil {
			t.Error(err)
		}
		if err := c.take(r.URL.Path, body); err != nil {
			t.Errorf("%s: %v", r.URL.Path, err)
		}
		w.Header().Set("Content-Type", "application/x-protobuf")
	})
	t.Setenv("OTEL_EXPORTER_OTLP_ENDPOINT", server.URL)
	return c
}

func (c *collector) take(path string, body []byte) error {
	c.mu.Lock()
	defer c.mu.Unlock()
	switch path {
	case "/v1/traces":
		var q collectortrace.ExportTraceServiceRequest
		if err := proto.Unmarshal(body, &q); err != nil {
			return err
		}
		for _, resource := range q.ResourceSpans {
			c.services[attributes(resource.Resource.Attributes)["service.name"]] = true
			for _, scope := range resource.ScopeSpans {
				c.spans = append(c.spans, scope.Spans...)
			}
		}
	case "/v1/metrics":
		var q collectormetrics.ExportMetricsServiceRequest
		if err := proto.Unmarshal(body, &q); err != nil {
			return err
		}
		c.metrics = nil
		for _, resource := range q.ResourceMetrics {
			c.services[attributes(resource.Resource.Attributes)["service.name"]] = true
			for _, scope := range resource.ScopeMetrics {
				c.metrics = append(c.metrics, scope.Metrics...)
			}
		}
	default:
		return fmt.Errorf("nothing is sent here")
	}
	return nil
}

func attributes(all []*common.KeyValue) map[string]string {
	values := make(map[string]string)
	for _, a := range all {
		switch v := a.Value.Value.(type) {
		case *common.AnyValue_StringValue:
			values[a.Key] = v.StringValue
		case *common.AnyValue_IntValue:
			values[a.Key] = fmt.Sprint(v.IntValue)
		}
	}
	return values
}

// named are the spans of that name.
func (c *collector) named(t *testing.T, name string, want int) []*trace.Span {
	t.Helper()
	var found []*trace.Span
	var names []string
	for _, s := range c.spans {
		names = append(names, s.Name)
		if s.Name == name {
			found = append(found, s)
		}
	}
	if len(found) != want {
		t.Fatalf("%d spans are named %q, want %d; all are %q", len(found), name, want, names)
	}
	return found
}

func withOpenTelemetry(c *Config) { c.OpenTelemetry = true }

const (
	traceID     = "0af7651916cd43dd8448eb211c80319c"
	clientSpan  = "b7ad6b7169203331"
	traceParent = "00-" + traceID + "-" + clientSpan + "-01"
	traceState  = "rojo=00f067aa0ba902b7,congo=t61rcWkgMzE"
)

// TestSpans: a request's span stands below the client's, its calls' below it, and those who
// are called learn of theirs.
func TestSpans(t *testing.T) {
	c := newCollector(t)
	t.Setenv("OTEL_SERVICE_NAME", "my-gateway")
	var mu sync.Mutex
	told := make(map[string][]string) // by path
	behind := backend(t, func(_ http.ResponseWriter, r *http.Request) {
		mu.Lock()
		defer mu.Unlock()
		told[r.URL.Path] = []string{r.Header.Get("Traceparent"), r.Header.Get("Tracestate")}
	})
	oneWay := `<send-one-way-request mode="new"><set-url>` + behind.URL + `/one-way?key=secret-in-a-query</set-url><set-method>POST</set-method></send-one-way-request>`
	l, err := startLab(t, files{
		"apim.yaml": "apis:\n  - {name: shop, path: shop, backend: \"" + behind.URL + "\", policy: policy.xml, subscriptionRequired: false, operations: [{name: item, method: GET, urlTemplate: \"/items/{id}\"}]}\n",
		"policy.xml": document(oneWay + `<choose><when condition="@(context.Request.MatchedParameters["id"] == "0")">
<check-header name="Pass" failed-check-httpcode="503" failed-check-error-message="no" ignore-case="true" /></when></choose>`),
	}, withOpenTelemetry)
	if err != nil {
		t.Fatal(err)
	}
	for path, want := range map[string]int{"/shop/items/7": 200, "/shop/items/0": 503, "/nowhere": 404} {
		if got := l.get(path, "traceparent", traceParent, "tracestate", traceState); got.status != want {
			t.Fatalf("%s answers %d %s, want %d", path, got.status, got.body, want)
		}
	}
	l.close()

	c.named(t, "GET /shop/items/{id}", 2)
	var good, bad *trace.Span
	for _, s := range c.named(t, "GET /shop/items/{id}", 2) {
		if attributes(s.Attributes)["http.response.status_code"] == "200" {
			good = s
		} else {
			bad = s
		}
	}
	if good == nil || bad == nil {
		t.Fatalf("there is no span of each answer in %v", c.spans)
	}
	for _, s := range append(c.named(t, "GET", 2), good, bad) { // one is the call, one of no operation
		if got := hex.EncodeToString(s.TraceId); got != traceID {
			t.Errorf("a span is of trace %s, want the client's %s", got, traceID)
		}
	}
	if got := hex.EncodeToString(good.ParentSpanId); got != clientSpan || good.Kind != trace.Span_SPAN_KIND_SERVER || good.TraceState != traceState {
		t.Errorf("the request's span has parent %s, kind %s and state %s", got, good.Kind, good.TraceState)
	}
	if bad.Status.Code != trace.Status_STATUS_CODE_ERROR || good.Status.Code != trace.Status_STATUS_CODE_UNSET {
		t.Errorf("the statuses are %s and %s", bad.Status, good.Status)
	}
	record := make(map[string]bool)
	for len(l.records) > 0 {
		record[l.record().ID] = true
	}
	if id := attributes(good.Attributes)["apimulator.request_id"]; !record[id] {
		t.Errorf("no record has the id %q", id)
	}

	call := c.named(t, "GET", 2)
	call = slices.DeleteFunc(call, func(s *trace.Span) bool { return s.Kind != trace.Span_SPAN_KIND_CLIENT })
	if len(call) != 1 || !slices.Equal(call[0].ParentSpanId, good.SpanId) {
		t.Fatalf("the calls' spans are %v, want one below %x", call, good.SpanId)
	}
	if want := []string{"00-" + traceID + "-" + hex.EncodeToString(call[0].SpanId) + "-01", traceState}; !slices.Equal(told["/items/7"], want) {
		t.Errorf("the backend gets %q, want %q", told["/items/7"], want)
	}
	parents := make(map[string]bool)
	for _, s := range c.named(t, "POST", 2) {
		parents[hex.EncodeToString(s.ParentSpanId)] = true
	}
	if want := map[string]bool{hex.EncodeToString(good.SpanId): true, hex.EncodeToString(bad.SpanId): true}; !cmp.Equal(parents, want) {
		t.Errorf("one-way requests have the parents %v, want %v", parents, want)
	}

	if len(good.Events) != 0 || len(bad.Events) != 1 {
		t.Fatalf("the events are %v and %v, want none and one", good.Events, bad.Events)
	}
	got := attributes(bad.Events[0].Attributes)
	delete(got, "code.file.path")
	if diff := cmp.Diff(map[string]string{"apimulator.statement": "check-header", "apimulator.reason": "HeaderNotFound", "apimulator.scope": "api", "apimulator.section": "inbound", "code.line.number": "3"}, got); diff != "" {
		t.Errorf("the event differs (-want +got):\n%s", diff)
	}
	for _, s := range c.spans {
		if text := s.String(); strings.Contains(text, "secret") {
			t.Errorf("a secret stands in the span %s", text)
		}
	}
	if !cmp.Equal(c.services, map[string]bool{"my-gateway": true}) {
		t.Errorf("the services are %v", c.services)
	}
}

// TestMetricsToCollector: a collector gets the metrics that /metrics shows.
func TestMetricsToCollector(t *testing.T) {
	c := newCollector(t)
	t.Setenv("OTEL_TRACES_EXPORTER", "none")
	l, err := startLab(t, files{"apim.yaml": sayingService, "policy.xml": says("hello")}, withOpenTelemetry)
	if err != nil {
		t.Fatal(err)
	}
	l.checkSays("hello")
	l.checkSays("hello")
	l.close()
	requests := -1.0
	for _, m := range c.metrics {
		if m.Name == "apimulator_requests_total" {
			requests = m.GetSum().DataPoints[0].GetAsDouble()
		}
	}
	if requests != 2 {
		t.Errorf("apimulator_requests_total is %v, want 2, in %v", requests, c.metrics)
	}
	if !cmp.Equal(c.services, map[string]bool{"apimulator": true}) || len(c.spans) != 0 {
		t.Errorf("the services are %v, and %d spans came, want none", c.services, len(c.spans))
	}
}

// TestTraceContextPassesOn: without OpenTelemetry a client's trace context gets to the
// backend as it came, whatever it is.
func TestTraceContextPassesOn(t *testing.T) {
	got := make(chan http.Header, 1)
	behind := backend(t, func(_ http.ResponseWriter, r *http.Request) { got <- r.Header })
	l := newLab(t, open(behind.URL, ""))
	for _, lines := range [][]string{
		{"Traceparent", traceParent, "Tracestate", traceState},
		{"Traceparent", "CC-0AF7651916CD43DD8448EB211C80319C-b7ad6b7169203331-ff-more", "Tracestate", "a=1 ,, b=2"},
		{},
	} {
		l.get("/", lines...)
		header := await(t, got, "the backend's request")
		for _, name := range []string{"Traceparent", "Tracestate"} {
			var want []string
			if i := slices.Index(lines, name); i >= 0 {
				want = lines[i+1 : i+2]
			}
			if !slices.Equal(header.Values(name), want) {
				t.Errorf("the backend's %s is %q, want %q", name, header.Values(name), want)
			}
		}
	}
}

// A start says what is wrong with the environment, and leaves nothing behind.
func TestOpenTelemetryUnusable(t *testing.T) {
	t.Setenv("OTEL_EXPORTER_OTLP_ENDPOINT", "http://localhost:4318")
	t.Setenv("OTEL_EXPORTER_OTLP_PROTOCOL", "grpc")
	if _, err := startLab(t, nil, withOpenTelemetry); err == nil || !strings.Contains(err.Error(), "OTEL_EXPORTER_OTLP_PROTOCOL is http/protobuf") {
		t.Errorf("the start gives %v", err)
	}
	l := newLab(t, nil) // who did not ask does not care
	l.get("/")
}

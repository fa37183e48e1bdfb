package telemetry

import (
	"net/http"
	"net/http/httptest"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/promhttp"
)

// collected gives Prometheus' own library what was read.
type collected []reading

func (all collected) Describe(chan<- *prometheus.Desc) {}

func (all collected) Collect(metrics chan<- prometheus.Metric) {
	for _, r := range all {
		of := prometheus.NewDesc(r.Name, r.Help, r.Labels, nil)
		for _, p := range r.points {
			switch r.Type {
			case counter:
				metrics <- prometheus.MustNewConstMetric(of, prometheus.CounterValue, p.value, p.labels...)
			case gauge:
				metrics <- prometheus.MustNewConstMetric(of, prometheus.GaugeValue, p.value, p.labels...)
			case summary:
				metrics <- prometheus.MustNewConstSummary(of, p.count, p.sum, nil, p.labels...)
			case histogram:
				buckets, below := make(map[float64]uint64), uint64(0)
				for i, bound := range durations {
					below += p.buckets[i]
					buckets[bound] = below
				}
				metrics <- prometheus.MustNewConstHistogram(of, p.count, p.sum, buckets, p.labels...)
			}
		}
	}
}

// TestText: the text is that of Prometheus' own library, to the byte.
func TestText(t *testing.T) {
	for name, m := range map[string]*Metrics{"everything": everything(), "nothing": newMetrics()} {
		t.Run(name, func(t *testing.T) {
			registry := prometheus.NewPedanticRegistry()
			registry.MustRegister(collected(m.read()))
			get := func(h http.Handler) *httptest.ResponseRecorder {
				w := httptest.NewRecorder()
				h.ServeHTTP(w, httptest.NewRequest(http.MethodGet, "/metrics", nil))
				if w.Code != 200 || w.Body.Len() == 0 {
					t.Fatalf("the answer is %d %s", w.Code, w.Body)
				}
				return w
			}
			want, got := get(promhttp.HandlerFor(registry, promhttp.HandlerOpts{})), get(m.Handler())
			if diff := cmp.Diff(want.Body.String(), got.Body.String()); diff != "" {
				t.Errorf("it differs (-want +got):\n%s", diff)
			}
			if kind := got.Header().Get("Content-Type"); kind != "text/plain; version=0.0.4; charset=utf-8" {
				t.Errorf("the type is %q, Prometheus' is %q", kind, want.Header().Get("Content-Type"))
			}
		})
	}
}

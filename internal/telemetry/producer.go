package telemetry

import (
	"context"
	"time"

	"go.opentelemetry.io/otel/attribute"
	"go.opentelemetry.io/otel/sdk/instrumentation"
	"go.opentelemetry.io/otel/sdk/metric/metricdata"

	"github.com/apimulator/apimulator/policy/exchange"
)

// scope is who OpenTelemetry is told that measures.
const scope = "github.com/apimulator/apimulator"

// Produce is part of OpenTelemetry's metric.Producer: the metrics by the same names.
func (m *Metrics) Produce(context.Context) ([]metricdata.ScopeMetrics, error) {
	now := exchange.System.Now()
	all := metricdata.ScopeMetrics{Scope: instrumentation.Scope{Name: scope}}
	for _, r := range m.read() {
		if len(r.points) > 0 {
			all.Metrics = append(all.Metrics, metricdata.Metrics{Name: r.Name, Description: r.Help, Data: r.data(m.began, now)})
		}
	}
	return []metricdata.ScopeMetrics{all}, nil
}

// data is what the series show as OpenTelemetry has it.
func (r *reading) data(began, now time.Time) metricdata.Aggregation {
	switch r.Type {
	case histogram:
		h := metricdata.Histogram[float64]{Temporality: metricdata.CumulativeTemporality}
		for _, p := range r.points {
			h.DataPoints = append(h.DataPoints, metricdata.HistogramDataPoint[float64]{
				Attributes: r.attributes(p), StartTime: began, Time: now, Count: p.count, Sum: p.sum, Bounds: durations[:], BucketCounts: p.buckets,
			})
		}
		return h
	case summary:
		s := metricdata.Summary{}
		for _, p := range r.points {
			s.DataPoints = append(s.DataPoints, metricdata.SummaryDataPoint{Attributes: r.attributes(p), StartTime: began, Time: now, Count: p.count, Sum: p.sum})
		}
		return s
	}
	var points []metricdata.DataPoint[float64]
	for _, p := range r.points {
		points = append(points, metricdata.DataPoint[float64]{Attributes: r.attributes(p), StartTime: began, Time: now, Value: p.value})
	}
	if r.Type == counter {
		return metricdata.Sum[float64]{DataPoints: points, Temporality: metricdata.CumulativeTemporality, IsMonotonic: true}
	}
	return metricdata.Gauge[float64]{DataPoints: points}
}

func (r *reading) attributes(p point) attribute.Set {
	all := make([]attribute.KeyValue, len(p.labels))
	for i, value := range p.labels {
		all[i] = attribute.String(r.Labels[i], value)
	}
	return attribute.NewSet(all...)
}

package otlp

import (
	"context"
	"fmt"
	"math"

	"go.opentelemetry.io/otel/sdk/metric"
	"go.opentelemetry.io/otel/sdk/metric/metricdata"
)

// metricExporter is an exporter of metrics.
type metricExporter struct{ client *client }

// NewMetricExporter makes an exporter of metrics as the variables say. An error names the one
// that can't be used.
func NewMetricExporter() (metric.Exporter, error) {
	c, err := newClient(Metrics)
	if err != nil {
		return nil, fmt.Errorf("metrics can't be sent: %w", err)
	}
	return &metricExporter{c}, nil
}

// Temporality is part of [metric.Exporter].
func (e *metricExporter) Temporality(kind metric.InstrumentKind) metricdata.Temporality {
	return metric.DefaultTemporalitySelector(kind)
}

// Aggregation is part of [metric.Exporter].
func (e *metricExporter) Aggregation(kind metric.InstrumentKind) metric.Aggregation {
	return metric.DefaultAggregationSelector(kind)
}

// Export is part of [metric.Exporter].
func (e *metricExporter) Export(ctx context.Context, metrics *metricdata.ResourceMetrics) error {
	m, err := metricsMessage(metrics)
	if err != nil {
		return err
	}
	return e.client.post(ctx, m)
}

// ForceFlush is part of [metric.Exporter]. Nothing is held back.
func (e *metricExporter) ForceFlush(ctx context.Context) error { return ctx.Err() }

// Shutdown is part of [metric.Exporter].
func (e *metricExporter) Shutdown(context.Context) error {
	e.client.close()
	return nil
}

// metricsMessage is an ExportMetricsServiceRequest. What a registry of Prometheus has comes
// as sums, gauges, histograms and summaries of float64, without exemplars, since nobody makes
// any here; another kind is an error.
func metricsMessage(all *metricdata.ResourceMetrics) ([]byte, error) {
	var m message
	var unknown error
	m.nest(1, func(m *message) { // ResourceMetrics
		m.resource(1, all.Resource)
		for _, scope := range all.ScopeMetrics {
			m.nest(2, func(m *message) { // ScopeMetrics
				m.scope(1, scope.Scope)
				for _, one := range scope.Metrics {
					m.nest(2, func(m *message) {
						if err := m.metric(one); err != nil {
							unknown = err
						}
					})
				}
				m.text(3, scope.Scope.SchemaURL)
			})
		}
		m.text(3, all.Resource.SchemaURL())
	})
	return m, unknown
}

// metric writes what a Metric is.
func (m *message) metric(one metricdata.Metrics) error {
	m.text(1, one.Name)
	m.text(2, one.Description)
	m.text(3, one.Unit)
	switch data := one.Data.(type) {
	case metricdata.Gauge[float64]:
		m.nest(5, func(m *message) { m.numbers(data.DataPoints) })
	case metricdata.Sum[float64]:
		m.nest(7, func(m *message) {
			m.numbers(data.DataPoints)
			m.temporality(data.Temporality)
			m.flag(3, data.IsMonotonic)
		})
	case metricdata.Histogram[float64]:
		m.nest(9, func(m *message) {
			for _, p := range data.DataPoints {
				m.nest(1, func(m *message) { m.distribution(p) })
			}
			m.temporality(data.Temporality)
		})
	case metricdata.Summary:
		m.nest(11, func(m *message) {
			for _, p := range data.DataPoints {
				m.nest(1, func(m *message) { m.summary(p) })
			}
		})
	default:
		return fmt.Errorf("the metric %s can't be sent: it is a %T", one.Name, data)
	}
	return nil
}

// temporality writes a field that is the second of all kinds with one.
func (m *message) temporality(t metricdata.Temporality) {
	switch t {
	case metricdata.DeltaTemporality:
		m.varint(2, 1)
	case metricdata.CumulativeTemporality:
		m.varint(2, 2)
	}
}

// numbers writes NumberDataPoints.
func (m *message) numbers(points []metricdata.DataPoint[float64]) {
	for _, p := range points {
		m.nest(1, func(m *message) {
			m.time(2, p.StartTime)
			m.time(3, p.Time)
			m.givenDouble(4, p.Value)
			m.attributes(7, p.Attributes.ToSlice())
		})
	}
}

// distribution writes what a HistogramDataPoint is.
func (m *message) distribution(p metricdata.HistogramDataPoint[float64]) {
	m.time(2, p.StartTime)
	m.time(3, p.Time)
	m.fixed64(4, p.Count)
	m.givenDouble(5, p.Sum)
	m.packed(6, p.BucketCounts)
	bounds := make([]uint64, len(p.Bounds))
	for i, bound := range p.Bounds {
		bounds[i] = math.Float64bits(bound)
	}
	m.packed(7, bounds)
	m.attributes(9, p.Attributes.ToSlice())
	if least, ok := p.Min.Value(); ok {
		m.givenDouble(11, least)
	}
	if most, ok := p.Max.Value(); ok {
		m.givenDouble(12, most)
	}
}

// summary writes what a SummaryDataPoint is.
func (m *message) summary(p metricdata.SummaryDataPoint) {
	m.time(2, p.StartTime)
	m.time(3, p.Time)
	m.fixed64(4, p.Count)
	if p.Sum != 0 {
		m.givenDouble(5, p.Sum)
	}
	for _, q := range p.QuantileValues {
		m.nest(6, func(m *message) {
			if q.Quantile != 0 {
				m.givenDouble(1, q.Quantile)
			}
			if q.Value != 0 {
				m.givenDouble(2, q.Value)
			}
		})
	}
	m.attributes(7, p.Attributes.ToSlice())
}

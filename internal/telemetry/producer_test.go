package telemetry

import (
	"fmt"
	"testing"

	"github.com/google/go-cmp/cmp"
	"go.opentelemetry.io/otel/attribute"
	"go.opentelemetry.io/otel/sdk/metric/metricdata"
)

// TestProduce: OpenTelemetry gets each family as what it is, by the same names.
func TestProduce(t *testing.T) {
	m := everything()
	produced, err := m.Produce(t.Context())
	if err != nil || len(produced) != 1 {
		t.Fatalf("got %v, %v; want one scope", produced, err)
	}
	got := make(map[string]string)
	for _, one := range produced[0].Metrics {
		var kind string
		switch data := one.Data.(type) {
		case metricdata.Sum[float64]:
			if kind = counter; !data.IsMonotonic || data.Temporality != metricdata.CumulativeTemporality || !data.DataPoints[0].StartTime.Equal(m.began) {
				t.Errorf("%s is %+v", one.Name, data)
			}
		case metricdata.Gauge[float64]:
			kind = gauge
		case metricdata.Histogram[float64]:
			kind = histogram
		case metricdata.Summary:
			kind = summary
		}
		got[one.Name] = kind + " " + one.Description
	}
	want := make(map[string]string)
	for _, f := range Families() {
		want[f.Name] = f.Type + " " + f.Help
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("the metrics differ (-want +got):\n%s", diff)
	}

	for _, one := range produced[0].Metrics {
		switch one.Name {
		case requestsTotal.Name:
			points := one.Data.(metricdata.Sum[float64]).DataPoints
			if len(points) != 2 || points[0].Value != 1_000_000 || points[1].Value != 1 {
				t.Errorf("requests are %v", points)
			}
			labels := attribute.NewSet(attribute.String("api", "shop"), attribute.String("operation", "list"), attribute.String("status", "200"))
			if !points[1].Attributes.Equals(&labels) {
				t.Errorf("the attributes are %v", points[1].Attributes.ToSlice())
			}
		case backendSeconds.Name:
			p := one.Data.(metricdata.Histogram[float64]).DataPoints[0]
			if got := fmt.Sprint(p.Count, p.Sum, len(p.Bounds), p.BucketCounts); got != "6 3661.0021 15 [2 1 0 0 0 0 0 0 0 1 0 0 0 0 1 1]" {
				t.Errorf("the histogram is %s", got)
			}
		case policyMetric.Name:
			p := one.Data.(metricdata.Summary).DataPoints[0]
			if p.Count != 1 || p.Sum != 1e21 {
				t.Errorf("the summary is %+v", p)
			}
		}
	}
}

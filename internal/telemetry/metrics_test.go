package telemetry

import (
	"errors"
	"flag"
	"fmt"
	"math"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/apimulator/apimulator/policy"
	"github.com/apimulator/apimulator/policy/exchange"
)

var update = flag.Bool("update", false, "write the table of docs/observability.md anew")

func newMetrics() *Metrics {
	return NewMetrics([]string{"rate-limit", "validate-jwt", "choose"}, func() int { return 7 })
}

func plain(text string) string { return text }

// series are the values of a family by their labels: a counter's or gauge's, or the sum of
// a summary.
func series(t *testing.T, m *Metrics, family string) map[string]float64 {
	t.Helper()
	values := make(map[string]float64)
	for _, r := range m.read() {
		if r.Name != family {
			continue
		}
		for _, p := range r.points {
			values[strings.Join(p.labels, " ")] = p.value + p.sum
		}
	}
	return values
}

func request() *exchange.Exchange {
	clock := exchange.NewMovableClock(exchange.System)
	return &exchange.Exchange{Clock: clock, Timestamp: clock.Now(), API: &exchange.API{ID: "shop"}, Operation: &exchange.Operation{ID: "list"}}
}

// everything is metrics with a series of each family, and more of some.
func everything() *Metrics {
	m := newMetrics()
	x := request()
	m.Begin(x)
	m.Statement(x, &exchange.Site{Statement: "validate-jwt"}, exchange.Continued, nil, 1500*time.Microsecond)
	limit := &exchange.Failure{LastError: exchange.LastError{Source: "rate-limit", Reason: exchange.ReasonRateLimitExceeded}}
	m.Statement(x, &exchange.Site{Statement: "rate-limit"}, exchange.Failed, limit, 0)
	m.Lookup("cache-lookup", true)
	for _, took := range []time.Duration{0, time.Millisecond, 1100 * time.Microsecond, time.Second, time.Minute, time.Hour} {
		m.call(endpoint{"localhost", 1}, 200, "", took)
		m.call(endpoint{"::1", 443}, 0, exchange.ReasonTimeout, took)
	}
	m.Reloaded(errors.New("no"))
	m.Emit(policy.Metric{Namespace: "fl\\ee\nt", Name: `"cars"`, Value: 1e21}, plain)
	m.Emit(policy.Metric{Name: "cars", Value: -0.1}, plain)
	m.Emit(policy.Metric{Name: "none", Value: math.NaN()}, plain)
	m.End(x, 200)
	x.API, x.Operation = nil, nil
	for range 1_000_000 {
		m.requests.of(ended{asked{none, none}, 404}).inc()
	}
	return m
}

// TestFamilies: what is served is what Families tells.
func TestFamilies(t *testing.T) {
	got := make(map[string]int)
	for _, r := range everything().read() {
		if len(r.points) == 0 {
			t.Errorf("%s has no series", r.Name)
		}
		for _, p := range r.points {
			if len(p.labels) != len(r.Labels) {
				t.Errorf("%s has the labels %q of %q", r.Name, p.labels, r.Labels)
			}
		}
		got[r.Name]++
	}
	want := make(map[string]int)
	for _, f := range Families() {
		want[f.Name]++
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("the families differ (-want +got):\n%s", diff)
	}
}

const tableHead = "| metric | type | unit | labels | what it is | series at most |\n| --- | --- | --- | --- | --- | --- |\n"

// TestPage: the table of the page is Families.
func TestPage(t *testing.T) {
	path := filepath.Join("..", "..", "docs", "observability.md")
	text, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	before, rest, found := strings.Cut(string(text), tableHead)
	if !found {
		t.Fatal("the page has no table of metrics")
	}
	table := ""
	for line := range strings.Lines(rest) {
		if !strings.HasPrefix(line, "|") {
			break
		}
		table += line
	}
	var want strings.Builder
	for _, f := range Families() {
		fmt.Fprintf(&want, "| `%s` | %s | %s | %s | %s | %s |\n", f.Name, f.Type, f.Unit, strings.Join(f.Labels, ", "), f.Help, f.Bound)
	}
	if *update {
		if err := os.WriteFile(path, []byte(before+tableHead+want.String()+strings.TrimPrefix(rest, table)), 0o644); err != nil {
			t.Fatal(err)
		}
		return
	}
	if diff := cmp.Diff(want.String(), table); diff != "" {
		t.Errorf("docs/observability.md is not what is served: run go test ./internal/telemetry -run TestPage -update (-want +got):\n%s", diff)
	}
}

func TestLabels(t *testing.T) {
	for status, want := range map[int]string{0: "none", 200: "200", 299: "2xx", 429: "429", 599: "5xx", 999: "other", -1: "other"} {
		if got := statusLabel(status); got != want {
			t.Errorf("status %d is %q, want %q", status, got, want)
		}
	}
}

// Hosts, and the reasons of refused tokens, come from outside: the first have series of
// their own.
func TestBounds(t *testing.T) {
	m := newMetrics()
	for i := range mostBackends + 5 {
		for range 2 {
			m.call(endpoint{fmt.Sprintf("host-%d\xff", i), 80}, 200, "", 0)
		}
	}
	for i := range mostReasons + 3 {
		f := &exchange.Failure{LastError: exchange.LastError{Reason: fmt.Sprint("reason ", i)}}
		m.Statement(nil, &exchange.Site{Statement: "validate-jwt"}, exchange.Failed, f, 0)
	}
	m.Statement(nil, &exchange.Site{Statement: "validate-jwt"}, exchange.Failed, errors.New("broken"), 0)
	calls := series(t, m, backendCalls.Name)
	if len(calls) != mostBackends+1 || calls["other 2xx"] != 10 || calls["host-0?:80 2xx"] != 2 {
		t.Errorf("there are %d series of calls, of which others are %v", len(calls), calls["other 2xx"])
	}
	tokens := series(t, m, tokensTotal.Name)
	if len(tokens) != mostReasons+1 || tokens["validate-jwt other"] != 4 {
		t.Errorf("there are %d series of tokens, of which others are %v", len(tokens), tokens["validate-jwt other"])
	}
}

func TestPolicyMetrics(t *testing.T) {
	m := newMetrics()
	emit := func(value float64, name string, dimensions ...policy.Dimension) {
		m.Emit(policy.Metric{Namespace: "fleet", Name: name, Value: value, Dimensions: dimensions}, func(text string) string { return strings.ReplaceAll(text, "secret", "***") })
	}
	north, red := policy.Dimension{Name: "Region", Value: "north"}, policy.Dimension{Name: "Color", Value: "red"}
	emit(2, "cars", north, red)
	emit(-0.5, "cars", red, north)
	emit(1, "cars", policy.Dimension{Name: "Color", Value: `red, Region="north`})
	emit(3, "cars", policy.Dimension{Name: "Key", Value: "a secret \xff"})
	want := map[string]float64{
		"fleet cars Color=red, Region=north":     1.5,
		`fleet cars Color="red, Region=\"north"`: 1,
		"fleet cars Key=a *** ?":                 3,
	}
	if diff := cmp.Diff(want, series(t, m, policyMetric.Name)); diff != "" {
		t.Errorf("the series differ (-want +got):\n%s", diff)
	}
	emit(1, "long", policy.Dimension{Name: "Body", Value: strings.Repeat("x", longestLabels)})
	for i := range mostPolicySeries {
		emit(1, fmt.Sprint("name ", i))
	}
	emit(1, "cars", north, red) // which has its series
	got := series(t, m, policyMetric.Name)
	if dropped := series(t, m, policyMetricsDropped.Name)[""]; len(got) != mostPolicySeries || dropped != 4 || got["fleet cars Color=red, Region=north"] != 2.5 {
		t.Errorf("there are %d series and %v values are dropped, want %d and 4", len(got), dropped, mostPolicySeries)
	}
}

// A refusal counts where it arose, not at the statements around it.
func TestRefusals(t *testing.T) {
	m := newMetrics()
	for _, test := range []struct{ statement, path, reason string }{
		{"rate-limit", `choose\when\rate-limit`, exchange.ReasonRateLimitExceeded},
		{"choose", `choose`, exchange.ReasonRateLimitExceeded},
		{"rate-limit", `limit-concurrency`, exchange.ReasonRateLimitExceeded},
		{"rate-limit", `choose\when\rate-limit`, exchange.ReasonExpressionEvaluation},
	} {
		f := &exchange.Failure{LastError: exchange.LastError{Source: "rate-limit", Path: `choose\when\rate-limit`, Reason: test.reason}}
		m.Statement(nil, &exchange.Site{Statement: test.statement, Path: test.path}, exchange.Failed, f, 0)
	}
	if diff := cmp.Diff(map[string]float64{"rate-limit": 1}, series(t, m, limitRefusals.Name)); diff != "" {
		t.Errorf("the refusals differ (-want +got):\n%s", diff)
	}
}

// BenchmarkRequest is what counting adds to a request of four statements and a call.
func BenchmarkRequest(b *testing.B) {
	m := newMetrics()
	x := request()
	site := &exchange.Site{Statement: "choose"}
	b.ReportAllocs()
	for b.Loop() {
		m.Begin(x)
		for range 4 {
			began := x.Clock.Now()
			m.Statement(x, site, exchange.Continued, nil, x.Clock.Now().Sub(began))
		}
		began := x.Clock.Now()
		m.call(endpoint{"localhost", 80}, 200, "", x.Clock.Now().Sub(began))
		x.Done(exchange.End{})
		m.End(x, 200)
	}
}

package telemetry

import (
	"net"
	"net/http"
	"strconv"
	"time"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/promhttp"

	"github.com/apimulator/apimulator/policy"
	"github.com/apimulator/apimulator/policy/exchange"
)

// Bounds of labels whose values come from outside of the service.
const (
	mostBackends = 100 // hosts
	mostReasons  = 30  // for which a statement refuses tokens
)

// durations are the upper bounds of histograms, in seconds: from what a policy alone takes
// to what a long completion does.
var durations = []float64{.001, .0025, .005, .01, .025, .05, .1, .25, .5, 1, 2.5, 5, 10, 30, 60}

// Metrics count. They are a [policy.Meter]. Make them with [NewMetrics]; all methods can be
// called by any number of goroutines.
type Metrics struct {
	registry   *prometheus.Registry
	statements *statements
	emitted    *emitted

	requests       *seriesBy[ended, prometheus.Counter]
	requestSeconds *seriesBy[asked, prometheus.Observer]
	inFlight       prometheus.Gauge
	backends       *bounded
	calls          *seriesBy[answered, prometheus.Counter]
	callSeconds    *seriesBy[endpoint, prometheus.Observer]
	callFailures   *prometheus.CounterVec
	reasons        *bounded
	tokens         *seriesBy[judged, prometheus.Counter]
	lookups        *prometheus.CounterVec
	refusals       *prometheus.CounterVec
	reloads        *prometheus.CounterVec
	leave          func(exchange.End) // made once, for all requests
}

// What series are found by.
type (
	// asked is what a request is for.
	asked struct{ api, operation string }
	ended struct {
		asked
		status int
	}
	// endpoint is where a call goes.
	endpoint struct {
		host string
		port int
	}
	answered struct {
		endpoint
		class string
	}
	// judged is what became of a token.
	judged struct{ statement, result string }
)

var _ policy.Meter = (*Metrics)(nil)

// NewMetrics makes them, in a registry of their own. The names are those of all statements
// there are; records tells how many records are kept.
func NewMetrics(names []string, records func() int) *Metrics {
	m := &Metrics{
		registry: prometheus.NewRegistry(), statements: newStatements(names), emitted: newEmitted(),
		inFlight: prometheus.NewGauge(prometheus.GaugeOpts{Name: requestsInFlight.Name, Help: requestsInFlight.Help}),
		backends: newBounded(mostBackends), callFailures: newCounter(backendFailures), reasons: newBounded(mostReasons),
		lookups: newCounter(cacheLookups), refusals: newCounter(limitRefusals), reloads: newCounter(reloadsTotal),
	}
	requests, seconds, calls, callSeconds, tokens := newCounter(requestsTotal), newHistogram(requestSeconds), newCounter(backendCalls), newHistogram(backendSeconds), newCounter(tokensTotal)
	m.requests = newSeriesBy(func(k ended) prometheus.Counter {
		return requests.WithLabelValues(k.api, k.operation, statusLabel(k.status))
	})
	m.requestSeconds = newSeriesBy(func(k asked) prometheus.Observer { return seconds.WithLabelValues(k.api, k.operation) })
	m.calls = newSeriesBy(func(k answered) prometheus.Counter { return calls.WithLabelValues(m.backend(k.endpoint), k.class) })
	m.callSeconds = newSeriesBy(func(k endpoint) prometheus.Observer { return callSeconds.WithLabelValues(m.backend(k)) })
	m.tokens = newSeriesBy(func(k judged) prometheus.Counter { return tokens.WithLabelValues(k.statement, k.result) })
	m.leave = func(exchange.End) { m.inFlight.Dec() }
	kept := prometheus.NewGaugeFunc(prometheus.GaugeOpts{Name: recordsKept.Name, Help: recordsKept.Help}, func() float64 { return float64(records()) })
	m.registry.MustRegister(requests, seconds, m.inFlight, m.statements, calls, callSeconds, m.callFailures,
		tokens, m.lookups, m.refusals, m.reloads, m.emitted, kept)
	return m
}

func newCounter(f Family) *prometheus.CounterVec {
	return prometheus.NewCounterVec(prometheus.CounterOpts{Name: f.Name, Help: f.Help}, f.Labels)
}

func newHistogram(f Family) *prometheus.HistogramVec {
	return prometheus.NewHistogramVec(prometheus.HistogramOpts{Name: f.Name, Help: f.Help, Buckets: durations}, f.Labels)
}

// Handler serves them in the formats of Prometheus.
func (m *Metrics) Handler() http.Handler {
	return promhttp.HandlerFor(m.registry, promhttp.HandlerOpts{})
}

// Begin: the gateway begins with x.
func (m *Metrics) Begin(x *exchange.Exchange) {
	m.inFlight.Inc()
	x.OnDone(m.leave)
}

// End: x is over for the client, who got that status; 0: none.
func (m *Metrics) End(x *exchange.Exchange, status int) {
	of := asked{none, none}
	if x.API != nil {
		of.api = x.API.ID
	}
	if x.Operation != nil {
		of.operation = x.Operation.ID
	}
	m.requests.of(ended{of, status}).Inc()
	m.requestSeconds.of(of).Observe(x.Clock.Now().Sub(x.Timestamp).Seconds())
}

// Reloaded: the service has been read again; err is why the one before stays.
func (m *Metrics) Reloaded(err error) {
	result := "ok"
	if err != nil {
		result = "failed"
	}
	m.reloads.WithLabelValues(result).Inc()
}

// Lookup is part of [policy.Meter].
func (m *Metrics) Lookup(statement string, found bool) {
	result := "miss"
	if found {
		result = "hit"
	}
	m.lookups.WithLabelValues(statement, result).Inc()
}

// call: a policy's call to a host has ended after that time, with a status or for want of
// one with a reason.
func (m *Metrics) call(to endpoint, status int, reason string, took time.Duration) {
	m.calls.of(answered{to, classLabel(status)}).Inc()
	m.callSeconds.of(to).Observe(took.Seconds())
	if status == 0 {
		m.callFailures.WithLabelValues(m.backend(to), reason).Inc()
	}
}

// backend is the label of a host and its port.
func (m *Metrics) backend(e endpoint) string {
	return m.backends.value(net.JoinHostPort(e.host, strconv.Itoa(e.port)))
}

// statusLabel is a status that has a name, or the class of one that a policy made up.
func statusLabel(status int) string {
	if exchange.StatusText(status) == "" {
		return classLabel(status)
	}
	return strconv.Itoa(status)
}

// classLabel is the class of a status, such as 2xx.
func classLabel(status int) string {
	if status < 100 || status > 599 {
		if status == 0 {
			return none
		}
		return other
	}
	return [...]string{"1xx", "2xx", "3xx", "4xx", "5xx"}[status/100-1]
}

package telemetry

import (
	"net"
	"slices"
	"strconv"
	"strings"
	"sync/atomic"
	"time"

	"go.opentelemetry.io/otel/sdk/metric"

	"github.com/apimulator/apimulator/policy"
	"github.com/apimulator/apimulator/policy/exchange"
)

// Bounds of labels whose values come from outside of the service.
const (
	mostBackends = 100 // hosts
	mostReasons  = 30  // for which a statement refuses tokens
)

// Metrics count. They are a [policy.Meter] and a metric.Producer of OpenTelemetry. Make them
// with [NewMetrics]; all methods can be called by any number of goroutines.
type Metrics struct {
	statements *statements
	emitted    *emitted
	records    func() int
	began      time.Time

	requests       *family[ended, *count]
	requestSeconds *family[asked, *distribution]
	inFlight       atomic.Int64
	backends       *bounded
	calls          *family[answered, *count]
	callSeconds    *family[endpoint, *distribution]
	callFailures   *family[unanswered, *count]
	reasons        *bounded
	tokens         *family[judged, *count]
	lookups        *family[judged, *count]
	refusals       *family[string, *count] // by statement
	reloads        *family[string, *count] // by result
	leave          func(exchange.End)      // made once, for all requests
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
	unanswered struct {
		endpoint
		reason string
	}
	// judged is what a statement says of a token, or found.
	judged struct{ statement, result string }
)

var (
	_ policy.Meter    = (*Metrics)(nil)
	_ metric.Producer = (*Metrics)(nil)
)

// NewMetrics makes them. The names are those of all statements there are; records tells how
// many records are kept.
func NewMetrics(names []string, records func() int) *Metrics {
	m := &Metrics{
		statements: newStatements(names), emitted: newEmitted(), records: records, began: exchange.System.Now(),
		backends: newBounded(mostBackends), reasons: newBounded(mostReasons),
	}
	m.requests = newCounter(requestsTotal, func(k ended) []string { return []string{k.api, k.operation, statusLabel(k.status)} })
	m.requestSeconds = newHistogram(requestSeconds, func(k asked) []string { return []string{k.api, k.operation} })
	m.calls = newCounter(backendCalls, func(k answered) []string { return []string{m.backend(k.endpoint), k.class} })
	m.callSeconds = newHistogram(backendSeconds, func(k endpoint) []string { return []string{m.backend(k)} })
	m.callFailures = newCounter(backendFailures, func(k unanswered) []string { return []string{m.backend(k.endpoint), k.reason} })
	m.tokens = newCounter(tokensTotal, func(k judged) []string { return []string{k.statement, k.result} })
	m.lookups = newCounter(cacheLookups, func(k judged) []string { return []string{k.statement, k.result} })
	m.refusals = newCounter(limitRefusals, func(statement string) []string { return []string{statement} })
	m.reloads = newCounter(reloadsTotal, func(result string) []string { return []string{result} })
	m.leave = func(exchange.End) { m.inFlight.Add(-1) }
	return m
}

// read gives what all of them show, in the order of Prometheus.
func (m *Metrics) read() []reading {
	single := func(f Family, value float64) reading { return reading{f, []point{{value: value}}} }
	all := []reading{
		m.requests.read(), m.requestSeconds.read(), single(requestsInFlight, float64(m.inFlight.Load())),
		m.calls.read(), m.callSeconds.read(), m.callFailures.read(), m.tokens.read(), m.lookups.read(), m.refusals.read(), m.reloads.read(),
		single(recordsKept, float64(m.records())),
	}
	all = append(append(all, m.statements.read()...), m.emitted.read()...)
	slices.SortFunc(all, func(a, b reading) int { return strings.Compare(a.Name, b.Name) })
	for _, r := range all {
		r.sort()
	}
	return all
}

// Begin: the gateway begins with x.
func (m *Metrics) Begin(x *exchange.Exchange) {
	m.inFlight.Add(1)
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
	m.requests.of(ended{of, status}).inc()
	m.requestSeconds.of(of).observe(x.Clock.Now().Sub(x.Timestamp))
}

// Reloaded: the service has been read again; err is why the one before stays.
func (m *Metrics) Reloaded(err error) {
	result := "ok"
	if err != nil {
		result = "failed"
	}
	m.reloads.of(result).inc()
}

// Lookup is part of [policy.Meter].
func (m *Metrics) Lookup(statement string, found bool) {
	result := "miss"
	if found {
		result = "hit"
	}
	m.lookups.of(judged{statement, result}).inc()
}

// call: a policy's call to a host has ended after that time, with a status or for want of
// one with a reason.
func (m *Metrics) call(to endpoint, status int, reason string, took time.Duration) {
	m.calls.of(answered{to, classLabel(status)}).inc()
	m.callSeconds.of(to).observe(took)
	if status == 0 {
		m.callFailures.of(unanswered{to, reason}).inc()
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

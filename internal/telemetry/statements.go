package telemetry

import (
	"errors"
	"sync/atomic"
	"time"

	"github.com/prometheus/client_golang/prometheus"

	"github.com/apimulator/apimulator/policy/exchange"
)

// statements count executions. Every statement of every request is counted, so nothing is
// looked up but its name; series are made of the counts when somebody reads them.
type statements struct {
	byName         map[string]*executions
	total, seconds *prometheus.Desc
}

// executions are those of one statement.
type executions struct {
	outcomes    [3]atomic.Uint64 // by exchange.Outcome
	nanoseconds atomic.Int64
}

func newStatements(names []string) *statements {
	s := &statements{byName: make(map[string]*executions, len(names)), total: newDesc(statementsTotal), seconds: newDesc(statementSeconds)}
	for _, name := range names {
		s.byName[name] = &executions{}
	}
	return s
}

func newDesc(f Family) *prometheus.Desc { return prometheus.NewDesc(f.Name, f.Help, f.Labels, nil) }

// Describe is part of prometheus.Collector.
func (s *statements) Describe(descs chan<- *prometheus.Desc) {
	descs <- s.total
	descs <- s.seconds
}

// Collect is part of prometheus.Collector. Statements that nothing has executed are left out.
func (s *statements) Collect(series chan<- prometheus.Metric) {
	for name, e := range s.byName {
		executed := false
		for outcome := range e.outcomes {
			if n := e.outcomes[outcome].Load(); n > 0 {
				executed = true
				series <- prometheus.MustNewConstMetric(s.total, prometheus.CounterValue, float64(n), name, exchange.Outcome(outcome).String())
			}
		}
		if executed {
			took := time.Duration(e.nanoseconds.Load())
			series <- prometheus.MustNewConstMetric(s.seconds, prometheus.CounterValue, took.Seconds(), name)
		}
	}
}

// Statement is part of [policy.Meter].
func (m *Metrics) Statement(_ *exchange.Exchange, site *exchange.Site, outcome exchange.Outcome, err error, took time.Duration) {
	if e := m.statements.byName[site.Statement]; e != nil {
		e.outcomes[outcome].Add(1)
		e.nanoseconds.Add(int64(took))
	}
	switch site.Statement {
	case "validate-jwt", "validate-azure-ad-token":
		m.token(site.Statement, outcome, err)
	}
	if outcome == exchange.Failed {
		m.refused(site, err)
	}
}

// token counts the verdict on a token.
func (m *Metrics) token(statement string, outcome exchange.Outcome, err error) {
	result := "accepted"
	if outcome == exchange.Failed {
		result = other
		if f, ok := errors.AsType[*exchange.Failure](err); ok {
			result = m.reasons.value(f.Reason)
		}
	}
	m.tokens.of(judged{statement, result}).Inc()
}

// refused counts err if it says that a limit is used up. The failure of a nested statement
// comes by once for each statement around it; its path tells where it arose.
func (m *Metrics) refused(site *exchange.Site, err error) {
	f, ok := errors.AsType[*exchange.Failure](err)
	if !ok || f.Source != site.Statement || f.Path != site.Path {
		return
	}
	switch f.Reason {
	case exchange.ReasonRateLimitExceeded, exchange.ReasonQuotaExceeded, exchange.ReasonTokenLimitExceeded, exchange.ReasonTokenQuotaExceeded, exchange.ReasonConcurrencyLimit:
		m.refusals.WithLabelValues(site.Statement).Inc()
	}
}

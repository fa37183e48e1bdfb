package telemetry

import (
	"errors"
	"sync/atomic"
	"time"

	"github.com/apimulator/apimulator/policy/exchange"
)

// statements count executions. Every statement of every request is counted, so nothing is
// looked up but its name; series are made of the counts when somebody reads them.
type statements struct{ byName map[string]*executions }

// executions are those of one statement.
type executions struct {
	outcomes    [3]atomic.Uint64 // by exchange.Outcome
	nanoseconds atomic.Int64
}

func newStatements(names []string) *statements {
	s := &statements{make(map[string]*executions, len(names))}
	for _, name := range names {
		s.byName[name] = &executions{}
	}
	return s
}

// read gives what they show. Statements that nothing has executed are left out.
func (s *statements) read() []reading {
	total, seconds := reading{Family: statementsTotal}, reading{Family: statementSeconds}
	for name, e := range s.byName {
		executed := false
		for outcome := range e.outcomes {
			if n := e.outcomes[outcome].Load(); n > 0 {
				executed = true
				total.points = append(total.points, point{labels: []string{name, exchange.Outcome(outcome).String()}, value: float64(n)})
			}
		}
		if executed {
			took := time.Duration(e.nanoseconds.Load())
			seconds.points = append(seconds.points, point{labels: []string{name}, value: took.Seconds()})
		}
	}
	return []reading{total, seconds}
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
	m.tokens.of(judged{statement, result}).inc()
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
		m.refusals.of(site.Statement).inc()
	}
}

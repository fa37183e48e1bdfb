package ai

import (
	"fmt"
	"strconv"
	"time"

	"github.com/apimulator/apimulator/policy"
	"github.com/apimulator/apimulator/policy/exchange"
)

// tokenLimit is what azure-openai-token-limit and llm-token-limit share. The page
// of the former knows no quota, in its last edition that was read; deployed
// documents have one (usage.md).
func tokenLimit(name string) policy.Element {
	return policy.Element{
		Name: name,
		Doc:  "Refuses requests to a language model whose tokens are above a rate or a quota.",
		Attributes: []policy.Attribute{
			{Name: "counter-key", Doc: "What is counted: each value has a counter of its own.", Type: policy.String, Required: true, Expression: true},
			{Name: "tokens-per-minute", Doc: "Tokens allowed per minute.", Type: policy.Int, ExpressionOpen: true},
			// Azure wants a long of an expression (observed.md, V17).
			{Name: "token-quota", Doc: "Tokens allowed in the quota's period; an expression has to give a long.", Type: policy.Long, Expression: true},
			{Name: "token-quota-period", Doc: "The quota's period.", Type: policy.Enum, Values: quotaPeriods, Expression: true},
			{Name: "estimate-prompt-tokens", Doc: "Count a prompt before it is sent, by an estimate.", Type: policy.Bool, Required: true, ExpressionOpen: true},
			{Name: "retry-after-header-name", Doc: "Response header with the seconds to wait.", Type: policy.String, Default: "Retry-After"},
			{Name: "retry-after-variable-name", Doc: "Variable with the seconds to wait.", Type: policy.String},
			{Name: "remaining-quota-tokens-header-name", Doc: "Response header with the tokens left of the quota.", Type: policy.String},
			{Name: "remaining-quota-tokens-variable-name", Doc: "Variable with the tokens left of the quota.", Type: policy.String},
			{Name: "remaining-tokens-header-name", Doc: "Response header with the tokens left of the rate.", Type: policy.String},
			{Name: "remaining-tokens-variable-name", Doc: "Variable with the tokens left of the rate.", Type: policy.String},
			{Name: "tokens-consumed-header-name", Doc: "Response header with the tokens used.", Type: policy.String},
			{Name: "tokens-consumed-variable-name", Doc: "Variable with the tokens used: estimated before the request is sent, then as told.", Type: policy.String, ExpressionOpen: true},
		},
		AtLeastOne: [][]string{{"tokens-per-minute", "token-quota"}},
		Together:   [][]string{{"token-quota", "token-quota-period"}},
	}
}

// limitStep is the step of both.
type limitStep struct {
	statement         string
	key               policy.Operand[string]
	hasRate, hasQuota bool
	perMinute         policy.Operand[int]
	quota             policy.Operand[int64]
	period            policy.Operand[string]
	estimate          policy.Operand[bool]
	consumedVariable  policy.Operand[string]

	retryHeader, retryVariable                   string
	remainingHeader, remainingVariable           string
	remainingQuotaHeader, remainingQuotaVariable string
	consumedHeader                               string
}

func newLimitStep(n *policy.Node) (policy.Step, error) {
	named := func(name string) string {
		value, _ := n.String(name).Constant()
		return value
	}
	return &limitStep{
		statement: n.Name, key: n.String("counter-key"), hasRate: n.Has("tokens-per-minute"), hasQuota: n.Has("token-quota"),
		perMinute: n.Int("tokens-per-minute"), quota: n.Long("token-quota"), period: n.String("token-quota-period"),
		estimate: n.Bool("estimate-prompt-tokens"), consumedVariable: n.String("tokens-consumed-variable-name"),
		retryHeader: named("retry-after-header-name"), retryVariable: named("retry-after-variable-name"),
		remainingHeader: named("remaining-tokens-header-name"), remainingVariable: named("remaining-tokens-variable-name"),
		remainingQuotaHeader: named("remaining-quota-tokens-header-name"), remainingQuotaVariable: named("remaining-quota-tokens-variable-name"),
		consumedHeader: named("tokens-consumed-header-name"),
	}, nil
}

// limited is one request under a limit.
type limited struct {
	*limitStep
	rate, quota  *policy.Counter // nil: it has none
	consumed     string          // variable
	estimates    bool
	prompt       *prompt
	used         int64
	left, leftOf int64 // of rate and quota
}

// Run refuses the request if its rate or its quota is used up, or will be by the prompt's
// estimate, and has charged to both what it spends.
func (s *limitStep) Run(r *policy.Run) error {
	l, err := s.counters(r)
	if err != nil {
		return err
	}
	spending := spendingOf(r)
	l.prompt = spending.question
	// Streams are always estimated.
	l.estimates = l.estimates || l.prompt.stream
	if l.estimates {
		l.used = int64(l.prompt.tokens())
	}
	if s.remainingHeader != "" || s.remainingQuotaHeader != "" || s.consumedHeader != "" {
		r.AtEnd(l.headers)
	}
	if err := l.reserve(r); err != nil {
		return err
	}
	l.variables(r)
	spending.watch(func(spent spent) { l.settle(r, spent) })
	return nil
}

// counters are those of the key.
func (s *limitStep) counters(r *policy.Run) (*limited, error) {
	l := &limited{limitStep: s}
	key, err := s.key.Get(r)
	if err != nil {
		return nil, err
	}
	if l.consumed, err = s.consumedVariable.Get(r); err != nil {
		return nil, err
	}
	if l.estimates, err = s.estimate.Get(r); err != nil {
		return nil, err
	}
	if s.hasRate {
		perMinute, err := s.perMinute.Get(r)
		if err != nil {
			return nil, err
		}
		l.rate = &policy.Counter{CounterID: policy.CounterID{Statement: s.statement, Unit: "tokens", Key: key}, Window: policy.Refilling, Limit: int64(perMinute), Length: time.Minute}
	}
	if s.hasQuota {
		quota, err := s.quota.Get(r)
		if err != nil {
			return nil, err
		}
		period, err := s.period.Get(r)
		if err != nil {
			return nil, err
		}
		l.quota = &policy.Counter{CounterID: policy.CounterID{Statement: s.statement, Unit: quotaUnit(period), Key: key}, Window: policy.Fixed, Limit: quota}
		l.quota.Start, l.quota.End = quotaPeriod(period, r.Clock.Now())
	}
	return l, nil
}

// reserve charges the estimate to rate and quota, or to neither.
func (l *limited) reserve(r *policy.Run) error {
	if l.rate != nil {
		s := chargeOf(r, *l.rate).reserve(r, l.rate, l.used, false)
		l.left = s.Left(l.rate.Limit)
		l.note(r, l.rate, s)
		if !s.Allowed {
			l.variables(r)
			return l.refuse(r, 429, s.Wait, l.used > l.rate.Limit, exchange.ReasonTokenLimitExceeded, exchange.MessageTokenLimitExceeded, exchange.MessageTryAgain)
		}
	}
	if l.quota != nil {
		s := chargeOf(r, *l.quota).reserve(r, l.quota, l.used, true)
		l.leftOf = s.Left(l.quota.Limit)
		l.note(r, l.quota, s)
		if !s.Allowed {
			if l.rate != nil {
				chargeOf(r, *l.rate).release(r)
				l.left = r.Env.Counters.Add(r.Clock.Now(), l.rate, 0).Left(l.rate.Limit)
			}
			l.variables(r)
			wait := l.quota.End.Sub(r.Clock.Now())
			return l.refuse(r, 403, wait, l.used > l.quota.Limit, exchange.ReasonTokenQuotaExceeded, exchange.MessageTokenQuotaExceeded, exchange.MessageTryAgainWords)
		}
	}
	return nil
}

// refuse is the failure of too many tokens (observed.md 3.3 to 3.7). A prompt that can
// never fit is told no time to wait.
func (l *limited) refuse(r *policy.Run, status int, wait time.Duration, never bool, reason, message string, tryAgain func(string, time.Duration) string) error {
	f := &exchange.Failure{Status: status}
	f.Reason, f.Message = reason, message
	if never {
		return f
	}
	f.Message = tryAgain(message, wait)
	seconds := exchange.Seconds(wait)
	if l.retryVariable != "" {
		r.Variables.Set(l.retryVariable, int32(seconds))
	}
	if l.retryHeader != "" {
		f.Header = []exchange.Field{{Name: l.retryHeader, Value: strconv.FormatInt(seconds, 10)}}
	}
	return f
}

// settle charges what was spent. Without an estimate only what the model tells counts.
func (l *limited) settle(r *policy.Run, s spent) {
	l.used = int64(s.total())
	if !s.told && !l.estimates && !s.streamed {
		l.used = 0
	}
	if l.rate != nil {
		standing := chargeOf(r, *l.rate).settle(r, l.rate, l.used)
		l.left = standing.Left(l.rate.Limit)
		l.note(r, l.rate, standing)
	}
	if l.quota != nil {
		standing := chargeOf(r, *l.quota).settle(r, l.quota, l.used)
		l.leftOf = standing.Left(l.quota.Limit)
		l.note(r, l.quota, standing)
	}
	l.variables(r)
}

func (l *limited) note(r *policy.Run, c *policy.Counter, s policy.Standing) {
	if r.Observed() {
		r.Note(l.statement, fmt.Sprintf("The counter stands at %d of %d %s.", s.Used, c.Limit, c.Unit))
	}
}

// variables tell what is used and left so far: an estimate, or 0 without one, until the
// backend has answered. Chosen: ints, and a long for what is left of the quota, which is
// one itself.
func (l *limited) variables(r *policy.Run) {
	if l.consumed != "" {
		r.Variables.Set(l.consumed, int32(l.used))
	}
	if l.remainingVariable != "" && l.rate != nil {
		r.Variables.Set(l.remainingVariable, int32(l.left))
	}
	if l.remainingQuotaVariable != "" && l.quota != nil {
		r.Variables.Set(l.remainingQuotaVariable, l.leftOf)
	}
}

// headers tell the client the same. Those of a stream go before it, so they have what its
// prompt is estimated at.
func (l *limited) headers(r *policy.Run) {
	set := func(name string, value int64) {
		if name != "" {
			r.Response.Header.Set(name, strconv.FormatInt(value, 10))
		}
	}
	if l.rate != nil {
		set(l.remainingHeader, l.left)
	}
	if l.quota != nil {
		set(l.remainingQuotaHeader, l.leftOf)
	}
	if policy.Keep[spending](r).answered {
		set(l.consumedHeader, l.used)
	}
}

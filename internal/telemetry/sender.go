package telemetry

import (
	"context"
	"errors"

	"github.com/apimulator/apimulator/policy"
	"github.com/apimulator/apimulator/policy/exchange"
)

// Sender is next, whose calls are counted, and followed if tracing is not nil. Time is by
// clock.
func Sender(next policy.Sender, clock exchange.Clock, m *Metrics, t *Tracing) policy.Sender {
	if t != nil {
		next = &tracedSender{next, t}
	}
	return &countedSender{next, clock, m}
}

type countedSender struct {
	next    policy.Sender
	clock   exchange.Clock
	metrics *Metrics
}

// Send is part of policy.Sender.
func (s *countedSender) Send(ctx context.Context, out *policy.Outgoing) (*exchange.Response, error) {
	began, to := exchange.Elapsed(s.clock), endpoint{out.URL.Host, out.URL.Port}
	response, err := s.next.Send(ctx, out)
	took := exchange.Elapsed(s.clock) - began
	if err != nil {
		s.metrics.call(to, 0, reasonOf(err), took)
		return nil, err
	}
	s.metrics.call(to, response.Status, "", took)
	return response, nil
}

// reasonOf says why a call got no response; it is one of a few words.
func reasonOf(err error) string {
	var failed *policy.SendError
	switch {
	case errors.Is(err, context.DeadlineExceeded):
		return exchange.ReasonTimeout
	case errors.As(err, &failed):
		return failed.Reason
	case errors.Is(err, context.Canceled):
		return "Cancelled"
	}
	return other
}

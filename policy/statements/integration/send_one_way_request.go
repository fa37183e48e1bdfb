package integration

import (
	"context"
	"errors"
	"slices"

	"github.com/apimulator/apimulator/policy"
	"github.com/apimulator/apimulator/policy/exchange"
)

// SendOneWayRequest defines <send-one-way-request>.
func SendOneWayRequest() *policy.Definition {
	e := sentRequest("send-one-way-request", "Sends a request of its own and does not wait for the response.")
	// Its page has none, nor has any deployed document.
	e.Children = slices.DeleteFunc(e.Children, func(c policy.Child) bool { return c.Name == "authentication-managed-identity" })
	return &policy.Definition{
		Element:  e,
		Category: "integration",
		Facts:    sendOneWayRequestFacts,
		Sections: policy.AnySection,
		Compile: func(n *policy.Node) (policy.Step, error) {
			q, err := compileRequest(n)
			if err != nil {
				return nil, err
			}
			return &sendOneWayRequest{q}, nil
		},
	}
}

var errNotSent = errors.New("it was not sent")

type sendOneWayRequest struct{ request *request }

// Run leaves the request behind, and goes on. What becomes of it nobody learns; that an
// expression in it throws is an error like any other, since it is evaluated here.
func (s *sendOneWayRequest) Run(r *policy.Run) error {
	out, timeout, err := s.request.outgoing(r)
	if err != nil {
		return err
	}
	sender, clock := r.Env.Sender, r.Clock
	call := out.Announce(r.Context)
	begun := r.Env.Go(func(ctx context.Context) {
		if timeout > 0 {
			var cancel context.CancelFunc
			ctx, cancel = exchange.WithTimeout(ctx, clock, timeout)
			defer cancel()
		}
		if response, err := sender.Send(ctx, out); err == nil {
			response.Body.Close()
		}
	})
	switch {
	case !begun:
		call.End(errNotSent)
		r.Note("send-one-way-request", "warning: the request is not sent: too many are under way that nobody waits for")
	case r.Observed():
		r.Note("send-one-way-request", line(out)+" goes out in the background.")
	}
	return nil
}

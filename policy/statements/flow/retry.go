package flow

import (
	"fmt"
	"math"
	"time"

	"github.com/apimulator/apimulator/policy"
	"github.com/apimulator/apimulator/policy/exchange"
)

// Retry defines <retry>. One without statements is legal, and used as a delay
// (observed.md 6.4).
func Retry() *policy.Definition {
	return &policy.Definition{
		Element: policy.Element{
			Name:       "retry",
			Doc:        "Runs its statements once, and again as long as the condition holds and retries are left.",
			Statements: true,
			Attributes: []policy.Attribute{
				{Name: "condition", Doc: "Whether to try again; evaluated after each run.", Type: policy.Bool, Required: true, Expression: true},
				{Name: "count", Doc: "The most retries; the first run is not one.", Type: policy.Int, Min: 1, Max: maxRetries, Required: true, Expression: true},
				{Name: "interval", Doc: "Seconds to wait before a retry.", Type: policy.Seconds, Required: true, Expression: true},
				{Name: "max-interval", Doc: "The most seconds to wait; with delta, makes the wait grow exponentially.", Type: policy.Seconds, Expression: true},
				{Name: "delta", Doc: "Seconds by which the wait grows.", Type: policy.Seconds, Expression: true},
				{Name: "first-fast-retry", Doc: "Do the first retry without waiting.", Type: policy.Bool, Default: "false", Expression: true},
			},
		},
		Category: "flow",
		Facts:    retryFacts,
		Sections: policy.AnySection,
		Compile: func(n *policy.Node) (policy.Step, error) {
			s := &retry{
				condition: n.Bool("condition"), count: n.Int("count"), firstFast: n.Bool("first-fast-retry"),
				interval: n.Duration("interval"), most: n.Duration("max-interval"), delta: n.Duration("delta"),
				hasMost: n.Has("max-interval"), block: n.Block(),
			}
			if s.hasMost && !n.Has("delta") {
				n.Warn(n.Attr("max-interval"), "max-interval without delta only bounds the interval; no page says what Azure makes of it")
			}
			return s, nil
		},
	}
}

// maxRetries is the reference's bound of count.
const maxRetries = 50

type retry struct {
	condition             policy.Operand[bool]
	count                 policy.Operand[int]
	interval, most, delta policy.Operand[time.Duration]
	firstFast             policy.Operand[bool]
	hasMost               bool
	block                 policy.Block
}

// Run tries until the condition no longer holds. After a statement failed the
// condition decides too; without a retry left the failure stands, as in the
// policy toolkit's emulator, for the reference says nothing of it.
func (s *retry) Run(r *policy.Run) error {
	count, err := s.count.Get(r)
	if err != nil {
		return err
	}
	for n := 1; ; n++ {
		failure := s.block.Run(r)
		if failure == policy.ErrResponded || n > count || r.Context.Err() != nil {
			return failure
		}
		again, err := s.condition.Get(r)
		switch {
		case err != nil && failure != nil:
			return failure
		case err != nil:
			return err
		case !again:
			return failure
		}
		wait, err := s.wait(r, n)
		if err != nil {
			return err
		}
		if r.Observed() {
			r.Note("retry", fmt.Sprintf("The condition holds: retry %d of %d in %s.", n, count, wait))
		}
		if err := exchange.Sleep(r.Context, r.Clock, wait); err != nil {
			return err
		}
	}
}

// wait is how long to wait before retry n, from 1 (policies-2.yaml, retry): the
// interval; with delta it grows by it each time; with max-interval as well it
// grows exponentially up to it, as the page's example has it.
func (s *retry) wait(r *policy.Run, n int) (time.Duration, error) {
	fast, err := s.firstFast.Get(r)
	if err != nil || fast && n == 1 {
		return 0, err
	}
	interval, err := s.interval.Get(r)
	if err != nil {
		return 0, err
	}
	delta, err := s.delta.Get(r)
	if err != nil {
		return 0, err
	}
	most, err := s.most.Get(r)
	switch {
	case err != nil:
		return 0, err
	case !s.hasMost:
		return interval + time.Duration(n-1)*delta, nil
	}
	growth := (math.Pow(2, float64(n-1)) - 1) * float64(delta) * (0.8 + 0.4*r.Env.RandomNumber())
	return time.Duration(min(float64(most), float64(interval)+growth)), nil
}

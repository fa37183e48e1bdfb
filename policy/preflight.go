package policy

import (
	"errors"

	"github.com/apimulator/apimulator/policy/exchange"
)

// A PreflightStep is a step that can answer a browser's question, asked beforehand,
// whether a page of another origin may call (the Fetch standard's CORS preflight).
type PreflightStep interface {
	Step
	// Preflight answers the question in r.Response and reports true, or leaves it to
	// the next such step of the section.
	Preflight(r *Run) (answered bool, err error)
}

// preflightSteps are the steps of the effective inbound section that answer
// preflights: those that stand in it directly, those of wider scopes at the place of
// <base/>, in the order in which they would run.
func (p *Program) preflightSteps(level int) []statement {
	if level >= len(p.levels) {
		return nil
	}
	var steps []statement
	for _, s := range p.levels[level].sections[exchange.Inbound] {
		if s.site == nil { // <base/>
			steps = append(steps, p.preflightSteps(level+1)...)
		} else if _, ok := s.step.(PreflightStep); ok {
			steps = append(steps, s)
		}
	}
	return steps
}

// AnswersPreflight reports whether a statement of p answers preflights.
func (p *Program) AnswersPreflight() bool { return len(p.preflight) > 0 }

// Preflight answers a preflight by the statements that do that, and runs no other. It
// is for a p that [Program.AnswersPreflight]; where none of them allows the call the
// answer is an empty 200 (policies-1.yaml, cors). Afterwards x.Response is what the
// client gets.
func (p *Program) Preflight(x *exchange.Exchange, env *Env) {
	r := &Run{Exchange: x, Env: env, program: p, section: exchange.Inbound}
	for i := range p.preflight {
		err := p.preflight[i].preflight(r)
		if errors.Is(err, ErrResponded) {
			return
		}
		if err != nil {
			r.fail(err)
			return
		}
	}
	r.Response = &exchange.Response{Status: 200, Reason: exchange.StatusText(200)}
}

// preflight is run for a preflight.
func (s *statement) preflight(r *Run) error {
	return (&statement{site: s.site, step: StepFunc(func(r *Run) error {
		answered, err := s.step.(PreflightStep).Preflight(r)
		if err == nil && answered {
			err = ErrResponded
		}
		return err
	})}).run(r)
}

package entra

import (
	"context"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/apimulator/apimulator/policy/exchange"
)

// Faults make endpoints of the public side misbehave, so that clients can be
// tested. The zero value is none.
type Faults struct {
	// Discovery is for the discovery documents, instance discovery and user realm.
	Discovery Fault `json:"discovery,omitzero"`
	// Keys is for the published keys.
	Keys KeysFault `json:"keys,omitzero"`
	// Token is for the token and device code endpoints.
	Token TokenFault `json:"token,omitzero"`
}

// A Fault is how an endpoint misbehaves.
type Fault struct {
	// DelayMs is how long answers wait, in milliseconds by the clock, up to an hour.
	DelayMs int `json:"delayMs,omitempty"`
	// Status is an error status, 400 to 599, to answer instead.
	Status int `json:"status,omitempty"`
	// Times is how many requests have the fault; 0 means all until it is removed.
	Times int `json:"times,omitempty"`
}

// A KeysFault is a [Fault] of the published keys.
type KeysFault struct {
	Fault
	// EmptySet publishes a set without keys.
	EmptySet bool `json:"emptySet,omitempty"`
}

// A TokenFault is a [Fault] of the token endpoint.
type TokenFault struct {
	Fault
	// AADSTS is the number of an error to answer, one of [InjectableErrors]: what
	// Conditional Access, missing consent and the like look like to a client.
	AADSTS int `json:"aadsts,omitempty"`
}

// InjectableErrors are the AADSTS numbers that a [TokenFault] can have.
func InjectableErrors() []int {
	var codes []int
	for _, r := range injectable {
		codes = append(codes, r.code)
	}
	return codes
}

const maxDelayMs = 60 * 60 * 1000

func (f Fault) validate(where string) error {
	switch {
	case f.DelayMs < 0 || f.DelayMs > maxDelayMs:
		return fmt.Errorf("%s.delayMs is %d; want 0 to %d", where, f.DelayMs, maxDelayMs)
	case f.Status != 0 && (f.Status < 400 || f.Status > 599):
		return fmt.Errorf("%s.status is %d; want 400 to 599", where, f.Status)
	case f.Times < 0:
		return fmt.Errorf("%s.times is %d; want 0 (until removed) or more", where, f.Times)
	}
	return nil
}

func (f Faults) validate() error {
	if err := f.Discovery.validate("discovery"); err != nil {
		return err
	}
	if err := f.Keys.validate("keys"); err != nil {
		return err
	}
	if err := f.Token.validate("token"); err != nil {
		return err
	}
	if known := InjectableErrors(); f.Token.AADSTS != 0 && !slices.Contains(known, f.Token.AADSTS) {
		return fmt.Errorf("token.aadsts is %d; want one of %s", f.Token.AADSTS, strings.Trim(fmt.Sprint(known), "[]"))
	}
	return nil
}

// SetFaults replaces the faults; the zero value removes them. It fails, and changes
// nothing, if a number is out of its range.
func (s *Server) SetFaults(f Faults) error {
	if err := f.validate(); err != nil {
		return fmt.Errorf("faults: %w", err)
	}
	s.faults.set(f)
	return nil
}

// Faults are the faults in force, with what is left of their times.
func (s *Server) Faults() Faults { return s.faults.get() }

// A faultBox holds the faults in force and counts them down.
type faultBox struct {
	mu     sync.Mutex
	faults Faults
}

func (b *faultBox) set(f Faults) {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.faults = f
}

func (b *faultBox) get() Faults {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.faults
}

func (b *faultBox) discovery() Fault {
	b.mu.Lock()
	defer b.mu.Unlock()
	return spend(&b.faults.Discovery, &b.faults.Discovery)
}

func (b *faultBox) keys() KeysFault {
	b.mu.Lock()
	defer b.mu.Unlock()
	return spend(&b.faults.Keys, &b.faults.Keys.Fault)
}

func (b *faultBox) token() TokenFault {
	b.mu.Lock()
	defer b.mu.Unlock()
	return spend(&b.faults.Token, &b.faults.Token.Fault)
}

// spend gives the whole fault for one request; count, its part with the times,
// goes down, and the last time clears it.
func spend[F any](whole *F, count *Fault) F {
	now := *whole
	switch count.Times {
	case 0:
	case 1:
		var none F
		*whole = none
	default:
		count.Times--
	}
	return now
}

// inject lets the request have the fault. It reports whether it is answered.
func (s *Server) inject(w http.ResponseWriter, c *call, f Fault) bool {
	if !wait(c.Context(), s.clock, time.Duration(f.DelayMs)*time.Millisecond) {
		return true // nobody is there to be answered
	}
	if f.Status == 0 {
		return false
	}
	kind := errMalformed
	switch {
	case f.Status == http.StatusTooManyRequests:
		kind = errThrottled
	case f.Status >= 500:
		kind = errTransient
	}
	kind.status = f.Status
	s.refuseJSON(w, c, kind.of())
	return true
}

// wait lets d pass on the clock; false if the request ended before.
func wait(ctx context.Context, clock exchange.Clock, d time.Duration) bool {
	return d <= 0 || exchange.Sleep(ctx, clock, d) == nil
}

// injected is the error of a fault's AADSTS number; nil if there is none.
func (f TokenFault) injected() *Error {
	i := slices.IndexFunc(injectable, func(r refusal) bool { return r.code == f.AADSTS })
	if i < 0 {
		return nil
	}
	e := injectable[i].of()
	if e.OAuth == interactionRequired {
		e.Suberror = "basic_action"
		e.Claims = `{"access_token":{"capolids":{"essential":true,"values":["00000000-0000-4000-8000-000000000000"]}}}`
	}
	return e
}

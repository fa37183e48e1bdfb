package managedidentity

import (
	"context"
	"fmt"
	"sync"
	"time"

	"github.com/apimulator/apimulator/policy/exchange"
)

// Faults make the endpoint misbehave, so that clients can be tested. The zero value
// is none.
type Faults struct {
	// DelayMs is how long answers wait, in milliseconds by the clock, up to an hour.
	DelayMs int `json:"delayMs,omitempty"`
	// Status is an error status, 400 to 599, to answer instead.
	Status int `json:"status,omitempty"`
	// Times is how many requests have the delay and the status; 0 means all until
	// they are removed.
	Times int `json:"times,omitempty"`
	// NoIdentity takes the identities away, as on a host that has none. Times doesn't
	// count for it.
	NoIdentity bool `json:"noIdentity,omitempty"`
}

const maxDelayMs = 60 * 60 * 1000

func (f Faults) delay() time.Duration { return time.Duration(f.DelayMs) * time.Millisecond }

// SetFaults replaces the faults; the zero value removes them. It fails, and changes
// nothing, if a number is out of its range.
func (s *Server) SetFaults(f Faults) error {
	switch {
	case f.DelayMs < 0 || f.DelayMs > maxDelayMs:
		return fmt.Errorf("faults: delayMs is %d; want 0 to %d", f.DelayMs, maxDelayMs)
	case f.Status != 0 && (f.Status < 400 || f.Status > 599):
		return fmt.Errorf("faults: status is %d; want 400 to 599", f.Status)
	case f.Times < 0:
		return fmt.Errorf("faults: times is %d; want 0 (until removed) or more", f.Times)
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

// spend gives the faults for one request. The last of their times ends delay and
// status.
func (b *faultBox) spend() Faults {
	b.mu.Lock()
	defer b.mu.Unlock()
	now := b.faults
	switch now.Times {
	case 0:
	case 1:
		b.faults = Faults{NoIdentity: now.NoIdentity}
	default:
		b.faults.Times--
	}
	return now
}

// wait lets d pass on the clock; false if the request ended before.
func wait(ctx context.Context, clock exchange.Clock, d time.Duration) bool {
	return d <= 0 || exchange.Sleep(ctx, clock, d) == nil
}

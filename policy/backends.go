package policy

import (
	"time"

	"github.com/apimulator/apimulator/policy/exchange"
)

// Backends is what is known of backend entities from one request to the next: which
// member of a pool has its turn, and which circuit breakers are tripped. It goes by the
// entities' ids, so it outlives reloads.
type Backends interface {
	// Pick is the backend that a request goes to: b itself, or a member of the pool b.
	// session, if it is that of a member which is not tripped, leads to that one;
	// otherwise the turn decides. The returned session leads to the member that is
	// picked, and is "" of a single backend. Nil says that all are tripped, the first
	// one of them until open.
	Pick(b *exchange.BackendEntity, session string, now time.Time) (picked *exchange.BackendEntity, its string, open time.Time)
	// Report tells how a request to b ended; b is a single backend. It reports whether
	// that tripped the breaker, and until when it is open.
	Report(b *exchange.BackendEntity, c BackendCall, now time.Time) (open time.Time, tripped bool)
}

// BackendCall is how a request to a backend ended.
type BackendCall struct {
	// Status of the response; 0: there is none.
	Status int
	// Reason for which there is none, as LastError has it.
	Reason string
	// RetryAfter is how long the response asks to wait; 0: it does not.
	RetryAfter time.Duration
}

package policy

import "time"

// Counters hold how much was counted under names, exactly, whoever counts at the same
// time. They outlive reloads.
type Counters interface {
	// Take counts n, not negative, if the limit allows so much more, and nothing if not.
	Take(now time.Time, c *Counter, n int64) Standing
	// Add counts n whatever the limit is. A negative n takes back what was counted; 0 only
	// asks.
	Add(now time.Time, c *Counter, n int64) Standing
}

// Counter is what is counted, and how it is forgotten again.
type Counter struct {
	CounterID
	Window Window
	// Limit is the most that is allowed in a window.
	Limit int64
	// Length is that of a sliding window, or of one that refills.
	Length time.Duration
	// Start and End are of the fixed window that is now; a zero End: it never ends.
	Start, End time.Time
}

// CounterID names a counter: what differs in any part counts apart.
type CounterID struct {
	// Statement is the element that counts.
	Statement string
	// Unit is what is counted: calls, bytes, tokens.
	Unit string
	// Key is the value of counter-key, or a subscription's id.
	Key string
	// Product, API and Operation are the ids of whose limit it is; "" where the
	// statement has one for all.
	Product, API, Operation string
	// Period and Since, in seconds, tell fixed windows of one key apart.
	Period, Since int64
}

// Window is how a counter forgets.
type Window uint8

const (
	// Sliding: what was counted is forgotten when it is Length old.
	Sliding Window = iota
	// Fixed: all is forgotten when the window ends.
	Fixed
	// Refilling: windows of Length follow each other from the first that was counted,
	// and each forgets as much as the limit; what is above stays as a debt.
	Refilling
)

func (w Window) String() string { return [...]string{"sliding", "fixed", "refilling"}[w] }

// Standing is how a counter stands once it was asked.
type Standing struct {
	// Allowed: Take has counted; of Add, that one more would be allowed.
	Allowed bool
	// Used is what is counted now.
	Used int64
	// Wait is how long it takes until what was asked for would be allowed if nobody
	// else counts; 0 if it is, or never will be.
	Wait time.Duration
}

// Left is how much of limit is left.
func (s Standing) Left(limit int64) int64 { return max(limit-s.Used, 0) }

// CounterState is a counter as it is shown to the person who runs the gateway.
type CounterState struct {
	CounterID
	Window Window
	Used   int64
	Limit  int64 // by which it was last asked
	Length time.Duration
	// Renews is when all of it will be forgotten; zero: never.
	Renews time.Time
}

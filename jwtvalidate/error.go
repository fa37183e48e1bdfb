package jwtvalidate

import "time"

// An Error says why a token was refused. [Validator.Validate] and [Inspect] return
// no other type of error. None of its texts contains the token or a key.
type Error struct {
	// Reason is LastError.Reason.
	Reason Reason
	// Message is LastError.Message, in the words of Microsoft.IdentityModel.
	Message string
	// Status is the response status that this fault forces; 0 leaves it to the
	// policy (failed-validation-httpcode). It is 500 for an asymmetric token where
	// the rules have symmetric keys only (observed.md 1.11).
	Status int
	// Claim is the claim that was looked at: aud, iss, exp, nbf, or the first
	// required claim that failed. Empty for faults of form, key and signature.
	Claim string
	// Expected and Actual are what the rules allow and what the token has, for
	// those faults where both are lists of texts.
	Expected, Actual []string
	// RetryAfter is when the key set may be fetched again at the earliest, if a
	// key was not found; else the zero time.
	RetryAfter time.Time
	// Err is what lies below: why a fetch failed, or that the caller's context
	// ended. May be nil.
	Err error

	hint func() string // nil: there is none
}

// Hint is one sentence for the developer: what to look at or to change. It may be
// empty. Most refusals are shown to no developer, so it is made when it is asked for,
// of the rules and of the key sets as they are then.
func (e *Error) Hint() string {
	if e.hint == nil {
		return ""
	}
	return e.hint()
}

// always is the hint of a fault that has only one.
func always(hint string) func() string { return func() string { return hint } }

// Error is the message alone: what LastError.Message holds.
func (e *Error) Error() string { return e.Message }

// Unwrap gives the cause, so that errors.Is finds context.Canceled.
func (e *Error) Unwrap() error { return e.Err }

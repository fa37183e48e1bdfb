package trace

import (
	"time"

	"github.com/apimulator/apimulator/policy/exchange"
)

// Record is what happened to one request. It is complete and immutable once the
// Recorder has it.
type Record struct {
	ID           string        `json:"id"`
	Time         time.Time     `json:"time"`
	Method       string        `json:"method"`
	URL          string        `json:"url"` // as the client asked, secrets masked
	ClientIP     string        `json:"clientIp"`
	API          string        `json:"api,omitempty"`
	Operation    string        `json:"operation,omitempty"`
	Product      string        `json:"product,omitempty"`
	Subscription string        `json:"subscription,omitempty"`
	Steps        []Step        `json:"steps"`
	Dropped      int           `json:"droppedSteps,omitempty"` // beyond the most that are kept
	Status       int           `json:"status"`
	BytesOut     int64         `json:"bytesOut"`
	Elapsed      time.Duration `json:"elapsedNanoseconds"`
	LastError    *Error        `json:"lastError,omitempty"`
	// Cut says why the response was not sent whole; "" if it was.
	Cut string `json:"cut,omitempty"`

	clock exchange.Clock
	open  []int // indexes of the steps under way, or dropped
}

// dropped stands for a step under way that is not kept.
const dropped = -1

// Step is one statement, or one built-in step, that ran.
type Step struct {
	Name     string        `json:"name"`
	PolicyID string        `json:"policyId,omitempty"`
	Document string        `json:"document,omitempty"` // "" for a built-in step
	Line     int           `json:"line,omitempty"`
	Scope    string        `json:"scope,omitempty"`
	Section  string        `json:"section,omitempty"`
	Depth    int           `json:"depth,omitempty"` // of nesting
	Start    time.Duration `json:"startNanoseconds"`
	Elapsed  time.Duration `json:"elapsedNanoseconds"`
	Outcome  string        `json:"outcome"`
	Reason   string        `json:"reason,omitempty"`
	Message  string        `json:"message,omitempty"`
	Detail   string        `json:"detail,omitempty"` // for the developer only
	Notes    []string      `json:"notes,omitempty"`
}

// Error is LastError as a record shows it.
type Error struct {
	Source   string `json:"source"`
	Reason   string `json:"reason"`
	Message  string `json:"message"`
	Scope    string `json:"scope,omitempty"`
	Section  string `json:"section,omitempty"`
	Path     string `json:"path,omitempty"`
	PolicyID string `json:"policyId,omitempty"`
}

// Deciding is the step that settled the response: the one that failed or
// answered, and of nested ones the innermost; nil if the backend's response went
// through.
func (r *Record) Deciding() *Step {
	var deciding *Step
	for i := range r.Steps {
		s := &r.Steps[i]
		if s.Outcome != exchange.Failed.String() && s.Outcome != exchange.Responded.String() {
			continue
		}
		if deciding != nil && s.Depth <= deciding.Depth {
			break // on-error, which only changes the response
		}
		deciding = s
	}
	return deciding
}

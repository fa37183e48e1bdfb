package trace

import (
	"time"

	"github.com/apimulator/apimulator/policy/exchange"
)

// Record is what happened to one request. It is complete and immutable once the
// Recorder has it.
type Record struct {
	ID           string    `json:"id"`
	Time         time.Time `json:"time"`
	Method       string    `json:"method"`
	URL          string    `json:"url"` // as the client asked, secrets masked
	ClientIP     string    `json:"clientIp"`
	API          string    `json:"api,omitempty"`
	Operation    string    `json:"operation,omitempty"`
	Product      string    `json:"product,omitempty"`
	Subscription string    `json:"subscription,omitempty"`
	User         *User     `json:"user,omitempty"`
	// Target is the API and operation that took the request; nil: none did.
	Target *Target `json:"target,omitempty"`
	// Request is as the client sent it, Response as the client gets it.
	Request   Message       `json:"request"`
	Response  Message       `json:"response"`
	Steps     []Step        `json:"steps"`
	Dropped   int           `json:"droppedSteps,omitempty"` // beyond the most that are kept
	Status    int           `json:"status"`
	BytesOut  int64         `json:"bytesOut"`
	Elapsed   time.Duration `json:"elapsedNanoseconds"`
	LastError *Error        `json:"lastError,omitempty"`
	// Unrecorded is how many requests before this one were not recorded, because too many
	// came within a second.
	Unrecorded int `json:"unrecorded,omitempty"`
	// Cut says why the response was not sent whole; "" if it was.
	Cut string `json:"cut,omitempty"`

	// Documents are the texts of the policies that the request ran through, secrets
	// masked, by the names that steps have; nil: nobody gave them. They are shared and
	// must not be changed.
	Documents map[string]string `json:"-"`

	clock   exchange.Clock
	size    int
	secrets *Secrets
	raw     *Raw                    // nil: it is not kept
	state   state                   // of the exchange when the last statement ended
	open    []int                   // indexes of the steps under way, or dropped
	depth   int                     // of the steps around those of a fork
	calls   map[int]*exchange.Calls // of the steps, by their indexes
}

// User is in whose name a request ran.
type User struct {
	ID     string   `json:"id"`
	Groups []string `json:"groups"`
}

// Target is an API and one of its operations.
type Target struct {
	Path     string `json:"path"` // of the API, without slashes around
	Backend  string `json:"backend"`
	Version  string `json:"version,omitempty"`
	Revision string `json:"revision"`
	Method   string `json:"method,omitempty"` // of the operation, which may be none
	Template string `json:"urlTemplate,omitempty"`
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
	// Evaluations are the expressions of the statement, in the order in which they were
	// evaluated.
	Evaluations []Evaluation `json:"evaluations,omitempty"`
	// Changes are what the statement made of the exchange.
	Changes []Change `json:"changes,omitempty"`
	// Token is the token that the statement judged; nil: it judges none.
	Token *Token `json:"token,omitempty"`
	// Calls are the requests that it sent, in the order in which they began.
	Calls        []Call `json:"calls,omitempty"`
	DroppedCalls int    `json:"droppedCalls,omitempty"` // beyond the most that are kept
}

// Evaluation is an expression and what it gave.
type Evaluation struct {
	Source   string `json:"source"` // as written, {{name}} and all
	Document string `json:"document"`
	Extent
	Seen
	Parts []EvaluatedPart `json:"parts,omitempty"`
}

// EvaluatedPart is a condition in an expression, or what it read of the context.
type EvaluatedPart struct {
	Source string `json:"source"`
	Extent
	Seen
}

// Extent is where something stands in a document; the end is after its last character.
type Extent struct {
	Line      int `json:"line"`
	Column    int `json:"column"`
	EndLine   int `json:"endLine"`
	EndColumn int `json:"endColumn"`
}

// Seen is a value as a person reads it.
type Seen struct {
	Type  string `json:"type,omitempty"`
	Value string `json:"value,omitempty"`
	Fault string `json:"fault,omitempty"` // the message of an exception
}

// Change is one thing that a statement changed.
type Change struct {
	// Part is request, response or variable; Name is a header, "method", "URL", "status",
	// "body", or the variable.
	Part string `json:"part"`
	Name string `json:"name"`
	// Before and After are nil where there was or is nothing.
	Before *string `json:"before"`
	After  *string `json:"after"`
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
// through. What failed inside of a step that went on all the same, as retry and
// wait do, settled nothing.
func (r *Record) Deciding() *Step {
	i := r.outermost()
	if i < 0 {
		return nil
	}
	for inner := r.within(i); inner >= 0; inner = r.within(i) {
		i = inner
	}
	return &r.Steps[i]
}

// outermost is the index of the first step that failed, or else of the first that
// answered; -1: there is none. What follows them is on-error, which only changes the
// response, or what is done with a response from a cache.
func (r *Record) outermost() int {
	answered := -1
	for i := range r.Steps {
		s := &r.Steps[i]
		switch {
		case s.Depth > 0:
		case s.Outcome == exchange.Failed.String():
			return i
		case s.Outcome == exchange.Responded.String() && answered < 0:
			answered = i
		}
	}
	return answered
}

// within is the index of the last step directly in that of index i which ended as that
// one did: earlier ones were tried again, others were cancelled; -1: there is none.
func (r *Record) within(i int) int {
	outer, found := &r.Steps[i], -1
	for k := i + 1; k < len(r.Steps) && r.Steps[k].Depth > outer.Depth; k++ {
		s := &r.Steps[k]
		if s.Depth == outer.Depth+1 && s.Outcome == outer.Outcome && s.Reason == outer.Reason && s.Message == outer.Message {
			found = k
		}
	}
	return found
}

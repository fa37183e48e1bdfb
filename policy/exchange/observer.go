package exchange

// Section is a part of a policy document.
type Section string

// The sections, in the order in which they run.
const (
	Inbound  Section = "inbound"
	Backend  Section = "backend"
	Outbound Section = "outbound"
	OnError  Section = "on-error"
)

// Scope is where a policy document is attached.
type Scope string

// The scopes, from wide to narrow.
const (
	ScopeGlobal    Scope = "global"
	ScopeProduct   Scope = "product"
	ScopeAPI       Scope = "api"
	ScopeOperation Scope = "operation"
)

// Site is where a statement stands. It is made when a document is compiled and
// shared by all requests.
type Site struct {
	Statement string // element name
	PolicyID  string // its id attribute
	Document  string // file name as it was given
	Line, Col int    // of the element's name, 1-based
	Scope     Scope
	Section   Section
	Path      string // as LastError.Path
}

// Outcome is how a statement ended.
type Outcome uint8

const (
	// Continued: the next statement runs.
	Continued Outcome = iota
	// Responded: the statement answered the client and ended the sections.
	Responded
	// Failed: the statement raised an error.
	Failed
)

func (o Outcome) String() string {
	return [...]string{"continued", "responded", "failed"}[o]
}

// Evaluation is what an expression gave.
type Evaluation struct {
	// Source is the expression as its author wrote it, {{name}} and all.
	Source string
	// Document is where it stands, by the file name as it was given.
	Document string
	Extent
	Seen
	// Parts are what its conditions gave and what it read of the context, in the order in
	// which that was computed.
	Parts []EvaluatedPart
}

// EvaluatedPart is what a part of an expression gave.
type EvaluatedPart struct {
	Source string
	Extent
	Seen
}

// Extent is from where to where something goes in a document; lines and columns begin at 1,
// and the end is after its last character.
type Extent struct{ Line, Col, EndLine, EndCol int }

// Seen is a value as a person reads it.
type Seen struct {
	Type  string // in C#
	Value string // its text, cut if it is long
	Fault string // the message of the exception that came instead; "": none
}

// Observer is told what happens to an exchange. Its methods are called in the
// exchange's goroutine, in order, and must not keep the exchange.
type Observer interface {
	// Enter: the statement at site begins.
	Enter(x *Exchange, site *Site)
	// Leave: the statement at site has ended; err is set if it failed.
	Leave(x *Exchange, site *Site, outcome Outcome, err error)
	// Note: something worth telling happened in step (a statement's or a
	// built-in one's name). The text holds no secret.
	Note(x *Exchange, step, text string)
	// Evaluated: the statement under way has evaluated an expression. Its values may be
	// secret.
	Evaluated(x *Exchange, e *Evaluation)
	// Judged: the statement under way has judged a token, whose claims may be secret.
	Judged(x *Exchange, j *Judgement)
	// Calls is to whom the requests are told that the statement under way sends; nil: to
	// nobody.
	Calls(x *Exchange) *Calls
}

// A Forker is an observer that can follow what runs side by side.
type Forker interface {
	// Fork is an observer of one branch.
	Fork() Observer
	// Join takes over what a branch's observer was told.
	Join(fork Observer)
}

// Note tells the observer, if there is one. Callers whose text costs something
// to make ask Observed first.
func (x *Exchange) Note(step, text string) {
	if x.Observer != nil {
		x.Observer.Note(x, step, text)
	}
}

// Observed reports whether anybody listens.
func (x *Exchange) Observed() bool { return x.Observer != nil }

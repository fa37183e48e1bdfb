package policy

// Fact is one thing that a statement does, in a sentence, and how it is known. The facts
// of a category's statements stand in its facts.go; docs/policies.md and
// docs/fidelity.md are made of them.
type Fact struct {
	Is   Fidelity
	Text string
	// Why is the reason of what is chosen or differs: a clause without a full stop.
	Why string
	// Rows are the rows of the reference (../shared/spec/policies-*.yaml) that it is
	// about, parted by blanks: b1 is the first of the statement's behaviour, f1 of its
	// failures, u1 of what it calls unknown. A test's tag names them as STATEMENT/b1.
	Rows string
}

// Fidelity is how a fact is known. The zero value is none.
type Fidelity uint8

const (
	// Documented: a page of Microsoft says so.
	Documented Fidelity = iota + 1
	// Observed: a recorded answer of the real service shows it.
	Observed
	// Chosen: no source says, and the reason stands beside it.
	Chosen
	// Difference: Azure is known to do otherwise, and the reason stands beside it.
	Difference
)

func (f Fidelity) String() string {
	if f < Documented || f > Difference {
		return "unknown"
	}
	return [...]string{"documented", "observed", "chosen", "different"}[f-Documented]
}

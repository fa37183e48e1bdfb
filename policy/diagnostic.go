package policy

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
)

// Severity says how bad a finding is.
type Severity uint8

const (
	// Warning: it runs, but probably not as meant.
	Warning Severity = iota + 1
	// Unsupported: Azure runs it, this version does not.
	Unsupported
	// Error: Azure would refuse it, or it cannot work.
	Error
)

func (s Severity) String() string {
	switch s {
	case Warning:
		return "warning"
	case Unsupported:
		return "unsupported"
	}
	return "error"
}

// Diagnostic is one finding at one place of a document.
type Diagnostic struct {
	Severity  Severity
	Document  string // file name as it was given
	Line, Col int    // 1-based, in characters; a tab is one
	Message   string // what is wrong, and what would be right
	// EndLine and EndCol are where what is wrong ends, both 0 if that is not known.
	EndLine, EndCol int
	// Rule names the rule that it offends, as linters do; one of the constants
	// below.
	Rule string
}

// The rules of a document's form. A statement's own findings are of the rule
// statement-invalid or statement-doubtful unless they say otherwise.
const (
	RuleUnreadable          = "unreadable"
	RuleNamedValueUnknown   = "named-value-unknown"
	RuleFragmentUnknown     = "fragment-unknown"
	RuleFragmentNested      = "fragment-nested"
	RuleCertificateUnknown  = "certificate-unknown"
	RuleBackendUnknown      = "backend-unknown"
	RuleDocumentSize        = "document-size"
	RuleRootUnknown         = "root-unknown"
	RuleSectionUnknown      = "section-unknown"
	RuleSectionDoubled      = "section-doubled"
	RuleStatementUnknown    = "statement-unknown"
	RuleStatementSection    = "statement-section"
	RuleStatementScope      = "statement-scope"
	RuleStatementDoubled    = "statement-doubled"
	RuleStatementInvalid    = "statement-invalid"
	RuleStatementDoubtful   = "statement-doubtful"
	RuleAttributeUnknown    = "attribute-unknown"
	RuleAttributeMissing    = "attribute-missing"
	RuleAttributeValue      = "attribute-value"
	RuleAttributeTogether   = "attribute-combination"
	RuleElementUnexpected   = "element-unexpected"
	RuleElementMissing      = "element-missing"
	RuleElementOrder        = "element-order"
	RuleElementDoubled      = "element-doubled"
	RuleTextUnexpected      = "text-unexpected"
	RuleNotEmulated         = "not-emulated"
	RuleExpressionPlace     = "expression-not-allowed-here"
	RuleExpressionPartial   = "expression-partial"
	RuleExpressionCompile   = "expression-compile"
	RuleExpressionType      = "expression-type"
	RuleExpressionMember    = "expression-member"
	RuleExpressionForbidden = "expression-not-allowed-by-apim"
	RuleCSharp8             = "csharp-8"
)

// Under is d as a finding of that rule.
func (d Diagnostic) Under(rule string) Diagnostic {
	d.Rule = rule
	return d
}

// orUnder is d as a finding of that rule, if it has none yet.
func (d Diagnostic) orUnder(rule string) Diagnostic {
	if d.Rule == "" {
		d.Rule = rule
	}
	return d
}

func (d Diagnostic) String() string {
	return fmt.Sprintf("%s:%d:%d: %s: %s", d.Document, d.Line, d.Col, d.Severity, d.Message)
}

// Error makes a Diagnostic what a statement's Compile returns.
func (d Diagnostic) Error() string { return d.String() }

// Diagnostics are findings. As an error they are those that keep a document from
// running.
type Diagnostics []Diagnostic

func (ds Diagnostics) Error() string {
	lines := make([]string, len(ds))
	for i, d := range ds {
		lines[i] = d.String()
	}
	return strings.Join(lines, "\n")
}

// Of are the findings of that severity.
func (ds Diagnostics) Of(s Severity) Diagnostics {
	var found Diagnostics
	for _, d := range ds {
		if d.Severity == s {
			found = append(found, d)
		}
	}
	return found
}

// Sort orders by document, line and column.
func (ds Diagnostics) Sort() {
	slices.SortStableFunc(ds, func(a, b Diagnostic) int {
		return cmp.Or(strings.Compare(a.Document, b.Document), a.Line-b.Line, a.Col-b.Col)
	})
}

// Unique are the findings without those that are there before: a fragment that is
// included twice is told of once.
func (ds Diagnostics) Unique() Diagnostics {
	seen := make(map[Diagnostic]bool, len(ds))
	var unique Diagnostics
	for _, d := range ds {
		if !seen[d] {
			seen[d] = true
			unique = append(unique, d)
		}
	}
	return unique
}

// nearest is the candidate that word was probably meant to be, "" if none is
// near: at most a third of the letters differ.
func nearest(word string, candidates []string) string {
	best, bestDistance := "", max(1, len(word)/3)+1
	for _, c := range candidates {
		if max(len(c)-len(word), len(word)-len(c)) >= bestDistance {
			continue // so that a name of any length costs little
		}
		if d := editDistance(strings.ToLower(word), strings.ToLower(c)); d < bestDistance {
			best, bestDistance = c, d
		}
	}
	return best
}

// didYouMean is ` (did you mean "x"?)` or "".
func didYouMean(word string, candidates []string) string {
	if c := nearest(word, candidates); c != "" {
		return fmt.Sprintf(" (did you mean %q?)", c)
	}
	return ""
}

// editDistance counts the letters to add, drop, change, or swap with the next one.
func editDistance(a, b string) int {
	var before []int
	last := make([]int, len(b)+1)
	for j := range last {
		last[j] = j
	}
	for i := range len(a) {
		row := make([]int, len(b)+1)
		row[0] = i + 1
		for j := range len(b) {
			cost := 1
			if a[i] == b[j] {
				cost = 0
			}
			row[j+1] = min(last[j+1]+1, row[j]+1, last[j]+cost)
			if i > 0 && j > 0 && a[i] == b[j-1] && a[i-1] == b[j] {
				row[j+1] = min(row[j+1], before[j-1]+1)
			}
		}
		before, last = last, row
	}
	return last[len(b)]
}

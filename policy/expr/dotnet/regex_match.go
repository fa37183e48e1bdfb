package dotnet

import (
	"slices"
	"time"

	"github.com/dlclark/regexp2"
)

// RegexInput is a text that patterns are searched for in. Searching several times
// in one is cheaper than making several.
type RegexInput struct {
	text  string
	ascii bool
	units []rune // the engine is given units for characters
	// folded are the units with dottedI for U+0130; nil until they are needed.
	folded []rune
}

// NewRegexInput prepares a text.
func NewRegexInput(s string) *RegexInput {
	in := &RegexInput{text: s, ascii: isASCII(s)}
	if in.ascii {
		in.units = make([]rune, len(s))
		for i := range len(s) {
			in.units[i] = rune(s[i])
		}
		return in
	}
	in.units = make([]rune, 0, unitCount(s))
	for c := range Chars(s) {
		in.units = append(in.units, rune(c))
	}
	return in
}

// unitsFor are the units that a pattern is searched for in.
func (in *RegexInput) unitsFor(p *regexProgram) []rune {
	if in.ascii || !p.folds || !slices.Contains(in.units, 0x130) {
		return in.units
	}
	if in.folded == nil {
		in.folded = slices.Clone(in.units)
		for i, c := range in.folded {
			if c == 0x130 {
				in.folded[i] = dottedI
			}
		}
	}
	return in.folded
}

// Text is the text itself.
func (in *RegexInput) Text() string { return in.text }

// Len is the text's length in units.
func (in *RegexInput) Len() int { return len(in.units) }

// Slice is a part of the text.
func (in *RegexInput) Slice(from, to int) string {
	if in.ascii {
		return in.text[from:to]
	}
	b := make([]byte, 0, to-from)
	for _, c := range in.units[from:to] {
		b = appendChar(b, Char(c))
	}
	return string(b)
}

// RegexSpan is a part of an input, in units.
type RegexSpan struct{ Index, Length int }

// RegexMatch is what a search found.
type RegexMatch struct {
	// Groups are the captures of each group, in order; of group 0 there is one.
	Groups [][]RegexSpan

	regex    *Regex
	input    *RegexInput
	from, to int // the part of the input that is searched
	next     int // where the search goes on
	engine   *regexp2.Regexp
}

// Index is where the match starts.
func (m *RegexMatch) Index() int { return m.Groups[0][0].Index }

// Length is how long it is.
func (m *RegexMatch) Length() int { return m.Groups[0][0].Length }

// Regex is the pattern that was searched for.
func (m *RegexMatch) Regex() *Regex { return m.regex }

// Input is the text that was searched in.
func (m *RegexMatch) Input() *RegexInput { return m.input }

// Value is the text of a group's last capture, "" if it has none.
func (m *RegexMatch) Value(group int) string {
	captures := m.Groups[group]
	if len(captures) == 0 {
		return ""
	}
	last := captures[len(captures)-1]
	return m.input.Slice(last.Index, last.Index+last.Length)
}

// Start is where a search in an input of some length starts if nothing else is
// said.
func (r *Regex) Start(length int) int {
	if r.RightToLeft() {
		return length
	}
	return 0
}

const (
	badStartAt = "Start index cannot be less than 0 or greater than input length."
	badLength  = "Length cannot be less than 0 or exceed input length."
	badCount   = "Count cannot be less than -1."
)

// IsMatch reports whether the pattern is found from start on.
func (r *Regex) IsMatch(in *RegexInput, start int) (bool, error) {
	if start != r.Start(in.Len()) {
		m, err := r.Match(in, start)
		return m != nil, err
	}
	found, engine := false, r.engine(in.Len(), false)
	err := r.run(func() (err error) {
		found, err = engine.MatchRunes(in.unitsFor(r.program))
		return err
	})
	return found, err
}

// CheckStart tells of a start that is outside of the input.
func (r *Regex) CheckStart(in *RegexInput, start int) error {
	if start < 0 || start > in.Len() {
		return ArgumentOutOfRange("startat", badStartAt)
	}
	return nil
}

// Match searches from start on; nil if there is no match.
func (r *Regex) Match(in *RegexInput, start int) (*RegexMatch, error) {
	if err := r.CheckStart(in, start); err != nil {
		return nil, err
	}
	return r.search(in, 0, in.Len(), start, r.engine(in.Len(), false))
}

// MatchPart searches a part of the input as if it were all.
func (r *Regex) MatchPart(in *RegexInput, from, length int) (*RegexMatch, error) {
	switch {
	case from < 0 || from > in.Len():
		return nil, ArgumentOutOfRange("startat", badStartAt)
	case length < 0 || length > in.Len()-from:
		return nil, ArgumentOutOfRange("length", badLength)
	}
	return r.search(in, from, from+length, from+r.Start(length), r.engine(length, false))
}

// Next goes on with the search after a match; nil if there is no other.
func (m *RegexMatch) Next() (*RegexMatch, error) {
	start, engine := m.next, m.engine
	if m.Length() == 0 {
		// It would be found again.
		if m.regex.RightToLeft() {
			start--
		} else {
			start++
		}
		if start < m.from || start > m.to {
			return nil, nil
		}
		if m.regex.program.later != nil {
			engine = m.regex.engine(m.to-m.from, true)
		}
	}
	next, err := m.regex.search(m.input, m.from, m.to, start, engine)
	if next != nil {
		next.engine = m.engine
	}
	return next, err
}

func (r *Regex) search(in *RegexInput, from, to, start int, engine *regexp2.Regexp) (*RegexMatch, error) {
	var found *regexp2.Match
	err := r.run(func() (err error) {
		found, err = engine.FindRunesMatchStartingAt(in.unitsFor(r.program)[from:to:to], start-from)
		return err
	})
	if err != nil || found == nil {
		return nil, err
	}
	groups := found.Groups()
	m := &RegexMatch{Groups: make([][]RegexSpan, len(groups)), regex: r, input: in, from: from, to: to, engine: engine}
	spans := make([]RegexSpan, 0, len(groups))
	for i, g := range groups {
		first := len(spans)
		for _, c := range g.Captures {
			spans = append(spans, RegexSpan{from + c.Index, c.Length})
		}
		m.Groups[i] = spans[first:len(spans):len(spans)]
	}
	m.next = m.Index()
	if !r.RightToLeft() {
		m.next += m.Length()
	}
	return m, nil
}

// run searches, and tells of one that took too long.
func (r *Regex) run(search func() error) (err error) {
	defer func() {
		if recover() != nil { // a fault that the engine has from .NET, and .NET's answer
			err = IndexOutOfRange()
		}
	}()
	begin := time.Now()
	err = search()
	if err != nil && time.Since(begin) < r.limit() {
		// The engine's clock stands still while nothing is searched for and jumps when
		// it goes on.
		err = search()
	}
	if err != nil {
		return NewException("System.Text.RegularExpressions.RegexMatchTimeoutException",
			"The RegEx engine has timed out while trying to match a pattern to an input string. This can occur for many reasons, including very large inputs or excessive backtracking caused by nested quantifiers, back-references and other factors.")
	}
	return nil
}

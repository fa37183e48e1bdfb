package dotnet

import (
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"
)

// Searching under a culture, after ICU's string search: texts match where their
// elements do, as far as the match begins and ends where a user sees a character
// begin and end.

// placed is an element and the units of the text it comes from. The second and
// further elements of a character have the place after it.
type placed struct {
	element
	from, to int
}

// secondHalf stands after a long element: it has no place of its own.
const secondHalf element = 1

// searcher looks for a pattern in a text.
type searcher struct {
	table   *collation
	mask    element
	pattern elements
	text    []uint16
	found   []placed // elements of the text; the last has none and stands at the end
}

func newSearcher(text, pattern string, ignoreCase bool) *searcher {
	s := &searcher{table: rootCollation(), mask: ^element(0), text: Units(text)}
	if ignoreCase {
		s.mask &^= 0xFFFF
	}
	for _, e := range s.table.textElements(nil, pattern, ignoreCase) {
		if e &= s.mask; e != 0 {
			s.pattern = append(s.pattern, e)
			if e.isLong() {
				s.pattern = append(s.pattern, secondHalf)
			}
		}
	}
	if len(s.pattern) == 0 {
		return s
	}
	at := 0
	for text != "" {
		elements, size := s.table.next(text, ignoreCase)
		end := at + unitCount(text[:size])
		from, to := at, end
		if end > at+1 && text[0] < utf8.RuneSelf {
			to = at + 1 // l·, in which ICU takes the dot for a character after l
		}
		for _, e := range elements {
			s.place(e, from, to)
			from, to = to, end
		}
		text, at = text[size:], end
	}
	s.found = append(s.found, placed{0, at, at})
	return s
}

func (s *searcher) place(e element, from, to int) {
	if e &= s.mask; e == 0 {
		return
	}
	s.found = append(s.found, placed{e, from, to})
	if e.isLong() {
		s.found = append(s.found, placed{secondHalf, to, to})
	}
}

// matches reports whether the elements from i on are the pattern's.
func (s *searcher) matches(i int) bool {
	if i+len(s.pattern) >= len(s.found) {
		return false
	}
	for k, e := range s.pattern {
		if s.found[i+k].element != e {
			return false
		}
	}
	return true
}

// first is where the pattern first stands and how long the match is; index is -1
// if it doesn't. A pattern of characters that don't count is found at once.
func (s *searcher) first() (index, length int) {
	if len(s.text) == 0 {
		return -1, 0
	}
	if len(s.pattern) == 0 {
		return 0, 0
	}
	for i := range s.found {
		if s.matches(i) {
			if end, ok := s.end(i); ok {
				return s.found[i].from, end - s.found[i].from
			}
		}
	}
	return -1, 0
}

// last is where the pattern last stands.
func (s *searcher) last() (index, length int) {
	if len(s.text) == 0 {
		return -1, 0
	}
	if len(s.pattern) == 0 {
		_, before := unitsBefore(s.text, len(s.text))
		return before, 0
	}
	for i := len(s.found) - 1; i >= 0; i-- {
		if s.matches(i) {
			if end, ok := s.lastEnd(i); ok {
				return s.found[i].from, end - s.found[i].from
			}
		}
	}
	return -1, 0
}

// begins reports whether a match can begin at element i: at a character that is
// not part of another one, and not within the elements of one.
func (s *searcher) begins(i int) bool {
	return s.boundary(s.found[i].from) && s.found[i].from != s.found[i].to
}

func (s *searcher) boundary(index int) bool { return s.table.clusterBoundary(s.text, index) }

// end is where the match at element i ends, if it is one.
func (s *searcher) end(i int) (int, bool) {
	last, next := s.found[i+len(s.pattern)-1], s.found[i+len(s.pattern)]
	atEnd := i+len(s.pattern) == len(s.found)-1
	if !s.begins(i) || next.from == next.to && !atEnd {
		return 0, false
	}
	limit := next.from
	within := s.mayEndWithin(last, next)
	end := limit
	if last.from < limit {
		if last.from == last.to && s.boundary(last.from) {
			end = last.from
		} else if after := s.table.nextBoundary(s.text, last.from); after >= last.to && (!within || after < limit) {
			end = after
		}
	}
	return end, within || end <= limit && s.boundary(end)
}

// lastEnd is end for a search from the end.
func (s *searcher) lastEnd(i int) (int, bool) {
	last, next := s.found[i+len(s.pattern)-1], s.found[i+len(s.pattern)]
	if i+len(s.pattern) == len(s.found)-1 {
		after := s.table.nextBoundary(s.text, last.from)
		if after <= 0 || len(s.text) <= after {
			after = len(s.text)
		}
		return after, s.begins(i)
	}
	if !s.begins(i) || next.from == next.to {
		return 0, false
	}
	limit := next.from
	within := s.mayEndWithin(last, next)
	end := limit
	if last.from < limit {
		if after := s.table.nextBoundary(s.text, last.from); after >= last.to && (!within || after < limit) {
			end = after
		}
	}
	return end, within || end <= limit && s.boundary(end)
}

// mayEndWithin reports whether a match may end within a cluster: where a letter
// follows that the match's last one doesn't combine with.
func (s *searcher) mayEndWithin(last, next placed) bool {
	limit := next.from
	if limit >= len(s.text) || next.primary() == 0 || limit < last.to || next.to <= limit {
		return false
	}
	before, _ := unitsBefore(s.text, limit)
	p := norm.NFD.PropertiesString(string(before))
	return norm.NFD.PropertiesString(string(unitsAt(s.text, limit))).LeadCCC() == 0 ||
		p.TrailCCC() == 0 || p.TrailCCC() == 1 && p.LeadCCC() == 0
}

// onlyIgnored reports whether no element of a text counts.
func (s *searcher) onlyIgnored(text string, ignoreCase bool) bool {
	for _, e := range s.table.textElements(nil, text, ignoreCase) {
		if e&s.mask != 0 {
			return false
		}
	}
	return true
}

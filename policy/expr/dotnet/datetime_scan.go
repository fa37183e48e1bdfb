package dotnet

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// A dateToken is a word or number of a date's text.
type dateToken int

const (
	tokenEnd dateToken = iota
	tokenNumber
	tokenYear // a number of three digits and more
	tokenMonth
	tokenDay
	tokenHalf // AM, PM
	tokenUtc  // Z, GMT
	tokenEra
	tokenSkip // points and commas
	tokenSign // of an offset
	tokenUnknown
)

// A dateSeparator is what follows a number or a month.
type dateSeparator int

const (
	separatorSpace dateSeparator = iota // or nothing
	separatorEnd
	separatorDate // slash
	separatorDash // between the parts of a date, or the sign of an offset
	separatorTime // colon
	separatorHalf // AM, PM
	separatorT    // the T of ISO 8601
)

// maxNumberDigits is how long a number in a date may be.
const maxNumberDigits = 8

// A dateScanner cuts a date's text into tokens.
type dateScanner struct {
	text string
	pos  int
	// Of the last token: the number's value, or the index of the name.
	value int
}

func (s *dateScanner) rest() string { return s.text[s.pos:] }

func (s *dateScanner) skipWhite() {
	s.pos = len(s.text) - len(strings.TrimLeftFunc(s.rest(), IsWhiteSpace))
}

// match takes a prefix.
func (s *dateScanner) match(prefix string) bool {
	if !strings.HasPrefix(s.rest(), prefix) {
		return false
	}
	s.pos += len(prefix)
	return true
}

// word takes a word, in any case, that no letter follows.
func (s *dateScanner) word(word string) bool {
	rest := s.rest()
	if len(rest) < len(word) || !strings.EqualFold(rest[:len(word)], word) || beginsWithLetter(rest[len(word):]) {
		return false
	}
	s.pos += len(word)
	return true
}

func beginsWithLetter(s string) bool {
	r, _ := utf8.DecodeRuneInString(s)
	return unicode.IsLetter(r)
}

// name takes one of names or of their abbreviations and sets value to its index.
func (s *dateScanner) name(names []string) bool {
	for i, name := range names {
		if s.word(name) || s.word(name[:nameLetters]) {
			s.value = i
			return true
		}
	}
	return false
}

// number takes digits, and fails if there are none or too many.
func (s *dateScanner) number() (digits int, ok bool) {
	start := s.pos
	s.value = 0
	for s.pos < len(s.text) && isDigit(s.text[s.pos]) {
		if s.pos-start < maxNumberDigits {
			s.value = s.value*10 + int(s.text[s.pos]-'0')
		}
		s.pos++
	}
	digits = s.pos - start
	return digits, digits > 0 && digits <= maxNumberDigits
}

// digits takes from atLeast to atMost digits.
func (s *dateScanner) digits(atLeast, atMost int) (v int, ok bool) {
	const enough = 1_000_000_000 // more than any field has, and far from an overflow
	n := 0
	for ; n < atMost && s.pos < len(s.text) && isDigit(s.text[s.pos]); n++ {
		v = min(v*10+int(s.text[s.pos]-'0'), enough)
		s.pos++
	}
	return v, n >= atLeast
}

// half takes AM or PM: 0 or 1.
func (s *dateScanner) half() bool {
	for i, name := range []string{amName, pmName} {
		if s.word(name) {
			s.value = i
			return true
		}
	}
	return false
}

// next takes a token after white space.
func (s *dateScanner) next() dateToken {
	s.skipWhite()
	if s.pos == len(s.text) {
		return tokenEnd
	}
	switch c := s.text[s.pos]; {
	case isDigit(c):
		digits, ok := s.number()
		switch {
		case !ok:
			return tokenUnknown
		case digits > 2:
			return tokenYear
		}
		return tokenNumber
	case c == '+' || c == '-':
		return tokenSign
	case c == '.' || c == ',':
		s.pos++
		return tokenSkip
	}
	switch {
	case s.name(monthNames[:]):
		return tokenMonth
	case s.name(dayNames[:]):
		return tokenDay
	case s.half():
		return tokenHalf
	case s.word("Z"), s.word("GMT"):
		return tokenUtc
	case s.word(eraName), s.word("AD"):
		return tokenEra
	}
	return tokenUnknown
}

// separator takes what follows a number or a month.
func (s *dateScanner) separator() dateSeparator {
	s.skipWhite()
	switch {
	case s.pos == len(s.text):
		return separatorEnd
	case s.match("/"):
		return separatorDate
	case s.match("-"):
		return separatorDash
	case s.match(":"):
		return separatorTime
	case s.half():
		return separatorHalf
	case s.word("T"):
		return separatorT
	}
	return separatorSpace
}

// zoneOffset takes a sign and hours with or without minutes: +2, +02, +2:30, +0230.
func (s *dateScanner) zoneOffset() (TimeSpan, bool) {
	negative := s.match("-")
	if !negative && !s.match("+") {
		return 0, false
	}
	digits, ok := s.number()
	hours, minutes := s.value, 0
	switch {
	case !ok || digits > 4:
		return 0, false
	case digits > 2:
		hours, minutes = s.value/100, s.value%100
	case s.match(":"):
		if digits, ok = s.number(); !ok || digits > 2 {
			return 0, false
		}
		minutes = s.value
	}
	offset := TimeSpan(hours)*TicksPerHour + TimeSpan(minutes)*TicksPerMinute
	if negative {
		offset = -offset
	}
	return offset, minutes < 60
}

// fraction takes digits as the fraction that they are after a point.
func (s *dateScanner) fraction() (v float64, ok bool) {
	unit := 0.1
	for s.pos < len(s.text) && isDigit(s.text[s.pos]) {
		v += float64(float64(s.text[s.pos]-'0') * unit)
		unit *= 0.1
		s.pos++
		ok = true
	}
	return v, ok
}

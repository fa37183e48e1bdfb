package dotnet

import (
	"math"
	"strings"
)

// step reads what the next part of the format asks for.
func (p *exactParser) step() error {
	c := p.format[0]
	n := runLength(p.format)
	rest := p.format
	p.format = rest[n:]
	ok := true
	switch c {
	case 'y':
		p.twoDigitYear = p.twoDigitYear || n <= 2
		return p.number(&p.year, c, n)
	case 'M', 'd':
		return p.dayOrMonth(c, n)
	case 'h':
		p.halfDayHour = true
		return p.number(&p.hour, c, min(n, 2))
	case 'H':
		return p.number(&p.hour, c, min(n, 2))
	case 'm':
		return p.number(&p.minute, c, min(n, 2))
	case 's':
		return p.number(&p.second, c, min(n, 2))
	case 'f', 'F':
		return p.secondFraction(c, n)
	case 't':
		return p.designator(n)
	case 'z':
		return p.numericZone(c, n)
	case 'g':
		ok = p.name([]string{eraName, "AD"}) >= 0
	case 'Z', 'K':
		p.format = rest[1:]
		return p.zoneLetter(c)
	case '"', '\'':
		text, length, err := quotedText(rest)
		if err != nil {
			return err
		}
		p.format = rest[length:]
		ok = p.quoted(string(text))
	case '%', '\\':
		if len(rest) == 1 || c == '%' && n > 1 {
			return badSpecifier(p.whole)
		}
		p.format = rest[1:]
		if c == '\\' {
			p.format = rest[2:]
			ok = p.scanner.match(rest[1:2])
		}
	default:
		p.format = rest[1:]
		ok = p.literal(rest)
	}
	return p.must(ok)
}

func (p *exactParser) must(ok bool) error {
	if !ok {
		return p.unrecognized()
	}
	return nil
}

// set gives a field its value; the same pattern may come again with the same
// value only.
func (p *exactParser) set(field *int, pattern byte, v int) error {
	if *field != absent && *field != v {
		return repeated(pattern)
	}
	*field = v
	return nil
}

func repeated(pattern byte) *Exception {
	return Format("DateTime pattern '" + string(pattern) + "' appears more than once with different values.")
}

// number reads as many digits as letters, or one or two for one letter.
func (p *exactParser) number(field *int, pattern byte, letters int) error {
	v, ok := p.scanner.digits(letters, max(letters, 2))
	if !ok {
		return p.unrecognized()
	}
	return p.set(field, pattern, v)
}

func (p *exactParser) dayOrMonth(pattern byte, letters int) error {
	field, names := &p.day, dayNames[:]
	if pattern == 'M' {
		field, names = &p.month, monthNames[:]
	}
	if letters <= 2 {
		return p.number(field, pattern, letters)
	}
	if letters == nameLetters {
		names = abbreviated(names)
	}
	index := p.name(names)
	switch {
	case index < 0:
		return p.unrecognized()
	case pattern == 'M':
		return p.set(field, pattern, index+1)
	}
	return p.set(&p.dayOfWeek, pattern, index)
}

func abbreviated(names []string) []string {
	short := make([]string, len(names))
	for i, name := range names {
		short[i] = name[:nameLetters]
	}
	return short
}

// name takes one of names in any case and gives its index, or -1.
func (p *exactParser) name(names []string) int {
	rest := p.scanner.rest()
	for i, name := range names {
		if len(rest) >= len(name) && strings.EqualFold(rest[:len(name)], name) {
			p.scanner.pos += len(name)
			return i
		}
	}
	return -1
}

func (p *exactParser) secondFraction(pattern byte, letters int) error {
	if letters > 7 {
		return p.unrecognized()
	}
	start := p.scanner.pos
	v, _ := p.scanner.digits(0, letters)
	digits := p.scanner.pos - start
	if pattern == 'f' && digits < letters {
		return p.unrecognized()
	}
	fraction := float64(v) / math.Pow10(digits)
	if p.fraction != absent && p.fraction != fraction {
		return repeated(pattern)
	}
	p.fraction = fraction
	return nil
}

// designator reads AM or PM, or for one letter its first in capitals.
func (p *exactParser) designator(letters int) error {
	half := absent
	switch {
	case letters > 1:
		half = p.name([]string{amName, pmName})
	case p.scanner.match(amName[:1]):
		half = 0
	case p.scanner.match(pmName[:1]):
		half = 1
	}
	if half < 0 {
		return p.unrecognized()
	}
	return p.set(&p.half, 't', half)
}

// numericZone reads a sign and hours; for three letters and more minutes, too,
// with or without a colon.
func (p *exactParser) numericZone(pattern byte, letters int) error {
	s := &p.scanner
	negative := s.match("-")
	if !negative && !s.match("+") {
		return p.unrecognized()
	}
	atLeast := 1
	if letters == 2 {
		atLeast = 2
	}
	hours, ok := s.digits(atLeast, 2)
	minutes := 0
	if letters > 2 && ok {
		s.match(":")
		minutes, ok = s.digits(2, 2)
	}
	if !ok || minutes > 59 {
		return p.unrecognized()
	}
	offset := TimeSpan(hours)*TicksPerHour + TimeSpan(minutes)*TicksPerMinute
	if negative {
		offset = -offset
	}
	return p.sameZone(offset, pattern)
}

// sameZone sets the zone, unless another was found before.
func (p *exactParser) sameZone(offset TimeSpan, pattern byte) error {
	if p.zoned && p.offset != offset {
		return repeated(pattern)
	}
	p.zoned, p.offset = true, offset
	return nil
}

// zoneLetter reads for Z the word Z or GMT, and for K the letter Z, an offset or
// nothing.
func (p *exactParser) zoneLetter(letter byte) error {
	s := &p.scanner
	if letter == 'K' && (strings.HasPrefix(s.rest(), "+") || strings.HasPrefix(s.rest(), "-")) {
		return p.numericZone(letter, 3)
	}
	if letter == 'Z' && p.zoned && p.offset != 0 {
		return repeated(letter)
	}
	if letter == 'K' && s.match("Z") || letter == 'Z' && (s.word("Z") || s.word(gmt)) {
		p.zonedUtc = true
		return p.sameZone(0, letter)
	}
	return p.must(letter == 'K')
}

const gmt = "GMT"

// quoted reads a quoted text of the format. GMT and Z in the formats r and u give
// a DateTimeOffset its zone; for DateTime .NET keeps an old mistake.
func (p *exactParser) quoted(text string) bool {
	for i := range len(text) {
		if text[i] == ' ' && p.innerWhite {
			p.scanner.skipWhite()
		} else if !p.scanner.match(text[i : i+1]) {
			return false
		}
	}
	if p.withOffset && text != "" && text == p.quotedZone {
		p.zoned, p.offset = true, 0
	}
	return true
}

// literal reads the character that rest, the format, begins with.
func (p *exactParser) literal(rest string) bool {
	s := &p.scanner
	switch {
	case rest[0] == ' ' && p.innerWhite:
		return true
	case strings.HasPrefix(rest, gmt):
		p.format = rest[len(gmt):]
		p.zoned, p.offset = true, 0
		return s.match(gmt)
	case s.match(rest[:1]):
		return true
	case rest[0] == ' ':
		return p.styles.Has(DateTimeStylesAllowTrailingWhite) && p.format != ""
	case rest[0] == '.' && strings.HasPrefix(p.format, "FF"): // no fraction at all
		p.format = strings.TrimLeft(p.format, "F")
		return true
	}
	return false
}

package dotnet

import (
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"
)

// ParseDateTime is DateTime.Parse(s, culture, styles). It takes dates in most
// orders, with or without a time and a zone; what is missing is the clock's.
func ParseDateTime(s string, styles DateTimeStyles, clock Clock) (DateTime, error) {
	if err := styles.check("styles"); err != nil {
		return DateTime{}, err
	}
	d := newDateText(s, styles, clock)
	t, err := d.parse()
	if err != nil {
		return DateTime{}, err
	}
	return d.dateTime(t)
}

// ParseDateTimeOffset is DateTimeOffset.Parse(s, culture, styles). Without a zone
// the offset is 0, since the local time zone is UTC.
func ParseDateTimeOffset(s string, styles DateTimeStyles, clock Clock) (DateTimeOffset, error) {
	styles, err := styles.forOffset()
	if err != nil {
		return DateTimeOffset{}, err
	}
	d := newDateText(s, styles, clock)
	d.withOffset = true
	t, err := d.parse()
	if err != nil {
		return DateTimeOffset{}, err
	}
	return d.dateTimeOffset(t)
}

// A dateParser reads a text of a date without knowing its format: any number of
// words, one date of two or three parts and one time, in either order.
type dateParser struct {
	*dateText
	scanner dateScanner

	numbers     []int // of the date or the time that is being read
	yearRead    int   // of the whole text, absent if none
	monthRead   int
	parts       int  // of the date that is being read: numbers, year and month
	withYear    bool // its year is one of them
	withMonth   bool
	monthFirst  bool // before any number
	slash       bool // a date separator came last
	slashes     bool // one came at all
	colons      int  // of the time that is being read
	haveDate    bool
	haveTime    bool
	half        int  // 0 AM, 1 PM, absent
	isoComplete bool // date and time came as ISO 8601 has them
}

func (d *dateText) parse() (DateTime, error) {
	text := trimDecoration(d.text)
	if text == "" {
		return DateTime{}, d.unrecognized()
	}
	p := &dateParser{dateText: d, scanner: dateScanner{text: text}, yearRead: absent, monthRead: absent, half: absent}
	for {
		more, err := p.step()
		if err != nil {
			return DateTime{}, err
		}
		if !more {
			break
		}
	}
	if !p.isoComplete {
		if !p.haveDate && !p.haveTime || !p.applyHalf() {
			return DateTime{}, d.unrecognized()
		}
		if err := d.complete(); err != nil {
			return DateTime{}, err
		}
	}
	t, err := d.clockTime()
	if err != nil {
		return DateTime{}, err
	}
	return t, d.checkDayOfWeek(t)
}

// trimDecoration takes off null characters at the end, and the number signs that
// Visual Basic puts around a date.
func trimDecoration(s string) string {
	s = strings.TrimRight(s, "\x00")
	if inner := strings.TrimFunc(s, IsWhiteSpace); len(inner) > 1 && inner[0] == '#' && inner[len(inner)-1] == '#' {
		return inner[1 : len(inner)-1]
	}
	return s
}

// step reads one token and what separates it from the next. more is false at
// the end of the text.
func (p *dateParser) step() (more bool, err error) {
	ok := true
	start := p.scanner.pos
	switch token := p.scanner.next(); token {
	case tokenEnd:
		return false, p.must(p.end())
	case tokenNumber, tokenYear:
		more, ok = p.numberPart(token == tokenYear)
		return more, p.must(ok)
	case tokenMonth:
		more, ok = p.monthPart()
		return more, p.must(ok)
	case tokenDay:
		ok = p.dayOfWeek == absent && p.colons != 1
		p.dayOfWeek = p.scanner.value
		p.forgetSlash()
	case tokenEra:
		p.forgetSlash()
	case tokenHalf:
		ok = p.setHalf()
	case tokenUtc: // after numbers only if they can be of a time
		ok = !p.withYear && !p.withMonth && !p.slashes && p.setZone(0, true)
	case tokenSign:
		ok = p.readOffset()
	case tokenUnknown:
		return false, p.unknown(start)
	}
	return true, p.must(ok)
}

func (p *dateParser) must(ok bool) error {
	if !ok {
		return p.unrecognized()
	}
	return nil
}

// unknown tells a word that is none of a date's from other things.
func (p *dateParser) unknown(start int) error {
	word := strings.TrimLeftFunc(p.scanner.text[start:], IsWhiteSpace)
	if r, _ := utf8.DecodeRuneInString(word); !unicode.IsLetter(r) {
		return p.unrecognized()
	}
	index := unitCount(p.text[:strings.LastIndex(p.text, word)])
	return p.failure("The string ", " was not recognized as a valid DateTime. There is an unknown word starting at index '"+strconv.Itoa(index)+"'.")
}

// forgetSlash lets a year and a month before a slash be all, as .NET does if the
// name of a day or an era follows.
func (p *dateParser) forgetSlash() {
	if p.withYear && p.parts == 2 {
		p.slash = false
	}
}

func (p *dateParser) setHalf() bool {
	if p.half != absent {
		return false
	}
	p.half = p.scanner.value
	return true
}

func (p *dateParser) readOffset() bool {
	offset, ok := p.scanner.zoneOffset()
	return ok && p.setZone(offset, false)
}

// end completes what has been read when the text ends after a separator.
func (p *dateParser) end() bool {
	switch {
	case p.colons > 0 || p.slash || p.parts == 1:
		return false
	case p.parts > 1:
		return p.completeDate()
	}
	return true
}

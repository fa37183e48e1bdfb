package dotnet

import (
	"strings"
)

// ParseDateTimeExact is DateTime.ParseExact(s, format, culture, styles). Several
// formats are tried in turn, as the overload with an array does.
func ParseDateTimeExact(s string, formats []string, styles DateTimeStyles, clock Clock) (DateTime, error) {
	if err := styles.check("style"); err != nil {
		return DateTime{}, err
	}
	none := newDateText(s, styles, clock).unrecognized()
	return firstFormat(formats, none, standardFormat, func(format string) (DateTime, error) {
		d := newDateText(s, styles, clock)
		t, err := d.parseExact(format)
		if err != nil {
			return DateTime{}, err
		}
		return d.dateTime(t)
	})
}

// ParseDateTimeOffsetExact is DateTimeOffset.ParseExact(s, format, culture,
// styles), and the overload with an array.
func ParseDateTimeOffsetExact(s string, formats []string, styles DateTimeStyles, clock Clock) (DateTimeOffset, error) {
	styles, err := styles.forOffset()
	if err != nil {
		return DateTimeOffset{}, err
	}
	none := newDateText(s, styles, clock).unrecognized()
	return firstFormat(formats, none, standardFormat, func(format string) (DateTimeOffset, error) {
		d := newDateText(s, styles, clock)
		d.withOffset = true
		t, err := d.parseExact(format)
		if err != nil {
			return DateTimeOffset{}, err
		}
		return d.dateTimeOffset(t)
	})
}

// firstFormat gives the first success. One format's failure is told as it is,
// several formats' as none, but one that check refuses is told of at once.
func firstFormat[T any](formats []string, none error, check func(format string) error, parse func(format string) (T, error)) (T, error) {
	if len(formats) == 1 {
		return parse(formats[0])
	}
	var zero T
	for _, format := range formats {
		if err := check(format); err != nil {
			return zero, err
		}
		if t, err := parse(format); err == nil {
			return t, nil
		}
	}
	return zero, none
}

// standardFormat refuses the empty format and letters that stand for none.
func standardFormat(format string) error {
	if format == "" {
		return badSpecifier(format)
	}
	if _, ok := standardDateFormats[format[0]]; !ok && len(format) == 1 {
		return badNumber()
	}
	return nil
}

// TriedExact is what TryParseExact of the dates makes of the error of
// ParseExact: like [Tried], but a letter that is no format remains an error.
func TriedExact(err error, formats []string) (ok bool, failure error) {
	if err != nil {
		for _, format := range formats {
			if format != "" && standardFormat(format) != nil {
				return false, err
			}
		}
	}
	return Tried(err)
}

func badSpecifier(format string) *Exception {
	return Format("Format specifier '" + format + "' was invalid.")
}

// An exactParser reads a text by a format.
type exactParser struct {
	*dateText
	scanner dateScanner
	whole   string // the format without the white space around it
	format  string // as much of it as is still to come

	half         int // 0 AM, 1 PM, absent
	twoDigitYear bool
	halfDayHour  bool // the hour is one of 12
	innerWhite   bool
	quotedZone   string // what the quoted text of r and u means in a DateTimeOffset
}

func (d *dateText) parseExact(format string) (DateTime, error) {
	if d.text == "" {
		return DateTime{}, d.unrecognized()
	}
	p := &exactParser{dateText: d, scanner: dateScanner{text: d.text}, half: absent}
	if err := p.expand(format); err != nil {
		return DateTime{}, err
	}
	p.trim()
	for p.format != "" {
		if p.innerWhite {
			p.scanner.skipWhite()
		}
		if err := p.step(); err != nil {
			return DateTime{}, err
		}
	}
	if p.scanner.rest() != "" || !p.adjust() {
		return DateTime{}, d.unrecognized()
	}
	if err := d.complete(); err != nil {
		return DateTime{}, err
	}
	t, err := d.clockTime()
	if err != nil {
		if strings.EqualFold(format, "o") && d.styles == DateTimeStylesNone {
			err = d.unrecognized() // .NET reads this case by other code
		}
		return DateTime{}, err
	}
	return t, d.checkDayOfWeek(t)
}

// expand replaces a letter by the format that it stands for.
func (p *exactParser) expand(format string) error {
	p.format = format
	if err := standardFormat(format); err != nil || len(format) > 1 {
		return err
	}
	p.format = standardDateFormats[format[0]]
	switch format {
	case "r", "R":
		p.quotedZone = gmt
	case "u":
		p.quotedZone = "Z"
	case "U":
		if p.withOffset {
			return badSpecifier(format)
		}
		p.setZone(0, true)
	}
	return nil
}

// trim takes the white space that the styles allow off the text and the format.
func (p *exactParser) trim() {
	p.innerWhite = p.styles.Has(DateTimeStylesAllowInnerWhite)
	if p.styles.Has(DateTimeStylesAllowTrailingWhite) {
		p.format = strings.TrimRightFunc(p.format, IsWhiteSpace)
		p.scanner.text = strings.TrimRightFunc(p.scanner.text, IsWhiteSpace)
	}
	if p.styles.Has(DateTimeStylesAllowLeadingWhite) {
		p.format = strings.TrimLeftFunc(p.format, IsWhiteSpace)
		p.scanner.text = strings.TrimLeftFunc(p.scanner.text, IsWhiteSpace)
	}
	p.whole = p.format
}

// adjust brings years of two digits and hours of 12 to their full values.
func (p *exactParser) adjust() bool {
	if p.twoDigitYear {
		if p.year >= 100 {
			return false
		}
		p.year = fourDigitYear(p.year)
	}
	if !p.halfDayHour { // the designator must agree with the hour
		hour := orElse(p.hour, 0)
		return p.half == absent || (p.half == 1) == (hour >= 12)
	}
	if p.hour > 12 {
		return false
	}
	p.hour %= 12
	if p.half == 1 {
		p.hour += 12
	}
	return true
}

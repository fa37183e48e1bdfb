package dotnet

import (
	"math"
	"strconv"
	"strings"
)

// TimeSpanStyles is System.Globalization.TimeSpanStyles.
type TimeSpanStyles int32

// The styles: AssumeNegative makes what a custom format reads negative.
const (
	TimeSpanStylesNone           TimeSpanStyles = 0
	TimeSpanStylesAssumeNegative TimeSpanStyles = 1
)

func badSpan(s string) *Exception {
	return Format("String '" + s + "' was not recognized as a valid TimeSpan.")
}

func spanOverflow(s string) *Exception {
	return Overflow("The TimeSpan string '" + s + "' could not be parsed because at least one of the numeric components is out of range or contains too many digits.")
}

// What the numbers of a text mean, by its shape: the text with an n for every
// number. The letters are d, h, m, s, and f for a fraction; the second of two
// meanings holds where the first has a number that is too large.
var (
	daysBeforePoint = map[string]string{
		"n": "d", "n:n": "hm", "n:n:n": "hms dhm", "n:n:n.n": "hmsf", "n:n:.n": "hmf",
		"n.n:n": "dhm", "n.n:n:n": "dhms", "n.n:n:n.n": "dhmsf", "n.n:n:.n": "dhmf",
	}
	daysBeforeColon = map[string]string{
		"n": "d", "n:n": "hm", "n:n:n": "hms dhm", "n:n:n.n": "hmsf", "n:n:.n": "hmf",
		"n:n:n:n": "dhms", "n:n:n:n.n": "dhmsf", "n:n:n:.n": "dhmf",
	}
	allOfSpan = map[string]string{"n:n:n:n.n": "dhmsf"}
)

// Numbers up to maxSpanNumbers are read, and one beyond maxSpanNumber is too
// large, even if the text as a whole is no TimeSpan.
const (
	maxSpanNumbers = 6
	maxSpanNumber  = 1<<28 - 1
)

// ParseTimeSpan is TimeSpan.Parse: days, hours:minutes and more, with days before
// a point or a colon.
func ParseTimeSpan(s string) (TimeSpan, error) {
	return parseSpanShape(s, daysBeforePoint, daysBeforeColon)
}

// ParseTimeSpanExact is TimeSpan.ParseExact. Several formats are tried in turn,
// as the overload with an array does.
func ParseTimeSpanExact(s string, formats []string, styles TimeSpanStyles) (TimeSpan, error) {
	if styles&^TimeSpanStylesAssumeNegative != 0 {
		return 0, Argument("An undefined TimeSpanStyles value is being used.", "styles")
	}
	anyFormat := func(string) error { return nil }
	return firstFormat(formats, badSpan(s), anyFormat, func(format string) (TimeSpan, error) {
		return parseSpanExact(s, format, styles)
	})
}

func parseSpanExact(s, format string, styles TimeSpanStyles) (TimeSpan, error) {
	switch format {
	case "c", "t", "T":
		return parseSpanConstant(s)
	case "g":
		return parseSpanShape(s, daysBeforeColon)
	case "G":
		return parseSpanShape(s, allOfSpan)
	}
	if len(format) <= 1 {
		return 0, badSpecifier(format)
	}
	p := spanParser{text: s, rest: s}
	if err := p.custom(format); err != nil {
		return 0, err
	}
	if p.rest != "" {
		return 0, badSpan(s)
	}
	return p.value(styles == TimeSpanStylesAssumeNegative)
}

// parseSpanConstant reads the form c, which is d or [d.]h:m[:s][.f], with seven
// digits of a second at most. A number that is too large is told of before what
// comes after it is looked at.
func parseSpanConstant(s string) (TimeSpan, error) {
	rest, negative := strings.CutPrefix(strings.TrimFunc(s, IsWhiteSpace), "-")
	p := spanParser{text: s, rest: rest}
	if p.digits('d', 1, len(rest)) && !p.overflow {
		if !strings.HasPrefix(p.rest, ":") {
			if p.rest == "" {
				return p.value(negative)
			}
			if !p.literal(".") {
				return 0, badSpan(s)
			}
		} else {
			p = spanParser{text: s, rest: rest}
		}
		if p.clock() {
			v, err := p.value(negative)
			if err == nil && p.rest != "" {
				err = badSpan(s)
			}
			return v, err
		}
	}
	if p.overflow {
		return 0, spanOverflow(s)
	}
	return 0, badSpan(s)
}

// clock reads h:m[:s][.f] until something is wrong. The seconds may be left out
// before a fraction, and the digits after its point.
func (p *spanParser) clock() bool {
	all := len(p.rest)
	if !p.digits('h', 1, all) || p.overflow || !p.literal(":") || !p.digits('m', 1, all) || p.overflow {
		return false
	}
	if !p.literal(":") {
		return true
	}
	if !strings.HasPrefix(p.rest, ".") && (!p.digits('s', 1, all) || p.overflow) {
		return false
	}
	if p.literal(".") {
		p.digits('f', 0, 7)
	}
	return true
}

func parseSpanShape(s string, meanings ...map[string]string) (TimeSpan, error) {
	trimmed := strings.TrimFunc(s, IsWhiteSpace)
	unsigned, negative := strings.CutPrefix(trimmed, "-")
	shape, numbers := spanShape(unsigned)
	var v TimeSpan
	err := error(badSpan(s))
	for _, meaning := range meanings {
		for _, letters := range strings.Fields(meaning[shape]) {
			p := spanParser{text: s}
			for i, number := range numbers {
				p.set(letters[i], number)
			}
			if v, err = p.value(negative); err == nil {
				return v, nil
			}
		}
	}
	for _, number := range numbers[:min(len(numbers), maxSpanNumbers)] {
		if v, err := strconv.ParseUint(number, 10, 64); err != nil || v > maxSpanNumber {
			return 0, spanOverflow(s)
		}
	}
	return 0, err
}

// spanShape takes the numbers out of a text.
func spanShape(s string) (shape string, numbers []string) {
	var out strings.Builder
	for i := 0; i < len(s); {
		n := 0
		for i+n < len(s) && isDigit(s[i+n]) {
			n++
		}
		if n == 0 {
			out.WriteByte(s[i])
			i++
			continue
		}
		out.WriteByte('n')
		numbers = append(numbers, s[i:i+n])
		i += n
	}
	return out.String(), numbers
}

// A spanParser collects the parts of a TimeSpan.
type spanParser struct {
	text string
	rest string // of the text, for custom formats
	seen string // letters of the parts found

	days, hours, minutes, seconds, fraction uint64
	overflow                                bool
}

// set takes a part; f is a fraction of a second, the others are whole.
func (p *spanParser) set(letter byte, digits string) {
	p.seen += string(letter)
	limit := uint64(math.MaxInt64 / TicksPerDay)
	field := &p.days
	switch letter {
	case 'h':
		field, limit = &p.hours, 23
	case 'm':
		field, limit = &p.minutes, 59
	case 's':
		field, limit = &p.seconds, 59
	case 'f':
		fraction, ok := spanFraction(digits)
		p.fraction, p.overflow = fraction, p.overflow || !ok
		return
	}
	for i := range len(digits) {
		*field = *field*10 + uint64(digits[i]-'0')
		if *field > limit {
			p.overflow = true
			return
		}
	}
}

// spanFraction is the ticks of a fraction. Up to seven digits count beside zeros
// that begin it; more than that are rounded half up.
func spanFraction(digits string) (ticks uint64, ok bool) {
	significant := strings.TrimLeft(digits, "0")
	zeros := len(digits) - len(significant)
	switch {
	case significant == "":
		return 0, true
	case len(significant) > 7 || zeros > 7:
		return 0, false
	}
	for i := range len(significant) {
		ticks = ticks*10 + uint64(significant[i]-'0')
	}
	for n := len(digits); n < 7; n++ {
		ticks *= 10
	}
	if excess := len(digits) - 7; excess > 0 {
		unit := uint64(math.Pow10(excess))
		ticks = (ticks + unit/2) / unit
	}
	return ticks, true
}

func (p *spanParser) value(negative bool) (TimeSpan, error) {
	seconds := (p.hours*60+p.minutes)*60 + p.seconds
	ticks := p.days*TicksPerDay + seconds*TicksPerSecond + p.fraction // below 2^64
	v, ok := join[TimeSpan](negative, ticks)
	if p.overflow || !ok {
		return 0, spanOverflow(p.text)
	}
	return v, nil
}

// custom reads by a custom format, in which each part stands once at most.
func (p *spanParser) custom(format string) error {
	for i := 0; i < len(format); {
		n := runLength(format[i:])
		ok := true
		switch c := format[i]; c {
		case 'd':
			ok = p.part(c, n, 8)
		case 'h', 'm', 's':
			ok = p.part(c, n, 2)
		case 'f':
			ok = n <= 7 && p.digits(c, n, n)
		case 'F':
			skip := p.rest == p.text && p.rest != "" && !isDigit(p.rest[0])
			ok = n <= 7 && p.digits('f', 0, n)
			if skip { // .NET passes over one character here
				p.rest = p.rest[1:]
			}
		case '\'', '"':
			text, length, err := quotedText(format[i:])
			if err != nil {
				return err
			}
			ok = p.literal(string(text))
			n = length
		case '%': // the next character by itself
			ok = n == 1 && i+1 < len(format)
		case '\\':
			ok = i+1 < len(format) && p.literal(format[i+1:i+2])
			n = 2
		default:
			ok = false
		}
		if !ok {
			return badNumber()
		}
		i += n
	}
	return nil
}

// part reads a part with as many digits as letters, or up to most for one.
func (p *spanParser) part(letter byte, letters, most int) bool {
	if letters == 1 {
		return p.digits(letter, 1, most)
	}
	return letters <= most && p.digits(letter, letters, letters)
}

func (p *spanParser) digits(letter byte, atLeast, atMost int) bool {
	n := 0
	for n < atMost && n < len(p.rest) && isDigit(p.rest[n]) {
		n++
	}
	if n < atLeast || strings.IndexByte(p.seen, letter) >= 0 {
		return false
	}
	p.set(letter, p.rest[:n])
	p.rest = p.rest[n:]
	return true
}

func (p *spanParser) literal(text string) bool {
	var ok bool
	p.rest, ok = strings.CutPrefix(p.rest, text)
	return ok
}

package dotnet

import "strconv"

// The names of the invariant culture. Abbreviations are the first three letters.
var (
	dayNames   = [...]string{"Sunday", "Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday"}
	monthNames = [...]string{"January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November", "December"}
)

const (
	nameLetters = 3 // of an abbreviated name
	eraName     = "A.D."
	amName      = "AM"
	pmName      = "PM"
)

// standardDateFormats are the custom formats that the letters stand for.
var standardDateFormats = map[byte]string{
	'd': "MM/dd/yyyy",
	'D': "dddd, dd MMMM yyyy",
	'f': "dddd, dd MMMM yyyy HH:mm",
	'F': "dddd, dd MMMM yyyy HH:mm:ss",
	'g': "MM/dd/yyyy HH:mm",
	'G': "MM/dd/yyyy HH:mm:ss",
	'm': "MMMM dd",
	'M': "MMMM dd",
	'o': "yyyy-MM-ddTHH:mm:ss.fffffffK",
	'O': "yyyy-MM-ddTHH:mm:ss.fffffffK",
	'r': "ddd, dd MMM yyyy HH:mm:ss 'GMT'",
	'R': "ddd, dd MMM yyyy HH:mm:ss 'GMT'",
	's': "yyyy-MM-ddTHH:mm:ss",
	't': "HH:mm",
	'T': "HH:mm:ss",
	'u': "yyyy-MM-dd HH:mm:ss'Z'",
	'U': "dddd, dd MMMM yyyy HH:mm:ss",
	'y': "yyyy MMMM",
	'Y': "yyyy MMMM",
}

// String is ToString(): "01/15/2024 10:30:45".
func (t DateTime) String() string { return mustFormat(t.ToString("G")) }

// String is ToString(): "01/15/2024 10:30:45 +02:00".
func (t DateTimeOffset) String() string { return mustFormat(t.ToString("")) }

func mustFormat(text string, err error) string {
	if err != nil {
		panic("dotnet: a constant format failed: " + err.Error())
	}
	return text
}

// ToString formats by a standard or custom date format string.
func (t DateTime) ToString(format string) (string, error) {
	w := dateWriter{clock: t, zone: t.zoneText()}
	if format == "" {
		format = "G"
	}
	return w.standard(format)
}

// zoneText is what the specifier K gives.
func (t DateTime) zoneText() string {
	switch t.kind {
	case KindUtc:
		return "Z"
	case KindLocal:
		return "+00:00"
	}
	return ""
}

// ToString formats by a standard or custom date format string. The letters r and
// u give the time in UTC; U, which .NET does not allow here, is refused.
func (t DateTimeOffset) ToString(format string) (string, error) {
	w := dateWriter{clock: t.DateTime(), offset: t.Offset()}
	w.zone = string(w.appendOffset(nil, 3))
	switch format {
	case "":
		format = "MM/dd/yyyy HH:mm:ss zzz"
	case "r", "R", "u":
		w.clock = t.UtcDateTime()
	case "U":
		return "", badNumber()
	}
	return w.standard(format)
}

// A dateWriter writes the parts of a date.
type dateWriter struct {
	out    []byte
	clock  DateTime
	offset TimeSpan
	zone   string // of the specifier K
}

func (w *dateWriter) standard(format string) (string, error) {
	if len(format) == 1 {
		custom, ok := standardDateFormats[format[0]]
		if !ok {
			return "", badNumber()
		}
		format = custom
	}
	w.out = make([]byte, 0, 40)
	if err := w.custom(format); err != nil {
		return "", err
	}
	return string(w.out), nil
}

func (w *dateWriter) custom(format string) error {
	for i := 0; i < len(format); {
		c := format[i]
		n := runLength(format[i:])
		switch c {
		case '\'', '"':
			text, length, err := quotedText(format[i:])
			if err != nil {
				return err
			}
			w.out = append(w.out, text...)
			n = length
		case '\\':
			if i+1 == len(format) {
				return badNumber()
			}
			w.out = append(w.out, format[i+1])
			n = 2
		case '%': // the next character alone
			if i+1 == len(format) || format[i+1] == '%' {
				return badNumber()
			}
			if err := w.custom(format[i+1 : i+2]); err != nil {
				return err
			}
			n = 2
		case 'f', 'F':
			if n > 7 {
				return badNumber()
			}
			w.fraction(n, c == 'F')
		case 'K':
			w.out = append(w.out, w.zone...)
			n = 1
		default:
			if !w.part(c, n) {
				w.out = append(w.out, c)
				n = 1
			}
		}
		i += n
	}
	return nil
}

// part writes the part of the date that n times the letter c stands for, if it
// stands for one.
func (w *dateWriter) part(c byte, n int) bool {
	switch c {
	case 'g':
		w.out = append(w.out, eraName...)
	case 'h':
		w.number((w.clock.Hour()+11)%12+1, min(n, 2))
	case 'H':
		w.number(w.clock.Hour(), min(n, 2))
	case 'm':
		w.number(w.clock.Minute(), min(n, 2))
	case 's':
		w.number(w.clock.Second(), min(n, 2))
	case 't':
		name := amName
		if w.clock.Hour() >= 12 {
			name = pmName
		}
		w.out = append(w.out, name[:min(n, len(name))]...)
	case 'd':
		if n <= 2 {
			w.number(w.clock.Day(), n)
		} else {
			w.name(dayNames[w.clock.DayOfWeek()], n)
		}
	case 'M':
		if n <= 2 {
			w.number(w.clock.Month(), n)
		} else {
			w.name(monthNames[w.clock.Month()-1], n)
		}
	case 'y':
		if n <= 2 {
			w.number(w.clock.Year()%100, n)
		} else {
			w.number(w.clock.Year(), n)
		}
	case 'z':
		w.out = w.appendOffset(w.out, n)
	default:
		return false
	}
	return true
}

func (w *dateWriter) number(v int32, digits int) { w.out = appendPadded(w.out, int64(v), digits) }

func (w *dateWriter) name(name string, n int) {
	if n == 3 {
		name = name[:nameLetters]
	}
	w.out = append(w.out, name...)
}

// fraction writes n digits of the second; trimmed ones have no zeros at the end
// and, if none is left, take back a point.
func (w *dateWriter) fraction(n int, trim bool) {
	before := len(w.out)
	w.out = appendFraction(w.out, w.clock.ticks%TicksPerSecond, n, trim)
	if len(w.out) == before && before > 0 && w.out[before-1] == '.' {
		w.out = w.out[:before-1]
	}
}

// appendFraction appends the first n of the seven digits of a second's ticks.
func appendFraction(out []byte, ticks int64, n int, trim bool) []byte {
	out = appendPadded(out, ticks, 7)
	out = out[:len(out)-7+n]
	for trim && n > 0 && out[len(out)-1] == '0' {
		out = out[:len(out)-1]
		n--
	}
	return out
}

// appendOffset appends +h, +hh or, for three letters and more, +hh:mm.
func (w *dateWriter) appendOffset(out []byte, n int) []byte {
	minutes := int64(w.offset / TicksPerMinute)
	sign := byte('+')
	if minutes < 0 {
		sign, minutes = '-', -minutes
	}
	out = appendPadded(append(out, sign), minutes/60, min(n, 2))
	if n > 2 {
		out = appendPadded(append(out, ':'), minutes%60, 2)
	}
	return out
}

// appendPadded appends a number, which is not negative, with zeros before it.
func appendPadded(out []byte, v int64, digits int) []byte {
	width := 1
	for rest := v; rest >= 10; rest /= 10 {
		width++
	}
	for ; width < digits; width++ {
		out = append(out, '0')
	}
	return strconv.AppendInt(out, v, 10)
}

// runLength is how often the first byte repeats at the start.
func runLength(s string) int {
	n := 1
	for n < len(s) && s[n] == s[0] {
		n++
	}
	return n
}

// quotedText reads the quoted text that s begins with, in which a backslash
// takes the next character as it is, and says how long it is with its quotes.
func quotedText(s string) (text []byte, length int, err error) {
	for i := 1; i < len(s); i++ {
		switch s[i] {
		case s[0]:
			return text, i + 1, nil
		case '\\':
			if i++; i == len(s) {
				return nil, 0, badNumber()
			}
		}
		text = append(text, s[i])
	}
	return nil, 0, Format("Cannot find a matching quote character for the character '" + s[:1] + "'.")
}

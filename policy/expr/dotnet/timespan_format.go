package dotnet

// String is ToString(): "[-][d.]hh:mm:ss[.fffffff]".
func (t TimeSpan) String() string { return mustFormat(t.ToString("c")) }

// ToString formats by one of the letters c, t, T (all the same), g and G or by a
// custom format, where all but specifiers must be quoted or escaped.
func (t TimeSpan) ToString(format string) (string, error) {
	w := spanWriter{negative: t < 0, ticks: uint64(t)}
	if t < 0 {
		w.ticks = -w.ticks
	}
	switch format {
	case "", "c", "t", "T":
		w.constant()
	case "g":
		w.general(false)
	case "G":
		w.general(true)
	default:
		if len(format) == 1 {
			return "", badNumber()
		}
		if err := w.custom(format); err != nil {
			return "", err
		}
	}
	return string(w.out), nil
}

// A spanWriter writes the parts of a TimeSpan, which has no sign.
type spanWriter struct {
	out      []byte
	negative bool
	ticks    uint64
}

// part is the number of units in the next larger unit.
func (w *spanWriter) part(unit, modulus uint64) int64 { return int64(w.ticks / unit % modulus) }

func (w *spanWriter) days() int64    { return int64(w.ticks / TicksPerDay) }
func (w *spanWriter) hours() int64   { return w.part(TicksPerHour, 24) }
func (w *spanWriter) minutes() int64 { return w.part(TicksPerMinute, 60) }
func (w *spanWriter) seconds() int64 { return w.part(TicksPerSecond, 60) }

// fraction is the ticks of the second.
func (w *spanWriter) fraction() int64 { return w.part(1, TicksPerSecond) }

func (w *spanWriter) sign() {
	if w.negative {
		w.out = append(w.out, '-')
	}
}

func (w *spanWriter) number(v int64, digits int, after string) {
	w.out = append(appendPadded(w.out, v, digits), after...)
}

func (w *spanWriter) constant() {
	w.sign()
	if w.days() > 0 {
		w.number(w.days(), 1, ".")
	}
	w.number(w.hours(), 2, ":")
	w.number(w.minutes(), 2, ":")
	w.number(w.seconds(), 2, "")
	if w.fraction() > 0 {
		w.out = appendFraction(append(w.out, '.'), w.fraction(), 7, false)
	}
}

func (w *spanWriter) general(long bool) {
	w.sign()
	hourDigits := 1
	if long {
		hourDigits = 2
	}
	if long || w.days() > 0 {
		w.number(w.days(), 1, ":")
	}
	w.number(w.hours(), hourDigits, ":")
	w.number(w.minutes(), 2, ":")
	w.number(w.seconds(), 2, "")
	if long || w.fraction() > 0 {
		w.out = appendFraction(append(w.out, '.'), w.fraction(), 7, !long)
	}
}

func (w *spanWriter) custom(format string) error {
	for i := 0; i < len(format); {
		n := runLength(format[i:])
		limit := 2 // letters that a specifier has at most
		switch c := format[i]; c {
		case 'h':
			w.number(w.hours(), n, "")
		case 'm':
			w.number(w.minutes(), n, "")
		case 's':
			w.number(w.seconds(), n, "")
		case 'd':
			limit = 8
			w.number(w.days(), n, "")
		case 'f', 'F':
			limit = 7
			w.out = appendFraction(w.out, w.fraction(), min(n, limit), c == 'F')
		case '\'', '"':
			text, length, err := quotedText(format[i:])
			if err != nil {
				return err
			}
			w.out = append(w.out, text...)
			n, limit = length, length
		case '%':
			if i+1 == len(format) || format[i+1] == '%' {
				return badNumber()
			}
			if err := w.custom(format[i+1 : i+2]); err != nil {
				return err
			}
			n = 2
		case '\\':
			if i+1 == len(format) {
				return badNumber()
			}
			w.out = append(w.out, format[i+1])
			n = 2
		default:
			return badNumber()
		}
		if n > limit {
			return badNumber()
		}
		i += n
	}
	return nil
}

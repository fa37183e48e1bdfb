package dotnet

import "strconv"

// Numbers are formatted under the invariant culture: "-", ".", "," between
// groups of three, "¤" for currency, "%", "‰", two digits after the point.
const (
	currencySymbol   = "¤"
	permilleSymbol   = "‰"
	cultureDecimals  = 2
	exponentDecimals = 6
)

// parseFormat reads a standard format string: a letter and a precision of up to
// two digits (-1 if there is none). Any other is a custom format: verb 0.
func parseFormat(format string) (verb byte, precision int) {
	format = untilNull(format)
	if format == "" {
		return 'G', -1
	}
	verb = format[0]
	if lower := verb | 0x20; lower < 'a' || lower > 'z' {
		return 0, -1
	}
	if len(format) == 1 {
		return verb, -1
	}
	i, n := 1, 0
	for ; i < len(format) && n < 10 && isDigit(format[i]); i++ {
		n = n*10 + int(format[i]-'0')
	}
	if i < len(format) {
		return 0, -1
	}
	return verb, n
}

func isDigit(c byte) bool { return c >= '0' && c <= '9' }

func badFormat() *Exception { return Format("Format specifier was invalid.") }

// FormatInteger is ToString(format) of an integer type.
func FormatInteger[T Integer](v T, format string) (string, error) {
	verb, precision := parseFormat(format)
	negative, magnitude := split(v)
	if bits := width[T](); negative && bits < 32 && format != "" && format[0]|0x20 == 'x' {
		// sbyte and short become their bits, though the format may be a custom one.
		negative, magnitude = false, uint64(v)&(1<<bits-1)
	}
	switch verb {
	case 'G', 'g':
		if precision > 0 {
			break
		}
		precision = -1
		fallthrough
	case 'D', 'd':
		return decimalDigits(negative, magnitude, precision), nil
	case 'X', 'x':
		bits := uint64(v) << (64 - width[T]()) >> (64 - width[T]())
		return hexDigits(bits, verb, precision), nil
	}
	n := number{negative: negative, kind: integerNumber}
	if magnitude != 0 {
		n.digits = strconv.AppendUint(nil, magnitude, 10)
	}
	n.scale = len(n.digits)
	return n.format(verb, precision, format)
}

// untilNull cuts a format string where .NET stops reading it.
func untilNull(format string) string {
	for i := range len(format) {
		if format[i] == 0 {
			return format[:i]
		}
	}
	return format
}

func decimalDigits(negative bool, magnitude uint64, precision int) string {
	var buffer [20]byte
	digits := strconv.AppendUint(buffer[:0], magnitude, 10)
	if !negative && len(digits) >= precision {
		return string(digits)
	}
	out := make([]byte, 0, 1+max(len(digits), precision))
	if negative {
		out = append(out, '-')
	}
	for range precision - len(digits) {
		out = append(out, '0')
	}
	return string(append(out, digits...))
}

func hexDigits(bits uint64, verb byte, precision int) string {
	table := "0123456789abcdef"
	if verb == 'X' {
		table = "0123456789ABCDEF"
	}
	var out []byte
	for shift := 60; shift >= 0; shift -= 4 {
		if digit := bits >> shift & 15; digit != 0 || len(out) > 0 || shift == 0 || shift < 4*precision {
			out = append(out, table[digit])
		}
	}
	for missing := precision - len(out); missing > 0; missing-- {
		out = append([]byte{'0'}, out...)
	}
	return string(out)
}

// format formats by a verb of parseFormat, or the custom format if verb is 0.
func (n *number) format(verb byte, precision int, format string) (string, error) {
	if verb == 0 {
		return string(n.custom(untilNull(format))), nil
	}
	return n.standard(verb, precision)
}

// standard formats by one of the letters C E F G N P.
func (n *number) standard(verb byte, precision int) (string, error) {
	decimals := precision
	if decimals < 0 {
		decimals = cultureDecimals
	}
	var out []byte
	switch verb {
	case 'C', 'c':
		n.round(n.scale + decimals)
		if n.negative {
			return "(" + currencySymbol + string(n.appendFixed(nil, decimals, true)) + ")", nil
		}
		return currencySymbol + string(n.appendFixed(nil, decimals, true)), nil
	case 'F', 'f', 'N', 'n':
		n.round(n.scale + decimals)
		return string(n.appendFixed(n.appendSign(out), decimals, verb|0x20 == 'n')), nil
	case 'P', 'p':
		n.scale += 2
		n.round(n.scale + decimals)
		return string(n.appendFixed(n.appendSign(out), decimals, true)) + " %", nil
	case 'E', 'e':
		if precision < 0 {
			precision = exponentDecimals
		}
		n.round(precision + 1)
		return string(n.appendScientific(n.appendSign(out), precision+1, verb)), nil
	case 'G', 'g':
		n.round(precision)
		return string(n.appendGeneral(nil, precision, verb-('G'-'E'), false)), nil
	}
	return "", badFormat()
}

func (n *number) appendSign(out []byte) []byte {
	if n.negative {
		return append(out, '-')
	}
	return out
}

// appendFixed appends a rounded number without exponent and sign.
func (n *number) appendFixed(out []byte, decimals int, groups bool) []byte {
	if n.scale <= 0 {
		out = append(out, '0')
	}
	for i := range n.scale {
		out = append(out, n.digit(i))
		if left := n.scale - 1 - i; groups && left > 0 && left%3 == 0 {
			out = append(out, ',')
		}
	}
	if decimals > 0 {
		out = append(out, '.')
		for i := range decimals {
			out = append(out, n.digit(n.scale+i))
		}
	}
	return out
}

// appendScientific appends d.ddd and an exponent of three digits at least.
func (n *number) appendScientific(out []byte, digits int, letter byte) []byte {
	out = append(out, n.digit(0))
	if digits > 1 {
		out = append(out, '.')
	}
	for i := 1; i < digits; i++ {
		out = append(out, n.digit(i))
	}
	exponent := 0
	if len(n.digits) > 0 {
		exponent = n.scale - 1
	}
	return appendExponent(out, exponent, letter, 3, true)
}

// appendGeneral appends the shorter of fixed and scientific notation: the
// latter if there are more digits than maxDigits before the point, or three
// zeros after it, unless that is ruled out.
func (n *number) appendGeneral(out []byte, maxDigits int, letter byte, fixed bool) []byte {
	out = n.appendSign(out)
	point, scientific := n.scale, false
	if !fixed && (point > maxDigits || point < -3) {
		point, scientific = 1, true
	}
	if point <= 0 {
		out = append(out, '0')
	}
	for i := range point {
		out = append(out, n.digit(i))
	}
	if last := len(n.digits); last > point || point < 0 {
		out = append(out, '.')
		for i := point; i < max(last, 0); i++ {
			out = append(out, n.digit(i))
		}
	}
	if scientific {
		out = appendExponent(out, n.scale-1, letter, 2, true)
	}
	return out
}

func appendExponent(out []byte, exponent int, letter byte, digits int, plus bool) []byte {
	out = append(out, letter)
	if exponent < 0 {
		out = append(out, '-')
		exponent = -exponent
	} else if plus {
		out = append(out, '+')
	}
	text := strconv.Itoa(exponent)
	for range digits - len(text) {
		out = append(out, '0')
	}
	return append(out, text...)
}

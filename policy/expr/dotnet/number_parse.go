package dotnet

import (
	"math"
	"strconv"
	"strings"
)

func badNumber() *Exception { return Format("Input string was not in a correct format.") }

// ParseInteger is Parse(s, style) of an integer type. A text that is a number
// but no such integer is an OverflowException.
func ParseInteger[T Integer](s string, style NumberStyles) (T, error) {
	if err := style.checkInteger(); err != nil {
		return 0, err
	}
	if style.Has(NumberStylesAllowHexSpecifier) {
		return parseHex[T](s, style)
	}
	if v, ok := parsePlain[T](s, style); ok {
		return v, nil
	}
	n, ok := scanNumber(s, style, integerNumber)
	if !ok {
		return 0, badNumber()
	}
	magnitude, ok := n.whole(keptDigits[T]())
	if !ok || n.negative && !isSigned[T]() {
		return 0, integerOverflow[T]()
	}
	return joinOrOverflow[T](n.negative, magnitude)
}

// parsePlain reads the usual case: up to 18 digits and perhaps a minus sign.
func parsePlain[T Integer](s string, style NumberStyles) (T, bool) {
	digits := s
	if style.Has(NumberStylesAllowLeadingSign) {
		digits = strings.TrimPrefix(s, "-")
	}
	if len(digits) == 0 || len(digits) > 18 {
		return 0, false
	}
	var magnitude uint64
	for i := range len(digits) {
		if !isDigit(digits[i]) {
			return 0, false
		}
		magnitude = magnitude*10 + uint64(digits[i]-'0')
	}
	return join[T](len(digits) < len(s), magnitude)
}

func parseHex[T Integer](s string, style NumberStyles) (T, error) {
	if style.Has(NumberStylesAllowLeadingWhite) {
		s = strings.TrimLeft(s, numberWhite)
	}
	digits := 0
	var bits uint64
	overflow := false
	for ; digits < len(s); digits++ {
		d, ok := hexDigit(s[digits])
		if !ok {
			break
		}
		overflow = overflow || bits>>(width[T]()-4) != 0
		bits = bits<<4 | uint64(d)
	}
	rest := s[digits:]
	if style.Has(NumberStylesAllowTrailingWhite) {
		rest = strings.TrimLeft(rest, numberWhite)
	}
	switch {
	case digits == 0 || strings.Trim(rest, "\x00") != "":
		return 0, badNumber()
	case overflow:
		return 0, integerOverflow[T]()
	}
	return T(bits), nil
}

func hexDigit(c byte) (byte, bool) {
	switch lower := c | 0x20; {
	case isDigit(c):
		return c - '0', true
	case lower >= 'a' && lower <= 'f':
		return lower - 'a' + 10, true
	}
	return 0, false
}

// ParseDouble is double.Parse(s, style). What is too large is an infinity.
func ParseDouble(s string, style NumberStyles) (float64, error) { return parseFloat(s, style, 64) }

// ParseSingle is float.Parse(s, style).
func ParseSingle(s string, style NumberStyles) (float32, error) {
	v, err := parseFloat(s, style, 32)
	return float32(v), err
}

func parseFloat(s string, style NumberStyles, bits int) (float64, error) {
	if err := style.checkFloat(); err != nil {
		return 0, err
	}
	n, ok := scanNumber(s, style, floatNumber)
	if !ok {
		return parseSymbol(s)
	}
	text := append(make([]byte, 0, len(n.digits)+8), "0."...)
	text = append(text, n.digits...)
	text = strconv.AppendInt(append(text, 'e'), int64(n.scale), 10)
	v, err := strconv.ParseFloat(string(text), bits) // an error means infinity
	if err != nil && !math.IsInf(v, 0) {
		panic("dotnet: not a number: " + string(text))
	}
	if n.negative {
		v = -v
	}
	return v, nil
}

// parseSymbol reads the values that are no numbers, in any case, with a sign.
func parseSymbol(s string) (float64, error) {
	s = strings.TrimFunc(s, IsWhiteSpace)
	unsigned := strings.TrimPrefix(s, "+")
	switch {
	case equalWord(unsigned, positiveInfinitySymbol):
		return math.Inf(1), nil
	case equalWord(s, negativeInfinitySymbol):
		return math.Inf(-1), nil
	case equalWord(unsigned, nanSymbol), equalWord(s, "-"+nanSymbol):
		return NaN, nil
	}
	return 0, badNumber()
}

// equalWord compares with an ASCII word in any case. Go folds a few letters
// beyond ASCII to ASCII ones; they are longer.
func equalWord(s, word string) bool { return len(s) == len(word) && strings.EqualFold(s, word) }

// ParseDecimal is decimal.Parse(s, style). Digits that do not fit are rounded.
func ParseDecimal(s string, style NumberStyles) (Decimal, error) {
	if err := style.checkFloat(); err != nil {
		return Decimal{}, err
	}
	n, ok := scanNumber(s, style, decimalNumber)
	if !ok {
		return Decimal{}, badNumber()
	}
	d, ok := n.decimal()
	if !ok {
		return Decimal{}, decimalOverflow()
	}
	return d, nil
}

// ParseBoolean is bool.Parse: True or False in any case, white space around.
func ParseBoolean(s string) (bool, error) {
	word := strings.TrimFunc(s, func(r rune) bool { return r == 0 || IsWhiteSpace(r) })
	switch {
	case equalWord(word, "True"):
		return true, nil
	case equalWord(word, "False"):
		return false, nil
	}
	return false, Format("String '" + s + "' was not recognized as a valid Boolean.")
}

// ParseChar is char.Parse.
func ParseChar(s string) (Char, error) {
	c, n := decodeChar(s)
	if n == 0 || n != len(s) {
		return 0, Format("String must be exactly one character long.")
	}
	return c, nil
}

// Tried is what TryParse makes of the error of Parse: a text that is no value
// is no error. Wrong styles still are.
func Tried(err error) (ok bool, failure error) {
	if err == nil {
		return true, nil
	}
	if e, isException := err.(*Exception); isException {
		switch e.Type {
		case "System.FormatException", "System.OverflowException", "System.ArgumentNullException":
			return false, nil
		}
	}
	return false, err
}

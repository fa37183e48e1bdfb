package syntax

import (
	"fmt"
	"math"
	"math/big"
	"strconv"
	"strings"
)

// number reads an integer or real literal.
func (l *lexer) number() {
	start := l.at
	lit, code, message := l.numberValue()
	text := l.src[start:l.at]
	t := l.emit(tNumber, start)
	t.text = text
	t.value = int32(len(l.numbers))
	if code != "" {
		l.errs.add(t.span(), code, message)
	}
	l.numbers = append(l.numbers, lit)
}

const invalidNumber = "this is no number: digits are missing, or a separator _ is not between digits"

// numberValue reads a number; the code is "" if it is one.
func (l *lexer) numberValue() (lit Literal, code, message string) {
	if base := l.basePrefix(); base != 10 {
		l.at += 2
		digits, ok := l.digits(base)
		return integer(digits, base, l.integerSuffix(), ok)
	}
	start := l.at
	digits, ok := l.digits(10)
	if l.peek(0) == '.' && isDigit(l.peek(1)) {
		l.at++
		_, fractionOK := l.digits(10)
		return l.real(start, fractionOK && (ok || digits == ""))
	}
	switch l.peek(0) | 0x20 {
	case 'e', 'f', 'd', 'm':
		return l.real(start, ok)
	}
	return integer(digits, 10, l.integerSuffix(), ok)
}

// basePrefix is the base that 0x or 0b here announces, else 10.
func (l *lexer) basePrefix() int {
	if l.peek(0) == '0' {
		switch l.peek(1) | 0x20 {
		case 'x':
			return 16
		case 'b':
			return 2
		}
	}
	return 10
}

// digits reads digits and separators; ok if there are digits and no separator
// ends them.
func (l *lexer) digits(base int) (digits string, ok bool) {
	start := l.at
	for l.peek(0) == '_' || isDigitOf(l.peek(0), base) {
		l.at++
	}
	digits = l.src[start:l.at]
	return strings.ReplaceAll(digits, "_", ""), digits != "" && !strings.HasSuffix(digits, "_")
}

func isDigitOf(c byte, base int) bool {
	switch base {
	case 2:
		return c == '0' || c == '1'
	case 16:
		return isDigit(c) || c|0x20 >= 'a' && c|0x20 <= 'f'
	}
	return isDigit(c)
}

// integerSuffix reads the suffix of an integer and gives it in small letters, u
// before l.
func (l *lexer) integerSuffix() string {
	unsigned, long := false, false
	for range 2 {
		switch c := l.peek(0) | 0x20; {
		case c == 'u' && !unsigned:
			unsigned = true
		case c == 'l' && !long:
			long = true
		default:
			continue
		}
		l.at++
	}
	switch {
	case unsigned && long:
		return "ul"
	case unsigned:
		return "u"
	case long:
		return "l"
	}
	return ""
}

// integer gives the digits the first type of C#'s list that holds them: int,
// uint, long, ulong, less those that the suffix excludes.
func integer(digits string, base int, suffix string, ok bool) (lit Literal, code, message string) {
	if !ok {
		return Literal{Kind: IntLiteral, Value: int32(0)}, "CS1013", invalidNumber
	}
	v, err := strconv.ParseUint(digits, base, 64)
	if err != nil {
		return Literal{Kind: ULongLiteral, Value: uint64(0)}, "CS1021", "this integer is too large: the largest that C# writes is 18446744073709551615"
	}
	switch {
	case v <= math.MaxInt32 && suffix == "":
		return Literal{Kind: IntLiteral, Value: int32(v)}, "", ""
	case v <= math.MaxUint32 && (suffix == "" || suffix == "u"):
		return Literal{Kind: UIntLiteral, Value: uint32(v)}, "", ""
	case v <= math.MaxInt64 && (suffix == "" || suffix == "l"):
		return Literal{Kind: LongLiteral, Value: int64(v)}, "", ""
	}
	return Literal{Kind: ULongLiteral, Value: v}, "", ""
}

// negated is the literal that a minus before a number makes of it: the smallest
// int and the smallest long are written so. False for any other number.
func negated(lit *Literal, written string) (Literal, bool) {
	switch {
	case lit.Value == uint32(1<<31) && !strings.ContainsAny(written, "uU"):
		return Literal{Kind: IntLiteral, Value: int32(math.MinInt32)}, true
	case lit.Value == uint64(1<<63) && !strings.ContainsAny(written, "uU"):
		return Literal{Kind: LongLiteral, Value: int64(math.MinInt64)}, true
	}
	return Literal{}, false
}

// real reads what follows the digits of a real literal that begins at start: its
// exponent and suffix.
func (l *lexer) real(start int, ok bool) (lit Literal, code, message string) {
	if l.peek(0)|0x20 == 'e' {
		l.at++
		if c := l.peek(0); c == '+' || c == '-' {
			l.at++
		}
		if c := l.peek(0); !isDigit(c) && c != '_' {
			return Literal{Kind: DoubleLiteral, Value: 0.0}, "CS0595", "digits are missing after the e of this number"
		}
		separated := l.peek(0) == '_'
		_, wellFormed := l.digits(10)
		ok = ok && wellFormed && !separated
	}
	digits := strings.ReplaceAll(l.src[start:l.at], "_", "")
	suffix := l.peek(0) | 0x20
	switch suffix {
	case 'f', 'd', 'm':
		l.at++
	}
	if !ok {
		return Literal{Kind: DoubleLiteral, Value: 0.0}, "CS1013", invalidNumber
	}
	return realValue(digits, suffix)
}

// realValue is the literal of the digits, with point and exponent, and the suffix.
func realValue(digits string, suffix byte) (lit Literal, code, message string) {
	switch suffix {
	case 'm':
		text, ok := decimal(digits)
		if !ok {
			return Literal{Kind: DecimalLiteral, Value: "0"}, "CS0594", tooLarge("decimal", "79228162514264337593543950335")
		}
		return Literal{Kind: DecimalLiteral, Value: text}, "", ""
	case 'f':
		v, err := strconv.ParseFloat(digits, 32)
		if err != nil {
			return Literal{Kind: FloatLiteral, Value: float32(0)}, "CS0594", tooLarge("float", "3.4028235e38")
		}
		return Literal{Kind: FloatLiteral, Value: float32(v)}, "", ""
	}
	v, err := strconv.ParseFloat(digits, 64)
	if err != nil {
		return Literal{Kind: DoubleLiteral, Value: 0.0}, "CS0594", tooLarge("double", "1.7976931348623157e308")
	}
	return Literal{Kind: DoubleLiteral, Value: v}, "", ""
}

func tooLarge(typ, limit string) string {
	return fmt.Sprintf("this number is outside the range of %s, which ends at %s", typ, limit)
}

// A decimal is a whole number of 96 bits, divided by a power of ten up to 28.
const decimalScale = 28

const (
	// What follows so many digits can only tip a tie.
	decidingDigits = 40
	// An exponent beyond it is as good as it: the source is not so long.
	farExponent = 1 << 22
)

var decimalLimit = new(big.Int).Lsh(big.NewInt(1), 96)

// decimal writes digits, which may have a point and an exponent, as the decimal
// that C# makes of them: rounded half to even to what it holds, trailing zeros
// kept. False if it is too large.
func decimal(digits string) (string, bool) {
	mantissa, exponent, _ := strings.Cut(strings.ToLower(digits), "e")
	whole, fraction, _ := strings.Cut(mantissa, ".")
	scale := len(fraction)
	if exponent != "" {
		e, err := strconv.Atoi(exponent)
		if err != nil { // too long for an int
			e = farExponent
			if exponent[0] == '-' {
				e = -farExponent
			}
		}
		scale -= min(max(e, -farExponent), farExponent)
	}
	significant := strings.TrimLeft(whole+fraction, "0")
	if significant == "" {
		return placePoint("0", min(max(scale, 0), decimalScale)), true
	}
	if len(significant) > decidingDigits {
		rest := significant[decidingDigits:]
		scale -= len(rest)
		significant = significant[:decidingDigits]
		if strings.Trim(rest, "0") != "" {
			significant += "1"
			scale++
		}
	}
	if len(significant)-scale > 29 {
		return "", false
	}
	v, _ := new(big.Int).SetString(significant, 10)
	if scale < 0 {
		v.Mul(v, power10(-scale))
		scale = 0
	}
	for kept := min(scale, decimalScale); kept >= 0; kept-- {
		if r := rounded(v, scale-kept); r.Cmp(decimalLimit) < 0 {
			return placePoint(r.String(), kept), true
		}
	}
	return "", false
}

func power10(n int) *big.Int {
	return new(big.Int).Exp(big.NewInt(10), big.NewInt(int64(n)), nil)
}

// rounded is v without its last n digits, half to even.
func rounded(v *big.Int, n int) *big.Int {
	if n > decidingDigits+1 {
		return new(big.Int)
	}
	unit := power10(n)
	q, r := new(big.Int).QuoRem(v, unit, new(big.Int))
	switch r.Lsh(r, 1).Cmp(unit) {
	case 1:
		q.Add(q, big.NewInt(1))
	case 0:
		q.Add(q, big.NewInt(int64(q.Bit(0))))
	}
	return q
}

// placePoint writes the digits with scale of them after the point.
func placePoint(digits string, scale int) string {
	if scale == 0 {
		return digits
	}
	if missing := scale + 1 - len(digits); missing > 0 {
		digits = strings.Repeat("0", missing) + digits
	}
	at := len(digits) - scale
	return digits[:at] + "." + digits[at:]
}

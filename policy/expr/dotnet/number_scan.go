package dotnet

import "strings"

// numberWhite is the white space that numbers may have around them.
const numberWhite = " \t\n\v\f\r"

// A numberScanner reads the text of a number by its styles.
type numberScanner struct {
	rest  string
	style NumberStyles
	n     number

	signed, parenthesis, currency, point bool
}

// scanNumber reads the whole text; ok is false if it is not a number.
func scanNumber(s string, style NumberStyles, kind numberKind) (n number, ok bool) {
	sc := numberScanner{rest: s, style: style, n: number{kind: kind}}
	sc.leading()
	if !sc.digits() {
		return number{}, false
	}
	sc.exponent()
	sc.trailing()
	if sc.parenthesis || strings.Trim(sc.rest, "\x00") != "" {
		return number{}, false
	}
	if len(sc.n.digits) == 0 {
		if kind != decimalNumber {
			sc.n.scale = 0
		}
		if kind == integerNumber && !sc.point {
			sc.n.negative = false
		}
	}
	return sc.n, true
}

func (sc *numberScanner) accept(allowed NumberStyles, prefix string) bool {
	if !sc.style.Has(allowed) || !strings.HasPrefix(sc.rest, prefix) {
		return false
	}
	sc.rest = sc.rest[len(prefix):]
	return true
}

func (sc *numberScanner) sign(allowed NumberStyles) bool {
	if sc.signed {
		return false
	}
	minus := sc.accept(allowed, "-")
	if !minus && !sc.accept(allowed, "+") {
		return false
	}
	sc.signed, sc.n.negative = true, minus
	return true
}

func (sc *numberScanner) symbol() bool {
	if sc.currency || !sc.accept(NumberStylesAllowCurrencySymbol, currencySymbol) {
		return false
	}
	sc.currency = true
	return true
}

func (sc *numberScanner) white(allowed NumberStyles) bool {
	if sc.rest == "" || !sc.style.Has(allowed) || strings.IndexByte(numberWhite, sc.rest[0]) < 0 {
		return false
	}
	sc.rest = sc.rest[1:]
	return true
}

// leading reads white space, sign, parenthesis and currency symbol in any order;
// white space after a sign only if there was a currency symbol.
func (sc *numberScanner) leading() {
	for {
		switch {
		case (!sc.signed || sc.currency) && sc.white(NumberStylesAllowLeadingWhite):
		case sc.sign(NumberStylesAllowLeadingSign):
		case !sc.signed && sc.accept(NumberStylesAllowParentheses, "("):
			sc.signed, sc.parenthesis, sc.n.negative = true, true, true
		case sc.symbol():
		default:
			return
		}
	}
}

func (sc *numberScanner) trailing() {
	for {
		switch {
		case sc.white(NumberStylesAllowTrailingWhite):
		case sc.sign(NumberStylesAllowTrailingSign):
		case sc.parenthesis && sc.accept(NumberStylesAllowParentheses, ")"):
			sc.parenthesis = false
		case sc.symbol():
		default:
			return
		}
	}
}

// digits reads the digits with separators between those before the point, and
// reports whether there were any.
func (sc *numberScanner) digits() (any bool) {
	for i := 0; ; i++ {
		c := byte(0)
		if i < len(sc.rest) {
			c = sc.rest[i]
		}
		switch {
		case isDigit(c):
			any = true
			if c != '0' || len(sc.n.digits) > 0 {
				sc.n.digits = append(sc.n.digits, c)
				if !sc.point {
					sc.n.scale++
				}
			} else if sc.point {
				sc.n.scale--
			}
		case c == '.' && !sc.point && sc.style.Has(NumberStylesAllowDecimalPoint):
			sc.point = true
		case c == ',' && !sc.point && any && sc.style.Has(NumberStylesAllowThousands):
		default:
			sc.rest = sc.rest[i:]
			return any
		}
	}
}

// exponent reads E, a sign and digits. From 1000 on it counts as 9999.
func (sc *numberScanner) exponent() {
	if !sc.style.Has(NumberStylesAllowExponent) || sc.rest == "" || sc.rest[0]|0x20 != 'e' {
		return
	}
	i := 1
	if i < len(sc.rest) && (sc.rest[i] == '+' || sc.rest[i] == '-') {
		i++
	}
	start, e := i, 0
	for ; i < len(sc.rest) && isDigit(sc.rest[i]); i++ {
		if e = e*10 + int(sc.rest[i]-'0'); e > 1000 {
			e = 9999
		}
	}
	if i == start {
		return
	}
	if sc.rest[1] == '-' {
		e = -e
	}
	sc.n.scale += e
	sc.rest = sc.rest[i:]
}

// keptDigits is how many digits .NET keeps of a text for an integer type; what
// follows in a fraction is not looked at.
func keptDigits[T Integer]() int {
	switch {
	case width[T]() < 64:
		return 10
	case isSigned[T]():
		return 19
	}
	return 20
}

// whole is the number as an integer; ok is false if it is too large or has a
// fraction.
func (n *number) whole(keep int) (v uint64, ok bool) {
	digits := strings.TrimRight(string(n.digits[:min(keep, len(n.digits))]), "0")
	if n.scale > 20 || n.scale < len(digits) {
		return 0, false
	}
	for i := range n.scale {
		d := uint64(n.digit(i) - '0')
		if i >= len(digits) {
			d = 0
		}
		if v > (1<<64-1-d)/10 {
			return 0, false
		}
		v = v*10 + d
	}
	return v, true
}

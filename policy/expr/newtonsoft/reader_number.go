package newtonsoft

import (
	"math/big"
	"strconv"
	"strings"

	"github.com/apimulator/apimulator/policy/expr/dotnet"
)

// maxIntegerLength is how many characters an integer may have.
const maxIntegerLength = 380

// readNumber reads an integer or a float: decimal, hexadecimal with 0x, octal with
// 0.
func (r *reader) readNumber() error {
	start := r.at
	for !r.end() && r.text[r.at] != 0 && strings.IndexByte("0123456789+-.abcdefABCDEFxX", r.text[r.at]) >= 0 {
		r.at++
	}
	if !r.end() && r.text[r.at] != 0 && r.white() == 0 && strings.IndexByte(",}])/", r.text[r.at]) < 0 {
		return r.fail("Unexpected character encountered while parsing number: %s.", r.here())
	}
	number := r.text[start:r.at]
	r.valueRead()
	r.counted()
	v, err := r.number(number)
	if err != nil {
		return err
	}
	r.kind, r.value = floatToken, v
	if _, decimal := v.(dotnet.Decimal); !decimal && !isFloat(v) {
		r.kind = integerToken
	}
	return nil
}

func (r *reader) number(s string) (any, error) {
	if len(s) > 1 && s[0] == '0' && s[1] != '.' && s[1] != 'e' && s[1] != 'E' {
		digits, base := s, 8
		if s[1] == 'x' || s[1] == 'X' {
			digits, base = s[2:], 16
		}
		n, err := strconv.ParseUint(digits, base, 64)
		if err != nil {
			return nil, r.badNumber("Input string '%s' is not a valid number.", s)
		}
		return int64(n), nil
	}
	if n, err := strconv.ParseInt(s, 10, 64); err == nil && s[0] != '+' {
		return n, nil
	}
	if n, ok := new(big.Int).SetString(s, 10); ok && s[0] != '+' {
		if len(s) > maxIntegerLength {
			return nil, r.badNumber("JSON integer %s is too large to parse.", s)
		}
		return n, nil
	}
	if r.decimals {
		if d, err := dotnet.ParseDecimal(s, floatStyle); err == nil {
			return d, nil
		}
	}
	f, err := dotnet.ParseDouble(s, floatStyle)
	if err != nil {
		return nil, r.badNumber("Input string '%s' is not a valid number.", s)
	}
	return f, nil
}

// floatStyle is NumberStyles.Float.
const floatStyle dotnet.NumberStyles = 0xA7

func (r *reader) badNumber(format, number string) error {
	r.kind, r.value = undefinedToken, nil
	return r.fail(format, number)
}

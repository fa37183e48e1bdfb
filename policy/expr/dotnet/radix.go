package dotnet

import (
	"math"
	"strconv"
)

// IntegerToBase is Convert.ToString(value, toBase) for base 2, 8, 10 or 16.
// Negative numbers show their two's complement, except in base 10.
func IntegerToBase[T uint8 | int16 | int32 | int64](v T, toBase int32) (string, error) {
	switch toBase {
	case 10:
		return strconv.FormatInt(int64(v), 10), nil
	case 2, 8, 16:
		unused := 64 - width[T]()
		return strconv.FormatUint(uint64(v)<<unused>>unused, int(toBase)), nil
	}
	return "", Argument("Invalid Base.", "")
}

// IntegerFromBase is Convert.ToInt32(text, fromBase) and its like, by T. In
// base 16 the text may begin with 0x, in base 10 with a sign.
func IntegerFromBase[T Integer](text string, fromBase int32) (T, error) {
	if fromBase != 2 && fromBase != 8 && fromBase != 10 && fromBase != 16 {
		return 0, Argument("Invalid Base.", "")
	}
	if text == "" {
		return 0, ArgumentOutOfRange(indexOutOfRange, "Specified argument was out of the range of valid values.")
	}
	negative := false
	digits := text
	switch text[0] {
	case '-':
		if fromBase != 10 {
			return 0, Argument("String cannot contain a minus sign if the base is not 10.", "")
		}
		if !isSigned[T]() {
			return 0, Overflow("The string was being parsed as an unsigned number and could not have a negative sign.")
		}
		negative, digits = true, text[1:]
	case '+':
		digits = text[1:]
	}
	if fromBase == 16 && hasHexPrefix(digits) {
		digits = digits[2:]
	}
	magnitude, n, err := readDigits[T](digits, uint64(fromBase))
	switch {
	case err != nil:
		return 0, err
	case n == 0:
		return 0, Format("Could not find any recognizable digits.")
	case n < len(digits):
		return 0, Format("Additional non-parsable characters are at the end of the string.")
	}
	if fromBase != 10 { // the text gives the bits
		if magnitude>>(width[T]()-1)>>1 != 0 {
			return 0, integerOverflow[T]()
		}
		return T(magnitude), nil
	}
	if isSigned[T]() && width[T]() < 64 && magnitude > 1<<31 { // it goes by way of int
		return 0, integerOverflow[int32]()
	}
	return joinOrOverflow[T](negative, magnitude)
}

// readDigits reads digits until one that is none. .NET reads types of up to 32
// bits in a 32-bit word, others in 64 bits, and an overflow names the word.
func readDigits[T Integer](s string, base uint64) (v uint64, n int, err error) {
	limit, overflow := uint64(math.MaxUint32), integerOverflow[uint32]
	if width[T]() == 64 {
		limit, overflow = math.MaxUint64, integerOverflow[uint64]
	}
	if base == 10 && isSigned[T]() {
		overflow = integerOverflow[int32]
		if width[T]() == 64 {
			overflow = integerOverflow[int64]
		}
	}
	for ; n < len(s); n++ {
		d, ok := hexDigit(s[n])
		if !ok || uint64(d) >= base {
			break
		}
		if v > (limit-uint64(d))/base {
			return 0, 0, overflow()
		}
		v = v*base + uint64(d)
	}
	return v, n, nil
}

package dotnet

import (
	"math"
	"testing"
)

// FuzzParseNumber: a text is a number or an exception, never a panic, and what
// was read is read again from its own text.
func FuzzParseNumber(f *testing.F) {
	for _, s := range []string{"", "-1,234.50", "(¤7)", "1e+05", "NaN", "-Infinity", "0x1F", "7\x00", " 79228162514264337593543950335.5 ", "9e999999"} {
		f.Add(s, int32(NumberStylesAny))
		f.Add(s, int32(NumberStylesHexNumber))
	}
	f.Fuzz(func(t *testing.T, s string, style int32) {
		styles := NumberStyles(style)
		if v, err := ParseInteger[int64](s, styles); err == nil {
			text, _ := FormatInteger(v, "")
			if again, err := ParseInteger[int64](text, NumberStylesInteger); again != v || err != nil {
				t.Errorf("%q is %d, its text %q is %d, %v", s, v, text, again, err)
			}
		}
		if v, err := ParseInteger[uint8](s, styles); err == nil && styles.Has(NumberStylesAllowHexSpecifier) {
			if text, _ := FormatInteger(v, "X"); len(text) > 2 {
				t.Errorf("%q is %s, more than a byte", s, text)
			}
		}
		if v, err := ParseDouble(s, styles); err == nil {
			text, _ := FormatDouble(v, "R")
			again, err := ParseDouble(text, NumberStylesFloat)
			if err != nil || math.Float64bits(again) != math.Float64bits(v) {
				t.Errorf("%q is %v, its text %q is %v, %v", s, v, text, again, err)
			}
		}
		if v, err := ParseDecimal(s, styles); err == nil {
			again, err := ParseDecimal(v.String(), NumberStylesNumber)
			if err != nil || !again.Equal(v) || again.scale != v.scale {
				t.Errorf("%q is %s, read again %s, %v", s, v, again, err)
			}
		}
		if _, err := ParseBoolean(s); err == nil && len(s) < 4 {
			t.Errorf("%q is a Boolean", s)
		}
	})
}

// FuzzFormatNumber: any format string gives a text or a FormatException.
func FuzzFormatNumber(f *testing.F) {
	for _, format := range []string{"", "N2", "E99", "G", "X8", "R", "#,##0.00;(0);zero", "0.###E+00", "'quoted\\'0", "0,,%‰", "¤ 0.0.0", ";;;"} {
		f.Add(format, 1234.5678)
		f.Add(format, math.Copysign(0, -1))
	}
	f.Fuzz(func(t *testing.T, format string, v float64) {
		d, err := DecimalFromDouble(v)
		values := []any{v, float32(v), FloatToInteger[int64](v), FloatToInteger[uint8](v)}
		if err == nil {
			values = append(values, d)
		}
		for _, value := range values {
			_, err := FormatValue(value, format)
			if err != nil && err.(*Exception).Type != "System.FormatException" {
				t.Errorf("%v with %q: %v", value, format, err)
			}
		}
	})
}

// FuzzDecimalArithmetic checks laws that hold however results are rounded.
func FuzzDecimalArithmetic(f *testing.F) {
	f.Add(uint64(1), uint32(0), uint8(28), uint64(3), uint32(1<<31), uint8(0))
	f.Add(uint64(math.MaxUint64), uint32(math.MaxUint32), uint8(1), uint64(7), uint32(0), uint8(28))
	f.Fuzz(func(t *testing.T, lo1 uint64, hi1 uint32, scale1 uint8, lo2 uint64, hi2 uint32, scale2 uint8) {
		a := Decimal{lo1, hi1, scale1 % 29, scale1 > 127}
		b := Decimal{lo2, hi2, scale2 % 29, scale2 > 127}
		if sum, err := a.Add(b); err == nil {
			if other, _ := b.Add(a); !sum.Equal(other) {
				t.Errorf("%s + %s = %s, turned round %s", a, b, sum, other)
			}
		}
		if product, err := a.Multiply(b); err == nil {
			if other, _ := b.Multiply(a); !product.Equal(other) {
				t.Errorf("%s * %s = %s, turned round %s", a, b, product, other)
			}
		}
		if rest, err := a.Remainder(b); err == nil && !rest.IsZero() {
			if rest.compareMagnitude(b) >= 0 || rest.negative != a.negative {
				t.Errorf("%s %% %s = %s", a, b, rest)
			}
		}
		if quotient, err := a.Divide(b); err == nil && quotient.scale > maxScale {
			t.Errorf("%s / %s = %s has scale %d", a, b, quotient, quotient.scale)
		}
		if a.Compare(b) != -b.Compare(a) {
			t.Errorf("%s and %s compare as %d and %d", a, b, a.Compare(b), b.Compare(a))
		}
	})
}

// FuzzCompositeFormat: any format gives a text or a FormatException.
func FuzzCompositeFormat(f *testing.F) {
	for _, format := range []string{"", "{0}", "{1,-10:N2}|", "{{{0}}}", "{0:{}", "{", "}", "{9999999}", "{0,99}"} {
		f.Add(format)
	}
	f.Fuzz(func(t *testing.T, format string) {
		_, err := CompositeFormat(format, []any{int32(42), "text"}, func(arg any, format string) (string, error) {
			return FormatValue(arg, format)
		})
		if err != nil && err.(*Exception).Type != "System.FormatException" {
			t.Errorf("%q: %v", format, err)
		}
	})
}

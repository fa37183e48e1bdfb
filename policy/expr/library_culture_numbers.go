package expr

import (
	"strings"

	"github.com/apimulator/apimulator/policy/expr/dotnet"
)

// numberFormat is a NumberFormatInfo: how what the invariant culture writes is
// written otherwise.
type numberFormat struct {
	texts    map[string]string // by property name; what is missing is the invariant culture's
	numbers  map[string]int32
	readOnly bool
}

var (
	invariantNumbers = &numberFormat{readOnly: true}
	americanNumbers  = &numberFormat{
		texts: map[string]string{"CurrencySymbol": "$", "PositiveInfinitySymbol": "∞", "NegativeInfinitySymbol": "-∞"},
		numbers: map[string]int32{"NumberDecimalDigits": 3, "PercentDecimalDigits": 3, "CurrencyNegativePattern": 1,
			"PercentPositivePattern": 1, "PercentNegativePattern": 1},
		readOnly: true,
	}
)

var invariantNumberTexts = map[string]string{
	"NumberDecimalSeparator": ".", "NumberGroupSeparator": ",", "CurrencyDecimalSeparator": ".", "CurrencyGroupSeparator": ",",
	"PercentDecimalSeparator": ".", "PercentGroupSeparator": ",", "CurrencySymbol": "¤", "PercentSymbol": "%", "PerMilleSymbol": "‰",
	"NaNSymbol": "NaN", "PositiveInfinitySymbol": "Infinity", "NegativeInfinitySymbol": "-Infinity", "NegativeSign": "-", "PositiveSign": "+",
}

// The numbers of the invariant culture, and how large each may be.
var invariantNumberSettings = map[string][2]int32{
	"NumberDecimalDigits": {2, 99}, "CurrencyDecimalDigits": {2, 99}, "PercentDecimalDigits": {2, 99}, "NumberNegativePattern": {1, 4},
	"CurrencyPositivePattern": {0, 3}, "CurrencyNegativePattern": {0, 15}, "PercentPositivePattern": {0, 3}, "PercentNegativePattern": {0, 11},
}

// The patterns that a setting of the format chooses among: n is the number.
var (
	numberNegative   = [...]string{"(n)", "-n", "- n", "n-", "n -"}
	currencyPositive = [...]string{"$n", "n$", "$ n", "n $"}
	currencyNegative = [...]string{"($n)", "-$n", "$-n", "$n-", "(n$)", "-n$", "n-$", "n$-", "-n $", "-$ n", "n $-", "$ n-", "$ -n", "n- $", "($ n)", "(n $)"}
	percentPositive  = [...]string{"n %", "n%", "%n", "% n"}
	percentNegative  = [...]string{"-n %", "-n%", "-%n", "%-n", "%n-", "n-%", "n%-", "-% n", "n %-", "% n-", "% -n", "n- %"}
)

const numberFormatType = "System.Globalization.NumberFormatInfo"

// DotnetType is part of Object.
func (*numberFormat) DotnetType() *Type { return typeOf(numberFormatType) }

func (f *numberFormat) isInvariant() bool { return len(f.texts) == 0 && len(f.numbers) == 0 }

func (f *numberFormat) writable() *numberFormat {
	clone := &numberFormat{texts: make(map[string]string), numbers: make(map[string]int32)}
	for k, v := range f.texts {
		clone.texts[k] = v
	}
	for k, v := range f.numbers {
		clone.numbers[k] = v
	}
	return clone
}

func (f *numberFormat) text(name string) string {
	if s, ok := f.texts[name]; ok {
		return s
	}
	return invariantNumberTexts[name]
}

func (f *numberFormat) number(name string) int32 {
	if n, ok := f.numbers[name]; ok {
		return n
	}
	return invariantNumberSettings[name][0]
}

// format is v.ToString(format) with this format.
func (f *numberFormat) format(v any, format string) (string, error) {
	if f.isInvariant() {
		return dotnet.FormatValue(v, format)
	}
	letter, digits := byte('G'), ""
	if format != "" {
		letter, digits = format[0]&^0x20, format[1:]
	}
	standard := len(format) <= 3 && strings.Trim(digits, "0123456789") == "" && letter >= 'A' && letter <= 'Z'
	if !standard {
		s, err := dotnet.FormatValue(v, format)
		return f.spelled(s, "Number"), err
	}
	kind := map[byte]string{'C': "Currency", 'P': "Percent"}[letter]
	if kind == "" {
		kind = "Number"
	}
	if digits == "" && strings.IndexByte("CPNF", letter) >= 0 {
		format = format[:1] + dotnet.ToString(f.number(kind+"DecimalDigits"))
	}
	s, err := dotnet.FormatValue(v, format)
	if err != nil || strings.HasSuffix(s, "Infinity") || s == "NaN" {
		return f.spelled(s, kind), err
	}
	switch letter {
	case 'C':
		// The invariant culture writes ¤1.00 and (¤1.00).
		return f.placed(strings.Trim(s, "(¤)"), s[0] == '(', kind, currencyPositive[:], currencyNegative[:]), nil
	case 'P':
		return f.placed(strings.Trim(s, "- %"), s[0] == '-', kind, percentPositive[:], percentNegative[:]), nil
	case 'N':
		return f.placed(strings.TrimPrefix(s, "-"), s[0] == '-', kind, []string{"n"}, numberNegative[:]), nil
	}
	return f.spelled(s, kind), nil
}

// placed puts a number that has no sign into a pattern.
func (f *numberFormat) placed(number string, negative bool, kind string, positives, negatives []string) string {
	pattern := positives[0]
	if negative {
		pattern = negatives[f.number(kind+"NegativePattern")]
	} else if len(positives) > 1 {
		pattern = positives[f.number(kind+"PositivePattern")]
	}
	return strings.NewReplacer("n", f.spelled(number, kind), "-", f.text("NegativeSign"), "$", f.text("CurrencySymbol"), "%", f.text("PercentSymbol")).Replace(pattern)
}

// spelled is a number of the invariant culture with this format's signs.
func (f *numberFormat) spelled(s, kind string) string {
	switch s {
	case "NaN":
		return f.text("NaNSymbol")
	case "Infinity", "-Infinity":
		return f.text(map[bool]string{true: "NegativeInfinitySymbol", false: "PositiveInfinitySymbol"}[s[0] == '-'])
	}
	return strings.NewReplacer(".", f.text(kind+"DecimalSeparator"), ",", f.text(kind+"GroupSeparator"), "-", f.text("NegativeSign"), "+", f.text("PositiveSign")).Replace(s)
}

// read is a text that is to be parsed as the invariant culture writes it.
func (f *numberFormat) read(s string, styles dotnet.NumberStyles) string {
	if f.isInvariant() {
		return s
	}
	kind := "Number"
	symbol := f.text("CurrencySymbol")
	if styles.Has(dotnet.NumberStylesAllowCurrencySymbol) && strings.Contains(s, symbol) {
		kind = "Currency"
	}
	const never = "\x01" // what the invariant culture takes, but not this one
	pairs := []string{}
	for _, pair := range [][2]string{{symbol, "¤"}, {f.text("PositiveInfinitySymbol"), "Infinity"}, {f.text(kind + "DecimalSeparator"), "."},
		{f.text(kind + "GroupSeparator"), ","}, {f.text("NegativeSign"), "-"}, {f.text("PositiveSign"), "+"}, {"¤", never}, {"Infinity", never}, {".", never}, {",", never}} {
		if pair[0] != "" {
			pairs = append(pairs, pair[0], pair[1])
		}
	}
	return strings.NewReplacer(pairs...).Replace(s)
}

func numberFormatOf(v any) *numberFormat { return v.(*numberFormat) }

// numberSettings are the properties that can be set.
func numberSettings() []memberDecl {
	var members []memberDecl
	for name := range invariantNumberTexts {
		members = append(members, member("string "+name+" { get; set; }",
			func(_ *Machine, a []any) (any, error) { return numberFormatOf(a[0]).text(name), nil },
			func(_ *Machine, a []any) (any, error) {
				s, err := textArg(a[1], "value")
				switch {
				case err != nil:
					return nil, err
				case numberFormatOf(a[0]).readOnly:
					return nil, readOnlyInstance()
				case s == "" && strings.HasSuffix(name, "DecimalSeparator"):
					return nil, dotnet.Argument("Decimal separator cannot be the empty string.", "value")
				}
				numberFormatOf(a[0]).texts[name] = s
				return nil, nil
			}))
	}
	for name, setting := range invariantNumberSettings {
		members = append(members, member("int "+name+" { get; set; }",
			func(_ *Machine, a []any) (any, error) { return numberFormatOf(a[0]).number(name), nil },
			func(_ *Machine, a []any) (any, error) {
				n := a[1].(int32)
				switch {
				case n < 0 || n > setting[1]:
					return nil, actualOutOfRange("value", "Valid values are between 0 and "+dotnet.ToString(setting[1])+", inclusive.", n)
				case numberFormatOf(a[0]).readOnly:
					return nil, readOnlyInstance()
				}
				numberFormatOf(a[0]).numbers[name] = n
				return nil, nil
			}))
	}
	return members
}

var _ = declare("class "+numberFormatType+" : System.IFormatProvider, System.ICloneable", func() []memberDecl {
	return append(numberSettings(),
		member("new()", func(*Machine, []any) (any, error) { return invariantNumbers.writable(), nil }),
		member("static System.Globalization.NumberFormatInfo InvariantInfo { get; }", always(invariantNumbers)),
		member("static System.Globalization.NumberFormatInfo CurrentInfo { get; }", always(invariantNumbers)),
		member("static System.Globalization.NumberFormatInfo GetInstance(IFormatProvider formatProvider)", func(_ *Machine, a []any) (any, error) {
			numbers, _ := formatsOf(a[0])
			return numbers, nil
		}),
		member("bool IsReadOnly { get; }", pure1(func(f *numberFormat) bool { return f.readOnly })),
		member("object Clone()", pure1((*numberFormat).writable)),
	)
})

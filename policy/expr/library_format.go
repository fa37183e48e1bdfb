package expr

import (
	"github.com/apimulator/apimulator/policy/expr/dotnet"
)

// ToString of the values that have formats.

func toText(m *Machine, a []any) (any, error) { return m.Text(a[0]) }

// toFormat is ToString(format), with or without a culture.
func toFormat(m *Machine, a []any) (any, error) {
	var provider any
	if len(a) > 2 {
		provider = a[2]
	}
	return m.FormatIn(a[0], text(a[1]), provider)
}

// textMembers are the four ToString.
func textMembers() []memberDecl {
	return []memberDecl{
		member("string ToString()", toText),
		member("string ToString(string format)", toFormat),
		member("string ToString(IFormatProvider provider)", func(m *Machine, a []any) (any, error) { return m.FormatIn(a[0], "", a[1]) }),
		member("string ToString(string format, IFormatProvider provider)", toFormat),
	}
}

// formatsOf are the formats that an IFormatProvider stands for; null is the
// invariant culture.
func formatsOf(provider any) (*numberFormat, *dateFormat) {
	switch p := provider.(type) {
	case *cultureObject:
		return p.numbers, p.dates
	case *numberFormat:
		return p, invariantDates
	case *dateFormat:
		return invariantNumbers, p
	}
	return invariantNumbers, invariantDates
}

// FormatIn is v.ToString(format, provider).
func (m *Machine) FormatIn(v any, format string, provider any) (string, error) {
	numbers, dates := formatsOf(provider)
	var s string
	var err error
	switch v := v.(type) {
	case dotnet.DateTime:
		s, err = m.Format(v, dates.pattern(orGeneral(format)))
	case dotnet.DateTimeOffset:
		if format == "" && !dates.isInvariant() {
			format = dates.pattern("G") + " zzz"
		}
		s, err = m.Format(v, dates.pattern(format))
	case int8, int16, int32, int64, uint8, uint16, uint32, uint64, float32, float64, dotnet.Decimal:
		s, err = numbers.format(v, format)
	default:
		s, err = m.Format(v, format)
	}
	if err != nil {
		return "", err
	}
	return s, m.Allocate(len(s))
}

func orGeneral(format string) string {
	if format == "" {
		return "G"
	}
	return format
}

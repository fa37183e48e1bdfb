package xlinq

import (
	"fmt"
	"math"
	"strconv"
	"strings"

	"github.com/apimulator/apimulator/policy/expr/dotnet"
)

// TextOf is what a value becomes in content or in an attribute, as XmlConvert
// writes it: true, 2024-01-15T00:00:00Z, P1DT2H. ok is false for a value that is
// written by its own ToString.
func TextOf(value any) (text string, ok bool) {
	switch v := value.(type) {
	case string:
		return v, true
	case bool:
		return strconv.FormatBool(v), true
	case float64:
		return floatText(v, dotnet.ToString(v)), true
	case float32:
		return floatText(float64(v), dotnet.ToString(v)), true
	case dotnet.DateTime:
		return dateText(v), true
	case dotnet.DateTimeOffset:
		return dateTimeText(v.DateTime()) + offsetText(v.Offset()), true
	case dotnet.TimeSpan:
		return durationText(v), true
	}
	return "", false
}

func floatText(v float64, text string) string {
	switch {
	case math.IsInf(v, 1):
		return "INF"
	case math.IsInf(v, -1):
		return "-INF"
	}
	return text
}

func dateText(t dotnet.DateTime) string {
	text := dateTimeText(t)
	switch t.Kind() {
	case dotnet.KindUtc:
		return text + "Z"
	case dotnet.KindLocal:
		return text + "+00:00" // the local time zone is UTC
	}
	return text
}

func dateTimeText(t dotnet.DateTime) string {
	text := fmt.Sprintf("%04d-%02d-%02dT%02d:%02d:%02d", t.Year(), t.Month(), t.Day(), t.Hour(), t.Minute(), t.Second())
	return text + fraction(t.Ticks()%dotnet.TicksPerSecond)
}

// fraction is ticks of a second as .1234567 without zeros at the end.
func fraction(ticks int64) string {
	if ticks == 0 {
		return ""
	}
	return strings.TrimRight(fmt.Sprintf(".%07d", ticks), "0")
}

func offsetText(offset dotnet.TimeSpan) string {
	minutes := int64(offset) / dotnet.TicksPerMinute
	switch {
	case minutes == 0:
		return "Z"
	case minutes < 0:
		return fmt.Sprintf("-%02d:%02d", -minutes/60, -minutes%60)
	}
	return fmt.Sprintf("+%02d:%02d", minutes/60, minutes%60)
}

// durationText is a time span as XML Schema writes it: P1DT2H3M4.5S.
func durationText(t dotnet.TimeSpan) string {
	if t == 0 {
		return "PT0S"
	}
	sign, ticks := "", uint64(t)
	if t < 0 {
		sign, ticks = "-", -ticks
	}
	days, rest := ticks/dotnet.TicksPerDay, ticks%dotnet.TicksPerDay
	text := sign + "P"
	if days > 0 {
		text += strconv.FormatUint(days, 10) + "D"
	}
	if rest == 0 {
		return text
	}
	text += "T"
	for _, unit := range []struct {
		ticks uint64
		mark  string
	}{{dotnet.TicksPerHour, "H"}, {dotnet.TicksPerMinute, "M"}} {
		if n := rest / unit.ticks; n > 0 {
			text += strconv.FormatUint(n, 10) + unit.mark
		}
		rest %= unit.ticks
	}
	if rest > 0 {
		text += strconv.FormatUint(rest/dotnet.TicksPerSecond, 10) + fraction(int64(rest%dotnet.TicksPerSecond)) + "S"
	}
	return text
}

const blanks = " \t\n\r"

// ToBoolean is XmlConvert.ToBoolean of the text in lower case.
func ToBoolean(s string) (bool, error) {
	s = dotnet.ToLower(s)
	switch strings.Trim(s, blanks) {
	case "1", "true":
		return true, nil
	case "0", "false":
		return false, nil
	}
	return false, invalid(s, "Boolean")
}

func invalid(s, kind string) error {
	return dotnet.Format("The string '" + s + "' is not a valid " + kind + " value.")
}

// ToDouble is XmlConvert.ToDouble.
func ToDouble(s string) (float64, error) {
	s = strings.Trim(s, blanks)
	switch s {
	case "INF":
		return math.Inf(1), nil
	case "-INF":
		return math.Inf(-1), nil
	}
	return dotnet.ParseDouble(s, dotnet.NumberStylesFloat)
}

// ToSingle is XmlConvert.ToSingle.
func ToSingle(s string) (float32, error) {
	s = strings.Trim(s, blanks)
	switch s {
	case "INF":
		return float32(math.Inf(1)), nil
	case "-INF":
		return float32(math.Inf(-1)), nil
	}
	return dotnet.ParseSingle(s, dotnet.NumberStylesFloat)
}

// ToDecimal is XmlConvert.ToDecimal.
func ToDecimal(s string) (dotnet.Decimal, error) {
	return dotnet.ParseDecimal(s, dotnet.NumberStylesInteger|dotnet.NumberStylesAllowDecimalPoint)
}

// ToTimeSpan is XmlConvert.ToTimeSpan: a year counts 365 days, a month 30.
func ToTimeSpan(s string) (dotnet.TimeSpan, error) {
	text := strings.Trim(s, blanks)
	rest, negative := strings.CutPrefix(text, "-")
	rest, ok := strings.CutPrefix(rest, "P")
	if !ok || rest == "" || strings.HasSuffix(rest, "T") {
		return 0, invalid(text, "TimeSpan")
	}
	ticks, units := int64(0), dateUnits
	for rest != "" {
		if units[0].ticks > dotnet.TicksPerHour && rest[0] == 'T' {
			rest, units = rest[1:], timeUnits
			continue
		}
		part, after, ok := readDurationPart(rest, &units)
		if !ok {
			return 0, invalid(text, "TimeSpan")
		}
		rest = after
		if part < 0 || part > math.MaxInt64-ticks {
			return 0, dotnet.Overflow("Value 'Duration' was either too large or too small for TimeSpan.")
		}
		ticks += part
		if len(units) == 0 && rest != "" {
			if rest[0] != 'T' || after == "" {
				return 0, invalid(text, "TimeSpan")
			}
			rest, units = rest[1:], timeUnits
		}
	}
	if negative {
		ticks = -ticks
	}
	return dotnet.TimeSpan(ticks), nil
}

type durationUnit struct {
	mark  byte
	ticks int64
}

var (
	dateUnits = []durationUnit{{'Y', 365 * dotnet.TicksPerDay}, {'M', 30 * dotnet.TicksPerDay}, {'D', dotnet.TicksPerDay}}
	timeUnits = []durationUnit{{'H', dotnet.TicksPerHour}, {'M', dotnet.TicksPerMinute}, {'S', dotnet.TicksPerSecond}}
)

// readDurationPart reads a number with one of the units, which must come in
// order; the result is -1 if it is too large.
func readDurationPart(s string, units *[]durationUnit) (ticks int64, rest string, ok bool) {
	end := 0
	for end < len(s) && (digit(s[end]) < 10 || s[end] == '.') {
		end++
	}
	if end == 0 || end == len(s) {
		return 0, "", false
	}
	for len(*units) > 0 && (*units)[0].mark != s[end] {
		*units = (*units)[1:]
	}
	whole, part, pointed := strings.Cut(s[:end], ".")
	if len(*units) == 0 || whole == "" || strings.Contains(part, ".") || pointed && (s[end] != 'S' || part == "") {
		return 0, "", false
	}
	unit := (*units)[0].ticks
	*units = (*units)[1:]
	n, err := strconv.ParseInt(whole, 10, 32)
	if err != nil || n > math.MaxInt64/unit {
		return -1, s[end+1:], true
	}
	digits := (part + "0000000")[:7]
	hundred, err := strconv.ParseInt(digits, 10, 64)
	return n*unit + hundred, s[end+1:], err == nil
}

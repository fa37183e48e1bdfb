package dotnet

import (
	"fmt"
	"strconv"
	"strings"
)

func init() {
	register("DateTime.ToString", func(a []string) (any, error) { return boxed(dateOfKind(a[0], a[1]).ToString(a[2])) })
	register("DateTime.Of", func(a []string) (any, error) {
		var p [8]int32
		for i := range p {
			p[i] = integer[int32](a[i])
		}
		return roundTrip(DateTimeOf(p[0], p[1], p[2], p[3], p[4], p[5], p[6], DateTimeKind(p[7])))
	})
	register("DateTime.New", func(a []string) (any, error) {
		return roundTrip(NewDateTime(integer[int64](a[0]), DateTimeKind(integer[int32](a[1]))))
	})
	register("DateTime.Parts", func(a []string) (any, error) {
		t := date(a[0])
		return fmt.Sprint(t.Year(), t.Month(), t.Day(), t.Hour(), t.Minute(), t.Second(), t.Millisecond(), " ",
			t.DayOfWeek(), " ", t.DayOfYear(), " ", t.TimeOfDay(), " ", t.Date().Ticks()), nil
	})
	dateArithmeticCalls()
	dateParsingCalls()
	register("DateTime.DaysInMonth", func(a []string) (any, error) {
		return boxed(DaysInMonth(integer[int32](a[0]), integer[int32](a[1])))
	})
	register("DateTime.IsLeapYear", func(a []string) (any, error) { return boxed(IsLeapYear(integer[int32](a[0]))) })
	register("DateTime.Binary", func(a []string) (any, error) {
		t := dateOfKind(a[0], a[1])
		days, err := t.ToOADate()
		if err != nil {
			return nil, err
		}
		return strconv.FormatInt(t.ToBinary(), 10) + " " + ToString(days), nil
	})
	register("DateTime.Kinds", func(a []string) (any, error) {
		t := dateOfKind(a[0], a[1])
		return fmt.Sprint(t.Kind(), " ", t.ToUniversalTime().Kind(), " ", t.ToLocalTime().Kind(), " ",
			ToString(t.IsDaylightSavingTime()), " ", parsed(t.ToUniversalTime().ToString("o"))), nil
	})
	register("DateTime.FromFileTime", func(a []string) (any, error) { return roundTrip(FromFileTime(integer[int64](a[0]))) })
	register("DateTime.TryParseExact", func(a []string) (any, error) {
		_, err := ParseDateTimeExact(a[0], a[1:], DateTimeStylesNone, testClock)
		return boxed(TriedExact(err, a[1:]))
	})
	register("DateTime.FromBinary", func(a []string) (any, error) { return roundTrip(FromBinary(integer[int64](a[0]))) })
	register("DateTime.FromOADate", func(a []string) (any, error) { return roundTrip(FromOADate(double(a[0]))) })
	register("DateTime.ToFileTimeUtc", func(a []string) (any, error) { return boxed(date(a[0]).ToFileTimeUtc()) })
	register("DateTime.FromFileTimeUtc", func(a []string) (any, error) { return roundTrip(FromFileTimeUtc(integer[int64](a[0]))) })
	dateTimeOffsetCalls()
}

func dateArithmeticCalls() {
	units := map[string]func(t DateTime, v float64) (DateTime, error){
		"Days": DateTime.AddDays, "Hours": DateTime.AddHours, "Minutes": DateTime.AddMinutes,
		"Seconds": DateTime.AddSeconds, "Milliseconds": DateTime.AddMilliseconds,
	}
	for name, add := range units {
		register("DateTime.Add"+name, func(a []string) (any, error) {
			return roundTrip(add(parsed(date(a[0]).SpecifyKind(KindUtc)), double(a[1])))
		})
	}
	register("DateTime.AddMonths", func(a []string) (any, error) { return roundTrip(date(a[0]).AddMonths(integer[int32](a[1]))) })
	register("DateTime.AddYears", func(a []string) (any, error) { return roundTrip(date(a[0]).AddYears(integer[int32](a[1]))) })
	register("DateTime.AddTicks", func(a []string) (any, error) { return roundTrip(date(a[0]).AddTicks(integer[int64](a[1]))) })
	register("DateTime.Plus", func(a []string) (any, error) { return roundTrip(date(a[0]).Plus(span(a[1]))) })
	register("DateTime.Minus", func(a []string) (any, error) { return roundTrip(date(a[0]).Minus(span(a[1]))) })
	register("DateTime.SubtractSpan", func(a []string) (any, error) { return roundTrip(date(a[0]).SubtractSpan(span(a[1]))) })
}

func dateParsingCalls() {
	register("DateTime.Parse", func(a []string) (any, error) {
		return dateResult(ParseDateTime(a[0], dateTimeStyles(a[1]), testClock))
	})
	register("DateTimeOffset.Parse", func(a []string) (any, error) {
		return offsetResult(ParseDateTimeOffset(a[0], dateTimeStyles(a[1]), testClock))
	})
	register("DateTime.ParseExact", func(a []string) (any, error) {
		return dateResult(ParseDateTimeExact(a[0], a[2:], dateTimeStyles(a[1]), testClock))
	})
	register("DateTimeOffset.ParseExact", func(a []string) (any, error) {
		return offsetResult(ParseDateTimeOffsetExact(a[0], a[2:], dateTimeStyles(a[1]), testClock))
	})
}

func dateTimeOffsetCalls() {
	register("DateTimeOffset.ToString", func(a []string) (any, error) { return boxed(dateWithOffset(a[0], a[1]).ToString(a[2])) })
	register("DateTimeOffset.New", func(a []string) (any, error) {
		return offsetRoundTrip(NewDateTimeOffset(dateOfKind(a[0], a[1]), span(a[2])))
	})
	register("DateTimeOffset.ToOffset", func(a []string) (any, error) {
		return offsetRoundTrip(dateWithOffset(a[0], a[1]).ToOffset(TimeSpan(integer[int64](a[2])) * TicksPerMinute))
	})
	register("DateTimeOffset.Parts", func(a []string) (any, error) {
		t := dateWithOffset(a[0], a[1])
		if t.ToUniversalTime() != t.ToLocalTime() || t.Ticks() != t.DateTime().Ticks() {
			return nil, fmt.Errorf("%s in UTC is %s, locally %s", t, t.ToUniversalTime(), t.ToLocalTime())
		}
		var parts []string
		for _, d := range []DateTime{t.UtcDateTime(), t.LocalDateTime(), t.DateTime()} {
			parts = append(parts, parsed(d.ToString("o")))
		}
		return fmt.Sprint(t, " ", strings.Join(parts, " "), " ", t.UtcTicks(), t.ToUnixTimeSeconds(), t.ToUnixTimeMilliseconds(), " ", t.Offset()), nil
	})
	register("DateTimeOffset.FromUnixTimeSeconds", func(a []string) (any, error) {
		return offsetRoundTrip(FromUnixTimeSeconds(integer[int64](a[0])))
	})
	register("DateTimeOffset.FromUnixTimeMilliseconds", func(a []string) (any, error) {
		return offsetRoundTrip(FromUnixTimeMilliseconds(integer[int64](a[0])))
	})
	register("DateTimeOffset.Move", func(a []string) (any, error) {
		return offsetRoundTrip(offsetMoves[a[1]](dateWithOffset(a[0], "120"), a[2]))
	})
	register("DateTimeOffset.Compare", func(a []string) (any, error) {
		x, y := dateWithOffset(a[0], a[1]), dateWithOffset(a[2], a[3])
		return strings.Join([]string{strconv.Itoa(x.Compare(y)), ToString(x.Equal(y)), ToString(x == y), x.Subtract(y).String()}, " "), nil
	})
}

// offsetMoves are the ways to move a DateTimeOffset, by name.
var offsetMoves = map[string]func(t DateTimeOffset, v string) (DateTimeOffset, error){
	"Add":             func(t DateTimeOffset, v string) (DateTimeOffset, error) { return t.Add(span(v)) },
	"Subtract":        func(t DateTimeOffset, v string) (DateTimeOffset, error) { return t.SubtractSpan(span(v)) },
	"Plus":            func(t DateTimeOffset, v string) (DateTimeOffset, error) { return t.Plus(span(v)) },
	"Minus":           func(t DateTimeOffset, v string) (DateTimeOffset, error) { return t.Minus(span(v)) },
	"AddTicks":        func(t DateTimeOffset, v string) (DateTimeOffset, error) { return t.AddTicks(integer[int64](v)) },
	"AddDays":         func(t DateTimeOffset, v string) (DateTimeOffset, error) { return t.AddDays(double(v)) },
	"AddHours":        func(t DateTimeOffset, v string) (DateTimeOffset, error) { return t.AddHours(double(v)) },
	"AddMinutes":      func(t DateTimeOffset, v string) (DateTimeOffset, error) { return t.AddMinutes(double(v)) },
	"AddSeconds":      func(t DateTimeOffset, v string) (DateTimeOffset, error) { return t.AddSeconds(double(v)) },
	"AddMilliseconds": func(t DateTimeOffset, v string) (DateTimeOffset, error) { return t.AddMilliseconds(double(v)) },
	"AddMonths":       func(t DateTimeOffset, v string) (DateTimeOffset, error) { return t.AddMonths(integer[int32](v)) },
	"AddYears":        func(t DateTimeOffset, v string) (DateTimeOffset, error) { return t.AddYears(integer[int32](v)) },
}

func date(ticks string) DateTime { return parsed(NewDateTime(integer[int64](ticks), KindUnspecified)) }

func dateOfKind(ticks, kind string) DateTime {
	return parsed(NewDateTime(integer[int64](ticks), DateTimeKind(integer[int32](kind))))
}

func dateWithOffset(ticks, minutes string) DateTimeOffset {
	return parsed(NewDateTimeOffset(date(ticks), TimeSpan(integer[int64](minutes))*TicksPerMinute))
}

func span(ticks string) TimeSpan { return TimeSpan(integer[int64](ticks)) }

func dateTimeStyles(s string) DateTimeStyles { return DateTimeStyles(integer[int32](s)) }

func roundTrip(t DateTime, err error) (any, error) {
	if err != nil {
		return nil, err
	}
	return boxed(t.ToString("o"))
}

func offsetRoundTrip(t DateTimeOffset, err error) (any, error) {
	if err != nil {
		return nil, err
	}
	return boxed(t.ToString("o"))
}

// dateResult writes a date as the vectors do: near today or this year, as that
// depends on the clock, it shows the difference.
func dateResult(t DateTime, err error) (any, error) {
	if err != nil {
		return nil, err
	}
	return relativeToToday(t, t.ToString, "K")
}

func offsetResult(t DateTimeOffset, err error) (any, error) {
	if err != nil {
		return nil, err
	}
	return relativeToToday(t.DateTime(), t.ToString, "zzz")
}

func relativeToToday(t DateTime, toString func(format string) (string, error), zone string) (any, error) {
	today := Today(testClock)
	days := t.Date().Subtract(today).Days()
	years := t.Year() - today.Year()
	switch {
	case max(days, -days) < 3:
		return fmt.Sprintf("TODAY%+d%s", days, parsed(toString("THH:mm:ss.fffffff"+zone))), nil
	case max(years, -years) < 2:
		return fmt.Sprintf("YEAR%+d%s", years, parsed(toString("-MM-ddTHH:mm:ss.fffffff"+zone))), nil
	}
	return boxed(toString("o"))
}

package dotnet

import (
	"math"
	"time"
)

// DateTimeKind is System.DateTimeKind.
type DateTimeKind int32

// The kinds. The local time zone is UTC, as in APIM, so they differ in name only.
const (
	KindUnspecified DateTimeKind = iota
	KindUtc
	KindLocal
)

// String is the kind's name.
func (k DateTimeKind) String() string {
	return enumName(int64(k), []string{"Unspecified", "Utc", "Local"})
}

// DayOfWeek is System.DayOfWeek, from Sunday.
type DayOfWeek int32

// String is the day's English name.
func (d DayOfWeek) String() string { return enumName(int64(d), dayNames[:]) }

// A DateTime is System.DateTime: ticks of 100 ns since midnight of 1 January
// of year 1, and a kind, which comparisons leave out of account. The zero value
// is DateTime.MinValue.
type DateTime struct {
	ticks int64
	kind  DateTimeKind
}

const (
	maxTicks       = 3155378975999999999 // the last tick of year 9999
	unixEpochTicks = 621355968000000000
	maxYear        = 9999
)

// The constants of System.DateTime.
var (
	DateTimeMinValue  = DateTime{}
	DateTimeMaxValue  = DateTime{ticks: maxTicks}
	DateTimeUnixEpoch = DateTime{ticks: unixEpochTicks, kind: KindUtc}
)

const (
	badDate        = "Year, Month, and Day parameters describe an un-representable DateTime."
	badTime        = "Hour, Minute, and Second parameters describe an un-representable DateTime."
	badMillisecond = "Valid values are between 0 and 999, inclusive."
	badArithmetic  = "The added or subtracted value results in an un-representable DateTime."
)

// NewDateTime is new DateTime(ticks, kind).
func NewDateTime(ticks int64, kind DateTimeKind) (DateTime, error) {
	if ticks < 0 || ticks > maxTicks {
		return DateTime{}, ArgumentOutOfRange("ticks", "Ticks must be between DateTime.MinValue.Ticks and DateTime.MaxValue.Ticks.")
	}
	return DateTime{ticks: ticks}.SpecifyKind(kind)
}

// DateTimeOf is new DateTime(year, month, day, hour, minute, second,
// millisecond, kind).
func DateTimeOf(year, month, day, hour, minute, second, millisecond int32, kind DateTimeKind) (DateTime, error) {
	if millisecond < 0 || millisecond > 999 {
		return DateTime{}, ArgumentOutOfRange("millisecond", badMillisecond)
	}
	if kind < KindUnspecified || kind > KindLocal {
		return DateTime{}, badKind()
	}
	date, ok := dateTicks(int(year), int(month), int(day))
	if !ok {
		return DateTime{}, NewException("System.ArgumentOutOfRangeException", badDate)
	}
	if hour < 0 || hour > 23 || minute < 0 || minute > 59 || second < 0 || second > 59 {
		return DateTime{}, NewException("System.ArgumentOutOfRangeException", badTime)
	}
	clock := (int64(hour)*3600+int64(minute)*60+int64(second))*TicksPerSecond + int64(millisecond)*TicksPerMillisecond
	return DateTime{date + clock, kind}, nil
}

func badKind() *Exception { return Argument("Invalid DateTimeKind value.", "kind") }

// dateTicks is the ticks of a day's midnight, if there is such a day.
func dateTicks(year, month, day int) (ticks int64, ok bool) {
	if year < 1 || year > maxYear || month < 1 || month > 12 || day < 1 || day > daysInMonth(year, month) {
		return 0, false
	}
	seconds := time.Date(year, time.Month(month), day, 0, 0, 0, 0, time.UTC).Unix()
	return seconds*TicksPerSecond + unixEpochTicks, true
}

func isLeapYear(year int) bool { return year%4 == 0 && (year%100 != 0 || year%400 == 0) }

func daysInMonth(year, month int) int {
	switch month {
	case 4, 6, 9, 11:
		return 30
	case 2:
		if isLeapYear(year) {
			return 29
		}
		return 28
	}
	return 31
}

// DaysInMonth is DateTime.DaysInMonth.
func DaysInMonth(year, month int32) (int32, error) {
	if month < 1 || month > 12 {
		return 0, ArgumentOutOfRange("month", "Month must be between one and twelve.")
	}
	if _, err := IsLeapYear(year); err != nil {
		return 0, err
	}
	return int32(daysInMonth(int(year), int(month))), nil
}

// IsLeapYear is DateTime.IsLeapYear.
func IsLeapYear(year int32) (bool, error) {
	if year < 1 || year > maxYear {
		return false, ArgumentOutOfRange("year", "Year must be between 1 and 9999.")
	}
	return isLeapYear(int(year)), nil
}

// DateTimeFromTime is a moment of Go as a DateTime of a kind. What lies outside
// the years 1 to 9999 becomes the nearest value.
func DateTimeFromTime(t time.Time, kind DateTimeKind) DateTime {
	// Seconds first: a year beyond the range could overflow the ticks.
	const first, last = -unixEpochTicks / TicksPerSecond, (maxTicks - unixEpochTicks) / TicksPerSecond
	switch seconds := t.Unix(); {
	case seconds < first:
		return DateTime{kind: kind}
	case seconds > last:
		return DateTime{maxTicks, kind}
	default:
		return DateTime{seconds*TicksPerSecond + unixEpochTicks + int64(t.Nanosecond()/100), kind}
	}
}

// Time is the moment in Go, in UTC.
func (t DateTime) Time() time.Time {
	sinceEpoch := t.ticks - unixEpochTicks
	return time.Unix(sinceEpoch/TicksPerSecond, sinceEpoch%TicksPerSecond*100).UTC()
}

// A Clock tells the time, as exchange.Clock's Now does.
type Clock func() time.Time

// Now is DateTime.Now.
func Now(clock Clock) DateTime { return DateTimeFromTime(clock(), KindLocal) }

// UtcNow is DateTime.UtcNow.
func UtcNow(clock Clock) DateTime { return DateTimeFromTime(clock(), KindUtc) }

// Today is DateTime.Today.
func Today(clock Clock) DateTime { return Now(clock).Date() }

// SpecifyKind is DateTime.SpecifyKind.
func (t DateTime) SpecifyKind(kind DateTimeKind) (DateTime, error) {
	if kind < KindUnspecified || kind > KindLocal {
		return DateTime{}, badKind()
	}
	t.kind = kind
	return t, nil
}

// Ticks is 100 ns since the beginning of year 1.
func (t DateTime) Ticks() int64 { return t.ticks }

// Kind is the kind.
func (t DateTime) Kind() DateTimeKind { return t.kind }

func (t DateTime) date() (year, month, day int) {
	y, m, d := t.Time().Date()
	return y, int(m), d
}

// Year is 1 to 9999.
func (t DateTime) Year() int32 { y, _, _ := t.date(); return int32(y) }

// Month is 1 to 12.
func (t DateTime) Month() int32 { _, m, _ := t.date(); return int32(m) }

// Day is 1 to 31.
func (t DateTime) Day() int32 { _, _, d := t.date(); return int32(d) }

// Hour is 0 to 23.
func (t DateTime) Hour() int32 { return int32(t.ticks / TicksPerHour % 24) }

// Minute is 0 to 59.
func (t DateTime) Minute() int32 { return int32(t.ticks / TicksPerMinute % 60) }

// Second is 0 to 59.
func (t DateTime) Second() int32 { return int32(t.ticks / TicksPerSecond % 60) }

// Millisecond is 0 to 999.
func (t DateTime) Millisecond() int32 { return int32(t.ticks / TicksPerMillisecond % 1000) }

// DayOfWeek is the day of the week; year 1 began on a Monday.
func (t DateTime) DayOfWeek() DayOfWeek { return DayOfWeek((t.ticks/TicksPerDay + 1) % 7) }

// DayOfYear is 1 to 366.
func (t DateTime) DayOfYear() int32 { return int32(t.Time().YearDay()) }

// Date is midnight of the day, of the same kind.
func (t DateTime) Date() DateTime { return DateTime{t.ticks - t.ticks%TicksPerDay, t.kind} }

// TimeOfDay is the time since midnight.
func (t DateTime) TimeOfDay() TimeSpan { return TimeSpan(t.ticks % TicksPerDay) }

// IsDaylightSavingTime is false: the local time zone is UTC.
func (t DateTime) IsDaylightSavingTime() bool { return false }

// ToUniversalTime is the time in UTC; an unspecified one counts as local.
func (t DateTime) ToUniversalTime() DateTime { return DateTime{t.ticks, KindUtc} }

// ToLocalTime is the time in the local zone; an unspecified one counts as UTC.
func (t DateTime) ToLocalTime() DateTime { return DateTime{t.ticks, KindLocal} }

// Compare is DateTime.Compare: -1, 0 or 1, whatever the kinds.
func (t DateTime) Compare(other DateTime) int {
	return TimeSpan(t.ticks).Compare(TimeSpan(other.ticks))
}

// Equal compares the ticks alone.
func (t DateTime) Equal(other DateTime) bool { return t.ticks == other.ticks }

// plus adds ticks; an impossible sum is the exception that names param.
func (t DateTime) plus(ticks int64, param string) (DateTime, error) {
	if ticks > maxTicks-t.ticks || ticks < -t.ticks {
		return DateTime{}, ArgumentOutOfRange(param, badArithmetic)
	}
	t.ticks += ticks
	return t, nil
}

// Add is t + span by its method. The operator's exception calls the parameter
// "t"; see [DateTime.Plus].
func (t DateTime) Add(span TimeSpan) (DateTime, error) { return t.plus(int64(span), "value") }

// Plus is the operator t + span.
func (t DateTime) Plus(span TimeSpan) (DateTime, error) { return t.plus(int64(span), "t") }

// Minus is the operator t - span.
func (t DateTime) Minus(span TimeSpan) (DateTime, error) { return t.minus(int64(span), "t") }

// SubtractSpan is Subtract(span).
func (t DateTime) SubtractSpan(span TimeSpan) (DateTime, error) {
	return t.minus(int64(span), "value")
}

func (t DateTime) minus(ticks int64, param string) (DateTime, error) {
	if ticks > t.ticks || ticks < t.ticks-maxTicks {
		return DateTime{}, ArgumentOutOfRange(param, badArithmetic)
	}
	t.ticks -= ticks
	return t, nil
}

// Subtract is t - other.
func (t DateTime) Subtract(other DateTime) TimeSpan { return TimeSpan(t.ticks - other.ticks) }

// AddTicks adds units of 100 ns.
func (t DateTime) AddTicks(ticks int64) (DateTime, error) { return t.plus(ticks, "value") }

// AddDays adds days, rounded to a millisecond.
func (t DateTime) AddDays(days float64) (DateTime, error) { return t.addUnits(days, 24*3600*1000) }

// AddHours adds hours, rounded to a millisecond.
func (t DateTime) AddHours(hours float64) (DateTime, error) { return t.addUnits(hours, 3600*1000) }

// AddMinutes adds minutes, rounded to a millisecond.
func (t DateTime) AddMinutes(minutes float64) (DateTime, error) { return t.addUnits(minutes, 60*1000) }

// AddSeconds adds seconds, rounded to a millisecond.
func (t DateTime) AddSeconds(seconds float64) (DateTime, error) { return t.addUnits(seconds, 1000) }

// AddMilliseconds adds milliseconds, rounded to a whole one.
func (t DateTime) AddMilliseconds(milliseconds float64) (DateTime, error) {
	return t.addUnits(milliseconds, 1)
}

func (t DateTime) addUnits(v, milliseconds float64) (DateTime, error) {
	const limit = 315537897600000 // of all years
	total := float64(v*milliseconds) + math.Copysign(0.5, v)
	if total <= -limit || total >= limit {
		return DateTime{}, ArgumentOutOfRange("value", "Value to add was out of range.")
	}
	return t.AddTicks(floatToInt64(total) * TicksPerMillisecond) // of NaN: 0, having wrapped
}

// AddMonths adds months. A day that the month does not have becomes its last.
func (t DateTime) AddMonths(months int32) (DateTime, error) {
	if months < -120000 || months > 120000 {
		return DateTime{}, ArgumentOutOfRange("months", "Months value must be between +/-120000.")
	}
	year, month, day := t.date()
	total := year*12 + month - 1 + int(months)
	year, month = total/12, total%12+1
	if total < 12 || year > maxYear {
		return DateTime{}, ArgumentOutOfRange("months", badArithmetic)
	}
	date, _ := dateTicks(year, month, min(day, daysInMonth(year, month)))
	return DateTime{date + t.ticks%TicksPerDay, t.kind}, nil
}

// AddYears adds years, as 12 months each.
func (t DateTime) AddYears(years int32) (DateTime, error) {
	if years < -10000 || years > 10000 {
		return DateTime{}, ArgumentOutOfRange("years", "Years value must be between +/-10000.")
	}
	return t.AddMonths(years * 12)
}

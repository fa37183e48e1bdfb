package dotnet

import "strconv"

// A DateTimeOffset is System.DateTimeOffset: a moment and the offset of the
// clock that showed it. Comparisons look at the moment alone. The zero value is
// DateTimeOffset.MinValue.
type DateTimeOffset struct {
	utc    int64 // ticks
	offset int16 // minutes
}

// The constants of System.DateTimeOffset.
var (
	DateTimeOffsetMinValue  = DateTimeOffset{}
	DateTimeOffsetMaxValue  = DateTimeOffset{utc: maxTicks}
	DateTimeOffsetUnixEpoch = DateTimeOffset{utc: unixEpochTicks}
)

const maxOffset = 14 * TicksPerHour

// NewDateTimeOffset is new DateTimeOffset(dateTime, offset). A UTC or local
// time allows no offset but 0.
func NewDateTimeOffset(t DateTime, offset TimeSpan) (DateTimeOffset, error) {
	switch {
	case t.kind == KindLocal && offset != 0:
		return DateTimeOffset{}, Argument("The UTC Offset of the local dateTime parameter does not match the offset argument.", "offset")
	case t.kind == KindUtc && offset != 0:
		return DateTimeOffset{}, Argument("The UTC Offset for Utc DateTime instances must be 0.", "offset")
	case offset%TicksPerMinute != 0:
		return DateTimeOffset{}, Argument("Offset must be specified in whole minutes.", "offset")
	case offset < -maxOffset || offset > maxOffset:
		return DateTimeOffset{}, ArgumentOutOfRange("offset", "Offset must be within plus or minus 14 hours.")
	}
	utc := t.ticks - int64(offset)
	if utc < 0 || utc > maxTicks {
		return DateTimeOffset{}, ArgumentOutOfRange("offset", "The UTC time represented when the offset is applied must be between year 0 and 10,000.")
	}
	return DateTimeOffset{utc, int16(offset / TicksPerMinute)}, nil
}

// DateTimeOffsetFrom is new DateTimeOffset(dateTime), and the implicit
// conversion: offset 0, since the local time zone is UTC.
func DateTimeOffsetFrom(t DateTime) DateTimeOffset { return DateTimeOffset{utc: t.ticks} }

// OffsetNow is DateTimeOffset.Now, and UtcNow as well.
func OffsetNow(clock Clock) DateTimeOffset { return DateTimeOffsetFrom(UtcNow(clock)) }

// FromUnixTimeSeconds is DateTimeOffset.FromUnixTimeSeconds.
func FromUnixTimeSeconds(seconds int64) (DateTimeOffset, error) {
	return fromUnixTime(seconds, TicksPerSecond, "seconds")
}

// FromUnixTimeMilliseconds is DateTimeOffset.FromUnixTimeMilliseconds.
func FromUnixTimeMilliseconds(milliseconds int64) (DateTimeOffset, error) {
	return fromUnixTime(milliseconds, TicksPerMillisecond, "milliseconds")
}

func fromUnixTime(v, unit int64, param string) (DateTimeOffset, error) {
	first, last := -unixEpochTicks/unit, maxTicks/unit-unixEpochTicks/unit
	if v < first || v > last {
		message := "Valid values are between " + strconv.FormatInt(first, 10) + " and " + strconv.FormatInt(last, 10) + ", inclusive."
		return DateTimeOffset{}, ArgumentOutOfRange(param, message)
	}
	return DateTimeOffset{utc: v*unit + unixEpochTicks}, nil
}

// ToUnixTimeSeconds is whole seconds since 1970, rounded down.
func (t DateTimeOffset) ToUnixTimeSeconds() int64 {
	return t.utc/TicksPerSecond - unixEpochTicks/TicksPerSecond
}

// ToUnixTimeMilliseconds is whole milliseconds since 1970, rounded down.
func (t DateTimeOffset) ToUnixTimeMilliseconds() int64 {
	return t.utc/TicksPerMillisecond - unixEpochTicks/TicksPerMillisecond
}

// DateTime is what the clock showed, of unspecified kind. Year, Hour, DayOfWeek
// and the other parts of a DateTimeOffset are its.
func (t DateTimeOffset) DateTime() DateTime {
	return DateTime{ticks: t.utc + int64(t.Offset())}
}

// UtcDateTime is the moment in UTC.
func (t DateTimeOffset) UtcDateTime() DateTime { return DateTime{t.utc, KindUtc} }

// LocalDateTime is the moment in the local time zone, which is UTC.
func (t DateTimeOffset) LocalDateTime() DateTime { return DateTime{t.utc, KindLocal} }

// Offset is how far the clock is ahead of UTC.
func (t DateTimeOffset) Offset() TimeSpan { return TimeSpan(t.offset) * TicksPerMinute }

// Ticks is those of the clock.
func (t DateTimeOffset) Ticks() int64 { return t.utc + int64(t.Offset()) }

// UtcTicks is those of the moment in UTC.
func (t DateTimeOffset) UtcTicks() int64 { return t.utc }

// ToOffset is the same moment on a clock with another offset.
func (t DateTimeOffset) ToOffset(offset TimeSpan) (DateTimeOffset, error) {
	clock, err := DateTime{ticks: t.utc}.Plus(offset)
	if err != nil {
		return DateTimeOffset{}, err
	}
	return NewDateTimeOffset(clock, offset)
}

// ToUniversalTime is the same moment with offset 0.
func (t DateTimeOffset) ToUniversalTime() DateTimeOffset { return DateTimeOffset{utc: t.utc} }

// ToLocalTime is the same moment in the local time zone, which is UTC.
func (t DateTimeOffset) ToLocalTime() DateTimeOffset { return DateTimeOffset{utc: t.utc} }

// Compare is DateTimeOffset.Compare: -1, 0 or 1 by the moment.
func (t DateTimeOffset) Compare(other DateTimeOffset) int {
	return TimeSpan(t.utc).Compare(TimeSpan(other.utc))
}

// Equal compares the moments. Go's == is EqualsExact.
func (t DateTimeOffset) Equal(other DateTimeOffset) bool { return t.utc == other.utc }

// Subtract is t - other, the time between the moments.
func (t DateTimeOffset) Subtract(other DateTimeOffset) TimeSpan { return TimeSpan(t.utc - other.utc) }

// moved keeps the offset for a clock that was moved.
func (t DateTimeOffset) moved(clock DateTime, err error) (DateTimeOffset, error) {
	if err != nil {
		return DateTimeOffset{}, err
	}
	return NewDateTimeOffset(clock, t.Offset())
}

// Add is Add(span).
func (t DateTimeOffset) Add(span TimeSpan) (DateTimeOffset, error) {
	return t.moved(t.DateTime().Add(span))
}

// Plus is the operator t + span.
func (t DateTimeOffset) Plus(span TimeSpan) (DateTimeOffset, error) {
	return t.moved(t.DateTime().Plus(span))
}

// Minus is the operator t - span.
func (t DateTimeOffset) Minus(span TimeSpan) (DateTimeOffset, error) {
	return t.moved(t.DateTime().Minus(span))
}

// SubtractSpan is Subtract(span).
func (t DateTimeOffset) SubtractSpan(span TimeSpan) (DateTimeOffset, error) {
	return t.moved(t.DateTime().SubtractSpan(span))
}

// AddTicks adds units of 100 ns.
func (t DateTimeOffset) AddTicks(ticks int64) (DateTimeOffset, error) {
	return t.moved(t.DateTime().AddTicks(ticks))
}

// AddDays adds days, rounded to a millisecond.
func (t DateTimeOffset) AddDays(days float64) (DateTimeOffset, error) {
	return t.moved(t.DateTime().AddDays(days))
}

// AddHours adds hours, rounded to a millisecond.
func (t DateTimeOffset) AddHours(hours float64) (DateTimeOffset, error) {
	return t.moved(t.DateTime().AddHours(hours))
}

// AddMinutes adds minutes, rounded to a millisecond.
func (t DateTimeOffset) AddMinutes(minutes float64) (DateTimeOffset, error) {
	return t.moved(t.DateTime().AddMinutes(minutes))
}

// AddSeconds adds seconds, rounded to a millisecond.
func (t DateTimeOffset) AddSeconds(seconds float64) (DateTimeOffset, error) {
	return t.moved(t.DateTime().AddSeconds(seconds))
}

// AddMilliseconds adds milliseconds, rounded to a whole one.
func (t DateTimeOffset) AddMilliseconds(milliseconds float64) (DateTimeOffset, error) {
	return t.moved(t.DateTime().AddMilliseconds(milliseconds))
}

// AddMonths adds months, as [DateTime.AddMonths].
func (t DateTimeOffset) AddMonths(months int32) (DateTimeOffset, error) {
	return t.moved(t.DateTime().AddMonths(months))
}

// AddYears adds years of 12 months.
func (t DateTimeOffset) AddYears(years int32) (DateTimeOffset, error) {
	return t.moved(t.DateTime().AddYears(years))
}

package dotnet

import "math"

// A TimeSpan is System.TimeSpan: a duration in ticks of 100 ns.
type TimeSpan int64

// Ticks of the units.
const (
	TicksPerMillisecond = 10_000
	TicksPerSecond      = 1000 * TicksPerMillisecond
	TicksPerMinute      = 60 * TicksPerSecond
	TicksPerHour        = 60 * TicksPerMinute
	TicksPerDay         = 24 * TicksPerHour
)

// The limits of TimeSpan.
const (
	TimeSpanZero     TimeSpan = 0
	TimeSpanMaxValue TimeSpan = math.MaxInt64
	TimeSpanMinValue TimeSpan = math.MinInt64
)

const tooLong = "TimeSpan overflowed because the duration is too long."

// NewTimeSpan is new TimeSpan(days, hours, minutes, seconds, milliseconds). The
// parts may be negative and of any size, as long as the sum fits.
func NewTimeSpan(days, hours, minutes, seconds, milliseconds int32) (TimeSpan, error) {
	total := (int64(days)*24*3600+int64(hours)*3600+int64(minutes)*60+int64(seconds))*1000 + int64(milliseconds)
	if total > math.MaxInt64/TicksPerMillisecond || total < math.MinInt64/TicksPerMillisecond {
		return 0, NewException("System.ArgumentOutOfRangeException", tooLong)
	}
	return TimeSpan(total * TicksPerMillisecond), nil
}

// TimeSpanFromDays is TimeSpan.FromDays.
func TimeSpanFromDays(v float64) (TimeSpan, error) { return scaleTicks(v, TicksPerDay) }

// TimeSpanFromHours is TimeSpan.FromHours.
func TimeSpanFromHours(v float64) (TimeSpan, error) { return scaleTicks(v, TicksPerHour) }

// TimeSpanFromMinutes is TimeSpan.FromMinutes.
func TimeSpanFromMinutes(v float64) (TimeSpan, error) { return scaleTicks(v, TicksPerMinute) }

// TimeSpanFromSeconds is TimeSpan.FromSeconds. .NET Core 3 cuts off below a tick;
// .NET Framework rounded to milliseconds.
func TimeSpanFromSeconds(v float64) (TimeSpan, error) { return scaleTicks(v, TicksPerSecond) }

// TimeSpanFromMilliseconds is TimeSpan.FromMilliseconds.
func TimeSpanFromMilliseconds(v float64) (TimeSpan, error) { return scaleTicks(v, TicksPerMillisecond) }

func scaleTicks(v, unit float64) (TimeSpan, error) {
	if math.IsNaN(v) {
		return 0, Argument(spanNaN, "")
	}
	return ticksFromDouble(v * unit)
}

const spanNaN = "TimeSpan does not accept floating point Not-a-Number values."

// ticksFromDouble cuts off a fraction. .NET lets 2^63 and NaN pass, which become
// MinValue.
func ticksFromDouble(ticks float64) (TimeSpan, error) {
	if ticks > 1<<63 || ticks < math.MinInt64 {
		return 0, Overflow(tooLong)
	}
	return TimeSpan(floatToInt64(ticks)), nil
}

// Ticks is the duration in units of 100 ns.
func (t TimeSpan) Ticks() int64 { return int64(t) }

// Days is the whole days.
func (t TimeSpan) Days() int32 { return int32(t / TicksPerDay) }

// Hours is -23 to 23.
func (t TimeSpan) Hours() int32 { return int32(t / TicksPerHour % 24) }

// Minutes is -59 to 59.
func (t TimeSpan) Minutes() int32 { return int32(t / TicksPerMinute % 60) }

// Seconds is -59 to 59.
func (t TimeSpan) Seconds() int32 { return int32(t / TicksPerSecond % 60) }

// Milliseconds is -999 to 999.
func (t TimeSpan) Milliseconds() int32 { return int32(t / TicksPerMillisecond % 1000) }

// TotalDays is the duration in days.
func (t TimeSpan) TotalDays() float64 { return float64(t) / TicksPerDay }

// TotalHours is the duration in hours.
func (t TimeSpan) TotalHours() float64 { return float64(t) / TicksPerHour }

// TotalMinutes is the duration in minutes.
func (t TimeSpan) TotalMinutes() float64 { return float64(t) / TicksPerMinute }

// TotalSeconds is the duration in seconds.
func (t TimeSpan) TotalSeconds() float64 { return float64(t) / TicksPerSecond }

// TotalMilliseconds is the duration in milliseconds, at most what a TimeSpan has
// of whole ones.
func (t TimeSpan) TotalMilliseconds() float64 {
	const limit = math.MaxInt64 / TicksPerMillisecond
	return min(max(float64(t)/TicksPerMillisecond, -limit), limit)
}

// Add is t + other.
func (t TimeSpan) Add(other TimeSpan) (TimeSpan, error) {
	sum, err := AddChecked(t, other)
	if err != nil {
		return 0, Overflow(tooLong)
	}
	return sum, nil
}

// Subtract is t - other.
func (t TimeSpan) Subtract(other TimeSpan) (TimeSpan, error) {
	difference, err := SubtractChecked(t, other)
	if err != nil {
		return 0, Overflow(tooLong)
	}
	return difference, nil
}

// Negate is -t.
func (t TimeSpan) Negate() (TimeSpan, error) {
	if t == TimeSpanMinValue {
		return 0, Overflow("Negating the minimum value of a twos complement number is invalid.")
	}
	return -t, nil
}

// Duration is the absolute value.
func (t TimeSpan) Duration() (TimeSpan, error) {
	if t == TimeSpanMinValue {
		return 0, Overflow("The duration cannot be returned for TimeSpan.MinValue because the absolute value of TimeSpan.MinValue exceeds the value of TimeSpan.MaxValue.")
	}
	return max(t, -t), nil
}

// Multiply is t * factor, rounded to a tick.
func (t TimeSpan) Multiply(factor float64) (TimeSpan, error) {
	if math.IsNaN(factor) {
		return 0, Argument(spanNaN, "factor")
	}
	return ticksFromDouble(math.RoundToEven(float64(t) * factor))
}

// Divide is t / divisor, rounded to a tick.
func (t TimeSpan) Divide(divisor float64) (TimeSpan, error) {
	if math.IsNaN(divisor) {
		return 0, Argument(spanNaN, "divisor")
	}
	ticks := math.RoundToEven(float64(t) / divisor)
	if math.IsNaN(ticks) {
		return 0, Overflow(tooLong)
	}
	return ticksFromDouble(ticks)
}

// DivideBy is t / other: how often the other goes into it.
func (t TimeSpan) DivideBy(other TimeSpan) float64 { return float64(t) / float64(other) }

// Compare is CompareTo: -1, 0 or 1.
func (t TimeSpan) Compare(other TimeSpan) int {
	switch {
	case t < other:
		return -1
	case t > other:
		return 1
	}
	return 0
}

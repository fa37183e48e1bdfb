package dotnet

import (
	"encoding/binary"
	"slices"
	"time"
)

// TransitionTime is TimeZoneInfo.TransitionTime: when in a year the clocks change.
type TransitionTime struct {
	TimeOfDay DateTime // of 1 January of the year 1
	Month     int32
	Week      int32 // from 1; 5 is the last of the month
	Day       int32
	DayOfWeek DayOfWeek
	IsFixed   bool // on Day, else on the DayOfWeek of Week
}

// NewFixedTransition is TransitionTime.CreateFixedDateRule.
func NewFixedTransition(timeOfDay DateTime, month, day int32) (TransitionTime, error) {
	return TransitionTime{timeOfDay, month, 1, day, 0, true}.checked()
}

// NewFloatingTransition is TransitionTime.CreateFloatingDateRule.
func NewFloatingTransition(timeOfDay DateTime, month, week int32, day DayOfWeek) (TransitionTime, error) {
	return TransitionTime{timeOfDay, month, week, 1, day, false}.checked()
}

func (t TransitionTime) checked() (TransitionTime, error) {
	var none TransitionTime
	switch {
	case t.TimeOfDay.kind != KindUnspecified:
		return none, Argument("The supplied DateTime must have the Kind property set to DateTimeKind.Unspecified.", "timeOfDay")
	case t.Month < 1 || t.Month > 12:
		return none, ArgumentOutOfRange("month", "The Month parameter must be in the range 1 through 12.")
	case t.Day < 1 || t.Day > 31:
		return none, ArgumentOutOfRange("day", "The Day parameter must be in the range 1 through 31.")
	case t.Week < 1 || t.Week > 5:
		return none, ArgumentOutOfRange("week", "The Week parameter must be in the range 1 through 5.")
	case t.DayOfWeek < 0 || t.DayOfWeek > 6:
		return none, ArgumentOutOfRange("dayOfWeek", "The DayOfWeek enumeration must be in the range 0 through 6.")
	case t.TimeOfDay.ticks >= TicksPerDay || t.TimeOfDay.ticks%TicksPerMillisecond != 0:
		return none, Argument("The supplied DateTime must have the Year, Month, and Day properties set to 1.  The time cannot be specified more precisely than whole milliseconds.", "timeOfDay")
	}
	return t, nil
}

// HashCode is GetHashCode.
func (t TransitionTime) HashCode() int32 { return t.Month ^ t.Week<<8 }

// in is when the clocks change in a year, by the time they show until then.
func (t TransitionTime) in(year int) time.Time {
	first := time.Date(year, time.Month(t.Month), 1, 0, 0, 0, 0, time.UTC)
	days := first.AddDate(0, 1, -1).Day()
	day := min(int(t.Day), days)
	if !t.IsFixed {
		day = 1 + (int(t.DayOfWeek)-int(first.Weekday())+7)%7 + 7*int(t.Week-1)
		if day > days {
			day -= 7
		}
	}
	return first.AddDate(0, 0, day-1).Add(time.Duration(t.TimeOfDay.ticks) * 100)
}

// AdjustmentRule is TimeZoneInfo.AdjustmentRule: daylight saving in a range of
// dates.
type AdjustmentRule struct {
	DateStart, DateEnd DateTime
	Delta              TimeSpan
	Start, End         TransitionTime
}

// NewAdjustmentRule is AdjustmentRule.CreateAdjustmentRule.
func NewAdjustmentRule(dateStart, dateEnd DateTime, delta TimeSpan, start, end TransitionTime) (*AdjustmentRule, error) {
	switch {
	case dateStart.kind == KindLocal:
		return nil, Argument("The supplied DateTime must have the Kind property set to DateTimeKind.Unspecified or DateTimeKind.Utc.", "dateStart")
	case dateEnd.kind == KindLocal:
		return nil, Argument("The supplied DateTime must have the Kind property set to DateTimeKind.Unspecified or DateTimeKind.Utc.", "dateEnd")
	case start == end:
		return nil, Argument("The DaylightTransitionStart property must not equal the DaylightTransitionEnd property.", "daylightTransitionEnd")
	case dateStart.ticks > dateEnd.ticks:
		return nil, Argument("The DateStart property must come before the DateEnd property.", "dateStart")
	case delta < -maxOffset || delta > maxOffset:
		e := ArgumentOutOfRange("daylightDelta", "The TimeSpan parameter must be within plus or minus 14.0 hours.")
		e.Message += "\nActual value was " + delta.String() + "."
		e.Actual = delta
		return nil, e
	case delta%TicksPerMinute != 0:
		return nil, Argument("The TimeSpan parameter cannot be specified more precisely than whole minutes.", "daylightDelta")
	case dateStart.ticks%TicksPerDay != 0:
		return nil, Argument("The supplied DateTime includes a TimeOfDay setting.   This is not supported.", "dateStart")
	case dateEnd.ticks%TicksPerDay != 0:
		return nil, Argument("The supplied DateTime includes a TimeOfDay setting.   This is not supported.", "dateEnd")
	}
	return &AdjustmentRule{dateStart, dateEnd, delta, start, end}, nil
}

// TypeName is the name of the .NET type.
func (*AdjustmentRule) TypeName() string { return "System.TimeZoneInfo.AdjustmentRule" }

// NewTimeZone is TimeZoneInfo.CreateCustomTimeZone. The rules are in order.
func NewTimeZone(id string, base TimeSpan, display, standard, daylight string, rules []*AdjustmentRule) (*TimeZoneInfo, error) {
	switch {
	case id == "":
		return nil, Argument("The specified ID parameter '' is not supported.", "id")
	case base%TicksPerMinute != 0:
		return nil, Argument("The TimeSpan parameter cannot be specified more precisely than whole minutes.", "baseUtcOffset")
	case base < -maxOffset || base > maxOffset:
		return nil, ArgumentOutOfRange("baseUtcOffset", "The TimeSpan parameter must be within plus or minus 14.0 hours.")
	}
	for i, r := range rules {
		switch total := base + r.Delta; {
		case total < -maxOffset || total > maxOffset:
			return nil, NewException("System.InvalidTimeZoneException", "The sum of the BaseUtcOffset and DaylightDelta properties must between -14.0 and 14.0 hours.")
		case i > 0 && r.DateStart.ticks <= rules[i-1].DateEnd.ticks:
			return nil, NewException("System.InvalidTimeZoneException", "The elements of the AdjustmentRule array must be in chronological order and must not overlap.")
		}
	}
	location, err := locationOf(base, rules)
	if err != nil {
		return nil, NewException("System.InvalidTimeZoneException", "The time zone cannot be made of these rules: "+err.Error())
	}
	return &TimeZoneInfo{id: id, display: display, standard: standard, daylight: daylight, base: base,
		hasDaylight: len(rules) > 0, rules: slices.Clone(rules), location: location}, nil
}

// Rules are the adjustment rules of a zone that was made of them.
func (z *TimeZoneInfo) Rules() []*AdjustmentRule { return z.rules }

// HasOffsetsOf reports whether two zones show the same times.
func (z *TimeZoneInfo) HasOffsetsOf(other *TimeZoneInfo) bool {
	return z.location.String() == other.location.String() && z.base == other.base && slices.EqualFunc(z.rules, other.rules, func(a, b *AdjustmentRule) bool { return *a == *b })
}

// AmbiguousOffsets are the offsets of a time that the zone's clocks show twice, the
// smaller first; nil of another.
func (z *TimeZoneInfo) AmbiguousOffsets(t DateTime) []TimeSpan {
	if t.kind != KindUnspecified {
		t = z.shown(t)
	}
	found := z.moments(t)
	if len(found) != 2 {
		return nil
	}
	return []TimeSpan{offsetAt(found[1]), offsetAt(found[0])}
}

// locationOf makes a zone in the form of the IANA database (RFC 8536), which is how
// package time takes one: in each year of a rule two transitions.
func locationOf(base TimeSpan, rules []*AdjustmentRule) (*time.Location, error) {
	seconds := func(t TimeSpan) int32 { return int32(t / TicksPerSecond) }
	types := []TimeSpan{base}
	var at []int64
	var to []byte
	for _, r := range rules {
		types = append(types, base+r.Delta)
		saving := byte(len(types) - 1)
		for year := int(r.DateStart.Year()); year <= int(r.DateEnd.Year()); year++ {
			start := r.Start.in(year).Unix() - int64(seconds(base))
			end := r.End.in(year).Unix() - int64(seconds(base+r.Delta))
			if end < start { // the south, where summer begins the year
				at, to = append(at, end, start), append(to, 0, saving)
			} else {
				at, to = append(at, start, end), append(to, saving, 0)
			}
		}
	}
	if len(types) > 255 {
		return nil, InvalidOperation("there are more than 255 rules")
	}
	data := func(version2 bool) []byte {
		times, kinds := at, to
		if !version2 {
			times, kinds = nil, nil
		}
		d := append([]byte("TZif2"), make([]byte, 15)...)
		for _, n := range []int{0, 0, 0, len(times), len(types), 4} {
			d = binary.BigEndian.AppendUint32(d, uint32(n))
		}
		for _, t := range times {
			d = binary.BigEndian.AppendUint64(d, uint64(t))
		}
		d = append(d, kinds...)
		for i, offset := range types {
			d = binary.BigEndian.AppendUint32(d, uint32(seconds(offset)))
			d = append(d, byte(min(i, 1)), 0)
		}
		return append(d, "LMT\x00"...)
	}
	return time.LoadLocationFromTZData("custom", append(append(data(false), data(true)...), "\n\n"...))
}

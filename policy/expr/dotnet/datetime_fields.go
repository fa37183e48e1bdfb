package dotnet

import "math"

const absent = -1

// A dateText is a text of a date and what has been found in it. The free and the
// exact parser fill it; finish makes the value.
type dateText struct {
	text       string
	styles     DateTimeStyles
	clock      Clock
	withOffset bool // for a DateTimeOffset

	year, month, day     int // absent if not found
	hour, minute, second int
	fraction             float64 // of a second
	dayOfWeek            int
	zoned, zonedUtc      bool // a zone was found; it was Z or GMT
	offset               TimeSpan
	yearDefaulted        bool // the year is the clock's, for a day and month alone
}

func newDateText(text string, styles DateTimeStyles, clock Clock) *dateText {
	return &dateText{
		text: text, styles: styles, clock: clock,
		year: absent, month: absent, day: absent,
		hour: absent, minute: absent, second: absent,
		fraction: absent, dayOfWeek: absent,
	}
}

// failure is the exception whose message has the text between two parts.
func (d *dateText) failure(before, after string) *Exception {
	return Format(before + "'" + d.text + "'" + after)
}

func (d *dateText) unrecognized() *Exception {
	return d.failure("String ", " was not recognized as a valid DateTime.")
}

func (d *dateText) unrepresentable() *Exception {
	return d.failure("The DateTime represented by the string ", " is not supported in calendar 'System.Globalization.GregorianCalendar'.")
}

// now is the date that completes the text's.
func (d *dateText) now() DateTime {
	now := UtcNow(d.clock)
	if d.withOffset && d.zoned {
		if shifted, err := now.Add(d.offset); err == nil {
			return shifted
		}
	}
	return now
}

// setZone takes a zone; a second one is not allowed.
func (d *dateText) setZone(offset TimeSpan, utc bool) bool {
	if d.zoned {
		return false
	}
	d.zoned, d.zonedUtc, d.offset = true, utc, offset
	return true
}

// complete fills the gaps: a month without a day is its first, a time without a
// date is today's, or of the first day of all if today is not wanted.
func (d *dateText) complete() error {
	if d.withOffset && d.zoned && (d.month != absent || d.day != absent) && (d.year == absent || d.yearDefaulted) {
		return d.failure("There must be at least a partial date with a year present in the input string ", ".")
	}
	if d.month == absent && d.day == absent && d.year == absent {
		d.year, d.month, d.day = 1, 1, 1
		if !d.styles.Has(DateTimeStylesNoCurrentDateDefault) {
			d.year, d.month, d.day = d.now().date()
		}
		return nil
	}
	if d.year == absent {
		d.year = int(d.now().Year())
	}
	d.month, d.day = orElse(d.month, 1), orElse(d.day, 1)
	return nil
}

func orElse(v, otherwise int) int {
	if v == absent {
		return otherwise
	}
	return v
}

// clockTime is the fields put together, without regard to zones.
func (d *dateText) clockTime() (DateTime, error) {
	date, ok := dateTicks(d.year, d.month, d.day)
	hour, minute, second := orElse(d.hour, 0), orElse(d.minute, 0), orElse(d.second, 0)
	if !ok || hour > 23 || minute > 59 || second > 59 {
		return DateTime{}, d.unrepresentable()
	}
	ticks := date + int64(hour*3600+minute*60+second)*TicksPerSecond
	if d.fraction > 0 {
		ticks += int64(math.RoundToEven(d.fraction * TicksPerSecond))
	}
	if ticks > maxTicks {
		return DateTime{}, d.unrecognized()
	}
	return DateTime{ticks: ticks}, nil
}

func (d *dateText) checkDayOfWeek(t DateTime) error {
	if d.dayOfWeek != absent && d.dayOfWeek != int(t.DayOfWeek()) {
		return d.failure("String ", " was not recognized as a valid DateTime because the day of week was incorrect.")
	}
	return nil
}

// dateTime adjusts the clock's time to what the zone and the styles ask for.
func (d *dateText) dateTime(t DateTime) (DateTime, error) {
	if d.offset < -maxOffset || d.offset > maxOffset {
		return DateTime{}, d.farOffset()
	}
	toUniversal := d.styles.Has(DateTimeStylesAdjustToUniversal)
	kind := KindLocal
	if toUniversal {
		kind = KindUtc
	}
	switch {
	case !d.zoned && d.styles&(DateTimeStylesAssumeLocal|DateTimeStylesAssumeUniversal) == 0:
		return t, nil
	case d.styles.Has(DateTimeStylesRoundtripKind) && d.zonedUtc:
		kind = KindUtc
	}
	ticks := t.ticks - int64(d.offset)
	if ticks < 0 {
		ticks += TicksPerDay
	}
	if ticks < 0 || ticks > maxTicks {
		return DateTime{}, d.failure("The DateTime represented by the string ", " is out of range.")
	}
	return DateTime{ticks, kind}, nil
}

func (d *dateText) farOffset() *Exception {
	return d.failure("The time zone offset of string ", " must be within plus or minus 14 hours.")
}

// dateTimeOffset is the clock's time with its offset, 0 if none was found.
func (d *dateText) dateTimeOffset(t DateTime) (DateTimeOffset, error) {
	utc := t.ticks - int64(d.offset)
	if utc < 0 || utc > maxTicks {
		return DateTimeOffset{}, d.failure("The UTC representation of the date ", " falls outside the year range 1-9999.")
	}
	if d.offset < -maxOffset || d.offset > maxOffset {
		return DateTimeOffset{}, d.farOffset()
	}
	offset := d.offset
	if d.styles.Has(DateTimeStylesAdjustToUniversal) {
		offset = 0
	}
	return DateTimeOffset{utc, int16(offset / TicksPerMinute)}, nil
}

// fourDigitYear puts a year of two digits between 1930 and 2029.
func fourDigitYear(year int) int {
	if year < 30 {
		return 2000 + year
	}
	return 1900 + year
}

// isDay tells whether there is such a day.
func isDay(year, month, day int) bool {
	_, ok := dateTicks(year, month, day)
	return ok
}

package expr

import (
	"github.com/apimulator/apimulator/policy/expr/dotnet"
)

var (
	_ = declareEnum("enum System.DateTimeKind", EnumValue{"Unspecified", 0}, EnumValue{"Utc", 1}, EnumValue{"Local", 2})
	_ = declareEnum("enum System.DayOfWeek", EnumValue{"Sunday", 0}, EnumValue{"Monday", 1}, EnumValue{"Tuesday", 2}, EnumValue{"Wednesday", 3},
		EnumValue{"Thursday", 4}, EnumValue{"Friday", 5}, EnumValue{"Saturday", 6})
	_ = declareEnum("flags enum System.Globalization.DateTimeStyles", EnumValue{"None", 0}, EnumValue{"AllowLeadingWhite", 1},
		EnumValue{"AllowTrailingWhite", 2}, EnumValue{"AllowInnerWhite", 4}, EnumValue{"AllowWhiteSpaces", 7}, EnumValue{"NoCurrentDateDefault", 8},
		EnumValue{"AdjustToUniversal", 16}, EnumValue{"AssumeLocal", 32}, EnumValue{"AssumeUniversal", 64}, EnumValue{"RoundtripKind", 128})
)

const dateTimeType = "System.DateTime"

var _ = declare("struct "+dateTimeType+" : "+valueInterfaces(dateTimeType), func() []memberDecl {
	return concat(
		dateTimeMakers(), dateTimeParts(), dateTimeSums(), dateTimeTexts(), dateTimeConversions(),
		orderOperators("DateTime", dotnet.DateTime.Compare), comparisonMembers("DateTime", "value"),
	)
})

// valueInterfaces are what values that have an order and formats implement.
func valueInterfaces(name string) string {
	return "System.IComparable, System.IFormattable, System.IComparable<" + name + ">, System.IEquatable<" + name + ">"
}

func (m *Machine) clock() dotnet.Clock { return m.Clock.Now }

func timeOf(v any) dotnet.DateTime          { return v.(dotnet.DateTime) }
func kindOf(v any) dotnet.DateTimeKind      { return dotnet.DateTimeKind(v.(EnumObject).Value) }
func stylesArg(v any) dotnet.DateTimeStyles { return dotnet.DateTimeStyles(v.(EnumObject).Value) }

func dayOfWeek(d dotnet.DayOfWeek) EnumObject {
	return EnumObject{typeOf("System.DayOfWeek"), int64(d)}
}

// clocked is a static property that reads the clock.
func clocked[T any](f func(dotnet.Clock) T) func(*Machine, []any) (any, error) {
	return func(m *Machine, _ []any) (any, error) { return f(m.clock()), nil }
}

// madeOfParts is DateTime's constructor by parts; those that are missing are 0.
func madeOfParts(_ *Machine, a []any) (any, error) {
	var part [7]int32
	kind := dotnet.KindUnspecified
	for i, v := range a {
		switch v := v.(type) {
		case int32:
			part[i] = v
		case EnumObject:
			kind = kindOf(v)
		}
	}
	return dotnet.DateTimeOf(part[0], part[1], part[2], part[3], part[4], part[5], part[6], kind)
}

func dateTimeMakers() []memberDecl {
	const date, time = "int year, int month, int day", ", int hour, int minute, int second"
	calendar := func(m *Machine, a []any) (any, error) {
		// The calendar comes after the last number; the Gregorian is the only one.
		var parts []any
		for _, v := range a {
			switch v.(type) {
			case nil:
				return nil, dotnet.ArgumentNull("calendar")
			case *calendarObject:
			default:
				parts = append(parts, v)
			}
		}
		return madeOfParts(m, parts)
	}
	members := []memberDecl{
		member("new(long ticks)", func(_ *Machine, a []any) (any, error) {
			return dotnet.NewDateTime(a[0].(int64), dotnet.KindUnspecified)
		}),
		member("new(long ticks, DateTimeKind kind)", func(_ *Machine, a []any) (any, error) {
			return dotnet.NewDateTime(a[0].(int64), kindOf(a[1]))
		}),
		member("new("+date+time+", int millisecond, System.Globalization.Calendar calendar, DateTimeKind kind)", calendar),
		member("static DateTime MinValue { get; }", always(dotnet.DateTimeMinValue)),
		member("static DateTime MaxValue { get; }", always(dotnet.DateTimeMaxValue)),
		member("static DateTime UnixEpoch { get; }", always(dotnet.DateTimeUnixEpoch)),
		member("static DateTime Now { get; }", clocked(dotnet.Now)),
		member("static DateTime UtcNow { get; }", clocked(dotnet.UtcNow)),
		member("static DateTime Today { get; }", clocked(dotnet.Today)),
		member("static DateTime FromBinary(long dateData)", failing1(dotnet.FromBinary)),
		member("static DateTime FromFileTime(long fileTime)", failing1(dotnet.FromFileTime)),
		member("static DateTime FromFileTimeUtc(long fileTime)", failing1(dotnet.FromFileTimeUtc)),
		member("static DateTime FromOADate(double d)", failing1(dotnet.FromOADate)),
		member("static DateTime SpecifyKind(DateTime value, DateTimeKind kind)", func(_ *Machine, a []any) (any, error) {
			return timeOf(a[0]).SpecifyKind(kindOf(a[1]))
		}),
		member("static int DaysInMonth(int year, int month)", failing2(dotnet.DaysInMonth)),
		member("static bool IsLeapYear(int year)", failing1(dotnet.IsLeapYear)),
		member("static int Compare(DateTime t1, DateTime t2)", compareTo),
		member("static bool Equals(DateTime t1, DateTime t2)", equalTo),
	}
	for _, parts := range []string{date, date + time, date + time + ", int millisecond"} {
		members = append(members, member("new("+parts+")", madeOfParts),
			member("new("+parts+", System.Globalization.Calendar calendar)", calendar))
		if parts != date {
			members = append(members, member("new("+parts+", DateTimeKind kind)", madeOfParts))
		}
	}
	return members
}

func dateTimeParts() []memberDecl {
	return []memberDecl{
		member("int Year { get; }", pure1(dotnet.DateTime.Year)), member("int Month { get; }", pure1(dotnet.DateTime.Month)),
		member("int Day { get; }", pure1(dotnet.DateTime.Day)), member("int Hour { get; }", pure1(dotnet.DateTime.Hour)),
		member("int Minute { get; }", pure1(dotnet.DateTime.Minute)), member("int Second { get; }", pure1(dotnet.DateTime.Second)),
		member("int Millisecond { get; }", pure1(dotnet.DateTime.Millisecond)), member("int DayOfYear { get; }", pure1(dotnet.DateTime.DayOfYear)),
		member("long Ticks { get; }", pure1(dotnet.DateTime.Ticks)), member("DateTime Date { get; }", pure1(dotnet.DateTime.Date)),
		member("TimeSpan TimeOfDay { get; }", pure1(dotnet.DateTime.TimeOfDay)),
		member("DayOfWeek DayOfWeek { get; }", func(_ *Machine, a []any) (any, error) { return dayOfWeek(timeOf(a[0]).DayOfWeek()), nil }),
		member("DateTimeKind Kind { get; }", func(_ *Machine, a []any) (any, error) {
			return EnumObject{typeOf("System.DateTimeKind"), int64(timeOf(a[0]).Kind())}, nil
		}),
		member("bool IsDaylightSavingTime()", pure1(dotnet.DateTime.IsDaylightSavingTime)),
		member("TypeCode GetTypeCode()", typeCodeMember),
	}
}

func dateTimeSums() []memberDecl {
	return []memberDecl{
		member("DateTime Add(TimeSpan value)", failing2(dotnet.DateTime.Add)), member("DateTime AddTicks(long value)", failing2(dotnet.DateTime.AddTicks)),
		member("DateTime AddDays(double value)", failing2(dotnet.DateTime.AddDays)), member("DateTime AddHours(double value)", failing2(dotnet.DateTime.AddHours)),
		member("DateTime AddMinutes(double value)", failing2(dotnet.DateTime.AddMinutes)), member("DateTime AddSeconds(double value)", failing2(dotnet.DateTime.AddSeconds)),
		member("DateTime AddMilliseconds(double value)", failing2(dotnet.DateTime.AddMilliseconds)),
		member("DateTime AddMonths(int months)", failing2(dotnet.DateTime.AddMonths)), member("DateTime AddYears(int value)", failing2(dotnet.DateTime.AddYears)),
		member("TimeSpan Subtract(DateTime value)", pure2(dotnet.DateTime.Subtract)), member("DateTime Subtract(TimeSpan value)", failing2(dotnet.DateTime.SubtractSpan)),
		member("static DateTime operator +(DateTime d, TimeSpan t)", failing2(dotnet.DateTime.Plus)),
		member("static DateTime operator -(DateTime d, TimeSpan t)", failing2(dotnet.DateTime.Minus)),
		member("static TimeSpan operator -(DateTime d1, DateTime d2)", pure2(dotnet.DateTime.Subtract)),
	}
}

func dateTimeConversions() []memberDecl {
	return []memberDecl{
		member("DateTime ToUniversalTime()", pure1(dotnet.DateTime.ToUniversalTime)), member("DateTime ToLocalTime()", pure1(dotnet.DateTime.ToLocalTime)),
		member("long ToBinary()", pure1(dotnet.DateTime.ToBinary)), member("double ToOADate()", failing1(dotnet.DateTime.ToOADate)),
		member("long ToFileTime()", failing1(dotnet.DateTime.ToFileTimeUtc)), member("long ToFileTimeUtc()", failing1(dotnet.DateTime.ToFileTimeUtc)),
	}
}

func dateTimeTexts() []memberDecl {
	standard := func(name, format string) memberDecl {
		return member("string "+name+"()", func(m *Machine, a []any) (any, error) { return m.Format(a[0], format) })
	}
	return append(textMembers(),
		standard("ToLongDateString", "D"), standard("ToLongTimeString", "T"), standard("ToShortDateString", "d"), standard("ToShortTimeString", "t"),
		member("string[] GetDateTimeFormats()", dateTimeFormats), member("string[] GetDateTimeFormats(IFormatProvider provider)", dateTimeFormats),
		member("string[] GetDateTimeFormats(char format)", dateTimeFormatsOf), member("string[] GetDateTimeFormats(char format, IFormatProvider provider)", dateTimeFormatsOf),
		member("static DateTime Parse(string s)", parseDateTime), member("static DateTime Parse(string s, IFormatProvider provider)", parseDateTime),
		member("static DateTime Parse(string s, IFormatProvider provider, System.Globalization.DateTimeStyles styles)", parseDateTime),
		member("static DateTime ParseExact(string s, string format, IFormatProvider provider)", parseDateTimeExact),
		member("static DateTime ParseExact(string s, string format, IFormatProvider provider, System.Globalization.DateTimeStyles style)", parseDateTimeExact),
		member("static DateTime ParseExact(string s, string[] formats, IFormatProvider provider, System.Globalization.DateTimeStyles style)", exactly(parseDateTimeExact)),
		member("static bool TryParse(string s, out DateTime result)", func(m *Machine, a []any) (any, error) { return tryParseDateTime(m, a[:1], a[1]) }),
		member("static bool TryParse(string s, IFormatProvider provider, System.Globalization.DateTimeStyles styles, out DateTime result)", func(m *Machine, a []any) (any, error) {
			return tryParseDateTime(m, a[:3], a[3])
		}),
		member("static bool TryParseExact(string s, string format, IFormatProvider provider, System.Globalization.DateTimeStyles style, out DateTime result)", tryParseDateTimeExact),
		member("static bool TryParseExact(string s, string[] formats, IFormatProvider provider, System.Globalization.DateTimeStyles style, out DateTime result)", tryParseDateTimeExact),
	)
}

// parsing are the arguments of a Parse: the text, and styles where they stand.
func parsing(a []any) (string, dotnet.DateTimeStyles, error) {
	s, err := textArg(a[0], "s")
	styles := dotnet.DateTimeStylesNone
	if len(a) > 2 {
		styles = stylesArg(a[2])
	}
	return s, styles, err
}

func parseDateTime(m *Machine, a []any) (any, error) { return readDateTime(m, a) }

func readDateTime(m *Machine, a []any) (dotnet.DateTime, error) {
	s, styles, err := parsing(a)
	if err != nil {
		return dotnet.DateTime{}, err
	}
	if err := m.Spend(len(s)); err != nil {
		return dotnet.DateTime{}, err
	}
	return dotnet.ParseDateTime(s, styles, m.clock())
}

func tryParseDateTime(m *Machine, a []any, result any) (any, error) {
	t, err := readDateTime(m, a)
	return tried(result, t, dotnet.DateTimeMinValue, err)
}

// parsingExact are the arguments of a ParseExact: text, format or formats,
// culture and styles.
func parsingExact(m *Machine, a []any) (s string, formats []string, styles dotnet.DateTimeStyles, err error) {
	if s, err = textArg(a[0], "s"); err != nil {
		return
	}
	if formats, err = formatsArg(a[1]); err != nil {
		return
	}
	_, dates := formatsOf(a[2])
	for i, format := range formats {
		formats[i] = dates.pattern(format)
	}
	if len(a) > 3 {
		styles = stylesArg(a[3])
	}
	return s, formats, styles, m.Spend((len(s) + 1) * (len(formats) + 1))
}

// formatsArg is a format, or an array of them.
func formatsArg(v any) ([]string, error) {
	switch v := v.(type) {
	case string:
		return []string{v}, nil
	case *ArrayObject:
		formats := make([]string, v.Len())
		for i := range formats {
			formats[i] = text(v.At(i))
		}
		if len(formats) == 0 {
			return nil, dotnet.Format("No format specifiers were provided.")
		}
		return formats, nil
	}
	return nil, dotnet.ArgumentNull("format")
}

// exactly says that formats are missing as the overload with an array does.
func exactly(overload func(*Machine, []any) (any, error)) func(*Machine, []any) (any, error) {
	return func(m *Machine, a []any) (any, error) {
		v, err := overload(m, a)
		if e, ok := Thrown(err); ok && a[1] == nil && e.Param == "format" {
			err = renamed(dotnet.Argument("String reference not set to an instance of a String.", "formats"), e.Type)
		}
		return v, err
	}
}

func parseDateTimeExact(m *Machine, a []any) (any, error) {
	s, formats, styles, err := parsingExact(m, a)
	if err != nil {
		return nil, err
	}
	return dotnet.ParseDateTimeExact(s, formats, styles, m.clock())
}

func tryParseDateTimeExact(m *Machine, a []any) (any, error) {
	s, formats, styles, err := parsingExact(m, a[:4])
	if err != nil {
		return tried(a[4], dotnet.DateTimeMinValue, dotnet.DateTimeMinValue, err)
	}
	t, err := dotnet.ParseDateTimeExact(s, formats, styles, m.clock())
	return triedExact(a[4], t, dotnet.DateTimeMinValue, formats, err)
}

package expr

import (
	"github.com/apimulator/apimulator/policy/expr/dotnet"
)

const dateTimeOffsetType = "System.DateTimeOffset"

var _ = declare("struct "+dateTimeOffsetType+" : "+valueInterfaces(dateTimeOffsetType), func() []memberDecl {
	return concat(
		offsetMakers(), offsetParts(), offsetSums(), offsetTexts(),
		orderOperators("DateTimeOffset", dotnet.DateTimeOffset.Compare), comparisonMembers("DateTimeOffset", "other"),
	)
})

func offsetOf(v any) dotnet.DateTimeOffset { return v.(dotnet.DateTimeOffset) }

func offsetMakers() []memberDecl {
	return []memberDecl{
		member("new(DateTime dateTime)", pure1(dotnet.DateTimeOffsetFrom)),
		member("new(DateTime dateTime, TimeSpan offset)", failing2(dotnet.NewDateTimeOffset)),
		member("new(long ticks, TimeSpan offset)", func(_ *Machine, a []any) (any, error) {
			t, err := dotnet.NewDateTime(a[0].(int64), dotnet.KindUnspecified)
			if err != nil {
				return nil, err
			}
			return dotnet.NewDateTimeOffset(t, spanOf(a[1]))
		}),
		member("new(int year, int month, int day, int hour, int minute, int second, TimeSpan offset)", offsetOfParts),
		member("new(int year, int month, int day, int hour, int minute, int second, int millisecond, TimeSpan offset)", offsetOfParts),
		member("static DateTimeOffset MinValue { get; }", always(dotnet.DateTimeOffsetMinValue)),
		member("static DateTimeOffset MaxValue { get; }", always(dotnet.DateTimeOffsetMaxValue)),
		member("static DateTimeOffset UnixEpoch { get; }", always(dotnet.DateTimeOffsetUnixEpoch)),
		member("static DateTimeOffset Now { get; }", clocked(dotnet.OffsetNow)),
		member("static DateTimeOffset UtcNow { get; }", clocked(dotnet.OffsetNow)),
		member("static DateTimeOffset FromUnixTimeSeconds(long seconds)", failing1(dotnet.FromUnixTimeSeconds)),
		member("static DateTimeOffset FromUnixTimeMilliseconds(long milliseconds)", failing1(dotnet.FromUnixTimeMilliseconds)),
		member("static DateTimeOffset FromFileTime(long fileTime)", func(_ *Machine, a []any) (any, error) {
			t, err := dotnet.FromFileTime(a[0].(int64))
			return dotnet.DateTimeOffsetFrom(t), err
		}),
		member("static implicit operator DateTimeOffset(DateTime dateTime)", pure1(dotnet.DateTimeOffsetFrom)),
		member("static int Compare(DateTimeOffset first, DateTimeOffset second)", compareTo),
		member("static bool Equals(DateTimeOffset first, DateTimeOffset second)", equalTo),
	}
}

func offsetOfParts(m *Machine, a []any) (any, error) {
	last := len(a) - 1
	t, err := madeOfParts(m, a[:last])
	if err != nil {
		return nil, err
	}
	return dotnet.NewDateTimeOffset(timeOf(t), spanOf(a[last]))
}

// shownPart is a property of what the clock showed.
func shownPart[T any](f func(dotnet.DateTime) T) func(*Machine, []any) (any, error) {
	return pure1(func(t dotnet.DateTimeOffset) T { return f(t.DateTime()) })
}

func offsetParts() []memberDecl {
	return []memberDecl{
		member("int Year { get; }", shownPart(dotnet.DateTime.Year)), member("int Month { get; }", shownPart(dotnet.DateTime.Month)),
		member("int Day { get; }", shownPart(dotnet.DateTime.Day)), member("int Hour { get; }", shownPart(dotnet.DateTime.Hour)),
		member("int Minute { get; }", shownPart(dotnet.DateTime.Minute)), member("int Second { get; }", shownPart(dotnet.DateTime.Second)),
		member("int Millisecond { get; }", shownPart(dotnet.DateTime.Millisecond)), member("int DayOfYear { get; }", shownPart(dotnet.DateTime.DayOfYear)),
		member("DateTime Date { get; }", shownPart(dotnet.DateTime.Date)), member("TimeSpan TimeOfDay { get; }", shownPart(dotnet.DateTime.TimeOfDay)),
		member("DayOfWeek DayOfWeek { get; }", func(_ *Machine, a []any) (any, error) { return dayOfWeek(offsetOf(a[0]).DateTime().DayOfWeek()), nil }),
		member("DateTime DateTime { get; }", pure1(dotnet.DateTimeOffset.DateTime)),
		member("DateTime UtcDateTime { get; }", pure1(dotnet.DateTimeOffset.UtcDateTime)),
		member("DateTime LocalDateTime { get; }", pure1(dotnet.DateTimeOffset.LocalDateTime)),
		member("TimeSpan Offset { get; }", pure1(dotnet.DateTimeOffset.Offset)),
		member("long Ticks { get; }", pure1(dotnet.DateTimeOffset.Ticks)), member("long UtcTicks { get; }", pure1(dotnet.DateTimeOffset.UtcTicks)),
		member("long ToUnixTimeSeconds()", pure1(dotnet.DateTimeOffset.ToUnixTimeSeconds)),
		member("long ToUnixTimeMilliseconds()", pure1(dotnet.DateTimeOffset.ToUnixTimeMilliseconds)),
		member("long ToFileTime()", func(_ *Machine, a []any) (any, error) { return offsetOf(a[0]).UtcDateTime().ToFileTimeUtc() }),
		member("DateTimeOffset ToOffset(TimeSpan offset)", failing2(dotnet.DateTimeOffset.ToOffset)),
		member("DateTimeOffset ToUniversalTime()", pure1(dotnet.DateTimeOffset.ToUniversalTime)),
		member("DateTimeOffset ToLocalTime()", pure1(dotnet.DateTimeOffset.ToLocalTime)),
		member("bool EqualsExact(DateTimeOffset other)", func(_ *Machine, a []any) (any, error) { return offsetOf(a[0]) == offsetOf(a[1]), nil }),
	}
}

func offsetSums() []memberDecl {
	return []memberDecl{
		member("DateTimeOffset Add(TimeSpan timeSpan)", failing2(dotnet.DateTimeOffset.Add)), member("DateTimeOffset AddTicks(long ticks)", failing2(dotnet.DateTimeOffset.AddTicks)),
		member("DateTimeOffset AddDays(double days)", failing2(dotnet.DateTimeOffset.AddDays)), member("DateTimeOffset AddHours(double hours)", failing2(dotnet.DateTimeOffset.AddHours)),
		member("DateTimeOffset AddMinutes(double minutes)", failing2(dotnet.DateTimeOffset.AddMinutes)), member("DateTimeOffset AddSeconds(double seconds)", failing2(dotnet.DateTimeOffset.AddSeconds)),
		member("DateTimeOffset AddMilliseconds(double milliseconds)", failing2(dotnet.DateTimeOffset.AddMilliseconds)),
		member("DateTimeOffset AddMonths(int months)", failing2(dotnet.DateTimeOffset.AddMonths)), member("DateTimeOffset AddYears(int years)", failing2(dotnet.DateTimeOffset.AddYears)),
		member("TimeSpan Subtract(DateTimeOffset value)", pure2(dotnet.DateTimeOffset.Subtract)), member("DateTimeOffset Subtract(TimeSpan value)", failing2(dotnet.DateTimeOffset.SubtractSpan)),
		member("static DateTimeOffset operator +(DateTimeOffset dateTimeOffset, TimeSpan timeSpan)", failing2(dotnet.DateTimeOffset.Plus)),
		member("static DateTimeOffset operator -(DateTimeOffset dateTimeOffset, TimeSpan timeSpan)", failing2(dotnet.DateTimeOffset.Minus)),
		member("static TimeSpan operator -(DateTimeOffset left, DateTimeOffset right)", pure2(dotnet.DateTimeOffset.Subtract)),
	}
}

func offsetTexts() []memberDecl {
	return append(textMembers(),
		member("static DateTimeOffset Parse(string input)", parseOffset), member("static DateTimeOffset Parse(string input, IFormatProvider formatProvider)", parseOffset),
		member("static DateTimeOffset Parse(string input, IFormatProvider formatProvider, System.Globalization.DateTimeStyles styles)", parseOffset),
		member("static DateTimeOffset ParseExact(string input, string format, IFormatProvider formatProvider)", parseOffsetExact),
		member("static DateTimeOffset ParseExact(string input, string format, IFormatProvider formatProvider, System.Globalization.DateTimeStyles styles)", parseOffsetExact),
		member("static DateTimeOffset ParseExact(string input, string[] formats, IFormatProvider formatProvider, System.Globalization.DateTimeStyles styles)", exactly(parseOffsetExact)),
		member("static bool TryParse(string input, out DateTimeOffset result)", func(m *Machine, a []any) (any, error) { return tryParseOffset(m, a[:1], a[1]) }),
		member("static bool TryParse(string input, IFormatProvider formatProvider, System.Globalization.DateTimeStyles styles, out DateTimeOffset result)", func(m *Machine, a []any) (any, error) {
			return tryParseOffset(m, a[:3], a[3])
		}),
		member("static bool TryParseExact(string input, string format, IFormatProvider formatProvider, System.Globalization.DateTimeStyles styles, out DateTimeOffset result)", tryParseOffsetExact),
		member("static bool TryParseExact(string input, string[] formats, IFormatProvider formatProvider, System.Globalization.DateTimeStyles styles, out DateTimeOffset result)", tryParseOffsetExact),
	)
}

func parseOffset(m *Machine, a []any) (any, error) { return readOffset(m, a) }

func readOffset(m *Machine, a []any) (t dotnet.DateTimeOffset, err error) {
	s, styles, err := parsing(a)
	if err != nil {
		return t, dotnet.ArgumentNull("input")
	}
	if err := m.Spend(len(s)); err != nil {
		return t, err
	}
	return dotnet.ParseDateTimeOffset(s, styles, m.clock())
}

func tryParseOffset(m *Machine, a []any, result any) (any, error) {
	t, err := readOffset(m, a)
	return tried(result, t, dotnet.DateTimeOffsetMinValue, err)
}

func readOffsetExact(m *Machine, a []any) (dotnet.DateTimeOffset, []string, error) {
	s, formats, styles, err := parsingExact(m, a)
	if err != nil {
		if a[0] == nil {
			err = dotnet.ArgumentNull("input")
		}
		return dotnet.DateTimeOffset{}, nil, err
	}
	t, err := dotnet.ParseDateTimeOffsetExact(s, formats, styles, m.clock())
	return t, formats, err
}

func parseOffsetExact(m *Machine, a []any) (any, error) {
	t, _, err := readOffsetExact(m, a)
	return t, err
}

func tryParseOffsetExact(m *Machine, a []any) (any, error) {
	t, formats, err := readOffsetExact(m, a[:4])
	return triedExact(a[4], t, dotnet.DateTimeOffsetMinValue, formats, err)
}

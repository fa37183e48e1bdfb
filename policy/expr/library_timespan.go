package expr

import (
	"cmp"

	"github.com/apimulator/apimulator/policy/expr/dotnet"
)

const timeSpanType = "System.TimeSpan"

var _ = declareEnum("flags enum System.Globalization.TimeSpanStyles", EnumValue{"None", 0}, EnumValue{"AssumeNegative", 1})

var _ = declare("struct "+timeSpanType+" : "+valueInterfaces(timeSpanType), func() []memberDecl {
	return concat(
		spanMakers(), spanParts(), spanArithmetic(), spanTexts(),
		orderOperators("TimeSpan", cmp.Compare[dotnet.TimeSpan]), comparisonMembers("TimeSpan", "value"),
	)
})

func spanOf(v any) dotnet.TimeSpan { return v.(dotnet.TimeSpan) }

// spanOfParts is a constructor: hours, minutes and seconds, with days before
// them and milliseconds after them.
func spanOfParts(_ *Machine, a []any) (any, error) {
	var part [5]int32
	at := 0
	if len(a) == 3 {
		at = 1 // no days
	}
	for i, v := range a {
		part[at+i] = v.(int32)
	}
	return dotnet.NewTimeSpan(part[0], part[1], part[2], part[3], part[4])
}

func spanOfTicks(_ *Machine, a []any) (any, error) { return dotnet.TimeSpan(a[0].(int64)), nil }

func spanMakers() []memberDecl {
	return []memberDecl{
		member("new(long ticks)", spanOfTicks),
		member("new(int hours, int minutes, int seconds)", spanOfParts),
		member("new(int days, int hours, int minutes, int seconds)", spanOfParts),
		member("new(int days, int hours, int minutes, int seconds, int milliseconds)", spanOfParts),
		member("static TimeSpan Zero { get; }", always(dotnet.TimeSpan(0))),
		member("static TimeSpan MinValue { get; }", always(dotnet.TimeSpanMinValue)), member("static TimeSpan MaxValue { get; }", always(dotnet.TimeSpanMaxValue)),
		constant("const long TicksPerDay", int64(dotnet.TicksPerDay)), constant("const long TicksPerHour", int64(dotnet.TicksPerHour)),
		constant("const long TicksPerMinute", int64(dotnet.TicksPerMinute)), constant("const long TicksPerSecond", int64(dotnet.TicksPerSecond)),
		constant("const long TicksPerMillisecond", int64(dotnet.TicksPerMillisecond)),
		member("static TimeSpan FromDays(double value)", failing1(dotnet.TimeSpanFromDays)), member("static TimeSpan FromHours(double value)", failing1(dotnet.TimeSpanFromHours)),
		member("static TimeSpan FromMinutes(double value)", failing1(dotnet.TimeSpanFromMinutes)), member("static TimeSpan FromSeconds(double value)", failing1(dotnet.TimeSpanFromSeconds)),
		member("static TimeSpan FromMilliseconds(double value)", failing1(dotnet.TimeSpanFromMilliseconds)),
		member("static TimeSpan FromTicks(long value)", spanOfTicks),
		member("static int Compare(TimeSpan t1, TimeSpan t2)", compareTo),
		member("static bool Equals(TimeSpan t1, TimeSpan t2)", equalTo),
	}
}

func spanParts() []memberDecl {
	return []memberDecl{
		member("int Days { get; }", pure1(dotnet.TimeSpan.Days)), member("int Hours { get; }", pure1(dotnet.TimeSpan.Hours)),
		member("int Minutes { get; }", pure1(dotnet.TimeSpan.Minutes)), member("int Seconds { get; }", pure1(dotnet.TimeSpan.Seconds)),
		member("int Milliseconds { get; }", pure1(dotnet.TimeSpan.Milliseconds)), member("long Ticks { get; }", pure1(dotnet.TimeSpan.Ticks)),
		member("double TotalDays { get; }", pure1(dotnet.TimeSpan.TotalDays)), member("double TotalHours { get; }", pure1(dotnet.TimeSpan.TotalHours)),
		member("double TotalMinutes { get; }", pure1(dotnet.TimeSpan.TotalMinutes)), member("double TotalSeconds { get; }", pure1(dotnet.TimeSpan.TotalSeconds)),
		member("double TotalMilliseconds { get; }", pure1(dotnet.TimeSpan.TotalMilliseconds)),
	}
}

func spanArithmetic() []memberDecl {
	multiplied := func(factor float64, t dotnet.TimeSpan) (dotnet.TimeSpan, error) { return t.Multiply(factor) }
	return []memberDecl{
		member("TimeSpan Add(TimeSpan ts)", failing2(dotnet.TimeSpan.Add)), member("TimeSpan Subtract(TimeSpan ts)", failing2(dotnet.TimeSpan.Subtract)),
		member("TimeSpan Negate()", failing1(dotnet.TimeSpan.Negate)), member("TimeSpan Duration()", failing1(dotnet.TimeSpan.Duration)),
		member("TimeSpan Multiply(double factor)", failing2(dotnet.TimeSpan.Multiply)),
		member("TimeSpan Divide(double divisor)", failing2(dotnet.TimeSpan.Divide)), member("double Divide(TimeSpan ts)", pure2(dotnet.TimeSpan.DivideBy)),
		member("static TimeSpan operator +(TimeSpan t1, TimeSpan t2)", failing2(dotnet.TimeSpan.Add)),
		member("static TimeSpan operator -(TimeSpan t1, TimeSpan t2)", failing2(dotnet.TimeSpan.Subtract)),
		member("static TimeSpan operator -(TimeSpan t)", failing1(dotnet.TimeSpan.Negate)),
		member("static TimeSpan operator +(TimeSpan t)", pure1(func(t dotnet.TimeSpan) dotnet.TimeSpan { return t })),
		member("static TimeSpan operator *(TimeSpan timeSpan, double factor)", failing2(dotnet.TimeSpan.Multiply)),
		member("static TimeSpan operator *(double factor, TimeSpan timeSpan)", failing2(multiplied)),
		member("static TimeSpan operator /(TimeSpan timeSpan, double divisor)", failing2(dotnet.TimeSpan.Divide)),
		member("static double operator /(TimeSpan t1, TimeSpan t2)", pure2(dotnet.TimeSpan.DivideBy)),
	}
}

func spanTexts() []memberDecl {
	const styles = "System.Globalization.TimeSpanStyles styles"
	members := []memberDecl{
		member("string ToString()", toText), member("string ToString(string format)", toFormat), member("string ToString(string format, IFormatProvider formatProvider)", toFormat),
		member("static TimeSpan Parse(string s)", func(m *Machine, a []any) (any, error) { return readSpan(m, a[0], "input") }),
		member("static TimeSpan Parse(string input, IFormatProvider formatProvider)", func(m *Machine, a []any) (any, error) { return readSpan(m, a[0], "input") }),
		member("static bool TryParse(string s, out TimeSpan result)", tryParseSpan),
		member("static bool TryParse(string input, IFormatProvider formatProvider, out TimeSpan result)", tryParseSpan),
	}
	for _, formats := range []string{"string format", "string[] formats"} {
		parse := parseSpanExact
		if formats == "string[] formats" {
			parse = exactly(parse)
		}
		for _, more := range []string{"", ", " + styles} {
			members = append(members,
				member("static TimeSpan ParseExact(string input, "+formats+", IFormatProvider formatProvider"+more+")", parse),
				member("static bool TryParseExact(string input, "+formats+", IFormatProvider formatProvider"+more+", out TimeSpan result)", tryParseSpanExact))
		}
	}
	return members
}

func readSpan(m *Machine, v any, param string) (dotnet.TimeSpan, error) {
	s, err := textArg(v, param)
	if err != nil {
		return 0, err
	}
	if err := m.Spend(len(s)); err != nil {
		return 0, err
	}
	return dotnet.ParseTimeSpan(s)
}

func tryParseSpan(m *Machine, a []any) (any, error) {
	t, err := readSpan(m, a[0], "s")
	return tried(a[len(a)-1], t, 0, err)
}

func readSpanExact(m *Machine, a []any) (dotnet.TimeSpan, error) {
	s, err := textArg(a[0], "input")
	if err != nil {
		return 0, err
	}
	formats, err := formatsArg(a[1])
	if err != nil {
		return 0, err
	}
	styles := dotnet.TimeSpanStylesNone
	if len(a) > 3 {
		styles = dotnet.TimeSpanStyles(a[3].(EnumObject).Value)
	}
	if err := m.Spend((len(s) + 1) * (len(formats) + 1)); err != nil {
		return 0, err
	}
	return dotnet.ParseTimeSpanExact(s, formats, styles)
}

func parseSpanExact(m *Machine, a []any) (any, error) { return readSpanExact(m, a) }

func tryParseSpanExact(m *Machine, a []any) (any, error) {
	last := len(a) - 1
	t, err := readSpanExact(m, a[:last])
	return tried(a[last], t, 0, err)
}

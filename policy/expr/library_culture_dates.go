package expr

import (
	"maps"

	"github.com/apimulator/apimulator/policy/expr/dotnet"
)

// dateFormat is a DateTimeFormatInfo: the patterns behind the standard formats.
// Names of days and months are English.
type dateFormat struct {
	patterns map[string]string // nil for the invariant culture's
	readOnly bool
}

// The invariant culture's patterns; the others have none but what differs.
var invariantPatterns = map[string]string{
	"d": "MM/dd/yyyy", "D": "dddd, dd MMMM yyyy", "t": "HH:mm", "T": "HH:mm:ss", "F": "dddd, dd MMMM yyyy HH:mm:ss", "M": "MMMM dd", "Y": "yyyy MMMM",
}

// A time of en-US has no space before PM: .NET Core 3.1 drops the narrow one that
// ICU 72 writes there (asked of it, 2024).
var americanPatterns = map[string]string{
	"d": "M/d/yyyy", "D": "dddd, MMMM d, yyyy", "t": "h:mmtt", "T": "h:mm:sstt", "F": "dddd, MMMM d, yyyy h:mm:sstt", "M": "MMMM d", "Y": "MMMM yyyy",
}

var (
	invariantDates = &dateFormat{readOnly: true}
	americanDates  = &dateFormat{patterns: americanPatterns, readOnly: true}
)

const dateFormatType = "System.Globalization.DateTimeFormatInfo"

// DotnetType is part of Object.
func (*dateFormat) DotnetType() *Type { return typeOf(dateFormatType) }

func (f *dateFormat) isInvariant() bool { return f.patterns == nil }

func (f *dateFormat) writable() *dateFormat { return &dateFormat{patterns: maps.Clone(f.patterns)} }

// of is the pattern of a format letter.
func (f *dateFormat) of(letter string) string {
	if p, ok := f.patterns[letter]; ok {
		return p
	}
	return invariantPatterns[letter]
}

func (f *dateFormat) set(letter, pattern string) {
	if f.patterns == nil {
		f.patterns = maps.Clone(invariantPatterns)
	}
	f.patterns[letter] = pattern
}

// pattern is a format with the culture's pattern in place of a standard letter.
func (f *dateFormat) pattern(format string) string {
	if f.isInvariant() || len(format) != 1 {
		return format
	}
	switch format {
	case "d", "D", "t", "T", "F", "M", "Y":
		return f.of(format)
	case "m", "y":
		return f.of(map[string]string{"m": "M", "y": "Y"}[format])
	case "f":
		return f.of("D") + " " + f.of("t")
	case "g":
		return f.of("d") + " " + f.of("t")
	case "G":
		return f.of("d") + " " + f.of("T")
	case "U":
		return f.of("F")
	}
	return format
}

func dateFormatOf(v any) *dateFormat { return v.(*dateFormat) }

// patternMember is a property that holds a pattern.
func patternMember(name, letter string) memberDecl {
	return member("string "+name+" { get; set; }",
		func(_ *Machine, a []any) (any, error) { return dateFormatOf(a[0]).of(letter), nil },
		func(_ *Machine, a []any) (any, error) {
			pattern, err := textArg(a[1], "value")
			if err == nil && dateFormatOf(a[0]).readOnly {
				err = readOnlyInstance()
			}
			if err == nil {
				dateFormatOf(a[0]).set(letter, pattern)
			}
			return nil, err
		})
}

// nameMember is a method that names a day or month by number: date gives one that
// lies in it.
func nameMember(signature, format string, date func(n int32) (dotnet.DateTime, error)) memberDecl {
	return member(signature, func(_ *Machine, a []any) (any, error) {
		var n int32
		switch v := a[1].(type) {
		case int32:
			n = v
		case EnumObject:
			n = int32(v.Value)
		}
		if n == 13 && format[0] == 'M' {
			return "", nil // a month that other calendars have
		}
		t, err := date(n)
		if err != nil {
			return nil, err
		}
		return t.ToString(format)
	})
}

// actualOutOfRange is ArgumentOutOfRangeException with the value that was passed.
func actualOutOfRange(param, message string, actual any) *dotnet.Exception {
	e := dotnet.ArgumentOutOfRange(param, message)
	e.Message += "\nActual value was " + dotnet.ToString(actual) + "."
	e.Actual = actual
	return e
}

func dayNamed(n int32) (dotnet.DateTime, error) {
	if n < 0 || n > 6 {
		return dotnet.DateTime{}, actualOutOfRange("dayofweek", "Valid values are between Sunday and Saturday, inclusive.", n)
	}
	return dotnet.DateTimeOf(2023, 1, 1+n, 0, 0, 0, 0, dotnet.KindUnspecified) // a Sunday
}

func monthNamed(n int32) (dotnet.DateTime, error) {
	if n < 1 || n > 13 {
		return dotnet.DateTime{}, actualOutOfRange("month", "Valid values are between 1 and 13, inclusive.", n)
	}
	return dotnet.DateTimeOf(2023, n, 1, 0, 0, 0, 0, dotnet.KindUnspecified)
}

// calendarNames are the names of all days or months, and "" up to count.
func calendarNames(format string, first, last, count int32, date func(n int32) (dotnet.DateTime, error)) func(*Machine, []any) (any, error) {
	return func(*Machine, []any) (any, error) {
		all := make([]any, 0, count)
		for n := first; n <= last; n++ {
			t, err := date(n)
			if err != nil {
				return nil, err
			}
			name, err := t.ToString(format)
			if err != nil {
				return nil, err
			}
			all = append(all, name)
		}
		for len(all) < int(count) {
			all = append(all, "")
		}
		return NewArray(basic.string, all), nil
	}
}

var _ = declare("class "+dateFormatType+" : System.IFormatProvider, System.ICloneable", func() []memberDecl {
	return []memberDecl{
		member("new()", func(*Machine, []any) (any, error) { return &dateFormat{}, nil }),
		member("static System.Globalization.DateTimeFormatInfo InvariantInfo { get; }", always(invariantDates)),
		member("static System.Globalization.DateTimeFormatInfo CurrentInfo { get; }", always(invariantDates)),
		member("static System.Globalization.DateTimeFormatInfo GetInstance(IFormatProvider provider)", func(_ *Machine, a []any) (any, error) {
			_, dates := formatsOf(a[0])
			return dates, nil
		}),
		patternMember("ShortDatePattern", "d"), patternMember("LongDatePattern", "D"), patternMember("ShortTimePattern", "t"), patternMember("LongTimePattern", "T"),
		patternMember("FullDateTimePattern", "F"), patternMember("MonthDayPattern", "M"), patternMember("YearMonthPattern", "Y"),
		member("string SortableDateTimePattern { get; }", always("yyyy'-'MM'-'dd'T'HH':'mm':'ss")),
		member("string UniversalSortableDateTimePattern { get; }", always("yyyy'-'MM'-'dd HH':'mm':'ss'Z'")),
		member("string RFC1123Pattern { get; }", always("ddd, dd MMM yyyy HH':'mm':'ss 'GMT'")),
		member("string DateSeparator { get; }", always("/")), member("string TimeSeparator { get; }", always(":")),
		member("string AMDesignator { get; }", always("AM")), member("string PMDesignator { get; }", always("PM")),
		member("DayOfWeek FirstDayOfWeek { get; }", func(*Machine, []any) (any, error) { return dayOfWeek(0), nil }),
		member("bool IsReadOnly { get; }", pure1(func(f *dateFormat) bool { return f.readOnly })),
		member("System.Globalization.Calendar Calendar { get; }", always(gregorian)),
		member("string[] DayNames { get; }", calendarNames("dddd", 0, 6, 7, dayNamed)), member("string[] AbbreviatedDayNames { get; }", calendarNames("ddd", 0, 6, 7, dayNamed)),
		member("string[] MonthNames { get; }", calendarNames("MMMM", 1, 12, 13, monthNamed)), member("string[] AbbreviatedMonthNames { get; }", calendarNames("MMM", 1, 12, 13, monthNamed)),
		nameMember("string GetDayName(DayOfWeek dayofweek)", "dddd", dayNamed), nameMember("string GetAbbreviatedDayName(DayOfWeek dayofweek)", "ddd", dayNamed),
		nameMember("string GetMonthName(int month)", "MMMM", monthNamed), nameMember("string GetAbbreviatedMonthName(int month)", "MMM", monthNamed),
		member("object Clone()", pure1((*dateFormat).writable)),
	}
})

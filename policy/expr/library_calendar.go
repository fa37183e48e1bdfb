package expr

import (
	"github.com/apimulator/apimulator/policy/expr/dotnet"
)

// calendarObject is the Gregorian calendar, the only one there is.
type calendarObject struct{ _ byte }

var gregorian = &calendarObject{}

// DotnetType is part of Object.
func (*calendarObject) DotnetType() *Type { return typeOf("System.Globalization.GregorianCalendar") }

var (
	_ = declareEnum("enum System.Globalization.CalendarWeekRule", EnumValue{"FirstDay", 0}, EnumValue{"FirstFullWeek", 1}, EnumValue{"FirstFourDayWeek", 2})
	_ = declare("abstract class System.Globalization.Calendar", func() []memberDecl {
		return []memberDecl{
			member("int GetYear(DateTime time)", ofCalendar(dotnet.DateTime.Year)), member("int GetMonth(DateTime time)", ofCalendar(dotnet.DateTime.Month)),
			member("int GetDayOfMonth(DateTime time)", ofCalendar(dotnet.DateTime.Day)), member("int GetDayOfYear(DateTime time)", ofCalendar(dotnet.DateTime.DayOfYear)),
			member("int GetHour(DateTime time)", ofCalendar(dotnet.DateTime.Hour)), member("int GetMinute(DateTime time)", ofCalendar(dotnet.DateTime.Minute)),
			member("int GetSecond(DateTime time)", ofCalendar(dotnet.DateTime.Second)),
			member("DayOfWeek GetDayOfWeek(DateTime time)", func(_ *Machine, a []any) (any, error) { return dayOfWeek(timeOf(a[1]).DayOfWeek()), nil }),
			member("int GetDaysInMonth(int year, int month)", func(_ *Machine, a []any) (any, error) {
				return dotnet.DaysInMonth(a[1].(int32), a[2].(int32))
			}),
			member("int GetDaysInYear(int year)", func(_ *Machine, a []any) (any, error) {
				leap, err := dotnet.IsLeapYear(a[1].(int32))
				if leap {
					return int32(366), err
				}
				return int32(365), err
			}),
			member("bool IsLeapYear(int year)", func(_ *Machine, a []any) (any, error) { return dotnet.IsLeapYear(a[1].(int32)) }),
			member("DateTime AddMonths(DateTime time, int months)", func(_ *Machine, a []any) (any, error) { return timeOf(a[1]).AddMonths(a[2].(int32)) }),
			member("DateTime AddYears(DateTime time, int years)", func(_ *Machine, a []any) (any, error) { return timeOf(a[1]).AddYears(a[2].(int32)) }),
			member("DateTime AddDays(DateTime time, int days)", func(_ *Machine, a []any) (any, error) { return timeOf(a[1]).AddDays(float64(a[2].(int32))) }),
			member("DateTime AddWeeks(DateTime time, int weeks)", func(_ *Machine, a []any) (any, error) {
				return timeOf(a[1]).AddDays(7 * float64(a[2].(int32)))
			}),
			member("int GetWeekOfYear(DateTime time, System.Globalization.CalendarWeekRule rule, DayOfWeek firstDayOfWeek)", func(_ *Machine, a []any) (any, error) {
				return dotnet.WeekOfYear(timeOf(a[1]), a[2].(EnumObject).Value, a[3].(EnumObject).Value)
			}),
		}
	})
	_ = declare("class System.Globalization.GregorianCalendar : System.Globalization.Calendar", func() []memberDecl {
		return []memberDecl{
			member("new()", always(gregorian)),
		}
	})
	_ = declare("static class System.Globalization.ISOWeek", func() []memberDecl {
		return []memberDecl{
			member("static int GetWeekOfYear(DateTime date)", pure1(func(t dotnet.DateTime) int32 { _, week := t.Time().ISOWeek(); return int32(week) })),
			member("static int GetYear(DateTime date)", pure1(func(t dotnet.DateTime) int32 { year, _ := t.Time().ISOWeek(); return int32(year) })),
			member("static int GetWeeksInYear(int year)", func(_ *Machine, a []any) (any, error) {
				// The 28th of December is always in the last week.
				t, err := dotnet.DateTimeOf(a[0].(int32), 12, 28, 0, 0, 0, 0, dotnet.KindUnspecified)
				if err != nil {
					return nil, dotnet.ArgumentOutOfRange("year", "Year must be between 1 and 9999.")
				}
				_, week := t.Time().ISOWeek()
				return int32(week), nil
			}),
		}
	})
)

func ofCalendar(f func(dotnet.DateTime) int32) func(*Machine, []any) (any, error) {
	return func(_ *Machine, a []any) (any, error) { return f(timeOf(a[1])), nil }
}

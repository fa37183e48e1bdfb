package expr

import (
	"github.com/apimulator/apimulator/policy/expr/dotnet"
)

const transitionType = timeZoneType + ".TransitionTime"

// transitionObject is a TransitionTime.
type transitionObject struct{ dotnet.TransitionTime }

// DotnetType is part of Object.
func (transitionObject) DotnetType() *Type { return typeOf(transitionType) }

// EqualTo is part of Equaler.
func (t transitionObject) EqualTo(_ *Machine, other any) (bool, error) { return other == any(t), nil }

// HashCode is part of Hasher.
func (t transitionObject) HashCode(*Machine) (int32, error) { return t.TransitionTime.HashCode(), nil }

func transitionOf(v any) dotnet.TransitionTime { return v.(transitionObject).TransitionTime }

func ofTransition[T any](f func(dotnet.TransitionTime) T) func(*Machine, []any) (any, error) {
	return func(_ *Machine, a []any) (any, error) { return f(transitionOf(a[0])), nil }
}

var _ = declare("struct "+transitionType+" : System.IEquatable<"+transitionType+">", func() []memberDecl {
	return append(
		equalityOperators("TransitionTime", func(a, b transitionObject) bool { return a == b }),
		member("new()", always(transitionObject{})),
		member("static TransitionTime CreateFixedDateRule(DateTime timeOfDay, int month, int day)", func(_ *Machine, a []any) (any, error) {
			t, err := dotnet.NewFixedTransition(timeOf(a[0]), a[1].(int32), a[2].(int32))
			return transitionObject{t}, err
		}),
		member("static TransitionTime CreateFloatingDateRule(DateTime timeOfDay, int month, int week, DayOfWeek dayOfWeek)", func(_ *Machine, a []any) (any, error) {
			t, err := dotnet.NewFloatingTransition(timeOf(a[0]), a[1].(int32), a[2].(int32), dotnet.DayOfWeek(a[3].(EnumObject).Value))
			return transitionObject{t}, err
		}),
		member("DateTime TimeOfDay { get; }", ofTransition(func(t dotnet.TransitionTime) any { return t.TimeOfDay })),
		member("int Month { get; }", ofTransition(func(t dotnet.TransitionTime) any { return t.Month })),
		member("int Week { get; }", ofTransition(func(t dotnet.TransitionTime) any { return t.Week })),
		member("int Day { get; }", ofTransition(func(t dotnet.TransitionTime) any { return t.Day })),
		member("DayOfWeek DayOfWeek { get; }", ofTransition(func(t dotnet.TransitionTime) any { return dayOfWeek(t.DayOfWeek) })),
		member("bool IsFixedDateRule { get; }", ofTransition(func(t dotnet.TransitionTime) any { return t.IsFixed })),
		member("bool Equals(TransitionTime other)", equalTo), member("bool Equals(object obj)", equalTo),
		member("int GetHashCode()", ofTransition(dotnet.TransitionTime.HashCode)),
	)
})

func ofRule[T any](f func(*dotnet.AdjustmentRule) T) func(*Machine, []any) (any, error) {
	return pure1(f)
}

var _ = declare("class "+timeZoneType+".AdjustmentRule : System.IEquatable<"+timeZoneType+".AdjustmentRule>", func() []memberDecl {
	return []memberDecl{
		member("static AdjustmentRule CreateAdjustmentRule(DateTime dateStart, DateTime dateEnd, TimeSpan daylightDelta, TransitionTime daylightTransitionStart, TransitionTime daylightTransitionEnd)", func(_ *Machine, a []any) (any, error) {
			r, err := dotnet.NewAdjustmentRule(timeOf(a[0]), timeOf(a[1]), spanOf(a[2]), transitionOf(a[3]), transitionOf(a[4]))
			if err != nil {
				return nil, err
			}
			return r, nil
		}),
		member("DateTime DateStart { get; }", ofRule(func(r *dotnet.AdjustmentRule) any { return r.DateStart })),
		member("DateTime DateEnd { get; }", ofRule(func(r *dotnet.AdjustmentRule) any { return r.DateEnd })),
		member("TimeSpan DaylightDelta { get; }", ofRule(func(r *dotnet.AdjustmentRule) any { return r.Delta })),
		member("TransitionTime DaylightTransitionStart { get; }", ofRule(func(r *dotnet.AdjustmentRule) any { return transitionObject{r.Start} })),
		member("TransitionTime DaylightTransitionEnd { get; }", ofRule(func(r *dotnet.AdjustmentRule) any { return transitionObject{r.End} })),
		member("bool Equals(AdjustmentRule other)", func(_ *Machine, a []any) (any, error) {
			other, ok := a[1].(*dotnet.AdjustmentRule)
			return ok && *a[0].(*dotnet.AdjustmentRule) == *other, nil
		}),
	}
})

// currentZone is TimeZone.CurrentTimeZone, which is UTC.
type currentZone struct{ _ byte }

var theCurrentZone = &currentZone{}

// DotnetType is part of Object.
func (*currentZone) DotnetType() *Type { return typeOf("System.TimeZone") }

// ToString is part of Texter.
func (*currentZone) ToString(*Machine) (string, error) { return "System.CurrentSystemTimeZone", nil }

// daylightTime is a DaylightTime.
type daylightTime struct {
	start, end dotnet.DateTime
	delta      dotnet.TimeSpan
}

// DotnetType is part of Object.
func (*daylightTime) DotnetType() *Type { return typeOf("System.Globalization.DaylightTime") }

var (
	_ = declare("class System.Globalization.DaylightTime", func() []memberDecl {
		return []memberDecl{
			member("new(DateTime start, DateTime end, TimeSpan delta)", func(_ *Machine, a []any) (any, error) {
				return &daylightTime{timeOf(a[0]), timeOf(a[1]), spanOf(a[2])}, nil
			}),
			member("DateTime Start { get; }", pure1(func(d *daylightTime) any { return d.start })),
			member("DateTime End { get; }", pure1(func(d *daylightTime) any { return d.end })),
			member("TimeSpan Delta { get; }", pure1(func(d *daylightTime) any { return d.delta })),
		}
	})
	_ = declare("abstract class System.TimeZone", func() []memberDecl {
		return []memberDecl{
			member("static TimeZone CurrentTimeZone { get; }", always(theCurrentZone)),
			member("string StandardName { get; }", always("GMT")), member("string DaylightName { get; }", always("GMT")),
			member("TimeSpan GetUtcOffset(DateTime time)", always(dotnet.TimeSpan(0))),
			member("bool IsDaylightSavingTime(DateTime time)", always(false)),
			member("static bool IsDaylightSavingTime(DateTime time, System.Globalization.DaylightTime daylightTimes)", func(_ *Machine, a []any) (any, error) {
				d, ok := a[1].(*daylightTime)
				if !ok {
					return nil, dotnet.ArgumentNull("daylightTimes")
				}
				t := timeOf(a[0]).Ticks()
				return d.delta != 0 && timeOf(a[0]).Kind() != dotnet.KindUtc && t >= d.start.Ticks()+int64(d.delta) && t < d.end.Ticks()-int64(d.delta), nil
			}),
			member("System.Globalization.DaylightTime GetDaylightChanges(int year)", func(_ *Machine, a []any) (any, error) {
				if year := a[1].(int32); year < 1 || year > 9999 {
					return nil, dotnet.ArgumentOutOfRange("year", "Valid values are between 1 and 9999, inclusive.")
				}
				return &daylightTime{}, nil
			}),
			member("DateTime ToUniversalTime(DateTime time)", func(_ *Machine, a []any) (any, error) { return timeOf(a[1]).ToUniversalTime(), nil }),
			member("DateTime ToLocalTime(DateTime time)", func(_ *Machine, a []any) (any, error) { return timeOf(a[1]).ToLocalTime(), nil }),
		}
	})
)

package expr

import (
	"slices"
	"strings"

	"github.com/apimulator/apimulator/policy/expr/dotnet"
)

const timeZoneType = "System.TimeZoneInfo"

// zoneArg is a TimeZoneInfo argument, which must not be null.
func zoneArg(v any, param string) (*dotnet.TimeZoneInfo, error) {
	z, ok := v.(*dotnet.TimeZoneInfo)
	if !ok {
		return nil, dotnet.ArgumentNull(param)
	}
	return z, nil
}

// findZone is FindSystemTimeZoneById.
func findZone(v any) (*dotnet.TimeZoneInfo, error) {
	id, err := textArg(v, "id")
	if err != nil {
		return nil, err
	}
	return dotnet.FindSystemTimeZoneById(id)
}

var (
	_ = exception("System.InvalidTimeZoneException", "System.Exception", "")
	_ = declare("class "+timeZoneType+" : System.IEquatable<"+timeZoneType+">", zoneFinders, zoneConversions, zoneMembers)
)

func zoneFinders() []memberDecl {
	const head = "static TimeZoneInfo CreateCustomTimeZone(string id, TimeSpan baseUtcOffset, string displayName, string standardDisplayName"
	return []memberDecl{
		member("static TimeZoneInfo Utc { get; }", pure0(func() any { return dotnet.TimeZoneUtc })),
		member("static TimeZoneInfo Local { get; }", pure0(func() any { return dotnet.TimeZoneLocal })),
		member("static TimeZoneInfo FindSystemTimeZoneById(string id)", func(m *Machine, a []any) (any, error) {
			z, err := findZone(a[0])
			if err != nil {
				return nil, err
			}
			return z, m.Spend(100)
		}),
		member("static ReadOnlyCollection<TimeZoneInfo> GetSystemTimeZones()", systemZones),
		member("static void ClearCachedData()", always(nil)),
		member(head+")", customZone),
		member(head+", string daylightDisplayName, AdjustmentRule[] adjustmentRules)", customZone),
		member(head+", string daylightDisplayName, AdjustmentRule[] adjustmentRules, bool disableDaylightSavingTime)", func(m *Machine, a []any) (any, error) {
			if a[6].(bool) {
				return customZone(m, a[:4])
			}
			return customZone(m, a[:6])
		}),
	}
}

// systemZones are the zones that Windows knows, from west to east.
func systemZones(m *Machine, _ []any) (any, error) {
	var zones []any
	for _, name := range dotnet.SystemTimeZones() {
		z, err := dotnet.FindSystemTimeZoneById(name)
		if err != nil {
			return nil, err
		}
		zones = append(zones, z)
	}
	slices.SortStableFunc(zones, func(a, b any) int {
		return a.(*dotnet.TimeZoneInfo).BaseUtcOffset().Compare(b.(*dotnet.TimeZoneInfo).BaseUtcOffset())
	})
	return &readOnlyObject{typeOf(readOnlyType, typeOf(timeZoneType)), NewList(typeOf(timeZoneType), zones)}, m.Spend(100 * len(zones))
}

func customZone(m *Machine, a []any) (any, error) {
	id, err := textArg(a[0], "id")
	if err != nil {
		return nil, err
	}
	daylight := text(a[3])
	var rules []*dotnet.AdjustmentRule
	if len(a) > 4 {
		daylight = text(a[4])
		if array, ok := a[5].(*ArrayObject); ok {
			for _, v := range array.Values() {
				r, ok := v.(*dotnet.AdjustmentRule)
				if !ok {
					return nil, dotnet.NewException("System.InvalidTimeZoneException", "The AdjustmentRule array cannot contain null elements.")
				}
				rules = append(rules, r)
				if err := m.Spend(10 * int(r.DateEnd.Year()-r.DateStart.Year()+1)); err != nil {
					return nil, err
				}
			}
		}
	}
	return dotnet.NewTimeZone(id, spanOf(a[1]), text(a[2]), text(a[3]), daylight, rules)
}

func zoneConversions() []memberDecl {
	return []memberDecl{
		member("static DateTime ConvertTime(DateTime dateTime, TimeZoneInfo destinationTimeZone)", func(_ *Machine, a []any) (any, error) {
			z, err := zoneArg(a[1], "destinationTimeZone")
			if err != nil {
				return nil, err
			}
			return dotnet.ConvertTimeTo(timeOf(a[0]), z)
		}),
		member("static DateTimeOffset ConvertTime(DateTimeOffset dateTimeOffset, TimeZoneInfo destinationTimeZone)", func(_ *Machine, a []any) (any, error) {
			z, err := zoneArg(a[1], "destinationTimeZone")
			if err != nil {
				return nil, err
			}
			return dotnet.ConvertOffset(offsetOf(a[0]), z)
		}),
		member("static DateTime ConvertTime(DateTime dateTime, TimeZoneInfo sourceTimeZone, TimeZoneInfo destinationTimeZone)", func(_ *Machine, a []any) (any, error) {
			source, err := zoneArg(a[1], "sourceTimeZone")
			if err != nil {
				return nil, err
			}
			destination, err := zoneArg(a[2], "destinationTimeZone")
			if err != nil {
				return nil, err
			}
			return dotnet.ConvertTime(timeOf(a[0]), source, destination)
		}),
		member("static DateTime ConvertTimeFromUtc(DateTime dateTime, TimeZoneInfo destinationTimeZone)", func(_ *Machine, a []any) (any, error) {
			z, err := zoneArg(a[1], "destinationTimeZone")
			if err != nil {
				return nil, err
			}
			return dotnet.ConvertTimeFromUtc(timeOf(a[0]), z)
		}),
		member("static DateTime ConvertTimeToUtc(DateTime dateTime)", func(_ *Machine, a []any) (any, error) { return timeOf(a[0]).ToUniversalTime(), nil }),
		member("static DateTime ConvertTimeToUtc(DateTime dateTime, TimeZoneInfo sourceTimeZone)", func(_ *Machine, a []any) (any, error) {
			z, err := zoneArg(a[1], "sourceTimeZone")
			if err != nil {
				return nil, err
			}
			return dotnet.ConvertTimeToUtc(timeOf(a[0]), z)
		}),
		member("static DateTime ConvertTimeBySystemTimeZoneId(DateTime dateTime, string destinationTimeZoneId)", func(_ *Machine, a []any) (any, error) {
			z, err := findZone(a[1])
			if err != nil {
				return nil, err
			}
			return dotnet.ConvertTimeTo(timeOf(a[0]), z)
		}),
		member("static DateTimeOffset ConvertTimeBySystemTimeZoneId(DateTimeOffset dateTimeOffset, string destinationTimeZoneId)", func(_ *Machine, a []any) (any, error) {
			z, err := findZone(a[1])
			if err != nil {
				return nil, err
			}
			return dotnet.ConvertOffset(offsetOf(a[0]), z)
		}),
		member("static DateTime ConvertTimeBySystemTimeZoneId(DateTime dateTime, string sourceTimeZoneId, string destinationTimeZoneId)", func(_ *Machine, a []any) (any, error) {
			if a[1] == nil || a[2] == nil {
				return nil, dotnet.ArgumentNull("id")
			}
			return dotnet.ConvertTimeBetween(timeOf(a[0]), a[1].(string), a[2].(string))
		}),
	}
}

// ofMoment is a method of a zone that takes a DateTime or a DateTimeOffset.
func ofMoment[T any](result, name string, f func(*dotnet.TimeZoneInfo, dotnet.DateTime) T) []memberDecl {
	return []memberDecl{
		member(result+" "+name+"(DateTime dateTime)", pure2(f)),
		member(result+" "+name+"(DateTimeOffset dateTimeOffset)", pure2(func(z *dotnet.TimeZoneInfo, t dotnet.DateTimeOffset) T { return f(z, t.UtcDateTime()) })),
	}
}

func zoneMembers() []memberDecl {
	return append(concat(
		ofMoment("TimeSpan", "GetUtcOffset", (*dotnet.TimeZoneInfo).GetUtcOffset),
		ofMoment("bool", "IsDaylightSavingTime", (*dotnet.TimeZoneInfo).IsDaylightSavingTime),
		ofMoment("bool", "IsAmbiguousTime", (*dotnet.TimeZoneInfo).IsAmbiguousTime)),
		member("bool IsInvalidTime(DateTime dateTime)", pure2((*dotnet.TimeZoneInfo).IsInvalidTime)),
		member("TimeSpan[] GetAmbiguousTimeOffsets(DateTime dateTime)", func(_ *Machine, a []any) (any, error) { return ambiguousOffsets(a[0], timeOf(a[1]), "dateTime") }),
		member("TimeSpan[] GetAmbiguousTimeOffsets(DateTimeOffset dateTimeOffset)", func(_ *Machine, a []any) (any, error) {
			return ambiguousOffsets(a[0], offsetOf(a[1]).UtcDateTime(), "dateTimeOffset")
		}),
		member("string Id { get; }", pure1((*dotnet.TimeZoneInfo).Id)),
		member("string DisplayName { get; }", pure1((*dotnet.TimeZoneInfo).DisplayName)),
		member("string StandardName { get; }", pure1((*dotnet.TimeZoneInfo).StandardName)),
		member("string DaylightName { get; }", pure1((*dotnet.TimeZoneInfo).DaylightName)),
		member("TimeSpan BaseUtcOffset { get; }", pure1((*dotnet.TimeZoneInfo).BaseUtcOffset)),
		member("bool SupportsDaylightSavingTime { get; }", pure1((*dotnet.TimeZoneInfo).SupportsDaylightSavingTime)),
		member("AdjustmentRule[] GetAdjustmentRules()", adjustmentRules),
		member("bool HasSameRules(TimeZoneInfo other)", func(_ *Machine, a []any) (any, error) {
			other, err := zoneArg(a[1], "other")
			if err != nil {
				return nil, err
			}
			return a[0].(*dotnet.TimeZoneInfo).HasOffsetsOf(other), nil
		}),
		member("bool Equals(TimeZoneInfo other)", zonesEqual), member("bool Equals(object obj)", zonesEqual),
		member("int GetHashCode()", func(m *Machine, a []any) (any, error) { return m.Hash(a[0].(*dotnet.TimeZoneInfo).Id()) }),
		member("string ToString()", pure1((*dotnet.TimeZoneInfo).DisplayName)),
	)
}

func ambiguousOffsets(zone any, t dotnet.DateTime, param string) (any, error) {
	offsets := zone.(*dotnet.TimeZoneInfo).AmbiguousOffsets(t)
	if offsets == nil {
		return nil, dotnet.Argument("The supplied "+strings.ToUpper(param[:1])+param[1:]+" is not in an ambiguous time range.", param)
	}
	values := make([]any, len(offsets))
	for i, offset := range offsets {
		values[i] = offset
	}
	return NewArray(typeOf(timeSpanType), values), nil
}

// adjustmentRules are those that a zone was made of. A zone of the system has
// rules that aren't to be had here, so it refuses rather than telling of none.
func adjustmentRules(_ *Machine, a []any) (any, error) {
	z := a[0].(*dotnet.TimeZoneInfo)
	if z.SupportsDaylightSavingTime() && len(z.Rules()) == 0 {
		return nil, dotnet.NewException("System.NotSupportedException", "The adjustment rules of the time zone '"+z.Id()+"' are not available here: ask its GetUtcOffset.")
	}
	values := make([]any, len(z.Rules()))
	for i, r := range z.Rules() {
		values[i] = r
	}
	return NewArray(typeOf(timeZoneType+".AdjustmentRule"), values), nil
}

func zonesEqual(_ *Machine, a []any) (any, error) {
	x, y := a[0].(*dotnet.TimeZoneInfo), a[1]
	other, ok := y.(*dotnet.TimeZoneInfo)
	return ok && strings.EqualFold(x.Id(), other.Id()) && x.HasOffsetsOf(other), nil
}

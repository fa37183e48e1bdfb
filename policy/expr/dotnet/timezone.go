package dotnet

import (
	"maps"
	"slices"
	"strings"
	"time"
	_ "time/tzdata" // zones are the same on every machine
)

// A TimeZoneInfo is System.TimeZoneInfo: a zone of the IANA database, under its
// own name or under Windows's, or one that [NewTimeZone] makes. The adjustment
// rules of the former are not to be seen.
type TimeZoneInfo struct {
	id                          string
	display, standard, daylight string
	base                        TimeSpan
	hasDaylight                 bool
	rules                       []*AdjustmentRule // of a zone that was made of them
	location                    *time.Location
	kind                        DateTimeKind // of the times that conversion to it gives
}

// TimeZoneUtc is TimeZoneInfo.Utc, TimeZoneLocal TimeZoneInfo.Local. Both show
// the same time.
var (
	TimeZoneUtc   = utcZone(KindUtc)
	TimeZoneLocal = utcZone(KindLocal)
)

func utcZone(kind DateTimeKind) *TimeZoneInfo {
	const name = "Coordinated Universal Time"
	return &TimeZoneInfo{id: "UTC", display: "(UTC) " + name, standard: name, daylight: name, location: time.UTC, kind: kind}
}

// FindSystemTimeZoneById is TimeZoneInfo.FindSystemTimeZoneById. It knows the
// names of Windows ("W. Europe Standard Time") and of the IANA database
// ("Europe/Berlin"); .NET knows the latter on Linux, and both from .NET 6 on.
func FindSystemTimeZoneById(id string) (*TimeZoneInfo, error) {
	if strings.EqualFold(id, TimeZoneUtc.id) {
		return TimeZoneUtc, nil
	}
	standard, daylight := id, id
	name, isWindows := windowsZones()[id]
	if isWindows {
		daylight = strings.Replace(id, "Standard", "Daylight", 1)
	} else {
		name = id
	}
	location, err := time.LoadLocation(name)
	if err != nil || name == "" || name == "Local" {
		return nil, NewException("System.TimeZoneNotFoundException", "The time zone ID '"+id+"' was not found on the local computer.")
	}
	z := &TimeZoneInfo{id: id, standard: standard, daylight: daylight, location: location}
	// The rules of a late year are those that hold until further notice.
	var saving TimeSpan
	for _, month := range []time.Month{time.July, time.January} {
		moment := time.Date(2037, month, 1, 0, 0, 0, 0, time.UTC).In(location)
		if moment.IsDST() {
			z.hasDaylight, saving = true, offsetAt(moment)
		} else {
			z.base = offsetAt(moment)
		}
	}
	if !isWindows {
		// .NET's names under the invariant culture.
		z.standard = "GMT" + offsetName(z.base, "")
		z.daylight = z.standard
		if z.hasDaylight {
			z.daylight = "GMT" + offsetName(saving, "")
		}
	}
	z.display = "(UTC" + offsetName(z.base, "+00:00") + ") " + z.standard
	return z, nil
}

// offsetName is an offset as +01:00; what there is for 0 differs.
func offsetName(offset TimeSpan, zero string) string {
	if offset == 0 {
		return zero
	}
	return string((&dateWriter{offset: offset}).appendOffset(nil, 3))
}

// offsetAt is a moment's offset. Like .NET it has whole minutes only, which
// matters for the local mean times before zones.
func offsetAt(moment time.Time) TimeSpan {
	_, seconds := moment.Zone()
	return TimeSpan(seconds/60) * TicksPerMinute
}

// Id is the name that the zone was found by.
func (z *TimeZoneInfo) Id() string { return z.id }

// String is ToString(), the same as DisplayName.
func (z *TimeZoneInfo) String() string { return z.display }

// DisplayName is the offset and the name.
func (z *TimeZoneInfo) DisplayName() string { return z.display }

// StandardName is what the time is called outside daylight saving.
func (z *TimeZoneInfo) StandardName() string { return z.standard }

// DaylightName is what it is called during daylight saving.
func (z *TimeZoneInfo) DaylightName() string { return z.daylight }

// BaseUtcOffset is the offset outside daylight saving.
func (z *TimeZoneInfo) BaseUtcOffset() TimeSpan { return z.base }

// SupportsDaylightSavingTime tells whether the zone's clocks change each year.
func (z *TimeZoneInfo) SupportsDaylightSavingTime() bool { return z.hasDaylight }

// TypeName is the name of the .NET type.
func (z *TimeZoneInfo) TypeName() string { return "System.TimeZoneInfo" }

// moments gives the moments when the zone's clocks show t: one, none while they
// are set forward, two (the first in daylight saving) while they are set back.
func (z *TimeZoneInfo) moments(t DateTime) []time.Time {
	shown := t.Time()
	const day = 24 * time.Hour
	var found []time.Time
	for _, near := range []time.Time{shown.Add(-day), shown.Add(day)} { // clocks change less often
		_, seconds := near.In(z.location).Zone()
		moment := shown.Add(-time.Duration(seconds) * time.Second).In(z.location)
		_, actual := moment.Zone()
		if actual == seconds && (len(found) == 0 || !found[0].Equal(moment)) {
			found = append(found, moment)
		}
	}
	return found
}

// moment is when the zone's clocks show t, if t is of unspecified kind; others
// are moments already. Of two it is the later, in standard time. ok is false if
// the clocks skip t.
func (z *TimeZoneInfo) moment(t DateTime) (moment time.Time, ok bool) {
	if t.kind != KindUnspecified {
		return t.Time().In(z.location), true
	}
	found := z.moments(t)
	if len(found) == 0 {
		return time.Time{}, false
	}
	return found[len(found)-1], true
}

// GetUtcOffset is the offset at a time: one of the zone's clocks if its kind is
// unspecified. A time that they skip counts as standard time.
func (z *TimeZoneInfo) GetUtcOffset(t DateTime) TimeSpan {
	moment, ok := z.moment(t)
	if !ok {
		moment = t.Time().Add(-24 * time.Hour).In(z.location)
	}
	return offsetAt(moment)
}

// IsDaylightSavingTime tells whether a time lies in daylight saving. Of a local
// time .NET takes what the zone's clocks show then.
func (z *TimeZoneInfo) IsDaylightSavingTime(t DateTime) bool {
	if t.kind == KindLocal {
		t = z.shown(t)
	}
	moment, ok := z.moment(t)
	return ok && moment.IsDST()
}

// IsInvalidTime tells whether the clocks skip a time of unspecified kind.
func (z *TimeZoneInfo) IsInvalidTime(t DateTime) bool {
	return t.kind == KindUnspecified && len(z.moments(t)) == 0
}

// IsAmbiguousTime tells whether the zone's clocks show a time twice.
func (z *TimeZoneInfo) IsAmbiguousTime(t DateTime) bool {
	if t.kind != KindUnspecified {
		t = z.shown(t)
	}
	return len(z.moments(t)) == 2
}

// shown is what the zone's clocks show at a moment.
func (z *TimeZoneInfo) shown(t DateTime) DateTime {
	return DateTime{ticks: clampTicks(t.ticks + int64(z.GetUtcOffset(t)))}
}

// ConvertTime is TimeZoneInfo.ConvertTime(t, source, destination). The kind of t
// must be that of the source zone.
func ConvertTime(t DateTime, source, destination *TimeZoneInfo) (DateTime, error) {
	if t.kind != KindUnspecified && t.kind != source.kind {
		return DateTime{}, Argument("The conversion could not be completed because the supplied DateTime did not have the Kind property set correctly.  For example, when the Kind property is DateTimeKind.Local, the source time zone must be TimeZoneInfo.Local.", "sourceTimeZone")
	}
	if source.IsInvalidTime(t) {
		return DateTime{}, Argument("The supplied DateTime represents an invalid time.  For example, when the clock is adjusted forward, any time in the period that is skipped is invalid.", "dateTime")
	}
	utc := clampTicks(t.ticks - int64(source.GetUtcOffset(t)))
	offset := destination.GetUtcOffset(DateTime{utc, KindUtc})
	return DateTime{clampTicks(utc + int64(offset)), destination.kind}, nil
}

func clampTicks(ticks int64) int64 { return min(max(ticks, 0), maxTicks) }

// ConvertTimeTo is TimeZoneInfo.ConvertTime(t, destination), from the zone that
// the kind of t tells.
func ConvertTimeTo(t DateTime, destination *TimeZoneInfo) (DateTime, error) {
	if t.kind == KindUtc {
		return ConvertTime(t, TimeZoneUtc, destination)
	}
	return ConvertTime(t, TimeZoneLocal, destination)
}

// ConvertTimeFromUtc is TimeZoneInfo.ConvertTimeFromUtc.
func ConvertTimeFromUtc(t DateTime, destination *TimeZoneInfo) (DateTime, error) {
	return ConvertTime(t, TimeZoneUtc, destination)
}

// ConvertTimeToUtc is TimeZoneInfo.ConvertTimeToUtc(t, source). Without a source
// it is t.ToUniversalTime.
func ConvertTimeToUtc(t DateTime, source *TimeZoneInfo) (DateTime, error) {
	return ConvertTime(t, source, TimeZoneUtc)
}

// ConvertTimeBetween is TimeZoneInfo.ConvertTimeBySystemTimeZoneId with two names.
func ConvertTimeBetween(t DateTime, sourceId, destinationId string) (DateTime, error) {
	destination, err := FindSystemTimeZoneById(destinationId)
	if err != nil {
		return DateTime{}, err
	}
	if t.kind == KindLocal && strings.EqualFold(sourceId, TimeZoneLocal.id) {
		return ConvertTime(t, TimeZoneLocal, destination)
	}
	source, err := FindSystemTimeZoneById(sourceId)
	if err != nil {
		return DateTime{}, err
	}
	return ConvertTime(t, source, destination)
}

// ConvertOffset is TimeZoneInfo.ConvertTime of a DateTimeOffset.
func ConvertOffset(t DateTimeOffset, destination *TimeZoneInfo) (DateTimeOffset, error) {
	return t.ToOffset(destination.GetUtcOffset(t.UtcDateTime()))
}

// SystemTimeZones are the names of the zones that Windows knows, sorted.
func SystemTimeZones() []string { return slices.Sorted(maps.Keys(windowsZones())) }

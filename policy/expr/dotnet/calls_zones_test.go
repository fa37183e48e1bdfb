package dotnet

import "fmt"

func init() {
	register("TimeZoneInfo.At", func(a []string) (any, error) {
		t := dateOfKind(a[0], a[1])
		z, err := zone(a[2])
		if err != nil {
			return nil, err
		}
		return fmt.Sprint(z.GetUtcOffset(t), " ", ToString(z.IsDaylightSavingTime(t)), " ",
			ToString(z.IsInvalidTime(t)), " ", ToString(z.IsAmbiguousTime(t))), nil
	})
	register("TimeZoneInfo.ConvertTime", func(a []string) (any, error) {
		source, err := zone(a[2])
		if err != nil {
			return nil, err
		}
		destination, err := zone(a[3])
		if err != nil {
			return nil, err
		}
		return roundTrip(ConvertTime(dateOfKind(a[0], a[1]), source, destination))
	})
	register("TimeZoneInfo.ConvertTimeTo", func(a []string) (any, error) {
		destination, err := zone(a[2])
		if err != nil {
			return nil, err
		}
		return roundTrip(ConvertTimeTo(dateOfKind(a[0], a[1]), destination))
	})
	register("TimeZoneInfo.ConvertTimeBetween", func(a []string) (any, error) {
		return roundTrip(ConvertTimeBetween(dateOfKind(a[0], a[1]), a[2], a[3]))
	})
	register("TimeZoneInfo.ConvertOffset", func(a []string) (any, error) {
		destination, err := zone(a[2])
		if err != nil {
			return nil, err
		}
		return offsetRoundTrip(ConvertOffset(dateWithOffset(a[0], a[1]), destination))
	})
	register("TimeZoneInfo.Find", func(a []string) (any, error) {
		z, err := FindSystemTimeZoneById(a[0])
		if err != nil {
			return nil, err
		}
		return z.Id() + " " + z.BaseUtcOffset().String(), nil
	})
}

func zone(name string) (*TimeZoneInfo, error) {
	switch name {
	case "Utc":
		return TimeZoneUtc, nil
	case "Local":
		return TimeZoneLocal, nil
	}
	return FindSystemTimeZoneById(name)
}

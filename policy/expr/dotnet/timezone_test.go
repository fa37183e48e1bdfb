package dotnet

import "testing"

func TestWindowsZones(t *testing.T) {
	for name := range windowsZones() {
		z, err := FindSystemTimeZoneById(name)
		if err != nil {
			t.Errorf("%s: %v", name, err)
		} else if z.Id() != name {
			t.Errorf("%s: got Id %s", name, z.Id())
		}
	}
	noon := parsed(DateTimeOf(2024, 7, 1, 12, 0, 0, 0, KindUtc))
	for name, want := range map[string]string{
		"Eastern Standard Time":   "2024-07-01T08:00:00",
		"W. Europe Standard Time": "2024-07-01T14:00:00",
		"India Standard Time":     "2024-07-01T17:30:00",
		"UTC-11":                  "2024-07-01T01:00:00",
	} {
		z := parsed(FindSystemTimeZoneById(name))
		got, err := ConvertTimeFromUtc(noon, z)
		if err != nil || parsed(got.ToString("s")) != want || got.Kind() != KindUnspecified {
			t.Errorf("%s: got %s of kind %s, %v, want %s", name, got, got.Kind(), err, want)
		}
		back, err := ConvertTimeToUtc(got, z)
		if err != nil || !back.Equal(noon) {
			t.Errorf("%s: back came %s, %v", name, back, err)
		}
	}
}

func TestZoneNames(t *testing.T) {
	z := parsed(FindSystemTimeZoneById("Pacific Standard Time"))
	if z.StandardName() != "Pacific Standard Time" || z.DaylightName() != "Pacific Daylight Time" ||
		z.DisplayName() != "(UTC-08:00) Pacific Standard Time" || ToString(z) != z.DisplayName() || !z.SupportsDaylightSavingTime() {
		t.Errorf("got %q, %q, %q, %t", z.StandardName(), z.DaylightName(), z.DisplayName(), z.SupportsDaylightSavingTime())
	}
	if got := TimeZoneUtc.DisplayName(); got != "(UTC) Coordinated Universal Time" {
		t.Errorf("got %q", got)
	}
}

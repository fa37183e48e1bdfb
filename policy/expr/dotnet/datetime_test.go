package dotnet

import (
	"testing"
	"time"
)

func TestClocks(t *testing.T) {
	moment := time.Date(2024, 2, 29, 23, 59, 58, 123456789, time.FixedZone("", 3600))
	clock := func() time.Time { return moment }
	for _, c := range []struct {
		name, got, want string
	}{
		{"Now", parsed(Now(clock).ToString("o")), "2024-02-29T22:59:58.1234567+00:00"},
		{"UtcNow", parsed(UtcNow(clock).ToString("o")), "2024-02-29T22:59:58.1234567Z"},
		{"Today", parsed(Today(clock).ToString("o")), "2024-02-29T00:00:00.0000000+00:00"},
		{"OffsetNow", parsed(OffsetNow(clock).ToString("o")), "2024-02-29T22:59:58.1234567+00:00"},
	} {
		if c.got != c.want {
			t.Errorf("%s: got %s, want %s", c.name, c.got, c.want)
		}
	}
}

func TestDateTimeFromTime(t *testing.T) {
	for _, c := range []struct {
		moment time.Time
		want   DateTime
	}{
		{time.Unix(0, 0), DateTimeUnixEpoch},
		{time.Date(1, 1, 1, 0, 0, 0, 100, time.UTC), DateTime{1, KindUtc}},
		{time.Date(0, 12, 31, 23, 59, 59, 0, time.UTC), DateTime{0, KindUtc}},
		{time.Date(9999, 12, 31, 23, 59, 59, 999_999_999, time.UTC), DateTime{maxTicks, KindUtc}},
		{time.Date(10000, 1, 1, 0, 0, 0, 0, time.UTC), DateTime{maxTicks, KindUtc}},
		{time.Date(-290000, 1, 1, 0, 0, 0, 0, time.UTC), DateTime{0, KindUtc}},
		{time.Date(290000, 1, 1, 0, 0, 0, 0, time.UTC), DateTime{maxTicks, KindUtc}},
	} {
		if got := DateTimeFromTime(c.moment, KindUtc); got != c.want {
			t.Errorf("%s: got %d ticks, want %d", c.moment, got.Ticks(), c.want.Ticks())
		}
	}
	for _, ticks := range []int64{0, 1, unixEpochTicks - 1, maxTicks} {
		if got := DateTimeFromTime(DateTime{ticks: ticks}.Time(), KindUtc).Ticks(); got != ticks {
			t.Errorf("%d ticks became %d", ticks, got)
		}
	}
}

// TestParseCompletes: what a text leaves out is the clock's.
func TestParseCompletes(t *testing.T) {
	leapDay := func() time.Time { return time.Date(2024, 2, 29, 23, 0, 0, 0, time.UTC) }
	for s, want := range map[string]string{
		"10:30":        "2024-02-29T10:30:00.0000000",
		"Feb 29":       "2024-02-29T00:00:00.0000000",
		"5/6 7 PM":     "2024-05-06T19:00:00.0000000",
		"10:30 -13:00": "2024-02-29T23:30:00.0000000+00:00",
	} {
		got, err := ParseDateTime(s, DateTimeStylesNone, leapDay)
		if err != nil || parsed(got.ToString("o")) != want {
			t.Errorf("%q: got %s, %v, want %s", s, parsed(got.ToString("o")), err, want)
		}
	}
	// The date of a DateTimeOffset is that of its own clock.
	got, err := ParseDateTimeOffset("10:30 +02:00", DateTimeStylesNone, leapDay)
	if want := "2024-03-01T10:30:00.0000000+02:00"; err != nil || parsed(got.ToString("o")) != want {
		t.Errorf("got %s, %v, want %s", parsed(got.ToString("o")), err, want)
	}
}

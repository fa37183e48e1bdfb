package dotnet

import "testing"

// FuzzParseDate: a text is a date or an exception, never a panic, and what was
// read is read again from its round-trip form.
func FuzzParseDate(f *testing.F) {
	for _, s := range []string{
		"", "2024-01-05T10:30:45.1234567+02:00", "Fri, 05 Jan 2024 10:30:45 GMT", "1/5/2024 10:30 PM", "#1/5/2024#",
		"3 4 5 AM", "Feb 3 7:30", "7: June", "10:30 AM 2024 PM", "2024/3/AD Sun", "1-5-2024 -02:00", "A.D.\x00",
	} {
		f.Add(s, int32(DateTimeStylesRoundtripKind))
		f.Add(s, int32(DateTimeStylesNone))
	}
	f.Fuzz(func(t *testing.T, s string, style int32) {
		styles := DateTimeStyles(style)
		if v, err := ParseDateTime(s, styles, testClock); err == nil {
			text, _ := v.ToString("o")
			again, err := ParseDateTime(text, DateTimeStylesRoundtripKind, testClock)
			if err != nil || !again.Equal(v) || again.Kind() != v.Kind() {
				t.Errorf("%q is %s, read again %v, %v", s, text, again, err)
			}
		}
		if v, err := ParseDateTimeOffset(s, styles, testClock); err == nil {
			text, _ := v.ToString("o")
			if again, err := ParseDateTimeOffset(text, DateTimeStylesNone, testClock); again != v || err != nil {
				t.Errorf("%q is %s, read again %s, %v", s, text, again, err)
			}
		}
	})
}

// FuzzDateFormat: any format string formats and parses or is an exception.
func FuzzDateFormat(f *testing.F) {
	for format := range standardDateFormats {
		f.Add(string(format), "2024-01-05T10:30:45.1234567Z", int64(638405550451234567))
	}
	for _, format := range []string{"", "%", "\\", "'", "%%d", "yyyy-MM-dd'T'HH:mm:ss.FFFK", "dddd d MMMM gg hh:mm tt zzz", "ffffffff", "GMT Z"} {
		f.Add(format, "5", int64(0))
	}
	f.Fuzz(func(t *testing.T, format, s string, ticks int64) {
		for _, styles := range []DateTimeStyles{DateTimeStylesNone, DateTimeStylesAllowWhiteSpaces} {
			v, err := ParseDateTimeExact(s, []string{format}, styles, testClock)
			if err == nil && (v.Ticks() < 0 || v.Ticks() > maxTicks) {
				t.Errorf("%q as %q has %d ticks", s, format, v.Ticks())
			}
			if _, err := ParseDateTimeOffsetExact(s, []string{format, "o"}, styles, testClock); err != nil && err.(*Exception).Type != "System.FormatException" {
				t.Errorf("%q as %q: %v", s, format, err)
			}
		}
		if date, err := NewDateTime(ticks, KindUtc); err == nil {
			if _, err := date.ToString(format); err != nil && err.(*Exception).Type != "System.FormatException" {
				t.Errorf("%s as %q: %v", date, format, err)
			}
		}
		if _, err := TimeSpan(ticks).ToString(format); err != nil && err.(*Exception).Type != "System.FormatException" {
			t.Errorf("%d as %q: %v", ticks, format, err)
		}
	})
}

// FuzzParseTimeSpan: what was read is read again from its own text.
func FuzzParseTimeSpan(f *testing.F) {
	for _, s := range []string{"", "1.02:03:04.5", "-5", "59:10:24", "1:2:.5", "24:00", "10675199.02:48:05.4775808", "9999999999:1"} {
		f.Add(s, "c")
		f.Add(s, "d\\.hh")
	}
	f.Fuzz(func(t *testing.T, s, format string) {
		if v, err := ParseTimeSpan(s); err == nil {
			if again, err := ParseTimeSpan(v.String()); again != v || err != nil {
				t.Errorf("%q is %s, read again %s, %v", s, v, again, err)
			}
		}
		if v, err := ParseTimeSpanExact(s, []string{format}, TimeSpanStylesNone); err == nil {
			if again, err := ParseTimeSpanExact(v.String(), []string{"c"}, TimeSpanStylesNone); again != v || err != nil {
				t.Errorf("%q as %q is %s, read again %s, %v", s, format, v, again, err)
			}
		}
	})
}

// FuzzParseGuid: every form of what was read is read again.
func FuzzParseGuid(f *testing.F) {
	for _, s := range []string{
		"", "6f9619ff-8b86-d011-b42d-00c04fc964ff", "{0x1,0x2,0x3,{0x4,0x5,0x6,0x7,0x8,0x9,0xa,0xb}}",
		"(6f9619ff-8b86-d011-b42d-00c04fc964ff)", "+f9619ff-0x86-d011-b42d-0xc04fc964ff", "６f9619ff-8b86-d011-b42d-00c04fc964ff",
	} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		v, err := ParseGuid(s)
		if err != nil {
			return
		}
		for _, format := range []string{"N", "D", "B", "P", "X"} {
			text, _ := v.ToString(format)
			if again, err := ParseGuidExact(text, format); again != v || err != nil {
				t.Errorf("%q is %s, %q read again %s, %v", s, v, text, again, err)
			}
		}
	})
}

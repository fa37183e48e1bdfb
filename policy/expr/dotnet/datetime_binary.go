package dotnet

import "math"

const fileTimeEpochTicks = 504911232000000000 // 1 January 1601

// ToFileTimeUtc is Windows's file time: 100 ns since 1601.
func (t DateTime) ToFileTimeUtc() (int64, error) {
	if t.ticks < fileTimeEpochTicks {
		return 0, NewException("System.ArgumentOutOfRangeException", "Not a valid Win32 FileTime.")
	}
	return t.ticks - fileTimeEpochTicks, nil
}

// FromFileTimeUtc is DateTime.FromFileTimeUtc.
func FromFileTimeUtc(fileTime int64) (DateTime, error) {
	if fileTime < 0 || fileTime > maxTicks-fileTimeEpochTicks {
		return DateTime{}, ArgumentOutOfRange("fileTime", "Not a valid Win32 FileTime.")
	}
	return DateTime{fileTime + fileTimeEpochTicks, KindUtc}, nil
}

// FromFileTime is DateTime.FromFileTime.
func FromFileTime(fileTime int64) (DateTime, error) {
	t, err := FromFileTimeUtc(fileTime)
	if err != nil {
		return DateTime{}, err
	}
	return t.ToLocalTime(), nil
}

const (
	kindBits    = 62
	ticksMask   = 1<<kindBits - 1
	localBit    = -1 << 63
	binaryLimit = ticksMask - TicksPerDay // local times that are negative in UTC
)

// ToBinary is the ticks with the kind in the two highest bits; of a local time
// the ticks in UTC.
func (t DateTime) ToBinary() int64 {
	switch t.kind {
	case KindLocal:
		return t.ticks | localBit
	case KindUtc:
		return t.ticks | 1<<kindBits
	}
	return t.ticks
}

// FromBinary is DateTime.FromBinary.
func FromBinary(data int64) (DateTime, error) {
	ticks := data & ticksMask
	if data < 0 {
		if ticks > binaryLimit {
			ticks -= ticksMask + 1
			// A time before year 1 in UTC wraps by a day, as .NET has it.
			ticks += TicksPerDay
		}
		if ticks < 0 || ticks > maxTicks {
			return DateTime{}, badBinary()
		}
		return DateTime{ticks, KindLocal}, nil
	}
	if ticks > maxTicks {
		return DateTime{}, badBinary()
	}
	kind := KindUnspecified
	if data>>kindBits == 1 {
		kind = KindUtc
	}
	return DateTime{ticks, kind}, nil
}

func badBinary() *Exception {
	return Argument("The binary data must result in a DateTime with ticks between DateTime.MinValue.Ticks and DateTime.MaxValue.Ticks.", "dateData")
}

// The OLE Automation date counts days since 30 December 1899. Before it the
// day counts down but the time of day still goes up.
const (
	oaEpochTicks       = 599264352000000000
	oaMinTicks         = 31241376000000000 // year 100
	oaDay        int64 = 24 * 3600 * 1000  // milliseconds
)

// ToOADate is the OLE Automation date, to the millisecond.
func (t DateTime) ToOADate() (float64, error) {
	ticks := t.ticks
	switch {
	case ticks == 0:
		return 0, nil
	case ticks < TicksPerDay: // a time without a date
		ticks += oaEpochTicks
	case ticks < oaMinTicks:
		return 0, Overflow("Not a legal OleAut date.")
	}
	millis := (ticks - oaEpochTicks) / TicksPerMillisecond
	if rest := millis % oaDay; millis < 0 && rest != 0 {
		millis -= 2 * (oaDay + rest)
	}
	return float64(millis) / float64(oaDay), nil
}

// FromOADate is DateTime.FromOADate.
func FromOADate(days float64) (DateTime, error) {
	if !(days < 2958466 && days > -657435) {
		return DateTime{}, Argument("Not a legal OleAut date.", "")
	}
	millis := int64(float64(days*float64(oaDay)) + math.Copysign(0.5, days))
	if millis < 0 {
		millis -= millis % oaDay * 2
	}
	ticks := millis*TicksPerMillisecond + oaEpochTicks
	if ticks < 0 || ticks > maxTicks {
		return DateTime{}, Argument("OleAut date did not convert to a DateTime correctly.", "")
	}
	return DateTime{ticks: ticks}, nil
}

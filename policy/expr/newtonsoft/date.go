package newtonsoft

import (
	"fmt"
	"strconv"
	"strings"

	"github.com/apimulator/apimulator/policy/expr/dotnet"
)

// ParseDate reads a text that Newtonsoft.Json takes for a date: ISO 8601 with a
// T, of 19 to 40 characters, or /Date(milliseconds)/. With Z it is UTC, with an
// offset local time, else of no kind. A date beyond what a DateTime can hold may
// be an exception.
func ParseDate(s string) (d dotnet.DateTime, ok bool, err error) {
	switch {
	case len(s) >= 9 && strings.HasPrefix(s, "/Date(") && strings.HasSuffix(s, ")/"):
		return microsoftDate(s[len("/Date(") : len(s)-len(")/")])
	case len(s) >= 19 && s[0] >= '0' && s[0] <= '9' && s[10] == 'T' && dotnet.Length(s) <= 40:
		if p := (dateParser{rest: s}); p.date() && p.time() && p.zone() {
			d, err = p.dateTime()
			return d, err == nil, err
		}
	}
	return dotnet.DateTime{}, false, nil
}

func microsoftDate(s string) (dotnet.DateTime, bool, error) {
	kind := dotnet.KindUtc
	i := strings.IndexByte(s[1:], '+')
	if i < 0 {
		i = strings.IndexByte(s[1:], '-')
	}
	if i >= 0 {
		p := dateParser{rest: s[i+2:]}
		if _, ok := p.digits(2); !ok {
			return dotnet.DateTime{}, false, nil
		}
		s, kind = s[:i+1], dotnet.KindLocal
	}
	ms, err := strconv.ParseInt(s, 10, 64)
	if err != nil || s[0] == '+' {
		return dotnet.DateTime{}, false, nil
	}
	d, err := dotnet.NewDateTime(unixEpoch+ms*dotnet.TicksPerMillisecond, kind)
	return d, err == nil, err
}

// unixEpoch is 1970-01-01, maxTicks the last moment of a DateTime, in ticks.
const (
	unixEpoch = 621355968000000000
	maxTicks  = 3155378975999999999
)

// dateParser reads yyyy-MM-ddTHH:mm:ss with fraction and zone.
type dateParser struct {
	rest                 string
	year, month, day     int32
	hour, minute, second int32
	fraction             int64 // in ticks
	kind                 dotnet.DateTimeKind
	offset               int64 // of the zone, in ticks
}

func (p *dateParser) accept(c byte) bool {
	if p.rest == "" || p.rest[0] != c {
		return false
	}
	p.rest = p.rest[1:]
	return true
}

// digits reads a number of n digits.
func (p *dateParser) digits(n int) (int32, bool) {
	if len(p.rest) < n {
		return 0, false
	}
	v := int32(0)
	for i := range n {
		c := p.rest[i]
		if c < '0' || c > '9' {
			return 0, false
		}
		v = v*10 + int32(c-'0')
	}
	p.rest = p.rest[n:]
	return v, true
}

// into reads a number of n digits and a separator after it, unless that is 0.
func (p *dateParser) into(v *int32, n int, separator byte) (ok bool) {
	*v, ok = p.digits(n)
	return ok && (separator == 0 || p.accept(separator))
}

func (p *dateParser) date() bool {
	if !p.into(&p.year, 4, '-') || !p.into(&p.month, 2, '-') || !p.into(&p.day, 2, 'T') || p.year < 1 || p.month < 1 || p.month > 12 {
		return false
	}
	days, err := dotnet.DaysInMonth(p.year, p.month)
	return err == nil && p.day >= 1 && p.day <= days
}

func (p *dateParser) time() bool {
	if !p.into(&p.hour, 2, ':') || !p.into(&p.minute, 2, ':') || !p.into(&p.second, 2, 0) || p.hour > 24 || p.minute > 59 || p.second > 59 {
		return false
	}
	if p.accept('.') {
		n := 0
		for ; n < 7; n++ {
			digit, ok := p.digits(1)
			if !ok {
				break
			}
			p.fraction = p.fraction*10 + int64(digit)
		}
		if n == 0 {
			return false
		}
		for ; n < 7; n++ {
			p.fraction *= 10
		}
	}
	return p.hour < 24 || p.minute == 0 && p.second == 0 && p.fraction == 0
}

// zone reads Z or an offset up to the end. Digits without a sign are passed over,
// as Newtonsoft.Json does.
func (p *dateParser) zone() bool {
	switch {
	case p.rest == "":
		return true
	case p.accept('Z') || p.accept('z'):
		p.kind = dotnet.KindUtc
		return p.rest == ""
	}
	sign := int64(0)
	switch p.rest[0] {
	case '+':
		sign = 1
	case '-':
		sign = -1
	}
	var hours int32
	if after := (dateParser{rest: p.rest[1:]}); sign != 0 {
		var ok bool
		if hours, ok = after.digits(2); ok {
			p.rest, p.kind = after.rest, dotnet.KindLocal
		}
	}
	p.accept(':')
	minutes, _ := p.digits(2)
	if p.kind == dotnet.KindLocal {
		p.offset = sign * (int64(hours)*dotnet.TicksPerHour + int64(minutes)*dotnet.TicksPerMinute)
	}
	return p.rest == ""
}

// dateTime is the date in UTC, which local time is here, as far as it goes.
func (p *dateParser) dateTime() (dotnet.DateTime, error) {
	day := p.hour == 24
	d, err := dotnet.DateTimeOf(p.year, p.month, p.day, p.hour%24, p.minute, p.second, 0, p.kind)
	if err != nil {
		return d, err
	}
	ticks := d.Ticks() + p.fraction
	if day {
		if d, err = d.AddDays(1); err != nil {
			return d, err
		}
		ticks = d.Ticks()
	}
	return dotnet.NewDateTime(min(max(ticks-p.offset, 0), maxTicks), p.kind)
}

// dateText is a date as JSON has it: ISO 8601 with as many digits of a second as
// it has.
func dateText(d dotnet.DateTime) string {
	s := isoText(d)
	switch d.Kind() {
	case dotnet.KindUtc:
		return s + "Z"
	case dotnet.KindLocal:
		return s + "+00:00" // local time is UTC
	}
	return s
}

func offsetText(d dotnet.DateTimeOffset) string {
	minutes := int64(d.Offset()) / dotnet.TicksPerMinute
	sign := '+'
	if minutes < 0 {
		sign, minutes = '-', -minutes
	}
	return fmt.Sprintf("%s%c%02d:%02d", isoText(d.DateTime()), sign, minutes/60, minutes%60)
}

func isoText(d dotnet.DateTime) string {
	s := fmt.Sprintf("%04d-%02d-%02dT%02d:%02d:%02d", d.Year(), d.Month(), d.Day(), d.Hour(), d.Minute(), d.Second())
	if fraction := d.Ticks() % dotnet.TicksPerSecond; fraction != 0 {
		s += strings.TrimRight(fmt.Sprintf(".%07d", fraction), "0")
	}
	return s
}

package jsonschema

import (
	"errors"
	"net/mail"
	"net/netip"
	"net/url"
	"strings"
	"time"
	"unicode"

	"github.com/dlclark/regexp2"

	"github.com/apimulator/apimulator/internal/pattern"
)

// formats judge the formats that Newtonsoft.Json.Schema knows, but for colours and those of
// draft 3. A format that is not here is not judged.
var formats = map[string]func(string) bool{
	"date":          func(s string) bool { _, err := time.Parse(time.DateOnly, s); return err == nil && isASCII(s) },
	"time":          isTime,
	"date-time":     isDateTime,
	"duration":      func(s string) bool { return durationForm().MatchString(s) },
	"email":         isEmail,
	"hostname":      isHostname,
	"ipv4":          func(s string) bool { a, err := netip.ParseAddr(s); return err == nil && a.Is4() },
	"ipv6":          func(s string) bool { a, err := netip.ParseAddr(s); return err == nil && a.Is6() && a.Zone() == "" },
	"uri":           func(s string) bool { u, err := parseReference(s); return err == nil && u.Scheme != "" },
	"uri-reference": func(s string) bool { _, err := parseReference(s); return err == nil },
	"uri-template":  func(s string) bool { return templateForm().MatchString(s) },
	"uuid":          func(s string) bool { return uuidForm().MatchString(s) },
	"json-pointer":  func(s string) bool { return pointerForm().MatchString(s) },
	"regex":         func(s string) bool { _, err := regexp2.Compile(s, regexp2.None); return err == nil },
}

// variable is one of a URI template.
const variable = `(?:[A-Za-z0-9_]|%[0-9A-Fa-f]{2})(?:\.?(?:[A-Za-z0-9_]|%[0-9A-Fa-f]{2}))*(?::[1-9][0-9]{0,3}|\*)?`

var (
	// RFC 3339, appendix A.
	durationForm = pattern.Lazy(`^P(?:\d+W|(?:\d+Y(?:\d+M(?:\d+D)?)?|\d+M(?:\d+D)?|\d+D)(?:T(?:\d+H(?:\d+M(?:\d+S)?)?|\d+M(?:\d+S)?|\d+S))?|T(?:\d+H(?:\d+M(?:\d+S)?)?|\d+M(?:\d+S)?|\d+S))$`)
	uuidForm     = pattern.Lazy(`^[0-9A-Fa-f]{8}-(?:[0-9A-Fa-f]{4}-){3}[0-9A-Fa-f]{12}$`)
	pointerForm  = pattern.Lazy(`^(?:/(?:[^~/]|~0|~1)*)*$`)
	labelForm    = pattern.Lazy(`^[0-9A-Za-z](?:[0-9A-Za-z-]{0,61}[0-9A-Za-z])?$`)
	timeForm     = pattern.Lazy(`^(\d\d):(\d\d):(\d\d)(?:\.\d+)?(?:[Zz]|([+-])(\d\d):(\d\d))$`)
	// RFC 6570, with the operators that it reserves.
	templateForm = pattern.Lazy(`^(?:[^\x00-\x20\x7f"<>\\^` + "`" + `{|}%]|%[0-9A-Fa-f]{2}|\{[+#./;?&=,!@|]?` + variable + `(?:,` + variable + `)*\})*$`)
)

func isASCII(s string) bool {
	return strings.IndexFunc(s, func(r rune) bool { return r > unicode.MaxASCII }) < 0
}

// isTime is RFC 3339's full-time.
func isTime(s string) bool {
	parts := timeForm().FindStringSubmatch(s)
	if parts == nil {
		return false
	}
	number := func(i int) int { // of at most two digits
		n := 0
		for _, digit := range parts[i] {
			n = n*10 + int(digit-'0')
		}
		return n
	}
	hour, minute, second := number(1), number(2), number(3)
	zoneHour, zoneMinute := number(5), number(6)
	if hour > 23 || minute > 59 || second > 60 || zoneHour > 23 || zoneMinute > 59 {
		return false
	}
	if second < 60 {
		return true
	}
	// A leap second ends a day of UTC.
	zone := zoneHour*60 + zoneMinute
	if parts[4] == "+" {
		zone = -zone
	}
	const day = 24 * 60
	return (hour*60+minute+zone+day)%day == day-1
}

func isDateTime(s string) bool {
	const date = len("2006-01-02")
	if len(s) <= date || s[date] != 'T' && s[date] != 't' {
		return false
	}
	_, err := time.Parse(time.DateOnly, s[:date])
	return err == nil && isTime(s[date+1:])
}

func isEmail(s string) bool {
	at := strings.LastIndexByte(s, '@')
	if literal, ok := strings.CutPrefix(s[at+1:], "["); ok && at > 0 {
		literal, closed := strings.CutSuffix(literal, "]")
		literal, v6 := strings.CutPrefix(literal, "IPv6:")
		a, err := netip.ParseAddr(literal)
		return err == nil && closed && v6 == a.Is6() && isEmail(s[:at]+"@example")
	}
	a, err := mail.ParseAddress("<" + s + ">")
	return err == nil && a.Name == "" && isHostname(s[at+1:])
}

func isHostname(s string) bool {
	const most = 253
	if s == "" || len(s) > most {
		return false
	}
	for label := range strings.SplitSeq(s, ".") {
		if !labelForm().MatchString(label) {
			return false
		}
	}
	return true
}

// parseReference parses a URI or a reference to one, strictly.
func parseReference(s string) (*url.URL, error) {
	u, err := url.Parse(s)
	if err != nil {
		return nil, err
	}
	before, fragment, _ := strings.Cut(s, "#")
	_, authority, _ := strings.Cut(before, "//")
	authority, _, _ = strings.Cut(authority, "/")
	if !isASCII(s) || strings.ContainsAny(s, " \"<>\\^`{|}") || strings.ContainsAny(u.EscapedPath()+u.Opaque+fragment, "[]#") || strings.Count(authority, "@") > 1 {
		return nil, errReference
	}
	return u, nil
}

var errReference = errors.New("this is no reference of RFC 3986")

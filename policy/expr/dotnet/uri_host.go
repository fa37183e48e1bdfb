package dotnet

import (
	"net/netip"
	"strings"
	"unicode"

	"golang.org/x/net/idna"
	"golang.org/x/text/unicode/norm"
)

// URIHostNameType is System.UriHostNameType.
type URIHostNameType int32

// The types of hosts.
const (
	UnknownHost URIHostNameType = 0
	BasicHost   URIHostNameType = 1
	DNSHost     URIHostNameType = 2
	IPv4Host    URIHostNameType = 3
	IPv6Host    URIHostNameType = 4
)

// uriHost is the host of a URI.
type uriHost struct {
	kind     hostKind
	text     string // canonical; an address of version 6 in brackets
	zone     string // of an address of version 6, with %
	loopback bool
}

type hostKind uint8

const (
	noHost hostKind = iota
	basicHost
	dnsHost
	ipv4Host
	ipv6Host
	uncHost
)

func (h uriHost) nameType() URIHostNameType {
	return [...]URIHostNameType{UnknownHost, BasicHost, DNSHost, IPv4Host, IPv6Host, BasicHost}[h.kind]
}

// parseHost reads user, host and port.
func (u *URI) parseHost(s string) (rest string, err uriError) {
	if s == "" || s[0] == '/' || s[0] == '\\' && u.syntax.has(fileLike) || s[0] == '#' || s[0] == '?' {
		if !u.syntax.has(allowEmptyHost) || u.implicitFile {
			return "", uriBadHost
		}
		u.uncPath = false
		u.host = uriHost{kind: basicHost, loopback: true}
		return s, uriOK
	}
	host := s
	user := ""
	if i := strings.IndexAny(s, `?#\/@`); i >= 0 && s[i] == '@' && i < len(s)-1 && u.syntax.has(mayHaveUserInfo) {
		user, host = s[:i+1], s[i+1:]
	}
	end := u.findHost(host)
	if end >= 0 && end < len(host) && host[end] == '\\' && !u.syntax.has(fileLike) {
		end = -1
		if u.syntax.has(unknownScheme) {
			return "", uriBadHost
		}
	}
	if end < 0 {
		return u.parseOtherHost(s)
	}
	if u.unicode {
		user = iriPart(user, false)
	}
	u.userInfo = u.examine(user, strings.TrimSuffix(user, "@"))
	u.rawHost, rest = host[:end], host[end:]
	if strings.HasPrefix(rest, ":") {
		return u.parsePort(rest)
	}
	return rest, uriOK
}

// parseOtherHost takes . and .. for hosts of schemes that are not known.
func (u *URI) parseOtherHost(s string) (rest string, err uriError) {
	if !u.syntax.has(unknownScheme) {
		if u.syntax.has(mustHaveAuthority | mailtoLike) {
			return "", uriBadHost
		}
		return "", uriOK
	}
	end := strings.IndexAny(s, "/?#")
	if end < 0 {
		end = len(s)
	}
	if host := s[:end]; host != "." && host != ".." {
		return "", uriBadHost
	}
	u.rawHost = s[:end]
	u.host = uriHost{kind: basicHost, text: s[:end]}
	return s[end:], uriOK
}

func (u *URI) parsePort(s string) (rest string, err uriError) {
	if !u.syntax.has(mayHavePort) {
		return "", uriBadHost
	}
	digits := strings.TrimLeft(s[1:], "0123456789")
	text := s[1 : len(s)-len(digits)]
	port := 0
	for i := range len(text) {
		if port = port*10 + int(text[i]-'0'); port > 0xFFFF {
			return "", uriBadPort
		}
	}
	if digits != "" && strings.IndexByte("/?#", digits[0]) < 0 {
		return "", uriBadPort
	}
	if text != "" && (port != 0 || u.port >= 0) {
		u.port = port
	}
	u.portText = ":" + text
	return digits, uriOK
}

// hostEnd is where a host ends at the latest.
func (u *URI) hostEnd(s string) int {
	ends := `/\:?#`
	if u.implicitFile {
		ends = `/\`
	}
	if i := strings.IndexAny(s, ends); i >= 0 {
		return i
	}
	return len(s)
}

// findHost reads a host of one of the known kinds and returns where it ends; -1
// if there is none.
func (u *URI) findHost(s string) int {
	if !u.syntax.has(allowHosts) {
		return -1
	}
	if s[0] == '[' {
		if end := strings.IndexByte(s, ']'); end > 0 {
			if addr, zone, ok := parseIPv6(s[1:end]); ok && !strings.Contains(zone, "/") {
				u.host = uriHost{kind: ipv6Host, text: "[" + formatIPv6(addr) + "]", loopback: isLoopbackURI(addr)}
				if zone != "" {
					u.host.zone = "%" + zone
				}
				return end + 1
			}
		}
	}
	end := u.hostEnd(s)
	if s[0] >= '0' && s[0] <= '9' {
		if addr, ok := parseIPv4(s[:end]); ok && (!u.syntax.has(unknownScheme) || strings.Count(s[:end], ".") == 3 && isPlainIPv4(s[:end])) {
			u.host = uriHost{kind: ipv4Host, text: addr.String(), loopback: addr.IsLoopback()}
			return end
		}
	}
	if end == 0 {
		return -1
	}
	name := s[:end]
	if isDNSName(name) {
		if u.unicode {
			name = norm.NFC.String(strings.Map(withoutDirection, name))
			u.hostChanged = name != s[:end]
		}
		u.host = canonicalName(dnsHost, name)
		return end
	}
	if u.syntax.has(allowUNCHost) && isUNCName(name) && len(name) <= 256 {
		u.host = canonicalName(uncHost, name)
		return end
	}
	return -1
}

// withoutDirection drops the characters that only say which way text runs.
func withoutDirection(r rune) rune {
	if r == 0x200E || r == 0x200F || r >= 0x202A && r <= 0x202E {
		return -1
	}
	return r
}

// isPlainIPv4 reports whether no number has a zero before it, or is hexadecimal.
func isPlainIPv4(s string) bool {
	parts := strings.Split(s, ".")
	for i, part := range parts {
		if !allDigits(part) || len(part) > 1 && part[0] == '0' && (i < 3 || part[1] == '0') {
			return false
		}
	}
	return true
}

func isLoopbackURI(addr netip.Addr) bool { return addr.Unmap().IsLoopback() }

// canonicalName is a name in lower case; this machine's is localhost.
func canonicalName(kind hostKind, name string) uriHost {
	if strings.ContainsFunc(name, func(r rune) bool { return r >= 'A' && r <= 'Z' }) {
		name = ToLower(name)
	}
	if name == "localhost" || name == "loopback" {
		return uriHost{kind: kind, text: "localhost", loopback: true}
	}
	return uriHost{kind: kind, text: name}
}

// isDNSName reports whether s is made of labels: letters, digits, hyphens and
// underscores, and characters beyond ASCII.
func isDNSName(s string) bool {
	dot := func(r rune) bool { return r == '.' || r == 0x3002 || r == 0xFF0E || r == 0xFF61 }
	for s != "" {
		label := s
		if i := strings.IndexFunc(s, dot); i >= 0 {
			_, size := decode(s[i:])
			label, s = s[:i], s[i+size:]
		} else {
			s = ""
		}
		count, extra := 0, 0
		for c := range Chars(label) {
			if count++; c > 0xFF {
				count++
			}
			if c >= 0xA0 {
				extra = len("xn--")
			} else if letter := c < 0x80 && isAlphanumeric(byte(c)); !letter && (count == 1 || c != '-' && c != '_') {
				return false
			}
		}
		if label == "" || count+extra > 63 {
			return false
		}
	}
	return true
}

// isUNCName reports whether s is the name of a machine of Windows.
func isUNCName(s string) bool {
	valid, first := false, true
	var before rune
	for _, r := range s {
		letter := unicode.IsLetter(r)
		digit := r >= '0' && r <= '9'
		switch {
		case r == '.':
			if !valid || before == '.' {
				return false
			}
			valid, first = first, false
		case first && !letter && !digit && r != '-' && r != '_':
			return false
		case first:
			valid = valid || !digit
		case r == '-' || r == '_':
			if !valid {
				return false
			}
		case letter || digit:
			valid = true
		default:
			return false
		}
		before = r
	}
	return valid || before == '.'
}

// DNSSafeHost is the host as a resolver takes it: without brackets, with a zone.
func (u *URI) DNSSafeHost() string {
	switch u.host.kind {
	case ipv6Host:
		return strings.Trim(u.host.text, "[]") + u.host.zone
	case basicHost:
		return u.components(HostComponent, Unescaped)
	}
	return u.host.text
}

// IDNHost is DNSSafeHost in Punycode.
func (u *URI) IDNHost() (string, error) {
	host := u.DNSSafeHost()
	if u.host.kind != dnsHost || isASCII(host) {
		return host, nil
	}
	ascii, err := idna.New(idna.MapForLookup(), idna.Transitional(true), idna.StrictDomainName(false)).ToASCII(host)
	if err != nil {
		return "", NewException("System.UriFormatException", "An invalid Unicode character by IDN standards was specified in the host.")
	}
	return ascii, nil
}

// CheckHostName is Uri.CheckHostName.
func CheckHostName(name string) URIHostNameType {
	if name == "" || unitCount(name) > 0x7FFF {
		return UnknownHost
	}
	inner := name
	if strings.HasPrefix(name, "[") && strings.HasSuffix(name, "]") {
		inner = name[1 : len(name)-1]
	}
	if _, _, ok := parseIPv6(inner); ok {
		return IPv6Host
	}
	if _, ok := parseIPv4(name); ok {
		return IPv4Host
	}
	if isDNSName(name) {
		return DNSHost
	}
	return UnknownHost
}

package dotnet

import (
	"strconv"
	"strings"

	"golang.org/x/net/idna"
)

// URIComponents is System.UriComponents: which parts of a URI are wanted.
type URIComponents int32

// The parts.
const (
	SchemeComponent    URIComponents = 1
	UserInfoComponent  URIComponents = 2
	HostComponent      URIComponents = 4
	PortComponent      URIComponents = 8
	PathComponent      URIComponents = 16
	QueryComponent     URIComponents = 32
	FragmentComponent  URIComponents = 64
	StrongPort         URIComponents = 128 // also if it is the scheme's
	NormalizedHost     URIComponents = 256
	KeepDelimiter      URIComponents = 0x40000000
	SerializationInfo  URIComponents = -0x80000000
	AbsoluteComponents URIComponents = 127
)

// URIFormat is System.UriFormat: how escapes are wanted.
type URIFormat int32

// The formats. What ToString gives has no name.
const (
	URIEscaped    URIFormat = 1
	Unescaped     URIFormat = 2
	SafeUnescaped URIFormat = 3
	displayFormat URIFormat = 0x7FFF
)

// Components is GetComponents.
func (u *URI) Components(parts URIComponents, format URIFormat) (string, error) {
	if parts&SerializationInfo != 0 && parts != SerializationInfo {
		return "", ArgumentOutOfRange("components", "UriComponents.SerializationInfoString must not be combined with other UriComponents.")
	}
	if format&^SafeUnescaped != 0 {
		return "", ArgumentOutOfRange("format", outOfRange)
	}
	if err := u.NotAbsolute(); err != nil {
		if parts == SerializationInfo {
			return u.text, nil
		}
		return "", err
	}
	if format == 0 && parts != HostComponent && parts != PortComponent && parts != StrongPort && parts != SchemeComponent {
		return "", ArgumentOutOfRange("uriFormat", outOfRange)
	}
	return u.components(parts, format), nil
}

// components writes parts of an absolute URI.
func (u *URI) components(parts URIComponents, format URIFormat) string {
	if parts == SchemeComponent {
		return u.syntax.scheme
	}
	if parts&SerializationInfo != 0 {
		parts |= AbsoluteComponents
	}
	if parts&NormalizedHost != 0 {
		parts |= HostComponent
	}
	if parts&StrongPort != 0 {
		parts |= PortComponent
	}
	var b strings.Builder
	if parts&SchemeComponent != 0 {
		b.WriteString(u.syntax.scheme + ":")
		if u.authority {
			b.WriteString("//")
		}
	}
	if parts&UserInfoComponent != 0 {
		b.WriteString(u.userInfoPart(parts, format))
	}
	if parts&HostComponent != 0 {
		b.WriteString(u.hostPart(parts))
	}
	if parts&PortComponent != 0 && u.port >= 0 && (u.port != u.syntax.port || parts&StrongPort != 0) {
		if parts != PortComponent && parts != StrongPort|PortComponent {
			b.WriteByte(':')
		}
		b.WriteString(strconv.Itoa(u.port))
	}
	if parts&PathComponent != 0 {
		path := u.canonicalPath(format)
		if parts == PathComponent && u.authority {
			path = strings.TrimPrefix(path, "/")
		}
		b.WriteString(path)
	}
	if parts&QueryComponent != 0 {
		b.WriteString(u.markedPart(u.query, "#", true, format, parts == QueryComponent))
	}
	if parts&FragmentComponent != 0 {
		b.WriteString(u.markedPart(u.fragment, "", false, format, parts == FragmentComponent))
	}
	return b.String()
}

func (u *URI) userInfoPart(parts URIComponents, format URIFormat) string {
	user, found := strings.CutSuffix(u.userInfo.raw, "@")
	if !found {
		return ""
	}
	switch {
	case format == URIEscaped && u.userInfo.mustEscape && !u.userEscaped:
		user = escapeURI(user, "?#")
	case format == Unescaped && u.userInfo.mustUnescape:
		user = unescape(user, unescapeSafe|unescapeAll, "", true, false)
	case format == SafeUnescaped && u.userInfo.mustUnescape:
		user = unescape(user, u.safeMode(), `@/\`, true, false)
	}
	if parts == UserInfoComponent {
		return user
	}
	return user + "@"
}

// safeMode unescapes what does no harm, and escapes what does unless the text was
// said to be escaped.
func (u *URI) safeMode() unescapeMode {
	if u.userEscaped {
		return unescapeSafe
	}
	return unescapeSafe | escapeUnsafe
}

func (u *URI) hostPart(parts URIComponents) string {
	host := u.host.text
	if u.host.kind == dnsHost && parts&NormalizedHost != 0 {
		if unicode, err := idna.Punycode.ToUnicode(host); err == nil {
			return unicode
		}
	}
	if u.host.kind == ipv6Host && parts&SerializationInfo != 0 {
		return strings.TrimSuffix(host, "]") + u.host.zone + "]"
	}
	return host
}

// markedPart is a query or fragment.
func (u *URI) markedPart(p uriPart, reserved string, query bool, format URIFormat, withoutMark bool) string {
	if p.raw == "" {
		return ""
	}
	mark, text := p.raw[:1], p.raw[1:]
	if withoutMark {
		mark = ""
	}
	switch {
	case format == URIEscaped:
		if p.mustEscape && !u.userEscaped {
			text = escapeURI(text, reserved)
		}
	case !p.mustUnescape:
	case format == Unescaped:
		text = unescape(text, unescapeSafe|unescapeAll, "#", true, query)
	case format == displayFormat:
		text = unescape(text, u.safeMode()|unescapeShow, "#", true, query)
	default:
		text = unescape(text, u.safeMode(), "#", true, query)
	}
	return mark + text
}

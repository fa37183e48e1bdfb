package exchange

import (
	"fmt"
	"net"
	"net/url"
	"strconv"
	"strings"
)

// URL is an absolute http or https address whose path and query are kept byte
// for byte: nothing here cleans `//`, decodes `%2F` or sorts parameters.
type URL struct {
	Scheme   string // "http" or "https"
	Host     string // without port; an IPv6 address without brackets
	Port     int    // never 0: the scheme's default where none was written
	Path     string // escaped as it came, "" or beginning with "/"
	RawQuery string // without "?"
}

// hostCharacters are those of names; names in other letters are written xn--.
const hostCharacters = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789.-_"

// ParseURL reads an absolute http or https URL. A fragment or user information
// is refused.
func ParseURL(s string) (URL, error) {
	u, err := url.Parse(s)
	if err != nil {
		return URL{}, fmt.Errorf("%q is not a URL", s)
	}
	switch {
	case u.Scheme != "http" && u.Scheme != "https":
		return URL{}, fmt.Errorf("%q is not an absolute http or https URL", s)
	case u.Hostname() == "":
		return URL{}, fmt.Errorf("%q names no host", s)
	case net.ParseIP(u.Hostname()) == nil && strings.Trim(u.Hostname(), hostCharacters) != "":
		return URL{}, fmt.Errorf("%q has a host that is neither a name in ASCII nor an address", s)
	case u.User != nil:
		return URL{}, fmt.Errorf("URL of host %q holds user information, which is not accepted", u.Hostname())
	case u.Fragment != "":
		return URL{}, fmt.Errorf("%q holds a fragment, which is never sent", s)
	}
	out := URL{Scheme: u.Scheme, Host: u.Hostname(), Port: defaultPort(u.Scheme), Path: u.EscapedPath(), RawQuery: Escaped(u.RawQuery)}
	if u.RawPath != "" {
		out.Path = Escaped(u.RawPath) // u.EscapedPath would have decoded the %2F beside a blank
	}
	if p := u.Port(); p != "" {
		n, err := strconv.Atoi(p)
		if err != nil || n < 1 || n > 65535 {
			return URL{}, fmt.Errorf("%q has port %s; a port is 1 to 65535", s, p)
		}
		out.Port = n
	}
	return out, nil
}

// Escaped is a path or query with those characters escaped that can't stand in a
// URL: blanks, control characters, what is not ASCII, and "<>\^`{|}. The rest,
// escapes among it, stays as it is.
func Escaped(s string) string {
	illegal := func(c byte) bool { return c <= ' ' || c >= 0x7F || strings.IndexByte("\"<>\\^`{|}", c) >= 0 }
	var b strings.Builder
	for i := range len(s) {
		if illegal(s[i]) {
			fmt.Fprintf(&b, "%%%02X", s[i])
		} else {
			b.WriteByte(s[i])
		}
	}
	return b.String()
}

func defaultPort(scheme string) int {
	if scheme == "https" {
		return 443
	}
	return 80
}

// Authority is the value of a Host header: the host, and the port unless it is
// the scheme's default.
func (u *URL) Authority() string {
	if u.Port == defaultPort(u.Scheme) && !strings.Contains(u.Host, ":") {
		return u.Host
	}
	return string(u.AppendAuthority(nil))
}

// AppendAuthority appends what Authority gives.
func (u *URL) AppendAuthority(b []byte) []byte {
	if strings.Contains(u.Host, ":") {
		b = append(b, '[')
		b = append(b, u.Host...)
		b = append(b, ']')
	} else {
		b = append(b, u.Host...)
	}
	if u.Port == defaultPort(u.Scheme) {
		return b
	}
	return strconv.AppendInt(append(b, ':'), int64(u.Port), 10)
}

// Address is host:port, as a dialer wants it.
func (u *URL) Address() string { return net.JoinHostPort(u.Host, strconv.Itoa(u.Port)) }

// PathAndQuery is what follows the host on the request line; never empty.
func (u *URL) PathAndQuery() string {
	path := u.Path
	if path == "" {
		path = "/"
	}
	if u.RawQuery == "" {
		return path
	}
	return path + "?" + u.RawQuery
}

// String is the whole address, the default port left out.
func (u *URL) String() string { return u.Scheme + "://" + u.Authority() + u.PathAndQuery() }

// JoinPath is base and path with exactly one slash between them, nothing else
// changed.
func JoinPath(base, path string) string {
	base = strings.TrimSuffix(base, "/")
	if path == "" || path[0] == '/' {
		return base + path
	}
	return base + "/" + path
}

package hosts

import (
	"errors"
	"fmt"
	"net"
	"net/netip"
	"slices"
	"strconv"
	"strings"
)

// A pattern is one host, or with wildcard every host below it at any depth.
type pattern struct {
	host     string // as parseHost spells it
	wildcard bool
}

func (p pattern) String() string {
	if p.wildcard {
		return "*." + p.host
	}
	return p.host
}

// reservedDomains never exist in public DNS (RFC 6761; .internal by ICANN's
// resolution of 2024), so a wildcard may cover the whole of one.
var reservedDomains = []string{"example", "internal", "invalid", "local", "localhost", "test"}

func parsePattern(s string) (pattern, error) {
	rest, wildcard := strings.CutPrefix(s, "*.")
	host, err := parseHost(rest)
	if err != nil {
		return pattern{}, fmt.Errorf("host pattern %q %w; write a host such as api.contoso.com, or *.contoso.com for all hosts below it", s, err)
	}
	if strings.Contains(host, "%") {
		return pattern{}, fmt.Errorf("host pattern %q is an address of one interface of this machine; write it without the part from %%", s)
	}
	if wildcard && isIP(host) {
		return pattern{}, fmt.Errorf("host pattern %q puts a wildcard before an address; write the address alone", s)
	}
	if wildcard && !strings.Contains(host, ".") && !slices.Contains(reservedDomains, host) {
		return pattern{}, fmt.Errorf("host pattern %q covers a whole top-level domain; write at least *.contoso.%s", s, host)
	}
	return pattern{host, wildcard}, nil
}

// parseHost gives the one spelling under which a host is compared: lower case,
// without brackets and the root's trailing dot, and an IP address in its short
// form, an IPv4 address also where it came wrapped in IPv6.
//
// Only ASCII is a host: HTTP clients fold look-alikes (the Kelvin sign is a "k"
// to them), so a name outside it could be one host to us and another to them.
func parseHost(s string) (string, error) {
	host := s
	bracketed := strings.HasPrefix(s, "[") && strings.HasSuffix(s, "]")
	if bracketed {
		host = s[1 : len(s)-1]
	}
	if addr, ok := parseIP(host); ok && (addr.Is6() || !bracketed) {
		var room [64]byte
		if text := addr.Unmap().AppendTo(room[:0]); string(text) != host {
			return string(text), nil
		}
		return host, nil
	}
	switch {
	case s == "":
		return "", errors.New("is empty")
	case strings.ContainsAny(s, ":/[]"):
		return "", errors.New("holds a scheme, a port or a path")
	}
	return parseName(s)
}

// parseIP is netip.ParseAddr, at no cost where a name is no address at first sight.
func parseIP(s string) (netip.Addr, bool) {
	if s == "" || !strings.Contains(s, ":") && (s[len(s)-1] < '0' || s[len(s)-1] > '9') {
		return netip.Addr{}, false
	}
	addr, err := netip.ParseAddr(s)
	return addr, err == nil
}

func parseName(s string) (string, error) {
	for i := range len(s) {
		switch c := s[i]; {
		case c >= 0x80:
			return "", errors.New("is not ASCII (an international name is written in its xn-- form)")
		case !isNameByte(c):
			return "", fmt.Errorf("holds %q, which no host name has", c)
		}
	}
	name := strings.ToLower(strings.TrimSuffix(s, "."))
	if len(name) > 253 {
		return "", errors.New("is longer than 253 characters")
	}
	last := ""
	for label := range strings.SplitSeq(name, ".") {
		if label == "" || len(label) > 63 {
			return "", errors.New("has a label that is not 1 to 63 characters long")
		}
		if label[0] == '-' || label[len(label)-1] == '-' {
			return "", fmt.Errorf("has a label, %q, that begins or ends with a hyphen", label)
		}
		last = label
	}
	if strings.Trim(last, "0123456789") == "" {
		return "", errors.New("ends in a number and yet is not an IP address")
	}
	return name, nil
}

func isNameByte(c byte) bool {
	return 'a' <= c && c <= 'z' || 'A' <= c && c <= 'Z' || '0' <= c && c <= '9' || c == '-' || c == '_' || c == '.'
}

// parseAddress checks what is to be dialed and spells it the dialer's way.
func parseAddress(s string) (string, error) {
	host, port, err := net.SplitHostPort(s)
	if err != nil {
		return "", fmt.Errorf("address %q is not host:port; write it such as 127.0.0.1:9000", s)
	}
	if host, err = parseHost(host); err != nil {
		return "", fmt.Errorf("address %q: its host %w; write it such as 127.0.0.1:9000", s, err)
	}
	if n, err := strconv.ParseUint(port, 10, 16); err != nil || n == 0 {
		return "", fmt.Errorf("address %q has port %q; a port is 1 to 65535", s, port)
	}
	return net.JoinHostPort(host, port), nil
}

func isIP(host string) bool {
	_, err := netip.ParseAddr(host)
	return err == nil
}

// isLocalhost tells the names that are this machine by RFC 6761 6.3.
func isLocalhost(host string) bool {
	return host == "localhost" || strings.HasSuffix(host, ".localhost")
}

// isLoopback tells the hosts that cannot leave this machine.
func isLoopback(host string) bool {
	addr, err := netip.ParseAddr(host)
	return isLocalhost(host) || err == nil && (addr.IsLoopback() || addr.IsUnspecified())
}

// metadataAddress is where Azure's own instance metadata service answers.
const metadataAddress = "169.254.169.254"

// isPrivate tells the hosts that are nobody's in public: loopback, RFC 1918,
// unique local and link-local addresses. The instance metadata service has a
// link-local address and is real all the same: in an Azure machine it hands out
// real tokens.
func isPrivate(host string) bool {
	addr, err := netip.ParseAddr(host)
	if err != nil {
		return isLocalhost(host)
	}
	return isLoopback(host) || addr.IsPrivate() || addr.IsLinkLocalUnicast() && host != metadataAddress
}

// isPrivateAddress is isPrivate for an address that configuration gives in a
// host's place. There a name counts too that public DNS cannot know: one
// without a dot, as a container's is, or one below .internal or .local.
func isPrivateAddress(address string) bool {
	host, _, err := net.SplitHostPort(address)
	if err != nil {
		return false
	}
	if isPrivate(host) {
		return true
	}
	return !isIP(host) &&
		(!strings.Contains(host, ".") || strings.HasSuffix(host, ".internal") || strings.HasSuffix(host, ".local"))
}

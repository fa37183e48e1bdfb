package dotnet

import (
	"encoding/binary"
	"net/netip"
	"strconv"
	"strings"
)

// AddressFamily is System.Net.Sockets.AddressFamily.
type AddressFamily int32

// The families of IP addresses.
const (
	InterNetwork   AddressFamily = 2
	InterNetworkV6 AddressFamily = 23
)

const badAddress = "An invalid IP address was specified."

// IPAddress is System.Net.IPAddress.
type IPAddress struct {
	addr  netip.Addr // without a zone
	scope uint32
}

// TypeName is the value's .NET type.
func (*IPAddress) TypeName() string { return "System.Net.IPAddress" }

// NewIPAddress is new IPAddress(bytes, scope).
func NewIPAddress(bytes []byte, scope int64) (*IPAddress, error) {
	addr, ok := netip.AddrFromSlice(bytes)
	if !ok {
		return nil, Argument(badAddress, "address")
	}
	if scope < 0 || scope > 0xFFFFFFFF {
		return nil, ArgumentOutOfRange("scopeid", outOfRange)
	}
	return &IPAddress{addr, uint32(scope)}, nil
}

// NewIPv4Address is new IPAddress(address): the first byte is the lowest.
func NewIPv4Address(address int64) (*IPAddress, error) {
	if address < 0 || address > 0xFFFFFFFF {
		return nil, ArgumentOutOfRange("newAddress", outOfRange)
	}
	var b [4]byte
	binary.LittleEndian.PutUint32(b[:], uint32(address))
	return &IPAddress{addr: netip.AddrFrom4(b)}, nil
}

// ParseIPAddress is IPAddress.Parse. An address of version 6 may stand in
// brackets, which a port may follow; the names of network interfaces are not
// looked up, so that a scope by name is 0.
func ParseIPAddress(s string) (*IPAddress, error) {
	if !strings.Contains(s, ":") {
		v4, ok := parseIPv4(s)
		if !ok {
			return nil, Format(badAddress)
		}
		return &IPAddress{addr: v4}, nil
	}
	if inner, bracketed := strings.CutPrefix(s, "["); bracketed {
		address, rest, closed := strings.Cut(inner, "]")
		port, hasPort := strings.CutPrefix(rest, ":")
		hex := strings.TrimPrefix(port, "0x")
		if !closed || rest != "" && !hasPort || hex != port && !allHex(hex) || hex == port && !allDigits(port) {
			return nil, Format(badAddress)
		}
		s = address
	}
	v6, zone, ok := parseIPv6(s)
	if !ok {
		return nil, Format(badAddress)
	}
	scope, _ := strconv.ParseUint(zone, 10, 32)
	if len(zone) > 10 || scope > 0xFFFFFFFF {
		scope = 0
	}
	return &IPAddress{v6, uint32(scope)}, nil
}

func allDigits(s string) bool { return strings.Trim(s, "0123456789") == "" }
func allHex(s string) bool    { return strings.Trim(s, "0123456789abcdefABCDEF") == "" }

// parseIPv4 reads one to four numbers, decimal, octal after 0 or hexadecimal
// after 0x, of which the last one fills the rest.
func parseIPv4(s string) (netip.Addr, bool) {
	parts := strings.Split(s, ".")
	if len(parts) > 4 {
		return netip.Addr{}, false
	}
	var value uint64
	for i, part := range parts {
		n, ok := parseIPv4Part(part)
		last := i == len(parts)-1
		if limit := uint64(1) << (8 * (5 - len(parts))); !ok || !last && n > 0xFF || last && n >= limit {
			return netip.Addr{}, false
		}
		if last {
			value |= n
		} else {
			value |= n << (24 - 8*i)
		}
	}
	var b [4]byte
	binary.BigEndian.PutUint32(b[:], uint32(value))
	return netip.AddrFrom4(b), true
}

func parseIPv4Part(s string) (uint64, bool) {
	base := 10
	switch {
	case strings.HasPrefix(s, "0x") || strings.HasPrefix(s, "0X"):
		base, s = 16, s[2:]
	case len(s) > 1 && s[0] == '0':
		base = 8
	}
	if !allHex(s) { // no sign, no underscore
		return 0, false
	}
	n, err := strconv.ParseUint(s, base, 32)
	return n, err == nil
}

// parseIPv6 reads an address without brackets, and the zone after %.
func parseIPv6(s string) (addr netip.Addr, zone string, ok bool) {
	s, zone, _ = strings.Cut(s, "%")
	// The last number of four may have a zero before it.
	if i := strings.LastIndexByte(s, '.'); i >= 0 && len(s) > i+2 && s[i+1] == '0' && s[i+2] != '0' {
		s = s[:i+1] + s[i+2:]
	}
	addr, err := netip.ParseAddr(s)
	return addr, zone, err == nil && addr.Is6()
}

// String is ToString.
func (a *IPAddress) String() string {
	if a.addr.Is4() {
		return a.addr.String()
	}
	text := formatIPv6(a.addr)
	if a.scope != 0 {
		text += "%" + strconv.FormatUint(uint64(a.scope), 10)
	}
	return text
}

// formatIPv6 writes an address in lower case, its longest run of two or more
// zeros as ::, its end as an address of version 4 where it holds one.
func formatIPv6(addr netip.Addr) string {
	b := addr.As16()
	var groups [8]uint16
	for i := range groups {
		groups[i] = binary.BigEndian.Uint16(b[2*i:])
	}
	text := netip.AddrFrom16(b).WithZone("").String()
	if addr.Is4In6() {
		if groups[6] == 0 { // which .NET takes for no address of version 4
			return "::ffff:0:" + strconv.FormatUint(uint64(groups[7]), 16)
		}
		return text
	}
	compatible := groups[4] == 0 && groups[5] == 0 && groups[6] != 0 || groups[4] == 0xFFFF && groups[5] == 0
	compatible = compatible && groups[0]|groups[1]|groups[2]|groups[3] == 0
	if !compatible && (groups[4] != 0 || groups[5] != 0x5EFE) {
		return text
	}
	// A group of its own in place of the last two keeps them out of a run.
	b[12], b[13], b[14], b[15] = 0xFF, 0xFF, 0xFF, 0xFF
	text = netip.AddrFrom16(b).String()
	v4 := addr.As16()
	return strings.TrimSuffix(text, "ffff:ffff") + netip.AddrFrom4([4]byte(v4[12:])).String()
}

// Family is AddressFamily.
func (a *IPAddress) Family() AddressFamily {
	if a.addr.Is4() {
		return InterNetwork
	}
	return InterNetworkV6
}

// Bytes is GetAddressBytes.
func (a *IPAddress) Bytes() []byte { return a.addr.AsSlice() }

// Equal is Equals.
func (a *IPAddress) Equal(other *IPAddress) bool { return *a == *other }

// IsLoopback is IPAddress.IsLoopback.
func (a *IPAddress) IsLoopback() bool { return a.addr.Unmap().IsLoopback() }

// IsMulticast is IsIPv6Multicast.
func (a *IPAddress) IsMulticast() bool { return a.addr.Is6() && a.Bytes()[0] == 0xFF }

// IsLinkLocal is IsIPv6LinkLocal.
func (a *IPAddress) IsLinkLocal() bool { return a.hasPrefix("fe80::/10") }

// IsSiteLocal is IsIPv6SiteLocal.
func (a *IPAddress) IsSiteLocal() bool { return a.hasPrefix("fec0::/10") }

// IsTeredo is IsIPv6Teredo.
func (a *IPAddress) IsTeredo() bool { return a.hasPrefix("2001::/32") }

func (a *IPAddress) hasPrefix(prefix string) bool {
	return netip.MustParsePrefix(prefix).Contains(a.addr)
}

// IsMapped is IsIPv4MappedToIPv6.
func (a *IPAddress) IsMapped() bool { return a.addr.Is4In6() }

// MapToIPv6 is MapToIPv6.
func (a *IPAddress) MapToIPv6() *IPAddress {
	if a.addr.Is6() {
		return a
	}
	return &IPAddress{addr: netip.AddrFrom16(a.addr.As16())}
}

// MapToIPv4 is MapToIPv4: the last four bytes.
func (a *IPAddress) MapToIPv4() *IPAddress {
	if a.addr.Is4() {
		return a
	}
	b := a.addr.As16()
	return &IPAddress{addr: netip.AddrFrom4([4]byte(b[12:]))}
}

// notSupported is what a member says of an address of the other version.
func notSupported() error {
	return NewException("System.Net.Sockets.SocketException", "Operation not supported")
}

// Scope is ScopeId.
func (a *IPAddress) Scope() (int64, error) {
	if a.addr.Is4() {
		return 0, notSupported()
	}
	return int64(a.scope), nil
}

// SetScope sets ScopeId.
func (a *IPAddress) SetScope(scope int64) error {
	if a.addr.Is4() {
		return notSupported()
	}
	if scope < 0 || scope > 0xFFFFFFFF {
		return ArgumentOutOfRange("value", outOfRange)
	}
	a.scope = uint32(scope)
	return nil
}

// Address is the address of version 4 as a number whose lowest byte is the first.
func (a *IPAddress) Address() (int64, error) {
	if a.addr.Is6() {
		return 0, notSupported()
	}
	return int64(binary.LittleEndian.Uint32(a.Bytes())), nil
}

package expr

import (
	"math/bits"
	"sync"

	"github.com/apimulator/apimulator/policy/expr/dotnet"
)

const addressFamilyType = "System.Net.Sockets.AddressFamily"

var _ = declareEnum("enum "+addressFamilyType, EnumValue{"Unknown", -1}, EnumValue{"Unspecified", 0}, EnumValue{"Unix", 1}, EnumValue{"InterNetwork", 2},
	EnumValue{"ImpLink", 3}, EnumValue{"Pup", 4}, EnumValue{"Chaos", 5}, EnumValue{"Ipx", 6}, EnumValue{"Iso", 7}, EnumValue{"Ecma", 8}, EnumValue{"DataKit", 9},
	EnumValue{"Ccitt", 10}, EnumValue{"Sna", 11}, EnumValue{"DecNet", 12}, EnumValue{"DataLink", 13}, EnumValue{"Lat", 14}, EnumValue{"HyperChannel", 15},
	EnumValue{"AppleTalk", 16}, EnumValue{"NetBios", 17}, EnumValue{"VoiceView", 18}, EnumValue{"FireFox", 19}, EnumValue{"Banyan", 21}, EnumValue{"Atm", 22},
	EnumValue{"InterNetworkV6", 23}, EnumValue{"Cluster", 24}, EnumValue{"Ieee12844", 25}, EnumValue{"Irda", 26}, EnumValue{"NetworkDesigners", 28}, EnumValue{"Max", 29})

var _ = exception("System.Net.Sockets.SocketException", "System.SystemException", "Unknown error")

// addressObject is an IPAddress.
type addressObject struct{ *dotnet.IPAddress }

// DotnetType is part of Object.
func (*addressObject) DotnetType() *Type { return typeOf("System.Net.IPAddress") }

// ToString is part of Texter.
func (o *addressObject) ToString(*Machine) (string, error) { return o.String(), nil }

// EqualTo is part of Equaler.
func (o *addressObject) EqualTo(_ *Machine, other any) (bool, error) {
	p, ok := other.(*addressObject)
	return ok && o.Equal(p.IPAddress), nil
}

// namedAddress declares an address that is the same object each time. It is made
// when it is first asked for.
func namedAddress(name, text string) memberDecl {
	made := sync.OnceValues(func() (any, error) { return newAddress(dotnet.ParseIPAddress(text)) })
	return member("static IPAddress "+name+" { get; }", func(*Machine, []any) (any, error) { return made() })
}

// ofAddress is a member that cannot fail.
func ofAddress[T any](f func(*dotnet.IPAddress) T) func(*Machine, []any) (any, error) {
	return func(_ *Machine, a []any) (any, error) { return f(a[0].(*addressObject).IPAddress), nil }
}

func newAddress(a *dotnet.IPAddress, err error) (any, error) {
	if err != nil {
		return nil, err
	}
	return &addressObject{a}, nil
}

var _ = declare("class System.Net.IPAddress", func() []memberDecl {
	return []memberDecl{
		member("new(long newAddress)", func(_ *Machine, a []any) (any, error) { return newAddress(dotnet.NewIPv4Address(a[0].(int64))) }),
		member("new(byte[] address)", newAddressOfBytes),
		member("new(byte[] address, long scopeid)", newAddressOfBytes),
		namedAddress("Any", "0.0.0.0"), namedAddress("Loopback", "127.0.0.1"), namedAddress("Broadcast", "255.255.255.255"),
		namedAddress("None", "255.255.255.255"), namedAddress("IPv6Any", "::"), namedAddress("IPv6Loopback", "::1"), namedAddress("IPv6None", "::"),
		member("static IPAddress Parse(string ipString)", func(_ *Machine, a []any) (any, error) {
			s, err := textArg(a[0], "ipString")
			if err != nil {
				return nil, err
			}
			return newAddress(dotnet.ParseIPAddress(s))
		}),
		member("static bool TryParse(string ipString, out IPAddress address)", func(_ *Machine, a []any) (any, error) {
			parsed, err := dotnet.ParseIPAddress(text(a[0]))
			a[1].(*Ref).Value = nil
			if err == nil {
				a[1].(*Ref).Value = &addressObject{parsed}
			}
			return err == nil, nil
		}),
		member("static bool IsLoopback(IPAddress address)", func(_ *Machine, a []any) (any, error) {
			if err := notNull(a, "address"); err != nil {
				return nil, err
			}
			return a[0].(*addressObject).IsLoopback(), nil
		}),
		member("System.Net.Sockets.AddressFamily AddressFamily { get; }", ofAddress(func(a *dotnet.IPAddress) EnumObject {
			return EnumObject{typeOf(addressFamilyType), int64(a.Family())}
		})),
		member("byte[] GetAddressBytes()", ofAddress(func(a *dotnet.IPAddress) *ArrayObject { return NewBytes(a.Bytes()) })),
		member("IPAddress MapToIPv4()", ofAddress(func(a *dotnet.IPAddress) *addressObject { return &addressObject{a.MapToIPv4()} })),
		member("IPAddress MapToIPv6()", ofAddress(func(a *dotnet.IPAddress) *addressObject { return &addressObject{a.MapToIPv6()} })),
		member("bool IsIPv4MappedToIPv6 { get; }", ofAddress((*dotnet.IPAddress).IsMapped)),
		member("bool IsIPv6LinkLocal { get; }", ofAddress((*dotnet.IPAddress).IsLinkLocal)),
		member("bool IsIPv6Multicast { get; }", ofAddress((*dotnet.IPAddress).IsMulticast)),
		member("bool IsIPv6SiteLocal { get; }", ofAddress((*dotnet.IPAddress).IsSiteLocal)),
		member("bool IsIPv6Teredo { get; }", ofAddress((*dotnet.IPAddress).IsTeredo)),
		member("long ScopeId { get; set; }", func(_ *Machine, a []any) (any, error) { return a[0].(*addressObject).Scope() },
			func(_ *Machine, a []any) (any, error) { return nil, a[0].(*addressObject).SetScope(a[1].(int64)) }),
		member("long Address { get; }", func(_ *Machine, a []any) (any, error) { return a[0].(*addressObject).Address() }),
		member("static short HostToNetworkOrder(short host)", swap16), member("static int HostToNetworkOrder(int host)", swap32), member("static long HostToNetworkOrder(long host)", swap64),
		member("static short NetworkToHostOrder(short network)", swap16), member("static int NetworkToHostOrder(int network)", swap32), member("static long NetworkToHostOrder(long network)", swap64),
	}
})

func newAddressOfBytes(_ *Machine, a []any) (any, error) {
	if err := notNull(a[:1], "address"); err != nil {
		return nil, err
	}
	scope := int64(0)
	if len(a) > 1 {
		if scope = a[1].(int64); len(bytesArg(a[0])) == 4 {
			return nil, dotnet.Argument("An invalid IP address was specified.", "address")
		}
	}
	return newAddress(dotnet.NewIPAddress(bytesArg(a[0]), scope))
}

func swap16(_ *Machine, a []any) (any, error) {
	return int16(bits.ReverseBytes16(uint16(a[0].(int16)))), nil
}

func swap32(_ *Machine, a []any) (any, error) {
	return int32(bits.ReverseBytes32(uint32(a[0].(int32)))), nil
}

func swap64(_ *Machine, a []any) (any, error) {
	return int64(bits.ReverseBytes64(uint64(a[0].(int64)))), nil
}

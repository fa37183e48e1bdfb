package expr

import (
	"github.com/apimulator/apimulator/policy/expr/dotnet"
)

var (
	_ = declareEnum("enum System.UriKind", EnumValue{"RelativeOrAbsolute", 0}, EnumValue{"Absolute", 1}, EnumValue{"Relative", 2})
	_ = declareEnum("enum System.UriPartial", EnumValue{"Scheme", 0}, EnumValue{"Authority", 1}, EnumValue{"Path", 2}, EnumValue{"Query", 3})
	_ = declareEnum("enum System.UriFormat", EnumValue{"UriEscaped", 1}, EnumValue{"Unescaped", 2}, EnumValue{"SafeUnescaped", 3})
	_ = declareEnum("enum System.UriHostNameType", EnumValue{"Unknown", 0}, EnumValue{"Basic", 1}, EnumValue{"Dns", 2}, EnumValue{"IPv4", 3}, EnumValue{"IPv6", 4})
	_ = declareEnum("flags enum System.UriComponents", EnumValue{"SerializationInfoString", -1 << 31}, EnumValue{"Scheme", 1}, EnumValue{"UserInfo", 2},
		EnumValue{"Host", 4}, EnumValue{"Port", 8}, EnumValue{"SchemeAndServer", 13}, EnumValue{"Path", 16}, EnumValue{"Query", 32},
		EnumValue{"PathAndQuery", 48}, EnumValue{"HttpRequestUrl", 61}, EnumValue{"Fragment", 64}, EnumValue{"AbsoluteUri", 127},
		EnumValue{"StrongPort", 128}, EnumValue{"HostAndPort", 132}, EnumValue{"StrongAuthority", 134}, EnumValue{"NormalizedHost", 256},
		EnumValue{"KeepDelimiter", 0x40000000})
)

var _ = declare("class System.Uri", uriSchemes, uriMakers, uriParts, uriFunctions)

// uriSchemes are the names of schemes, with the mark that follows them.
func uriSchemes() []memberDecl {
	members := []memberDecl{member("static string SchemeDelimiter { get; }", always("://"))}
	for name, scheme := range map[string]string{
		"File": "file", "Ftp": "ftp", "Gopher": "gopher", "Http": "http", "Https": "https", "Mailto": "mailto",
		"NetPipe": "net.pipe", "NetTcp": "net.tcp", "News": "news", "Nntp": "nntp",
	} {
		members = append(members, member("static string UriScheme"+name+" { get; }", always(scheme)))
	}
	return members
}

func uri(v any) *dotnet.URI { return v.(*dotnet.URI) }

// uriKind is a UriKind argument.
func uriKind(v any) dotnet.URIKind { return dotnet.URIKind(v.(EnumObject).Value) }

// uriWork counts taking a text apart.
func (m *Machine) uriWork(s string) error {
	if err := m.Spend(len(s) / 4); err != nil {
		return err
	}
	return m.Allocate(4 * len(s))
}

func (m *Machine) newURI(v any, kind dotnet.URIKind, dontEscape bool) (any, error) {
	if v == nil {
		return nil, dotnet.ArgumentNull("uriString")
	}
	if err := m.uriWork(v.(string)); err != nil {
		return nil, err
	}
	return orNil(dotnet.NewURI(v.(string), kind, dontEscape))
}

func uriMakers() []memberDecl {
	return []memberDecl{
		member("new(string uriString)", func(m *Machine, a []any) (any, error) { return m.newURI(a[0], dotnet.AbsoluteKind, false) }),
		member("new(string uriString, UriKind uriKind)", func(m *Machine, a []any) (any, error) { return m.newURI(a[0], uriKind(a[1]), false) }),
		member("new(string uriString, bool dontEscape)", func(m *Machine, a []any) (any, error) {
			return m.newURI(a[0], dotnet.AbsoluteKind, a[1].(bool))
		}),
		member("new(Uri baseUri, string relativeUri)", func(m *Machine, a []any) (any, error) {
			if err := uriBase(a[0]); err != nil {
				return nil, err
			}
			relative, err := m.newURI(text(a[1]), dotnet.RelativeOrAbsolute, false)
			if err != nil {
				return nil, err
			}
			return m.combineURI(a[0], relative)
		}),
		member("new(Uri baseUri, Uri relativeUri)", func(m *Machine, a []any) (any, error) {
			if err := uriBase(a[0]); err != nil {
				return nil, err
			}
			if a[1] == nil {
				return nil, dotnet.NullReference()
			}
			return m.combineURI(a[0], a[1])
		}),
		member("static bool TryCreate(string uriString, UriKind uriKind, out Uri result)", func(m *Machine, a []any) (any, error) {
			if a[0] == nil {
				a[2].(*Ref).Value = nil
				return false, nil
			}
			if err := m.uriWork(a[0].(string)); err != nil {
				return nil, err
			}
			if kind := uriKind(a[1]); kind < dotnet.RelativeOrAbsolute || kind > dotnet.RelativeKind {
				_, err := dotnet.NewURI("", kind, false)
				return nil, err
			}
			return uriResult(a[2], dotnet.TryURI(a[0].(string), uriKind(a[1])))
		}),
		member("static bool TryCreate(Uri baseUri, string relativeUri, out Uri result)", func(m *Machine, a []any) (any, error) {
			if a[1] == nil {
				return uriResult(a[2], nil)
			}
			if err := m.uriWork(a[1].(string)); err != nil {
				return nil, err
			}
			return m.tryCombine(a[0], dotnet.TryURI(a[1].(string), dotnet.RelativeOrAbsolute), a[2])
		}),
		member("static bool TryCreate(Uri baseUri, Uri relativeUri, out Uri result)", func(m *Machine, a []any) (any, error) {
			relative, _ := a[1].(*dotnet.URI)
			return m.tryCombine(a[0], relative, a[2])
		}),
	}
}

// uriBase checks the base of a relative URI.
func uriBase(v any) error {
	switch {
	case v == nil:
		return dotnet.ArgumentNull("baseUri")
	case !uri(v).IsAbsolute():
		return dotnet.ArgumentOutOfRange("baseUri", outOfRange)
	}
	return nil
}

func (m *Machine) combineURI(base, relative any) (any, error) {
	if err := m.uriWork(uri(base).OriginalString() + uri(relative).OriginalString()); err != nil {
		return nil, err
	}
	return orNil(dotnet.CombineURI(uri(base), uri(relative)))
}

func (m *Machine) tryCombine(base any, relative *dotnet.URI, result any) (any, error) {
	if relative == nil || base == nil || !uri(base).IsAbsolute() {
		return uriResult(result, nil)
	}
	if err := m.uriWork(uri(base).OriginalString()); err != nil {
		return nil, err
	}
	u, err := dotnet.CombineURI(uri(base), relative)
	if err != nil {
		u = nil
	}
	return uriResult(result, u)
}

func uriResult(result any, u *dotnet.URI) (any, error) {
	if u == nil {
		result.(*Ref).Value = nil
		return false, nil
	}
	result.(*Ref).Value = u
	return true, nil
}

// uriParts are the members of an instance.
func uriParts() []memberDecl {
	return []memberDecl{
		member("string AbsolutePath { get; }", ofURI((*dotnet.URI).AbsolutePath)),
		member("string AbsoluteUri { get; }", ofURI((*dotnet.URI).AbsoluteURI)),
		member("string Authority { get; }", ofURI((*dotnet.URI).Authority)),
		member("string DnsSafeHost { get; }", ofURI((*dotnet.URI).DNSSafeHost)),
		member("string Fragment { get; }", ofURI((*dotnet.URI).Fragment)),
		member("string Host { get; }", ofURI((*dotnet.URI).Host)),
		member("string IdnHost { get; }", func(_ *Machine, a []any) (any, error) {
			if err := uri(a[0]).NotAbsolute(); err != nil {
				return nil, err
			}
			return orNil(uri(a[0]).IDNHost())
		}),
		member("UriHostNameType HostNameType { get; }", ofURI(func(u *dotnet.URI) EnumObject { return hostNameType(u.HostNameType()) })),
		member("bool IsAbsoluteUri { get; }", func(_ *Machine, a []any) (any, error) { return uri(a[0]).IsAbsolute(), nil }),
		member("bool IsDefaultPort { get; }", ofURI((*dotnet.URI).IsDefaultPort)),
		member("bool IsFile { get; }", ofURI((*dotnet.URI).IsFile)),
		member("bool IsLoopback { get; }", ofURI((*dotnet.URI).IsLoopback)),
		member("bool IsUnc { get; }", ofURI((*dotnet.URI).IsUNC)),
		member("string LocalPath { get; }", ofURI((*dotnet.URI).LocalPath)),
		member("string OriginalString { get; }", func(_ *Machine, a []any) (any, error) { return uri(a[0]).OriginalString(), nil }),
		member("string PathAndQuery { get; }", ofURI((*dotnet.URI).PathAndQuery)),
		member("int Port { get; }", ofURI(func(u *dotnet.URI) int32 { return int32(u.Port()) })),
		member("string Query { get; }", ofURI((*dotnet.URI).Query)),
		member("string Scheme { get; }", ofURI((*dotnet.URI).Scheme)),
		member("string[] Segments { get; }", func(m *Machine, a []any) (any, error) {
			if err := uri(a[0]).NotAbsolute(); err != nil {
				return nil, err
			}
			return m.newTexts(uri(a[0]).Segments(), nil)
		}),
		member("bool UserEscaped { get; }", func(_ *Machine, a []any) (any, error) { return uri(a[0]).UserEscaped(), nil }),
		member("string UserInfo { get; }", ofURI((*dotnet.URI).UserInfo)),
		member("string GetLeftPart(UriPartial part)", func(_ *Machine, a []any) (any, error) {
			if err := uri(a[0]).NotAbsolute(); err != nil {
				return nil, err
			}
			return orNil(uri(a[0]).LeftPart(dotnet.URIPartial(a[1].(EnumObject).Value)))
		}),
		member("string GetComponents(UriComponents components, UriFormat format)", func(_ *Machine, a []any) (any, error) {
			return orNil(uri(a[0]).Components(dotnet.URIComponents(a[1].(EnumObject).Value), dotnet.URIFormat(a[2].(EnumObject).Value)))
		}),
		member("bool IsBaseOf(Uri uri)", func(m *Machine, a []any) (any, error) {
			if a[1] == nil {
				return nil, dotnet.ArgumentNull("uri")
			}
			return uri(a[0]).IsBaseOf(uri(a[1])), m.uriWork(uri(a[1]).OriginalString())
		}),
		member("bool IsWellFormedOriginalString()", func(m *Machine, a []any) (any, error) {
			return uri(a[0]).IsWellFormed(), m.uriWork(uri(a[0]).OriginalString())
		}),
		member("Uri MakeRelativeUri(Uri uri)", func(_ *Machine, a []any) (any, error) {
			if a[1] == nil {
				return nil, dotnet.ArgumentNull("uri")
			}
			return orNil(uri(a[0]).MakeRelative(uri(a[1])))
		}),
		member("string ToString()", func(m *Machine, a []any) (any, error) { return orNil(m.Text(a[0])) }),
		member("bool Equals(object comparand)", func(m *Machine, a []any) (any, error) { return orNil(m.Equal(a[0], a[1])) }),
		member("int GetHashCode()", func(m *Machine, a []any) (any, error) { return orNil(hashOf(m, a[0])) }),
		member("static bool operator ==(Uri uri1, Uri uri2)", func(m *Machine, a []any) (any, error) { return orNil(m.Equal(a[0], a[1])) }),
		member("static bool operator !=(Uri uri1, Uri uri2)", func(m *Machine, a []any) (any, error) {
			equal, err := m.Equal(a[0], a[1])
			return orNil(!equal, err)
		}),
	}
}

// ofURI is a property that only an absolute URI has.
func ofURI[T any](f func(*dotnet.URI) T) func(*Machine, []any) (any, error) {
	return func(m *Machine, a []any) (any, error) {
		if err := uri(a[0]).NotAbsolute(); err != nil {
			return nil, err
		}
		return f(uri(a[0])), m.uriWork(uri(a[0]).OriginalString())
	}
}

func hostNameType(t dotnet.URIHostNameType) EnumObject {
	return EnumObject{typeOf("System.UriHostNameType"), int64(t)}
}

// uriFunctions are the static members that take texts.
func uriFunctions() []memberDecl {
	return []memberDecl{
		member("static string EscapeDataString(string stringToEscape)", escapeURIText(dotnet.EscapeDataString)),
		member("static string EscapeUriString(string stringToEscape)", escapeURIText(dotnet.EscapeURIString)),
		member("static string UnescapeDataString(string stringToUnescape)", func(m *Machine, a []any) (any, error) {
			if a[0] == nil {
				return nil, dotnet.ArgumentNull("stringToUnescape")
			}
			if err := m.uriWork(a[0].(string)); err != nil {
				return nil, err
			}
			return dotnet.UnescapeDataString(a[0].(string)), nil
		}),
		member("static bool IsWellFormedUriString(string uriString, UriKind uriKind)", func(m *Machine, a []any) (any, error) {
			if a[0] == nil {
				return false, nil
			}
			if err := m.uriWork(a[0].(string)); err != nil {
				return nil, err
			}
			if kind := uriKind(a[1]); kind < dotnet.RelativeOrAbsolute || kind > dotnet.RelativeKind {
				_, err := dotnet.NewURI("", kind, false)
				return nil, err
			}
			return dotnet.IsWellFormedURIString(a[0].(string), uriKind(a[1])), nil
		}),
		member("static UriHostNameType CheckHostName(string name)", func(m *Machine, a []any) (any, error) {
			return hostNameType(dotnet.CheckHostName(text(a[0]))), m.uriWork(text(a[0]))
		}),
		member("static bool CheckSchemeName(string schemeName)", func(_ *Machine, a []any) (any, error) { return dotnet.CheckSchemeName(text(a[0])), nil }),
		member("static string HexEscape(char character)", func(_ *Machine, a []any) (any, error) { return orNil(dotnet.HexEscape(a[0].(dotnet.Char))) }),
		member("static char HexUnescape(string pattern, ref int index)", func(_ *Machine, a []any) (any, error) {
			at := a[1].(*Ref)
			c, next, err := dotnet.HexUnescape(text(a[0]), intArg(at.Value))
			if err != nil {
				return nil, err
			}
			at.Value = int32(next)
			return c, nil
		}),
		member("static int Compare(Uri uri1, Uri uri2, UriComponents partsToCompare, UriFormat compareFormat, StringComparison comparisonType)", compareURIs),
		member("static bool IsHexDigit(char character)", func(_ *Machine, a []any) (any, error) { return hexDigit(a[0].(dotnet.Char)) >= 0, nil }),
		member("static bool IsHexEncoding(string pattern, int index)", func(_ *Machine, a []any) (any, error) {
			return dotnet.IsHexEncoding(text(a[0]), intArg(a[1])), nil
		}),
		member("static int FromHex(char digit)", func(_ *Machine, a []any) (any, error) {
			d := hexDigit(a[0].(dotnet.Char))
			if d < 0 {
				return nil, dotnet.Argument("digit", "")
			}
			return d, nil
		}),
	}
}

// hexDigit is the value of a hexadecimal digit, -1 of another character.
func hexDigit(c dotnet.Char) int32 {
	switch {
	case c >= '0' && c <= '9':
		return int32(c - '0')
	case c|0x20 >= 'a' && c|0x20 <= 'f':
		return int32(c|0x20-'a') + 10
	}
	return -1
}

func escapeURIText(f func(string) (string, error)) func(*Machine, []any) (any, error) {
	return func(m *Machine, a []any) (any, error) {
		if a[0] == nil {
			return nil, dotnet.ArgumentNull("stringToEscape")
		}
		if err := m.uriWork(a[0].(string)); err != nil {
			return nil, err
		}
		return m.newText(f(a[0].(string)))
	}
}

// compareURIs compares parts of two URIs; null comes first, then what is relative.
func compareURIs(m *Machine, a []any) (any, error) {
	if a[0] == nil || a[1] == nil {
		return int32(compareInts(rankOf(a[0] != nil), rankOf(a[1] != nil))), nil
	}
	x, y := uri(a[0]), uri(a[1])
	if !x.IsAbsolute() || !y.IsAbsolute() {
		if x.IsAbsolute() == y.IsAbsolute() {
			return compareNullable(m, x.OriginalString(), y.OriginalString(), howOf(a[4]))
		}
		return int32(compareInts(rankOf(x.IsAbsolute()), rankOf(y.IsAbsolute()))), nil
	}
	parts, format := dotnet.URIComponents(a[2].(EnumObject).Value), dotnet.URIFormat(a[3].(EnumObject).Value)
	s, err := x.Components(parts, format)
	if err != nil {
		return nil, err
	}
	t, err := y.Components(parts, format)
	if err != nil {
		return nil, err
	}
	return compareNullable(m, s, t, howOf(a[4]))
}

// rankOf is 1 for true.
func rankOf(b bool) int64 {
	if b {
		return 1
	}
	return 0
}

package dotnet

import "strings"

// URIKind is System.UriKind.
type URIKind int32

// The kinds of URIs.
const (
	RelativeOrAbsolute URIKind = 0
	AbsoluteKind       URIKind = 1
	RelativeKind       URIKind = 2
)

// URI is System.Uri: a text taken apart. It is never changed.
type URI struct {
	original string
	syntax   *uriSyntax // nil of a relative one
	// text is original, its escapes and characters beyond ASCII put right if
	// there are any (unicode).
	text        string
	unicode     bool
	userEscaped bool // the text is taken for escaped as it should be

	implicitFile bool // a path without a scheme
	unixPath     bool // /dir/file
	dosPath      bool // c:\dir\file
	uncPath      bool // \\host\share
	authority    bool // slashes before the host

	head     string  // what stands between the scheme's colon and the user or host
	userInfo uriPart // with @
	rawHost  string
	host     uriHost
	port     int
	portText string // as it stands there, with the colon
	path     uriPart
	query    uriPart // with ?
	fragment uriPart // with #

	slashAbsent, compress, backslashes bool // of the path

	space       string // at the end of the text, when that is taken apart
	hostChanged bool   // the host is not as it stands in the text, but for case
}

// uriPart is a component as it stands in the text, and what is to be done to it.
type uriPart struct {
	raw string
	uriFindings
	mustEscape   bool // when it is wanted escaped
	mustUnescape bool // when it is wanted unescaped
	validIRI     bool // it has characters beyond ASCII, as an IRI may
}

// NewURI is new Uri(text, kind).
func NewURI(text string, kind URIKind, dontEscape bool) (*URI, error) {
	if kind < RelativeOrAbsolute || kind > RelativeKind {
		return nil, Argument("The value '"+ToString(int32(kind))+"' passed for the UriKind parameter is invalid.", "")
	}
	u := &URI{original: text, text: text, userEscaped: dontEscape}
	return u, u.parse(kind, true).exception()
}

// TryURI is Uri.TryCreate(text, kind); nil if it is none.
func TryURI(text string, kind URIKind) *URI {
	u := &URI{original: text, text: text}
	if u.parse(kind, false) != uriOK {
		return nil
	}
	return u
}

// TypeName is the value's .NET type.
func (*URI) TypeName() string { return "System.Uri" }

// IsAbsolute is IsAbsoluteUri.
func (u *URI) IsAbsolute() bool { return u.syntax != nil }

// NotAbsolute is what most members say of a relative URI.
func (u *URI) NotAbsolute() error {
	if u.IsAbsolute() {
		return nil
	}
	return InvalidOperation("This operation is not supported for a relative URI.")
}

// OriginalString is the text that the URI was made of.
func (u *URI) OriginalString() string { return u.original }

// UserEscaped reports whether the text was said to be escaped.
func (u *URI) UserEscaped() bool { return u.userEscaped }

// String is ToString: unescaped as far as that does no harm.
func (u *URI) String() string {
	if !u.IsAbsolute() {
		return u.text
	}
	return u.components(AbsoluteComponents, displayFormat)
}

// The properties of an absolute URI.

// Scheme is in lower case.
func (u *URI) Scheme() string { return u.syntax.scheme }

// Host is empty if there is none; an address of version 6 is in brackets.
func (u *URI) Host() string { return u.components(HostComponent, URIEscaped) }

// Port is -1 if the scheme has none.
func (u *URI) Port() int { return u.port }

// IsDefaultPort reports whether the port is the scheme's.
func (u *URI) IsDefaultPort() bool { return u.port == u.syntax.port }

// UserInfo is the part before the host, without the @.
func (u *URI) UserInfo() string { return u.components(UserInfoComponent, URIEscaped) }

// Authority is the host, and the port unless it is the scheme's.
func (u *URI) Authority() string { return u.components(HostComponent|PortComponent, URIEscaped) }

// AbsoluteURI is the whole, escaped.
func (u *URI) AbsoluteURI() string { return u.components(AbsoluteComponents, URIEscaped) }

// rootedPath is the path, escaped, before which a drive has a slash.
func (u *URI) rootedPath() string {
	return u.components(PathComponent|KeepDelimiter, URIEscaped)
}

// AbsolutePath is the path, escaped.
func (u *URI) AbsolutePath() string { return u.withoutDriveSlash(u.rootedPath()) }

func (u *URI) withoutDriveSlash(path string) string {
	if u.dosPath {
		return strings.TrimPrefix(path, "/")
	}
	return path
}

// PathAndQuery is path and query, escaped.
func (u *URI) PathAndQuery() string {
	return u.withoutDriveSlash(u.components(PathComponent|QueryComponent, URIEscaped))
}

// Query is the query, escaped, with the question mark.
func (u *URI) Query() string { return u.components(QueryComponent|KeepDelimiter, URIEscaped) }

// Fragment is the fragment, escaped, with the number sign.
func (u *URI) Fragment() string { return u.components(FragmentComponent|KeepDelimiter, URIEscaped) }

// Segments are the parts of the path, each with the slash at its end.
func (u *URI) Segments() []string {
	segments := strings.SplitAfter(u.rootedPath(), "/")
	if segments[len(segments)-1] == "" {
		segments = segments[:len(segments)-1]
	}
	return segments
}

// IsFile reports whether the scheme is file.
func (u *URI) IsFile() bool { return u.syntax.scheme == "file" }

// IsUNC reports whether it is a path of Windows with a host.
func (u *URI) IsUNC() bool { return u.uncPath }

// IsLoopback reports whether the host is this machine.
func (u *URI) IsLoopback() bool { return u.host.loopback }

// HostNameType is System.UriHostNameType.
func (u *URI) HostNameType() URIHostNameType { return u.host.nameType() }

// LocalPath is the path, unescaped; of a path of Windows with backslashes.
func (u *URI) LocalPath() string {
	if !u.uncPath && !u.dosPath {
		return u.components(PathComponent|KeepDelimiter, Unescaped)
	}
	return u.windowsPath()
}

// URIPartial is System.UriPartial: the part of a URI that GetLeftPart ends with.
type URIPartial int32

// The parts.
const (
	SchemePartial    URIPartial = 0
	AuthorityPartial URIPartial = 1
	PathPartial      URIPartial = 2
	QueryPartial     URIPartial = 3
)

// LeftPart is GetLeftPart.
func (u *URI) LeftPart(part URIPartial) (string, error) {
	const server = SchemeComponent | UserInfoComponent | HostComponent | PortComponent
	switch part {
	case SchemePartial:
		return u.components(SchemeComponent|KeepDelimiter, URIEscaped), nil
	case AuthorityPartial:
		if !u.authority || u.dosPath {
			return "", nil
		}
		return u.components(server, URIEscaped), nil
	case PathPartial:
		return u.components(server|PathComponent, URIEscaped), nil
	case QueryPartial:
		return u.components(server|PathComponent|QueryComponent, URIEscaped), nil
	}
	return "", Argument("The subcomponent, "+ToString(int32(part))+", of this uri is not valid.", "part")
}

// Equal is Equals: user and fragment don't count.
func (u *URI) Equal(other *URI) bool {
	switch {
	case u == other || u.text == other.text && u.IsAbsolute() == other.IsAbsolute():
		return true
	case u.IsAbsolute() != other.IsAbsolute():
		return false
	case !u.IsAbsolute():
		return u.original == other.original
	case !strings.EqualFold(u.Host(), other.Host()) || u.port != other.port:
		return false
	}
	const request = SchemeComponent | HostComponent | PortComponent | PathComponent | QueryComponent
	a, b := u.components(request, SafeUnescaped), other.components(request, SafeUnescaped)
	if u.uncPath || u.dosPath {
		return compareOrdinalIgnoreCase(a, b) == 0
	}
	return a == b
}

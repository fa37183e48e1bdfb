package dotnet

import "strings"

// CombineURI is new Uri(base, relative): relative as seen from base.
func CombineURI(base *URI, relative *URI) (*URI, error) {
	u, err := resolveURI(base, relative)
	return u, err.exception()
}

// resolveURI is CombineURI.
func resolveURI(base, relative *URI) (*URI, uriError) {
	if relative.IsAbsolute() {
		return relative, uriOK
	}
	text := strings.Trim(relative.original, uriSpace)
	u := &URI{userEscaped: relative.userEscaped}
	u.original = base.combine(text)
	u.text = u.original
	return u, u.parse(AbsoluteKind, true)
}

// combine is the text of relative as seen from u.
func (u *URI) combine(relative string) string {
	const (
		server = SchemeComponent | UserInfoComponent | HostComponent | PortComponent
		page   = server | PathComponent
	)
	format := SafeUnescaped
	if u.userEscaped {
		format = URIEscaped
	}
	switch {
	case relative == "":
		return u.components(AbsoluteComponents, format)
	case relative[0] == '#' && !u.implicitFile && u.syntax.has(mayHaveFragment):
		return u.components(page|QueryComponent, URIEscaped) + relative
	case relative[0] == '?' && !u.implicitFile && u.syntax.has(mayHaveQuery):
		return u.components(page, URIEscaped) + relative
	case len(relative) > 2 && (relative[1] == ':' || relative[1] == '|') && isLetter(relative[0]) && isSlash(relative[2]):
		switch {
		case u.implicitFile:
			return relative
		case u.syntax.has(allowDOSPath):
			prefix := ":"
			if u.authority {
				prefix = "://"
			}
			if u.syntax.has(pathIsRooted) {
				prefix += "/"
			}
			return u.syntax.scheme + prefix + relative
		}
	}
	if isSlash(relative[0]) {
		if rooted, ok := u.combineRooted(relative, format); ok {
			return rooted
		}
	}
	return u.combinePath(relative, format)
}

// combineRooted combines with a path from the root, or with a host and path.
func (u *URI) combineRooted(relative string, format URIFormat) (string, bool) {
	host := len(relative) > 1 && isSlash(relative[1])
	if u.dosPath && !host {
		i := strings.IndexByte(u.original, ':')
		if !u.implicitFile {
			i += 1 + strings.IndexByte(u.original[i+1:], ':')
		}
		return u.original[:i+1] + relative, true
	}
	if u.syntax.has(fileLike) {
		switch {
		case host && u.implicitFile:
			return relative, true
		case host:
			return "file:" + relative, true
		case u.uncPath:
			share := u.components(PathComponent|KeepDelimiter, Unescaped)
			if i := strings.IndexByte(share[1:], '/'); i >= 0 {
				share = share[:i+1]
			}
			if u.implicitFile {
				return `\\` + u.components(HostComponent, Unescaped) + share + relative, true
			}
			return "file://" + u.components(HostComponent, format) + share + relative, true
		}
		return "file://" + relative, true
	}
	converts := u.syntax.has(convertSlashes)
	if relative[0] == '\\' && !converts {
		return "", false
	}
	if len(relative) > 1 && relative[1] == '/' {
		return u.syntax.scheme + ":" + relative, true
	}
	if relative[0] == '\\' {
		relative = "/" + relative[1:]
	}
	return u.server(format) + relative, true
}

// server is the part before the path.
func (u *URI) server(format URIFormat) string {
	if u.host.kind == ipv6Host {
		return u.components(SchemeComponent|UserInfoComponent, format) + "[" + u.DNSSafeHost() + "]" +
			u.components(PortComponent|KeepDelimiter, format)
	}
	return u.components(SchemeComponent|UserInfoComponent|HostComponent|PortComponent, format)
}

// combinePath combines with a path from where u is.
func (u *URI) combinePath(relative string, format URIFormat) string {
	if u.implicitFile {
		format = Unescaped
	}
	path := u.components(PathComponent|KeepDelimiter, format)
	path = path[:strings.LastIndexByte(path, '/')+1]
	extra := ""
	ends := ""
	if u.syntax.has(mayHaveQuery) {
		ends += "?"
	}
	if u.syntax.has(mayHaveFragment) && !u.implicitFile {
		ends += "#"
	}
	if i := strings.IndexAny(relative, ends); i >= 0 {
		relative, extra = relative[:i], relative[i:]
	}
	path += relative
	if u.implicitFile {
		switch {
		case u.dosPath:
			return path[1:3] + compress(path[3:], u.syntax) + extra
		case u.unixPath:
			return u.components(HostComponent, Unescaped) + compress(path, u.syntax) + extra
		}
		return `\\` + u.DNSSafeHost() + compress(path, u.syntax) + extra
	}
	d := u.drive()
	return u.server(format) + path[:d] + compress(path[d:], u.syntax) + extra
}

// MakeRelative is MakeRelativeUri: other as seen from u, or other itself if it is
// somewhere else.
func (u *URI) MakeRelative(other *URI) (*URI, error) {
	if err := u.NotAbsolute(); err != nil {
		return nil, err
	}
	if err := other.NotAbsolute(); err != nil {
		return nil, err
	}
	if u.Scheme() != other.Scheme() || u.Host() != other.Host() || u.port != other.port {
		return other, nil
	}
	path := other.AbsolutePath()
	text := pathDifference(u.AbsolutePath(), path, u.uncPath || u.dosPath)
	if colonFirst(text) && !(other.dosPath && path == text) {
		text = "./" + text
	}
	text += other.components(QueryComponent|FragmentComponent, URIEscaped)
	return NewURI(text, RelativeKind, false)
}

// colonFirst reports whether a colon stands in the first segment, which would be
// taken for a scheme.
func colonFirst(s string) bool {
	i := strings.IndexAny(s, `:\/?#`)
	return i >= 0 && s[i] == ':'
}

// pathDifference is how to get from path a to path b.
func pathDifference(a, b string, ignoreCase bool) string {
	i, slash := 0, -1
	for i < len(a) && i < len(b) {
		x, n := decode(a[i:])
		y, _ := decode(b[i:])
		if x != y && !(ignoreCase && ToLowerChar(x) == ToLowerChar(y)) {
			break
		}
		if a[i] == '/' {
			slash = i
		}
		i += n
	}
	switch {
	case i == 0:
		return b
	case i == len(a) && i == len(b):
		return ""
	}
	up := strings.Repeat("../", strings.Count(a[i:], "/"))
	if up == "" && len(b)-1 == slash {
		return "./"
	}
	return up + b[slash+1:]
}

// IsBaseOf is IsBaseOf: other is under the directory of u.
func (u *URI) IsBaseOf(other *URI) bool {
	if !u.IsAbsolute() {
		return false
	}
	if !other.IsAbsolute() {
		combined, err := resolveURI(u, other)
		if err != uriOK {
			return false
		}
		other = combined
	}
	const all = AbsoluteComponents &^ UserInfoComponent
	ignoreCase := u.uncPath || u.dosPath || other.uncPath || other.dosPath
	return isSubPath(u.components(all, SafeUnescaped), other.components(all, SafeUnescaped), ignoreCase)
}

func isSubPath(base, other string, ignoreCase bool) bool {
	if i := strings.IndexAny(base, "?#"); i >= 0 {
		base = base[:i]
	}
	base = base[:strings.LastIndexByte(base, '/')+1]
	if len(other) < len(base) {
		return false
	}
	other = other[:len(base)]
	if ignoreCase {
		base, other = ToLower(base), ToLower(other)
	}
	return base == other
}

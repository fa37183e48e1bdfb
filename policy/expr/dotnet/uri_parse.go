package dotnet

import "strings"

// maxURILength is how many units a URI may have.
const maxURILength = 0xFFF0

const maxSchemeLength = 1024

const uriSpace = " \n\r\t"

func isSlash(c byte) bool { return c == '/' || c == '\\' }

func isLetter(c byte) bool { return c|0x20 >= 'a' && c|0x20 <= 'z' }

// parse takes the text apart. A text that is no absolute URI may be a relative
// one; then syntax stays nil. Whether the text of a relative one is put right
// depends on whether a constructor or TryCreate makes it.
func (u *URI) parse(kind URIKind, constructor bool) uriError {
	switch {
	case u.text == "":
		return u.relative(uriEmpty, kind, constructor)
	case unitCount(u.text) >= maxURILength:
		return uriSizeLimit
	}
	rest, err := u.parseScheme(u.text)
	if err != uriOK {
		return u.relative(err, kind, constructor)
	}
	if u.implicitFile && u.isRelativePath(kind) {
		*u = URI{original: u.original, text: u.text, userEscaped: u.userEscaped}
		return uriOK
	}
	u.unicode = needsIRI(u.text)
	if err := u.parseAuthority(rest); err != uriOK {
		if kind == AbsoluteKind || err > lastRelativeError {
			return err
		}
		*u = URI{original: u.original, text: u.text, userEscaped: u.userEscaped}
		return uriOK
	}
	if kind == RelativeKind {
		return uriNotRelative
	}
	return uriOK
}

// relative makes u a relative URI, if the error allows it.
func (u *URI) relative(err uriError, kind URIKind, constructor bool) uriError {
	if err > lastRelativeError || kind == AbsoluteKind {
		return err
	}
	if constructor && needsIRI(u.text) {
		u.unicode = true
		u.text = iriPart(u.text, false)
	}
	return uriOK
}

// isRelativePath reports whether a path without a scheme is taken for a relative
// URI: unless an absolute one is asked for, all but c:\ and \\host are.
func (u *URI) isRelativePath(kind URIKind) bool {
	if u.dosPath {
		return kind == RelativeKind
	}
	return kind != AbsoluteKind && (kind == RelativeKind || u.unixPath || !strings.HasPrefix(u.text, `\\`))
}

// parseScheme reads the scheme and the colon, or finds that it is a path.
func (u *URI) parseScheme(s string) (rest string, err uriError) {
	s = strings.TrimLeft(s, uriSpace)
	if strings.HasPrefix(s, "/") {
		u.unixPath, u.implicitFile, u.authority, u.syntax = true, true, true, unixFileSyntax
		return s, uriOK
	}
	scheme, after, found := strings.Cut(s, ":")
	if len(s) < 3 || scheme == "" {
		return "", uriBadFormat
	}
	switch {
	case s[1] == ':' || s[1] == '|':
		switch {
		case isLetter(s[0]) && isSlash(s[2]):
			u.dosPath, u.implicitFile, u.authority, u.syntax = true, true, true, uriSyntaxes()["file"]
			return s, uriOK
		case isLetter(s[0]):
			return "", uriNotRooted
		case s[1] == ':':
			return "", uriBadScheme
		}
		return "", uriBadFormat
	case s[0] == '\\':
		if !isSlash(s[1]) {
			return "", uriBadFormat
		}
		u.uncPath, u.implicitFile, u.authority, u.syntax = true, true, true, uriSyntaxes()["file"]
		return strings.TrimLeft(s, `/\`), uriOK
	case !found:
		return "", uriBadFormat
	case !CheckSchemeName(scheme):
		return "", uriBadScheme
	case len(scheme) > maxSchemeLength:
		return "", uriSchemeLimit
	}
	u.syntax = syntaxOf(scheme)
	return after, uriOK
}

// parseAuthority reads what follows the scheme.
func (u *URI) parseAuthority(s string) uriError {
	u.space = s[len(strings.TrimRight(s, uriSpace)):]
	s = strings.TrimSuffix(s, u.space)
	whole := s
	u.port = u.syntax.port
	if u.implicitFile && u.unixPath {
		u.host.kind = basicHost
		u.host.loopback = true
		u.parsePath(s)
		return uriOK
	}
	rest, err := u.findPath(s)
	if err != uriOK {
		return err
	}
	if u.dosPath {
		if u.authority {
			u.host.kind = basicHost
			u.host.loopback = true
		}
		u.head = whole[:len(whole)-len(rest)]
		u.parsePath(rest)
		return uriOK
	}
	if !u.uncPath && !u.unixPath {
		switch slashes := len(rest) >= 2 && isSlash(rest[0]) && isSlash(rest[1]); {
		case u.syntax.has(mustHaveAuthority):
			if !slashes {
				return uriBadAuthority
			}
			u.authority = true
			rest = rest[2:]
		case u.syntax.has(optionalAuthority) && (u.authority || strings.HasPrefix(rest, "//")):
			u.authority = true
			rest = rest[2:]
		case !u.syntax.has(mailtoLike):
			u.parsePath(rest)
			return uriOK
		}
	}
	u.head = whole[:len(whole)-len(rest)]
	if rest, err = u.parseHost(rest); err != uriOK {
		return err
	}
	if rest != "" && rest[0] == '\\' && !u.implicitFile && !u.syntax.has(allowDOSPath) {
		return uriBadEnd
	}
	if strings.HasPrefix(rest, "/") && !u.implicitFile && u.uncPath && u.syntax == uriSyntaxes()["file"] {
		u.syntax = unixFileSyntax
	}
	u.parsePath(rest)
	return uriOK
}

// findPath looks for a path of Windows or Unix after the scheme, where its syntax
// has such. It returns what follows the slashes that don't belong to it.
func (u *URI) findPath(s string) (string, uriError) {
	if !u.syntax.has(allowEmptyHost) || !u.syntax.has(allowDOSPath) || u.implicitFile || len(s) < 2 {
		return s, uriOK
	}
	after := strings.TrimLeft(s, `/\`)
	slashes := len(s) - len(after)
	file := u.syntax.has(fileLike)
	if !file && slashes > 3 {
		return s, uriOK
	}
	if slashes >= 2 {
		u.authority = true
	}
	switch {
	case len(after) > 1 && (after[1] == ':' || after[1] == '|') && isLetter(after[0]):
		if len(after) < 3 || !isSlash(after[2]) {
			if file {
				return "", uriNotRooted
			}
			return s, uriOK
		}
		u.dosPath = true
		u.authority = u.authority || u.syntax.has(mustHaveAuthority)
		if slashes != 0 && slashes != 2 {
			return s[slashes-1:], uriOK
		}
		return after, uriOK
	case file && slashes >= 2 && slashes != 3 && after != "" && after[0] != '?' && after[0] != '#':
		u.uncPath = true
		return after, uriOK
	case file && slashes == 3 && s[2] == '/':
		u.syntax = unixFileSyntax
		u.unixPath, u.authority = true, true
		return s[2:], uriOK
	}
	return s, uriOK
}

// parsePath reads path, query and fragment.
func (u *URI) parsePath(s string) {
	path, query, fragment := s, "", ""
	if !u.implicitFile {
		if i := strings.IndexByte(s, '#'); i >= 0 && u.syntax.has(mayHaveFragment) {
			path, fragment = s[:i], s[i:]
		}
		if i := strings.IndexByte(path, '?'); i >= 0 && u.syntax.has(mayHaveQuery) {
			path, query = path[:i], path[i:]
		}
	}
	if u.unicode {
		original := path + query
		path, query, fragment = iriPart(path, false), iriPart(query, true), iriPart(fragment, false)
		// .NET drops the space at the end only of what it did not change.
		switch changed := path+query != original || u.hostChanged; {
		case !changed || fragment != "" || original == "":
		case query != "":
			query += u.space
		default:
			path += u.space
		}
	}
	u.path = u.examinePath(path)
	u.query, u.fragment = u.examine(query, query[min(len(query), 1):]), u.examine(fragment, fragment[min(len(fragment), 1):])
}

// examine finds what a component is made of; text is it without its mark.
func (u *URI) examine(raw, text string) uriPart {
	p := uriPart{raw: raw, uriFindings: u.findings(text, true)}
	p.mustEscape = !p.escaped || p.backslash
	p.mustUnescape = !p.display
	p.validIRI = p.display && !p.escaped && p.beyondASCII && !p.notIRI && !p.backslash
	return p
}

// examinePath examines the path and decides what is done about its dots and
// slashes.
func (u *URI) examinePath(raw string) uriPart {
	p := uriPart{raw: raw, uriFindings: u.findings(raw, u.syntax.has(mayHaveQuery))}
	u.slashAbsent = u.authority && u.syntax.has(pathIsRooted) && (raw == "" || !isSlash(raw[0]))
	odd := false
	switch {
	case u.dosPath || u.authority && u.syntax.has(compressPath|convertSlashes|unescapeDots):
		odd = p.escapedDots && u.syntax.has(unescapeDots) || p.backslash && u.syntax.has(convertSlashes)
		p.mustEscape, p.mustUnescape = odd, odd
		u.compress = u.syntax.has(compressPath) && (odd || p.dots)
		u.backslashes = p.backslash
	case p.backslash:
		p.mustEscape, odd = true, true
	}
	if !p.display && (!u.implicitFile || u.userEscaped || p.reserved) {
		p.mustUnescape, odd = true, true
	}
	if !p.escaped || u.implicitFile {
		p.mustEscape = true
	}
	p.validIRI = !odd && p.display && !p.escaped && p.beyondASCII && !p.notIRI
	return p
}

// uriFindings is what a component was found to have.
type uriFindings struct {
	display     bool // nothing escaped, no control characters
	escaped     bool // nothing to escape
	dots        bool // // or /./
	escapedDots bool
	backslash   bool
	reserved    bool
	beyondASCII bool
	notIRI      bool // characters beyond ASCII that an IRI has not
}

// findings looks at a component, in which a question mark may stand or not.
func (u *URI) findings(s string, question bool) uriFindings {
	var f uriFindings
	needsEscape, hasEscape := false, false
	for i := 0; i < len(s); {
		r, size := decode(s[i:])
		next := byte('?') // what ends a component counts as a slash after a dot
		if i+size < len(s) {
			next = s[i+size]
		}
		switch {
		case isControl(r):
			needsEscape, hasEscape, f.reserved = true, true, true
		case r > '~':
			needsEscape, f.beyondASCII = true, true
			f.notIRI = f.notIRI || !inIRI(r, true)
		case r == '?' && (u.implicitFile || !question):
			needsEscape, hasEscape, f.reserved = true, true, true
		case r == '#':
			needsEscape = true
			if u.implicitFile || u.syntax != nil && !u.syntax.has(mayHaveFragment) {
				hasEscape, f.reserved = true, true
			}
		case r == '/' || r == '\\':
			f.backslash = f.backslash || r == '\\'
			f.dots = f.dots || i+size < len(s) && isSlash(next)
		case r == '.':
			f.dots = f.dots || next == '.' || isSlash(next) || next == '?' || next == '#'
		case strings.ContainsRune(" \"[]^<>`", r):
			needsEscape = true
			f.notIRI = f.notIRI || u.unicode
		case r == '{' || r == '|' || r == '}':
			needsEscape = true
		case r == '%':
			hasEscape = true
			if isEscape(s[i:]) {
				c := escapedByte(s[i:])
				f.escapedDots = f.escapedDots || c == '.' || c == '/' || c == '\\'
				size = 3
			} else {
				needsEscape = true
			}
		}
		i += size
	}
	f.display, f.escaped = !hasEscape, !needsEscape
	return f
}

package dotnet

import "strings"

// drive is the length of c: or /c: at the start of a path of Windows.
func (u *URI) drive() int {
	switch {
	case !u.dosPath:
		return 0
	case u.path.raw != "" && isSlash(u.path.raw[0]):
		return 3
	}
	return 2
}

// canonicalPath is the path without dots, its escapes as the format has them.
func (u *URI) canonicalPath(format URIFormat) string {
	path := u.path.raw
	if path == "" {
		if u.slashAbsent {
			return "/"
		}
		return ""
	}
	if d := u.drive(); d > 0 {
		path = path[:d-1] + ":" + path[d:] // c| is c:
	}
	escape := format == URIEscaped && u.path.mustEscape && !u.userEscaped
	force := "?#"
	switch {
	case u.compress:
		if u.syntax.has(unescapeDots) && u.path.mustUnescape && !u.implicitFile {
			path = u.unescapeDots(path)
		}
		d := u.drive()
		path = path[:d] + compress(path[d:], u.syntax)
		if path != "" && path[0] == '\\' {
			path = "/" + path[1:]
		}
	case u.backslashes && u.syntax.has(convertSlashes):
		path = strings.ReplaceAll(path, `\`, "/")
	}
	if escape {
		path = u.escapePath(path, force)
	}
	if format == URIEscaped && u.backslashes && u.syntax == unixFileSyntax && !u.implicitFile {
		path = escapeURI(path, `\`)
	}
	if format != URIEscaped && u.path.mustUnescape {
		path = u.unescapePath(path, format)
	}
	if u.slashAbsent {
		return "/" + path
	}
	return path
}

// escapePath escapes a path; in one without a scheme nothing is taken for escaped.
func (u *URI) escapePath(path, force string) string {
	if u.implicitFile {
		path = strings.ReplaceAll(path, "%", "%25")
	}
	return escapeURI(path, force)
}

func (u *URI) unescapePath(path string, format URIFormat) string {
	mode := u.safeMode()
	switch {
	case format == Unescaped && u.implicitFile:
		return path
	case format == Unescaped:
		mode = unescapeSafe | unescapeAll
	case format == displayFormat:
		mode |= unescapeShow
	}
	if u.implicitFile {
		mode &^= unescapeSafe
	}
	return unescape(path, mode, "?#", true, false)
}

// unescapeDots decodes dots and slashes. The two characters after a % are passed
// over even where they are no escape.
func (u *URI) unescapeDots(path string) string {
	for i := 0; i+2 < len(path); i++ {
		if path[i] != '%' {
			continue
		}
		if isEscape(path[i:]) {
			if c := escapedByte(path[i:]); c == '.' || c == '/' || c == '\\' && u.syntax.has(convertSlashes) {
				path = path[:i] + string(rune(c)) + path[i+3:]
				continue
			}
		}
		i += 2
	}
	return path
}

// compress takes /./ and /../ with the segment before out of a path. Segments may
// be empty. A first segment without a slash before stays, unless the path is like
// one of a file system.
func compress(path string, syntax *uriSyntax) string {
	if syntax.has(convertSlashes) {
		path = strings.ReplaceAll(path, `\`, "/")
	}
	segments := strings.Split(path, "/")
	first := 0 // of the segments that can be removed
	if path != "" && path[0] == '/' || !syntax.has(likeFilePath) {
		first = 1
	}
	kept := segments[:0:0]
	for i, segment := range segments {
		last := i == len(segments)-1
		switch {
		case i < first:
			kept = append(kept, segment)
		case segment == ".." && len(kept) > first:
			kept = kept[:len(kept)-1]
		case segment != "." && segment != "..":
			kept = append(kept, segment)
			continue
		}
		if last && i >= first {
			kept = append(kept, "")
		}
	}
	return strings.Join(kept, "/")
}

// windowsPath is LocalPath of a path of Windows.
func (u *URI) windowsPath() string {
	path := u.path.raw
	host := ""
	if u.uncPath {
		host = `\\` + u.host.text
	} else if isSlash(path[0]) {
		path = path[1:]
	}
	if u.path.mustUnescape && !u.implicitFile {
		path = unescape(path, unescapeSafe|unescapeAll, "", true, true)
	}
	if u.dosPath && path[1] == '|' {
		path = path[:1] + ":" + path[2:]
	}
	if u.compress {
		d := 0
		if u.dosPath {
			d = 2
		}
		path = path[:d] + compress(path[d:], u.syntax)
	}
	return strings.ReplaceAll(host+path, "/", `\`)
}

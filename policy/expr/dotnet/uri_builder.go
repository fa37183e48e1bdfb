package dotnet

import (
	"strconv"
	"strings"
)

// URIBuilder is System.UriBuilder: a URI in parts that can be changed.
type URIBuilder struct {
	scheme, user, password, host, path, query, fragment string

	port    int // -1 for none
	uri     *URI
	changed bool
}

// NewURIBuilder is new UriBuilder(): http://localhost/.
func NewURIBuilder() *URIBuilder {
	return &URIBuilder{scheme: "http", host: "localhost", path: "/", port: -1, changed: true}
}

// URIBuilderOf is new UriBuilder(uri).
func URIBuilderOf(u *URI) *URIBuilder {
	b := &URIBuilder{}
	b.take(u)
	b.changed = true // what Uri gives is made of the parts in any case
	return b
}

// ParseURIBuilder is new UriBuilder(text): text without a scheme is one of http.
func ParseURIBuilder(text string) (*URIBuilder, error) {
	u, err := NewURI(text, RelativeOrAbsolute, false)
	if err == nil && !u.IsAbsolute() {
		u, err = NewURI("http://"+text, AbsoluteKind, false)
	}
	if err != nil {
		return nil, err
	}
	return URIBuilderOf(u), nil
}

// TypeName is the value's .NET type.
func (*URIBuilder) TypeName() string { return "System.UriBuilder" }

func (b *URIBuilder) take(u *URI) {
	user := u.UserInfo()
	b.scheme, b.host, b.port = u.Scheme(), u.Host(), u.Port()
	b.path, b.query, b.fragment = u.AbsolutePath(), u.Query(), u.Fragment()
	if user != "" {
		b.user, b.password, _ = strings.Cut(user, ":")
	}
	b.uri, b.changed = u, false
}

// Scheme is the scheme.
func (b *URIBuilder) Scheme() string { return b.scheme }

// UserName is the part before the colon of the user's.
func (b *URIBuilder) UserName() string { return b.user }

// Password is the part after it.
func (b *URIBuilder) Password() string { return b.password }

// Host is the host.
func (b *URIBuilder) Host() string { return b.host }

// Port is the port, or -1.
func (b *URIBuilder) Port() int { return b.port }

// Path is the path.
func (b *URIBuilder) Path() string { return b.path }

// Query is the query with its mark.
func (b *URIBuilder) Query() string { return b.query }

// Fragment is the fragment with its mark.
func (b *URIBuilder) Fragment() string { return b.fragment }

// SetScheme sets the scheme; a colon and what follows are left off.
func (b *URIBuilder) SetScheme(scheme string) error {
	scheme, _, _ = strings.Cut(scheme, ":")
	if scheme != "" && !CheckSchemeName(scheme) {
		return Argument(uriErrors[uriBadScheme], "value")
	}
	b.scheme, b.changed = strings.ToLower(scheme), true
	return nil
}

// SetUserName sets the user.
func (b *URIBuilder) SetUserName(user string) { b.user, b.changed = user, true }

// SetPassword sets the password.
func (b *URIBuilder) SetPassword(password string) { b.password, b.changed = password, true }

// SetHost sets the host; an address of version 6 gets brackets.
func (b *URIBuilder) SetHost(host string) {
	if strings.Contains(host, ":") && host[0] != '[' {
		host = "[" + host + "]"
	}
	b.host, b.changed = host, true
}

// SetPort sets the port; -1 is none.
func (b *URIBuilder) SetPort(port int) error {
	if port < -1 || port > 0xFFFF {
		return ArgumentOutOfRange("value", outOfRange)
	}
	b.port, b.changed = port, true
	return nil
}

// SetPath sets the path, escaped.
func (b *URIBuilder) SetPath(path string) {
	if path == "" {
		path = "/"
	}
	b.path, b.changed = escapeURI(strings.ReplaceAll(path, `\`, "/"), "?#"), true
}

// SetQuery sets the query, with its mark or not.
func (b *URIBuilder) SetQuery(query string) {
	b.query, b.changed = marked(query, "?"), true
}

// SetFragment sets the fragment, with its mark or not.
func (b *URIBuilder) SetFragment(fragment string) {
	b.fragment, b.changed = marked(fragment, "#"), true
}

func marked(s, mark string) string {
	if s == "" || strings.HasPrefix(s, mark) {
		return s
	}
	return mark + s
}

// SetExtra sets query and fragment, or the fragment alone, by a text that begins
// with a mark.
func (b *URIBuilder) SetExtra(extra string) error {
	switch {
	case extra == "":
		b.SetQuery("")
		b.SetFragment("")
	case extra[0] == '#':
		b.SetFragment(extra)
	case extra[0] == '?':
		query, fragment, _ := strings.Cut(extra, "#")
		b.SetQuery(query)
		b.SetFragment(fragment)
	default:
		return Argument("Extra portion of URI not valid.", "extraValue")
	}
	return nil
}

// URI is Uri.
func (b *URIBuilder) URI() (*URI, error) {
	if !b.changed {
		return b.uri, nil
	}
	text, err := b.Text()
	if err != nil {
		return nil, err
	}
	u, err := NewURI(text, AbsoluteKind, false)
	if err != nil {
		return nil, err
	}
	b.take(u)
	return u, nil
}

// Text is ToString.
func (b *URIBuilder) Text() (string, error) {
	if b.user == "" && b.password != "" {
		return "", NewException("System.UriFormatException", "Invalid URI: The username:password construct is badly formed.")
	}
	var text strings.Builder
	if b.scheme != "" {
		syntax := syntaxOf(b.scheme)
		text.WriteString(b.scheme + ":")
		if syntax.has(mustHaveAuthority) || b.host != "" && syntax.has(optionalAuthority) {
			text.WriteString("//")
		}
	}
	text.WriteString(b.user)
	if b.password != "" {
		text.WriteString(":" + b.password)
	}
	if b.user != "" {
		text.WriteString("@")
	}
	text.WriteString(b.host)
	if b.port != -1 && b.host != "" {
		text.WriteString(":" + strconv.Itoa(b.port))
	}
	if b.host != "" && b.path != "" && b.path[0] != '/' {
		text.WriteString("/")
	}
	text.WriteString(b.path + b.query + b.fragment)
	return text.String(), nil
}

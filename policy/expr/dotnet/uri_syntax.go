package dotnet

import (
	"strings"
	"sync"
)

// uriRule is a rule of a scheme's syntax.
type uriRule uint32

const (
	mustHaveAuthority uriRule = 1 << iota
	optionalAuthority
	mayHaveUserInfo
	mayHavePort
	mayHaveQuery
	mayHaveFragment
	allowEmptyHost
	allowUNCHost
	allowHosts // names and IP addresses
	allowDOSPath
	fileLike
	mailtoLike
	unknownScheme // the syntax of schemes that are not known
	pathIsRooted  // a path begins with a slash
	convertSlashes
	compressPath // /a/../ is taken out
	likeFilePath // as a file system does it
	unescapeDots // %2e and %2f are dots and slashes
)

// uriSyntax is how the URIs of a scheme are read.
type uriSyntax struct {
	scheme string
	port   int // by default; -1 if the scheme has none
	rules  uriRule
}

func (s *uriSyntax) has(rule uriRule) bool { return s.rules&rule != 0 }

const (
	httpRules = mustHaveAuthority | mayHaveUserInfo | mayHavePort | mayHaveQuery | mayHaveFragment | allowUNCHost | allowHosts |
		pathIsRooted | convertSlashes | compressPath | likeFilePath
	ftpRules  = httpRules &^ mayHaveQuery
	nntpRules = mustHaveAuthority | mayHaveUserInfo | mayHavePort | mayHaveFragment | allowUNCHost | allowHosts | pathIsRooted
	ldapRules = nntpRules | allowEmptyHost | mayHaveQuery
	fileRules = mustHaveAuthority | allowEmptyHost | allowUNCHost | allowHosts | mayHaveQuery | mayHaveFragment | fileLike |
		pathIsRooted | allowDOSPath | convertSlashes | compressPath | likeFilePath | unescapeDots
	netPipeRules = mustHaveAuthority | mayHaveQuery | mayHaveFragment | allowHosts | pathIsRooted | convertSlashes | compressPath |
		likeFilePath | unescapeDots
	mailtoRules   = allowEmptyHost | allowUNCHost | allowHosts | mayHaveUserInfo | mayHavePort | mayHaveQuery | mayHaveFragment | mailtoLike
	vsmacrosRules = mustHaveAuthority | allowEmptyHost | allowUNCHost | allowHosts | mayHaveFragment | fileLike | allowDOSPath |
		convertSlashes | compressPath | likeFilePath | unescapeDots
	unknownRules = unknownScheme | optionalAuthority | mayHaveUserInfo | mayHavePort | mayHaveQuery | mayHaveFragment |
		allowEmptyHost | allowUNCHost | allowHosts | pathIsRooted | allowDOSPath | convertSlashes | compressPath
)

// unixFileSyntax is of file: URIs of Unix paths, in which a backslash is a
// character like any other.
var unixFileSyntax = &uriSyntax{"file", -1, fileRules &^ convertSlashes}

var uriSyntaxes = sync.OnceValue(func() map[string]*uriSyntax {
	known := make(map[string]*uriSyntax)
	for _, s := range []*uriSyntax{
		{"http", 80, httpRules}, {"https", 443, httpRules}, {"ws", 80, httpRules}, {"wss", 443, httpRules}, {"ftp", 21, ftpRules},
		{"file", -1, fileRules}, {"gopher", 70, nntpRules}, {"nntp", 119, nntpRules}, {"news", -1, mayHaveFragment},
		{"uuid", -1, mayHaveFragment}, {"mailto", 25, mailtoRules}, {"telnet", 23, nntpRules}, {"ldap", 389, ldapRules},
		{"net.tcp", 808, netPipeRules | mayHavePort}, {"net.pipe", -1, netPipeRules}, {"vsmacros", -1, vsmacrosRules},
	} {
		known[s.scheme] = s
	}
	return known
})

// syntaxOf is the syntax of a scheme.
func syntaxOf(scheme string) *uriSyntax {
	scheme = strings.ToLower(scheme)
	if s := uriSyntaxes()[scheme]; s != nil {
		return s
	}
	return &uriSyntax{scheme, -1, unknownRules}
}

// CheckSchemeName is Uri.CheckSchemeName.
func CheckSchemeName(scheme string) bool {
	for i := range len(scheme) {
		c := scheme[i]
		letter := c|0x20 >= 'a' && c|0x20 <= 'z'
		if !letter && (i == 0 || !isAlphanumeric(c) && c != '+' && c != '-' && c != '.') {
			return false
		}
	}
	return scheme != ""
}

// The reasons for which a text is no URI. Those up to lastRelativeError leave it a
// relative one.
type uriError int

const (
	uriOK uriError = iota
	uriBadFormat
	uriBadScheme
	uriBadAuthority
	uriEmpty
	uriSchemeLimit
	uriSizeLimit
	uriNotRooted
	uriBadHost
	uriBadPort
	uriBadEnd
	uriNotRelative

	lastRelativeError = uriEmpty
)

var uriErrors = [...]string{
	uriBadFormat:    "Invalid URI: The format of the URI could not be determined.",
	uriBadScheme:    "Invalid URI: The URI scheme is not valid.",
	uriBadAuthority: "Invalid URI: The Authority/Host could not be parsed.",
	uriEmpty:        "Invalid URI: The URI is empty.",
	uriSchemeLimit:  "Invalid URI: The Uri scheme is too long.",
	uriSizeLimit:    "Invalid URI: The Uri string is too long.",
	uriNotRooted:    `Invalid URI: A Dos path must be rooted, for example, 'c:\\'.`,
	uriBadHost:      "Invalid URI: The hostname could not be parsed.",
	uriBadPort:      "Invalid URI: Invalid port specified.",
	uriBadEnd:       `Invalid URI: The Authority/Host cannot end with a backslash character ('\\').`,
	uriNotRelative:  "A relative URI cannot be created because the 'uriString' parameter represents an absolute URI.",
}

func (e uriError) exception() error {
	if e == uriOK {
		return nil
	}
	return NewException("System.UriFormatException", uriErrors[e])
}

package xlinq

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/apimulator/apimulator/policy/expr/dotnet"
)

// Namespace is an XNamespace: its name, "" for none.
type Namespace string

// The namespaces that XML itself defines.
const (
	XMLNamespace   Namespace = "http://www.w3.org/XML/1998/namespace"
	XMLNSNamespace Namespace = "http://www.w3.org/2000/xmlns/"
)

// TypeName is the .NET type's full name.
func (Namespace) TypeName() string { return "System.Xml.Linq.XNamespace" }

// Text is ToString: the namespace's name.
func (s Namespace) Text() (string, error) { return string(s), nil }

// Name is an XName. Two are the same if they are equal.
type Name struct {
	Space Namespace
	Local string
}

// xmlns is the name of the attribute that declares the default namespace.
var xmlns = Name{Local: "xmlns"}

// TypeName is the .NET type's full name.
func (Name) TypeName() string { return "System.Xml.Linq.XName" }

// Text is ToString: the expanded name, {namespace}local.
func (n Name) Text() (string, error) { return n.expanded(), nil }

func (n Name) expanded() string {
	if n.Space == "" {
		return n.Local
	}
	return "{" + string(n.Space) + "}" + n.Local
}

// NewName is XNamespace.GetName: the local name must be one of XML's names
// without a colon.
func NewName(space Namespace, local string) (Name, error) {
	if err := checkNCName(local); err != nil {
		return Name{}, err
	}
	return Name{space, local}, nil
}

// ParseName is XName.Get of an expanded name.
func ParseName(expanded string) (Name, error) {
	if expanded == "" {
		return Name{}, invalidExpandedName(expanded)
	}
	if expanded[0] != '{' {
		return NewName("", expanded)
	}
	end := strings.LastIndexByte(expanded, '}')
	if end <= 1 || end == len(expanded)-1 {
		return Name{}, invalidExpandedName(expanded)
	}
	return NewName(Namespace(expanded[1:end]), expanded[end+1:])
}

func invalidExpandedName(name string) error {
	return dotnet.Argument("'"+name+"' is an invalid expanded name.", "")
}

// checkNCName is XmlConvert.VerifyNCName.
func checkNCName(name string) error {
	if name == "" {
		e := dotnet.ArgumentNull("name")
		e.Message = "The empty string '' is not a valid local name. (Parameter 'name')"
		return e
	}
	if end := scanNCName(name); end < len(name) {
		return xmlException(badNameChar(name[end:], end == 0))
	}
	return nil
}

// scanNCName is the length of the name without colon that s begins with.
func scanNCName(s string) int {
	for i, r := range s {
		if i == 0 && !isNameStart(r) || i > 0 && !isNameChar(r) {
			return i
		}
	}
	return len(s)
}

// isNameStart and isNameChar follow the fourth edition of XML 1.0, as .NET does:
// nothing beyond U+FFFF.
func isNameStart(r rune) bool {
	switch {
	case 'a' <= r && r <= 'z', 'A' <= r && r <= 'Z', r == '_':
		return true
	case r < utf8.RuneSelf, r == utf8.RuneError:
		return false
	}
	return unicode.Is(nameStarts, r)
}

func isNameChar(r rune) bool {
	switch {
	case '0' <= r && r <= '9', r == '-', r == '.':
		return true
	case r < utf8.RuneSelf:
		return isNameStart(r)
	}
	return isNameStart(r) || unicode.Is(nameParts, r)
}

// badNameChar is the message about the character that rest begins with, which is
// not allowed in a name.
func badNameChar(rest string, start bool) string {
	shown, hex := describe(rest)
	if start {
		return "Name cannot begin with the '" + shown + "' character, hexadecimal value " + hex + "."
	}
	return "The '" + shown + "' character, hexadecimal value " + hex + ", cannot be included in a name."
}

func xmlException(message string) *dotnet.Exception {
	return dotnet.NewException("System.Xml.XmlException", message)
}

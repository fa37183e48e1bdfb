package newtonsoft

import (
	"strings"

	"github.com/apimulator/apimulator/policy/expr/dotnet"
)

// readValue reads what may stand where a value is expected.
func (r *reader) readValue() (bool, error) {
	r.space()
	if r.end() {
		return false, nil
	}
	switch c := r.text[r.at]; c {
	case '"', '\'':
		return true, r.readText()
	case 't', 'f', 'n', 'u', 'N', 'I':
		return true, r.readWord(c)
	case '{':
		r.at++
		return true, r.set(startObject, nil)
	case '[':
		r.at++
		return true, r.set(startArray, nil)
	case ']':
		r.at++
		return true, r.set(endArray, nil)
	case ')':
		r.at++
		return true, r.set(endConstructor, nil)
	case ',':
		return true, r.set(undefinedToken, nil) // of [1,,2]; the next read takes the comma
	case '/':
		return true, r.readComment(true)
	case '-':
		if strings.HasPrefix(r.rest(), "-I") {
			return true, r.readWord(c)
		}
		return true, r.readNumber()
	}
	if char, _ := r.rune(); r.text[r.at] == '.' || char <= 0xFFFF && dotnet.IsNumber(char) {
		return true, r.readNumber()
	}
	return false, r.fail("Unexpected character encountered while parsing value: %s.", r.here())
}

// readName reads a property's name, or the end of the object.
func (r *reader) readName() (bool, error) {
	r.space()
	if r.end() {
		return false, nil
	}
	switch r.text[r.at] {
	case '}':
		err := r.set(endObject, nil)
		r.at++
		return true, err
	case '/':
		return true, r.readComment(true)
	}
	name, err := r.name()
	if err != nil {
		return false, err
	}
	r.space()
	if r.end() || r.text[r.at] != ':' {
		return false, r.fail("Invalid character after parsing property name. Expected ':' but got: %s.", r.here())
	}
	r.at++
	return true, r.set(propertyName, name)
}

func (r *reader) name() (string, error) {
	if c := r.text[r.at]; c == '"' || c == '\'' {
		return r.quoted()
	}
	start := r.at
	for !r.end() {
		switch c := r.text[r.at]; {
		case c == '_' || c == '$':
			r.at++
			continue
		case c == 0 && r.at > start:
			return r.text[start:r.at], nil
		}
		n := r.letterOrDigit()
		switch {
		case n > 0:
			r.at += n
		case r.at == start:
			return "", r.fail("Invalid property identifier character: %s.", r.here())
		case r.white() > 0 || r.text[r.at] == ':':
			return r.text[start:r.at], nil
		default:
			return "", r.fail("Invalid JavaScript property identifier character: %s.", r.here())
		}
	}
	return "", r.fail("Unexpected end while parsing unquoted property name.")
}

// readAfterValue reads what may follow a value in a container: the end of it, or a
// comma, which is no token.
func (r *reader) readAfterValue() (token bool, err error) {
	r.space()
	if r.end() {
		r.state = finished
		return false, nil
	}
	r.at++
	switch r.text[r.at-1] {
	case '}':
		return true, r.set(endObject, nil)
	case ']':
		return true, r.set(endArray, nil)
	case ')':
		return true, r.set(endConstructor, nil)
	case ',':
		r.state = map[TokenType]state{ObjectType: inObject, ArrayType: inArray, ConstructorType: inConstructor}[r.scope.kind]
		return false, nil
	}
	r.at--
	if r.text[r.at] == '/' {
		return true, r.readComment(true)
	}
	return false, r.fail("After parsing a value an unexpected character was encountered: %s.", r.here())
}

// readAfterEnd reads what may follow the outermost value: comments.
func (r *reader) readAfterEnd() (bool, error) {
	r.space()
	if r.end() {
		r.kind, r.value = noToken, nil
		return false, nil
	}
	if r.text[r.at] == '/' {
		return true, r.readComment(true)
	}
	return false, r.fail("Additional text encountered after finished reading JSON content: %s.", r.here())
}

// readComment reads // or /* */.
func (r *reader) readComment(token bool) error {
	r.at++
	if len(r.rest()) < 2 {
		return r.fail("Unexpected end while parsing comment.")
	}
	line := r.text[r.at] == '/'
	if !line && r.text[r.at] != '*' {
		return r.fail("Error parsing comment. Expected: *, got %s.", r.here())
	}
	r.at++
	start := r.at
	for !r.end() {
		switch c := r.text[r.at]; {
		case line && (c == '\r' || c == '\n'):
			return r.set(commentToken, r.text[start:r.at])
		case !line && strings.HasPrefix(r.rest(), "*/"):
			text := r.text[start:r.at]
			r.at += 2
			return r.set(commentToken, text)
		case !r.newline():
			r.at++
		}
	}
	if !line {
		return r.fail("Unexpected end while parsing comment.")
	}
	return r.set(commentToken, r.text[start:])
}

// word is a value that is a word.
type word struct {
	text  string
	kind  tokenKind
	value any
	what  string // it is in an error
}

var words = map[byte]word{
	't': {"true", booleanToken, true, "boolean"},
	'f': {"false", booleanToken, false, "boolean"},
	'n': {"null", nullToken, nil, "null"},
	'u': {"undefined", undefinedToken, nil, "undefined"},
	'N': {"NaN", floatToken, nan, "NaN"},
	'I': {"Infinity", floatToken, infinity, "Infinity"},
	'-': {"-Infinity", floatToken, -infinity, "-Infinity"},
}

func (r *reader) readWord(first byte) error {
	if first == 'n' {
		switch {
		case len(r.rest()) < 2:
			r.at++
			return r.unexpectedEnd()
		case r.text[r.at+1] == 'e':
			return r.readConstructor()
		case r.text[r.at+1] != 'u':
			return r.fail("Unexpected character encountered while parsing value: %s.", r.here())
		}
	}
	w := words[first]
	matched, err := r.match(w.text)
	switch {
	case err != nil:
		return err
	case !matched:
		return r.fail("Error parsing %s value.", w.what)
	}
	return r.set(w.kind, w.value)
}

func (r *reader) unexpectedEnd() error { return r.fail("Unexpected end when reading JSON.") }

// match passes over a word that something else may follow; where it differs the
// reader stays.
func (r *reader) match(text string) (bool, error) {
	if len(r.rest()) < len(text) {
		r.at = len(r.text)
		return false, r.unexpectedEnd()
	}
	for i := range len(text) {
		if r.text[r.at+i] != text[i] {
			r.at += i
			return false, nil
		}
	}
	r.at += len(text)
	return r.separated(), nil
}

// separated reports whether a word may end here.
func (r *reader) separated() bool {
	if r.end() {
		return true
	}
	switch c := r.text[r.at]; c {
	case '}', ']', ',', 0:
		return true
	case '/':
		return strings.HasPrefix(r.rest(), "/*") || strings.HasPrefix(r.rest(), "//")
	case ')':
		return r.state == inConstructor || r.state == constructorStart
	}
	return r.white() > 0
}

// readConstructor reads the beginning of new Name(a, b).
func (r *reader) readConstructor() error {
	matched, err := r.match("new")
	if err != nil {
		return err
	}
	if !matched {
		return r.fail("Unexpected content while parsing JSON.")
	}
	r.space()
	start := r.at
	for n := 1; n > 0; r.at += n {
		if r.end() {
			return r.fail("Unexpected end while parsing constructor.")
		}
		n = r.letterOrDigit()
	}
	name := r.text[start:r.at]
	if c := r.text[r.at]; c != '(' && c != 0 && r.white() == 0 {
		return r.fail("Unexpected character while parsing constructor: %s.", r.here())
	}
	r.space()
	if r.end() || r.text[r.at] != '(' {
		return r.fail("Unexpected character while parsing constructor: %s.", r.here())
	}
	r.at++
	return r.set(startConstructor, name)
}

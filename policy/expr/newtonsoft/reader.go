package newtonsoft

import (
	"fmt"
	"strings"
	"unicode/utf8"

	"github.com/apimulator/apimulator/policy/expr/dotnet"
)

// MaxDepth is how deep a text may be nested. Newtonsoft.Json 12 has no bound; a
// much deeper text would end the process there.
const MaxDepth = 10_000

// reader is a JsonTextReader: it gives the tokens of a text one after another.
// What it accepts beyond JSON (single quotes, names without quotes, comments,
// trailing commas, hexadecimal numbers) and where it says that it stands when it
// fails are Newtonsoft.Json's.
type reader struct {
	text      string
	at        int
	line      int
	lineStart int // offset of the line's first byte
	keepDates bool
	decimals  bool

	state state
	kind  tokenKind
	value any        // of the token
	scope position   // the innermost open container
	outer []position // those around it
}

// tokenKind is JsonToken.
type tokenKind uint8

const (
	noToken tokenKind = iota
	startObject
	startArray
	startConstructor
	propertyName
	commentToken
	integerToken
	floatToken
	stringToken
	booleanToken
	nullToken
	undefinedToken
	endObject
	endArray
	endConstructor
	dateToken
)

var tokenNames = [...]string{"None", "StartObject", "StartArray", "StartConstructor", "PropertyName", "Comment", "Integer", "Float", "String",
	"Boolean", "Null", "Undefined", "EndObject", "EndArray", "EndConstructor", "Date"}

func (k tokenKind) String() string { return tokenNames[k] }

func (k tokenKind) starts() bool { return k >= startObject && k <= startConstructor }

// state is what the reader expects.
type state uint8

const (
	atStart state = iota
	afterName
	objectStart
	inObject
	arrayStart
	inArray
	constructorStart
	inConstructor
	afterValue
	finished
)

// position is where the reader stands in a container.
type position struct {
	kind  TokenType // ObjectType, ArrayType, ConstructorType; None outside
	name  string
	index int
}

func newReader(text string, o ParseOptions) *reader {
	return &reader{text: text, keepDates: o.KeepDates, decimals: o.Decimals, line: 1}
}

// read goes to the next token; false at the end of the text.
func (r *reader) read() (bool, error) {
	for {
		switch r.state {
		case objectStart, inObject:
			return r.readName()
		case afterValue:
			if token, err := r.readAfterValue(); token || err != nil {
				return token, err
			}
		case finished:
			return r.readAfterEnd()
		default:
			return r.readValue()
		}
	}
}

// skipComments goes on to a token that is no comment.
func (r *reader) skipComments() error {
	for r.kind == noToken || r.kind == commentToken {
		if more, err := r.read(); !more || err != nil {
			return err
		}
	}
	return nil
}

// depth is how many containers are open, not counting one that just begins.
func (r *reader) depth() int {
	if r.kind.starts() || r.scope.kind == None {
		return len(r.outer)
	}
	return len(r.outer) + 1
}

// set makes the token and follows the structure.
func (r *reader) set(kind tokenKind, value any) error {
	r.kind, r.value = kind, value
	switch kind {
	case startObject:
		return r.push(ObjectType, objectStart)
	case startArray:
		return r.push(ArrayType, arrayStart)
	case startConstructor:
		return r.push(ConstructorType, constructorStart)
	case endObject:
		return r.pop(ObjectType)
	case endArray:
		return r.pop(ArrayType)
	case endConstructor:
		return r.pop(ConstructorType)
	case propertyName:
		r.state, r.scope.name = afterName, value.(string)
	case noToken, commentToken:
	default:
		r.valueRead()
		r.counted()
	}
	return nil
}

// valueRead says that a value has been read.
func (r *reader) valueRead() {
	r.state = afterValue
	if r.scope.kind == None {
		r.state = finished
	}
}

func (r *reader) counted() {
	if r.scope.kind == ArrayType || r.scope.kind == ConstructorType {
		r.scope.index++
	}
}

func (r *reader) push(kind TokenType, s state) error {
	r.state = s
	r.counted()
	if r.scope.kind != None {
		if len(r.outer)+1 >= MaxDepth {
			return r.fail("The text is nested more than %d deep.", MaxDepth)
		}
		r.outer = append(r.outer, r.scope)
	}
	r.scope = position{kind: kind, index: -1}
	return nil
}

func (r *reader) pop(kind TokenType) error {
	open := r.scope.kind
	r.scope = position{}
	if n := len(r.outer); n > 0 {
		r.scope, r.outer = r.outer[n-1], r.outer[:n-1]
	}
	if open != kind {
		return r.fail("JsonToken %s is not valid for closing JsonType %s.", r.kind, open)
	}
	r.valueRead()
	return nil
}

// fail is a JsonReaderException at the reader's place.
func (r *reader) fail(format string, args ...any) error {
	message := strings.TrimSpace(fmt.Sprintf(format, args...))
	if !strings.HasSuffix(message, ".") {
		message += "."
	}
	line, column := r.line, dotnet.Length(r.text[r.lineStart:r.at])
	if r.state == atStart && column == 0 && r.kind != commentToken {
		line = 0
	}
	return dotnet.NewException("Newtonsoft.Json.JsonReaderException", fmt.Sprintf("%s Path '%s', line %d, position %d.", message, r.path(), line, column))
}

func (r *reader) path() string {
	if r.scope.kind == None {
		return ""
	}
	places := r.outer
	if r.state != objectStart && r.state != arrayStart && r.state != constructorStart {
		places = append(places[:len(places):len(places)], r.scope)
	}
	var b pathWriter
	for _, p := range places {
		if p.kind == ObjectType {
			b.name(p.name)
		} else {
			b.index(p.index)
		}
	}
	return b.String()
}

func (r *reader) end() bool { return r.at >= len(r.text) }

// rest begins with the character that the reader stands at.
func (r *reader) rest() string { return r.text[r.at:] }

// here is the character that the reader stands at, as messages tell it: one unit
// of UTF-16, NUL at the end.
func (r *reader) here() string {
	if r.end() {
		return "\x00"
	}
	char, n := utf8.DecodeRuneInString(r.rest())
	if char > 0xFFFF {
		return dotnet.FromUnits(dotnet.Units(r.rest()[:n])[:1])
	}
	return r.rest()[:max(n, 1)]
}

// rune is the character that the reader stands at; its size is 3 for a lone
// surrogate.
func (r *reader) rune() (char rune, size int) {
	char, size = utf8.DecodeRuneInString(r.rest())
	if char == utf8.RuneError && size == 1 {
		size = min(3, len(r.rest()))
	}
	return char, size
}

// letterOrDigit is how many bytes the letter or digit at the reader has, 0 if it
// is none. Beyond the basic plane .NET sees surrogates, which are none.
func (r *reader) letterOrDigit() int {
	if char, n := r.rune(); char <= 0xFFFF && dotnet.IsLetterOrDigit(char) {
		return n
	}
	return 0
}

// white is how many bytes the white space at the reader has, 0 if there is none.
func (r *reader) white() int {
	if c := r.text[r.at]; c < utf8.RuneSelf {
		if c == ' ' || c >= '\t' && c <= '\r' {
			return 1
		}
		return 0
	}
	if char, n := r.rune(); dotnet.IsWhiteSpace(char) {
		return n
	}
	return 0
}

// newline passes over a line's end, if the reader stands at one.
func (r *reader) newline() bool {
	switch r.text[r.at] {
	case '\r':
		if strings.HasPrefix(r.rest(), "\r\n") {
			r.at++
		}
	case '\n':
	default:
		return false
	}
	r.at++
	r.line++
	r.lineStart = r.at
	return true
}

// space passes over white space, line ends and NUL.
func (r *reader) space() {
	for !r.end() {
		if r.newline() {
			continue
		}
		n := r.white()
		if r.text[r.at] == 0 {
			n = 1
		}
		if n == 0 {
			return
		}
		r.at += n
	}
}

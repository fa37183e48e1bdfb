package jsonschema

import (
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"math/big"
	"slices"
	"strconv"
	"strings"

	"github.com/apimulator/apimulator/policy/expr/dotnet"
	"github.com/apimulator/apimulator/policy/expr/newtonsoft"
)

// node is a value that is judged, or that one is compared with.
type node struct {
	kind typeSet // one type; 0 is undefined, which JSON.NET reads
	// value is that of a scalar: nil, a bool, string, int64, *big.Int or float64.
	value   any
	members []member
	items   []*node
	// at is behind its first token, end behind its last.
	at, end place
}

// member is a property of an object. A name may be there twice.
type member struct {
	name  string
	at    place // behind the colon
	value *node
}

// place is where a token ends in a text.
type place struct{ line, lineStart, at int }

// MaxDepth is how deep a text may nest.
const MaxDepth = 1000

// SyntaxError is what keeps a text from being JSON, as JSON.NET tells it.
type SyntaxError struct {
	Message string
	// Line and Position, in units of UTF-16, are from 1; Position may be 0 in an empty line.
	Line, Position int
}

func (e *SyntaxError) Error() string { return e.Message }

// parser reads a text into nodes.
type parser struct {
	text string
	*newtonsoft.TextReader
	depth int
}

// parse reads a text. Its errors are of the type [*SyntaxError].
func parse(text string) (*node, error) {
	p := &parser{text: text, TextReader: newtonsoft.NewTextReader(text, newtonsoft.ParseOptions{KeepDates: true})}
	root, err := p.next()
	if err == nil {
		err = p.rest()
	}
	if err != nil {
		return nil, p.fault(err)
	}
	return root, nil
}

// fault is an error of the reader, or of this parser, where the reader stands.
func (p *parser) fault(err error) error {
	var own *SyntaxError
	var thrown *dotnet.Exception
	switch {
	case errors.As(err, &own):
		return own
	case errors.As(err, &thrown):
		return p.wrong(thrown.Message)
	}
	return p.wrong(err.Error())
}

func (p *parser) wrong(message string) error {
	at := p.place()
	return &SyntaxError{Message: message, Line: at.line, Position: at.position(p.text)}
}

func (p *parser) place() place {
	line, lineStart, at := p.Place()
	return place{line, lineStart, at}
}

// position is how many characters of its line stand before a place.
func (at place) position(text string) int { return dotnet.Length(text[at.lineStart:at.at]) }

// token goes to the next token that is no comment.
func (p *parser) token() (newtonsoft.TokenKind, error) {
	for {
		more, err := p.Read()
		if err != nil {
			return 0, err
		}
		if !more {
			return 0, p.wrong("Unexpected end of the JSON text.")
		}
		if p.Kind() != newtonsoft.CommentToken {
			return p.Kind(), nil
		}
	}
}

// rest reads what may follow: comments.
func (p *parser) rest() error {
	for {
		if more, err := p.Read(); !more || err != nil {
			return err
		}
	}
}

func (p *parser) next() (*node, error) {
	kind, err := p.token()
	if err != nil {
		return nil, err
	}
	return p.value(kind)
}

// value reads the value that begins with the token that the reader stands at.
func (p *parser) value(kind newtonsoft.TokenKind) (*node, error) {
	n := &node{at: p.place()}
	n.end = n.at
	switch kind {
	case newtonsoft.StartObject:
		n.kind = objectType
		return n, p.nested(n, p.object)
	case newtonsoft.StartArray:
		n.kind = arrayType
		return n, p.nested(n, p.array)
	case newtonsoft.StartConstructor:
		return nil, p.wrong("A constructor is not JSON.")
	case newtonsoft.UndefinedToken:
		return n, nil
	}
	n.value = p.Value()
	n.kind = kindOf(n.value)
	return n, nil
}

func kindOf(value any) typeSet {
	switch value.(type) {
	case nil:
		return nullType
	case bool:
		return booleanType
	case int64, *big.Int:
		return integerType
	case float64:
		return numberType
	}
	return stringType
}

func (p *parser) nested(n *node, read func(*node) error) error {
	if p.depth++; p.depth > MaxDepth {
		return p.wrong(fmt.Sprintf("The JSON text is nested more than %d deep.", MaxDepth))
	}
	err := read(n)
	p.depth--
	n.end = p.place()
	return err
}

func (p *parser) object(n *node) error {
	for {
		kind, err := p.token()
		if err != nil || kind == newtonsoft.EndObject {
			return err
		}
		m := member{at: p.place()}
		m.name, _ = p.Value().(string)
		if m.value, err = p.next(); err != nil {
			return err
		}
		n.members = append(n.members, m)
	}
}

func (p *parser) array(n *node) error {
	for {
		kind, err := p.token()
		if err != nil || kind == newtonsoft.EndArray {
			return err
		}
		item, err := p.value(kind)
		if err != nil {
			return err
		}
		n.items = append(n.items, item)
	}
}

// nodeOf is a value of a schema as a node without a place.
func nodeOf(value any) *node {
	n := &node{}
	switch v := value.(type) {
	case map[string]any:
		n.kind = objectType
		for _, name := range slices.Sorted(maps.Keys(v)) {
			n.members = append(n.members, member{name: name, value: nodeOf(v[name])})
		}
		return n
	case []any:
		n.kind = arrayType
		for _, item := range v {
			n.items = append(n.items, nodeOf(item))
		}
		return n
	case json.Number:
		n.value = scalarOf(v)
	default:
		n.value = v
	}
	n.kind = kindOf(n.value)
	return n
}

func scalarOf(text json.Number) any {
	if i, err := text.Int64(); err == nil {
		return i
	}
	if whole, ok := new(big.Int).SetString(text.String(), 10); ok {
		return whole
	}
	f, _ := strconv.ParseFloat(text.String(), 64) // infinite if it is too large
	return f
}

// token is a node as LINQ to JSON has it.
func (n *node) token() newtonsoft.Token {
	switch n.kind {
	case objectType:
		o := newtonsoft.NewObject()
		for _, m := range n.members {
			o.Set(m.name, m.value.token())
		}
		return o
	case arrayType:
		a := newtonsoft.NewArray()
		for _, item := range n.items {
			_ = a.Add(item.token()) // a list takes any value
		}
		return a
	case 0:
		return newtonsoft.Undefined()
	case nullType:
		return newtonsoft.Null()
	}
	return newtonsoft.NewValue(n.value)
}

// canonical is a text that two nodes have in common if they are equal as JSON Schema has
// it: 1 is 1.0, and the order of members does not count.
func (n *node) canonical() string { return string(n.appendCanonical(nil)) }

func (n *node) appendCanonical(b []byte) []byte {
	switch v := n.value.(type) {
	case bool:
		return strconv.AppendBool(b, v)
	case string:
		return strconv.AppendQuote(b, v)
	case int64:
		return strconv.AppendInt(b, v, 10)
	case *big.Int:
		return v.Append(b, 10)
	case float64:
		if v == 0 {
			v = 0 // not -0
		}
		return strconv.AppendFloat(b, v, 'f', -1, 64)
	}
	switch n.kind {
	case arrayType:
		b = append(b, '[')
		for _, item := range n.items {
			b = append(item.appendCanonical(b), ',')
		}
		return append(b, ']')
	case objectType:
		b = append(b, '{')
		members := slices.SortedStableFunc(slices.Values(n.members), func(a, b member) int { return strings.Compare(a.name, b.name) })
		for _, m := range members {
			b = append(strconv.AppendQuote(b, m.name), ':')
			b = append(m.value.appendCanonical(b), ',')
		}
		return append(b, '}')
	}
	return strconv.AppendInt(b, -int64(n.kind), 16) // null, undefined
}

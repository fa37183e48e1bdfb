package yamlfile

import (
	"fmt"
	"strings"
	"unicode/utf8"

	"github.com/goccy/go-yaml"
	"github.com/goccy/go-yaml/ast"
	"github.com/goccy/go-yaml/lexer"
	"github.com/goccy/go-yaml/parser"
	"github.com/goccy/go-yaml/token"

	"github.com/apimulator/apimulator/policy"
)

const (
	// MaxSize is the most bytes a file may have.
	MaxSize = 1 << 20
	// The YAML parser takes a stack frame for each key of a mapping and each
	// level of nesting, and time by the square of them.
	maxTokens  = 100_000
	maxNesting = 50
)

// Place is where something stands in a file. Both numbers are 1-based; a
// column counts characters.
type Place struct{ Line, Col int }

// Start is where faults of a file as a whole stand.
var Start = Place{1, 1}

// SetPlace lets the Decoder tell what embeds a place where it stands.
func (p *Place) SetPlace(at Place) { *p = at }

// Fault is a mistake at the place.
func (p Place) Fault(file, format string, args ...any) policy.Diagnostic {
	return policy.Diagnostic{Severity: policy.Error, Document: file, Line: p.Line, Col: p.Col, Message: onOneLine(fmt.Sprintf(format, args...))}
}

// onOneLine keeps what a file's names and values hold from breaking a message.
func onOneLine(s string) string {
	s = strings.NewReplacer("\t", `\t`, "\n", `\n`, "\r", `\r`).Replace(s)
	return strings.Map(func(r rune) rune {
		if r < ' ' || r == 0x7f {
			return utf8.RuneError
		}
		return r
	}, s)
}

// PlaceOf is where a node stands.
func PlaceOf(node ast.Node) Place {
	// The token of a mapping without braces is its first colon; it begins at its
	// first key.
	if m, ok := node.(*ast.MappingNode); ok && !m.IsFlowStyle && len(m.Values) > 0 {
		node = m.Values[0].Key
	}
	return placeOfToken(node.GetToken())
}

func placeOfToken(t *token.Token) Place {
	if t == nil || t.Position == nil {
		return Start
	}
	return Place{max(t.Position.Line, 1), max(t.Position.Column, 1)}
}

// Parse reads a text into its one mapping; form says what that is, such as "an
// apim.yaml is a mapping that begins with apis:". It takes plain YAML:
// no anchors and aliases, which could blow a small file up, no tags, no
// directives.
func Parse(file string, data []byte, form string) (*ast.MappingNode, policy.Diagnostics) {
	if len(data) > MaxSize {
		return nil, policy.Diagnostics{Start.Fault(file, "the file has %d bytes; the most that is read is %d", len(data), MaxSize)}
	}
	text := strings.TrimPrefix(string(data), "\uFEFF")
	if at, found := firstUnreadable(text); found {
		return nil, policy.Diagnostics{at.Fault(file, "this character is not text in UTF-8")}
	}
	tokens := lexer.Tokenize(text)
	if found := refused(file, tokens); len(found) > 0 {
		return nil, found
	}
	tree, err := parser.Parse(tokens, 0, parser.AllowDuplicateMapKey()) // the decoder reports them
	if err != nil {
		return nil, policy.Diagnostics{syntaxFault(file, err)}
	}
	switch {
	case len(tree.Docs) == 0 || tree.Docs[0].Body == nil:
		return nil, policy.Diagnostics{Start.Fault(file, "the file is empty; %s", form)}
	case len(tree.Docs) > 1:
		return nil, policy.Diagnostics{placeOfToken(tree.Docs[1].Start).Fault(file, "a second YAML document begins here; the file holds one")}
	}
	body := tree.Docs[0].Body
	mapping, ok := body.(*ast.MappingNode)
	if !ok {
		return nil, policy.Diagnostics{PlaceOf(body).Fault(file, "this is %s; %s", Describe(body), form)}
	}
	return mapping, nil
}

func firstUnreadable(text string) (Place, bool) {
	at := Start
	for i, r := range text {
		switch {
		case r == '\n':
			at = Place{at.Line + 1, 0}
		case r == utf8.RuneError && strings.HasPrefix(text[i:], "\uFFFD"):
		case r == utf8.RuneError, r < ' ' && r != '\t' && r != '\r':
			return at, true
		}
		at.Col++
	}
	return at, false
}

// refused are the pieces of YAML that are not taken, and nesting or length that
// the parser could not bear.
func refused(file string, tokens token.Tokens) policy.Diagnostics {
	if len(tokens) > maxTokens {
		return policy.Diagnostics{Start.Fault(file, "the file holds more than %d keys and values", maxTokens)}
	}
	var found policy.Diagnostics
	depth := 0
	for _, t := range tokens {
		at, message := placeOfToken(t), ""
		switch t.Type {
		case token.AnchorType, token.AliasType, token.MergeKeyType:
			message = "anchors (&name), aliases (*name) and merge keys (<<) are not accepted: write the value out"
		case token.TagType:
			message = "tags (!name) are not accepted: write the value alone"
		case token.DirectiveType:
			message = "directives (%NAME) are not accepted; a text that begins with % stands in quotes"
		case token.MappingKeyType:
			message = "a key stands before a colon, without ?"
		case token.MappingStartType, token.SequenceStartType:
			depth++
		case token.MappingEndType, token.SequenceEndType:
			depth--
		}
		if depth > maxNesting || t.Type == token.SequenceEntryType && at.Col > 2*maxNesting {
			return append(found, at.Fault(file, "this is nested too deeply"))
		}
		if message != "" {
			found = append(found, at.Fault(file, "%s", message))
		}
	}
	return found
}

// syntaxFault is the parser's error. Its message may go on with an excerpt of the
// file, which is left out: it may hold secrets.
func syntaxFault(file string, err error) policy.Diagnostic {
	if y, ok := err.(yaml.Error); ok {
		return placeOfToken(y.GetToken()).Fault(file, "%s", y.GetMessage())
	}
	return Start.Fault(file, "the file is not YAML")
}

// Describe is what a node is, in words.
func Describe(node ast.Node) string {
	switch node.Type() {
	case ast.MappingType, ast.MappingValueType:
		return "a mapping"
	case ast.SequenceType:
		return "a list"
	case ast.NullType:
		return "nothing"
	case ast.BoolType:
		return "true or false"
	case ast.IntegerType, ast.FloatType, ast.InfinityType, ast.NanType:
		return "a number"
	}
	return "a text"
}

package service

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
	// MaxConfig is the most bytes apim.yaml may have.
	MaxConfig = 1 << 20
	// The YAML parser takes a stack frame for each key of a mapping and each
	// level of nesting, and time by the square of them.
	maxTokens  = 100_000
	maxNesting = 50
)

// place is where something stands in apim.yaml. Both numbers are 1-based; a
// column counts characters.
type place struct{ line, col int }

// start is where faults of a file as a whole stand.
var start = place{1, 1}

// setPlace lets the decoder tell what embeds a place where it stands.
func (p *place) setPlace(at place) { *p = at }

func (p place) fault(file, format string, args ...any) policy.Diagnostic {
	return policy.Diagnostic{Severity: policy.Error, Document: file, Line: p.line, Col: p.col, Message: onOneLine(fmt.Sprintf(format, args...))}
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

func placeOf(node ast.Node) place {
	// The token of a mapping without braces is its first colon; it begins at its
	// first key.
	if m, ok := node.(*ast.MappingNode); ok && !m.IsFlowStyle && len(m.Values) > 0 {
		node = m.Values[0].Key
	}
	return placeOfToken(node.GetToken())
}

func placeOfToken(t *token.Token) place {
	if t == nil || t.Position == nil {
		return start
	}
	return place{max(t.Position.Line, 1), max(t.Position.Column, 1)}
}

// parse reads the text of apim.yaml into its one mapping. It takes plain YAML:
// no anchors and aliases, which could blow a small file up, no tags, no
// directives.
func parse(file string, data []byte) (*ast.MappingNode, policy.Diagnostics) {
	if len(data) > MaxConfig {
		return nil, policy.Diagnostics{start.fault(file, "the file has %d bytes; the most that is read is %d", len(data), MaxConfig)}
	}
	text := strings.TrimPrefix(string(data), "\uFEFF")
	if at, found := firstUnreadable(text); found {
		return nil, policy.Diagnostics{at.fault(file, "this character is not text in UTF-8")}
	}
	tokens := lexer.Tokenize(text)
	if found := refused(file, tokens); len(found) > 0 {
		return nil, found
	}
	tree, err := parser.Parse(tokens, 0, parser.AllowDuplicateMapKey()) // the decoder reports them
	if err != nil {
		return nil, policy.Diagnostics{syntaxFault(file, err)}
	}
	const begin = "an apim.yaml is a mapping that begins with apis:"
	switch {
	case len(tree.Docs) == 0 || tree.Docs[0].Body == nil:
		return nil, policy.Diagnostics{start.fault(file, "the file is empty; %s", begin)}
	case len(tree.Docs) > 1:
		return nil, policy.Diagnostics{placeOfToken(tree.Docs[1].Start).fault(file, "a second YAML document begins here; the file holds one")}
	}
	body := tree.Docs[0].Body
	mapping, ok := body.(*ast.MappingNode)
	if !ok {
		return nil, policy.Diagnostics{placeOf(body).fault(file, "this is %s; %s", describe(body), begin)}
	}
	return mapping, nil
}

func firstUnreadable(text string) (place, bool) {
	at := start
	for i, r := range text {
		switch {
		case r == '\n':
			at = place{at.line + 1, 0}
		case r == utf8.RuneError && strings.HasPrefix(text[i:], "\uFFFD"):
		case r == utf8.RuneError, r < ' ' && r != '\t' && r != '\r':
			return at, true
		}
		at.col++
	}
	return at, false
}

// refused are the pieces of YAML that are not taken, and nesting or length that
// the parser could not bear.
func refused(file string, tokens token.Tokens) policy.Diagnostics {
	if len(tokens) > maxTokens {
		return policy.Diagnostics{start.fault(file, "the file holds more than %d keys and values", maxTokens)}
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
		if depth > maxNesting || t.Type == token.SequenceEntryType && at.col > 2*maxNesting {
			return append(found, at.fault(file, "this is nested too deeply"))
		}
		if message != "" {
			found = append(found, at.fault(file, "%s", message))
		}
	}
	return found
}

// syntaxFault is the parser's error. Its message may go on with an excerpt of the
// file, which is left out: it may hold secrets.
func syntaxFault(file string, err error) policy.Diagnostic {
	if y, ok := err.(yaml.Error); ok {
		return placeOfToken(y.GetToken()).fault(file, "%s", y.GetMessage())
	}
	return start.fault(file, "the file is not YAML")
}

// describe is what a node is, in words.
func describe(node ast.Node) string {
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

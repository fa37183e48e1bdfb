package liquid

import (
	"fmt"
	"slices"
	"strings"
)

// MaxDepth is how deep blocks may be nested. DotLiquid ends a rendering at that
// depth; here the template is refused.
const MaxDepth = 80

// Parse reads a template. The error is an *Error. Beside what DotLiquid refuses,
// it refuses what can never work: filters, tags and operators that there are not,
// filters with too few or too many arguments, patterns that are none.
func Parse(source string) (*Template, error) {
	if m := literalShorthand().FindStringSubmatch(source); m != nil {
		return &Template{[]node{textNode(m[1])}, len(m[1])}, nil
	}
	if commentShorthand().MatchString(source) {
		return &Template{}, nil
	}
	tokens, err := scan(source)
	if err != nil {
		return nil, err
	}
	p := &parser{tokens: tokens}
	nodes, _, err := p.block(nil)
	if err != nil {
		return nil, err
	}
	return &Template{nodes, len(source)}, nil
}

// parser makes nodes of tokens.
type parser struct {
	tokens []token
	next   int
	open   []*token // the blocks around the next token
}

// tag is how a tag is read. A tag that is a block reads on to its end.
type tag func(p *parser, t *token) (node, error)

// tagTable are the tags by name. It is a function because tags read tags.
func tagTable(name string) tag {
	switch name {
	case "assign":
		return parseAssign
	case "break":
		return func(_ *parser, t *token) (node, error) { return &interruptNode{place(t.open), leaveLoop}, nil }
	case "capture":
		return parseCapture
	case "case":
		return parseCase
	case "comment":
		return parseComment
	case "continue":
		return func(_ *parser, t *token) (node, error) { return &interruptNode{place(t.open), nextRound}, nil }
	case "cycle":
		return parseCycle
	case "for":
		return parseFor
	case "JSONArrayFor":
		return parseJSONArrayFor
	case "if", "unless":
		return parseIf
	case "ifchanged":
		return parseIfChanged
	case "literal", "raw":
		return parseRaw
	case "tablerow":
		return parseTableRow
	}
	return nil
}

var tagNames = []string{
	"assign", "break", "capture", "case", "comment", "continue", "cycle", "for", "JSONArrayFor", "if", "unless", "ifchanged",
	"literal", "raw", "tablerow", "else", "elsif", "elseif", "when",
}

// withoutTag says why a tag of DotLiquid or of other Liquids is not there.
var withoutTag = map[string]string{
	"include":   "a policy has no other templates",
	"extends":   "a policy has no other templates",
	"block":     "a policy has no other templates",
	"render":    "a policy has no other templates",
	"increment": "it came with a later version of DotLiquid",
	"decrement": "it came with a later version of DotLiquid",
	"param":     "it came with a later version of DotLiquid",
	"echo":      "DotLiquid has none",
	"liquid":    "DotLiquid has none",
}

// block reads nodes up to the end of the block that opener began, or to one of
// the tags in between, which it returns; of the document, opener nil, to the end.
func (p *parser) block(opener *token, between ...string) ([]node, *token, error) {
	if opener != nil {
		if p.open = append(p.open, opener); len(p.open) > MaxDepth {
			return nil, nil, &Error{opener.open, fmt.Sprintf("Nesting too deep: blocks may stand %d deep in each other", MaxDepth)}
		}
		defer func() { p.open = p.open[:len(p.open)-1] }()
	}
	var nodes []node
	for p.next < len(p.tokens) {
		t := &p.tokens[p.next]
		p.next++
		if t.kind == tagToken && opener != nil && (t.name == "end"+opener.name || slices.Contains(between, t.name)) {
			return nodes, t, nil
		}
		n, err := p.node(t)
		if err != nil {
			return nil, nil, err
		}
		if n != nil {
			nodes = append(nodes, n)
		}
	}
	if opener != nil {
		return nil, nil, &Error{opener.open, fmt.Sprintf("%s tag was never closed: {%% end%s %%} is missing", opener.name, opener.name)}
	}
	return nodes, nil, nil
}

// node reads one node; nil is one that leaves nothing.
func (p *parser) node(t *token) (node, error) {
	switch t.kind {
	case textToken:
		return textNode(t.text), nil
	case outputToken:
		v, err := parseVariable(markup{t.text, t.at})
		if err != nil || v == nil {
			return nil, err
		}
		return &outputNode{place(t.open), v}, nil
	}
	if parse := tagTable(t.name); parse != nil {
		return parse(p, t)
	}
	return nil, p.unknown(t)
}

// unknown is the error of a tag that stands where none of its name may.
func (p *parser) unknown(t *token) error {
	name := shortened(t.name)
	if why, ok := withoutTag[t.name]; ok {
		return &Error{t.open, fmt.Sprintf("The tag '%s' is not available: %s", t.name, why)}
	}
	if len(p.open) > 0 {
		opener := p.open[len(p.open)-1].name
		switch {
		case t.name == "else":
			return &Error{t.open, opener + " tag does not expect else tag"}
		case t.name == "end":
			return &Error{t.open, fmt.Sprintf("'end' is not a valid delimiter for %s tags. Use end%s", opener, opener)}
		case strings.HasPrefix(t.name, "end"):
			return &Error{t.open, fmt.Sprintf("Unknown tag '%s': the block that is open is '%s', which ends with end%s", name, opener, opener)}
		}
	} else if start, ok := strings.CutPrefix(t.name, "end"); ok && tagTable(start) != nil {
		return &Error{t.open, fmt.Sprintf("Unknown tag '%s': no '%s' is open here", t.name, start)}
	}
	if home, ok := within[t.name]; ok {
		return &Error{t.open, fmt.Sprintf("Unknown tag '%s': it stands in %s", t.name, home)}
	}
	return &Error{t.open, fmt.Sprintf("Unknown tag '%s'%s", name, didYouMean(t.name, tagNames))}
}

// within tells in which blocks a tag stands that is not one of its own.
var within = map[string]string{
	"else": "if, unless and case", "elsif": "if and unless", "elseif": "if and unless", "when": "case",
}

// markupOf is the text after a tag's name.
func markupOf(t *token) markup { return markup{strings.TrimRight(t.text, space), t.at} }

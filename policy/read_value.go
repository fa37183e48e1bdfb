package policy

import (
	"fmt"
	"regexp"
	"strings"

	"github.com/apimulator/apimulator/internal/pattern"
)

// attributeSpace makes a literal attribute's white space blanks, as XML 1.0 does
// (section 3.3.3). Expressions keep theirs: a // comment ends with its line.
var attributeSpace = strings.NewReplacer("\n", " ", "\t", " ")

// attributeValue reads up to and including the closing quote.
func (r *reader) attributeValue(quote byte) (*Value, *fault) {
	start := r.at
	r.space()
	if !beginsExpression(r.text[r.at:]) {
		r.at = start
		return r.literalAttribute(quote)
	}
	v, b := &Value{doc: r.doc, start: r.at, Expression: true}, builder{}
	// Well-formed first: up to the next quote, entities standing for characters.
	// A raw expression can't be complete there, because what precedes its first
	// inner quote has an open bracket.
	if n := strings.IndexByte(r.text[r.at:], quote); n >= 0 {
		inside := r.text[r.at : r.at+n]
		if end, f := expressionEnd(inside, true); f == nil && isSpace(inside[end:]) {
			b.addDecoded(inside[:end], r.at)
			r.at += n + 1
			return b.finish(v), nil
		}
	}
	end, f := expressionEnd(r.text[r.at:], false)
	if f != nil {
		return nil, r.unfinished(quote, f)
	}
	b.addOutsideStrings(r.text[r.at:r.at+end], r.at)
	r.at += end
	r.space()
	if !r.has(string(quote)) {
		return nil, &fault{r.at, fmt.Sprintf("the expression ends before this, but the attribute's closing %c is not here: an expression has to be the whole value", quote)}
	}
	r.at++
	return b.finish(v), nil
}

// attributeEnd finds a quote that looks like the end of an attribute's value: a tag
// ends after it or another attribute comes.
var attributeEnd = map[byte]func() *regexp.Regexp{
	'"':  pattern.Lazy(`"(\s*/>|>|\s+[\w.:-]+\s*=\s*["'])`),
	'\'': pattern.Lazy(`'(\s*/>|>|\s+[\w.:-]+\s*=\s*["'])`),
}

// unfinished is the fault f of the raw expression at the reader. Code with an open
// bracket runs on into the markup and fails there; the fault is the bracket then.
func (r *reader) unfinished(quote byte, f *fault) *fault {
	if end := attributeEnd[quote]().FindStringIndex(r.text[r.at:]); end != nil && end[0] <= f.at {
		if _, open := expressionEnd(r.text[r.at:r.at+end[0]], false); open != nil {
			f = open
		}
	}
	return &fault{r.at + f.at, f.message}
}

func (r *reader) literalAttribute(quote byte) (*Value, *fault) {
	start := r.at
	n := strings.IndexByte(r.text[start:], quote)
	if n < 0 {
		return nil, &fault{start - 1, fmt.Sprintf("this attribute value has no closing %c", quote)}
	}
	raw := r.text[start : start+n]
	if i := strings.IndexByte(raw, '<'); i >= 0 {
		return nil, &fault{start + i, "'<', hexadecimal value 0x3C, is an invalid attribute character."}
	}
	if f := strict(raw, start); f != nil {
		return nil, f
	}
	r.at = start + n + 1
	var b builder
	b.addDecoded(attributeSpace.Replace(raw), start)
	return b.finish(&Value{doc: r.doc, start: start}), nil
}

// characters reads text up to the next "<" and gives what it adds to b. Where an
// element's text begins with an expression, that is read raw, "<" and all; fresh
// says that it may.
func (r *reader) characters(b *builder, fresh bool) (string, *fault) {
	before, start := b.text.Len(), r.at
	r.space()
	if fresh && beginsExpression(r.text[r.at:]) {
		// Well-formed first, as in attributes: an escaped quote may open a string that
		// holds what would be a comment otherwise.
		inside, _, _ := strings.Cut(r.text[r.at:], "<")
		if end, f := expressionEnd(inside, true); f == nil && isSpace(inside[end:]) && strict(inside, 0) == nil {
			b.addDecoded(inside[:end], r.at)
			r.at += end
			return b.text.String()[before:], nil
		}
		end, f := expressionEnd(r.text[r.at:], false)
		if f != nil {
			return "", &fault{r.at + f.at, f.message}
		}
		if raw := r.text[r.at : r.at+end]; isRaw(raw) {
			b.addOutsideStrings(raw, r.at)
		} else {
			b.addDecoded(raw, r.at)
		}
		r.at += end
		return b.text.String()[before:], nil
	}
	raw, _, _ := strings.Cut(r.text[start:], "<")
	if i := strings.Index(raw, "]]>"); i >= 0 {
		return "", &fault{start + i, "']]>' is not allowed in character data."}
	}
	if f := strict(raw, start); f != nil {
		return "", f
	}
	b.addDecoded(raw, start)
	r.at = start + len(raw)
	return b.text.String()[before:], nil
}

// strict checks XML text that stands at source: an "&" has to begin an entity.
func strict(raw string, source int) *fault {
	for i := range len(raw) {
		if raw[i] == '&' {
			if _, n := entity(raw[i:]); n == 0 {
				return &fault{source + i, "An error occurred while parsing EntityName: an ampersand is written &amp;; beyond that only &lt; &gt; &quot; &apos; and character references are known."}
			}
		}
	}
	return nil
}

// isRaw reports whether an expression in a text was written without XML escapes:
// then &lt; in one of its strings means these four letters.
func isRaw(expression string) bool {
	return strings.Contains(expression, "<") || strict(expression, 0) != nil
}

package policy

import (
	"fmt"
	"strings"
)

// attributeValue reads up to and including the closing quote.
func (r *reader) attributeValue(quote byte) (*Value, *fault) {
	start := r.at
	r.space()
	if !r.atExpression() {
		r.at = start
		return r.literalAttribute(quote)
	}
	expression := r.at
	// Well-formed first: up to the next quote, entities standing for characters.
	// A raw expression can't be complete there, because what precedes its first
	// inner quote has an open bracket.
	if n := strings.IndexByte(r.text[r.at:], quote); n >= 0 {
		inside := r.text[r.at : r.at+n]
		if end, f := expressionEnd(inside, true); f == nil && isSpace(inside[end:]) {
			v := &Value{doc: r.doc, start: expression, Expression: true}
			v.appendDecoded(inside[:end], expression)
			r.at += n + 1
			return v, nil
		}
	}
	end, f := expressionEnd(r.text[r.at:], false)
	if f != nil {
		return nil, &fault{r.at + f.at, f.message}
	}
	v := &Value{doc: r.doc, start: expression, Expression: true}
	v.appendOutsideStrings(r.text[r.at:r.at+end], expression)
	r.at += end
	r.space()
	if !r.has(string(quote)) {
		return nil, &fault{r.at, fmt.Sprintf("the expression ends before this, but the attribute's closing %c is not here: an expression has to be the whole value", quote)}
	}
	r.at++
	return v, nil
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
	v := &Value{doc: r.doc, start: start}
	if f := v.appendStrict(raw, start); f != nil {
		return nil, f
	}
	r.at = start + n + 1
	return v, nil
}

// characters reads text up to the next "<". Where an element's text begins with
// an expression that is read raw, "<" and all.
func (r *reader) characters(text *Value, fresh bool) *fault {
	start := r.at
	if fresh && r.space() && r.at == len(r.text) {
		return nil
	}
	if fresh && r.atExpression() {
		end, f := expressionEnd(r.text[r.at:], false)
		if f != nil {
			return &fault{r.at + f.at, f.message}
		}
		raw := r.text[r.at : r.at+end]
		if isRaw(raw) {
			text.appendOutsideStrings(raw, r.at)
		} else {
			text.appendDecoded(raw, r.at)
		}
		r.at += end
		return nil
	}
	end := strings.IndexByte(r.text[start:], '<')
	if end < 0 {
		end = len(r.text) - start
	}
	r.at = start + end
	return text.appendStrict(r.text[start:r.at], start)
}

func (r *reader) atExpression() bool { return r.has("@(") || r.has("@{") }

// isRaw reports whether an expression in a text was written without XML escapes:
// then &lt; in one of its strings means these four letters.
func isRaw(expression string) bool {
	for i := range len(expression) {
		switch expression[i] {
		case '<':
			return true
		case '&':
			if _, n := entity(expression[i:]); n == 0 {
				return true
			}
		}
	}
	return false
}

// markExpression sets Expression if the value as a whole is one, and drops the
// white space around it.
func (v *Value) markExpression() {
	trimmed := strings.TrimLeft(v.Text, " \t\r\n")
	if !strings.HasPrefix(trimmed, "@(") && !strings.HasPrefix(trimmed, "@{") {
		return
	}
	lead := len(v.Text) - len(trimmed)
	end, f := expressionEnd(trimmed, false)
	if f != nil || !isSpace(trimmed[end:]) {
		return
	}
	v.start = v.offset(lead)
	v.cut(lead, lead+end)
	v.Expression = true
}

// cut keeps v.Text[from:to].
func (v *Value) cut(from, to int) {
	var kept []segment
	for n, s := range v.segments {
		end := len(v.Text)
		if n+1 < len(v.segments) {
			end = v.segments[n+1].at
		}
		if end <= from || s.at >= to {
			continue
		}
		if s.at < from && s.named == "" {
			s.source += from - s.at
		}
		s.at = max(0, s.at-from)
		kept = append(kept, s)
	}
	v.Text, v.segments = v.Text[from:to], kept
}

// append adds text that stands in the document as it is.
func (v *Value) append(text string, source int) {
	if text == "" {
		return
	}
	v.segments = append(v.segments, segment{at: len(v.Text), source: source})
	v.Text += text
}

// appendStrict adds XML text: an "&" has to begin an entity.
func (v *Value) appendStrict(raw string, source int) *fault {
	for i := range len(raw) {
		if raw[i] == '&' {
			if _, n := entity(raw[i:]); n == 0 {
				return &fault{source + i, "An error occurred while parsing EntityName: write &amp; for an ampersand."}
			}
		}
	}
	v.appendDecoded(raw, source)
	return nil
}

// appendDecoded adds text with its entities decoded.
func (v *Value) appendDecoded(raw string, source int) { v.appendExcept(raw, source, nil) }

// appendOutsideStrings adds an expression that was written raw: an entity stands
// for its character, but not in the expression's string literals.
func (v *Value) appendOutsideStrings(raw string, source int) {
	v.appendExcept(raw, source, stringLiterals(raw))
}

// appendExcept adds raw with its entities decoded where they are not in one of
// the spans.
func (v *Value) appendExcept(raw string, source int, spans []span) {
	done := 0
	for i := 0; i < len(raw); i++ {
		for len(spans) > 0 && i >= spans[0].end {
			spans = spans[1:]
		}
		if raw[i] != '&' || len(spans) > 0 && i >= spans[0].start {
			continue
		}
		if character, n := entity(raw[i:]); n > 0 {
			v.append(raw[done:i], source+done)
			v.append(character, source+i)
			done = i + n
			i = done - 1
		}
	}
	v.append(raw[done:], source+done)
}

package jsonschema

import (
	"encoding/base64"
	"unicode/utf8"
)

// scalar judges a value without others in it.
func (r *run) scalar(s *Schema, v *node) {
	switch v.kind {
	case integerType:
		if !r.ofType(s, v, integerType) {
			return
		}
		r.numeric(s, v, "Integer", v.text())
	case numberType:
		if !r.isWhole(s, v) && !r.ofType(s, v, numberType) {
			return
		}
		r.numeric(s, v, "Float", v.text())
	case stringType:
		if !r.ofType(s, v, stringType) {
			return
		}
		r.textual(s, v, v.value.(string))
	default:
		if !r.ofType(s, v, v.kind) {
			return
		}
	}
	r.oneOfValues(s, v)
	r.combined(s, v)
}

// isWhole reports whether an integer is wanted and 1.0 is one, as it is since draft 6.
func (r *run) isWhole(s *Schema, v *node) bool {
	const numeric = integerType | numberType
	return s.types&numeric == integerType && s.resource.draft != draft4 && v.number().isMultiple(&number{value: 1})
}

// numeric judges a number, whose text is as JSON.NET writes it.
func (r *run) numeric(s *Schema, v *node, what, text string) {
	n := v.number()
	if m := s.maximum; m != nil {
		switch c := n.compare(&m.number); {
		case c > 0:
			r.fail(v.at, nil, "%s %s exceeds maximum value of %s.", what, text, &m.number)
		case c == 0 && m.exclusive:
			r.fail(v.at, nil, "%s %s equals maximum value of %s and exclusive maximum is true.", what, text, &m.number)
		}
	}
	if m := s.minimum; m != nil {
		switch c := n.compare(&m.number); {
		case c < 0:
			r.fail(v.at, nil, "%s %s is less than minimum value of %s.", what, text, &m.number)
		case c == 0 && m.exclusive:
			r.fail(v.at, nil, "%s %s equals minimum value of %s and exclusive minimum is true.", what, text, &m.number)
		}
	}
	if s.multipleOf != nil && !n.isMultiple(s.multipleOf) {
		r.fail(v.at, nil, "%s %s is not a multiple of %s.", what, text, s.multipleOf)
	}
}

// textual judges a text. Its length is in code points.
func (r *run) textual(s *Schema, v *node, text string) {
	if s.maxLength != nil && utf8.RuneCountInString(text) > *s.maxLength {
		r.fail(v.at, nil, "String '%s' exceeds maximum length of %d.", told(text), *s.maxLength)
	}
	if s.minLength != nil && utf8.RuneCountInString(text) < *s.minLength {
		r.fail(v.at, nil, "String '%s' is less than minimum length of %d.", told(text), *s.minLength)
	}
	if s.pattern != nil && !s.pattern.matches(text) {
		r.fail(v.at, nil, "String '%s' does not match regex pattern '%s'.", told(text), s.pattern.text)
	}
	if !r.program.Formats {
		return
	}
	if s.contentEncoding == "base64" && !isBase64(text) {
		r.fail(v.at, nil, "String '%s' does not validate against content encoding '%s'.", told(text), s.contentEncoding)
	}
	if is := formats[s.format]; is != nil && !is(text) {
		r.fail(v.at, nil, "String '%s' does not validate against format '%s'.", told(text), s.format)
	}
}

func isBase64(text string) bool {
	_, err := base64.StdEncoding.DecodeString(text)
	return err == nil
}

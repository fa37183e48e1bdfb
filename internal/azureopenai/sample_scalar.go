package azureopenai

import (
	"encoding/json"
	"errors"
	"math"
	"regexp/syntax"
	"strconv"
	"strings"
	"unicode/utf8"
)

// maxSampleText bounds a text that a schema asks for, in characters.
const maxSampleText = 100_000

// sampleNumber is the smallest number of a schema's range that is not below 0, or the
// largest below it; a variant is so many steps further.
func sampleNumber(n schemaNode, whole bool, variant int) (any, error) {
	step := numberOf(n["multipleOf"], 0)
	if step <= 0 || whole && step != math.Trunc(step) {
		step = 1
	}
	low := max(numberOf(n["minimum"], math.Inf(-1)), numberOf(n["exclusiveMinimum"], math.Inf(-1)))
	high := min(numberOf(n["maximum"], math.Inf(1)), numberOf(n["exclusiveMaximum"], math.Inf(1)))
	number := 0.0
	switch {
	case low > 0 || low == 0 && n["exclusiveMinimum"] != nil:
		number = math.Ceil(low/step) * step
		if number <= numberOf(n["exclusiveMinimum"], math.Inf(-1)) {
			number += step
		}
	case high < 0 || high == 0 && n["exclusiveMaximum"] != nil:
		number = math.Floor(high/step) * step
		if number >= numberOf(n["exclusiveMaximum"], math.Inf(1)) {
			number -= step
		}
		step = -step
	}
	number += float64(variant) * step
	if !whole && n["multipleOf"] == nil && (number > high || number < low || number == low && n["exclusiveMinimum"] != nil || number == high && n["exclusiveMaximum"] != nil) {
		number = (low + high) / 2
	}
	if math.IsNaN(number) || math.IsInf(number, 0) {
		return nil, errors.New("no number fits it")
	}
	return json.Number(strconv.FormatFloat(number, 'f', -1, 64)), nil
}

// sampleFormats are texts of the formats that JSON Schema names.
var sampleFormats = map[string]string{
	"date-time": "2026-01-01T00:00:00Z", "date": "2026-01-01", "time": "00:00:00Z", "duration": "PT1S",
	"email": "user@example.com", "hostname": "host.example", "ipv4": "192.0.2.1", "ipv6": "2001:db8::1",
	"uri": "https://example.com/", "uri-reference": "/", "uuid": "00000000-0000-4000-8000-000000000000", "regex": ".*", "json-pointer": "/",
}

func sampleText(n schemaNode, filler string, variant int) (any, error) {
	text := filler
	if format, ok := n["format"].(string); ok && sampleFormats[format] != "" {
		text = sampleFormats[format]
	}
	if pattern, ok := n["pattern"].(string); ok {
		expression, err := syntax.Parse(pattern, syntax.Perl)
		if err != nil {
			return nil, errors.New("its pattern is not emulated")
		}
		var b strings.Builder
		samplePattern(&b, expression)
		text = b.String()
	} else if variant > 0 {
		text = strconv.Itoa(variant) + " " + text
	}
	least, most := numberOf(n["minLength"], 0), numberOf(n["maxLength"], maxSampleText)
	if least > maxSampleText {
		return nil, errors.New("it asks for too long a text")
	}
	length := utf8.RuneCountInString(text)
	if length < int(least) {
		text += strings.Repeat("x", int(least)-length)
	}
	if length > int(most) {
		text = string([]rune(text)[:max(int(most), 0)])
	}
	return text, nil
}

// samplePattern writes the shortest text that an expression matches, more or less: what is
// no such text is found out when the whole value is held against its schema.
func samplePattern(b *strings.Builder, e *syntax.Regexp) {
	if b.Len() > maxSampleText {
		return
	}
	switch e.Op {
	case syntax.OpLiteral:
		b.WriteString(string(e.Rune))
	case syntax.OpCharClass:
		b.WriteRune(sampleRune(e.Rune))
	case syntax.OpAnyChar, syntax.OpAnyCharNotNL:
		b.WriteByte('x')
	case syntax.OpCapture, syntax.OpPlus:
		samplePattern(b, e.Sub[0])
	case syntax.OpRepeat:
		for range e.Min {
			samplePattern(b, e.Sub[0])
		}
	case syntax.OpConcat:
		for _, sub := range e.Sub {
			samplePattern(b, sub)
		}
	case syntax.OpAlternate:
		samplePattern(b, e.Sub[0])
	}
}

// sampleRune is a rune of a class, given as its ranges: a letter or digit if there is one.
func sampleRune(ranges []rune) rune {
	for _, wanted := range []rune{'a', 'A', '0', 'x', ' '} {
		for i := 0; i+1 < len(ranges); i += 2 {
			if ranges[i] <= wanted && wanted <= ranges[i+1] {
				return wanted
			}
		}
	}
	if len(ranges) == 0 {
		return 'x'
	}
	return ranges[0]
}

package jsonschema

import (
	"errors"
	"fmt"
	"strings"
	"testing"
)

// TestCompileFaults: a schema that is wrong is refused with its place and the reason.
func TestCompileFaults(t *testing.T) {
	for _, c := range []struct{ schema, want string }{
		{`5`, "a schema is an object or a boolean, not the number 5"},
		{`{"properties": {"a/b": []}}`, "at #/properties/a~1b: a schema is an object or a boolean, not a list"},
		{`{"properties": 5}`, "at #/properties: properties is an object, not the number 5"},
		{`{"type": "text"}`, `at #/type: the text "text" is no type; they are array, boolean, integer, null, number, object and string`},
		{`{"type": ["string", 5]}`, "at #/type: the number 5 is no type; they are array, boolean, integer, null, number, object and string"},
		{`{"maxLength": -1}`, "at #/maxLength: maxLength is a whole number from 0 to 2147483647, not the number -1"},
		{`{"minItems": 1.5}`, "at #/minItems: minItems is a whole number from 0 to 2147483647, not the number 1.5"},
		{`{"maximum": "5"}`, `at #/maximum: maximum is a number, not the text "5"`},
		{`{"exclusiveMinimum": "5"}`, `at #/exclusiveMinimum: exclusiveMinimum is a number, not the text "5"`},
		{`{"$schema": "https://json-schema.org/draft/2020-12/schema", "exclusiveMinimum": true}`, "at #/exclusiveMinimum: exclusiveMinimum is a number, not true"},
		{`{"multipleOf": 0}`, "at #/multipleOf: multipleOf is a number above 0, not the number 0"},
		{`{"enum": 1}`, "at #/enum: enum is a list, not the number 1"},
		{`{"pattern": "("}`, `at #/pattern: "(" is no regular expression: error parsing regexp: missing closing ) in ` + "`(`"},
		{`{"patternProperties": {"[": {}}}`, `at #/patternProperties: "[" is no regular expression: error parsing regexp: unterminated [] set in ` + "`[`"},
		{`{"format": 1}`, "at #/format: format is a text, not the number 1"},
		{`{"uniqueItems": null}`, "at #/uniqueItems: uniqueItems is true or false, not null"},
		{`{"required": "a"}`, "at #/required: required is a list of texts"},
		{`{"required": ["a", 1]}`, "at #/required: required is a list of texts"},
		{`{"$schema": "http://json-schema.org/draft-07/schema#", "properties": {"a": {"required": true}}}`, "at #/properties/a/required: required is a list of texts"},
		{`{"dependentRequired": {"a": "b"}}`, "at #/dependentRequired: dependentRequired is a list of texts"},
		{`{"allOf": []}`, "at #/allOf: allOf is a list of at least one schema"},
		{`{"anyOf": {}}`, "at #/anyOf: anyOf is a list of at least one schema"},
		{`{"$schema": "https://json-schema.org/draft/2020-12/schema", "items": [{}]}`, "at #/items: items is a schema, not a list"},
		{`{"$ref": 1}`, "at #/$ref: $ref is a URL, not the number 1"},
		{`{"$ref": "#/$defs/a"}`, `at #/$ref: nothing is at "#/$defs/a"`},
		{`{"$ref": "#a"}`, `at #/$ref: nothing is at "#a"`},
		{`{"$ref": "other.json"}`, "at #/$ref: a reference to another document is not followed: schema:///other.json"},
		{`{"$ref": "file:///etc/passwd"}`, "at #/$ref: a reference to another document is not followed: file:///etc/passwd"},
		{`{"$ref": "://"}`, `at #/$ref: "://" is no reference`},
		{`{"$defs": {"a": {"type": "x"}}}`, `at #/$defs/a/type: the text "x" is no type; they are array, boolean, integer, null, number, object and string`},
		{`{"$schema": "http://json-schema.org/draft-03/schema#"}`, "draft 3 of JSON Schema is not supported"},
		{`{"items": {"$id": "a#b"}}`, `at #/items: "a#b" is no URL of a schema`},
	} {
		_, err := Compile(decoded(t, []byte(c.schema)), "", Options{})
		if err == nil || err.Error() != c.want {
			t.Errorf("%s\n got %v\nwant %s", c.schema, err, c.want)
		}
	}
	if _, err := Compile(map[string]any{}, "/a", Options{}); err == nil || err.Error() != `nothing is at "#/a"` {
		t.Errorf("a pointer to nothing: %v", err)
	}
}

// TestOptions: what a caller says besides the document.
func TestOptions(t *testing.T) {
	for _, c := range []struct {
		schema, pointer string
		o               Options
		text            string
		fits            bool
	}{
		{`{"format": "ipv4"}`, "", Options{}, `"a"`, true},
		{`{"format": "ipv4"}`, "", Options{Formats: true}, `"a"`, false},
		{`{"format": "of-somebody-else"}`, "", Options{Formats: true}, `"a"`, true},
		{`{"contentEncoding": "base64"}`, "", Options{}, `"%"`, true},
		{`{"contentEncoding": "base64"}`, "", Options{Formats: true}, `"%"`, false},
		{`{"contentEncoding": "quoted-printable"}`, "", Options{Formats: true}, `"%"`, true},

		{`{"properties": {"sKu": {"type": "string"}}}`, "", Options{IgnoreCase: true}, `{"SkU": 1}`, false},
		{`{"properties": {"sKu": {"type": "string"}}}`, "", Options{}, `{"SkU": 1}`, true},
		{`{"required": ["a"]}`, "", Options{IgnoreCase: true}, `{"A": 1}`, true},
		{`{"required": ["a"]}`, "", Options{}, `{"A": 1}`, false},
		{`{"dependentRequired": {"a": ["b"]}}`, "", Options{IgnoreCase: true}, `{"A": 1, "B": 2}`, true},
		{`{"dependentRequired": {"a": ["b"]}}`, "", Options{IgnoreCase: true}, `{"A": 1}`, false},
		{`{"properties": {"a": {}}, "additionalProperties": false}`, "", Options{IgnoreCase: true}, `{"A": 1}`, true},

		{`{"properties": {"a": {}}, "additionalProperties": false}`, "", Options{Additional: AdditionalAllowed}, `{"b": 1}`, true},
		{`{"properties": {"a": {}}, "unevaluatedProperties": false}`, "", Options{Additional: AdditionalAllowed}, `{"b": 1}`, true},
		{`{"properties": {"a": {}}}`, "", Options{Additional: AdditionalRefused}, `{"b": 1}`, false},
		{`{"properties": {"a": {"properties": {}}}}`, "", Options{Additional: AdditionalRefused}, `{"a": {"b": 1}}`, false},
		{`{"type": "object"}`, "", Options{Additional: AdditionalRefused}, `{"b": 1}`, false},
		{`{"properties": {"a": {}}, "additionalProperties": true}`, "", Options{Additional: AdditionalRefused}, `{"b": 1}`, false},
		{`{"required": ["b"]}`, "", Options{Additional: AdditionalRefused}, `{"b": 1}`, true},

		{`{"$defs": {"a/b": {"type": "string"}}}`, "/$defs/a~1b", Options{}, `1`, false},
		{`{"openapi": "3.0.3", "components": {"schemas": {"A": {"type": "array", "items": {"$ref": "#/components/schemas/B"}}, "B": {"type": "string"}}}}`, "/components/schemas/A", Options{}, `[1]`, false},
		{`{"swagger": "2.0", "definitions": {"A": {"$anchor": "a", "type": "string"}, "B": {"$ref": "#a"}}}`, "/definitions/B", Options{}, `1`, false},
	} {
		s, err := Compile(decoded(t, []byte(c.schema)), c.pointer, c.o)
		if err != nil {
			t.Errorf("%s: %v", c.schema, err)
			continue
		}
		if found, err := s.Validate(c.text); err != nil || len(found) == 0 != c.fits {
			t.Errorf("%s, %+v, %s: got %v, %v", c.schema, c.o, c.text, found, err)
		}
	}
}

// TestLoad: another document is asked for by its URL, and an error of it is told.
func TestLoad(t *testing.T) {
	var asked []string
	o := Options{URL: "file:///a/main.json", Load: func(url string) (any, error) {
		asked = append(asked, url)
		if url != "file:///a/types.json" {
			return nil, errors.New("not here")
		}
		return decoded(t, []byte(`{"$defs": {"id": {"type": "integer"}, "more": {"$ref": "none.json"}}}`)), nil
	}}
	s, err := Compile(decoded(t, []byte(`{"items": {"$ref": "types.json#/$defs/id"}, "contains": {"$ref": "types.json#/$defs/id"}}`)), "", o)
	if err != nil || strings.Join(asked, " ") != "file:///a/types.json" {
		t.Fatalf("asked for %q: %v", asked, err)
	}
	if found, err := s.Validate(`["a"]`); err != nil || len(found) != 2 {
		t.Errorf("got %v, %v", found, err)
	}
	if _, err := Compile(decoded(t, []byte(`{"$ref": "types.json#/$defs/more"}`)), "", o); err == nil || err.Error() != "at #/$defs/more/$ref: not here" {
		t.Errorf("got %v", err)
	}
}

// TestBounds: schemas and texts that would take for ever, or too much.
func TestBounds(t *testing.T) {
	var twice strings.Builder // each one asks the next twice
	twice.WriteString(`{"$defs": {"s40": {"type": "string"}`)
	for i := range 40 {
		fmt.Fprintf(&twice, `, "s%d": {"allOf": [{"$ref": "#/$defs/s%d"}, {"$ref": "#/$defs/s%[2]d"}]}`, i, i+1)
	}
	s, err := Compile(decoded(t, []byte(twice.String()+`}, "$ref": "#/$defs/s0"}`)), "", Options{})
	if err != nil {
		t.Fatal(err)
	}
	s.program.steps = 100_000
	if _, err := s.Validate("1"); err == nil || err.Error() != "the schema takes more than 100000 steps" {
		t.Errorf("a schema that doubles: %v", err)
	}

	s, err = Compile(decoded(t, []byte(`{"items": {"type": "string"}, "uniqueItems": true}`)), "", Options{})
	if err != nil {
		t.Fatal(err)
	}
	found, err := s.Validate("[" + strings.Repeat("1,", 999) + "1]")
	if err != nil || len(found) != MaxErrors {
		t.Errorf("a list of wrong items: %d errors, %v", len(found), err)
	}
	if _, err := s.Validate("[" + strings.Repeat("1,", 9_999) + "1]"); err != nil {
		t.Errorf("a long list: %v", err)
	}

	_, err = s.Validate(strings.Repeat("[", MaxDepth+1) + strings.Repeat("]", MaxDepth+1))
	var syntax *SyntaxError
	if !errors.As(err, &syntax) || syntax.Position != MaxDepth+1 {
		t.Errorf("a deep text: %v", err)
	}
	s, err = Compile(decoded(t, []byte(`{"items": {"$ref": "#"}, "type": "array"}`)), "", Options{})
	if err != nil {
		t.Fatal(err)
	}
	if found, err := s.Validate(strings.Repeat("[", MaxDepth) + strings.Repeat("]", MaxDepth)); err != nil || len(found) != 0 {
		t.Errorf("a text as deep as may be: %v, %v", found, err)
	}
}

// TestTold: what errors tell is bounded, and does not hide that there are others.
func TestTold(t *testing.T) {
	s, err := Compile(decoded(t, []byte(`{"items": {"anyOf": [{"type": "integer"}, {"enum": ["a"]}]}}`)), "", Options{})
	if err != nil {
		t.Fatal(err)
	}
	found, err := s.Validate(`["` + strings.Repeat("ä", maxTold) + `"` + strings.Repeat(`, {}`, 5000) + "]")
	if err != nil || len(found) != MaxErrors {
		t.Fatalf("got %d errors, %v", len(found), err)
	}
	if e := found[0].Causes[1]; len(e.Message) > maxTold+100 || !strings.HasSuffix(e.Message, "ä... is not defined in enum.") {
		t.Errorf("a long text is told in %d bytes", len(e.Message))
	}
	if n := len(Leaves(found)); n > maxCauses+MaxErrors {
		t.Errorf("%d causes are told", n)
	}
}

func TestDecode(t *testing.T) {
	for text, want := range map[string]string{`{"a": 1}`: "", `{"a": 1} 2`: "something follows the JSON value", ``: "EOF", `[1,]`: "invalid character ']' looking for beginning of value"} {
		if _, err := Decode([]byte(text)); fmt.Sprint(err) != fmt.Sprint(want) && (err == nil) != (want == "") || err != nil && err.Error() != want {
			t.Errorf("%s: got %v, want %q", text, err, want)
		}
	}
}

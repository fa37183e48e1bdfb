package azureopenai

import (
	"encoding/json"
	"strings"
	"testing"
)

func TestSamples(t *testing.T) {
	for schema, want := range map[string]string{
		`{}`:   `"text"`,
		`true`: `"text"`,
		`{"type":"object","properties":{"b":{"type":"integer"},"a":{"type":"string"}}}`: `{"a":"text","b":0}`,
		`{"type":"object","required":["x"],"additionalProperties":{"type":"number"}}`:   `{"x":0}`,
		`{"type":["null","boolean"]}`:                                                 `true`,
		`{"type":["null"]}`:                                                           `null`,
		`{"const":{"a":[1]}}`:                                                         `{"a":[1]}`,
		`{"enum":["c","f"]}`:                                                          `"c"`,
		`{"type":"integer","minimum":3}`:                                              `3`,
		`{"type":"integer","exclusiveMinimum":3}`:                                     `4`,
		`{"type":"integer","maximum":-3}`:                                             `-3`,
		`{"type":"number","multipleOf":0.5,"minimum":0.7}`:                            `1`,
		`{"type":"number","exclusiveMinimum":0,"exclusiveMaximum":1}`:                 `0.5`,
		`{"type":"string","minLength":6}`:                                             `"textxx"`,
		`{"type":"string","maxLength":2}`:                                             `"te"`,
		`{"type":"string","format":"date-time"}`:                                      `"2026-01-01T00:00:00Z"`,
		`{"type":"string","pattern":"^[A-Z]{2}-\\d+(a|b)?$"}`:                         `"AA-0"`,
		`{"type":"array","items":{"type":"boolean"}}`:                                 `[true]`,
		`{"type":"array","items":{"type":"boolean"},"maxItems":0}`:                    `[]`,
		`{"type":"array","items":{"type":"integer"},"minItems":3,"uniqueItems":true}`: `[0,1,2]`,
		`{"type":"array","items":{"type":"string"},"minItems":2,"uniqueItems":true}`:  `["text","1 text"]`,
		`{"type":"array","prefixItems":[{"type":"null"},{"const":1}],"items":false}`:  `[null,1]`,
		`{"anyOf":[false,{"type":"integer"}]}`:                                        `0`,
		`{"oneOf":[{"type":"string"},{"type":"null"}]}`:                               `"text"`,
		`{"$defs":{"n":{"type":"integer"}},"type":"object","properties":{"a":{"$ref":"#/$defs/n","minimum":2}}}`:                                          `{"a":2}`,
		`{"allOf":[{"type":"object","required":["a"]},{"properties":{"a":{"type":"integer"}}}],"required":["b"],"properties":{"a":{"minimum":1},"b":{}}}`: `{"a":1,"b":"text"}`,
		`{"properties":{"a":{"enum":[1]}}}`:                              `{"a":1}`,
		`{"type":"object","properties":{"next":{"$ref":"#"}}}`:           `{"next":{"next":{"next":{"next":{}}}}}`,
		`{"type":"object","properties":{"never":false,"a":{"const":1}}}`: `{"a":1}`,
	} {
		value, err := sampleWith(json.RawMessage(schema), "text")
		if got := string(encode(value)); err != nil || got != want {
			t.Errorf("%s: got %s, %v; want %s", schema, got, err, want)
		}
	}
}

func TestSchemasWithoutSample(t *testing.T) {
	for schema, want := range map[string]string{
		`false`:                                 "it accepts nothing",
		`{"$ref":"#"}`:                          "too large a value",
		`{"$ref":"#/a"}`:                        "",
		`{"type":"array","minItems":1001}`:      "too many items",
		`{"type":"string","minLength":1000000}`: "too long a text",
		`{"not":{}}`:                            "does not fit",
		`{"type":"object","required":["a"],"properties":{"a":{"$ref":"#"}}}`: "too large a value",
		`{"type":"integer","minimum":5,"maximum":4}`:                         "does not fit",
		`{"anyOf":[]}`: "",
	} {
		value, err := sampleOf(json.RawMessage(schema))
		if err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: got %v, %v; want an error with %q", schema, value, err, want)
		}
	}
}

func FuzzSample(f *testing.F) {
	for _, schema := range []string{`{"type":"object","properties":{"a":{"type":"array","items":{"$ref":"#"}}}}`, `{"anyOf":[{"type":"string","pattern":"a{3}|b"},{"type":"null"}]}`,
		`{"allOf":[{"minimum":1},{"maximum":9,"multipleOf":2}]}`, `{"enum":[1,"a",null]}`} {
		f.Add([]byte(schema))
	}
	f.Fuzz(func(t *testing.T, schema []byte) {
		value, err := sampleOf(schema)
		if err == nil && !json.Valid(encode(value)) {
			t.Fatalf("%s: %v", schema, value)
		}
	})
}

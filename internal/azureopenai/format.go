package azureopenai

import (
	"bytes"
	"encoding/json"
	"slices"
	"strings"

	"github.com/apimulator/apimulator/policy/jsonschema"

	"github.com/apimulator/apimulator/internal/tokencount"
)

const (
	formatText   = "text"
	formatObject = "json_object"
	formatSchema = "json_schema"
)

// schemasSince is the version that brought response formats with a schema.
const schemasSince = "2024-08-01"

// format is response_format: what an answer's text has to be. The zero value is any text.
type format struct {
	kind   string
	schema json.RawMessage    // of formatSchema; nil is none
	valid  *jsonschema.Schema // the same, compiled
}

func readResponseFormat(q *chatRequest, param string, value json.RawMessage) *refusal {
	fields, refused := objectValue(param, value)
	if refused != nil {
		return refused
	}
	if q.format.kind, refused = requiredString(param+".type", fields["type"]); refused != nil {
		return refused
	}
	switch q.format.kind {
	case formatText, formatObject:
		return nil
	case formatSchema:
		return q.format.readSchema(q, param, fields["json_schema"])
	}
	return wrongValue(param+".type", q.format.kind, formatText, formatObject, formatSchema)
}

// readSchema reads json_schema: a name, a schema, and whether it is strict.
func (f *format) readSchema(q *chatRequest, param string, value json.RawMessage) *refusal {
	switch {
	case !q.version.has(schemasSince):
		return formatTooNew()
	case !q.model.structured:
		return formatNotOfModel()
	case value == nil:
		return missingParameter(param + ".json_schema")
	}
	fields, refused := objectValue(param+".json_schema", value)
	if refused != nil {
		return refused
	}
	for _, name := range sortedKeys(fields) {
		if !slices.Contains([]string{"name", "description", "schema", "strict"}, name) {
			return unknownParameter(param + ".json_schema." + name)
		}
	}
	name, refused := requiredString(param+".json_schema.name", fields["name"])
	if refused != nil {
		return refused
	}
	if !functionPattern().MatchString(name) {
		return invalidRequest(param+".json_schema.name", "invalid_value",
			"Invalid '%s.json_schema.name': string does not match pattern. Expected a string that matches the pattern '^[a-zA-Z0-9_-]+$', at most 64 long.", param)
	}
	strict, refused := optionalBool(param+".json_schema.strict", fields["strict"])
	if refused != nil || isNull(fields["schema"]) {
		return refused
	}
	place := schemaPlace{param: param, of: "response_format '" + name + "'"}
	if refused := place.check(fields["schema"], strict); refused != nil {
		return refused
	}
	f.schema = fields["schema"]
	f.valid, _ = compileSchema(f.schema) // check has compiled it
	return nil
}

// needs checks what a format wants of the rest of the request: the word that keeps a model
// from writing blanks for ever.
func (f format) needs(q *chatRequest) *refusal {
	if f.kind != formatObject {
		return nil
	}
	for _, m := range q.messages {
		for _, text := range m.Content {
			if strings.Contains(strings.ToLower(text), "json") {
				return nil
			}
		}
	}
	return invalidRequest("messages", "", "'messages' must contain the word 'json' in some form, to use 'response_format' of type 'json_object'.")
}

// tokens is what a schema counts in the prompt. That is not published; here it is the
// tokens of the schema without blanks (chosen).
func (f format) tokens(e *tokencount.Encoding) int {
	if f.schema == nil {
		return 0
	}
	var b bytes.Buffer
	json.Compact(&b, f.schema) // it is valid JSON
	return e.Count(b.String())
}

// apply gives a text that is of the format: this one if it is, or else one that holds it.
func (f format) apply(text string) (string, *refusal) {
	switch f.kind {
	case formatObject:
		if !strings.HasPrefix(strings.TrimSpace(text), "{") || !json.Valid([]byte(text)) {
			return string(encode(map[string]string{"answer": text})), nil
		}
	case formatSchema:
		if f.valid == nil || fits(f.valid, []byte(text)) {
			return text, nil
		}
		value, err := sampleWith(f.schema, text)
		if err != nil {
			return "", notEmulatedHere("response_format", "an answer to this schema ("+err.Error()+"); give one that fits it under azureOpenAI.answers;")
		}
		return string(encode(value)), nil
	}
	return text, nil
}

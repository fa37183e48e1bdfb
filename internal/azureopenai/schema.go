package azureopenai

import (
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/apimulator/apimulator/policy/jsonschema"
)

// schemaPlace is where a schema stands in a request, for messages, which are OpenAI's.
type schemaPlace struct {
	param string
	of    string // "function 'f'", "response_format 'r'"
	code  string
}

func (p schemaPlace) invalid(format string, args ...any) *refusal {
	return invalidRequest(p.param, p.code, "Invalid schema for %s: %s", p.of, fmt.Sprintf(format, args...))
}

// check refuses what is no schema of an object, and of a strict one what the service can't
// promise to keep to.
func (p schemaPlace) check(raw json.RawMessage, strict bool) *refusal {
	fields, refused := objectValue(p.param, raw)
	if refused != nil {
		return refused
	}
	kind := `"None"`
	if t := fields["type"]; !isNull(t) {
		kind = clip(string(t))
	}
	if kind != `"object"` {
		return p.invalid(`schema must be a JSON Schema of 'type: "object"', got 'type: %s'.`, kind)
	}
	if _, err := compileSchema(raw); err != nil {
		return p.invalid("it is not a valid JSON Schema: %s.", clip(err.Error()))
	}
	if !strict {
		return nil
	}
	var root any
	json.Unmarshal(raw, &root) // it is valid JSON
	return p.checkStrict(root, nil)
}

// checkStrict checks each schema of an object below one: it names all its members, and
// requires them (Structured outputs, supported schemas).
func (p schemaPlace) checkStrict(schema any, context []string) *refusal {
	s, ok := schema.(map[string]any)
	if !ok {
		return nil
	}
	properties, _ := s["properties"].(map[string]any)
	if s["type"] == "object" || properties != nil {
		if s["additionalProperties"] != false {
			return p.invalid("In context=%s, 'additionalProperties' is required to be supplied and to be false.", contextOf(context))
		}
		required, _ := s["required"].([]any)
		for _, name := range slices.Sorted(maps.Keys(properties)) {
			if !slices.Contains(required, any(name)) {
				return p.invalid("In context=%s, 'required' is required to be supplied and to be an array including every key in properties. Missing '%s'.",
					contextOf(context), clip(name))
			}
		}
	}
	return p.checkBelow(s, context)
}

// checkBelow is checkStrict for the schemas within one.
func (p schemaPlace) checkBelow(s map[string]any, context []string) *refusal {
	for _, keyword := range []string{"properties", "$defs", "definitions"} {
		members, _ := s[keyword].(map[string]any)
		for _, name := range slices.Sorted(maps.Keys(members)) {
			if refused := p.checkStrict(members[name], append(context, keyword, name)); refused != nil {
				return refused
			}
		}
	}
	if refused := p.checkStrict(s["items"], append(context, "items")); refused != nil {
		return refused
	}
	branches, _ := s["anyOf"].([]any)
	for i, branch := range branches {
		if refused := p.checkStrict(branch, append(context, "anyOf", fmt.Sprint(i))); refused != nil {
			return refused
		}
	}
	return nil
}

// contextOf is a path as the messages write it, which is Python's way.
func contextOf(path []string) string {
	quoted := make([]string, len(path))
	for i, step := range path {
		quoted[i] = "'" + clip(step) + "'"
	}
	text := strings.Join(quoted, ", ")
	if len(path) == 1 {
		text += ","
	}
	return "(" + text + ")"
}

// compileSchema compiles a schema of a request. It can refer to itself only.
func compileSchema(raw json.RawMessage) (*jsonschema.Schema, error) {
	document, err := jsonschema.Decode(raw)
	if err != nil {
		return nil, err
	}
	return jsonschema.Compile(document, "", jsonschema.Options{Formats: true})
}

// fits reports whether a text is JSON that a schema accepts.
func fits(schema *jsonschema.Schema, text []byte) bool {
	found, err := schema.Validate(string(text))
	return json.Valid(text) && err == nil && len(found) == 0
}

package tokencount

import (
	"bytes"
	"encoding/json"
	"slices"
	"strings"
)

// Function is what of a function that a chat's tools offer the model reads.
type Function struct {
	Name, Description string
	// Parameters is the JSON Schema of the parameters, nil if there are none.
	Parameters json.RawMessage
}

// What a function's definition costs besides its texts, as the OpenAI cookbook has it for
// gpt-4o ("Token counting for functions and tools"); the service's formula is not
// published. Each enum has one value for nothing.
const (
	functionStart   = 7 // 10 with cl100k_base
	functionStartCL = 10
	propertiesStart = 3
	propertyKey     = 3
	enumStart       = -3
	enumItem        = 3
	functionsEnd    = 12
)

// Functions is the number of prompt tokens of a chat's functions, by the formula of the
// OpenAI cookbook. It knows only one level of properties; deeper ones are counted in the
// same way here (chosen).
func (e *Encoding) Functions(functions []Function) int {
	if len(functions) == 0 {
		return 0
	}
	n := functionsEnd
	for _, f := range functions {
		if e == CL100kBase {
			n += functionStartCL
		} else {
			n += functionStart
		}
		n += e.Count(f.Name+":"+strings.TrimSuffix(f.Description, ".")) + e.properties(f.Parameters, 0)
	}
	return n
}

// maxSchemaDepth is how deep properties are counted; JSON nests no deeper than 10,000.
const maxSchemaDepth = 100

// properties counts those of a schema of an object, or of an array of such. Of what is no
// such schema, there are none.
func (e *Encoding) properties(schema json.RawMessage, depth int) int {
	var s struct {
		Properties map[string]json.RawMessage
		Items      json.RawMessage
	}
	if depth > maxSchemaDepth || !isObject(schema) || json.Unmarshal(schema, &s) != nil {
		return 0
	}
	n := e.properties(s.Items, depth+1)
	if len(s.Properties) == 0 {
		return n
	}
	n += propertiesStart
	for name, schema := range s.Properties {
		n += propertyKey + e.property(name, schema) + e.properties(schema, depth+1)
	}
	return n
}

// property counts the texts of one property.
func (e *Encoding) property(name string, schema json.RawMessage) int {
	var s struct {
		Type        any
		Description any
		Enum        []any
	}
	if isObject(schema) {
		json.Unmarshal(schema, &s) // what is of another kind stays empty
	}
	description, _ := s.Description.(string)
	n := e.Count(name + ":" + typeName(s.Type) + ":" + strings.TrimSuffix(description, "."))
	if len(s.Enum) > 0 {
		n += enumStart
	}
	for _, item := range s.Enum {
		n += enumItem
		if text, ok := item.(string); ok {
			n += e.Count(text)
		} else {
			data, _ := json.Marshal(item) // it comes from JSON
			n += e.Count(string(data))
		}
	}
	return n
}

// typeName is a schema's type as a text: the first that is not null, if it is a list.
func typeName(t any) string {
	switch t := t.(type) {
	case string:
		return t
	case []any:
		if i := slices.IndexFunc(t, func(item any) bool { return item != "null" }); i >= 0 {
			name, _ := t[i].(string)
			return name
		}
	}
	return ""
}

func isObject(value json.RawMessage) bool {
	return bytes.HasPrefix(bytes.TrimSpace(value), []byte("{"))
}

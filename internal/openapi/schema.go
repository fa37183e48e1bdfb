package openapi

import (
	"bytes"
	"encoding/json"
	"strconv"
	"strings"

	"github.com/getkin/kin-openapi/openapi3"

	"github.com/apimulator/apimulator/policy/exchange"
)

// inlineKey is where the schemas that stand in messages are collected.
const inlineKey = "x-messages"

// schemas collects the schemas of messages into one document.
type schemas struct {
	document exchange.SchemaDocument
	inline   []*openapi3.SchemaRef
	samples  map[*openapi3.Schema][]byte
	sampled  int // bytes of all samples
}

// add is the schema of a message; name is what to call one that stands in it.
func (s *schemas) add(ref *openapi3.SchemaRef, name string) *exchange.Schema {
	schema := &exchange.Schema{Name: name, Document: &s.document}
	if name, ok := strings.CutPrefix(ref.Ref, "#/components/schemas/"); ok && !strings.Contains(name, "/") {
		schema.Name, schema.Pointer = name, strings.TrimPrefix(ref.Ref, "#")
		return schema
	}
	s.inline = append(s.inline, ref)
	schema.Pointer = "/" + inlineKey + "/" + strconv.Itoa(len(s.inline)-1)
	return schema
}

// finish makes the document: that of the API, with the schemas of messages beside.
func (s *schemas) finish(d *Definition, document *openapi3.T) error {
	root, err := decoded(document)
	if err != nil {
		return fault("%s", err)
	}
	inline := make([]any, len(s.inline))
	for i, ref := range s.inline {
		if inline[i], err = decoded(ref); err != nil {
			return fault("%s", err)
		}
	}
	members, ok := root.(map[string]any)
	if !ok {
		return fault("this is no OpenAPI document")
	}
	members[inlineKey] = inline
	if !document.IsOpenAPI31OrLater() {
		modernize(members)
	}
	s.document.Root = root
	d.Schemas = &s.document
	return nil
}

// decoded is what a value of the library marshals to.
func decoded(value any) (any, error) {
	text, err := json.Marshal(value)
	if err != nil {
		return nil, err
	}
	d := json.NewDecoder(bytes.NewReader(text))
	d.UseNumber()
	var plain any
	err = d.Decode(&plain)
	return plain, err
}

// modernize turns what schemas of OpenAPI 3.0 have of their own into JSON Schema. It goes
// through the whole document: what it changes means nothing elsewhere.
func modernize(value any) {
	switch v := value.(type) {
	case []any:
		for _, item := range v {
			modernize(item)
		}
	case map[string]any:
		for _, member := range v {
			modernize(member)
		}
		modernizeSchema(v)
	}
}

func modernizeSchema(s map[string]any) {
	if ref, ok := s["$ref"].(string); ok {
		clear(s) // what stands beside a reference is ignored
		s["$ref"] = ref
		return
	}
	for _, bound := range [][2]string{{"exclusiveMinimum", "minimum"}, {"exclusiveMaximum", "maximum"}} {
		exclusive, ok := s[bound[0]].(bool)
		if !ok {
			continue
		}
		delete(s, bound[0])
		if limit, there := s[bound[1]]; exclusive && there {
			s[bound[0]] = limit
			delete(s, bound[1])
		}
	}
	if nullable, ok := s["nullable"].(bool); ok && nullable {
		if kind, ok := s["type"].(string); ok {
			s["type"] = []any{kind, "null"}
		}
		if values, ok := s["enum"].([]any); ok {
			s["enum"] = append(values, nil)
		}
	}
}

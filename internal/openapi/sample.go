package openapi

import (
	"bytes"
	"encoding/json"
	"maps"
	"slices"
	"strings"

	"github.com/getkin/kin-openapi/openapi3"
)

const (
	// maxDepth is how deep a sample nests.
	maxDepth = 8
	// maxSample is the most bytes of a sample, maxSamples of all of a document.
	maxSample  = 64 << 10
	maxSamples = 16 << 20
	// maxSteps is the most schemas that one sample is made of.
	maxSteps = 10_000
)

// sample is a body made of a schema; nil if the content type is not JSON, or it would be
// too large. Chosen: how the values look, since no page shows one that Azure made.
func (s *schemas) sample(contentType string, schema *openapi3.SchemaRef) []byte {
	if !isJSONType(contentType) || schema.Value == nil {
		return nil
	}
	if made, ok := s.samples[schema.Value]; ok {
		return made
	}
	w := &sampler{steps: maxSteps}
	w.value(schema, 0)
	made := w.Bytes()
	s.sampled += len(made)
	if len(made) > maxSample || w.steps <= 0 || s.sampled > maxSamples || !json.Valid(made) {
		made = nil
	}
	if s.samples == nil {
		s.samples = make(map[*openapi3.Schema][]byte)
	}
	s.samples[schema.Value] = made
	return made
}

// sampler writes JSON with the members of objects in the order of the document.
type sampler struct {
	bytes.Buffer
	steps  int // that may still be taken
	within []*openapi3.Schema
}

func (w *sampler) value(ref *openapi3.SchemaRef, depth int) {
	w.steps--
	if ref == nil || ref.Value == nil || depth > maxDepth || w.Len() > maxSample || w.steps <= 0 {
		w.WriteString("null")
		return
	}
	s := ref.Value
	if slices.Contains(w.within, s) {
		w.WriteString("null") // a schema that holds itself
		return
	}
	w.within = append(w.within, s)
	defer func() { w.within = w.within[:len(w.within)-1] }()
	if given, ok := givenValue(s); ok {
		if text, err := marshal(given); err == nil {
			w.Write(text)
			return
		}
	}
	if len(s.AllOf) > 0 || len(s.Properties) > 0 || s.Type.Is(openapi3.TypeObject) {
		w.object(s, depth)
		return
	}
	for _, alternatives := range []openapi3.SchemaRefs{s.OneOf, s.AnyOf} {
		if len(alternatives) > 0 {
			w.value(alternatives[0], depth+1)
			return
		}
	}
	if s.Type.Is(openapi3.TypeArray) || s.Items != nil {
		w.WriteByte('[')
		w.value(s.Items, depth+1)
		w.WriteByte(']')
		return
	}
	w.scalar(s)
}

// givenValue is a value that the schema itself shows.
func givenValue(s *openapi3.Schema) (any, bool) {
	switch {
	case s.Example != nil:
		return s.Example, true
	case len(s.Examples) > 0:
		return s.Examples[0], true
	case s.Default != nil:
		return s.Default, true
	case s.Const != nil:
		return s.Const, true
	case len(s.Enum) > 0:
		return s.Enum[0], true
	}
	return nil, false
}

func (w *sampler) object(s *openapi3.Schema, depth int) {
	properties := make(openapi3.Schemas)
	names := w.properties(s, properties, depth)
	w.WriteByte('{')
	for i, name := range names {
		if i > 0 {
			w.WriteByte(',')
		}
		text, err := marshal(name)
		if err != nil {
			text = []byte(`""`)
		}
		w.Write(text)
		w.WriteByte(':')
		w.value(properties[name], depth+1)
	}
	w.WriteByte('}')
}

// properties collects the properties of an object, and gives their names in order: those
// of all that it is made of, then its own.
func (w *sampler) properties(s *openapi3.Schema, into openapi3.Schemas, depth int) []string {
	var names []string
	for _, part := range s.AllOf {
		w.steps--
		if part != nil && part.Value != nil && depth <= maxDepth && w.steps > 0 {
			names = append(names, w.properties(part.Value, into, depth+1)...)
		}
	}
	own := slices.Sorted(maps.Keys(s.Properties))
	slices.SortStableFunc(own, func(a, b string) int {
		return compareOrigins(schemaOrigin(s.Properties[a]), schemaOrigin(s.Properties[b]))
	})
	for _, name := range own {
		if _, there := into[name]; !there {
			names = append(names, name)
		}
		into[name] = s.Properties[name]
	}
	return names
}

func schemaOrigin(r *openapi3.SchemaRef) *openapi3.Origin {
	switch {
	case r == nil:
		return nil
	case r.Origin != nil || r.Ref != "" || r.Value == nil:
		return r.Origin
	}
	return r.Value.Origin
}

// samplesOf are texts of the formats of OpenAPI and JSON Schema.
var samplesOf = map[string]string{
	"date": "2024-01-01", "date-time": "2024-01-01T00:00:00Z", "time": "00:00:00Z", "uuid": "00000000-0000-0000-0000-000000000000",
	"email": "user@example.com", "uri": "https://example.com", "url": "https://example.com", "hostname": "example.com", "ipv4": "192.0.2.1", "ipv6": "2001:db8::1",
	"byte": "c3RyaW5n",
}

func (w *sampler) scalar(s *openapi3.Schema) {
	switch {
	case s.Type.Is(openapi3.TypeBoolean) || s.Type.Includes(openapi3.TypeBoolean):
		w.WriteString("true")
	case s.Type.Includes(openapi3.TypeInteger), s.Type.Includes(openapi3.TypeNumber):
		text, err := marshal(least(s))
		if err != nil {
			text = []byte("0")
		}
		w.Write(text)
	case s.Type.Includes(openapi3.TypeString):
		text := samplesOf[s.Format]
		if text == "" {
			text = "string"
		}
		if missing := int(min(s.MinLength, maxSample)) - len(text); missing > 0 && samplesOf[s.Format] == "" {
			text += strings.Repeat("x", missing)
		}
		quoted, _ := marshal(text)
		w.Write(quoted)
	default:
		w.WriteString("null")
	}
}

// least is the least number that a schema takes, more or less; 0 if it takes any.
func least(s *openapi3.Schema) float64 {
	switch {
	case s.ExclusiveMin.Value != nil:
		return *s.ExclusiveMin.Value + 1
	case s.Min == nil:
		return 0
	case s.ExclusiveMin.Bool != nil && *s.ExclusiveMin.Bool:
		return *s.Min + 1
	}
	return *s.Min
}

// marshal is a value as JSON that leaves <, > and & as they are.
func marshal(value any) ([]byte, error) {
	var b bytes.Buffer
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	err := e.Encode(value)
	return bytes.TrimSuffix(b.Bytes(), []byte("\n")), err
}

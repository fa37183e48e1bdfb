package openapi

import (
	"bytes"
	"cmp"
	"encoding/json"
	"slices"
	"strconv"
	"strings"
)

const (
	// maxDepth is how deep a sample nests.
	maxDepth = 8
	// maxSample is the most bytes of a sample, maxSamples of all of a document.
	maxSample  = 64 << 10
	maxSamples = 16 << 20
	// maxSteps is the most schemas that one sample is made of, maxAllSteps that all are.
	maxSteps    = 10_000
	maxAllSteps = 5_000_000
)

// sample is a body made of a schema; nil if the content type is not JSON, or it would be
// too large. Chosen: how the values look, since no page shows one that Azure made.
func (s *schemas) sample(contentType string, schema *node) []byte {
	if !isJSONType(contentType) || s.sampled > maxSamples || s.stepped > maxAllSteps {
		return nil
	}
	schema = s.source.schema(schema)
	if schema == nil {
		return nil
	}
	if made, ok := s.samples[schema]; ok {
		return made
	}
	w := &sampler{document: s.source, steps: maxSteps}
	w.value(schema, 0)
	made := w.Bytes()
	s.sampled += len(made)
	s.stepped += maxSteps - w.steps
	if len(made) > maxSample || w.steps <= 0 || s.sampled > maxSamples || !json.Valid(made) {
		made = nil
	}
	if s.samples == nil {
		s.samples = make(map[*node][]byte)
	}
	s.samples[schema] = made
	return made
}

// schema is what a schema refers to in the end, or itself if there is something beside the
// reference that counts; nil if that is no mapping.
func (d *document) schema(n *node) *node {
	for range maxHops {
		if n == nil || n.kind != mapping {
			return nil
		}
		ref := n.reference()
		if ref == nil || d.version == version31 && len(n.members) > 1 {
			return n
		}
		n, _ = d.follow(ref) // which has been checked
	}
	return nil
}

// sampler writes JSON with the members of objects in the order of the document.
type sampler struct {
	bytes.Buffer
	document *document
	steps    int // that may still be taken
	within   []*node
}

func (w *sampler) value(n *node, depth int) {
	w.steps--
	s := w.document.schema(n)
	if s == nil || depth > maxDepth || w.Len() > maxSample || w.steps <= 0 || slices.Contains(w.within, s) {
		w.WriteString("null") // also for a schema that holds itself
		return
	}
	w.within = append(w.within, s)
	defer func() { w.within = w.within[:len(w.within)-1] }()
	if given := givenValue(s); given != nil {
		if text, err := marshal(plain(given)); err == nil {
			w.Write(text)
			return
		}
	}
	if len(s.items("allOf")) > 0 || len(s.entries("properties")) > 0 || isType(s, "object") {
		w.object(s, depth)
		return
	}
	if referred := w.referred(s); referred != nil {
		w.value(referred, depth)
		return
	}
	for _, alternative := range []*node{first(s, "oneOf"), first(s, "anyOf")} {
		if alternative != nil {
			w.value(alternative, depth+1)
			return
		}
	}
	if isType(s, "array") || s.get("items") != nil {
		w.WriteByte('[')
		w.value(s.get("items"), depth+1)
		w.WriteByte(']')
		return
	}
	w.scalar(s)
}

// referred is what a schema refers to beside what it says itself; nil if it does not.
func (w *sampler) referred(s *node) *node {
	ref := s.reference()
	if ref == nil {
		return nil
	}
	to, _ := w.document.follow(ref)
	return to
}

// first is the first item of a list; nil if there is none.
func first(s *node, name string) *node {
	if items := s.items(name); len(items) > 0 {
		return items[0].value
	}
	return nil
}

// givenValue is a value that the schema itself shows; nil if it shows none.
func givenValue(s *node) *node {
	return cmp.Or(s.get("example"), first(s, "examples"), s.get("default"), s.get("const"), first(s, "enum"))
}

func (w *sampler) object(s *node, depth int) {
	properties := make(map[string]*node)
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
func (w *sampler) properties(s *node, into map[string]*node, depth int) []string {
	var names []string
	parts := s.items("allOf")
	if referred := w.referred(s); referred != nil {
		parts = append([]member{{value: referred}}, parts...)
	}
	for _, part := range parts {
		w.steps--
		if n := w.document.schema(part.value); n != nil && depth <= maxDepth && w.steps > 0 {
			names = append(names, w.properties(n, into, depth+1)...)
		}
	}
	for _, m := range s.entries("properties") {
		if _, there := into[m.name]; !there {
			names = append(names, m.name)
		}
		into[m.name] = m.value
	}
	return names
}

// isType reports whether a type is that of a schema, and the only one.
func isType(s *node, name string) bool {
	types := s.items("type")
	return s.textOf("type") == name || len(types) == 1 && types[0].value.text == name
}

// takesType reports whether a type is one of a schema's.
func takesType(s *node, name string) bool {
	return s.textOf("type") == name || slices.ContainsFunc(s.items("type"), func(m member) bool { return m.value.text == name })
}

// samplesOf are texts of the formats of OpenAPI and JSON Schema.
var samplesOf = map[string]string{
	"date": "2024-01-01", "date-time": "2024-01-01T00:00:00Z", "time": "00:00:00Z", "uuid": "00000000-0000-0000-0000-000000000000",
	"email": "user@example.com", "uri": "https://example.com", "url": "https://example.com", "hostname": "example.com", "ipv4": "192.0.2.1", "ipv6": "2001:db8::1",
	"byte": "c3RyaW5n",
}

func (w *sampler) scalar(s *node) {
	switch {
	case takesType(s, "boolean"):
		w.WriteString("true")
	case takesType(s, "integer"), takesType(s, "number"):
		text, err := marshal(least(s))
		if err != nil {
			text = []byte("0")
		}
		w.Write(text)
	case takesType(s, "string"):
		text := samplesOf[s.textOf("format")]
		if text == "" {
			text = "string"
			if length, _ := numberOf(s, "minLength"); int(min(length, maxSample)) > len(text) {
				text += strings.Repeat("x", int(min(length, maxSample))-len(text))
			}
		}
		quoted, _ := marshal(text)
		w.Write(quoted)
	default:
		w.WriteString("null")
	}
}

// least is the least number that a schema takes, more or less; 0 if it takes any.
func least(s *node) float64 {
	if bound, ok := numberOf(s, "exclusiveMinimum"); ok {
		return bound + 1
	}
	bound, ok := numberOf(s, "minimum")
	if ok && s.isTrue("exclusiveMinimum") {
		return bound + 1
	}
	return bound
}

// numberOf is a member that is a number.
func numberOf(s *node, name string) (float64, bool) {
	n := s.get(name)
	if n == nil || n.kind != number {
		return 0, false
	}
	f, err := strconv.ParseFloat(n.text, 64)
	return f, err == nil
}

// marshal is a value as JSON that leaves <, > and & as they are.
func marshal(value any) ([]byte, error) {
	var b bytes.Buffer
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	err := e.Encode(value)
	return bytes.TrimSuffix(b.Bytes(), []byte("\n")), err
}

package azureopenai

import (
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/apimulator/apimulator/policy/jsonschema"
)

// Bounds of a sample.
const (
	// fullDepth is how deep optional members are given, and maxSampleDepth is where it is
	// given up.
	fullDepth      = 6
	maxSampleDepth = 64
	maxSampleItems = 1000
	maxSampleNodes = 10_000
)

// sampleOf is a value that fits a schema: arguments of a function that must be called.
func sampleOf(raw json.RawMessage) (any, error) { return sampleWith(raw, "example") }

// sampleWith is a value that fits a schema, with filler for its texts. It is the same each
// time. A schema that nothing is found for is an error.
func sampleWith(raw json.RawMessage, filler string) (any, error) {
	compiled, err := compileSchema(raw)
	if err != nil {
		return nil, err
	}
	document, err := jsonschema.Decode(raw)
	if err != nil {
		return nil, err
	}
	s := &sampler{root: document, filler: filler, left: maxSampleNodes}
	value, err := s.value(document, 0, 0)
	if err != nil {
		return nil, err
	}
	if !fits(compiled, encode(value)) {
		return nil, errors.New("the value that was made does not fit it")
	}
	return value, nil
}

// sampler makes values of schemas. A variant other than 0 is another value where there are
// some, for arrays of unique items.
type sampler struct {
	root   any
	filler string
	left   int // how many values more
}

type schemaNode = map[string]any

func (s *sampler) value(schema any, depth, variant int) (any, error) {
	if s.left--; s.left < 0 || depth > maxSampleDepth {
		return nil, errors.New("it asks for too large a value")
	}
	n, ok := schema.(schemaNode)
	if !ok {
		if schema == false {
			return nil, errors.New("it accepts nothing")
		}
		return s.filler, nil
	}
	if ref, ok := n["$ref"].(string); ok {
		return s.referred(n, ref, depth, variant)
	}
	if constant, ok := n["const"]; ok {
		return constant, nil
	}
	if values, ok := n["enum"].([]any); ok && len(values) > 0 {
		return values[variant%len(values)], nil
	}
	if parts, ok := n["allOf"].([]any); ok {
		return s.all(n, parts, depth, variant)
	}
	for _, keyword := range []string{"anyOf", "oneOf"} {
		if branches, ok := n[keyword].([]any); ok {
			return s.oneOf(without(n, keyword), branches, depth, variant)
		}
	}
	return s.ofType(n, typeOf(n), depth, variant)
}

func (s *sampler) ofType(n schemaNode, kind string, depth, variant int) (any, error) {
	switch kind {
	case "object":
		return s.object(n, depth)
	case "array":
		return s.array(n, depth)
	case "integer", "number":
		return sampleNumber(n, kind == "integer", variant)
	case "boolean":
		return variant%2 == 0, nil
	case "null":
		return nil, nil
	}
	return sampleText(n, s.filler, variant)
}

// typeOf is a schema's type: the first that is not null, or what its keywords speak of.
func typeOf(n schemaNode) string {
	switch t := n["type"].(type) {
	case string:
		return t
	case []any:
		for _, item := range t {
			if name, ok := item.(string); ok && name != "null" {
				return name
			}
		}
		return "null"
	}
	for _, hint := range []struct{ keyword, kind string }{
		{"properties", "object"}, {"required", "object"}, {"items", "array"}, {"prefixItems", "array"}, {"minItems", "array"},
		{"minimum", "number"}, {"maximum", "number"}, {"exclusiveMinimum", "number"}, {"exclusiveMaximum", "number"}, {"multipleOf", "number"},
	} {
		if _, ok := n[hint.keyword]; ok {
			return hint.kind
		}
	}
	return "string"
}

// referred is a value of the schema that a reference within the document leads to, and of
// what stands beside it.
func (s *sampler) referred(n schemaNode, ref string, depth, variant int) (any, error) {
	target, err := s.resolve(ref)
	if err != nil {
		return nil, err
	}
	beside := without(n, "$ref")
	if part, ok := target.(schemaNode); ok && len(beside) > 0 {
		target = merge(beside, part)
	}
	return s.value(target, depth+1, variant)
}

func (s *sampler) resolve(ref string) (any, error) {
	pointer, ok := strings.CutPrefix(ref, "#")
	if !ok {
		return nil, fmt.Errorf("the reference %q leads out of it", clip(ref))
	}
	at := s.root
	for step := range strings.SplitSeq(strings.TrimPrefix(pointer, "/"), "/") {
		if step == "" {
			continue
		}
		n, _ := at.(schemaNode)
		next, ok := n[strings.NewReplacer("~1", "/", "~0", "~").Replace(step)]
		if !ok {
			return nil, fmt.Errorf("the reference %q leads nowhere", clip(ref))
		}
		at = next
	}
	return at, nil
}

func (s *sampler) all(n schemaNode, parts []any, depth, variant int) (any, error) {
	merged := without(n, "allOf")
	for _, part := range parts {
		p, ok := part.(schemaNode)
		if !ok {
			continue
		}
		if ref, ok := p["$ref"].(string); ok {
			target, err := s.resolve(ref)
			if err != nil {
				return nil, err
			}
			p, _ = target.(schemaNode)
		}
		merged = merge(merged, p)
	}
	return s.value(merged, depth+1, variant)
}

// oneOf is a value of the first branch that gives one; deep down, null if that is one.
func (s *sampler) oneOf(n schemaNode, branches []any, depth, variant int) (any, error) {
	failed := errors.New("it has no branches")
	for _, branch := range branches {
		if b, ok := branch.(schemaNode); depth > fullDepth && ok && b["type"] == "null" {
			return nil, nil
		}
	}
	for _, branch := range branches {
		if b, ok := branch.(schemaNode); ok && len(n) > 0 {
			branch = merge(n, b)
		}
		value, err := s.value(branch, depth+1, variant)
		if err == nil {
			return value, nil
		}
		failed = err
	}
	return nil, failed
}

func (s *sampler) object(n schemaNode, depth int) (any, error) {
	properties, _ := n["properties"].(schemaNode)
	required := textsOf(n["required"])
	names := required
	if depth <= fullDepth {
		names = append(slices.Sorted(maps.Keys(properties)), required...)
	}
	object := make(map[string]any)
	for _, name := range names {
		schema, ok := properties[name]
		if !ok {
			schema = n["additionalProperties"] // of a name that is required only
		}
		value, err := s.value(schema, depth+1, 0)
		if err != nil && !slices.Contains(required, name) {
			continue
		}
		if err != nil {
			return nil, err
		}
		object[name] = value
	}
	return object, nil
}

func (s *sampler) array(n schemaNode, depth int) (any, error) {
	prefix, _ := n["prefixItems"].([]any)
	count := int(numberOf(n["minItems"], 0))
	if depth <= fullDepth {
		count = max(count, 1, len(prefix))
	}
	if count = min(count, int(numberOf(n["maxItems"], maxSampleItems+1))); count > maxSampleItems {
		return nil, errors.New("it asks for too many items")
	}
	array := make([]any, 0, count)
	for i := range count {
		schema, variant := n["items"], 0
		if i < len(prefix) {
			schema = prefix[i]
		}
		if n["uniqueItems"] == true {
			variant = i
		}
		value, err := s.value(schema, depth+1, variant)
		if err != nil && len(array) >= int(numberOf(n["minItems"], 0)) {
			break
		}
		if err != nil {
			return nil, err
		}
		array = append(array, value)
	}
	return array, nil
}

// merge joins two schemas of which both have to hold, as far as their keywords allow.
func merge(a, b schemaNode) schemaNode {
	joined := maps.Clone(a)
	for keyword, value := range b {
		had, twice := joined[keyword]
		switch {
		case !twice:
			joined[keyword] = value
		case keyword == "required":
			joined[keyword] = append(slices.Clone(listOf(had)), listOf(value)...)
		case keyword == "properties":
			joined[keyword] = mergeProperties(had, value)
		case keyword == "allOf":
			joined[keyword] = append(slices.Clone(listOf(had)), listOf(value)...)
		case strings.HasPrefix(keyword, "min") || keyword == "exclusiveMinimum":
			if numberOf(value, 0) > numberOf(had, 0) {
				joined[keyword] = value
			}
		case strings.HasPrefix(keyword, "max") || keyword == "exclusiveMaximum":
			if numberOf(value, 0) < numberOf(had, 0) {
				joined[keyword] = value
			}
		}
	}
	return joined
}

func mergeProperties(a, b any) schemaNode {
	x, _ := a.(schemaNode)
	y, _ := b.(schemaNode)
	joined := maps.Clone(x)
	if joined == nil {
		joined = schemaNode{}
	}
	for name, schema := range y {
		if had, twice := joined[name]; twice {
			schema = schemaNode{"allOf": []any{had, schema}}
		}
		joined[name] = schema
	}
	return joined
}

func without(n schemaNode, keyword string) schemaNode {
	rest := maps.Clone(n)
	delete(rest, keyword)
	return rest
}

func listOf(value any) []any {
	list, _ := value.([]any)
	return list
}

func textsOf(value any) []string {
	var texts []string
	for _, item := range listOf(value) {
		if text, ok := item.(string); ok {
			texts = append(texts, text)
		}
	}
	return texts
}

// numberOf is a keyword's number, absent where there is none.
func numberOf(value any, absent float64) float64 {
	number, ok := value.(json.Number)
	if !ok {
		return absent
	}
	f, err := number.Float64()
	if err != nil {
		return absent
	}
	return f
}

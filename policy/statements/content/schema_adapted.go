package content

import (
	"maps"
	"strings"
)

// Keywords whose values are schemas, lists of schemas, or schemas by name.
var (
	oneSchema   = []string{"items", "additionalProperties", "unevaluatedProperties", "not", "if", "then", "else", "contains", "propertyNames", "additionalItems", "unevaluatedItems"}
	listSchemas = []string{"allOf", "anyOf", "oneOf", "prefixItems", "items"}
	mapSchemas  = []string{"properties", "patternProperties", "$defs", "definitions", "dependentSchemas"}
)

// adapted is a document with its schemas changed as key says.
func adapted(root any, key schemaKey) any {
	a := &adapter{key}
	document, ok := a.schema(root).(map[string]any)
	if !ok {
		return root
	}
	// An OpenAPI document has its schemas elsewhere, too.
	if components, ok := document["components"].(map[string]any); ok {
		components = maps.Clone(components)
		components["schemas"] = a.byName(components["schemas"], false)
		document["components"] = components
	}
	if inline, ok := document["x-messages"].([]any); ok {
		document["x-messages"] = a.list(inline)
	}
	return document
}

type adapter struct{ key schemaKey }

func (a *adapter) schema(value any) any {
	s, ok := value.(map[string]any)
	if !ok {
		return value
	}
	s = maps.Clone(s)
	for _, name := range oneSchema {
		if child, ok := s[name].(map[string]any); ok {
			s[name] = a.schema(child)
		}
	}
	for _, name := range listSchemas {
		if children, ok := s[name].([]any); ok {
			s[name] = a.list(children)
		}
	}
	for _, name := range mapSchemas {
		if _, ok := s[name].(map[string]any); ok {
			s[name] = a.byName(s[name], name == "properties" || name == "dependentSchemas")
		}
	}
	if a.key.ignoreCase {
		a.lowerNames(s)
	}
	a.decide(s)
	return s
}

func (a *adapter) list(values []any) []any {
	list := make([]any, len(values))
	for i, v := range values {
		list[i] = a.schema(v)
	}
	return list
}

func (a *adapter) byName(value any, properties bool) any {
	children, ok := value.(map[string]any)
	if !ok {
		return value
	}
	all := make(map[string]any, len(children))
	for name, child := range children {
		if properties && a.key.ignoreCase {
			name = strings.ToLower(name)
		}
		all[name] = a.schema(child)
	}
	return all
}

// lowerNames makes names that are compared with those of properties small.
func (a *adapter) lowerNames(s map[string]any) {
	if required, ok := s["required"].([]any); ok {
		list := make([]any, len(required))
		for i, name := range required {
			list[i] = name
			if text, ok := name.(string); ok {
				list[i] = strings.ToLower(text)
			}
		}
		s["required"] = list
	}
	if patterns, ok := s["patternProperties"].(map[string]any); ok {
		all := make(map[string]any, len(patterns))
		for pattern, child := range patterns {
			all["(?i)"+pattern] = child
		}
		s["patternProperties"] = all
	}
}

// decide puts the policy's word on additional properties in place of the schema's.
func (a *adapter) decide(s map[string]any) {
	_, objects := s["properties"].(map[string]any)
	switch a.key.additional {
	case additionalAllowed:
		delete(s, "additionalProperties")
		delete(s, "unevaluatedProperties")
	case additionalRefused:
		if objects || s["type"] == "object" {
			s["additionalProperties"] = false
		}
	}
}

// lowered is a value with the names of properties in it in small letters.
func lowered(value any) any {
	switch v := value.(type) {
	case map[string]any:
		all := make(map[string]any, len(v))
		for name, member := range v {
			all[strings.ToLower(name)] = lowered(member)
		}
		return all
	case []any:
		list := make([]any, len(v))
		for i, item := range v {
			list[i] = lowered(item)
		}
		return list
	}
	return value
}

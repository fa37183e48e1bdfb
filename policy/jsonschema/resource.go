package jsonschema

import (
	"iter"
	"maps"
	"slices"
	"strconv"
	"strings"
)

// document is a JSON document with schemas in it.
type document struct {
	root any
	// resources are by the pointers of their roots; one is the document itself.
	resources map[string]*resource
	// schemas are those that are compiled, by their pointers.
	schemas map[string]*Schema
}

// resource is a part of a document with a URL of its own.
type resource struct {
	url     string // without a fragment
	pointer string
	in      *document
	draft   draft
	// anchors are pointers into the document by their names.
	anchors, dynamicAnchors map[string]string
	recursiveAnchor         bool
}

// add makes a document known, with the resources in it.
func (c *compiler) add(address string, root any) (*document, error) {
	d := &document{root: root, resources: make(map[string]*resource), schemas: make(map[string]*Schema)}
	top := newResource(d, "")
	top.url, top.draft = address, c.draft
	d.resources[""] = top
	c.resources[address] = top
	if schemas, ok := schemasOf(root); ok {
		for _, pointer := range schemas {
			value, _ := Lookup(root, pointer)
			if err := c.scan(d, top, pointer, value); err != nil {
				return nil, err
			}
		}
		return d, nil
	}
	return d, c.scan(d, top, "", root)
}

// schemasOf is where an OpenAPI document has its schemas.
func schemasOf(root any) (pointers []string, ok bool) {
	members, _ := root.(map[string]any)
	if members["openapi"] == nil && members["swagger"] == nil {
		return nil, false
	}
	for _, parent := range []string{"/components/schemas", "/definitions"} {
		byName, _ := Lookup(root, parent)
		if schemas, ok := byName.(map[string]any); ok {
			for _, name := range slices.Sorted(maps.Keys(schemas)) {
				pointers = append(pointers, parent+"/"+escape(name))
			}
		}
	}
	return pointers, true
}

// Keywords whose values are schemas, lists of schemas, or schemas by name.
var (
	oneSchema   = []string{"items", "additionalProperties", "unevaluatedProperties", "not", "if", "then", "else", "contains", "propertyNames", "additionalItems", "unevaluatedItems"}
	listSchemas = []string{"allOf", "anyOf", "oneOf", "prefixItems", "items"}
	mapSchemas  = []string{"properties", "patternProperties", "$defs", "definitions", "dependentSchemas", "dependencies"}
)

// scan notes what the schemas below a place are called.
func (c *compiler) scan(d *document, within *resource, pointer string, value any) error {
	s, ok := value.(map[string]any)
	if !ok {
		return nil
	}
	within, err := c.named(d, within, pointer, s)
	if err != nil {
		return err
	}
	if _, refers := s["$ref"]; refers && within.draft.refAlone() {
		return nil
	}
	for at, child := range subschemas(s) {
		if err := c.scan(d, within, pointer+at, child); err != nil {
			return err
		}
	}
	return nil
}

// subschemas are the schemas right below one, by their pointers from it, in one order.
func subschemas(s map[string]any) iter.Seq2[string, any] {
	return func(yield func(string, any) bool) {
		for _, keyword := range oneSchema {
			if child, there := s[keyword]; there && !yield("/"+keyword, child) {
				return
			}
		}
		for _, keyword := range listSchemas {
			list, _ := s[keyword].([]any)
			for i, child := range list {
				if !yield("/"+keyword+"/"+strconv.Itoa(i), child) {
					return
				}
			}
		}
		for _, keyword := range mapSchemas {
			byName, _ := s[keyword].(map[string]any)
			for _, name := range slices.Sorted(maps.Keys(byName)) {
				if !yield("/"+keyword+"/"+escape(name), byName[name]) {
					return
				}
			}
		}
	}
}

// named notes the names of one schema, and gives the resource that it belongs to.
func (c *compiler) named(d *document, within *resource, pointer string, s map[string]any) (*resource, error) {
	draft := within.draft
	if text, ok := s["$schema"].(string); ok {
		if bareURL(text) == draft3 {
			return nil, fault(pointer, "draft 3 of JSON Schema is not supported")
		}
		if named, known := draftOf(text); known {
			draft = named
		}
	}
	if pointer == "" {
		within.draft = draft
	}
	if _, refers := s["$ref"]; refers && draft.refAlone() {
		return within, nil
	}
	if id, ok := s[draft.idKeyword()].(string); ok {
		anchor, isAnchor := strings.CutPrefix(id, "#")
		if isAnchor && anchor != "" && draft != anyDraft && draft <= draft7 {
			within.anchors[anchor] = pointer
		} else if !isAnchor {
			var err error
			if within, err = c.embedded(d, within, pointer, id); err != nil {
				return nil, err
			}
			within.draft = draft
		}
	}
	if name, ok := s["$anchor"].(string); ok && draft.has("$anchor") {
		within.anchors[name] = pointer
	}
	if name, ok := s["$dynamicAnchor"].(string); ok && draft.has("$dynamicAnchor") {
		within.anchors[name], within.dynamicAnchors[name] = pointer, pointer
	}
	if s["$recursiveAnchor"] == true && pointer == within.pointer && draft.has("$recursiveAnchor") {
		within.recursiveAnchor = true
	}
	return within, nil
}

// embedded makes the resource that begins at a place.
func (c *compiler) embedded(d *document, within *resource, pointer, id string) (*resource, error) {
	address, fragment, err := resolve(within.url, id)
	if err != nil || fragment != "" {
		return nil, fault(pointer, "%q is no URL of a schema", id)
	}
	r := within
	if pointer != "" {
		r = newResource(d, pointer)
		d.resources[pointer] = r
	}
	r.url = address
	c.resources[address] = r
	return r, nil
}

func newResource(d *document, pointer string) *resource {
	return &resource{in: d, pointer: pointer, anchors: make(map[string]string), dynamicAnchors: make(map[string]string)}
}

// at is the resource that a place belongs to.
func (d *document) at(pointer string) *resource {
	for {
		if r := d.resources[pointer]; r != nil {
			return r
		}
		pointer = pointer[:strings.LastIndexByte(pointer, '/')] // the document itself is one
	}
}

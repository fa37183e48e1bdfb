package openapi

import (
	"strings"
	"sync"
)

// shape is what has to stand at a place of a document. What a shape does not name may be
// anything.
type shape struct {
	what    string // is wanted, in messages
	kinds   uint8  // that it may be, a bit each
	members map[string]*shape
	// each is the shape of all members, or of all items of a list.
	each *shape
	// extensible says that members x-... are no members.
	extensible bool
	// bit is of a shape of which there may be a reference to one; 0 of others.
	bit uint16
	// beside says that what stands beside a reference counts.
	beside bool
}

func (s *shape) takes(k kind) bool { return s.kinds>>k&1 != 0 }

// isExtension tells the members x-..., which are anybody's.
func isExtension(name string) bool { return strings.HasPrefix(name, "x-") }

func scalar(what string, kinds ...kind) *shape {
	s := &shape{what: what}
	for _, k := range kinds {
		s.kinds |= 1 << k
	}
	return s
}

func object(what string, members map[string]*shape) *shape {
	s := scalar(what+", a mapping,", mapping)
	s.members = members
	return s
}

func listOf(each *shape) *shape {
	s := scalar("a list", list)
	s.each = each
	return s
}

func byName(each *shape) *shape {
	s := scalar("a mapping", mapping)
	s.each = each
	return s
}

// outside x-... are the members by name.
func outside(each *shape) *shape {
	s := byName(each)
	s.extensible = true
	return s
}

var (
	aText   = scalar("a text", text)
	aNumber = scalar("a number", number)
	aBool   = scalar("true or false", boolean)
	texts   = listOf(aText)
)

// methods are the members of a path that are operations.
var methods = []string{"get", "put", "post", "delete", "options", "head", "patch", "trace"}

// shapes are those of a document, of version 2.0 and of later ones.
type shapes struct{ version2, version30, version31 *shape }

// allShapes are made when they are needed first: a process that reads no definition does
// without.
var allShapes = sync.OnceValue(func() *shapes {
	return &shapes{documentShape2(schemaShape(false)), documentShape(schemaShape(false)), documentShape(schemaShape(true))}
})

func (s *shape) referable(bit int) *shape {
	s.bit = 1 << bit
	return s
}

// aSchema is what a schema's shape is called.
const aSchema = "a schema, a mapping,"

// schemaShape is that of a schema. Of its keywords it has those that hold schemas and those
// that samples are made of.
func schemaShape(beside bool) *shape {
	s := scalar(aSchema, mapping, boolean).referable(0)
	s.beside = beside
	bound := scalar("a number, or true or false,", number, boolean)
	s.members = map[string]*shape{
		"type": scalar("a text or a list", text, list), "format": aText, "pattern": aText, "required": texts, "enum": scalar("a list", list), "nullable": aBool,
		"minimum": aNumber, "maximum": aNumber, "exclusiveMinimum": bound, "exclusiveMaximum": bound, "multipleOf": aNumber,
		"minLength": aNumber, "maxLength": aNumber, "minItems": aNumber, "maxItems": aNumber, "minProperties": aNumber, "maxProperties": aNumber, "uniqueItems": aBool,
	}
	for _, name := range []string{"items", "additionalProperties", "not", "if", "then", "else", "contains", "propertyNames", "unevaluatedItems", "unevaluatedProperties", "contentSchema"} {
		s.members[name] = s
	}
	for _, name := range []string{"allOf", "anyOf", "oneOf", "prefixItems"} {
		s.members[name] = listOf(s)
	}
	for _, name := range []string{"properties", "patternProperties", "dependentSchemas", "$defs"} {
		s.members[name] = byName(s)
	}
	return s
}

// pathShape is that of a path, which may refer to another and has members beside that.
func pathShape(operation, parameters *shape) *shape {
	path := object("a path", map[string]*shape{"parameters": parameters}).referable(1)
	path.beside = true
	for _, method := range methods {
		path.members[method] = operation
	}
	return path
}

// documentShape2 is that of OpenAPI 2.0.
func documentShape2(schema *shape) *shape {
	parameter := object("a parameter", map[string]*shape{"name": aText, "in": aText, "required": aBool, "schema": schema, "items": schema}).referable(2)
	response := object("a response", map[string]*shape{"schema": schema, "examples": scalar("a mapping", mapping)}).referable(3)
	operation := object("an operation", map[string]*shape{
		"operationId": aText, "summary": aText, "consumes": texts, "produces": texts, "parameters": listOf(parameter), "responses": outside(response),
	})
	return object("a document", map[string]*shape{
		"swagger": aText, "consumes": texts, "produces": texts, "paths": outside(pathShape(operation, listOf(parameter))),
		"definitions": byName(schema), "parameters": byName(parameter), "responses": byName(response),
	})
}

// documentShape is that of OpenAPI 3.
func documentShape(schema *shape) *shape {
	example := object("an example", nil).referable(2)
	examples := byName(example)
	link := object("a link", nil).referable(3)
	header := object("a header", nil).referable(4)
	encoding := object("an encoding", map[string]*shape{"headers": byName(header)})
	content := byName(object("a media type", map[string]*shape{"schema": schema, "itemSchema": schema, "examples": examples, "encoding": byName(encoding)}))
	header.members = map[string]*shape{"schema": schema, "content": content, "examples": examples}
	parameter := object("a parameter", map[string]*shape{"name": aText, "in": aText, "required": aBool, "schema": schema, "content": content, "examples": examples}).referable(5)
	body := object("a request body", map[string]*shape{"content": content}).referable(6)
	response := object("a response", map[string]*shape{"content": content, "headers": byName(header), "links": byName(link)}).referable(7)
	callback := object("a callback", nil).referable(8)
	operation := object("an operation", map[string]*shape{
		"operationId": aText, "summary": aText, "parameters": listOf(parameter), "requestBody": body, "responses": outside(response), "callbacks": byName(callback),
	})
	path := pathShape(operation, listOf(parameter))
	callback.each, callback.extensible = path, true
	components := object("components", map[string]*shape{
		"schemas": byName(schema), "responses": byName(response), "parameters": byName(parameter), "examples": examples, "requestBodies": byName(body), "headers": byName(header),
		"securitySchemes": byName(object("a security scheme", nil).referable(9)), "links": byName(link), "callbacks": byName(callback), "pathItems": byName(path),
	})
	return object("a document", map[string]*shape{"openapi": aText, "paths": outside(path), "webhooks": byName(path), "components": components})
}

package openapi

import (
	"net/url"
	"strconv"
	"strings"

	"github.com/apimulator/apimulator/policy/exchange"
)

// inlineKey is where the schemas that stand in messages are collected.
const inlineKey = "x-messages"

// schemas collects the schemas of messages into one document.
type schemas struct {
	source   *document
	document exchange.SchemaDocument
	inline   []*node
	samples  map[*node][]byte
	sampled  int // bytes of all samples
	stepped  int // schemas that they were made of
	bodies   map[body][]byte
}

// add is the schema of a message; name is what to call one that stands in it.
func (s *schemas) add(n *node, name string) *exchange.Schema {
	schema := &exchange.Schema{Name: name, Document: &s.document}
	if name, pointer, ok := s.definition(n); ok {
		schema.Name, schema.Pointer = name, pointer
		return schema
	}
	n.inline = true
	s.inline = append(s.inline, n)
	schema.Pointer = "/" + inlineKey + "/" + strconv.Itoa(len(s.inline)-1)
	return schema
}

// definition is the definition that a schema refers to, and where it stands.
func (s *schemas) definition(n *node) (name, pointer string, ok bool) {
	home := "/components/schemas/"
	if s.source.version == version2 {
		home = "/definitions/"
	}
	// A pointer is a URL's fragment in a reference, and itself in a Schema.
	pointer, err := url.PathUnescape(strings.TrimPrefix(n.textOf("$ref"), "#"))
	name, ok = strings.CutPrefix(pointer, home)
	return unescaped(name), pointer, ok && err == nil && !strings.Contains(name, "/")
}

// finish makes the document: that of the API, with the schemas of messages beside.
func (s *schemas) finish() *exchange.SchemaDocument {
	p := &plainer{modern: s.source.version == version31, nullable: map[version]string{version2: "x-nullable"}[s.source.version], kept: make(map[*node]any)}
	root, _ := p.value(s.source.root).(map[string]any) // it has been checked
	inline := make([]any, len(s.inline))
	for i, n := range s.inline {
		there := false
		if inline[i], there = p.kept[n]; !there {
			inline[i] = p.value(n) // which was made of a form
		}
	}
	root[inlineKey] = inline
	s.document.Root = root
	return &s.document
}

package jsonschema

import (
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"

	"github.com/dlclark/regexp2"
)

// Additional is what is said about properties that a schema does not name.
type Additional uint8

// Whose word on additional properties counts.
const (
	AsSchemaSays Additional = iota
	AdditionalAllowed
	// AdditionalRefused refuses them where a schema names properties, or asks for an object.
	AdditionalRefused
)

// Options are what a document does not say. The zero value is JSON Schema's own.
type Options struct {
	// URL is where the document stands; references are relative to it.
	URL string
	// Load gives another document by its URL, as encoding/json decodes it with UseNumber.
	// Nil follows no reference to another one.
	Load func(url string) (any, error)
	// Formats judges format where it is known, and contentEncoding base64.
	Formats bool
	// IgnoreCase compares names of properties without regard to their case.
	IgnoreCase bool
	// Additional overrides additionalProperties and unevaluatedProperties.
	Additional Additional
}

// matchTime is how long one search by a pattern may take.
const matchTime = time.Second

// A compiler makes schemas of a document and those that it refers to.
type compiler struct {
	*program
	draft     draft                // of documents that name none
	resources map[string]*resource // by their URLs
	dynamic   []*dynamicRef
}

// Compile makes the schema that a pointer (RFC 6901; "" is all of it) leads to in a
// document, which encoding/json has decoded with UseNumber. The error says which schema is
// wrong, and how.
func Compile(root any, pointer string, o Options) (*Schema, error) {
	return compile(root, pointer, o, anyDraft)
}

// compile is Compile with the draft of documents that name none.
func compile(root any, pointer string, o Options, unnamed draft) (*Schema, error) {
	if o.URL == "" {
		o.URL = "schema:///"
	}
	c := &compiler{program: &program{Options: o, steps: maxSteps}, draft: unnamed, resources: make(map[string]*resource)}
	d, err := c.add(o.URL, root)
	if err != nil {
		return nil, err
	}
	if _, there := Lookup(root, pointer); !there {
		return nil, fmt.Errorf("nothing is at %q", "#"+pointer)
	}
	c.draft = d.resources[""].draft
	s, err := c.schema(d, pointer)
	if err != nil {
		return nil, err
	}
	return s, c.anchors()
}

// fault is a mistake in a schema.
func fault(pointer, format string, args ...any) error {
	if pointer == "" {
		return fmt.Errorf(format, args...)
	}
	return fmt.Errorf("at #%s: %s", pointer, fmt.Sprintf(format, args...))
}

// schema compiles what is at a place, once.
func (c *compiler) schema(d *document, pointer string) (*Schema, error) {
	if s := d.schemas[pointer]; s != nil {
		return s, nil
	}
	value, _ := Lookup(d.root, pointer)
	s := &Schema{resource: d.at(pointer), program: c.program}
	d.schemas[pointer] = s // so that what it holds may refer to it
	switch v := value.(type) {
	case bool:
		s.never = !v
		return s, nil
	case map[string]any:
		b := &builder{compiler: c, in: d, pointer: pointer, schema: s, given: v}
		return s, b.build()
	}
	return nil, fault(pointer, "a schema is an object or a boolean, not %s", describe(value))
}

// A builder fills in one schema. It keeps the first mistake.
type builder struct {
	*compiler
	in      *document
	pointer string
	schema  *Schema
	given   map[string]any
	err     error
}

func (b *builder) build() error {
	draft := b.schema.resource.draft
	b.schema.bare = len(b.given) == 1 || draft.refAlone()
	if _, refers := b.given["$ref"]; refers && draft.refAlone() {
		b.reference("$ref")
		return b.err
	}
	for _, keyword := range slices.Sorted(maps.Keys(b.given)) {
		if read := keywords[keyword]; read != nil && draft.has(keyword) && b.err == nil {
			read(b, keyword)
		}
	}
	b.additional()
	return b.err
}

// fail notes a mistake in a keyword's value.
func (b *builder) fail(keyword, format string, args ...any) {
	if b.err == nil {
		b.err = fault(b.pointer+"/"+escape(keyword), format, args...)
	}
}

// wrong notes a value of another kind than the keyword's.
func (b *builder) wrong(keyword, wanted string) {
	b.fail(keyword, "%s is %s, not %s", keyword, wanted, describe(b.given[keyword]))
}

// sub compiles a schema below this one; path is its pointer from here.
func (b *builder) sub(path string) *Schema {
	if b.err != nil {
		return nil
	}
	s, err := b.compiler.schema(b.in, b.pointer+"/"+path)
	if err != nil {
		b.err = err
		return nil
	}
	return s
}

// reference compiles the schema that a keyword refers to.
func (b *builder) reference(keyword string) {
	b.schema.ref = b.target(keyword)
}

func (b *builder) target(keyword string) *Schema {
	text, ok := b.given[keyword].(string)
	if !ok {
		b.wrong(keyword, "a URL")
		return nil
	}
	d, pointer, err := b.follow(b.schema.resource, text)
	if err != nil {
		b.fail(keyword, "%s", err)
		return nil
	}
	s, err := b.compiler.schema(d, pointer)
	if err != nil && b.err == nil {
		b.err = err
	}
	return s
}

// dynamicReference compiles $dynamicRef: it is a $ref, unless it leads to a dynamic anchor.
func (b *builder) dynamicReference(keyword string) {
	s := b.target(keyword)
	if b.err != nil {
		return
	}
	ref := &dynamicRef{initial: s}
	b.schema.dynamic = ref
	_, name, _ := strings.Cut(b.given[keyword].(string), "#")
	if _, dynamic := s.resource.dynamicAnchors[name]; dynamic {
		ref.anchored = func(r *resource) (string, bool) { p, there := r.dynamicAnchors[name]; return p, there }
		b.dynamic = append(b.dynamic, ref)
	}
}

// recursiveReference compiles $recursiveRef, which is "#".
func (b *builder) recursiveReference(keyword string) {
	s := b.target(keyword)
	if b.err != nil {
		return
	}
	ref := &dynamicRef{initial: s}
	b.schema.dynamic = ref
	if s.resource.recursiveAnchor {
		ref.anchored = func(r *resource) (string, bool) { return r.pointer, r.recursiveAnchor }
		b.dynamic = append(b.dynamic, ref)
	}
}

// anchors compiles the schemas that dynamic references may lead to, which may hold others.
func (c *compiler) anchors() error {
	for done := -1; done < len(c.dynamic)+len(c.resources); {
		done = len(c.dynamic) + len(c.resources)
		for _, ref := range c.dynamic {
			for _, r := range c.resources {
				pointer, there := ref.anchored(r)
				if !there {
					continue
				}
				s, err := c.schema(r.in, pointer)
				if err != nil {
					return err
				}
				if ref.targets == nil {
					ref.targets = make(map[*resource]*Schema)
				}
				ref.targets[r] = s
			}
		}
	}
	return nil
}

// compilePattern compiles a regular expression of .NET.
func (b *builder) compilePattern(keyword, text string) *expression {
	r, err := regexp2.Compile(text, regexp2.None)
	if err != nil {
		b.fail(keyword, "%q is no regular expression: %s", text, err)
		return nil
	}
	r.MatchTimeout = matchTime
	return &expression{text, r}
}

// additional puts the options' word in place of the schema's.
func (b *builder) additional() {
	s := b.schema
	switch b.Additional {
	case AdditionalAllowed:
		s.additionalProperties, s.unevaluatedProps = nil, nil
	case AdditionalRefused:
		if _, objects := b.given["properties"].(map[string]any); objects || b.given["type"] == "object" {
			s.additionalProperties = &Schema{never: true, resource: s.resource, program: s.program}
		}
	}
}

// describe is a value of JSON in words.
func describe(value any) string {
	switch v := value.(type) {
	case nil:
		return "null"
	case bool:
		return fmt.Sprint(v)
	case string:
		return fmt.Sprintf("the text %q", clipped(v))
	case map[string]any:
		return "an object"
	case []any:
		return "a list"
	}
	return "the number " + clipped(fmt.Sprint(value))
}

// clipped is a text as short as a message wants it.
func clipped(text string) string {
	const most = 60
	if r := []rune(text); len(r) > most {
		return string(r[:most]) + "…"
	}
	return text
}

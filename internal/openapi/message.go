package openapi

import (
	"cmp"
	"encoding/json"
	"net/http"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/apimulator/apimulator/policy/exchange"
)

// messages are the messages of an operation of OpenAPI 3.
func (f *definer) messages(d *exchange.OperationDefinition, path string, method member) error {
	owner := typeName(path) + typeName(method.name)
	if hasBody(method.name) {
		body, err := f.resolved(method.value.get("requestBody"))
		if err != nil {
			return err
		}
		if d.Request, err = f.representations(body.entries("content"), owner, "Request"); err != nil {
			return err
		}
	}
	return f.responses(d, method.value, func(response *node, status string) ([]exchange.Representation, error) {
		return f.representations(response.entries("content"), owner+status, "Response")
	})
}

// hasBody tells the methods whose request body Azure does not discard.
func hasBody(method string) bool {
	name := strings.ToUpper(method)
	return name != http.MethodGet && name != http.MethodHead && name != http.MethodOptions
}

// responses are an operation's responses by status; represented tells what one comes in.
func (f *definer) responses(d *exchange.OperationDefinition, operation *node, represented func(response *node, status string) ([]exchange.Representation, error)) error {
	for _, m := range operation.entries("responses") {
		response, err := f.resolved(m.value)
		if err == nil {
			err = f.count(m.at)
		}
		if err != nil {
			return err
		}
		if isExtension(m.name) || response.kind != mapping {
			continue
		}
		all, err := represented(response, m.name)
		if err != nil {
			return err
		}
		status := m.name
		if len(status) == 3 {
			status = strings.ToUpper(status)
		}
		d.Responses = append(d.Responses, exchange.ResponseDefinition{Status: status, Representations: all})
	}
	slices.SortStableFunc(d.Responses, func(a, b exchange.ResponseDefinition) int { return cmp.Compare(a.Status, b.Status) })
	return nil
}

// typeName is a text as part of the name of a definition: Azure makes a definition of each
// schema that stands in a message. Chosen: how it is called.
func typeName(text string) string {
	var b strings.Builder
	for _, word := range strings.FieldsFunc(text, func(r rune) bool { return !unicode.IsLetter(r) && !unicode.IsDigit(r) }) {
		first, size := utf8.DecodeRuneInString(word)
		b.WriteRune(unicode.ToUpper(first))
		b.WriteString(word[size:])
	}
	return b.String()
}

// representations are what a message comes in.
func (f *definer) representations(content []member, owner, suffix string) ([]exchange.Representation, error) {
	var all []exchange.Representation
	for _, m := range content {
		if err := f.count(m.at); err != nil {
			return nil, err
		}
		r := f.representation(m.name, m.value.get("schema"), owner, suffix)
		var err error
		if r.Examples, err = f.examples(m.name, m.value); err != nil {
			return nil, err
		}
		all = append(all, r)
	}
	return all, nil
}

// representation is a message in one content type, without its examples.
func (f *definer) representation(contentType string, schema *node, owner, suffix string) exchange.Representation {
	r := exchange.Representation{ContentType: contentType}
	if schema != nil {
		r.Schema = f.add(schema, owner+typeName(contentType)+suffix)
		r.Sample = f.sample(contentType, schema)
	}
	return r
}

// examples are the examples of a message, that of the message itself first.
func (f *definer) examples(contentType string, media *node) ([][]byte, error) {
	all := f.appendBody(nil, contentType, media.get("example"))
	for _, m := range media.entries("examples") {
		example, err := f.resolved(m.value)
		if err == nil {
			err = f.count(m.at)
		}
		if err != nil {
			return nil, err
		}
		all = f.appendBody(all, contentType, example.get("value"))
	}
	return all, nil
}

// body is a value as the body of a message in JSON, or in something else.
type body struct {
	value *node
	json  bool
}

// appendBody appends a value as a body, if there is one.
func (f *definer) appendBody(all [][]byte, contentType string, value *node) [][]byte {
	if value == nil {
		return all
	}
	key := body{value, isJSONType(contentType)}
	made, ok := f.bodies[key]
	if !ok {
		if f.bodies == nil {
			f.bodies = make(map[body][]byte)
		}
		made = key.bytes()
		f.bodies[key] = made
	}
	if made == nil {
		return all
	}
	return append(all, made)
}

// bytes is what a body is. A text that is written where JSON is wanted is the body itself
// if it is an object or a list in JSON, as documents have it that were made by a designer.
func (b body) bytes() []byte {
	if b.value.kind == text {
		trimmed := strings.TrimSpace(b.value.text)
		if !b.json || trimmed != "" && strings.ContainsAny(trimmed[:1], "{[") && json.Valid([]byte(trimmed)) {
			return []byte(b.value.text)
		}
	}
	made, err := marshal(plain(b.value))
	if err != nil {
		return nil
	}
	return made
}

// isJSONType tells application/json and its like, application/hal+json.
func isJSONType(contentType string) bool {
	name, _, _ := strings.Cut(strings.ToLower(contentType), ";")
	name = strings.TrimSpace(name)
	return strings.HasSuffix(name, "/json") || strings.HasSuffix(name, "+json") || name == "*/*" || name == "application/*"
}

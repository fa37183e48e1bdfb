package openapi

import (
	"cmp"
	"encoding/json"
	"maps"
	"net/http"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/getkin/kin-openapi/openapi3"

	"github.com/apimulator/apimulator/policy/exchange"
)

// messages are the messages of an operation. Azure discards the request body of GET, HEAD
// and OPTIONS.
func (s *schemas) messages(path, method string, operation *openapi3.Operation) *exchange.OperationDefinition {
	d := &exchange.OperationDefinition{}
	owner := typeName(path) + typeName(strings.ToLower(method))
	if body := operation.RequestBody; body != nil && body.Value != nil && method != http.MethodGet && method != http.MethodHead && method != http.MethodOptions {
		d.Request = s.representations(body.Value.Content, owner, "Request")
	}
	if operation.Responses == nil {
		return d
	}
	responses := operation.Responses.Map()
	for _, status := range slices.Sorted(maps.Keys(responses)) {
		response := responses[status]
		if response == nil || response.Value == nil {
			continue
		}
		if len(status) == 3 {
			status = strings.ToUpper(status)
		}
		d.Responses = append(d.Responses, exchange.ResponseDefinition{Status: status, Representations: s.representations(response.Value.Content, owner+status, "Response")})
	}
	return d
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

// representations are in the order of the document.
func (s *schemas) representations(content openapi3.Content, owner, suffix string) []exchange.Representation {
	types := slices.Sorted(maps.Keys(content))
	slices.SortStableFunc(types, func(a, b string) int {
		x, y := content[a], content[b]
		if x == nil || y == nil {
			return 0
		}
		return compareOrigins(x.Origin, y.Origin)
	})
	var all []exchange.Representation
	for _, name := range types {
		media := content[name]
		if media == nil {
			media = &openapi3.MediaType{}
		}
		r := exchange.Representation{ContentType: name, Examples: examples(name, media)}
		if media.Schema != nil {
			r.Schema = s.add(media.Schema, owner+typeName(name)+suffix)
			r.Sample = s.sample(name, media.Schema)
		}
		all = append(all, r)
	}
	return all
}

// examples are the examples of a message, that of the message itself first.
func examples(contentType string, media *openapi3.MediaType) [][]byte {
	var all [][]byte
	add := func(value any) {
		if value == nil {
			return
		}
		if body, ok := bodyOf(contentType, value); ok {
			all = append(all, body)
		}
	}
	add(media.Example)
	names := slices.Sorted(maps.Keys(media.Examples))
	slices.SortStableFunc(names, func(a, b string) int {
		return compareOrigins(exampleOrigin(media.Examples[a]), exampleOrigin(media.Examples[b]))
	})
	for _, name := range names {
		if example := media.Examples[name]; example != nil && example.Value != nil {
			add(example.Value.Value)
		}
	}
	return all
}

func exampleOrigin(e *openapi3.ExampleRef) *openapi3.Origin {
	switch {
	case e == nil:
		return nil
	case e.Origin != nil || e.Value == nil:
		return e.Origin
	}
	return e.Value.Origin
}

// compareOrigins orders what stands at places of a document; what has no known place
// stays where it is.
func compareOrigins(a, b *openapi3.Origin) int {
	if a == nil || b == nil || a.Key == nil || b.Key == nil {
		return 0
	}
	return cmp.Or(cmp.Compare(a.Key.Line, b.Key.Line), cmp.Compare(a.Key.Column, b.Key.Column))
}

// bodyOf is a value as the body of a message. A text that is written where JSON is wanted
// is the body itself if it is an object or a list in JSON, as documents have it that were
// made by a designer.
func bodyOf(contentType string, value any) ([]byte, bool) {
	text, isText := value.(string)
	if isText {
		trimmed := strings.TrimSpace(text)
		if !isJSONType(contentType) || trimmed != "" && strings.ContainsAny(trimmed[:1], "{[") && json.Valid([]byte(trimmed)) {
			return []byte(text), true
		}
	}
	body, err := marshal(value)
	return body, err == nil
}

// isJSONType tells application/json and its like, application/hal+json.
func isJSONType(contentType string) bool {
	name, _, _ := strings.Cut(strings.ToLower(contentType), ";")
	name = strings.TrimSpace(name)
	return strings.HasSuffix(name, "/json") || strings.HasSuffix(name, "+json") || name == "*/*" || name == "application/*"
}

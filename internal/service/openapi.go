package service

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"slices"
	"unicode/utf8"

	"github.com/apimulator/apimulator/internal/openapi"
	"github.com/apimulator/apimulator/internal/yamlfile"
	"github.com/apimulator/apimulator/policy/exchange"
	"github.com/apimulator/apimulator/policy/jsonschema"
)

// defined are the operations of an API: those of its definition, in which a listed one
// takes the place of the one of its name, and the others that are listed.
func (l *loader) defined(a *API, c *apiConfig, name string) []operationConfig {
	if c.OpenAPI.Value == "" {
		return c.Operations
	}
	definition := l.definition(c.OpenAPI, name)
	if definition == nil {
		return c.Operations
	}
	a.View.Schemas = definition.Schemas
	operations := slices.Clone(c.Operations)
	places := make(map[string]int)
	for i := len(operations) - 1; i >= 0; i-- { // the first of a name counts
		places[folded(operations[i].Name.Value)] = i
	}
	for i := range definition.Operations {
		o := &definition.Operations[i]
		listed, there := places[folded(o.ID)]
		if !there {
			listed = len(operations)
			places[folded(o.ID)] = listed
			operations = append(operations, operationConfig{Place: c.OpenAPI.Place, Name: text(c.OpenAPI, o.ID)})
			if _, err := ParseTemplate(o.URLTemplate); err != nil {
				l.failIn(l.path(c.OpenAPI.Value), o.Line, o.Col, "operation %s: %s", o.ID, err)
				operations = operations[:listed]
				delete(places, folded(o.ID))
				continue
			}
		}
		complete(&operations[listed], o, c.OpenAPI)
	}
	return operations
}

// complete gives a listed operation what it leaves to the definition.
func complete(c *operationConfig, o *openapi.Operation, from yamlfile.Text) {
	c.definition = o.Messages
	for _, member := range []struct {
		own   *yamlfile.Text
		given string
	}{{&c.DisplayName, o.Name}, {&c.Method, o.Method}, {&c.URLTemplate, o.URLTemplate}} {
		if member.own.Value == "" {
			*member.own = text(from, member.given)
		}
	}
}

// text is a text of a file that the configuration names at a place.
func text(file yamlfile.Text, value string) yamlfile.Text {
	return yamlfile.Text{Place: file.Place, Value: value}
}

// definition reads the definition of an API; nil if that is wrong.
func (l *loader) definition(file yamlfile.Text, api string) *openapi.Definition {
	data, ok := l.contents("definition of API "+api, file)
	if !ok {
		return nil
	}
	d, err := openapi.Read(data)
	var fault *openapi.Error
	if errors.As(err, &fault) {
		l.failIn(l.path(file.Value), fault.Line, fault.Col, "%s", fault.Message)
		return nil
	}
	return d
}

// failIn reports what is wrong in a file that the configuration names.
func (l *loader) failIn(file string, line, col int, format string, args ...any) {
	at := yamlfile.Place{Line: max(line, 1), Col: max(col, 1)}
	l.found = append(l.found, at.Fault(file, "%s", fmt.Sprintf(format, args...)))
}

// schemas are the schemas of the service, JSON files that policies name by id.
func (l *loader) schemas(configured map[string]yamlfile.Text) map[string]*exchange.SchemaDocument {
	all := make(map[string]*exchange.SchemaDocument)
	for _, id := range slices.Sorted(maps.Keys(configured)) {
		file := configured[id]
		all[id] = &exchange.SchemaDocument{ID: id, Root: true} // so that a policy is not blamed
		if file.Value == "" {
			l.fail(file.Place, "schema %s needs the path of its file", id)
			continue
		}
		data, ok := l.contents("schema "+id, file)
		if !ok {
			continue
		}
		root, at, err := readSchema(data)
		if err != nil {
			l.failIn(l.path(file.Value), at.Line, at.Col, "schema %s %s", id, err)
			continue
		}
		all[id].Root = root
	}
	return all
}

// readSchema reads a schema, and says where it is wrong, and how.
func readSchema(data []byte) (root any, at yamlfile.Place, err error) {
	at = yamlfile.Start
	if len(data) > openapi.MaxSize {
		return nil, at, fmt.Errorf("has more than %d bytes", openapi.MaxSize)
	}
	if root, err = jsonschema.Decode(data); err != nil {
		var syntax *json.SyntaxError
		if errors.As(err, &syntax) {
			before := data[:min(max(syntax.Offset-1, 0), int64(len(data)))]
			at = yamlfile.Place{Line: bytes.Count(before, []byte("\n")) + 1, Col: utf8.RuneCount(before[bytes.LastIndexByte(before, '\n')+1:]) + 1}
		}
		return nil, at, fmt.Errorf("is not JSON: %w", err)
	}
	if _, err = jsonschema.Compile(root, "", jsonschema.Options{}); err != nil {
		return nil, at, fmt.Errorf("can't be used: %w", err)
	}
	return root, at, nil
}

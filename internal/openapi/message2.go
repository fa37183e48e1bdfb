package openapi

import (
	"slices"
	"strings"

	"github.com/apimulator/apimulator/policy/exchange"
)

const (
	typeJSON      = "application/json"
	typeForm      = "application/x-www-form-urlencoded"
	typeMultipart = "multipart/form-data"
)

// messages2 are the messages of an operation of OpenAPI 2.0, in which a body is one of the
// parameters, or made of several.
func (f *definer) messages2(d *exchange.OperationDefinition, path string, method member, parameters []*node) error {
	owner := typeName(path) + typeName(method.name)
	schema, types, err := f.request2(method.value, parameters)
	if err != nil {
		return err
	}
	if hasBody(method.name) {
		if d.Request, err = f.representations2(types, schema, nil, owner, "Request"); err != nil {
			return err
		}
	}
	return f.responses(d, method.value, func(response *node, status string) ([]exchange.Representation, error) {
		schema := response.get("schema")
		var types []string // without a schema only those of its examples
		if schema != nil {
			types = f.typesOf("produces", method.value)
		}
		return f.representations2(types, withoutFile(schema), response.entries("examples"), owner+status, "Response")
	})
}

// typesOf are the content types that an operation takes or gives: its own, or else those
// of the document. Where neither says, it is JSON.
func (f *definer) typesOf(name string, operation *node) []string {
	for _, n := range []*node{operation, f.root} {
		if items := n.items(name); len(items) > 0 {
			f.made += len(items)
			types := make([]string, len(items))
			for i, item := range items {
				types[i] = item.value.text
			}
			return types
		}
	}
	return []string{typeJSON}
}

// request2 is the schema of a request and the content types that it comes in.
func (f *definer) request2(operation *node, parameters []*node) (schema *node, types []string, err error) {
	var body *node
	var form []*node
	for _, p := range parameters {
		switch in := p.textOf("in"); {
		case in == "body" && body != nil, in == "body" && form != nil, in == "formData" && body != nil:
			return nil, nil, faultAt(p.at, "an operation has one body: either one parameter in: body, or those in: formData")
		case in == "body":
			body = p
		case in == "formData":
			form = append(form, p)
		}
	}
	schema = body.get("schema")
	if schema == nil && form == nil {
		return nil, nil, nil
	}
	types = f.typesOf("consumes", operation)
	if form != nil {
		schema, types = formSchema(form), formTypes(types, form)
	}
	return withoutFile(schema), types, nil
}

// formTypes are those of the content types that a form comes in. Where there is none it
// follows from the form: a file needs several parts.
func formTypes(types []string, form []*node) []string {
	types = slices.DeleteFunc(types, func(name string) bool {
		name, _, _ = strings.Cut(strings.ToLower(name), ";")
		name = strings.TrimSpace(name)
		return name != typeForm && name != typeMultipart
	})
	switch {
	case len(types) > 0:
		return types
	case slices.ContainsFunc(form, func(p *node) bool { return p.textOf("type") == "file" }):
		return []string{typeMultipart}
	}
	return []string{typeForm}
}

// formSchema is the schema of an object with the parameters of a form.
func formSchema(form []*node) *node {
	properties := &node{kind: mapping, at: form[0].at}
	required := &node{kind: list, at: form[0].at}
	for _, p := range form {
		name := &node{kind: text, at: p.at, text: p.textOf("name")}
		properties.members = append(properties.members, member{name.text, p.at, parameterSchema(p)})
		if p.isTrue("required") {
			required.members = append(required.members, member{at: p.at, value: name})
		}
	}
	object := &node{kind: mapping, at: form[0].at, members: []member{textMember("type", "object", form[0].at), {"properties", form[0].at, properties}}}
	if len(required.members) > 0 {
		object.members = append(object.members, member{"required", form[0].at, required})
	}
	return object
}

// notOfSchema are the members of a parameter that say nothing of its value.
var notOfSchema = []string{"name", "in", "required", "collectionFormat", "allowEmptyValue"}

func parameterSchema(p *node) *node {
	s := &node{kind: mapping, at: p.at}
	for _, m := range p.members {
		if !slices.Contains(notOfSchema, m.name) {
			s.members = append(s.members, m)
		}
	}
	return withoutFile(s)
}

// withoutFile is a schema in which the type of OpenAPI 2.0 that JSON Schema lacks, a file,
// is a text of bytes.
func withoutFile(schema *node) *node {
	if schema.textOf("type") != "file" {
		return schema
	}
	s := &node{kind: mapping, at: schema.at, members: []member{textMember("type", "string", schema.at), textMember("format", "binary", schema.at)}}
	for _, m := range schema.members {
		if m.name != "type" && m.name != "format" {
			s.members = append(s.members, m)
		}
	}
	return s
}

func textMember(name, value string, at place) member {
	return member{name, at, &node{kind: text, at: at, text: value}}
}

// representations2 are what a message comes in: the content types, each with the schema,
// and those of the examples.
func (f *definer) representations2(types []string, schema *node, examples []member, owner, suffix string) ([]exchange.Representation, error) {
	var all []exchange.Representation
	places := make(map[string]int)
	add := func(contentType string, schema *node) error {
		if _, there := places[contentType]; there {
			return nil
		}
		places[contentType] = len(all)
		all = append(all, f.representation(contentType, schema, owner, suffix))
		return f.count(schema.placeOr(start))
	}
	for _, contentType := range types {
		if err := add(contentType, schema); err != nil {
			return nil, err
		}
	}
	for _, m := range examples {
		if err := add(m.name, nil); err != nil {
			return nil, err
		}
		r := &all[places[m.name]]
		if m.value.kind != null {
			r.Examples = f.appendBody(r.Examples, m.name, m.value)
		}
	}
	return all, nil
}

// placeOr is where a value stands, or where what lacks it stands.
func (n *node) placeOr(other place) place {
	if n == nil {
		return other
	}
	return n.at
}

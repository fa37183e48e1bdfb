// Package jsonschema holds JSON against a JSON Schema, as Newtonsoft.Json.Schema does,
// which API Management validates content with: what is read as JSON, what does not fit,
// in which words, and at which line and position (fidelity.md names the record).
//
// A document is compiled once ([Compile]): each schema in it becomes a [Schema], and what
// refers to another leads to it. A text is read into nodes that know their places, and
// walked with the schema beside ([Schema.Validate]).
//
// The drafts are 4, 6, 7, 2019-09 and 2020-12. A document that names none may use the
// keywords of all, as the schemas of OpenAPI do.
package jsonschema

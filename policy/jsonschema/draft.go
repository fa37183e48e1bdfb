package jsonschema

import "strings"

// draft is a version of JSON Schema.
type draft int

// The drafts, in their order.
const (
	anyDraft draft = iota // none is named: keywords of all are known
	draft4
	draft6
	draft7
	draft2019
	draft2020
)

// draft3 is what a document may name, and what is not supported.
const draft3 = "json-schema.org/draft-03/schema"

var drafts = map[string]draft{
	"json-schema.org/draft-04/schema":      draft4,
	"json-schema.org/draft-06/schema":      draft6,
	"json-schema.org/draft-07/schema":      draft7,
	"json-schema.org/draft/2019-09/schema": draft2019,
	"json-schema.org/draft/2020-12/schema": draft2020,
}

// draftOf is the draft that a $schema names; known is false for any other.
func draftOf(url string) (d draft, known bool) {
	d, known = drafts[bareURL(url)]
	return d, known
}

// bareURL is a URL without its scheme, which may be http or https, and an empty fragment.
func bareURL(url string) string {
	_, rest, _ := strings.Cut(url, "://")
	return strings.TrimSuffix(rest, "#")
}

// span says from which draft to which a keyword is known; zero is no bound.
type span struct{ from, to draft }

// spans are those of keywords that not every draft has. "dependencies" is in none after
// draft 7, and still read, as libraries do.
var spans = map[string]span{
	"id": {to: draft4}, "$id": {from: draft6},
	"const": {from: draft6}, "contains": {from: draft6}, "propertyNames": {from: draft6},
	"if": {from: draft7}, "then": {from: draft7}, "else": {from: draft7}, "contentEncoding": {from: draft7},
	"additionalItems": {to: draft2019},
	"$defs":           {from: draft2019}, "$anchor": {from: draft2019}, "$recursiveRef": {from: draft2019, to: draft2019}, "$recursiveAnchor": {from: draft2019, to: draft2019},
	"dependentRequired": {from: draft2019}, "dependentSchemas": {from: draft2019}, "unevaluatedItems": {from: draft2019}, "unevaluatedProperties": {from: draft2019},
	"minContains": {from: draft2019}, "maxContains": {from: draft2019},
	"prefixItems": {from: draft2020}, "$dynamicRef": {from: draft2020}, "$dynamicAnchor": {from: draft2020},
}

// has reports whether a draft knows a keyword.
func (d draft) has(keyword string) bool {
	s := spans[keyword]
	if d == anyDraft {
		return keyword != "id" // which is a name of properties more often
	}
	return d >= s.from && (s.to == 0 || d <= s.to)
}

// refAlone reports whether what stands beside a $ref is ignored.
func (d draft) refAlone() bool { return d != anyDraft && d <= draft7 }

// idKeyword is what a draft calls the URL of a schema.
func (d draft) idKeyword() string {
	if d == draft4 {
		return "id"
	}
	return "$id"
}

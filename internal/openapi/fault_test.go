package openapi

import (
	"errors"
	"fmt"
	"strings"
	"testing"
)

const (
	// ofGet is a document whose one operation goes on.
	ofGet = "openapi: 3.0.3\npaths:\n  /a:\n    get:\n      "
	// ofResponse is one whose one response does.
	ofResponse = ofGet + "responses:\n        '200': "
	// ofSchema is one whose schema A does.
	ofSchema = "openapi: 3.0.3\npaths: {}\ncomponents:\n  schemas:\n    A: "
	// ofGet2 is one of version 2.0.
	ofGet2 = `{"swagger": "2.0", "paths": {"/a": {"post": {` + "\n"
)

// faults are the mistakes that a document may have, each at its place.
var faults = []struct{ name, text, want string }{
	{"nothing", "", "1:1: this is no OpenAPI document: it has no paths"},
	{"a list", "- a", "1:1: this is no OpenAPI document: it has no paths"},
	{"a text", "a", "1:1: this is no OpenAPI document: it has no paths"},
	{"no paths", "openapi: 3.1.0\nwebhooks: {}\n", "1:1: this is no OpenAPI document: it has no paths"},
	{"paths without a value", "openapi: 3.0.3\npaths:\n", "1:1: this is no OpenAPI document: it has no paths"},
	{"2.0 in YAML", "swagger: '2.0'\npaths: {}\n", "1:1: Azure imports OpenAPI 2.0 as JSON only"},
	{"large", strings.Repeat("x", MaxSize+1), "1:1: the document has more than 4194304 bytes, the most that Azure imports"},
	{"not UTF-8", "openapi: ä\n \xff", "2:2: this character is not text in UTF-8"},

	{"YAML", "openapi: 3.0.3\npaths:\n  /a: [", "4:1: this is not YAML: "},
	{"an alias of nothing", "openapi: 3.0.3\npaths: *a\n", "2:8: this is not YAML: unknown anchor 'a' referenced"},
	{"a second document", "openapi: 3.0.3\npaths: {}\n---\na: b\n", "3:1: a second YAML document begins here; a definition is one"},
	{"a key twice", "openapi: 3.0.3\npaths: {}\nopenapi: 3.0.3\n", `3:1: the key "openapi" stands here for the second time`},
	{"a key twice, as a number", ofGet + "responses:\n        200:\n        '200':\n", `7:9: the key "200" stands here for the second time`},
	{"a key that is a list", "openapi: 3.0.3\npaths:\n  ? [a]\n  : b\n", "3:5: a key is a text, not a mapping or a list"},
	{"an alias in itself", "openapi: 3.0.3\npaths: &a\n  /a: *a\n", "3:7: the alias *a stands in what it stands for"},
	{"a merge of a text", "openapi: 3.0.3\npaths:\n  <<: a\n", "3:7: a merge key (<<) takes a mapping or a list of mappings, not a text"},
	{"a merge of texts", "openapi: 3.0.3\npaths:\n  <<: [a]\n", "3:8: a merge key (<<) takes a mapping or a list of mappings, not a text in it"},
	{"tag directives", "# a\n" + strings.Repeat("%TAG !a! b\n", 17) + "---\npaths: {}\n", "2:1: the document has more than 16 directives %TAG"},
	{"a number that is none", "openapi: 3.0.3\npaths: {}\nx-a: .inf\n", "3:6: JSON has no such number: .inf"},
	{"a number beyond all", "openapi: 3.0.3\npaths: {}\nx-a: 1e-999999999\n", "3:6: JSON has no such number: 1e-999999999"},

	{"JSON", "{\n \"openapi\": \"3.0.3\",\n \"paths\": {]\n}", "3:12: invalid character ']' looking for beginning of object key string"},
	{"half of JSON", "{\"openapi\": \"3.0.3\",\n \"ä\": {", "2:7: unexpected end of JSON input"},
	{"JSON and more", "{\"openapi\": \"3.0.3\"}\n}", "2:1: invalid character '}' after top-level value"},
	{"a key twice in JSON", "{\"paths\": {},\n \"ä\": 1, \"ä\": 2}", `2:10: the key "ä" stands here for the second time`},
	{"a number beyond all in JSON", `{"paths": {}, "a": 1e999}`, "1:20: JSON has no such number: 1e999"},

	{"another file", ofResponse + "{$ref: 'http://192.0.2.1/x.yaml#/a'}\n", "6:23: a reference to another file is not followed, here and in Azure: http://192.0.2.1/x.yaml#/a"},
	{"another file for a schema", ofSchema + "{properties: {b: {items: {$ref: b.json}}}}\n", "5:40: a reference to another file is not followed, here and in Azure: b.json"},
	{"another file for a path", "openapi: 3.0.3\npaths:\n  /a: {$ref: a.yaml}\n", "3:14: a reference to another file is not followed, here and in Azure: a.yaml"},
	{"another file for a header", ofResponse + "{headers: {A: {$ref: a.yaml}}}\n", "6:37: a reference to another file is not followed, here and in Azure: a.yaml"},
	{"another file for a link", ofResponse + "{links: {A: {$ref: a.yaml}}}\n", "6:35: a reference to another file is not followed, here and in Azure: a.yaml"},
	{"another file in a callback", ofGet + "callbacks: {c: {/b: {post: {parameters: [{$ref: a.yaml}]}}}}\n", "5:55: a reference to another file is not followed, here and in Azure: a.yaml"},
	{"another file beside what is not referred to", ofSchema + "{}\n  examples: {E: {$ref: a.yaml}}\n", "6:24: a reference to another file is not followed, here and in Azure: a.yaml"},
	{"another file in 2.0", ofGet2 + ` "responses": {"200": {"schema": {"$ref": "a.json"}}}}}}}`, "2:43: a reference to another file is not followed, here and in Azure: a.json"},
	{"a reference to nothing", ofResponse + "{$ref: '#/components/responses/None'}\n", "6:23: nothing stands at #/components/responses/None"},
	{"a schema that is nowhere", ofSchema + "{allOf: [{$ref: '#/components/schemas/B'}]}\n", "5:24: nothing stands at #/components/schemas/B"},
	{"an item that is nowhere", ofSchema + "{allOf: [{$ref: '#/components/schemas/A/allOf/1'}]}\n", "5:24: nothing stands at #/components/schemas/A/allOf/1"},
	{"a way through a text", ofSchema + "{$ref: '#/openapi/a'}\n", "5:15: nothing stands at #/openapi/a"},
	{"a reference to the document", ofSchema + "{$ref: '#'}\n", "5:15: a reference within the document is of the form #/components/schemas/NAME, not #"},
	{"a reference to an anchor", ofSchema + "{$ref: '#a'}\n", "5:15: a reference within the document is of the form #/components/schemas/NAME, not #a"},
	{"a reference that is no URL", ofSchema + "{$ref: '#/%zz'}\n", "5:15: a reference within the document is of the form #/components/schemas/NAME, not #/%zz"},
	{"a reference that is no text", ofSchema + "{$ref: 7}\n", "5:15: a reference is a text, not a number"},
	{"a reference to itself", ofResponse + "{$ref: '#/components/responses/A'}\ncomponents:\n  responses:\n    A: {$ref: '#/components/responses/B'}\n    B: {$ref: '#/components/responses/A'}\n", "6:23: the reference #/components/responses/A leads to itself, or by way of more than 64 others"},
	{"a reference to a text", ofResponse + "{$ref: '#/openapi'}\n", "6:23: a response, a mapping, is wanted here, and #/openapi is a text"},
	{"a reference to what is no response inside", ofResponse + "{$ref: '#/x-a'}\nx-a: {content: 5}\n", "7:16: a mapping is wanted here, not a number"},

	{"a version that is a number", "openapi: 3.1\npaths: {}\n", "1:10: a text is wanted here, not a number"},
	{"paths in a list", "openapi: 3.0.3\npaths: []\n", "2:8: a mapping is wanted here, not a list"},
	{"a path that is a text", "openapi: 3.0.3\npaths: {/a: b}\n", "2:13: a path, a mapping, is wanted here, not a text"},
	{"an operation that is a list", "openapi: 3.0.3\npaths: {/a: {get: []}}\n", "2:19: an operation, a mapping, is wanted here, not a list"},
	{"a number for operationId", ofGet + "operationId: 7\n", "5:20: a text is wanted here, not a number"},
	{"a list for summary", ofGet + "summary: [a]\n", "5:16: a text is wanted here, not a list"},
	{"parameters in a mapping", ofGet + "parameters: {}\n", "5:19: a list is wanted here, not a mapping"},
	{"a parameter that is a text", ofGet + "parameters: [a]\n", "5:20: a parameter, a mapping, is wanted here, not a text"},
	{"a text for required", ofGet + "parameters: [{required: 'true'}]\n", "5:31: true or false is wanted here, not a text"},
	{"a body that is a list", "openapi: 3.0.3\npaths: {/a: {put: {requestBody: []}}}\n", "2:33: a request body, a mapping, is wanted here, not a list"},
	{"responses in a list", ofGet + "responses: []\n", "5:18: a mapping is wanted here, not a list"},
	{"a response that is a text", ofResponse + "ok\n", "6:16: a response, a mapping, is wanted here, not a text"},
	{"examples in a list", ofResponse + "{content: {a/b: {examples: [a]}}}\n", "6:43: a mapping is wanted here, not a list"},
	{"a schema that is a list", ofSchema + "[]\n", "5:8: a schema, a mapping, is wanted here, not a list"},
	{"properties in a list", ofSchema + "{properties: []}\n", "5:21: a mapping is wanted here, not a list"},
	{"required that is no list", ofSchema + "{required: true}\n", "5:19: a list is wanted here, not true or false"},
	{"a bound that is a text", ofSchema + "{minimum: '1'}\n", "5:18: a number is wanted here, not a text"},
	{"a version of 2.0 that is a number", `{"swagger": 2.0, "paths": {}}`, "1:13: a text is wanted here, not a number"},
	{"content types in a text", ofGet2 + ` "consumes": "a/b"}}}}`, "2:14: a list is wanted here, not a text"},
	{"two bodies", ofGet2 + ` "parameters": [{"in": "body", "name": "a"},` + "\n" + `{"in": "body", "name": "b"}]}}}}`, "3:1: an operation has one body: either one parameter in: body, or those in: formData"},
	{"a body and a form", ofGet2 + ` "parameters": [{"in": "formData", "name": "a"},` + "\n" + `{"in": "body", "name": "b"}]}}}}`, "3:1: an operation has one body: either one parameter in: body, or those in: formData"},
}

func TestReadFaults(t *testing.T) {
	for _, c := range faults {
		_, err := Read([]byte(c.text))
		var e *Error
		if !errors.As(err, &e) || !strings.HasPrefix(e.Error(), c.want) || strings.Contains(e.Error(), "\n") {
			t.Errorf("%s: got %v, want %s", c.name, err, c.want)
		}
	}
}

// A byte order mark is no character of the document.
func TestByteOrderMark(t *testing.T) {
	for _, text := range []string{"openapi: 3.0.3\npaths: {/a: {get: {}}}", `{"openapi": "3.0.3", "paths": {"/a": {"get": {}}}}`} {
		if d, err := Read([]byte("\uFEFF" + text)); err != nil || len(d.Operations) != 1 {
			t.Errorf("%s: got %v, %v", text, d, err)
		}
	}
}

// What a document repeats by aliases and references, and how deep it nests, has a bound.
func TestBounds(t *testing.T) {
	var bomb, paths, content, links strings.Builder
	for i := 1; i < 12; i++ {
		fmt.Fprintf(&bomb, "x-%d: &a%d [%s*a%d]\n", i, i, strings.Repeat(fmt.Sprintf("*a%d, ", i-1), 9), i-1)
	}
	for i := range 5_000 {
		fmt.Fprintf(&paths, "  /%d: {$ref: '#/x-path'}\n", i)
		fmt.Fprintf(&content, "          a/b%d: {}\n", i)
		fmt.Fprintf(&links, "    A%d: {$ref: '#/components/schemas/A%d'}\n", i, i+1)
	}
	for _, c := range []struct{ name, text, want string }{
		{"an alias bomb", "openapi: 3.0.3\npaths: {}\nx-0: &a0 a\n" + bomb.String(), "the document holds more than 1000000 values, those that aliases repeat included"},
		{"nested mappings", "openapi: 3.0.3\npaths: {}\nx: " + strings.Repeat("{a: ", 300), "this is nested more than 200 levels deep"},
		{"nested lists", "openapi: 3.0.3\npaths: {}\nx: " + strings.Repeat("[", 100_000), "this is nested more than 200 levels deep"},
		{"nested lines", "openapi: 3.0.3\npaths: {}\nx:\n" + strings.Repeat("- ", 100_000), "this is nested more than 200 levels deep"},
		{"nested aliases", "openapi: 3.0.3\npaths: {}\nx: &a " + strings.Repeat("[", 150) + strings.Repeat("]", 150) + "\ny: " + strings.Repeat("[", 150) + "*a" + strings.Repeat("]", 150), "this is nested more than 200 levels deep"},
		{"nested JSON", `{"paths": {}, "x": ` + strings.Repeat("[", 300) + strings.Repeat("]", 300) + "}", "this is nested more than 200 levels deep"},
		{"many bodies", "openapi: 3.0.3\npaths:\n" + paths.String() + "x-path:\n  get:\n    responses:\n      '200':\n        content:\n" + content.String(), "the operations have more than 500000 parameters, responses and bodies, those that references repeat included"},
		{"a long chain of schemas", "openapi: 3.0.3\npaths: {}\ncomponents:\n  schemas:\n" + links.String() + "    A5000: {}\n", ""},
	} {
		_, err := Read([]byte(c.text))
		var e *Error
		switch {
		case c.want == "" && err != nil:
			t.Errorf("%s: got %v, want no error", c.name, err)
		case c.want != "" && (!errors.As(err, &e) || e.Message != c.want):
			t.Errorf("%s: got %v, want %s", c.name, err, c.want)
		}
	}
}

package service_test

import (
	"bytes"
	"encoding"
	"encoding/json"
	"fmt"
	"os"
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/goccy/go-yaml"
	"github.com/santhosh-tekuri/jsonschema/v6"

	"github.com/apimulator/apimulator/internal/azureopenai"
	"github.com/apimulator/apimulator/internal/entra"
	"github.com/apimulator/apimulator/internal/managedidentity"
	"github.com/apimulator/apimulator/internal/service"
)

const schemaFile = "../../docs/apim.schema.json"

// node is a part of the schema.
type node = map[string]any

func readSchema(t *testing.T) node {
	t.Helper()
	data, err := os.ReadFile(schemaFile)
	if err != nil {
		t.Fatal(err)
	}
	var schema node
	if err := json.Unmarshal(data, &schema); err != nil {
		t.Fatalf("%s: %v", schemaFile, err)
	}
	return schema
}

func compileSchema(t *testing.T) *jsonschema.Schema {
	t.Helper()
	c := jsonschema.NewCompiler()
	c.DefaultDraft(jsonschema.Draft2020)
	c.AssertFormat()
	schema, err := c.Compile(schemaFile)
	if err != nil {
		t.Fatal(err)
	}
	return schema
}

// instance is YAML as a schema sees it.
func instance(t *testing.T, text string) any {
	t.Helper()
	data, err := yaml.YAMLToJSON([]byte(strings.TrimPrefix(text, "\uFEFF")))
	if err != nil {
		t.Fatalf("this is not YAML: %v\n%s", err, text)
	}
	value, err := jsonschema.UnmarshalJSON(bytes.NewReader(data))
	if err != nil {
		t.Fatal(err)
	}
	return value
}

// The samples, and the service that runs when none is named, are to the schema
// what they say they are.
func TestSchemaOnSamples(t *testing.T) {
	schema := compileSchema(t)
	for _, folder := range []string{"good", "malformed"} {
		for name, s := range samples(t, folder) {
			t.Run(folder+"/"+name, func(t *testing.T) {
				want := s.schemaVerdict(t)
				if want == "-" {
					return
				}
				err := schema.Validate(instance(t, s.section(apimYAML)))
				if got := map[bool]string{true: "accepts", false: "refuses"}[err == nil]; got != want {
					t.Errorf("%s: the schema %s it, want %s: %v", s.file, got, want, err)
				}
			})
		}
	}
	for _, file := range []string{"../../testdata/seed/apim.yaml", "../../testdata/seed/demo.yaml"} {
		data, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		if err := schema.Validate(instance(t, string(data))); err != nil {
			t.Errorf("%s: %v", file, err)
		}
	}
}

// The schema and the Go types have the same members, of the same kinds.
func TestSchemaOnTypes(t *testing.T) {
	c := &typeComparison{t: t, root: readSchema(t), sections: map[string]reflect.Type{
		"entra":           reflect.TypeFor[entra.Config](),
		"managedIdentity": reflect.TypeFor[managedidentity.Config](),
		"azureOpenAI":     reflect.TypeFor[azureopenai.Config](),
	}, seen: make(map[string]bool)}
	c.compare("", c.root, service.ConfigType)
	for name := range c.root["$defs"].(node) {
		if !c.seen["#/$defs/"+name] {
			t.Errorf("$defs/%s: nothing refers to it", name)
		}
	}
}

type typeComparison struct {
	t        *testing.T
	root     node
	sections map[string]reflect.Type
	seen     map[string]bool // the references followed
}

func (c *typeComparison) compare(path string, schema node, t reflect.Type) {
	schema = c.resolve(schema)
	if t.Kind() == reflect.Pointer {
		t = t.Elem()
	}
	switch {
	case t == service.SectionType:
		c.compare(path, schema, c.sections[strings.TrimPrefix(path, ".")])
	case t == service.TextType:
		c.kind(path, schema, "string")
	case t == service.NamedValueType, t == service.CertificateType, t == service.AccessPolicyType:
		both := schema["oneOf"].([]any)
		c.kind(path, c.resolve(both[0].(node)), "string")
		c.members(path, both[1].(node), t)
	case t == reflect.TypeFor[time.Duration](), reflect.PointerTo(t).Implements(reflect.TypeFor[encoding.TextUnmarshaler]()):
		c.kind(path, schema, "string")
	case t.Kind() == reflect.Struct:
		c.members(path, schema, t)
	case t.Kind() == reflect.Slice:
		c.kind(path, schema, "array")
		c.compare(path+"[]", schema["items"].(node), t.Elem())
	case t.Kind() == reflect.Interface: // anything
	case t.Kind() == reflect.Map && t.Elem().Kind() == reflect.Interface:
		c.kind(path, schema, "object")
	case t.Kind() == reflect.Map:
		c.kind(path, schema, "object")
		c.compare(path+".*", schema["additionalProperties"].(node), t.Elem())
	default:
		c.kind(path, schema, map[reflect.Kind]string{reflect.String: "string", reflect.Bool: "boolean", reflect.Int: "integer", reflect.Float64: "number"}[t.Kind()])
	}
}

func (c *typeComparison) members(path string, schema node, t reflect.Type) {
	c.kind(path, schema, "object")
	if schema["additionalProperties"] != false {
		c.t.Errorf("%s: additionalProperties is not false", path)
	}
	properties := schema["properties"].(node)
	fields := make(map[string]reflect.Type)
	for i := range t.NumField() {
		if name, _, _ := strings.Cut(t.Field(i).Tag.Get("yaml"), ","); name != "" && name != "-" {
			fields[name] = t.Field(i).Type
		}
	}
	if got, want := sortedKeys(properties), sortedKeys(fields); !slices.Equal(got, want) {
		c.t.Errorf("%s: the schema has the keys %q, %s has %q", path, got, t, want)
		return
	}
	for name, field := range fields {
		member := properties[name].(node)
		if text, _ := member["description"].(string); !strings.HasSuffix(text, ".") {
			c.t.Errorf("%s.%s: its description %q is no sentence", path, name, text)
		}
		c.compare(path+"."+name, member, field)
	}
}

// kind checks that a part of the schema takes what is of a kind, and nothing
// else but other scalars for a text, and null for a mapping.
func (c *typeComparison) kind(path string, schema node, want string) {
	var got []string
	switch kind := schema["type"].(type) {
	case string:
		got = []string{kind}
	case []any:
		for _, k := range kind {
			got = append(got, k.(string))
		}
	case nil:
		if values, ok := schema["enum"].([]any); ok {
			got = []string{reflect.TypeOf(values[0]).Kind().String()}
		}
	}
	allowed := []string{want}
	switch want {
	case "string":
		allowed = []string{"string", "number", "boolean"}
	case "object":
		allowed = []string{"object", "null"}
	}
	if !slices.Contains(got, want) || slices.ContainsFunc(got, func(k string) bool { return !slices.Contains(allowed, k) }) {
		c.t.Errorf("%s: the schema takes %q, the program a %s", path, got, want)
	}
}

// resolve follows a reference.
func (c *typeComparison) resolve(schema node) node {
	for schema["$ref"] != nil {
		reference := schema["$ref"].(string)
		c.seen[reference] = true
		schema = c.root["$defs"].(node)[strings.TrimPrefix(reference, "#/$defs/")].(node)
	}
	return schema
}

// A small service for each kind of entity, in which the entity has what it
// cannot do without and nothing else.
var smallest = []struct{ definition, text, path string }{
	{"", `{"apis": [{"name": "a", "backend": "http://localhost:9000"}]}`, ""},
	{"api", `{"apis": [{"name": "a", "backend": "http://localhost:9000"}]}`, "apis"},
	{"operation", `{"apis": [{"name": "a", "backend": "http://localhost:9000", "openapi": "openapi.yaml", "operations": [{"name": "get-items-id"}]}]}`, "apis operations"},
	{"versionSet", `{"apis": [{"name": "a", "backend": "http://localhost:9000"}], "versionSets": [{"name": "v", "scheme": "Segment"}]}`, "versionSets"},
	{"group", `{"apis": [{"name": "a", "backend": "http://localhost:9000"}], "groups": [{"name": "g"}]}`, "groups"},
	{"serviceUser", `{"apis": [{"name": "a", "backend": "http://localhost:9000"}], "users": [{"name": "u"}]}`, "users"},
	{"serviceUserIdentity", `{"apis": [{"name": "a", "backend": "http://localhost:9000"}], "users": [{"name": "u", "identities": [{"provider": "Aad", "id": "7"}]}]}`, "users identities"},
	{"product", `{"apis": [{"name": "a", "backend": "http://localhost:9000"}], "products": [{"name": "p"}]}`, "products"},
	{"subscription", `{"apis": [{"name": "a", "backend": "http://localhost:9000"}], "subscriptions": [{"name": "s"}]}`, "subscriptions"},
}

// What the schema requires the program requires, and nothing else.
func TestSchemaOnRequired(t *testing.T) {
	schema, compiled := readSchema(t), compileSchema(t)
	check := func(document node, want bool, what string) {
		t.Helper()
		data, err := json.Marshal(document)
		if err != nil {
			t.Fatal(err)
		}
		o := (&sample{}).options()
		o.ReadFile = func(string) ([]byte, error) { return []byte(oneOperation), nil }
		_, loading := service.Parse("apim.yaml", data, o)
		validating := compiled.Validate(instance(t, string(data)))
		if (loading == nil) != want || (validating == nil) != want {
			t.Errorf("%s %s\nloading says: %v\nthe schema says: %v", what, data, loading, validating)
		}
	}
	for _, entity := range smallest {
		definition := schema
		if entity.definition != "" {
			definition = schema["$defs"].(node)[entity.definition].(node)
		}
		read := func() (document, part node) {
			if err := json.Unmarshal([]byte(entity.text), &document); err != nil {
				t.Fatal(err)
			}
			part = document
			for _, list := range strings.Fields(entity.path) {
				part = part[list].([]any)[0].(node)
			}
			return document, part
		}
		document, part := read()
		check(document, true, "refused:")
		var required []string
		for _, name := range definition["required"].([]any) {
			required = append(required, name.(string))
		}
		slices.Sort(required)
		if got := sortedKeys(part); !slices.Equal(got, required) {
			t.Errorf("the smallest %q has %q; the schema requires %q", entity.definition, got, required)
		}
		for _, name := range required {
			document, part := read()
			delete(part, name)
			check(document, false, fmt.Sprintf("accepted without %s:", name))
		}
	}
	// Without a definition nobody says where an operation is.
	check(node{"apis": []any{node{"name": "a", "backend": "http://localhost:9000", "operations": []any{node{"name": "get-items-id"}}}}}, false, "accepted:")
}

// oneOperation is a definition with the operation get-items-id.
const oneOperation = "openapi: 3.0.3\npaths:\n  /items/{id}:\n    get: {responses: {'200': {description: found}}}\n"

// Every enumeration of the schema is the program's: it takes the values listed,
// and refuses another.
func TestSchemaOnEnumerations(t *testing.T) {
	const (
		api    = "apis: [{name: a, backend: \"http://localhost:9000\"}]\n"
		tenant = "entra: {tenants: [{id: 11111111-1111-4111-8111-111111111111, domains: [contoso.com], apps: [{name: a, clientId: 22222222-2222-4222-8222-222222222222, "
	)
	samples := map[string]string{ // by the member's path in $defs
		"subscription.state":              "subscriptions: [{name: s, state: VALUE}]",
		"product.state":                   "products: [{name: p, state: VALUE}]",
		"versionSet.scheme":               "versionSets: [{name: v, scheme: VALUE}]",
		"api.protocols[]":                 "protocols: [VALUE]",
		"app.signInAudience":              tenant + "signInAudience: VALUE}]}]}",
		"app.requestedAccessTokenVersion": tenant + "requestedAccessTokenVersion: VALUE}]}]}",
		"app.optionalClaims[]":            tenant + "optionalClaims: [VALUE]}]}]}",
		"app.groupMembershipClaims":       tenant + "groupMembershipClaims: VALUE}]}]}",
		"answer.finishReason":             "azureOpenAI: {answers: [{reply: hello, toolCalls: [{name: f}], finishReason: VALUE}]}",
		"safetyRule.category":             "azureOpenAI: {contentSafety: {rules: [{words: [a], severity: 1, category: VALUE}]}}",
		"fault.operation":                 "azureOpenAI: {faults: [{status: 500, operation: VALUE}]}",
	}
	load := func(text string, value any) error {
		text = strings.ReplaceAll(text, "VALUE", fmt.Sprint(value))
		switch { // what the value needs beside it
		case strings.HasPrefix(text, "protocols"):
			text = "apis: [{name: a, backend: \"http://localhost:9000\", " + text + "}]"
		case value == service.Header:
			text = api + strings.Replace(text, "Header", "Header, header: X-Version", 1)
		case value == service.Query:
			text = api + strings.Replace(text, "Query", "Query, query: version", 1)
		default:
			text = api + text
		}
		s, err := service.Parse("apim.yaml", []byte(text), (&sample{}).options())
		if err != nil {
			return err
		}
		return decodeParties(s)
	}
	found := make(map[string][]any)
	for name, definition := range readSchema(t)["$defs"].(node) {
		enumerations(name, definition, found)
	}
	if got, want := sortedKeys(found), sortedKeys(samples); !slices.Equal(got, want) {
		t.Fatalf("the schema has the enumerations %q, this test %q", got, want)
	}
	for path, values := range found {
		for _, value := range values {
			if err := load(samples[path], value); err != nil {
				t.Errorf("%s lists %v, which is refused: %v", path, value, err)
			}
		}
		if err := load(samples[path], 7); err == nil {
			t.Errorf("%s: the value 7 is accepted; the schema lists %v", path, values)
		}
	}
	var states []string
	for _, s := range found["subscription.state"] {
		states = append(states, s.(string))
	}
	if !slices.Equal(states, service.States) {
		t.Errorf("the schema lists the states %q, the program %q", states, service.States)
	}
	optional := found["app.optionalClaims[]"]
	for i, claim := range entra.OptionalClaims() {
		if i >= len(optional) || optional[i] != claim {
			t.Errorf("the schema lists the optional claims %q, the program %q", optional, entra.OptionalClaims())
			break
		}
	}
}

// enumerations collects the enums in a part of the schema by their paths.
func enumerations(path string, part any, found map[string][]any) {
	schema, ok := part.(node)
	if !ok {
		return
	}
	if values, ok := schema["enum"].([]any); ok {
		found[path] = values
	}
	if items, ok := schema["items"]; ok {
		enumerations(path+"[]", items, found)
	}
	if properties, ok := schema["properties"].(node); ok {
		for name := range properties {
			enumerations(path+"."+name, properties[name], found)
		}
	}
}

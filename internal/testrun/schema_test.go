package testrun

import (
	"bytes"
	"encoding/json"
	"os"
	"path/filepath"
	"reflect"
	"slices"
	"strings"
	"testing"

	"github.com/goccy/go-yaml"
	"github.com/santhosh-tekuri/jsonschema/v6"

	"github.com/apimulator/apimulator/internal/azureopenai"
)

const schemaFile = "../../docs/test.schema.json"

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
	schema, err := c.Compile(schemaFile)
	if err != nil {
		t.Fatal(err)
	}
	return schema
}

// instance is YAML as a schema sees it.
func instance(t *testing.T, text string) any {
	t.Helper()
	data, err := yaml.YAMLToJSON([]byte(text))
	if err != nil {
		t.Fatalf("this is not YAML: %v\n%s", err, text)
	}
	value, err := jsonschema.UnmarshalJSON(bytes.NewReader(data))
	if err != nil {
		t.Fatal(err)
	}
	return value
}

// Each part of the schema has the keys of the Go type that is read there, described in
// a sentence.
func TestSchemaOnTypes(t *testing.T) {
	root := readSchema(t)
	defs := root["$defs"].(node)
	types := map[string]reflect.Type{
		"": reflect.TypeFor[fileConfig](), "piece": reflect.TypeFor[pieceConfig](), "textParts": reflect.TypeFor[textParts](),
		"test": reflect.TypeFor[testConfig](), "step": reflect.TypeFor[stepConfig](), "roll": reflect.TypeFor[rollConfig](),
		"set": reflect.TypeFor[setConfig](), "identityFault": reflect.TypeFor[identityFaultConfig](), "entraFault": reflect.TypeFor[entraFaultConfig](),
		"azureOpenAIFault": reflect.TypeFor[azureopenai.Fault](), "fault": reflect.TypeFor[faultConfig](), "keysFault": reflect.TypeFor[keysConfig](), "request": reflect.TypeFor[requestConfig](),
		"token": reflect.TypeFor[tokenConfig](), "stub": reflect.TypeFor[stubConfig](), "answer": reflect.TypeFor[answerConfig](),
		"match": reflect.TypeFor[matchConfig](), "expect": reflect.TypeFor[expectConfig](), "calls": reflect.TypeFor[callsParts](),
		"call": reflect.TypeFor[callExpect](), "lastError": reflect.TypeFor[lastErrorExpect](), "trace": reflect.TypeFor[traceExpect](),
		"elapsed": reflect.TypeFor[elapsedExpect](), "sinks": reflect.TypeFor[sinksExpect](), "metric": reflect.TypeFor[metricExpect](),
		"loggedEvent": reflect.TypeFor[eventExpect](), "counter": reflect.TypeFor[counterExpect](),
	}
	for name, definition := range defs {
		if definition.(node)["additionalProperties"] == false && types[name] == nil {
			t.Errorf("$defs/%s: this test knows no type for it", name)
		}
	}
	for name, typ := range types {
		definition := root
		if name != "" {
			definition, _ = defs[name].(node)
		}
		if definition["additionalProperties"] != false {
			t.Errorf("%q: additionalProperties is not false", name)
			continue
		}
		var want, got []string
		for i := range typ.NumField() {
			if key, _, _ := strings.Cut(typ.Field(i).Tag.Get("yaml"), ","); key != "" {
				want = append(want, key)
			}
		}
		for key, member := range definition["properties"].(node) {
			got = append(got, key)
			if text, _ := member.(node)["description"].(string); !strings.HasSuffix(text, ".") {
				t.Errorf("%s.%s: its description %q is no sentence", name, key, text)
			}
		}
		slices.Sort(want)
		slices.Sort(got)
		if !slices.Equal(got, want) {
			t.Errorf("%q: the schema has the keys %q, %s has %q", name, got, typ, want)
		}
	}
}

// The schema accepts every file of tests that the program reads, and refuses what has an
// unknown key.
func TestSchemaOnSamples(t *testing.T) {
	schema := compileSchema(t)
	paths, err := filepath.Glob("testdata/pass/*" + suffix)
	if err != nil || len(paths) == 0 {
		t.Fatalf("there are no samples: %v", err)
	}
	for _, path := range paths {
		data, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		if err := schema.Validate(instance(t, string(data))); err != nil {
			t.Errorf("%s: %v", path, err)
		}
	}
	if err := schema.Validate(instance(t, "policy: p.xml\ntests: [{name: a, expects: {}}]")); err == nil {
		t.Error("the schema accepts the key expects")
	}
}

package jsonschema

import "testing"

const benchSchema = `{"type": "object", "required": ["id", "lines"], "additionalProperties": false, "properties": {
	"id": {"type": "string", "pattern": "^[a-z0-9-]+$"}, "total": {"type": "number", "minimum": 0},
	"lines": {"type": "array", "items": {"$ref": "#/$defs/line"}}},
	"$defs": {"line": {"type": "object", "required": ["sku"], "properties": {"sku": {"type": "string", "maxLength": 20}, "n": {"type": "integer"}}}}}`

const benchText = `{"id": "order-1", "total": 12.5, "lines": [{"sku": "a", "n": 1}, {"sku": "b", "n": 2}, {"sku": "c"}]}`

func BenchmarkValidate(b *testing.B) {
	s, err := Compile(decoded(b, []byte(benchSchema)), "", Options{Formats: true})
	if err != nil {
		b.Fatal(err)
	}
	b.ReportAllocs()
	for b.Loop() {
		if found, err := s.Validate(benchText); err != nil || len(found) > 0 {
			b.Fatal(found, err)
		}
	}
}

func BenchmarkCompile(b *testing.B) {
	root := decoded(b, []byte(benchSchema))
	b.ReportAllocs()
	for b.Loop() {
		if _, err := Compile(root, "", Options{Formats: true}); err != nil {
			b.Fatal(err)
		}
	}
}

package openapi

import (
	"fmt"
	"strings"
	"testing"
)

// BenchmarkRead reads a large document: 10,000 operations in 1.9 MB.
func BenchmarkRead(b *testing.B) {
	var t strings.Builder
	t.WriteString(`{"openapi": "3.0.3", "info": {"title": "bench", "version": "1"}, "paths": {`)
	for i := range 10_000 {
		if i > 0 {
			t.WriteByte(',')
		}
		fmt.Fprintf(&t, "\n"+`"/o%d/{id}": {"get": {"operationId": "o%d", "parameters": [{"name": "id", "in": "path", "required": true, "schema": {"type": "string"}}], "responses": {"200": {"description": "ok"}}}}`, i, i)
	}
	t.WriteString("}}\n")
	data := []byte(t.String())
	b.SetBytes(int64(len(data)))
	b.ReportAllocs()
	for b.Loop() {
		if _, err := Read(data); err != nil {
			b.Fatal(err)
		}
	}
}

package syntax

import (
	"os"
	"path/filepath"
	"testing"
)

// BenchmarkParse reads a block of 50 lines, as long ones in policies are.
func BenchmarkParse(b *testing.B) {
	text, err := os.ReadFile(filepath.Join("testdata", "bench", "block.txt"))
	if err != nil {
		b.Fatal(err)
	}
	source := string(text[:len(text)-1])
	b.SetBytes(int64(len(source)))
	b.ReportAllocs()
	for b.Loop() {
		if _, errs := Parse(source); errs != nil {
			b.Fatal(errs[0])
		}
	}
}

// BenchmarkParseExpression reads an expression of the usual length.
func BenchmarkParseExpression(b *testing.B) {
	const source = `@(context.Request.Headers.GetValueOrDefault("Authorization", "").Split(' ').Last().AsJwt()?.Subject == "a")`
	b.SetBytes(int64(len(source)))
	b.ReportAllocs()
	for b.Loop() {
		if _, errs := Parse(source); errs != nil {
			b.Fatal(errs[0])
		}
	}
}

package jwtvalidate

import (
	"testing"

	"github.com/go-jose/go-jose/v4"
)

func BenchmarkDecrypt(b *testing.B) {
	token := seal(b, jose.DIRECT, jose.A128CBC_HS256, secret(32), "", `{"aud":"api"}`)
	keys := []DecryptionKey{decryptionKey(b, secret(32), "")}
	b.ReportAllocs()
	for b.Loop() {
		if _, _, fault := decrypt(token, keys); fault != nil {
			b.Fatal(fault)
		}
	}
}

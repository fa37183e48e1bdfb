package policy

import "testing"

func BenchmarkRead(b *testing.B) {
	documents := corpus(b)
	bytes := int64(0)
	for _, text := range documents {
		bytes += int64(len(text))
	}
	b.SetBytes(bytes)
	b.ReportAllocs()
	for b.Loop() {
		for name, text := range documents {
			_, _ = Read(name, text) // unreadable ones too
		}
	}
	b.ReportMetric(float64(b.Elapsed().Microseconds())/float64(b.N*len(documents)), "µs/document")
}

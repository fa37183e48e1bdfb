package credential

import (
	"context"
	"net/http"
	"testing"

	"github.com/apimulator/apimulator/policy/exchange"
)

func TestHitDoesNotAllocate(t *testing.T) {
	l := newLab(t)
	s := l.source(Config{})
	value := token(t, s, openAI, "")
	ctx := context.Background()
	if n := testing.AllocsPerRun(100, func() { s.Token(ctx, openAI, "") }); n != 0 {
		t.Errorf("a hit allocates %v times; want 0", n)
	}
	if n := testing.AllocsPerRun(100, func() { s.Issued(value) }); n != 0 {
		t.Errorf("Issued allocates %v times; want 0", n)
	}
}

func benchmarkSource(b *testing.B) *Source {
	s, err := New(Config{Transport: http.DefaultTransport})
	if err != nil {
		b.Fatal(err)
	}
	b.Cleanup(s.Close)
	s.fetch = func(context.Context, identity) (grant, error) {
		return grant{"token", exchange.System.Now().Add(longLife), Emulated}, nil
	}
	return s
}

func BenchmarkHit(b *testing.B) {
	s, ctx := benchmarkSource(b), context.Background()
	b.ReportAllocs()
	for b.Loop() {
		if _, err := s.Token(ctx, openAI, ""); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkHitParallel(b *testing.B) {
	s, ctx := benchmarkSource(b), context.Background()
	b.RunParallel(func(p *testing.PB) {
		for p.Next() {
			if _, err := s.Token(ctx, openAI, ""); err != nil {
				b.Error(err)
			}
		}
	})
}

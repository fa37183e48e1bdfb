package emulator

import (
	"bytes"
	"testing"
)

// noTraces has no request recorded.
const noTraces = -1

// The benchmarks count what the whole process allocates: client, gateway and
// backend. The backend's row, where the client asks it without a gateway, is what to
// subtract.

func BenchmarkBackend(b *testing.B) {
	g := newRig(b, noTraces)
	g.run(b, g.backend, g.tokens(b, 1))
}

func BenchmarkBareProxy(b *testing.B) {
	g := newRig(b, noTraces)
	g.run(b, g.bare, g.tokens(b, 1))
}

func BenchmarkFlowOneToken(b *testing.B) {
	g := newRig(b, noTraces)
	g.run(b, g.gateway, g.tokens(b, 1))
}

// BenchmarkFlowRecorded is the flow with a record of each request.
func BenchmarkFlowRecorded(b *testing.B) {
	g := newRig(b, 0)
	g.run(b, g.gateway, g.tokens(b, 1))
}

// BenchmarkFlowRefused is a token whose signature does not verify, again and again.
func BenchmarkFlowRefused(b *testing.B) {
	g := newRig(b, noTraces)
	token := g.tokens(b, 1)[0]
	c, request := dial(b, g.gateway), g.request("/", token[:len(token)-10]+"AAAAAAAAAA")
	b.ReportAllocs()
	for b.Loop() {
		if _, err := c.ask(request, "401"); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkFlowThousandTokens(b *testing.B) {
	g := newRig(b, noTraces)
	g.run(b, g.gateway, g.tokens(b, 1000))
}

// BenchmarkEventStream is the cost of one event through the gateway.
func BenchmarkEventStream(b *testing.B) {
	g := newRig(b, noTraces)
	c := dial(b, g.gateway)
	if _, err := c.conn.Write(g.request("/events?n=1000000000", g.tokens(b, 1)[0])); err != nil {
		b.Fatal(err)
	}
	if _, err := c.head(); err != nil {
		b.Fatal(err)
	}
	b.ReportAllocs()
	for b.Loop() {
		for {
			line, err := c.r.ReadSlice('\n')
			if err != nil {
				b.Fatal(err)
			}
			if bytes.HasPrefix(line, []byte("data: ")) {
				break
			}
		}
	}
}

func (g *rig) run(b *testing.B, address string, tokens []string) {
	requests := make([][]byte, len(tokens))
	for i, token := range tokens {
		requests[i] = g.request("/", token)
	}
	c := dial(b, address)
	for _, r := range requests { // connections opened, tokens verified
		if err := c.do(r); err != nil {
			b.Fatal(err)
		}
	}
	b.ReportAllocs()
	i := 0
	for b.Loop() {
		if err := c.do(requests[i%len(requests)]); err != nil {
			b.Fatal(err)
		}
		i++
	}
}

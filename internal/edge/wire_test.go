package edge_test

import (
	"context"
	"errors"
	"net"
	"net/http"
	"testing"

	"github.com/apimulator/apimulator/internal/edge"
	"github.com/apimulator/apimulator/internal/edge/judge"
	"github.com/apimulator/apimulator/policy/exchange"
)

// TestWire holds server and upstream against testdata/wire.
func TestWire(t *testing.T) {
	rows, err := judge.Rows("testdata/wire")
	if err != nil {
		t.Fatal(err)
	}
	judge.Run(t, rows, startEdge, nil)
}

// startEdge is a server and an upstream, and between them what a gateway without
// policies does.
func startEdge(t testing.TB, backend *net.TCPAddr) judge.Edge {
	upstream := edge.NewUpstream(edge.UpstreamConfig{Dial: dialDirect})
	send := forward(upstream, backend)
	s, err := edge.NewServer(edge.ServerConfig{PlainAddress: "127.0.0.1:0", MaxBodyBytes: 16 << 20, Handler: func(x *exchange.Exchange) {
		send(x)
		var tooLarge *exchange.BodyTooLargeError
		if errors.As(context.Cause(x.Context), &tooLarge) {
			respondWith(http.StatusRequestEntityTooLarge, exchange.Header{}, exchange.Body{})(x)
		}
	}})
	if err != nil {
		t.Fatal(err)
	}
	served := make(chan error, 1)
	go func() { served <- s.Serve() }()
	return judge.Edge{Addr: s.PlainAddr(), Close: func() {
		s.Close()
		if err := <-served; err != nil {
			t.Error(err)
		}
		upstream.Close()
	}}
}

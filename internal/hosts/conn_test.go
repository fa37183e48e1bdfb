package hosts

import (
	"fmt"
	"io"
	"net"
	"runtime"
	"sync/atomic"
	"testing"
	"time"

	"github.com/apimulator/apimulator/policy/exchange"
)

// connPair gives both ends of a TCP connection over loopback.
func connPair() (client, server net.Conn) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		panic(err)
	}
	defer l.Close()
	if client, err = net.Dial("tcp", l.Addr().String()); err != nil {
		panic(err)
	}
	if server, err = l.Accept(); err != nil {
		panic(err)
	}
	return client, server
}

// eventually waits for what another goroutine or the kernel brings about.
func eventually(t *testing.T, what string, holds func() bool) {
	t.Helper()
	for deadline := exchange.System.Now().Add(10 * time.Second); !holds(); runtime.Gosched() {
		if exchange.System.Now().After(deadline) {
			stacks := make([]byte, 1<<16)
			stacks = stacks[:runtime.Stack(stacks, true)]
			t.Fatalf("in 10 seconds it did not happen that %s\n%s", what, stacks)
		}
	}
}

// expectNoLeak checks when the test ends that no goroutine is left of it. It
// comes before what the test opens and closes by Cleanup.
func expectNoLeak(t *testing.T) {
	t.Helper()
	before := runtime.NumGoroutine()
	t.Cleanup(func() {
		eventually(t, fmt.Sprintf("there are %d goroutines again", before), func() bool { return runtime.NumGoroutine() <= before })
	})
}

// A closeRecorder is a body that knows whether it was closed.
type closeRecorder struct {
	io.Reader
	closed atomic.Bool
}

func (c *closeRecorder) Close() error {
	c.closed.Store(true)
	return nil
}

func (c *closeRecorder) isClosed() bool { return c.closed.Load() }

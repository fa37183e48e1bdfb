package emulator

import (
	"net"
	"strings"
	"testing"

	"github.com/apimulator/apimulator/internal/edge/judge"
)

// wireDeviations are the rows that don't hold of the whole.
var wireDeviations = map[string]string{
	"body-declared-one-over":              noBound,
	"body-declared-one-over-and-expected": noBound,
	"chunks-one-over":                     noBound,
	"length-of-32-bits-overflown-to-0":    noBound,
}

const noBound = "the emulator bounds bodies only where a policy reads them"

// TestWire holds the whole emulator against the table of raw conversations, as
// internal/edge holds its server and upstream.
func TestWire(t *testing.T) {
	rows, err := judge.Rows("../edge/testdata/wire")
	if err != nil {
		t.Fatal(err)
	}
	service := func(backend string) files {
		f := open(backend, "")
		f["policy.xml"] = strings.ReplaceAll(f["policy.xml"], "<backend><base /></backend>", `<backend><forward-request buffer-response="false" /></backend>`)
		return f
	}
	state := t.TempDir() // keys are made once
	start := func(t testing.TB, backend *net.TCPAddr) judge.Edge {
		l, err := startLab(t, service("http://"+backend.String()), withPlain, withState(state), func(c *Config) { c.Finished = nil })
		if err != nil {
			t.Fatal(err)
		}
		return judge.Edge{Addr: plainAddress(t, l), Adds: []string{"x-forwarded-for"}, Close: l.close}
	}
	judge.Run(t, rows, start, wireDeviations)
}

func plainAddress(t testing.TB, l *lab) net.Addr {
	t.Helper()
	a, err := net.ResolveTCPAddr("tcp", strings.TrimPrefix(l.GatewayPlain(), "http://"))
	if err != nil {
		t.Fatal(err)
	}
	return a
}

package emulator

import (
	"bufio"
	"bytes"
	"context"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"net/http/httputil"
	"net/url"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/apimulator/apimulator/internal/entra"
	"github.com/apimulator/apimulator/policy/exchange"
)

// rig is a gateway and a bare httputil.ReverseProxy side by side before one
// backend, all over plain HTTP in this process: what the benchmarks and
// others use.
type rig struct {
	emulator *Emulator
	gateway  string // host:port
	bare     string // host:port
	backend  string // host:port
}

// rigPolicy is the full work of the seed's flow: key, token, identity, forward.
const rigPolicy = `<policies>
    <inbound>
        <base />
        <validate-jwt header-name="Authorization" failed-validation-httpcode="401">
            <openid-config url="https://login.microsoftonline.com/contoso.onmicrosoft.com/.well-known/openid-configuration" />
            <audiences><audience>22222222-2222-4222-8222-222222222222</audience></audiences>
            <issuers><issuer>https://sts.windows.net/11111111-1111-4111-8111-111111111111/</issuer></issuers>
        </validate-jwt>
        <authentication-managed-identity resource="https://cognitiveservices.azure.com" />
    </inbound>
    <backend><forward-request buffer-response="false" /></backend>
</policies>`

var answer = bytes.Repeat([]byte("x"), 1024)

func newRig(t testing.TB, traceRate int) *rig {
	t.Helper()
	backend := httptest.NewServer(http.HandlerFunc(serveRig))
	t.Cleanup(backend.Close)
	target, err := url.Parse(backend.URL)
	if err != nil {
		t.Fatal(err)
	}
	proxy := &httputil.ReverseProxy{Rewrite: func(r *httputil.ProxyRequest) { r.SetURL(target) }, FlushInterval: -1, Transport: &http.Transport{MaxIdleConnsPerHost: 256}}
	bare := httptest.NewServer(proxy)
	t.Cleanup(bare.Close)

	dir := t.TempDir()
	write := func(name, text string) {
		if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	write("policy.xml", rigPolicy)
	write("apim.yaml", "apis:\n  - {name: rig, path: \"\", backend: \""+backend.URL+"\", policy: policy.xml}\nsubscriptions:\n  - name: rig\n")
	e, err := Start(Config{Service: filepath.Join(dir, "apim.yaml"), HTTP: anyPort, TraceRate: traceRate})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { closeEmulator(t, e) })
	return &rig{backend: target.Host, emulator: e, gateway: strings.TrimPrefix(e.GatewayPlain(), "http://"), bare: strings.TrimPrefix(bare.URL, "http://")}
}

func closeEmulator(t testing.TB, e *Emulator) {
	ctx, cancel := context.WithTimeout(context.Background(), 10*time.Second)
	defer cancel()
	if err := e.Close(ctx); err != nil {
		t.Errorf("closing the emulator: %v", err)
	}
}

// serveRig answers 1 kB, or, under /events, a stream of events that carry the
// time of their sending.
func serveRig(w http.ResponseWriter, r *http.Request) {
	if r.URL.Path != "/events" {
		w.Header().Set("Content-Type", "application/octet-stream")
		w.Header().Set("Content-Length", strconv.Itoa(len(answer)))
		_, _ = w.Write(answer)
		return
	}
	n, _ := strconv.Atoi(r.URL.Query().Get("n"))
	w.Header().Set("Content-Type", "text/event-stream")
	flusher := http.NewResponseController(w)
	for range n {
		fmt.Fprintf(w, "data: %d\n\n", exchange.System.Now().UnixNano())
		_ = flusher.Flush()
		select {
		case <-r.Context().Done():
			return
		case <-time.After(2 * time.Millisecond): // the pace is what is measured
		}
	}
}

func (g *rig) tokens(t testing.TB, n int) []string {
	t.Helper()
	tokens := make([]string, n)
	for i := range tokens {
		var err error
		tokens[i], err = g.emulator.MintToken(entra.MintRequest{User: "alice@contoso.onmicrosoft.com", Audience: g.emulator.ClientID(), Claims: map[string]any{"n": i}})
		if err != nil {
			t.Fatal(err)
		}
	}
	return tokens
}

// request is a request's bytes: prepared, so that the load generator costs
// little.
func (g *rig) request(path, token string) []byte {
	return fmt.Appendf(nil, "GET %s HTTP/1.1\r\nHost: rig\r\nAuthorization: Bearer %s\r\nOcp-Apim-Subscription-Key: %s\r\n\r\n", path, token, g.emulator.Key("rig"))
}

// connection is one client connection that sends prepared requests.
type connection struct {
	conn net.Conn
	r    *bufio.Reader
	body []byte
}

func dial(t testing.TB, address string) *connection {
	t.Helper()
	conn, err := net.Dial("tcp", address)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { conn.Close() })
	return &connection{conn: conn, r: bufio.NewReader(conn), body: make([]byte, len(answer))}
}

// do sends one request and reads its answer, which has to be the full 200.
func (c *connection) do(request []byte) error {
	length, err := c.ask(request, "200")
	if err == nil && length != len(answer) {
		err = fmt.Errorf("the answer has %d bytes, not %d", length, len(answer))
	}
	return err
}

// ask sends one request, reads its answer, which has to be of that status, and gives the
// length of its body.
func (c *connection) ask(request []byte, status string) (length int, err error) {
	if _, err := c.conn.Write(request); err != nil {
		return 0, err
	}
	if length, err = c.headOf(status); err != nil {
		return 0, err
	}
	if length > len(c.body) {
		return 0, fmt.Errorf("the answer has %d bytes", length)
	}
	_, err = io.ReadFull(c.r, c.body[:length])
	return length, err
}

// head reads the head of a 200.
func (c *connection) head() (length int, err error) { return c.headOf("200") }

// headOf reads a response's head and gives its Content-Length, -1 if it has none.
func (c *connection) headOf(status string) (int, error) {
	length := -1
	for first := true; ; first = false {
		line, err := c.r.ReadSlice('\n')
		if err != nil {
			return 0, err
		}
		switch {
		case first && !bytes.HasPrefix(line, []byte("HTTP/1.1 "+status+" ")):
			return 0, fmt.Errorf("the answer is %q", line)
		case len(line) <= 2:
			return length, nil
		case bytes.HasPrefix(line, []byte("Content-Length: ")):
			length, err = strconv.Atoi(string(bytes.TrimSpace(line[len("Content-Length: "):])))
			if err != nil {
				return 0, err
			}
		}
	}
}

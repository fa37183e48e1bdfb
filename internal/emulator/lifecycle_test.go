package emulator

import (
	"bufio"
	"context"
	"crypto/tls"
	"fmt"
	"io"
	"net"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/apimulator/apimulator/internal/entra"
	"github.com/apimulator/apimulator/policy/exchange"
)

// held is a backend that keeps its requests until it is told to go on.
type held struct {
	url     string
	arrived chan struct{} // a request is there
	release chan struct{} // closed: go on
	gone    chan error    // why a request's context ended while it was kept
}

func newHeld(t *testing.T) *held {
	h := &held{arrived: make(chan struct{}, 1), release: make(chan struct{}), gone: make(chan error, 1)}
	h.url = backend(t, func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path != "/held" {
			return
		}
		h.arrived <- struct{}{}
		select {
		case <-h.release:
			fmt.Fprint(w, "finished")
		case <-r.Context().Done():
			h.gone <- context.Cause(r.Context())
		}
	}).URL
	return h
}

// ended is a channel that tells when the gateway begins to close: it is then that
// an idle connection ends.
func (l *lab) ended() <-chan error {
	l.t.Helper()
	c := dial(l.t, strings.TrimPrefix(l.GatewayPlain(), "http://"))
	if _, err := c.conn.Write([]byte("GET / HTTP/1.1\r\nHost: idle\r\n\r\n")); err != nil {
		l.t.Fatal(err)
	}
	response, err := http.ReadResponse(c.r, nil)
	if err != nil {
		l.t.Fatal(err)
	}
	if _, err := io.Copy(io.Discard, response.Body); err != nil {
		l.t.Fatal(err)
	}
	ended := make(chan error, 1)
	go func() {
		_, err := c.r.ReadByte()
		ended <- err
	}()
	return ended
}

// closing closes the emulator in the background.
func (l *lab) closing(ctx context.Context) <-chan error {
	closed := make(chan error, 1)
	go func() { closed <- l.Close(ctx) }()
	return closed
}

// TestCloseDrains: a request under way is finished, a new one not taken.
func TestCloseDrains(t *testing.T) {
	slow := newHeld(t)
	l := newLab(t, open(slow.url, ""), withPlain)
	ended := l.ended()
	l.record()
	answer := later(t, l.client, request(t, http.MethodGet, l.Gateway()+"/held", ""))
	await(t, slow.arrived, "the request at the backend")

	closed := l.closing(t.Context())
	if err := await(t, ended, "the gateway's closing"); err != io.EOF {
		t.Errorf("an idle connection ended with %v; want EOF", err)
	}
	for _, address := range []string{l.Gateway(), l.GatewayPlain()} {
		_, hostport, _ := strings.Cut(address, "://")
		if conn, err := net.Dial("tcp", hostport); err == nil {
			conn.Close()
			t.Errorf("%s still takes connections", address)
		}
	}
	close(slow.release)
	if got := await(t, answer, "the answer"); got.status != http.StatusOK || got.body != "finished" {
		t.Errorf("the request under way got %d %q; want 200 and its answer", got.status, got.body)
	}
	if err := await(t, closed, "the end of closing"); err != nil {
		t.Errorf("closing: %v", err)
	}
	if got := l.record(); got.Status != http.StatusOK || got.Cut != "" {
		t.Errorf("recorded is %d, cut %q; want 200, whole", got.Status, got.Cut)
	}
}

// noticing is a clock that tells when a timer is set that runs for a minute, give
// or take a second.
type noticing struct {
	exchange.Clock
	set chan struct{}
}

func (c noticing) AfterFunc(d time.Duration, f func()) func() bool {
	if (d - time.Minute).Abs() < time.Second {
		select {
		case c.set <- struct{}{}:
		default: // it is known
		}
	}
	return c.Clock.AfterFunc(d, f)
}

// TestCloseWithParties: what a request under way still needs of the emulated
// parties is there until it is finished.
func TestCloseWithParties(t *testing.T) {
	clock := noticing{exchange.System, make(chan struct{}, 1)}
	l := newLab(t, nil, withPlain, func(c *Config) { c.Clock = exchange.NewMovableClock(clock) })
	ended := l.ended()
	// The discovery document comes late; then the gateway has to ask for the keys,
	// for its identity's token, and Azure OpenAI, which asks for the keys too.
	if err := l.parties.Entra.SetFaults(entra.Faults{Discovery: entra.Fault{DelayMs: 60_000, Times: 1}}); err != nil {
		t.Fatal(err)
	}
	answer := later(t, l.client, request(t, http.MethodPost, l.ChatEndpoint(), chatBody, "Content-Type", "application/json",
		"Authorization", "Bearer "+l.userToken(), "Ocp-Apim-Subscription-Key", l.Key("")))
	await(t, clock.set, "the request for the discovery document")
	closed := l.closing(t.Context())
	await(t, ended, "the gateway's closing")
	l.Clock().Advance(time.Minute)
	if got := await(t, answer, "the answer"); got.status != http.StatusOK || !strings.Contains(got.body, prompt) {
		t.Errorf("the request under way got %d %s; want an answer to the prompt", got.status, got.body)
	}
	if err := await(t, closed, "the end of closing"); err != nil {
		t.Errorf("closing: %v", err)
	}
}

// TestCloseBreaksOff: when the time for that is over, what is not finished is
// broken off, at the client and at the backend.
func TestCloseBreaksOff(t *testing.T) {
	slow := newHeld(t)
	l, err := startLab(t, open(slow.url, ""), withPlain)
	if err != nil {
		t.Fatal(err)
	}
	ended := l.ended()
	failed := make(chan error, 1)
	r := request(t, http.MethodGet, l.Gateway()+"/held", "")
	go func() {
		_, err := ask(l.client, r)
		failed <- err
	}()
	await(t, slow.arrived, "the request at the backend")
	ctx, end := context.WithCancel(t.Context())
	closed := l.closing(ctx)
	await(t, ended, "the gateway's closing")
	end()
	if err := await(t, closed, "the end of closing"); err == nil || err.Error() != "requests under way were broken off: context canceled" {
		t.Errorf("closing: %v; want it to say that requests were broken off", err)
	}
	if await(t, failed, "the client") == nil {
		t.Error("the client got an answer")
	}
	await(t, slow.gone, "the backend")
}

// TestClientGone: when a client leaves, its call of the backend is given up and
// the record says so.
func TestClientGone(t *testing.T) {
	slow := newHeld(t)
	l := newLab(t, open(slow.url, ""), withPlain)
	c := dial(t, strings.TrimPrefix(l.GatewayPlain(), "http://"))
	if _, err := c.conn.Write([]byte("GET /held HTTP/1.1\r\nHost: gone\r\n\r\n")); err != nil {
		t.Fatal(err)
	}
	await(t, slow.arrived, "the request at the backend")
	c.conn.Close()
	await(t, slow.gone, "the end of the backend's request")
	got := l.record()
	if got.Cut != "the client went away" || got.LastError == nil || got.LastError.Reason != "ClientConnectionFailure" {
		t.Errorf("recorded is cut %q, %+v; want that the client went away", got.Cut, got.LastError)
	}
}

// TestSplitPort: the parties' port speaks HTTP and TLS, and copes with what is
// neither.
func TestSplitPort(t *testing.T) {
	l := newLab(t, nil)
	plain := strings.Replace(l.Parties(), "https://", "http://", 1)
	got := do(t, l.client, request(t, http.MethodGet, plain+"/msi/token?api-version=2019-08-01&resource=https%3A%2F%2Fvault.azure.net", "", "X-IDENTITY-HEADER", l.IdentityHeader()))
	if got.status != http.StatusOK || !strings.Contains(got.body, `"access_token"`) {
		t.Errorf("managed identity by http: got %d %s; want a token", got.status, got.body)
	}
	got = do(t, l.client, request(t, http.MethodGet, l.Authority()+"/v2.0/.well-known/openid-configuration", ""))
	if got.status != http.StatusOK || !strings.Contains(got.body, `"issuer"`) {
		t.Errorf("Entra ID by https: got %d %s; want its discovery document", got.status, got.body)
	}
	for _, test := range []struct{ sent, want string }{
		{"\x00\x01\x02\x03\r\n\r\n", "HTTP/1.1 400 Bad Request\r\n"},
		{"\x16\x03\x01\x00\x05hello", "\x15\x03\x01\x00\x02\x02"}, // a TLS alert, fatal
	} {
		c := dial(t, strings.TrimPrefix(plain, "http://"))
		if _, err := c.conn.Write([]byte(test.sent)); err != nil {
			t.Fatal(err)
		}
		answer, err := io.ReadAll(c.r)
		if err != nil || !strings.HasPrefix(string(answer), test.want) {
			t.Errorf("%q is answered with %q, %v; want %q", test.sent, answer, err, test.want)
		}
	}
}

// TestSilentClients: who connects and says nothing is not waited for, neither for
// long nor at the end.
func TestSilentClients(t *testing.T) {
	t.Cleanup(func() { wallClock = exchange.System.Now })
	for name, now := range map[string]func() time.Time{
		"at the end": exchange.System.Now,
		"after the time for a first byte": func() time.Time {
			return exchange.System.Now().Add(-helloTimeout)
		},
	} {
		wallClock = now
		l := newLab(t, nil)
		conn, err := net.Dial("tcp", strings.TrimPrefix(l.Parties(), "https://"))
		if err != nil {
			t.Fatal(err)
		}
		ended := make(chan error, 1)
		go func() {
			_, err := bufio.NewReader(conn).ReadByte()
			ended <- err
		}()
		if name == "at the end" {
			l.close()
		}
		if err := await(t, ended, "the end of the silent connection "+name); err != io.EOF {
			t.Errorf("%s the silent connection ended with %v; want EOF", name, err)
		}
		conn.Close()
		l.close()
	}
}

// TestEveryListener: any TLS listener serves every mapped name by its Host.
func TestEveryListener(t *testing.T) {
	l := newLab(t, nil)
	for _, listener := range []string{l.Gateway(), l.Parties()} {
		address := strings.TrimPrefix(listener, "https://")
		transport := &http.Transport{
			TLSClientConfig: &tls.Config{RootCAs: l.authority.Pool()},
			DialContext: func(ctx context.Context, network, _ string) (net.Conn, error) {
				return (&net.Dialer{}).DialContext(ctx, network, address)
			},
		}
		client := &http.Client{Transport: transport}
		for _, test := range []struct {
			url, want string
			status    int
		}{
			{"https://login.microsoftonline.com/contoso.onmicrosoft.com/.well-known/openid-configuration", `"issuer":"https://sts.windows.net/`, http.StatusOK},
			{"https://sts.windows.net/common/discovery/keys", `"keys":[`, http.StatusOK},
			{"https://contoso.openai.azure.com/openai/deployments/gpt-4o/chat/completions?api-version=2024-10-21", "Access token is missing", http.StatusUnauthorized},
			{"https://contoso.azure-api.net/deployments/gpt-4o/chat/completions", "missing subscription key", http.StatusUnauthorized},
			{"https://169.254.169.254/metadata/identity/oauth2/token", "Required metadata header not specified", http.StatusBadRequest},
		} {
			method := http.MethodGet
			if strings.Contains(test.url, "/chat/") {
				method = http.MethodPost
			}
			if got := do(t, client, request(t, method, test.url, "")); got.status != test.status || !strings.Contains(got.body, test.want) {
				t.Errorf("%s on %s: got %d %s; want %d with %s", test.url, listener, got.status, got.body, test.status, test.want)
			}
		}
		transport.CloseIdleConnections()
	}
}

// TestPlainListener: the gateway without TLS, beside it.
func TestPlainListener(t *testing.T) {
	l := newLab(t, files{"apim.yaml": sayingService, "policy.xml": says("hello")}, withPlain)
	for _, address := range []string{l.GatewayPlain(), l.Gateway()} {
		got := do(t, l.client, request(t, http.MethodGet, address+"/path", ""))
		if record := l.record(); got.body != "hello" || record.URL != address+"/path" {
			t.Errorf("%s: got %d %q, recorded %s", address, got.status, got.body, record.URL)
		}
	}
}

// TestEventsOneByOne: an event is with the client before the backend sends the
// next one.
func TestEventsOneByOne(t *testing.T) {
	read := make(chan struct{})
	events := backend(t, func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Type", "text/event-stream")
		for i := range 5 {
			fmt.Fprintf(w, "data: %d\n\n", i)
			_ = http.NewResponseController(w).Flush()
			select {
			case <-read:
			case <-r.Context().Done():
				return
			}
		}
	})
	l := newLab(t, open(events.URL, ""))
	http2 := &http.Transport{TLSClientConfig: &tls.Config{RootCAs: l.authority.Pool()}, ForceAttemptHTTP2: true}
	defer http2.CloseIdleConnections()
	for want, client := range map[string]*http.Client{"HTTP/1.1": l.client, "HTTP/2.0": {Transport: http2}} {
		response, err := client.Do(request(t, http.MethodGet, l.Gateway(), ""))
		if err != nil {
			t.Fatal(err)
		}
		if response.Proto != want {
			t.Errorf("the answer came by %s; want %s", response.Proto, want)
		}
		lines := bufio.NewReader(response.Body)
		for i := range 5 {
			line, err := lines.ReadString('\n')
			if err == nil {
				_, err = lines.ReadString('\n') // the blank one
			}
			if err != nil || line != fmt.Sprintf("data: %d\n", i) {
				t.Fatalf("%s, event %d: got %q, %v", want, i, line, err)
			}
			read <- struct{}{}
		}
		if rest, err := io.ReadAll(lines); err != nil || len(rest) > 0 {
			t.Errorf("%s: the stream ends with %q, %v", want, rest, err)
		}
		response.Body.Close()
	}
}

// TestBackendClosesIdle: a backend that closes its idle connections is no error of
// the next request.
func TestBackendClosesIdle(t *testing.T) {
	b := backend(t, func(w http.ResponseWriter, r *http.Request) {
		body, _ := io.ReadAll(r.Body)
		_, _ = w.Write(body)
	})
	l := newLab(t, open(b.URL, ""))
	for i := range 40 {
		method := []string{http.MethodGet, http.MethodPost}[i%2]
		body := strings.Repeat("x", i%2*1000)
		if got := do(t, l.client, request(t, method, l.Gateway(), body)); got.status != http.StatusOK || got.body != body {
			t.Fatalf("%s %d after the backend closed its connections: got %d with %d bytes of %d (%+v)", method, i, got.status, len(got.body), len(body), l.Recorder().Last().LastError)
		}
		b.CloseClientConnections()
	}
}

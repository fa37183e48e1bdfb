package hosts

import (
	"bufio"
	"context"
	"crypto/tls"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"

	"github.com/apimulator/apimulator/policy/exchange"
)

// startProxy serves p for the length of the test and gives its address.
func startProxy(t *testing.T, p *Proxy) string {
	t.Helper()
	l := listen(t)
	ctx, cancel := context.WithCancel(context.Background())
	done := make(chan error, 1)
	go func() { done <- p.Serve(ctx, l) }()
	t.Cleanup(func() {
		cancel()
		if err := <-done; err != nil {
			t.Errorf("Serve: got %v, want nil after its context ended", err)
		}
	})
	return l.Addr().String()
}

// open sends the beginning of a request to the proxy.
func open(t *testing.T, proxy, request string) (*net.TCPConn, *bufio.Reader) {
	t.Helper()
	conn, err := net.Dial("tcp", proxy)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { conn.Close() })
	if _, err := io.WriteString(conn, request); err != nil {
		t.Fatal(err)
	}
	return conn.(*net.TCPConn), bufio.NewReader(conn)
}

// answer reads the head of an answer, and its body unless it opens a tunnel.
func answer(t *testing.T, r *bufio.Reader) (status int, body string) {
	t.Helper()
	response, err := http.ReadResponse(r, &http.Request{Method: http.MethodConnect})
	if err != nil {
		t.Fatal(err)
	}
	if response.StatusCode == http.StatusOK {
		return response.StatusCode, ""
	}
	b, err := io.ReadAll(response.Body)
	if err != nil {
		t.Fatal(err)
	}
	return response.StatusCode, string(b)
}

const openTunnel = "CONNECT login.microsoftonline.com:443 HTTP/1.1\r\nHost: login.microsoftonline.com:443\r\n\r\n"

// tunnelTo is a proxy whose login.microsoftonline.com is that address.
func tunnelTo(t *testing.T, address string) *Proxy {
	t.Helper()
	return NewProxy(bind(t, Default(), Entra, Endpoint{TLS: address}))
}

func TestProxyForUnchangedPrograms(t *testing.T) {
	expectNoLeak(t)
	m := Default()
	a := newAuthority(t, "", m.Patterns(), exchange.System)
	m = bind(t, m, Entra, Endpoint{TLS: serve(t, "entra", a)})
	m = bind(t, m, Gateway, Endpoint{TLS: serve(t, "gateway", a)})
	identity := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		fmt.Fprintf(w, "identity as %s: %s, Metadata %s, X-Forwarded-For %q", r.Host, r.RequestURI, r.Header.Get("Metadata"), r.Header.Values("X-Forwarded-For"))
	}))
	t.Cleanup(identity.Close)
	m = bind(t, m, ManagedIdentity, Endpoint{Plain: identity.Listener.Addr().String()})

	proxy := &url.URL{Scheme: "http", Host: startProxy(t, NewProxy(m))}
	client := &http.Client{Transport: &http.Transport{
		Proxy:             http.ProxyURL(proxy),
		TLSClientConfig:   &tls.Config{RootCAs: a.Pool()},
		ForceAttemptHTTP2: true,
	}}
	t.Cleanup(client.CloseIdleConnections)
	for _, test := range []struct{ url, want string }{
		{"https://login.microsoftonline.com/common/discovery/instance", "entra as login.microsoftonline.com"},
		{"https://contoso.azure-api.net/echo", "gateway as contoso.azure-api.net"},
		{"http://169.254.169.254/metadata/identity/oauth2/token?api-version=2018-02-01&resource=https%3A%2F%2Fx;y",
			`identity as 169.254.169.254: /metadata/identity/oauth2/token?api-version=2018-02-01&resource=https%3A%2F%2Fx;y, Metadata true, X-Forwarded-For []`},
	} {
		r, err := http.NewRequestWithContext(t.Context(), http.MethodGet, test.url, nil)
		if err != nil {
			t.Fatal(err)
		}
		r.Header.Set("Metadata", "true")
		response, err := client.Do(r)
		if err != nil {
			t.Errorf("GET %s: %v", test.url, err)
			continue
		}
		got, err := io.ReadAll(response.Body)
		response.Body.Close()
		if err != nil || string(got) != test.want {
			t.Errorf("GET %s\ngot  %q, %v\nwant %q", test.url, got, err, test.want)
		}
	}

	_, reader := open(t, proxy.Host, "GET http://user@169.254.169.254/x HTTP/1.1\r\nHost: evil.test\r\nX-Forwarded-For: 10.9.9.9\r\nConnection: close\r\n\r\n")
	got, err := io.ReadAll(reader)
	if want := `identity as 169.254.169.254: /x, Metadata , X-Forwarded-For ["10.9.9.9"]`; err != nil || !strings.HasSuffix(string(got), want) {
		t.Errorf("forwarded headers:\ngot  %q, %v\nwant %q at the end", got, err, want)
	}
}

func TestProxyRefusals(t *testing.T) {
	expectNoLeak(t)
	trap := listen(t) // whatever is dialed wrongly
	go func() {
		for {
			conn, err := trap.Accept()
			if err != nil {
				return
			}
			conn.Close()
			t.Errorf("a refused request was connected all the same")
		}
	}()
	address := trap.Addr().String()
	m := Default()
	for _, party := range []Party{Entra, Gateway, ManagedIdentity} {
		m = bind(t, m, party, Endpoint{TLS: address, Plain: address})
	}
	m = bind(t, m, ManagedIdentity, Endpoint{Plain: address})
	m = bind(t, m, AzureOpenAI, Endpoint{TLS: closed(t)})
	m = bind(t, m, "identity-down", Endpoint{Plain: closed(t)})
	m = addAddress(t, m, "public.contoso.com", "20.1.2.3:443")
	m = remove(t, m, "real.openai.azure.com")
	proxy := startProxy(t, NewProxy(m))
	down := startProxy(t, NewProxy(add(t, m, metadataAddress, "identity-down")))

	onlyTheEmulator := "is not a mapped host, and this proxy leads to the emulator only"
	tests := []struct {
		proxy, request string
		status         int
		want           string
	}{
		{proxy, "CONNECT api.openai.com:443", 403, `"api.openai.com" ` + onlyTheEmulator},
		{proxy, "CONNECT real.openai.azure.com:443", 403, `"real.openai.azure.com" ` + onlyTheEmulator},
		{proxy, "CONNECT " + address, 403, `"127.0.0.1" ` + onlyTheEmulator},
		{proxy, "CONNECT localhost:443", 403, `"localhost" ` + onlyTheEmulator},
		{proxy, "CONNECT public.contoso.com:443", 403, `"public.contoso.com" is mapped to an address that is real`},
		{proxy, "CONNECT login.microsoftonline.com:22", 403, `"login.microsoftonline.com" is connected to on port 443 only, not on "22"`},
		{proxy, "CONNECT login.microsoftonline.com:80", 403, "on port 443 only"},
		{proxy, "CONNECT login.microsoftonline.com:0443", 403, "on port 443 only"},
		{proxy, "CONNECT login.microsoftonline.com", 403, `"login.microsoftonline.com" is not host:port`},
		{proxy, "CONNECT graph.microsoft.com:443", 501, `"graph.microsoft.com": graph.microsoft.com is mapped to the emulated party "graph", which is not running here`},
		{proxy, "CONNECT 169.254.169.254:443", 501, `"managedidentity", which serves http only`},
		{proxy, "CONNECT a.openai.azure.com:443", 502, `"a.openai.azure.com:443": the emulated party does not answer`},
		{proxy, "CONNECT /login.microsoftonline.com:443", 403, `"" is not host:port`},
		{proxy, "GET http://api.openai.com/v1", 403, `"api.openai.com" ` + onlyTheEmulator},
		{proxy, "GET http://login.microsoftonline.com/common", 403, `http:// is for 169.254.169.254 on port 80 only; use https`},
		{proxy, "GET http://169.254.169.254:8080/", 403, `"169.254.169.254:8080": http:// is for 169.254.169.254 on port 80 only`},
		{proxy, "GET http://169.254.169.254@api.openai.com/", 403, `"api.openai.com" ` + onlyTheEmulator},
		{proxy, "GET http://" + address + "/", 403, `"127.0.0.1" ` + onlyTheEmulator},
		{proxy, "GET https://login.microsoftonline.com/common", 403, `it does not take "https" URLs`},
		{proxy, "GET ftp://169.254.169.254/", 403, `it does not take "ftp" URLs`},
		{proxy, "GET /", 403, "this is a proxy, not a site"},
		{proxy, "OPTIONS *", 403, "this is a proxy, not a site"},
		{down, "GET http://169.254.169.254/metadata", 502, `"169.254.169.254": the emulated party does not answer`},
	}
	for _, test := range tests {
		conn, reader := open(t, test.proxy, test.request+" HTTP/1.1\r\nHost: login.microsoftonline.com\r\nConnection: close\r\n\r\n")
		status, body := answer(t, reader)
		conn.Close()
		if status != test.status || !strings.Contains(body, test.want) || strings.Count(body, "\n") != 1 {
			t.Errorf("%s\ngot  %d %q\nwant %d and one line containing %q", test.request, status, body, test.status, test.want)
		}
	}

	_, reader := open(t, proxy, "GET / HTTP/1.1\r\nHost: x\r\nLong: "+strings.Repeat("x", 2*ProxyMaxHeaderBytes)+"\r\n\r\n")
	if status, _ := answer(t, reader); status != http.StatusRequestHeaderFieldsTooLarge {
		t.Errorf("a head of %d bytes: got %d, want %d", 2*ProxyMaxHeaderBytes, status, http.StatusRequestHeaderFieldsTooLarge)
	}
}

func TestTunnelPassesBothWaysAndHalfCloses(t *testing.T) {
	expectNoLeak(t)
	party := listen(t)
	proxy := startProxy(t, tunnelTo(t, party.Addr().String()))

	// The first bytes come together with the request, before any answer.
	conn, reader := open(t, proxy, openTunnel+"hel")
	server, err := party.Accept()
	if err != nil {
		t.Fatal(err)
	}
	defer server.Close()
	if status, body := answer(t, reader); status != http.StatusOK {
		t.Fatalf("CONNECT: got %d %s", status, body)
	}
	if _, err := io.WriteString(conn, "lo"); err != nil {
		t.Fatal(err)
	}
	if err := conn.CloseWrite(); err != nil {
		t.Fatal(err)
	}
	if got, err := io.ReadAll(server); err != nil || string(got) != "hello" {
		t.Fatalf("the party got %q, %v; want %q and the end", got, err, "hello")
	}
	// The party answers only now that the client's side has ended.
	if _, err := io.WriteString(server, "and good-bye"); err != nil {
		t.Fatal(err)
	}
	server.Close()
	if got, err := io.ReadAll(reader); err != nil || string(got) != "and good-bye" {
		t.Errorf("the client got %q, %v; want %q and the end", got, err, "and good-bye")
	}
}

// tunnel opens a tunnel and gives its two ends.
func tunnel(t *testing.T, p *Proxy) (client, party net.Conn) {
	t.Helper()
	l := listen(t)
	p.hosts = bind(t, p.hosts, Entra, Endpoint{TLS: l.Addr().String()})
	client, reader := open(t, startProxy(t, p), openTunnel)
	party, err := l.Accept()
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { party.Close() })
	if status, body := answer(t, reader); status != http.StatusOK {
		t.Fatalf("CONNECT: got %d %s", status, body)
	}
	return client, party
}

func TestTunnelBreaks(t *testing.T) {
	expectNoLeak(t)
	client, party := tunnel(t, NewProxy(Default()))
	if err := client.(*net.TCPConn).SetLinger(0); err != nil {
		t.Fatal(err)
	}
	client.Close() // with a reset
	if _, err := io.ReadAll(party); err != nil {
		t.Errorf("the party after the client's reset: got %v, want the end", err)
	}
}

func TestTunnelIdle(t *testing.T) {
	expectNoLeak(t)
	p := NewProxy(Default())
	// By this clock all of a tunnel's deadlines have passed.
	p.clock = exchange.NewVirtualClock(start.Add(-TunnelIdleTimeout))
	l := listen(t)
	p.hosts = bind(t, p.hosts, Entra, Endpoint{TLS: l.Addr().String()})
	_, reader := open(t, startProxy(t, p), openTunnel)
	party, err := l.Accept()
	if err != nil {
		t.Fatal(err)
	}
	defer party.Close()
	if _, err := io.ReadAll(party); err != nil {
		t.Errorf("the party of an idle tunnel: got %v, want the end", err)
	}
	if _, err := io.ReadAll(reader); err != nil {
		t.Errorf("the client of an idle tunnel: got %v, want the end", err)
	}
}

func TestProxyEndsItsTunnels(t *testing.T) {
	expectNoLeak(t)
	var client, party net.Conn
	t.Run("serving", func(t *testing.T) { client, party = detached(t) })
	for name, conn := range map[string]net.Conn{"client": client, "party": party} {
		if _, err := conn.Read(make([]byte, 1)); err == nil {
			t.Errorf("the %s's connection is open after Serve returned", name)
		}
		conn.Close()
	}
}

// detached opens a tunnel whose ends outlive the proxy, which ends with t.
func detached(t *testing.T) (client, party net.Conn) {
	l := listen(t)
	client, err := net.Dial("tcp", startProxy(t, tunnelTo(t, l.Addr().String())))
	if err != nil {
		t.Fatal(err)
	}
	if _, err := io.WriteString(client, openTunnel); err != nil {
		t.Fatal(err)
	}
	if party, err = l.Accept(); err != nil {
		t.Fatal(err)
	}
	if status, _ := answer(t, bufio.NewReader(client)); status != http.StatusOK {
		t.Fatalf("CONNECT: got %d", status)
	}
	return client, party
}

func TestProxyStaysClosed(t *testing.T) {
	p := NewProxy(Default())
	l := listen(t)
	l.Close()
	if err := p.Serve(t.Context(), l); err == nil || !strings.Contains(err.Error(), "forward proxy: ") {
		t.Errorf("Serve on a closed listener: got %v, want its error", err)
	}
	w := httptest.NewRecorder()
	p.ServeHTTP(w, httptest.NewRequest(http.MethodGet, "http://169.254.169.254/", nil))
	if w.Code != http.StatusServiceUnavailable {
		t.Errorf("a request after Serve returned: got %d, want %d", w.Code, http.StatusServiceUnavailable)
	}
}

func TestProxyBoundsRequests(t *testing.T) {
	p := tunnelTo(t, closed(t))
	for range ProxyMaxConnections - 1 {
		p.places <- struct{}{}
	}
	for i, want := range []int{http.StatusBadGateway, http.StatusServiceUnavailable} {
		w := httptest.NewRecorder()
		r := httptest.NewRequest(http.MethodConnect, "http://login.microsoftonline.com:443", nil)
		r.URL = &url.URL{Host: "login.microsoftonline.com:443"}
		p.ServeHTTP(w, r)
		if w.Code != want {
			t.Errorf("request with %d under way: got %d %s, want %d", len(p.places), w.Code, w.Body, want)
		}
		if i == 0 {
			p.places <- struct{}{}
		}
	}
}

func TestProxyBoundsConnections(t *testing.T) {
	state := closeAbove(2)
	conns := make([]*recordedConn, 5)
	for i := range conns {
		conns[i] = new(recordedConn)
	}
	state(conns[0], http.StateNew)
	state(conns[1], http.StateNew)
	state(conns[2], http.StateNew) // one too many
	state(conns[2], http.StateClosed)
	state(conns[0], http.StateActive)
	state(conns[0], http.StateHijacked) // its place is free
	state(conns[3], http.StateNew)
	state(conns[4], http.StateNew) // one too many
	for i, want := range []bool{false, false, true, false, true} {
		if conns[i].closed != want {
			t.Errorf("connection %d: closed %v, want %v", i, conns[i].closed, want)
		}
	}
}

type recordedConn struct {
	net.Conn
	closed bool
}

func (c *recordedConn) Close() error {
	c.closed = true
	return nil
}

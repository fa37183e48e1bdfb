package hosts

import (
	"context"
	"crypto/tls"
	"errors"
	"io"
	"log"
	"net"
	"net/http"
	"net/http/httptest"
	"net/netip"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/apimulator/apimulator/policy/exchange"
)

// listen opens a TCP listener on loopback for the length of the test.
func listen(t *testing.T) net.Listener {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { l.Close() })
	return l
}

// silent takes connections and says nothing; each sends on heard when it has
// got its first byte.
func silent(t *testing.T) (address string, heard <-chan struct{}) {
	t.Helper()
	l, first := listen(t), make(chan struct{}, 10)
	go func() {
		for {
			conn, err := l.Accept()
			if err != nil {
				return
			}
			go func() {
				defer conn.Close()
				if n, _ := conn.Read(make([]byte, 1)); n == 1 {
					first <- struct{}{}
				}
				io.Copy(io.Discard, conn)
			}()
		}
	}()
	return l.Addr().String(), first
}

// closed is an address where nothing listens.
func closed(t *testing.T) string {
	t.Helper()
	l := listen(t)
	l.Close()
	return l.Addr().String()
}

// serve gives the address of a server whose answer is its name; with an
// authority it speaks TLS.
func serve(t *testing.T, name string, a *Authority) string {
	t.Helper()
	server := httptest.NewUnstartedServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		io.WriteString(w, name+" as "+r.Host)
	}))
	server.Config.ErrorLog = log.New(io.Discard, "", 0) // of handshakes that are to fail
	if a == nil {
		server.Start()
	} else {
		server.TLS = a.TLSConfig()
		server.StartTLS()
	}
	t.Cleanup(server.Close)
	return server.Listener.Addr().String()
}

func splitPort(t *testing.T, address string) (host string, port int) {
	t.Helper()
	a, err := netip.ParseAddrPort(address)
	if err != nil {
		t.Fatal(err)
	}
	return a.Addr().String(), int(a.Port())
}

// ask sends a request over a connection and gives the body of the answer.
func ask(t *testing.T, conn net.Conn, host string) string {
	t.Helper()
	client := http.Client{Transport: &http.Transport{
		DialContext:       func(context.Context, string, string) (net.Conn, error) { return conn, nil },
		DisableKeepAlives: true,
	}}
	return get(t, &client, "http://"+host+"/")
}

func get(t *testing.T, client *http.Client, url string) string {
	t.Helper()
	r, err := client.Get(url)
	if err != nil {
		t.Fatalf("GET %s: %v", url, err)
	}
	defer r.Body.Close()
	body, err := io.ReadAll(r.Body)
	if err != nil {
		t.Fatalf("GET %s: %v", url, err)
	}
	return string(body)
}

func TestDialMappedHosts(t *testing.T) {
	expectNoLeak(t)
	clock := exchange.NewVirtualClock(start)
	m := Default()
	a := newAuthority(t, "", append(m.Patterns(), "api.contoso.com"), clock)
	m = bind(t, m, Entra, Endpoint{TLS: serve(t, "entra", a)})
	m = bind(t, m, Gateway, Endpoint{TLS: serve(t, "gateway", a), Plain: serve(t, "plain gateway", nil)})
	m = bind(t, m, ManagedIdentity, Endpoint{Plain: serve(t, "identity", nil)})
	m = addAddress(t, m, "api.contoso.com", serve(t, "contoso", a))
	n := NewNetwork(NetworkConfig{Map: m, Authority: a})
	n.declared().Time = clock.Now
	tests := []struct {
		scheme, host string
		port         int
		want         string
	}{
		{"https", "login.microsoftonline.com", 443, "entra as login.microsoftonline.com"},
		{"https", "LOGIN.microsoftonline.com.", 8443, "entra as LOGIN.microsoftonline.com."},
		{"https", "contoso.azure-api.net", 443, "gateway as contoso.azure-api.net"},
		{"http", "contoso.azure-api.net", 80, "plain gateway as contoso.azure-api.net"},
		{"http", "169.254.169.254", 80, "identity as 169.254.169.254"},
		{"https", "api.contoso.com", 443, "contoso as api.contoso.com"},
	}
	for _, test := range tests {
		for range 2 { // the second handshake may resume the session
			conn, err := n.Dial(t.Context(), test.scheme, test.host, test.port)
			if err != nil {
				t.Errorf("Dial(%s, %s, %d): %v", test.scheme, test.host, test.port, err)
				break
			}
			if secure, ok := conn.(*tls.Conn); ok != (test.scheme == "https") || ok && secure.ConnectionState().NegotiatedProtocol == "h2" {
				t.Errorf("Dial(%s, %s, %d) gives a %T", test.scheme, test.host, test.port, conn)
			}
			if got := ask(t, conn, test.host); got != test.want {
				t.Errorf("%s://%s:%d\ngot  %q\nwant %q", test.scheme, test.host, test.port, got, test.want)
			}
		}
	}
}

func TestDialThisMachine(t *testing.T) {
	address := serve(t, "backend", nil)
	_, port := splitPort(t, address)
	n := NewNetwork(NetworkConfig{})
	for _, host := range []string{"127.0.0.1", "localhost", "LOCALHOST.", "app.localhost", "::ffff:127.0.0.1"} {
		conn, err := n.Dial(t.Context(), "http", host, port)
		if err != nil {
			t.Errorf("Dial(http, %s, %d): %v", host, port, err)
			continue
		}
		if got, want := ask(t, conn, "localhost"), "backend as localhost"; got != want {
			t.Errorf("http://%s:%d\ngot  %q\nwant %q", host, port, got, want)
		}
	}

	l, err := net.Listen("tcp", "[::1]:0")
	if err != nil {
		t.Skip("no IPv6 here: ", err)
	}
	defer l.Close()
	_, port = splitPort(t, l.Addr().String())
	conn, err := n.Dial(t.Context(), "http", "localhost", port)
	if err != nil {
		t.Fatalf("a server that listens on ::1 alone is not found at localhost: %v", err)
	}
	conn.Close()
}

func TestDialErrors(t *testing.T) {
	clock := exchange.NewVirtualClock(start)
	m := Default()
	ours := newAuthority(t, "", m.Patterns(), clock)
	other := newAuthority(t, "", m.Patterns(), clock)
	expired := newAuthority(t, "", m.Patterns(), exchange.NewVirtualClock(start.Add(-2*AuthorityLifetime)))
	m = bind(t, m, Gateway, Endpoint{TLS: serve(t, "gateway", ours)})
	m = bind(t, m, Entra, Endpoint{TLS: serve(t, "another's", other)})
	m = bind(t, m, AzureOpenAI, Endpoint{TLS: closed(t)})
	m = bind(t, m, ManagedIdentity, Endpoint{Plain: serve(t, "identity", nil)})
	m = bind(t, m, "expired", Endpoint{TLS: serve(t, "expired", expired)})
	m = add(t, m, "expired.azure-api.net", "expired")
	plain := serve(t, "plain", nil)
	m = bind(t, m, "plain", Endpoint{TLS: plain})
	m = add(t, m, "plain.azure-api.net", "plain")
	m = addAddress(t, m, "public.contoso.com", "20.1.2.3:443")
	m = remove(t, m, "real.openai.azure.com")

	// A server with a certificate that the system doesn't trust.
	_, untrusted := splitPort(t, serve(t, "untrusted", other))
	_, refusing := splitPort(t, closed(t))

	tests := []struct {
		scheme, host string
		port         int
		kind         DialErrorKind
		want         string
	}{
		{"https", "graph.microsoft.com", 443, NotServed, `cannot connect to graph.microsoft.com:443: graph.microsoft.com is mapped to the emulated party "graph", which is not running here`},
		{"http", "contoso.azure-api.net", 80, NotServed, `"gateway", which serves https only`},
		{"https", "169.254.169.254", 443, NotServed, `"managedidentity", which serves http only`},
		{"https", "login.microsoftonline.com", 443, TLSUntrusted, "cannot connect to login.microsoftonline.com:443: its certificate is not trusted: "},
		{"https", "a.regional.azure-api.net", 443, TLSUntrusted, "a.regional.azure-api.net"},
		{"https", "expired.azure-api.net", 443, TLSUntrusted, "expired"},
		{"https", "127.0.0.1", untrusted, TLSUntrusted, "unknown authority"},
		{"https", "plain.azure-api.net", 443, TLS, "the TLS handshake failed: "},
		{"https", "a.openai.azure.com", 443, Refused, "cannot connect to a.openai.azure.com:443: the connection was refused: "},
		{"http", "localhost", refusing, Refused, "127.0.0.1"},
		{"https", "real.openai.azure.com", 443, NotAllowed, "real.openai.azure.com is a real host and only the emulator may be reached; start with --real-backend"},
		{"https", "api.openai.com", 443, NotAllowed, "--real-backend"},
		{"https", "public.contoso.com", 443, NotAllowed, "public.contoso.com is a real host"},
		{"http", "2852039166", 80, NotResolved, "ends in a number"},
		{"https", "ｌogin.windows.net", 443, NotResolved, "is not ASCII"},
		{"https", "", 443, NotResolved, "is empty"},
		{"https", "localhost", 0, Other, "a port is 1 to 65535"},
		{"https", "localhost", 65536, Other, "a port is 1 to 65535"},
		{"ftp", "localhost", 21, Other, `the scheme is "ftp"`},
	}
	n := NewNetwork(NetworkConfig{Map: m, Authority: ours})
	for _, test := range tests {
		conn, err := n.Dial(t.Context(), test.scheme, test.host, test.port)
		if err == nil {
			conn.Close()
		}
		checkDialError(t, err, test.host, test.port, test.kind, test.want)
	}

	n = NewNetwork(NetworkConfig{Map: bind(t, m, Entra, Endpoint{TLS: serve(t, "entra", ours)})})
	_, err := n.Dial(t.Context(), "https", "login.microsoftonline.com", 443)
	checkDialError(t, err, "login.microsoftonline.com", 443, TLSUntrusted, "unknown authority")
}

func checkDialError(t *testing.T, err error, host string, port int, kind DialErrorKind, text string) {
	t.Helper()
	var failed *DialError
	if !errors.As(err, &failed) || failed.Host != host || failed.Port != port || failed.Kind != kind ||
		failed.Unwrap() == nil || !strings.Contains(err.Error(), text) {
		t.Errorf("Dial(%s, %d)\ngot  %#v\n     %v\nwant kind %d and a text containing %q", host, port, err, err, kind, text)
	}
}

func TestDialNotResolved(t *testing.T) {
	defer func(before *net.Resolver) { net.DefaultResolver = before }(net.DefaultResolver)
	net.DefaultResolver = &net.Resolver{PreferGo: true, Dial: func(context.Context, string, string) (net.Conn, error) {
		return nil, errors.New("there is no resolver in this test")
	}}
	n := NewNetwork(NetworkConfig{AllowReal: true})
	_, err := n.Dial(t.Context(), "https", "api.nowhere.invalid", 443)
	checkDialError(t, err, "api.nowhere.invalid", 443, NotResolved, "its name could not be resolved: ")
}

func TestDialInterrupted(t *testing.T) {
	expectNoLeak(t)
	address, heard := silent(t)
	host, port := splitPort(t, address)
	gone := errors.New("the client is gone")

	tests := []struct {
		name string
		// end ends the context, or advances the network's clock.
		end  func(cancel context.CancelCauseFunc, clock *exchange.VirtualClock)
		kind DialErrorKind
		is   error
	}{
		{"the caller's deadline", func(cancel context.CancelCauseFunc, _ *exchange.VirtualClock) { cancel(context.DeadlineExceeded) }, Timeout, context.DeadlineExceeded},
		{"the handshake's timeout", func(_ context.CancelCauseFunc, clock *exchange.VirtualClock) { clock.Advance(HandshakeTimeout) }, Timeout, context.DeadlineExceeded},
		{"the caller's cancel", func(cancel context.CancelCauseFunc, _ *exchange.VirtualClock) { cancel(nil) }, Other, context.Canceled},
		{"the caller's cause", func(cancel context.CancelCauseFunc, _ *exchange.VirtualClock) { cancel(gone) }, Other, gone},
	}
	for _, test := range tests {
		t.Run(test.name+" in the handshake", func(t *testing.T) {
			clock := exchange.NewVirtualClock(start)
			n := NewNetwork(NetworkConfig{})
			n.clock = clock
			ctx, cancel := context.WithCancelCause(t.Context())
			defer cancel(nil)
			go func() {
				<-heard
				test.end(cancel, clock)
			}()
			_, err := n.Dial(ctx, "https", host, port)
			checkDialError(t, err, host, port, test.kind, "")
			if !errors.Is(err, test.is) {
				t.Errorf("got %v, want an error that is %v", err, test.is)
			}
		})
	}
	t.Run("before the connection", func(t *testing.T) {
		clock := exchange.NewVirtualClock(start)
		ctx, cancel := exchange.WithTimeout(t.Context(), clock, time.Second)
		defer cancel()
		clock.Advance(time.Second)
		<-ctx.Done()
		_, err := NewNetwork(NetworkConfig{}).Dial(ctx, "http", host, port)
		checkDialError(t, err, host, port, Timeout, "there was no answer in time")
	})
}

func TestGuard(t *testing.T) {
	address := serve(t, "backend", nil)
	_, port := splitPort(t, address)
	var asked []string
	n := NewNetwork(NetworkConfig{AllowReal: true, Guard: func(host string, _ int) error {
		asked = append(asked, host)
		if host == "localhost" {
			return nil
		}
		return errors.New("not one of the test's stubs")
	}})
	conn, err := n.Dial(t.Context(), "http", "LOCALHOST", port)
	if err != nil {
		t.Fatal(err)
	}
	conn.Close()
	_, err = n.Dial(t.Context(), "https", "api.openai.com", 443)
	checkDialError(t, err, "api.openai.com", 443, NotAllowed, "cannot connect to api.openai.com:443: not one of the test's stubs")
	if want := []string{"localhost", "api.openai.com"}; !slices.Equal(asked, want) {
		t.Errorf("the guard was asked for %q, want %q", asked, want)
	}
}

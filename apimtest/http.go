package apimtest

import (
	"bytes"
	"context"
	"crypto/tls"
	"crypto/x509"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"strconv"
	"sync"
	"time"

	"github.com/apimulator/apimulator/internal/edge"
	"github.com/apimulator/apimulator/internal/hosts"
	"github.com/apimulator/apimulator/policy/exchange"
)

// listener is the gateway's TLS side. It is opened when it is asked for.
type listener struct {
	once   sync.Once
	server *edge.Server
	client *http.Client
	served chan struct{}
}

// URL is the gateway's address, https://localhost:PORT without a slash at the end: a free
// port on loopback that is opened with the first call. Clients have to trust the
// certificate, as [Gateway.Client] does.
func (g *Gateway) URL() string {
	g.t.Helper()
	_, port, _ := net.SplitHostPort(g.listening().server.Addr().String())
	return "https://localhost:" + port
}

// Client trusts the certificate at [Gateway.URL] and connects nowhere else: also
// https://NAME.azure-api.net is the gateway to it, and login.microsoftonline.com the
// emulated Entra ID. It follows redirects, as http.Client does. Its Transport is an
// *http.Transport.
func (g *Gateway) Client() *http.Client {
	g.t.Helper()
	return g.listening().client
}

func (g *Gateway) listening() *listener {
	g.t.Helper()
	l := &g.listener
	var err error
	l.once.Do(func() { err = l.open(g) })
	if err != nil || l.server == nil {
		g.t.Fatalf("apimtest: the gateway can't listen on loopback, or the test is over (%v)", err)
	}
	return l
}

func (l *listener) open(g *Gateway) error {
	// Programs beside the gateway go by the real time, whatever the test's clock says.
	authority, err := hosts.LoadOrCreate("", g.subject.Hosts().Patterns(), exchange.System)
	if err != nil {
		return err
	}
	config := g.edge()
	config.Address, config.TLS = "127.0.0.1:0", authority.TLSConfig()
	config.ClientCertificates = g.subject.AsksForCertificates
	server, err := edge.NewServer(config)
	if err != nil {
		return err
	}
	address := server.Addr().String()
	l.client = &http.Client{Transport: &http.Transport{
		TLSClientConfig: &tls.Config{RootCAs: authority.Pool(), MinVersion: tls.VersionTLS12, Certificates: g.certificates},
		DialContext: func(ctx context.Context, _, _ string) (net.Conn, error) {
			return new(net.Dialer).DialContext(ctx, "tcp", address)
		},
		ForceAttemptHTTP2: true,
	}}
	l.server, l.served = server, make(chan struct{})
	go func() {
		defer close(l.served)
		if err := server.Serve(); err != nil {
			g.fail("apimtest: the listener broke down: %v", err)
		}
	}()
	return nil
}

// closing is how long requests under way may take to end when the test is over.
const closing = time.Second

func (l *listener) close() {
	l.once.Do(func() {}) // it opens no more
	if l.server == nil {
		return
	}
	l.client.CloseIdleConnections()
	ctx, cancel := exchange.WithTimeout(context.Background(), exchange.System, closing)
	defer cancel()
	if l.server.Shutdown(ctx) != nil {
		l.server.Close()
	}
	<-l.served
}

// Transport takes requests to the gateway, or the emulated party whose host they name,
// without a socket. The host is the gateway's whatever else it is; a response comes when it
// is complete.
func (g *Gateway) Transport() http.RoundTripper { return inProcess{g.inside, g.shown} }

type inProcess struct {
	handler http.Handler
	shown   func() []*x509.Certificate
}

// RoundTrip is part of http.RoundTripper.
func (p inProcess) RoundTrip(r *http.Request) (*http.Response, error) {
	in, err := arrived(r)
	if err != nil {
		return nil, err
	}
	if in.TLS != nil {
		in.TLS.PeerCertificates = p.shown()
	}
	out := httptest.NewRecorder()
	whole := serve(p.handler, out, in)
	if err := r.Context().Err(); err != nil {
		return nil, err
	}
	response := out.Result()
	response.Request = r
	header := make(http.Header)
	for name, values := range response.Header {
		for _, v := range values { // spelled as a policy or backend did
			header.Add(name, v)
		}
	}
	response.Header = header
	if !whole {
		response.Body = io.NopCloser(io.MultiReader(response.Body, broken{}))
	}
	return response, nil
}

// arrived is a client's request as a server sees it.
func arrived(r *http.Request) (*http.Request, error) {
	if err := r.Context().Err(); err != nil {
		if r.Body != nil {
			r.Body.Close()
		}
		return nil, err
	}
	in := r.Clone(r.Context())
	in.URL.Scheme, in.URL.Host, in.URL.User = "", "", nil
	in.RequestURI, in.RemoteAddr = r.URL.RequestURI(), "127.0.0.1:1"
	in.Proto, in.ProtoMajor, in.ProtoMinor = "HTTP/1.1", 1, 1
	if in.Host = r.Host; in.Host == "" {
		in.Host = r.URL.Host
	}
	if in.Header == nil {
		in.Header = make(http.Header)
	}
	in.Header.Del("Host")
	if r.URL.Scheme == "https" {
		in.TLS = &tls.ConnectionState{}
	}
	in.Body, in.ContentLength = http.NoBody, 0
	if r.Body == nil || r.Body == http.NoBody {
		return in, nil
	}
	data, err := io.ReadAll(r.Body)
	r.Body.Close()
	if err != nil || len(data) == 0 {
		return in, err
	}
	in.Body, in.ContentLength = io.NopCloser(bytes.NewReader(data)), -1
	if r.ContentLength > 0 {
		in.ContentLength = int64(len(data))
		in.Header.Set("Content-Length", strconv.Itoa(len(data)))
	}
	return in, nil
}

// serve calls a handler and reports whether the response is whole.
func serve(h http.Handler, w http.ResponseWriter, r *http.Request) (whole bool) {
	defer func() {
		if v := recover(); v != nil && v != http.ErrAbortHandler {
			panic(v)
		}
	}()
	h.ServeHTTP(w, r)
	return true
}

// broken is where a response was cut.
type broken struct{}

func (broken) Read([]byte) (int, error) { return 0, io.ErrUnexpectedEOF }

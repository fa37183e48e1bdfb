package hosts

import (
	"context"
	"fmt"
	"net"
	"net/http"
	"net/http/httputil"
	"sync"
	"sync/atomic"
	"time"

	"github.com/apimulator/apimulator/policy/exchange"
)

const (
	// ProxyMaxConnections bounds the proxy's requests and tunnels under way, and
	// apart from those its connections that wait for a request.
	ProxyMaxConnections = 256
	// ProxyMaxHeaderBytes bounds a request's head.
	ProxyMaxHeaderBytes = 16 << 10
	// ProxyHeaderTimeout bounds the time a request's head takes to arrive.
	ProxyHeaderTimeout = 10 * time.Second
	// ProxyIdleTimeout ends a connection that waits for a request.
	ProxyIdleTimeout = time.Minute
	// TunnelIdleTimeout ends a tunnel that carries no byte either way; it is
	// longer than a gateway waits for a backend that thinks.
	TunnelIdleTimeout = 10 * time.Minute
)

// A Proxy is an HTTP forward proxy that leads to the emulator and nowhere else.
// It takes CONNECT to port 443 of a mapped host, whose TLS it passes on
// untouched, and http:// requests to 169.254.169.254, the managed identity
// endpoint's address (identity.md 2.1). It dials the addresses of its map only,
// and of those none that is real; all else is refused with a line that says why.
type Proxy struct {
	hosts   Map
	clock   exchange.Clock // for tunnels' deadlines
	places  chan struct{}  // taken by each request under way
	closing sync.Once
}

var _ http.Handler = (*Proxy)(nil)

// NewProxy gives a proxy for the hosts of that map.
func NewProxy(m Map) *Proxy {
	return &Proxy{
		hosts:  m,
		clock:  exchange.System,
		places: make(chan struct{}, ProxyMaxConnections),
	}
}

// Serve answers on a listener until the context ends, which is no error, or the
// listener fails. On return the listener, all connections and all tunnels are
// closed, and the proxy takes no more requests.
func (p *Proxy) Serve(ctx context.Context, listener net.Listener) error {
	ctx, cancel := context.WithCancel(ctx)
	server := &http.Server{
		Handler:                      p,
		DisableGeneralOptionsHandler: true, // OPTIONS * is refused like the rest
		MaxHeaderBytes:               ProxyMaxHeaderBytes,
		ReadHeaderTimeout:            ProxyHeaderTimeout,
		IdleTimeout:                  ProxyIdleTimeout,
		ConnState:                    closeAbove(ProxyMaxConnections),
		BaseContext:                  func(net.Listener) context.Context { return ctx },
	}
	stop := context.AfterFunc(ctx, func() { server.Close() })
	err := server.Serve(listener)
	asked := !stop()
	server.Close()
	cancel() // tunnels end by it: the server no longer knows their connections
	p.close()
	if asked {
		return nil
	}
	return fmt.Errorf("forward proxy: %w", err)
}

// close waits for the requests under way by taking all their places, and keeps
// those.
func (p *Proxy) close() {
	p.closing.Do(func() {
		for range cap(p.places) {
			p.places <- struct{}{}
		}
	})
}

// closeAbove closes new connections while there are more than limit of them.
func closeAbove(limit int64) func(net.Conn, http.ConnState) {
	var open atomic.Int64
	return func(conn net.Conn, state http.ConnState) {
		switch state {
		case http.StateNew:
			if open.Add(1) > limit {
				conn.Close()
			}
		case http.StateClosed, http.StateHijacked:
			open.Add(-1)
		}
	}
}

// ServeHTTP implements [http.Handler].
func (p *Proxy) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	select {
	case p.places <- struct{}{}:
		defer func() { <-p.places }()
	default:
		refuse(w, http.StatusServiceUnavailable, "there are too many requests under way, or it is closing")
		return
	}
	switch {
	case r.Method == http.MethodConnect:
		p.connect(w, r)
	case r.URL.Scheme == "http" && r.URL.Host != "":
		p.forward(w, r)
	case r.URL.IsAbs():
		refuse(w, http.StatusForbidden, fmt.Sprintf("it does not take %q URLs; a mapped https host is reached by CONNECT", r.URL.Scheme))
	default:
		refuse(w, http.StatusForbidden, "this is a proxy, not a site; set it as HTTPS_PROXY or HTTP_PROXY")
	}
}

func refuse(w http.ResponseWriter, status int, why string) {
	http.Error(w, "apimulator's proxy: "+why, status)
}

// connect serves CONNECT host:port.
func (p *Proxy) connect(w http.ResponseWriter, r *http.Request) {
	host, port, err := net.SplitHostPort(r.URL.Host)
	if err != nil {
		refuse(w, http.StatusForbidden, fmt.Sprintf("%q is not host:port", r.URL.Host))
		return
	}
	target, status, err := p.find(host)
	if err != nil {
		refuse(w, status, err.Error())
		return
	}
	if port != "443" {
		refuse(w, http.StatusForbidden, fmt.Sprintf("%q is connected to on port 443 only, not on %q", host, port))
		return
	}
	address, err := target.Address("https")
	if err != nil {
		refuse(w, http.StatusNotImplemented, fmt.Sprintf("%q: %v", host, err))
		return
	}
	p.tunnel(w, r, address)
}

// forward serves http:// requests.
func (p *Proxy) forward(w http.ResponseWriter, r *http.Request) {
	host, port := r.URL.Hostname(), portOf(r.URL)
	target, status, err := p.find(host)
	if err != nil {
		refuse(w, status, err.Error())
		return
	}
	if name, _ := parseHost(host); name != metadataAddress || port != 80 {
		refuse(w, http.StatusForbidden, fmt.Sprintf("%q: http:// is for %s on port 80 only; use https", r.URL.Host, metadataAddress))
		return
	}
	address, err := target.Address("http")
	if err != nil {
		refuse(w, http.StatusNotImplemented, fmt.Sprintf("%q: %v", host, err))
		return
	}
	passOn(address).ServeHTTP(w, r)
}

// find gives the target of a host that may be reached, or the status and reason
// of the refusal.
func (p *Proxy) find(host string) (Target, int, error) {
	target, mapped := p.hosts.Lookup(host)
	switch {
	case !mapped:
		return Target{}, http.StatusForbidden,
			fmt.Errorf("%q is not a mapped host, and this proxy leads to the emulator only", host)
	case p.hosts.IsReal(host):
		return Target{}, http.StatusForbidden,
			fmt.Errorf("%q is mapped to an address that is real, and this proxy leads to the emulator only", host)
	}
	return target, 0, nil
}

// passOn is the handler that sends a request to an address, whatever its URL.
func passOn(address string) http.Handler {
	return &httputil.ReverseProxy{
		FlushInterval: -1,
		Transport: &http.Transport{
			DialContext: func(ctx context.Context, _, _ string) (net.Conn, error) {
				return connect(ctx, onThisMachine(address))
			},
			DisableKeepAlives:  true, // an idle connection would outlive this transport's one request
			DisableCompression: true,
		},
		Rewrite:      restore,
		ErrorHandler: answerUnreachable,
	}
}

// restore undoes what ReverseProxy changes of a request: an endpoint behind a
// forward proxy gets what the client sent.
func restore(r *httputil.ProxyRequest) {
	r.Out.URL.User = nil
	r.Out.URL.RawQuery = r.In.URL.RawQuery
	for _, name := range []string{"Forwarded", "X-Forwarded-For", "X-Forwarded-Host", "X-Forwarded-Proto"} {
		if values, sent := r.In.Header[name]; sent {
			r.Out.Header[name] = values
		}
	}
}

func answerUnreachable(w http.ResponseWriter, r *http.Request, err error) {
	refuse(w, http.StatusBadGateway, fmt.Sprintf("%q: the emulated party does not answer: %v", r.URL.Host, err))
}

package hosts

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/http"
	"net/url"
	"strconv"
	"time"
)

const (
	idleConnections    = 100              // kept by a network's transport
	idleConnectionLife = 90 * time.Second // after which one is closed
)

// Transport is for HTTP client libraries: requests over [Network.Dial]. Real and
// private hosts go through the configured proxy, if there is one for them;
// mapped hosts and loopback never do. What applies to a host applies to it
// behind a proxy too. The error of a direct connection, and of a refused one, is a
// [*DialError] inside.
//
// It is the same at each call; http.Client.CloseIdleConnections works on it.
func (n *Network) Transport() http.RoundTripper { return n.transport }

type transport struct {
	network *Network
	proxy   func(*http.Request) (*url.URL, error)
	direct  *http.Transport
	proxied *http.Transport
}

func newTransport(n *Network, proxy func(*http.Request) (*url.URL, error)) *transport {
	return &transport{
		network: n,
		proxy:   proxy,
		direct: &http.Transport{
			DialContext:     n.dialFor("http"),
			DialTLSContext:  n.dialFor("https"),
			MaxIdleConns:    idleConnections,
			IdleConnTimeout: idleConnectionLife,
		},
		proxied: &http.Transport{
			Proxy:               proxy,
			DialContext:         (&net.Dialer{Timeout: DialTimeout}).DialContext,
			TLSClientConfig:     n.real.Clone(),
			TLSHandshakeTimeout: HandshakeTimeout,
			MaxIdleConns:        idleConnections,
			IdleConnTimeout:     idleConnectionLife,
		},
	}
}

// dialFor is Dial as http.Transport calls it.
func (n *Network) dialFor(scheme string) func(ctx context.Context, network, address string) (net.Conn, error) {
	return func(ctx context.Context, _, address string) (net.Conn, error) {
		host, port, err := net.SplitHostPort(address)
		if err != nil {
			return nil, err
		}
		number, err := strconv.Atoi(port)
		if err != nil {
			return nil, fmt.Errorf("port %q of %s is not a number", port, host)
		}
		return n.Dial(ctx, scheme, host, number)
	}
}

// RoundTrip implements [http.RoundTripper].
func (t *transport) RoundTrip(r *http.Request) (*http.Response, error) {
	through, err := t.choose(r)
	if err != nil {
		if r.Body != nil {
			r.Body.Close()
		}
		return nil, err
	}
	return through.RoundTrip(r)
}

// CloseIdleConnections is what http.Client looks for.
func (t *transport) CloseIdleConnections() {
	t.direct.CloseIdleConnections()
	t.proxied.CloseIdleConnections()
}

// choose decides how a request goes out. Dial checks the host of a direct one;
// behind a proxy Dial never sees it, so it is checked here.
func (t *transport) choose(r *http.Request) (*http.Transport, error) {
	if r.URL == nil {
		return nil, errors.New("the request has no URL")
	}
	host, port := r.URL.Hostname(), portOf(r.URL)
	name, err := parseHost(host)
	if err != nil {
		return nil, &DialError{host, port, NotResolved, fmt.Errorf("the host %w", err)}
	}
	if _, mapped := t.network.hosts.Lookup(name); mapped || isLoopback(name) {
		return t.direct, nil
	}
	proxy, err := t.proxy(r)
	if err != nil {
		return nil, &DialError{host, port, Other, fmt.Errorf("the proxy of the environment: %w", err)}
	}
	if proxy == nil {
		return t.direct, nil
	}
	if err := t.network.allow(name, port); err != nil {
		return nil, &DialError{host, port, NotAllowed, err}
	}
	if !t.network.allowReal && t.network.IsReal(proxy.Hostname()) {
		return nil, &DialError{host, port, NotAllowed, fmt.Errorf("it is behind the proxy %s, which is a real host; "+
			"put it into NO_PROXY, or start with --real-backend", proxy.Host)}
	}
	return t.proxied, nil
}

func portOf(u *url.URL) int {
	if port, err := strconv.Atoi(u.Port()); err == nil {
		return port
	}
	if u.Scheme == "https" {
		return 443
	}
	return 80
}

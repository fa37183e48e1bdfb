package hosts

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"net"
	"net/http"
	"net/http/httptrace"
	"net/url"
	"strconv"
	"sync"
	"time"

	"github.com/apimulator/apimulator/policy/exchange"
)

const (
	// DialTimeout bounds a connection's setup, the name's resolution included;
	// the self-hosted gateway gives up after as long (observed.md 4.2).
	DialTimeout = 20 * time.Second
	// HandshakeTimeout bounds the TLS handshake that follows.
	HandshakeTimeout = 10 * time.Second
	// sessionsKept bounds the TLS sessions remembered for each kind of host.
	sessionsKept = 256
)

// NetworkConfig says what a [Network] may reach.
type NetworkConfig struct {
	// Map says which hosts are not what they seem.
	Map Map
	// Authority is trusted for mapped hosts. Without one, none can be reached
	// over TLS.
	Authority *Authority
	// AllowReal opens real hosts (see [Map.IsReal]).
	AllowReal bool
	// Guard, if set, is asked before each connection, to whatever host; its
	// error refuses it and says why. The host is spelled in lower case.
	Guard func(host string, port int) error
	// Proxy chooses the proxy of a request by [Network.Transport]; nil means
	// the environment's (HTTP_PROXY, HTTPS_PROXY, NO_PROXY).
	Proxy func(*http.Request) (*url.URL, error)
}

// A Network makes the outgoing connections of the gateway and its helpers.
type Network struct {
	hosts     Map
	allowReal bool
	guard     func(host string, port int) error
	transport *transport
	clock     exchange.Clock // for the handshake's timeout

	party    *tls.Config        // for hosts that lead to a party: our authority alone
	declared func() *tls.Config // for this machine and for addresses of configuration: either
	real     *tls.Config        // for all others: the system's roots
}

// NewNetwork gives a network by that configuration.
func NewNetwork(c NetworkConfig) *Network {
	n := &Network{
		hosts:     c.Map,
		allowReal: c.AllowReal,
		guard:     c.Guard,
		clock:     exchange.System,
		party:     clientConfig(x509.NewCertPool()),
		real:      clientConfig(nil),
	}
	n.declared = func() *tls.Config { return n.real }
	if c.Authority != nil {
		n.party.RootCAs = c.Authority.Pool()
		n.party.Time = c.Authority.clock.Now
		// Reading the system's roots takes milliseconds that most runs can save.
		n.declared = sync.OnceValue(func() *tls.Config { return clientConfig(c.Authority.poolWithSystem()) })
	}
	proxy := c.Proxy
	if proxy == nil {
		proxy = http.ProxyFromEnvironment
	}
	n.transport = newTransport(n, proxy)
	return n
}

func clientConfig(roots *x509.CertPool) *tls.Config {
	return &tls.Config{
		RootCAs:            roots,
		NextProtos:         []string{"http/1.1"},
		MinVersion:         tls.VersionTLS12,
		ClientSessionCache: tls.NewLRUClientSessionCache(sessionsKept),
	}
}

// IsReal is [Map.IsReal] of the network's map.
func (n *Network) IsReal(host string) bool { return n.hosts.IsReal(host) }

// Dial connects to a host for a URL's scheme, "http" or "https"; for the latter
// the connection is a *tls.Conn that speaks HTTP/1.1. A mapped host is dialed
// where it is served. Its certificate is checked for the name asked for: by our
// authority alone if it leads to a party, by ours and the system's roots if it
// leads to an address of configuration or is this machine. Any other host is
// dialed itself, without a proxy, and checked by the system's roots; localhost
// and what is below it never leave this machine.
//
// The error is a [*DialError].
func (n *Network) Dial(ctx context.Context, scheme, host string, port int) (net.Conn, error) {
	return n.DialWith(ctx, scheme, host, port, DialOptions{})
}

// DialWith is Dial with options.
func (n *Network) DialWith(ctx context.Context, scheme, host string, port int, o DialOptions) (net.Conn, error) {
	fail := func(kind DialErrorKind, err error) (net.Conn, error) {
		return nil, &DialError{Host: host, Port: port, Kind: kind, Err: err}
	}
	r, kind, err := n.route(scheme, host, port)
	if err != nil {
		return fail(kind, err)
	}
	conn, err := connect(ctx, r.addresses)
	if err != nil {
		return fail(kindOf(err, Other), err)
	}
	if r.tls == nil {
		return conn, nil
	}
	o.apply(r.tls)
	secure := tls.Client(conn, r.tls)
	if err := n.handshake(ctx, secure); err != nil {
		conn.Close()
		return fail(kindOf(err, TLS), err)
	}
	return secure, nil
}

// A route is what a host and scheme come down to.
type route struct {
	addresses []string    // tried in turn
	tls       *tls.Config // nil for plain HTTP
}

func (n *Network) route(scheme, host string, port int) (route, DialErrorKind, error) {
	name, err := parseHost(host)
	switch {
	case scheme != "http" && scheme != "https":
		return route{}, Other, fmt.Errorf("the scheme is %q; only http and https are connected to", scheme)
	case err != nil:
		return route{}, NotResolved, fmt.Errorf("the host %w", err)
	case port < 1 || port > 65535:
		return route{}, Other, errors.New("a port is 1 to 65535")
	}
	if err := n.allow(name, port); err != nil {
		return route{}, NotAllowed, err
	}
	target, mapped := n.hosts.Lookup(name)
	address := net.JoinHostPort(name, strconv.Itoa(port))
	if mapped {
		if address, err = target.Address(scheme); err != nil {
			return route{}, NotServed, err
		}
	}
	r := route{addresses: onThisMachine(address)}
	if scheme == "https" {
		r.tls = n.trust(name, target, mapped).Clone()
		r.tls.ServerName = name
	}
	return r, 0, nil
}

// trust is how the certificate of a host is checked.
func (n *Network) trust(name string, target Target, mapped bool) *tls.Config {
	switch {
	case mapped && target.Party != "":
		return n.party
	case mapped, isLoopback(name): // the emulator's own listeners go by localhost too
		return n.declared()
	}
	return n.real
}

// allow says why a host, in its canonical spelling, may not be connected to.
func (n *Network) allow(name string, port int) error {
	if !n.allowReal && n.hosts.IsReal(name) {
		return fmt.Errorf("%s is a real host and only the emulator may be reached; "+
			"start with --real-backend to allow real hosts, or map it to an address under hosts", name)
	}
	if n.guard != nil {
		return n.guard(name, port)
	}
	return nil
}

// onThisMachine spells out localhost, which no resolver shall decide; a server
// there may listen on either address only.
func onThisMachine(address string) []string {
	host, port, err := net.SplitHostPort(address)
	if err != nil || !isLocalhost(host) {
		return []string{address}
	}
	return []string{net.JoinHostPort("127.0.0.1", port), net.JoinHostPort("::1", port)}
}

// connect gives a connection to the first address that takes one, or the first
// one's error.
func connect(ctx context.Context, addresses []string) (net.Conn, error) {
	dialer := net.Dialer{Timeout: DialTimeout}
	var first error
	for _, address := range addresses {
		conn, err := dialer.DialContext(ctx, "tcp", address)
		if err == nil {
			return conn, nil
		}
		if first == nil {
			first = orInterruption(ctx, err)
		}
	}
	return nil, first
}

func (n *Network) handshake(ctx context.Context, conn *tls.Conn) error {
	ctx, cancel := exchange.WithTimeout(ctx, n.clock, HandshakeTimeout)
	defer cancel()
	t := httptrace.ContextClientTrace(ctx)
	if t != nil && t.TLSHandshakeStart != nil {
		t.TLSHandshakeStart()
	}
	err := conn.HandshakeContext(ctx)
	if t != nil && t.TLSHandshakeDone != nil {
		t.TLSHandshakeDone(conn.ConnectionState(), err)
	}
	if err != nil {
		return orInterruption(ctx, err)
	}
	return nil
}

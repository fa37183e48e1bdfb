package edge

import (
	"context"
	"crypto/sha256"
	"crypto/tls"
	"errors"
	"net"

	"github.com/apimulator/apimulator/internal/hosts"
	"github.com/apimulator/apimulator/policy"
	"github.com/apimulator/apimulator/policy/exchange"
)

// A hostKey is what one connection has in common with the next request that may use it.
type hostKey struct {
	scheme string
	host   string
	port   int
	terms  terms
}

// terms are what a request asks of the connection beyond its address. A connection
// carries requests of the same terms only.
type terms struct {
	// certificate is the one that the gateway has shown; zero: none.
	certificate       fingerprint
	anyChain, anyName bool
	version           policy.HTTPVersion
}

// A fingerprint tells client certificates apart.
type fingerprint [sha256.Size]byte

func keyOf(out *policy.Outgoing) hostKey {
	key := hostKey{scheme: out.URL.Scheme, host: out.URL.Host, port: out.URL.Port}
	if key.scheme == "https" { // which is where the rest matters
		key.terms = terms{anyChain: out.AnyChain, anyName: out.AnyName}
		if out.Certificate != nil {
			key.terms.certificate = sha256.Sum256(out.Certificate.Leaf.Raw)
		}
	}
	key.terms.version = out.Version
	return key
}

var errNoKey = errors.New("the client certificate has no private key, without which it can't be shown: give its key or its PFX under certificates: in apim.yaml")

// open connects to a host. protocols, if there are any, are what TLS negotiates.
func (u *Upstream) open(ctx context.Context, key hostKey, certificate *exchange.Certificate, protocols ...string) (net.Conn, error) {
	o := hosts.DialOptions{AnyChain: key.terms.anyChain, AnyName: key.terms.anyName, Protocols: protocols}
	if certificate != nil && key.scheme == "https" {
		if certificate.PrivateKey == nil {
			return nil, backendFailure(messageHandshakeFailed, errNoKey)
		}
		o.Certificate = &tls.Certificate{Certificate: [][]byte{certificate.Leaf.Raw}, PrivateKey: certificate.PrivateKey, Leaf: certificate.Leaf}
		for _, c := range certificate.Chain {
			o.Certificate.Certificate = append(o.Certificate.Certificate, c.Raw)
		}
	}
	var conn net.Conn
	var err error
	switch {
	case o.Plain():
		conn, err = u.dial(ctx, key.scheme, key.host, key.port)
	case u.dialWith == nil:
		return nil, backendFailure(messageHandshakeFailed, errors.New("no connection of other terms can be made here"))
	default:
		conn, err = u.dialWith(ctx, key.scheme, key.host, key.port, o)
	}
	if err != nil {
		return nil, dialFailure(key.host, err)
	}
	return conn, nil
}

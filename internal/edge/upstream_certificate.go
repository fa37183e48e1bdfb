package edge

import (
	"context"
	"crypto/sha256"
	"crypto/tls"
	"errors"
	"net"

	"github.com/apimulator/apimulator/policy"
	"github.com/apimulator/apimulator/policy/exchange"
)

// A fingerprint tells client certificates apart: a connection on which one was
// shown carries requests of that one only.
type fingerprint [sha256.Size]byte

// fingerprintOf is that of the certificate that a request is sent with.
func fingerprintOf(out *policy.Outgoing) fingerprint {
	if out.Certificate == nil {
		return fingerprint{}
	}
	return sha256.Sum256(out.Certificate.Leaf.Raw)
}

var errNoKey = errors.New("the client certificate has no private key, without which it can't be shown: give its key or its PFX under certificates: in apim.yaml")

// open connects to a host, by the certificate if there is one.
func (u *Upstream) open(ctx context.Context, key hostKey, certificate *exchange.Certificate) (net.Conn, error) {
	if certificate == nil || key.scheme != "https" { // which is where certificates are shown
		conn, err := u.dial(ctx, key.scheme, key.host, key.port)
		if err != nil {
			return nil, dialFailure(key.host, err)
		}
		return conn, nil
	}
	switch {
	case u.dialAs == nil:
		return nil, backendFailure(messageHandshakeFailed, errors.New("no client certificate can be shown here"))
	case certificate.PrivateKey == nil:
		return nil, backendFailure(messageHandshakeFailed, errNoKey)
	}
	shown := &tls.Certificate{Certificate: [][]byte{certificate.Leaf.Raw}, PrivateKey: certificate.PrivateKey, Leaf: certificate.Leaf}
	for _, c := range certificate.Chain {
		shown.Certificate = append(shown.Certificate, c.Raw)
	}
	conn, err := u.dialAs(ctx, key.scheme, key.host, key.port, shown)
	if err != nil {
		return nil, dialFailure(key.host, err)
	}
	return conn, nil
}

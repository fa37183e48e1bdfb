package hosts

import (
	"crypto/tls"
	"crypto/x509"
	"errors"
	"time"
)

// DialOptions are what a connection over TLS does otherwise than [Network.Dial] has it.
type DialOptions struct {
	// Certificate is shown to the server if it asks for one; nil: none. Whatever
	// authorities the server names: which one is shown is the caller's decision.
	Certificate *tls.Certificate
	// AnyChain takes a certificate that no trusted authority has issued, AnyName one for
	// another name.
	AnyChain, AnyName bool
	// Protocols are offered, the best one first; nil: HTTP/1.1.
	Protocols []string
}

// Plain reports whether the options ask for nothing.
func (o *DialOptions) Plain() bool {
	return o.Certificate == nil && !o.AnyChain && !o.AnyName && o.Protocols == nil
}

// apply changes what a connection is made with, which is the caller's own.
func (o *DialOptions) apply(c *tls.Config) {
	if o.Plain() {
		return
	}
	c.ClientSessionCache = nil // a session is no one else's
	if o.Protocols != nil {
		c.NextProtos = o.Protocols
	}
	if o.Certificate != nil {
		c.GetClientCertificate = func(*tls.CertificateRequestInfo) (*tls.Certificate, error) { return o.Certificate, nil }
	}
	if o.AnyChain || o.AnyName {
		name, roots, now := c.ServerName, c.RootCAs, c.Time
		c.InsecureSkipVerify = true
		c.VerifyConnection = func(s tls.ConnectionState) error { return o.verify(s.PeerCertificates, name, roots, now) }
	}
}

// verify checks what is left to be checked of a server's certificate.
func (o *DialOptions) verify(chain []*x509.Certificate, name string, roots *x509.CertPool, now func() time.Time) error {
	if len(chain) == 0 {
		return errors.New("the server shows no certificate")
	}
	if !o.AnyName {
		if err := chain[0].VerifyHostname(name); err != nil {
			return &tls.CertificateVerificationError{UnverifiedCertificates: chain, Err: err}
		}
	}
	if o.AnyChain {
		return nil
	}
	options := x509.VerifyOptions{Roots: roots, Intermediates: x509.NewCertPool()}
	if now != nil {
		options.CurrentTime = now()
	}
	for _, c := range chain[1:] {
		options.Intermediates.AddCert(c)
	}
	if _, err := chain[0].Verify(options); err != nil {
		return &tls.CertificateVerificationError{UnverifiedCertificates: chain, Err: err}
	}
	return nil
}

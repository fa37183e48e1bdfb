package access

import (
	"crypto/x509"
	"slices"
	"time"

	"github.com/apimulator/apimulator/policy"
)

// maxPath bounds how far issuers are looked for.
const maxPath = 10

// certificatePath is a client's certificate, who issued it, and so on as far as it is
// known: a root is the last.
type certificatePath []*x509.Certificate

// pathOf finds the issuers among what the client sent and the service trusts.
func pathOf(r *policy.Run) certificatePath {
	known := slices.Clone(r.Request.CertificateChain)
	if r.Deployment != nil {
		known = append(known, r.Deployment.Authorities...)
	}
	path := certificatePath{r.Request.Certificate}
	for len(path) < maxPath {
		last := path[len(path)-1]
		i := slices.IndexFunc(known, func(c *x509.Certificate) bool { return issued(c, last) })
		if selfSigned(last) || i < 0 {
			break
		}
		path = append(path, known[i])
	}
	return path
}

func issued(by, c *x509.Certificate) bool {
	return string(by.RawSubject) == string(c.RawIssuer) && c.CheckSignatureFrom(by) == nil
}

// selfSigned tells a root. A leaf may be one, which is no authority.
func selfSigned(c *x509.Certificate) bool {
	return string(c.RawSubject) == string(c.RawIssuer) && c.CheckSignature(c.SignatureAlgorithm, c.RawTBSCertificate, c.Signature) == nil
}

// issuer is who issued the client's certificate, nil if that is not known.
func (p certificatePath) issuer() *x509.Certificate {
	switch {
	case len(p) > 1:
		return p[1]
	case selfSigned(p[0]):
		return p[0]
	}
	return nil
}

// trusted builds a chain to a root of the service or of the system. When the client's
// own certificate is valid is for other rules to say; those above it have to be valid
// then.
func trusted(r *policy.Run, now time.Time) error {
	leaf := r.Request.Certificate
	roots, others := x509.NewCertPool(), x509.NewCertPool()
	for _, c := range r.Request.CertificateChain {
		others.AddCert(c)
	}
	if r.Deployment != nil {
		for _, c := range r.Deployment.Authorities {
			if selfSigned(c) {
				roots.AddCert(c)
			} else {
				others.AddCert(c)
			}
		}
	}
	at := now
	if at.Before(leaf.NotBefore) {
		at = leaf.NotBefore
	}
	if at.After(leaf.NotAfter) {
		at = leaf.NotAfter
	}
	options := x509.VerifyOptions{Roots: roots, Intermediates: others, CurrentTime: at, KeyUsages: []x509.ExtKeyUsage{x509.ExtKeyUsageAny}}
	_, err := leaf.Verify(options)
	if err == nil {
		return nil
	}
	options.Roots = nil // the system's
	if _, systemErr := leaf.Verify(options); systemErr == nil {
		return nil
	}
	return err
}

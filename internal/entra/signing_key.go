package entra

import (
	"crypto/rand"
	"crypto/rsa"
	"crypto/sha1" // x5t is defined by it (RFC 7517 section 4.8)
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/base64"
	"encoding/pem"
	"fmt"
	"math/big"
	"time"
)

// EmulatedBy is the value of the X-Emulated-By header on everything that is served.
const EmulatedBy = "apimulator"

// certificateLife is how long a signing certificate is valid; Entra's are valid for
// 5 years, and nobody checks.
const certificateLife = 5 * 365 * 24 * time.Hour

// A signingKey is an RSA key with a self-signed certificate.
type signingKey struct {
	private     *rsa.PrivateKey
	certificate []byte // DER
	// id is the kid and the x5t: base64url(SHA-1(certificate)), identity.md 5.5.
	id        string
	published time.Time
	usedFrom  time.Time // zero: not yet planned
}

func newSigningKey(now time.Time) (*signingKey, error) {
	private, err := rsa.GenerateKey(rand.Reader, 2048)
	if err != nil {
		return nil, fmt.Errorf("making a signing key: %w", err)
	}
	template := &x509.Certificate{
		SerialNumber: new(big.Int).SetBytes(randomBytes(16)),
		Subject: pkix.Name{
			Organization: []string{"apimulator emulator"},
			CommonName:   "emulated Entra ID token signing - trust it nowhere",
		},
		NotBefore: now.Add(-time.Hour),
		NotAfter:  now.Add(certificateLife),
		KeyUsage:  x509.KeyUsageDigitalSignature,
	}
	certificate, err := x509.CreateCertificate(rand.Reader, template, template, private.Public(), private)
	if err != nil {
		return nil, fmt.Errorf("making the certificate of a signing key: %w", err)
	}
	return &signingKey{
		private: private, certificate: certificate, id: thumbprint(certificate), published: now,
	}, nil
}

func thumbprint(certificate []byte) string {
	sum := sha1.Sum(certificate)
	return base64.RawURLEncoding.EncodeToString(sum[:])
}

// publicPEM is the public key as "openssl rsa -pubout" writes it.
func (k *signingKey) publicPEM() ([]byte, error) {
	der, err := x509.MarshalPKIXPublicKey(k.private.Public())
	if err != nil {
		return nil, fmt.Errorf("writing the public key: %w", err)
	}
	return pem.EncodeToMemory(&pem.Block{Type: "PUBLIC KEY", Bytes: der}), nil
}

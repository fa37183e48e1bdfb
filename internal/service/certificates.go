package service

import (
	"bytes"
	"crypto"
	"crypto/sha1"
	"crypto/x509"
	"encoding/base64"
	"encoding/hex"
	"encoding/pem"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"

	"software.sslmate.com/src/go-pkcs12"

	"github.com/apimulator/apimulator/internal/yamlfile"
	"github.com/apimulator/apimulator/policy/exchange"
)

// Certificate is a certificate that the service holds.
type Certificate struct {
	View exchange.Certificate
	// Chain are the certificates that came with it.
	Chain []*x509.Certificate
}

// Thumbprint is the digest by which Windows names a certificate.
func (c *Certificate) Thumbprint() string {
	digest := sha1.Sum(c.View.Leaf.Raw)
	return strings.ToUpper(hex.EncodeToString(digest[:]))
}

// certificates reads the certificates; their public keys are what policies refer
// to by id. Expressions find them by thumbprint alone, as in Azure
// (learn.microsoft.com, question 5543600).
func (l *loader) certificates(s *Service, configured map[string]certificateConfig) map[string]crypto.PublicKey {
	s.Certificates = make(map[string]*Certificate)
	s.Deployment.Certificates = make(map[string]*exchange.Certificate)
	keys := make(map[string]crypto.PublicKey)
	for _, name := range slices.Sorted(maps.Keys(configured)) {
		c := configured[name]
		if l.Inspect != nil {
			s.Certificates[name] = nil
			continue
		}
		if certificate := l.certificate("certificate "+name, &c); certificate != nil {
			s.Certificates[name], keys[name] = certificate, certificate.View.Leaf.PublicKey
			s.Deployment.Certificates[certificate.Thumbprint()] = &certificate.View
		}
	}
	return keys
}

// certificate reads one; nil if that fails. No message holds anything of a key
// or a password.
func (l *loader) certificate(what string, c *certificateConfig) *Certificate {
	data, source, ok := l.certificateData(what, c)
	password := ""
	if c.Password != nil {
		var given bool
		password, given = l.value("the password of "+what, *c.Password)
		ok = ok && given
	}
	var key []byte
	if c.Key.Value != "" {
		var read bool
		key, read = l.contents("the private key of "+what, c.Key)
		ok = ok && read
	}
	if !ok {
		return nil
	}
	certificate, err := ParseCertificate(data, password)
	if err == nil && key != nil {
		certificate, err = withKey(certificate, key)
	}
	if err != nil {
		l.fail(source.Or(c.Place), "%s: %s %s", what, source.Value, err)
		return nil
	}
	return certificate
}

// certificateData is what the configuration says the certificate is in; source
// is how messages call that, and where it stands.
func (l *loader) certificateData(what string, c *certificateConfig) (data []byte, source yamlfile.Text, ok bool) {
	given := 0
	for _, t := range []yamlfile.Text{c.File, c.Env, c.Value} {
		if t.Value != "" {
			given++
		}
	}
	switch {
	case given != 1:
		l.fail(c.Place, "%s needs one of file, env and value", what)
	case c.File.Value != "":
		data, ok = l.contents(what, c.File)
		return data, yamlfile.Text{Place: c.File.Place, Value: "file " + c.File.Value}, ok
	case c.Env.Value != "":
		source = yamlfile.Text{Place: c.Env.Place, Value: "the environment variable " + c.Env.Value}
		var value string
		if value, ok = l.environment(what, c.Env); ok {
			data = []byte(value)
		}
	default:
		source, data, ok = yamlfile.Text{Place: c.Value.Place, Value: "its value"}, []byte(c.Value.Value), true
	}
	return unwrapped(data), source, ok
}

// unwrapped is a text that holds a certificate: PEM as it is, anything else out
// of base64.
func unwrapped(data []byte) []byte {
	if decoded, err := base64.StdEncoding.DecodeString(strings.Join(strings.Fields(string(data)), "")); err == nil {
		return decoded
	}
	return data
}

var (
	errForm      = errors.New("is neither a PEM nor a DER certificate, nor PFX")
	errKeyForm   = errors.New("holds a private key that is none of PKCS #8, PKCS #1 and SEC 1")
	errEncrypted = errors.New("holds an encrypted private key: write it without a password, or the certificate as PFX with one")
	errOtherKey  = errors.New("holds no certificate of the private key")
)

// ParseCertificate reads a certificate in PEM, with or without its private key,
// in DER, or in PFX with a password.
func ParseCertificate(data []byte, password string) (*Certificate, error) {
	if block, _ := pem.Decode(data); block != nil {
		return parsePEM(data)
	}
	if leaf, err := x509.ParseCertificate(data); err == nil {
		return &Certificate{View: exchange.Certificate{Leaf: leaf}}, nil
	}
	key, leaf, chain, err := pkcs12.DecodeChain(data, password)
	switch {
	case errors.Is(err, pkcs12.ErrIncorrectPassword) && password == "":
		return nil, errors.New("needs a password: write {file: ..., password: {env: ...}}")
	case errors.Is(err, pkcs12.ErrIncorrectPassword), errors.Is(err, pkcs12.ErrDecryption):
		return nil, errors.New("does not open with the password")
	case err != nil && isSequence(data):
		return nil, fmt.Errorf("is not PFX that can be read: %s", strings.TrimPrefix(err.Error(), "pkcs12: "))
	case err != nil:
		return nil, errForm
	}
	c := &Certificate{exchange.Certificate{PrivateKey: key}, append([]*x509.Certificate{leaf}, chain...)}
	return c, c.pick()
}

// isSequence reports whether data begins as PFX does.
func isSequence(data []byte) bool { return bytes.HasPrefix(data, []byte{0x30}) }

// parsePEM takes the certificate that belongs to the private key; the first one,
// if there is no key.
func parsePEM(data []byte) (*Certificate, error) {
	c := &Certificate{}
	for block, rest := pem.Decode(data); block != nil; block, rest = pem.Decode(rest) {
		switch {
		case block.Type == "CERTIFICATE":
			certificate, err := x509.ParseCertificate(block.Bytes)
			if err != nil {
				return nil, errForm
			}
			c.Chain = append(c.Chain, certificate)
		case strings.HasSuffix(block.Type, "PRIVATE KEY") && c.View.PrivateKey == nil:
			key, err := parseKey(block)
			if err != nil {
				return nil, err
			}
			c.View.PrivateKey = key
		}
	}
	if len(c.Chain) == 0 {
		return nil, errForm
	}
	return c, c.pick()
}

// pick takes the leaf out of the chain.
func (c *Certificate) pick() error {
	leaf := 0
	if c.View.PrivateKey != nil {
		leaf = slices.IndexFunc(c.Chain, func(x *x509.Certificate) bool { return belong(c.View.PrivateKey, x) })
	}
	if leaf < 0 {
		return errOtherKey
	}
	c.View.Leaf = c.Chain[leaf]
	c.Chain = slices.Delete(c.Chain, leaf, leaf+1)
	return nil
}

// belong reports whether the private key is the certificate's.
func belong(key crypto.PrivateKey, certificate *x509.Certificate) bool {
	signer, ok := key.(crypto.Signer)
	if !ok {
		return false
	}
	public, ok := signer.Public().(interface{ Equal(crypto.PublicKey) bool })
	return ok && public.Equal(certificate.PublicKey)
}

// withKey is the certificate with the private key that a PEM file of its own
// holds.
func withKey(c *Certificate, data []byte) (*Certificate, error) {
	for block, rest := pem.Decode(data); block != nil; block, rest = pem.Decode(rest) {
		if !strings.HasSuffix(block.Type, "PRIVATE KEY") {
			continue
		}
		key, err := parseKey(block)
		if err != nil {
			return nil, fmt.Errorf("goes with a file that %w", err)
		}
		whole := &Certificate{exchange.Certificate{PrivateKey: key}, append([]*x509.Certificate{c.View.Leaf}, c.Chain...)}
		return whole, whole.pick()
	}
	return nil, errors.New("goes with a file that holds no private key in PEM")
}

func parseKey(block *pem.Block) (crypto.PrivateKey, error) {
	if strings.HasPrefix(block.Type, "ENCRYPTED") || block.Headers["DEK-Info"] != "" {
		return nil, errEncrypted
	}
	if key, err := x509.ParsePKCS8PrivateKey(block.Bytes); err == nil {
		return key, nil
	}
	if key, err := x509.ParsePKCS1PrivateKey(block.Bytes); err == nil {
		return key, nil
	}
	if key, err := x509.ParseECPrivateKey(block.Bytes); err == nil {
		return key, nil
	}
	return nil, errKeyForm
}

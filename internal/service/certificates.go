package service

import (
	"bytes"
	"crypto"
	"crypto/x509"
	"encoding/base64"
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

// certificates reads the certificates, to which policies refer by id. Expressions
// find them by thumbprint alone, as in Azure (learn.microsoft.com, question
// 5543600).
func (l *loader) certificates(s *Service, configured map[string]certificateConfig) {
	s.Certificates = make(map[string]*exchange.Certificate)
	s.Deployment.Certificates = make(map[string]*exchange.Certificate)
	for _, name := range slices.Sorted(maps.Keys(configured)) {
		c := configured[name]
		if l.Inspect != nil {
			s.Certificates[name] = nil
			continue
		}
		if certificate := l.certificate(s, "certificate "+name, &c); certificate != nil {
			s.Certificates[name] = certificate
			s.Deployment.Certificates[exchange.Thumbprint(certificate.Leaf)] = certificate
		}
	}
	s.Deployment.CertificateIDs = s.Certificates
}

// authorities reads the certificates of authorities; a file may hold several.
func (l *loader) authorities(s *Service, configured []certificateConfig) {
	for i := range configured {
		if l.Inspect != nil {
			return
		}
		what := fmt.Sprintf("CA certificate %d", i+1)
		c := l.certificate(s, what, &configured[i])
		if c == nil {
			continue
		}
		if !c.Leaf.IsCA {
			l.fail(configured[i].Place, "%s is not the certificate of an authority (its basic constraints do not say CA)", what)
		}
		s.Deployment.Authorities = append(append(s.Deployment.Authorities, c.Leaf), c.Chain...)
	}
}

// certificate reads one; nil if that fails. No message holds anything of a key
// or a password.
func (l *loader) certificate(s *Service, what string, c *certificateConfig) *exchange.Certificate {
	data, source, ok := l.certificateData(what, c)
	password := ""
	if c.Password != nil {
		var given bool
		password, given = l.value("the password of "+what, *c.Password)
		ok = ok && given
		s.passwords = append(s.passwords, password)
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
func ParseCertificate(data []byte, password string) (*exchange.Certificate, error) {
	if block, _ := pem.Decode(data); block != nil {
		return parsePEM(data)
	}
	if leaf, err := x509.ParseCertificate(data); err == nil {
		return &exchange.Certificate{Leaf: leaf}, nil
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
	c := &exchange.Certificate{PrivateKey: key, Chain: append([]*x509.Certificate{leaf}, chain...)}
	return c, pick(c)
}

// isSequence reports whether data begins as PFX does.
func isSequence(data []byte) bool { return bytes.HasPrefix(data, []byte{0x30}) }

// parsePEM takes the certificate that belongs to the private key; the first one,
// if there is no key.
func parsePEM(data []byte) (*exchange.Certificate, error) {
	c := &exchange.Certificate{}
	for block, rest := pem.Decode(data); block != nil; block, rest = pem.Decode(rest) {
		switch {
		case block.Type == "CERTIFICATE":
			certificate, err := x509.ParseCertificate(block.Bytes)
			if err != nil {
				return nil, errForm
			}
			c.Chain = append(c.Chain, certificate)
		case strings.HasSuffix(block.Type, "PRIVATE KEY") && c.PrivateKey == nil:
			key, err := parseKey(block)
			if err != nil {
				return nil, err
			}
			c.PrivateKey = key
		}
	}
	if len(c.Chain) == 0 {
		return nil, errForm
	}
	return c, pick(c)
}

// pick takes the leaf out of the chain.
func pick(c *exchange.Certificate) error {
	leaf := 0
	if c.PrivateKey != nil {
		leaf = slices.IndexFunc(c.Chain, func(x *x509.Certificate) bool { return belong(c.PrivateKey, x) })
	}
	if leaf < 0 {
		return errOtherKey
	}
	c.Leaf = c.Chain[leaf]
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
func withKey(c *exchange.Certificate, data []byte) (*exchange.Certificate, error) {
	for block, rest := pem.Decode(data); block != nil; block, rest = pem.Decode(rest) {
		if !strings.HasSuffix(block.Type, "PRIVATE KEY") {
			continue
		}
		key, err := parseKey(block)
		if err != nil {
			return nil, fmt.Errorf("goes with a file that %w", err)
		}
		whole := &exchange.Certificate{PrivateKey: key, Chain: append([]*x509.Certificate{c.Leaf}, c.Chain...)}
		return whole, pick(whole)
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

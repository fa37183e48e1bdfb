package service_test

import (
	"crypto"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/rsa"
	"crypto/sha1"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/base64"
	"encoding/pem"
	"fmt"
	"maps"
	"math/big"
	"strings"
	"testing"
	"time"

	"software.sslmate.com/src/go-pkcs12"

	"github.com/apimulator/apimulator/internal/service"
	"github.com/apimulator/apimulator/policy/statements"
)

// An issued certificate is made for each run: no private key is kept in the
// repository.
type issued struct {
	certificate *x509.Certificate
	key         crypto.Signer
}

func issue(t testing.TB, name string, key crypto.Signer) issued {
	t.Helper()
	template := &x509.Certificate{
		SerialNumber: big.NewInt(7), Subject: pkix.Name{CommonName: name},
		NotBefore: time.Date(2029, 1, 1, 0, 0, 0, 0, time.UTC), NotAfter: time.Date(2031, 1, 1, 0, 0, 0, 0, time.UTC),
	}
	der, err := x509.CreateCertificate(rand.Reader, template, template, key.Public(), key)
	if err != nil {
		t.Fatal(err)
	}
	certificate, err := x509.ParseCertificate(der)
	if err != nil {
		t.Fatal(err)
	}
	return issued{certificate, key}
}

func newKey(t testing.TB) crypto.Signer {
	t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	return key
}

func (i issued) pem() string { return pemOf("CERTIFICATE", i.certificate.Raw) }

func (i issued) keyPEM(t testing.TB) string {
	t.Helper()
	der, err := x509.MarshalPKCS8PrivateKey(i.key)
	if err != nil {
		t.Fatal(err)
	}
	return pemOf("PRIVATE KEY", der)
}

func (i issued) pfx(t testing.TB, e *pkcs12.Encoder, password string, chain ...*x509.Certificate) string {
	t.Helper()
	data, err := e.Encode(i.key, i.certificate, chain, password)
	if err != nil {
		t.Fatal(err)
	}
	return string(data)
}

func pemOf(kind string, data []byte) string {
	return string(pem.EncodeToMemory(&pem.Block{Type: kind, Bytes: data}))
}

// Every way in which a certificate, with or without its private key, can be
// written.
func TestCertificates(t *testing.T) {
	rsaKey, err := rsa.GenerateKey(rand.Reader, 2048)
	if err != nil {
		t.Fatal(err)
	}
	leaf, ca, old := issue(t, "leaf", newKey(t)), issue(t, "authority", newKey(t)), issue(t, "rsa", rsaKey)
	ec, err := x509.MarshalECPrivateKey(leaf.key.(*ecdsa.PrivateKey))
	if err != nil {
		t.Fatal(err)
	}
	pfx := leaf.pfx(t, pkcs12.Modern, "secret", ca.certificate)
	contents := map[string]string{
		"leaf.pem": leaf.pem(), "leaf.der": string(leaf.certificate.Raw), "leaf.key": leaf.keyPEM(t), "leaf.pfx": pfx,
		"both.pem": leaf.pem() + leaf.keyPEM(t), "reversed.pem": leaf.keyPEM(t) + ca.pem() + leaf.pem(), "chain.pem": leaf.pem() + ca.pem(),
		"ec.pem": leaf.pem() + pemOf("EC PARAMETERS", nil) + pemOf("EC PRIVATE KEY", ec), "password.txt": "secret\n",
		"rsa.pem":    old.pem() + pemOf("RSA PRIVATE KEY", x509.MarshalPKCS1PrivateKey(rsaKey)),
		"legacy.pfx": old.pfx(t, pkcs12.LegacyRC2, "secret"), "open.pfx": leaf.pfx(t, pkcs12.Passwordless, ""), "empty.pfx": leaf.pfx(t, pkcs12.Modern, ""),
	}
	environment := map[string]string{"LEAF": leaf.pem() + leaf.keyPEM(t), "LEAF_PFX": base64.StdEncoding.EncodeToString([]byte(pfx)), "PASSWORD": "secret"}
	indented := strings.ReplaceAll("\n"+leaf.pem(), "\n", "\n      ")
	tests := []struct {
		written string
		want    issued
		key     bool
		chain   int
	}{
		{"leaf.pem", leaf, false, 0},
		{"leaf.der", leaf, false, 0},
		{"chain.pem", leaf, false, 1},
		{"both.pem", leaf, true, 0},
		{"reversed.pem", leaf, true, 1},
		{"ec.pem", leaf, true, 0},
		{"rsa.pem", old, true, 0},
		{"{file: leaf.pem}", leaf, false, 0},
		{"{file: leaf.pem, key: leaf.key}", leaf, true, 0},
		{"{file: leaf.der, key: leaf.key}", leaf, true, 0},
		{"{file: chain.pem, key: leaf.key}", leaf, true, 1},
		{"{file: leaf.pfx, password: secret}", leaf, true, 1},
		{"{file: leaf.pfx, password: {value: secret}}", leaf, true, 1},
		{"{file: leaf.pfx, password: {env: PASSWORD}}", leaf, true, 1},
		{"{file: leaf.pfx, password: {file: password.txt}}", leaf, true, 1},
		{"{file: legacy.pfx, password: secret}", old, true, 0},
		{"open.pfx", leaf, true, 0},
		{"empty.pfx", leaf, true, 0},
		{"{env: LEAF}", leaf, true, 0},
		{"{env: LEAF_PFX, password: {env: PASSWORD}}", leaf, true, 1},
		{"{value: " + base64.StdEncoding.EncodeToString(leaf.certificate.Raw) + "}", leaf, false, 0},
		{"\n    value: |" + indented, leaf, false, 0},
	}
	for _, test := range tests {
		s, err := loadCertificate(test.written, contents, environment)
		if err != nil {
			t.Errorf("%s\n%v", test.written, err)
			continue
		}
		c := s.Certificates["client"]
		leaf, key := c.Leaf, c.PrivateKey
		if !leaf.Equal(test.want.certificate) || (key != nil) != test.key || len(c.Chain) != test.chain {
			t.Errorf("%s: %s, private key %t, %d more; want %s, %t, %d", test.written,
				leaf.Subject.CommonName, key != nil, len(c.Chain), test.want.certificate.Subject.CommonName, test.key, test.chain)
		}
		if test.key && !test.want.key.Public().(interface{ Equal(crypto.PublicKey) bool }).Equal(key.(crypto.Signer).Public()) {
			t.Errorf("%s: the private key is another", test.written)
		}
		if found := s.Deployment.Certificates; len(found) != 1 || found[fmt.Sprintf("%X", sha1.Sum(leaf.Raw))] != c {
			t.Errorf("%s: context.Deployment.Certificates is %v; want the certificate by its thumbprint", test.written, found)
		}
	}

	ca.key = newKey(t)
	maps.Copy(contents, map[string]string{
		"other.key": ca.keyPEM(t), "other.pem": leaf.pem() + ca.keyPEM(t), "keys.pem": leaf.keyPEM(t),
		"encrypted.pem": leaf.pem() + pemOf("ENCRYPTED PRIVATE KEY", []byte("secret")),
		"old.pem":       leaf.pem() + "-----BEGIN RSA PRIVATE KEY-----\nProc-Type: 4,ENCRYPTED\nDEK-Info: AES-128-CBC,00\n\nc2VjcmV0\n-----END RSA PRIVATE KEY-----\n",
		"strange.pem":   leaf.pem() + pemOf("DSA PRIVATE KEY", []byte("secret")), "strange.key": pemOf("PRIVATE KEY", []byte("secret")),
		"cut.pfx": pfx[:len(pfx)/2],
	})
	refused := []struct{ written, want string }{
		{"leaf.pfx", "5:11: error: certificate client: file leaf.pfx needs a password: write {file: ..., password: {env: ...}}"},
		{"{file: leaf.pfx, password: wrong}", "5:18: error: certificate client: file leaf.pfx does not open with the password"},
		{"{file: legacy.pfx, password: wrong}", "5:18: error: certificate client: file legacy.pfx does not open with the password"},
		{"{file: cut.pfx, password: secret}", "5:18: error: certificate client: file cut.pfx is not PFX that can be read: error reading P12 data: asn1: syntax error: data truncated"},
		{"other.pem", "5:11: error: certificate client: file other.pem holds no certificate of the private key"},
		{"{file: leaf.pem, key: other.key}", "5:18: error: certificate client: file leaf.pem holds no certificate of the private key"},
		{"{file: leaf.pem, key: leaf.pem}", "5:18: error: certificate client: file leaf.pem goes with a file that holds no private key in PEM"},
		{"{file: leaf.pem, key: strange.key}", "5:18: error: certificate client: file leaf.pem goes with a file that holds a private key that is none of PKCS #8, PKCS #1 and SEC 1"},
		{"keys.pem", "5:11: error: certificate client: file keys.pem is neither a PEM nor a DER certificate, nor PFX"},
		{"encrypted.pem", "5:11: error: certificate client: file encrypted.pem holds an encrypted private key: write it without a password, or the certificate as PFX with one"},
		{"old.pem", "5:11: error: certificate client: file old.pem holds an encrypted private key: write it without a password, or the certificate as PFX with one"},
		{"strange.pem", "5:11: error: certificate client: file strange.pem holds a private key that is none of PKCS #8, PKCS #1 and SEC 1"},
		{"{env: LEAF_PFX, password: PASSWORD}", "5:17: error: certificate client: the environment variable LEAF_PFX does not open with the password"},
	}
	for _, test := range refused {
		if _, err := loadCertificate(test.written, contents, environment); err == nil || err.Error() != "apim.yaml:"+test.want {
			t.Errorf("%s\n got %v\nwant apim.yaml:%s", test.written, err, test.want)
		}
	}
}

func loadCertificate(written string, contents, environment map[string]string) (*service.Service, error) {
	text := "apis:\n  - name: orders\n    backend: http://localhost:9000\ncertificates:\n  client: " + written + "\n"
	return service.Parse("apim.yaml", []byte(text), service.Options{
		Catalogue: statements.Catalogue(), ReadFile: files(contents),
		Getenv: func(name string) (string, bool) { value, ok := environment[name]; return value, ok },
	})
}

// Whatever is said to be a certificate, reading it ends without a panic, with a
// certificate or with an error. There is no PFX among the seeds: how long one
// takes to open stands in it, and may be long.
func FuzzParseCertificate(f *testing.F) {
	leaf := issue(f, "leaf", newKey(f))
	f.Add([]byte(leaf.pem()+leaf.keyPEM(f)), "")
	f.Add(leaf.certificate.Raw, "")
	f.Fuzz(func(t *testing.T, data []byte, password string) {
		c, err := service.ParseCertificate(data, password)
		if err == nil && c.Leaf == nil {
			t.Errorf("%q is read as no certificate", data)
		}
	})
}

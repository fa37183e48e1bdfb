package emulator

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/rsa"
	"crypto/tls"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/pem"
	"io"
	"math/big"
	"net"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/go-jose/go-jose/v4"
	"github.com/golang-jwt/jwt/v5"

	"github.com/apimulator/apimulator/internal/trace"
	"github.com/apimulator/apimulator/policy/exchange"
)

// certified is a certificate made for a run.
type certified struct {
	certificate *x509.Certificate
	key         any
}

func certify(t *testing.T, name string, by *certified, key any, public any) *certified {
	t.Helper()
	template := &x509.Certificate{
		SerialNumber: big.NewInt(time.Now().UnixNano()), Subject: pkix.Name{CommonName: name}, NotBefore: time.Now().Add(-time.Hour), NotAfter: time.Now().Add(time.Hour),
		IsCA: by == nil, BasicConstraintsValid: true,
	}
	parent, signer := template, key
	if by != nil {
		parent, signer = by.certificate, by.key
	}
	der, err := x509.CreateCertificate(rand.Reader, template, parent, public, signer)
	if err != nil {
		t.Fatal(err)
	}
	c, err := x509.ParseCertificate(der)
	if err != nil {
		t.Fatal(err)
	}
	return &certified{c, key}
}

func certifyEC(t *testing.T, name string, by *certified) *certified {
	t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	return certify(t, name, by, key, key.Public())
}

func (c *certified) pem() string {
	return string(pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: c.certificate.Raw}))
}

func (c *certified) keyPEM(t *testing.T) string {
	t.Helper()
	der, err := x509.MarshalPKCS8PrivateKey(c.key)
	if err != nil {
		t.Fatal(err)
	}
	return string(pem.EncodeToMemory(&pem.Block{Type: "PRIVATE KEY", Bytes: der}))
}

func (c *certified) tls() tls.Certificate {
	return tls.Certificate{Certificate: [][]byte{c.certificate.Raw}, PrivateKey: c.key}
}

const mutualPolicy = `<policies>
    <inbound>
        <base />
        <validate-client-certificate validate-revocation="false">
            <identities>
                <identity common-name="a client" />
            </identities>
        </validate-client-certificate>
        <validate-jwt header-name="X-Token" failed-validation-httpcode="403">
            <issuer-signing-keys>
                <key>a2tra2tra2tra2tra2tra2tra2tra2tra2tra2tra2s=</key>
            </issuer-signing-keys>
            <decryption-keys>
                <key certificate-id="reader" />
            </decryption-keys>
        </validate-jwt>
        <authentication-certificate certificate-id="gateway" />
    </inbound>
    <backend><base /></backend>
    <outbound><base /></outbound>
    <on-error><base /></on-error>
</policies>`

// A client authenticates itself to the gateway, and the gateway to a backend, by
// certificates in TLS; a token is decrypted with the private key of a third one.
func TestMutualTLS(t *testing.T) {
	root := certifyEC(t, "a root", nil)
	gateway := certifyEC(t, "the gateway", root)
	rsaKey, err := rsa.GenerateKey(rand.Reader, 2048)
	if err != nil {
		t.Fatal(err)
	}
	reader := certify(t, "a reader of tokens", root, rsaKey, rsaKey.Public())

	var seen []*x509.Certificate
	backend := httptest.NewUnstartedServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		seen = r.TLS.PeerCertificates
		w.WriteHeader(http.StatusNoContent)
	}))
	dir := t.TempDir()
	write := func(name, text string) {
		if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	_, port, _ := net.SplitHostPort(backend.Listener.Addr().String())
	write("policy.xml", mutualPolicy)
	write("root.pem", root.pem())
	write("gateway.pem", gateway.pem()+gateway.keyPEM(t))
	write("reader.pem", reader.pem()+reader.keyPEM(t))
	write("apim.yaml", `negotiateClientCertificate: true
caCertificates: [root.pem]
certificates: {gateway: gateway.pem, reader: reader.pem}
apis:
  - {name: orders, backend: "https://localhost:`+port+`", policy: policy.xml, subscriptionRequired: false}
`)
	finished := make(chan *trace.Record, 1)
	e, err := Start(Config{Service: filepath.Join(dir, "apim.yaml"), Finished: func(r *trace.Record) { finished <- r }})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { closeEmulator(t, e) })
	backend.TLS = e.authority.TLSConfig()
	backend.TLS.ClientAuth, backend.TLS.ClientCAs = tls.RequireAndVerifyClientCert, x509.NewCertPool()
	backend.TLS.ClientCAs.AddCert(root.certificate)
	backend.StartTLS()
	t.Cleanup(backend.Close)

	token := sealedToken(t, &rsaKey.PublicKey)
	for _, c := range []struct {
		name   string
		client *certified
		token  string
		status int
		reason string // of LastError, which the client is not told
	}{
		{"a client", certifyEC(t, "a client", root), token, 204, ""},
		{"another client", certifyEC(t, "another client", root), token, 401, exchange.ReasonClientCertificateNotMatched},
		{"a client of nobody", certifyEC(t, "a client", nil), token, 401, exchange.ReasonClientCertificateNotTrusted},
		{"none", nil, token, 401, exchange.ReasonClientCertificateNotFound},
		{"a token that can't be decrypted", certifyEC(t, "a client", root), token[:len(token)-4] + "AAAA", 403, "Invalid JWT."},
	} {
		t.Run(c.name, func(t *testing.T) {
			seen = nil
			config := &tls.Config{RootCAs: e.authority.Pool(), MinVersion: tls.VersionTLS12}
			if c.client != nil {
				config.Certificates = []tls.Certificate{c.client.tls()}
			}
			direct := &http.Client{Transport: &http.Transport{TLSClientConfig: config}}
			defer direct.CloseIdleConnections()
			request, err := http.NewRequest("GET", e.Gateway()+"/", nil)
			if err != nil {
				t.Fatal(err)
			}
			request.Header.Set("X-Token", c.token)
			response, err := direct.Do(request)
			if err != nil {
				t.Fatal(err)
			}
			body, _ := io.ReadAll(response.Body)
			response.Body.Close()
			if response.StatusCode != c.status {
				t.Fatalf("got %d %s, want %d", response.StatusCode, body, c.status)
			}
			if c.status == 204 && (len(seen) != 1 || !seen[0].Equal(gateway.certificate)) {
				t.Errorf("the backend was shown %v", seen)
			}
			if c.status != 204 && seen != nil {
				t.Error("the backend was called")
			}
			if record := <-finished; c.reason != "" && record.LastError.Reason != c.reason {
				t.Errorf("got %+v, want %s", record.LastError, c.reason)
			}
			if strings.Contains(string(body), c.token) {
				t.Error("the answer tells the token")
			}
		})
	}
}

// sealedToken is a signed token, encrypted.
func sealedToken(t *testing.T, public *rsa.PublicKey) string {
	t.Helper()
	signed, err := jwt.NewWithClaims(jwt.SigningMethodHS256, jwt.MapClaims{"exp": time.Now().Add(time.Hour).Unix()}).SignedString([]byte(strings.Repeat("k", 32)))
	if err != nil {
		t.Fatal(err)
	}
	e, err := jose.NewEncrypter(jose.A256CBC_HS512, jose.Recipient{Algorithm: jose.RSA_OAEP, Key: public}, nil)
	if err != nil {
		t.Fatal(err)
	}
	sealed, err := e.Encrypt([]byte(signed))
	if err != nil {
		t.Fatal(err)
	}
	text, err := sealed.CompactSerialize()
	if err != nil {
		t.Fatal(err)
	}
	return text
}

package apimtest_test

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"crypto/x509/pkix"
	"math/big"
	"net/http"
	"testing"
	"time"

	"github.com/apimulator/apimulator/apimtest"
)

// clientCertificate is a certificate that nobody vouches for, for the time that a test
// begins at and for the real one.
func clientCertificate(t *testing.T, name string) tls.Certificate {
	t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	template := &x509.Certificate{
		SerialNumber: big.NewInt(1), Subject: pkix.Name{CommonName: name},
		NotBefore: time.Date(2020, 1, 1, 0, 0, 0, 0, time.UTC), NotAfter: time.Date(2099, 1, 1, 0, 0, 0, 0, time.UTC),
	}
	der, err := x509.CreateCertificate(rand.Reader, template, template, key.Public(), key)
	if err != nil {
		t.Fatal(err)
	}
	return tls.Certificate{Certificate: [][]byte{der}, PrivateKey: key}
}

// A client's certificate comes to the policies in process and over TLS.
func TestClientCertificate(t *testing.T) {
	for name, want := range map[string]int{"orders-client": 200, "another": 401} {
		gw := apimtest.New(t, apimtest.Service("testdata/mutual.yaml"), apimtest.ClientCertificate(clientCertificate(t, name)))
		for way, client := range map[string]*http.Client{"in process": {Transport: gw.Transport()}, "over TLS": gw.Client()} {
			response, err := client.Get(gw.URL() + "/")
			if err != nil {
				t.Fatal(err)
			}
			response.Body.Close()
			if response.StatusCode != want {
				t.Errorf("%s, %s: got %d, want %d", name, way, response.StatusCode, want)
			}
		}
	}
}

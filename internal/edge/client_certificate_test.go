package edge_test

import (
	"context"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"crypto/x509/pkix"
	"math/big"
	"net/http"
	"sync/atomic"
	"testing"
	"time"

	"github.com/apimulator/apimulator/internal/edge"
	"github.com/apimulator/apimulator/policy/exchange"
)

// A client's certificate reaches the exchange where the server asks for one, and
// only there; a client without one is served all the same.
func TestClientCertificate(t *testing.T) {
	serverPair, serverLeaf := selfSigned(t, "server")
	clientPair, clientLeaf := selfSigned(t, "client")
	var asks atomic.Bool
	var got atomic.Pointer[x509.Certificate]
	server, err := edge.NewServer(edge.ServerConfig{
		Address: "127.0.0.1:0", TLS: &tls.Config{Certificates: []tls.Certificate{serverPair}},
		ClientCertificates: asks.Load,
		Handler: func(x *exchange.Exchange) {
			got.Store(x.Request.Certificate)
			x.Response = &exchange.Response{Status: 204}
		},
	})
	if err != nil {
		t.Fatal(err)
	}
	go server.Serve()
	t.Cleanup(func() { server.Shutdown(context.Background()) })
	roots := x509.NewCertPool()
	roots.AddCert(serverLeaf)
	for _, c := range []struct {
		name        string
		asks, shows bool
		http2       bool
		want        *x509.Certificate
	}{
		{"asked and shown", true, true, false, clientLeaf},
		{"asked and shown over HTTP/2", true, true, true, clientLeaf},
		{"asked, not shown", true, false, false, nil},
		{"not asked", false, true, false, nil},
	} {
		t.Run(c.name, func(t *testing.T) {
			asks.Store(c.asks)
			config := &tls.Config{RootCAs: roots, ServerName: "localhost"}
			if c.shows {
				config.Certificates = []tls.Certificate{clientPair}
			}
			client := &http.Client{Transport: &http.Transport{TLSClientConfig: config, ForceAttemptHTTP2: c.http2}}
			defer client.CloseIdleConnections()
			response, err := client.Get("https://" + server.Addr().String() + "/")
			if err != nil {
				t.Fatal(err)
			}
			response.Body.Close()
			if cert := got.Load(); (cert == nil) != (c.want == nil) || cert != nil && !cert.Equal(c.want) {
				t.Errorf("got %v, want %v", cert, c.want)
			}
		})
	}
}

func selfSigned(t *testing.T, name string) (tls.Certificate, *x509.Certificate) {
	t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	template := &x509.Certificate{
		SerialNumber: big.NewInt(1), Subject: pkix.Name{CommonName: name}, DNSNames: []string{"localhost"},
		NotBefore: time.Now().Add(-time.Hour), NotAfter: time.Now().Add(time.Hour), IsCA: true, BasicConstraintsValid: true,
	}
	der, err := x509.CreateCertificate(rand.Reader, template, template, key.Public(), key)
	if err != nil {
		t.Fatal(err)
	}
	leaf, err := x509.ParseCertificate(der)
	if err != nil {
		t.Fatal(err)
	}
	return tls.Certificate{Certificate: [][]byte{der}, PrivateKey: key}, leaf
}

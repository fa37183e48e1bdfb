package edge_test

import (
	"context"
	"crypto/tls"
	"errors"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strconv"
	"sync"
	"testing"

	"github.com/apimulator/apimulator/internal/edge"
	"github.com/apimulator/apimulator/internal/hosts"
	"github.com/apimulator/apimulator/policy"
	"github.com/apimulator/apimulator/policy/exchange"
)

// A backend is shown the certificate of each request: connections are used again, but
// never for another certificate's requests.
func TestUpstreamCertificate(t *testing.T) {
	authority, err := hosts.LoadOrCreate("", nil, exchange.System)
	if err != nil {
		t.Fatal(err)
	}
	var mu sync.Mutex
	shown := make(map[string]string) // the name on each connection
	backend := httptest.NewUnstartedServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		mu.Lock()
		defer mu.Unlock()
		name := "none"
		if c := r.TLS.PeerCertificates; len(c) > 0 {
			name = c[0].Subject.CommonName
		}
		if before, again := shown[r.RemoteAddr]; again && before != name {
			t.Errorf("the connection of %s carried a request of %s", before, name)
		}
		shown[r.RemoteAddr] = name
		w.Header().Set("X-Shown", name)
	}))
	backend.TLS = authority.TLSConfig()
	backend.TLS.ClientAuth = tls.RequestClientCert
	backend.StartTLS()
	defer backend.Close()
	network := hosts.NewNetwork(hosts.NetworkConfig{Authority: authority})
	upstream := edge.NewUpstream(edge.UpstreamConfig{Dial: network.Dial, DialWith: network.DialWith})
	defer upstream.Close()
	u, err := url.Parse(backend.URL)
	if err != nil {
		t.Fatal(err)
	}
	port, err := strconv.Atoi(u.Port())
	if err != nil {
		t.Fatal(err)
	}
	certificate := func(name string) *exchange.Certificate {
		pair, leaf := selfSigned(t, name)
		return &exchange.Certificate{Leaf: leaf, PrivateKey: pair.PrivateKey}
	}
	a, b := certificate("a"), certificate("b")
	send := func(c *exchange.Certificate) (*exchange.Response, error) {
		return upstream.Send(context.Background(), &policy.Outgoing{
			Method: "GET", URL: exchange.URL{Scheme: "https", Host: "localhost", Port: port, Path: "/"}, Body: &exchange.Body{}, Certificate: c,
		})
	}
	for range 3 {
		for want, c := range map[string]*exchange.Certificate{"none": nil, "a": a, "b": b} {
			response, err := send(c)
			if err != nil {
				t.Fatal(err)
			}
			if got, _ := response.Header.Get("X-Shown"); got != want {
				t.Errorf("the backend was shown %q, want %q", got, want)
			}
			response.Body.Close()
		}
	}
	if len(shown) != 3 {
		t.Errorf("%d connections were made, want 3: %v", len(shown), shown)
	}
	var failed *policy.SendError
	upstream.CloseIdle()
	if _, err := send(&exchange.Certificate{Leaf: a.Leaf}); !errors.As(err, &failed) || failed.Reason != exchange.ReasonBackendConnection {
		t.Errorf("a certificate without a private key: got %v", err)
	}
}

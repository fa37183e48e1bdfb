package jwtvalidate

import (
	"io"
	"log"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/apimulator/apimulator/policy/exchange"
)

// serve is an issuer behind a real TLS server.
func serve(t *testing.T, keySet http.HandlerFunc) (discovery string, v *Validator) {
	t.Helper()
	mux := http.NewServeMux()
	server := httptest.NewUnstartedServer(mux)
	server.Config.ErrorLog = log.New(io.Discard, "", 0) // handshakes fail on purpose
	server.StartTLS()
	t.Cleanup(server.Close)
	mux.HandleFunc("GET /.well-known/openid-configuration", func(w http.ResponseWriter, r *http.Request) {
		if got := r.Header.Get("Accept"); got != "application/json" {
			t.Errorf("got Accept %q", got)
		}
		_, _ = w.Write([]byte(document(testIssuer, server.URL+"/keys")))
	})
	mux.HandleFunc("GET /keys", keySet)
	v = New(Config{Client: server.Client(), Clock: exchange.NewVirtualClock(epoch), FetchTimeout: time.Minute})
	t.Cleanup(v.Close)
	return server.URL + "/.well-known/openid-configuration", v
}

func TestRealServer(t *testing.T) {
	key := rsaKey(1)
	discovery, v := serve(t, func(w http.ResponseWriter, r *http.Request) {
		_, _ = w.Write([]byte(keySetBody(key.jwk())))
	})
	rules := newRules()
	rules.OpenIDConfigs = []string{discovery}
	mustAccept(t, v, newDraft(key).sign(t), rules)
}

func TestRedirectAwayFromTLS(t *testing.T) {
	key := rsaKey(1)
	plain := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		_, _ = w.Write([]byte(keySetBody(key.jwk())))
	}))
	t.Cleanup(plain.Close)
	discovery, v := serve(t, func(w http.ResponseWriter, r *http.Request) {
		http.Redirect(w, r, plain.URL, http.StatusFound)
	})
	rules := newRules()
	rules.OpenIDConfigs = []string{discovery}
	e := mustRefuse(t, v, newDraft(key).sign(t), rules, ReasonSignatureKeyNotFound)
	if !strings.Contains(e.Message, "redirected from https to http") {
		t.Errorf("got message %q", e.Message)
	}
}

func TestUntrustedServer(t *testing.T) {
	key := rsaKey(1)
	discovery, trusting := serve(t, func(w http.ResponseWriter, r *http.Request) {
		_, _ = w.Write([]byte(keySetBody(key.jwk())))
	})
	rules := newRules()
	rules.OpenIDConfigs = []string{discovery}
	mustAccept(t, trusting, newDraft(key).sign(t), rules)

	v := New(Config{Client: &http.Client{Transport: &http.Transport{DisableKeepAlives: true}}, Clock: exchange.NewVirtualClock(epoch)})
	t.Cleanup(v.Close)
	e := mustRefuse(t, v, newDraft(key).sign(t), rules, ReasonSignatureKeyNotFound)
	if !strings.Contains(e.Message, "certificate") {
		t.Errorf("got message %q, want it to tell of the certificate", e.Message)
	}
}

func TestBadDiscoveryAddress(t *testing.T) {
	for _, address := range []string{"", "::", "issuer.example", "ftp://issuer.example/", "http://[::1"} {
		v, _ := newValidator(t, http.DefaultTransport)
		rules := newRules()
		rules.OpenIDConfigs = []string{address}
		e := mustRefuse(t, v, newDraft(rsaKey(1)).sign(t), rules, ReasonSignatureKeyNotFound)
		if !strings.Contains(e.Message, "'"+address+"'") {
			t.Errorf("%q: got message %q", address, e.Message)
		}
	}
}

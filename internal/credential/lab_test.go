package credential

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"
	"strconv"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/apimulator/apimulator/policy/exchange"
)

// noon lies ahead of the operating system's clock, so that MSAL takes the tokens of
// these tests into its cache if it can.
var noon = time.Date(2120, 1, 1, 12, 0, 0, 0, time.UTC)

// A lab is a token endpoint and the transport that leads to it. Each has tokens of
// its own.
type lab struct {
	t      *testing.T
	number int64
	clock  *exchange.VirtualClock
	server *httptest.Server
	// hosts may be asked, the metadata service unless set; another fails the test.
	hosts []string
	// real leaves out that the endpoint is emulated.
	real bool
	life time.Duration
	// answer takes the place of a token.
	answer http.HandlerFunc

	mu       sync.Mutex
	requests []*http.Request
}

var labs atomic.Int64

func newLab(t *testing.T) *lab {
	clearEnvironment(t)
	l := &lab{t: t, number: labs.Add(1), clock: exchange.NewVirtualClock(noon), hosts: []string{metadataHost}, life: 24 * time.Hour}
	l.server = httptest.NewServer(l)
	t.Cleanup(l.server.Close)
	return l
}

// resource is one that nothing else in this process asked for: what MSAL caches by
// itself it never forgets.
func (l *lab) resource() string { return fmt.Sprintf("https://lab%d.example", l.number) }

// clearEnvironment takes out what MSAL and azidentity look at.
func clearEnvironment(t *testing.T) {
	for _, name := range []string{
		"IDENTITY_ENDPOINT", "IDENTITY_HEADER", "IDENTITY_SERVER_THUMBPRINT", "IMDS_ENDPOINT",
		"MSI_ENDPOINT", "MSI_SECRET", "DEFAULT_IDENTITY_CLIENT_ID",
		"AZURE_AUTHORITY_HOST", "AZURE_REGIONAL_AUTHORITY_NAME", "AZURE_TENANT_ID", "AZURE_CLIENT_ID", "AZURE_CLIENT_SECRET",
		"AZURE_CLIENT_CERTIFICATE_PATH", "AZURE_USERNAME", "AZURE_FEDERATED_TOKEN_FILE", "AZURE_TOKEN_CREDENTIALS",
	} {
		t.Setenv(name, "") // puts the old value back afterwards
		os.Unsetenv(name)
	}
}

// RoundTrip leads every host to the lab's server.
func (l *lab) RoundTrip(r *http.Request) (*http.Response, error) {
	l.mu.Lock()
	l.requests = append(l.requests, r)
	l.mu.Unlock()
	known := false
	for _, host := range l.hosts {
		known = known || r.URL.Host == host
	}
	if !known {
		l.t.Errorf("a request went to %s; want only %v", r.URL, l.hosts)
	}
	there := r.Clone(r.Context())
	there.URL.Scheme, there.URL.Host, there.Host = "http", l.server.Listener.Addr().String(), r.URL.Host
	return http.DefaultTransport.RoundTrip(there)
}

func (l *lab) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	if !l.real {
		w.Header().Set(emulatedBy, "a test")
	}
	l.mu.Lock()
	answer := l.answer
	l.mu.Unlock()
	if answer != nil {
		answer(w, r)
		return
	}
	l.grant(w, r)
}

// grant answers as the metadata service (identity.md 2.2). The token tells what it
// was asked for and how many requests there were by then.
func (l *lab) grant(w http.ResponseWriter, r *http.Request) {
	r.ParseForm()
	token := fmt.Sprintf("lab%d_%s_%s_%d", l.number, url.QueryEscape(r.Form.Get("resource")), r.Form.Get("client_id"), l.count())
	json.NewEncoder(w).Encode(map[string]string{
		"access_token": token,
		"client_id":    r.Form.Get("client_id"),
		"expires_in":   strconv.Itoa(int(l.life.Seconds())),
		"expires_on":   strconv.FormatInt(l.clock.Now().Add(l.life).Unix(), 10),
		"resource":     r.Form.Get("resource"),
		"token_type":   "Bearer",
	})
}

// reply makes the endpoint answer otherwise than with a token.
func (l *lab) reply(status int, body string) {
	l.replyWith(func(w http.ResponseWriter, _ *http.Request) {
		w.WriteHeader(status)
		fmt.Fprint(w, body)
	})
}

// replyWith makes the endpoint answer by a function; nil means a token again.
func (l *lab) replyWith(answer http.HandlerFunc) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.answer = answer
}

// count is how many requests went out.
func (l *lab) count() int {
	l.mu.Lock()
	defer l.mu.Unlock()
	return len(l.requests)
}

func (l *lab) lastRequest() *http.Request {
	l.mu.Lock()
	defer l.mu.Unlock()
	if len(l.requests) == 0 {
		l.t.Fatal("no request went out; want one")
	}
	return l.requests[len(l.requests)-1]
}

// source makes a source whose transport is the lab.
func (l *lab) source(c Config) *Source {
	l.t.Helper()
	c.Transport, c.Clock = l, l.clock
	s, err := New(c)
	if err != nil {
		l.t.Fatalf("New(%q): %v", c.Mode, err)
	}
	l.t.Cleanup(s.Close)
	return s
}

// token asks a source, and fails the test if there is none.
func token(t *testing.T, s *Source, resource, clientID string) string {
	t.Helper()
	got, err := s.Token(context.Background(), resource, clientID)
	if err != nil {
		t.Fatalf("Token(%q, %q): %v", resource, clientID, err)
	}
	if got.Authorization != "Bearer "+got.Value {
		t.Errorf("Token(%q, %q).Authorization = %q; want Bearer and %q", resource, clientID, got.Authorization, got.Value)
	}
	return got.Value
}

// failure asks a source, and fails the test if it gives a token.
func failure(t *testing.T, s *Source, resource, clientID string) error {
	t.Helper()
	got, err := s.Token(context.Background(), resource, clientID)
	if err == nil {
		t.Fatalf("Token(%q, %q) = %q; want an error", resource, clientID, got.Value)
	}
	return err
}

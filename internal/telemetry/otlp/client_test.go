package otlp

import (
	"bytes"
	"compress/gzip"
	"context"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"encoding/pem"
	"errors"
	"io"
	"log"
	"math/big"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	collectortrace "go.opentelemetry.io/proto/otlp/collector/trace/v1"
	"google.golang.org/protobuf/proto"

	"github.com/apimulator/apimulator/policy/exchange"
)

// pauseClock notes what sleeps by it.
type pauseClock struct {
	exchange.Clock
	sleep func(context.Context, time.Duration) error
}

// Sleep is part of [exchange.Sleeper].
func (c *pauseClock) Sleep(ctx context.Context, d time.Duration) error { return c.sleep(ctx, d) }

// newTestClient is a client whose pauses are noted instead of made.
func newTestClient(t *testing.T) (*client, *[]time.Duration) {
	t.Helper()
	c, err := newClient(Traces)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(c.close)
	paused := new([]time.Duration)
	c.clock = &pauseClock{exchange.System, func(ctx context.Context, d time.Duration) error {
		*paused = append(*paused, d)
		return ctx.Err()
	}}
	return c, paused
}

// answer is one of a collector's.
type answer struct {
	status int
	header map[string]string
	body   []byte
}

func encoded(t *testing.T, m proto.Message) []byte {
	t.Helper()
	b, err := proto.Marshal(m)
	if err != nil {
		t.Fatal(err)
	}
	return b
}

// TestAnswers: what a client makes of what a collector says, the last answer being the one to
// all requests more.
func TestAnswers(t *testing.T) {
	inProtobuf := map[string]string{"Content-Type": protobuf}
	partly := encoded(t, &collectortrace.ExportTraceServiceResponse{PartialSuccess: &collectortrace.ExportTracePartialSuccess{RejectedSpans: 3, ErrorMessage: "too old"}})
	warned := encoded(t, &collectortrace.ExportTraceServiceResponse{PartialSuccess: &collectortrace.ExportTracePartialSuccess{ErrorMessage: "soon no more"}})
	wrong := append([]byte{0x08, 3, 0x12, 13}, "no such\nthing"...) // google.rpc.Status
	for name, test := range map[string]struct {
		answers       []answer
		asked         int
		failed        string // "": not
		least, paused time.Duration
	}{
		"taken":                   {answers: []answer{{status: 200, header: inProtobuf}}, asked: 1},
		"taken with a text":       {answers: []answer{{status: 202, body: []byte("fine")}}, asked: 1},
		"taken in part":           {answers: []answer{{200, inProtobuf, partly}}, asked: 1, failed: `did not take 3 of what was sent: "too old"`},
		"taken in part, and more": {answers: []answer{{200, inProtobuf, append([]byte{0x10, 1, 0x19, 1, 2, 3, 4, 5, 6, 7, 8, 0x25, 1, 2, 3, 4}, partly...)}}, asked: 1, failed: `did not take 3 of what was sent: "too old"`},
		"taken with a warning":    {answers: []answer{{200, inProtobuf, warned}}, asked: 1, failed: `did not take 0 of what was sent: "soon no more"`},
		"taken, broken answer":    {answers: []answer{{200, inProtobuf, []byte{0x0a, 0xff}}}, asked: 1},
		"refused":                 {answers: []answer{{400, inProtobuf, wrong}}, asked: 1, failed: `answers 400 Bad Request: "no such\nthing"`},
		"moved":                   {answers: []answer{{308, map[string]string{"Location": "/elsewhere"}, nil}}, asked: 1, failed: "answers 308 Permanent Redirect"},
		"refused with a text":     {answers: []answer{{status: 401, body: []byte("who are you?\n")}}, asked: 1, failed: `answers 401 Unauthorized: "who are you?"`},
		"an error":                {answers: []answer{{status: 500}}, asked: 1, failed: `answers 500 Internal Server Error: ""`},
		"busy once":               {answers: []answer{{status: 503}, {status: 200}}, asked: 2, least: firstPause / 2},
		"busy, and says":          {answers: []answer{{429, map[string]string{"Retry-After": "40"}, nil}, {status: 200}}, asked: 2, least: 40 * time.Second},
		"busy for too long":       {answers: []answer{{429, map[string]string{"Retry-After": "61"}, nil}}, asked: 1, failed: "answers 429 Too Many Requests"},
		"busy until then":         {answers: []answer{{502, map[string]string{"Retry-After": "Fri, 31 Dec 2100 23:59:59 GMT"}, nil}}, asked: 1, failed: "answers 502 Bad Gateway"},
		"busy for ever":           {answers: []answer{{status: 504}}, asked: -1, failed: "answers 504 Gateway Timeout", least: 30 * time.Second},
	} {
		t.Run(name, func(t *testing.T) {
			asked := 0
			server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, q *http.Request) {
				a := test.answers[min(asked, len(test.answers)-1)]
				asked++
				if body, err := io.ReadAll(q.Body); err != nil || string(body) != "spans" || q.Header.Get("Content-Type") != protobuf {
					t.Errorf("got %q of type %q, %v", body, q.Header.Get("Content-Type"), err)
				}
				for name, value := range a.header {
					w.Header().Set(name, value)
				}
				w.WriteHeader(a.status)
				w.Write(a.body)
			}))
			defer server.Close()
			t.Setenv("OTEL_EXPORTER_OTLP_ENDPOINT", server.URL)
			c, paused := newTestClient(t)
			err := c.post(t.Context(), []byte("spans"))
			if (err == nil) != (test.failed == "") || err != nil && !strings.Contains(err.Error(), test.failed) {
				t.Errorf("got %v, want %q", err, test.failed)
			}
			if test.asked >= 0 && asked != test.asked || len(*paused) != asked-1 {
				t.Errorf("it was asked %d times with the pauses %v, want %d", asked, *paused, test.asked)
			}
			var all time.Duration
			for _, pause := range *paused {
				all += pause
			}
			if all < test.least || all > longestWait {
				t.Errorf("the pauses are %v, want from %v to %v together", *paused, test.least, longestWait)
			}
		})
	}
}

// TestPostEnds: who gives up isn't kept, and is told why it took so long.
func TestPostEnds(t *testing.T) {
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(503) }))
	defer server.Close()
	t.Setenv("OTEL_EXPORTER_OTLP_ENDPOINT", server.URL)
	c, _ := newTestClient(t)
	ctx, cancel := context.WithCancel(t.Context())
	c.clock = &pauseClock{exchange.System, func(ctx context.Context, d time.Duration) error {
		cancel()
		return exchange.Sleep(ctx, exchange.System, d)
	}}
	if err := c.post(ctx, nil); !errors.Is(err, context.Canceled) || !strings.Contains(err.Error(), "503 Service Unavailable") {
		t.Errorf("got %v, want the answer and that it was cancelled", err)
	}
}

// TestSecretsStayIn: an error says the host, and nothing else of an address.
func TestSecretsStayIn(t *testing.T) {
	t.Setenv("OTEL_EXPORTER_OTLP_TRACES_ENDPOINT", "http://user:secret@127.0.0.1:1/secret?key=secret")
	t.Setenv("OTEL_EXPORTER_OTLP_HEADERS", "Api-Key=secret")
	c, paused := newTestClient(t)
	err := c.post(t.Context(), []byte("spans"))
	if err == nil || !strings.HasPrefix(err.Error(), "sending to 127.0.0.1:1: dial tcp") || strings.Contains(err.Error(), "secret") || len(*paused) > 0 {
		t.Errorf("got %v after %v", err, *paused)
	}
}

// TestTimeoutIsTriedAgain: a collector that hangs may do better the next time.
func TestTimeoutIsTriedAgain(t *testing.T) {
	release := make(chan struct{})
	var asked atomic.Int32
	server := httptest.NewServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) {
		if asked.Add(1) == 1 {
			<-release
		}
	}))
	defer server.Close()
	defer close(release)
	t.Setenv("OTEL_EXPORTER_OTLP_ENDPOINT", server.URL)
	t.Setenv("OTEL_EXPORTER_OTLP_TIMEOUT", "100")
	c, paused := newTestClient(t)
	c.clock = &pauseClock{exchange.System, func(_ context.Context, d time.Duration) error {
		*paused = append(*paused, d)
		c.http.Timeout = 0 // the second attempt may take what it takes
		return nil
	}}
	if err := c.post(t.Context(), nil); err != nil || len(*paused) != 1 {
		t.Errorf("got %v after %v, want success after one pause", err, *paused)
	}
}

// TestRequest: headers, compression and the signal's own address.
func TestRequest(t *testing.T) {
	var header http.Header
	var path string
	var body []byte
	server := httptest.NewServer(http.HandlerFunc(func(_ http.ResponseWriter, q *http.Request) {
		header, path = q.Header, q.URL.String()
		r, err := gzip.NewReader(q.Body)
		if err != nil {
			t.Error(err)
			return
		}
		if body, err = io.ReadAll(r); err != nil {
			t.Error(err)
		}
	}))
	defer server.Close()
	t.Setenv("OTEL_EXPORTER_OTLP_TRACES_ENDPOINT", server.URL+"/own?a=b")
	t.Setenv("OTEL_EXPORTER_OTLP_ENDPOINT", "http://elsewhere:1")
	t.Setenv("OTEL_EXPORTER_OTLP_COMPRESSION", "gzip")
	t.Setenv("OTEL_EXPORTER_OTLP_HEADERS", "of-all=1")
	t.Setenv("OTEL_EXPORTER_OTLP_TRACES_HEADERS", " Api-Key = a%20b%3D ,, user-agent=me")
	c, _ := newTestClient(t)
	if err := c.post(t.Context(), []byte("spans")); err != nil {
		t.Fatal(err)
	}
	if path != "/own?a=b" || !bytes.Equal(body, []byte("spans")) {
		t.Errorf("%q came to %s", body, path)
	}
	for name, want := range map[string]string{"Api-Key": "a b=", "User-Agent": "me", "Of-All": "", "Content-Encoding": "gzip"} {
		if got := header.Get(name); got != want {
			t.Errorf("%s is %q, want %q", name, got, want)
		}
	}
}

// TestTLS: whom to trust and who to be are files.
func TestTLS(t *testing.T) {
	certificate, key := selfSigned(t)
	server := httptest.NewUnstartedServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) {}))
	clients := x509.NewCertPool()
	clients.AppendCertsFromPEM(certificate)
	server.TLS = &tls.Config{ClientAuth: tls.RequireAndVerifyClientCert, ClientCAs: clients}
	server.Config.ErrorLog = log.New(io.Discard, "", 0)
	server.StartTLS()
	defer server.Close()
	file := func(name string, text []byte) string {
		path := filepath.Join(t.TempDir(), name)
		if err := os.WriteFile(path, text, 0o600); err != nil {
			t.Fatal(err)
		}
		return path
	}
	t.Setenv("OTEL_EXPORTER_OTLP_ENDPOINT", server.URL)
	c, _ := newTestClient(t)
	if err := c.post(t.Context(), nil); !strings.Contains(err.Error(), "certificate signed by unknown authority") {
		t.Errorf("without the authority: %v", err)
	}
	t.Setenv("OTEL_EXPORTER_OTLP_CERTIFICATE", file("roots.pem", pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: server.Certificate().Raw})))
	c, _ = newTestClient(t)
	if err := c.post(t.Context(), nil); err == nil {
		t.Error("a client without a certificate gets through")
	}
	t.Setenv("OTEL_EXPORTER_OTLP_TRACES_CLIENT_CERTIFICATE", file("client.pem", certificate))
	t.Setenv("OTEL_EXPORTER_OTLP_TRACES_CLIENT_KEY", file("client.key", key))
	c, _ = newTestClient(t)
	if err := c.post(t.Context(), nil); err != nil {
		t.Errorf("with all files: %v", err)
	}
}

func selfSigned(t *testing.T) (certificate, key []byte) {
	t.Helper()
	private, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	template := &x509.Certificate{SerialNumber: big.NewInt(1), NotAfter: time.Now().Add(time.Hour), ExtKeyUsage: []x509.ExtKeyUsage{x509.ExtKeyUsageClientAuth}}
	der, err := x509.CreateCertificate(rand.Reader, template, template, private.Public(), private)
	if err != nil {
		t.Fatal(err)
	}
	pkcs8, err := x509.MarshalPKCS8PrivateKey(private)
	if err != nil {
		t.Fatal(err)
	}
	return pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: der}), pem.EncodeToMemory(&pem.Block{Type: "PRIVATE KEY", Bytes: pkcs8})
}

// TestVariables: what can't be used is refused by its name, without what may be secret.
func TestVariables(t *testing.T) {
	dir := t.TempDir()
	empty := filepath.Join(dir, "empty.pem")
	if err := os.WriteFile(empty, []byte("secret"), 0o600); err != nil {
		t.Fatal(err)
	}
	const all = "OTEL_EXPORTER_OTLP_"
	for name, test := range map[string]struct {
		variables map[string]string
		refused   string
	}{
		"gRPC":           {map[string]string{"PROTOCOL": "grpc"}, `OTEL_EXPORTER_OTLP_PROTOCOL is http/protobuf, the only protocol that is spoken here, not "grpc"`},
		"compression":    {map[string]string{"TRACES_COMPRESSION": "br"}, `OTEL_EXPORTER_OTLP_TRACES_COMPRESSION is gzip or none, not "br"`},
		"timeout":        {map[string]string{"TIMEOUT": "10s"}, `OTEL_EXPORTER_OTLP_TIMEOUT is a number of milliseconds above 0, not "10s"`},
		"no time":        {map[string]string{"TIMEOUT": "0"}, `milliseconds above 0, not "0"`},
		"endpoint":       {map[string]string{"ENDPOINT": "collector:4318/secret"}, "OTEL_EXPORTER_OTLP_ENDPOINT is an address such as http://localhost:4318"},
		"broken address": {map[string]string{"TRACES_ENDPOINT": "http://secret\x7f@h"}, "OTEL_EXPORTER_OTLP_TRACES_ENDPOINT is an address"},
		"no header":      {map[string]string{"HEADERS": "a=b,secret"}, "OTEL_EXPORTER_OTLP_HEADERS is name=value,name=value with %20 for a blank; number 2 of them is not"},
		"header's name":  {map[string]string{"HEADERS": "sec ret=b"}, "number 1 of them is not"},
		"header's value": {map[string]string{"HEADERS": "a=secret%0A"}, "number 1 of them is not"},
		"header's code":  {map[string]string{"HEADERS": "a=secret%zz"}, "number 1 of them is not"},
		"no roots":       {map[string]string{"CERTIFICATE": filepath.Join(dir, "none")}, "OTEL_EXPORTER_OTLP_CERTIFICATE can't be read: open "},
		"empty roots":    {map[string]string{"CERTIFICATE": empty}, "has no certificate in PEM"},
		"no key":         {map[string]string{"CLIENT_CERTIFICATE": empty}, "OTEL_EXPORTER_OTLP_CLIENT_CERTIFICATE and OTEL_EXPORTER_OTLP_CLIENT_KEY go together"},
		"broken key":     {map[string]string{"CLIENT_CERTIFICATE": empty, "TRACES_CLIENT_KEY": empty}, "OTEL_EXPORTER_OTLP_CLIENT_CERTIFICATE and OTEL_EXPORTER_OTLP_TRACES_CLIENT_KEY can't be used: they are no certificate"},
		"no files":       {map[string]string{"CLIENT_CERTIFICATE": filepath.Join(dir, "none"), "CLIENT_KEY": empty}, "can't be used: open "},
	} {
		t.Run(name, func(t *testing.T) {
			for name, value := range test.variables {
				t.Setenv(all+name, value)
			}
			_, err := NewSpanExporter()
			if err == nil || !strings.HasPrefix(err.Error(), "spans can't be sent: "+all) || !strings.Contains(err.Error(), test.refused) || strings.Contains(err.Error(), "secret") {
				t.Errorf("got %v, want %s", err, test.refused)
			}
		})
	}
}

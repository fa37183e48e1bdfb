package gateway_test

import (
	"context"
	"errors"
	"io/fs"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/apimulator/apimulator/internal/gateway"
	"github.com/apimulator/apimulator/internal/service"
	"github.com/apimulator/apimulator/internal/trace"
	"github.com/apimulator/apimulator/policy"
	"github.com/apimulator/apimulator/policy/exchange"
	"github.com/apimulator/apimulator/policy/statements"
)

var noon = time.Date(2030, 1, 1, 12, 0, 0, 0, time.UTC)

const requestID = "cd71e1f2-28a5-4c28-8b72-368278afcbda"

// A lab is a gateway before a backend that answers 200 and keeps what it got.
type lab struct {
	t        *testing.T
	gateway  *gateway.Gateway
	recorder *trace.Recorder
	backend  *backend
}

func newLab(t *testing.T, apimYAML string, files map[string]string) *lab {
	t.Helper()
	l := &lab{t: t, recorder: &trace.Recorder{}, backend: &backend{}}
	l.gateway = gateway.New(&policy.Env{Sender: l.backend, BodyLimit: 1 << 20}, l.recorder, load(t, apimYAML, files, false))
	return l
}

// load makes a service; subscription s has the keys s-primary and s-secondary.
func load(t *testing.T, apimYAML string, files map[string]string, skipUnsupported bool) *service.Service {
	t.Helper()
	s, err := service.Parse("apim.yaml", []byte(apimYAML), service.Options{
		Catalogue: statements.Catalogue(), SkipUnsupported: skipUnsupported,
		Key: func(subscription, slot string) string { return subscription + "-" + slot },
		ReadFile: func(name string) ([]byte, error) {
			text, ok := files[name]
			if !ok {
				return nil, &fs.PathError{Op: "open", Path: name, Err: errors.New("no such file")}
			}
			return []byte(text), nil
		},
	})
	if err != nil {
		t.Fatalf("%v\n%s", err, apimYAML)
	}
	return s
}

// A backend is where the gateway's requests end.
type backend struct {
	mu   sync.Mutex
	sent []*policy.Outgoing
}

func (b *backend) Send(_ context.Context, out *policy.Outgoing) (*exchange.Response, error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.sent = append(b.sent, out)
	return &exchange.Response{Status: 200, Reason: "OK", Body: exchange.BytesBody([]byte("from the backend"))}, nil
}

// last is the newest request that the backend got, nil if it got none.
func (b *backend) last() *policy.Outgoing {
	b.mu.Lock()
	defer b.mu.Unlock()
	if len(b.sent) == 0 {
		return nil
	}
	return b.sent[len(b.sent)-1]
}

// request makes an exchange of "METHOD address" and header lines.
func request(t *testing.T, line string, header ...string) *exchange.Exchange {
	t.Helper()
	method, address, _ := strings.Cut(line, " ")
	scheme, rest, absolute := strings.Cut(address, "://")
	if !absolute {
		scheme, rest = "https", "gateway.example"+address
	}
	host, target := rest, ""
	if i := strings.IndexAny(rest, "/?*"); i >= 0 {
		host, target = rest[:i], rest[i:]
	}
	u, err := exchange.ParseURL(scheme + "://" + host)
	if err != nil {
		t.Fatal(err)
	}
	u.Path, u.RawQuery, _ = strings.Cut(target, "?")
	x := &exchange.Exchange{Context: t.Context(), ID: requestID, Timestamp: noon, Clock: exchange.NewVirtualClock(noon)}
	x.Request.Method, x.Request.OriginalURL, x.Request.ClientIP = method, u, "192.0.2.7"
	x.Request.Header.Add("Host", host)
	for _, h := range header {
		name, value, _ := strings.Cut(h, ":")
		x.Request.Header.Add(name, strings.TrimSpace(value))
	}
	return x
}

// do takes a request through the gateway, to the end of its record.
func (l *lab) do(line string, header ...string) (*exchange.Exchange, *trace.Record) {
	l.t.Helper()
	x := request(l.t, line, header...)
	l.gateway.Handle(x)
	if x.Response == nil {
		l.t.Fatalf("%s: no response", line)
	}
	l.recorder.Finish(x, trace.End{Status: x.Response.Status})
	return x, l.recorder.Last()
}

func body(t *testing.T, r *exchange.Response) string {
	t.Helper()
	data, err := r.Body.Buffer(1 << 20)
	if err != nil {
		t.Fatal(err)
	}
	return string(data)
}

func header(r *exchange.Response, name string) string {
	return strings.Join(r.Header.Values(name), " | ")
}

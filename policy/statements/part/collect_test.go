package part

import (
	"context"
	"errors"
	"io"
	"strings"
	"testing"
	"time"

	"github.com/apimulator/apimulator/policy"
	"github.com/apimulator/apimulator/policy/exchange"
)

// broken is a stream that ends with an error.
type broken struct{ io.Reader }

func (b broken) Read(p []byte) (int, error) {
	n, err := b.Reader.Read(p)
	if err == io.EOF {
		err = errors.New("broken off")
	}
	return n, err
}

// A response is kept as the client gets it, if that is whole and not too large.
func TestCollectResponse(t *testing.T) {
	stream := func(r io.Reader) exchange.Body { return exchange.StreamBody(io.NopCloser(r), -1) }
	for name, test := range map[string]struct {
		body exchange.Body
		want string // "-": nothing is kept
	}{
		"in memory": {exchange.BytesBody([]byte("abc")), "abc"}, "none": {exchange.Body{}, ""}, "a stream": {stream(strings.NewReader("abc")), "abc"},
		"broken off": {stream(broken{strings.NewReader("abc")}), "-"}, "too large": {stream(strings.NewReader(strings.Repeat("x", policy.MaxCached+1))), "-"},
	} {
		x := &exchange.Exchange{Context: context.Background(), Clock: exchange.System, Response: &exchange.Response{Status: 200, Body: test.body}}
		x.Response.Header.Add("Content-Length", "3")
		x.Response.Header.Add("X-A", "b")
		got := "-"
		CollectResponse(&policy.Run{Exchange: x}, "cache-store", time.Hour, func(data []byte, left time.Duration) {
			s, ok := ReadStored(data)
			if !ok || left > time.Hour || left < time.Hour-time.Minute || len(s.Fields) != 1 {
				t.Errorf("%s: kept for %s: %+v", name, left, s)
			}
			got = string(s.Body)
		})
		r, err := x.Response.Body.Reader()
		if err != nil {
			t.Fatal(err)
		}
		_, _ = io.Copy(io.Discard, r)
		r.Close()
		if got != test.want {
			t.Errorf("%s: kept %.20q, want %q", name, got, test.want)
		}
	}
}

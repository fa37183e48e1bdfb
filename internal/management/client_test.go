package management_test

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/apimulator/apimulator/internal/management"
	"github.com/apimulator/apimulator/internal/trace"
)

// state is a state folder whose address file holds a text.
func state(t *testing.T, text string) string {
	t.Helper()
	dir := t.TempDir()
	if err := os.WriteFile(filepath.Join(dir, management.AddressFile), []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	return dir
}

// open finds a listener at an address.
func open(t *testing.T, address management.Address) *management.Client {
	t.Helper()
	data, err := json.Marshal(address)
	if err != nil {
		t.Fatal(err)
	}
	c, err := management.Open(state(t, string(data)))
	if err != nil {
		t.Fatal(err)
	}
	return c
}

func serve(t *testing.T, h http.Handler) string {
	t.Helper()
	s := httptest.NewServer(h)
	t.Cleanup(s.Close)
	return s.URL
}

func TestClient(t *testing.T) {
	for _, name := range []string{"HTTP_PROXY", "http_proxy", "ALL_PROXY"} {
		t.Setenv(name, "http://127.0.0.1:1") // proxies of the environment are none of its business
	}
	l := newLab(t)
	l.record("id")
	c := open(t, management.Address{URL: serve(t, l.handler), Token: bearer})

	var record trace.Record
	if err := c.Get(t.Context(), "/traces/last", &record); err != nil || record.ID != "id" {
		t.Errorf("Get: %v, %+v; want the record", err, record)
	}
	var clock struct{ Offset string }
	if err := c.Post(t.Context(), "/clock/advance", map[string]string{"by": "5m"}, &clock); err != nil || clock.Offset != "5m0s" {
		t.Errorf("Post: %v, %+v; want an offset of 5m0s", err, clock)
	}
	if err := c.Post(t.Context(), "/clock/advance", func() {}, &clock); err == nil {
		t.Error("Post of what has no JSON succeeds")
	}
}

func TestOpenErrors(t *testing.T) {
	missing := t.TempDir()
	folder := t.TempDir()
	if err := os.Mkdir(filepath.Join(folder, management.AddressFile), 0o700); err != nil {
		t.Fatal(err)
	}
	const damaged = "management.json of the state folder is damaged"
	for name, test := range map[string]struct{ dir, want string }{
		"no file":       {missing, "no emulator is running with the state folder " + missing},
		"no folder":     {filepath.Join(missing, "none"), "no emulator is running with the state folder " + filepath.Join(missing, "none")},
		"a folder":      {folder, "the state folder can't be read"},
		"empty":         {state(t, ""), damaged},
		"cut off":       {state(t, `{"url": "http://127.0.0.1:1", "tok`), damaged},
		"another kind":  {state(t, `[]`), damaged},
		"another type":  {state(t, `{"url": 5, "token": "a"}`), damaged},
		"no members":    {state(t, `{}`), damaged},
		"without token": {state(t, `{"url": "http://127.0.0.1:1"}`), damaged},
		"without URL":   {state(t, `{"token": "a"}`), damaged},
	} {
		if _, err := management.Open(test.dir); err == nil || !strings.HasPrefix(err.Error(), test.want) {
			t.Errorf("%s: %v; want %s", name, err, test.want)
		}
	}
}

// What goes wrong is told in a line, without the bearer.
func TestClientErrors(t *testing.T) {
	l := newLab(t)
	gone := httptest.NewServer(l.handler)
	gone.Close()
	refusing := func(status int, text string) http.Handler {
		return http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
			w.WriteHeader(status)
			fmt.Fprint(w, text)
		})
	}
	tests := []struct {
		name    string
		address management.Address
		path    string
		want    string
		status  int // of a RefusedError
	}{
		{"it has ended", management.Address{URL: gone.URL, Token: bearer}, "/traces", "the emulator of this state folder does not answer", 0},
		{"no address", management.Address{URL: "nonsense", Token: bearer}, "/traces", "the emulator of this state folder does not answer", 0},
		{"another start's bearer", management.Address{URL: serve(t, l.handler), Token: "stale"}, "/traces", "the management listener needs the bearer", 401},
		{"a refusal", management.Address{URL: serve(t, l.handler), Token: bearer}, "/traces/none", "no trace has this id", 404},
		{"a refusal in text", management.Address{URL: serve(t, l.handler), Token: bearer}, "/none", "the emulator answered 404 Not Found", 404},
		{"another program, refusing", management.Address{URL: serve(t, refusing(502, "<html>")), Token: bearer}, "/traces", "the emulator answered 502 Bad Gateway", 502},
		{"another program", management.Address{URL: serve(t, refusing(200, "<html>")), Token: bearer}, "/traces", "what answers at http://127.0.0.1:", 0},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			var v any
			err := open(t, test.address).Get(t.Context(), test.path, &v)
			if err == nil || !strings.HasPrefix(err.Error(), test.want) || strings.Contains(err.Error(), "\n") || strings.Contains(err.Error(), bearer) {
				t.Fatalf("%v; want a line that begins with %q", err, test.want)
			}
			var refused *management.RefusedError
			if got := errors.As(err, &refused); got != (test.status != 0) || got && refused.Status != test.status {
				t.Errorf("%#v; want a refusal with status %d", err, test.status)
			}
		})
	}
}

func TestClientContext(t *testing.T) {
	stopped := errors.New("stopped")
	ctx, cancel := context.WithCancelCause(t.Context())
	c := open(t, management.Address{URL: serve(t, http.HandlerFunc(func(http.ResponseWriter, *http.Request) { cancel(stopped) })), Token: bearer})
	var v any
	if err := c.Get(ctx, "/traces", &v); !errors.Is(err, stopped) {
		t.Errorf("Get with a context that ends: %v; want its cause", err)
	}
}

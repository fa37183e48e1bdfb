package emulator

import (
	"io"
	"net/http"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

func withGatewayOnly(c *Config) { c.GatewayOnly, c.Identity = true, "environment" }

// A gateway alone has issuer and identity elsewhere, and nothing of its own beside it.
func TestGatewayOnly(t *testing.T) {
	parties := newLab(t, nil) // another emulator's: the issuer
	appService(t, parties.IdentityEndpoint(), parties.IdentityHeader())
	keys := do(t, parties.client, request(t, http.MethodGet, parties.Authority()+"/discovery/keys", "")).body
	issuer := backend(t, func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Type", "application/json")
		if r.URL.Path == "/keys" {
			_, _ = io.WriteString(w, keys)
			return
		}
		_, _ = io.WriteString(w, `{"issuer":"https://sts.windows.net/`+parties.TenantID()+`/","jwks_uri":"http://`+r.Host+`/keys"}`)
	})
	var seen []string
	behind := backend(t, func(_ http.ResponseWriter, r *http.Request) { seen = append(seen, r.Header.Get("Authorization")) })
	document := strings.ReplaceAll(fakeLogin, "https://login.microsoftonline.com", issuer.URL) + identity
	state := t.TempDir()
	l := newLab(t, open(behind.URL, document), withGatewayOnly, withState(state))
	for token, status := range map[string]int{parties.userToken(): http.StatusOK, "none": http.StatusUnauthorized} {
		got := do(t, l.client, request(t, http.MethodGet, l.Gateway()+"/", "", "Authorization", "Bearer "+token))
		if got.status != status {
			t.Errorf("got %d %s; want %d", got.status, got.body, status)
		}
	}
	if len(seen) != 1 || !strings.HasPrefix(seen[0], "Bearer ey") || strings.Contains(seen[0], parties.userToken()) {
		t.Errorf("the backend saw %d requests; want one, with the identity's token", len(seen))
	}
	if len(l.listeners) > 0 {
		t.Errorf("%d listeners are beside the gateway's", len(l.listeners))
	}
	for _, name := range []string{"running.json", "management.json", "entra"} {
		if _, err := os.Stat(filepath.Join(state, name)); err == nil {
			t.Errorf("the state folder has %s, which is for what is left out", name)
		}
	}
}

// What leads to a party leads to the real host: so nobody has to be told of it, and it is
// no emulated one.
func TestGatewayOnlyHosts(t *testing.T) {
	l := newLab(t, open(realHost, fakeLogin).with("hosts: {shop.example: \"localhost:1\"}\n"), withGatewayOnly, withListen(everywhere))
	if got, want := l.hosts.Load().Patterns(), []string{"*.azure-api.net", "shop.example"}; !slices.Equal(got, want) {
		t.Errorf("the map holds %q; want %q", got, want)
	}
}

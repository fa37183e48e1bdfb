package emulator

import (
	"encoding/json"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/apimulator/apimulator/internal/entra"
	"github.com/apimulator/apimulator/internal/management"
)

// Parts of services for the tests of what may start.
const (
	everywhere = "0.0.0.0:0"
	realHost   = "https://api.example.com"
	loginsOff  = "hosts: {login.microsoftonline.com: real, login.windows.net: real, login.microsoft.com: real, sts.windows.net: real}\n"
	fakeLogin  = `
  <validate-jwt header-name="Authorization">
    <openid-config url="https://login.microsoftonline.com/contoso.onmicrosoft.com/.well-known/openid-configuration" />
  </validate-jwt>`
	identity = `<authentication-managed-identity resource="https://cognitiveservices.azure.com" />`
)

// with is a service with more in its apim.yaml.
func (f files) with(more string) files {
	f["apim.yaml"] += more
	return f
}

// TestRefusedStarts: what would be unsafe, or would not work, does not start, and
// one error says what it is, where, and what to do.
func TestRefusedStarts(t *testing.T) {
	const here = "http://localhost:1"
	for _, test := range []struct {
		name   string
		files  files
		change func(*Config)
		want   []string
	}{
		{"a real backend", open(realHost, fakeLogin), nil, []string{"refused", "API api goes to api.example.com", "say --real-backend"}},
		{"a real backend in a policy", open(here, "\n"+`<set-backend-service base-url="`+realHost+`" />`), nil,
			[]string{"refused", "policy.xml:3 goes to api.example.com", "say --real-backend"}},
		{"a real address of a mapped host", open(realHost, "").with("hosts: {api.example.com: \"192.0.2.1:443\"}\n"), nil,
			[]string{"refused", "api.example.com", "say --real-backend"}},
		{"a real backend, listening to others", open(realHost, ""), func(c *Config) { c.Listen, c.RealBackend = everywhere, true },
			[]string{"refused", "--listen 0.0.0.0:0 is not on loopback", "listen on 127.0.0.1, or take the login hosts off the map"}},
		{"a real backend, listening to others without TLS", open(realHost, ""), func(c *Config) { c.HTTP, c.RealBackend = everywhere, true },
			[]string{"refused", "--http 0.0.0.0:0 is not on loopback"}},
		{"a real backend, the parties listening to others", open(realHost, ""), func(c *Config) { c.Parties, c.RealBackend = ":0", true },
			[]string{"refused", "--parties :0 is not on loopback"}},
		{"a real backend, B2C emulated", open(realHost, strings.ReplaceAll(fakeLogin, "login.microsoftonline.com", "contoso.b2clogin.com")).with(loginsOff), nil,
			[]string{"refused", "api.example.com"}},
		{"Azure's identities", open(here, ""), withIdentity("azure"), []string{"refused", "managed identity tokens come from the azure", "say --real-backend"}},
		{"the environment's identity", open(here, ""), withIdentity("environment"), []string{"refused", "managed identity tokens come from the environment"}},
		{"an identity that there isn't", open(here, ""), withIdentity("mine"), []string{`--identity is emulated, environment, azure, not "mine"`}},
		{"the management listener for others", nil, func(c *Config) { c.Management = everywhere }, []string{"--management listens on loopback only, such as 127.0.0.1:0, not on 0.0.0.0:0"}},
		{"the proxy for others", nil, func(c *Config) { c.Proxy = "192.0.2.1:8446" }, []string{"--proxy listens on loopback only", "not on 192.0.2.1:8446"}},
		{"a policy that names an unserved host", open(here, "\n  "+`<set-backend-service base-url="https://graph.microsoft.com/v1.0" />`), nil,
			[]string{"policy.xml:3:34: ", "graph.microsoft.com, which is not emulated", "hosts: {graph.microsoft.com: real}"}},
		{"a backend that is an unserved host", open("https://graph.microsoft.com", ""), nil, []string{"API api goes to graph.microsoft.com, which is not emulated"}},
		{"a host off the map that was not on it", open(here, "").with("hosts: {api.example.com: real}\n"), nil, []string{"hosts", `"api.example.com" is not on the map`}},
		{"an address that is none", open(here, "").with("hosts: {api.example.com: nowhere}\n"), nil, []string{"hosts", `"nowhere" is not host:port`}},
		{"a section that a party refuses", open(here, "").with("entra: {tenants: []}\n"), nil, []string{"apim.yaml:3:", "tenants"}},
		{"a gateway alone, with the emulated identity", nil, func(c *Config) { c.GatewayOnly = true }, []string{"--gateway-only leaves no emulated managed identity: say --identity environment or azure"}},
		{"a gateway alone, with parties", nil, func(c *Config) { withGatewayOnly(c); c.Parties = "127.0.0.1:1" }, []string{"--gateway-only leaves out what listens at --parties 127.0.0.1:1"}},
		{"a gateway alone, with settings for clients", nil, func(c *Config) { withGatewayOnly(c); c.EnvFile = "sample.env" }, []string{"--env-file is of no use with --gateway-only"}},
		{"a gateway alone, without a service", nil, withGatewayOnly, []string{"--gateway-only needs a service, or --policy"}},
		{"no state folder for the settings' certificates", nil, func(c *Config) { c.EnvFile = "sample.env" }, []string{"--env-file needs a state folder"}},
	} {
		change := test.change
		if change == nil {
			change = func(*Config) {}
		}
		l, err := startLab(t, test.files, change)
		if err == nil {
			l.close()
			t.Errorf("%s: it starts, with warnings %q", test.name, l.Warnings)
			continue
		}
		for _, part := range test.want {
			if !strings.Contains(err.Error(), part) {
				t.Errorf("%s:\ngot  %v\nwant %q in it", test.name, err, part)
			}
		}
	}
}

// TestAllowedStarts: what is safe starts, and what is only permitted warns.
func TestAllowedStarts(t *testing.T) {
	for _, test := range []struct {
		name   string
		files  files
		change func(*Config)
		warns  string
	}{
		{"a real backend that is meant", open(realHost, fakeLogin), withRealBackend, "something real stands behind the gateway: API api goes to api.example.com"},
		{"Azure's identities that are meant", open("http://localhost:1", ""), func(c *Config) { c.Identity, c.RealBackend = "azure", true },
			"something real stands behind the gateway: managed identity tokens come from the azure"},
		{"a real backend behind real logins", open(realHost, fakeLogin).with(loginsOff), withListen(everywhere), ""},
		{"a private backend, listening to others", open("http://10.0.0.1", fakeLogin), withListen(everywhere), ""},
		{"emulated backends, listening to others", nil, withListen(everywhere), ""},
		{"--real-backend in vain", nil, func(c *Config) { c.Listen, c.RealBackend = everywhere, true },
			"--real-backend opens no real host: the emulated Entra ID is trusted and --listen 0.0.0.0:0 is not on loopback"},
	} {
		l, err := startLab(t, test.files, test.change)
		if err != nil {
			t.Errorf("%s: %v", test.name, err)
			continue
		}
		l.close()
		if got := strings.Join(l.Warnings, "\n"); test.warns == "" && got != "" || !strings.Contains(got, test.warns) {
			t.Errorf("%s: the warnings are %q; want %q", test.name, got, test.warns)
		}
	}
}

// TestReloadedListeners: a reload is held against all listeners, as a start is.
func TestReloadedListeners(t *testing.T) {
	l := newLab(t, files{"apim.yaml": sayingService, "policy.xml": says("good")}, withWatch, withRealBackend, func(c *Config) { c.HTTP = everywhere })
	l.replace("apim.yaml", strings.ReplaceAll(sayingService, "http://localhost:1", realHost))
	if line := l.log.await(t, notReloaded); !strings.Contains(line, "--http 0.0.0.0:0 is not on loopback") {
		t.Errorf("a real backend came while others can reach --http, and the log says %s", line)
	}
	l.checkSays("good")
}

// TestRealHostsAtDial: what no check at the start has seen is refused when it is
// dialed.
func TestRealHostsAtDial(t *testing.T) {
	redirecting := backend(t, func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Location", "http://192.0.2.1/")
		w.WriteHeader(http.StatusFound)
	})
	for name, change := range map[string]func(*Config){
		"on loopback": func(*Config) {},
		"listening to others, with real backends": func(c *Config) { c.Listen, c.RealBackend = everywhere, true },
	} {
		service := open(redirecting.URL, "")
		service["policy.xml"] = strings.ReplaceAll(service["policy.xml"], "<backend><base /></backend>", `<backend><forward-request follow-redirects="true" /></backend>`)
		l := newLab(t, service, change)
		got, record := l.get("/"), l.record()
		if detail := record.Deciding().Detail; got.status != http.StatusInternalServerError || !strings.Contains(detail, "192.0.2.1 is a real host") {
			t.Errorf("%s: got %d, %q; want 500 and the host", name, got.status, detail)
		}
	}
}

// TestRealLogins: where the login hosts and the metadata address are off the map,
// the emulated parties still know each other.
func TestRealLogins(t *testing.T) {
	off := strings.ReplaceAll(loginsOff, "{", "{169.254.169.254: real, ")
	l := newLab(t, open("https://contoso.openai.azure.com/openai", identity).with(off))
	got := do(t, l.client, request(t, http.MethodPost, l.Gateway()+"/deployments/gpt-4o/chat/completions?api-version="+apiVersion, chatBody, "Content-Type", "application/json"))
	if got.status != http.StatusOK {
		t.Errorf("got %d %s (%+v); want an answer of the emulated Azure OpenAI to the emulated identity", got.status, got.body, l.record().Deciding())
	}
}

// TestNoSystemIdentity: an instance may have no identity of its own, and then no
// role for it either. The metadata service gives the only other one.
func TestNoSystemIdentity(t *testing.T) {
	l := newLab(t, open("https://contoso.openai.azure.com/openai", identity).with("managedIdentity: {systemAssigned: null}\n"))
	got := do(t, l.client, request(t, http.MethodPost, l.Gateway()+"/deployments/gpt-4o/chat/completions?api-version="+apiVersion, chatBody))
	if got.status != http.StatusUnauthorized || !strings.Contains(got.body, "PermissionDenied") {
		t.Errorf("got %d %s; want 401, since the identity has no role", got.status, got.body)
	}
}

// TestUnserved: a mapped host that no party serves is answered with 501 that names
// it, by listeners and by the proxy.
func TestUnserved(t *testing.T) {
	l := newLab(t, nil)
	for _, listener := range []string{l.Gateway(), l.Parties()} {
		got := do(t, l.client, request(t, http.MethodGet, listener+"/v1.0/me", "", "Host", "graph.microsoft.com"))
		if got.status != http.StatusNotImplemented || !strings.Contains(got.body, "graph.microsoft.com") {
			t.Errorf("%s: got %d %s; want 501 and the host", listener, got.status, got.body)
		}
	}
	c := dial(t, strings.TrimPrefix(l.Proxy(), "http://"))
	if _, err := c.conn.Write([]byte("CONNECT graph.microsoft.com:443 HTTP/1.1\r\nHost: graph.microsoft.com:443\r\n\r\n")); err != nil {
		t.Fatal(err)
	}
	answer, err := c.r.ReadString('\n')
	if err != nil || !strings.HasPrefix(answer, "HTTP/1.1 501 ") {
		t.Errorf("the proxy answers %q, %v; want 501", answer, err)
	}
}

// TestTokensStay: a managed identity's token goes where it belongs only, whatever
// a policy says.
func TestTokensStay(t *testing.T) {
	var seen []string
	private := backend(t, func(_ http.ResponseWriter, r *http.Request) { seen = append(seen, r.Header.Get("Authorization")) })
	real := backend(t, func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Type", "application/json")
		_, _ = w.Write([]byte(`{"access_token":"` + strings.Repeat("real-token-", 20) + `","expires_on":"4102444800","resource":"` + r.URL.Query().Get("resource") + `","token_type":"Bearer"}`))
	})
	appService(t, real.URL, "secret")
	for _, test := range []struct {
		name, mode, backend, more string
		refusal                   string // "" where the token is sent
	}{
		{"an emulated token to this machine", "emulated", private.URL, "", ""},
		{"an emulated token to a real host", "emulated", realHost, "hosts: {api.example.com: \"192.0.2.1:443\"}\n", "must not go to api.example.com, a real host"},
		{"a real token to a mapped host", "environment", "https://contoso.openai.azure.com", "", "must not go to contoso.openai.azure.com, which is a mapped host"},
		{"a real token to a host not of its resource", "environment", private.URL, "", "must not go to 127.0.0.1; it is for "},
	} {
		seen = nil
		l := newLab(t, open(test.backend, identity).with(test.more), withRealBackend, withIdentity(test.mode))
		got, record := l.get("/"), l.record()
		if test.refusal == "" {
			if got.status != http.StatusOK || len(seen) != 1 || !strings.HasPrefix(seen[0], "Bearer ey") {
				t.Errorf("%s: got %d, the backend saw %d requests; want the token sent", test.name, got.status, len(seen))
			}
			continue
		}
		if d := record.Deciding(); got.status != http.StatusInternalServerError || !strings.Contains(d.Detail, test.refusal) || len(seen) > 0 {
			t.Errorf("%s: got %d, %q, %d requests; want 500, %q and none", test.name, got.status, d.Detail, len(seen), test.refusal)
		}
	}
}

// TestManagementBearer: whoever can't read the state folder learns nothing but
// that an emulator runs.
func TestManagementBearer(t *testing.T) {
	state := t.TempDir()
	l := newLab(t, nil, withState(state))
	var address management.Address
	readJSON(t, filepath.Join(state, management.AddressFile), &address)
	bearer := "Bearer " + address.Token
	for _, test := range []struct {
		name, method, path string
		lines              []string
		status             int
	}{
		{"health", http.MethodGet, "/health", nil, http.StatusOK},
		{"no bearer", http.MethodGet, "/traces", nil, http.StatusUnauthorized},
		{"no bearer for a token", http.MethodPost, "/entra/token", nil, http.StatusUnauthorized},
		{"another bearer", http.MethodGet, "/traces", []string{"Authorization", bearer + "x"}, http.StatusUnauthorized},
		{"the bearer", http.MethodGet, "/traces", []string{"Authorization", bearer}, http.StatusOK},
		{"another name for this machine", http.MethodGet, "/health", []string{"Host", "attacker.example"}, http.StatusForbidden},
		{"a page of another site", http.MethodGet, "/traces", []string{"Authorization", bearer, "Origin", "https://attacker.example"}, http.StatusForbidden},
	} {
		got := do(t, l.client, request(t, test.method, l.Management()+test.path, "", test.lines...))
		if got.status != test.status {
			t.Errorf("%s: got %d %s; want %d", test.name, got.status, got.body, test.status)
		}
	}
	client, err := management.Open(state)
	if err != nil {
		t.Fatal(err)
	}
	var minted struct{ Token string }
	if err := client.Post(t.Context(), "/entra/token", entra.MintRequest{User: "alice@contoso.onmicrosoft.com", Audience: l.ClientID()}, &minted); err != nil {
		t.Fatal(err)
	}
	l.checkChats(minted.Token)
}

func readJSON(t testing.TB, path string, v any) {
	t.Helper()
	text, err := os.ReadFile(path)
	if err == nil {
		err = json.Unmarshal(text, v)
	}
	if err != nil {
		t.Fatal(err)
	}
}

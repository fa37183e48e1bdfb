package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"testing"
)

func TestWalksTheSignInOfARunningEmulator(t *testing.T) {
	a := newAzure(t)
	out := a.client(run{args: []string{"--state", a.state(), "I need a reliable and affordable car"}})
	out.want(t, exitOK, "Buy a bicycle.\n")

	request, body := a.last()
	if got := request.Header.Get("Authorization"); got != "Bearer "+a.issued[0] {
		t.Errorf("Authorization: got %q, want the issued token", got)
	}
	if got := request.Header.Get("Ocp-Apim-Subscription-Key"); got != key {
		t.Errorf("subscription key: got %q, want %q", got, key)
	}
	if got, want := request.URL.String(), path+"?api-version=2023-09-01-preview"; got != want {
		t.Errorf("URL: got %q, want %q", got, want)
	}
	want := `{"messages":[{"role":"system","content":"You are a helpful assistant."},{"role":"user","content":"I need a reliable and affordable car"}]}`
	if body != want {
		t.Errorf("body: got %s, want %s", body, want)
	}
}

func TestStateFolderFromTheEnvironment(t *testing.T) {
	a := newAzure(t)
	out := a.client(run{args: []string{"Hello"}, env: map[string]string{"APIMULATOR_STATE": a.state()}})
	out.want(t, exitOK, "Buy a bicycle.\n")
}

func TestPromptAndSystemMessage(t *testing.T) {
	a := newAzure(t)
	state := a.state()
	for _, test := range []struct {
		args  []string
		stdin string
		want  string
	}{
		{[]string{"--system", "Be brief.", "two", "words"}, "", `{"messages":[{"role":"system","content":"Be brief."},{"role":"user","content":"two words"}]}`},
		{[]string{"--system=", "-"}, "from a pipe\n", `{"messages":[{"role":"user","content":"from a pipe"}]}`},
		{[]string{"--system=", "--stream", "x"}, "", `{"messages":[{"role":"user","content":"x"}],"stream":true}`},
	} {
		a.client(run{args: append([]string{"--state", state}, test.args...), stdin: test.stdin}).want(t, exitOK, "Buy a bicycle.\n")
		if _, body := a.last(); body != test.want {
			t.Errorf("client %q sent %s, want %s", test.args, body, test.want)
		}
	}
}

func TestBrowserSignIn(t *testing.T) {
	a := newAzure(t)
	for name, r := range map[string]run{
		"--browser at an emulator":     {args: []string{"--state", a.state(), "--browser", "Hello"}},
		"an authority set by hand":     {args: []string{"Hello"}, env: a.environment()},
		"a browser that doesn't start": {args: []string{"Hello"}, env: a.environment()},
	} {
		t.Run(name, func(t *testing.T) {
			var opened []string
			r.browse = a.person(&opened)
			if strings.Contains(name, "doesn't start") {
				signIn := r.browse
				r.browse = func(at string) error { return errors.Join(signIn(at), errors.New("no browser")) }
			}
			out := a.client(r)
			out.want(t, exitOK, "Buy a bicycle.\n", "Sign in with the browser")
			if len(opened) != 1 || !strings.Contains(out.stderr, opened[0]) {
				t.Errorf("opened %q, want one URL, which stderr shows too:\n%s", opened, out.stderr)
			}
		})
	}
}

func TestDeviceCode(t *testing.T) {
	a := newAzure(t)
	a.set(func() { a.devices = []string{"authorization_pending"} })
	out := a.client(run{args: []string{"--state", a.state(), "--device-code", "Hello"}})
	out.want(t, exitOK, "Buy a bicycle.\n", "Enter the code AB12 at "+a.URL+"/devicelogin.")

	a.set(func() { a.devices = []string{"authorization_pending", "bad_verification_code"} })
	out = a.client(run{args: []string{"--device-code", "Hello"}, env: a.environment()})
	out.want(t, exitFailed, "", "sign-in failed: bad_verification_code: AADSTS70018: bad_verification_code.\n")
}

func TestClientSecret(t *testing.T) {
	a := newAzure(t)
	env := a.environment()
	env[envClientSecret] = secret
	a.client(run{args: []string{"Hello"}, env: env}).want(t, exitOK, "Buy a bicycle.\n")
	if !slices.Equal(a.grants, []string{"client_credentials"}) {
		t.Errorf("grants: got %q, want client_credentials", a.grants)
	}

	env[envClientSecret] = "of another application"
	a.client(run{args: []string{"Hello"}, env: env}).want(t, exitFailed, "",
		"sign-in failed: invalid_client: AADSTS7000215: Invalid client secret provided.\nwhat to check:\n  - is AZURE_CLIENT_SECRET the secret's value")

	env[envClientSecret] = secret
	for _, flag := range []string{"--device-code", "--browser"} {
		a.client(run{args: []string{flag, "Hello"}, env: env}).want(t, exitUnusable, "", "AZURE_CLIENT_SECRET is set (the environment)")
	}
}

func TestSettingsFromDotenv(t *testing.T) {
	a := newAzure(t)
	var dotenv strings.Builder
	for name, text := range a.environment() {
		fmt.Fprintf(&dotenv, "export %s=%q\r\n", name, text)
	}
	// The environment wins, and decides here which certificates are trusted.
	env := map[string]string{envAuthority: a.URL + "/" + tenant, envClientSecret: secret}
	a.client(run{args: []string{"Hello"}, env: env, dotenv: "\ufeff" + dotenv.String()}).want(t, exitOK, "Buy a bicycle.\n")
}

func TestOwnSettingsBesideAnEmulatorAreTold(t *testing.T) {
	a := newAzure(t)
	state := a.state()
	out := a.client(run{args: []string{"--state", state, "Hello"}, dotenv: envClientSecret + "=" + secret})
	out.want(t, exitOK, "Buy a bicycle.\n", "note: settings of the emulator running in "+state+", but for AZURE_CLIENT_SECRET (", ".env:1)")
	if !slices.Equal(a.grants, []string{"client_credentials"}) {
		t.Errorf("grants: got %q, want client_credentials", a.grants)
	}
	out = a.client(run{args: []string{"--state", state, "Hello"}, env: map[string]string{envEndpoint: "https://contoso.azure-api.net/x"}})
	out.want(t, exitUnusable, "", "is contoso.azure-api.net, but the token would come from the running emulator")
}

func TestShowToken(t *testing.T) {
	a := newAzure(t)
	out := a.client(run{args: []string{"--state", a.state(), "--show-token"}})
	var shown struct{ Header, Payload map[string]any }
	if err := json.Unmarshal([]byte(out.stdout), &shown); err != nil {
		t.Fatalf("stdout is not JSON: %v\n%s", err, out.stdout)
	}
	if out.status != exitOK || shown.Header["alg"] != "RS256" || shown.Payload["aud"] != appID {
		t.Errorf("got status %d, %v, want 0 and the token's header and payload", out.status, shown)
	}
	if len(a.asked) != 0 {
		t.Errorf("without a prompt the gateway was called %d times", len(a.asked))
	}
}

func TestGraph(t *testing.T) {
	a := newAzure(t)
	state := a.state()
	a.client(run{args: []string{"--state", state, "--graph", "Hello"}}).want(t, exitOK, "Buy a bicycle.\n", graphWarning, graphAccepted)
	a.reply(func(w http.ResponseWriter, r *http.Request) {
		w.WriteHeader(http.StatusUnauthorized)
		io.WriteString(w, `{ "statusCode": 401, "message": "Invalid JWT." }`)
	})
	out := a.client(run{args: []string{"--state", state, "--graph", "Hello"}})
	out.want(t, exitFailed, "", graphWarning, "401 Unauthorized: Invalid JWT.", "the token is for Microsoft Graph", "audience is https://graph.microsoft.com:")
}

func TestTokenCache(t *testing.T) {
	a := newAzure(t)
	file := filepath.Join(t.TempDir(), "tokens.json")
	if err := os.WriteFile(file, nil, 0o644); err != nil {
		t.Fatal(err)
	}
	state := a.state()
	for range 2 {
		a.client(run{args: []string{"--state", state, "--token-cache", file, "Hello"}}).want(t, exitOK, "Buy a bicycle.\n")
	}
	if !slices.Equal(a.grants, []string{"authorization_code"}) {
		t.Errorf("grants: got %q, want one sign-in for two runs", a.grants)
	}
	info, err := os.Stat(file)
	if err != nil {
		t.Fatal(err)
	}
	if runtime.GOOS != "windows" && info.Mode().Perm() != 0o600 {
		t.Errorf("mode: got %v, want 0600", info.Mode().Perm())
	}
	left, _ := filepath.Glob(filepath.Join(filepath.Dir(file), ".token-cache-*"))
	if len(left) != 0 {
		t.Errorf("left over: %q", left)
	}
}

func TestUnusableTokenCache(t *testing.T) {
	a := newAzure(t)
	dir := t.TempDir()
	for name, content := range map[string]string{"text": "hello", "list": "[]", "null": "null", "part": `{"AccessToken":null}`, "flat": `{"AccessToken":"x"}`} {
		file := filepath.Join(dir, name)
		if err := os.WriteFile(file, []byte(content), 0o600); err != nil {
			t.Fatal(err)
		}
		a.client(run{args: []string{"--state", a.state(), "--token-cache", file, "Hello"}}).want(t, exitUnusable, "", "client: --token-cache "+file+": the file is not a token cache")
	}
	a.client(run{args: []string{"--state", a.state(), "--token-cache", filepath.Join(dir, "no", "folder"), "Hello"}}).want(t, exitUnusable, "", "client: --token-cache: ")
	if len(a.asked) != 0 {
		t.Errorf("the gateway was called %d times", len(a.asked))
	}
}

func TestStaleFileOfAnEmulator(t *testing.T) {
	a := newAzure(t)
	state := a.state()
	a.Close()
	out := a.client(run{args: []string{"--state", state, "Hello"}})
	out.want(t, exitUnusable, "", "client: no emulator is running (nothing answers at "+a.URL+"; running.json of process 4711 in "+state+" is left over): start one with \"go run ./cmd/gateway\"")
	if strings.Count(out.stderr, "\n") != 1 {
		t.Errorf("got more than one line:\n%s", out.stderr)
	}
}

func TestUntrustedAuthority(t *testing.T) {
	a := newAzure(t)
	env := a.environment()
	// Named by tenant and by its address in .env, the roots stay the system's.
	dotenv := envAuthority + "=" + env[envAuthority]
	delete(env, envAuthority)
	out := a.client(run{args: []string{"--device-code", "Hello"}, env: env, dotenv: dotenv})
	out.want(t, exitFailed, "", "the authority "+strings.TrimPrefix(a.URL, "https://")+" shows a certificate that isn't trusted", "SSL_CERT_FILE")
}

func TestSignInFailures(t *testing.T) {
	for name, test := range map[string]struct {
		set  func(a *azure)
		want string
	}{
		"refused by number": {func(a *azure) {
			a.tokens = replies(400, `{"error":"invalid_grant","error_description":"AADSTS65001: The user has not consented. Send a request.\r\nTrace ID: 1"}`)
		}, "sign-in failed: invalid_grant: AADSTS65001: The user has not consented.\nwhat to check:\n  - the person"},
		"refused without a description": {func(a *azure) { a.tokens = replies(400, `{"error":"server_error"}`) }, "sign-in failed: server_error\n"},
		"refused by a page":             {func(a *azure) { a.tokens = replies(400, "<html>") }, "sign-in failed: the authority answered 400 Bad Request\n"},
		"half a token": {func(a *azure) {
			a.issued = []string{"a.token.of-which-half-comes"}
			a.tokens = replies(200, `{"access_token":"a.token.of-which-half-comes`)
		}, "sign-in failed: the authority's answer is not the JSON that the protocol asks for\n"},
		"scope not granted": {func(a *azure) {
			a.tokens = replies(200, `{"access_token":"x","token_type":"Bearer","expires_in":3599,"scope":"User.Read"}`)
		}, "declined scopes are present: " + appID + "/.default\nwhat to check:\n  - the authority did not grant the scope"},
		"redirect of the code": {func(a *azure) {
			a.tokens = replies(307, "", "Location: https://contoso.example/token")
		}, "sign-in failed: the authority answered 307 Temporary Redirect\n"},
		"error on the redirect URI": {func(a *azure) {
			a.signIn = func(w http.ResponseWriter, r *http.Request) {
				fmt.Fprintf(w, `<form method=post action="%s"><input type=hidden name=error value=access_denied><input type=hidden name=error_description value="AADSTS50105: The user isn't assigned. More."></form>`, r.FormValue("redirect_uri"))
			}
		}, "sign-in failed: AADSTS50105: The user isn't assigned.\nwhat to check:\n  - the person isn't assigned"},
		"error on the page": {func(a *azure) {
			a.signIn = func(w http.ResponseWriter, r *http.Request) {
				http.Error(w, "<p>Sorry, AADSTS700016: Application &#39;x&#39; was not found. Really.</p>", http.StatusBadRequest)
			}
		}, "sign-in failed: AADSTS700016: Application 'x' was not found.\n"},
		"page without a form": {func(a *azure) {
			a.signIn = func(w http.ResponseWriter, r *http.Request) { io.WriteString(w, "hello") }
		}, "has no form to send: use --browser"},
		"page that goes round": {func(a *azure) {
			a.signIn = func(w http.ResponseWriter, r *http.Request) {
				io.WriteString(w, "<form></form>")
			}
		}, "10 pages did not lead to the end"},
		"form that leaves the machine": {func(a *azure) {
			a.signIn = func(w http.ResponseWriter, r *http.Request) {
				io.WriteString(w, `<form method=post action="https://contoso.example/x"></form>`)
			}
		}, "leads to contoso.example, away from this machine"},
		"redirects that go round": {func(a *azure) {
			a.signIn = func(w http.ResponseWriter, r *http.Request) { http.Redirect(w, r, r.URL.String(), http.StatusFound) }
		}, "more than 10 redirects"},
		"page that is gone": {func(a *azure) { a.signIn = http.NotFound }, "the authority's sign-in page answered 404 Not Found\n"},
		"redirect that leaves the machine": {func(a *azure) {
			a.signIn = func(w http.ResponseWriter, r *http.Request) {
				http.Redirect(w, r, "https://contoso.example/x", http.StatusFound)
			}
		}, "leads to contoso.example, away from this machine"},
		"endless page": {func(a *azure) {
			a.signIn = func(w http.ResponseWriter, r *http.Request) {
				w.Write(make([]byte, maxPage+1))
			}
		}, "longer than 1048576 bytes"},
	} {
		t.Run(name, func(t *testing.T) {
			a := newAzure(t)
			a.set(func() { test.set(a) })
			out := a.client(run{args: []string{"--state", a.state(), "Hello"}})
			out.want(t, exitFailed, "", test.want)
		})
	}
}

// roundTrip is a transport that a test makes up.
type roundTrip func(*http.Request) (*http.Response, error)

func (f roundTrip) RoundTrip(r *http.Request) (*http.Response, error) { return f(r) }

func TestMicrosoftIsAskedAboutAForeignAuthorityOnly(t *testing.T) {
	for authority, want := range map[string]string{
		"https://login.contoso.example/" + tenant: "login.microsoftonline.com",
		"https://localhost:8444/" + tenant:        "localhost:8444",
	} {
		var first string
		transport := roundTrip(func(r *http.Request) (*http.Response, error) {
			if first == "" {
				first = r.URL.Host
			}
			return nil, errors.New("no network here")
		})
		s := &settings{authority: mustParse(t, authority), clientID: appID, scopes: []string{appID + "/.default"}}
		p := &program{stderr: io.Discard}
		if _, err := p.signIn(t.Context(), &flags{DeviceCode: true}, s, transport); err == nil || first != want {
			t.Errorf("authority %s: asked %s first (%v), want %s", authority, first, err, want)
		}
	}
}

func TestInterrupt(t *testing.T) {
	if runtime.GOOS == "windows" {
		t.Skip("a process can't send itself an interrupt on Windows")
	}
	a := newAzure(t)
	a.reply(func(w http.ResponseWriter, r *http.Request) {
		self, err := os.FindProcess(os.Getpid())
		if err == nil {
			err = self.Signal(os.Interrupt)
		}
		if err != nil {
			t.Error(err)
			return
		}
		<-r.Context().Done()
	})
	a.client(run{args: []string{"--state", a.state(), "Hello"}}).want(t, exitInterrupted, "", "client: interrupted\n")
}

func TestInterruptedSignIn(t *testing.T) {
	a := newAzure(t)
	ctx, cancel := context.WithCancel(t.Context())
	browse := func(string) error { cancel(); return nil }
	a.client(run{args: []string{"Hello"}, env: a.environment(), browse: browse, ctx: ctx}).want(t, exitInterrupted, "", "client: interrupted\n")
}

func TestInternalError(t *testing.T) {
	var stderr strings.Builder
	p := program{args: []string{"Hello"}, dir: t.TempDir(), stdout: io.Discard, stderr: &stderr, lookup: func(string) (string, bool) { panic("boom") }}
	if status := p.run(t.Context()); status != exitInternal || stderr.String() != "client: internal error: boom\n" {
		t.Errorf("got status %d, stderr %q, want 3 and the panic's text", status, stderr.String())
	}
}

func TestOpenBrowserWithoutOne(t *testing.T) {
	if runtime.GOOS != "linux" {
		t.Skip("only xdg-open is looked for in PATH")
	}
	t.Setenv("PATH", t.TempDir())
	if err := openBrowser("https://localhost:1/"); err == nil {
		t.Error("got no error, want one: there is no xdg-open")
	}
}

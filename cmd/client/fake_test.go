package main

import (
	"context"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"encoding/pem"
	"fmt"
	"io"
	"log"
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
)

const (
	tenant = "11111111-2222-3333-4444-555555555555"
	appID  = "5e29463d-71da-4fe0-8e69-999b57db23b0"
	secret = "kept~between.the-two_of_us"
	key    = "0123456789abcdef0123456789abcdef"
	path   = "/deployments/gpt-4o/chat/completions"
	answer = `{"choices":[{"finish_reason":"stop","index":0,"message":{"content":"Buy a bicycle.","role":"assistant"}}],"object":"chat.completion"}`
)

// azure is an authority and a gateway on one listener, as far as MSAL and the
// client need them (identity.md 1).
type azure struct {
	*httptest.Server
	t *testing.T

	mu sync.Mutex
	// What a test sets, by set.
	api     http.HandlerFunc // answers the calls
	claims  map[string]any   // replace those of the tokens
	devices []string         // errors of the polls for a device code, before it is redeemed
	tokens  http.HandlerFunc // answers the token endpoint instead
	signIn  http.HandlerFunc // instead of the sign-in page

	// What came in and went out.
	issued    []string // access tokens
	grants    []string // grant types that were redeemed
	asked     []*http.Request
	bodies    []string
	challenge string
}

func newAzure(t *testing.T) *azure {
	a := &azure{t: t, api: func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Type", "application/json")
		io.WriteString(w, answer)
	}}
	mux := http.NewServeMux()
	base := "/" + tenant
	mux.HandleFunc("GET "+base+"/v2.0/.well-known/openid-configuration", a.discovery)
	mux.HandleFunc("GET "+base+"/oauth2/v2.0/authorize", a.authorize)
	mux.HandleFunc("GET /users", a.users)
	mux.HandleFunc("POST /signin", a.signedIn)
	mux.HandleFunc("POST "+base+"/oauth2/v2.0/token", a.token)
	mux.HandleFunc("POST "+base+"/oauth2/v2.0/devicecode", func(w http.ResponseWriter, r *http.Request) {
		fmt.Fprintf(w, `{"user_code":"AB12","device_code":"dc","verification_uri":"%s/devicelogin","expires_in":900,"interval":5,"message":"Enter the code AB12 at %[1]s/devicelogin."}`, a.URL)
	})
	mux.HandleFunc("POST /deployments/", func(w http.ResponseWriter, r *http.Request) {
		body, _ := io.ReadAll(r.Body)
		a.mu.Lock()
		a.asked, a.bodies = append(a.asked, r), append(a.bodies, string(body))
		api := a.api
		a.mu.Unlock()
		api(w, r)
	})
	a.Server = httptest.NewUnstartedServer(mux)
	a.Config.ErrorLog = log.New(io.Discard, "", 0) // of handshakes that shall fail
	a.StartTLS()
	t.Cleanup(a.Close)
	return a
}

// set changes how it answers from now on.
func (a *azure) set(change func()) {
	a.mu.Lock()
	defer a.mu.Unlock()
	change()
}

// reply sets what the gateway answers.
func (a *azure) reply(api http.HandlerFunc) { a.set(func() { a.api = api }) }

func (a *azure) discovery(w http.ResponseWriter, r *http.Request) {
	base := a.URL + "/" + tenant
	fmt.Fprintf(w, `{"issuer":"%[1]s/v2.0","authorization_endpoint":"%[1]s/oauth2/v2.0/authorize","token_endpoint":"%[1]s/oauth2/v2.0/token","jwks_uri":"%[1]s/keys"}`, base)
}

func (a *azure) authorize(w http.ResponseWriter, r *http.Request) {
	a.mu.Lock()
	a.challenge = r.FormValue("code_challenge")
	signIn := a.signIn
	a.mu.Unlock()
	if signIn != nil {
		signIn(w, r)
		return
	}
	http.SetCookie(w, &http.Cookie{Name: "flow", Value: "1", Path: "/"})
	http.Redirect(w, r, "/users?"+r.URL.RawQuery, http.StatusFound)
}

// users is a sign-in page with a form for each of two users.
func (a *azure) users(w http.ResponseWriter, r *http.Request) {
	q := r.URL.Query()
	for _, user := range []string{"alice", "bob"} {
		fmt.Fprintf(w, `<form method=post action="/signin"><input type="hidden" name="state" value="%s"><input type=hidden name=to value="%s">
			<button name="user" value="%s">Sign in</button></form>`, q.Get("state"), q.Get("redirect_uri"), user)
	}
}

// signedIn is the form_post page.
func (a *azure) signedIn(w http.ResponseWriter, r *http.Request) {
	if _, err := r.Cookie("flow"); err != nil || r.PostFormValue("user") != "alice" {
		http.Error(w, "AADSTS50058: no session, or the wrong form.", http.StatusBadRequest)
		return
	}
	fmt.Fprintf(w, `<html><body onload="document.forms[0].submit()"><form method="POST" action="%s"><input type="hidden" name="code" value="the-code" />
		<input type="hidden" name="state" value="%s" /><noscript><input type="submit" /></noscript></form></body></html>`, r.PostFormValue("to"), r.PostFormValue("state"))
}

func (a *azure) token(w http.ResponseWriter, r *http.Request) {
	refuse := func(status int, code, description string) {
		w.WriteHeader(status)
		json.NewEncoder(w).Encode(map[string]any{"error": code, "error_description": description})
	}
	a.mu.Lock()
	defer a.mu.Unlock()
	grant := r.PostFormValue("grant_type")
	switch {
	case a.tokens != nil:
		a.tokens(w, r)
		return
	case grant == "client_credentials" && r.PostFormValue("client_secret") != secret:
		refuse(http.StatusUnauthorized, "invalid_client", "AADSTS7000215: Invalid client secret provided. Ensure the secret being sent is "+secret+". Trace ID: 1")
		return
	case grant == "authorization_code":
		sum := sha256.Sum256([]byte(r.PostFormValue("code_verifier")))
		if r.PostFormValue("code") != "the-code" || base64.RawURLEncoding.EncodeToString(sum[:]) != a.challenge {
			refuse(http.StatusBadRequest, "invalid_grant", "AADSTS501481: The verifier does not fit.")
			return
		}
	case grant == "device_code" && len(a.devices) > 0:
		problem := a.devices[0]
		a.devices = a.devices[1:]
		refuse(http.StatusBadRequest, problem, "AADSTS70018: "+problem+".\r\nTrace ID: 1")
		return
	}
	a.grants = append(a.grants, grant)
	out := map[string]any{"token_type": "Bearer", "expires_in": 3599, "access_token": a.mint(r.PostFormValue("scope"))}
	if grant != "client_credentials" {
		out["id_token"] = part(`{"alg":"none"}`) + "." + part(`{"oid":"o","tid":"`+tenant+`","preferred_username":"alice@example.com","aud":"`+appID+`"}`) + ".c2ln"
		out["client_info"] = part(`{"uid":"o","utid":"` + tenant + `"}`)
		out["refresh_token"] = "refresh-me"
	}
	json.NewEncoder(w).Encode(out)
}

// mint makes a token for the scope's resource; nobody here verifies it.
func (a *azure) mint(scope string) string {
	aud, _, _ := strings.Cut(strings.Fields(scope)[0], "/.default")
	claims := map[string]any{"aud": aud, "iss": "https://sts.windows.net/" + tenant + "/", "exp": 4102444800, "ver": "1.0", "n": len(a.issued)}
	for name, value := range a.claims {
		claims[name] = value
	}
	payload, _ := json.Marshal(claims)
	token := part(`{"typ":"JWT","alg":"RS256"}`) + "." + part(string(payload)) + "." + part("a signature of some length, number "+fmt.Sprint(len(a.issued)))
	a.issued = append(a.issued, token)
	return token
}

func part(text string) string { return base64.RawURLEncoding.EncodeToString([]byte(text)) }

// state writes the file of a running emulator and gives its folder.
func (a *azure) state() string {
	dir := a.t.TempDir()
	bundle := filepath.Join(dir, "ca.pem")
	data := pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: a.Certificate().Raw})
	file, _ := json.Marshal(map[string]any{
		"pid": 4711, "gateway": a.URL, "authority": a.URL + "/" + tenant, "clientId": appID, "scope": appID + "/.default",
		"subscriptionKey": key, "endpoint": a.URL + path + "?api-version=2023-09-01-preview", "caBundle": bundle,
	})
	for name, data := range map[string][]byte{bundle: data, filepath.Join(dir, runningFile): file} {
		if err := os.WriteFile(name, data, 0o600); err != nil {
			a.t.Fatal(err)
		}
	}
	return dir
}

// environment is what names this party by hand, without the emulator's file.
func (a *azure) environment() map[string]string {
	return map[string]string{
		envAuthority: a.URL + "/" + tenant, envClientID: appID, envScope: appID + "/.default",
		envKey: key, envEndpoint: a.URL + path + "?api-version=2023-09-01-preview",
	}
}

// run is one run of the client.
type run struct {
	args     []string
	env      map[string]string
	dotenv   string
	stdin    string
	terminal bool
	browse   func(url string) error
	ctx      context.Context
}

// outcome is what a person sees of it.
type outcome struct {
	status         int
	stdout, stderr string
}

// client runs the client and makes sure that it printed no token, no secret and
// no key.
func (a *azure) client(r run) outcome {
	a.t.Helper()
	dir := a.t.TempDir()
	if r.dotenv != "" {
		if err := os.WriteFile(filepath.Join(dir, dotenvFile), []byte(r.dotenv), 0o600); err != nil {
			a.t.Fatal(err)
		}
	}
	var stdout, stderr strings.Builder
	p := program{
		args: r.args, dir: dir, stdin: strings.NewReader(r.stdin), stdout: &stdout, stderr: &stderr,
		lookup:   func(name string) (string, bool) { text, ok := r.env[name]; return text, ok },
		terminal: r.terminal, openBrowser: r.browse,
	}
	if r.env[envAuthority] != "" {
		p.roots = a.Client().Transport.(*http.Transport).TLSClientConfig.RootCAs
	}
	if r.ctx == nil {
		r.ctx = a.t.Context()
	}
	out := outcome{status: p.run(r.ctx), stdout: stdout.String(), stderr: stderr.String()}
	a.mu.Lock()
	defer a.mu.Unlock()
	hidden := append([]string{secret, key, "refresh-me", "the-code"}, a.issued...)
	for _, token := range a.issued {
		hidden = append(hidden, token[strings.LastIndex(token, ".")+1:])
	}
	for _, text := range hidden {
		if strings.Contains(out.stdout+out.stderr, text) {
			a.t.Errorf("client %q printed %q:\n%s%s", r.args, text, out.stdout, out.stderr)
		}
	}
	return out
}

// last is the request that came in last, and its body.
func (a *azure) last() (*http.Request, string) {
	a.mu.Lock()
	defer a.mu.Unlock()
	if len(a.asked) == 0 {
		a.t.Helper()
		a.t.Fatal("the gateway was not called")
	}
	return a.asked[len(a.asked)-1], a.bodies[len(a.bodies)-1]
}

func (o outcome) want(t *testing.T, status int, stdout string, stderr ...string) {
	t.Helper()
	if o.status != status || o.stdout != stdout {
		t.Errorf("got status %d, stdout %q, want %d, %q; stderr:\n%s", o.status, o.stdout, status, stdout, o.stderr)
	}
	for _, text := range stderr {
		if !strings.Contains(o.stderr, text) {
			t.Errorf("stderr got:\n%s\nwant in it: %q", o.stderr, text)
		}
	}
	if len(stderr) == 0 && o.stderr != "" {
		t.Errorf("stderr got:\n%s\nwant nothing", o.stderr)
	}
}

// person is a browser: it goes through the pages as walkSignIn does.
func (a *azure) person(opened *[]string) func(string) error {
	return func(at string) error {
		*opened = append(*opened, at)
		return walkSignIn(a.t.Context(), a.Client().Transport, at)
	}
}

func mustParse(t *testing.T, address string) *url.URL {
	t.Helper()
	u, err := url.Parse(address)
	if err != nil {
		t.Fatal(err)
	}
	return u
}

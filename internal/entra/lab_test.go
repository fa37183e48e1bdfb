package entra

import (
	"bytes"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"flag"
	"fmt"
	"html"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/golang-jwt/jwt/v5"

	"github.com/apimulator/apimulator/policy/exchange"
)

const (
	tenantID    = "11111111-1111-4111-8111-111111111111"
	assistantID = "22222222-2222-4222-8222-222222222222"
	daemonID    = "33333333-3333-4333-8333-333333333333"
	apiV2ID     = "44444444-4444-4444-8444-444444444444"
	aliceID     = "aaaaaaaa-0000-4000-8000-000000000001"
	webID       = "55555555-5555-4555-8555-555555555555"
	webSecret   = "web-secret/with~signs"
	webRedirect = "https://web.example.com/signin?from=entra"

	authorityHost = "login.microsoftonline.com"
)

var (
	update = flag.Bool("update", false, "write the golden files")
	start  = time.Date(2026, 11, 23, 12, 0, 0, 0, time.UTC)
)

// madeKeys is a state folder with keys, made once: key generation is slow.
var madeKeys string

func TestMain(m *testing.M) {
	flag.Parse()
	os.Exit(func() int {
		dir, err := os.MkdirTemp("", "entra")
		if err != nil {
			panic(err)
		}
		defer os.RemoveAll(dir)
		madeKeys = dir
		if _, err := New(DefaultConfig(), Options{Clock: exchange.NewVirtualClock(start.Add(-time.Hour)), StateDir: dir}); err != nil {
			panic(err)
		}
		return m.Run()
	}())
}

// stateDir is a folder with the keys of madeKeys.
func stateDir(t testing.TB) string {
	t.Helper()
	dir := t.TempDir()
	data, err := os.ReadFile(filepath.Join(madeKeys, keysFile))
	if err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(dir, keysFile), data, 0o600); err != nil {
		t.Fatal(err)
	}
	return dir
}

// A lab is a server under test with a clock that stands.
type lab struct {
	t     testing.TB
	srv   *Server
	clock *exchange.VirtualClock
	logs  *bytes.Buffer
}

func newLab(t testing.TB, change ...func(*Config, *Options)) *lab {
	t.Helper()
	l := &lab{t: t, clock: exchange.NewVirtualClock(start), logs: &bytes.Buffer{}}
	c, o := DefaultConfig(), Options{
		Clock: l.clock, StateDir: stateDir(t), Logger: slog.New(slog.NewTextHandler(l.logs, nil)),
	}
	c.Tenants[0].Apps = append(c.Tenants[0].Apps, App{
		Name: "web", ClientID: webID, Secrets: []ClientSecret{{Value: webSecret}},
		RedirectURIs: []string{webRedirect, "com.example.web://auth", "http://127.0.0.1/cb", "http://[::1]/cb"},
	})
	for _, f := range change {
		f(&c, &o)
	}
	srv, err := New(c, o)
	if err != nil {
		t.Fatal(err)
	}
	l.srv = srv
	return l
}

func autoSignIn(_ *Config, o *Options) { o.AutoSignIn = true }

func (l *lab) do(r *http.Request) *httptest.ResponseRecorder {
	l.t.Helper()
	w := httptest.NewRecorder()
	l.srv.ServeHTTP(w, r)
	if w.Header().Get("X-Emulated-By") != "apimulator" {
		l.t.Errorf("%s %s: no X-Emulated-By header", r.Method, r.URL)
	}
	return w
}

func (l *lab) get(path string) *httptest.ResponseRecorder {
	return l.do(httptest.NewRequest("GET", "https://"+authorityHost+path, nil))
}

func (l *lab) post(path string, form url.Values, headers ...string) *httptest.ResponseRecorder {
	r := httptest.NewRequest("POST", "https://"+authorityHost+path, strings.NewReader(form.Encode()))
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded;charset=utf-8")
	for i := 0; i+1 < len(headers); i += 2 {
		r.Header.Set(headers[i], headers[i+1])
	}
	return l.do(r)
}

const (
	tokenV1 = "/" + tenantID + "/oauth2/token"
	tokenV2 = "/" + tenantID + "/oauth2/v2.0/token"
)

// values makes a form of name and value pairs.
func values(pairs ...string) url.Values {
	v := url.Values{}
	for i := 0; i+1 < len(pairs); i += 2 {
		v.Set(pairs[i], pairs[i+1])
	}
	return v
}

// with is a copy of v with some pairs set; an empty value takes a pair out.
func with(v url.Values, pairs ...string) url.Values {
	c := url.Values{}
	for name, list := range v {
		c[name] = list
	}
	for i := 0; i+1 < len(pairs); i += 2 {
		if pairs[i+1] == "" {
			c.Del(pairs[i])
			continue
		}
		c.Set(pairs[i], pairs[i+1])
	}
	return c
}

// authorizeCode gets a code by automatic sign-in.
func (l *lab) authorizeCode(path string, query url.Values) string {
	l.t.Helper()
	w := l.get(path + "?" + query.Encode())
	to, err := url.Parse(w.Header().Get("Location"))
	if w.Code != http.StatusFound || err != nil || to.Query().Get("code") == "" {
		l.t.Fatalf("authorize %s?%s = %d, Location %q, %s; want a code", path, query.Encode(), w.Code, w.Header().Get("Location"), w.Body)
	}
	return to.Query().Get("code")
}

func decode[T any](t testing.TB, w *httptest.ResponseRecorder) T {
	t.Helper()
	var v T
	if err := json.Unmarshal(w.Body.Bytes(), &v); err != nil {
		t.Fatalf("answer %d %q is no JSON: %v", w.Code, w.Body, err)
	}
	return v
}

// token posts to the token endpoint and gives the members of the 200 answer.
func (l *lab) token(path string, form url.Values) map[string]any {
	l.t.Helper()
	w := l.post(path, form)
	if w.Code != http.StatusOK {
		l.t.Fatalf("POST %s %s = %d %s; want 200", path, form.Encode(), w.Code, w.Body)
	}
	return decode[map[string]any](l.t, w)
}

// wantError checks the status, error and number of an answer.
func (l *lab) wantError(what string, w *httptest.ResponseRecorder, status int, oauth string, code int) {
	l.t.Helper()
	got := decode[errorBody](l.t, w)
	numbers := []int{}
	if code != 0 {
		numbers = append(numbers, code)
	}
	if w.Code != status || got.Error != oauth || fmt.Sprint(got.Codes) != fmt.Sprint(numbers) {
		l.t.Errorf("%s: got %d %s %v (%s), want %d %s %v", what, w.Code, got.Error, got.Codes, got.Description, status, oauth, numbers)
	}
}

// verify checks a token as a careful verifier does, with the published keys, and
// gives header and claims.
func (l *lab) verify(token string, options ...jwt.ParserOption) (map[string]any, jwt.MapClaims, error) {
	options = append([]jwt.ParserOption{
		jwt.WithValidMethods([]string{"RS256"}), jwt.WithExpirationRequired(), jwt.WithTimeFunc(l.clock.Now),
	}, options...)
	parsed, err := jwt.NewParser(options...).Parse(token, func(t *jwt.Token) (any, error) {
		for _, k := range l.srv.keys.published() {
			if k.id == t.Header["kid"] {
				return k.private.Public(), nil
			}
		}
		return nil, fmt.Errorf("no key %v", t.Header["kid"])
	})
	if err != nil {
		return nil, nil, err
	}
	return parsed.Header, parsed.Claims.(jwt.MapClaims), nil
}

// mustVerify is verify for a token that has to be good.
func (l *lab) mustVerify(token any) (map[string]any, jwt.MapClaims) {
	l.t.Helper()
	header, claims, err := l.verify(token.(string))
	if err != nil {
		l.t.Fatalf("token %v: %v", token, err)
	}
	return header, claims
}

// unverified are the claims of a token that nobody checked.
func unverified(t testing.TB, token string) (map[string]any, jwt.MapClaims) {
	t.Helper()
	var parts [2]map[string]any
	for i, part := range strings.Split(token, ".")[:2] {
		data, err := base64.RawURLEncoding.DecodeString(part)
		if err != nil {
			t.Fatal(err)
		}
		if err := json.Unmarshal(data, &parts[i]); err != nil {
			t.Fatal(err)
		}
	}
	return parts[0], parts[1]
}

var guidInText = regexp.MustCompile(`[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}`)

// golden compares with a file of testdata; -update writes it.
func golden(t *testing.T, name string, got []byte) {
	t.Helper()
	file := filepath.Join("testdata", name)
	if *update {
		if err := os.MkdirAll(filepath.Dir(file), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(file, got, 0o644); err != nil {
			t.Fatal(err)
		}
		return
	}
	want, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	if !bytes.Equal(got, want) {
		t.Errorf("%s:\n got %s\nwant %s", name, got, want)
	}
}

// indented is a JSON answer for a golden file.
func indented(t *testing.T, body []byte) []byte {
	t.Helper()
	var b bytes.Buffer
	if err := json.Indent(&b, body, "", "  "); err != nil {
		t.Fatalf("%q is no JSON: %v", body, err)
	}
	return append(b.Bytes(), '\n')
}

// hiddenInputs are the action and the hidden inputs of the form on a page.
func hiddenInputs(t testing.TB, page string) (action string, inputs url.Values) {
	t.Helper()
	action, inputs, ok := formOf(page)
	if !ok {
		t.Fatalf("no form on the page:\n%s", page)
	}
	return action, inputs
}

var (
	formTag   = regexp.MustCompile(`<form method="post" action="([^"]*)">`)
	hiddenTag = regexp.MustCompile(`<input type="hidden" name="([^"]*)" value="([^"]*)">`)
)

func formOf(page string) (action string, inputs url.Values, ok bool) {
	form := formTag.FindStringSubmatch(page)
	if form == nil {
		return "", nil, false
	}
	inputs = url.Values{}
	for _, m := range hiddenTag.FindAllStringSubmatch(page, -1) {
		inputs.Set(html.UnescapeString(m[1]), html.UnescapeString(m[2]))
	}
	return html.UnescapeString(form[1]), inputs, true
}

func base64Raw(b []byte) string { return base64.RawURLEncoding.EncodeToString(b) }

func base64SHA256(s string) string {
	sum := sha256.Sum256([]byte(s))
	return base64Raw(sum[:])
}

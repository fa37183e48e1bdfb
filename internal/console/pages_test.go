package console_test

import (
	"bytes"
	"encoding/base64"
	"io"
	"net/http"
	"net/url"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/apimulator/apimulator/internal/emulator"
	"github.com/apimulator/apimulator/internal/entra"
	"github.com/apimulator/apimulator/internal/management"
)

// A reader is a browser without a script, signed in.
type reader struct {
	t      *testing.T
	base   string
	cookie *http.Cookie
	client *http.Client
}

func newReader(t *testing.T, l *lab) *reader {
	t.Helper()
	d := &reader{t: t, base: l.Management(), client: &http.Client{CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}}
	response, err := http.Get(l.PageLink())
	if err != nil {
		t.Fatal(err)
	}
	response.Body.Close()
	d.cookie = response.Cookies()[0]
	return d
}

// ask asks for a page, as a form of the page does if there are fields.
func (d *reader) ask(path string, fields url.Values) (*http.Response, string) {
	d.t.Helper()
	method := http.MethodGet
	if fields != nil {
		method = http.MethodPost
	}
	r, err := http.NewRequestWithContext(d.t.Context(), method, d.base+path, strings.NewReader(fields.Encode()))
	if err != nil {
		d.t.Fatal(err)
	}
	r.AddCookie(d.cookie)
	if fields != nil {
		r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
		r.Header.Set("Origin", d.base)
	}
	response, err := d.client.Do(r)
	if err != nil {
		d.t.Fatal(err)
	}
	defer response.Body.Close()
	body, err := io.ReadAll(response.Body)
	if err != nil {
		d.t.Fatal(err)
	}
	return response, string(body)
}

// get is a page that has to be there.
func (d *reader) get(path string) string {
	d.t.Helper()
	response, body := d.ask(path, nil)
	if response.StatusCode != http.StatusOK {
		d.t.Fatalf("GET %s: %s\n%s", path, response.Status, body)
	}
	return body
}

var (
	aPre     = regexp.MustCompile(`(?s)<pre id="test"[^>]*>(.*?)</pre>`)
	aTag     = regexp.MustCompile(`<[a-zA-Z][^>]*>`)
	inline   = regexp.MustCompile(`(?i)\s(style|on[a-z]+)\s*=`)
	entities = strings.NewReplacer("&#34;", `"`, "&#39;", "'", "&lt;", "<", "&gt;", ">", "&#43;", "+", "&amp;", "&")
)

// testOf is what "copy as test" gives.
func (d *reader) testOf(id string) string {
	d.t.Helper()
	m := aPre.FindStringSubmatch(d.get("/requests/" + id))
	if m == nil {
		d.t.Fatal("the page has no test to copy")
	}
	return entities.Replace(m[1])
}

// Each request, however it ended, makes a test that passes as it stands.
func TestCopiedTestsPass(t *testing.T) {
	l := newLab(t)
	d := newReader(t, l)
	good := entra.MintRequest{Audience: audience}
	fault := func(name string) entra.MintRequest { return entra.MintRequest{Audience: audience, Fault: name} }
	cases := []struct {
		name, method, path string
		token              entra.MintRequest
		lines              []string
		status             int
	}{
		{name: "good", method: "GET", path: "/orders/7?lang=en&lang=de", token: good, lines: []string{"X-Plan", "gold", "X-Odd", `a "quoted" 'text': #1`}, status: 200},
		{name: "with a body", method: "POST", path: "/orders/", token: good, status: 200},
		{name: "tried again", method: "GET", path: "/orders/flaky", token: good, status: 200},
		{name: "claims", method: "GET", path: "/orders/7", token: entra.MintRequest{User: "bob@contoso.onmicrosoft.com", Audience: audience, Claims: map[string]any{"name": "Robert", "n": 7}, Roles: []string{"Reader"}}, status: 200},
		{name: "another audience", method: "GET", path: "/orders/7", token: entra.MintRequest{Audience: otherAudience}, status: 401},
		{name: "no operation", method: "DELETE", path: "/orders/7", token: good, status: 404},
		{name: "no API", method: "GET", path: "/none?sig=abcdefghijk", token: good, status: 404},
		{name: "a key that is nobody's", method: "GET", path: "/orders/7", token: good, lines: []string{"Ocp-Apim-Subscription-Key", "not-anybodys-key"}, status: 401},
		{name: "a suspended key", method: "GET", path: "/orders/7", token: good, lines: []string{"Ocp-Apim-Subscription-Key", l.Key("northwind")}, status: 401},
		{name: "no token", method: "GET", path: "/orders/7", token: good, lines: []string{"Authorization", ""}, status: 401},
		{name: "no token at all", method: "GET", path: "/orders/7", token: good, lines: []string{"Authorization", "Bearer abc"}, status: 401},
	}
	for _, name := range entra.TokenFaults() {
		status := 401
		if name == "no-kid" { // by which a key is found, but one is found without it too
			status = 200
		}
		cases = append(cases, struct {
			name, method, path string
			token              entra.MintRequest
			lines              []string
			status             int
		}{name: name, method: "GET", path: "/orders/7", token: fault(name), status: status})
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			l, d := l.in(t), *d
			d.t = t
			r := l.send(c.method, c.path, c.token, c.lines...)
			if r.Status != c.status {
				t.Errorf("the request got %d; want %d", r.Status, c.status)
			}
			runCopiedTest(t, l, d.testOf(r.ID))
		})
	}
}

// A token that has expired since is minted anew for a replay, one that had expired then is
// not.
func TestReplay(t *testing.T) {
	l := newLab(t)
	d := newReader(t, l)
	for _, test := range []struct {
		fault  string
		status string
	}{{"", "200"}, {"expired", "401"}} {
		r := l.send("POST", "/orders/", entra.MintRequest{Fault: test.fault})
		l.Clock().Advance(3 * time.Hour)
		response, body := d.ask("/requests/"+r.ID+"/replay", url.Values{})
		to := response.Header.Get("Location")
		if response.StatusCode != http.StatusSeeOther || !strings.HasPrefix(to, "/compare?") {
			t.Fatalf("replay: %s %s", response.Status, body)
		}
		again := l.next()
		if !strings.Contains(d.get(to), `<h2>Now <span class="status s`+test.status[:1]+`">`+test.status) {
			t.Errorf("with fault %q the replay got %d", test.fault, again.Status)
		}
	}
	for path, want := range map[string]int{"/requests/none/replay": 404} {
		if response, _ := d.ask(path, url.Values{}); response.StatusCode != want {
			t.Errorf("POST %s: %s", path, response.Status)
		}
	}
}

// everyPage are the addresses of all pages of a lab in which that request was recorded.
func everyPage(id string) []string {
	return []string{
		"/", "/?q=orders&status=2", "/requests/" + id, "/requests/none", "/compare?before=" + id + "&after=" + id, "/compare", "/service",
		"/service/policy?api=orders&operation=get-order&product=partners", "/service/policy", "/playground", "/playground?api=orders&operation=create-order",
		"/state", "/findings", "/assets/none",
	}
}

// No page has a script or style of its own, names another host, or shows a secret.
func TestPagesAreSafe(t *testing.T) {
	l := newLab(t)
	d := newReader(t, l)
	const cookie = "session-cookie-4711"
	token, err := l.MintToken(entra.MintRequest{Audience: audience})
	if err != nil {
		t.Fatal(err)
	}
	r := l.send("POST", "/orders/?code=query-secret-77&note=%3Cb%3E", entra.MintRequest{},
		"Authorization", "Bearer "+token, "Cookie", "sid="+cookie, "X-Api-Key", "api-key-secret-99", "X-Script", "<script>alert(1)</script>")
	secrets := []string{token, l.Key("contoso-shop"), l.Key("northwind"), partnerCode, cookie, "query-secret-77", "api-key-secret-99", "hunter2-hunter2"}
	for _, path := range everyPage(r.ID) {
		response, body := d.ask(path, nil)
		checkProtected(t, path, response.Header)
		for _, tag := range aTag.FindAllString(body, -1) {
			if inline.MatchString(tag) || strings.HasPrefix(tag, "<style") || strings.HasPrefix(tag, "<script") && !strings.Contains(tag, `src="/assets/`) {
				t.Errorf("%s has %s", path, tag)
			}
			if m := regexp.MustCompile(`(href|src|action)="([^"]*)"`).FindStringSubmatch(tag); m != nil && !strings.HasPrefix(m[2], "/") && !strings.HasPrefix(m[2], "#") {
				t.Errorf("%s leads to %s", path, m[2])
			}
		}
		for _, secret := range secrets {
			for _, spelt := range []string{secret, url.QueryEscape(secret), base64.StdEncoding.EncodeToString([]byte(secret))} {
				if strings.Contains(body, spelt) {
					t.Errorf("%s shows %s", path, secret)
				}
			}
		}
	}
}

func checkProtected(t *testing.T, path string, h http.Header) {
	t.Helper()
	for name, want := range map[string]string{
		"Content-Security-Policy": "frame-ancestors 'none'", "X-Content-Type-Options": "nosniff", "Referrer-Policy": "no-referrer", "Cache-Control": "no-store",
	} {
		if got := h.Get(name); !strings.Contains(got, want) || strings.Contains(got, "unsafe") {
			t.Errorf("%s: %s is %q", path, name, got)
		}
	}
}

// Bad input gets one clear answer.
func TestBadInput(t *testing.T) {
	l := newLab(t)
	d := newReader(t, l)
	form := func(pairs ...string) url.Values {
		v := url.Values{"method": {"GET"}, "path": {"/orders/7"}}
		for i := 0; i < len(pairs); i += 2 {
			v.Set(pairs[i], pairs[i+1])
		}
		return v
	}
	for _, test := range []struct {
		path   string
		fields url.Values
		status int
		want   string
	}{
		{"/playground", form("method", "G ET"), 422, "is no method of HTTP"},
		{"/playground", form("path", "orders"), 422, "begins with a slash"},
		{"/playground", form("headers", "no colon"), 422, "is no header line"},
		{"/playground", form("key", "nobody"), 422, "there is no subscription"},
		{"/playground", form("as", "user:x"), 422, "is nobody who can sign in"},
		{"/playground", form("as", "user:11111111-1111-4111-8111-111111111111:carol"), 422, "has no user"},
		{"/playground", form("fault", "expired"), 422, "a fault needs a token"},
		{"/playground", form("as", "app:11111111-1111-4111-8111-111111111111:daemon", "fault", "odd"), 422, "unknown fault"},
		{"/state/clock", url.Values{"by": {"-1h"}}, 422, "moves forward by a duration"},
		{"/state/clock", url.Values{"by": {"2000000h"}}, 422, "a hundred years"},
		{"/state/stores/none", url.Values{}, 404, "no store"},
		{"/compare?before=a&after=b", nil, 404, "not kept"},
		{"/service/policy?api=orders&operation=none", nil, 404, "no such operation"},
	} {
		response, body := d.ask(test.path, test.fields)
		if response.StatusCode != test.status || !strings.Contains(entities.Replace(body), test.want) {
			t.Errorf("%s %v: %s; want %d and %q", test.path, test.fields, response.Status, test.status, test.want)
		}
	}
	if response, _ := d.ask("/theme", url.Values{"theme": {"dark"}, "back": {"//evil.example"}}); response.Header.Get("Location") != "/" {
		t.Errorf("the theme leads to %s", response.Header.Get("Location"))
	}
	if body := d.get("/requests/" + l.send("GET", "/orders/7", entra.MintRequest{}).ID); !strings.Contains(body, "<h2 id=\"timeline\">") {
		t.Error("the request's page has no timeline")
	}
}

// gateway page gives further links.
func TestPageLink(t *testing.T) {
	l := newLab(t)
	client, err := management.Open(filepath.Dir(l.Bundle()))
	if err != nil {
		t.Fatal(err)
	}
	var answer struct{ URL string }
	if err := client.Post(t.Context(), "/page/link", struct{}{}, &answer); err != nil {
		t.Fatal(err)
	}
	for _, want := range []int{http.StatusOK, http.StatusUnauthorized} { // once, and no more
		response, err := http.Get(answer.URL)
		if err != nil {
			t.Fatal(err)
		}
		body, _ := io.ReadAll(response.Body)
		response.Body.Close()
		if response.StatusCode != want || want != http.StatusOK && !bytes.Contains(body, []byte("has been used")) {
			t.Errorf("%s; want %d\n%s", response.Status, want, body)
		}
	}
}

// The built-in service has no files, and a lone policy no keys that a test could name.
func TestOtherSubjects(t *testing.T) {
	e, err := emulator.Start(emulator.Config{})
	if err != nil {
		t.Fatal(err)
	}
	defer e.Close(t.Context())
	l := &lab{Emulator: e, t: t}
	d := newReader(t, l)
	for path, want := range map[string]string{"/": "No request has come yet", "/findings": "has no files", "/service": "built in", "/playground": "/deployments/deployment-id/chat/completions"} {
		if body := d.get(path); !strings.Contains(body, want) {
			t.Errorf("%s does not say %q", path, want)
		}
	}
}

const countingPolicy = `<policies>
    <inbound>
        <base />
        <rate-limit-by-key calls="2" renewal-period="60" counter-key="@(context.Request.Headers.GetValueOrDefault("Authorization", ""))" />
        <send-request mode="new" response-variable-name="stock" timeout="10">
            <set-url>BACKEND/stock</set-url>
            <set-method>GET</set-method>
        </send-request>
        <set-header name="X-Stock" exists-action="override">
            <value>@(((IResponse)context.Variables["stock"]).Body.As<JObject>()["id"].ToString())</value>
        </set-header>
    </inbound>
    <backend><base /></backend>
    <outbound><base /></outbound>
    <on-error><base /></on-error>
</policies>
`

// Counters show without what they count by where that is secret, and can be reset; calls
// that policies make are stubs of a copied test.
func TestCountersAndCalls(t *testing.T) {
	l := newLab(t)
	d := newReader(t, l)
	before := l.Service()
	backend := l.Service().APIs[0].Backend
	l.write("orders.xml", strings.Replace(countingPolicy, "BACKEND", strings.TrimSuffix(backend.String(), "/"), 1))
	waitFor(t, func() bool { return l.Service() != before || !strings.Contains(d.get("/"), "<pre></pre>") })
	if m := regexp.MustCompile(`(?s)id="notice".*?<pre>(.*?)</pre>`).FindStringSubmatch(d.get("/")); m[1] != "" {
		t.Fatal(m[1])
	}
	const secret = "Bearer opaque-secret-31415"
	for _, want := range []int{200, 200, 429} {
		r := l.send("GET", "/orders/7", entra.MintRequest{}, "Authorization", secret)
		if r.Status != want {
			t.Errorf("a request got %d; want %d: %+v", r.Status, want, r.LastError)
		}
		if r.Status == 200 {
			runCopiedTest(t, l, d.testOf(r.ID))
		}
	}
	page := d.get("/state")
	if !strings.Contains(page, "rate-limit-by-key Bearer ***") || !strings.Contains(page, "2 of 2") || strings.Contains(page, "opaque-secret") {
		t.Errorf("the state is\n%s", page)
	}
	id := regexp.MustCompile(`name="id" value="([^"]+)"`).FindStringSubmatch(page)
	if id == nil {
		t.Fatal("no counter can be reset")
	}
	if response, body := d.ask("/state/stores/Counters", url.Values{"id": {id[1]}}); response.StatusCode != http.StatusSeeOther {
		t.Fatalf("reset: %s %s", response.Status, body)
	}
	if r := l.send("GET", "/orders/7", entra.MintRequest{}, "Authorization", secret); r.Status != 200 {
		t.Errorf("after the reset: %d", r.Status)
	}
}

package console_test

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/chromedp"

	"github.com/apimulator/apimulator/internal/emulator"
	"github.com/apimulator/apimulator/internal/entra"
	"github.com/apimulator/apimulator/internal/testrun"
	"github.com/apimulator/apimulator/internal/trace"
	"github.com/apimulator/apimulator/testdata/seed"
)

// screenshots names the folder that pictures of the pages are written to.
const screenshots = "APIMULATOR_SCREENSHOTS"

const ordersPolicy = `<policies>
    <inbound>
        <base />
        <validate-jwt header-name="Authorization" failed-validation-httpcode="401" output-token-variable-name="jwt">
            <openid-config url="https://login.microsoftonline.com/contoso.onmicrosoft.com/.well-known/openid-configuration" />
            <audiences>
                <audience>AUDIENCE</audience>
            </audiences>
        </validate-jwt>
        <set-variable name="caller" value="@(((Jwt)context.Variables["jwt"]).Claims.GetValueOrDefault("name", "an app"))" />
        <choose>
            <when condition="@(context.Request.Headers.GetValueOrDefault("X-Plan", "free") == "gold" && context.Request.Method == "GET")">
                <set-header name="X-Priority" exists-action="override">
                    <value>high</value>
                </set-header>
            </when>
            <otherwise>
                <set-header name="X-Priority" exists-action="override">
                    <value>normal</value>
                </set-header>
            </otherwise>
        </choose>
        <set-header name="X-Caller" exists-action="override">
            <value>@((string)context.Variables["caller"])</value>
        </set-header>
        <set-header name="X-Partner" exists-action="override">
            <value>{{partner-code}}</value>
        </set-header>
        <set-header name="Authorization" exists-action="delete" />
    </inbound>
    <backend>
        <retry condition="@(context.Response.StatusCode == 503)" count="2" interval="0">
            <forward-request timeout="30" />
        </retry>
    </backend>
    <outbound>
        <base />
        <set-header name="X-Powered-By" exists-action="delete" />
    </outbound>
    <on-error>
        <base />
    </on-error>
</policies>
`

const ordersService = `name: contoso
apis:
  - name: orders
    path: orders
    backend: %s
    policy: orders.xml
    operations:
      - {name: get-order, method: GET, urlTemplate: "/{id}"}
      - {name: create-order, method: POST, urlTemplate: /}
products:
  - {name: partners, apis: [orders]}
subscriptions:
  - {name: contoso-shop, product: partners}
  - {name: northwind, product: partners, state: suspended}
namedValues:
  partner-code: partner-secret-0815
`

const (
	audience      = "api://22222222-2222-4222-8222-222222222222"
	otherAudience = "api://contoso-orders"
	partnerCode   = "partner-secret-0815"
	patience      = 2 * time.Minute // with a machine that does much else
)

// A lab is an emulator with a service of files, and a client.
type lab struct {
	*emulator.Emulator
	t      *testing.T
	dir    string
	client *http.Client
	done   chan *trace.Record
}

func newLab(t *testing.T) *lab {
	t.Helper()
	tries := 0
	backend := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Type", "application/json")
		w.Header().Set("X-Powered-By", "kestrel")
		if tries++; r.URL.Path == "/flaky" && tries%2 == 1 {
			w.WriteHeader(http.StatusServiceUnavailable)
		}
		fmt.Fprintf(w, `{"id": %q, "caller": %q, "lines": [{"sku": "a-100", "count": 2}]}`, strings.Trim(r.URL.Path, "/"), r.Header.Get("X-Caller"))
	}))
	t.Cleanup(backend.Close)
	l := &lab{t: t, dir: t.TempDir(), done: make(chan *trace.Record, 1000)}
	l.write("apim.yaml", fmt.Sprintf(ordersService, backend.URL))
	l.serve(audience)
	l.start()
	return l
}

// start starts the emulator with the service that has been written.
func (l *lab) start() {
	t := l.t
	t.Helper()
	e, err := emulator.Start(emulator.Config{Service: filepath.Join(l.dir, "apim.yaml"), State: t.TempDir(), Watch: true, Finished: func(r *trace.Record) { l.done <- r }})
	if err != nil {
		t.Fatal(err)
	}
	l.Emulator = e
	t.Cleanup(func() {
		ctx, cancel := context.WithTimeout(context.Background(), patience)
		defer cancel()
		if err := e.Close(ctx); err != nil {
			t.Error(err)
		}
	})
	pem, err := os.ReadFile(e.Bundle())
	if err != nil {
		t.Fatal(err)
	}
	roots := x509.NewCertPool()
	roots.AppendCertsFromPEM(pem)
	l.client = &http.Client{Transport: &http.Transport{TLSClientConfig: &tls.Config{RootCAs: roots}}}
	t.Cleanup(l.client.CloseIdleConnections)
}

func (l *lab) write(name, text string) {
	l.t.Helper()
	if err := os.WriteFile(filepath.Join(l.dir, name), []byte(text), 0o600); err != nil {
		l.t.Fatal(err)
	}
}

// in is the lab in a subtest.
func (l *lab) in(t *testing.T) *lab {
	other := *l
	other.t = t
	return &other
}

// serve writes a policy that wants that audience.
func (l *lab) serve(audience string) {
	l.write("orders.xml", strings.Replace(ordersPolicy, "AUDIENCE", audience, 1))
}

// send sends a request with a token of Alice and the shop's key, and gives its record.
func (l *lab) send(method, path string, m entra.MintRequest, lines ...string) *trace.Record {
	l.t.Helper()
	if m.Audience == "" {
		m.Audience = audience
	}
	if m.User == "" {
		m.User = "alice@contoso.onmicrosoft.com"
	}
	token, err := l.MintToken(m)
	if err != nil {
		l.t.Fatal(err)
	}
	body := ""
	if method == http.MethodPost {
		body = `{"sku": "a-100", "count": 2, "password": "hunter2-hunter2"}`
	}
	r, err := http.NewRequestWithContext(l.t.Context(), method, l.Gateway()+path, strings.NewReader(body))
	if err != nil {
		l.t.Fatal(err)
	}
	r.Header.Set("Authorization", "Bearer "+token)
	r.Header.Set("Ocp-Apim-Subscription-Key", l.Key("contoso-shop"))
	r.Header.Set("User-Agent", "orders-client/1.0")
	if body != "" {
		r.Header.Set("Content-Type", "application/json")
	}
	for i := 0; i < len(lines); i += 2 {
		r.Header.Set(lines[i], lines[i+1])
	}
	response, err := l.client.Do(r)
	if err != nil {
		l.t.Fatal(err)
	}
	response.Body.Close()
	return l.next()
}

// next is the record of the next request that is done.
func (l *lab) next() *trace.Record {
	l.t.Helper()
	ctx, cancel := context.WithTimeout(l.t.Context(), patience)
	defer cancel()
	select {
	case r := <-l.done:
		return r
	case <-ctx.Done():
		l.t.Fatal("no request came")
		return nil
	}
}

// A browser is a real one, signed in.
type browser struct {
	t       *testing.T
	context context.Context
	base    string
}

func newBrowser(t *testing.T, l *lab) *browser {
	t.Helper()
	path, err := exec.LookPath("chromium")
	if err != nil {
		t.Skip("there is no chromium here: on Debian, apt-get install chromium")
	}
	options := append(chromedp.DefaultExecAllocatorOptions[:], chromedp.ExecPath(path), chromedp.NoSandbox, chromedp.Flag("lang", "en"))
	ctx, cancel := chromedp.NewExecAllocator(t.Context(), options...)
	t.Cleanup(cancel)
	ctx, end := chromedp.NewContext(ctx)
	t.Cleanup(end)
	// The browser ends with the context that it was started in.
	if err := chromedp.Do(ctx); err != nil {
		t.Fatal(err)
	}
	b := &browser{t, ctx, l.Management()}
	// A window without the focus of the desktop tells a page nothing of focus.
	if _, err := chromedp.Call(ctx, emulation.SetFocusEmulationEnabled, emulation.SetFocusEmulationEnabledParams{Enabled: true}); err != nil {
		t.Fatal(err)
	}
	b.do("sign in", chromedp.Navigate(l.PageLink()), chromedp.WaitVisible(".filters"))
	return b
}

// in is the browser in a subtest.
func (b *browser) in(t *testing.T) *browser { return &browser{t, b.context, b.base} }

func (b *browser) do(what string, actions ...chromedp.Action[chromedp.Void]) {
	b.t.Helper()
	ctx, cancel := context.WithTimeout(b.context, patience)
	defer cancel()
	if err := chromedp.Do(ctx, actions...); err != nil {
		body, _ := chromedp.Run(b.context, chromedp.OuterHTML("html"))
		b.t.Fatalf("%s: %v\n%.3000s", what, err, body)
	}
}

func (b *browser) open(path, wait string) {
	b.t.Helper()
	b.do("open "+path, chromedp.Navigate(b.base+path), chromedp.WaitVisible(wait))
}

func (b *browser) text(selector string) string {
	b.t.Helper()
	return get(b, chromedp.Text(selector))
}

// waitText waits until an element has a text.
func (b *browser) waitText(selector, text string) {
	b.t.Helper()
	script := fmt.Sprintf("(document.querySelector(%q) || {innerText: \"\"}).innerText.includes(%q)", selector, text)
	waitFor(b.t, func() bool {
		found, err := chromedp.Run(b.context, chromedp.Evaluate[bool](script)) // which fails while another page comes
		return err == nil && found
	})
}

// get is what an action gives.
func get[T any](b *browser, a chromedp.Action[T]) T {
	b.t.Helper()
	ctx, cancel := context.WithTimeout(b.context, patience)
	defer cancel()
	value, err := chromedp.Run(ctx, a)
	if err != nil {
		b.t.Fatal(err)
	}
	return value
}

// picture takes the page in light and dark, wide and narrow.
func (b *browser) picture(name string) {
	b.t.Helper()
	folder := os.Getenv(screenshots)
	if folder == "" {
		return
	}
	if err := os.MkdirAll(folder, 0o755); err != nil {
		b.t.Fatal(err)
	}
	for _, size := range []struct {
		name          string
		width, height int64
	}{{"wide", 1280, 860}, {"narrow", 400, 800}} {
		for _, scheme := range []string{"light", "dark"} {
			b.do("resize", chromedp.EmulateViewport(size.width, size.height))
			b.media(scheme)
			png := get(b, chromedp.CaptureScreenshot())
			if err := os.WriteFile(filepath.Join(folder, fmt.Sprintf("%s-%s-%s.png", name, size.name, scheme)), png, 0o644); err != nil {
				b.t.Fatal(err)
			}
			if get(b, chromedp.Evaluate[bool](`document.documentElement.scrollWidth > innerWidth`)) {
				b.t.Errorf("%s is wider than a window of %d pixels", name, size.width)
			}
		}
	}
	b.do("go back", chromedp.EmulateViewport(1280, 860))
	b.media("light")
}

// media is what the system's theme is.
func (b *browser) media(scheme string) {
	b.t.Helper()
	_, err := chromedp.Call(b.context, emulation.SetEmulatedMedia, emulation.SetEmulatedMediaParams{Features: []*emulation.MediaFeature{{Name: "prefers-color-scheme", Value: scheme}}})
	if err != nil {
		b.t.Fatal(err)
	}
}

// What a newcomer does: breaks the audience, sends a request, reads why it was refused,
// mends it and sends the request again.
func TestBrowser(t *testing.T) {
	l := newLab(t)
	b := newBrowser(t, l)
	var errors []string
	var mu sync.Mutex // of errors
	err := chromedp.Listen(b.context, func(event any) {
		mu.Lock()
		defer mu.Unlock()
		errors = append(errors, complaints(event)...)
	})
	if err != nil {
		t.Fatal(err)
	}

	t.Run("live list", func(t *testing.T) {
		l, b := l.in(t), b.in(t)
		first := l.send("GET", "/orders/7", entra.MintRequest{}, "X-Plan", "gold")
		b.do("see it come", chromedp.WaitVisible("#r-"+first.ID))
		l.send("POST", "/orders/", entra.MintRequest{User: "bob@contoso.onmicrosoft.com"})
		l.send("GET", "/orders/flaky", entra.MintRequest{})
		l.send("GET", "/orders/8", entra.MintRequest{Fault: "expired"})
		l.send("GET", "/orders/9", entra.MintRequest{}, "Ocp-Apim-Subscription-Key", "not-a-key-at-all")
		l.send("GET", "/shipments/9", entra.MintRequest{})
		l.send("DELETE", "/orders/7", entra.MintRequest{})
		last := l.send("GET", "/orders/1001", entra.MintRequest{Audience: otherAudience}, "X-Plan", "gold")
		b.do("see the last", chromedp.WaitVisible("#r-"+last.ID))
		if text := b.text("#r-" + last.ID); !strings.Contains(text, "401") || !strings.Contains(text, "orders.xml:4") || !strings.Contains(text, "TokenAudienceNotAllowed") {
			t.Errorf("the row is %q", text)
		}
		b.picture("list")
		b.do("filter", chromedp.SetValue("#status", "2"), chromedp.WaitNotPresent("#r-"+last.ID), chromedp.WaitVisible("#rows .s2"))
		if text := b.text("#rows"); strings.Contains(text, "401") || !strings.Contains(text, "/orders/7") {
			t.Errorf("those with 2xx are %q", text)
		}
	})

	t.Run("good request", func(t *testing.T) {
		l, b := l.in(t), b.in(t)
		r := l.send("GET", "/orders/7", entra.MintRequest{}, "X-Plan", "gold")
		b.open("/requests/"+r.ID, "#timeline")
		b.do("focus a value", chromedp.Evaluate[chromedp.Void](`(() => { for (const v of document.querySelectorAll(".value")) if (v.textContent.includes("X-Plan")) { v.focus(); return } })()`),
			chromedp.WaitVisible("#tip"))
		value := b.text("#tip")
		if !strings.Contains(value, "gold") {
			t.Errorf("the value is %q", value)
		}
		b.do("unfold", chromedp.Evaluate[chromedp.Void](`for (const s of document.querySelectorAll(".step")) if (/choose|forward/.test(s.textContent.slice(0, 120))) s.open = true`))
		if call := b.text(".exchange .phases"); !strings.Contains(call, "127.0.0.1:") || !strings.Contains(call, "HTTP/1.1") {
			t.Errorf("the call is shown as %q", call)
		}
		b.picture("request")
	})

	t.Run("refused, mended, replayed", func(t *testing.T) {
		l, b := l.in(t), b.in(t)
		r := l.send("GET", "/orders/1001", entra.MintRequest{Audience: otherAudience}, "X-Plan", "gold")
		b.open("/requests/"+r.ID, "#timeline")
		text := b.text(".verdict")
		for _, want := range []string{"validate-jwt", "orders.xml:4", otherAudience, audience, "TokenAudienceNotAllowed"} {
			if !strings.Contains(text, want) {
				t.Errorf("the page does not say %s: %q", want, text)
			}
		}
		row := b.text(".deciding .checks .failed")
		for _, want := range []string{"audience", otherAudience, audience} {
			if !strings.Contains(row, want) {
				t.Errorf("the check that failed does not say %s: %q", want, row)
			}
		}
		if claims := b.text(".deciding .claims"); !strings.Contains(claims, "for whom it is") || !strings.Contains(claims, "alice@contoso.onmicrosoft.com") {
			t.Errorf("the claims are %q", claims)
		}
		b.picture("refused")
		runCopiedTest(t, l, copied(b))

		l.serve(otherAudience)
		waitFor(t, func() bool {
			return strings.Contains(l.Service().Documents[filepath.Join(l.dir, "orders.xml")].Text(), otherAudience)
		})
		b.do("replay", chromedp.Click("form[action$=replay] button"), chromedp.WaitVisible(".compare"))
		l.next()
		if then, now := b.text(".columns section:nth-child(1)"), b.text(".columns section:nth-child(2)"); !strings.Contains(then, "401") || !strings.Contains(now, "200") {
			t.Errorf("then %q, now %q", then, now)
		}
		b.picture("replay")
	})

	t.Run("playground", func(t *testing.T) {
		l, b := l.in(t), b.in(t)
		b.open("/playground", ".compose")
		b.picture("playground")
		b.do("compose and send",
			chromedp.SetValue("#method", "GET"),
			chromedp.SetValue("#path", "/orders/42?lang=en"),
			chromedp.SetValue("#as", "user:11111111-1111-4111-8111-111111111111:bob@contoso.onmicrosoft.com"),
			chromedp.SetValue("#audience", otherAudience),
			chromedp.Click(".compose .primary"), chromedp.WaitVisible("#timeline"))
		l.next()
		if text := b.text("main"); !strings.Contains(text, "Bob Example") || !strings.Contains(text, "200") {
			t.Errorf("the page says %q", text)
		}
		runCopiedTest(t, l, copied(b))
	})

	t.Run("other pages", func(t *testing.T) {
		b := b.in(t)
		b.open("/service", ".api")
		b.picture("service")
		b.do("effective policy", chromedp.Click(".operations .links a"), chromedp.WaitVisible(".effective"))
		if text := b.text(".effective"); !strings.Contains(text, "{{partner-code}}") || strings.Contains(text, partnerCode) {
			t.Errorf("the effective policy is %q", text)
		}
		b.picture("effective")
		b.open("/state", "#by")
		b.do("move the clock", chromedp.Click(`button[value="1h"]`))
		b.waitText(".big", "1h0m0s ahead")
		b.picture("state")
	})

	t.Run("findings, live", func(t *testing.T) {
		l, b := l.in(t), b.in(t)
		b.open("/findings", "main h1")
		l.write("orders.xml", strings.Replace(strings.Replace(ordersPolicy, "AUDIENCE", otherAudience, 1), `<set-header name="X-Caller"`, `<set-hader name="X-Caller"`, 1))
		b.do("see the fault", chromedp.WaitVisible("#notice"), chromedp.WaitVisible(".finding.error"))
		if text := b.text("#notice"); !strings.Contains(text, "orders.xml:25") {
			t.Errorf("the notice says %q", text)
		}
		b.picture("findings")
		l.serve(otherAudience)
		b.do("see it go", chromedp.WaitNotVisible("#notice"))
	})

	mu.Lock()
	defer mu.Unlock()
	if len(errors) > 0 {
		t.Errorf("the browser complains:\n%s", strings.Join(errors, "\n"))
	}
}

// The audience of the demo's policy is broken, and its request sent: one click from the list
// shows statement, line, what was expected and what came.
func TestNewcomer(t *testing.T) {
	l := &lab{t: t, dir: t.TempDir(), done: make(chan *trace.Record, 10)}
	const right, wrong = "22222222-2222-4222-8222-222222222222", "99999999-9999-4999-8999-999999999999"
	for _, name := range []string{"apim.yaml", "policy.xml"} {
		text, err := seed.Files.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		l.write(name, strings.Replace(string(text), "<audience>"+right, "<audience>"+wrong, 1))
	}
	l.start()
	b := newBrowser(t, l)
	token, err := l.MintToken(entra.MintRequest{User: "alice@contoso.onmicrosoft.com", Audience: l.ClientID()})
	if err != nil {
		t.Fatal(err)
	}
	q, err := http.NewRequestWithContext(t.Context(), http.MethodPost, l.ChatEndpoint(), strings.NewReader(`{"messages": [{"role": "user", "content": "I need a reliable and affordable car"}]}`))
	if err != nil {
		t.Fatal(err)
	}
	for name, value := range map[string]string{"Authorization": "Bearer " + token, "Ocp-Apim-Subscription-Key": l.Key(""), "Content-Type": "application/json"} {
		q.Header.Set(name, value)
	}
	response, err := l.client.Do(q)
	if err != nil {
		t.Fatal(err)
	}
	response.Body.Close()
	r := l.next()
	if response.StatusCode != http.StatusUnauthorized {
		t.Errorf("the request got %s", response.Status)
	}
	b.do("see it come and open it", chromedp.WaitVisible("#r-"+r.ID), chromedp.Click("#r-"+r.ID+" a"), chromedp.WaitVisible(".verdict"))
	text := b.text(".verdict")
	for _, want := range []string{"validate-jwt", "policy.xml:4", "The token is for " + right, "accepted are " + wrong} {
		if !strings.Contains(text, want) {
			t.Errorf("the page does not say %s: %q", want, text)
		}
	}
}

// copied is the request of the page as a test.
func copied(b *browser) string {
	b.t.Helper()
	return get(b, chromedp.TextContent("#test"))
}

func waitFor(t *testing.T, holds func() bool) {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), patience)
	defer cancel()
	for !holds() {
		select {
		case <-ctx.Done():
			t.Fatal("it does not come to be")
		case <-time.After(10 * time.Millisecond):
		}
	}
}

// runCopiedTest runs a test that the page gave, beside the service.
func runCopiedTest(t *testing.T, l *lab, text string) {
	t.Helper()
	const name = "pasted.test.yaml"
	l.write(name, text)
	defer os.Remove(filepath.Join(l.dir, name))
	suite, err := testrun.Find([]string{filepath.Join(l.dir, name)})
	if err != nil {
		t.Fatal(err)
	}
	if err := suite.Run(testrun.Options{}, func(*testrun.SuiteFile) error { return nil }); err != nil {
		t.Fatal(err)
	}
	for _, f := range suite.Files {
		if f.Unusable != nil || f.Unloadable != nil || len(f.Results) != 1 {
			t.Errorf("the test can't be run: %v %v\n%s", f.Unusable, f.Unloadable, text)
		}
		for _, r := range f.Results {
			if !r.Passed() {
				failures, _ := json.MarshalIndent(r.Failures, "", " ")
				t.Errorf("the test fails: %s\n%s", failures, text)
			}
		}
	}
}

package emulator

import (
	"bufio"
	"bytes"
	"context"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/x509"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"html"
	"io"
	"log/slog"
	"maps"
	"math/big"
	"net"
	"net/http"
	"net/http/httptest"
	"net/url"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"software.sslmate.com/src/go-pkcs12"

	"github.com/apimulator/apimulator/internal/entra"
	"github.com/apimulator/apimulator/internal/trace"
)

// spelt are the ways in which a secret may stand in a text. It is written without a look at
// how secrets are hidden.
func spelt(secret string) []string {
	escaped, _ := json.Marshal(secret)
	var plain bytes.Buffer
	e := json.NewEncoder(&plain)
	e.SetEscapeHTML(false)
	_ = e.Encode(secret)
	all := []string{secret, url.QueryEscape(secret), url.PathEscape(secret), html.EscapeString(secret),
		strings.Trim(string(escaped), `"`), strings.Trim(strings.TrimSpace(plain.String()), `"`)}
	for offset := range 3 {
		// Whole groups of three bytes read the same, whatever is around them.
		inner := secret[(3-offset)%3:]
		inner = inner[:len(inner)/3*3]
		for _, encoding := range []*base64.Encoding{base64.StdEncoding, base64.URLEncoding} {
			if len(inner) >= 6 {
				all = append(all, encoding.EncodeToString([]byte(inner)))
			}
		}
	}
	for _, encoding := range []*base64.Encoding{base64.StdEncoding, base64.RawStdEncoding, base64.URLEncoding, base64.RawURLEncoding} {
		all = append(all, encoding.EncodeToString([]byte(secret)))
	}
	slices.Sort(all)
	return slices.Compact(all)
}

// shown are the secrets that a text shows, each with what stands before it.
func shown(text string, secrets map[string]string) []string {
	var all []string
	for _, what := range slices.Sorted(maps.Keys(secrets)) {
		for _, spelling := range spelt(secrets[what]) {
			if i := strings.Index(text, spelling); i >= 0 {
				all = append(all, fmt.Sprintf("%s, as %.60s, after %q", what, spelling, text[max(0, i-150):i]))
				break
			}
		}
	}
	return all
}

// TestSpelt: the search finds what it is made for.
func TestSpelt(t *testing.T) {
	const secret = `q+u/o"t&e?<d~ secret`
	secrets := map[string]string{"it": secret}
	inJSON, _ := json.Marshal(map[string]string{"a": "x" + secret})
	texts := []string{secret, "a=" + url.QueryEscape(secret), url.PathEscape(secret), string(inJSON), html.EscapeString(secret)}
	for _, around := range []string{"", "u", "us", "use", "user"} {
		for _, encoding := range []*base64.Encoding{base64.StdEncoding, base64.RawURLEncoding} {
			texts = append(texts, "Basic "+encoding.EncodeToString([]byte(around+secret+around)))
		}
	}
	for _, text := range texts {
		if shown(text, secrets) == nil {
			t.Errorf("it is not found in %s", text)
		}
	}
	if found := shown("something else", secrets); found != nil {
		t.Errorf("found in something else: %s", found)
	}
}

// kept are the secrets of the run, by what they are. Most have characters that are escaped
// somewhere.
var kept = map[string]string{
	"named value in a header":            "nv-header+1/2=3~4!secret",
	"named value in a body":              "nv-body+1/2=3&4<secret",
	"named value in a query":             "nv-query+1/2=3&4?secret",
	"named value in an expression":       "nv-expr+1/2=3&4<secret",
	"password of authentication-basic":   "nv-basic+1/2=3&4<secret",
	"credential of a backend, header":    "be-header+1/2=3~secret",
	"credential of a backend, query":     "be-query+1/2=3&4secret",
	"credential of a backend, scheme":    "be-scheme+1/2=3~secret",
	"token of a connection":              "connection+1/2=3~secret",
	"password of a certificate":          "certificate+1/2=3&secret",
	"password of the cache":              "cache+1/2=3&4secret",
	"key of an event hub":                "ZXZlbnRodWIta2V5LTEyMzQ1Njc4OTA=",
	"primary key":                        "primary-key-0123456789",
	"secondary key":                      "secondary-key-0123456789",
	"a wrong key":                        "wrong-key-0123456789",
	"a malformed token":                  "malformed-token-0123456789",
	"opaque token":                       "opaque-token-0123456789",
	"opaque token that is taken away":    "opaque-deleted-0123456789",
	"password of a client":               "client-basic-0123456789",
	"cookie":                             "cookie-0123456789",
	"second cookie":                      "second-0123456789",
	"cookie that a backend sets":         "set-cookie-0123456789",
	"sig":                                "sig-0123456789+/=",
	"code":                               "code-0123456789",
	"access_token":                       "access-0123456789",
	"sig of a refused call":              "sig-refused-0123456789",
	"code of a call without TLS":         "code-tls-0123456789",
	"access_token of a redirect":         "redirect-0123456789",
	"token that a backend gives":         "given-token-0123456789",
	"API key of a request":               "api-key-0123456789",
	"password in a body":                 "body-password-0123456789",
	"client secret that a policy sends":  "client-secret-0123456789&",
	"wrong client secret":                "wrong-client-secret-0123456789",
	"password that stands in the policy": "clear-password-0123456789",
	"token that stands in the policy":    "clear-token-0123456789",
}

// control is what nobody is asked to hide.
const control = "nothing-hides-this-0123456789"

// vaultPolicies are those of the API vault, an operation for each. BACKEND, REFUSED and
// UNTRUSTED are addresses.
var vaultPolicies = map[string]string{
	"token": fakeLogin,
	"values": `<set-header name="X-Value" exists-action="override"><value>{{header}}</value></set-header>
<set-header name="X-Plain" exists-action="override"><value>@("` + control + `")</value></set-header>
<set-query-parameter name="v" exists-action="override"><value>{{query}}</value></set-query-parameter>
<set-variable name="joined" value="@("a" + "{{expr}}" + "b")" />
<set-variable name="encoded" value="@(Convert.ToBase64String(System.Text.Encoding.UTF8.GetBytes("u:" + "{{expr}}")))" />
<set-variable name="escaped" value="@(Uri.EscapeDataString("{{expr}}"))" />
<authentication-basic username="me" password="{{basic}}" />
<trace source="mine" severity="error"><message>@("traced {{expr}}")</message><metadata name="m" value="{{expr}}" /></trace>
<set-method>POST</set-method><set-body>{"value": "{{body}}"}</set-body>`,
	"backend":    `<set-backend-service backend-id="secured" />`,
	"connection": `<get-authorization-context provider-id="p" authorization-id="a" context-variable-name="auth" /><set-header name="X-Connection" exists-action="override"><value>@(((Authorization)context.Variables["auth"]).AccessToken)</value></set-header>`,
	"identity": `<authentication-managed-identity resource="https://cognitiveservices.azure.com" output-token-variable-name="mi" />
<set-header name="X-Identity" exists-action="override"><value>@((string)context.Variables["mi"])</value></set-header>` + identity,
	"cache": `<cache-store-value key="@("by-" + context.Request.Headers.GetValueOrDefault("Authorization", ""))" value="1" duration="600" caching-type="internal" />
<cache-store-value key="@("key-" + context.Request.Headers.GetValueOrDefault("X-Api-Key", ""))" value="@(context.Request.Headers.GetValueOrDefault("Authorization", ""))" duration="600" caching-type="internal" />
<cache-lookup-value key="k" variable-name="n" caching-type="external" />`,
	"count": `<rate-limit-by-key calls="100" renewal-period="300" counter-key="@(context.Request.Headers.GetValueOrDefault("Authorization", ""))" />
<rate-limit-by-key calls="100" renewal-period="300" counter-key="@("of " + context.Request.Headers.GetValueOrDefault("X-Api-Key", ""))" />
<quota-by-key calls="100" renewal-period="600" counter-key="@(context.Request.Headers.GetValueOrDefault("Authorization", "").Split(' ').Last())" />
<emit-metric name="n" namespace="s"><dimension name="who" value="@(context.Request.Headers.GetValueOrDefault("Authorization", ""))" /><dimension name="key" value="@("{{header}} " + context.Request.Headers.GetValueOrDefault("X-Api-Key", ""))" /></emit-metric>`,
	"event":    `<log-to-eventhub logger-id="hub">@("{{expr}}" + context.Request.Headers.GetValueOrDefault("Authorization", ""))</log-to-eventhub>`,
	"refused":  `<set-backend-service base-url="REFUSED/x?sig=SIG" />`,
	"tls":      `<set-backend-service base-url="UNTRUSTED/x?code=CODE" />`,
	"redirect": `<rewrite-uri template="/redirect" />`,
	"deleted": `<set-variable name="was" value="@(context.Request.Headers.GetValueOrDefault("Authorization", ""))" /><set-header name="Authorization" exists-action="delete" />
<set-variable name="cut" value="@(context.Request.Headers.GetValueOrDefault("Cookie", "").Split('=')[1].Split(';')[0])" />
<set-variable name="signed" value="@(context.Request.Url.Query.GetValueOrDefault("sig", "") + context.Request.Url.Query.GetValueOrDefault("code", "") + context.Request.Url.Query.GetValueOrDefault("access_token", ""))" />
<set-variable name="posted" value="@(context.Request.Body.As<JObject>(preserveContent: true)["password"].ToString())" />`,
	"password": `<set-variable name="p" value="@(context.Request.Headers.GetValueOrDefault("Authorization", "").AsBasic().Password)" />`,
	"fetch": `<send-request mode="new" response-variable-name="r"><set-url>BACKEND/issue</set-url><set-method>POST</set-method>
<set-header name="Content-Type" exists-action="override"><value>application/x-www-form-urlencoded</value></set-header>
<set-body>@("grant_type=client_credentials&client_secret=" + Uri.EscapeDataString("{{client-secret}}"))</set-body></send-request>
<set-variable name="t" value="@(((IResponse)context.Variables["r"]).Body.As<JObject>()["access_token"].ToString())" />
<set-header name="X-Got" exists-action="override"><value>@("got " + context.Variables["t"])</value></set-header>`,
	"clear": `<authentication-basic username="me" password="CLEAR-PASSWORD" />
<set-variable name="b" value="@(context.Request.Headers.GetValueOrDefault("Authorization", ""))" />
<set-header name="X-Api-Key" exists-action="override"><value>CLEAR-TOKEN</value></set-header>`,
	"fails": `<set-variable name="f" value="@(int.Parse("{{expr}}" + context.Request.Headers.GetValueOrDefault("Authorization", "")))" />`,
	"keyed": ``,
}

// vault is the service of the run.
func vault(t *testing.T, behind, refused, untrusted string) files {
	f := files{"client.pfx": pfx(t, kept["password of a certificate"])}
	var operations strings.Builder
	for _, name := range slices.Sorted(maps.Keys(vaultPolicies)) {
		text := strings.NewReplacer("BACKEND", behind, "REFUSED", refused, "UNTRUSTED", untrusted, "SIG", kept["sig of a refused call"], "CODE", kept["code of a call without TLS"],
			"CLEAR-PASSWORD", kept["password that stands in the policy"], "CLEAR-TOKEN", kept["token that stands in the policy"]).Replace(document(vaultPolicies[name]))
		if name == "redirect" {
			text = strings.Replace(text, "<backend><base />", `<backend><forward-request follow-redirects="@(context.Request.Headers.ContainsKey("X-Follow"))" />`, 1)
		}
		f[name+".xml"] = text
		fmt.Fprintf(&operations, "      - {name: %s, method: \"*\", urlTemplate: /%s, policy: %s.xml}\n", name, name, name)
	}
	f["apim.yaml"] = `
apis:
  - name: vault
    path: vault
    backend: "` + behind + `"
    subscriptionRequired: false
    operations:
` + operations.String() + `  - {name: keyed, path: keyed, backend: "` + behind + `", policy: keyed.xml, subscriptionKey: {header: X-Pass, query: pass}}
subscriptions:
  - {name: written, primaryKey: ` + kept["primary key"] + `, secondaryKey: ` + kept["secondary key"] + `}
namedValues:
  header: {env: VAULT_HEADER}
  body: {env: VAULT_BODY}
  query: {env: VAULT_QUERY}
  expr: {env: VAULT_EXPR}
  basic: {env: VAULT_BASIC}
  client-secret: {env: VAULT_CLIENT}
  be-header: {env: VAULT_BE_HEADER}
certificates:
  client: {file: client.pfx, password: {env: VAULT_PFX}}
credentialProviders:
  p: {authorizations: {a: {accessToken: {env: VAULT_CONNECTION}}}}
cache: {connectionString: {env: VAULT_CACHE}}
loggers:
  hub: {connection: {env: VAULT_HUB}, eventHub: orders}
hosts: {vault.servicebus.windows.net: "` + strings.TrimPrefix(refused, "http://") + `"}
backends:
  secured:
    url: ` + behind + `
    credentials:
      header: {X-Backend-Key: ["{{be-header}}"]}
      query: {bk: ["` + kept["credential of a backend, query"] + `"]}
      authorization: {scheme: Custom, parameter: "` + kept["credential of a backend, scheme"] + `"}
`
	return f
}

// vaultVariables is the environment of the run.
func vaultVariables(refused string) func(string) (string, bool) {
	values := map[string]string{
		"VAULT_HEADER": kept["named value in a header"], "VAULT_BODY": kept["named value in a body"], "VAULT_QUERY": kept["named value in a query"],
		"VAULT_EXPR": kept["named value in an expression"], "VAULT_BASIC": kept["password of authentication-basic"], "VAULT_CLIENT": kept["client secret that a policy sends"],
		"VAULT_BE_HEADER": kept["credential of a backend, header"], "VAULT_PFX": kept["password of a certificate"], "VAULT_CONNECTION": kept["token of a connection"],
		"VAULT_CACHE": strings.TrimPrefix(refused, "http://") + ",password=" + kept["password of the cache"] + ",connectTimeout=500",
		"VAULT_HUB":   "Endpoint=sb://vault.servicebus.windows.net/;SharedAccessKeyName=send;SharedAccessKey=" + kept["key of an event hub"],
	}
	return func(name string) (string, bool) { v, ok := values[name]; return v, ok }
}

func pfx(t *testing.T, password string) string {
	t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	template := &x509.Certificate{SerialNumber: big.NewInt(1), NotBefore: time.Unix(0, 0), NotAfter: time.Unix(1<<33, 0)}
	der, err := x509.CreateCertificate(rand.Reader, template, template, key.Public(), key)
	if err != nil {
		t.Fatal(err)
	}
	leaf, err := x509.ParseCertificate(der)
	if err != nil {
		t.Fatal(err)
	}
	data, err := pkcs12.Modern.Encode(key, leaf, nil, password)
	if err != nil {
		t.Fatal(err)
	}
	return string(data)
}

// echoing is a backend that gives back what it gets, as backends should not.
func echoing(w http.ResponseWriter, r *http.Request) {
	body, _ := io.ReadAll(r.Body)
	switch r.URL.Path {
	case "/issue":
		fmt.Fprintf(w, `{"token_type": "Bearer", "access_token": %q}`, kept["token that a backend gives"])
		return
	case "/redirect":
		http.Redirect(w, r, "/landed?access_token="+url.QueryEscape(kept["access_token of a redirect"]), http.StatusFound)
		return
	}
	w.Header().Set("X-Echo", r.Header.Get("Authorization")+" "+r.Header.Get("X-Api-Key")+" "+r.Header.Get("X-Backend-Key"))
	w.Header().Add("Set-Cookie", "sid="+kept["cookie that a backend sets"]+"; Path=/; HttpOnly")
	for name := range r.Header {
		fmt.Fprintf(w, "%s: %q\n", name, r.Header.Get(name))
	}
	fmt.Fprintf(w, "%s\n%s\n%s", r.RequestURI, body, kept["cookie that a backend sets"])
}

// A listener reads a stream of the management listener until the run is over.
type listener struct {
	mu   sync.Mutex
	text strings.Builder
	last chan struct{} // closed when the last request of the run has come
}

// lastPath is that of the last request of a run.
const lastPath = "/nowhere-else"

func (l *lab) listenTo(ctx context.Context, path string) *listener {
	l.t.Helper()
	r := request(l.t, http.MethodGet, l.Management()+path, "", "Authorization", "Bearer "+l.bearer).WithContext(ctx)
	response, err := http.DefaultClient.Do(r)
	if err != nil {
		l.t.Fatal(err)
	}
	s := &listener{last: make(chan struct{})}
	go func() {
		defer response.Body.Close()
		lines, over := bufio.NewReader(response.Body), false
		for {
			line, err := lines.ReadString('\n')
			s.mu.Lock()
			s.text.WriteString(line)
			s.mu.Unlock()
			if !over && strings.Contains(line, lastPath) {
				over = true
				close(s.last)
			}
			if err != nil {
				return
			}
		}
	}()
	return s
}

func (s *listener) all() string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.text.String()
}

// TestNothingShowsASecret: after a run that uses every kind of secret, nothing that the
// emulator tells anybody holds one, in whatever spelling.
func TestNothingShowsASecret(t *testing.T) {
	collector := newCollector(t)
	behind := backend(t, echoing)
	untrusted := httptest.NewTLSServer(http.HandlerFunc(echoing))
	untrusted.Config.ErrorLog = slog.NewLogLogger(slog.DiscardHandler, slog.LevelError)
	t.Cleanup(untrusted.Close)
	closed, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	refused := "http://" + closed.Addr().String()
	closed.Close()

	var inJSON page
	inJSON.news = make(chan struct{})
	l, err := startLab(t, vault(t, behind.URL, refused, untrusted.URL), withState(t.TempDir()), withOpenTelemetry, func(c *Config) {
		c.Getenv = vaultVariables(refused)
		c.Log = slog.New(slog.NewMultiHandler(c.Log.Handler(), slog.NewJSONHandler(&inJSON, &slog.HandlerOptions{Level: slog.LevelDebug})))
	})
	if err != nil {
		t.Fatal(err)
	}
	told := make(map[string]string) // by where
	secrets := maps.Clone(kept)
	secrets["the bearer"], secrets["IDENTITY_HEADER"], secrets["the client secret"] = l.bearer, l.IdentityHeader(), l.clientSecret()

	ctx, stop := context.WithCancel(t.Context())
	follow, events := l.listenTo(ctx, "/traces/follow"), l.listenTo(ctx, "/events")
	l.useVault(secrets, told)
	await(t, follow.last, "the last record")
	await(t, events.last, "the last row")
	stop()
	told["traces that are followed"], told["the page's events"] = follow.all(), events.all()
	l.collect(told)
	l.close()
	told["the log"], told["the log in JSON"] = l.log.all(), inJSON.text.String()
	spans, err := json.Marshal([]any{collector.spans, collector.metrics})
	if err != nil {
		t.Fatal(err)
	}
	told["OpenTelemetry"] = string(spans)

	for where, text := range told {
		for _, secret := range shown(text, secrets) {
			t.Errorf("%s shows %s", where, secret)
		}
		if i := jwtPattern.FindStringIndex(text); i != nil {
			t.Errorf("%s shows a token after %q", where, text[max(0, i[0]-150):i[0]])
		}
	}
	// What is not hidden is found.
	for _, where := range []string{"all records", "traces that are followed"} {
		if shown(told[where], map[string]string{"the control": control}) == nil {
			t.Errorf("%s does not show %s", where, control)
		}
	}
}

// useVault sends each secret on its way. It adds those that it makes, and the failures that
// clients are told.
func (l *lab) useVault(secrets, told map[string]string) {
	t := l.t
	t.Helper()
	good, err := l.MintToken(entra.MintRequest{User: "alice@contoso.onmicrosoft.com", Audience: l.ClientID()})
	if err != nil {
		t.Fatal(err)
	}
	expired, err := l.MintToken(entra.MintRequest{User: "alice@contoso.onmicrosoft.com", Audience: l.ClientID(), Fault: "expired"})
	if err != nil {
		t.Fatal(err)
	}
	secrets["a token"], secrets["an expired token"] = good, expired
	basic := "Basic " + base64.StdEncoding.EncodeToString([]byte("carol:"+kept["password of a client"]))
	opaque := "Bearer " + kept["opaque token"]
	cookies := "sid=" + kept["cookie"] + "; theme=" + kept["second cookie"]
	query := "sig=" + url.QueryEscape(kept["sig"]) + "&code=" + kept["code"] + "&access_token=" + kept["access_token"]
	for _, q := range []struct {
		path   string
		status int
		lines  []string
	}{
		{"/vault/token", 200, []string{"Authorization", "Bearer " + good}},
		{"/vault/token", 401, []string{"Authorization", "Bearer " + expired}},
		{"/vault/token", 401, []string{"Authorization", "Bearer " + kept["a malformed token"]}},
		{"/vault/values", 200, []string{"X-Api-Key", kept["API key of a request"]}},
		{"/vault/backend", 200, nil},
		{"/vault/connection", 200, nil},
		{"/vault/identity", 200, nil},
		{"/vault/cache", 200, []string{"Authorization", opaque, "X-Api-Key", kept["API key of a request"]}},
		{"/vault/count", 200, []string{"Authorization", opaque, "X-Api-Key", kept["API key of a request"]}},
		{"/vault/count", 200, []string{"Authorization", basic}},
		{"/vault/event", 200, []string{"Authorization", opaque}},
		{"/vault/refused?" + query, 500, []string{"Authorization", opaque}},
		{"/vault/tls?" + query, 500, []string{"Authorization", opaque}},
		{"/vault/redirect", 302, []string{"Authorization", opaque}},
		{"/vault/redirect", 200, []string{"Authorization", opaque, "X-Follow", "1"}},
		{"/vault/deleted?" + query, 200, []string{"Authorization", "Bearer " + kept["opaque token that is taken away"], "Cookie", cookies}},
		{"/vault/password", 200, []string{"Authorization", basic}},
		{"/vault/fetch", 200, nil},
		{"/vault/clear", 200, nil},
		{"/vault/fails", 500, []string{"Authorization", opaque}},
		{"/keyed?pass=" + kept["primary key"], 200, nil},
		{"/keyed", 200, []string{"X-Pass", kept["secondary key"]}},
		{"/keyed", 401, []string{"X-Pass", kept["a wrong key"]}},
		{"/keyed?pass=" + kept["a wrong key"], 401, nil},
	} {
		client := &http.Client{Transport: l.client.Transport, CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}
		r := request(t, http.MethodPost, l.Gateway()+q.path, `{"password": "`+kept["password in a body"]+`"}`, append(q.lines, "Content-Type", "application/json")...)
		got := do(t, client, r)
		if got.status != q.status {
			t.Errorf("%s: got %d %s; want %d", q.path, got.status, got.body, q.status)
		}
		if got.status >= 400 {
			told["errors that clients get"] += fmt.Sprintln(got.status, got.header, got.body)
		}
	}
	l.log.await(t, "an event was not sent")
	for _, secret := range []string{secrets["the client secret"], kept["wrong client secret"]} {
		l.askForToken(url.Values{"client_secret": {secret}})
	}
	l.askForToken(url.Values{"client_assertion": {good}, "client_assertion_type": {"urn:ietf:params:oauth:client-assertion-type:jwt-bearer"}})
	// As the page's playground does.
	r := request(t, http.MethodPost, l.Management()+"/playground", url.Values{
		"method": {"POST"}, "path": {"/vault/values?" + query}, "headers": {"Authorization: " + opaque + "\nCookie: " + cookies}, "body": {`{"password": "` + kept["password in a body"] + `"}`}, "key": {"written"},
	}.Encode(), "Authorization", "Bearer "+l.bearer, "Content-Type", "application/x-www-form-urlencoded")
	if got := do(t, http.DefaultClient, r); got.status != http.StatusOK {
		t.Errorf("the playground: %d %s", got.status, got.body)
	} else {
		told["what the playground shows"] = got.body
	}
	l.get(lastPath)
}

// askForToken asks for a token as an application that proves itself by that.
func (l *lab) askForToken(proof url.Values) {
	l.t.Helper()
	proof.Set("grant_type", "client_credentials")
	proof.Set("client_id", daemon)
	proof.Set("scope", l.ClientID()+"/.default")
	do(l.t, l.client, request(l.t, http.MethodPost, l.Authority()+"/oauth2/v2.0/token", proof.Encode(), "Content-Type", "application/x-www-form-urlencoded"))
}

// collect is all that the emulator shows of a run.
func (l *lab) collect(told map[string]string) {
	t := l.t
	t.Helper()
	show := func(where, method, path, body string) string {
		t.Helper()
		got := do(t, http.DefaultClient, request(t, method, l.Management()+path, body, "Authorization", "Bearer "+l.bearer, "Content-Type", "application/json"))
		if got.status != http.StatusOK {
			t.Errorf("%s %s: %d %s", method, path, got.status, got.body)
		}
		// What HTML escapes is searched as it reads, too.
		told[where] += got.body + html.UnescapeString(got.body)
		return got.body
	}
	show("all records", http.MethodGet, "/traces", "")
	show("metrics", http.MethodGet, "/metrics", "")
	show("key sets", http.MethodGet, "/keysets", "")
	var states, effective []string
	for _, o := range l.Service().APIs[0].Operations {
		effective = append(effective, "/service/policy?api=vault&operation="+o.View.ID)
	}
	states = append(states, "/", "/?q=vault&status=5", "/service", "/playground", "/state", "/findings")
	for _, path := range append(states, effective...) {
		show("the page "+path, http.MethodGet, path, "")
	}
	if state := told["the page /state"]; !strings.Contains(state, "rate-limit-by-key") || !strings.Contains(state, "key-") {
		t.Errorf("the page shows no counter or no key of the cache:\n%s", state)
	}
	if !strings.Contains(told["metrics"], "who=") {
		t.Error("no metric of a policy was counted")
	}
	records := l.Recorder().Newest(trace.Kept)
	for _, r := range records {
		show("a record", http.MethodGet, "/traces/"+r.ID, "")
		show("the page of "+r.URL, http.MethodGet, "/requests/"+r.ID, "")
		show("listTrace", http.MethodPost, "/subscriptions/s/resourceGroups/g/providers/Microsoft.ApiManagement/service/n/gateways/managed/listTrace?api-version=2024-05-01",
			`{"traceId": "`+l.debug.TraceID(r.ID)+`"}`)
		var text strings.Builder
		if err := r.Write(&text); err != nil {
			t.Fatal(err)
		}
		told["gateway trace"] += text.String()
		told["lines of the terminal"] += r.Line() + "\n"
	}
	show("the comparison", http.MethodGet, "/compare?before="+records[1].ID+"&after="+records[2].ID, "")
	asked, err := json.Marshal(l.parties.OpenAI.Requests())
	if err != nil {
		t.Fatal(err)
	}
	told["requests of the emulated Azure OpenAI"] = string(asked)
}

package emulator

import (
	"bufio"
	"encoding/json"
	"io"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/apimulator/apimulator/internal/trace"
	"github.com/apimulator/apimulator/policy/exchange"
)

const managed = "/subscriptions/s/resourceGroups/g/providers/Microsoft.ApiManagement/service/apim/gateways/managed/"

// manage posts to the management listener as the owner.
func (l *lab) manage(path, body string, into any) reply {
	l.t.Helper()
	got := do(l.t, l.client, request(l.t, http.MethodPost, l.Management()+path, body, "Authorization", "Bearer "+l.bearer, "Content-Type", "application/json"))
	if into != nil {
		if err := json.Unmarshal([]byte(got.body), into); err != nil {
			l.t.Fatalf("%s answered %d %s", path, got.status, got.body)
		}
	}
	return got
}

func (l *lab) debugToken(api string) string {
	l.t.Helper()
	var token struct{ Token string }
	l.manage(managed+"listDebugCredentials?api-version=2023-05-01-preview", `{"credentialsExpireAfter":"PT1H","apiId":"/subscriptions/s/apis/`+api+`","purposes":["tracing"]}`, &token)
	return token.Token
}

// The way of API Management's clients to a trace: credentials, the request, the trace.
func TestDebugCredentials(t *testing.T) {
	sent := make(chan http.Header, 10)
	echo := backend(t, func(_ http.ResponseWriter, r *http.Request) { sent <- r.Header })
	f := open(echo.URL, `<set-variable name="traced" value="@(context.Tracing)" /><set-header name="X-Traced" exists-action="override"><value>@(context.Variables["traced"].ToString())</value></set-header>`)
	f["apim.yaml"] += "  - {name: other, path: other, backend: \"" + echo.URL + "\", subscriptionRequired: false}\n"
	clock := exchange.NewMovableClock(exchange.System)
	l := newLab(t, f, func(c *Config) { c.Clock = clock })
	token := l.debugToken("api")
	for _, part := range []string{"p=tracing", "&aid=api", "&ex=", "&sn="} {
		if !strings.Contains(token, part) {
			t.Errorf("the token %s has no %s", token, part)
		}
	}
	got := l.get("/a?b=c", "Apim-Debug-Authorization", token)
	id := got.header.Get("Apim-Trace-Id")
	header := <-sent
	if got.status != 200 || id == "" || header.Get("Apim-Debug-Authorization") != "" || header.Get("X-Traced") != "True" {
		t.Fatalf("the request got %d and the trace id %q; the backend got %v", got.status, id, header)
	}
	l.record()
	var document trace.Document
	l.manage(managed+"listTrace?api-version=2023-05-01-preview", `{"traceId":"`+id+`"}`, &document)
	checkDocument(t, &document)

	if got := l.get("/other/a", "Apim-Debug-Authorization", token); got.header.Get("Apim-Debug-Authorization-WrongAPI") == "" || got.header.Get("Apim-Trace-Id") != "" || got.status != 200 {
		t.Errorf("with another API's token: %d %v", got.status, got.header)
	}
	if got := l.get("/a", "Apim-Debug-Authorization", token[:len(token)-4]+"AAAA"); got.header.Get("Apim-Trace-Id") != "" || got.status != 200 {
		t.Errorf("with a forged token: %d %v", got.status, got.header)
	}
	if <-sent; (<-sent).Get("X-Traced") != "False" {
		t.Error("context.Tracing is true with a forged token")
	}
	clock.Advance(time.Hour + time.Second)
	if got := l.get("/a", "Apim-Debug-Authorization", token); !strings.HasPrefix(got.header.Get("Apim-Debug-Authorization-Expired"), "The debug token expired at ") {
		t.Errorf("with a token that has expired: %v", got.header)
	}
}

// checkDocument looks for the entries that a client of listTrace reads.
func checkDocument(t *testing.T, d *trace.Document) {
	t.Helper()
	text, err := json.Marshal(d)
	if err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{
		`"source":"api-inspector"`, `"method":"GET"`, `"configuration":{"api":{"from":"/"`, `"product":"-"`, `"user":"-"`,
		`{"expression":"context.Tracing","message":"Expression was successfully evaluated.","value":true}`,
		`"source":"forward-request"`, `Request is being forwarded to the backend service. Timeout set to 300 seconds`,
		`{"request":{"headers":[{"name":"X-Forwarded-For","value":"127.0.0.1"}`, `{"response":{"headers":[`, `"status":{"code":200,"reason":"OK"}`,
		`"source":"transfer-response"`, `"message":"Response has been sent to the caller in full"`,
	} {
		if !strings.Contains(string(text), want) {
			t.Errorf("the trace has no %s:\n%s", want, text)
		}
	}
	for _, list := range [][]trace.Entry{d.Entries.Inbound, d.Entries.Backend, d.Entries.Outbound} {
		if len(list) == 0 {
			t.Errorf("a section has no entries: %s", text)
		}
		for _, e := range list {
			if _, err := time.Parse("2006-01-02T15:04:05.0000000Z", e.Timestamp); err != nil || len(e.Elapsed) != len("00:00:00.0000000") {
				t.Errorf("an entry has the time %s and took %s", e.Timestamp, e.Elapsed)
			}
		}
	}
}

func TestDebugCredentialsRefused(t *testing.T) {
	l := newLab(t, nil)
	for _, test := range []struct{ path, body, want string }{
		{"listDebugCredentials", `{}`, "MissingApiVersionParameter"},
		{"listDebugCredentials?api-version=1", `{"apiId":"/apis/none","purposes":["tracing"]}`, "no API"},
		{"listDebugCredentials?api-version=1", `{"apiId":"/apis/a","purposes":[]}`, "purposes"},
		{"listDebugCredentials?api-version=1", `{"apiId":"/apis/a","credentialsExpireAfter":"PT2H","purposes":["tracing"]}`, "up to PT1H"},
		{"listDebugCredentials?api-version=1", `[`, "InvalidRequestContent"},
		{"listTrace?api-version=1", `{"traceId":"a"}`, "Trace not found"},
	} {
		if got := l.manage(managed+test.path, test.body, nil); got.status < 400 || !strings.Contains(got.body, test.want) {
			t.Errorf("%s %s: %d %s; want %s", test.path, test.body, got.status, got.body, test.want)
		}
	}
}

// Clients of the retired scheme are served where that is switched on.
func TestOldTrace(t *testing.T) {
	echo := backend(t, func(http.ResponseWriter, *http.Request) {})
	for _, on := range []bool{false, true} {
		l := newLab(t, open(echo.URL, ""), func(c *Config) { c.OldTrace = on })
		location := l.get("/a", "Ocp-Apim-Trace", "true").header.Get("Ocp-Apim-Trace-Location")
		if (location != "") != on {
			t.Errorf("switched on %t: the location is %q", on, location)
		}
		if !on {
			continue
		}
		l.record()
		if got := do(t, l.client, request(t, http.MethodGet, location, "")); got.status != 200 || !strings.Contains(got.body, `"traceEntries"`) {
			t.Errorf("%s: %d %s", location, got.status, got.body)
		}
		if got := do(t, l.client, request(t, http.MethodGet, location+"a", "")); got.status != 404 {
			t.Errorf("with another signature: %d %s", got.status, got.body)
		}
	}
}

// A refusal is explained to a client that asks, in a sentence.
func TestExplain(t *testing.T) {
	l := newLab(t, nil)
	got := do(t, l.client, request(t, http.MethodPost, l.ChatEndpoint(), chatBody, "Apim-Explain", "true", "Ocp-Apim-Subscription-Key", l.Key("")))
	if want := "validate-jwt at policy.xml:"; got.status != 401 || !strings.HasPrefix(got.header.Get("Apim-Explain"), want) || !strings.Contains(got.header.Get("Apim-Explain"), "JWT not present") {
		t.Errorf("%d, explained by %q; want %s", got.status, got.header.Get("Apim-Explain"), want)
	}
	if got := do(t, l.client, request(t, http.MethodPost, l.ChatEndpoint(), chatBody)); got.header.Get("Apim-Explain") != "" {
		t.Error("explained without being asked")
	}
}

func TestShowSecretsOnLoopbackOnly(t *testing.T) {
	_, err := Start(Config{Listen: "0.0.0.0:0", ShowSecrets: true})
	if err == nil || !strings.Contains(err.Error(), "--show-secrets") {
		t.Errorf("it starts: %v", err)
	}
}

// Who follows is told of each request, and let go when the emulator closes.
func TestFollow(t *testing.T) {
	echo := backend(t, func(http.ResponseWriter, *http.Request) {})
	l, err := startLab(t, open(echo.URL, ""))
	if err != nil {
		t.Fatal(err)
	}
	response, err := l.client.Do(request(t, http.MethodGet, l.Management()+"/traces/follow", "", "Authorization", "Bearer "+l.bearer))
	if err != nil {
		t.Fatal(err)
	}
	defer response.Body.Close()
	lines := bufio.NewReader(response.Body)
	for _, path := range []string{"/a", "/b"} {
		l.get(path)
		line, err := lines.ReadString('\n')
		if err != nil || !strings.HasPrefix(line, "data: {") || !strings.Contains(line, l.Gateway()+path) {
			t.Errorf("after %s: %q, %v", path, line, err)
		}
		if _, err := lines.ReadString('\n'); err != nil {
			t.Error(err)
		}
	}
	l.close()
	if rest, err := io.ReadAll(lines); len(rest) > 0 || err != nil {
		t.Errorf("at the end: %q, %v", rest, err)
	}
}

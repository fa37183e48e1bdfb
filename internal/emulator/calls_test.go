package emulator

import (
	"net/http"
	"strings"
	"testing"

	"github.com/apimulator/apimulator/internal/trace"
)

// Whatever leaves the gateway for a statement is told in its step: where it went by the
// hosts map, over which connection, and how long that took.
func TestCallsAreTold(t *testing.T) {
	late := make(chan string, 10)
	echo := backend(t, func(_ http.ResponseWriter, r *http.Request) {
		if r.URL.Path == "/late" {
			late <- r.Header.Get("X-Api-Key")
		}
	})
	l := newLab(t, open("https://contoso.openai.azure.com", `<authentication-managed-identity resource="https://cognitiveservices.azure.com" />
		<send-request mode="new" response-variable-name="r"><set-url>https://login.microsoftonline.com/common/.well-known/openid-configuration?code=the-secret-code</set-url><set-method>GET</set-method></send-request>
		<send-one-way-request mode="new"><set-url>`+echo.URL+`/late</set-url><set-method>PUT</set-method><set-header name="X-Api-Key"><value>a-key-of-the-backend</value></set-header></send-one-way-request>`))
	parties := strings.TrimPrefix(l.Parties(), "https://localhost")
	for _, again := range []bool{false, true} {
		l.get("/openai/models?api-version=2024-06-01")
		if key := await(t, late, "the request that nobody waits for"); key != "a-key-of-the-backend" {
			t.Errorf("the key is %q", key)
		}
		r := l.record()
		calls := make(map[string]trace.Call)
		for _, s := range r.Steps {
			for _, c := range s.Calls {
				calls[s.Name] = c
				if text := c.String(); strings.Contains(text, "the-secret-code") {
					t.Errorf("%s tells %s", s.Name, text)
				}
			}
		}
		identity, asked := calls["authentication-managed-identity"]
		if asked == again {
			t.Errorf("again %v: the identity's token was asked for: %v", again, asked)
		}
		if asked {
			checkCall(t, identity, "http://169.254.169.254/metadata/identity/oauth2/token?", parties, false, false)
		}
		checkCall(t, calls["send-request"], "https://login.microsoftonline.com/common/.well-known/openid-configuration?code=***", parties, true, false) // its body was not read
		checkCall(t, calls["forward-request"], "https://contoso.openai.azure.com/openai/models?", parties, true, again)
		for _, h := range calls["forward-request"].Request {
			if h.Name == "Authorization" && h.Value != "Bearer ***" {
				t.Errorf("the token is told: %s", h.Value)
			}
		}
		oneWay := calls["send-one-way-request"]
		if oneWay.URL != echo.URL+"/late" || len(oneWay.Request) != 1 || oneWay.Request[0].Value != "***" {
			t.Errorf("of the request that nobody waits for it is told %+v", oneWay)
		}
	}
}

func checkCall(t *testing.T, c trace.Call, url, port string, overTLS, again bool) {
	t.Helper()
	over := c.Connection
	switch {
	case !strings.HasPrefix(c.URL, url) || c.Status != 200 || c.Fault != "" || over == nil:
		t.Errorf("got %s, want a call of %s", c.String(), url)
	case !strings.HasSuffix(over.Address, port) || over.Protocol != "HTTP/1.1" || over.FirstByte <= 0:
		t.Errorf("%s went over %+v, want to %s", url, over, port)
	case over.Reused != again || (over.Connect > 0) == again || (over.TLS > 0) != (overTLS && !again):
		t.Errorf("%s went over %+v; again: %v", url, over, again)
	}
}

// The keys that a token needs are fetched for the statement that validates it.
func TestKeyDiscoveryIsTold(t *testing.T) {
	l := newLab(t, open("https://contoso.openai.azure.com", strings.ReplaceAll(fakeLogin, "contoso.onmicrosoft.com", "common")+`<return-response />`))
	l.get("/a", "Authorization", "Bearer "+l.userToken())
	var urls []string
	for _, s := range l.record().Steps {
		for _, c := range s.Calls {
			urls = append(urls, s.Name+" "+c.Result()+" "+c.URL[strings.LastIndexByte(c.URL, '/'):])
		}
	}
	if got, want := strings.Join(urls, "\n"), "validate-jwt 200 /openid-configuration\nvalidate-jwt 200 /keys"; got != want {
		t.Errorf("got\n%s\nwant\n%s", got, want)
	}
}

package entra

import (
	"context"
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

func (l *lab) manage(method, path, body string) *httptest.ResponseRecorder {
	w := httptest.NewRecorder()
	l.srv.Management().ServeHTTP(w, httptest.NewRequest(method, path, strings.NewReader(body)))
	return w
}

func TestManagement(t *testing.T) {
	l := newLab(t)
	w := l.manage("POST", "/token", `{"user":"alice@contoso.onmicrosoft.com","audience":"`+assistantID+`","claims":{"exp":1795525000}}`)
	minted := decode[struct {
		Token     string
		ExpiresOn time.Time
	}](t, w)
	if w.Code != 200 || minted.ExpiresOn.Unix() != 1795525000 {
		t.Errorf("POST /token: %d %s", w.Code, w.Body)
	}
	l.mustVerify(minted.Token)
	if w := l.manage("POST", "/token", `{"app":"daemon","audience":"x","fault":"no-exp"}`); w.Code != 200 || strings.Contains(w.Body.String(), "expiresOn") {
		t.Errorf("a token without exp: %d %s; want no expiresOn", w.Code, w.Body)
	}
	if keys := decode[[]Key](t, l.manage("GET", "/keys", "")); len(keys) != 2 || keys[0].State == "" {
		t.Errorf("GET /keys: %+v", keys)
	}
	if keys := decode[[]Key](t, l.manage("POST", "/keys/roll", `{"mode":"use","removeOld":true}`)); len(keys) != 2 {
		t.Errorf("POST /keys/roll: %+v", keys)
	}
	const faults = `{"discovery":{"status":503},"keys":{"delayMs":5,"emptySet":true},"token":{"times":2,"aadsts":50076}}`
	for _, step := range []struct{ method, body, want string }{
		{"GET", "", "{}"}, {"POST", faults, faults}, {"GET", "", faults}, {"DELETE", "", "{}"}, {"GET", "", "{}"},
	} {
		w := l.manage(step.method, "/faults", step.body)
		var want any
		if err := json.Unmarshal([]byte(step.want), &want); err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(want, decode[any](t, w)); w.Code != 200 || diff != "" {
			t.Errorf("%s /faults: %d, (-want +got):\n%s", step.method, w.Code, diff)
		}
	}
}

func TestManagementErrors(t *testing.T) {
	l := newLab(t)
	tests := []struct{ method, path, body, want string }{
		{"POST", "/token", `{"usr":"alice"}`, `unknown field \"usr\"`},
		{"POST", "/token", `{`, "the request body"},
		{"POST", "/token", ``, "the request body"},
		{"POST", "/token", `{} {}`, "something follows"},
		{"POST", "/token", `{"user":"eve"}`, `no user \"eve\"`},
		{"POST", "/token", `{"app":"daemon","audience":"x","fault":"rotten"}`, "alg-none"},
		{"POST", "/keys/roll", `{}`, "unknown way"},
		{"POST", "/keys/roll", `{"mode":"use","when":"now"}`, "unknown field"},
		{"POST", "/faults", `{"discovry":{}}`, "unknown field"},
		{"POST", "/faults", `{"keys":{"empty":true}}`, "unknown field"},
		{"POST", "/faults", `{"discovery":{"status":200}}`, "discovery.status is 200; want 400 to 599"},
		{"POST", "/faults", `{"keys":{"delayMs":-1}}`, "keys.delayMs is -1"},
		{"POST", "/faults", `{"token":{"times":-1}}`, "token.times is -1"},
		{"POST", "/faults", `{"token":{"aadsts":1}}`, "token.aadsts is 1; want one of 50076"},
	}
	for _, test := range tests {
		w := l.manage(test.method, test.path, test.body)
		if w.Code != 400 || !strings.HasPrefix(w.Body.String(), `{"error":"`) || !strings.Contains(w.Body.String(), test.want) {
			t.Errorf("%s %s %s: got %d %s, want 400 with %q", test.method, test.path, test.body, w.Code, w.Body, test.want)
		}
	}
	if w := l.manage("GET", "/token", ""); w.Code != http.StatusMethodNotAllowed {
		t.Errorf("GET /token: %d, want 405", w.Code)
	}
}

func (l *lab) setFaults(f Faults) {
	l.t.Helper()
	if err := l.srv.SetFaults(f); err != nil {
		l.t.Fatal(err)
	}
}

func TestFaults(t *testing.T) {
	l := newLab(t)
	l.setFaults(Faults{Discovery: Fault{Status: 503, Times: 2}, Token: TokenFault{Fault: Fault{Status: 429}}, Keys: KeysFault{EmptySet: true}})
	document := "/" + tenantID + "/v2.0/.well-known/openid-configuration"
	l.wantError("first", l.get(document), 503, "temporarily_unavailable", 90033)
	l.wantError("second", l.get(document), 503, "temporarily_unavailable", 90033)
	if w := l.get(document); w.Code != 200 {
		t.Errorf("third: %d, want 200", w.Code)
	}
	for range 3 {
		l.wantError("token", l.post(tokenV2, clientCredentials()), 429, "temporarily_unavailable", 90055)
	}
	l.wantError("device code", l.post("/"+tenantID+"/oauth2/v2.0/devicecode", nil), 429, "temporarily_unavailable", 90055)
	if got := l.get("/common/discovery/v2.0/keys").Body.String(); got != `{"keys":[]}` {
		t.Errorf("keys %s, want an empty set", got)
	}
	l.setFaults(Faults{Discovery: Fault{Status: 404}})
	l.wantError("404", l.get(document), 404, "invalid_request", 9002313)

	for _, code := range InjectableErrors() {
		l.setFaults(Faults{Token: TokenFault{AADSTS: code}})
		w := l.post(tokenV2, clientCredentials())
		got := decode[errorBody](t, w)
		interaction := got.Error == "interaction_required"
		if w.Code != 400 || len(got.Codes) != 1 || got.Codes[0] != code || interaction != (got.Suberror != "" && got.Claims != "") {
			t.Errorf("AADSTS%d: got %d %+v", code, w.Code, got)
		}
	}
	l.setFaults(Faults{})
	l.token(tokenV2, clientCredentials())
}

// TestDelays: an answer waits on the clock, and not for a client that has gone.
func TestDelays(t *testing.T) {
	l := newLab(t)
	l.setFaults(Faults{Keys: KeysFault{Fault: Fault{DelayMs: 1000}}})
	request := func(ctx context.Context) chan *httptest.ResponseRecorder {
		done := make(chan *httptest.ResponseRecorder, 1)
		go func() {
			w := httptest.NewRecorder()
			l.srv.ServeHTTP(w, httptest.NewRequest("GET", "https://x/common/discovery/keys", nil).WithContext(ctx))
			done <- w
		}()
		return done
	}
	ctx, leave := context.WithCancel(context.Background())
	gone, waits := request(ctx), request(context.Background())
	leave()
	if w := <-gone; w.Body.Len() != 0 {
		t.Errorf("a client that has gone is answered %s", w.Body)
	}
	select {
	case w := <-waits:
		t.Fatalf("answered before the clock moved: %d", w.Code)
	default:
	}
	for answered := false; !answered; {
		l.clock.Advance(time.Second) // the request may not wait yet when this runs
		select {
		case w := <-waits:
			answered = true
			if w.Code != 200 {
				t.Errorf("after the delay: %d %s", w.Code, w.Body)
			}
		default:
		}
	}
}

package managedidentity

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/goccy/go-yaml"
	"github.com/google/go-cmp/cmp"

	"github.com/apimulator/apimulator/policy/exchange"
)

const (
	secret    = "the-header"
	vault     = "https://vault.azure.net"
	systemID  = "55555555-5555-4555-8555-555555555555"
	userID    = "77777777-7777-4777-8777-777777777777"
	principal = "88888888-8888-4888-8888-888888888888"
)

var start = time.Date(2026, 11, 23, 12, 0, 0, 0, time.UTC)

// anIssuer makes tokens that say whom and what they are for.
type anIssuer struct{ clock exchange.Clock }

func (i anIssuer) ManagedIdentityToken(_ context.Context, resource string, id Identity) (Token, error) {
	switch resource {
	case "api://nothing":
		return Token{}, &ResourceError{Text: "AADSTS500011: The resource principal named api://nothing was not found."}
	case "api://broken":
		return Token{}, errors.New("the disk is full")
	}
	now := i.clock.Now()
	return Token{AccessToken: "token of " + id.ClientID + " for " + resource, NotBefore: now.Add(-5 * time.Minute), ExpiresOn: now.Add(24 * time.Hour)}, nil
}

type lab struct {
	t     testing.TB
	srv   *Server
	clock *exchange.VirtualClock
	logs  *bytes.Buffer
}

func newLab(t testing.TB, c Config) *lab {
	t.Helper()
	l := &lab{t: t, clock: exchange.NewVirtualClock(start), logs: &bytes.Buffer{}}
	srv, err := New(c, Options{Issuer: anIssuer{l.clock}, Secret: secret, Clock: l.clock, Logger: slog.New(slog.NewTextHandler(l.logs, nil))})
	if err != nil {
		t.Fatal(err)
	}
	l.srv = srv
	return l
}

// get asks for target with headers as name and value pairs.
func (l *lab) get(target string, headers ...string) *httptest.ResponseRecorder {
	r := httptest.NewRequest("GET", target, nil)
	for i := 0; i+1 < len(headers); i += 2 {
		r.Header.Set(headers[i], headers[i+1])
	}
	w := httptest.NewRecorder()
	l.srv.ServeHTTP(w, r)
	if w.Header().Get("X-Emulated-By") != EmulatedBy {
		l.t.Errorf("%s: no X-Emulated-By header", target)
	}
	return w
}

func (l *lab) appService(query string) *httptest.ResponseRecorder {
	return l.get("/msi/token?"+query, "X-IDENTITY-HEADER", secret)
}

func (l *lab) imds(query string) *httptest.ResponseRecorder {
	return l.get("/metadata/identity/oauth2/token?"+query, "Metadata", "true")
}

func members(t testing.TB, w *httptest.ResponseRecorder) map[string]any {
	t.Helper()
	var m map[string]any
	if err := json.Unmarshal(w.Body.Bytes(), &m); err != nil {
		t.Fatalf("%d %q is no JSON: %v", w.Code, w.Body, err)
	}
	return m
}

func TestAnswers(t *testing.T) {
	l := newLab(t, DefaultConfig())
	const version = "api-version=2019-08-01&resource=https%3A%2F%2Fvault.azure.net%2F"
	appService := map[string]any{
		"access_token": "token of " + systemID + " for https://vault.azure.net/", "expires_on": "1795521600", "expires_in": "86399",
		"resource": "https://vault.azure.net/", "token_type": "Bearer", "client_id": systemID,
	}
	imds := map[string]any{"ext_expires_in": "86399", "not_before": "1795434900"}
	for name, value := range appService {
		imds[name] = value
	}
	for target, want := range map[string]map[string]any{
		"/msi/token":                       appService,
		"/MSI/token":                       appService,
		"/msi/token/":                      appService,
		"/metadata/identity/oauth2/token":  imds,
		"/metadata/identity/oauth2/token/": imds,
		"http://169.254.169.254/metadata/identity/oauth2/token":    imds,
		"http://169.254.169.254:80/metadata/Identity/oauth2/token": imds,
	} {
		w := l.get(target+"?"+version, "X-IDENTITY-HEADER", secret, "Metadata", "true")
		if diff := cmp.Diff(want, members(t, w)); w.Code != 200 || diff != "" || w.Header().Get("Cache-Control") != "no-store" {
			t.Errorf("%s: %d, (-want +got):\n%s", target, w.Code, diff)
		}
	}
}

func TestSelection(t *testing.T) {
	arm := url.QueryEscape(strings.ToUpper(DefaultConfig().UserAssigned[0].ResourceID))
	everything := DefaultConfig()
	onlyUser := Config{UserAssigned: everything.UserAssigned}
	twoUsers := Config{UserAssigned: append([]Identity{{ClientID: oneGUID, PrincipalID: otherGUID}}, everything.UserAssigned...)}
	tests := []struct {
		config                   Config
		query                    string
		wantAppService, wantIMDS string // client id, or a part of the error
	}{
		{everything, "", systemID, systemID},
		{everything, "client_id=", systemID, systemID},
		{everything, "client_id=" + userID, userID, userID},
		{everything, "object_id=" + principal, userID, userID},
		{everything, "principal_id=" + principal, userID, "'principal_id' isn't one of this endpoint; use one of client_id, object_id, msi_res_id."},
		{everything, "mi_res_id=" + arm, userID, "'mi_res_id' isn't one"},
		{everything, "msi_res_id=" + arm, "'msi_res_id' isn't one", userID},
		{everything, "clientid=" + userID, "'clientid' isn't one", "'clientid' isn't one"},
		{everything, "client_id=" + userID + "&object_id=" + principal, "Only one of", "Only one of"},
		{everything, "client_id=" + userID + "&client_id=x", "more than once", "more than once"},
		{everything, "client_id=" + systemID, "No User Assigned or Delegated Managed Identity found for specified ClientId/ResourceId/PrincipalId.", "Identity not found"},
		{onlyUser, "", "No Managed Identity found", userID},
		{twoUsers, "", "No Managed Identity found", "Multiple user assigned identities exist"},
		{Config{}, "", "No Managed Identity found", "Identity not found"},
	}
	for _, test := range tests {
		l := newLab(t, test.config)
		query := "api-version=2019-08-01&resource=" + vault + "&" + test.query
		for shape, c := range map[string]struct {
			w    *httptest.ResponseRecorder
			want string
			text string
		}{
			"App Service": {l.appService(query), test.wantAppService, "message"},
			"IMDS":        {l.imds(query), test.wantIMDS, "error_description"},
		} {
			got := members(t, c.w)
			if isGUID(c.want) {
				if c.w.Code != 200 || got["client_id"] != c.want {
					t.Errorf("%s, %q: %d %v, want client %s", shape, test.query, c.w.Code, got, c.want)
				}
				continue
			}
			if text, _ := got[c.text].(string); c.w.Code != 400 || !strings.Contains(text, c.want) {
				t.Errorf("%s, %q: %d %v, want 400 with %q", shape, test.query, c.w.Code, got, c.want)
			}
		}
	}
}

func TestAppServiceErrors(t *testing.T) {
	l := newLab(t, DefaultConfig())
	const good = "/msi/token?api-version=2019-08-01&resource=" + vault
	tests := []struct {
		name, target, header string
		status               int
		want                 string
	}{
		{"no header", good, "", 401, "X-IDENTITY-HEADER is missing, or it isn't"},
		{"wrong header", good, "wrong", 401, "X-IDENTITY-HEADER is missing, or it isn't"},
		{"no version", "/msi/token?resource=" + vault, secret, 400, "'api-version' is missing"},
		{"old version", "/msi/token?api-version=2017-09-01&resource=" + vault, secret, 400, "'2017-09-01' is not emulated; use 2019-08-01"},
		{"no resource", "/msi/token?api-version=2019-08-01", secret, 400, "'resource' is missing"},
		{"two resources", good + "&resource=x", secret, 400, "'resource' is there more than once"},
		{"unknown resource", "/msi/token?api-version=2019-08-01&resource=api://nothing", secret, 400, "AADSTS500011"},
		{"issuer fails", "/msi/token?api-version=2019-08-01&resource=api://broken", secret, 500, "its log says why"},
		{"malformed query", good + "&x=%zz", secret, 400, "malformed"},
	}
	for _, test := range tests {
		w := l.get(test.target, "X-IDENTITY-HEADER", test.header, "x-ms-client-request-id", userID)
		got := members(t, w)
		text, _ := got["message"].(string)
		if w.Code != test.status || got["statusCode"] != float64(test.status) || !strings.Contains(text, test.want) || got["correlationId"] != userID || len(got) != 3 {
			t.Errorf("%s: %d %v, want %d with %q", test.name, w.Code, got, test.status, test.want)
		}
	}
	if logged := l.logs.String(); !strings.Contains(logged, "the disk is full") || strings.Contains(logged, secret) || strings.Contains(logged, "wrong") {
		t.Errorf("the log lacks the cause, or has a secret:\n%s", logged)
	}
}

func TestIMDSErrors(t *testing.T) {
	l := newLab(t, DefaultConfig())
	const path = "/metadata/identity/oauth2/token"
	const good = path + "?api-version=2018-02-01&resource=" + vault
	tests := []struct {
		name, target string
		headers      []string
		want         string
	}{
		{"a probe", path, nil, `{"error":"bad_request_102","error_description":"Required metadata header not specified"}`},
		{"metadata in capitals", good, []string{"Metadata", "True"}, "bad_request_102"},
		{"forwarded", good, []string{"Metadata", "true", "X-Forwarded-For", ""}, "requests through proxies are refused"},
		{"no version", path + "?resource=x", []string{"Metadata", "true"}, "Required query variable 'api-version' is missing"},
		{"no date", path + "?api-version=latest&resource=x", []string{"Metadata", "true"}, "'latest' is not supported"},
		{"old version", path + "?api-version=2017-12-01&resource=x", []string{"Metadata", "true"}, "'2017-12-01' is not supported"},
		{"no resource", path + "?api-version=2018-02-01", []string{"Metadata", "true"}, "'resource' is missing"},
		{"unknown resource", path + "?api-version=2018-02-01&resource=api://nothing", []string{"Metadata", "true"}, `"error":"invalid_resource","error_description":"AADSTS500011`},
		{"malformed query", good + "&x=%zz", []string{"Metadata", "true"}, "malformed"},
		{"other path", "/metadata/instance", []string{"Metadata", "true"}, "/msi/token and /metadata/identity/oauth2/token only"},
		{"root", "/", nil, "apimulator"},
		{"other host by proxy", "http://example.com" + path, []string{"Metadata", "true"}, "only"},
		{"App Service by proxy", "http://169.254.169.254/msi/token", []string{"Metadata", "true"}, "only"},
	}
	for _, test := range tests {
		w := l.get(test.target, test.headers...)
		got := members(t, w)
		if w.Code != 400 || got["error"] == nil || len(got) != 2 || !strings.Contains(w.Body.String(), test.want) {
			t.Errorf("%s: %d %s, want 400 with %q", test.name, w.Code, w.Body, test.want)
		}
	}
	w := httptest.NewRecorder()
	l.srv.ServeHTTP(w, httptest.NewRequest("POST", good, nil))
	if w.Code != http.StatusMethodNotAllowed || w.Header().Get("Allow") != "GET" {
		t.Errorf("POST: %d, Allow %q", w.Code, w.Header().Get("Allow"))
	}
}

func (l *lab) manage(method, body string) *httptest.ResponseRecorder {
	w := httptest.NewRecorder()
	l.srv.Management().ServeHTTP(w, httptest.NewRequest(method, "/faults", strings.NewReader(body)))
	return w
}

func TestFaults(t *testing.T) {
	l := newLab(t, DefaultConfig())
	query := "api-version=2019-08-01&resource=" + vault
	if w := l.manage("POST", `{"status":500,"times":2,"noIdentity":true}`); w.Code != 200 {
		t.Fatalf("POST /faults: %d %s", w.Code, w.Body)
	}
	for range 2 {
		if w := l.appService(query); w.Code != 500 || members(t, w)["statusCode"] != 500.0 {
			t.Errorf("with the fault: %d %s", w.Code, w.Body)
		}
	}
	if got := l.manage("GET", "").Body.String(); got != `{"noIdentity":true}` {
		t.Errorf("left over: %s, want noIdentity", got)
	}
	if w := l.imds(query); w.Code != 400 || members(t, w)["error_description"] != "Identity not found" {
		t.Errorf("without identities: %d %s", w.Code, w.Body)
	}
	if w := l.manage("DELETE", ""); w.Code != 200 || w.Body.String() != "{}" {
		t.Errorf("DELETE /faults: %d %s", w.Code, w.Body)
	}
	if w := l.imds(query); w.Code != 200 {
		t.Errorf("after the faults: %d %s", w.Code, w.Body)
	}
	for body, want := range map[string]string{
		`{"stat":1}`: "unknown field", `{`: "the request body", `{} 1`: "something follows", `{"status":99}`: "status is 99",
		`{"delayMs":-1}`: "delayMs is -1", `{"times":-1}`: "times is -1",
	} {
		if w := l.manage("POST", body); w.Code != 400 || !strings.Contains(w.Body.String(), want) {
			t.Errorf("POST %s: %d %s, want 400 with %q", body, w.Code, w.Body, want)
		}
	}
}

// TestDelays: an answer waits on the clock, and not for a client that has gone.
func TestDelays(t *testing.T) {
	l := newLab(t, DefaultConfig())
	if err := l.srv.SetFaults(Faults{DelayMs: 1000}); err != nil {
		t.Fatal(err)
	}
	request := func(ctx context.Context) chan *httptest.ResponseRecorder {
		done := make(chan *httptest.ResponseRecorder, 1)
		go func() {
			w := httptest.NewRecorder()
			l.srv.ServeHTTP(w, httptest.NewRequest("GET", "/msi/token", nil).WithContext(ctx))
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
			if w.Code != 401 {
				t.Errorf("after the delay: %d %s", w.Code, w.Body)
			}
		default:
		}
	}
}

func TestConfig(t *testing.T) {
	if err := DefaultConfig().Validate(); err != nil {
		t.Error(err)
	}
	var got Config
	err := yaml.UnmarshalWithOptions([]byte(`
systemAssigned: {clientId: `+systemID+`, principalId: `+principal+`}
userAssigned:
  - {clientId: `+userID+`, principalId: `+userID+`, resourceId: /subscriptions/x, tenantId: `+systemID+`}
`), &got, yaml.Strict())
	want := Config{
		SystemAssigned: &Identity{ClientID: systemID, PrincipalID: principal},
		UserAssigned:   []Identity{{ClientID: userID, PrincipalID: userID, ResourceID: "/subscriptions/x", TenantID: systemID}},
	}
	if diff := cmp.Diff(want, got); err != nil || diff != "" {
		t.Errorf("from YAML: %v, (-want +got):\n%s", err, diff)
	}
	tests := []struct {
		change func(*Config)
		want   string
	}{
		{func(c *Config) { c.SystemAssigned.ClientID = "" }, `managedIdentity.systemAssigned.clientId: "" is no GUID`},
		{func(c *Config) { c.UserAssigned[0].PrincipalID = "x" }, `managedIdentity.userAssigned[0].principalId: "x" is no GUID`},
		{func(c *Config) { c.UserAssigned[0].TenantID = "contoso" }, "userAssigned[0].tenantId"},
		{func(c *Config) { c.UserAssigned[0].ResourceID = "id1" }, `userAssigned[0].resourceId: "id1" is no ARM id`},
		{func(c *Config) { c.UserAssigned[0].ClientID = systemID }, "is used already, by managedIdentity.systemAssigned.clientId"},
		{func(c *Config) {
			c.UserAssigned = append(c.UserAssigned, Identity{ClientID: oneGUID, PrincipalID: otherGUID, ResourceID: c.UserAssigned[0].ResourceID})
		}, "userAssigned[1].resourceId"},
	}
	for i, test := range tests {
		c := DefaultConfig()
		test.change(&c)
		if err := c.Validate(); err == nil || !strings.Contains(err.Error(), test.want) {
			t.Errorf("case %d: got %v, want %q", i, err, test.want)
		}
		if _, err := New(c, Options{Issuer: anIssuer{}, Secret: secret}); err == nil {
			t.Errorf("case %d: New takes it", i)
		}
	}
	if _, err := New(DefaultConfig(), Options{Secret: secret}); err == nil {
		t.Error("New takes no issuer")
	}
	if _, err := New(DefaultConfig(), Options{Issuer: anIssuer{}}); err == nil {
		t.Error("New takes no secret")
	}
}

const (
	oneGUID   = "99999999-0000-4000-8000-000000000001"
	otherGUID = "99999999-0000-4000-8000-000000000002"
)

// FuzzQuery: whatever is asked, the answer is JSON and never a 404.
func FuzzQuery(f *testing.F) {
	f.Add("/msi/token", "api-version=2019-08-01&resource="+vault)
	f.Add("/metadata/identity/oauth2/token/", "api-version=2018-02-01&resource=%00&msi_res_id=/")
	f.Add("//", "client_id=%zz;client_id=")
	l := newLab(f, DefaultConfig())
	f.Fuzz(func(t *testing.T, path, query string) {
		r := httptest.NewRequest("GET", "/", nil)
		r.URL.Path, r.URL.RawQuery = path, query
		r.Header.Set("Metadata", "true")
		r.Header.Set("X-IDENTITY-HEADER", secret)
		w := httptest.NewRecorder()
		l.srv.ServeHTTP(w, r)
		if got := members(t, w); w.Code != 200 && w.Code != 400 || (w.Code == 200) != (got["access_token"] != nil) {
			t.Errorf("%q %q: %d %s", path, query, w.Code, w.Body)
		}
	})
}

package entra

import (
	"encoding/base64"
	"fmt"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"
	"time"
)

func clientCredentials() url.Values {
	return values("grant_type", "client_credentials", "client_id", webID, "client_secret", webSecret,
		"scope", "https://cognitiveservices.azure.com/.default openid offline_access profile")
}

func TestClientCredentials(t *testing.T) {
	l := newLab(t)
	basic := func(id, secret string) string {
		return "Basic " + base64.StdEncoding.EncodeToString([]byte(url.QueryEscape(id)+":"+url.QueryEscape(secret)))
	}
	noCredential := with(clientCredentials(), "client_id", "", "client_secret", "")
	tests := []struct {
		name string
		form url.Values
		auth string
	}{
		{"in the form", clientCredentials(), ""},
		{"basic", noCredential, basic(webID, webSecret)},
		{"basic, not encoded", noCredential, "basic " + base64.StdEncoding.EncodeToString([]byte(webID+":"+webSecret))},
		{"both, alike", clientCredentials(), basic(webID, webSecret)},
		{"upper case client id", with(clientCredentials(), "client_id", strings.ToUpper(webID)), ""},
		{"only the scope", with(clientCredentials(), "scope", "https://cognitiveservices.azure.com/.default"), ""},
	}
	for _, test := range tests {
		w := l.post(tokenV2, test.form, "Authorization", test.auth)
		if w.Code != 200 {
			t.Errorf("%s: got %d %s", test.name, w.Code, w.Body)
			continue
		}
		got := decode[map[string]any](t, w)
		if got["token_type"] != "Bearer" || got["expires_in"] != 3599.0 || got["ext_expires_in"] != 3599.0 || len(got) != 4 {
			t.Errorf("%s: got %v; want token_type, expires_in, ext_expires_in as numbers, access_token and nothing else", test.name, got)
		}
		if _, claims := l.mustVerify(got["access_token"]); claims["aud"] != "https://cognitiveservices.azure.com" || claims["appid"] != webID {
			t.Errorf("%s: claims %v", test.name, claims)
		}
	}
	if w := l.post(tokenV2, clientCredentials()); w.Header().Get("Cache-Control") != "no-store, no-cache" || w.Header().Get("Pragma") != "no-cache" {
		t.Errorf("headers %v; want that the answer isn't stored", w.Header())
	}
}

func TestTokenV1HasStrings(t *testing.T) {
	l := newLab(t)
	form := with(clientCredentials(), "scope", "", "resource", "https://cognitiveservices.azure.com/")
	got := l.token(tokenV1, form)
	_, claims := l.mustVerify(got["access_token"])
	want := map[string]any{
		"token_type": "Bearer", "expires_in": "3599", "ext_expires_in": "3599", "resource": "https://cognitiveservices.azure.com/",
		"expires_on": fmt.Sprint(start.Add(time.Hour).Unix()), "not_before": fmt.Sprint(start.Add(-5 * time.Minute).Unix()),
		"access_token": got["access_token"],
	}
	if fmt.Sprint(got) != fmt.Sprint(want) || claims["aud"] != "https://cognitiveservices.azure.com/" {
		t.Errorf("got %v with aud %v, want %v", got, claims["aud"], want)
	}
}

func TestTokenErrors(t *testing.T) {
	l := newLab(t, func(c *Config, _ *Options) {
		apps := c.Tenants[0].Apps
		apps[len(apps)-1].Secrets = append(apps[len(apps)-1].Secrets, ClientSecret{Value: "old", Expires: start})
		apps[2].AppRoleAssignmentRequired = true
		c.Tenants[0].Apps = append(c.Tenants[0].Apps, App{
			Name: "everywhere", ClientID: "66666666-6666-4666-8666-666666666666", SignInAudience: multipleOrgs, Secrets: []ClientSecret{{Value: "s"}},
		})
	})
	basic := "Basic " + base64.StdEncoding.EncodeToString([]byte(webID+":other"))
	cc := clientCredentials()
	tests := []struct {
		name, path string
		form       url.Values
		auth       string
		status     int
		oauth      string
		code       int
	}{
		{"nothing", tokenV2, nil, "", 400, "invalid_request", 900144},
		{"no grant type", tokenV2, with(cc, "grant_type", ""), "", 400, "invalid_request", 900144},
		{"no client", tokenV2, with(cc, "client_id", ""), "", 400, "invalid_request", 900144},
		{"parameter twice", tokenV2, url.Values{"scope": {"a", "b"}}, "", 400, "invalid_request", 9000411},
		{"unknown tenant", "/fabrikam.com/oauth2/v2.0/token", cc, "", 400, "invalid_request", 90002},
		{"consumers", "/consumers/oauth2/v2.0/token", cc, "", 400, "invalid_request", 90002},
		{"unknown client", tokenV2, with(cc, "client_id", "00000000-0000-4000-8000-000000000000"), "", 400, "unauthorized_client", 700016},
		{"wrong secret", tokenV2, with(cc, "client_secret", "wrong"), "", 401, "invalid_client", 7000215},
		{"expired secret", tokenV2, with(cc, "client_secret", "old"), "", 401, "invalid_client", 7000222},
		{"no secret", tokenV2, with(cc, "client_secret", ""), "", 401, "invalid_client", 7000218},
		{"wrong secret in basic", tokenV2, with(cc, "client_secret", ""), basic, 401, "invalid_client", 7000215},
		{"two secrets", tokenV2, cc, basic, 400, "invalid_request", 90023},
		{"secret of a public client", tokenV2, with(cc, "client_id", assistantID), "", 401, "invalid_client", 700025},
		{"public client for itself", tokenV2, with(cc, "client_id", assistantID, "client_secret", ""), "", 401, "invalid_client", 7000218},
		{"certificate", tokenV2, with(cc, "client_secret", "", "client_assertion", "a.b.c"), "", 400, "invalid_request", 900144},
		{"password", tokenV2, with(cc, "grant_type", "password"), "", 400, "unsupported_grant_type", 70003},
		{"on behalf of", tokenV2, with(cc, "grant_type", grantOnBehalfOf), "", 400, "unsupported_grant_type", 70003},
		{"unknown grant", tokenV2, with(cc, "grant_type", "magic"), "", 400, "unsupported_grant_type", 70003},
		{"no scope", tokenV2, with(cc, "scope", ""), "", 400, "invalid_request", 900144},
		{"scope without default", tokenV2, with(cc, "scope", "https://vault.azure.net/user_impersonation"), "", 400, "invalid_scope", 1002012},
		{"openid only", tokenV2, with(cc, "scope", "openid profile"), "", 400, "invalid_scope", 1002012},
		{"two resources", tokenV2, with(cc, "scope", "https://vault.azure.net/.default https://storage.azure.com/.default"), "", 400, "invalid_scope", 1002012},
		{"unknown resource", tokenV2, with(cc, "scope", "api://nothing/.default"), "", 400, "invalid_resource", 500011},
		{"registered, with a slash too many", tokenV2, with(cc, "scope", "api://"+assistantID+"//.default"), "", 400, "invalid_resource", 500011},
		{"resource on v2", tokenV2, with(cc, "resource", "https://vault.azure.net"), "", 400, "invalid_request", 901002},
		{"no resource on v1", tokenV1, cc, "", 400, "invalid_request", 900144},
		{"unknown resource on v1", tokenV1, with(cc, "resource", "https://nowhere"), "", 400, "invalid_resource", 500011},
		{"no role where one is needed", tokenV2, with(cc, "scope", apiV2ID+"/.default"), "", 400, "invalid_grant", 501051},
		{"single-tenant app by common", "/common/oauth2/v2.0/token", cc, "", 400, "invalid_request", 50194},
		{"common for itself", "/organizations/oauth2/v2.0/token",
			with(cc, "client_id", "66666666-6666-4666-8666-666666666666", "client_secret", "s"), "", 400, "invalid_request", 50059},
		{"no code", tokenV2, with(cc, "grant_type", grantCode), "", 400, "invalid_request", 900144},
		{"unknown code", tokenV2, with(cc, "grant_type", grantCode, "code", "x"), "", 400, "invalid_grant", 9002313},
		{"unknown refresh token", tokenV2, with(cc, "grant_type", grantRefreshToken, "refresh_token", "x"), "", 400, "invalid_grant", 9002313},
		{"unknown device code", tokenV2, with(cc, "grant_type", grantDeviceCodeMSAL, "device_code", "x"), "", 400, "bad_verification_code", 70018},
	}
	for _, test := range tests {
		w := l.post(test.path, test.form, "Authorization", test.auth)
		l.wantError(test.name, w, test.status, test.oauth, test.code)
		for _, secret := range []string{"other", webSecret} {
			if strings.Contains(w.Body.String(), secret) {
				t.Errorf("%s: the answer has the secret in it: %s", test.name, w.Body)
			}
		}
	}
	if w := l.post(tokenV2, with(cc, "scope", strings.Repeat("é", maxQuoted)+"/.default")); !strings.Contains(w.Body.String(), strings.Repeat("é", maxQuoted/2)+"... was") {
		t.Errorf("a long resource isn't shortened: %s", w.Body)
	}
	l.wantError("GET", l.get(tokenV2), 400, "invalid_request", 900561)
	asJSON := httptest.NewRequest("POST", "https://"+authorityHost+tokenV2, strings.NewReader(`{"grant_type":"client_credentials"}`))
	asJSON.Header.Set("Content-Type", "application/json")
	l.wantError("JSON", l.do(asJSON), 400, "invalid_request", 900144)
	l.wantError("long", l.post(tokenV2, with(cc, "scope", strings.Repeat("x", maxForm))), 400, "invalid_request", 9002313)
}

// TestErrorBodies compares whole bodies, with the random ids taken out.
func TestErrorBodies(t *testing.T) {
	l := newLab(t)
	tests := []struct {
		file string
		w    *httptest.ResponseRecorder
	}{
		{"wrong_secret", l.post(tokenV2, with(clientCredentials(), "client_secret", "wrong"))},
		{"unknown_tenant_token", l.post("/fabrikam.com/oauth2/v2.0/token", clientCredentials())},
		{"unknown_tenant_discovery", l.get("/fabrikam.com/v2.0/.well-known/openid-configuration")},
		{"unknown_resource", l.post(tokenV2, with(clientCredentials(), "scope", "api://nothing/.default"))},
		{"unknown_code", l.post(tokenV2, with(redemption("x")))},
		{"password", l.post(tokenV2, with(clientCredentials(), "grant_type", "password"))},
		{"certificate", l.post(tokenV2, with(clientCredentials(), "client_secret", "", "client_assertion", "x", "client_assertion_type", jwtBearer))},
		{"unknown_instance", l.get("/common/discovery/instance?authorization_endpoint=https%3A%2F%2Fevil.example.com%2Fx%2Foauth2%2Fv2.0%2Fauthorize")},
	}
	for _, test := range tests {
		body := decode[errorBody](t, test.w)
		text := test.w.Body.String()
		for from, to := range map[string]string{body.TraceID: "<trace>", body.CorrelationID: "<correlation>"} {
			if !guidInText.MatchString(from) || strings.Count(text, from) != 2 {
				t.Errorf("%s: id %q doesn't stand twice in %s", test.file, from, text)
			}
			text = strings.ReplaceAll(text, from, to)
		}
		golden(t, "errors/"+test.file+".json", indented(t, []byte(text)))
	}
}

func TestCorrelationID(t *testing.T) {
	const id = "abcdef01-0000-4000-8000-000000000009"
	l := newLab(t)
	for name, w := range map[string]*httptest.ResponseRecorder{
		"header": l.post(tokenV2, values(), "client-request-id", id, "return-client-request-id", "true"),
		"query":  l.post(tokenV2+"?client-request-id="+id, values()),
		"body":   l.post(tokenV2, values("client-request-id", id)),
	} {
		if got := decode[errorBody](t, w).CorrelationID; got != id {
			t.Errorf("%s: correlation id %q, want %q", name, got, id)
		}
		if got := w.Header().Get("client-request-id"); (got == id) != (name == "header") {
			t.Errorf("%s: header client-request-id is %q", name, got)
		}
	}
	if got := decode[errorBody](t, l.post(tokenV2, values(), "client-request-id", "<x>")).CorrelationID; !guidInText.MatchString(got) {
		t.Errorf("an id that is no GUID: correlation id %q, want a new one", got)
	}
}

// TestNothingSecretIsLogged runs the flows and looks for what they handled.
func TestNothingSecretIsLogged(t *testing.T) {
	l := newLab(t, autoSignIn)
	code := l.authorizeCode(authorizeV2, interactive())
	user := l.token(tokenV2, redemption(code))
	app := l.token(tokenV2, clientCredentials())
	l.post(tokenV2, with(clientCredentials(), "client_secret", "mistyped-secret"))
	minted, err := l.srv.Mint(MintRequest{User: "alice@contoso.onmicrosoft.com", Audience: assistantID})
	if err != nil {
		t.Fatal(err)
	}
	secret, err := l.srv.Secret("daemon")
	if err != nil {
		t.Fatal(err)
	}
	logged := l.logs.String()
	for name, s := range map[string]string{
		"code": code, "access token": user["access_token"].(string), "refresh token": user["refresh_token"].(string),
		"ID token": user["id_token"].(string), "app token": app["access_token"].(string), "minted token": minted,
		"secret": webSecret, "mistyped secret": "mistyped-secret", "generated secret": string(secret),
	} {
		if strings.Contains(logged, s) {
			t.Errorf("the log has the %s in it:\n%s", name, logged)
		}
	}
	for _, want := range []string{"token issued", "signed in", "refused", "token minted"} {
		if !strings.Contains(logged, want) {
			t.Errorf("the log lacks %q:\n%s", want, logged)
		}
	}
}

// FuzzTokenForm: whatever is posted, the answer is a token or an error in Entra's
// form.
func FuzzTokenForm(f *testing.F) {
	f.Add(clientCredentials().Encode(), "")
	f.Add(redemption("x").Encode(), "Basic "+base64.StdEncoding.EncodeToString([]byte("a:b")))
	f.Add("grant_type=refresh_token&refresh_token=%00&client_id="+assistantID+"&claims=[]", "Basic !")
	f.Add("grant_type=client_credentials&client_id="+webID+"&scope=%2F+%2F%2F+.default&client_secret="+url.QueryEscape(webSecret), "")
	l := newLab(f)
	f.Fuzz(func(t *testing.T, body, authorization string) {
		r := httptest.NewRequest("POST", "https://"+authorityHost+tokenV2, strings.NewReader(body))
		r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
		r.Header.Set("Authorization", authorization)
		w := httptest.NewRecorder()
		l.srv.ServeHTTP(w, r)
		if w.Code == http.StatusOK {
			if got := decode[map[string]any](t, w); got["access_token"] == "" {
				t.Errorf("%q: 200 %s", body, w.Body)
			}
			return
		}
		got := decode[errorBody](t, w)
		if w.Code != 400 && w.Code != 401 || got.Error == "" || got.TraceID == "" || !strings.HasPrefix(got.Description, "AADSTS") {
			t.Errorf("%q: %d %s", body, w.Code, w.Body)
		}
	})
}

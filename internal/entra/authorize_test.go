package entra

import (
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"
)

const (
	authorizeV1 = "/" + tenantID + "/oauth2/authorize"
	authorizeV2 = "/" + tenantID + "/oauth2/v2.0/authorize"
)

// interactive is what MSAL Go asks, in query mode.
func interactive() url.Values {
	return values("client_id", assistantID, "response_type", "code", "redirect_uri", "http://localhost:43210",
		"scope", assistantID+"/.default openid offline_access profile", "state", "a b&c", "prompt", "select_account")
}

// TestAuthorizePageErrors are errors before the redirect URI is known to be the
// client's: they must never redirect.
func TestAuthorizePageErrors(t *testing.T) {
	l := newLab(t, autoSignIn)
	tests := []struct {
		name, path string
		query      url.Values
		text       string
	}{
		{"no client", authorizeV2, with(interactive(), "client_id", ""), "AADSTS900144"},
		{"unknown client", authorizeV2, with(interactive(), "client_id", "nobody"), "AADSTS700016"},
		{"no redirect URI", authorizeV2, with(interactive(), "redirect_uri", ""), "AADSTS900144"},
		{"other host", authorizeV2, with(interactive(), "redirect_uri", "https://evil.example.com"), "AADSTS50011"},
		{"other path on localhost", authorizeV2, with(interactive(), "redirect_uri", "http://localhost:1/x"), "AADSTS50011"},
		{"slash too many", authorizeV2, with(interactive(), "redirect_uri", "http://localhost:1/"), "AADSTS50011"},
		{"other spelling of localhost", authorizeV2, with(interactive(), "redirect_uri", "http://127.0.0.1:1"), "AADSTS50011"},
		{"https on localhost", authorizeV2, with(interactive(), "redirect_uri", "https://localhost:1"), "AADSTS50011"},
		{"user information", authorizeV2, with(interactive(), "redirect_uri", "http://localhost:1@evil.example.com"), "AADSTS50011"},
		{"user on localhost", authorizeV2, with(interactive(), "redirect_uri", "http://me@localhost:1"), "AADSTS50011"},
		{"fragment", authorizeV2, with(interactive(), "redirect_uri", "http://localhost:1#x"), "AADSTS50011"},
		{"other port of a host that isn't local", authorizeV2,
			with(interactive(), "client_id", webID, "redirect_uri", "https://web.example.com:444/signin?from=entra"), "AADSTS50011"},
		{"other port of another loopback name", authorizeV2, with(interactive(), "client_id", webID, "redirect_uri", "http://[::1]:9/cb"), "AADSTS50011"},
		{"unknown tenant", "/fabrikam.com/oauth2/v2.0/authorize", interactive(), "AADSTS90002"},
		{"single-tenant app by common", "/common/oauth2/v2.0/authorize", interactive(), "AADSTS50194"},
		{"parameter twice", authorizeV2, url.Values{"client_id": {"a", "b"}}, "AADSTS9000411"},
		{"unknown user hinted", authorizeV2, with(interactive(), "login_hint", "eve@contoso.onmicrosoft.com"), "AADSTS50034"},
		{"too long", authorizeV2, with(interactive(), "state", strings.Repeat("x", maxForm)), "AADSTS9002313"},
		{"markup in the client id", authorizeV2, with(interactive(), "client_id", "<script>alert(1)</script>"), "&lt;script&gt;"},
	}
	for _, test := range tests {
		w := l.get(test.path + "?" + test.query.Encode())
		if w.Code != http.StatusBadRequest || w.Header().Get("Location") != "" {
			t.Errorf("%s: got %d, Location %q; want 400 and no redirect", test.name, w.Code, w.Header().Get("Location"))
		}
		if body := w.Body.String(); !strings.Contains(body, test.text) || !strings.Contains(body, "Emulator.") || strings.Contains(body, "<script>alert") {
			t.Errorf("%s: page lacks %q or says not that it is an emulator:\n%s", test.name, test.text, body)
		}
	}
}

// TestAuthorizeRedirectErrors are errors that the client is told.
func TestAuthorizeRedirectErrors(t *testing.T) {
	tests := []struct {
		name, path string
		query      url.Values
		oauth      string
		code       string
		fragment   bool
	}{
		{"no response type", authorizeV2, with(interactive(), "response_type", ""), "invalid_request", "900144", false},
		{"implicit token", authorizeV2, with(interactive(), "response_type", "token"), "unsupported_response_type", "700051", true},
		{"implicit ID token", authorizeV2, with(interactive(), "response_type", "id_token"), "unsupported_response_type", "700054", true},
		{"hybrid", authorizeV2, with(interactive(), "response_type", "code id_token"), "unsupported_response_type", "700054", true},
		{"nonsense", authorizeV2, with(interactive(), "response_type", "cookie"), "unsupported_response_type", "70005", false},
		{"code twice", authorizeV2, with(interactive(), "response_type", "code code"), "unsupported_response_type", "70005", false},
		{"unknown mode", authorizeV2, with(interactive(), "response_mode", "pigeon"), "invalid_request", "70007", false},
		{"no scope", authorizeV2, with(interactive(), "scope", ""), "invalid_request", "900144", false},
		{"resource on v2", authorizeV2, with(interactive(), "resource", "https://vault.azure.net"), "invalid_request", "901002", false},
		{"unknown resource on v1", authorizeV1, with(interactive(), "resource", "https://nowhere.example.com"), "invalid_resource", "500011", false},
		{"unknown resource", authorizeV2, with(interactive(), "scope", "api://nothing/read"), "invalid_resource", "500011", false},
		{"unknown scope", authorizeV2, with(interactive(), "scope", "api://"+assistantID+"/fly"), "invalid_client", "650053", false},
		{"scope without a name", authorizeV2, with(interactive(), "scope", "https://vault.azure.net/"), "invalid_scope", "70011", false},
		{"default mixed with others", authorizeV2, with(interactive(), "scope", assistantID+"/.default "+assistantID+"/user_impersonation"), "invalid_scope", "70011", false},
		{"nothing to be had", authorizeV2, with(interactive(), "scope", daemonID+"/.default"), "invalid_resource", "650057", false},
		{"short challenge", authorizeV2, with(interactive(), "code_challenge", "short", "code_challenge_method", "S256"), "invalid_grant", "50147", false},
		{"method without challenge", authorizeV2, with(interactive(), "code_challenge_method", "S256"), "invalid_grant", "50147", false},
		{"unknown method", authorizeV2, with(interactive(), "code_challenge", strings.Repeat("x", 43), "code_challenge_method", "S512"), "invalid_request", "90023", false},
		{"unknown prompt", authorizeV2, with(interactive(), "prompt", "please"), "invalid_request", "90023", false},
		{"silent", authorizeV2, with(interactive(), "prompt", "none"), "interaction_required", "50058", false},
		{"claims that are no JSON", authorizeV2, with(interactive(), "claims", "{"), "invalid_request", "90023", false},
	}
	l := newLab(t)
	for _, test := range tests {
		w := l.get(test.path + "?" + test.query.Encode())
		location := w.Header().Get("Location")
		to, err := url.Parse(location)
		if err != nil || w.Code != http.StatusFound || !strings.HasPrefix(location, "http://localhost:43210/") {
			t.Errorf("%s: got %d, Location %q; want a redirect to the client", test.name, w.Code, location)
			continue
		}
		got := to.Query()
		if test.fragment {
			if got, err = url.ParseQuery(to.EscapedFragment()); err != nil {
				t.Errorf("%s: fragment of %q: %v", test.name, location, err)
			}
		}
		if got.Get("error") != test.oauth || !strings.HasPrefix(got.Get("error_description"), "AADSTS"+test.code+":") ||
			got.Get("state") != "a b&c" || got.Get("code") != "" {
			t.Errorf("%s: got %v, want %s AADSTS%s with the state", test.name, got, test.oauth, test.code)
		}
	}
}

func TestAuthorizeModes(t *testing.T) {
	l := newLab(t, autoSignIn)
	web := with(interactive(), "client_id", webID, "redirect_uri", webRedirect)
	tests := []struct {
		name   string
		query  url.Values
		prefix string
	}{
		{"absent is query, with a slash for the missing path", interactive(), "http://localhost:43210/?code="},
		{"query", with(interactive(), "response_mode", "query"), "http://localhost:43210/?code="},
		{"fragment", with(interactive(), "response_mode", "fragment"), "http://localhost:43210/#code="},
		{"query after a query", web, "https://web.example.com/signin?from=entra&code="},
		{"fragment after a query", with(web, "response_mode", "fragment"), "https://web.example.com/signin?from=entra#code="},
		{"own scheme", with(web, "redirect_uri", "com.example.web://auth"), "com.example.web://auth/?code="},
		{"127.0.0.1 with a port", with(web, "redirect_uri", "http://127.0.0.1:9/cb"), "http://127.0.0.1:9/cb?code="},
		{"silent with automatic sign-in", with(interactive(), "prompt", "none"), "http://localhost:43210/?code="},
		{"hinted user", with(interactive(), "login_hint", "BOB@contoso.onmicrosoft.com", "domain_hint", "organizations"), "http://localhost:43210/?code="},
	}
	for _, test := range tests {
		w := l.get(authorizeV2 + "?" + test.query.Encode())
		if got := w.Header().Get("Location"); w.Code != http.StatusFound || !strings.HasPrefix(got, test.prefix) || !strings.Contains(got, "state=a+b%26c") {
			t.Errorf("%s: got %d, Location %q, want prefix %q and the state", test.name, w.Code, got, test.prefix)
		}
	}
	if w := l.get(authorizeV2 + "?" + with(web, "redirect_uri", "com.example.web://auth", "response_mode", "form_post").Encode()); !strings.Contains(w.Header().Get("Location"), "error=invalid_request") {
		t.Errorf("form_post to an app's own scheme: got %d, Location %q; want an error in the query", w.Code, w.Header().Get("Location"))
	}
}

// TestAuthorizeByPost: OpenID Connect lets the request be a form.
func TestAuthorizeByPost(t *testing.T) {
	l := newLab(t, autoSignIn)
	w := l.post("/CONTOSO.onmicrosoft.com/OAuth2/V2.0/Authorize", interactive())
	if w.Code != http.StatusFound || !strings.Contains(w.Header().Get("Location"), "code=") {
		t.Errorf("got %d, Location %q; want a code", w.Code, w.Header().Get("Location"))
	}
}

func TestFormPost(t *testing.T) {
	l := newLab(t, autoSignIn)
	w := l.get(authorizeV2 + "?" + with(interactive(), "response_mode", "form_post", "state", `"><script>`).Encode())
	action, inputs := hiddenInputs(t, w.Body.String())
	if w.Code != 200 || action != "http://localhost:43210" || inputs.Get("code") == "" || inputs.Get("state") != `"><script>` || len(inputs) != 2 {
		t.Errorf("got %d, form to %q with %v; want code and state to the redirect URI", w.Code, action, inputs)
	}
	policy := w.Header().Get("Content-Security-Policy")
	for _, want := range []string{"default-src 'none'", "form-action http://localhost:43210;", "frame-ancestors 'none'"} {
		if !strings.Contains(policy, want) {
			t.Errorf("policy %q lacks %q", policy, want)
		}
	}
	if !strings.Contains(w.Body.String(), "<button>Continue</button>") {
		t.Error("no button for browsers without scripts")
	}
}

// signInForm opens the sign-in page and gives its form.
func (l *lab) signInForm(query url.Values) (action string, form url.Values) {
	l.t.Helper()
	w := l.get(authorizeV2 + "?" + query.Encode())
	page := w.Body.String()
	for _, want := range []string{"Sign in to car-assistant", "Alice Example", "bob@contoso.onmicrosoft.com", "Emulator."} {
		if w.Code != 200 || !strings.Contains(page, want) {
			l.t.Fatalf("sign-in page %d lacks %q:\n%s", w.Code, want, page)
		}
	}
	if strings.Contains(page, "src=") || strings.Contains(page, "http-equiv") {
		l.t.Errorf("the page loads something:\n%s", page)
	}
	return hiddenInputs(l.t, page)
}

func TestSignInPage(t *testing.T) {
	l := newLab(t)
	alice := tenantID + "/" + aliceID

	action, form := l.signInForm(interactive())
	w := l.post(action, with(form, "user", alice), "Origin", "https://"+authorityHost, "Sec-Fetch-Site", "same-origin")
	if w.Code != http.StatusFound || !strings.Contains(w.Header().Get("Location"), "code=") {
		t.Fatalf("choosing a user: got %d, Location %q, %s; want a code", w.Code, w.Header().Get("Location"), w.Body)
	}
	if w := l.post(action, with(form, "user", alice)); w.Code != 400 || !strings.Contains(w.Body.String(), "used already") {
		t.Errorf("the same page again: got %d %s; want that it was used", w.Code, w.Body)
	}

	action, form = l.signInForm(interactive())
	for _, headers := range [][]string{{"Sec-Fetch-Site", "cross-site"}, {"Origin", "https://evil.example.com"}, {"Sec-Fetch-Site", "same-site"}} {
		if w := l.post(action, with(form, "user", alice), headers...); w.Code != http.StatusForbidden {
			t.Errorf("%v: got %d, want 403", headers, w.Code)
		}
	}
	if w := l.post(action, with(form, "cancel", "yes")); !strings.Contains(w.Header().Get("Location"), "error=access_denied") {
		t.Errorf("cancelling: got Location %q, want access_denied", w.Header().Get("Location"))
	}

	action, form = l.signInForm(interactive())
	if w := l.post(action, with(form, "user", tenantID+"/nobody")); w.Code != 400 || !strings.Contains(w.Body.String(), "AADSTS50034") {
		t.Errorf("a user who isn't listed: got %d %s", w.Code, w.Body)
	}

	action, form = l.signInForm(interactive())
	l.clock.Advance(signInLife)
	if w := l.post(action, with(form, "user", alice)); w.Code != 400 || !strings.Contains(w.Body.String(), "too old") {
		t.Errorf("an old page: got %d %s; want that it is too old", w.Code, w.Body)
	}
	if w := l.post(action, values("ticket", "forged", "user", alice)); w.Code != 400 {
		t.Errorf("a forged ticket: got %d, want 400", w.Code)
	}
}

// TestSignInPageCanRedirect: browsers apply form-action to the redirect that
// answers the form, so the client must be in it.
func TestSignInPageCanRedirect(t *testing.T) {
	tests := []struct{ redirectURI, want string }{
		{"http://localhost:43210", "http://localhost:43210"},
		{"https://web.example.com/signin?from=entra", "https://web.example.com"},
		{"com.example.web://auth", "com.example.web:"},
		{"com.example.web:/auth", "com.example.web:"},
		{"http://[::1]:8080/x", "http:"},
	}
	for _, test := range tests {
		if got := formTarget(test.redirectURI); got != test.want {
			t.Errorf("formTarget(%q) = %q, want %q", test.redirectURI, got, test.want)
		}
	}
	l := newLab(t)
	w := l.get(authorizeV2 + "?" + interactive().Encode())
	if policy := w.Header().Get("Content-Security-Policy"); !strings.Contains(policy, "form-action 'self' http://localhost:43210;") {
		t.Errorf("policy %q doesn't let the form be answered by the client's URI", policy)
	}
}

func TestHintedUserComesFirst(t *testing.T) {
	l := newLab(t)
	page := l.get(authorizeV2 + "?" + with(interactive(), "login_hint", "bob@contoso.onmicrosoft.com").Encode()).Body.String()
	if alice, bob := strings.Index(page, "Alice"), strings.Index(page, "Bob"); alice < 0 || bob < 0 || bob > alice {
		t.Errorf("Alice at %d, Bob at %d; want Bob first", alice, bob)
	}
}

func TestLogout(t *testing.T) {
	l := newLab(t)
	path := "/" + tenantID + "/oauth2/v2.0/logout"
	tests := []struct{ query, location string }{
		{"", ""},
		{"post_logout_redirect_uri=https://evil.example.com", ""},
		{"post_logout_redirect_uri=http://localhost:5000", "http://localhost:5000"},
		{"post_logout_redirect_uri=http://localhost:5000&state=x", "http://localhost:5000/?state=x"},
	}
	for _, test := range tests {
		w := l.get(path + "?" + test.query)
		if got := w.Header().Get("Location"); got != test.location {
			t.Errorf("logout?%s: Location %q, want %q", test.query, got, test.location)
		}
		if test.location == "" && !strings.Contains(w.Body.String(), "signed out") {
			t.Errorf("logout?%s: page %s", test.query, w.Body)
		}
	}
}

// FuzzAuthorize: whatever is asked, the answer is a page, an error page, or a
// redirect to a registered URI.
func FuzzAuthorize(f *testing.F) {
	f.Add(interactive().Encode(), false)
	f.Add("client_id="+webID+"&response_type=code&redirect_uri=com.example.web://auth&scope=User.Read&response_mode=fragment", true)
	f.Add("client_id="+assistantID+"&redirect_uri=http://localhost:1@evil.example.com&response_type=code", false)
	f.Add("client_id=%zz&claims={\"access_token\":null}", true)
	plain, auto := newLab(f), newLab(f, autoSignIn)
	f.Fuzz(func(t *testing.T, query string, automatic bool) {
		l := plain
		if automatic {
			l = auto
		}
		r := httptest.NewRequest("GET", "https://"+authorityHost+authorizeV2, nil)
		r.URL.RawQuery = query
		w := httptest.NewRecorder()
		l.srv.ServeHTTP(w, r)
		switch location := w.Header().Get("Location"); {
		case w.Code == http.StatusFound:
			to, err := url.Parse(location)
			if err != nil || !strings.HasPrefix(location, "http://localhost") && !strings.HasPrefix(location, "http://127.0.0.1") &&
				!strings.HasPrefix(location, "https://web.example.com/signin") && !strings.HasPrefix(location, "com.example.web://auth") ||
				to.User != nil || strings.Contains(to.Host, "evil") {
				t.Errorf("%q redirects to %q (%v)", query, location, err)
			}
		case w.Code != 200 && w.Code != 400 || location != "":
			t.Errorf("%q = %d, Location %q", query, w.Code, location)
		}
	})
}

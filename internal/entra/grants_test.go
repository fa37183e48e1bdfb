package entra

import (
	"crypto/sha256"
	"encoding/base64"
	"net/http/httptest"
	"net/url"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"
)

// redemption is what MSAL Go sends with a code.
func redemption(code string) url.Values {
	return values("grant_type", "authorization_code", "client_id", assistantID, "code", code, "redirect_uri", "http://localhost:43210",
		"scope", assistantID+"/.default openid offline_access profile", "client_info", "1", "code_verifier", "")
}

func TestRedeemCode(t *testing.T) {
	l := newLab(t, autoSignIn, func(c *Config, _ *Options) { c.AccessTokenLifetime = time.Hour })
	got := l.token(tokenV2, redemption(l.authorizeCode(authorizeV2, interactive())))
	if want := "openid profile " + assistantID + "/user_impersonation " + assistantID + "/.default"; got["scope"] != want {
		t.Errorf("scope %q, want %q", got["scope"], want)
	}
	info, err := base64.RawURLEncoding.DecodeString(got["client_info"].(string))
	if want := `{"uid":"` + aliceID + `","utid":"` + tenantID + `"}`; err != nil || string(info) != want {
		t.Errorf("client_info %s (%v), want %s without padding", info, err, want)
	}
	if got["refresh_token"] == nil || got["id_token"] == nil || got["expires_in"] != 3599.0 {
		t.Errorf("got %v; want refresh_token, id_token and expires_in 3599", got)
	}
	_, id := l.mustVerify(got["id_token"])
	if id["aud"] != assistantID || id["nonce"] != nil || id["ver"] != "2.0" || id["preferred_username"] != "alice@contoso.onmicrosoft.com" || id["iss"] != "https://login.microsoftonline.com/"+tenantID+"/v2.0" {
		t.Errorf("id_token %v", id)
	}

	plain := l.token(tokenV2, with(redemption(l.authorizeCode(authorizeV2, with(interactive(), "scope", assistantID+"/user_impersonation"))), "scope", "", "client_info", ""))
	if plain["refresh_token"] != nil || plain["id_token"] != nil || plain["client_info"] != nil || plain["scope"] != assistantID+"/user_impersonation" {
		t.Errorf("without OpenID Connect's scopes: got %v", plain)
	}
	asked := l.token(tokenV2, redemption(l.authorizeCode(authorizeV2, with(interactive(), "nonce", "n-1"))))
	if _, id := l.mustVerify(asked["id_token"]); id["nonce"] != "n-1" {
		t.Errorf("nonce %v, want n-1", id["nonce"])
	}
}

func TestRedeemCodeV1(t *testing.T) {
	l := newLab(t, autoSignIn, func(c *Config, _ *Options) { c.AccessTokenLifetime = time.Hour })
	query := with(interactive(), "scope", "", "resource", "api://"+assistantID)
	form := with(redemption(l.authorizeCode(authorizeV1, query)), "scope", "")
	got := l.token(tokenV1, form)
	_, access := l.mustVerify(got["access_token"])
	header, id := l.mustVerify(got["id_token"])
	if got["scope"] != "user_impersonation" || got["resource"] != "api://"+assistantID || got["refresh_token"] == nil || access["aud"] != "api://"+assistantID ||
		id["ver"] != "1.0" || id["unique_name"] != "alice@contoso.onmicrosoft.com" || header["x5t"] != header["kid"] {
		t.Errorf("got %v\naccess %v\nid %v", got, access, id)
	}
	// The token request can name the resource instead.
	later := with(redemption(l.authorizeCode(authorizeV1, with(query, "resource", ""))), "scope", "")
	l.wantError("no resource at all", l.post(tokenV1, later), 400, "invalid_request", 900144)
	if _, claims := l.mustVerify(l.token(tokenV1, with(later, "resource", assistantID))["access_token"]); claims["aud"] != assistantID {
		t.Errorf("aud %v, want %s", claims["aud"], assistantID)
	}
}

func TestCodeFaults(t *testing.T) {
	l := newLab(t, autoSignIn)
	verifier := strings.Repeat("verifier-", 6)
	sum := sha256.Sum256([]byte(verifier))
	s256 := with(interactive(), "code_challenge", base64.RawURLEncoding.EncodeToString(sum[:]), "code_challenge_method", "S256")
	plain := with(interactive(), "code_challenge", verifier)
	redeem := func(query url.Values, change ...string) *httptest.ResponseRecorder {
		return l.post(tokenV2, with(redemption(l.authorizeCode(authorizeV2, query)), change...))
	}

	l.wantError("no verifier", redeem(s256), 400, "invalid_grant", 501481)
	l.wantError("wrong verifier", redeem(s256, "code_verifier", verifier+"x"), 400, "invalid_grant", 501481)
	l.wantError("wrong plain verifier", redeem(plain, "code_verifier", verifier+"x"), 400, "invalid_grant", 501481)
	l.wantError("verifier without a challenge", redeem(interactive(), "code_verifier", verifier), 400, "invalid_grant", 501481)
	l.wantError("other redirect URI", redeem(interactive(), "redirect_uri", "http://localhost:1"), 400, "invalid_client", 50011)
	l.wantError("no redirect URI", redeem(interactive(), "redirect_uri", ""), 400, "invalid_request", 900144)
	l.wantError("other client", redeem(interactive(), "client_id", webID, "client_secret", webSecret), 400, "invalid_grant", 70000)
	l.wantError("two resources", redeem(interactive(), "scope", "https://vault.azure.net/.default https://storage.azure.com/.default"), 400, "invalid_request", 28000)
	for name, query := range map[string]url.Values{"S256": s256, "plain": plain} {
		if w := redeem(query, "code_verifier", verifier); w.Code != 200 {
			t.Errorf("%s: got %d %s", name, w.Code, w.Body)
		}
	}

	form := redemption(l.authorizeCode(authorizeV2, interactive()))
	l.wantError("failed attempt", l.post(tokenV2, with(form, "redirect_uri", "http://localhost:1")), 400, "invalid_client", 50011)
	l.token(tokenV2, form) // a failed attempt doesn't spend the code
	l.wantError("code again", l.post(tokenV2, form), 400, "invalid_grant", 54005)

	old := redemption(l.authorizeCode(authorizeV2, interactive()))
	l.clock.Advance(10*time.Minute - time.Second)
	young := redemption(l.authorizeCode(authorizeV2, interactive()))
	l.clock.Advance(time.Second)
	l.wantError("expired code", l.post(tokenV2, old), 400, "invalid_grant", 70008)
	l.token(tokenV2, young)
}

// TestCodeIsSpentOnce: of many at the same time one gets the token.
func TestCodeIsSpentOnce(t *testing.T) {
	l := newLab(t, autoSignIn)
	for range 50 {
		form := redemption(l.authorizeCode(authorizeV2, interactive())).Encode()
		var good atomic.Int32
		var all sync.WaitGroup
		together := make(chan struct{})
		for range 8 {
			all.Go(func() {
				r := httptest.NewRequest("POST", "https://"+authorityHost+tokenV2, strings.NewReader(form))
				r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
				w := httptest.NewRecorder()
				<-together
				l.srv.ServeHTTP(w, r)
				if w.Code == 200 {
					good.Add(1)
				}
			})
		}
		close(together)
		all.Wait()
		if good.Load() != 1 {
			t.Fatalf("%d of 8 redemptions succeeded, want 1", good.Load())
		}
	}
}

func TestRefresh(t *testing.T) {
	l := newLab(t, autoSignIn)
	first := l.token(tokenV2, redemption(l.authorizeCode(authorizeV2, with(interactive(), "nonce", "n"))))
	form := values("grant_type", "refresh_token", "client_id", assistantID, "refresh_token", first["refresh_token"].(string))

	second := l.token(tokenV2, form)
	if second["refresh_token"] == nil || second["refresh_token"] == first["refresh_token"] {
		t.Errorf("refresh_token %v; want a new one", second["refresh_token"])
	}
	if _, id := l.mustVerify(second["id_token"]); id["nonce"] != nil {
		t.Errorf("a renewed id_token has the nonce %v", id["nonce"])
	}
	other := l.token(tokenV2, with(form, "scope", "https://cognitiveservices.azure.com/.default"))
	if _, claims := l.mustVerify(other["access_token"]); claims["aud"] != "https://cognitiveservices.azure.com" || claims["scp"] != "user_impersonation" || other["refresh_token"] == nil {
		t.Errorf("for another resource: claims %v, answer %v", claims, other)
	}
	l.wantError("another client", l.post(tokenV2, with(form, "client_id", webID, "client_secret", webSecret)), 400, "invalid_grant", 70000)

	l.clock.Advance(90*24*time.Hour - time.Second)
	l.token(tokenV2, form) // the old one works on, as Entra documents
	l.clock.Advance(time.Second)
	w := l.post(tokenV2, form)
	l.wantError("after 90 days", w, 400, "invalid_grant", 700082)
	if text := decode[errorBody](t, w).Description; !strings.Contains(text, "issued on 2026-11-23T12:00:00.0000000Z and was inactive for 90.00:00:00.") {
		t.Errorf("text %q lacks the times", text)
	}
}

// TestAppRoleAssignmentRequired: the API refuses users who have no role of it.
func TestAppRoleAssignmentRequired(t *testing.T) {
	l := newLab(t, autoSignIn, rich, func(c *Config, _ *Options) { c.Tenants[0].Apps[2].AppRoleAssignmentRequired = true })
	for user, assigned := range map[string]bool{"alice": true, "bob": false} {
		query := with(interactive(), "scope", apiV2ID+"/.default", "login_hint", user+"@contoso.onmicrosoft.com")
		w := l.post(tokenV2, with(redemption(l.authorizeCode(authorizeV2, query)), "scope", ""))
		if assigned {
			if w.Code != 200 {
				t.Errorf("%s: got %d %s", user, w.Code, w.Body)
			}
			continue
		}
		l.wantError(user, w, 400, "access_denied", 50105)
	}
}

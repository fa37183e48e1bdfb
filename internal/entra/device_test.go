package entra

import (
	"encoding/json"
	"net/url"
	"strings"
	"testing"
	"time"
)

func deviceForm(code string) url.Values {
	return values("grant_type", "device_code", "client_id", assistantID, "device_code", code,
		"scope", assistantID+"/.default openid offline_access profile", "client_info", "1")
}

type deviceAnswerV2 struct {
	UserCode   string      `json:"user_code"`
	DeviceCode string      `json:"device_code"`
	Page       string      `json:"verification_uri"`
	ExpiresIn  json.Number `json:"expires_in"`
	Interval   int         `json:"interval"`
	Message    string      `json:"message"`
}

func (l *lab) startDevice() deviceAnswerV2 {
	l.t.Helper()
	return decode[deviceAnswerV2](l.t, l.post("/"+tenantID+"/oauth2/v2.0/devicecode",
		values("client_id", assistantID, "scope", assistantID+"/.default openid offline_access profile")))
}

// enterCode types a user code into the device page and gives the next form.
func (l *lab) enterCode(code string) url.Values {
	l.t.Helper()
	w := l.post(devicePagePath, values("code", code))
	if !strings.Contains(w.Body.String(), "Alice Example") {
		l.t.Fatalf("code %q: %d %s; want the users", code, w.Code, w.Body)
	}
	_, form := hiddenInputs(l.t, w.Body.String())
	return form
}

func TestDeviceCode(t *testing.T) {
	l := newLab(t)
	d := l.startDevice()
	if d.ExpiresIn != "900" || d.Interval != 5 || len(d.UserCode) != 9 || d.Page != "https://"+authorityHost+"/devicelogin" ||
		!strings.Contains(d.Message, d.UserCode) || !strings.Contains(d.Message, d.Page) {
		t.Errorf("got %+v", d)
	}
	l.wantError("pending", l.post(tokenV2, deviceForm(d.DeviceCode)), 400, "authorization_pending", 70016)
	l.wantError("another client", l.post(tokenV2, with(deviceForm(d.DeviceCode), "client_id", webID, "client_secret", webSecret)), 400, "bad_verification_code", 70018)
	if page := l.get("/devicelogin").Body.String(); !strings.Contains(page, "Enter the code") {
		t.Errorf("device page %s", page)
	}
	if w := l.post(devicePagePath, values("code", "WRONG")); !strings.Contains(w.Body.String(), "didn&#39;t work") {
		t.Errorf("wrong code: %s", w.Body)
	}
	typed := strings.ToLower(d.UserCode[:4] + "-" + d.UserCode[4:] + " ")
	form := l.enterCode(typed)
	if w := l.post(devicePagePath, with(form, "user", tenantID+"/"+aliceID), "Sec-Fetch-Site", "cross-site"); w.Code != 403 {
		t.Errorf("from another site: got %d, want 403", w.Code)
	}
	if w := l.post(devicePagePath, with(form, "user", tenantID+"/"+aliceID)); !strings.Contains(w.Body.String(), "is signed in") {
		t.Errorf("choosing a user: %d %s", w.Code, w.Body)
	}
	if w := l.post(devicePagePath, with(form, "user", tenantID+"/"+aliceID)); w.Code != 400 {
		t.Errorf("choosing again: got %d, want 400", w.Code)
	}
	got := l.token(tokenV2, with(deviceForm(d.DeviceCode), "grant_type", grantDeviceCode))
	if _, claims := l.mustVerify(got["access_token"]); claims["oid"] != aliceID || got["client_info"] == nil {
		t.Errorf("claims %v, answer %v", claims, got)
	}
	l.wantError("again", l.post(tokenV2, deviceForm(d.DeviceCode)), 400, "bad_verification_code", 70018)
}

func TestDeviceCodeEnds(t *testing.T) {
	l := newLab(t)
	declined := l.startDevice()
	if w := l.post(devicePagePath, with(l.enterCode(declined.UserCode), "cancel", "yes")); !strings.Contains(w.Body.String(), "Declined") {
		t.Errorf("cancel: %s", w.Body)
	}
	l.wantError("declined", l.post(tokenV2, deviceForm(declined.DeviceCode)), 400, "authorization_declined", 0)

	expired := l.startDevice()
	l.clock.Advance(15 * time.Minute)
	l.wantError("expired", l.post(tokenV2, deviceForm(expired.DeviceCode)), 400, "expired_token", 70019)
	if w := l.post(devicePagePath, values("code", expired.UserCode)); !strings.Contains(w.Body.String(), "didn&#39;t work") {
		t.Errorf("expired user code: %s", w.Body)
	}

	auto := newLab(t, autoSignIn)
	if _, claims := auto.mustVerify(auto.token(tokenV2, deviceForm(auto.startDevice().DeviceCode))["access_token"]); claims["oid"] != aliceID {
		t.Errorf("automatic sign-in: claims %v", claims)
	}
	path := "/" + tenantID + "/oauth2/v2.0/devicecode"
	l.wantError("no scope", l.post(path, values("client_id", assistantID)), 400, "invalid_request", 900144)
	l.wantError("no client", l.post(path, values("scope", "openid")), 400, "invalid_request", 900144)
	l.wantError("GET", l.get(path), 400, "invalid_request", 900561)
}

func TestDeviceCodeV1HasStrings(t *testing.T) {
	l := newLab(t)
	got := decode[map[string]any](t, l.post("/"+tenantID+"/oauth2/devicecode", values("client_id", assistantID, "resource", "https://vault.azure.net")))
	if got["expires_in"] != "900" || got["interval"] != "5" || got["verification_url"] != "https://"+authorityHost+"/devicelogin" {
		t.Errorf("got %v; want strings and verification_url", got)
	}
}

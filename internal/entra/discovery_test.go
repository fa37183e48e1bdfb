package entra

import (
	"bytes"
	"crypto/sha1"
	"crypto/x509"
	"encoding/base64"
	"encoding/json"
	"math/big"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
)

func TestDiscoveryDocuments(t *testing.T) {
	l := newLab(t)
	tests := []struct{ path, host, file string }{
		{"/" + tenantID + "/v2.0/.well-known/openid-configuration?", authorityHost, "v2_tenant"},
		{"/" + tenantID + "/.well-known/openid-configuration", authorityHost, "v1_tenant"},
		{"/common/v2.0/.well-known/openid-configuration", authorityHost, "v2_common"},
		{"/common/.well-known/openid-configuration", authorityHost, "v1_common"},
		{"/organizations/v2.0/.well-known/openid-configuration", authorityHost, "v2_organizations"},
		// By a domain, in any case, on the emulator's own port: the tenant's id in the answer.
		{"/CONTOSO.onMicrosoft.com/V2.0/.Well-Known/OpenID-Configuration", "localhost:8444", "v2_domain_localhost"},
		{"/" + tenantID + "/v2.0/.well-known/openid-configuration?appid=" + assistantID, authorityHost, "v2_appid"},
	}
	for _, test := range tests {
		r := httptest.NewRequest("GET", "https://"+test.host+test.path, nil)
		w := l.do(r)
		if w.Code != 200 || w.Header().Get("Content-Type") != "application/json; charset=utf-8" ||
			w.Header().Get("Access-Control-Allow-Origin") != "*" || w.Header().Get("Cache-Control") != "max-age=86400, private" {
			t.Errorf("%s: %d %v", test.path, w.Code, w.Header())
		}
		golden(t, "discovery/"+test.file+".json", indented(t, w.Body.Bytes()))
	}
}

func TestInstanceDiscovery(t *testing.T) {
	l := newLab(t, func(_ *Config, o *Options) { o.Hosts = []string{"entra.internal"} })
	path := "/common/discovery/instance?api-version=1.1&authorization_endpoint=https%3A%2F%2F"
	rest := "%2F" + tenantID + "%2Foauth2%2Fv2.0%2Fauthorize"
	for _, test := range []struct{ asked, file string }{
		{"login.windows.net", "instance_microsoft"},
		{"localhost%3A8444", "instance_localhost"},
		{"entra.internal%3A8444", "instance_own_name"},
	} {
		golden(t, "discovery/"+test.file+".json", indented(t, l.get(path+test.asked+rest).Body.Bytes()))
	}
	for _, query := range []string{
		"", "authorization_endpoint=x", "authorization_endpoint=http://localhost/x", "authorization_endpoint=https://evil.example.com/x/y",
		"authorization_endpoint=https://localhost.evil.example.com/x/y", "authorization_endpoint=https://a%20b/x/y",
	} {
		l.wantError(query, l.get("/common/discovery/instance?"+query), 400, "invalid_instance", 50049)
	}
}

func TestUserRealm(t *testing.T) {
	l := newLab(t)
	want := `{"ver":"1.0","account_type":"Managed","domain_name":"contoso.onmicrosoft.com","cloud_instance_name":"microsoftonline.com","cloud_audience_urn":"urn:federation:MicrosoftOnline"}`
	if got := l.get("/common/UserRealm/alice@contoso.onmicrosoft.com?api-version=1.0").Body.String(); got != want {
		t.Errorf("got %s, want %s", got, want)
	}
	if got := l.get("/common/userrealm/eve@fabrikam.com").Body.String(); !strings.Contains(got, `"account_type":"Unknown"`) {
		t.Errorf("another domain: got %s, want Unknown", got)
	}
}

// TestKeys holds the published keys against identity.md 5.5.
func TestKeys(t *testing.T) {
	l := newLab(t)
	for _, test := range []struct{ path, issuer string }{
		{"/" + tenantID + "/discovery/v2.0/keys", "https://login.microsoftonline.com/" + tenantID + "/v2.0"},
		{"/common/discovery/keys", "https://login.microsoftonline.com/{tenantid}/v2.0"},
		{"/contoso.onmicrosoft.com/discovery/keys", "https://login.microsoftonline.com/" + tenantID + "/v2.0"},
	} {
		var set struct {
			Keys []map[string]any `json:"keys"`
		}
		if err := json.Unmarshal(l.get(test.path).Body.Bytes(), &set); err != nil {
			t.Fatal(err)
		}
		if len(set.Keys) < 2 {
			t.Errorf("%s: %d keys, want the current one and a next one", test.path, len(set.Keys))
		}
		for _, key := range set.Keys {
			checkKey(t, test.path, key, test.issuer)
		}
	}
}

func checkKey(t *testing.T, path string, key map[string]any, issuer string) {
	t.Helper()
	der, err := base64.StdEncoding.DecodeString(key["x5c"].([]any)[0].(string))
	if err != nil {
		t.Fatal(err)
	}
	certificate, err := x509.ParseCertificate(der)
	if err != nil {
		t.Fatal(err)
	}
	sum := sha1.Sum(der)
	id := base64.RawURLEncoding.EncodeToString(sum[:])
	n, err := base64.RawURLEncoding.DecodeString(key["n"].(string))
	if err != nil {
		t.Fatal(err)
	}
	want := map[string]any{
		"kty": "RSA", "use": "sig", "kid": id, "x5t": id, "e": "AQAB", "n": key["n"], "x5c": key["x5c"],
		"cloud_instance_name": "microsoftonline.com", "issuer": issuer,
	}
	got, _ := json.Marshal(key)
	wanted, _ := json.Marshal(want)
	if !bytes.Equal(got, wanted) {
		t.Errorf("%s: key\n got %s\nwant %s", path, got, wanted)
	}
	if bits := new(big.Int).SetBytes(n).BitLen(); bits != 2048 {
		t.Errorf("%s: a key of %d bits, want 2048", path, bits)
	}
	if !strings.Contains(certificate.Subject.String(), "O=apimulator emulator") {
		t.Errorf("%s: subject %q doesn't say what it is", path, certificate.Subject)
	}
}

func TestRouting(t *testing.T) {
	l := newLab(t)
	tests := []struct {
		method, url string
		status      int
		text        string
	}{
		{"GET", "https://x/", 404, "emulated Microsoft Entra ID"},
		{"GET", "https://x/" + tenantID, 404, "emulated Microsoft Entra ID"},
		{"GET", "https://x/" + tenantID + "/nothing", 404, "emulated Microsoft Entra ID"},
		{"GET", "https://x//v2.0/.well-known/openid-configuration", 404, "emulated Microsoft Entra ID"},
		{"POST", "https://x/common/discovery/keys", 405, "GET, HEAD"},
		{"PUT", "https://x" + authorizeV2, 405, "GET, POST"},
		{"GET", "https://x/common/login", 405, "POST"},
		{"DELETE", "https://x/devicelogin", 405, "GET and POST"},
		{"POST", "https://x/common/userrealm/a@b", 405, "GET"},
		{"GET", "https://x/fabrikam.com/discovery/keys", 400, "AADSTS90002"},
		{"GET", "https://x/fabrikam.com/oauth2/v2.0/logout", 400, "AADSTS90002"},
	}
	for _, test := range tests {
		w := l.do(httptest.NewRequest(test.method, test.url, nil))
		if w.Code != test.status || !strings.Contains(w.Body.String(), test.text) {
			t.Errorf("%s %s: got %d %s; want %d with %q", test.method, test.url, w.Code, w.Body, test.status, test.text)
		}
	}
	r := httptest.NewRequest("GET", "https://x/common/v2.0/.well-known/openid-configuration", nil)
	r.Host = `evil"><script>`
	if w := l.do(r); w.Code != http.StatusBadRequest || strings.Contains(w.Body.String(), "script") {
		t.Errorf("Host %q: got %d %s", r.Host, w.Code, w.Body)
	}
}

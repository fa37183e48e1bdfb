package credential

import (
	"net/http"
	"strings"
	"testing"
)

// Where MSAL finds an endpoint, that one is asked, over our transport.
func TestEnvironment(t *testing.T) {
	const id = "5e29463d-71da-4fe0-8e69-999b57db23b0"
	tests := []struct {
		name      string
		variables map[string]string
		clientID  string
		request   string
		header    string
	}{
		{"metadata service", nil, "",
			"GET http://169.254.169.254/metadata/identity/oauth2/token?api-version=2018-02-01&resource=r", "Metadata: true"},
		{"metadata service, client id", nil, id,
			"GET http://169.254.169.254/metadata/identity/oauth2/token?api-version=2018-02-01&client_id=" + id + "&resource=r", "Metadata: true"},
		{"App Service", map[string]string{"IDENTITY_ENDPOINT": "http://platform:8081/msi/token", "IDENTITY_HEADER": "s3cret"}, id,
			"GET http://platform:8081/msi/token?api-version=2019-08-01&client_id=" + id + "&resource=r", "X-Identity-Header: s3cret"},
		{"Azure ML", map[string]string{"MSI_ENDPOINT": "http://platform:8081/msi", "MSI_SECRET": "s3cret"}, id,
			"GET http://platform:8081/msi?api-version=2017-09-01&clientid=" + id + "&resource=r", "Secret: s3cret"},
		{"Cloud Shell", map[string]string{"MSI_ENDPOINT": "http://platform:8081/msi"}, "",
			"POST http://platform:8081/msi", "Metadata: true"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			l := newLab(t)
			l.real, l.hosts = true, []string{metadataHost, "platform:8081"}
			for name, value := range test.variables {
				t.Setenv(name, value)
			}
			s := l.source(Config{Mode: FromEnvironment})
			value := token(t, s, "r", test.clientID)
			r := l.lastRequest()
			if got := r.Method + " " + r.URL.String(); got != test.request {
				t.Errorf("request\n got %s\nwant %s", got, test.request)
			}
			name, want, _ := strings.Cut(test.header, ": ")
			if got := r.Header.Get(name); got != want {
				t.Errorf("header %s: %q; want %q", name, got, want)
			}
			if kind, _, _ := s.Issued(value); kind != Real {
				t.Errorf("the token is %v; want real", kind)
			}
		})
	}
}

// What cannot be asked is refused by name, and no secret is repeated.
func TestEnvironmentRefusals(t *testing.T) {
	tests := []struct {
		name      string
		variables map[string]string
		clientID  string
		answer    http.HandlerFunc
		want      string
	}{
		{"Service Fabric", environments[3].variables, "", nil, "Service Fabric managed identity requires"},
		{"Cloud Shell, client id", map[string]string{"MSI_ENDPOINT": "http://platform:8081/msi"}, "id", nil, "Cloud Shell doesn't support user-assigned"},
		{"bad address", environments[2].variables, "", nil, "missing protocol scheme"},
		{"Azure Arc without its key", map[string]string{"IDENTITY_ENDPOINT": "http://platform:8081/arc", "IMDS_ENDPOINT": "http://platform:8081"}, "",
			func(w http.ResponseWriter, _ *http.Request) {
				w.Header().Set("WWW-Authenticate", "Basic realm=/nowhere/name.key")
				w.WriteHeader(401)
			}, "invalid file path"},
		{"Azure Arc refuses", map[string]string{"IDENTITY_ENDPOINT": "http://platform:8081/arc", "IMDS_ENDPOINT": "http://platform:8081"}, "",
			func(w http.ResponseWriter, _ *http.Request) {
				w.WriteHeader(400)
				w.Write([]byte(`{"error":"invalid_resource","error_description":"no such resource"}`))
			}, "platform:8081 answered 400 invalid_resource: no such resource"},
		{"App Service refuses", map[string]string{"IDENTITY_ENDPOINT": "http://platform:8081/msi", "IDENTITY_HEADER": "s3cret"}, "",
			func(w http.ResponseWriter, _ *http.Request) {
				w.WriteHeader(401)
				w.Write([]byte(`{"statusCode":401,"message":"wrong header"}`))
			}, "platform:8081 answered 401: wrong header; compare resource and client-id"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			l := newLab(t)
			l.hosts, l.answer = []string{"platform:8081"}, test.answer
			for name, value := range test.variables {
				t.Setenv(name, value)
			}
			err := failure(t, l.source(Config{Mode: FromEnvironment}), "r", test.clientID)
			if got := err.Error(); !strings.Contains(got, test.want) || strings.Contains(got, "\n") {
				t.Errorf("error %q; want one line with %q", got, test.want)
			}
			if strings.Contains(err.Error(), "s3cret") {
				t.Errorf("error %q repeats the secret", err)
			}
		})
	}
}

// Another process's emulator may stand behind the environment; its tokens are no
// real ones.
func TestEnvironmentWithAnEmulator(t *testing.T) {
	l := newLab(t)
	l.hosts = []string{"localhost:8444"}
	t.Setenv("IDENTITY_ENDPOINT", "http://localhost:8444/msi/token")
	t.Setenv("IDENTITY_HEADER", "any")
	s := l.source(Config{Mode: FromEnvironment})
	if kind, _, _ := s.Issued(token(t, s, openAI, "")); kind != Emulated {
		t.Errorf("the token is %v; want emulated", kind)
	}
}

// MSAL would try most of these three times, a second apart (identity.md 2.3).
func TestNothingIsRetried(t *testing.T) {
	for _, mode := range []Mode{FromEmulated, FromEnvironment} {
		for _, status := range []int{404, 408, 410, 429, 500, 503} {
			l := newLab(t)
			l.reply(status, "")
			failure(t, l.source(Config{Mode: mode}), openAI, "")
			if n := l.count(); n != 1 {
				t.Errorf("%s, status %d: %d requests; want 1", mode, status, n)
			}
		}
	}
}

// The environment's secrets go to the endpoint, so to no place that it names.
func TestRedirectsAreNotFollowed(t *testing.T) {
	l := newLab(t)
	l.hosts = []string{"platform:8081"}
	t.Setenv("IDENTITY_ENDPOINT", "http://platform:8081/msi")
	t.Setenv("IDENTITY_HEADER", "s3cret")
	l.replyWith(func(w http.ResponseWriter, r *http.Request) {
		http.Redirect(w, r, "http://elsewhere/", http.StatusFound)
	})
	err := failure(t, l.source(Config{Mode: FromEnvironment}), "r", "")
	if !strings.Contains(err.Error(), "answered 302") {
		t.Errorf("error %q; want one about status 302", err)
	}
}

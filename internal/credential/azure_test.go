package credential

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"testing"
	"time"

	"github.com/Azure/azure-sdk-for-go/sdk/azcore"
	"github.com/Azure/azure-sdk-for-go/sdk/azcore/policy"
)

// fakeCredential notes what it is asked.
type fakeCredential struct {
	asked []policy.TokenRequestOptions
	err   error
}

func (f *fakeCredential) GetToken(_ context.Context, o policy.TokenRequestOptions) (azcore.AccessToken, error) {
	f.asked = append(f.asked, o)
	return azcore.AccessToken{Token: fmt.Sprint("token", len(f.asked)), ExpiresOn: noon.Add(time.Hour)}, f.err
}

func TestAzureAsksForAScope(t *testing.T) {
	tests := []struct{ resource, clientID, scope, claims string }{
		{"https://cognitiveservices.azure.com", "", "https://cognitiveservices.azure.com/.default", ""},
		{"https://storage.azure.com/", "", "https://storage.azure.com//.default", ""},
		{"api://mine", "id", "api://mine/.default", pastTheCache},
	}
	for _, test := range tests {
		l, fake, clientID := newLab(t), &fakeCredential{}, "unasked"
		s := l.source(Config{Mode: FromAzure, credential: func(id string) (azcore.TokenCredential, error) {
			clientID = id
			return fake, nil
		}})
		value := token(t, s, test.resource, test.clientID)
		if again := token(t, s, test.resource, test.clientID); again != value || len(fake.asked) != 1 {
			t.Errorf("%q: %q, then %q by %d calls; want one token by one call", test.resource, value, again, len(fake.asked))
		}
		got := fake.asked[0]
		if len(got.Scopes) != 1 || got.Scopes[0] != test.scope || got.Claims != test.claims || got.EnableCAE || clientID != test.clientID {
			t.Errorf("%q: credential of %q asked for %+v; want that of %q for %q with claims %q", test.resource, clientID, got, test.clientID, test.scope, test.claims)
		}
		if kind, resource, ok := s.Issued(value); kind != Real || resource != test.resource || !ok {
			t.Errorf("Issued(%q) = %v, %q, %v; want real, %q, true", value, kind, resource, ok, test.resource)
		}
	}
}

func TestAzureFailures(t *testing.T) {
	fake := &fakeCredential{err: errors.New("DefaultAzureCredential: failed.\nAttempted credentials:\n\tAzureCLICredential: not signed in")}
	l := newLab(t)
	s := l.source(Config{Mode: FromAzure, credential: func(string) (azcore.TokenCredential, error) { return fake, nil }})
	const want = `no token for resource "r" from DefaultAzureCredential (--identity azure): ` +
		`DefaultAzureCredential: failed. Attempted credentials: AzureCLICredential: not signed in; ` +
		`sign in (az login), or set the variables of one of the credentials above`
	for range 2 {
		if err := failure(t, s, "r", ""); err.Error() != want || len(fake.asked) != 1 {
			t.Errorf("error after %d calls\n got %s\nwant %s, after 1", len(fake.asked), err, want)
		}
	}

	t.Setenv("AZURE_TOKEN_CREDENTIALS", "nonsense")
	if _, err := New(Config{Mode: FromAzure, Transport: l}); err == nil || !strings.Contains(err.Error(), `--identity azure: invalid AZURE_TOKEN_CREDENTIALS value "nonsense"`) {
		t.Errorf("New with a bad AZURE_TOKEN_CREDENTIALS: %v; want an error that names it", err)
	}
}

// platform is a lab behind App Service's variables, of Azure.
func platform(t *testing.T) *lab {
	l := newLab(t)
	l.real, l.hosts = true, []string{"platform:8081"}
	t.Setenv("IDENTITY_ENDPOINT", "http://platform:8081/msi/token")
	t.Setenv("IDENTITY_HEADER", "s3cret")
	return l
}

// A client id means that identity alone, even where DefaultAzureCredential would
// find another.
func TestAzureClientID(t *testing.T) {
	l := platform(t)
	t.Setenv("AZURE_TOKEN_CREDENTIALS", "AzureCLICredential")
	token(t, l.source(Config{Mode: FromAzure}), openAI, "5e29463d")
	if got := l.lastRequest().URL.Query(); got.Get("client_id") != "5e29463d" || got.Get("resource") != openAI {
		t.Errorf("the endpoint was asked %v; want client_id 5e29463d and resource %s", got, openAI)
	}
}

// Two sources of azidentity's are as apart as others are, and each fetch of theirs
// asks the endpoint.
func TestAzureSourcesAreApart(t *testing.T) {
	for _, clientID := range []string{"", "5e29463d"} {
		one, other := platform(t), platform(t)
		t.Setenv("AZURE_TOKEN_CREDENTIALS", "ManagedIdentityCredential")
		first, second := one.source(Config{Mode: FromAzure}), other.source(Config{Mode: FromAzure})
		value := token(t, first, openAI, clientID)
		if got := token(t, second, openAI, clientID); got == value || other.count() != 1 {
			t.Errorf("client id %q: the second source gave %q after %d requests; want one of its own, after 1", clientID, got, other.count())
		}
		one.clock.Advance(12 * time.Hour)
		token(t, first, openAI, clientID)
		first.running.Wait()
		if got := token(t, first, openAI, clientID); got == value || one.count() != 2 {
			t.Errorf("client id %q: after half of its life %q after %d requests; want another token, after 2", clientID, got, one.count())
		}
	}
}

func TestDefaultAzureCredential(t *testing.T) {
	l := platform(t)
	t.Setenv("AZURE_TOKEN_CREDENTIALS", "ManagedIdentityCredential")
	s := l.source(Config{Mode: FromAzure})
	token(t, s, openAI, "")
	if r := l.lastRequest(); r.Header.Get("X-IDENTITY-HEADER") != "s3cret" || r.URL.Query().Get("resource") != openAI {
		t.Errorf("the endpoint was asked %v with %v; want resource %s and the header's secret", r.URL, r.Header, openAI)
	}

	l.reply(503, `{"statusCode":503,"message":"come back"}`)
	before := l.count()
	err := failure(t, s, "https://other.example", "")
	if want := "platform:8081 answered 503: come back"; !strings.Contains(err.Error(), want) || strings.Contains(err.Error(), "\n") {
		t.Errorf("error %q; want one line with %q", err, want)
	}
	if n := l.count() - before; n != 1 {
		t.Errorf("%d requests; want 1, for nothing is retried here", n)
	}
}

// A service principal's secret goes to Entra ID over the gateway's transport.
func TestAzureServicePrincipal(t *testing.T) {
	const authority = "https://login.microsoftonline.com/11111111-2222-3333-4444-555555555555"
	l := newLab(t)
	l.real, l.hosts = true, []string{"login.microsoftonline.com"}
	t.Setenv("AZURE_TENANT_ID", "11111111-2222-3333-4444-555555555555")
	t.Setenv("AZURE_CLIENT_ID", "c")
	t.Setenv("AZURE_CLIENT_SECRET", "s3cret")
	refuse := false
	l.replyWith(func(w http.ResponseWriter, r *http.Request) {
		switch r.ParseForm(); {
		case strings.HasSuffix(r.URL.Path, "/.well-known/openid-configuration"):
			fmt.Fprintf(w, `{"issuer":"%s/v2.0","authorization_endpoint":"%s/authorize","token_endpoint":"%s/token"}`, authority, authority, authority)
		case strings.HasSuffix(r.URL.Path, "/discovery/instance"):
			fmt.Fprintf(w, `{"tenant_discovery_endpoint":"%s/v2.0/.well-known/openid-configuration","metadata":[]}`, authority)
		case refuse:
			w.WriteHeader(401)
			fmt.Fprint(w, `{"error":"invalid_client","error_description":"AADSTS7000215: Invalid client secret provided.\r\nTrace ID: t"}`)
		case r.Form.Get("client_secret") == "s3cret" && strings.HasPrefix(r.Form.Get("scope"), openAI+"/.default"):
			fmt.Fprint(w, `{"token_type":"Bearer","expires_in":"86399","expires_on":"`, noon.Add(time.Hour).Unix(), `","access_token":"of-entra"}`)
		default:
			t.Errorf("Entra was asked %s with %v", r.URL, r.Form)
		}
	})
	s := l.source(Config{Mode: FromAzure})
	if got := token(t, s, openAI, ""); got != "of-entra" {
		t.Errorf("got %q; want Entra's token", got)
	}
	refuse = true
	err := failure(t, s, "https://vault.azure.net", "")
	if want := "login.microsoftonline.com answered 401 invalid_client: AADSTS7000215: Invalid client secret provided. Trace ID: t;"; !strings.Contains(err.Error(), want) ||
		strings.Contains(err.Error(), "s3cret") {
		t.Errorf("error %q; want one with %q, without the secret", err, want)
	}
}

// Where the metadata service is the emulated one, DefaultAzureCredential passes on
// to the next credential.
func TestAzureTakesNoEmulatedToken(t *testing.T) {
	if runtime.GOOS == "windows" {
		t.Skip("the stand-in for az is a shell script")
	}
	directory := t.TempDir()
	script := "#!/bin/sh\necho '" + fmt.Sprintf(`{"accessToken":"of-az","expires_on":%d}`, noon.Add(time.Hour).Unix()) + "'\n"
	if err := os.WriteFile(filepath.Join(directory, "az"), []byte(script), 0o700); err != nil {
		t.Fatal(err)
	}
	l := newLab(t)
	t.Setenv("PATH", directory)
	s := l.source(Config{Mode: FromAzure})
	if got := token(t, s, openAI, ""); got != "of-az" {
		t.Errorf("got %q; want az's token", got)
	}
	if l.count() == 0 {
		t.Error("the metadata service was not asked; this test shows nothing")
	}
	err := failure(t, s, openAI, "5e29463d")
	if want := "169.254.169.254 is served by an emulator; take it off the map under hosts"; !strings.Contains(err.Error(), want) {
		t.Errorf("with a client id: %v; want an error with %q", err, want)
	}
}

func TestNewRefuses(t *testing.T) {
	for _, test := range []struct {
		config Config
		want   string
	}{
		{Config{}, "no transport"},
		{Config{Mode: "magic", Transport: http.DefaultTransport}, `--identity "magic" is unknown; it is emulated, environment or azure`},
	} {
		if _, err := New(test.config); err == nil || !strings.Contains(err.Error(), test.want) {
			t.Errorf("New(%+v): %v; want an error with %q", test.config, err, test.want)
		}
	}
}

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
	one, other := platform(t), platform(t)
	t.Setenv("AZURE_TOKEN_CREDENTIALS", "AzureCLICredential")
	const resource = "https://client-id.example"
	value := token(t, one.source(Config{Mode: FromAzure}), resource, "5e29463d")
	if got := one.lastRequest().URL.Query(); got.Get("client_id") != "5e29463d" || got.Get("resource") != resource {
		t.Errorf("the endpoint was asked %v; want client_id 5e29463d and resource %s", got, resource)
	}
	if got := token(t, other.source(Config{Mode: FromAzure}), resource, "5e29463d"); got == value {
		t.Errorf("another endpoint's source gave %q, too", got)
	}
}

func TestDefaultAzureCredential(t *testing.T) {
	l := platform(t)
	t.Setenv("AZURE_TOKEN_CREDENTIALS", "ManagedIdentityCredential")
	s := l.source(Config{Mode: FromAzure})
	token(t, s, "https://default.example", "")
	if r := l.lastRequest(); r.Header.Get("X-IDENTITY-HEADER") != "s3cret" || r.URL.Query().Get("resource") != "https://default.example" {
		t.Errorf("the endpoint was asked %v with %v; want resource https://default.example and the header's secret", r.URL, r.Header)
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
	if got := token(t, s, "https://passed.example", ""); got != "of-az" {
		t.Errorf("got %q; want az's token", got)
	}
	if l.count() == 0 {
		t.Error("the metadata service was not asked; this test shows nothing")
	}
	err := failure(t, s, "https://passed.example", "5e29463d")
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

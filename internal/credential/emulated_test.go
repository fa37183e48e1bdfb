package credential

import (
	"net/http"
	"strings"
	"testing"
)

const openAI = "https://cognitiveservices.azure.com"

// appService and the others are environments that MSAL picks another source by
// (identity.md 2.1); some cannot even work.
var environments = []struct {
	name      string
	variables map[string]string
}{
	{"metadata service", nil},
	{"App Service", map[string]string{"IDENTITY_ENDPOINT": "http://localhost:1/msi/token", "IDENTITY_HEADER": "s3cret"}},
	{"App Service, bad address", map[string]string{"IDENTITY_ENDPOINT": "::bad", "IDENTITY_HEADER": "s3cret"}},
	{"Service Fabric", map[string]string{"IDENTITY_ENDPOINT": "https://localhost:1/", "IDENTITY_HEADER": "s3cret", "IDENTITY_SERVER_THUMBPRINT": strings.Repeat("ab", 20)}},
	{"Service Fabric, bad thumbprint", map[string]string{"IDENTITY_ENDPOINT": "https://localhost:1/", "IDENTITY_HEADER": "s3cret", "IDENTITY_SERVER_THUMBPRINT": "none"}},
	{"Service Fabric over http", map[string]string{"IDENTITY_ENDPOINT": "http://localhost:1/", "IDENTITY_HEADER": "s3cret", "IDENTITY_SERVER_THUMBPRINT": strings.Repeat("ab", 20)}},
	{"Azure ML", map[string]string{"MSI_ENDPOINT": "http://localhost:1/msi", "MSI_SECRET": "s3cret", "DEFAULT_IDENTITY_CLIENT_ID": "11111111-1111-1111-1111-111111111111"}},
	{"Cloud Shell", map[string]string{"MSI_ENDPOINT": "http://localhost:1/msi"}},
	{"Cloud Shell, bad address", map[string]string{"MSI_ENDPOINT": "::bad"}},
	{"Azure Arc", map[string]string{"IDENTITY_ENDPOINT": "http://localhost:1/arc", "IMDS_ENDPOINT": "http://localhost:1"}},
	{"a pod identity host", map[string]string{"AZURE_POD_IDENTITY_AUTHORITY_HOST": "http://localhost:1"}},
	{"azidentity's variables", map[string]string{"AZURE_TENANT_ID": "t", "AZURE_CLIENT_ID": "c", "AZURE_CLIENT_SECRET": "s3cret", "AZURE_TOKEN_CREDENTIALS": "nonsense"}},
}

// In every environment an emulated identity asks the emulated metadata service, in
// its protocol, for the identity that the policy names.
func TestEmulatedInEveryEnvironment(t *testing.T) {
	for _, environment := range environments {
		for _, clientID := range []string{"", "5e29463d-71da-4fe0-8e69-999b57db23b0"} {
			t.Run(environment.name+"/"+clientID, func(t *testing.T) {
				l := newLab(t)
				for name, value := range environment.variables {
					t.Setenv(name, value)
				}
				s := l.source(Config{})
				value := token(t, s, openAI, clientID)

				r := l.lastRequest()
				want := "api-version=2018-02-01&resource=https%3A%2F%2Fcognitiveservices.azure.com"
				if clientID != "" {
					want = "api-version=2018-02-01&client_id=" + clientID + "&resource=https%3A%2F%2Fcognitiveservices.azure.com"
				}
				if r.Method != "GET" || r.URL.Scheme != "http" || r.URL.Path != "/metadata/identity/oauth2/token" || r.URL.RawQuery != want {
					t.Errorf("request %s %s; want GET http://169.254.169.254/metadata/identity/oauth2/token?%s", r.Method, r.URL, want)
				}
				if got := r.Header.Get("Metadata"); got != "true" {
					t.Errorf("header Metadata %q; want true", got)
				}
				if n := l.count(); n != 1 {
					t.Errorf("%d requests; want 1", n)
				}
				if kind, resource, ok := s.Issued(value); kind != Emulated || resource != openAI || !ok {
					t.Errorf("Issued = %v, %q, %v; want emulated, %q, true", kind, resource, ok, openAI)
				}
			})
		}
	}
}

// What refuses, and how, is the same whether MSAL asked or not.
func TestEmulatedRefusalInEveryEnvironment(t *testing.T) {
	const want = `no token for resource "https://cognitiveservices.azure.com" from the system-assigned identity (--identity emulated): ` +
		`169.254.169.254 answered 400 invalid_request: Identity not found; ` +
		`compare resource and client-id of the policy with managedIdentity in the configuration`
	for _, environment := range environments {
		t.Run(environment.name, func(t *testing.T) {
			l := newLab(t)
			for name, value := range environment.variables {
				t.Setenv(name, value)
			}
			l.reply(400, `{"error":"invalid_request","error_description":"Identity not found"}`)
			if err := failure(t, l.source(Config{}), openAI, ""); err.Error() != want {
				t.Errorf("error\n got %s\nwant %s", err, want)
			}
		})
	}
}

// MSAL finds its endpoint anew for each token; should it turn elsewhere between our
// look at the environment and its own, nothing goes out.
func TestEmulatedNeverAsksElsewhere(t *testing.T) {
	l := newLab(t)
	client := &msalClient{wire: wire{l}, metadataOnly: true}
	r, err := http.NewRequest("GET", "http://localhost:1/msi/token", nil)
	if err != nil {
		t.Fatal(err)
	}
	if response, err := client.Do(r); err == nil {
		t.Errorf("Do(%s) = %s; want an error", r.URL, response.Status)
	}
	if n := l.count(); n != 0 {
		t.Errorf("%d requests went out; want none", n)
	}
}

// The metadata service of an Azure machine, reached by a wrong hosts map, gives
// real tokens; none is taken for an emulated one.
func TestEmulatedTakesNoRealToken(t *testing.T) {
	for _, environment := range environments {
		t.Run(environment.name, func(t *testing.T) {
			l := newLab(t)
			for name, value := range environment.variables {
				t.Setenv(name, value)
			}
			l.real = true
			err := failure(t, l.source(Config{}), openAI, "")
			if !strings.Contains(err.Error(), "169.254.169.254 did not answer as an emulated endpoint does") {
				t.Errorf("error %q; want one that says so", err)
			}
		})
	}
}

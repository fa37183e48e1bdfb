package managedidentity

import (
	"context"
	"errors"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/Azure/azure-sdk-for-go/sdk/azcore"
	"github.com/Azure/azure-sdk-for-go/sdk/azcore/policy"
	"github.com/Azure/azure-sdk-for-go/sdk/azidentity"
	msal "github.com/AzureAD/microsoft-authentication-library-for-go/apps/managedidentity"

	"github.com/apimulator/apimulator/policy/exchange"
)

// These tests run Microsoft's own client libraries. They have no clock to set, so
// the server runs with the system's. Their cache is one for the whole process
// (identity.md 2.4): every test asks for another resource.

// realEndpoint starts a server and makes the environment of an App Service, or of
// a machine that is none.
func realEndpoint(t *testing.T, appService bool) (*Server, *httptest.Server) {
	t.Helper()
	srv, err := New(DefaultConfig(), Options{Issuer: anIssuer{exchange.System}, Secret: secret})
	if err != nil {
		t.Fatal(err)
	}
	server := httptest.NewServer(srv)
	t.Cleanup(server.Close)
	for _, name := range []string{"IDENTITY_ENDPOINT", "IDENTITY_HEADER", "IDENTITY_SERVER_THUMBPRINT", "IMDS_ENDPOINT", "MSI_ENDPOINT", "MSI_SECRET"} {
		t.Setenv(name, "")
	}
	if appService {
		t.Setenv("IDENTITY_ENDPOINT", server.URL+"/msi/token")
		t.Setenv("IDENTITY_HEADER", secret)
	}
	return srv, server
}

// asProxy is a client that sends every request to the server as to a proxy.
func asProxy(t *testing.T, server *httptest.Server) *http.Client {
	t.Helper()
	address, err := url.Parse(server.URL)
	if err != nil {
		t.Fatal(err)
	}
	return &http.Client{Transport: &http.Transport{Proxy: http.ProxyURL(address)}}
}

func TestMSALClients(t *testing.T) {
	ids := map[string]msal.ID{
		systemID:        msal.SystemAssigned(),
		userID:          msal.UserAssignedClientID(userID),
		userID + " oid": msal.UserAssignedObjectID(principal),
		userID + " arm": msal.UserAssignedResourceID(DefaultConfig().UserAssigned[0].ResourceID),
	}
	for _, appService := range []bool{true, false} {
		_, server := realEndpoint(t, appService)
		shape, client := "imds", asProxy(t, server)
		if appService {
			shape, client = "appservice", server.Client()
		}
		for name, id := range ids {
			resource := "https://msal." + shape + ".example.com"
			want, _, _ := strings.Cut(name, " ")
			source, err := msal.New(id, msal.WithHTTPClient(client))
			if err != nil {
				t.Fatal(err)
			}
			result, err := source.AcquireToken(t.Context(), resource)
			if err != nil {
				t.Errorf("%s, %s: %v", shape, name, err)
				continue
			}
			left := result.ExpiresOn.Sub(exchange.System.Now())
			if result.AccessToken != "token of "+want+" for "+resource || left < 23*time.Hour || left > 25*time.Hour {
				t.Errorf("%s, %s: got %q for %v", shape, name, result.AccessToken, left)
			}
		}
	}
}

func TestMSALRetries(t *testing.T) {
	srv, server := realEndpoint(t, true)
	if err := srv.SetFaults(Faults{Status: 503, Times: 1}); err != nil {
		t.Fatal(err)
	}
	source, err := msal.New(msal.SystemAssigned(), msal.WithHTTPClient(server.Client()))
	if err != nil {
		t.Fatal(err)
	}
	if _, err := source.AcquireToken(t.Context(), "https://msal.retries.example.com"); err != nil {
		t.Errorf("after one 503: %v; want success at the second try", err)
	}
}

func azidentityToken(ctx context.Context, client *http.Client, id azidentity.ManagedIDKind, resource string) (azcore.AccessToken, error) {
	credential, err := azidentity.NewManagedIdentityCredential(&azidentity.ManagedIdentityCredentialOptions{
		ClientOptions: azcore.ClientOptions{Transport: client, Retry: policy.RetryOptions{MaxRetries: -1}}, ID: id,
	})
	if err != nil {
		return azcore.AccessToken{}, err
	}
	return credential.GetToken(ctx, policy.TokenRequestOptions{Scopes: []string{resource + "/.default"}})
}

func TestAzidentity(t *testing.T) {
	for _, appService := range []bool{true, false} {
		_, server := realEndpoint(t, appService)
		shape, client := "imds", asProxy(t, server)
		if appService {
			shape, client = "appservice", server.Client()
		}
		resource := "https://azidentity." + shape + ".example.com"
		for want, id := range map[string]azidentity.ManagedIDKind{systemID: nil, userID: azidentity.ClientID(userID)} {
			token, err := azidentityToken(t.Context(), client, id, resource)
			if err != nil || token.Token != "token of "+want+" for "+resource {
				t.Errorf("%s: got %q, %v; want the token of %s", shape, token.Token, err, want)
			}
		}
		// An identity that there isn't ends at once: a 404 would be retried.
		_, err := azidentityToken(t.Context(), client, azidentity.ClientID("00000000-0000-4000-8000-000000000000"), resource)
		var failed *azidentity.AuthenticationFailedError
		if !errors.As(err, &failed) || failed.RawResponse.StatusCode != 400 {
			t.Errorf("%s, unknown identity: %v; want a failed authentication with 400", shape, err)
		}
	}
}

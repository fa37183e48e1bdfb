package credential

import (
	"context"
	"net/http"
	"strings"
	"testing"

	"github.com/Azure/azure-sdk-for-go/sdk/azcore"
	"github.com/Azure/azure-sdk-for-go/sdk/azcore/policy"
	"github.com/Azure/azure-sdk-for-go/sdk/azidentity"
	"github.com/AzureAD/microsoft-authentication-library-for-go/apps/managedidentity"
)

// Two gateways of one process, the same resource and identity, other endpoints.
func TestSourcesAreApart(t *testing.T) {
	const resource = "https://apart.example"
	for _, mode := range []Mode{FromEmulated, FromEnvironment} {
		for _, clientID := range []string{"", "id"} {
			t.Run(string(mode)+"/"+clientID, func(t *testing.T) {
				one, other := newLab(t), newLab(t)
				first, second := one.source(Config{Mode: mode}), other.source(Config{Mode: mode})
				value := token(t, first, resource, clientID)
				if got := token(t, second, resource, clientID); got == value || other.count() != 1 {
					t.Errorf("the second source gave %q after %d requests; want one of its own endpoint's, after 1", got, other.count())
				}
				if _, _, ok := second.Issued(value); ok {
					t.Errorf("the second source says that it issued %q", value)
				}
			})
		}
	}
}

// msalToken asks MSAL as any other code in the process would, cache included.
func msalToken(t *testing.T, l *lab, resource string) (token string, source managedidentity.TokenSource) {
	t.Helper()
	client, err := managedidentity.New(managedidentity.SystemAssigned(), managedidentity.WithHTTPClient(wire{l}))
	if err != nil {
		t.Fatal(err)
	}
	result, err := client.AcquireToken(context.Background(), resource)
	if err != nil {
		t.Fatal(err)
	}
	return result.AccessToken, result.Metadata.TokenSource
}

// MSAL's cache is the process's: what others left in it is not for us.
func TestWhatMSALCachedIsNotUsed(t *testing.T) {
	for _, mode := range []Mode{FromEmulated, FromEnvironment} {
		t.Run(string(mode), func(t *testing.T) {
			theirs := newLab(t)
			resource := theirs.resource()
			msalToken(t, theirs, resource)
			cached, source := msalToken(t, theirs, resource)
			if source != managedidentity.TokenSourceCache {
				t.Fatalf("MSAL did not cache its token, so that this test shows nothing")
			}
			ours := newLab(t)
			if got := token(t, ours.source(Config{Mode: mode}), resource, ""); got == cached || ours.count() != 1 {
				t.Errorf("the source gave %q after %d requests; want one of its own, after 1", got, ours.count())
			}
			if got, _ := msalToken(t, theirs, resource); got != cached {
				t.Errorf("MSAL now gives %q to others; want %q still", got, cached)
			}
		})
	}
}

// What we leave in MSAL's cache is not for others, azidentity among them: it would
// take an emulated token for a real one.
func TestWhatMSALCachedForUsIsNotFound(t *testing.T) {
	for _, mode := range []Mode{FromEmulated, FromEnvironment} {
		t.Run(string(mode), func(t *testing.T) {
			ours := newLab(t)
			resource := ours.resource()
			value := token(t, ours.source(Config{Mode: mode}), resource, "")

			theirs := newLab(t)
			credential, err := azidentity.NewManagedIdentityCredential(&azidentity.ManagedIdentityCredentialOptions{
				ClientOptions: azcore.ClientOptions{Transport: wire{theirs}},
			})
			if err != nil {
				t.Fatal(err)
			}
			got, err := credential.GetToken(context.Background(), policy.TokenRequestOptions{Scopes: []string{resource + "/.default"}})
			if err != nil {
				t.Fatal(err)
			}
			if got.Token == value || theirs.count() != 1 {
				t.Errorf("azidentity gave %q after %d requests; want one of its own, after 1", got.Token, theirs.count())
			}
		})
	}
}

// The sources of one process read one environment and change nothing in it.
func TestEmulatedBesideEnvironment(t *testing.T) {
	emulated, platform := newLab(t), newLab(t)
	platform.real, platform.hosts = true, []string{"platform:8081"}
	platform.replyWith(func(w http.ResponseWriter, r *http.Request) {
		if r.Header.Get("X-IDENTITY-HEADER") != "s3cret" {
			t.Errorf("the platform's endpoint got %v", r.Header)
		}
		platform.grant(w, r)
	})
	t.Setenv("IDENTITY_ENDPOINT", "http://platform:8081/msi")
	t.Setenv("IDENTITY_HEADER", "s3cret")
	one, other := emulated.source(Config{}), platform.source(Config{Mode: FromEnvironment})
	token(t, one, openAI, "")
	token(t, other, openAI, "")
	if strings.Contains(emulated.lastRequest().URL.Host, "platform") || emulated.count() != 1 || platform.count() != 1 {
		t.Errorf("the emulated endpoint was asked %d times, the platform's %d; want 1 and 1", emulated.count(), platform.count())
	}
}

package credential

import (
	"context"
	"errors"
	"fmt"
	"net/http"

	"github.com/Azure/azure-sdk-for-go/sdk/azcore"
	"github.com/Azure/azure-sdk-for-go/sdk/azcore/policy"
	"github.com/Azure/azure-sdk-for-go/sdk/azcore/runtime"
	"github.com/Azure/azure-sdk-for-go/sdk/azidentity"
)

// scopeEnding makes a resource a scope, byte for byte: the scope of https://x/ is
// https://x//.default, or the token's audience would lack the slash.
const scopeEnding = "/.default"

// azure gets tokens of Azure through azidentity.
type azure struct {
	credential func(clientID string) (azcore.TokenCredential, error)
}

// azureCredentials prepares azidentity; nothing is fetched yet.
//
// A client id means one user-assigned identity and no other, so that
// ManagedIdentityCredential is asked for it alone: DefaultAzureCredential has no
// option for it and would go on to other credentials. Without a client id
// DefaultAzureCredential chooses whose token it is; it is one object, since it stays
// with the credential that gave a token first.
func azureCredentials(c Config) (azure, error) {
	if c.credential != nil {
		return azure{c.credential}, nil
	}
	options := azcore.ClientOptions{
		Transport: realWire{wire{c.Transport}},
		Retry:     policy.RetryOptions{MaxRetries: -1},
	}
	standard, err := azidentity.NewDefaultAzureCredential(&azidentity.DefaultAzureCredentialOptions{ClientOptions: options})
	if err != nil {
		return azure{}, err
	}
	return azure{func(clientID string) (azcore.TokenCredential, error) {
		if clientID == "" {
			return standard, nil
		}
		return azidentity.NewManagedIdentityCredential(&azidentity.ManagedIdentityCredentialOptions{
			ClientOptions: options,
			ID:            azidentity.ClientID(clientID),
		})
	}}, nil
}

func (a azure) fetch(ctx context.Context, id identity) (grant, error) {
	credential, err := a.credential(id.clientID)
	if err != nil {
		return grant{}, err
	}
	options := policy.TokenRequestOptions{Scopes: []string{id.resource + scopeEnding}}
	if id.clientID != "" {
		// Past MSAL's cache (see msal.go). DefaultAzureCredential gets no claims, which
		// most of its credentials would send on or refuse: it would find what other
		// code of this process left there, for this process's own identity.
		options.Claims = pastTheCache
	}
	token, err := credential.GetToken(ctx, options)
	if err != nil {
		return grant{}, azureRefusal(err)
	}
	return grant{token.Token, token.ExpiresOn, Real}, nil
}

// azureRefusal puts the endpoint's words in the place of azidentity's, which
// repeat the whole answer, where there is an answer.
func azureRefusal(err error) error {
	var failed *azidentity.AuthenticationFailedError
	if !errors.As(err, &failed) || failed.RawResponse == nil {
		return err
	}
	body, unread := runtime.Payload(failed.RawResponse)
	if unread != nil {
		return err
	}
	a := &answer{host: "the endpoint", status: failed.RawResponse.StatusCode, body: body}
	if r := failed.RawResponse.Request; r != nil {
		a.host = r.URL.Host
	}
	return a.refusal()
}

// realWire takes no answer of an emulated party, since azidentity's tokens are real
// ones. Like msal.go it keeps the tokens from the libraries' caches: ours decides
// when to fetch, and another source's tokens are not ours.
type realWire struct{ wire }

// Do implements azcore's transport.
func (w realWire) Do(r *http.Request) (*http.Response, error) {
	a, err := w.ask(r)
	if err != nil {
		return nil, err
	}
	if a.emulated {
		return nil, unusable(fmt.Sprintf("%s is served by an emulator; take it off the map under hosts", a.host))
	}
	a.keepToken()
	return a.response, nil
}

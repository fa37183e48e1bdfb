package credential

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"

	msalerrors "github.com/AzureAD/microsoft-authentication-library-for-go/apps/errors"
	"github.com/AzureAD/microsoft-authentication-library-for-go/apps/managedidentity"
)

// MSAL keeps the tokens of all its managed identity clients in one cache of the
// process, under identity and resource alone (identity.md 2.4), and neither reading
// nor writing it can be turned off. It is passed by on both ways:
//
//   - A request with claims is not answered from the cache, and the claims are not
//     sent to a managed identity endpoint. So we read no one else's token.
//   - A token is stored under the token type of the answer and looked up as
//     "Bearer". With another type it is stored where nothing finds it, and no one
//     else reads ours: another source, or azidentity, which asks MSAL too and would
//     take an emulated token for a real one.
const (
	pastTheCache = `{"access_token":{}}`
	ownTokenType = `"Bearer, kept by apimulator"`
)

// fetchFromEnvironment lets MSAL find the endpoint.
func (w wire) fetchFromEnvironment(ctx context.Context, id identity) (grant, error) {
	client := &msalClient{wire: w}
	return client.acquire(ctx, id)
}

// fetchEmulated goes through MSAL where MSAL asks the metadata service. In an
// environment that shows it another endpoint it would ask that one, or stop before
// it asks anything: Azure Arc wants a key file, Service Fabric a pinned certificate.
// The metadata service is then asked without it.
func (w wire) fetchEmulated(ctx context.Context, id identity) (grant, error) {
	source, err := managedidentity.GetSource()
	if err != nil {
		return grant{}, err
	}
	get := w.fetchMetadata
	if source == managedidentity.DefaultToIMDS {
		client := &msalClient{wire: w, metadataOnly: true}
		get = client.acquire
	}
	g, err := get(ctx, id)
	if err == nil && g.kind != Emulated {
		return grant{}, unusable(fmt.Sprintf("%s did not answer as an emulated endpoint does (it sent no %s), so its token is not used; "+
			"let the host lead to the emulated managed identity under hosts, or start with --identity environment", metadataHost, emulatedBy))
	}
	return g, err
}

// msalClient is MSAL's HTTP client for one token.
type msalClient struct {
	wire
	metadataOnly bool
	last         *answer
}

// Do sends MSAL's request.
func (c *msalClient) Do(r *http.Request) (*http.Response, error) {
	if c.metadataOnly && r.URL.Host != metadataHost {
		return nil, fmt.Errorf("MSAL turned to %s, and an emulated identity asks %s only", r.URL.Host, metadataHost)
	}
	a, err := c.ask(r)
	if err != nil {
		return nil, err
	}
	c.last = a
	a.keepToken()
	return a.response, nil
}

func (c *msalClient) acquire(ctx context.Context, id identity) (grant, error) {
	var who managedidentity.ID = managedidentity.UserAssignedClientID(id.clientID)
	if id.clientID == "" {
		who = managedidentity.SystemAssigned()
	}
	client, err := managedidentity.New(who, managedidentity.WithHTTPClient(c), managedidentity.WithRetryPolicyDisabled())
	if err != nil {
		return grant{}, err
	}
	result, err := client.AcquireToken(ctx, id.resource, managedidentity.WithClaims(pastTheCache))
	if err != nil {
		return grant{}, c.explain(err)
	}
	if c.last == nil {
		return grant{}, errors.New("MSAL gave a token without asking the endpoint")
	}
	if r, found := c.last.hiddenRefusal(); found {
		return grant{}, r
	}
	return grant{result.AccessToken, result.ExpiresOn, c.last.kind()}, nil
}

// explain prefers the endpoint's words to MSAL's, which repeat the whole answer.
// Azure Arc's 401 is a challenge; what goes wrong after it, MSAL knows better.
func (c *msalClient) explain(err error) error {
	var (
		call    msalerrors.CallErr
		garbled msalerrors.InvalidJsonErr
	)
	switch {
	case c.last == nil:
		return err
	case !c.last.granted() && (errors.As(err, &call) || c.last.status != http.StatusUnauthorized):
		return c.last.refusal()
	case errors.As(err, &garbled):
		return unusable(fmt.Sprintf("%s did not answer in JSON as a token endpoint does (%v)", c.last.host, err))
	}
	return err
}

// keepToken lets a library see a token under our own token type. An answer without
// a token stays, for the library to refuse.
func (a *answer) keepToken() {
	var members map[string]json.RawMessage
	if !a.granted() || json.Unmarshal(a.body, &members) != nil || members["access_token"] == nil {
		return
	}
	members["token_type"] = json.RawMessage(ownTokenType)
	if changed, err := json.Marshal(members); err == nil {
		a.use(changed)
	}
}

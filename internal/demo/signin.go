package demo

import (
	"context"
	"crypto/sha256"
	"encoding/base64"
	"errors"
	"fmt"
	"net/http"
	"net/url"

	"github.com/AzureAD/microsoft-authentication-library-for-go/apps/public"
	"github.com/google/uuid"

	"github.com/apimulator/apimulator/internal/emulator"
)

const redirectURI = "http://localhost"

var errNoCode = errors.New("the emulated sign-in gave no code")

// signIn gets a user's token as any app with MSAL does: by the authorization
// code flow with PKCE. The emulator signs in without a page, so one request to
// the authorize URL takes the place of the browser.
func signIn(ctx context.Context, e *emulator.Emulator, transport *http.Client, scope string) (string, error) {
	app, err := public.New(e.ClientID(), public.WithAuthority(e.Authority()), public.WithInstanceDiscovery(false), public.WithHTTPClient(transport))
	if err != nil {
		return "", err
	}
	address, err := app.AuthCodeURL(ctx, e.ClientID(), redirectURI, []string{scope})
	if err != nil {
		return "", err
	}
	verifier := uuid.NewString() + uuid.NewString()
	digest := sha256.Sum256([]byte(verifier))
	address += "&code_challenge=" + base64.RawURLEncoding.EncodeToString(digest[:]) + "&code_challenge_method=S256"
	code, err := authorize(ctx, transport, address)
	if err != nil {
		return "", err
	}
	result, err := app.AcquireTokenByAuthCode(ctx, code, redirectURI, []string{scope}, public.WithChallenge(verifier))
	if err != nil {
		return "", fmt.Errorf("sign-in: %w", err)
	}
	return result.AccessToken, nil
}

// authorize opens the authorize URL and takes the code out of the redirect.
func authorize(ctx context.Context, transport *http.Client, address string) (string, error) {
	request, err := http.NewRequestWithContext(ctx, http.MethodGet, address, nil)
	if err != nil {
		return "", err
	}
	browser := *transport
	browser.CheckRedirect = func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }
	response, err := browser.Do(request)
	if err != nil {
		return "", err
	}
	defer response.Body.Close()
	to, err := url.Parse(response.Header.Get("Location"))
	if err != nil || to.Query().Get("code") == "" {
		return "", errNoCode
	}
	return to.Query().Get("code"), nil
}

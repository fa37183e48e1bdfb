package main

import (
	"cmp"
	"context"
	"fmt"
	"net/http"
	"os/exec"
	"runtime"
	"slices"
	"time"

	"github.com/AzureAD/microsoft-authentication-library-for-go/apps/cache"
	"github.com/AzureAD/microsoft-authentication-library-for-go/apps/confidential"
	"github.com/AzureAD/microsoft-authentication-library-for-go/apps/public"
)

const (
	// patience is how long a person may take to sign in; a device code lives 15
	// minutes.
	patience = 15 * time.Minute
	// authorityTimeout is how long the authority may take for one answer.
	authorityTimeout = 30 * time.Second
)

// signIn gets an access token: by client secret if there is one, else for a
// person.
func (p *program) signIn(ctx context.Context, cli *flags, s *settings, transport http.RoundTripper) (string, error) {
	ctx, cancel := context.WithTimeout(ctx, patience)
	defer cancel()
	// A redirect would carry a secret or a code to a host that nobody named.
	client := &http.Client{Transport: transport, Timeout: authorityTimeout, CheckRedirect: noRedirect}
	// MSAL asks Microsoft whether it knows an authority, and there is none to
	// know on this machine.
	askMicrosoft := !isLoopback(s.authority)
	var store cache.ExportReplace
	if cli.TokenCache != "" {
		file, err := openTokenCache(cli.TokenCache)
		if err != nil {
			return "", err
		}
		store = file
	}
	var token string
	var err error
	if s.clientSecret != "" {
		token, err = asItself(ctx, s, client, askMicrosoft, store)
	} else {
		token, err = p.asPerson(ctx, cli, s, client, askMicrosoft, store)
	}
	if err != nil {
		return "", signInFailure(err)
	}
	return token, nil
}

// asItself signs the program in by its secret (the client credentials grant).
func asItself(ctx context.Context, s *settings, client *http.Client, askMicrosoft bool, store cache.ExportReplace) (string, error) {
	credential, err := confidential.NewCredFromSecret(s.clientSecret)
	if err != nil {
		return "", err
	}
	options := []confidential.Option{confidential.WithHTTPClient(client), confidential.WithInstanceDiscovery(askMicrosoft)}
	if store != nil {
		options = append(options, confidential.WithCache(store))
	}
	app, err := confidential.New(s.authority.String(), s.clientID, credential, options...)
	if err != nil {
		return "", err
	}
	result, err := app.AcquireTokenByCredential(ctx, s.scopes)
	return result.AccessToken, err
}

// asPerson signs a person in, if the cache doesn't know them already.
func (p *program) asPerson(ctx context.Context, cli *flags, s *settings, client *http.Client, askMicrosoft bool, store cache.ExportReplace) (string, error) {
	options := []public.Option{public.WithAuthority(s.authority.String()), public.WithHTTPClient(client), public.WithInstanceDiscovery(askMicrosoft)}
	if store != nil {
		options = append(options, public.WithCache(store))
	}
	app, err := public.New(s.clientID, options...)
	if err != nil {
		return "", err
	}
	accounts, err := app.Accounts(ctx)
	if err != nil {
		return "", err
	}
	slices.SortFunc(accounts, func(a, b public.Account) int { return cmp.Compare(a.HomeAccountID, b.HomeAccountID) })
	for _, account := range accounts {
		// It fails for a token that has run out and can't be renewed, and for
		// an account of another authority: then the person is asked.
		if result, err := app.AcquireTokenSilent(ctx, s.scopes, public.WithSilentAccount(account)); err == nil {
			return result.AccessToken, nil
		}
	}
	if cli.DeviceCode {
		code, err := app.AcquireTokenByDeviceCode(ctx, s.scopes)
		if err != nil {
			return "", err
		}
		fmt.Fprintln(p.stderr, oneLine(code.Result.Message))
		result, err := code.AuthenticationResult(ctx)
		return result.AccessToken, err
	}
	result, err := app.AcquireTokenInteractive(ctx, s.scopes, public.WithOpenURL(p.signInPage(ctx, cli, s, client)))
	return result.AccessToken, err
}

// signInPage is what MSAL calls to show the sign-in page: to a person, in a
// browser; at a running emulator the client fills it in itself.
func (p *program) signInPage(ctx context.Context, cli *flags, s *settings, client *http.Client) func(url string) error {
	if s.emulator != nil && !cli.Browser {
		return func(url string) error { return walkSignIn(ctx, client.Transport, url) }
	}
	return func(url string) error {
		fmt.Fprintf(p.stderr, "Sign in with the browser that opens. If none does, visit\n%s\n", url)
		// Without a browser on this machine the person has the URL.
		_ = p.openBrowser(url)
		return nil
	}
}

func noRedirect(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }

// openBrowser shows a URL in the person's browser.
func openBrowser(url string) error {
	command := exec.Command("xdg-open", url)
	switch runtime.GOOS {
	case "darwin":
		command = exec.Command("open", url)
	case "windows":
		command = exec.Command("rundll32", "url.dll,FileProtocolHandler", url)
	}
	if err := command.Start(); err != nil {
		return err
	}
	go func() { _ = command.Wait() }() // only so that no zombie is left
	return nil
}

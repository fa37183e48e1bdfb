package emulator

import (
	"bytes"
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/Azure/azure-sdk-for-go/sdk/azcore"
	"github.com/Azure/azure-sdk-for-go/sdk/azcore/cloud"
	"github.com/Azure/azure-sdk-for-go/sdk/azcore/policy"
	"github.com/Azure/azure-sdk-for-go/sdk/azidentity"
	"github.com/AzureAD/microsoft-authentication-library-for-go/apps/confidential"
	"github.com/AzureAD/microsoft-authentication-library-for-go/apps/public"
	"github.com/openai/openai-go/v3"
	"github.com/openai/openai-go/v3/azure"
	"github.com/openai/openai-go/v3/option"
	"golang.org/x/net/html"
)

// These tests run client libraries that nobody here wrote, each up to a chat
// completion through the gateway.

// person is somebody at a browser.
type person struct {
	client *http.Client
	// types is what goes into a form's visible fields, by their names.
	types map[string]string
}

// visit opens an address and sends the first form of each page on by its first
// button, until a page has none. That page's text is given.
func (p person) visit(ctx context.Context, address string) (string, error) {
	r, err := http.NewRequestWithContext(ctx, http.MethodGet, address, nil)
	for range 10 {
		if err != nil {
			return "", err
		}
		response, err := p.client.Do(r)
		if err != nil {
			return "", err
		}
		page, err := io.ReadAll(response.Body)
		response.Body.Close()
		if err == nil && response.StatusCode != http.StatusOK {
			err = fmt.Errorf("%s %s: %s: %s", r.Method, r.URL, response.Status, page)
		}
		if err != nil {
			return "", err
		}
		action, fields, found := p.fillIn(page)
		if !found {
			return string(page), nil
		}
		to, err := response.Request.URL.Parse(action)
		if err != nil {
			return "", err
		}
		if r, err = http.NewRequestWithContext(ctx, http.MethodPost, to.String(), strings.NewReader(fields.Encode())); err == nil {
			r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
		}
	}
	return "", errors.New("there is no end to the pages")
}

// fillIn is the first form of a page as the person sends it.
func (p person) fillIn(page []byte) (action string, fields url.Values, found bool) {
	document, err := html.Parse(bytes.NewReader(page))
	if err != nil {
		return "", nil, false
	}
	fields = url.Values{}
	var pressed bool
	for n := range document.Descendants() {
		attributes := make(map[string]string)
		for _, a := range n.Attr {
			attributes[a.Key] = a.Val
		}
		name := attributes["name"]
		switch {
		case n.Type != html.ElementNode:
		case n.Data == "form" && found:
			return action, fields, true
		case n.Data == "form":
			action, found = attributes["action"], true
		case n.Data == "input":
			fields.Set(name, cmp.Or(attributes["value"], p.types[name]))
		case n.Data == "button" && !pressed:
			pressed = true
			if name != "" {
				fields.Set(name, attributes["value"])
			}
		}
	}
	return action, fields, found
}

// browser gives MSAL a browser with a person before it. What became of the visit
// comes on the channel.
func (p person) browser(ctx context.Context) (open func(string) error, visited <-chan error) {
	done := make(chan error, 1)
	return func(address string) error {
		go func() {
			_, err := p.visit(ctx, address)
			done <- err
		}()
		return nil
	}, done
}

// authorities are the names by which a client may know the emulated Entra ID: its
// own, and the public one, which the client's transport leads to it.
func (l *lab) authorities() map[string]string {
	return map[string]string{"localhost": l.Authority(), "public": "https://login.microsoftonline.com/" + l.TenantID()}
}

func TestMSALInteractive(t *testing.T) {
	for name, change := range map[string]func(*Config){"one click": func(*Config) {}, "no click": withAutoSignIn} {
		l := newLab(t, nil, change)
		for authority, address := range l.authorities() {
			t.Run(name+", "+authority, func(t *testing.T) {
				app, err := public.New(l.ClientID(), public.WithAuthority(address), public.WithInstanceDiscovery(authority == "public"), public.WithHTTPClient(l.client))
				if err != nil {
					t.Fatal(err)
				}
				open, visited := person{client: l.client}.browser(t.Context())
				result, err := app.AcquireTokenInteractive(t.Context(), []string{l.ClientID() + "/.default"}, public.WithOpenURL(open))
				if err != nil {
					t.Fatal(err)
				}
				if err := await(t, visited, "the browser"); err != nil {
					t.Error(err)
				}
				if got := result.Account.PreferredUsername; got != "alice@contoso.onmicrosoft.com" {
					t.Errorf("signed in is %q, want the first user", got)
				}
				l.checkChats(result.AccessToken)
			})
		}
	}
}

func TestMSALDeviceCode(t *testing.T) {
	l := newLab(t, nil)
	app, err := public.New(l.ClientID(), public.WithAuthority(l.Authority()), public.WithInstanceDiscovery(false), public.WithHTTPClient(l.client))
	if err != nil {
		t.Fatal(err)
	}
	device, err := app.AcquireTokenByDeviceCode(t.Context(), []string{"api://" + l.ClientID() + "/user_impersonation"})
	if err != nil {
		t.Fatal(err)
	}
	page, err := person{l.client, map[string]string{"code": device.Result.UserCode}}.visit(t.Context(), device.Result.VerificationURL)
	if err != nil || !strings.Contains(page, "Signed in") {
		t.Fatalf("the verification page ended with %v: %s", err, page)
	}
	result, err := device.AuthenticationResult(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	// The policy's audience is the client id; this one asked by the other name.
	if got := l.chats(result.AccessToken); got.status != http.StatusUnauthorized {
		t.Errorf("a token for api://... got %d; the policy does not list that audience", got.status)
	}
	silent, err := app.AcquireTokenSilent(t.Context(), []string{l.ClientID() + "/.default"}, public.WithSilentAccount(result.Account))
	if err != nil {
		t.Fatal(err)
	}
	l.checkChats(silent.AccessToken)
}

// daemon is the built-in confidential client.
const daemon = "33333333-3333-4333-8333-333333333333"

// clientSecret is the daemon's, which is generated.
func (l *lab) clientSecret() string {
	l.t.Helper()
	secret, err := l.parties.Entra.Secret(daemon)
	if err != nil {
		l.t.Fatal(err)
	}
	return string(secret)
}

func TestMSALConfidential(t *testing.T) {
	l := newLab(t, nil)
	for name, address := range l.authorities() {
		credential, err := confidential.NewCredFromSecret(l.clientSecret())
		if err != nil {
			t.Fatal(err)
		}
		app, err := confidential.New(address, daemon, credential, confidential.WithInstanceDiscovery(name == "public"), confidential.WithHTTPClient(l.client))
		if err != nil {
			t.Fatal(err)
		}
		result, err := app.AcquireTokenByCredential(t.Context(), []string{l.ClientID() + "/.default"})
		if err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		l.checkChats(result.AccessToken)
	}
}

func TestAzidentityClientSecret(t *testing.T) {
	l := newLab(t, nil)
	for name, host := range map[string]string{"localhost": l.Parties(), "public": "https://login.microsoftonline.com"} {
		credential, err := azidentity.NewClientSecretCredential(l.TenantID(), daemon, l.clientSecret(), &azidentity.ClientSecretCredentialOptions{
			ClientOptions:            azcore.ClientOptions{Transport: l.client, Cloud: cloud.Configuration{ActiveDirectoryAuthorityHost: host}},
			DisableInstanceDiscovery: name == "localhost",
		})
		if err != nil {
			t.Fatal(err)
		}
		token, err := credential.GetToken(t.Context(), policy.TokenRequestOptions{Scopes: []string{l.ClientID() + "/.default"}})
		if err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		l.checkChats(token.Token)
	}
}

// appService makes the environment of an App Service with a managed identity.
func appService(t *testing.T, endpoint, secret string) {
	for _, name := range []string{"IDENTITY_SERVER_THUMBPRINT", "IMDS_ENDPOINT", "MSI_ENDPOINT", "MSI_SECRET", "AZURE_CLIENT_ID"} {
		t.Setenv(name, "")
	}
	t.Setenv("IDENTITY_ENDPOINT", endpoint)
	t.Setenv("IDENTITY_HEADER", secret)
}

func TestAzidentityManagedIdentity(t *testing.T) {
	l := newLab(t, nil)
	appService(t, l.IdentityEndpoint(), l.IdentityHeader())
	credential, err := azidentity.NewManagedIdentityCredential(&azidentity.ManagedIdentityCredentialOptions{ClientOptions: azcore.ClientOptions{Transport: l.client}})
	if err != nil {
		t.Fatal(err)
	}
	token, err := credential.GetToken(t.Context(), policy.TokenRequestOptions{
		Scopes: []string{"https://cognitiveservices.azure.com/.default"},
		Claims: `{"access_token":{}}`, // past the cache, which is one for the whole process (identity.md 2.4)
	})
	if err != nil {
		t.Fatal(err)
	}
	for _, resource := range []string{l.Parties(), "https://contoso.openai.azure.com"} {
		got := do(t, l.client, request(t, http.MethodPost, resource+"/openai/deployments/gpt-4o/chat/completions?api-version="+apiVersion, chatBody,
			"Content-Type", "application/json", "Authorization", "Bearer "+token.Token))
		if got.status != http.StatusOK || !strings.Contains(got.body, prompt) {
			t.Errorf("%s: got %d %s; want an answer", resource, got.status, got.body)
		}
	}
}

// openAI are two APIs as the portal makes them of an Azure OpenAI resource: one
// with the usual names of the key, one with api-key in their place.
func openAI() files {
	const identity = `<authentication-managed-identity resource="https://cognitiveservices.azure.com" />`
	return files{
		"apim.yaml": `
apis:
  - name: with-tokens
    path: tokens/openai
    backend: https://contoso.openai.azure.com/openai
    policy: with-tokens.xml
  - name: with-keys
    path: keys/openai
    backend: https://contoso.openai.azure.com/openai
    policy: with-keys.xml
    subscriptionKey: {header: api-key}
subscriptions:
  - name: all
`,
		"with-tokens.xml": document(`
        <validate-jwt header-name="Authorization">
            <openid-config url="https://login.microsoftonline.com/contoso.onmicrosoft.com/v2.0/.well-known/openid-configuration" />
            <audiences><audience>22222222-2222-4222-8222-222222222222</audience></audiences>
            <issuers><issuer>https://sts.windows.net/11111111-1111-4111-8111-111111111111/</issuer></issuers>
        </validate-jwt>` + identity),
		"with-keys.xml": document(identity),
	}
}

func TestOpenAIClient(t *testing.T) {
	l := newLab(t, openAI())
	for name, options := range map[string][]option.RequestOption{
		"token and key": {
			azure.WithEndpoint(l.Gateway()+"/tokens", "2024-10-21"), azure.WithTokenCredential(userCredential{l}),
			option.WithHeader("Ocp-Apim-Subscription-Key", l.Key("all")),
		},
		"api-key": {azure.WithEndpoint(l.Gateway()+"/keys", "2024-10-21"), azure.WithAPIKey(l.Key("all"))},
		"api-key, public name": {
			azure.WithEndpoint("https://contoso.azure-api.net/keys", "2024-10-21"), azure.WithAPIKey(l.Key("all")),
		},
	} {
		client := openai.NewClient(append(options, option.WithHTTPClient(l.client), option.WithMaxRetries(0))...)
		params := openai.ChatCompletionNewParams{
			Model: "gpt-4o", Messages: []openai.ChatCompletionMessageParamUnion{openai.UserMessage(prompt)},
			StreamOptions: openai.ChatCompletionStreamOptionsParam{IncludeUsage: openai.Bool(true)},
		}
		t.Run(name+", streamed", func(t *testing.T) { checkStream(t, client.Chat.Completions.NewStreaming(t.Context(), params)) })
		t.Run(name, func(t *testing.T) {
			params.StreamOptions = openai.ChatCompletionStreamOptionsParam{}
			answer, err := client.Chat.Completions.New(t.Context(), params)
			if err != nil {
				t.Fatal(err)
			}
			if got := answer.Choices[0].Message.Content; !strings.Contains(got, prompt) || answer.Usage.CompletionTokens == 0 {
				t.Errorf("got %s; want an answer to the prompt", answer.RawJSON())
			}
		})
	}
}

// userCredential gives a user's token for the API, whatever scope is asked for:
// the client asks for Azure OpenAI's own.
type userCredential struct{ *lab }

func (c userCredential) GetToken(context.Context, policy.TokenRequestOptions) (azcore.AccessToken, error) {
	return azcore.AccessToken{Token: c.userToken(), ExpiresOn: c.Clock().Now().Add(time.Hour)}, nil
}

// checkStream wants a stream to hold an answer to the prompt, in pieces.
func checkStream(t *testing.T, stream interface {
	Next() bool
	Current() openai.ChatCompletionChunk
	Err() error
	Close() error
}) {
	t.Helper()
	defer stream.Close()
	var whole openai.ChatCompletionAccumulator
	chunks := 0
	for stream.Next() {
		chunks++
		if chunk := stream.Current(); !whole.AddChunk(chunk) {
			t.Errorf("a chunk does not fit the others: %s", chunk.RawJSON())
		}
	}
	if err := stream.Err(); err != nil {
		t.Fatal(err)
	}
	if chunks < 5 || len(whole.Choices) != 1 || !strings.Contains(whole.Choices[0].Message.Content, prompt) || whole.Usage.TotalTokens == 0 {
		t.Errorf("got %d chunks, together %+v; want an answer to the prompt", chunks, whole.ChatCompletion)
	}
}

// TestOpenAIClientReadsRefusals: what the gateway itself refuses is an API error
// to the client, with the gateway's message.
func TestOpenAIClientReadsRefusals(t *testing.T) {
	l := newLab(t, openAI())
	client := openai.NewClient(azure.WithEndpoint(l.Gateway()+"/keys", "2024-10-21"), azure.WithAPIKey("wrong"),
		option.WithHTTPClient(l.client), option.WithMaxRetries(0))
	_, err := client.Chat.Completions.New(t.Context(), openai.ChatCompletionNewParams{Model: "gpt-4o", Messages: []openai.ChatCompletionMessageParamUnion{openai.UserMessage(prompt)}})
	var refused *openai.Error
	if !errors.As(err, &refused) || refused.StatusCode != http.StatusUnauthorized {
		t.Errorf("a wrong key: %v; want an API error with status 401", err)
	}
	if d := l.record().Deciding(); d == nil || d.Reason != "SubscriptionKeyInvalid" {
		t.Errorf("the record says %+v decided; want SubscriptionKeyInvalid", d)
	}
}

package entra

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/Azure/azure-sdk-for-go/sdk/azcore"
	"github.com/Azure/azure-sdk-for-go/sdk/azcore/cloud"
	"github.com/Azure/azure-sdk-for-go/sdk/azcore/policy"
	"github.com/Azure/azure-sdk-for-go/sdk/azidentity"
	"github.com/AzureAD/microsoft-authentication-library-for-go/apps/confidential"
	msalerrors "github.com/AzureAD/microsoft-authentication-library-for-go/apps/errors"
	"github.com/AzureAD/microsoft-authentication-library-for-go/apps/public"
	"github.com/MicahParks/keyfunc/v3"
	"github.com/golang-jwt/jwt/v5"

	"github.com/apimulator/apimulator/policy/exchange"
)

// These tests run Microsoft's own client libraries. They have no clock to set, so
// the server runs with the system's.

// A diverter sends every request to one server, whatever host it names, and keeps
// the path of each.
type diverter struct {
	server *httptest.Server

	mu    sync.Mutex
	paths []string
}

func (d *diverter) RoundTrip(r *http.Request) (*http.Response, error) {
	d.mu.Lock()
	d.paths = append(d.paths, r.URL.Host+r.URL.Path)
	d.mu.Unlock()
	diverted := r.Clone(r.Context())
	diverted.Host = r.URL.Host
	diverted.URL.Host = strings.TrimPrefix(d.server.URL, "https://")
	return d.server.Client().Transport.RoundTrip(diverted)
}

// asked reports how many requests went to a path that ends so.
func (d *diverter) asked(suffix string) int {
	d.mu.Lock()
	defer d.mu.Unlock()
	n := 0
	for _, path := range d.paths {
		if strings.HasSuffix(path, suffix) {
			n++
		}
	}
	return n
}

func (d *diverter) client() *http.Client { return &http.Client{Transport: d} }

func realClients(t *testing.T, change ...func(*Config, *Options)) (*lab, *diverter) {
	t.Helper()
	l := newLab(t, append([]func(*Config, *Options){func(_ *Config, o *Options) { o.Clock = exchange.System }}, change...)...)
	server := httptest.NewTLSServer(l.srv)
	t.Cleanup(server.Close)
	return l, &diverter{server: server}
}

// checkAccess verifies a token as a gateway does: by the published key set.
func checkAccess(t *testing.T, d *diverter, token, audience, objectID string) {
	t.Helper()
	keys, err := keyfunc.NewDefaultOverrideCtx(t.Context(), []string{"https://" + authorityHost + "/" + tenantID + "/discovery/v2.0/keys"},
		keyfunc.Override{Client: d.client()})
	if err != nil {
		t.Fatal(err)
	}
	parsed, err := jwt.Parse(token, keys.Keyfunc, jwt.WithValidMethods([]string{"RS256"}), jwt.WithExpirationRequired(),
		jwt.WithAudience(audience), jwt.WithIssuer("https://sts.windows.net/"+tenantID+"/"), jwt.WithIssuedAt())
	if err != nil {
		t.Fatalf("token %s: %v", token, err)
	}
	if claims := parsed.Claims.(jwt.MapClaims); claims["oid"] != objectID {
		t.Errorf("claims %v, want oid %s", claims, objectID)
	}
}

// browse does what a person does with the sign-in page: opens it, takes a user,
// and lets the page post the answer to the client. It tells on done how it went.
func browse(d *diverter, user string, done chan<- error) func(string) error {
	return func(address string) error {
		go func() { done <- signInAs(d, address, user) }()
		return nil
	}
}

func signInAs(d *diverter, address, user string) error {
	page, err := fetch(d.client().Get(address))
	if err != nil {
		return err
	}
	action, form, ok := formOf(page)
	if !ok {
		return fmt.Errorf("no form on the sign-in page: %s", page)
	}
	form.Set("user", user)
	page, err = fetch(d.client().PostForm("https://"+authorityHost+action, form))
	if err != nil {
		return err
	}
	action, form, ok = formOf(page)
	if !ok {
		return fmt.Errorf("no form on the answer to sign-in: %s", page)
	}
	_, err = fetch(http.PostForm(action, form))
	return err
}

func fetch(answer *http.Response, err error) (string, error) {
	if err != nil {
		return "", err
	}
	defer answer.Body.Close()
	body, err := io.ReadAll(answer.Body)
	if err == nil && answer.StatusCode != http.StatusOK {
		err = fmt.Errorf("%s: %s", answer.Status, body)
	}
	return string(body), err
}

func TestMSALPublicInteractive(t *testing.T) {
	_, d := realClients(t)
	client, err := public.New(assistantID, public.WithAuthority("https://"+authorityHost+"/"+tenantID), public.WithHTTPClient(d.client()))
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithTimeout(t.Context(), 30*time.Second)
	defer cancel()
	scopes := []string{assistantID + "/.default"}
	done := make(chan error, 1)
	result, err := client.AcquireTokenInteractive(ctx, scopes, public.WithOpenURL(browse(d, tenantID+"/"+aliceID, done)))
	if err != nil {
		t.Fatal(err)
	}
	if err := <-done; err != nil {
		t.Error(err)
	}
	checkAccess(t, d, result.AccessToken, assistantID, aliceID)
	if got := result.Account; got.HomeAccountID != aliceID+"."+tenantID || got.PreferredUsername != "alice@contoso.onmicrosoft.com" {
		t.Errorf("account %+v", got)
	}
	if left := result.ExpiresOn.Sub(exchange.System.Now()); left < 59*time.Minute || left > 91*time.Minute {
		t.Errorf("expires in %v", left)
	}

	// From the cache, and for another resource with the refresh token.
	again, err := client.AcquireTokenSilent(ctx, scopes, public.WithSilentAccount(result.Account))
	if err != nil || again.AccessToken != result.AccessToken {
		t.Errorf("silent: %v, the same token: %v", err, again.AccessToken == result.AccessToken)
	}
	before := d.asked("/token")
	other, err := client.AcquireTokenSilent(ctx, []string{"https://cognitiveservices.azure.com/.default"}, public.WithSilentAccount(result.Account))
	if err != nil {
		t.Fatal(err)
	}
	checkAccess(t, d, other.AccessToken, "https://cognitiveservices.azure.com", aliceID)
	if d.asked("/token") != before+1 {
		t.Errorf("%d token requests for a refresh, want 1", d.asked("/token")-before)
	}
}

func TestMSALPublicDeviceCode(t *testing.T) {
	l, d := realClients(t)
	client, err := public.New(assistantID, public.WithAuthority("https://"+authorityHost+"/"+tenantID), public.WithHTTPClient(d.client()))
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithTimeout(t.Context(), 30*time.Second)
	defer cancel()
	device, err := client.AcquireTokenByDeviceCode(ctx, []string{"api://" + assistantID + "/user_impersonation"})
	if err != nil {
		t.Fatal(err)
	}
	if device.Result.VerificationURL != "https://"+authorityHost+"/devicelogin" || device.Result.Interval != 5 {
		t.Errorf("device code answer %+v", device.Result)
	}
	form := l.enterCode(device.Result.UserCode)
	l.post(devicePagePath, with(form, "user", tenantID+"/"+aliceID))
	result, err := device.AuthenticationResult(ctx)
	if err != nil {
		t.Fatal(err)
	}
	checkAccess(t, d, result.AccessToken, "api://"+assistantID, aliceID)
	if d.asked("/oauth2/v2.0/devicecode") != 1 {
		t.Errorf("requests %v; want one for the device code", d.paths)
	}
}

func TestMSALConfidential(t *testing.T) {
	l, d := realClients(t)
	secret, err := l.srv.Secret(daemonID)
	if err != nil {
		t.Fatal(err)
	}
	object := derivedID("service principal", tenantID, daemonID)
	acquire := func(secret string) (confidential.AuthResult, error) {
		credential, err := confidential.NewCredFromSecret(secret)
		if err != nil {
			t.Fatal(err)
		}
		client, err := confidential.New("https://"+authorityHost+"/"+tenantID, daemonID, credential, confidential.WithHTTPClient(d.client()))
		if err != nil {
			t.Fatal(err)
		}
		return client.AcquireTokenByCredential(t.Context(), []string{"https://cognitiveservices.azure.com/.default"})
	}
	result, err := acquire(string(secret))
	if err != nil {
		t.Fatal(err)
	}
	checkAccess(t, d, result.AccessToken, "https://cognitiveservices.azure.com", object)

	_, err = acquire("wrong")
	var call msalerrors.CallErr
	if !errors.As(err, &call) || call.Resp.StatusCode != http.StatusUnauthorized || !strings.Contains(err.Error(), "AADSTS7000215") {
		t.Errorf("a wrong secret: %v; want 401 with AADSTS7000215", err)
	}
}

func TestAzidentityClientSecret(t *testing.T) {
	l, d := realClients(t)
	secret, err := l.srv.Secret(daemonID)
	if err != nil {
		t.Fatal(err)
	}
	object := derivedID("service principal", tenantID, daemonID)
	for name, authority := range map[string]string{
		"Microsoft's host":                          "https://" + authorityHost,
		"localhost, checked by instance discovery":  "https://localhost:8444",
		"another of Microsoft's, without discovery": "https://login.windows.net",
	} {
		credential, err := azidentity.NewClientSecretCredential("contoso.onmicrosoft.com", daemonID, string(secret), &azidentity.ClientSecretCredentialOptions{
			ClientOptions: azcore.ClientOptions{
				Transport: d.client(), Cloud: cloud.Configuration{ActiveDirectoryAuthorityHost: authority},
				Retry: policy.RetryOptions{MaxRetries: -1},
			},
			DisableInstanceDiscovery: strings.HasSuffix(name, "without discovery"),
		})
		if err != nil {
			t.Fatal(err)
		}
		for _, scope := range []string{"https://cognitiveservices.azure.com/.default", "https://vault.azure.net/.default"} {
			token, err := credential.GetToken(t.Context(), policy.TokenRequestOptions{Scopes: []string{scope}})
			if err != nil {
				t.Errorf("%s: %v", name, err)
				continue
			}
			checkAccess(t, d, token.Token, strings.TrimSuffix(scope, "/.default"), object)
		}
	}
	if !slices.Contains(d.paths, "login.microsoft.com/common/discovery/instance") && !slices.Contains(d.paths, authorityHost+"/common/discovery/instance") {
		t.Errorf("requests %v; want an instance discovery", d.paths)
	}
}

// TestAzidentityRetries: two failures on purpose, and the third try succeeds.
func TestAzidentityRetries(t *testing.T) {
	l, d := realClients(t)
	secret, err := l.srv.Secret(daemonID)
	if err != nil {
		t.Fatal(err)
	}
	l.setFaults(Faults{Token: TokenFault{Fault: Fault{Status: 500, Times: 2}}})
	credential, err := azidentity.NewClientSecretCredential(tenantID, daemonID, string(secret), &azidentity.ClientSecretCredentialOptions{
		ClientOptions: azcore.ClientOptions{Transport: d.client(), Retry: policy.RetryOptions{RetryDelay: time.Millisecond}},
	})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := credential.GetToken(t.Context(), policy.TokenRequestOptions{Scopes: []string{"https://vault.azure.net/.default"}}); err != nil || d.asked("/token") != 3 {
		t.Errorf("after %d requests: %v; want success at the third", d.asked("/token"), err)
	}
}

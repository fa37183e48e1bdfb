package emulator

import (
	"encoding/json"
	"net/http"
	"net/url"
	"regexp"
	"strings"
	"testing"

	"github.com/AzureAD/microsoft-authentication-library-for-go/apps/confidential"
	"github.com/AzureAD/microsoft-authentication-library-for-go/apps/public"

	"github.com/apimulator/apimulator/internal/entra"
	"github.com/apimulator/apimulator/internal/trace"
	"github.com/apimulator/apimulator/testdata/seed"
)

// jwtPattern finds a JSON Web Token anywhere.
var jwtPattern = regexp.MustCompile(`eyJ[A-Za-z0-9_-]{10,}\.[A-Za-z0-9_-]+`)

// secretive is the built-in service, one that names its keys otherwise, and one
// that takes its token in the query.
func secretive(t *testing.T, backend string) files {
	t.Helper()
	policy, err := seed.Files.ReadFile("policy.xml")
	if err != nil {
		t.Fatal(err)
	}
	return files{
		"apim.yaml": `
apis:
  - {name: openai, path: "", backend: "https://contoso.openai.azure.com/openai", policy: policy.xml}
  - {name: renamed, path: renamed, backend: "` + backend + `", policy: renamed.xml, subscriptionKey: {header: X-Pass, query: pass}}
  - {name: in-query, path: in-query, backend: "` + backend + `", policy: in-query.xml}
subscriptions:
  - name: generated
  - {name: written, primaryKey: a-key-that-was-written-down, secondaryKey: another-key-that-was-written-down}
`,
		"policy.xml":   string(policy),
		"renamed.xml":  document(identity),
		"in-query.xml": document(strings.ReplaceAll(fakeLogin, `header-name="Authorization"`, `query-parameter-name="t"`)),
	}
}

// TestSecretsStaySecret: after a run through everything that handles secrets none
// of them is in the log, in the records, or in what the parties remember.
func TestSecretsStaySecret(t *testing.T) {
	var identityToken string
	echo := backend(t, func(_ http.ResponseWriter, r *http.Request) {
		if a := r.Header.Get("Authorization"); a != "" {
			identityToken = strings.TrimPrefix(a, "Bearer ")
		}
	})
	l := newLab(t, secretive(t, echo.URL), withState(t.TempDir()))
	secrets := map[string]string{"the bearer": l.bearer, "IDENTITY_HEADER": l.IdentityHeader(), "the client secret": l.clientSecret()}
	for _, s := range l.Service().Subscriptions {
		secrets["the primary key of "+s.View.ID], secrets["the secondary key of "+s.View.ID] = s.View.PrimaryKey, s.View.SecondaryKey
	}
	l.useSecrets(secrets)
	secrets["the managed identity's token"] = identityToken
	records, err := json.Marshal(struct{ Requests, OpenAI any }{l.Recorder().Newest(trace.Kept), l.parties.OpenAI.Requests()})
	if err != nil {
		t.Fatal(err)
	}
	var printed strings.Builder
	for _, r := range l.Recorder().Newest(trace.Kept) {
		printed.WriteString(r.Line() + "\n")
		if err := r.Write(&printed); err != nil {
			t.Fatal(err)
		}
	}
	l.client.CloseIdleConnections()
	for where, text := range map[string]string{"the log": l.log.all(), "the records": string(records), "a printed record": printed.String()} {
		for what, secret := range secrets {
			if secret == "" {
				t.Errorf("%s was not used in this test", what)
			} else if i := strings.Index(text, secret); i >= 0 {
				t.Errorf("%s is in %s, after %s", what, where, text[max(0, i-100):i])
			}
		}
		if found := jwtPattern.FindStringIndex(text); found != nil {
			t.Errorf("a token is in %s, after %s", where, text[max(0, found[0]-100):found[0]])
		}
	}
}

// useSecrets sends each kind of secret to wherever it goes, good ones and bad
// ones, and adds those that it makes.
func (l *lab) useSecrets(secrets map[string]string) {
	t := l.t
	t.Helper()
	app, err := public.New(l.ClientID(), public.WithAuthority(l.Authority()), public.WithInstanceDiscovery(false), public.WithHTTPClient(l.client))
	if err != nil {
		t.Fatal(err)
	}
	open, visited := person{client: l.client}.browser(t.Context())
	signedIn, err := app.AcquireTokenInteractive(t.Context(), []string{l.ClientID() + "/.default"}, public.WithOpenURL(open))
	if err != nil {
		t.Fatal(err)
	}
	if err := await(t, visited, "the browser"); err != nil {
		t.Fatal(err)
	}
	secrets["the user's token"] = signedIn.AccessToken
	l.checkChats(signedIn.AccessToken)

	secrets["a wrong client secret"] = "a-client-secret-that-is-wrong"
	for _, name := range []string{"the client secret", "a wrong client secret"} {
		credential, err := confidential.NewCredFromSecret(secrets[name])
		if err != nil {
			t.Fatal(err)
		}
		app, err := confidential.New(l.Authority(), daemon, credential, confidential.WithInstanceDiscovery(false), confidential.WithHTTPClient(l.client))
		if err != nil {
			t.Fatal(err)
		}
		if _, err := app.AcquireTokenByCredential(t.Context(), []string{l.ClientID() + "/.default"}); (err == nil) != (name == "the client secret") {
			t.Fatalf("%s: %v", name, err)
		}
	}

	secrets["a wrong key"] = "a-key-that-no-subscription-has"
	secrets["a wrong IDENTITY_HEADER"] = "a-header-that-is-wrong"
	expired, err := l.MintToken(entra.MintRequest{User: "alice@contoso.onmicrosoft.com", Audience: l.ClientID(), Fault: "expired"})
	if err != nil {
		t.Fatal(err)
	}
	secrets["an expired token"] = expired
	key, written := l.Key("generated"), l.Key("written")
	for _, ask := range []struct {
		path   string
		lines  []string
		status int
	}{
		{"/renamed/?pass=" + url.QueryEscape(key), nil, http.StatusOK},
		{"/renamed/?pass=" + secrets["a wrong key"], nil, http.StatusUnauthorized},
		{"/renamed/", []string{"X-Pass", written}, http.StatusOK},
		{"/renamed/", []string{"X-Pass", secrets["a wrong key"]}, http.StatusUnauthorized},
		{"/in-query/?subscription-key=" + key + "&t=" + signedIn.AccessToken, nil, http.StatusOK},
		{"/in-query/?subscription-key=" + key + "&t=" + expired, nil, http.StatusUnauthorized},
		{"/nowhere?subscription-key=" + key, []string{"Authorization", "Bearer " + expired}, http.StatusUnauthorized},
	} {
		if got := l.get(ask.path, ask.lines...); got.status != ask.status {
			t.Errorf("%s: got %d %s; want %d", ask.path, got.status, got.body, ask.status)
		}
	}
	for _, header := range []string{l.IdentityHeader(), secrets["a wrong IDENTITY_HEADER"]} {
		do(t, l.client, request(t, http.MethodGet, l.IdentityEndpoint()+"?api-version=2019-08-01&resource=https%3A%2F%2Fvault.azure.net", "", "X-IDENTITY-HEADER", header))
	}
	for _, path := range []string{"/traces/last", "/keysets", "/entra/keys"} {
		do(t, l.client, request(t, http.MethodGet, l.Management()+path, "", "Authorization", "Bearer "+l.bearer))
	}
}

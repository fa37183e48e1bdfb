package gateway_test

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/apimulator/apimulator/internal/credential"
	"github.com/apimulator/apimulator/internal/gateway"
	"github.com/apimulator/apimulator/internal/hosts"
	"github.com/apimulator/apimulator/policy"
	"github.com/apimulator/apimulator/policy/exchange"
)

// metadata is an instance metadata service, emulated or not. Its tokens are as
// long as real ones, and no others have them.
type metadata struct{ emulated bool }

func (m metadata) RoundTrip(r *http.Request) (*http.Response, error) {
	h := http.Header{"Content-Type": {"application/json"}}
	kind := "real"
	if m.emulated {
		h.Set("X-Emulated-By", "a test")
		kind = "emulated"
	}
	token := kind + strings.Repeat("x", 100)
	expires := strconv.FormatInt(noon.Add(24*time.Hour).Unix(), 10)
	text := fmt.Sprintf(`{"access_token": %q, "expires_on": %q, "expires_in": "86400", "resource": %q, "token_type": "Bearer"}`, token, expires, r.URL.Query().Get("resource"))
	return &http.Response{Status: "200 OK", StatusCode: 200, Proto: "HTTP/1.1", ProtoMajor: 1, ProtoMinor: 1, Header: h, Request: r,
		Body: io.NopCloser(strings.NewReader(text)), ContentLength: int64(len(text))}, nil
}

// issue makes a source and has it issue a token.
func issue(t *testing.T, mode credential.Mode, resource string) (*credential.Source, string) {
	t.Helper()
	for _, name := range []string{"IDENTITY_ENDPOINT", "IDENTITY_HEADER", "IDENTITY_SERVER_THUMBPRINT", "MSI_ENDPOINT", "MSI_SECRET", "IMDS_ENDPOINT", "DEFAULT_IDENTITY_CLIENT_ID"} {
		t.Setenv(name, "") // what MSAL looks at
	}
	s, err := credential.New(credential.Config{Mode: mode, Transport: metadata{mode == credential.FromEmulated}, Clock: exchange.NewVirtualClock(noon)})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(s.Close)
	token, err := s.Token(t.Context(), resource, "")
	if err != nil {
		t.Fatal(err)
	}
	return s, token.Value
}

func outgoing(t *testing.T, address string, header ...exchange.Field) *policy.Outgoing {
	t.Helper()
	u, err := exchange.ParseURL(address)
	if err != nil {
		t.Fatal(err)
	}
	return &policy.Outgoing{Method: "GET", URL: u, Header: exchange.NewHeader(header...)}
}

// Where the tokens of the gateway's identity may go.
func TestGuardTokens(t *testing.T) {
	const resource = "https://cognitiveservices.azure.com"
	tests := []struct {
		mode    credential.Mode
		address string
		refused string // part of the message; "" if it is sent
	}{
		{credential.FromEmulated, "https://contoso.openai.azure.com/", ""}, // mapped
		{credential.FromEmulated, "http://localhost:9000/", ""},
		{credential.FromEmulated, "http://127.0.0.1:9000/", ""},
		{credential.FromEmulated, "http://10.1.2.3/", ""},
		{credential.FromEmulated, "https://api.example/", "must not go to api.example, a real host"},
		{credential.FromEmulated, "https://management.azure.com/", "must not go to management.azure.com, a real host"},
		{credential.FromEnvironment, "https://contoso.openai.azure.com/", "must not go to contoso.openai.azure.com, which is a mapped host"},
		{credential.FromEnvironment, "https://westeurope.api.cognitive.microsoft.com/", ""},
		{credential.FromEnvironment, "https://api.example/", "must not go to api.example; it is for"},
		{credential.FromEnvironment, "http://localhost:9000/", "must not go to localhost; it is for"},
	}
	for _, test := range tests {
		source, token := issue(t, test.mode, resource)
		for _, value := range []string{"Bearer " + token, "bearer  " + token + " ", token} {
			b := &backend{}
			guard := gateway.GuardTokens(b, source, hosts.Default())
			_, err := guard.Send(t.Context(), outgoing(t, test.address, exchange.Field{Name: "X-Other", Value: "a"}, exchange.Field{Name: "Authorization", Value: value}))
			shape := strings.Replace(value, token, "TOKEN", 1)
			if test.refused == "" {
				if err != nil || b.last() == nil {
					t.Errorf("%s token as %q to %s: %v; want it sent", test.mode, shape, test.address, err)
				}
				continue
			}
			var send *policy.SendError
			if !errors.As(err, &send) || send.Reason != exchange.ReasonBackendConnection || !strings.Contains(send.Message, test.refused) {
				t.Errorf("%s token as %q to %s: %v; want a SendError with %q", test.mode, shape, test.address, err, test.refused)
			}
			if b.last() != nil {
				t.Errorf("%s token as %q to %s was sent", test.mode, shape, test.address)
			}
			if err != nil && strings.Contains(err.Error(), token) {
				t.Errorf("the error shows the token")
			}
		}
	}
}

// The token is guarded in whatever header a policy puts it, and nothing else is.
func TestGuardTokensLooksAtHeaders(t *testing.T) {
	source, token := issue(t, credential.FromEmulated, "https://cognitiveservices.azure.com")
	foreign := strings.Repeat("y", len(token))
	for _, test := range []struct {
		field exchange.Field
		sent  bool
	}{
		{exchange.Field{Name: "Authorization", Value: "Bearer " + token}, false},
		{exchange.Field{Name: "X-Token", Value: token}, false},
		{exchange.Field{Name: "api-key", Value: "Bearer " + token}, false},
		{exchange.Field{Name: "Authorization", Value: "Bearer " + foreign}, true},
		{exchange.Field{Name: "Authorization", Value: "Basic " + foreign}, true},
		{exchange.Field{Name: "Authorization", Value: "Bearer"}, true},
		{exchange.Field{Name: "Authorization", Value: ""}, true},
	} {
		b := &backend{}
		_, err := gateway.GuardTokens(b, source, hosts.Default()).Send(t.Context(), outgoing(t, "https://api.example/", test.field))
		if (err == nil) != test.sent {
			t.Errorf("%s: %.20s...: %v; want sent %t", test.field.Name, test.field.Value, err, test.sent)
		}
	}
}

// A redirect leaves Authorization behind where it changes the host, but no other
// header: with a token in one, redirects go to the client.
func TestGuardHoldsRedirects(t *testing.T) {
	source, token := issue(t, credential.FromEmulated, "https://cognitiveservices.azure.com")
	for _, test := range []struct {
		header string
		follow bool
	}{{"Authorization", true}, {"X-Token", false}} {
		b := &backend{}
		request := outgoing(t, "https://contoso.openai.azure.com/", exchange.Field{Name: test.header, Value: token})
		request.FollowRedirects = true
		if _, err := gateway.GuardTokens(b, source, hosts.Default()).Send(t.Context(), request); err != nil {
			t.Fatal(err)
		}
		if got := b.last().FollowRedirects; got != test.follow {
			t.Errorf("a token in %s: redirects are followed: %t, want %t", test.header, got, test.follow)
		}
	}
}

// A refused token is a backend that can't be reached: the caller gets the general
// 500, and the record why.
func TestGuardedTokenInAFlow(t *testing.T) {
	source, _ := issue(t, credential.FromEmulated, "https://api.example")
	l := newLab(t, `apis: [{name: a, backend: "https://api.example", subscriptionRequired: false, policy: policy.xml}]`, map[string]string{"policy.xml": `<policies>
    <inbound><base /><authentication-managed-identity resource="https://api.example" /></inbound>
    <backend><base /></backend>
</policies>`})
	env := &policy.Env{Sender: gateway.GuardTokens(l.backend, source, hosts.Default()), Identity: source}
	l.gateway = gateway.New(env, l.recorder, l.gateway.Service())
	x, record := l.do("GET /")
	if text := body(t, x.Response); x.Response.Status != 500 || text != `{ "statusCode": 500, "message": "Internal server error", "activityId": "`+requestID+`" }` {
		t.Errorf("%d %s; want the general 500", x.Response.Status, text)
	}
	if l.backend.last() != nil {
		t.Error("the backend was called")
	}
	d := record.Deciding()
	if d == nil || d.Name != "forward-request" || d.Reason != exchange.ReasonBackendConnection || !strings.Contains(d.Message, "must not go to api.example, a real host") {
		t.Errorf("the record says that %+v decided; want forward-request and why", d)
	}
}

// A context that has ended is not the guard's business.
func TestGuardPassesErrorsOn(t *testing.T) {
	source, _ := issue(t, credential.FromEmulated, "https://cognitiveservices.azure.com")
	broken := errors.New("broken")
	_, err := gateway.GuardTokens(failing{broken}, source, hosts.Default()).Send(t.Context(), outgoing(t, "http://localhost/"))
	if err != broken {
		t.Errorf("Send: %v; want the next sender's error as it is", err)
	}
}

type failing struct{ err error }

func (f failing) Send(context.Context, *policy.Outgoing) (*exchange.Response, error) {
	return nil, f.err
}

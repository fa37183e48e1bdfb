package statements

import (
	"context"
	"testing"
	"time"

	"github.com/apimulator/apimulator/policy"
	"github.com/apimulator/apimulator/policy/exchange"
)

// benchPolicy is the demo's: a token checked, a managed identity's put in its place.
const benchPolicy = `<policies>
    <inbound>
        <base />
        <validate-jwt header-name="Authorization" failed-validation-httpcode="401">
            <openid-config url="https://idp.example/.well-known/openid-configuration" />
            <audiences><audience>api</audience></audiences>
            <issuers><issuer>https://idp.example/</issuer></issuers>
            <required-claims><claim name="roles"><value>Caller</value></claim></required-claims>
        </validate-jwt>
        <authentication-managed-identity resource="https://cognitiveservices.azure.com" />
    </inbound>
    <backend><base /></backend>
    <outbound><base /></outbound>
    <on-error><base /></on-error>
</policies>`

// instant answers at once, with nothing of its own to allocate but the response.
type instant struct{ token policy.Token }

func (instant) Send(context.Context, *policy.Outgoing) (*exchange.Response, error) {
	return &exchange.Response{Status: 200, Reason: "OK"}, nil
}

func (i instant) Token(context.Context, string, string) (policy.Token, error) { return i.token, nil }

func BenchmarkExecute(b *testing.B) {
	catalogue := Catalogue()
	program := policy.Link(
		compile(b, []byte(benchPolicy), exchange.ScopeAPI, policy.Bindings{}, catalogue),
		compile(b, []byte(defaultGlobal), exchange.ScopeGlobal, policy.Bindings{}, catalogue))
	clock := exchange.NewVirtualClock(epoch)
	validator := newValidator(clock)
	b.Cleanup(validator.Close)
	backend := instant{policy.Token{Value: "t", Authorization: "Bearer t", ExpiresOn: epoch.Add(time.Hour)}}
	env := &policy.Env{Sender: backend, Identity: backend, Tokens: validator, BodyLimit: 1 << 20}
	authorization := "Bearer " + signToken(b, `{"claims": {"roles": ["Caller"]}}`)
	header := exchange.NewHeader(
		exchange.Field{Name: "Host", Value: "gateway.example"}, exchange.Field{Name: "Accept", Value: "*/*"},
		exchange.Field{Name: "Authorization", Value: authorization}, exchange.Field{Name: "User-Agent", Value: "bench"})
	url := exchange.URL{Scheme: "https", Host: "backend.example", Port: 443, Path: "/openai/deployments/gpt/chat/completions", RawQuery: "api-version=2024-10-21"}
	x := &exchange.Exchange{Context: context.Background(), Clock: clock}
	b.ReportAllocs()
	for b.Loop() {
		header.Set("Authorization", authorization)
		x.Request = exchange.Request{Method: "POST", URL: url, OriginalURL: url, Header: header, ClientIP: "203.0.113.7"}
		x.Response, x.LastError = nil, nil
		if program.Execute(x, env); x.LastError != nil || x.Response.Status != 200 {
			b.Fatalf("%+v", x.LastError)
		}
	}
}

func BenchmarkCompile(b *testing.B) {
	documents := corpus(b)
	catalogue := Catalogue()
	b.ReportAllocs()
	for b.Loop() {
		for _, d := range documents {
			_, _ = policy.Compile(d, exchange.ScopeAPI, policy.Bindings{}, catalogue) // errors too are made here
		}
	}
	b.ReportMetric(float64(b.Elapsed().Microseconds())/float64(b.N*len(documents)), "µs/document")
}

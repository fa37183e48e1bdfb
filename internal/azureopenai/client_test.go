package azureopenai

import (
	"context"
	"errors"
	"net/http"
	"net/http/httptest"
	"testing"
	"time"

	"github.com/Azure/azure-sdk-for-go/sdk/azcore"
	"github.com/Azure/azure-sdk-for-go/sdk/azcore/policy"
	"github.com/openai/openai-go/v3"
	"github.com/openai/openai-go/v3/azure"
	"github.com/openai/openai-go/v3/option"
)

// staticToken is a credential that has one token.
type staticToken string

func (s staticToken) GetToken(context.Context, policy.TokenRequestOptions) (azcore.AccessToken, error) {
	return azcore.AccessToken{Token: string(s), ExpiresOn: time.Date(2999, 1, 1, 0, 0, 0, 0, time.UTC)}, nil
}

// newClient gives openai-go's client of a server behind TLS, which that client
// insists on.
func newClient(t *testing.T, s *Server, http2 bool, credential option.RequestOption) openai.Client {
	t.Helper()
	listener := httptest.NewUnstartedServer(s)
	listener.EnableHTTP2 = http2
	listener.StartTLS()
	t.Cleanup(listener.Close)
	return openai.NewClient(
		azure.WithEndpoint(listener.URL, "2024-10-21"), credential,
		option.WithHTTPClient(listener.Client()), option.WithMaxRetries(0),
	)
}

var helloParams = openai.ChatCompletionNewParams{
	Model:    "gpt-4o",
	Messages: []openai.ChatCompletionMessageParamUnion{openai.SystemMessage("Be brief."), openai.UserMessage("Hello, world!")},
}

func TestOpenAIClient(t *testing.T) {
	s, _ := newTestServer(t, testConfig())
	for name, client := range map[string]openai.Client{
		"key":           newClient(t, s, false, azure.WithAPIKey(testKey)),
		"token":         newClient(t, s, false, azure.WithTokenCredential(staticToken("good"))),
		"token, HTTP/2": newClient(t, s, true, azure.WithTokenCredential(staticToken("good"))),
	} {
		t.Run(name, func(t *testing.T) {
			answer, err := client.Chat.Completions.New(t.Context(), helloParams)
			if err != nil {
				t.Fatal(err)
			}
			if got := answer.Choices[0]; got.Message.Content != "You said: Hello, world!" || got.FinishReason != "stop" ||
				answer.Model != "gpt-4o-2024-08-06" || answer.Usage.PromptTokens != 18 || answer.Usage.CompletionTokens != 7 {
				t.Errorf("got %s", answer.RawJSON())
			}
		})
		t.Run(name+", streamed", func(t *testing.T) {
			params := helloParams
			params.StreamOptions.IncludeUsage = openai.Bool(true)
			stream := client.Chat.Completions.NewStreaming(t.Context(), params)
			defer stream.Close()
			var whole openai.ChatCompletionAccumulator
			for stream.Next() {
				if chunk := stream.Current(); !whole.AddChunk(chunk) {
					t.Errorf("a chunk does not fit: %s", chunk.RawJSON())
				}
			}
			if err := stream.Err(); err != nil {
				t.Fatal(err)
			}
			if got := whole.Choices[0]; got.Message.Content != "You said: Hello, world!" || got.FinishReason != "stop" || whole.Usage.TotalTokens != 25 {
				t.Errorf("got %+v", whole.ChatCompletion)
			}
		})
	}
}

func TestOpenAIClientReadsErrors(t *testing.T) {
	s, _ := newTestServer(t, testConfig())
	good := newClient(t, s, false, azure.WithAPIKey(testKey))
	params := func(change func(*openai.ChatCompletionNewParams)) openai.ChatCompletionNewParams {
		p := helloParams
		change(&p)
		return p
	}
	for _, c := range []struct {
		name        string
		client      openai.Client
		params      openai.ChatCompletionNewParams
		fault       Fault
		status      int
		code, param string
	}{
		{name: "wrong key", client: newClient(t, s, false, azure.WithAPIKey("wrong")), params: helloParams, status: 401, code: "401"},
		{name: "wrong token", client: newClient(t, s, false, azure.WithTokenCredential(staticToken("wrong"))), params: helloParams, status: 401},
		{name: "no role", client: newClient(t, s, false, azure.WithTokenCredential(staticToken("roleless"))), params: helloParams, status: 401, code: "PermissionDenied"},
		{name: "no deployment", client: good, status: 404, code: "DeploymentNotFound",
			params: params(func(p *openai.ChatCompletionNewParams) { p.Model = "nothing" })},
		{name: "temperature", client: good, status: 400, code: "decimal_above_max_value", param: "temperature",
			params: params(func(p *openai.ChatCompletionNewParams) { p.Temperature = openai.Float(3) })},
		{name: "overload", client: good, params: helloParams, fault: Fault{Status: 429, RetryAfter: time.Second, Times: 1}, status: 429, code: "429"},
	} {
		if c.fault.Status != 0 {
			if err := s.Inject(c.fault); err != nil {
				t.Fatal(err)
			}
		}
		_, err := c.client.Chat.Completions.New(t.Context(), c.params)
		var got *openai.Error
		if !errors.As(err, &got) {
			t.Errorf("%s: got %v, want an *openai.Error", c.name, err)
			continue
		}
		if got.StatusCode != c.status || got.Code != c.code || got.Param != c.param {
			t.Errorf("%s: got %d, code %q, param %q; want %d, %q, %q", c.name, got.StatusCode, got.Code, got.Param, c.status, c.code, c.param)
		}
		if got.Response.Header.Get("Content-Type") != "application/json" {
			t.Errorf("%s: got header %v", c.name, got.Response.Header)
		}
	}
}

// A client that retries gets through as soon as the server lets it.
func TestOpenAIClientRetries(t *testing.T) {
	s, _ := newTestServer(t, testConfig())
	if err := s.Inject(Fault{Status: 503, RetryAfter: time.Millisecond, Times: 2}); err != nil {
		t.Fatal(err)
	}
	client := newClient(t, s, false, azure.WithAPIKey(testKey))
	if _, err := client.Chat.Completions.New(t.Context(), helloParams, option.WithMaxRetries(2)); err != nil {
		t.Fatal(err)
	}
	var got []int
	var attempts []string
	for _, r := range s.Requests() {
		got = append(got, r.Status)
		attempts = append(attempts, r.Header.Get("X-Stainless-Retry-Count"))
	}
	if len(got) != 3 || got[0] != http.StatusServiceUnavailable || got[2] != http.StatusOK || attempts[2] != "2" {
		t.Errorf("got statuses %v in attempts %v, want 503, 503, 200", got, attempts)
	}
}

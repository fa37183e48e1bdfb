package emulator

import (
	"net/http"
	"strings"
	"testing"

	"github.com/openai/openai-go/v3"
	"github.com/openai/openai-go/v3/azure"
	"github.com/openai/openai-go/v3/option"

	"github.com/apimulator/apimulator/internal/entra"
	"github.com/apimulator/apimulator/internal/managedidentity"
)

// openai-go through the gateway, up to the emulated model: vectors, and a tool that has to
// be called.
func TestOpenAIClientEmbedsAndCallsTools(t *testing.T) {
	l := newLab(t, openAI())
	client := openai.NewClient(azure.WithEndpoint(l.Gateway()+"/keys", "2024-10-21"), azure.WithAPIKey(l.Key("all")), option.WithHTTPClient(l.client), option.WithMaxRetries(0))
	vectors, err := client.Embeddings.New(t.Context(), openai.EmbeddingNewParams{
		Model: "text-embedding-3-small", Input: openai.EmbeddingNewParamsInputUnion{OfString: openai.String(prompt)},
	})
	if err != nil || len(vectors.Data) != 1 || len(vectors.Data[0].Embedding) != 1536 || vectors.Usage.TotalTokens < 1 {
		t.Errorf("got %+v, %v; want one vector", vectors, err)
	}
	params := openai.ChatCompletionNewParams{
		Model: "gpt-4o", Messages: []openai.ChatCompletionMessageParamUnion{openai.UserMessage(prompt)},
		Tools:      []openai.ChatCompletionToolUnionParam{openai.ChatCompletionFunctionTool(openai.FunctionDefinitionParam{Name: "find"})},
		ToolChoice: openai.ChatCompletionToolChoiceOptionUnionParam{OfAuto: openai.String("required")},
	}
	answer, err := client.Chat.Completions.New(t.Context(), params)
	if err != nil || answer.Choices[0].FinishReason != "tool_calls" || answer.Choices[0].Message.ToolCalls[0].Function.Name != "find" {
		t.Errorf("got %+v, %v; want a call of find", answer, err)
	}
	stream := client.Chat.Completions.NewStreaming(t.Context(), params)
	defer stream.Close()
	var whole openai.ChatCompletionAccumulator
	for stream.Next() {
		whole.AddChunk(stream.Current())
	}
	if err := stream.Err(); err != nil || len(whole.Choices) != 1 || len(whole.Choices[0].Message.ToolCalls) != 1 {
		t.Errorf("streamed: got %+v, %v; want a call of find", whole.Choices, err)
	}
}

// Content safety answers by its own host and on localhost; the owner's faults reach it.
func TestContentSafetyAndFaults(t *testing.T) {
	l := newLab(t, openAI())
	token, err := l.MintToken(identityOfGateway)
	if err != nil {
		t.Fatal(err)
	}
	for _, base := range []string{l.Parties(), "https://contoso.cognitiveservices.azure.com"} {
		got := do(t, l.client, request(t, http.MethodPost, base+"/contentsafety/text:analyze?api-version=2024-09-01", `{"text":"Hello"}`,
			"Content-Type", "application/json", "Authorization", "Bearer "+token))
		if got.status != http.StatusOK || !strings.Contains(got.body, `"categoriesAnalysis"`) {
			t.Errorf("%s: got %d %s", base, got.status, got.body)
		}
	}
	got := do(t, http.DefaultClient, request(t, http.MethodPost, l.Management()+"/openai/faults", `{"status":503,"times":1}`, "Authorization", "Bearer "+l.bearer, "Content-Type", "application/json"))
	if got.status != http.StatusOK || got.body != `[{"status":503,"times":1}]` {
		t.Fatalf("setting a fault: got %d %s", got.status, got.body)
	}
	for _, want := range []int{http.StatusServiceUnavailable, http.StatusOK} {
		got := do(t, l.client, request(t, http.MethodPost, l.Parties()+"/contentsafety/text:shieldPrompt?api-version=2024-09-01", `{"userPrompt":"Hello"}`,
			"Content-Type", "application/json", "Authorization", "Bearer "+token))
		if got.status != want {
			t.Errorf("got %d %s, want %d", got.status, got.body, want)
		}
	}
}

// identityOfGateway is a token of the gateway's managed identity.
var identityOfGateway = entra.MintRequest{ManagedIdentity: &entra.ManagedIdentityToken{
	Resource: "https://cognitiveservices.azure.com", ClientID: "55555555-5555-4555-8555-555555555555", PrincipalID: managedidentity.DefaultConfig().SystemAssigned.PrincipalID,
}}

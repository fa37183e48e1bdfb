package azureopenai

import (
	"encoding/json"
	"math"
	"testing"

	"github.com/openai/openai-go/v3"
	"github.com/openai/openai-go/v3/azure"
	"github.com/openai/openai-go/v3/shared"
)

func toolsConfig() Config {
	c := testConfig()
	c.Answers = []Answer{{Match: Match{Contains: "Rome"}, Reply: "Let me see.", ToolCalls: []ToolCall{
		{Name: "get_weather", Arguments: map[string]any{"city": "Rome"}}, {Name: "get_time"},
	}}}
	return c
}

func functionTool(name string, parameters shared.FunctionParameters) openai.ChatCompletionToolUnionParam {
	return openai.ChatCompletionFunctionTool(shared.FunctionDefinitionParam{Name: name, Description: openai.String("Tells " + name + "."), Parameters: parameters})
}

func toolsParams() openai.ChatCompletionNewParams {
	return openai.ChatCompletionNewParams{
		Model:    "gpt-4o",
		Messages: []openai.ChatCompletionMessageParamUnion{openai.UserMessage("Weather and time of Rome?")},
		Tools: []openai.ChatCompletionToolUnionParam{
			functionTool("get_weather", shared.FunctionParameters{"type": "object", "properties": map[string]any{"city": map[string]string{"type": "string"}}}),
			functionTool("get_time", shared.FunctionParameters{"type": "object", "properties": map[string]any{"zone": map[string]any{"enum": []string{"CET", "UTC"}}}, "required": []string{"zone"}}),
		},
	}
}

// A conversation with tools, as a program leads it: the calls, their results, an answer.
func TestOpenAIClientCallsTools(t *testing.T) {
	s, _ := newTestServer(t, toolsConfig())
	client := newClient(t, s, true, azure.WithAPIKey(testKey))
	params := toolsParams()
	answer, err := client.Chat.Completions.New(t.Context(), params)
	if err != nil {
		t.Fatal(err)
	}
	m := answer.Choices[0].Message
	if answer.Choices[0].FinishReason != "tool_calls" || m.Content != "Let me see." || len(m.ToolCalls) != 2 || m.ToolCalls[0].ID == m.ToolCalls[1].ID ||
		m.ToolCalls[0].Function.Arguments != `{"city":"Rome"}` || m.ToolCalls[1].Function.Name != "get_time" || m.ToolCalls[1].Function.Arguments != `{"zone":"CET"}` {
		t.Fatalf("got %s", answer.RawJSON())
	}
	params.Messages = append(params.Messages, m.ToParam(), openai.ToolMessage("It rains.", m.ToolCalls[0].ID), openai.ToolMessage("Noon.", m.ToolCalls[1].ID))
	if answer, err = client.Chat.Completions.New(t.Context(), params); err != nil {
		t.Fatal(err)
	}
	if got := answer.Choices[0]; got.FinishReason != "stop" || got.Message.Content != "The tools said: It rains.\nNoon." {
		t.Errorf("got %s", answer.RawJSON())
	}
}

func TestOpenAIClientStreamsTools(t *testing.T) {
	s, _ := newTestServer(t, toolsConfig())
	client := newClient(t, s, false, azure.WithAPIKey(testKey))
	params := toolsParams()
	params.StreamOptions.IncludeUsage = openai.Bool(true)
	whole, err := client.Chat.Completions.New(t.Context(), toolsParams())
	if err != nil {
		t.Fatal(err)
	}
	stream := client.Chat.Completions.NewStreaming(t.Context(), params)
	defer stream.Close()
	var sum openai.ChatCompletionAccumulator
	finished := 0
	for stream.Next() {
		if chunk := stream.Current(); !sum.AddChunk(chunk) {
			t.Errorf("a chunk does not fit: %s", chunk.RawJSON())
		}
		if _, ok := sum.JustFinishedToolCall(); ok {
			finished++
		}
	}
	if err := stream.Err(); err != nil {
		t.Fatal(err)
	}
	got := sum.Choices[0]
	if got.FinishReason != "tool_calls" || got.Message.Content != "Let me see." || len(got.Message.ToolCalls) != 2 || finished != 2 {
		t.Fatalf("got %+v, %d calls finished", got, finished)
	}
	for i, call := range got.Message.ToolCalls {
		want := whole.Choices[0].Message.ToolCalls[i].Function
		if call.Function.Name != want.Name || call.Function.Arguments != want.Arguments || call.ID == "" {
			t.Errorf("call %d: got %+v, want %+v", i, call, want)
		}
	}
	if sum.Usage.TotalTokens != whole.Usage.TotalTokens || sum.Usage.CompletionTokens == 0 {
		t.Errorf("got usage %+v, want %+v", sum.Usage, whole.Usage)
	}
}

func TestOpenAIClientForcesATool(t *testing.T) {
	s, _ := newTestServer(t, testConfig())
	client := newClient(t, s, false, azure.WithAPIKey(testKey))
	params := toolsParams()
	params.ToolChoice = openai.ToolChoiceOptionFunctionToolChoice(openai.ChatCompletionNamedToolChoiceFunctionParam{Name: "get_time"})
	answer, err := client.Chat.Completions.New(t.Context(), params)
	if err != nil {
		t.Fatal(err)
	}
	if calls := answer.Choices[0].Message.ToolCalls; len(calls) != 1 || calls[0].Function.Name != "get_time" || calls[0].Function.Arguments != `{"zone":"CET"}` {
		t.Errorf("got %s", answer.RawJSON())
	}
}

func TestOpenAIClientAsksForAFormat(t *testing.T) {
	s, _ := newTestServer(t, testConfig())
	client := newClient(t, s, false, azure.WithAPIKey(testKey))
	params := helloParams
	params.ResponseFormat.OfJSONSchema = &shared.ResponseFormatJSONSchemaParam{JSONSchema: shared.ResponseFormatJSONSchemaJSONSchemaParam{
		Name: "greeting", Strict: openai.Bool(true),
		Schema: map[string]any{
			"type": "object", "additionalProperties": false, "required": []string{"text", "length"},
			"properties": map[string]any{"text": map[string]any{"type": "string"}, "length": map[string]any{"type": "integer", "minimum": 1}},
		},
	}}
	answer, err := client.Chat.Completions.New(t.Context(), params)
	if err != nil {
		t.Fatal(err)
	}
	var got struct {
		Text   string
		Length int
	}
	if err := json.Unmarshal([]byte(answer.Choices[0].Message.Content), &got); err != nil || got.Text != "You said: Hello, world!" || got.Length != 1 {
		t.Errorf("got %q, %v", answer.Choices[0].Message.Content, err)
	}
}

func TestOpenAIClientEmbeds(t *testing.T) {
	s, _ := newTestServer(t, testConfig())
	client := newClient(t, s, true, azure.WithTokenCredential(staticToken("good")))
	embed := func(format openai.EmbeddingNewParamsEncodingFormat) *openai.CreateEmbeddingResponse {
		t.Helper()
		answer, err := client.Embeddings.New(t.Context(), openai.EmbeddingNewParams{
			Model: "text-embedding-3-small", EncodingFormat: format, Dimensions: openai.Int(256),
			Input: openai.EmbeddingNewParamsInputUnion{OfArrayOfStrings: []string{"Hello, world!", "hello world", "Good night."}},
		})
		if err != nil {
			t.Fatal(err)
		}
		return answer
	}
	floats, bytes := embed("float"), embed("base64")
	if len(floats.Data) != 3 || len(floats.Data[0].Embedding) != 256 || floats.Usage.PromptTokens != 9 || floats.Model != "text-embedding-3-small" {
		t.Fatalf("got %d vectors, usage %+v", len(floats.Data), floats.Usage)
	}
	for i := range floats.Data {
		for j, x := range floats.Data[i].Embedding {
			if y := bytes.Data[i].Embedding[j]; math.Abs(x-y) > 1e-7 {
				t.Fatalf("vector %d, number %d: %v as a number, %v in base64", i, j, x, y)
			}
		}
	}
}

func TestOpenAIClientListsModels(t *testing.T) {
	s, _ := newTestServer(t, testConfig())
	client := newClient(t, s, false, azure.WithAPIKey(testKey))
	page, err := client.Models.List(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	found := false
	for _, m := range page.Data {
		found = found || m.ID == "gpt-4o-2024-08-06"
	}
	if !found || len(page.Data) < 5 {
		t.Errorf("got %d models: %s", len(page.Data), page.RawJSON())
	}
}

// A stream that is cut is an error to the client, after what came.
func TestOpenAIClientSeesAStreamCut(t *testing.T) {
	for _, http2 := range []bool{false, true} {
		s, _ := newTestServer(t, testConfig())
		after := 2
		if err := s.Inject(Fault{CutAfter: &after}); err != nil {
			t.Fatal(err)
		}
		client := newClient(t, s, http2, azure.WithAPIKey(testKey))
		stream := client.Chat.Completions.NewStreaming(t.Context(), helloParams)
		text := ""
		for stream.Next() {
			for _, choice := range stream.Current().Choices {
				text += choice.Delta.Content
			}
		}
		if stream.Err() == nil || text != "You said" {
			t.Errorf("HTTP/2 %t: got %q, %v; want \"You said\" and an error", http2, text, stream.Err())
		}
		stream.Close()
	}
}

package azureopenai

import "strings"

// model is what decides how a model's deployment takes a request.
type model struct {
	// prefix is how the model's version names begin.
	prefix string
	// context is how many tokens prompt and completion may have together.
	context int
	// output is how many tokens a completion may have.
	output int
	// reasoning models take max_completion_tokens and refuse max_tokens.
	reasoning bool
	// chat tells that the model offers chat completions.
	chat bool
	// structured models take a response format with a schema.
	structured bool
	// dimensions is how long the model's vectors are; 0 is one without embeddings.
	dimensions int
	// shortens models take another, smaller number of dimensions.
	shortens bool
}

// models come with the longer of two prefixes first. Figures are those of
// Azure's page of models.
var models = []model{
	{prefix: "gpt-5-chat", context: 128_000, output: 16_384, chat: true, structured: true},
	{prefix: "gpt-5", context: 400_000, output: 128_000, reasoning: true, chat: true, structured: true},
	{prefix: "gpt-4.1", context: 1_047_576, output: 32_768, chat: true, structured: true},
	{prefix: "gpt-4.5", context: 128_000, output: 16_384, chat: true, structured: true},
	{prefix: "gpt-4o-2024-05-13", context: 128_000, output: 4_096, chat: true},
	{prefix: "gpt-4o", context: 128_000, output: 16_384, chat: true, structured: true},
	{prefix: "gpt-4-turbo", context: 128_000, output: 4_096, chat: true},
	{prefix: "gpt-4-1106", context: 128_000, output: 4_096, chat: true},
	{prefix: "gpt-4-0125", context: 128_000, output: 4_096, chat: true},
	{prefix: "gpt-4-32k", context: 32_768, output: 32_768, chat: true},
	{prefix: "gpt-4", context: 8_192, output: 8_192, chat: true},
	{prefix: "gpt-35-turbo-0301", context: 4_096, output: 4_096, chat: true},
	{prefix: "gpt-35-turbo-0613", context: 4_096, output: 4_096, chat: true},
	{prefix: "gpt-35-turbo", context: 16_385, output: 4_096, chat: true},
	{prefix: "gpt-3.5-turbo", context: 16_385, output: 4_096, chat: true},
	{prefix: "o1-mini", context: 128_000, output: 65_536, reasoning: true, chat: true},
	{prefix: "o1-preview", context: 128_000, output: 32_768, reasoning: true, chat: true},
	{prefix: "o1", context: 200_000, output: 100_000, reasoning: true, chat: true, structured: true},
	{prefix: "o3", context: 200_000, output: 100_000, reasoning: true, chat: true, structured: true},
	{prefix: "o4-mini", context: 200_000, output: 100_000, reasoning: true, chat: true, structured: true},
	{prefix: "text-embedding-3-large", context: 8_192, dimensions: 3072, shortens: true},
	{prefix: "text-embedding-3-small", context: 8_192, dimensions: 1536, shortens: true},
	{prefix: "text-embedding-", context: 8_192, dimensions: 1536},
	{prefix: "dall-e-"},
	{prefix: "gpt-image-"},
	{prefix: "whisper"},
	{prefix: "tts"},
}

// findModel finds a model by its version name. One that is not in the list is
// taken for a chat model of gpt-4o's size.
func findModel(name string) model {
	for _, m := range models {
		if strings.HasPrefix(name, m.prefix) {
			return m
		}
	}
	return model{context: 128_000, output: 16_384, chat: true, structured: true}
}

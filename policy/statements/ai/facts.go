package ai

import (
	"slices"

	"github.com/apimulator/apimulator/policy"
)

var azureTokenLimitFacts = slices.Concat([]policy.Fact{
	{Is: policy.Documented, Rows: "b2", Text: "One counter for each value of counter-key, in whatever scope; a request charges it once."},
	{Is: policy.Documented, Rows: "b3", Text: "Without estimate-prompt-tokens the answer's usage counts: a prompt that is too large is served, and the next ones are refused."},
	{Is: policy.Documented, Rows: "b4", Text: "A stream is estimated, prompt and completion, whatever the attribute and the stream's own usage say."},
	{Is: policy.Observed, Rows: "f1 u1", Text: "Rate used up: 429, reason `OpenAITokenLimitExceeded`, `Token limit is exceeded. Try again in 41 seconds.`, Retry-After."},
	{Is: policy.Chosen, Rows: "b1", Text: "Its quota runs as llm-token-limit's does.", Why: "the edition that was read has none, deployed documents do"},
	{Is: policy.Chosen, Rows: "u2", Text: "Estimates are exact counts by the model's tokenizer; tools count by their text.", Why: "how Azure counts is not published"},
}, tokenLimitFacts)

var llmTokenLimitFacts = slices.Concat([]policy.Fact{
	{Is: policy.Documented, Rows: "b1 f1", Text: "Rate used up: 429."},
	{Is: policy.Documented, Rows: "b1 f2", Text: "Quota used up: 403."},
	{Is: policy.Documented, Rows: "b2", Text: "A period of the quota begins where UTC is cut down to its unit."},
	{Is: policy.Documented, Rows: "b3", Text: "Tokens of prompt and completion count, no others."},
	{Is: policy.Documented, Rows: "b4", Text: "Without estimate-prompt-tokens the answer's usage counts: a prompt that is too large is served, and the next ones are refused."},
	{Is: policy.Documented, Rows: "b5", Text: "A stream is estimated, prompt and completion, whatever the attribute and the stream's own usage say."},
	{Is: policy.Documented, Rows: "b6", Text: "An image counts as 1,200 tokens where it is estimated."},
	{Is: policy.Documented, Rows: "b7", Text: "Requests at the same time can pass the limit together."},
	{Is: policy.Documented, Rows: "b8", Text: "One counter for each value of counter-key, in whatever scope."},
	{Is: policy.Observed, Rows: "f1 u1", Text: "Reason `OpenAITokenLimitExceeded`, `Token limit is exceeded. Try again in 41 seconds.`, Retry-After."},
	{Is: policy.Observed, Rows: "f2 u1", Text: "Reason `OpenAITokenQuotaExceeded`, `Token quota is exceeded. Try again in 21 minutes and 33 seconds.`, Retry-After."},
	{Is: policy.Chosen, Rows: "u2", Text: "A week begins on Monday.", Why: "ISO 8601"},
	{Is: policy.Difference, Rows: "b8", Text: "The token bucket of the v2 tiers is not emulated.", Why: "no page gives its size"},
}, tokenLimitFacts)

var tokenLimitFacts = []policy.Fact{
	{Is: policy.Observed, Text: "The debt of an answer that is too large is carried into the next minutes."},
	{Is: policy.Observed, Text: "A quota refuses when it is passed, a rate when it is met."},
	{Is: policy.Observed, Text: "An estimate that can never fit is refused without a time to wait."},
	{Is: policy.Chosen, Text: "Minutes follow each other from the first use, and each forgets as much as the limit.", Why: "so the recorded debt comes out"},
	{Is: policy.Chosen, Text: "Without an estimate an answer that tells no usage costs nothing; an error gives the estimate back.", Why: "only what the model tells counts"},
	{Is: policy.Chosen, Text: "Headers of a stream tell its prompt's estimate; the one for what was consumed is sent once a backend has answered.", Why: "they go before the stream"},
	{Is: policy.Chosen, Text: "Variables hold ints, and a long for what is left of the quota.", Why: "as the attributes' numbers"},
	{Is: policy.Chosen, Text: "azure-openai-token-limit and llm-token-limit count apart, as quotas of different periods do.", Why: "they are other counters"},
}

var tokenMetricFacts = []policy.Fact{
	{Is: policy.Documented, Rows: "b1", Text: "Emits Total Tokens, Prompt Tokens and Completion Tokens."},
	{Is: policy.Documented, Rows: "b2", Text: "The answer's usage counts; a stream is estimated."},
	{Is: policy.Documented, Rows: "b3", Text: "Several may stand in a document."},
	{Is: policy.Documented, Rows: "b4", Text: "It stands in inbound and works on the response."},
	{Is: policy.Documented, Rows: "f1", Text: "A dimension without a value that the gateway does not know is refused at load."},
	{Is: policy.Chosen, Rows: "b5", Text: "More than 5 dimensions of your own are warned of, more than 10 refused.", Why: "the newest page has 5, those of 2024 had 10"},
	{Is: policy.Chosen, Text: "Emitted when the request is over; nothing where nothing was spent.", Why: "a stream's tokens are known then"},
	{Is: policy.Chosen, Text: "Dimensions are evaluated when the sections have ended; one that fails emits nothing, with a note.", Why: "they may look at the response"},
	{Is: policy.Difference, Text: "There is no Application Insights: metrics are in traces, in tests, at /metrics and with an OpenTelemetry collector.", Why: "it is another product"},
}

var llmTokenMetricFacts = []policy.Fact{
	{Is: policy.Difference, Rows: "b6", Text: "Cached, reasoning and other kinds of tokens are not emitted.", Why: "a preview whose metrics' names no page tells"},
}

var semanticLookupFacts = []policy.Fact{
	{Is: policy.Documented, Rows: "b1", Text: "A prompt whose embedding is near to a kept one is answered with what was kept."},
	{Is: policy.Documented, Rows: "b2", Text: "It needs the store of its kind in outbound and an embeddings backend, reached with the system-assigned identity."},
	{Is: policy.Documented, Rows: "b3", Text: "score-threshold is the greatest distance: the lower, the closer."},
	{Is: policy.Documented, Rows: "b5", Text: "Answers are by nearness, and may be wrong or old."},
	{Is: policy.Documented, Rows: "b7", Text: "Chats, completions and responses of OpenAI and Anthropic's messages are prompts; other requests pass by."},
	{Is: policy.Chosen, Rows: "b3", Text: "The distance is the cosine distance, 0 to 1.", Why: "the page says distance, and Redis offers it"},
	{Is: policy.Chosen, Rows: "b4", Text: "Attributes but cache-id take expressions.", Why: "the policy toolkit allows them"},
	{Is: policy.Chosen, Text: "Only POST is looked at; answers are kept apart by API, revision, path, stream or not, cache-id and vary-by.", Why: "one client may not be able to read what another asked for"},
	{Is: policy.Chosen, Text: "The embeddings are waited for 30 s, with api-version 2024-10-21 and a token for https://cognitiveservices.azure.com.", Why: "no page has them"},
	{Is: policy.Chosen, Text: "Embeddings that can't be had count as a miss, with a note in the trace.", Why: "a failing cache fails no call"},
	{Is: policy.Difference, Rows: "b2", Text: "Vectors are in memory beside whatever external cache there is; without one a warning, under `--strict` nothing is found and kept.", Why: "there is no RediSearch here"},
}

var semanticStoreFacts = []policy.Fact{
	{Is: policy.Documented, Rows: "b1", Text: "Keeps the answer at the place of the prompt that the lookup of its kind did not find."},
	{Is: policy.Documented, Rows: "b2", Text: "A failing cache fails no call."},
	{Is: policy.Chosen, Text: "Only a 200 is kept, once it has come whole, and at most 4 MB of it.", Why: "an error is no answer"},
}

var contentSafetyFacts = []policy.Fact{
	{Is: policy.Documented, Rows: "b1", Text: "All text of the request is joined and sent to the content safety service before the model is called."},
	{Is: policy.Documented, Rows: "f1", Text: "Harmful content: 403."},
	{Is: policy.Documented, Rows: "f2", Text: "No judgement, as for a text that is too long: 500."},
	{Is: policy.Observed, Rows: "u1", Text: "The client reads `Request failed content safety check.`"},
	{Is: policy.Chosen, Rows: "f1 u1", Text: "Reason `ContentSafetyCheckFailed`; LastError has the client's text, the trace what was found.", Why: "nobody recorded them"},
	{Is: policy.Chosen, Rows: "f2", Text: "A 4xx of the service other than 400 is a 403 too; 400 and 5xx are 500, reason `InternalError`.", Why: "notes tell that a missing role looks like a judgement"},
	{Is: policy.Chosen, Text: "text:analyze, then text:shieldPrompt if shield-prompt is true, api-version 2024-09-01, 30 s each.", Why: "no page names the version"},
	{Is: policy.Chosen, Text: "A term of a block list refuses, and so does a category from its threshold on.", Why: "as their descriptions say"},
	{Is: policy.Chosen, Rows: "b1", Text: "Of a body in which no prompt is known the whole is sent; without any text it passes.", Why: "so that nothing slips through"},
	{Is: policy.Difference, Text: "enforce-on-completions is not known, and refused at load: answers are not judged.", Why: "it is newer than the page's edition that was read"},
}

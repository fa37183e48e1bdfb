package azureopenai

import (
	"encoding/json"
	"errors"
	"io"
	"maps"
	"mime"
	"net/http"
	"slices"

	"github.com/apimulator/apimulator/internal/tokencount"
)

// maxBody is the size of the largest request body that is read, in bytes.
const maxBody = 4 << 20

// chatRequest is a request for a chat completion, read and found good.
type chatRequest struct {
	version  version
	model    model
	messages []tokencount.Message
	// lastUser is the text of the last message of role user, "" if there is none.
	lastUser string
	// toolResults are the texts of the role tool with which the conversation ends; nil if
	// it ends otherwise.
	toolResults []string
	tools       []tool
	choice      toolChoice
	// parallelCalls is whether an answer may call several tools.
	parallelCalls bool
	format        format
	n             int
	// maxTokens is max_tokens or max_completion_tokens, 0 if neither is given.
	maxTokens     int
	stop          []string
	stream        bool
	streamOptions bool // given at all
	includeUsage  bool
}

// chatParameters are the body's fields with the date of the version that brought
// them (Azure's page of API versions; azure-openai.md 2.1). An older version
// does not know the name. They are read in this order.
var chatParameters = []struct {
	name  string
	since string
	read  reader
}{
	{"messages", "", readMessages},
	{"model", "", unread}, // the path names the deployment
	{"temperature", "", decimal(0, 2)},
	{"top_p", "", decimal(0, 1)},
	{"n", "", integer(1, 128, func(q *chatRequest, n int64) { q.n = int(n) })},
	{"stream", "", boolean(func(q *chatRequest, b bool) { q.stream = b })},
	{"stream_options", "2024-09-01", readStreamOptions},
	{"stop", "", readStop},
	{"max_tokens", "", readMaxTokens},
	{"max_completion_tokens", "2024-09-01", readMaxTokens},
	{"presence_penalty", "", decimal(-2, 2)},
	{"frequency_penalty", "", decimal(-2, 2)},
	{"logit_bias", "", readLogitBias},
	{"user", "", readText},
	{"seed", "2023-12-01", integer(-1<<63, 1<<63-1, func(*chatRequest, int64) {})},
	{"response_format", "2023-12-01", readResponseFormat},
	{"logprobs", "", notEmulatedValue("false")},
	{"top_logprobs", "", notEmulatedValue()},
	{"tools", "2023-12-01", readTools},
	{"tool_choice", "2023-12-01", readToolChoice},
	{"parallel_tool_calls", "2024-09-01", readParallelToolCalls},
	{"functions", "2023-07-01", notEmulatedValue()},
	{"function_call", "2023-07-01", notEmulatedValue()},
	{"data_sources", "2024-02-01", notEmulatedValue()},
	{"reasoning_effort", "2024-12-01", notEmulatedValue()},
	{"user_security_context", "2024-12-01", notEmulatedValue()},
	{"store", "2024-12-01", notEmulatedValue("false")},
	{"metadata", "2024-12-01", notEmulatedValue()},
	{"modalities", "2025-01-01", notEmulatedValue(`["text"]`)},
	{"audio", "2025-01-01", notEmulatedValue()},
	{"prediction", "2025-01-01", notEmulatedValue()},
}

// readMaxTokens takes either name of the limit; a reasoning model knows only the
// newer one.
func readMaxTokens(q *chatRequest, param string, value json.RawMessage) *refusal {
	if q.model.reasoning && param == "max_tokens" {
		return invalidRequest(param, "unsupported_parameter",
			"Unsupported parameter: 'max_tokens' is not supported with this model. Use 'max_completion_tokens' instead.")
	}
	if q.maxTokens != 0 {
		return invalidRequest(param, "invalid_parameter_combination",
			"Setting 'max_tokens' and 'max_completion_tokens' at the same time is not supported.")
	}
	read := integer(1, 1<<31-1, func(q *chatRequest, n int64) { q.maxTokens = int(n) })
	if refused := read(q, param, value); refused != nil {
		return refused
	}
	if q.maxTokens > q.model.output {
		return tooManyTokens(param, q.model.output, q.maxTokens)
	}
	return nil
}

// parseChatRequest reads the body of a request of a version to a model's
// deployment. It takes any bytes.
func parseChatRequest(body []byte, v version, m model) (*chatRequest, *refusal) {
	fields, refused := readFields(body)
	if refused != nil {
		return nil, refused
	}
	q := &chatRequest{version: v, model: m, n: 1, parallelCalls: true}
	unrecognized := maps.Clone(fields)
	for _, p := range chatParameters {
		if v.has(p.since) {
			delete(unrecognized, p.name)
		}
	}
	if len(unrecognized) > 0 {
		return nil, unrecognizedArguments(sortedKeys(unrecognized))
	}
	for _, p := range chatParameters {
		value := fields[p.name]
		if isNull(value) { // null stands for the default
			continue
		}
		if refused := p.read(q, p.name, value); refused != nil {
			return nil, refused
		}
	}
	switch {
	case q.messages == nil:
		return nil, missingParameter("messages")
	case q.streamOptions && !q.stream:
		return nil, streamOptionsAlone()
	}
	if refused := q.format.needs(q); refused != nil {
		return nil, refused
	}
	return q, nil
}

// readFields takes a body apart.
func readFields(body []byte) (map[string]json.RawMessage, *refusal) {
	var fields map[string]json.RawMessage
	if err := json.Unmarshal(body, &fields); err == nil && fields != nil {
		return fields, nil
	}
	if json.Valid(body) {
		return nil, invalidRequest("", "invalid_type", "Invalid type for the request body: expected an object.")
	}
	return nil, unparseableBody()
}

// promptTokens is what the request counts before it is answered: its messages, its tools
// and the schema of its format.
func (q *chatRequest) promptTokens(e *tokencount.Encoding) int {
	functions := make([]tokencount.Function, len(q.tools))
	for i, t := range q.tools {
		functions[i] = t.counted()
	}
	return e.Chat(q.messages) + e.Functions(functions) + q.format.tokens(e)
}

// readBody reads the request's body if it claims to be JSON, or to be nothing.
func readBody(w http.ResponseWriter, r *http.Request) ([]byte, *refusal) {
	if contentType := r.Header.Get("Content-Type"); contentType != "" {
		if mediaType, _, err := mime.ParseMediaType(contentType); err != nil || mediaType != "application/json" {
			return nil, unsupportedContentType(contentType)
		}
	}
	if r.ContentLength > maxBody {
		return nil, bodyTooLarge(r.ContentLength)
	}
	body, err := io.ReadAll(http.MaxBytesReader(w, r.Body, maxBody))
	if large := (*http.MaxBytesError)(nil); errors.As(err, &large) {
		return nil, bodyTooLarge(maxBody + 1)
	}
	if err != nil { // the client broke off
		return nil, unparseableBody()
	}
	return body, nil
}

func sortedKeys(m map[string]json.RawMessage) []string { return slices.Sorted(maps.Keys(m)) }

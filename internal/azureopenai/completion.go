package azureopenai

import "encoding/json"

// The types here are the answers' JSON. Their keys stand in the service's order,
// the alphabet's (azure-openai.md 2.2).

// Nothing is filtered, so what the filter has to say is always the same.
var (
	promptFindings = json.RawMessage(`{"hate":{"filtered":false,"severity":"safe"},"jailbreak":{"detected":false,"filtered":false},` +
		`"self_harm":{"filtered":false,"severity":"safe"},"sexual":{"filtered":false,"severity":"safe"},"violence":{"filtered":false,"severity":"safe"}}`)
	answerFindings = json.RawMessage(`{"hate":{"filtered":false,"severity":"safe"},"protected_material_code":{"detected":false,"filtered":false},` +
		`"protected_material_text":{"detected":false,"filtered":false},"self_harm":{"filtered":false,"severity":"safe"},` +
		`"sexual":{"filtered":false,"severity":"safe"},"violence":{"filtered":false,"severity":"safe"}}`)
	pieceFindings = json.RawMessage(`{"hate":{"filtered":false,"severity":"safe"},"self_harm":{"filtered":false,"severity":"safe"},` +
		`"sexual":{"filtered":false,"severity":"safe"},"violence":{"filtered":false,"severity":"safe"}}`)
	noFindings = json.RawMessage(`{}`)
)

// completion is an answer that is not streamed.
type completion struct {
	Choices []choice `json:"choices"`
	Created int64    `json:"created"`
	ID      string   `json:"id"`
	Model   string   `json:"model"`
	Object  string   `json:"object"`
	promptRemarks
	SystemFingerprint string `json:"system_fingerprint"`
	Usage             *usage `json:"usage,omitempty"`
}

type choice struct {
	ContentFilterResults json.RawMessage `json:"content_filter_results"`
	FinishReason         string          `json:"finish_reason"`
	Index                int             `json:"index"`
	Logprobs             *struct{}       `json:"logprobs"` // always null
	Message              message         `json:"message"`
}

type message struct {
	Annotations []struct{} `json:"annotations"`
	Content     *string    `json:"content"` // null beside calls
	Refusal     *string    `json:"refusal"`
	Role        string     `json:"role"`
	ToolCalls   []wireCall `json:"tool_calls,omitempty"`
}

// wireCall is a call of a tool. In a stream it has an index, and its first piece alone
// has id, name and type.
type wireCall struct {
	Function wireFunction `json:"function"`
	ID       string       `json:"id,omitempty"`
	Index    *int         `json:"index,omitempty"`
	Type     string       `json:"type,omitempty"`
}

type wireFunction struct {
	Arguments string `json:"arguments"`
	Name      string `json:"name,omitempty"`
}

// promptRemarks is what the filter says of the prompt, under the name that the
// request's version has for it.
type promptRemarks struct {
	PromptAnnotations   []promptRemark `json:"prompt_annotations,omitempty"`
	PromptFilterResults []promptRemark `json:"prompt_filter_results,omitempty"`
}

type promptRemark struct {
	PromptIndex          int             `json:"prompt_index"`
	ContentFilterResults json.RawMessage `json:"content_filter_results"`
}

func remarksFor(v version) promptRemarks {
	remarks := []promptRemark{{ContentFilterResults: promptFindings}}
	if v.annotatesPrompts() {
		return promptRemarks{PromptAnnotations: remarks}
	}
	return promptRemarks{PromptFilterResults: remarks}
}

type usage struct {
	CompletionTokens        int               `json:"completion_tokens"`
	CompletionTokensDetails completionDetails `json:"completion_tokens_details"`
	PromptTokens            int               `json:"prompt_tokens"`
	PromptTokensDetails     promptDetails     `json:"prompt_tokens_details"`
	TotalTokens             int               `json:"total_tokens"`
}

type completionDetails struct {
	AcceptedPredictionTokens int `json:"accepted_prediction_tokens"`
	AudioTokens              int `json:"audio_tokens"`
	ReasoningTokens          int `json:"reasoning_tokens"`
	RejectedPredictionTokens int `json:"rejected_prediction_tokens"`
}

type promptDetails struct {
	AudioTokens  int `json:"audio_tokens"`
	CachedTokens int `json:"cached_tokens"`
}

func newUsage(prompt, completion int) *usage {
	return &usage{PromptTokens: prompt, CompletionTokens: completion, TotalTokens: prompt + completion}
}

// result is a completion before it is written in one shape or the other. All
// choices are the same: nothing is sampled.
type result struct {
	id          string
	created     int64
	model       string
	fingerprint string
	version     version
	choices     int
	reply       reply
	callIDs     [][]string // of each choice, of each call
	usage       *usage     // nil if the configuration wants none
}

// body is the answer that is not streamed.
func (r result) body() []byte {
	c := completion{
		Created: r.created, ID: r.id, Model: r.model, Object: "chat.completion", SystemFingerprint: r.fingerprint,
		promptRemarks: remarksFor(r.version), Usage: r.usage,
	}
	for i := range r.choices {
		m := message{Annotations: []struct{}{}, Content: r.content(), Role: "assistant"}
		for j, call := range r.reply.calls {
			m.ToolCalls = append(m.ToolCalls, wireCall{ID: r.callIDs[i][j], Type: "function", Function: wireFunction{Name: call.name, Arguments: call.arguments()}})
		}
		c.Choices = append(c.Choices, choice{ContentFilterResults: answerFindings, FinishReason: r.reply.finish, Index: i, Message: m})
	}
	return encode(c)
}

// content is the text of a choice; nil is null, that of one that only calls tools.
func (r result) content() *string {
	if len(r.reply.pieces) == 0 && len(r.reply.calls) > 0 {
		return nil
	}
	text := r.reply.text()
	return &text
}

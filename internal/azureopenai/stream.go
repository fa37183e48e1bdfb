package azureopenai

import (
	"encoding/json"
	"fmt"
	"iter"
)

// firstChunk carries the filter's remarks on the prompt. Its envelope is empty,
// which clients have to bear.
type firstChunk struct {
	Choices []struct{} `json:"choices"`
	Created int64      `json:"created"`
	ID      string     `json:"id"`
	Model   string     `json:"model"`
	Object  string     `json:"object"`
	promptRemarks
}

type chunk struct {
	Choices           []chunkChoice `json:"choices"`
	Created           int64         `json:"created"`
	ID                string        `json:"id"`
	Model             string        `json:"model"`
	Object            string        `json:"object"`
	SystemFingerprint string        `json:"system_fingerprint"`
	// Usage is absent, null or the usage.
	Usage json.RawMessage `json:"usage,omitempty"`
}

type chunkChoice struct {
	ContentFilterResults json.RawMessage `json:"content_filter_results"`
	Delta                any             `json:"delta"`
	FinishReason         *string         `json:"finish_reason"`
	Index                int             `json:"index"`
	Logprobs             *struct{}       `json:"logprobs"` // always null
}

type roleDelta struct {
	Content   *string    `json:"content"`
	Refusal   *string    `json:"refusal"`
	Role      string     `json:"role"`
	ToolCalls []wireCall `json:"tool_calls,omitempty"`
}

type contentDelta struct {
	Content string `json:"content"`
}

type callsDelta struct {
	ToolCalls []wireCall `json:"tool_calls"`
}

// A pacedChunk is the first of those, one for each choice, that bring a token.
type pacedChunk struct{ chunk }

// chunks yields the stream's chunks in the order of azure-openai.md 2.3: the
// remarks on the prompt if first, a role for each choice, the pieces of all
// choices in turn, those of their calls, an end for each choice, the usage if
// withUsage.
func (r result) chunks(first, withUsage bool) iter.Seq[any] {
	return func(yield func(any) bool) {
		if first && !yield(firstChunk{Choices: []struct{}{}, promptRemarks: remarksFor(r.version)}) {
			return
		}
		envelope := chunk{Created: r.created, ID: r.id, Model: r.model, Object: "chat.completion.chunk", SystemFingerprint: r.fingerprint}
		if withUsage {
			envelope.Usage = json.RawMessage("null")
		}
		for d := range r.deltas() {
			for i := range r.choices {
				envelope.Choices = []chunkChoice{{ContentFilterResults: d.findings, Delta: d.of(i), FinishReason: d.finish, Index: i}}
				var c any = envelope
				if d.token && i == 0 {
					c = pacedChunk{envelope}
				}
				if !yield(c) {
					return
				}
			}
		}
		if withUsage {
			envelope.Choices, envelope.Usage = []chunkChoice{}, encode(r.usage)
			yield(envelope)
		}
	}
}

// delta is what a chunk of each choice adds.
type delta struct {
	findings json.RawMessage
	of       func(choice int) any
	finish   *string
	token    bool // it brings a token of the answer
}

// deltas yields what all choices have in common, in its order.
func (r result) deltas() iter.Seq[delta] {
	return func(yield func(delta) bool) {
		same := func(d any) func(int) any { return func(int) any { return d } }
		head := delta{findings: noFindings, of: func(i int) any { return r.head(i) }}
		if !yield(head) {
			return
		}
		for _, piece := range r.reply.pieces {
			if !yield(delta{findings: pieceFindings, of: same(contentDelta{piece}), token: true}) {
				return
			}
		}
		for j, call := range r.reply.calls {
			if (j > 0 || !r.callsAtOnce()) && !yield(delta{findings: noFindings, of: func(i int) any { return callsDelta{[]wireCall{r.callHead(i, j)}} }}) {
				return
			}
			for _, piece := range call.pieces {
				if !yield(delta{findings: noFindings, of: same(callsDelta{[]wireCall{{Index: &j, Function: wireFunction{Arguments: piece}}}}), token: true}) {
					return
				}
			}
		}
		yield(delta{findings: noFindings, of: same(struct{}{}), finish: &r.reply.finish})
	}
}

// callsAtOnce reports whether a choice begins with a call.
func (r result) callsAtOnce() bool { return len(r.reply.pieces) == 0 && len(r.reply.calls) > 0 }

// head is what a choice begins with: its role, and its first call if there is no text.
func (r result) head(choice int) roleDelta {
	if r.callsAtOnce() {
		return roleDelta{Role: "assistant", ToolCalls: []wireCall{r.callHead(choice, 0)}}
	}
	return roleDelta{Role: "assistant", Content: new(string)}
}

// callHead is what a call begins with.
func (r result) callHead(choice, call int) wireCall {
	return wireCall{ID: r.callIDs[choice][call], Index: &call, Type: "function", Function: wireFunction{Name: r.reply.calls[call].name}}
}

// event is a server-sent event; a paced one waits for its token.
type event struct {
	data  []byte
	paced bool
}

// events yields chunks as server-sent events, and the one that ends a stream.
func events(chunks iter.Seq[any]) iter.Seq[event] {
	format := func(data []byte) []byte { return fmt.Appendf(nil, "data: %s\n\n", data) }
	return func(yield func(event) bool) {
		for c := range chunks {
			paced, ok := c.(pacedChunk)
			if ok {
				c = paced.chunk
			}
			if !yield(event{format(encode(c)), ok}) {
				return
			}
		}
		yield(event{data: format([]byte("[DONE]"))})
	}
}

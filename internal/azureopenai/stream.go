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
	Content string  `json:"content"`
	Refusal *string `json:"refusal"`
	Role    string  `json:"role"`
}

type contentDelta struct {
	Content string `json:"content"`
}

// chunks yields the stream's chunks in the order of azure-openai.md 2.3: the
// remarks on the prompt if first, a role for each choice, the pieces of all
// choices in turn, an end for each choice, the usage if withUsage.
func (r result) chunks(first, withUsage bool) iter.Seq[any] {
	return func(yield func(any) bool) {
		if first && !yield(firstChunk{Choices: []struct{}{}, promptRemarks: remarksFor(r.version)}) {
			return
		}
		envelope := chunk{Created: r.created, ID: r.id, Model: r.model, Object: "chat.completion.chunk", SystemFingerprint: r.fingerprint}
		if withUsage {
			envelope.Usage = json.RawMessage("null")
		}
		// each sends what all choices have in common.
		each := func(c chunkChoice) bool {
			for c.Index = range r.choices {
				envelope.Choices = []chunkChoice{c}
				if !yield(envelope) {
					return false
				}
			}
			return true
		}
		if !each(chunkChoice{ContentFilterResults: noFindings, Delta: roleDelta{Role: "assistant"}}) {
			return
		}
		for _, piece := range r.reply.pieces {
			if !each(chunkChoice{ContentFilterResults: pieceFindings, Delta: contentDelta{piece}}) {
				return
			}
		}
		if !each(chunkChoice{ContentFilterResults: noFindings, Delta: struct{}{}, FinishReason: &r.reply.finish}) {
			return
		}
		if withUsage {
			envelope.Choices, envelope.Usage = []chunkChoice{}, encode(r.usage)
			yield(envelope)
		}
	}
}

// events yields chunks as server-sent events, and the one that ends a stream.
func events(chunks iter.Seq[any]) iter.Seq[[]byte] {
	event := func(data []byte) []byte { return fmt.Appendf(nil, "data: %s\n\n", data) }
	return func(yield func([]byte) bool) {
		for c := range chunks {
			if !yield(event(encode(c))) {
				return
			}
		}
		yield(event([]byte("[DONE]")))
	}
}

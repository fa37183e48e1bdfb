package azureopenai

import (
	"encoding/base64"
	"encoding/binary"
	"encoding/json"
	"fmt"
	"maps"
	"math"

	"github.com/apimulator/apimulator/internal/tokencount"
)

// maxInputs is how many texts one request may have.
const maxInputs = 2048

// embeddingsRequest is a request for embeddings, read and found good.
type embeddingsRequest struct {
	inputs     []embeddingInput
	dimensions int // 0 is the model's
	base64     bool
}

// embeddingInput is a text, and what it counts.
type embeddingInput struct {
	text   string
	tokens int
}

var embeddingsParameters = []string{"input", "model", "dimensions", "encoding_format", "user", "input_type"}

// serveEmbeddings answers a request for embeddings.
func (c *call) serveEmbeddings() *refusal {
	body, refused := c.enter()
	if refused != nil {
		return refused
	}
	d := c.deployment
	if d.vectors == nil {
		return operationNotSupported("embeddings", d.modelName)
	}
	q, refused := parseEmbeddingsRequest(body, d.model, d.encoding)
	if refused != nil {
		return refused
	}
	tokens := 0
	for _, input := range q.inputs {
		tokens += input.tokens
	}
	left, refused := d.limiter.take(c.server.clock.Now(), tokens, c.op, c.version)
	if refused != nil {
		return refused
	}
	answer := encode(q.answer(d, tokens, c.server.config.Usage))
	if !c.wait(d.latency.FirstToken) {
		return clientGone
	}
	c.writeAnswerHeaders(left)
	c.answer(answer)
	return nil
}

// parseEmbeddingsRequest reads the body of a request to a model's deployment. It takes
// any bytes.
func parseEmbeddingsRequest(body []byte, m model, e *tokencount.Encoding) (*embeddingsRequest, *refusal) {
	fields, refused := readFields(body)
	if refused != nil {
		return nil, refused
	}
	unrecognized := maps.Clone(fields)
	for _, name := range embeddingsParameters {
		delete(unrecognized, name)
	}
	if len(unrecognized) > 0 {
		return nil, unrecognizedArguments(sortedKeys(unrecognized))
	}
	q := &embeddingsRequest{}
	if q.inputs, refused = readInputs(fields["input"], m, e); refused != nil {
		return nil, refused
	}
	if q.dimensions, refused = readDimensions(fields["dimensions"], m); refused != nil {
		return nil, refused
	}
	if q.base64, refused = readEncodingFormat(fields["encoding_format"]); refused != nil {
		return nil, refused
	}
	for _, name := range []string{"user", "input_type"} {
		if isNull(fields[name]) {
			continue
		}
		if _, refused := stringValue(name, fields[name]); refused != nil {
			return nil, refused
		}
	}
	return q, nil
}

// invalidInput is OpenAI's text for whatever is wrong with the input's kind.
func invalidInput() *refusal {
	return invalidRequest("", "", "'$.input' is invalid. Please check the API reference: https://platform.openai.com/docs/api-reference.")
}

// readInputs takes a text, several, a text in tokens, or several of those.
func readInputs(value json.RawMessage, m model, e *tokencount.Encoding) ([]embeddingInput, *refusal) {
	if value == nil {
		return nil, missingParameter("input")
	}
	var texts []string
	var tokens [][]int
	var text string
	var list []int
	switch {
	case isNull(value):
		return nil, invalidInput()
	case json.Unmarshal(value, &text) == nil:
		texts = []string{text}
	case json.Unmarshal(value, &list) == nil:
		tokens = [][]int{list}
	case json.Unmarshal(value, &texts) == nil:
	default:
		texts = nil // what was read before the mistake
		if json.Unmarshal(value, &tokens) != nil {
			return nil, invalidInput()
		}
	}
	switch n := len(texts) + len(tokens); {
	case n == 0:
		return nil, invalidInput()
	case n > maxInputs:
		return nil, arrayTooLong("input", maxInputs, n)
	}
	inputs := make([]embeddingInput, 0, len(texts)+len(tokens))
	for _, text := range texts {
		inputs = append(inputs, embeddingInput{text, e.Count(text)})
	}
	for _, list := range tokens {
		text, err := e.Decode(list)
		if err != nil {
			return nil, invalidInput()
		}
		inputs = append(inputs, embeddingInput{text, len(list)})
	}
	for _, input := range inputs {
		switch {
		case input.tokens == 0:
			return nil, invalidInput()
		case input.tokens > m.context:
			return nil, invalidRequest("", "", "This model's maximum context length is %d tokens, however you requested %d tokens "+
				"(%[2]d in your prompt; 0 for the completion). Please reduce your prompt; or completion length.", m.context, input.tokens)
		}
	}
	return inputs, nil
}

func readDimensions(value json.RawMessage, m model) (int, *refusal) {
	if isNull(value) {
		return 0, nil
	}
	if !m.shortens {
		return 0, invalidRequest("", "", "This model does not support specifying dimensions.")
	}
	n, refused := integerValue("dimensions", value, 1, math.MaxInt32)
	if refused == nil && int(n) > m.dimensions {
		return 0, invalidRequest("", "", "Invalid value for 'dimensions' = %d. Must be less than or equal to %d.", n, m.dimensions)
	}
	return int(n), refused
}

func readEncodingFormat(value json.RawMessage) (asBase64 bool, refused *refusal) {
	if isNull(value) {
		return false, nil
	}
	format, refused := stringValue("encoding_format", value)
	switch {
	case refused != nil:
		return false, refused
	case format != "float" && format != "base64":
		return false, wrongValue("encoding_format", format, "float", "base64")
	}
	return format == "base64", nil
}

// The answer's JSON, its keys in the service's order (azure-openai.md 2.6).
type listOfEmbeddings struct {
	Object string           `json:"object"`
	Data   []wireEmbedding  `json:"data"`
	Model  string           `json:"model"`
	Usage  *embeddingsUsage `json:"usage,omitempty"`
}

type wireEmbedding struct {
	Object    string `json:"object"`
	Index     int    `json:"index"`
	Embedding any    `json:"embedding"` // numbers, or their bytes in base64
}

type embeddingsUsage struct {
	PromptTokens int `json:"prompt_tokens"`
	TotalTokens  int `json:"total_tokens"`
}

func (q *embeddingsRequest) answer(d *deployment, tokens int, usage bool) listOfEmbeddings {
	list := listOfEmbeddings{Object: "list", Data: make([]wireEmbedding, len(q.inputs)), Model: d.modelName}
	for i, input := range q.inputs {
		vector := d.vectors.embed(input.text, q.dimensions)
		list.Data[i] = wireEmbedding{Object: "embedding", Index: i, Embedding: vector}
		if q.base64 {
			list.Data[i].Embedding = base64Of(vector)
		}
	}
	if usage {
		list.Usage = &embeddingsUsage{tokens, tokens}
	}
	return list
}

// base64Of is a vector as little-endian float32 in base64.
func base64Of(vector []float32) string {
	data, err := binary.Append(nil, binary.LittleEndian, vector)
	if err != nil {
		panic(fmt.Sprintf("azureopenai: %v", err)) // it takes float32
	}
	return base64.StdEncoding.EncodeToString(data)
}

package ai

import (
	"encoding/json"
	"strings"

	"github.com/apimulator/apimulator/internal/tokencount"
	"github.com/apimulator/apimulator/policy/exchange"
)

// prompt is what a request asks a language model, as far as tokens go: a chat, a
// completion, an embedding or a response, by the members that its body has.
type prompt struct {
	stream   bool
	model    string // "": the body and the address name none
	messages []tokencount.Message
	texts    []string // what the model reads beside messages
	numbers  int      // tokens that were sent as such
	images   int

	counted bool
	count   int
}

// imageTokens is what an image counts at most, and so always here (policies-1.yaml,
// llm-token-limit).
const imageTokens = 1200

// promptBody is the body of a request to any of the routes.
type promptBody struct {
	Model        string          `json:"model"`
	Stream       bool            `json:"stream"`
	Messages     []promptMessage `json:"messages"`
	Prompt       json.RawMessage `json:"prompt"`       // completions
	Input        json.RawMessage `json:"input"`        // embeddings and responses
	Instructions string          `json:"instructions"` // responses
	System       json.RawMessage `json:"system"`       // beside messages, where the dialect has it so
	Tools        json.RawMessage `json:"tools"`
	Functions    json.RawMessage `json:"functions"`
}

type promptMessage struct {
	Role      string          `json:"role"`
	Name      string          `json:"name"`
	Content   json.RawMessage `json:"content"`
	ToolCalls []toolCall      `json:"tool_calls"`
	Function  *function       `json:"function_call"`
	Arguments string          `json:"arguments"` // of an item of responses
	Output    string          `json:"output"`
}

type toolCall struct {
	Function function `json:"function"`
}

type function struct {
	Name      string `json:"name"`
	Arguments string `json:"arguments"`
}

// contentPart is a part of a message's content.
type contentPart struct {
	Type string `json:"type"`
	Text string `json:"text"`
}

// readPrompt reads a request's body. What is not as it should be is left out: the model
// judges it, not the gateway.
func readPrompt(body []byte, path string) *prompt {
	p := &prompt{}
	var b promptBody
	if len(body) > 0 {
		// A member of another type leaves the others read.
		_ = json.Unmarshal(body, &b)
	}
	p.stream, p.model = b.Stream, b.Model
	if p.model == "" {
		p.model = deployment(path)
	}
	for i := range b.Messages {
		p.message(&b.Messages[i])
	}
	p.addText(b.Instructions)
	p.content(&p.texts, b.System)
	p.input(b.Prompt)
	p.input(b.Input)
	for _, raw := range []json.RawMessage{b.Tools, b.Functions} {
		// Chosen: how tools count is not published; here by their text.
		if text := string(raw); text != "" && text != "null" {
			p.addText(text)
		}
	}
	return p
}

func (p *prompt) addText(text string) {
	if text != "" {
		p.texts = append(p.texts, text)
	}
}

func (p *prompt) message(m *promptMessage) {
	read := tokencount.Message{Role: m.Role, Name: m.Name}
	p.content(&read.Content, m.Content)
	calls := m.ToolCalls
	if m.Function != nil {
		calls = append(calls, toolCall{*m.Function})
	}
	for _, c := range calls {
		read.Content = append(read.Content, c.Function.Name, c.Function.Arguments)
	}
	if m.Role == "" { // an item of responses that is no message
		p.texts = append(p.texts, read.Content...)
		p.addText(m.Arguments)
		p.addText(m.Output)
		return
	}
	p.messages = append(p.messages, read)
}

// content adds the texts of a content, which is a text or a list of parts, and counts its
// images.
func (p *prompt) content(texts *[]string, raw json.RawMessage) {
	var text string
	if json.Unmarshal(raw, &text) == nil {
		*texts = append(*texts, text)
		return
	}
	var parts []contentPart
	_ = json.Unmarshal(raw, &parts)
	for _, part := range parts {
		switch {
		case strings.Contains(part.Type, "image"):
			p.images++
		case part.Text != "":
			*texts = append(*texts, part.Text)
		}
	}
}

// input adds a prompt or an input: a text, a list of texts, of tokens, of lists of tokens,
// or of items.
func (p *prompt) input(raw json.RawMessage) {
	var text string
	if json.Unmarshal(raw, &text) == nil {
		p.addText(text)
		return
	}
	var list []json.RawMessage
	if json.Unmarshal(raw, &list) != nil {
		return
	}
	for _, item := range list {
		switch item[0] {
		case '"':
			p.input(item)
		case '[':
			var tokens []json.RawMessage
			_ = json.Unmarshal(item, &tokens)
			p.numbers += len(tokens)
		case '{':
			var m promptMessage
			_ = json.Unmarshal(item, &m)
			p.message(&m)
		default:
			p.numbers++
		}
	}
}

// deployment is the deployment that an address of Azure OpenAI names; it is mostly called
// as its model is.
func deployment(path string) string {
	if _, after, found := strings.Cut(path, "/deployments/"); found {
		name, _, _ := strings.Cut(after, "/")
		return name
	}
	return ""
}

// tokens is how many tokens the model will make of it, by an estimate that is exact for
// texts.
func (p *prompt) tokens() int {
	if p.counted {
		return p.count
	}
	p.counted = true
	encoding := tokencount.ForModel(p.model)
	p.count = p.numbers + p.images*imageTokens
	if len(p.messages) > 0 {
		p.count += encoding.Chat(p.messages)
	}
	for _, text := range p.texts {
		p.count += encoding.Count(text)
	}
	return p.count
}

// promptOf reads the prompt of a request, whose body stays as it is.
func promptOf(request *exchange.Request, limit int64) *prompt {
	body, err := request.Body.Buffer(limit)
	if err == nil {
		if coding, ok := request.Header.Get("Content-Encoding"); ok {
			body, err = exchange.Decode(coding, body, limit)
		}
	}
	if err != nil {
		body = nil
	}
	return readPrompt(body, request.URL.Path)
}

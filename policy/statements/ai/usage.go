package ai

import (
	"encoding/json"
	"math"
	"strings"

	"github.com/apimulator/apimulator/internal/tokencount"
)

// usage is the tokens of a request and its answer. Nothing else counts, also where the
// model tells more (policies-1.yaml, llm-token-limit).
type usage struct{ prompt, completion int }

func (u usage) total() int { return u.prompt + u.completion }

// usageMember is the member usage of an answer: chat, completions and embeddings have
// other names in it than responses.
type usageMember struct {
	PromptTokens     *int `json:"prompt_tokens"`
	CompletionTokens int  `json:"completion_tokens"`
	InputTokens      *int `json:"input_tokens"`
	OutputTokens     int  `json:"output_tokens"`
}

// usage is what it says; false if it says nothing.
func (m *usageMember) usage() (usage, bool) {
	switch {
	case m == nil:
	case m.PromptTokens != nil:
		return usage{sane(*m.PromptTokens), sane(m.CompletionTokens)}, true
	case m.InputTokens != nil:
		return usage{sane(*m.InputTokens), sane(m.OutputTokens)}, true
	}
	return usage{}, false
}

// sane is a number of tokens that a model may have told.
func sane(n int) int { return min(max(n, 0), math.MaxInt32/2) }

// answerBody is an answer, or one piece of a stream of it.
type answerBody struct {
	Type    string       `json:"type"` // of an event of responses
	Model   string       `json:"model"`
	Usage   *usageMember `json:"usage"`
	Choices []struct {
		Index   int           `json:"index"`
		Text    string        `json:"text"`
		Message answerMessage `json:"message"`
		Delta   answerMessage `json:"delta"`
	} `json:"choices"`
	Output []struct {
		Content   []contentPart `json:"content"`
		Name      string        `json:"name"`
		Arguments string        `json:"arguments"`
	} `json:"output"`
	Content      []contentPart   `json:"content"`
	Delta        json.RawMessage `json:"delta"`
	OutputIndex  int             `json:"output_index"`
	ContentIndex int             `json:"content_index"`
	Response     *answerBody     `json:"response"`
}

type answerMessage struct {
	Content   string     `json:"content"`
	Refusal   string     `json:"refusal"`
	Reasoning string     `json:"reasoning_content"`
	ToolCalls []toolCall `json:"tool_calls"`
	Function  *function  `json:"function_call"`
}

// completion is the texts that a model has answered, each counted for itself, in pieces as
// they come.
type completion struct {
	model   string
	texts   map[textID]*strings.Builder
	counted int
	told    usage // what the model says
	isTold  bool
}

// textID is which of an answer's texts a piece belongs to.
type textID struct {
	choice, part int
	kind         string
}

// longestText is how much of one text is kept to be counted as a whole; beyond, it is
// counted in such pieces, which may be a token more each.
const longestText = 1 << 20

func (c *completion) add(id textID, piece string) {
	if piece == "" {
		return
	}
	if c.texts == nil {
		c.texts = make(map[textID]*strings.Builder)
	}
	b := c.texts[id]
	if b == nil {
		b = new(strings.Builder)
		c.texts[id] = b
	}
	if b.Len()+len(piece) > longestText {
		c.counted += c.encoding().Count(b.String())
		b.Reset()
	}
	b.WriteString(piece)
}

func (c *completion) encoding() *tokencount.Encoding { return tokencount.ForModel(c.model) }

// tokens is how many tokens the texts are.
func (c *completion) tokens() int {
	n := c.counted
	for _, b := range c.texts {
		n += c.encoding().Count(b.String())
	}
	return n
}

// read takes in an answer, or a piece of one.
func (c *completion) read(data []byte) {
	var b answerBody
	// A member of another type leaves the others read.
	_ = json.Unmarshal(data, &b)
	c.take(&b)
	if b.Response != nil && strings.HasPrefix(b.Type, "response.") {
		// The end of a stream of responses has the answer once more, of which only what
		// it tells is new.
		c.tell(b.Response)
	}
}

func (c *completion) take(b *answerBody) {
	c.tell(b)
	for _, choice := range b.Choices {
		c.add(textID{choice.Index, 0, "text"}, choice.Text)
		c.message(choice.Index, &choice.Message)
		c.message(choice.Index, &choice.Delta)
	}
	for i, item := range b.Output {
		c.parts(i, item.Content)
		c.add(textID{i, 0, "name"}, item.Name)
		c.add(textID{i, 0, "arguments"}, item.Arguments)
	}
	c.parts(0, b.Content)
	c.delta(b)
}

// tell keeps what the answer says of itself.
func (c *completion) tell(b *answerBody) {
	if b.Model != "" {
		c.model = b.Model
	}
	if u, ok := b.Usage.usage(); ok {
		c.told, c.isTold = u, true
	}
}

func (c *completion) message(choice int, m *answerMessage) {
	c.add(textID{choice, 0, "content"}, m.Content)
	c.add(textID{choice, 0, "refusal"}, m.Refusal)
	c.add(textID{choice, 0, "reasoning"}, m.Reasoning)
	calls := m.ToolCalls
	if m.Function != nil {
		calls = append(calls, toolCall{*m.Function})
	}
	for i, call := range calls {
		c.add(textID{choice, i, "name"}, call.Function.Name)
		c.add(textID{choice, i, "arguments"}, call.Function.Arguments)
	}
}

func (c *completion) parts(item int, parts []contentPart) {
	for i, part := range parts {
		c.add(textID{item, i, "part"}, part.Text)
	}
}

// delta takes the piece that an event of responses brings: its type names the kind.
func (c *completion) delta(b *answerBody) {
	if len(b.Delta) == 0 {
		return
	}
	var text string
	if json.Unmarshal(b.Delta, &text) == nil {
		c.add(textID{b.OutputIndex, b.ContentIndex, b.Type}, text)
		return
	}
	var part contentPart
	_ = json.Unmarshal(b.Delta, &part)
	c.add(textID{b.OutputIndex, b.ContentIndex, b.Type}, part.Text)
}

package ai

import (
	"encoding/json"
	"strings"

	"github.com/apimulator/apimulator/policy"
	"github.com/apimulator/apimulator/policy/exchange"
)

// dialogue is what a request says to a language model, in order.
type dialogue struct {
	utterances []utterance
	stream     bool
}

// utterance is one message of a dialogue.
type utterance struct {
	role string // "" of a prompt without one
	text string
}

// isSystem reports whether the application says it and not the user; newer models call
// the role developer.
func (u *utterance) isSystem() bool { return u.role == "system" || u.role == "developer" }

// dialogueOf is the request's; nil: it holds none. The request's body stays as it is.
func dialogueOf(r *policy.Run) (*dialogue, error) {
	body, err := r.Request.Body.Buffer(r.Env.BodyLimit)
	if err != nil {
		return nil, err
	}
	if coding, ok := r.Request.Header.Get("Content-Encoding"); ok {
		if body, err = exchange.Decode(coding, body, r.Env.BodyLimit); err != nil {
			return nil, nil
		}
	}
	return readDialogue(body), nil
}

// readDialogue reads a request for a chat (OpenAI's and Anthropic's), a completion or a
// response; nil: it is none of those.
func readDialogue(body []byte) *dialogue {
	var b struct {
		Stream       bool            `json:"stream"`
		System       json.RawMessage `json:"system"`
		Instructions json.RawMessage `json:"instructions"`
		Messages     []spoken        `json:"messages"`
		Prompt       json.RawMessage `json:"prompt"`
		Input        json.RawMessage `json:"input"`
	}
	if json.Unmarshal(body, &b) != nil {
		return nil
	}
	d := &dialogue{stream: b.Stream}
	d.say("system", textOf(b.System))
	d.say("system", textOf(b.Instructions))
	for _, m := range b.Messages {
		d.say(m.Role, textOf(m.Content))
	}
	d.say("", textOf(b.Prompt))
	var items []spoken
	if json.Unmarshal(b.Input, &items) == nil {
		for _, m := range items {
			d.say(m.Role, textOf(m.Content))
		}
	} else {
		d.say("user", textOf(b.Input))
	}
	if len(d.utterances) == 0 {
		return nil
	}
	return d
}

// spoken is a message as it stands in a body.
type spoken struct {
	Role    string          `json:"role"`
	Content json.RawMessage `json:"content"`
}

func (d *dialogue) say(role, text string) {
	if text != "" {
		d.utterances = append(d.utterances, utterance{role, text})
	}
}

// text is all that is said, or all but what the application says.
func (d *dialogue) text(withoutSystem bool) string {
	var texts []string
	for _, u := range d.utterances {
		if !withoutSystem || !u.isSystem() {
			texts = append(texts, u.text)
		}
	}
	return strings.Join(texts, "\n")
}

// count is how many messages there are.
func (d *dialogue) count(withoutSystem bool) int {
	n := 0
	for _, u := range d.utterances {
		if !withoutSystem || !u.isSystem() {
			n++
		}
	}
	return n
}

// textOf is the text of a content: a string, a part with a text, or a list of either.
func textOf(raw json.RawMessage) string {
	var text string
	if len(raw) == 0 || json.Unmarshal(raw, &text) == nil {
		return text
	}
	var part struct {
		Text string `json:"text"`
	}
	if json.Unmarshal(raw, &part) == nil {
		return part.Text
	}
	var list []json.RawMessage
	if json.Unmarshal(raw, &list) != nil {
		return ""
	}
	var texts []string
	for _, item := range list {
		if item[0] != '[' { // tokens, or a text
			if t := textOf(item); t != "" {
				texts = append(texts, t)
			}
		}
	}
	return strings.Join(texts, "\n")
}

package tokencount

// Message is what of a chat message the model reads as text.
type Message struct {
	Role string
	// Name is the author's name, or empty.
	Name string
	// Content holds the message's text, one string for each text part.
	Content []string
}

// Chat is the number of prompt tokens of a conversation: 3 for each message
// with the tokens of its texts, 1 more for one with a name, and 3 that begin the
// answer (azure-openai.md 3.3, after the OpenAI cookbook; the formula for
// tools, schemas and images is not published).
func (e *Encoding) Chat(messages []Message) int {
	n := 3
	for _, m := range messages {
		n += 3 + e.Count(m.Role)
		for _, text := range m.Content {
			n += e.Count(text)
		}
		if m.Name != "" {
			n += 1 + e.Count(m.Name)
		}
	}
	return n
}

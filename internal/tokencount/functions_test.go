package tokencount

import "testing"

func TestDecode(t *testing.T) {
	const text = "Hello, world! 👩 🪿 <|endoftext|>"
	for _, e := range []*Encoding{O200kBase, CL100kBase} {
		var numbers []int
		for token := range e.Tokens(text) {
			numbers = append(numbers, e.table().ranks[token])
		}
		if got, err := e.Decode(numbers); err != nil || got != text {
			t.Errorf("%s: got %q, %v; want %q", e, got, err, text)
		}
		if got, err := e.Decode(nil); err != nil || got != "" {
			t.Errorf("%s of nothing: got %q, %v", e, got, err)
		}
		for _, number := range []int{-1, 10_000_000} {
			if got, err := e.Decode([]int{number}); err == nil {
				t.Errorf("%s of %d: got %q, want an error", e, number, got)
			}
		}
	}
}

// The first row is the example of the OpenAI cookbook, whose counts the service confirmed.
func TestFunctions(t *testing.T) {
	const weather = `{"type":"object","properties":{"location":{"type":"string","description":"The city and state, e.g. San Francisco, CA"},` +
		`"unit":{"type":"string","description":"The unit of temperature to return","enum":["celsius","fahrenheit"]}},"required":["location"]}`
	cookbook := []Message{
		{Role: "system", Content: []string{"You are a helpful assistant that can answer to questions about the weather."}},
		{Role: "user", Content: []string{"What's the weather like in San Francisco?"}},
	}
	for _, c := range []struct {
		name      string
		encoding  *Encoding
		messages  []Message
		functions []Function
		want      int
	}{
		{"cookbook, gpt-4o", O200kBase, cookbook, []Function{{"get_current_weather", "Get the current weather in a given location", []byte(weather)}}, 101},
		{"cookbook, gpt-4", CL100kBase, cookbook, []Function{{"get_current_weather", "Get the current weather in a given location", []byte(weather)}}, 105},
		{"none", O200kBase, nil, nil, 3},
		{"no parameters", O200kBase, nil, []Function{{Name: "f"}}, 3 + 12 + 7 + 2},
		{"not schemas", O200kBase, nil, []Function{{Name: "f", Parameters: []byte(`{"properties":{"a":true,"b":{"type":["null","string"],"description":5,"enum":[1]}}}`)}}, 3 + 12 + 7 + 2 + 3 + (3 + 2) + (3 + 3 - 3 + 3 + 1)},
	} {
		if got := c.encoding.Chat(c.messages) + c.encoding.Functions(c.functions); got != c.want {
			t.Errorf("%s: got %d, want %d", c.name, got, c.want)
		}
	}
}

package azureopenai

import (
	"strings"
	"testing"

	"github.com/apimulator/apimulator/internal/tokencount"
	"github.com/google/go-cmp/cmp"
)

func TestCompose(t *testing.T) {
	for _, c := range []struct {
		name   string
		text   string
		stops  []string
		limit  int
		pieces []string
		tokens int
		finish string
	}{
		{name: "whole", text: "Hello, world!", limit: 4, pieces: []string{"Hello", ",", " world", "!"}, tokens: 4, finish: "stop"},
		{name: "limit", text: "Hello, world!", limit: 3, pieces: []string{"Hello", ",", " world"}, tokens: 3, finish: "length"},
		{name: "stop", text: "Hello, world!", stops: []string{"wor"}, limit: 9, pieces: []string{"Hello", ",", " "}, tokens: 3, finish: "stop"},
		{name: "the earliest stop", text: "Hello, world!", stops: []string{"!", "nothing", ","}, limit: 9, pieces: []string{"Hello"}, tokens: 1, finish: "stop"},
		{name: "stop at the beginning", text: "Hello", stops: []string{"He"}, limit: 9, tokens: 0, finish: "stop"},
		{name: "limit before the stop", text: "Hello, world!", stops: []string{"!"}, limit: 2, pieces: []string{"Hello", ","}, tokens: 2, finish: "length"},
		{name: "empty", text: "", limit: 9, tokens: 0, finish: "stop"},
		{name: "a character of two tokens", text: "👩 🪿", limit: 9, pieces: []string{"👩", " 🪿"}, tokens: 5, finish: "stop"},
		{name: "the limit within a character", text: "👩 🪿", limit: 3, pieces: []string{"👩"}, tokens: 3, finish: "length"},
	} {
		got := compose(tokencount.O200kBase, c.text, finishStop, c.stops, c.limit)
		want := reply{pieces: c.pieces, tokens: c.tokens, finish: c.finish}
		if diff := cmp.Diff(want, got, cmp.AllowUnexported(reply{})); diff != "" {
			t.Errorf("%s: %q, stops %q, limit %d: (- want, + got)\n%s", c.name, c.text, c.stops, c.limit, diff)
		}
	}
}

func TestEcho(t *testing.T) {
	s, _ := newTestServer(t, testConfig())
	for body, want := range map[string]string{
		`{"messages":[{"role":"user","content":"a"},{"role":"assistant","content":"b"}]}`:                            "You said: a",
		`{"messages":[{"role":"user","content":"a"},{"role":"user","content":[{"type":"text","text":"b"}]}]}`:        "You said: b",
		`{"messages":[{"role":"system","content":"Answer in French."}]}`:                                             "You said nothing.",
		`{"messages":[{"role":"user","content":""}]}`:                                                                "You said nothing.",
		`{"messages":[{"role":"user","content":"<|endoftext|> \"quoted\" \u0000 \u2028"}],"temperature":2,"seed":1}`: `You said: <|endoftext|> \"quoted\" \u0000 \u2028`,
	} {
		w := ask(s, chatURL, body)
		if want = `"content":"` + want + `"`; w.Code != 200 || !strings.Contains(w.Body.String(), want) {
			t.Errorf("%s: got %d %s, want %s in it", body, w.Code, w.Body, want)
		}
	}
}

func TestRulesMatch(t *testing.T) {
	for _, c := range []struct {
		match            Match
		deployment, said string
		want             bool
	}{
		{Match{}, "any", "", true},
		{Match{Contains: "rain"}, "any", "will it rain?", true},
		{Match{Contains: "rain"}, "any", "Rain", false},
		{Match{Regex: "(?i)^rain$"}, "any", "RAIN", true},
		{Match{Regex: "^rain$"}, "any", "train", false},
		{Match{Deployment: "a"}, "a", "", true},
		{Match{Deployment: "a"}, "b", "", false},
		{Match{Contains: "rain", Deployment: "a"}, "a", "sun", false},
	} {
		if got := newRule(Answer{Match: c.match}).matches(c.deployment, &chatRequest{lastUser: c.said}); got != c.want {
			t.Errorf("%+v on %q to %q: got %t", c.match, c.said, c.deployment, got)
		}
	}
}

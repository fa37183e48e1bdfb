package azureopenai

import "testing"

func TestFindModel(t *testing.T) {
	for name, want := range map[string]string{ // the prefix it goes by
		"gpt-4o-2024-05-13":  "gpt-4o-2024-05-13",
		"gpt-4o-2024-11-20":  "gpt-4o",
		"gpt-4-32k-0613":     "gpt-4-32k",
		"gpt-4-0613":         "gpt-4",
		"gpt-4.1-mini":       "gpt-4.1",
		"gpt-5-chat":         "gpt-5-chat",
		"gpt-5-mini":         "gpt-5",
		"o1-mini-2024-09-12": "o1-mini",
		"o1-2024-12-17":      "o1",
		"tts-hd":             "tts",
		"some-later-model":   "",
	} {
		got := findModel(name)
		if got.prefix != want || got.chat && (got.output < 1 || got.output > got.context) {
			t.Errorf("%s: got %+v, want prefix %q", name, got, want)
		}
	}
}

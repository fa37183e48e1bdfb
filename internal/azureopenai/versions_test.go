package azureopenai

import (
	"strings"
	"testing"
)

func TestFindVersion(t *testing.T) {
	for query, want := range map[string]bool{
		"api-version=2024-10-21":               true,
		"API-Version=2023-09-01-preview":       true,
		"a=b&api-version=2025%2D03-01-preview": true,
		"api-version=2023-05-15":               true,
		"api-version=":                         false,
		"api-version=2022-12-01":               false, // before chat completions
		"api-version=2024-10-21-preview":       false,
		"api-version=v1":                       false,
		"":                                     false,
		"api-version=2024-10-21&api-version=2024-06-01": false,
	} {
		if v, got := findVersion(query, versions); got != want {
			t.Errorf("%q: got %q known %t, want %t", query, v, got, want)
		}
	}
}

func TestParametersAreKnownSinceTheirVersion(t *testing.T) {
	for name, since := range map[string][2]version{ // the last version without, the first with
		"functions":             {"2023-06-01-preview", "2023-07-01-preview"},
		"tools":                 {"2023-10-01-preview", "2023-12-01-preview"},
		"stream_options":        {"2024-08-01-preview", "2024-09-01-preview"},
		"max_completion_tokens": {"2024-06-01", "2024-10-21"},
		"reasoning_effort":      {"2024-10-21", "2024-12-01-preview"},
		"prediction":            {"2024-12-01-preview", "2025-01-01-preview"},
	} {
		body := []byte(`{"messages":[` + user + `],"` + name + `":1}`)
		_, refused := parseChatRequest(body, since[0], findModel("gpt-4o"))
		if want := "Unrecognized request argument supplied: " + name; refused == nil || !strings.Contains(refused.body, want) {
			t.Errorf("%s in %s: got %v, want %q", name, since[0], refused, want)
		}
		_, refused = parseChatRequest(body, since[1], findModel("gpt-4o"))
		if refused != nil && strings.Contains(refused.body, "Unrecognized") {
			t.Errorf("%s in %s: got %s, want the name known", name, since[1], refused.body)
		}
	}
}

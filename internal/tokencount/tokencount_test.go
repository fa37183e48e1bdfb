package tokencount_test

import (
	"encoding/json"
	"math/rand/v2"
	"os"
	"strings"
	"sync"
	"testing"
	"unicode/utf8"

	"github.com/apimulator/apimulator/internal/tokencount"
	"github.com/pkoukk/tiktoken-go"
	loader "github.com/pkoukk/tiktoken-go-loader"
)

type row struct {
	Kind   string
	Text   string
	Repeat int
	O200k  int `json:"o200k_base"`
	CL100k int `json:"cl100k_base"`
}

func readRows(t testing.TB) []row {
	t.Helper()
	data, err := os.ReadFile("testdata/counts.json")
	if err != nil {
		t.Fatal(err)
	}
	var rows []row
	if err := json.Unmarshal(data, &rows); err != nil {
		t.Fatal(err)
	}
	if len(rows) < 200 {
		t.Fatalf("testdata/counts.json holds %d rows, want at least 200", len(rows))
	}
	for i := range rows {
		rows[i].Text = strings.Repeat(rows[i].Text, max(rows[i].Repeat, 1))
	}
	return rows
}

// The rows of kind extreme hold runs of one character that merging in the usual
// way, whose cost is the square of a run, would not finish within minutes.
func TestCountsEqualOpenAIs(t *testing.T) {
	for _, r := range readRows(t) {
		if got := tokencount.O200kBase.Count(r.Text); got != r.O200k {
			t.Errorf("o200k_base, %s, %.80q: got %d tokens, want %d", r.Kind, r.Text, got, r.O200k)
		}
		if got := tokencount.CL100kBase.Count(r.Text); got != r.CL100k {
			t.Errorf("cl100k_base, %s, %.80q: got %d tokens, want %d", r.Kind, r.Text, got, r.CL100k)
		}
	}
}

func TestTokensJoinToTheText(t *testing.T) {
	for _, e := range []*tokencount.Encoding{tokencount.O200kBase, tokencount.CL100kBase} {
		for _, r := range readRows(t) {
			var joined strings.Builder
			for token := range e.Tokens(r.Text) {
				if token == "" {
					t.Errorf("%v, %.80q: an empty token", e, r.Text)
				}
				joined.WriteString(token)
			}
			if joined.String() != r.Text {
				t.Errorf("%v, %.80q: the tokens join to %.80q", e, r.Text, joined.String())
			}
		}
	}
}

func TestTokensCanBeLeftEarly(t *testing.T) {
	for _, text := range []string{"one two three", strings.Repeat("xyzzy", 9)} {
		var first []string
		for token := range tokencount.O200kBase.Tokens(text) {
			if first = append(first, token); len(first) == 2 {
				break
			}
		}
		if len(first) != 2 || !strings.HasPrefix(text, strings.Join(first, "")) {
			t.Errorf("%q: got %q, want the first two tokens", text, first)
		}
	}
}

func TestBytesThatAreNotUTF8CountAsReplacementCharacters(t *testing.T) {
	got := tokencount.O200kBase.Count("a\xff\xfeb")
	want := tokencount.O200kBase.Count("a\ufffd\ufffdb")
	if got != want {
		t.Errorf(`"a\xff\xfeb": got %d tokens, want %d`, got, want)
	}
}

func TestForModel(t *testing.T) {
	for model, want := range map[string]string{
		"gpt-4o":                 "o200k_base",
		"gpt-4o-2024-08-06":      "o200k_base",
		"gpt-4o-mini":            "o200k_base",
		"gpt-4.1-nano":           "o200k_base",
		"o1":                     "o200k_base",
		"o4-mini-2025-04-16":     "o200k_base",
		"gpt-5-mini":             "o200k_base",
		"gpt-4":                  "cl100k_base",
		"gpt-4-32k":              "cl100k_base",
		"gpt-4-turbo-2024-04-09": "cl100k_base",
		"GPT-4-0613":             "cl100k_base",
		"gpt-35-turbo":           "cl100k_base",
		"gpt-35-turbo-16k":       "cl100k_base",
		"gpt-3.5-turbo-0125":     "cl100k_base",
		"text-embedding-3-small": "cl100k_base",
		"text-embedding-ada-002": "cl100k_base",
		"":                       "o200k_base",
		"some-later-model":       "o200k_base",
	} {
		if got := tokencount.ForModel(model).String(); got != want {
			t.Errorf("model %q: got %s, want %s", model, got, want)
		}
	}
}

func TestChat(t *testing.T) {
	type message = tokencount.Message
	for _, c := range []struct {
		name     string
		messages []message
		want     int
	}{
		{"none", nil, 3},
		{"empty content", []message{{Role: "user"}}, 3 + 3 + 1},
		{"one", []message{{Role: "user", Content: []string{"Hello, world!"}}}, 3 + 3 + 1 + 4},
		{"a name costs one more", []message{{Role: "user", Name: "a", Content: []string{"Hello, world!"}}}, 3 + 3 + 1 + 4 + 2},
		{"two parts", []message{{Role: "user", Content: []string{"Hello, world!", "Hello, world!"}}}, 3 + 3 + 1 + 8},
		{"two messages", []message{
			{Role: "system", Content: []string{"The quick brown fox jumps over the lazy dog."}},
			{Role: "user", Content: []string{"Hello, world!"}},
		}, 3 + 3 + 1 + 10 + 3 + 1 + 4},
	} {
		if got := tokencount.O200kBase.Chat(c.messages); got != c.want {
			t.Errorf("%s, %q: got %d tokens, want %d", c.name, c.messages, got, c.want)
		}
	}
}

func TestEncodingsServeSeveralGoroutines(t *testing.T) {
	rows := readRows(t)
	var wg sync.WaitGroup
	for range 4 {
		wg.Go(func() {
			for _, r := range rows[:100] {
				if got := tokencount.O200kBase.Count(r.Text); got != r.O200k {
					t.Errorf("%q: got %d tokens, want %d", r.Text, got, r.O200k)
				}
			}
		})
	}
	wg.Wait()
}

// FuzzCount compares with another implementation of the same encodings, whose
// own cost grows with the square of a piece: hence the bound on the input.
func FuzzCount(f *testing.F) {
	tiktoken.SetBpeLoader(loader.NewOfflineLoader())
	others := map[*tokencount.Encoding]*tiktoken.Tiktoken{}
	for _, e := range []*tokencount.Encoding{tokencount.O200kBase, tokencount.CL100kBase} {
		other, err := tiktoken.GetEncoding(e.String())
		if err != nil {
			f.Fatal(err)
		}
		others[e] = other
	}
	for _, r := range readRows(f) {
		if len(r.Text) <= 400 {
			f.Add(r.Text)
		}
	}
	f.Add("a\xff\xfeb")
	for _, text := range randomTexts(300) {
		f.Add(text)
	}
	f.Fuzz(func(t *testing.T, text string) {
		// That library does not fold ſ to s; the recorded counts cover it.
		if len(text) > 2000 || !utf8.ValidString(text) || strings.Contains(text, "ſ") {
			return
		}
		for e, other := range others {
			if got, want := e.Count(text), len(other.EncodeOrdinary(text)); got != want {
				t.Errorf("%v, %q: got %d tokens, want %d", e, text, got, want)
			}
		}
	})
}

// randomTexts draws from characters at which pieces begin and end.
func randomTexts(n int) []string {
	letters := []rune(" \t\n\r  \n\n aAbBéÉ'sS'llDtreve12½٣.,!/-_{}()你はア한😀\u200b\u200d\ufeff\u0301\u00a0ǅʰ")
	random := rand.New(rand.NewPCG(1, 2))
	texts := make([]string, n)
	for i := range texts {
		var b strings.Builder
		for range 1 + random.IntN(60) {
			b.WriteRune(letters[random.IntN(len(letters))])
		}
		texts[i] = b.String()
	}
	return texts
}

func BenchmarkCount(b *testing.B) {
	prose := strings.Repeat("The quick brown fox jumps over the lazy dog. ", 100)
	for name, text := range map[string]string{"prose": prose, "run": strings.Repeat("a", len(prose)), "short": "What is the capital of France?"} {
		b.Run(name, func(b *testing.B) {
			tokens := tokencount.O200kBase.Count(text)
			b.SetBytes(int64(len(text)))
			b.ReportAllocs()
			for b.Loop() {
				tokencount.O200kBase.Count(text)
			}
			b.ReportMetric(float64(tokens)*float64(b.N)/b.Elapsed().Seconds(), "tokens/s")
		})
	}
}

package azureopenai

import (
	"encoding/json"
	"fmt"
	"io"
	"net/http/httptest"
	"os"
	"strings"
	"testing"
	"testing/iotest"
	"unicode/utf8"

	"github.com/apimulator/apimulator/internal/tokencount"
	"github.com/google/go-cmp/cmp"
)

const user = `{"role":"user","content":"Hi"}`

func TestGoodRequests(t *testing.T) {
	hi := []tokencount.Message{{Role: "user", Content: []string{"Hi"}}}
	for _, c := range []struct {
		body string
		want chatRequest
	}{
		{`{"messages":[` + user + `]}`, chatRequest{messages: hi, lastUser: "Hi", n: 1}},
		{`{"messages":[` + user + `],"n":128,"max_tokens":16384,"stop":"x","stream":true,"stream_options":{"include_usage":true}}`,
			chatRequest{messages: hi, lastUser: "Hi", n: 128, maxTokens: 16384, stop: []string{"x"}, stream: true, streamOptions: true, includeUsage: true}},
		{`{"messages":[` + user + `],"max_completion_tokens":1,"stop":["a","b","c","d"],"stream":false}`,
			chatRequest{messages: hi, lastUser: "Hi", n: 1, maxTokens: 1, stop: []string{"a", "b", "c", "d"}}},
		{`{"messages":[` + user + `],"n":null,"max_tokens":null,"stop":null,"stream":null,"stream_options":null,"tools":null,"temperature":null}`,
			chatRequest{messages: hi, lastUser: "Hi", n: 1}},
		{`{"messages":[` + user + `],"model":"m","temperature":2,"top_p":0,"presence_penalty":-2,"frequency_penalty":1.5e0,"seed":-9223372036854775808,` +
			`"user":"u","logit_bias":{"50256":-100},"response_format":{"type":"text"},"logprobs":false}`,
			chatRequest{messages: hi, lastUser: "Hi", n: 1}},
		{`{"messages":[` + user + `],"stream":true,"stream_options":{"include_usage":null}}`,
			chatRequest{messages: hi, lastUser: "Hi", n: 1, stream: true, streamOptions: true}},
		{`{"messages":[{"role":"system","content":"S"},{"role":"user","content":[{"type":"text","text":"a"},{"type":"text","text":"b"}],"name":"bob"},{"role":"assistant","content":"c","tool_calls":null}]}`,
			chatRequest{n: 1, lastUser: "a\nb", messages: []tokencount.Message{
				{Role: "system", Content: []string{"S"}}, {Role: "user", Name: "bob", Content: []string{"a", "b"}}, {Role: "assistant", Content: []string{"c"}}}}},
	} {
		got, refused := parseChatRequest([]byte(c.body), "2024-10-21", findModel("gpt-4o"))
		if refused != nil {
			t.Errorf("%s: refused: %s", c.body, refused.body)
			continue
		}
		c.want.version, c.want.model, c.want.parallelCalls = "2024-10-21", findModel("gpt-4o"), true
		if strings.Contains(c.body, `"response_format"`) {
			c.want.format.kind = formatText
		}
		if diff := cmp.Diff(c.want, *got, cmp.AllowUnexported(chatRequest{}, model{}, toolChoice{}, format{})); diff != "" {
			t.Errorf("%s: (- want, + got)\n%s", c.body, diff)
		}
	}
}

// refusedRow is a body, or the fields beside good messages, of a request to a
// deployment of a model in a version, and the error it gets. In message, "…"
// stands for anything.
type refusedRow struct {
	Body, Fields, Model, Version string
	Message                      string
	Param, Code                  *string
}

func readRefused(t testing.TB) []refusedRow {
	t.Helper()
	data, err := os.ReadFile("testdata/refused.json")
	if err != nil {
		t.Fatal(err)
	}
	var rows []refusedRow
	if err := json.Unmarshal(data, &rows); err != nil {
		t.Fatal(err)
	}
	for i := range rows {
		row := &rows[i]
		if row.Fields != "" {
			row.Body = `{"messages":[` + user + `],` + row.Fields + `}`
		}
		if row.Model == "" {
			row.Model = "gpt-4o-2024-08-06"
		}
		if row.Version == "" {
			row.Version = "2024-10-21"
		}
	}
	return rows
}

func TestRefusedRequests(t *testing.T) {
	for _, row := range readRefused(t) {
		_, refused := parseChatRequest([]byte(row.Body), version(row.Version), findModel(row.Model))
		if refused == nil {
			t.Errorf("%s: not refused, want %q", row.Body, row.Message)
			continue
		}
		var got struct{ Error modelError }
		if err := json.Unmarshal([]byte(refused.body), &got); err != nil {
			t.Errorf("%s: refused with %s: %v", row.Body, refused.body, err)
			continue
		}
		before, after, _ := strings.Cut(row.Message, "…")
		if refused.status != 400 || got.Error.Type != "invalid_request_error" ||
			!strings.HasPrefix(got.Error.Message, before) || !strings.HasSuffix(got.Error.Message, after) ||
			!cmp.Equal(got.Error.Param, row.Param) || !cmp.Equal(got.Error.Code, row.Code) {
			t.Errorf("%s, version %s, model %s:\n got %d %s\nwant %q, param %s, code %s", row.Body, row.Version, row.Model,
				refused.status, refused.body, row.Message, show(row.Param), show(row.Code))
		}
	}
}

func show(s *string) string {
	if s == nil {
		return "null"
	}
	return fmt.Sprintf("%q", *s)
}

func TestLongValuesAreCutInMessages(t *testing.T) {
	// The 400th byte is within a character.
	body := `{"messages":[` + user + `],"x` + strings.Repeat("é", 5000) + `":1}`
	_, refused := parseChatRequest([]byte(body), "2024-10-21", findModel("gpt-4o"))
	if want := `supplied: x` + strings.Repeat("é", 199) + `…","type"`; refused == nil || !strings.Contains(refused.body, want) {
		t.Errorf("got %+v, want %q in it", refused, want)
	}
}

func TestBodiesOfUnknownLength(t *testing.T) {
	s, _ := newTestServer(t, testConfig())
	for _, c := range []struct {
		name string
		body io.Reader
		want string
	}{
		{"good", strings.NewReader(helloBody), "You said: Hello, world!"},
		{"too large", io.MultiReader(strings.NewReader(helloBody), strings.NewReader(strings.Repeat(" ", maxBody))), "exceeded (4194305 bytes read)"},
		{"broken off", io.MultiReader(strings.NewReader(helloBody), iotest.ErrReader(io.ErrUnexpectedEOF)), "We could not parse the JSON body"},
	} {
		r := httptest.NewRequest("POST", chatURL, io.NopCloser(c.body))
		r.ContentLength = -1
		r.Header.Set("Api-Key", testKey)
		w := httptest.NewRecorder()
		if s.ServeHTTP(w, r); !strings.Contains(w.Body.String(), c.want) {
			t.Errorf("%s: got %d %s, want %q in it", c.name, w.Code, w.Body, c.want)
		}
	}
}

func TestConversationsAndTheirBounds(t *testing.T) {
	s, _ := newTestServer(t, testConfig())
	filler := strings.Repeat("word ", 5000)
	for _, c := range []struct {
		name, url, body string
		status          int
		want            string // part of the body
	}{
		{"2048 messages", chatURL, `{"messages":[` + strings.Repeat(user+",", 2047) + user + `]}`, 200, "You said: Hi"},
		{"2049 messages", chatURL, `{"messages":[` + strings.Repeat(user+",", 2048) + user + `]}`, 400, "maximum length 2048, but got an array with length 2049"},
		{"nested too deep", chatURL, `{"messages":` + strings.Repeat("[", 20_000), 400, "We could not parse the JSON body"},
		{"nested deep", chatURL, `{"messages":` + strings.Repeat("[", 5_000) + strings.Repeat("]", 5_000) + `}`, 400, "Invalid type for 'messages.[0]'"},
		{"too large", chatURL, `{"messages":[{"role":"user","content":"` + strings.Repeat("a", maxBody) + `"}]}`, 413,
			`{"error":{"message":"Maximum content size limit (4194304) exceeded (4194347 bytes read)","type":"server_error","param":null,"code":null}}`},
		{"beyond the context", "/openai/deployments/gpt-35-turbo/chat/completions?api-version=2024-10-21",
			`{"messages":[{"role":"user","content":"` + strings.Repeat(filler, 4) + `"}]}`, 400,
			`{"error":{"message":"This model's maximum context length is 16385 tokens. However, your messages resulted in 20008 tokens. ` +
				`Please reduce the length of the messages.","type":"invalid_request_error","param":"messages","code":"context_length_exceeded"}}`},
		{"beyond the context with the answer", "/openai/deployments/gpt-35-turbo/chat/completions?api-version=2024-10-21",
			`{"max_tokens":4096,"messages":[{"role":"user","content":"` + strings.Repeat(filler, 3) + `"}]}`, 400,
			`maximum context length is 16385 tokens. However, you requested 19104 tokens (15008 in the messages, 4096 in the completion). Please reduce`},
		{"the model's longest answer", "/openai/deployments/gpt-35-turbo/chat/completions?api-version=2024-10-21",
			`{"messages":[{"role":"user","content":"` + filler + `"}]}`, 200, `"completion_tokens":4096,`},
		{"many long choices", chatURL, `{"n":128,"messages":[{"role":"user","content":"` + strings.Repeat(" ", 200_000) + `"}]}`, 400,
			"apimulator does not emulate an answer of more than 16777216 bytes, all choices together, yet."},
	} {
		w := ask(s, c.url, c.body)
		if w.Code != c.status || !strings.Contains(w.Body.String(), c.want) {
			t.Errorf("%s: got %d %.400s, want %d %s", c.name, w.Code, w.Body, c.status, c.want)
		}
	}
}

func FuzzParseChatRequest(f *testing.F) {
	for _, row := range readRefused(f) {
		f.Add([]byte(row.Body))
	}
	f.Add([]byte(`{"messages":[{"role":"user","content":[{"type":"text","text":"Hi"}],"name":"a"}],"n":2,"stop":["x"],"stream":true,` +
		`"stream_options":{"include_usage":true},"max_completion_tokens":5,"logit_bias":{"1":-1},"seed":1,"response_format":{"type":"text"}}`))
	f.Fuzz(func(t *testing.T, body []byte) {
		for _, v := range []version{"2023-05-15", "2025-04-01-preview"} {
			q, refused := parseChatRequest(body, v, findModel("gpt-4o"))
			switch {
			case (q == nil) == (refused == nil):
				t.Fatalf("%q: got both or neither of a request and a refusal", body)
			case refused != nil && (!json.Valid([]byte(refused.body)) || refused.status != 400 || len(refused.body) > 8192):
				t.Fatalf("%q: refused with %d %q", body, refused.status, refused.body)
			case q != nil && (len(q.messages) == 0 || q.n < 1 || q.n > 128 || q.maxTokens < 0 || !utf8.ValidString(q.lastUser)):
				t.Fatalf("%q: read as %+v", body, q)
			}
		}
	})
}

package ai

import (
	"fmt"
	"strings"
	"testing"
	"testing/iotest"
	"time"

	"github.com/apimulator/apimulator/policy/exchange"
)

func TestPromptTokens(t *testing.T) {
	for _, c := range []struct {
		path, body string
		want       int
		stream     bool
	}{
		{"/", "", 0, false},
		{"/", "no JSON", 0, false},
		{"/", `[]`, 0, false},
		{"/", `{"stream":true}`, 0, true},
		{"/", `{"stream":"yes","messages":[{"role":"user","content":"Hello, world!"}]}`, 11, false},
		{"/", `{"messages":[{"role":"user","content":"Hello, world!"}]}`, 11, false},
		{"/", `{"messages":[{"role":"user","name":"bob","content":[{"type":"text","text":"Hello,"},{"type":"text","text":" world!"}]}]}`, 13, false},
		{"/", `{"messages":[{"role":"assistant","content":null,"tool_calls":[{"function":{"name":"f","arguments":"{}"}}]}]}`, 9, false},
		{"/", `{"messages":[{"role":"user","content":[{"type":"image_url","image_url":{}}]}]}`, 1207, false},
		{"/", `{"system":"Hello, world!","messages":[{"role":"user","content":"Hello, world!"}]}`, 15, false},
		{"/", `{"messages":[],"tools":[{"type":"function"}],"functions":null}`, 7, false},
		{"/", `{"prompt":"Hello, world!"}`, 4, false},
		{"/", `{"prompt":["Hello, world!","Hello, world!"]}`, 8, false},
		{"/", `{"prompt":[1,2,3]}`, 3, false},
		{"/", `{"input":[[1,2],[3]]}`, 3, false},
		{"/", `{"input":"Hello, world!","instructions":"Hello, world!"}`, 8, false},
		{"/", `{"input":[{"role":"user","content":[{"type":"input_text","text":"Hello, world!"},{"type":"input_image"}]},{"type":"function_call_output","output":"Hello, world!"}]}`, 1215, false},
	} {
		p := readPrompt([]byte(c.body), c.path)
		if got := p.tokens(); got != c.want || p.stream != c.stream {
			t.Errorf("%s: %d tokens, stream %v; want %d, %v", c.body, got, p.stream, c.want, c.stream)
		}
	}
}

func TestPromptModel(t *testing.T) {
	for path, want := range map[string]string{"/openai/deployments/gpt-35-turbo/completions": "gpt-35-turbo", "/deployments/a": "a", "/chat/completions": ""} {
		if got := readPrompt(nil, path).model; got != want {
			t.Errorf("%s: %q, want %q", path, got, want)
		}
	}
	if got := readPrompt([]byte(`{"model":"b"}`), "/deployments/a").model; got != "b" {
		t.Errorf("the body names b, got %q", got)
	}
}

func TestAnswers(t *testing.T) {
	for _, c := range []struct {
		status int
		body   string
		want   spent
	}{
		{200, `{"usage":{"prompt_tokens":5,"completion_tokens":2,"total_tokens":9,"completion_tokens_details":{"reasoning_tokens":7}}}`, spent{usage: usage{5, 2}, told: true}},
		{200, `{"usage":{"prompt_tokens":5,"total_tokens":5}}`, spent{usage: usage{5, 0}, told: true}},
		{200, `{"usage":{"input_tokens":5,"output_tokens":2}}`, spent{usage: usage{5, 2}, told: true}},
		{200, `{"usage":{"prompt_tokens":-5,"completion_tokens":-2}}`, spent{told: true}},
		{200, `{"usage":{"total_tokens":5}}`, spent{}},
		{200, `{"choices":[{"message":{"content":"Hello, world!"}},{"index":1,"message":{"content":null,"tool_calls":[{"function":{"name":"f","arguments":"{}"}}]}}]}`, spent{usage: usage{11, 6}}},
		{200, `{"choices":[{"text":"Hello, world!"}]}`, spent{usage: usage{11, 4}}},
		{200, `{"output":[{"content":[{"type":"output_text","text":"Hello, world!"}]},{"name":"f","arguments":"{}"}]}`, spent{usage: usage{11, 6}}},
		{400, `{"choices":[{"text":"Hello, world!"}]}`, spent{}},
		{200, `{`, spent{}},
		{200, ``, spent{}},
	} {
		s := spending{question: readPrompt([]byte(`{"messages":[{"role":"user","content":"Hello, world!"}]}`), "/")}
		if got := s.whole(c.status, []byte(c.body)); got != c.want {
			t.Errorf("%d %s: %+v, want %+v", c.status, c.body, got, c.want)
		}
	}
}

// chunks are streams of each dialect whose completion is "Hello, world!".
var chunks = map[string]string{
	"chat":       "data: {\"choices\":[{\"delta\":{\"content\":\"Hello,\"}}]}\n\ndata: {\"choices\":[{\"delta\":{\"content\":\" world!\"}}],\"usage\":null}\n\ndata: [DONE]\n\n",
	"CRLF":       ": alive\r\n\r\ndata: {\"choices\":[{\"delta\":{\"content\":\"Hello,\"}}]}\r\n\r\nid: 1\r\nevent: x\r\ndata:{\"choices\":[{\"delta\":\r\ndata:{\"content\":\" world!\"}}]}\r\n\r\n",
	"CR":         "data: {\"choices\":[{\"delta\":{\"content\":\"Hello, world!\"}}]}\r\r",
	"no end":     "data: {\"choices\":[{\"delta\":{\"content\":\"Hello, world!\"}}]}",
	"completion": "data: {\"choices\":[{\"text\":\"Hello, \"}]}\n\ndata: {\"choices\":[{\"text\":\"world!\"}]}\n\n",
	"responses": "event: response.output_text.delta\ndata: {\"type\":\"response.output_text.delta\",\"delta\":\"Hello, \"}\n\ndata: {\"type\":\"response.output_text.delta\",\"delta\":\"world!\"}\n\n" +
		"data: {\"type\":\"response.completed\",\"response\":{\"model\":\"gpt-4o\",\"output\":[{\"content\":[{\"text\":\"Hello, world!\"}]}],\"usage\":{\"input_tokens\":3,\"output_tokens\":4}}}\n\n",
	"content_block": "data: {\"type\":\"content_block_delta\",\"delta\":{\"type\":\"text_delta\",\"text\":\"Hello, world!\"}}\n\n",
	"damaged":       "data: {\"choices\":[{\"delta\":{\"content\":\"Hello, world!\"}}]}\n\ndata: {\"choices\":[{\"del\n\ndata: {\"choices\":7}\n\n",
}

// Streams count the same in whatever pieces their bytes come.
func TestStreams(t *testing.T) {
	for name, stream := range chunks {
		for _, size := range []int{1, 2, 3, 7, 64, len(stream)} {
			var c completion
			e := events{f: c.event}
			for rest := stream; rest != ""; {
				n := min(size, len(rest))
				e.Write([]byte(rest[:n]))
				rest = rest[n:]
			}
			e.Close()
			if got := c.tokens(); got != 4 {
				t.Errorf("%s in pieces of %d: %d tokens, want 4", name, size, got)
			}
			if name == "responses" && (!c.isTold || c.told != usage{3, 4}) {
				t.Errorf("%s tells %+v", name, c.told)
			}
		}
	}
}

// A body that is too large or breaks off is passed on as it came.
func TestHold(t *testing.T) {
	for _, c := range []struct {
		name   string
		body   exchange.Body
		held   bool
		reads  string
		broken bool
	}{
		{"none", exchange.Body{}, true, "", false},
		{"in memory", exchange.BytesBody([]byte("abc")), true, "abc", false},
		{"stream", exchange.StreamBody(closer{strings.NewReader("abcd")}, -1), true, "abcd", false},
		{"told too large", exchange.StreamBody(closer{strings.NewReader("abcde")}, 5), false, "abcde", false},
		{"too large", exchange.StreamBody(closer{strings.NewReader("abcdefgh")}, -1), false, "abcdefgh", false},
		{"broken", exchange.StreamBody(closer{iotest.TimeoutReader(iotest.OneByteReader(strings.NewReader("abc")))}, -1), false, "a", true},
	} {
		if _, held := hold(&c.body, 4); held != c.held {
			t.Errorf("%s: held %v", c.name, held)
		}
		data, err := c.body.Buffer(100)
		if c.broken {
			if err != iotest.ErrTimeout {
				t.Errorf("%s: %q, %v", c.name, data, err)
			}
		} else if string(data) != c.reads || err != nil {
			t.Errorf("%s: %q, %v", c.name, data, err)
		}
	}
}

type closer struct {
	r interface{ Read([]byte) (int, error) }
}

func (c closer) Read(p []byte) (int, error) { return c.r.Read(p) }
func (closer) Close() error                 { return nil }

func TestLongTextsAreCountedInPieces(t *testing.T) {
	var c completion
	piece := strings.Repeat("Hello, world! ", 10_000)
	for range 20 {
		c.add(textID{}, piece)
	}
	if b := c.texts[textID{}]; b.Len() > longestText {
		t.Errorf("%d bytes are kept", b.Len())
	}
	if got, exact := c.tokens(), 20*10_000*4; got < exact || got > exact+20*10_000+3 {
		t.Errorf("%d tokens", got)
	}
}

func TestQuotaPeriods(t *testing.T) {
	now := time.Date(2028, 2, 29, 23, 59, 59, 999, time.FixedZone("", -3600)) // 1 March, UTC
	for unit, want := range map[string]string{
		"Hourly": "2028-03-01T00 2028-03-01T01", "Daily": "2028-03-01T00 2028-03-02T00", "Weekly": "2028-02-28T00 2028-03-06T00",
		"Monthly": "2028-03-01T00 2028-04-01T00", "Yearly": "2028-01-01T00 2029-01-01T00",
	} {
		start, end := quotaPeriod(unit, now)
		if got := start.Format("2006-01-02T15") + " " + end.Format("2006-01-02T15"); got != want {
			t.Errorf("%s: %s, want %s", unit, got, want)
		}
	}
	sunday := time.Date(2026, 1, 4, 0, 0, 0, 0, time.UTC)
	if start, _ := quotaPeriod("Weekly", sunday); start.Day() != 29 {
		t.Errorf("the week of Sunday begins on %s", start)
	}
}

// FuzzStream: whatever comes, nothing panics, and what is counted does not depend on the
// pieces.
func FuzzStream(f *testing.F) {
	for _, stream := range chunks {
		f.Add([]byte(stream), 3)
	}
	f.Fuzz(func(t *testing.T, stream []byte, size int) {
		if len(stream) > 1<<14 {
			return
		}
		var whole, pieces completion
		e := events{f: whole.event}
		e.Write(stream)
		e.Close()
		p := events{f: pieces.event}
		for rest := stream; len(rest) > 0; {
			n := min(max(size, 1), len(rest))
			p.Write(rest[:n])
			rest = rest[n:]
		}
		p.Close()
		if fmt.Sprint(whole.told, len(whole.texts)) != fmt.Sprint(pieces.told, len(pieces.texts)) {
			t.Errorf("as a whole %+v, in pieces of %d %+v", whole, size, pieces)
		}
	})
}

// FuzzPrompt: whatever a client sends, nothing panics and no count is negative.
func FuzzPrompt(f *testing.F) {
	f.Add([]byte(`{"messages":[{"role":"user","content":[{"type":"text","text":"a"}]}],"input":[[1],"a",{"content":"b"}],"tools":[{}]}`))
	f.Fuzz(func(t *testing.T, body []byte) {
		if len(body) > 1<<14 {
			return
		}
		p := readPrompt(body, "/openai/deployments/a")
		if p.numbers < 0 || p.images < 0 {
			t.Errorf("%+v", p)
		}
		s := spending{question: p}
		if got := s.whole(200, body); got.total() < 0 {
			t.Errorf("%+v", got)
		}
	})
}

func BenchmarkStream(b *testing.B) {
	chunk := []byte("data: {\"id\":\"chatcmpl-1\",\"model\":\"gpt-4o-2024-08-06\",\"choices\":[{\"index\":0,\"delta\":{\"content\":\" world\"},\"finish_reason\":null}],\"usage\":null}\n\n")
	b.ReportAllocs()
	b.SetBytes(int64(len(chunk)))
	var c completion
	e := events{f: c.event}
	for b.Loop() {
		e.Write(chunk)
	}
}

func BenchmarkPrompt(b *testing.B) {
	body := []byte(`{"model":"gpt-4o","stream":true,"messages":[{"role":"system","content":"You are helpful."},{"role":"user","content":"` + strings.Repeat("Hello, world! ", 50) + `"}]}`)
	b.ReportAllocs()
	for b.Loop() {
		readPrompt(body, "/").tokens()
	}
}

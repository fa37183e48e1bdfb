package main

import (
	"fmt"
	"io"
	"net/http"
	"strings"
	"testing"
)

// replies answers with a status, headers as "Name: value" and a body.
func replies(status int, body string, headers ...string) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		for _, header := range headers {
			name, value, _ := strings.Cut(header, ": ")
			w.Header().Set(name, value)
		}
		w.WriteHeader(status)
		io.WriteString(w, body)
	}
}

// The chunks are Azure's (azure-openai.md 2.3), with less in them.
const (
	firstChunk = `data: {"choices":[],"created":0,"id":"","model":"","object":"","prompt_filter_results":[{"prompt_index":0}]}` + "\n\n"
	roleChunk  = `data: {"choices":[{"delta":{"content":"","refusal":null,"role":"assistant"},"finish_reason":null,"index":0}],"id":"chatcmpl-X"}` + "\n\n"
	usageChunk = `data: {"choices":[],"usage":{"total_tokens":7}}` + "\n\n"
	doneChunk  = "data: [DONE]\n\n"
)

func delta(text string) string {
	return fmt.Sprintf(`data: {"choices":[{"delta":{"content":%q},"finish_reason":null,"index":0}]}`, text) + "\n\n"
}

func finish(reason string) string {
	return fmt.Sprintf(`data: {"choices":[{"delta":{},"finish_reason":%q,"index":0}]}`, reason) + "\n\n"
}

func TestStream(t *testing.T) {
	a := newAzure(t)
	state := a.state()
	for name, test := range map[string]struct {
		body   string
		flags  []string
		status int
		stdout string
		stderr []string
	}{
		"whole": {firstChunk + roleChunk + delta("Buy a") + delta(" bicycle.") + finish("stop") + usageChunk + doneChunk,
			nil, exitOK, "Buy a bicycle.\n", nil},
		"with CR LF, comments and no blank": {strings.ReplaceAll(": keep-alive\n\n"+strings.ReplaceAll(delta("Hi"), "data: ", "data:")+doneChunk, "\n", "\r\n"),
			nil, exitOK, "Hi\n", nil},
		"ends with a line end of its own": {delta("Hi\n") + doneChunk, nil, exitOK, "Hi\n", nil},
		"no blank line after [DONE]":      {delta("Hi") + "data: [DONE]", nil, exitOK, "Hi\n", nil},
		"second choice":                   {`data: {"choices":[{"delta":{"content":"no"},"index":1}]}` + "\n\n" + doneChunk, nil, exitOK, "", nil},
		"annotation without delta":        {`data: {"choices":[{"index":0,"content_filter_offsets":{"check_offset":44}}],"id":""}` + "\n\n" + doneChunk, nil, exitOK, "", nil},
		"filtered":                        {delta("Bad") + finish("content_filter") + doneChunk, nil, exitOK, "Bad\n", []string{"the content filter cut the answer"}},
		"at the limit":                    {delta("Long") + finish("length") + doneChunk, nil, exitOK, "Long\n", []string{"at the limit of tokens"}},
		"raw":                             {roleChunk + doneChunk, []string{"--json"}, exitOK, strings.TrimSuffix(strings.TrimPrefix(roleChunk, "data: "), "\n"), nil},
		"cut between events":              {delta("Buy a"), nil, exitFailed, "Buy a\n", []string{"was cut after 1 events, before its [DONE]"}},
		"cut within an event":             {delta("Buy a") + `data: {"choices":[{"del`, nil, exitFailed, "Buy a\n", []string{"was cut after 1 events"}},
		"error":                           {delta("Buy") + `data: {"error":{"code":"500","message":"The server had an error."}}` + "\n\n", nil, exitFailed, "Buy\n", []string{"ended in an error: The server had an error."}},
		"error without a message":         {`data: {"error":{"code":"server_error"}}` + "\n\n", nil, exitFailed, "", []string{"ended in an error: server_error"}},
		"not JSON":                        {"data: hello\n\n", nil, exitFailed, "", []string{"is not a chunk of a chat completion"}},
		"endless line":                    {"data: " + strings.Repeat("x", maxEvent), nil, exitFailed, "", []string{"line longer than 1048576 bytes"}},
	} {
		t.Run(name, func(t *testing.T) {
			a.reply(replies(200, test.body, "Content-Type: text/event-stream; charset=utf-8"))
			args := append([]string{"--state", state, "--stream", "Hello"}, test.flags...)
			a.client(run{args: args}).want(t, test.status, test.stdout, test.stderr...)
			if _, body := a.last(); !strings.Contains(body, `"stream":true`) {
				t.Errorf("sent %s, want a request for a stream", body)
			}
		})
	}
}

func TestStreamsOnATerminal(t *testing.T) {
	a := newAzure(t)
	state := a.state()
	for _, test := range []struct {
		terminal bool
		flags    []string
		want     bool
	}{
		{true, nil, true},
		{false, nil, false},
		{false, []string{"--stream"}, true},
		{true, []string{"--no-stream"}, false},
		{true, []string{"--json"}, false},
		{true, []string{"--json", "--stream"}, true},
	} {
		a.client(run{args: append([]string{"--state", state, "Hello"}, test.flags...), terminal: test.terminal})
		if _, body := a.last(); strings.Contains(body, `"stream":true`) != test.want {
			t.Errorf("terminal %v, flags %q: sent %s, want stream %v", test.terminal, test.flags, body, test.want)
		}
	}
}

// The stream is shown as it comes: the gateway goes on only after the client
// printed what it had.
func TestStreamIsPrintedAsItComes(t *testing.T) {
	a := newAzure(t)
	printed := make(chan string)
	a.reply(func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Type", "text/event-stream")
		for _, text := range []string{"one ", "two "} {
			io.WriteString(w, delta(text))
			w.(http.Flusher).Flush()
			if got := <-printed; got != text {
				t.Errorf("printed %q, want %q", got, text)
			}
		}
		io.WriteString(w, doneChunk)
	})
	c := call{
		settings: &settings{endpoint: mustParse(t, a.URL+path)}, stream: true, prompt: "Hello", timeout: 1 << 40,
		stdout: writer(func(text string) {
			if text != "\n" {
				printed <- text
			}
		}), stderr: io.Discard,
	}
	if err := c.do(t.Context(), a.Client().Transport); err != nil {
		t.Error(err)
	}
}

type writer func(text string)

func (f writer) Write(p []byte) (int, error) { f(string(p)); return len(p), nil }

func TestWholeAnswers(t *testing.T) {
	a := newAzure(t)
	state := a.state()
	for name, test := range map[string]struct {
		body   string
		flags  []string
		status int
		stdout string
		stderr []string
	}{
		"raw":              {answer + "\n", []string{"--json"}, exitOK, answer + "\n", nil},
		"refusal":          {`{"choices":[{"message":{"content":null,"refusal":"I won't."}}]}`, nil, exitOK, "I won't.\n", nil},
		"cut by a limit":   {`{"choices":[{"message":{"content":"Bu"},"finish_reason":"length"}]}`, nil, exitOK, "Bu\n", []string{"at the limit of tokens"}},
		"no choices":       {`{}`, nil, exitFailed, "", []string{"is not a chat completion: --json shows it"}},
		"not JSON":         {`hello`, nil, exitFailed, "", []string{"is not a chat completion: --json shows it"}},
		"streamed instead": {answer, []string{"--stream"}, exitOK, "Buy a bicycle.\n", nil},
	} {
		t.Run(name, func(t *testing.T) {
			a.reply(replies(200, test.body, "Content-Type: application/json"))
			a.client(run{args: append([]string{"--state", state, "Hello"}, test.flags...)}).want(t, test.status, test.stdout, test.stderr...)
		})
	}
}

func TestCutAnswer(t *testing.T) {
	a := newAzure(t)
	a.reply(func(w http.ResponseWriter, r *http.Request) {
		io.WriteString(w, answer[:20])
		w.(http.Flusher).Flush()
		panic(http.ErrAbortHandler)
	})
	a.client(run{args: []string{"--state", a.state(), "Hello"}}).want(t, exitFailed, "", "was cut: ")
}

func TestTimeout(t *testing.T) {
	a := newAzure(t)
	for name, begin := range map[string]string{"before the answer": "", "within the answer": delta("Hi")} {
		a.reply(func(w http.ResponseWriter, r *http.Request) {
			if begin != "" {
				w.Header().Set("Content-Type", "text/event-stream")
				io.WriteString(w, begin)
				w.(http.Flusher).Flush()
			}
			<-r.Context().Done()
		})
		t.Run(name, func(t *testing.T) {
			out := a.client(run{args: []string{"--state", a.state(), "--timeout", "300ms", "Hello"}})
			if want := "did not answer to the end within 300ms (--timeout)"; out.status != exitFailed || !strings.Contains(out.stderr, want) {
				t.Errorf("got status %d, stderr:\n%s\nwant 1, %q", out.status, out.stderr, want)
			}
		})
	}
}

// Whatever a server sends back, the token and the keys are not shown.
func TestEchoedSecretsAreHidden(t *testing.T) {
	a := newAzure(t)
	env := a.environment()
	env[envClientSecret] = secret
	for name, flags := range map[string][]string{"raw": {"--json"}, "streamed": {"--stream"}, "refused": nil} {
		a.reply(func(w http.ResponseWriter, r *http.Request) {
			echo := r.Header.Get("Authorization") + " " + r.Header.Get("Ocp-Apim-Subscription-Key") + " " + secret
			switch name {
			case "raw":
				io.WriteString(w, echo)
			case "streamed":
				w.Header().Set("Content-Type", "text/event-stream")
				for _, c := range echo {
					io.WriteString(w, delta(string(c)))
				}
				io.WriteString(w, doneChunk)
			case "refused":
				w.WriteHeader(http.StatusUnauthorized)
				io.WriteString(w, echo)
			}
		})
		t.Run(name, func(t *testing.T) {
			out := a.client(run{args: append(flags, "Hello"), env: env})
			if want := "Bearer [hidden] [hidden] [hidden]"; !strings.Contains(out.stdout+out.stderr, want) {
				t.Errorf("got:\n%s%s\nwant %q", out.stdout, out.stderr, want)
			}
		})
	}
}

package main

import (
	"bytes"
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"mime"
	"net/http"
	"strings"
	"time"
)

const (
	// maxAnswer is the largest answer that is read in one piece, in bytes.
	maxAnswer = 16 << 20
	// maxRefusal is the largest body of a refusal, in bytes.
	maxRefusal = 1 << 20
)

// call is one question to the gateway.
type call struct {
	settings       *settings
	token          string
	system, prompt string
	stream         bool
	raw            bool // print the answer as it came
	timeout        time.Duration
	stdout, stderr io.Writer
}

// chatRequest is what a chat completion is asked with.
type chatRequest struct {
	Messages []chatMessage `json:"messages"`
	Stream   bool          `json:"stream,omitempty"`
}

type chatMessage struct {
	Role    string `json:"role"`
	Content string `json:"content"`
}

// completion is a chat completion, or one chunk of a streamed one
// (azure-openai.md 2.2, 2.3).
type completion struct {
	Choices []struct {
		Index        int    `json:"index"`
		Message      said   `json:"message"` // of a whole answer
		Delta        said   `json:"delta"`   // of a chunk
		FinishReason string `json:"finish_reason"`
	} `json:"choices"`
	Error json.RawMessage `json:"error"`
}

type said struct {
	Content string `json:"content"`
	Refusal string `json:"refusal"` // of a model that won't answer
}

func (s said) text() string { return s.Content + s.Refusal }

// do puts the question and prints the answer. An answer that isn't one becomes
// a failure that says what to check.
func (c *call) do(ctx context.Context, transport http.RoundTripper) error {
	ctx, cancel := context.WithTimeout(ctx, c.timeout)
	defer cancel()
	err := c.exchange(ctx, transport)
	// What comes over a connection that the deadline closes looks like any other
	// end, even like an empty answer.
	if err != nil && ctx.Err() != nil {
		return failed("the gateway %s did not answer to the end within %v (--timeout)", c.settings.endpoint.Host, c.timeout)
	}
	return err
}

func (c *call) exchange(ctx context.Context, transport http.RoundTripper) error {
	request, err := c.request(ctx)
	if err != nil {
		return err
	}
	client := &http.Client{Transport: transport, CheckRedirect: noRedirect}
	response, err := client.Do(request)
	if err != nil {
		return c.cut(err)
	}
	defer response.Body.Close()
	if response.StatusCode/100 != 2 {
		// What can be read of the body is enough: the status has been told.
		body, _ := io.ReadAll(io.LimitReader(response.Body, maxRefusal))
		return c.explain(response, body)
	}
	// The gateway decides: a policy may answer from a cache, in one piece.
	if kind, _, _ := mime.ParseMediaType(response.Header.Get("Content-Type")); kind == "text/event-stream" {
		return c.printStream(response.Body)
	}
	return c.printWhole(response.Body)
}

func (c *call) request(ctx context.Context) (*http.Request, error) {
	ask := chatRequest{Stream: c.stream}
	if c.system != "" {
		ask.Messages = append(ask.Messages, chatMessage{"system", c.system})
	}
	ask.Messages = append(ask.Messages, chatMessage{"user", c.prompt})
	body, err := json.Marshal(ask)
	if err != nil {
		return nil, err
	}
	request, err := http.NewRequestWithContext(ctx, http.MethodPost, c.settings.endpoint.String(), bytes.NewReader(body))
	if err != nil {
		return nil, err
	}
	request.Header.Set("Authorization", "Bearer "+c.token)
	request.Header.Set("Content-Type", "application/json")
	if c.settings.subscriptionKey != "" {
		request.Header.Set("Ocp-Apim-Subscription-Key", c.settings.subscriptionKey)
	}
	return request, nil
}

// cut is the failure that an answer did not come, or not to its end.
func (c *call) cut(err error) error {
	if known := (*failure)(nil); errors.As(err, &known) {
		return known
	}
	if f := networkFailure("the gateway", err); f != nil {
		return f
	}
	return failed("the answer of %s was cut: %s", c.settings.endpoint.Host, oneLine(err.Error()))
}

// printWhole prints an answer that comes in one piece.
func (c *call) printWhole(body io.Reader) error {
	data, err := readAllAtMost(body, maxAnswer)
	if err != nil {
		return c.cut(err)
	}
	if c.raw {
		return c.print(strings.TrimRight(string(data), "\n") + "\n")
	}
	var answer completion
	if err := json.Unmarshal(data, &answer); err != nil || len(answer.Choices) == 0 {
		return failed("the answer of %s is not a chat completion: --json shows it", c.settings.endpoint.Host)
	}
	first := answer.Choices[0]
	if err := c.print(first.Message.text() + "\n"); err != nil {
		return err
	}
	c.noteFinish(first.FinishReason)
	return nil
}

// printStream prints an answer event by event. It ends at [DONE]; a stream that
// ends without was cut.
func (c *call) printStream(body io.Reader) error {
	events := newEventStream(body)
	var shown progress
	for n := 0; ; n++ {
		data, err := events.next()
		if string(bytes.TrimSpace(data)) == "[DONE]" {
			break
		}
		if err == nil {
			err = c.printChunk(data, &shown)
		}
		if err != nil {
			if shown.midLine {
				_ = c.print("\n") // so that the error has a line of its own
			}
			if errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF) {
				return failed("the stream of %s was cut after %d events, before its [DONE]", c.settings.endpoint.Host, n)
			}
			return c.cut(err)
		}
	}
	if shown.midLine {
		if err := c.print("\n"); err != nil {
			return err
		}
	}
	c.noteFinish(shown.finish)
	return nil
}

// progress is what a stream has brought so far.
type progress struct {
	midLine bool   // a line has been begun on stdout
	finish  string // the finish reason, once told
}

// printChunk prints what one event adds to the answer. Azure's first chunk, and
// the one that tells the usage, have no choices.
func (c *call) printChunk(data []byte, shown *progress) error {
	var chunk completion
	if err := json.Unmarshal(data, &chunk); err != nil {
		return failed("the stream of %s holds an event that is not a chunk of a chat completion: --json shows it", c.settings.endpoint.Host)
	}
	if len(chunk.Error) > 0 && string(chunk.Error) != "null" {
		r := readRefusal(data)
		return failed("the stream of %s ended in an error: %s", c.settings.endpoint.Host, cmp.Or(r.message, r.code, "it has no message"))
	}
	if c.raw {
		return c.print(string(data) + "\n")
	}
	for _, choice := range chunk.Choices {
		if choice.Index != 0 {
			continue
		}
		if choice.FinishReason != "" {
			shown.finish = choice.FinishReason
		}
		if text := choice.Delta.text(); text != "" {
			shown.midLine = !strings.HasSuffix(text, "\n")
			if err := c.print(text); err != nil {
				return err
			}
		}
	}
	return nil
}

func (c *call) print(text string) error {
	_, err := io.WriteString(c.stdout, text)
	if err != nil {
		return failed("printing the answer: %v", err)
	}
	return nil
}

// noteFinish tells of an answer that ended early.
func (c *call) noteFinish(reason string) {
	switch reason {
	case "length":
		fmt.Fprintln(c.stderr, "note: the answer ends early, at the limit of tokens (finish_reason length)")
	case "content_filter":
		fmt.Fprintln(c.stderr, "note: the content filter cut the answer (finish_reason content_filter)")
	}
}

package testrun

import (
	"bytes"
	"context"
	"errors"
	"io"
	"strings"
	"time"

	"github.com/goccy/go-yaml/ast"

	"github.com/apimulator/apimulator/internal/yamlfile"
	"github.com/apimulator/apimulator/policy"
	"github.com/apimulator/apimulator/policy/exchange"
)

// What a gateway says of a backend that fails, as package edge has it.
const (
	messageNotConnected = "Unable to connect to the remote server"
	messageReset        = "Unable to read data from the transport connection: An existing connection was forcibly closed by the remote host."
	messageClosed       = "The underlying connection was closed: The connection was closed unexpectedly."
)

func backendFailure(message, why string) *policy.SendError {
	return &policy.SendError{Reason: exchange.ReasonBackendConnection, Message: message, Err: errors.New(why)}
}

// response is the answer as the gateway gets it.
func (c *answerConfig) response(ctx context.Context, w *World, f *File) (*exchange.Response, error) {
	if err := exchange.Sleep(ctx, w.clock, c.Delay); err != nil {
		return nil, err
	}
	switch c.Fault.Value {
	case faultRefused:
		return nil, backendFailure(messageNotConnected, "the test's stub refuses the connection")
	case faultReset:
		return nil, backendFailure(messageReset, "the test's stub resets the connection")
	}
	r := &exchange.Response{Status: 200}
	if c.Status != nil {
		r.Status = *c.Status
	}
	if r.Reason = c.Reason.Value; r.Reason == "" {
		r.Reason = exchange.StatusText(r.Status)
	}
	for _, l := range c.Headers {
		for _, v := range l.values {
			r.Header.Add(l.name, v)
		}
	}
	data, contentType, err := c.content().bytes(f)
	if err == nil && c.Events.Line != 0 {
		data, err = eventStream(c.Events.nodes)
		contentType = "text/event-stream"
	}
	if err != nil {
		return nil, w.spoil(c.Place.Fault(f.Path, "%s", err))
	}
	if contentType != "" && !r.Header.Has("Content-Type") {
		r.Header.Add("Content-Type", contentType)
	}
	stream := io.NopCloser(io.Reader(bytes.NewReader(data)))
	switch c.Fault.Value {
	case faultTruncated:
		stream = io.NopCloser(io.MultiReader(bytes.NewReader(data[:len(data)/2]), failing{backendFailure(messageClosed, "the test's stub cuts its answer")}))
	case faultSlow:
		stream = io.NopCloser(&slowly{ctx, w.clock, data})
	default:
		if len(data) == 0 {
			return r, nil
		}
	}
	length := int64(len(data))
	if c.Events.Line != 0 {
		length = -1
	}
	r.Body = exchange.StreamBody(stream, length)
	return r, nil
}

// failing is a stream that breaks off.
type failing struct{ err error }

func (f failing) Read([]byte) (int, error) { return 0, f.err }

// slowly is a stream of which a byte comes each second.
type slowly struct {
	ctx   context.Context
	clock exchange.Clock
	left  []byte
}

func (s *slowly) Read(p []byte) (int, error) {
	if err := exchange.Sleep(s.ctx, s.clock, time.Second); err != nil {
		return 0, err
	}
	if len(s.left) == 0 || len(p) == 0 {
		return 0, io.EOF
	}
	p[0], s.left = s.left[0], s.left[1:]
	return 1, nil
}

// eventStream is server-sent events. Each is the text of its data, or a mapping: with
// event, id, retry and data as it is sent, or any other as JSON.
func eventStream(events []ast.Node) ([]byte, error) {
	var b bytes.Buffer
	for _, e := range events {
		if data := valueOf(e, "data"); data != nil {
			for _, field := range []string{"event", "id", "retry"} {
				if v := valueOf(e, field); v != nil && isScalar(v) {
					b.WriteString(field + ": " + yamlfile.ScalarText(v) + "\n")
				}
			}
			e = data
		}
		text, err := textOrJSON(e)
		if err != nil {
			return nil, err
		}
		for line := range strings.SplitSeq(text, "\n") {
			b.WriteString("data: " + line + "\n")
		}
		b.WriteByte('\n')
	}
	return b.Bytes(), nil
}

// textOrJSON is a scalar as it is written, anything else as JSON.
func textOrJSON(node ast.Node) (string, error) {
	if isScalar(node) {
		return yamlfile.ScalarText(node), nil
	}
	data, err := jsonOf(node)
	return string(data), err
}

// bodyOf is a body as it comes over a connection.
func bodyOf(data []byte) exchange.Body {
	return exchange.StreamBody(io.NopCloser(bytes.NewReader(data)), int64(len(data)))
}

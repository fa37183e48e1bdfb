package exchange

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"math"
)

// ErrBodyConsumed is what reading a body gives after a read that did not
// preserve it, or after it was sent on.
var ErrBodyConsumed = errors.New("the message body has been read already and was not preserved")

// BodyTooLargeError tells that a body did not fit into memory's bound.
type BodyTooLargeError struct{ Limit int64 }

func (e *BodyTooLargeError) Error() string {
	return fmt.Sprintf("the message body is larger than %d bytes, the most that is held in memory", e.Limit)
}

type bodyState uint8

const (
	bodyNone bodyState = iota
	bodyStream
	bodyBuffered
	bodyConsumed
)

// Body is a message body in one of its states: none, a stream nobody has read,
// bytes in memory, or consumed. A statement that sets the body replaces it.
// The zero value is no body.
type Body struct {
	state    bodyState
	replaced bool
	stream   io.ReadCloser
	length   int64 // of stream; -1 if unknown
	data     []byte
}

// StreamBody is a body still to be read; length is -1 where nobody said. The
// body closes stream.
func StreamBody(stream io.ReadCloser, length int64) Body {
	return Body{state: bodyStream, stream: stream, length: length}
}

// BytesBody is a body in memory; data is not copied.
func BytesBody(data []byte) Body { return Body{state: bodyBuffered, data: data} }

// Exists reports whether the message has a body, read or not.
func (b *Body) Exists() bool { return b.state != bodyNone }

// Replaced reports whether a statement set the body.
func (b *Body) Replaced() bool { return b.replaced }

// Consumed reports whether the body is gone: read without being preserved, or
// sent on as a stream.
func (b *Body) Consumed() bool { return b.state == bodyConsumed }

// Length is the size in bytes: 0 without a body, -1 where only the stream knows.
func (b *Body) Length() int64 {
	switch b.state {
	case bodyStream:
		return b.length
	case bodyBuffered:
		return int64(len(b.data))
	}
	return 0
}

// InMemory gives the bytes if they are in memory already (or there is no body).
func (b *Body) InMemory() ([]byte, bool) {
	return b.data, b.state == bodyBuffered || b.state == bodyNone
}

// Buffer reads the body into memory, where it stays, and returns it; the caller
// must not change it. Errors: [*BodyTooLargeError] above limit bytes,
// [ErrBodyConsumed], or the stream's.
func (b *Body) Buffer(limit int64) ([]byte, error) {
	switch b.state {
	case bodyConsumed:
		return nil, ErrBodyConsumed
	case bodyStream:
		if b.length > limit {
			return nil, &BodyTooLargeError{limit}
		}
		limit = min(limit, math.MaxInt64-1)
		data, err := io.ReadAll(io.LimitReader(b.stream, limit+1))
		if err == nil && int64(len(data)) > limit {
			err = &BodyTooLargeError{limit}
		}
		b.stream.Close()
		if err != nil {
			b.consume()
			return nil, err
		}
		*b = Body{state: bodyBuffered, data: data, replaced: b.replaced}
	}
	return b.data, nil
}

// Consume is Buffer for a reader that does not preserve the body: afterwards it
// is gone.
func (b *Body) Consume(limit int64) ([]byte, error) {
	data, err := b.Buffer(limit)
	if b.state != bodyNone {
		b.consume()
	}
	return data, err
}

// Replace sets the body; data is not copied.
func (b *Body) Replace(data []byte) {
	b.Close()
	*b = Body{state: bodyBuffered, data: data, replaced: true}
}

// Reader hands the body out for sending. A stream can be taken once; bytes in
// memory as often as wanted. The caller closes the reader.
func (b *Body) Reader() (io.ReadCloser, error) {
	switch b.state {
	case bodyConsumed:
		return nil, ErrBodyConsumed
	case bodyStream:
		r := b.stream
		b.consume()
		return r, nil
	}
	return io.NopCloser(bytes.NewReader(b.data)), nil
}

// Close releases an unread stream. It is safe to call more than once.
func (b *Body) Close() {
	if b.state == bodyStream {
		b.stream.Close()
		b.consume()
	}
}

func (b *Body) consume() { *b = Body{state: bodyConsumed, replaced: b.replaced} }

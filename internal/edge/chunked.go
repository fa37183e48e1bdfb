package edge

import (
	"bufio"
	"bytes"
	"errors"
	"io"
	"strconv"
	"strings"
)

// maxChunkLine bounds a chunk's size line, extensions included; it must fit the
// connection's read buffer.
const maxChunkLine = readBufferSize

// chunkedReader decodes a chunked body (RFC 9112 section 7.1). Chunk extensions
// are ignored; trailers are read and dropped.
type chunkedReader struct {
	r         *bufio.Reader
	remaining int64 // of the current chunk
	inside    bool  // a chunk's data has begun, so CR LF is due behind it
	ended     bool
	trailers  bool // there were some
}

// Read gives data of one chunk at most: what has come is never held back for
// what has not.
func (c *chunkedReader) Read(p []byte) (int, error) {
	if c.remaining == 0 {
		if err := c.next(); err != nil {
			return 0, err
		}
	}
	if int64(len(p)) > c.remaining {
		p = p[:c.remaining]
	}
	n, err := c.r.Read(p)
	c.remaining -= int64(n)
	return n, early(err)
}

// next goes to the next chunk's data. At the last chunk it reads on to the
// body's end and gives io.EOF.
func (c *chunkedReader) next() error {
	if c.ended {
		return io.EOF
	}
	if c.inside {
		if err := c.lineEnd(); err != nil {
			return err
		}
		c.inside = false
	}
	line, err := c.r.ReadSlice('\n')
	switch {
	case errors.Is(err, bufio.ErrBufferFull):
		return badBody("a chunk's size line is longer than %d bytes", maxChunkLine)
	case err != nil:
		return early(err)
	}
	size, err := parseChunkLine(line)
	if err != nil {
		return err
	}
	if size > 0 {
		c.remaining, c.inside = size, true
		return nil
	}
	trailers, err := readLines(c.r, nil)
	if err != nil {
		return early(err)
	}
	c.ended, c.trailers = true, len(trailers) > 0
	return io.EOF
}

func (c *chunkedReader) lineEnd() error {
	for _, want := range "\r\n" {
		b, err := c.r.ReadByte()
		if err != nil {
			return early(err)
		}
		if b != byte(want) {
			return badBody("a chunk is longer than it says")
		}
	}
	return nil
}

// ready reports whether the next Read returns without waiting for the
// connection.
func (c *chunkedReader) ready() bool {
	waiting, _ := c.r.Peek(c.r.Buffered())
	if c.remaining > 0 || c.ended {
		return c.ended || len(waiting) > 0
	}
	if c.inside {
		waiting = bytes.TrimPrefix(waiting, []byte("\r\n"))
	}
	end := bytes.IndexByte(waiting, '\n')
	if end < 0 {
		return false
	}
	if size, err := parseChunkLine(waiting[:end+1]); err != nil || size > 0 {
		return err != nil || len(waiting) > end+1
	}
	return bytes.HasPrefix(waiting[end+1:], []byte("\r\n"))
}

// parseChunkLine reads a chunk's size line, its CR LF included.
func parseChunkLine(line []byte) (int64, error) {
	if size, ok := plainSize(line); ok {
		return size, nil
	}
	text, whole := strings.CutSuffix(string(line), "\r\n")
	if !whole {
		return 0, badBody("a chunk's size line ends in LF without CR")
	}
	digits, _, _ := strings.Cut(text, ";")
	size, err := strconv.ParseUint(trimBlanks(digits), 16, 63)
	if err != nil {
		return 0, badBody("%q is not a chunk's size", clip(text))
	}
	return int64(size), nil
}

// plainSize reads a size line that has nothing but the size, as they all have: in each event
// of a stream there is one.
func plainSize(line []byte) (size int64, ok bool) {
	digits, found := bytes.CutSuffix(line, []byte("\r\n"))
	if !found || len(digits) == 0 || len(digits) > 15 {
		return 0, false
	}
	for _, c := range digits {
		switch {
		case '0' <= c && c <= '9':
			c -= '0'
		case 'a' <= c && c <= 'f':
			c -= 'a' - 10
		case 'A' <= c && c <= 'F':
			c -= 'A' - 10
		default:
			return 0, false
		}
		size = size<<4 | int64(c)
	}
	return size, true
}

// early makes the end of the connection an error: the body had not ended.
func early(err error) error {
	if errors.Is(err, io.EOF) {
		return io.ErrUnexpectedEOF
	}
	return err
}

package main

import (
	"bufio"
	"bytes"
	"fmt"
	"io"
)

// maxEvent is the longest line of an event stream and the longest data of an
// event, in bytes.
const maxEvent = 1 << 20

// eventStream reads server-sent events (HTML standard, 9.2.6). A chat completion
// uses their data alone; comments and other fields are passed over.
type eventStream struct {
	r  *bufio.Reader
	cr bool // the last line ended in CR: a LF that follows belongs to it
}

func newEventStream(r io.Reader) *eventStream { return &eventStream{r: bufio.NewReader(r)} }

// next gives the data of the next event that has any. With an error, such as
// io.EOF, it gives the data of the event which that cut short.
func (s *eventStream) next() ([]byte, error) {
	var data []byte
	found := false
	for {
		line, err := s.line()
		if len(line) == 0 && err == nil && found {
			return data, nil
		}
		if name, value, _ := bytes.Cut(line, []byte(":")); string(name) == "data" {
			if found {
				data = append(data, '\n')
			}
			found = true
			data = append(data, bytes.TrimPrefix(value, []byte(" "))...)
		}
		if err == nil && len(data) > maxEvent {
			err = tooLong("event")
		}
		if err != nil {
			return data, err
		}
	}
}

// line gives a line without its end, which is LF, CR LF or CR.
func (s *eventStream) line() ([]byte, error) {
	var line []byte
	for {
		c, err := s.r.ReadByte()
		if err != nil {
			return line, err
		}
		after := s.cr
		s.cr = c == '\r'
		switch {
		case c == '\n' && after:
		case c == '\n', c == '\r':
			return line, nil
		case len(line) == maxEvent:
			return nil, tooLong("line")
		default:
			line = append(line, c)
		}
	}
}

func tooLong(what string) error {
	return fmt.Errorf("%s longer than %d bytes", what, maxEvent)
}

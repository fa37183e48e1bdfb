package main

import (
	"bytes"
	"io"
	"slices"
	"strings"
	"testing"
	"testing/iotest"
)

// readEvents gives the data of all events, and what was left when the stream
// ended.
func readEvents(r io.Reader) (events []string, rest string, err error) {
	s := newEventStream(r)
	for {
		data, err := s.next()
		if err != nil {
			return events, string(data), err
		}
		events = append(events, string(data))
	}
}

func TestEventStream(t *testing.T) {
	for name, test := range map[string]struct {
		in   string
		want []string
		rest string
	}{
		"LF":                         {"data: a\n\ndata: b\n\n", []string{"a", "b"}, ""},
		"CR LF":                      {"data: a\r\n\r\ndata: b\r\n\r\n", []string{"a", "b"}, ""},
		"CR":                         {"data: a\r\rdata: b\r\r", []string{"a", "b"}, ""},
		"no blank":                   {"data:a\n\n", []string{"a"}, ""},
		"one blank goes only":        {"data:  a \n\n", []string{" a "}, ""},
		"two lines":                  {"data: a\ndata: b\n\n", []string{"a\nb"}, ""},
		"empty data":                 {"data\n\ndata:\n\n", []string{"", ""}, ""},
		"other fields":               {"event: x\nid: 1\nretry: 5\ndata: a\n\n", []string{"a"}, ""},
		"fields without data":        {"event: ping\n\n\n\ndata: a\n\n", []string{"a"}, ""},
		"comments":                   {": hello\n\ndata: a\n:\n\n", []string{"a"}, ""},
		"a name that only begins so": {"database: x\ndata: a\n\n", []string{"a"}, ""},
		"cut after a line":           {"data: a\n", nil, "a"},
		"cut in a line":              {"data: a\n\ndata: b", []string{"a"}, "b"},
		"nothing":                    {"", nil, ""},
	} {
		events, rest, err := readEvents(strings.NewReader(test.in))
		if !slices.Equal(events, test.want) || rest != test.rest || err != io.EOF {
			t.Errorf("%s: %q: got %q, rest %q, %v, want %q, %q, EOF", name, test.in, events, rest, err, test.want, test.rest)
		}
	}
}

func TestEventStreamIsBounded(t *testing.T) {
	line := "data: " + strings.Repeat("x", maxEvent/2) + "\n"
	if _, _, err := readEvents(strings.NewReader(line + line + line)); err == nil || err == io.EOF {
		t.Errorf("an event of three long lines: got %v, want an error", err)
	}
}

func FuzzEventStream(f *testing.F) {
	f.Fuzz(func(t *testing.T, in []byte) {
		events, rest, err := readEvents(bytes.NewReader(in))
		if err != io.EOF {
			t.Fatalf("%q: %v", in, err)
		}
		size := len(rest)
		for _, event := range events {
			size += len(event)
		}
		if size > len(in) {
			t.Errorf("%q: got more data than came in: %q, %q", in, events, rest)
		}
		// However the bytes arrive, the events are the same.
		again, restAgain, _ := readEvents(iotest.OneByteReader(bytes.NewReader(in)))
		if !slices.Equal(events, again) || rest != restAgain {
			t.Errorf("%q: got %q, %q in one piece, %q, %q byte by byte", in, events, rest, again, restAgain)
		}
	})
}

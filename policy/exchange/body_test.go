package exchange

import (
	"errors"
	"io"
	"math"
	"strings"
	"testing"
)

// stream is a body that counts how often it is closed; fault, if set, comes in
// place of its end.
type stream struct {
	io.Reader
	fault  error
	closed int
}

func (s *stream) Read(p []byte) (int, error) {
	n, err := s.Reader.Read(p)
	if errors.Is(err, io.EOF) && s.fault != nil {
		err = s.fault
	}
	return n, err
}

func (s *stream) Close() error {
	s.closed++
	return nil
}

func newStream(text string) *stream { return &stream{Reader: strings.NewReader(text)} }

func (b *Body) show() string {
	state := "nothing"
	switch {
	case b.Consumed():
		state = "consumed"
	case b.Exists():
		state = "body"
	}
	if b.Replaced() {
		state += ", replaced"
	}
	return state
}

func TestBodyNone(t *testing.T) {
	var b Body
	if data, err := b.Buffer(0); len(data) != 0 || err != nil {
		t.Errorf("Buffer: %q, %v", data, err)
	}
	if data, err := b.Consume(0); len(data) != 0 || err != nil {
		t.Errorf("Consume: %q, %v", data, err)
	}
	r, err := b.Reader()
	if err != nil {
		t.Fatal(err)
	}
	if data, err := io.ReadAll(r); len(data) != 0 || err != nil {
		t.Errorf("Reader: %q, %v", data, err)
	}
	b.Close()
	if data, ok := b.InMemory(); len(data) != 0 || !ok || b.Exists() || b.Consumed() || b.Length() != 0 {
		t.Errorf("%s of length %d", b.show(), b.Length())
	}
}

func TestBodyStream(t *testing.T) {
	s := newStream("abc")
	b := StreamBody(s, -1)
	if _, ok := b.InMemory(); ok || !b.Exists() || b.Length() != -1 {
		t.Errorf("before: %s of length %d", b.show(), b.Length())
	}
	for range 2 {
		if data, err := b.Buffer(3); string(data) != "abc" || err != nil {
			t.Errorf("Buffer: %q, %v", data, err)
		}
	}
	if data, ok := b.InMemory(); string(data) != "abc" || !ok || b.Length() != 3 || s.closed != 1 {
		t.Errorf("after: %q, %v, length %d, closed %d times", data, ok, b.Length(), s.closed)
	}
	if data, err := b.Consume(0); string(data) != "abc" || err != nil { // in memory, so no bound counts
		t.Errorf("Consume: %q, %v", data, err)
	}
	if _, err := b.Buffer(3); !errors.Is(err, ErrBodyConsumed) {
		t.Errorf("Buffer after Consume: %v", err)
	}
	if _, err := b.Consume(3); !errors.Is(err, ErrBodyConsumed) {
		t.Errorf("Consume after Consume: %v", err)
	}
	if _, err := b.Reader(); !errors.Is(err, ErrBodyConsumed) {
		t.Errorf("Reader after Consume: %v", err)
	}
	if _, ok := b.InMemory(); ok || !b.Exists() || !b.Consumed() || b.Length() != 0 {
		t.Errorf("consumed: %s of length %d", b.show(), b.Length())
	}
}

func TestBodyTooLarge(t *testing.T) {
	for _, length := range []int64{-1, 4, 3} { // not said, said, said wrongly
		s := newStream("abcd")
		b := StreamBody(s, length)
		_, err := b.Buffer(3)
		var tooLarge *BodyTooLargeError
		if !errors.As(err, &tooLarge) || tooLarge.Limit != 3 || !strings.Contains(err.Error(), "3 bytes") {
			t.Errorf("length %d: %v", length, err)
		}
		b.Close()
		if s.closed != 1 {
			t.Errorf("length %d: closed %d times", length, s.closed)
		}
	}
	b := StreamBody(newStream("abcd"), -1)
	if data, err := b.Buffer(math.MaxInt64); string(data) != "abcd" || err != nil {
		t.Errorf("without a bound: %q, %v", data, err)
	}
}

func TestBodyFault(t *testing.T) {
	fault := errors.New("cut")
	s := &stream{Reader: strings.NewReader("ab"), fault: fault}
	b := StreamBody(s, 3)
	if _, err := b.Buffer(3); !errors.Is(err, fault) || s.closed != 1 || !b.Consumed() {
		t.Errorf("got %v, closed %d times, %s", err, s.closed, b.show())
	}
}

func TestBodyReader(t *testing.T) {
	s := newStream("abc")
	b := StreamBody(s, 3)
	r, err := b.Reader()
	if err != nil {
		t.Fatal(err)
	}
	if _, err := b.Reader(); !errors.Is(err, ErrBodyConsumed) {
		t.Errorf("a stream is taken twice: %v", err)
	}
	b.Close() // the stream is the reader's now
	if data, _ := io.ReadAll(r); string(data) != "abc" || s.closed != 0 {
		t.Errorf("got %q, closed %d times", data, s.closed)
	}
	r.Close()
	if s.closed != 1 {
		t.Errorf("closed %d times", s.closed)
	}
	b = BytesBody([]byte("abc"))
	for range 2 {
		r, err := b.Reader()
		if err != nil {
			t.Fatal(err)
		}
		if data, _ := io.ReadAll(r); string(data) != "abc" {
			t.Errorf("got %q", data)
		}
	}
}

func TestBodyReplace(t *testing.T) {
	s := newStream("abc")
	b := StreamBody(s, 3)
	b.Replace([]byte("new"))
	if data, ok := b.InMemory(); string(data) != "new" || !ok || b.show() != "body, replaced" || s.closed != 1 {
		t.Errorf("got %q, %s, closed %d times", data, b.show(), s.closed)
	}
	if _, err := b.Consume(3); err != nil || b.show() != "consumed, replaced" {
		t.Errorf("consumed: %v, %s", err, b.show())
	}
	b.Replace(nil)
	if data, err := b.Buffer(0); len(data) != 0 || err != nil || !b.Exists() || b.Consumed() {
		t.Errorf("replaced by nothing: %q, %v, %s", data, err, b.show())
	}
}

func TestBodyClose(t *testing.T) {
	s := newStream("abc")
	b := StreamBody(s, 3)
	b.Close()
	b.Close()
	if s.closed != 1 || !b.Consumed() {
		t.Errorf("closed %d times, %s", s.closed, b.show())
	}
}

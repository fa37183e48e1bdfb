package judge

import (
	"errors"
	"fmt"
	"io"
	"strings"
	"syscall"
)

// A Request is what a backend got, whole.
type Request struct {
	Method, Target string
	Fields         []string // "name: value", names in lower case, sorted
	Body           string
}

// Collect answers all requests with 204 while f runs and closes the edge, and gives
// those that came whole, in their order. What was cut off is left out; anything else
// that is no request is the error.
func (b *Backend) Collect(f func()) ([]Request, error) {
	var all []Request
	var wrong []error
	take := func(a *arrival) bool {
		request, err := a.read()
		switch {
		case err == nil:
			all = append(all, request)
			a.writer.send([]byte("HTTP/1.1 204 No Content\r\n\r\n"), false)
			a.writer.wait()
		case !errors.Is(err, io.ErrUnexpectedEOF) && !errors.Is(err, syscall.ECONNRESET):
			wrong = append(wrong, err)
		}
		return err == nil
	}
	done := make(chan struct{})
	go func() {
		defer close(done)
		f()
	}()
	for running := true; running; {
		select {
		case a := <-b.arrivals:
			if take(a) {
				a.release()
			} else {
				a.drop()
			}
		case <-done:
			running = false
		}
	}
	wrong = append(wrong, b.drain(func(a *arrival) { take(a) }))
	return all, errors.Join(wrong...)
}

// read reads the whole request.
func (a *arrival) read() (Request, error) {
	m, err := readMessage(a.r, false)
	if err != nil {
		return Request{}, err
	}
	parts := strings.Split(m.start, " ")
	if len(parts) != 3 || parts[2] != "HTTP/1.1" {
		return Request{}, fmt.Errorf("%s is no request line", clip(m.start))
	}
	body, err := io.ReadAll(&m.body)
	return Request{parts[0], parts[1], m.fields, string(body)}, err
}

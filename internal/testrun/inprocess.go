package testrun

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"iter"
	"net/http"
	"strconv"
	"strings"
)

// serve is the answer of a handler that is called in process. A stream of events comes as
// it is read: the handler goes on when somebody wants more, so time passes for both of
// them alike.
func serve(h http.Handler, r *http.Request) *http.Response {
	// A server sees a path, not an address, and a body that is there.
	in := r.Clone(r.Context())
	in.URL.Scheme, in.URL.Host = "", ""
	in.Host, in.RequestURI, in.RemoteAddr = r.URL.Host, r.URL.RequestURI(), "127.0.0.1:1"
	if r.Host != "" {
		in.Host = r.Host
	}
	if in.Body == nil {
		in.Body = http.NoBody
	}
	a := &answer{header: make(http.Header)}
	a.next, a.stop = iter.Pull(func(yield func(struct{}) bool) { a.run(h, in, yield) })
	a.goOn()
	length := int64(-1)
	if !strings.HasPrefix(a.sent.Get("Content-Type"), "text/event-stream") {
		length = a.whole()
	}
	return &http.Response{
		Status: fmt.Sprintf("%d %s", a.status, http.StatusText(a.status)), StatusCode: a.status, Proto: "HTTP/1.1", ProtoMajor: 1, ProtoMinor: 1,
		Header: a.sent, Body: a, ContentLength: length, Request: r,
	}
}

// answer is what a handler answers, and at once the response's body.
type answer struct {
	header, sent http.Header
	status       int
	body         bytes.Buffer
	cut          bool // the handler broke off

	yield func(struct{}) bool // gives the turn to the reader
	next  func() (struct{}, bool)
	stop  func()
	ended bool
	gone  bool // nobody reads any more
}

// run calls the handler until it is done or breaks off.
func (a *answer) run(h http.Handler, r *http.Request, yield func(struct{}) bool) {
	a.yield = yield
	defer func() {
		if v := recover(); v == http.ErrAbortHandler {
			a.cut = true
		} else if v != nil {
			panic(v)
		}
		a.WriteHeader(http.StatusOK)
	}()
	h.ServeHTTP(a, r)
}

// goOn lets the handler run until it flushes, or is done.
func (a *answer) goOn() {
	if _, more := a.next(); !more {
		a.ended = true
	}
}

// whole lets the handler finish; the length is what it announced, or else what it wrote.
func (a *answer) whole() int64 {
	for !a.ended {
		a.goOn()
	}
	if n, err := strconv.ParseInt(a.sent.Get("Content-Length"), 10, 64); err == nil && a.cut {
		return n
	}
	return int64(a.body.Len())
}

// Read is part of io.ReadCloser.
func (a *answer) Read(p []byte) (int, error) {
	for a.body.Len() == 0 {
		switch {
		case a.ended && a.cut:
			return 0, io.ErrUnexpectedEOF
		case a.ended || a.gone:
			return 0, io.EOF
		}
		a.goOn()
	}
	return a.body.Read(p)
}

// Close is part of io.ReadCloser. The handler learns that its client has gone.
func (a *answer) Close() error {
	a.gone = true
	a.stop()
	return nil
}

// Header, WriteHeader and Write are http.ResponseWriter.
func (a *answer) Header() http.Header { return a.header }

func (a *answer) WriteHeader(status int) {
	if a.status == 0 && status >= 200 {
		a.status, a.sent = status, a.header.Clone()
	}
}

var errGone = errors.New("the client has gone")

func (a *answer) Write(p []byte) (int, error) {
	if a.gone {
		return 0, errGone
	}
	a.WriteHeader(http.StatusOK)
	return a.body.Write(p)
}

// FlushError is what http.ResponseController looks for.
func (a *answer) FlushError() error {
	a.WriteHeader(http.StatusOK)
	if a.gone || !a.yield(struct{}{}) {
		a.gone = true
		return errGone
	}
	return nil
}

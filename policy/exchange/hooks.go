package exchange

import "io"

// Tap is told the bytes of a body as they pass, in the goroutine that reads them. It must
// not keep what it is given, and nothing that it does holds the body up.
type Tap interface {
	// Write: these bytes have passed.
	Write(p []byte)
	// End: the body has ended. An error says that it was not read to its end, because
	// its stream broke off or nobody wanted the rest. It is called once.
	End(err error)
}

// hooks are what a statement leaves to be called later in the exchange. The zero value
// has none.
type hooks struct {
	taps []func(r *Response) Tap
	done []func(e End)
	room [2]func(e End) // for done
	over bool           // they were called
}

// End is how an exchange ended for the client.
type End struct {
	// BytesOut is how many bytes of the response's body were sent.
	BytesOut int64
}

// OnDone has f called when the exchange is over: the response was sent, or the client has
// gone. It is called exactly once, however the exchange ends; never if it has ended already.
func (x *Exchange) OnDone(f func(e End)) {
	if x.hooks.over {
		return
	}
	if x.hooks.done == nil {
		x.hooks.done = x.hooks.room[:0]
	}
	x.hooks.done = append(x.hooks.done, f)
}

// Done says that the exchange is over. Only the first call counts.
func (x *Exchange) Done(e End) {
	if x.hooks.over {
		return
	}
	x.hooks.over = true
	for _, f := range x.hooks.done {
		f(e)
	}
	x.hooks = hooks{over: true} // who keeps the exchange does not keep what they hold
}

// TapBackend has the bodies of the backend's responses tapped, as they come and before any
// statement reads or sets them: f is given each response's head, and may have no interest,
// which is nil.
func (x *Exchange) TapBackend(f func(r *Response) Tap) { x.hooks.taps = append(x.hooks.taps, f) }

// Tapped puts the taps on a response that a backend has given.
func (x *Exchange) Tapped(r *Response) {
	for _, f := range x.hooks.taps {
		if tap := f(r); tap != nil {
			r.Body.Tap(tap)
		}
	}
}

// Tap has t told the body's bytes as they are read. Of a body in memory, or of none, it is
// told at once.
func (b *Body) Tap(t Tap) {
	if b.state == bodyStream {
		b.stream = &tapped{stream: b.stream, tap: t}
		return
	}
	if len(b.data) > 0 {
		t.Write(b.data)
	}
	t.End(nil)
}

// tapped is a stream with a tap on it.
type tapped struct {
	stream io.ReadCloser
	tap    Tap
	ended  bool
}

func (t *tapped) Read(p []byte) (int, error) {
	n, err := t.stream.Read(p)
	if n > 0 && !t.ended {
		t.tap.Write(p[:n])
	}
	switch err {
	case nil:
	case io.EOF:
		t.end(nil)
	default:
		t.end(err)
	}
	return n, err
}

func (t *tapped) Close() error {
	err := t.stream.Close()
	t.end(io.ErrUnexpectedEOF)
	return err
}

func (t *tapped) end(err error) {
	if !t.ended {
		t.ended = true
		t.tap.End(err)
	}
}

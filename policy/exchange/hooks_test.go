package exchange

import (
	"errors"
	"fmt"
	"io"
	"testing"
)

// log writes down what a tap is told.
type log struct{ text string }

func (l *log) Write(p []byte) { l.text += string(p) }

func (l *log) End(err error) { l.text += fmt.Sprintf(" end(%v)", err) }

func TestTap(t *testing.T) {
	fault := errors.New("cut")
	broken := newStream("abc")
	broken.fault = fault
	for name, c := range map[string]struct {
		body Body
		read func(b *Body)
		want string
	}{
		"read":      {StreamBody(newStream("abc"), 3), func(b *Body) { b.Buffer(10) }, "abc end(<nil>)"},
		"broken":    {StreamBody(broken, 3), func(b *Body) { b.Buffer(10) }, "abc end(cut)"},
		"unread":    {StreamBody(newStream("abc"), 3), func(b *Body) { b.Close() }, " end(unexpected EOF)"},
		"replaced":  {StreamBody(newStream("abc"), 3), func(b *Body) { b.Replace([]byte("x")) }, " end(unexpected EOF)"},
		"in memory": {BytesBody([]byte("abc")), func(b *Body) { b.Buffer(10) }, "abc end(<nil>)"},
		"none":      {Body{}, func(b *Body) { b.Buffer(10) }, " end(<nil>)"},
		"in parts": {StreamBody(newStream("abc"), 3), func(b *Body) {
			r, _ := b.Reader()
			io.ReadFull(r, make([]byte, 2))
			r.Close()
		}, "ab end(unexpected EOF)"},
	} {
		l := &log{}
		c.body.Tap(l)
		c.read(&c.body)
		if l.text != c.want {
			t.Errorf("%s: the tap was told %q, want %q", name, l.text, c.want)
		}
	}
}

func TestTapBackend(t *testing.T) {
	var x Exchange
	l := &log{}
	x.TapBackend(func(r *Response) Tap {
		if r.Status != 200 {
			return nil
		}
		return l
	})
	for _, status := range []int{503, 200} {
		r := &Response{Status: status, Body: BytesBody([]byte(fmt.Sprint(status)))}
		x.Tapped(r)
	}
	if l.text != "200 end(<nil>)" {
		t.Errorf("the tap was told %q", l.text)
	}
}

func TestOnDone(t *testing.T) {
	var x Exchange
	var got []int64
	x.OnDone(func(e End) { got = append(got, e.BytesOut) })
	x.OnDone(func(e End) { got = append(got, -e.BytesOut) })
	x.Done(End{BytesOut: 7})
	x.Done(End{BytesOut: 8})
	if len(got) != 2 || got[0] != 7 || got[1] != -7 {
		t.Errorf("called with %v, want each once, in order", got)
	}
}

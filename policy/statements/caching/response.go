package caching

import (
	"encoding/binary"
	"slices"
	"strings"
	"time"

	"github.com/apimulator/apimulator/policy/exchange"
)

// stored is a response as the cache has it.
type stored struct {
	status int
	reason string
	fields []exchange.Field
	body   []byte
	// at is when it was kept, life how long it is good.
	at   time.Time
	life time.Duration
}

// unstored are header lines of the connection that a response came by, and what is made
// anew when it is sent.
var unstored = []string{"connection", "keep-alive", "transfer-encoding", "content-length", "trailer", "upgrade", "proxy-authenticate"}

// headOf is the response without its body.
func headOf(r *exchange.Response, at time.Time, life time.Duration) *stored {
	s := &stored{status: r.Status, reason: r.Reason, at: at, life: life}
	for name, value := range r.Header.All() {
		if !slices.Contains(unstored, strings.ToLower(name)) {
			s.fields = append(s.fields, exchange.Field{Name: name, Value: value})
		}
	}
	return s
}

// response is the response anew; its body is the cache's and not to be changed.
func (s *stored) response() *exchange.Response {
	return &exchange.Response{Status: s.status, Reason: s.reason, Header: exchange.NewHeader(slices.Clone(s.fields)...), Body: exchange.BytesBody(s.body)}
}

// storedFormat is the first byte of a response in the cache.
const storedFormat = 1

// bytes is the response as bytes, which readStored reads.
func (s *stored) bytes() []byte {
	b := []byte{storedFormat}
	for _, n := range []int64{int64(s.status), s.at.UnixNano(), int64(s.life), int64(len(s.fields))} {
		b = binary.AppendVarint(b, n)
	}
	text := func(s string) { b = append(binary.AppendUvarint(b, uint64(len(s))), s...) }
	text(s.reason)
	for _, f := range s.fields {
		text(f.Name)
		text(f.Value)
	}
	return append(b, s.body...)
}

// readStored reads what bytes gave; false: these are others. A body is a part of data.
func readStored(data []byte) (*stored, bool) {
	if len(data) == 0 || data[0] != storedFormat {
		return nil, false
	}
	data = data[1:]
	ok := true
	number := func() int64 {
		n, size := binary.Varint(data)
		if size <= 0 {
			ok = false
			return 0
		}
		data = data[size:]
		return n
	}
	text := func() string {
		n, size := binary.Uvarint(data)
		if size <= 0 || n > uint64(len(data)-size) {
			ok = false
			return ""
		}
		s := string(data[size : uint64(size)+n])
		data = data[uint64(size)+n:]
		return s
	}
	s := &stored{status: int(number())}
	s.at, s.life = time.Unix(0, number()), time.Duration(number())
	n := number()
	if n < 0 || n > int64(len(data)) || s.status < 100 || s.status > 999 {
		return nil, false
	}
	s.reason = text()
	for range n {
		name := text()
		s.fields = append(s.fields, exchange.Field{Name: name, Value: text()})
		if !ok {
			return nil, false
		}
	}
	s.body = data
	return s, ok
}

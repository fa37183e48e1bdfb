package part

import (
	"encoding/binary"
	"slices"
	"strings"
	"time"

	"github.com/apimulator/apimulator/policy/exchange"
)

// Stored is a response as a cache keeps it.
type Stored struct {
	Status int
	Reason string
	Fields []exchange.Field
	Body   []byte
	// At is when it was kept, Life how long it is good.
	At   time.Time
	Life time.Duration
}

// unstored are header lines of the connection that a response came by, and what is made
// anew when it is sent.
var unstored = []string{"connection", "keep-alive", "transfer-encoding", "content-length", "trailer", "upgrade", "proxy-authenticate"}

// headOf is the response without its body.
func headOf(r *exchange.Response, at time.Time, life time.Duration) *Stored {
	s := &Stored{Status: r.Status, Reason: r.Reason, At: at, Life: life}
	for name, value := range r.Header.All() {
		if !slices.Contains(unstored, strings.ToLower(name)) {
			s.Fields = append(s.Fields, exchange.Field{Name: name, Value: value})
		}
	}
	return s
}

// Response is the response anew; its body is the cache's and not to be changed.
func (s *Stored) Response() *exchange.Response {
	return &exchange.Response{Status: s.Status, Reason: s.Reason, Header: exchange.NewHeader(slices.Clone(s.Fields)...), Body: exchange.BytesBody(s.Body)}
}

// storedFormat is the first byte of a response in the cache.
const storedFormat = 1

// Bytes is the response as bytes, which [ReadStored] reads.
func (s *Stored) Bytes() []byte {
	b := []byte{storedFormat}
	for _, n := range []int64{int64(s.Status), s.At.UnixNano(), int64(s.Life), int64(len(s.Fields))} {
		b = binary.AppendVarint(b, n)
	}
	text := func(s string) { b = append(binary.AppendUvarint(b, uint64(len(s))), s...) }
	text(s.Reason)
	for _, f := range s.Fields {
		text(f.Name)
		text(f.Value)
	}
	return append(b, s.Body...)
}

// ReadStored reads what [Stored.Bytes] gave; false: these are others. The body is a part
// of data.
func ReadStored(data []byte) (*Stored, bool) {
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
	s := &Stored{Status: int(number())}
	s.At, s.Life = time.Unix(0, number()), time.Duration(number())
	n := number()
	if n < 0 || n > int64(len(data)) || s.Status < 100 || s.Status > 999 {
		return nil, false
	}
	s.Reason = text()
	for range n {
		name := text()
		s.Fields = append(s.Fields, exchange.Field{Name: name, Value: text()})
		if !ok {
			return nil, false
		}
	}
	s.Body = data
	return s, ok
}

package edge

import (
	"net"
	"net/http"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"

	"github.com/apimulator/apimulator/policy/exchange"
)

// writeBuffer is how much of a response goes out with one write.
const writeBuffer = 16 << 10

var writeMemory = sync.Pool{New: func() any { return new([writeBuffer]byte) }}

// frontWriter writes the responses of a frontConn. What is written is kept until it fills
// the memory, or flush or end is called.
type frontWriter struct {
	c       *frontConn
	memory  *[writeBuffer]byte // nil: no response is being written
	buffer  []byte             // in memory
	chunked bool
	closing bool // no request follows on this connection
	err     error
}

// begin is called when a request begins; closing tells that it is the last.
func (w *frontWriter) begin(closing bool) {
	w.chunked, w.closing, w.err = false, closing, nil
}

func (w *frontWriter) writeHead(response *exchange.Response, length int64, bodiless, closing bool) {
	w.memory = writeMemory.Get().(*[writeBuffer]byte)
	w.closing = w.closing || closing || w.c.pending > maxDiscard
	b := append(w.memory[:0], "HTTP/1.1 "...)
	b = strconv.AppendInt(b, int64(response.Status), 10)
	b = append(b, ' ')
	b = append(b, reasonPhrase(response)...)
	b = append(b, "\r\n"...)
	options := connectionOptionsOf(&response.Header)
	dated := false
	for name, value := range response.Header.All() {
		if ofConnection(name) || options.has(name) || strings.EqualFold(name, "Content-Length") {
			continue
		}
		dated = dated || strings.EqualFold(name, "Date")
		b = appendLine(b, name, value)
	}
	if !dated {
		b = appendLine(b, "Date", httpDate())
	}
	switch {
	case response.Status == http.StatusNoContent:
	case length >= 0:
		b = append(b, "Content-Length: "...)
		b = strconv.AppendInt(b, length, 10)
		b = append(b, "\r\n"...)
	case !bodiless:
		w.chunked = true
		b = appendLine(b, "Transfer-Encoding", "chunked")
	}
	if w.closing {
		b = appendLine(b, "Connection", "close")
	}
	w.buffer = append(b, "\r\n"...)
}

func appendLine(b []byte, name, value string) []byte {
	b = append(b, name...)
	b = append(b, ": "...)
	b = append(b, value...)
	return append(b, "\r\n"...)
}

// reasonPhrase is what stands behind the status.
func reasonPhrase(response *exchange.Response) string {
	if response.Reason != "" {
		return response.Reason
	}
	return exchange.StatusText(response.Status)
}

// Write writes a piece of the body.
func (w *frontWriter) Write(p []byte) (int, error) {
	if w.err != nil {
		return 0, w.err
	}
	if len(p) == 0 {
		return 0, nil
	}
	if w.chunked {
		w.buffer = strconv.AppendInt(w.buffer, int64(len(p)), 16)
		w.buffer = append(w.buffer, "\r\n"...)
	}
	if len(w.buffer)+len(p) <= writeBuffer {
		w.buffer = append(w.buffer, p...)
	} else {
		pieces := net.Buffers{w.buffer, p}
		_, w.err = pieces.WriteTo(w.c.conn)
		w.buffer = w.memory[:0]
	}
	if w.chunked {
		w.buffer = append(w.buffer, "\r\n"...)
	}
	return len(p), w.err
}

func (w *frontWriter) flush() error {
	if w.err == nil && len(w.buffer) > 0 {
		_, w.err = w.c.conn.Write(w.buffer)
		w.buffer = w.buffer[:0]
	}
	return w.err
}

// end sends what is left. A response that is not whole has no end that its client could
// take for one.
func (w *frontWriter) end(whole bool) error {
	if w.memory == nil {
		return w.err
	}
	if whole && w.chunked {
		w.buffer = append(w.buffer, "0\r\n\r\n"...)
	}
	err := w.flush()
	reuse(w.memory[:])
	writeMemory.Put(w.memory)
	w.memory, w.buffer = nil, nil
	return err
}

// dateLine is the time of a second, as responses have it.
type dateLine struct {
	second int64
	text   string
}

var lastDate atomic.Pointer[dateLine]

func httpDate() string {
	now := exchange.System.Now()
	if d := lastDate.Load(); d != nil && d.second == now.Unix() {
		return d.text
	}
	d := &dateLine{now.Unix(), now.UTC().Format(http.TimeFormat)}
	lastDate.Store(d)
	return d.text
}

package edge

import (
	"bufio"
	"io"
	"net/http"
	"strings"
	"testing"
	"testing/iotest"

	"github.com/apimulator/apimulator/policy/exchange"
)

// FuzzResponse reads any bytes as a response. What is accepted must hold: header
// lines that could be sent on as they are, and the same result however the bytes
// come in pieces. The corpus is in testdata/fuzz.
func FuzzResponse(f *testing.F) {
	f.Fuzz(func(t *testing.T, data []byte) {
		whole, wholeErr := readAll(t, strings.NewReader(string(data)))
		pieces, piecesErr := readAll(t, iotest.OneByteReader(strings.NewReader(string(data))))
		if whole != pieces || (wholeErr == nil) != (piecesErr == nil) {
			t.Fatalf("%q\nat once:  %q, %v\nbytewise: %q, %v", data, whole, wholeErr, pieces, piecesErr)
		}
	})
}

// readAll reads one response and writes down what was understood.
func readAll(t *testing.T, r io.Reader) (string, error) {
	br := bufio.NewReaderSize(r, readBufferSize)
	text, err := readLines(br, nil)
	if err != nil {
		return "", err
	}
	head, err := parseHead(string(text))
	if err != nil {
		return "", err
	}
	if head.status < 100 || head.status > 999 || !validValue(head.reason) {
		t.Fatalf("a status line was accepted that can't be sent on: %q", text)
	}
	h := exchange.NewHeader(head.fields...)
	for name, value := range h.All() {
		if !exchange.IsToken(name) || !validValue(value) || value != trimBlanks(value) {
			t.Fatalf("a header line was accepted that can't be sent on: %q: %q", name, value)
		}
	}
	f, err := head.framing(http.MethodGet)
	if err != nil {
		return "", err
	}
	body := &trip{framing: f, remaining: f.length, conn: &backendConn{reader: br}, chunks: chunkedReader{r: br}}
	var b strings.Builder
	for name, value := range h.All() {
		b.WriteString(name + ": " + value + "\n")
	}
	if f.kind == noBody {
		return b.String(), nil
	}
	buffer := make([]byte, 100)
	for {
		n, err := body.readBody(buffer)
		b.Write(buffer[:n])
		if err == io.EOF {
			return b.String(), nil
		}
		if err != nil {
			return b.String(), err
		}
	}
}

package edge

import (
	"bufio"
	"errors"
	"fmt"
	"io"
	"net/http"
	"strconv"
	"strings"

	"github.com/apimulator/apimulator/policy/exchange"
)

// Bounds of what a backend may put before a body.
const (
	maxHeadBytes     = 64 << 10 // status line and header lines together; also trailers
	maxHeadLines     = 200      // of them
	maxInformational = 10       // 1xx responses before the final one
)

// protocolViolation is a response that is not HTTP/1.1, or not unambiguously.
type protocolViolation struct {
	section string // "ResponseStatusLine", "ResponseHeader" or "ResponseBody", as .NET names them
	detail  string
}

func (e *protocolViolation) Error() string { return e.detail }

func badStatusLine(detail string) error {
	return &protocolViolation{"ResponseStatusLine", detail}
}

func badHeader(format string, args ...any) error {
	return &protocolViolation{"ResponseHeader", fmt.Sprintf(format, args...)}
}

func badBody(format string, args ...any) error {
	return &protocolViolation{"ResponseBody", fmt.Sprintf(format, args...)}
}

// readLines reads up to and with the empty line that ends a head, into memory,
// and returns what came before that line. Lines end in CR LF; a bare LF is
// refused, as .NET Framework's client refuses it.
//
// The error is io.EOF if nothing came at all.
func readLines(r *bufio.Reader, memory []byte) ([]byte, error) {
	text := memory[:0]
	for lines, start := 0, 0; ; {
		piece, err := r.ReadSlice('\n')
		text = append(text, piece...)
		switch {
		case len(text) > maxHeadBytes:
			return text, badHeader("the head is larger than %d bytes", maxHeadBytes)
		case errors.Is(err, bufio.ErrBufferFull):
			continue
		case err != nil:
			if errors.Is(err, io.EOF) && len(text) > 0 {
				err = io.ErrUnexpectedEOF
			}
			return text, err
		case len(text)-start < 2 || text[len(text)-2] != '\r':
			return text, badHeader("line %d ends in LF without CR", lines+1)
		case len(text)-start == 2:
			return text[:start], nil
		}
		if lines++; lines > maxHeadLines {
			return text, badHeader("the head has more than %d lines", maxHeadLines)
		}
		start = len(text)
	}
}

// responseHead is a response without its body.
type responseHead struct {
	minorVersion int // of HTTP/1
	status       int
	reason       string
	fields       []exchange.Field
}

// parseHead reads a response's head: lines that each end in CR LF, without the
// empty line behind them. The parts of the result share text's memory.
func parseHead(text string) (responseHead, error) {
	line, rest, _ := strings.Cut(text, "\r\n")
	head, err := parseStatusLine(line)
	if err != nil {
		return responseHead{}, err
	}
	head.fields = make([]exchange.Field, 0, strings.Count(rest, "\n"))
	for number := 2; rest != ""; number++ {
		line, rest, _ = strings.Cut(rest, "\r\n")
		name, value, found := strings.Cut(line, ":")
		value = trimBlanks(value)
		switch {
		case line == "" || line[0] == ' ' || line[0] == '\t':
			return responseHead{}, badHeader("line %d continues the line before it, which is obsolete and ambiguous", number)
		case !found:
			return responseHead{}, badHeader("line %d has no colon", number)
		case !exchange.IsToken(name):
			return responseHead{}, badHeader("line %d has %q where a header name is due", number, clip(name))
		case !validValue(value):
			return responseHead{}, badHeader("the value of %s holds a control character", name)
		}
		head.fields = append(head.fields, exchange.Field{Name: name, Value: value})
	}
	return head, nil
}

func parseStatusLine(line string) (responseHead, error) {
	version, rest, _ := strings.Cut(line, " ")
	code, reason, _ := strings.Cut(rest, " ")
	head := responseHead{reason: reason}
	switch version {
	case "HTTP/1.1":
		head.minorVersion = 1
	case "HTTP/1.0":
	default:
		return responseHead{}, badStatusLine(fmt.Sprintf("%q does not begin a response of HTTP/1.1 or HTTP/1.0", clip(line)))
	}
	status, err := strconv.ParseUint(code, 10, 16)
	if err != nil || len(code) != 3 || status < 100 || !validValue(reason) {
		return responseHead{}, badStatusLine(fmt.Sprintf("%q is no status line", clip(line)))
	}
	head.status = int(status)
	return head, nil
}

// clip shortens what a backend sent for an error text.
func clip(s string) string {
	if len(s) > 60 {
		return s[:60] + "..."
	}
	return s
}

// bodyKind is how a body's end is found.
type bodyKind uint8

const (
	noBody bodyKind = iota
	sized
	chunked
	untilClose
)

// framing is what a head says about the body and the connection behind it.
type framing struct {
	kind      bodyKind
	length    int64 // of a sized body
	keepAlive bool  // the connection can serve again after the body
}

// framing reads the lines that say where the body ends. What two readers could
// understand differently is refused (RFC 9112 section 6.3).
func (head *responseHead) framing(method string) (framing, error) {
	var (
		length     int64 = -1
		coding     string
		connection connectionOptions
	)
	for _, f := range head.fields {
		switch {
		case strings.EqualFold(f.Name, "Content-Length"):
			n, err := strconv.ParseUint(f.Value, 10, 63)
			if err != nil {
				return framing{}, badHeader("Content-Length is %q, not a number of bytes", clip(f.Value))
			}
			if length >= 0 && length != int64(n) {
				return framing{}, badHeader("two Content-Length lines differ: %d and %d", length, n)
			}
			length = int64(n)
		case strings.EqualFold(f.Name, "Transfer-Encoding"):
			if coding != "" || !strings.EqualFold(f.Value, "chunked") {
				return framing{}, badHeader("Transfer-Encoding is %q; only chunked, once, is understood", clip(f.Value))
			}
			coding = f.Value
		case strings.EqualFold(f.Name, "Connection"):
			connection = append(connection, f.Value)
		}
	}
	if coding != "" && length >= 0 {
		return framing{}, badHeader("there are both Content-Length and Transfer-Encoding")
	}
	if coding != "" && head.minorVersion == 0 {
		return framing{}, badHeader("Transfer-Encoding does not exist in HTTP/1.0")
	}
	keepAlive := !connection.has("close") && (head.minorVersion == 1 || connection.has("keep-alive"))
	bodiless := method == http.MethodHead || head.status == http.StatusNoContent || head.status == http.StatusNotModified
	switch {
	case bodiless || length == 0:
		return framing{kind: noBody, keepAlive: keepAlive}, nil
	case coding != "":
		return framing{kind: chunked, keepAlive: keepAlive}, nil
	case length > 0:
		return framing{kind: sized, length: length, keepAlive: keepAlive}, nil
	}
	return framing{kind: untilClose}, nil
}

package edge

import (
	"bytes"
	"net/textproto"
	"strconv"
	"strings"

	"github.com/apimulator/apimulator/policy/exchange"
)

// frontRequest is the head of an ordinary request.
type frontRequest struct {
	method, target, host string
	header               exchange.Header
	length               int64 // of the body
	closing              bool  // the client wants no other request on this connection

	// What comes of it: here to be one piece of memory.
	life   exchange.Lifetime
	x      exchange.Exchange
	answer answer
}

// readOrdinary reads a head, all lines with their ends, if it is one that leaves nothing to
// decide: HTTP/1.1, a path as the target, one Host, a body of known length or none, no line
// that changes how the message or the connection is read. nil is any other request,
// malformed ones among them: net/http reads those, and refuses what it should.
func readOrdinary(head string) *frontRequest {
	line, rest, ok := cutLine(head)
	if !ok {
		return nil
	}
	q := &frontRequest{}
	if !q.readRequestLine(line) {
		return nil
	}
	fields := make([]exchange.Field, 1, strings.Count(rest, "\n")+4) // and some that policies add
	for rest != "" {
		if line, rest, ok = cutLine(rest); !ok {
			return nil
		}
		name, value, ok := strings.Cut(line, ":")
		if !ok || !exchange.IsToken(name) || !validValue(value) {
			return nil
		}
		name, value = canonicalName(name), trimBlanks(value)
		switch kind := q.readLine(name, value); kind {
		case lineKept:
			fields = append(fields, exchange.Field{Name: name, Value: value})
		case lineUnusual:
			return nil
		}
	}
	if q.host == "" {
		return nil
	}
	q.length = max(q.length, 0)
	fields[0] = exchange.Field{Name: "Host", Value: q.host}
	sortByName(fields[1:])
	q.header = exchange.NewHeader(fields...)
	return q
}

// cutLine takes the first line, without its end. A line feed that no carriage return
// stands before, or a carriage return that no line feed follows, is not ordinary.
func cutLine(s string) (line, rest string, ok bool) {
	i := strings.IndexByte(s, '\n')
	if i < 1 || s[i-1] != '\r' {
		return "", "", false
	}
	return s[:i-1], s[i+1:], true
}

// readRequestLine reads the line of a method that is no CONNECT, a path and HTTP/1.1.
func (q *frontRequest) readRequestLine(line string) bool {
	method, rest, _ := strings.Cut(line, " ")
	target, ok := strings.CutSuffix(rest, " HTTP/1.1")
	if !ok || method == "CONNECT" || method == "PRI" || !isOrdinaryMethod(method) || !isOrdinaryTarget(target) {
		return false
	}
	q.method, q.target, q.length = method, target, -1
	return true
}

func isOrdinaryMethod(method string) bool {
	for i := range len(method) {
		if c := method[i]; c < 'A' || c > 'Z' {
			return false
		}
	}
	return method != ""
}

// isOrdinaryTarget reports whether a target is a path, perhaps with a query, in which
// every byte is visible ASCII and every escape is whole.
func isOrdinaryTarget(target string) bool {
	if target == "" || target[0] != '/' {
		return false
	}
	for i := 0; i < len(target); i++ {
		switch c := target[i]; {
		case c <= ' ' || c >= 0x7f || c == '#':
			return false
		case c == '%':
			if i+2 >= len(target) || !isHex(target[i+1]) || !isHex(target[i+2]) {
				return false
			}
		}
	}
	return true
}

func isHex(c byte) bool {
	return '0' <= c && c <= '9' || 'a' <= c && c <= 'f' || 'A' <= c && c <= 'F'
}

// lineKind is what a header line means for reading the request.
type lineKind uint8

const (
	lineKept    lineKind = iota // the exchange has it
	lineDropped                 // it was read
	lineUnusual                 // it makes the request one for net/http
)

func (q *frontRequest) readLine(name, value string) lineKind {
	switch name {
	case "Host":
		if q.host != "" || !ordinaryHost(value) {
			return lineUnusual
		}
		q.host = value
		return lineDropped
	case "Content-Length":
		if q.length >= 0 || !q.readLength(value) {
			return lineUnusual
		}
	case "Connection":
		switch {
		case strings.EqualFold(value, "close"):
			q.closing = true
		case !strings.EqualFold(value, "keep-alive"):
			return lineUnusual
		}
	case "Transfer-Encoding", "Expect", "Upgrade", "Trailer", "Te", "Pragma", "Http2-Settings", "Proxy-Connection", "Keep-Alive":
		return lineUnusual
	}
	return lineKept
}

// ordinaryHost reports whether a Host line holds nothing but what names, addresses and
// ports are made of.
func ordinaryHost(host string) bool {
	for i := range len(host) {
		switch c := host[i]; {
		case 'a' <= c && c <= 'z', 'A' <= c && c <= 'Z', '0' <= c && c <= '9', strings.IndexByte("-._:[]", c) >= 0:
		default:
			return false
		}
	}
	return host != ""
}

// readLength reads a length of digits, too few of them to overflow.
func (q *frontRequest) readLength(text string) bool {
	if len(text) == 0 || len(text) > 18 || strings.Trim(text, "0123456789") != "" {
		return false
	}
	n, err := strconv.ParseInt(text, 10, 64)
	q.length = n
	return err == nil
}

// canonicalName spells a header's name as net/http does. One that is spelt so already
// costs nothing.
func canonicalName(name string) string {
	upper := true
	for i := range len(name) {
		c := name[i]
		if upper && 'a' <= c && c <= 'z' || !upper && 'A' <= c && c <= 'Z' {
			return textproto.CanonicalMIMEHeaderKey(name)
		}
		upper = c == '-'
	}
	return name
}

// sortByName sorts lines by name, those of one name in their order. There are few.
func sortByName(fields []exchange.Field) {
	for i := 1; i < len(fields); i++ {
		f := fields[i]
		j := i
		for ; j > 0 && fields[j-1].Name > f.Name; j-- {
			fields[j] = fields[j-1]
		}
		fields[j] = f
	}
}

// mayBecomeOrdinary reports whether a head that is not whole yet could be one, so that a
// request that will never be does not wait for its end.
func mayBecomeOrdinary(head []byte) bool {
	for rest := head; ; {
		i := bytes.IndexByte(rest, '\n')
		if i < 0 {
			break
		}
		if i < 1 || rest[i-1] != '\r' {
			return false
		}
		rest = rest[i+1:]
	}
	line, _, whole := bytes.Cut(head, []byte("\r\n"))
	return !whole || new(frontRequest).readRequestLine(string(line))
}

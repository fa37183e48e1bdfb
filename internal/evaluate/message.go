package evaluate

import (
	"errors"
	"fmt"
	"strconv"
	"strings"

	"github.com/apimulator/apimulator/internal/pattern"
	"github.com/apimulator/apimulator/policy/exchange"
)

// ReadRequest reads the first request of a file as editors' .http files have it:
// method and address, header lines, an empty line, the body. The method may be
// left out (GET), and so may the host, where there is a Host line. Lines that begin
// with # or // before the empty line are comments, ### parts requests, and what
// @name = value defines stands for {{name}}. Errors name file and line.
func ReadRequest(file string, data []byte) (*exchange.Request, error) {
	m, err := readMessage(file, data, true)
	if err != nil {
		return nil, err
	}
	method, target := requestLine(m.first)
	r := &exchange.Request{Method: method, Header: m.header, Body: m.body, ClientIP: loopback}
	if r.URL, err = address(target, &r.Header); err != nil {
		return nil, fmt.Errorf("%s:%d: %w", file, m.line, err)
	}
	r.OriginalURL = r.URL
	return r, nil
}

// ReadResponse reads a response: HTTP/1.1 200 OK (or 200 OK alone), header lines,
// an empty line, the body up to the end of the file. The rest is as in
// [ReadRequest].
func ReadResponse(file string, data []byte) (*exchange.Response, error) {
	m, err := readMessage(file, data, false)
	if err != nil {
		return nil, err
	}
	words := strings.Fields(m.first)
	if strings.HasPrefix(words[0], "HTTP/") {
		words = words[1:]
	}
	if len(words) > 0 {
		if status, err := strconv.Atoi(words[0]); err == nil && status >= 100 && status <= 999 {
			return &exchange.Response{Status: status, Reason: strings.Join(words[1:], " "), Header: m.header, Body: m.body}, nil
		}
	}
	return nil, fmt.Errorf("%s:%d: %q is no status line: a response begins with HTTP/1.1 200 OK", file, m.line, m.first)
}

// message is a request or response before its first line is read.
type message struct {
	first  string
	line   int // the first's number
	header exchange.Header
	body   exchange.Body
}

var (
	definition  = pattern.Lazy(`^@([A-Za-z0-9_\-]+)\s*=\s*(.*)$`)
	placeholder = pattern.Lazy(`\{\{\s*([A-Za-z0-9_\-]+)\s*\}\}`)
)

// separator begins the line between two requests.
const separator = "###"

// readMessage reads a file that holds one message, or the first of many.
func readMessage(file string, data []byte, many bool) (*message, error) {
	text := strings.TrimPrefix(string(data), "\ufeff")
	defined := make(map[string]string)
	fill := func(s string) string {
		return placeholder().ReplaceAllStringFunc(s, func(hole string) string {
			if value, ok := defined[strings.Trim(hole, "{} \t")]; ok {
				return value
			}
			return hole
		})
	}
	m := &message{}
	n, rest := 0, text
	for rest != "" {
		var line string
		line, rest, _ = strings.Cut(rest, "\n")
		line = strings.TrimRight(line, "\r")
		n++
		trimmed := strings.TrimSpace(line)
		d := definition().FindStringSubmatch(trimmed)
		switch {
		case many && m.first != "" && strings.HasPrefix(trimmed, separator):
			return m, nil
		case strings.HasPrefix(trimmed, "#") || strings.HasPrefix(trimmed, "//"):
		case m.first == "" && d != nil:
			defined[d[1]] = fill(d[2])
		case m.first == "" && trimmed == "":
		case m.first == "":
			m.first, m.line = fill(trimmed), n
		case trimmed == "":
			m.body = body(bodyText(rest, many, fill))
			return m, nil
		case m.header.Len() == 0 && strings.IndexByte("?&", trimmed[0]) >= 0:
			m.first = continued(m.first, fill(trimmed))
		default:
			name, value, ok := strings.Cut(fill(line), ":")
			if !ok || name == "" || strings.ContainsAny(name, " \t") {
				return nil, fmt.Errorf("%s:%d: %q is no header line: it is Name: value, and an empty line ends them", file, n, trimmed)
			}
			m.header.Add(name, strings.TrimSpace(value))
		}
	}
	if m.first == "" {
		return nil, fmt.Errorf("%s: there is no request or response in this file", file)
	}
	return m, nil
}

// continued is a request line with a piece of the query that stands on a line of
// its own.
func continued(first, piece string) string {
	if address, version, ok := strings.Cut(first, " HTTP/"); ok {
		return address + piece + " HTTP/" + version
	}
	return first + piece
}

// bodyText is a body, of one of many up to the line that parts it from the next; the
// line ends at its end are the editor's. Without a character there is no body.
func bodyText(rest string, many bool, fill func(string) string) *string {
	if many {
		end := 0
		for line := range strings.Lines(rest) {
			if strings.HasPrefix(line, separator) {
				break
			}
			end += len(line)
		}
		rest = rest[:end]
	}
	text := fill(strings.TrimRight(rest, "\r\n"))
	if text == "" {
		return nil
	}
	return &text
}

// requestLine parts METHOD address HTTP/1.1.
func requestLine(line string) (method, target string) {
	if i := strings.LastIndex(line, " HTTP/"); i >= 0 {
		line = strings.TrimSpace(line[:i])
	}
	method, target, ok := strings.Cut(line, " ")
	if !ok || strings.ContainsAny(method, ":/") {
		return "GET", line
	}
	return method, strings.TrimSpace(target)
}

// address is the URL of a request line. A whole one gives a Host line, where there
// is none; a path takes it from there.
func address(target string, header *exchange.Header) (exchange.URL, error) {
	host, hasHost := header.Get("Host")
	if strings.HasPrefix(target, "/") {
		if !hasHost {
			return exchange.URL{}, errors.New("the address is a path alone: write https://HOST before it, or a Host: line under it")
		}
		target = "https://" + host + target
	}
	u, err := exchange.ParseURL(target)
	if err == nil && !hasHost {
		fields := []exchange.Field{{Name: "Host", Value: u.Authority()}}
		for name, value := range header.All() {
			fields = append(fields, exchange.Field{Name: name, Value: value})
		}
		*header = exchange.NewHeader(fields...)
	}
	return u, err
}

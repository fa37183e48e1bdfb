package judge

import (
	"bufio"
	"errors"
	"fmt"
	"io"
	"regexp"
	"slices"
	"strconv"
	"strings"
)

// message is a request or response as it is read from a connection: strictly, so
// that what passes here has one meaning only.
type message struct {
	start  string   // the first line
	fields []string // "name: value", names in lower case, sorted
	body   body
	// bodiless says that there is no body whatever the lines say.
	bodiless bool
}

var (
	fieldLine  = regexp.MustCompile("^([!#$%&'*+.^_`|~0-9A-Za-z-]+):[ \t]*(.*?)[ \t]*$")
	statusLine = regexp.MustCompile(`^HTTP/1\.[01] ([1-9][0-9][0-9]) `)
	control    = regexp.MustCompile(`[\x00-\x08\x0a-\x1f\x7f]`)
	digits     = regexp.MustCompile(`^[0-9]{1,18}$`)
	hexDigits  = regexp.MustCompile(`^[0-9a-fA-F]{1,15}$`)
)

// readLine reads a line that ends in CR LF, and has no other control character.
func readLine(r *bufio.Reader) (string, error) {
	line, err := r.ReadString('\n')
	if err != nil {
		if line != "" {
			err = fmt.Errorf("%w behind %s", early(err), clip(line))
		}
		return "", err
	}
	text, ok := strings.CutSuffix(line, "\r\n")
	if !ok || control.MatchString(text) {
		return "", fmt.Errorf("the line %s has a bare LF or another control character", clip(line))
	}
	return text, nil
}

// readMessage reads a message's head; io.EOF means that nothing came. toHEAD says
// that it is the response to such a request.
func readMessage(r *bufio.Reader, toHEAD bool) (*message, error) {
	m := &message{}
	var err error
	if m.start, err = readLine(r); err != nil {
		return nil, err
	}
	for {
		line, err := readLine(r)
		if err != nil {
			return nil, early(err)
		}
		if line == "" {
			break
		}
		parts := fieldLine.FindStringSubmatch(line)
		if parts == nil {
			return nil, fmt.Errorf("%s is not a header line", clip(line))
		}
		m.fields = append(m.fields, strings.ToLower(parts[1])+": "+parts[2])
	}
	slices.Sort(m.fields)
	m.body = body{r: r}
	return m, m.frame(toHEAD)
}

// values are those of the lines of a name.
func (m *message) values(name string) (values []string) {
	for _, f := range m.fields {
		if value, ok := strings.CutPrefix(f, name+": "); ok {
			values = append(values, value)
		}
	}
	return values
}

// frame finds where the body ends (RFC 9112 section 6.3), and takes nothing that
// could be read differently.
func (m *message) frame(toHEAD bool) error {
	lengths, codings := m.values("content-length"), m.values("transfer-encoding")
	switch {
	case len(lengths)+len(codings) > 1:
		return fmt.Errorf("its framing is ambiguous: Content-Length %q, Transfer-Encoding %q", lengths, codings)
	case len(lengths) == 1 && !digits.MatchString(lengths[0]):
		return fmt.Errorf("Content-Length is %q", lengths[0])
	case len(codings) == 1 && codings[0] != "chunked":
		return fmt.Errorf("Transfer-Encoding is %q", codings[0])
	}
	status := m.status()
	switch {
	case toHEAD || status != 0 && status < 200 || status == 204 || status == 304:
		m.bodiless = true
	case len(codings) == 1:
		m.body.chunked = true
	case len(lengths) == 1:
		m.body.left, _ = strconv.ParseInt(lengths[0], 10, 64)
	case status != 0:
		m.body.untilEnd = true
	}
	return nil
}

// status is a response's, 0 for a request.
func (m *message) status() int {
	parts := statusLine.FindStringSubmatch(m.start)
	if parts == nil {
		return 0
	}
	status, _ := strconv.Atoi(parts[1])
	return status
}

// body reads a body without its framing.
type body struct {
	r        *bufio.Reader
	chunked  bool
	untilEnd bool
	left     int64 // of a sized body, or of the chunk
	inside   bool  // a chunk's data has begun
	ended    bool
}

// Read implements io.Reader. A body that is cut off gives io.ErrUnexpectedEOF.
func (b *body) Read(p []byte) (int, error) {
	if b.untilEnd {
		return b.r.Read(p)
	}
	if b.left == 0 {
		if err := b.nextChunk(); err != nil {
			return 0, err
		}
	}
	n, err := b.r.Read(p[:min(int64(len(p)), b.left)])
	b.left -= int64(n)
	return n, early(err)
}

// nextChunk goes to the next chunk's data; at the end it gives io.EOF. Extensions and
// trailers are not passed on, so there must be none.
func (b *body) nextChunk() error {
	if b.ended || !b.chunked {
		return io.EOF
	}
	if b.inside {
		if err := b.emptyLine(); err != nil {
			return err
		}
	}
	line, err := readLine(b.r)
	if err != nil {
		return early(err)
	}
	if !hexDigits.MatchString(line) {
		return fmt.Errorf("a chunk's size is %s", clip(line))
	}
	if b.left, _ = strconv.ParseInt(line, 16, 64); b.left > 0 {
		b.inside = true
		return nil
	}
	if err := b.emptyLine(); err != nil {
		return err
	}
	b.ended = true
	return io.EOF
}

// emptyLine reads the line end behind a chunk's data, or that behind the last chunk.
func (b *body) emptyLine() error {
	line, err := readLine(b.r)
	if err == nil && line != "" {
		return fmt.Errorf("behind a chunk stands %s", clip(line))
	}
	return early(err)
}

func early(err error) error {
	if errors.Is(err, io.EOF) {
		return io.ErrUnexpectedEOF
	}
	return err
}

func clip(s string) string {
	if len(s) > 200 {
		return fmt.Sprintf("%q... (%d bytes)", s[:200], len(s))
	}
	return strconv.Quote(s)
}

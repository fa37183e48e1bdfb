package edge

import (
	"crypto/tls"
	"encoding/binary"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"net"
	"net/http"
	"slices"
	"strconv"
	"strings"

	"github.com/apimulator/apimulator/policy/exchange"
)

// fill fills in the exchange of a request, whose life it has; state is nil without TLS.
func (s *Server) fill(x *exchange.Exchange, life *exchange.Lifetime, method string, header exchange.Header, ip string, state *tls.ConnectionState) {
	x.Context, x.ID, x.Timestamp, x.Clock = life, newID(), s.config.Clock.Now(), s.config.Clock
	x.Request.Method, x.Request.Header, x.Request.ClientIP = method, header, ip
	if state != nil && len(state.PeerCertificates) > 0 {
		x.Request.CertificateChain = state.PeerCertificates[1:]
		x.Request.Certificate = state.PeerCertificates[0] // not verified: policies do that
	}
}

// refuse is what a request of net/http's is answered instead of running it, nil if
// nothing: it is one that the gateway doesn't serve.
func (s *Server) refuse(x *exchange.Exchange, r *http.Request) *exchange.Failure {
	if r.Method == http.MethodConnect {
		return refusal(http.StatusNotImplemented, "CONNECT is not served: this is a gateway, not a proxy.")
	}
	if protocol := upgradeWanted(r.Header); protocol != "" && len(r.RequestURI) <= s.config.MaxTargetBytes {
		return refusal(http.StatusNotImplemented, protocol+" is not emulated.")
	}
	return s.admit(x, r.TLS != nil, r.Host, r.RequestURI, r.ContentLength)
}

// admit reads a request's address, and refuses one that is none or too long, and a body
// that is announced as too large; length is -1 if it is not known.
func (s *Server) admit(x *exchange.Exchange, secure bool, host, target string, length int64) *exchange.Failure {
	if most := s.config.MaxTargetBytes; len(target) > most {
		return refusal(http.StatusRequestURITooLong, fmt.Sprintf("The request's target is longer than %d bytes.", most))
	}
	u, err := originalURL(secure, x.Request.Method, host, target)
	if err != nil {
		return refusal(http.StatusBadRequest, "Bad request: "+err.Error()+".")
	}
	x.Request.OriginalURL, x.Request.URL = u, u
	if limit := s.config.MaxBodyBytes; limit > 0 && length > limit {
		return refusal(http.StatusRequestEntityTooLarge, fmt.Sprintf("The request's body is larger than %d bytes.", limit))
	}
	return nil
}

// refusal is an answer of the edge itself, in the gateway's form. The texts stand
// in JSON as they are.
func refusal(status int, message string) *exchange.Failure {
	return &exchange.Failure{
		LastError: exchange.LastError{Source: exchange.SourceConfiguration, Message: message},
		Status:    status,
	}
}

// takeBody gives the exchange the request's body as a stream. It is nil if there
// is none.
func (s *Server) takeBody(x *exchange.Exchange, life *exchange.Lifetime, w http.ResponseWriter, r *http.Request) *clientBody {
	// Over HTTP/2 a request without a body has a reader all the same.
	if r.Body == nil || r.Body == http.NoBody || r.ContentLength == 0 {
		return nil
	}
	return s.streamBody(x, life, r.Body, http.NewResponseController(w), r.ContentLength)
}

// streamBody gives the exchange a body that comes as it is read; life is the exchange's.
func (s *Server) streamBody(x *exchange.Exchange, life *exchange.Lifetime, source io.ReadCloser, control bodyControl, length int64) *clientBody {
	b := &clientBody{source: source, control: control, limit: s.config.MaxBodyBytes, life: life}
	x.Request.Body = exchange.StreamBody(b, length)
	return b
}

// requestHeader gives the header lines: Host, then the others sorted by name,
// since net/http has lost their order. What the client's Connection lists ends
// here; what a policy adds later under such a name does not.
func requestHeader(r *http.Request) exchange.Header {
	var room [32]string
	names := room[:0]
	lines := 1
	options := connectionOptions(r.Header["Connection"])
	for name, values := range r.Header {
		if options.has(name) && !ofConnection(name) {
			continue
		}
		names = append(names, name)
		lines += len(values)
	}
	slices.Sort(names)
	fields := make([]exchange.Field, 1, lines+4) // and some that policies add
	fields[0] = exchange.Field{Name: "Host", Value: r.Host}
	for _, name := range names {
		for _, value := range r.Header[name] {
			fields = append(fields, exchange.Field{Name: name, Value: value})
		}
	}
	return exchange.NewHeader(fields...)
}

// originalURL is what the client asked for: path and query as they stand in the
// request line, at the host that it named.
func originalURL(secure bool, method, host, target string) (exchange.URL, error) {
	u := exchange.URL{Scheme: "http", Port: 80}
	if secure {
		u.Scheme, u.Port = "https", 443
	}
	if err := readAuthority(&u, host); err != nil {
		return u, err
	}
	switch {
	case target == "*" && method == http.MethodOptions:
		u.Path = target
		return u, nil
	case strings.Contains(target, "#"):
		return u, errors.New("the target has a fragment, which is not for servers")
	case !strings.HasPrefix(target, "/"):
		scheme, afterScheme, absolute := strings.Cut(target, "://")
		if !absolute {
			return u, errors.New("the target is neither a path nor an absolute address")
		}
		if !strings.EqualFold(scheme, "http") && !strings.EqualFold(scheme, "https") {
			return u, errors.New("the target's scheme is neither http nor https")
		}
		end := authorityLength(afterScheme)
		if strings.Contains(afterScheme[:end], "@") {
			return u, errors.New("the target holds user information, which hides the host (RFC 9110 section 4.2.4)")
		}
		target = afterScheme[end:]
	}
	u.Path, u.RawQuery, _ = strings.Cut(target, "?")
	return u, nil
}

// authorityLength is how much of an address, after its scheme, is the host.
func authorityLength(s string) int {
	if end := strings.IndexAny(s, "/?"); end >= 0 {
		return end
	}
	return len(s)
}

// readAuthority reads host and port of a Host header.
func readAuthority(u *exchange.URL, authority string) error {
	host, port := authority, ""
	if end := strings.LastIndexByte(authority, ':'); end > strings.LastIndexByte(authority, ']') {
		host, port = authority[:end], authority[end+1:]
	}
	bracketed := strings.HasPrefix(host, "[")
	if bracketed != strings.HasSuffix(host, "]") {
		return errors.New("the brackets of its host are not a pair")
	}
	if bracketed {
		host = host[1 : len(host)-1]
	}
	if host == "" {
		return errors.New("it names no host")
	}
	if u.Host = host; port == "" {
		return nil
	}
	n, err := strconv.ParseUint(port, 10, 16)
	if err != nil || n == 0 {
		return errors.New("the port of its host is not a number from 1 to 65535")
	}
	u.Port = int(n)
	return nil
}

// upgradeWanted names the protocol that the client wants to go over to, "" if
// none. HTTP/2 without TLS is offered by some clients with each request; not
// to take up such an offer is an answer too (RFC 9110 section 7.8).
func upgradeWanted(h http.Header) string {
	offers := h["Upgrade"]
	if len(offers) == 0 || !connectionOptions(h["Connection"]).has("upgrade") {
		return ""
	}
	switch {
	case connectionOptions(offers).has("websocket"):
		return "A WebSocket connection"
	case len(offers) == 1 && strings.EqualFold(offers[0], "h2c"):
		return ""
	}
	return "The protocol that the request wants to upgrade to"
}

// clientIP is the address of a connection's other end without port and zone.
func clientIP(remote string) string {
	host, _, err := net.SplitHostPort(remote)
	if err != nil {
		return remote
	}
	host, _, _ = strings.Cut(host, "%")
	return host
}

// newID is a random GUID, version 4 (RFC 9562 section 5.4).
func newID() string {
	var b [16]byte // nothing is granted to who guesses one
	binary.NativeEndian.PutUint64(b[:8], rand.Uint64())
	binary.NativeEndian.PutUint64(b[8:], rand.Uint64())
	b[6] = b[6]&0x0f | 0x40
	b[8] = b[8]&0x3f | 0x80
	var text [36]byte
	hex.Encode(text[0:8], b[0:4])
	hex.Encode(text[9:13], b[4:6])
	hex.Encode(text[14:18], b[6:8])
	hex.Encode(text[19:23], b[8:10])
	hex.Encode(text[24:36], b[10:16])
	text[8], text[13], text[18], text[23] = '-', '-', '-', '-'
	return string(text[:])
}

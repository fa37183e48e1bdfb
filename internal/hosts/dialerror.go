package hosts

import (
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"net"
	"strconv"
	"syscall"
)

// A DialErrorKind is why a connection was not made.
type DialErrorKind uint8

// The kinds of failure that the gateway tells apart.
const (
	Other        DialErrorKind = iota // unreachable, interrupted by the caller, ...
	NotResolved                       // the name has no address
	Refused                           // nothing listens there
	Timeout                           // no answer in time, to the connection or the TLS handshake
	TLSUntrusted                      // the server's certificate is not trusted, or is another host's
	TLS                               // the TLS handshake failed otherwise
	NotServed                         // a mapped host that no party serves, at least not by this scheme
	NotAllowed                        // a real host where none is allowed, or the guard said no
)

// explanations say a kind to the user; where the cause says it all there is none.
var explanations = map[DialErrorKind]string{
	NotResolved:  "its name could not be resolved",
	Refused:      "the connection was refused",
	Timeout:      "there was no answer in time",
	TLSUntrusted: "its certificate is not trusted",
	TLS:          "the TLS handshake failed",
}

// A DialError tells why there is no connection to a host.
type DialError struct {
	Host string // as the caller named it
	Port int
	Kind DialErrorKind
	Err  error // the cause; never nil
}

func (e *DialError) Error() string {
	address := net.JoinHostPort(e.Host, strconv.Itoa(e.Port))
	if explanation, ok := explanations[e.Kind]; ok {
		return fmt.Sprintf("cannot connect to %s: %s: %v", address, explanation, e.Err)
	}
	return fmt.Sprintf("cannot connect to %s: %v", address, e.Err)
}

// Unwrap is the cause.
func (e *DialError) Unwrap() error { return e.Err }

// wsaConnRefused is ECONNREFUSED as Windows reports it; no other system has an
// error of that number.
const wsaConnRefused = syscall.Errno(10061)

// kindOf classifies what a dial or handshake gave; rest is the kind of what
// isn't known more exactly.
func kindOf(err error, rest DialErrorKind) DialErrorKind {
	var (
		unresolved *net.DNSError
		byCaller   *interruptedError
		untrusted  *tls.CertificateVerificationError
		network    net.Error
	)
	switch {
	case errors.As(err, &unresolved): // also when the resolver took too long
		return NotResolved
	case errors.Is(err, context.DeadlineExceeded), errors.As(err, &network) && network.Timeout():
		return Timeout
	case errors.As(err, &byCaller):
		return Other
	case errors.Is(err, syscall.ECONNREFUSED), errors.Is(err, wsaConnRefused):
		return Refused
	case errors.As(err, &untrusted):
		return TLSUntrusted
	}
	return rest
}

// An interruptedError stands for whatever a connection gives when its context
// ends before it is made.
type interruptedError struct{ cause error }

func (e *interruptedError) Error() string { return "interrupted: " + e.cause.Error() }
func (e *interruptedError) Unwrap() error { return e.cause }

// orInterruption is err, unless it came of the context's end.
func orInterruption(ctx context.Context, err error) error {
	if cause := context.Cause(ctx); cause != nil {
		return &interruptedError{cause}
	}
	return err
}

package edge

import (
	"context"
	"errors"
	"fmt"
	"io"
	"syscall"

	"github.com/apimulator/apimulator/internal/hosts"
	"github.com/apimulator/apimulator/policy"
	"github.com/apimulator/apimulator/policy/exchange"
)

// Messages of BackendConnectionFailure as the cloud gateway writes them: the
// texts of .NET Framework's WebException (observed.md 4.3, 4.4). The three
// marked "chosen" are that class's too but stand in no record of a gateway.
const (
	messageNotResolved      = "The remote name could not be resolved: '%s'"
	messageNotConnected     = "Unable to connect to the remote server"
	messageUntrusted        = "The underlying connection was closed: Could not establish trust relationship for the SSL/TLS secure channel."
	messageHandshakeClosed  = "Authentication failed because the remote party has closed the transport stream."
	messageHandshakeFailed  = "Authentication failed, see inner exception"
	messageSend             = "The underlying connection was closed: An unexpected error occurred on a send." // chosen
	messageReceive          = "The underlying connection was closed: An unexpected error occurred on a receive."
	messageReset            = "Unable to read data from the transport connection: An existing connection was forcibly closed by the remote host."
	messageClosed           = "The underlying connection was closed: The connection was closed unexpectedly."
	messageKeepAliveClosed  = "The underlying connection was closed: A connection that was expected to be kept alive was closed by the server."
	messageViolation        = "The server committed a protocol violation. Section=%s" // chosen
	messageTooManyRedirects = "Too many automatic redirections were attempted."       // chosen
	messageNotSent          = "The request cannot be sent: %v"                        // our own: .NET would not have let the value in
)

// backendFailure is the error of a request that got no answer.
func backendFailure(message string, err error) *policy.SendError {
	return &policy.SendError{Reason: exchange.ReasonBackendConnection, Message: message, Err: err}
}

// notSent refuses a request before a connection is looked for.
func notSent(err error) *policy.SendError {
	return backendFailure(fmt.Sprintf(messageNotSent, err), err)
}

// dialFailure is the error of a connection that was not made.
func dialFailure(host string, err error) *policy.SendError {
	var dial *hosts.DialError
	if !errors.As(err, &dial) {
		return backendFailure(messageNotConnected, err)
	}
	switch dial.Kind {
	case hosts.NotResolved:
		return backendFailure(fmt.Sprintf(messageNotResolved, host), err)
	case hosts.TLSUntrusted:
		return backendFailure(messageUntrusted, err)
	case hosts.TLS:
		if endOfStream(err) || isReset(err) {
			return backendFailure(messageHandshakeClosed, err)
		}
		return backendFailure(messageHandshakeFailed, err)
	}
	return backendFailure(messageNotConnected, err)
}

// receiveFailure is the error of an answer that did not come, or not whole.
// kept tells that the connection had served before and nothing came this time.
func receiveFailure(err error, kept bool) *policy.SendError {
	var violation *protocolViolation
	switch {
	case errors.As(err, &violation):
		return backendFailure(fmt.Sprintf(messageViolation, violation.section), err)
	case isReset(err):
		return backendFailure(messageReset, err)
	case endOfStream(err) && kept:
		return backendFailure(messageKeepAliveClosed, err)
	case endOfStream(err):
		return backendFailure(messageClosed, err)
	}
	return backendFailure(messageReceive, err)
}

// sourceFailure is the error of a request whose own body could not be read to
// its end: its sender broke off, not the backend.
func sourceFailure(err error) *policy.SendError {
	return &policy.SendError{
		Reason:  exchange.ReasonClientConnectionFailure,
		Message: exchange.MessageClientGoneForwarding,
		Err:     fmt.Errorf("reading the request's body: %w", err),
	}
}

// failure is err, or why ctx ended if it has: then that is what broke
// everything else.
func failure(ctx context.Context, err error) error {
	if ctx.Err() != nil {
		return context.Cause(ctx)
	}
	return err
}

func endOfStream(err error) bool {
	return errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF)
}

// wsaConnReset is ECONNRESET as Windows reports it; no other system has an
// error of that number.
const wsaConnReset = syscall.Errno(10054)

func isReset(err error) bool {
	return errors.Is(err, syscall.ECONNRESET) || errors.Is(err, syscall.EPIPE) || errors.Is(err, wsaConnReset)
}

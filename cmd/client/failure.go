package main

import (
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"net"
	"net/url"
	"strings"
	"unicode"
)

// The exit statuses.
const (
	exitOK          = 0
	exitFailed      = 1 // the call was refused or failed
	exitUnusable    = 2 // usage or unusable settings
	exitInternal    = 3
	exitInterrupted = 130 // 128 + SIGINT, as a shell has it
)

// failure is an error as the person reads it.
type failure struct {
	status int      // exit status
	line   string   // what went wrong, on one line
	checks []string // what to check, a sentence each
	cause  error    // may be nil
}

func (f *failure) Error() string { return f.line }
func (f *failure) Unwrap() error { return f.cause }

// unusable is a failure of the command line or of the settings.
func unusable(format string, args ...any) *failure {
	return &failure{status: exitUnusable, line: fmt.Sprintf(format, args...)}
}

// failed is a failure of the call or of the sign-in.
func failed(format string, args ...any) *failure {
	return &failure{status: exitFailed, line: fmt.Sprintf(format, args...)}
}

// report prints an error and gives its exit status.
func (p *program) report(err error) int {
	if err == nil {
		return exitOK
	}
	var f *failure
	if !errors.As(err, &f) {
		fmt.Fprintln(p.stderr, "client: internal error:", oneLine(err.Error()))
		return exitInternal
	}
	if f.status == exitUnusable {
		fmt.Fprint(p.stderr, "client: ")
	}
	fmt.Fprintln(p.stderr, f.line)
	if len(f.checks) > 0 {
		fmt.Fprintln(p.stderr, "what to check:")
	}
	for _, check := range f.checks {
		fmt.Fprintln(p.stderr, "  -", check)
	}
	return f.status
}

// networkFailure tells why a party, "the authority" or "the gateway", could not
// be talked to. It gives nil for an error that isn't the network's.
func networkFailure(party string, err error) *failure {
	var atURL *url.Error
	if !errors.As(err, &atURL) {
		return nil
	}
	host := atURL.URL
	if u, parseErr := url.Parse(atURL.URL); parseErr == nil {
		host = u.Host
	}
	var untrusted *tls.CertificateVerificationError
	var notTLS tls.RecordHeaderError
	var lookup *net.DNSError
	f := failed("%s %s can't be reached: %s", party, host, oneLine(atURL.Err.Error()))
	f.cause = err
	switch {
	case errors.As(err, &untrusted):
		f.line = fmt.Sprintf("%s %s shows a certificate that isn't trusted: %s", party, host, oneLine(untrusted.Err.Error()))
		f.checks = []string{"set SSL_CERT_FILE to a file with the certificate of its authority, in PEM (of an emulator: the CA bundle in its state folder)"}
	case errors.As(err, &notTLS):
		f.checks = []string{"the host does not speak TLS at this port: is the port right?"}
	case errors.As(err, &lookup):
		f.checks = []string{"is the host name spelled right, and does this machine have a network?"}
	case atURL.Timeout() || errors.Is(err, context.DeadlineExceeded):
		f.line = fmt.Sprintf("%s %s did not answer in time", party, host)
		f.checks = []string{"is the host up, and is a proxy needed (HTTPS_PROXY)?"}
	default:
		f.checks = []string{"is the host up, is the port right, is a proxy needed (HTTPS_PROXY)?"}
	}
	return f
}

// longestLine is the most of a foreign text that is shown, in bytes.
const longestLine = 400

// oneLine makes a text from elsewhere fit to be shown: one line, no control
// characters (a terminal obeys them), not endless.
func oneLine(text string) string {
	text = strings.Map(func(r rune) rune {
		if unicode.IsControl(r) || r == unicode.ReplacementChar {
			return ' '
		}
		return r
	}, text)
	text = strings.Join(strings.Fields(text), " ")
	if len(text) > longestLine {
		text = strings.ToValidUTF8(text[:longestLine], "") + " ..."
	}
	return text
}

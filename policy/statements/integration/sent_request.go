package integration

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/apimulator/apimulator/policy"
	"github.com/apimulator/apimulator/policy/exchange"
	"github.com/apimulator/apimulator/policy/statements/part"
)

const (
	modeNew  = "new"
	modeCopy = "copy"
)

// sentRequest is what the statements that make a request of their own share.
func sentRequest(name, doc string, more ...policy.Attribute) policy.Element {
	url, method := part.SetURL(), part.SetMethod()
	method.Doc = "Its method."
	return policy.Element{
		Name: name,
		Doc:  doc,
		Attributes: append([]policy.Attribute{
			{Name: "mode", Doc: "Begin with nothing, or with a copy of the request at hand.", Type: policy.Enum, Values: []string{modeNew, modeCopy}, Default: modeNew, Expression: true},
			{Name: "timeout", Doc: "Seconds to wait for the response's head.", Type: policy.Seconds, Default: "60", Expression: true},
		}, more...),
		Children: []policy.Child{
			{Element: url, Max: 1},
			{Element: method, Max: 1},
			{Element: part.SetHeader()},
			{Element: part.SetBody(), Max: 1},
			{Element: part.Certificate(), Max: 1},
			{Element: part.ManagedIdentity(), Max: 1},
			{Element: unsupported(part.Proxy(), "the emulator sends requests by way of no proxy"), Max: 1},
		},
		OrderOpen: true,
		Check:     checkSentRequest,
	}
}

// unsupported is an element of which no attribute runs.
func unsupported(e policy.Element, why string) policy.Element {
	for i := range e.Attributes {
		e.Attributes[i].Unsupported = why
	}
	return e
}

// checkSentRequest tells what a request that is not a copy lacks.
func checkSentRequest(n *policy.Node) policy.Diagnostics {
	var found policy.Diagnostics
	if mode, known := n.String("mode").Constant(); known && mode == modeNew {
		for _, name := range []string{"set-url", "set-method"} {
			if n.Child(name) == nil {
				found = append(found, n.Fault(policy.Error, nil, `The element '%s' has incomplete content: without mode="copy" it needs <%s>.`, n.Name, name))
			}
		}
	}
	return found
}

// request is a request that a statement makes, compiled.
type request struct {
	statement       string
	mode            policy.Operand[string]
	timeout         policy.Operand[time.Duration]
	hasURL          bool
	url             policy.Operand[string]
	parsed          *exchange.URL // of a url that is the same for all runs
	hasMethod       bool
	method          policy.Operand[string]
	edits           []part.Edit             // of header and body, in the document's order
	certificate     *part.ClientCertificate // nil: none is shown
	bodyOfTheCopied bool                    // a copy has the body of the request at hand
}

// compileRequest makes the request of a statement that was checked.
func compileRequest(n *policy.Node) (*request, error) {
	section := n.Site().Section
	q := &request{
		statement: n.Name, mode: n.String("mode"), timeout: n.Duration("timeout"),
		// In outbound a copy has no body (policies-2.yaml, send-request). Chosen: so it
		// is in on-error, where the message at hand is the response too.
		bodyOfTheCopied: section == exchange.Inbound || section == exchange.Backend,
	}
	for _, c := range n.Children {
		switch c.Name {
		case "set-url":
			q.hasURL, q.url = true, c.Content()
			if address, known := q.url.Constant(); known {
				u, err := exchange.ParseURL(address)
				if err != nil {
					return nil, c.Fault(policy.Error, c.Text, "%s", err)
				}
				c.Refer(c.Text, u)
				q.parsed = &u
			}
		case "set-method":
			q.hasMethod, q.method = true, c.Content()
		case "set-header":
			q.edits = append(q.edits, part.CompileSetHeader(c))
		case "set-body":
			edit, err := part.CompileSetBody(c, false)
			if err != nil {
				return nil, err
			}
			q.edits = append(q.edits, edit)
		case "authentication-certificate":
			certificate, err := part.CompileCertificate(c)
			if err != nil {
				return nil, err
			}
			q.certificate = certificate
		case "authentication-managed-identity":
			q.edits = append(q.edits, part.CompileManagedIdentity(c))
		}
	}
	return q, nil
}

// outgoing is the request for this run, and how long to wait for its answer. It shares
// nothing with the exchange that a later statement changes.
func (q *request) outgoing(r *policy.Run) (out *policy.Outgoing, timeout time.Duration, err error) {
	mode, err := q.mode.Get(r)
	if err != nil {
		return nil, 0, err
	}
	if timeout, err = q.timeout.Get(r); err != nil {
		return nil, 0, err
	}
	out = &policy.Outgoing{Body: &exchange.Body{}}
	if mode == modeCopy {
		if err := q.copy(r, out); err != nil {
			return nil, 0, err
		}
	}
	if err := q.address(r, out); err != nil {
		return nil, 0, err
	}
	m := part.Message{Header: &out.Header, Body: out.Body, Host: &out.Host}
	for _, e := range q.edits {
		if err := e.Apply(r, m); err != nil {
			return nil, 0, err
		}
	}
	if q.certificate != nil {
		if out.Certificate, err = q.certificate.Get(r); err != nil {
			return nil, 0, err
		}
	}
	return out, timeout, nil
}

// copy makes out the request at hand, as it would go to the backend now.
func (q *request) copy(r *policy.Run, out *policy.Outgoing) error {
	out.Method, out.URL, out.Host, out.Header = r.Request.Method, r.Request.Target(), r.Request.Host, r.Request.Header.Clone()
	body := &r.Request.Body
	switch {
	case !q.bodyOfTheCopied || !body.Exists():
	case body.Consumed():
		r.Note(q.statement, "warning: the request's body is gone, so the copy has none: an expression read it without preserveContent: true, or it was sent before")
	default:
		data, err := body.Buffer(r.Env.BodyLimit)
		if err != nil {
			return err
		}
		*out.Body = exchange.BytesBody(data)
	}
	return nil
}

// address sets where the request goes, and its method.
func (q *request) address(r *policy.Run, out *policy.Outgoing) error {
	if q.hasMethod {
		method, err := q.method.Get(r)
		if err != nil {
			return err
		}
		if out.Method = strings.TrimSpace(method); !exchange.IsToken(out.Method) {
			return wrongValue("What set-method gave is no HTTP method.")
		}
	}
	switch {
	case q.parsed != nil:
		out.URL, out.Host = *q.parsed, ""
	case q.hasURL:
		address, err := q.url.Get(r)
		if err != nil {
			return err
		}
		u, err := exchange.ParseURL(strings.TrimSpace(address))
		if err != nil {
			// The address may hold a key, so it is not told.
			return wrongValue("What set-url gave is no absolute http or https address.")
		}
		out.URL, out.Host = u, ""
	case out.URL.Host == "": // an expression made it a new one
		return wrongValue("A request that is not a copy needs set-url.")
	}
	if out.Method == "" {
		return wrongValue("A request that is not a copy needs set-method.")
	}
	return nil
}

func wrongValue(message string) error {
	f := &exchange.Failure{Status: 500}
	f.Reason, f.Message = exchange.ReasonExpressionEvaluation, exchange.MessageEvaluationFailed(message)
	return f
}

// line is a request for people: keys stand in queries.
func line(out *policy.Outgoing) string {
	return out.Method + " " + out.URL.Scheme + "://" + out.URL.Authority() + out.URL.Path
}

// sendFailure says what became of a request without a response (errors.yaml, Timeout
// and BackendConnectionFailure).
func sendFailure(r *policy.Run, err error, timeout time.Duration) error {
	f := &exchange.Failure{Status: 500, Err: err}
	var send *policy.SendError
	switch {
	case r.Context.Err() != nil:
		f.Reason, f.Message = exchange.ReasonClientConnectionFailure, exchange.MessageClientGoneForwarding
	case errors.Is(err, context.DeadlineExceeded):
		f.Reason, f.Message = exchange.ReasonTimeout, fmt.Sprintf("The request to the backend timed out after %g seconds.", timeout.Seconds())
	case errors.As(err, &send):
		f.Reason, f.Message, f.Detail = send.Reason, send.Message, err.Error()
	default:
		f.Reason, f.Message, f.Detail = exchange.ReasonBackendConnection, "Unable to connect to the remote server", err.Error()
	}
	return f
}

package routing

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/apimulator/apimulator/policy"
	"github.com/apimulator/apimulator/policy/exchange"
)

// ForwardRequest defines <forward-request>.
func ForwardRequest() *policy.Definition {
	const later = "it comes with a later version"
	return &policy.Definition{
		Element: policy.Element{
			Name: "forward-request",
			Doc:  "Sends the request to the backend and takes its response.",
			Attributes: []policy.Attribute{
				{Name: "timeout", Doc: "Seconds to wait for the response's head; 0 waits without end.", Type: policy.Seconds, Default: "300", Expression: true},
				{Name: "timeout-ms", Doc: "The same in milliseconds.", Type: policy.Milliseconds, Expression: true},
				{Name: "http-version", Doc: "HTTP version towards the backend.", Type: policy.Enum, Values: []string{"1", "2or1", "2"}, Default: "1", ExpressionOpen: true, Unsupported: later},
				{Name: "continue-timeout", Doc: "Seconds to wait for 100 Continue.", Type: policy.Seconds, Expression: true, Unsupported: later},
				{Name: "follow-redirects", Doc: "Follow redirects instead of handing them to the caller; at most 10.", Type: policy.Bool, Default: "false", Expression: true},
				{Name: "buffer-request-body", Doc: "Keep the request's body so that a retry can send it again.", Type: policy.Bool, Default: "false", ExpressionOpen: true},
				{Name: "buffer-response", Doc: "Collect a response of unknown length in pieces of 8 KB before passing it on.", Type: policy.Bool, Default: "true"},
				{Name: "fail-on-error-status-code", Doc: "Make a response of 400 to 599 an error.", Type: policy.Bool, Default: "false", Unsupported: later},
			},
			AtMostOne: [][]string{{"timeout", "timeout-ms"}},
		},
		Category: "routing",
		Sections: []exchange.Section{exchange.Backend},
		Compile: func(n *policy.Node) (policy.Step, error) {
			s := &forwardRequest{timeout: n.Duration("timeout"), followRedirects: n.Bool("follow-redirects"), bufferRequest: n.Bool("buffer-request-body")}
			if n.Has("timeout-ms") {
				s.timeout = n.Duration("timeout-ms")
			}
			s.buffer, _ = n.Bool("buffer-response").Constant()
			return s, nil
		},
	}
}

type forwardRequest struct {
	timeout         policy.Operand[time.Duration]
	followRedirects policy.Operand[bool]
	bufferRequest   policy.Operand[bool]
	buffer          bool
}

func (s *forwardRequest) Run(r *policy.Run) error {
	timeout, err := s.timeout.Get(r)
	if err != nil {
		return err
	}
	follow, err := s.followRedirects.Get(r)
	if err != nil {
		return err
	}
	bufferRequest, err := s.bufferRequest.Get(r)
	if err != nil {
		return err
	}
	body := &r.Request.Body
	switch {
	case body.Consumed():
		r.Note("forward-request", "warning: the request's body is gone, so the backend gets none: an expression read it without preserveContent: true, or it was sent before without buffer-request-body")
		body = &exchange.Body{}
	case bufferRequest:
		if _, err := body.Buffer(r.Env.BodyLimit); err != nil {
			return err
		}
	}
	// The timeout covers the wait for the head only; the body is read under the
	// same context.
	ctx, inTime := r.Context, func() bool { return true }
	if timeout > 0 {
		ctx, inTime = exchange.WithLimit(r.Context, r.Clock, timeout)
	}
	out := &policy.Outgoing{
		Method: r.Request.Method, URL: r.Request.Target(), Host: r.Request.Host, Header: forwardedHeader(&r.Request),
		Body: body, FollowRedirects: follow, Certificate: r.Request.BackendCertificate,
	}
	if r.Observed() {
		r.Note("forward-request", fmt.Sprintf("Request is being forwarded to the backend service. Timeout set to %g seconds", timeout.Seconds()))
		r.Note("forward-request", out.Method+" "+out.URL.Scheme+"://"+out.URL.Authority()+out.URL.Path)
		out.Observe = func(text string) { r.Note("forward-request", text) }
	}
	if r.Response != nil {
		// That of an earlier try: if this one gets none, there is none.
		r.Response.Body.Close()
		r.Response = nil
	}
	response, err := r.Env.Sender.Send(ctx, out)
	if !inTime() && err == nil {
		err = context.DeadlineExceeded // it fired while the head came in
		response.Body.Close()
	}
	if err != nil {
		return sendFailure(r, err, timeout)
	}
	r.Tapped(response)
	response.Buffered = s.buffered(r, response)
	r.Response = response
	if r.Observed() {
		r.Note("forward-request", fmt.Sprintf("The backend answered %d %s", response.Status, response.Reason))
	}
	return nil
}

// buffered decides on buffer-response. Azure would collect an event stream too;
// here its events pass one by one unless everything open is strict.
func (s *forwardRequest) buffered(r *policy.Run, response *exchange.Response) bool {
	if !s.buffer {
		return false
	}
	contentType, _ := response.Header.Get("Content-Type")
	if r.Env.Strict || !strings.HasPrefix(strings.ToLower(contentType), "text/event-stream") {
		return true
	}
	r.Note("forward-request", `warning: this event stream passes event by event here, but Azure buffers it: set buffer-response="false"`)
	return false
}

// forwardedHeader is the request's header with the caller's address in front, as
// observed.md 7.1 and 7.1b have it: a chain is extended by a comma, no blank.
func forwardedHeader(request *exchange.Request) exchange.Header {
	fields := make([]exchange.Field, 1, request.Header.Len()+1)
	chain := request.Header.Values("X-Forwarded-For")
	fields[0] = exchange.Field{Name: "X-Forwarded-For", Value: strings.Join(append(chain, request.ClientIP), ",")}
	for name, value := range request.Header.All() {
		if !strings.EqualFold(name, "X-Forwarded-For") {
			fields = append(fields, exchange.Field{Name: name, Value: value})
		}
	}
	return exchange.NewHeader(fields...)
}

// sendFailure says what became of a request without a response.
func sendFailure(r *policy.Run, err error, timeout time.Duration) error {
	f := &exchange.Failure{Status: 500, Err: err}
	f.Path = `forward-request\forward-request`
	var send *policy.SendError
	switch {
	case r.Context.Err() != nil:
		f.Source, f.Reason, f.Message = exchange.SourceForwardRequest, exchange.ReasonClientConnectionFailure, exchange.MessageClientGoneForwarding
	case errors.Is(err, context.DeadlineExceeded):
		f.Source, f.Reason = exchange.SourceForwardRequest, exchange.ReasonTimeout
		f.Message = fmt.Sprintf("The request to the backend timed out after %g seconds.", timeout.Seconds())
	case errors.As(err, &send):
		f.Source, f.Reason, f.Message = exchange.SourceRequestForwarder, send.Reason, send.Message
		f.Detail = err.Error()
	default:
		f.Source, f.Reason, f.Message = exchange.SourceRequestForwarder, exchange.ReasonBackendConnection, "Unable to connect to the remote server"
		f.Detail = err.Error()
	}
	return f
}

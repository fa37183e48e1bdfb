package routing

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

// ForwardRequest defines <forward-request>.
func ForwardRequest() *policy.Definition {
	return &policy.Definition{
		Element: policy.Element{
			Name: "forward-request",
			Doc:  "Sends the request to the backend and takes its response.",
			Attributes: []policy.Attribute{
				{Name: "timeout", Doc: "Seconds to wait for the response's head; 0 waits without end.", Type: policy.Seconds, Default: "300", Expression: true},
				{Name: "timeout-ms", Doc: "The same in milliseconds.", Type: policy.Milliseconds, Expression: true},
				{Name: "http-version", Doc: "HTTP version towards the backend; 2or1 is HTTP/2 where TLS negotiates it.", Type: policy.Enum, Values: httpVersions, Default: "1", ExpressionOpen: true},
				{Name: "continue-timeout", Doc: "Seconds to wait for 100 Continue before the body is sent.", Type: policy.Seconds, Expression: true},
				{Name: "follow-redirects", Doc: "Follow redirects instead of handing them to the caller; at most 10.", Type: policy.Bool, Default: "false", Expression: true},
				{Name: "buffer-request-body", Doc: "Keep the request's body so that a retry can send it again.", Type: policy.Bool, Default: "false", ExpressionOpen: true},
				{Name: "buffer-response", Doc: "Collect a response of unknown length in pieces of 8 KB before passing it on.", Type: policy.Bool, Default: "true"},
				{Name: "fail-on-error-status-code", Doc: "Make a response of 400 to 599 an error.", Type: policy.Bool, Default: "false"},
			},
			AtMostOne: [][]string{{"timeout", "timeout-ms"}},
		},
		Category: "routing",
		Facts:    forwardRequestFacts,
		Sections: []exchange.Section{exchange.Backend},
		Compile: func(n *policy.Node) (policy.Step, error) {
			s := &forwardRequest{
				timeout: n.Duration("timeout"), continueWithin: n.Duration("continue-timeout"), version: n.String("http-version"),
				followRedirects: n.Bool("follow-redirects"), bufferRequest: n.Bool("buffer-request-body"),
			}
			if n.Has("timeout-ms") {
				s.timeout = n.Duration("timeout-ms")
			}
			s.buffer, _ = n.Bool("buffer-response").Constant()
			s.failOnStatus, _ = n.Bool("fail-on-error-status-code").Constant()
			return s, nil
		},
	}
}

// httpVersions are the values of http-version, in the order of policy.HTTPVersion.
var httpVersions = []string{policy.HTTP1.String(), policy.HTTP2or1.String(), policy.HTTP2.String()}

type forwardRequest struct {
	timeout, continueWithin policy.Operand[time.Duration]
	version                 policy.Operand[string]
	followRedirects         policy.Operand[bool]
	bufferRequest           policy.Operand[bool]
	buffer, failOnStatus    bool
}

func (s *forwardRequest) Run(r *policy.Run) error {
	timeout, err := s.timeout.Get(r)
	if err != nil {
		return err
	}
	out, err := s.outgoing(r)
	if err != nil {
		return err
	}
	if r.Response != nil {
		// That of an earlier try: if this one gets none, there is none.
		r.Response.Body.Close()
		r.Response = nil
	}
	call, err := pick(r)
	if err != nil {
		return err
	}
	out.URL = r.Request.Target()
	if call.Backend != nil {
		if err := call.Authorize(r, out); err != nil {
			return err
		}
	}
	response, err := send(r, out, timeout)
	if err != nil {
		if call.Backend != nil {
			call.Report(r, nil, part.FailureReason(r, err))
		}
		return sendFailure(r, err, timeout)
	}
	if call.Backend != nil {
		call.Report(r, response, "")
	}
	s.take(r, response, call)
	if s.failOnStatus && response.Status >= 400 {
		return statusFailure(response)
	}
	return nil
}

// outgoing is the request without its address.
func (s *forwardRequest) outgoing(r *policy.Run) (*policy.Outgoing, error) {
	follow, err := s.followRedirects.Get(r)
	if err != nil {
		return nil, err
	}
	continueWithin, err := s.continueWithin.Get(r)
	if err != nil {
		return nil, err
	}
	version, err := s.version.Get(r)
	if err != nil {
		return nil, err
	}
	body, err := s.body(r)
	if err != nil {
		return nil, err
	}
	out := &policy.Outgoing{
		Method: r.Request.Method, Host: r.Request.Host, Header: forwardedHeader(&r.Request), Body: body,
		Certificate: r.Request.BackendCertificate, FollowRedirects: follow, ContinueWithin: continueWithin, Clock: r.Clock,
	}
	for i, v := range httpVersions {
		if v == version {
			out.Version = policy.HTTPVersion(i)
		}
	}
	return out, nil
}

func (s *forwardRequest) body(r *policy.Run) (*exchange.Body, error) {
	buffer, err := s.bufferRequest.Get(r)
	if err != nil {
		return nil, err
	}
	body := &r.Request.Body
	switch {
	case body.Consumed():
		r.Note("forward-request", "warning: the request's body is gone, so the backend gets none: an expression read it without preserveContent: true, or it was sent before without buffer-request-body")
		return &exchange.Body{}, nil
	case buffer:
		_, err = body.Buffer(r.Env.BodyLimit)
	}
	return body, err
}

// pick points the request at the backend that it goes to, if a policy chose a backend
// entity: of a pool another one, perhaps, at each try.
func pick(r *policy.Run) (part.BackendCall, error) {
	entity := r.Request.Backend
	if entity == nil {
		return part.BackendCall{}, nil
	}
	call, err := part.PickBackend(r, entity, sessionOf(r, entity))
	if err != nil {
		// The condition of a retry around it sees the 503: deployed ones ask for it
		// (Azure-Samples/AI-Gateway#285).
		var f *exchange.Failure
		if errors.As(err, &f) {
			r.Response = f.Response(r.ID)
		}
		return call, err
	}
	r.Request.SetBackend(call.Backend.URL)
	if r.Observed() && entity.Pool != nil {
		r.Note("forward-request", "Of pool '"+entity.ID+"' backend '"+call.Backend.ID+"' gets the request.")
	}
	return call, nil
}

// send sends the request. The timeout covers the wait for the head only; the body is
// read under the same context.
func send(r *policy.Run, out *policy.Outgoing, timeout time.Duration) (*exchange.Response, error) {
	ctx, limit := r.Context, (*exchange.Limit)(nil)
	if timeout > 0 {
		limit = exchange.WithLimit(r.Context, r.Clock, timeout)
		ctx = limit
	}
	if r.Observed() {
		r.Note("forward-request", fmt.Sprintf("Request is being forwarded to the backend service. Timeout set to %g seconds", timeout.Seconds()))
	}
	response, err := r.Env.Sender.Send(ctx, out)
	if !limit.Stop() && err == nil {
		err = context.DeadlineExceeded // it fired while the head came in
		response.Body.Close()
	}
	return response, err
}

// take makes the backend's response the exchange's.
func (s *forwardRequest) take(r *policy.Run, response *exchange.Response, call part.BackendCall) {
	r.Tapped(response)
	response.Buffered = s.buffered(r, response)
	r.Response = response
	if call.Session != "" {
		keepSession(r, call.Session)
	}
	if r.Observed() {
		r.Note("forward-request", fmt.Sprintf("The backend answered %d %s", response.Status, response.Reason))
	}
}

// buffered decides on buffer-response. Azure would collect an event stream too;
// here its events pass one by one unless everything open is strict.
func (s *forwardRequest) buffered(r *policy.Run, response *exchange.Response) bool {
	if !s.buffer {
		r.Note("forward-request", "The response passes on as it comes: buffer-response is false.")
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
	f.Source, f.Reason = exchange.SourceForwardRequest, part.FailureReason(r, err)
	var send *policy.SendError
	switch {
	case r.Context.Err() != nil:
		f.Message = exchange.MessageClientGoneForwarding
	case errors.Is(err, policy.ErrNoContinue):
		f.Message = "The backend did not say 100 Continue in time."
	case errors.Is(err, context.DeadlineExceeded):
		f.Message = fmt.Sprintf("The request to the backend timed out after %g seconds.", timeout.Seconds())
	case errors.As(err, &send):
		f.Source, f.Message = exchange.SourceRequestForwarder, send.Message
		f.Detail = err.Error()
	default:
		f.Source, f.Message = exchange.SourceRequestForwarder, "Unable to connect to the remote server"
		f.Detail = err.Error()
	}
	return f
}

// statusFailure is the error of fail-on-error-status-code. The pages say that on-error
// runs, and nothing more. Chosen: the client gets what the backend answered unless
// on-error changes it, and reason and message are our own.
func statusFailure(response *exchange.Response) error {
	f := &exchange.Failure{Status: response.Status, Answer: response}
	f.Source, f.Reason = exchange.SourceForwardRequest, exchange.ReasonBackendStatus
	f.Message = fmt.Sprintf("The backend answered with status code %d.", response.Status)
	return f
}

package edge

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"runtime/debug"

	"github.com/apimulator/apimulator/policy/exchange"
)

// ServeHTTP takes one request that net/http has read through the gateway.
func (s *Server) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	h := handedOf(r.Context())
	if r.TLS == nil && h != nil {
		r.TLS = h.tls
	}
	if len(r.TransferEncoding) > 0 && r.ProtoMajor == 1 && !h.tookChunksAlone() {
		// There may have been a Content-Length too, which net/http has dropped: such a
		// connection has to end (RFC 9112 section 6.1).
		w.Header().Set("Connection", "close")
	}
	if s.config.Route != nil {
		if other := s.config.Route(r.Host); other != nil {
			other.ServeHTTP(w, r)
			return
		}
	}
	life := exchange.NewLifetime(r.Context())
	defer life.End(context.Canceled)
	x := &exchange.Exchange{}
	s.fill(x, life, r.Method, requestHeader(r), clientIP(r.RemoteAddr), r.TLS)
	body, refused := s.takeBody(x, life, w, r), s.refuse(x, r)
	// In HTTP/1.0 net/http passes over Transfer-Encoding without a word, and who stands
	// before us may have found the body's end by it (RFC 9112 section 6.1).
	closing := body != nil && !r.ProtoAtLeast(1, 1)
	a := &answer{out: &netHTTPWriter{w: w, closable: r.ProtoMajor == 1, closing: closing}, life: life, x: x, toHEAD: r.Method == http.MethodHead, body: body}
	if !s.serve(a, refused) {
		panic(http.ErrAbortHandler) // net/http's way to cut a response short
	}
}

// serve handles an exchange and answers its client, who may not take what it got for the
// whole if the result is false.
func (s *Server) serve(a *answer, refused *exchange.Failure) (whole bool) {
	handling := s.respond(a.x, refused)
	sending := s.send(a)
	result := Result{Status: a.status, BytesOut: a.sent, Err: handling, ClientGone: a.clientHasGone(sending)}
	if sending != nil {
		result.Err = sending
		a.flush() // the client gets what there is, then sees the connection end
	}
	if a.body != nil {
		a.body.finish(a.flush)
	}
	s.config.OnDone(a.x, result)
	return sending == nil
}

// respond sees to it that the exchange has a response that can be sent. The
// error is why it is the general 500, if the handler is to blame for that.
func (s *Server) respond(x *exchange.Exchange, refused *exchange.Failure) error {
	if refused != nil {
		x.Response = refused.Response(x.ID)
		return nil
	}
	err := s.handle(x)
	if err != nil {
		s.log(x, "the handler of a request failed", err)
		if x.Response != nil {
			x.Response.Body.Close()
		}
		x.Response = generalFailure.Response(x.ID)
	}
	return err
}

// handle has the handler make the response.
func (s *Server) handle(x *exchange.Exchange) (err error) {
	defer recovered(&err)
	s.config.Handler(x)
	return checkResponse(x.Response)
}

// send writes the response.
func (s *Server) send(a *answer) error {
	err := a.tryWrite()
	if _, panicked := errors.AsType[*handlerPanic](err); panicked {
		s.log(a.x, "sending a response failed", err)
	}
	return err
}

// generalFailure is what the client is told of the gateway's own faults: no more
// than the request's id.
var generalFailure = exchange.Failure{
	LastError: exchange.LastError{Reason: exchange.ReasonInternal, Message: exchange.MessageInternal},
	Status:    http.StatusInternalServerError,
}

// handlerPanic is a panic while a request was handled.
type handlerPanic struct {
	value any
	stack []byte
}

func (p *handlerPanic) Error() string { return fmt.Sprintf("panic: %v", p.value) }

// recovered, deferred, makes a *handlerPanic of a panic.
func recovered(err *error) {
	if value := recover(); value != nil {
		*err = &handlerPanic{value, debug.Stack()}
	}
}

func (s *Server) log(x *exchange.Exchange, what string, err error) {
	log := s.config.Log.With("request_id", x.ID)
	if p, panicked := errors.AsType[*handlerPanic](err); panicked {
		log = log.With("stack", string(p.stack))
	}
	log.Error(what, slog.Any("error", err))
}

package edge

import (
	"cmp"
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"sync"
	"sync/atomic"
	"syscall"
	"time"

	"github.com/apimulator/apimulator/policy/exchange"
)

// ServerConfig says where a [Server] listens and who handles its requests.
type ServerConfig struct {
	// Handler runs an exchange and leaves its Response. Required. A panic of it
	// is answered with the general 500.
	Handler func(*exchange.Exchange)
	// OnDone is told the end of each exchange, exactly once, also of one that
	// the edge refused itself or whose handler panicked. The exchange must not
	// be used after it. A client sees the end of its response only when OnDone
	// has returned.
	OnDone func(*exchange.Exchange, Result)
	// Route, if it is set, is asked before anything else: a handler that it gives for
	// the host that a request names, which may have a port, serves the request, and
	// there is no exchange. It lets a client reach another party over this listener. What
	// it gives for a host does not change.
	Route func(host string) http.Handler
	// Clock gives the exchanges their time; nil is [exchange.System].
	Clock exchange.Clock
	// Log takes panics of the handler and complaints of net/http; nil is
	// [slog.Default].
	Log *slog.Logger

	// Address is where HTTPS is served, HTTP/2 and HTTP/1.1; TLS has its
	// certificate. "" opens none. Port 0 takes a free one.
	Address string
	TLS     *tls.Config
	// ClientCertificates tells, at each handshake, whether clients are asked for a
	// certificate, which they may do without; nil: they are not.
	ClientCertificates func() bool
	// PlainAddress is where HTTP/1.1 is served without TLS; "" opens none.
	PlainAddress string

	// MaxHeaderBytes bounds request line and header lines together; what is
	// larger, by 4 KB or more, is answered with 431 by net/http. 0 means 64 KB.
	MaxHeaderBytes int
	// MaxTargetBytes bounds the target in the request line; what is longer is
	// answered with 414. 0 means 16 KB.
	MaxTargetBytes int
	// MaxBodyBytes bounds a request's body. A larger declared length is answered
	// with 413; a longer stream ends the exchange's context with a
	// [*exchange.BodyTooLargeError]. 0 means no bound.
	MaxBodyBytes int64
	// ReadHeaderTimeout is how long a request's head may take; 0 means 30
	// seconds. It and IdleTimeout are the operating system's time, and may be an eighth
	// more.
	ReadHeaderTimeout time.Duration
	// IdleTimeout is how long a connection may wait for its next request; 0
	// means 2 minutes.
	IdleTimeout time.Duration
}

// What a ServerConfig's zeros mean.
const (
	defaultMaxHeaderBytes    = 64 << 10
	defaultMaxTargetBytes    = 16 << 10
	defaultReadHeaderTimeout = 30 * time.Second
	defaultIdleTimeout       = 2 * time.Minute
)

// Result is how an exchange ended on the client's side.
type Result struct {
	Status   int   // that was sent; 0 if none was
	BytesOut int64 // of the response's body
	// Err is why the client did not get the response whole, or why it got the
	// general 500; nil if all went well.
	Err error
	// ClientGone tells that the client left before the response's end, or broke
	// off its own request.
	ClientGone bool
}

// A Server takes the gateway's requests.
type Server struct {
	config ServerConfig
	http   *http.Server // of the requests that are not ordinary
	handed *handedConns // which go there
	secure net.Listener // nil if not configured
	plain  net.Listener

	context  context.Context // ends with Close
	end      context.CancelFunc
	stopping atomic.Bool // no further request is begun
	mu       sync.Mutex
	fronts   map[*frontConn]struct{}
	running  sync.WaitGroup // their goroutines
}

// NewServer opens the listeners; [Server.Serve] begins to answer. An error says
// which address could not be had, and what to do.
func NewServer(c ServerConfig) (*Server, error) {
	s := NewHandler(c)
	if err := s.listen(); err != nil {
		return nil, err
	}
	return s, nil
}

// NewHandler gives a server without listeners, for who calls its ServeHTTP in
// process. Its addresses are not looked at, and there is nothing to serve or close.
func NewHandler(c ServerConfig) *Server {
	if c.Clock == nil {
		c.Clock = exchange.System
	}
	if c.Log == nil {
		c.Log = slog.Default()
	}
	if c.OnDone == nil {
		c.OnDone = func(*exchange.Exchange, Result) {}
	}
	orDefault(&c.MaxHeaderBytes, defaultMaxHeaderBytes)
	orDefault(&c.MaxTargetBytes, defaultMaxTargetBytes)
	orDefault(&c.ReadHeaderTimeout, defaultReadHeaderTimeout)
	orDefault(&c.IdleTimeout, defaultIdleTimeout)
	s := &Server{config: c, fronts: make(map[*frontConn]struct{})}
	s.context, s.end = context.WithCancel(context.Background())
	s.http = &http.Server{
		Handler:                      s,
		TLSConfig:                    serverTLS(c.TLS, c.ClientCertificates),
		MaxHeaderBytes:               c.MaxHeaderBytes,
		ReadHeaderTimeout:            c.ReadHeaderTimeout,
		IdleTimeout:                  c.IdleTimeout,
		ErrorLog:                     slog.NewLogLogger(c.Log.Handler(), slog.LevelWarn),
		DisableGeneralOptionsHandler: true, // OPTIONS * is the handler's
		ConnContext:                  withHanded,
	}
	return s
}

// serverTLS offers HTTP/2. net/http would add the offer by itself, but it sets
// HTTP/2 up only once, and if the plain listener comes first it looks here
// whether to do so at all.
func serverTLS(c *tls.Config, clientCertificates func() bool) *tls.Config {
	if c == nil {
		return nil
	}
	c = c.Clone()
	c.NextProtos = []string{"h2", "http/1.1"}
	if clientCertificates == nil {
		return c
	}
	asking := c.Clone()
	asking.ClientAuth = tls.RequestClientCert
	c.GetConfigForClient = func(*tls.ClientHelloInfo) (*tls.Config, error) {
		if clientCertificates() {
			return asking, nil
		}
		return nil, nil
	}
	return c
}

func (s *Server) listen() (err error) {
	c := s.config
	switch {
	case c.Address == "" && c.PlainAddress == "":
		return errors.New("the server has no address to listen on")
	case c.Address != "" && c.TLS == nil:
		return fmt.Errorf("the server has no certificate for %s", c.Address)
	}
	if c.Address != "" {
		if s.secure, err = listen(c.Address, "--listen"); err != nil {
			return err
		}
	}
	if c.PlainAddress != "" {
		if s.plain, err = listen(c.PlainAddress, "--http"); err != nil && s.secure != nil {
			s.secure.Close()
		}
	}
	s.handed = newHandedConns(addressOf(cmp.Or(s.secure, s.plain)))
	return err
}

// wsaAddrInUse is EADDRINUSE as Windows reports it; no other system has an error
// of that number.
const wsaAddrInUse = syscall.Errno(10048)

func listen(address, flag string) (net.Listener, error) {
	var config net.ListenConfig
	config.SetMultipathTCP(false) // which is Go's default, costs a start, and serves nobody here
	l, err := config.Listen(context.Background(), "tcp", address)
	switch {
	case err == nil:
		return l, nil
	case errors.Is(err, syscall.EADDRINUSE), errors.Is(err, wsaAddrInUse):
		return nil, fmt.Errorf("cannot listen on %s: another program does already; stop it, or choose another address with %s (port 0 takes a free one)", address, flag)
	case errors.Is(err, syscall.EACCES):
		return nil, fmt.Errorf("cannot listen on %s: the system does not permit it; choose a port from 1024 on with %s", address, flag)
	}
	return nil, fmt.Errorf("cannot listen on %s: %w; choose another address with %s", address, err, flag)
}

// Addr is where HTTPS is served, nil if it isn't.
func (s *Server) Addr() net.Addr { return addressOf(s.secure) }

// PlainAddr is where HTTP without TLS is served, nil if it isn't.
func (s *Server) PlainAddr() net.Addr { return addressOf(s.plain) }

func addressOf(l net.Listener) net.Addr {
	if l == nil {
		return nil
	}
	return l.Addr()
}

// Serve answers requests until Shutdown or Close, after which it gives nil.
func (s *Server) Serve() error {
	var (
		group  sync.WaitGroup
		errs   = make([]error, 3)
		finish = func(i int, err error) {
			if !errors.Is(err, http.ErrServerClosed) && !s.stopping.Load() {
				errs[i] = err
				s.Close()
			}
		}
	)
	if s.secure != nil {
		group.Go(func() { finish(0, s.accept(s.secure, true)) })
	}
	if s.plain != nil {
		group.Go(func() { finish(1, s.accept(s.plain, false)) })
	}
	group.Go(func() { finish(2, s.http.Serve(s.handed)) })
	group.Wait()
	return errors.Join(errs...)
}

// Shutdown stops listening and waits until the requests under way are done, or
// ctx is; its error is then ctx's.
func (s *Server) Shutdown(ctx context.Context) error {
	s.stop(false)
	done := make(chan struct{})
	go func() {
		s.running.Wait()
		close(done)
	}()
	err := s.http.Shutdown(ctx)
	select {
	case <-done:
		return err
	case <-ctx.Done():
		return ctx.Err()
	}
}

// Close breaks everything off.
func (s *Server) Close() error {
	s.stop(true)
	s.end()
	return s.http.Close()
}

// closeListeners closes what connections come from.
func (s *Server) closeListeners() {
	if s.handed != nil {
		s.handed.Close()
	}
	for _, l := range []net.Listener{s.secure, s.plain} {
		if l != nil {
			l.Close()
		}
	}
}

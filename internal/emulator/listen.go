package emulator

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"syscall"
	"time"

	"github.com/apimulator/apimulator/internal/edge"
	"github.com/apimulator/apimulator/internal/hosts"
	"github.com/apimulator/apimulator/internal/management"
	"github.com/apimulator/apimulator/internal/trace"
	"github.com/apimulator/apimulator/policy/exchange"
)

// listen takes all addresses, so that a start fails before anything is served.
func (e *Emulator) listen() error {
	others := []struct{ name, address string }{
		{"parties", e.config.Parties}, {"management", e.config.Management}, {"proxy", e.config.Proxy},
	}
	if e.config.GatewayOnly {
		others = nil
	}
	for _, l := range others {
		listener, err := net.Listen("tcp", l.address)
		if errors.Is(err, syscall.EADDRINUSE) {
			return fmt.Errorf("cannot listen on %s: another program does already; stop it, or choose another address with --%s (port 0 takes a free one)", l.address, l.name)
		}
		if err != nil {
			return fmt.Errorf("cannot listen on %s: %w; choose another address with --%s", l.address, err, l.name)
		}
		e.listeners[l.name] = listener
	}
	secure := e.authority.TLSConfig()
	secure.NextProtos = []string{"h2", "http/1.1"}
	server, err := edge.NewServer(edge.ServerConfig{
		Handler: e.handle,
		OnDone:  e.done,
		Route:   func(host string) http.Handler { return route(*e.hosts.Load(), e.parties, nil, host) },
		Clock:   e.config.Clock, Log: e.config.Log,
		Address: e.config.Listen, TLS: secure, PlainAddress: e.config.HTTP,
		ClientCertificates: func() bool { return e.gateway.Service().NegotiateClientCertificate },
	})
	if err != nil {
		return err
	}
	e.server = server
	return nil
}

// bind tells the map where the gateway and the parties listen.
func (e *Emulator) bind(m hosts.Map) (hosts.Map, error) {
	gateway := hosts.Endpoint{TLS: reachable(e.server.Addr())}
	if plain := e.server.PlainAddr(); plain != nil {
		gateway.Plain = reachable(plain)
	}
	endpoints := map[hosts.Party]hosts.Endpoint{hosts.Gateway: gateway}
	if l := e.listeners["parties"]; l != nil {
		both := hosts.Endpoint{TLS: reachable(l.Addr()), Plain: reachable(l.Addr())}
		endpoints[hosts.Entra], endpoints[hosts.ManagedIdentity], endpoints[hosts.AzureOpenAI] = both, both, both
	}
	var err error
	for party, endpoint := range endpoints {
		if m, err = m.Bind(party, endpoint); err != nil {
			return m, err
		}
	}
	return m, nil
}

// reachable is a listener's address as this process dials it.
func reachable(a net.Addr) string {
	host, port, _ := net.SplitHostPort(a.String())
	if ip := net.ParseIP(host); ip != nil && ip.IsUnspecified() {
		host = "127.0.0.1"
	}
	return net.JoinHostPort(host, port)
}

// serve begins to answer on all listeners. They close in the reverse order.
func (e *Emulator) serve() {
	if !e.config.GatewayOnly {
		e.serveOthers()
	}
	e.run(e.server.Serve, e.server)
}

// serveOthers begins to answer beside the gateway.
func (e *Emulator) serveOthers() {
	e.loop(func(ctx context.Context) error {
		return hosts.NewProxy(*e.hosts.Load()).Serve(ctx, e.listeners["proxy"])
	})
	closing := make(chan struct{})
	e.serveHTTP(e.listeners["management"], e.managementHandler(closing)).RegisterOnShutdown(func() { close(closing) })
	secure := e.authority.TLSConfig()
	secure.NextProtos = []string{"http/1.1"}
	parties := dispatch(func() hosts.Map { return *e.hosts.Load() }, e.parties, e.server, func(r *http.Request) http.Handler { return e.parties.ByPath(r.URL.Path) })
	e.serveHTTP(newSplitListener(e.listeners["parties"], secure), parties)
}

func (e *Emulator) serveHTTP(l net.Listener, h http.Handler) *http.Server {
	s := &http.Server{
		Handler: h, ReadHeaderTimeout: 30 * time.Second, IdleTimeout: 2 * time.Minute, MaxHeaderBytes: 64 << 10,
		ErrorLog: slog.NewLogLogger(e.config.Log.Handler(), slog.LevelDebug),
	}
	e.run(func() error { return s.Serve(l) }, s)
	return s
}

// A drainable server finishes the requests under way, or breaks them off.
type drainable interface {
	Shutdown(context.Context) error
	Close() error
}

// run runs a server until the emulator closes, which drains it; when the time for
// that is over it breaks off what is left.
func (e *Emulator) run(serve func() error, server drainable) {
	e.loop(func(context.Context) error {
		if err := serve(); !errors.Is(err, http.ErrServerClosed) {
			return err
		}
		return nil
	})
	e.closers = append(e.closers, func(ctx context.Context) error {
		defer server.Close()
		return server.Shutdown(ctx)
	})
}

// loop runs f in the background until the emulator closes.
func (e *Emulator) loop(f func(context.Context) error) {
	ctx, stop := context.WithCancel(context.Background())
	done := make(chan struct{})
	go func() {
		defer close(done)
		if err := f(ctx); err != nil {
			e.fail(err)
		}
	}()
	e.atEnd(func() {
		stop()
		<-done
	})
}

func (e *Emulator) fail(err error) {
	select {
	case e.failed <- err:
	default:
	}
}

// managementHandler is the management listener's. Who follows something is let go when
// closing is closed.
func (e *Emulator) managementHandler(closing <-chan struct{}) http.Handler {
	return management.New(management.Config{
		Token: e.bearer, Recorder: e.recorder, Clock: e.config.Clock, KeySets: e.tokens.KeySets,
		Metrics: e.metrics.Handler(), Closing: closing, Debug: e.debug, ServiceName: func() string { return e.Service().Name }, HasAPI: e.hasAPI,
		Parties: map[string]http.Handler{"/entra": e.parties.Entra.Management(), "/identity": e.parties.Identity.Management(), "/openai": e.parties.OpenAI.Management()},
		Page:    e.page(closing), Sessions: e.sessions,
	})
}

// done completes a request's record.
func (e *Emulator) done(x *exchange.Exchange, result edge.Result) {
	end := trace.End{Status: result.Status, BytesOut: result.BytesOut}
	switch {
	case result.ClientGone:
		end.Cut = "the client went away"
	case result.Err != nil:
		end.Cut = result.Err.Error()
	}
	e.finish(x, end)
}

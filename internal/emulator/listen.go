package emulator

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/http"
	"syscall"

	"github.com/apimulator/apimulator/internal/edge"
	"github.com/apimulator/apimulator/internal/hosts"
	"github.com/apimulator/apimulator/internal/management"
	"github.com/apimulator/apimulator/internal/trace"
	"github.com/apimulator/apimulator/policy/exchange"
)

// listen takes all addresses, so that a start fails before anything is served.
func (e *Emulator) listen() error {
	for _, l := range []struct{ name, address string }{
		{"parties", e.config.Parties}, {"management", e.config.Management}, {"proxy", e.config.Proxy},
	} {
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
		Handler: func(x *exchange.Exchange) { e.gateway.Handle(x) },
		OnDone:  e.done,
		Route: func(r *http.Request) http.Handler {
			return route(*e.hosts.Load(), e.parties, nil, r)
		},
		Clock: e.config.Clock, Log: e.config.Log,
		Address: e.config.Listen, TLS: secure, PlainAddress: e.config.HTTP,
	})
	if err != nil {
		return err
	}
	e.server = server
	e.closers = append(e.closers, server.Shutdown)
	return nil
}

// bind tells the map where the parties listen.
func (e *Emulator) bind(m hosts.Map) (hosts.Map, error) {
	parties := reachable(e.listeners["parties"].Addr())
	both := hosts.Endpoint{TLS: parties, Plain: parties}
	gateway := hosts.Endpoint{TLS: reachable(e.server.Addr())}
	if plain := e.server.PlainAddr(); plain != nil {
		gateway.Plain = reachable(plain)
	}
	var err error
	for party, endpoint := range map[hosts.Party]hosts.Endpoint{hosts.Entra: both, hosts.ManagedIdentity: both, hosts.AzureOpenAI: both, hosts.Gateway: gateway} {
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

// serve begins to answer on all listeners.
func (e *Emulator) serve() error {
	secure := e.authority.TLSConfig()
	secure.NextProtos = []string{"http/1.1"}
	parties := dispatch(func() hosts.Map { return *e.hosts.Load() }, e.parties, e.server, func(r *http.Request) http.Handler { return e.parties.byPath(r.URL.Path) })
	e.shutdown(serveHTTP(newSplitListener(e.listeners["parties"], secure), parties, e.config.Log))
	e.shutdown(serveHTTP(e.listeners["management"], e.managementHandler(), e.config.Log))
	proxy := hosts.NewProxy(*e.hosts.Load())
	done := make(chan struct{})
	go func() {
		defer close(done)
		if err := proxy.Serve(e.background, e.listeners["proxy"]); err != nil {
			e.fail(err)
		}
	}()
	e.closers = append(e.closers, func(context.Context) error { <-done; return nil })
	served := make(chan struct{})
	go func() {
		defer close(served)
		if err := e.server.Serve(); err != nil {
			e.fail(err)
		}
	}()
	return nil
}

func (e *Emulator) fail(err error) {
	select {
	case e.failed <- err:
	default:
	}
}

func (e *Emulator) shutdown(s *http.Server) {
	e.closers = append(e.closers, func(ctx context.Context) error {
		defer s.Close()
		return s.Shutdown(ctx)
	})
}

func (e *Emulator) managementHandler() http.Handler {
	return management.New(management.Config{
		Token: e.bearer, Recorder: e.recorder, Clock: e.config.Clock, KeySets: e.tokens.KeySets,
		Parties: map[string]http.Handler{"/entra": e.parties.entra.Management(), "/identity": e.parties.identity.Management()},
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
	e.recorder.Finish(x, end)
}

package emulator

import (
	"fmt"
	"net"
	"net/http"

	"github.com/apimulator/apimulator/internal/hosts"
	"github.com/apimulator/apimulator/internal/parties"
)

// entraPublic is the part of a configuration that clients need to know.
type entraPublic struct{ tenantID, clientID string }

// publicOf is what clients need to know of the emulated Entra ID.
func publicOf(c parties.Configs) (p entraPublic) {
	p.tenantID, p.clientID = c.Public()
	return p
}

// dispatch serves each request by the host it names: any listener serves every
// mapped name. Requests to other names, localhost foremost, go to local.
func dispatch(m func() hosts.Map, p *parties.Set, gateway http.Handler, local func(*http.Request) http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if h := route(m(), p, gateway, r.Host); h != nil {
			h.ServeHTTP(w, r)
			return
		}
		local(r).ServeHTTP(w, r)
	})
}

// route is who serves the mapped host that a request names, with or without a port; nil
// if it is not mapped.
func route(m hosts.Map, p *parties.Set, gateway http.Handler, host string) http.Handler {
	if h, _, err := net.SplitHostPort(host); err == nil {
		host = h
	}
	target, mapped := m.Lookup(host)
	if !mapped || target.Party == "" {
		return nil
	}
	if target.Party == hosts.Gateway {
		return gateway
	}
	if h := p.Handler(target.Party); h != nil {
		return h
	}
	return http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		http.Error(w, fmt.Sprintf("apimulator: host %s is mapped to the party %q, which is not emulated", host, target.Party), http.StatusNotImplemented)
	})
}

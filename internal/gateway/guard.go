package gateway

import (
	"context"
	"strings"
	"sync"

	"github.com/apimulator/apimulator/internal/credential"
	"github.com/apimulator/apimulator/internal/hosts"
	"github.com/apimulator/apimulator/policy"
	"github.com/apimulator/apimulator/policy/exchange"
)

// GuardTokens is next, which it keeps from carrying a managed identity's token to
// the wrong place: a real one goes only to hosts of its resource and never to a
// mapped address, an emulated one never to a real host.
func GuardTokens(next policy.Sender, issued *credential.Source, m hosts.Map) policy.Sender {
	return &tokenGuard{next: next, issued: issued, hosts: m, allowed: map[journey]struct{}{}}
}

type tokenGuard struct {
	next   policy.Sender
	issued *credential.Source
	hosts  hosts.Map

	mu      sync.RWMutex
	allowed map[journey]struct{} // before, as most are again
}

// journey is a token on its way.
type journey struct {
	kind           credential.Kind
	resource, host string
}

// mostJourneys bounds how many are kept.
const mostJourneys = 1000

// check says why a token may not travel. What it says of a journey does not change.
func (g *tokenGuard) check(j journey) error {
	g.mu.RLock()
	_, known := g.allowed[j]
	g.mu.RUnlock()
	if known {
		return nil
	}
	_, mapped := g.hosts.Lookup(j.host)
	err := credential.Allowed(j.kind, j.resource, j.host, mapped, g.hosts.IsReal(j.host))
	g.mu.Lock()
	defer g.mu.Unlock()
	if err == nil && len(g.allowed) < mostJourneys {
		j.host = strings.Clone(j.host)
		g.allowed[j] = struct{}{}
	}
	return err
}

// minToken is shorter than any token: shorter values are not looked up.
const minToken = 64

func (g *tokenGuard) Send(ctx context.Context, request *policy.Outgoing) (*exchange.Response, error) {
	for name, value := range request.Header.All() {
		if len(value) < minToken {
			continue
		}
		if scheme, token, found := strings.Cut(value, " "); found && strings.EqualFold(scheme, "Bearer") {
			value = token
		}
		kind, resource, ok := g.issued.Issued(strings.TrimSpace(value))
		if !ok {
			continue
		}
		if err := g.check(journey{kind, resource, request.URL.Host}); err != nil {
			return nil, &policy.SendError{Reason: exchange.ReasonBackendConnection, Message: err.Error(), Err: err}
		}
		if !strings.EqualFold(name, "Authorization") && request.FollowRedirects {
			// A redirect to another host leaves Authorization behind, but no
			// other header: the client gets the redirect instead.
			followed := *request
			followed.FollowRedirects = false
			request = &followed
		}
	}
	return g.next.Send(ctx, request)
}

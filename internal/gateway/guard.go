package gateway

import (
	"context"
	"strings"

	"github.com/apimulator/apimulator/internal/credential"
	"github.com/apimulator/apimulator/internal/hosts"
	"github.com/apimulator/apimulator/policy"
	"github.com/apimulator/apimulator/policy/exchange"
)

// GuardTokens is next, which it keeps from carrying a managed identity's token to
// the wrong place: a real one goes only to hosts of its resource and never to a
// mapped address, an emulated one never to a real host.
func GuardTokens(next policy.Sender, issued *credential.Source, m hosts.Map) policy.Sender {
	return &tokenGuard{next, issued, m}
}

type tokenGuard struct {
	next   policy.Sender
	issued *credential.Source
	hosts  hosts.Map
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
		host := request.URL.Host
		_, mapped := g.hosts.Lookup(host)
		if err := credential.Allowed(kind, resource, host, mapped, g.hosts.IsReal(host)); err != nil {
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

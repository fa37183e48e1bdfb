package service

import (
	"maps"
	"slices"

	"github.com/apimulator/apimulator/policy/exchange"
)

// managedWord is the access policy of the gateway's own managed identity.
const managedWord = "managed"

// credentialProviders reads the connections of the emulated credential manager.
func (l *loader) credentialProviders(s *Service, configured map[string]providerConfig) {
	s.Deployment.Connections = make(map[exchange.ConnectionID]*exchange.Connection)
	for _, provider := range slices.Sorted(maps.Keys(configured)) {
		p := configured[provider]
		if len(p.Authorizations) == 0 {
			l.fail(p.Place, "credential provider %s has no connection: list at least one under authorizations:", provider)
		}
		for _, name := range slices.Sorted(maps.Keys(p.Authorizations)) {
			c := p.Authorizations[name]
			s.Deployment.Connections[exchange.ConnectionID{Provider: provider, Authorization: name}] = l.connection("authorization "+name+" of "+provider, &c)
		}
	}
}

// connection reads one. Without access policies it is the gateway's own, as Azure's
// portal makes them.
func (l *loader) connection(what string, c *connectionConfig) *exchange.Connection {
	connection := &exchange.Connection{Fault: c.Error.Value, Managed: c.AccessPolicies == nil}
	switch {
	case (c.AccessToken == nil) == (c.Error.Value == ""):
		l.fail(c.Place, "%s needs accessToken, what it gives, or error, why it gives nothing", what)
	case c.AccessToken != nil:
		connection.Authorization.AccessToken, _ = l.value("the accessToken of "+what, *c.AccessToken)
	}
	connection.Authorization.Claims = exchange.NewJWT(nil, c.Claims).Claims
	if c.ExpiresOn != nil {
		connection.ExpiresOn = *c.ExpiresOn
	}
	for _, a := range c.AccessPolicies {
		switch {
		case a.word.Value == managedWord:
			connection.Managed = true
		case a.word.Value != "" || a.TenantID.Value == "" || a.ObjectID.Value == "":
			l.fail(a.Place, "an access policy of %s is the word %s, the gateway's own identity, or has tenantId and objectId", what, managedWord)
		default:
			connection.Identities = append(connection.Identities, exchange.ConnectionIdentity{TenantID: a.TenantID.Value, ObjectID: a.ObjectID.Value})
		}
	}
	return connection
}

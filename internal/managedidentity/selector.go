package managedidentity

import (
	"net/url"
	"strings"
)

// A selector is a query parameter that names a user-assigned identity.
type selector struct {
	name string
	of   func(Identity) string
}

func byClientID(id Identity) string    { return id.ClientID }
func byPrincipalID(id Identity) string { return id.PrincipalID }
func byResourceID(id Identity) string  { return id.ResourceID }

// otherSpellings are selectors of other endpoints and versions. The real endpoints
// ignore them and hand out another identity's token; here they are refused.
var otherSpellings = []string{"client_id", "object_id", "principal_id", "mi_res_id", "msi_res_id", "clientid"}

// selection is the one selector in a query and its value; "" without one. Several,
// or one that this endpoint doesn't know, is a refusal.
func selection(values url.Values, known []selector) (chosen selector, value string, problem *refusal) {
	var names []string
	for _, k := range known {
		names = append(names, k.name)
	}
	for _, name := range otherSpellings {
		if values.Get(name) == "" && len(values[name]) < 2 {
			continue
		}
		i := indexOf(known, name)
		if len(values[name]) > 1 {
			return selector{}, "", badRequest("The parameter '" + name + "' is there more than once.")
		}
		if i < 0 {
			return selector{}, "", badRequest("The parameter '" + name + "' isn't one of this endpoint; use one of " + strings.Join(names, ", ") + ".")
		}
		if value != "" {
			return selector{}, "", badRequest("Only one of the parameters " + strings.Join(names, ", ") + " can select the identity.")
		}
		chosen, value = known[i], values.Get(name)
	}
	return chosen, value, nil
}

func indexOf(known []selector, name string) int {
	for i, k := range known {
		if k.name == name {
			return i
		}
	}
	return -1
}

// userAssigned finds the identity whose id is value.
func (c Config) userAssigned(by selector, value string) (Identity, bool) {
	for _, id := range c.UserAssigned {
		if strings.EqualFold(by.of(id), value) {
			return id, true
		}
	}
	return Identity{}, false
}

// identities are those in force: none while a fault takes them away.
func (s *Server) identities() Config {
	if s.faults.get().NoIdentity {
		return Config{}
	}
	return s.config
}

// single is the value of a parameter that must be there once.
func single(values url.Values, name string) (string, *refusal) {
	switch list := values[name]; {
	case len(list) > 1:
		return "", badRequest("The parameter '" + name + "' is there more than once.")
	case len(list) == 0 || list[0] == "":
		return "", badRequest("Required query variable '" + name + "' is missing")
	default:
		return list[0], nil
	}
}

package emulator

import (
	"fmt"
	"maps"
	"net"
	"slices"
	"strings"

	"github.com/apimulator/apimulator/internal/hosts"
	"github.com/apimulator/apimulator/internal/parties"
	"github.com/apimulator/apimulator/internal/service"
	"github.com/apimulator/apimulator/policy/exchange"
)

// The emulator mints tokens for whoever asks, so a gateway that trusts them must
// not stand before something real where strangers can reach it. Real means a
// credential other than the emulated identity's, or a host that is neither
// mapped, nor loopback, nor private.

// reality is what of a configuration is real.
type reality struct {
	things  []string // what is real, in words
	trusted bool     // whether tokens of the emulated issuer are trusted
}

func findReal(c *Config, s *service.Service, m hosts.Map) reality {
	r := reality{}
	if c.Identity != identities[0] {
		r.things = append(r.things, "managed identity tokens come from the "+c.Identity)
	}
	for _, a := range s.APIs {
		if m.IsReal(a.Backend.Host) {
			r.things = append(r.things, fmt.Sprintf("API %s goes to %s", a.View.ID, a.Backend.Host))
		}
	}
	for _, b := range inOrder(s.Deployment.Backends) {
		if m.IsReal(b.URL.Host) {
			r.things = append(r.things, fmt.Sprintf("backend %s is %s", b.ID, b.URL.Host))
		}
	}
	for _, ref := range s.References {
		if m.IsReal(ref.URL.Host) {
			r.things = append(r.things, fmt.Sprintf("%s:%d goes to %s", ref.At.Document, ref.At.Line, ref.URL.Host))
		}
	}
	if c := s.Cache; c != nil && !c.Emulated {
		if host, _, err := net.SplitHostPort(c.Address); err == nil && m.IsReal(host) {
			r.things = append(r.things, "the external cache is at "+host)
		}
	}
	for _, name := range slices.Sorted(maps.Keys(s.Loggers)) {
		if hub := s.Loggers[name].Hub; hub != nil && m.IsReal(hub.Host) {
			r.things = append(r.things, fmt.Sprintf("logger %s sends to %s", name, hub.Host))
		}
	}
	issuers := []string{"login.microsoftonline.com", "login.windows.net", "login.microsoft.com", "sts.windows.net"}
	for _, ref := range s.References {
		issuers = append(issuers, ref.URL.Host) // *.b2clogin.com and *.ciamlogin.com have no names of their own
	}
	r.trusted = slices.ContainsFunc(issuers, func(host string) bool {
		target, mapped := m.Lookup(host)
		return mapped && target.Party == hosts.Entra
	})
	return r
}

// inOrder are the backends that have an address, by their ids.
func inOrder(backends map[string]*exchange.BackendEntity) []*exchange.BackendEntity {
	var single []*exchange.BackendEntity
	for _, id := range slices.Sorted(maps.Keys(backends)) {
		if b := backends[id]; b.Pool == nil {
			single = append(single, b)
		}
	}
	return single
}

// check refuses what would put a real thing behind tokens that anybody can mint.
// The warning, if any, is for each start.
func (r reality) check(c *Config) (warning string, err error) {
	flag, address, exposed := c.exposed()
	switch what := strings.Join(r.things, "; "); {
	case !r.trusted:
		return "", nil
	case len(r.things) == 0 && c.RealBackend && exposed:
		return fmt.Sprintf("--real-backend opens no real host: the emulated Entra ID is trusted and %s %s is not on loopback", flag, address), nil
	case len(r.things) == 0:
		return "", nil
	case exposed:
		return "", fmt.Errorf("refused: the emulated Entra ID is trusted, something real stands behind the gateway (%s), and %s %s is not on loopback, so anybody could mint a token and get through; listen on 127.0.0.1, or take the login hosts off the map (hosts: in apim.yaml)", what, flag, address)
	case !c.RealBackend:
		return "", fmt.Errorf("refused: the emulated Entra ID is trusted and something real stands behind the gateway (%s); if that is meant, say --real-backend", what)
	default:
		return "the emulated Entra ID is trusted, and something real stands behind the gateway: " + what, nil
	}
}

// dialsReal reports whether a real host may be connected to that no check has
// seen, since a policy computes its address.
func (r reality) dialsReal(c *Config) bool {
	_, _, exposed := c.exposed()
	return !r.trusted || c.RealBackend && !exposed
}

// exposed is the first listener that others than this machine can reach.
func (c *Config) exposed() (flag, address string, is bool) {
	for _, l := range []struct{ flag, address string }{{"--listen", c.Listen}, {"--http", c.HTTP}, {"--parties", c.Parties}} {
		if l.address != "" && !isLoopback(l.address) {
			return l.flag, l.address, true
		}
	}
	return "", "", false
}

func isLoopback(address string) bool {
	host, _, err := net.SplitHostPort(address)
	if err != nil {
		return false
	}
	ip := net.ParseIP(host)
	return host == "localhost" || ip != nil && ip.IsLoopback()
}

// checkServed reports hosts that a service will call and that lead to a party
// that is not emulated.
func checkServed(s *service.Service, m hosts.Map, p *parties.Set) error {
	unserved := func(host string) bool {
		target, mapped := m.Lookup(host)
		return mapped && target.Party != "" && target.Party != hosts.Gateway && p.Handler(target.Party) == nil
	}
	const remedy = "which is not emulated; take it off the map with `hosts: {%s: real}` in apim.yaml, or give it an address there"
	for _, a := range s.APIs {
		if host := a.Backend.Host; unserved(host) {
			return fmt.Errorf("API %s goes to %s, "+remedy, a.View.ID, host, host)
		}
	}
	for _, b := range inOrder(s.Deployment.Backends) {
		if host := b.URL.Host; unserved(host) {
			return fmt.Errorf("backend %s is %s, "+remedy, b.ID, host, host)
		}
	}
	for _, ref := range s.References {
		if host := ref.URL.Host; unserved(host) {
			return fmt.Errorf("%s:%d:%d: this goes to %s, "+remedy, ref.At.Document, ref.At.Line, ref.At.Col, host, host)
		}
	}
	return nil
}

// hostMap is the default map with the service's own entries: an address, or
// "real" for a host to be taken off. A gateway alone has no hosts that lead to parties.
func hostMap(c *Config, s *service.Service) (hosts.Map, error) {
	m := hosts.Default()
	for host, address := range s.Hosts {
		var err error
		if address == "real" {
			m, err = m.Remove(host)
		} else {
			m, err = m.AddAddress(host, address)
		}
		if err != nil {
			return m, fmt.Errorf("hosts: %w", err)
		}
	}
	if c.GatewayOnly {
		return m.WithoutParties(), nil
	}
	return m, nil
}

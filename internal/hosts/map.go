package hosts

import (
	"fmt"
	"maps"
	"slices"
	"strings"
)

// A Party is one of the emulated services that stand around the gateway, or the
// gateway itself.
type Party string

// The parties that the default map leads to.
const (
	Entra           Party = "entra"
	Graph           Party = "graph"
	ManagedIdentity Party = "managedidentity"
	AzureOpenAI     Party = "azureopenai"
	Gateway         Party = "gateway"
)

var defaultHosts = []struct {
	pattern string
	party   Party
}{
	{"login.microsoftonline.com", Entra},
	{"login.windows.net", Entra},
	{"login.microsoft.com", Entra},
	{"sts.windows.net", Entra},
	{"*.b2clogin.com", Entra},
	{"*.ciamlogin.com", Entra},
	{"graph.microsoft.com", Graph},
	{"*.openai.azure.com", AzureOpenAI},
	{"*.services.ai.azure.com", AzureOpenAI},
	{"*.cognitiveservices.azure.com", AzureOpenAI},
	{metadataAddress, ManagedIdentity},
	{"*.azure-api.net", Gateway},
}

// A Map says which hosts are the emulator's and where each is served. It is a
// value: what changes it returns another one, and the zero Map maps nothing.
//
// A host pattern is a host name or IP address, or *.suffix for every name below
// suffix at any depth (a certificate's wildcard covers one label only, so for
// TLS to a deeper name its own *.suffix has to be added). Patterns and hosts
// compare without regard to case and to a trailing dot. An exact pattern wins
// over a wildcard, a longer wildcard over a shorter one. The port of a URL plays
// no part.
type Map struct {
	entries   map[pattern]entry
	endpoints map[Party]Endpoint
}

// An entry leads to a party or to an address, or takes its pattern out of a
// wider one.
type entry struct {
	party   Party
	address string
	off     bool
}

// An Endpoint is where a party listens: an address (host:port) for TLS, one for
// plain HTTP, and "" for what it doesn't speak.
type Endpoint struct {
	TLS   string
	Plain string
}

// A Target is what a mapped host leads to.
type Target struct {
	Pattern string // the pattern that matched
	Party   Party  // "" where configuration gave an address
	Endpoint
}

// Served reports whether anything listens for the host.
func (t Target) Served() bool { return t.Endpoint != Endpoint{} }

// Address is where the target takes requests of a scheme, "http" or "https". The
// error is a sentence that names the party which doesn't serve it.
func (t Target) Address(scheme string) (string, error) {
	address, other := t.TLS, "http"
	if scheme == "http" {
		address, other = t.Plain, "https"
	}
	switch {
	case address != "":
		return address, nil
	case t.Served():
		return "", fmt.Errorf("%s is mapped to the emulated party %q, which serves %s only", t.Pattern, t.Party, other)
	}
	return "", fmt.Errorf("%s is mapped to the emulated party %q, which is not running here; "+
		"start it, map the host to an address under hosts, or take it off the map", t.Pattern, t.Party)
}

// Default is the map of the hosts that policies name most: Entra ID, managed
// identity, Azure OpenAI, Microsoft Graph and API Management. No party is bound.
func Default() Map {
	m := Map{}.clone()
	for _, d := range defaultHosts {
		p, err := parsePattern(d.pattern)
		if err != nil {
			panic(err)
		}
		m.entries[p] = entry{party: d.party}
	}
	return m
}

// Add maps the hosts of a pattern to a party, in place of what that same
// pattern led to.
func (m Map) Add(hostPattern string, party Party) (Map, error) {
	return m.with(hostPattern, entry{party: party})
}

// AddAddress maps the hosts of a pattern to an address (host:port) that speaks
// what each URL says, http or https: a name in a container network, or an entry
// under `hosts` in the configuration.
func (m Map) AddAddress(hostPattern, address string) (Map, error) {
	address, err := parseAddress(address)
	if err != nil {
		return Map{}, fmt.Errorf("host pattern %q: %w", hostPattern, err)
	}
	return m.with(hostPattern, entry{address: address})
}

func (m Map) with(hostPattern string, e entry) (Map, error) {
	p, err := parsePattern(hostPattern)
	if err != nil {
		return Map{}, err
	}
	next := m.clone()
	next.entries[p] = e
	return next, nil
}

// Remove takes the hosts of a pattern off the map, so that they are real ones
// again; also a single host or a narrower wildcard out of a wider one. What is
// mapped by a more exact pattern stays. It is an error if the pattern isn't
// mapped.
func (m Map) Remove(hostPattern string) (Map, error) {
	p, err := parsePattern(hostPattern)
	if err != nil {
		return Map{}, err
	}
	if _, _, mapped := m.match(p); !mapped {
		return Map{}, fmt.Errorf("host pattern %q is not on the map, so it cannot be taken off; the map holds %s",
			hostPattern, strings.Join(m.Patterns(), ", "))
	}
	next := m.clone()
	delete(next.entries, p)
	if _, _, mapped := next.match(p); mapped {
		next.entries[p] = entry{off: true}
	}
	return next, nil
}

// WithoutParties takes off what leads to an emulated party; the gateway's own hosts and
// addresses of configuration stay.
func (m Map) WithoutParties() Map {
	next := m.clone()
	maps.DeleteFunc(next.entries, func(_ pattern, e entry) bool { return e.party != "" && e.party != Gateway })
	return next
}

// Bind says where a party listens. A party that was not bound, or bound to the
// zero Endpoint, serves nothing.
func (m Map) Bind(party Party, endpoint Endpoint) (Map, error) {
	for _, address := range []*string{&endpoint.TLS, &endpoint.Plain} {
		if *address == "" {
			continue
		}
		parsed, err := parseAddress(*address)
		if err != nil {
			return Map{}, fmt.Errorf("party %s: %w", party, err)
		}
		*address = parsed
	}
	next := m.clone()
	next.endpoints[party] = endpoint
	return next, nil
}

// Lookup gives what a host (without port) leads to and whether it is mapped. A
// mapped host need not be served: see [Target.Served]. What is not a host is
// not mapped.
func (m Map) Lookup(host string) (Target, bool) {
	name, err := parseHost(host)
	if err != nil {
		return Target{}, false
	}
	p, e, mapped := m.match(pattern{host: name})
	switch {
	case !mapped:
		return Target{}, false
	case e.address != "":
		return Target{Pattern: p.String(), Endpoint: Endpoint{TLS: e.address, Plain: e.address}}, true
	}
	return Target{Pattern: p.String(), Party: e.party, Endpoint: m.endpoints[e.party]}, true
}

// IsReal reports whether a host (without port) belongs to somebody else: it is
// not mapped, not loopback (localhost and all below it included) and not a
// private or link-local address. Nothing is resolved: a name that isn't mapped
// is real wherever it may lead. A host mapped to an address of configuration is
// what that address is. What is not a host counts as real, and so does
// 169.254.169.254 once it is off the map.
func (m Map) IsReal(host string) bool {
	name, err := parseHost(host)
	if err != nil {
		return true
	}
	_, e, mapped := m.match(pattern{host: name})
	switch {
	case !mapped:
		return !isPrivate(name)
	case e.address != "":
		return !isPrivateAddress(e.address)
	}
	return false
}

// Patterns are the patterns on the map, in order: the names an [Authority] for
// it has to sign for.
func (m Map) Patterns() []string {
	var patterns []string
	for p, e := range m.entries {
		if !e.off {
			patterns = append(patterns, p.String())
		}
	}
	slices.Sort(patterns)
	return patterns
}

// match finds the narrowest pattern that covers p.
func (m Map) match(p pattern) (pattern, entry, bool) {
	e, found := m.entries[p]
	for rest := p.host; !found; e, found = m.entries[p] {
		_, parent, more := strings.Cut(rest, ".")
		if !more {
			return pattern{}, entry{}, false
		}
		rest, p = parent, pattern{parent, true}
	}
	return p, e, !e.off
}

func (m Map) clone() Map {
	next := Map{entries: map[pattern]entry{}, endpoints: map[Party]Endpoint{}}
	maps.Copy(next.entries, m.entries)
	maps.Copy(next.endpoints, m.endpoints)
	return next
}

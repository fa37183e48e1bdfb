package credential

import (
	"fmt"
	"net/url"
	"slices"
	"strings"
)

// A Kind says whether a token is worth anything outside of the emulator.
type Kind uint8

const (
	// Emulated is a token of an emulated identity.
	Emulated Kind = iota + 1
	// Real is any other; it may be Azure's.
	Real
)

func (k Kind) String() string {
	if k == Emulated {
		return "emulated"
	}
	return "real"
}

// A service is what a resource of Azure stands for: the hosts that may see a token
// for it.
type service struct {
	// resources are host names of resource URIs, and application ids.
	resources []string
	// hosts are host names, and *.suffix for all below one. The hosts of the URIs
	// themselves, and what is below those, need not be listed.
	hosts []string
}

// services are those whose hosts the resource's name does not tell, from Azure's
// documentation of each service and, for application ids, of Entra's first-party
// applications. Azure's public cloud, and of the others Azure OpenAI.
var services = []service{
	{
		resources: []string{"cognitiveservices.azure.com", "7d312290-28c8-473c-a0ed-8e53749b6d6d"},
		hosts: []string{"*.cognitiveservices.azure.com", "*.openai.azure.com", "*.services.ai.azure.com", "*.api.cognitive.microsoft.com",
			"*.speech.microsoft.com", "api.cognitive.microsofttranslator.com"},
	},
	{resources: []string{"cognitiveservices.azure.us"}, hosts: []string{"*.openai.azure.us"}},
	{resources: []string{"cognitiveservices.azure.cn"}, hosts: []string{"*.openai.azure.cn"}},
	{
		// Foundry; the resource's other face is Azure OpenAI.
		resources: []string{"ai.azure.com", "ml.azure.com", "18a66f5f-dbdf-4c17-9dd7-1634712a9cbe"},
		hosts: []string{"*.services.ai.azure.com", "*.models.ai.azure.com", "*.openai.azure.com", "*.cognitiveservices.azure.com",
			"*.inference.ml.azure.com", "*.api.azureml.ms"},
	},
	{
		resources: []string{"management.azure.com", "management.core.windows.net", "797f4846-ba00-4fd7-ba43-dac1f8f63013"},
		hosts:     []string{"management.azure.com", "management.core.windows.net"},
	},
	{
		resources: []string{"storage.azure.com", "e406a681-f3d4-42a8-90b6-c2b029497af1"},
		hosts:     []string{"*.core.windows.net", "*.storage.azure.net"},
	},
	{resources: []string{"vault.azure.net", "cfa8b339-82a2-471a-a3c9-0fc0be7a4093"}, hosts: []string{"*.vault.azure.net"}},
	{resources: []string{"graph.microsoft.com", "00000003-0000-0000-c000-000000000000"}, hosts: []string{"graph.microsoft.com"}},
	{resources: []string{"database.windows.net", "022907d3-0f1b-48f7-badc-1ba6abab6d66"}, hosts: []string{"*.database.windows.net"}},
	{resources: []string{"servicebus.azure.net", "eventhubs.azure.net", "relay.azure.net"}, hosts: []string{"*.servicebus.windows.net"}},
	{resources: []string{"search.azure.com"}, hosts: []string{"*.search.windows.net"}},
	{resources: []string{"cosmos.azure.com"}, hosts: []string{"*.documents.azure.com"}},
	{resources: []string{"iothubs.azure.net"}, hosts: []string{"*.azure-devices.net"}},
	{resources: []string{"dev.azuresynapse.net"}, hosts: []string{"*.azuresynapse.net"}},
}

// tenantDomain is where tenants get their first domain name, which many name their
// own APIs after. No API is served there.
const tenantDomain = ".onmicrosoft.com"

// Allowed is the rule of which token may go to which host (without port): nil, or
// an error that says why not and what to do. mapped says that the host is on the
// hosts map; real that it is somebody else's: neither mapped nor loopback nor
// private, or mapped to such an address.
//
// An emulated token never goes to a real host. A real one never goes to a mapped
// host, and otherwise
//
//   - for a service of Azure that is in the table, by URI or application id, to that
//     service's hosts and those at or below the URI's own;
//   - for another URI with a host, to hosts equal to that one or below it;
//   - for a resource that names no host (api://..., a GUID, a URI below
//     onmicrosoft.com, where only the tenant's name stands), to any host: it is an
//     API of the tenant's own, and nothing says where that is.
//
// What is of neither kind is held to the rule for real ones.
func Allowed(kind Kind, resource, host string, mapped, real bool) error {
	if kind == Emulated {
		if real {
			return fmt.Errorf("the emulated identity's token for %q must not go to %s, a real host; "+
				"map the host under hosts, or start with --identity environment or azure", resource, host)
		}
		return nil
	}
	if mapped {
		return fmt.Errorf("the real token for %q must not go to %s, which is a mapped host; "+
			"take the host off the map under hosts, or start with --identity emulated", resource, host)
	}
	hosts := hostsOf(resource)
	if hosts == nil || slices.ContainsFunc(hosts, func(pattern string) bool { return covers(pattern, host) }) {
		return nil
	}
	return fmt.Errorf("the real token for %q must not go to %s; it is for %s. "+
		"Ask for a token for the resource that the host belongs to", resource, host, strings.Join(hosts, ", "))
}

// hostsOf gives the patterns of the hosts that a resource stands for; nil if it
// names none.
func hostsOf(resource string) []string {
	name, own := strings.ToLower(resource), []string(nil)
	u, err := url.Parse(name)
	switch {
	case err == nil && (u.Scheme == "https" || u.Scheme == "http") && u.Hostname() != "":
		name = strings.TrimSuffix(u.Hostname(), ".")
		own = []string{name, "*." + name}
	case err == nil && u.Scheme == "api":
		// api://ID is the application with that id, Microsoft's or the tenant's own.
		name = u.Host
	}
	for _, s := range services {
		if slices.Contains(s.resources, name) {
			hosts := slices.Concat(own, s.hosts)
			slices.Sort(hosts)
			return slices.Compact(hosts)
		}
	}
	if strings.HasSuffix(name, tenantDomain) {
		return nil
	}
	return own
}

// covers compares as the Internet does, without regard to case and to the root's
// dot, but with regard to letters outside ASCII: strings.ToLower would take some
// of them for ASCII ones.
func covers(pattern, host string) bool {
	for i := range len(host) {
		if host[i] >= 0x80 {
			return false
		}
	}
	host = strings.ToLower(strings.TrimSuffix(host, "."))
	if suffix, wildcard := strings.CutPrefix(pattern, "*"); wildcard {
		return strings.HasSuffix(host, suffix) && len(host) > len(suffix)
	}
	return host == pattern
}

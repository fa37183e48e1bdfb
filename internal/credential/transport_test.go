package credential

import (
	"testing"

	"github.com/apimulator/apimulator/internal/hosts"
)

// Over the gateway's own transport, with the party there and with it missing.
func TestOverTheGatewaysTransport(t *testing.T) {
	l := newLab(t)
	over := func(m hosts.Map) *Source {
		s, err := New(Config{Transport: hosts.NewNetwork(hosts.NetworkConfig{Map: m}).Transport(), Clock: l.clock})
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(s.Close)
		return s
	}
	bound, err := hosts.Default().Bind(hosts.ManagedIdentity, hosts.Endpoint{Plain: l.server.Listener.Addr().String()})
	if err != nil {
		t.Fatal(err)
	}
	token(t, over(bound), openAI, "")

	const want = `no token for resource "https://cognitiveservices.azure.com" from the system-assigned identity (--identity emulated): ` +
		`cannot connect to 169.254.169.254:80: 169.254.169.254 is mapped to the emulated party "managedidentity", which is not running here; ` +
		`start it, map the host to an address under hosts, or take it off the map`
	if err := failure(t, over(hosts.Default()), openAI, ""); err.Error() != want {
		t.Errorf("error without the party\n got %s\nwant %s", err, want)
	}
}

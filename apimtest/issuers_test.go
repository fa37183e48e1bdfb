package apimtest_test

import (
	"net/http"
	"testing"
	"time"

	"github.com/apimulator/apimulator/apimtest"
)

// Tokens of a new key are accepted while its key can be had, and those of known keys
// while nothing can.
func TestKeys(t *testing.T) {
	gw := apimtest.New(t, apimtest.Policy(orders), key)
	client := &http.Client{Transport: gw.Transport()}
	ask := func(what, token string, want int) {
		t.Helper()
		response, _ := send(t, client, "GET", "https://contoso.azure-api.net/orders/7", "", "Authorization", "Bearer "+token)
		if response.StatusCode != want {
			t.Errorf("%s: got %d, want %d", what, response.StatusCode, want)
		}
	}
	mint := func() string { return gw.Token(apimtest.Audience("api://orders"), apimtest.Roles("Orders.Read")) }
	old := mint()
	ask("the first key", old, 200)
	gw.Clock().Advance(10 * time.Minute)
	gw.RollKeys()
	rolled := mint()
	ask("a new key", rolled, 200)
	ask("the first key, after the roll", old, 200)

	gw.KeysDown(true)
	ask("a known key while the issuer is down", mint(), 200)
	gw.RollKeys()
	unknown := mint()
	ask("an unknown key while the issuer is down", unknown, 401)
	gw.KeysDown(false)
	gw.Clock().Advance(10 * time.Minute)
	ask("an unknown key once the issuer is back", unknown, 200)
}

// Policies see the client's address that a test chooses.
func TestClientAddress(t *testing.T) {
	eachWay(t, func(t *testing.T, way func(*apimtest.Gateway) (*http.Client, string)) {
		for address, want := range map[string]int{"198.51.100.7": 200, "198.51.100.8": 403} {
			gw := apimtest.New(t, apimtest.Policy("testdata/near.xml"), apimtest.ClientAddress(address))
			client, url := way(gw)
			if response, _ := send(t, client, "GET", url+"/", ""); response.StatusCode != want {
				t.Errorf("%s: got %d, want %d", address, response.StatusCode, want)
			}
		}
	})
	broken := newT()
	broken.run(func() { apimtest.New(broken, apimtest.Policy(open), apimtest.ClientAddress("somewhere")) })
	if len(broken.failures) != 1 {
		t.Errorf("an address that is none: %q", broken.failures)
	}
}

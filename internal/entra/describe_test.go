package entra

import (
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/apimulator/apimulator/policy/exchange"
)

// What is described mints a token that is described alike.
func TestDescribe(t *testing.T) {
	now := time.Date(2030, 1, 1, 12, 0, 0, 0, time.UTC)
	s, err := New(DefaultConfig(), Options{Clock: exchange.NewVirtualClock(now), Keys: &KeyPool{}})
	if err != nil {
		t.Fatal(err)
	}
	const api = "44444444-4444-4444-8444-444444444444"
	asked := map[string]MintRequest{
		"alice": {User: "alice@contoso.onmicrosoft.com", App: "car-assistant", Audience: "api://22222222-2222-4222-8222-222222222222", Version: 1},
		"bob, another audience, roles and claims": {
			User: "bob@contoso.onmicrosoft.com", App: "car-assistant", Audience: "api://orders", Version: 2, Scope: "a b", Roles: []string{"Reader"},
			Claims: map[string]any{"dept": "x", "level": 3.0}, RemoveClaims: []string{"name"},
		},
		"an app": {App: "daemon", Audience: api, Version: 2},
	}
	for _, fault := range TokenFaults() {
		asked["fault "+fault] = MintRequest{User: "alice@contoso.onmicrosoft.com", App: "car-assistant", Audience: "22222222-2222-4222-8222-222222222222", Version: 1, Fault: fault}
	}
	for name, want := range asked {
		token, err := s.Mint(want)
		if err != nil {
			t.Errorf("%s: %v", name, err)
			continue
		}
		if want.Fault == faultMalformed {
			want = MintRequest{Fault: faultMalformed} // nothing else can be read
		}
		got, ok := s.Describe(token, now)
		if !ok {
			t.Errorf("%s: not taken for this server's", name)
		}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("%s: (-want +got)\n%s", name, diff)
		}
	}
	// A token that has expired since it was minted.
	token, _ := s.Mint(asked["alice"])
	if got, _ := s.Describe(token, now.Add(2*time.Hour)); got.Fault != faultExpired {
		t.Errorf("two hours later its fault is %q; want %q", got.Fault, faultExpired)
	}
	for _, other := range []string{"", "abc", "a.b.c", "eyJhbGciOiJIUzI1NiJ9.e30.c2ln", "e30.e30."} {
		if m, ok := s.Describe(other, now); ok {
			t.Errorf("%q is described as %+v", other, m)
		}
	}
}

package testrun

import (
	"fmt"
	"maps"
	"net/http"
	"net/url"
	"strings"
	"sync"
	"time"

	"github.com/apimulator/apimulator/internal/entra"
)

// issuers play every issuer whose discovery document a policy names and which is not
// Entra ID: Auth0, Okta, Keycloak or one's own. All have keys of their own.
type issuers struct {
	world *World

	mu     sync.Mutex
	known  map[string]*issuer // by address, without a slash at the end
	rolled []entra.Roll
	faults entra.Faults
}

type issuer struct {
	spelled string // as the document and the tokens have it
	signer  *entra.Server
}

const (
	discoveryPath = "/.well-known/openid-configuration"
	keysPath      = "/.well-known/jwks.json"
)

// handler serves an issuer's two documents. Anything else is not there.
func (i *issuers) handler(u *url.URL) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		base, isKeys := strings.CutSuffix(u.Path, keysPath)
		base, isDocument := strings.CutSuffix(base, discoveryPath)
		if !isKeys && !isDocument {
			// Some publish the document under another name: what is asked for is
			// taken to be one.
			base, isDocument = strings.TrimSuffix(u.Path, "/"), true
		}
		found, err := i.issuer(u.Scheme + "://" + u.Host + base)
		switch {
		case err != nil:
			http.Error(w, err.Error(), http.StatusInternalServerError)
		case isKeys:
			found.signer.PublishKeys(w, r)
		default:
			found.signer.PublishDiscovery(w, r, found.spelled, u.Scheme+"://"+u.Host+base+keysPath)
		}
	})
}

// issuer is the one at an address.
func (i *issuers) issuer(address string) (*issuer, error) {
	i.mu.Lock()
	defer i.mu.Unlock()
	place := strings.TrimSuffix(address, "/")
	if found := i.known[place]; found != nil {
		return found, nil
	}
	signer, err := entra.New(entra.DefaultConfig(), entra.Options{Clock: i.world.clock, Keys: poolOf(len(i.known))})
	if err != nil {
		return nil, err
	}
	for _, roll := range i.rolled {
		if err := signer.RollKeys(roll); err != nil {
			return nil, err
		}
	}
	if err := signer.SetFaults(i.faults); err != nil {
		return nil, err
	}
	found := &issuer{spelled: address, signer: signer}
	if strings.HasSuffix(place, ".auth0.com") {
		found.spelled = place + "/" // as all of Auth0's are
	}
	if i.known == nil {
		i.known = make(map[string]*issuer)
	}
	i.known[place] = found
	return found, nil
}

// issuerPools are the signing keys of a test's first issuer, its second and so on, which
// all tests share.
var issuerPools struct {
	mu    sync.Mutex
	pools []*entra.KeyPool
}

func poolOf(n int) *entra.KeyPool {
	issuerPools.mu.Lock()
	defer issuerPools.mu.Unlock()
	for len(issuerPools.pools) <= n {
		issuerPools.pools = append(issuerPools.pools, &entra.KeyPool{})
	}
	return issuerPools.pools[n]
}

// mint makes a token of an issuer, which from then on spells itself as it is named here.
func (i *issuers) mint(r entra.MintRequest, named string) (string, error) {
	u, err := url.Parse(named)
	if err != nil || u.Host == "" {
		return "", fmt.Errorf("the issuer %q is no address", named)
	}
	if r.Tenant != "" || r.User != "" || r.App != "" || r.Version != 0 {
		return "", fmt.Errorf("tenant, user, app and version are for tokens of Entra ID; write the claims of another issuer's out")
	}
	found, err := i.issuer(named)
	if err != nil {
		return "", err
	}
	i.mu.Lock()
	found.spelled = named
	i.mu.Unlock()
	now := i.world.clock.Now()
	life := time.Hour
	if r.LifetimeSeconds > 0 {
		life = time.Duration(r.LifetimeSeconds) * time.Second
	}
	claims := map[string]any{"iss": named, "sub": "test-user", "iat": now.Unix(), "nbf": now.Unix(), "exp": now.Add(life).Unix()}
	if r.Audience != "" {
		claims["aud"] = r.Audience
	}
	if r.Scope != "" {
		claims["scope"] = r.Scope
	}
	if r.Roles != nil {
		claims["roles"] = r.Roles
	}
	maps.Copy(claims, r.Claims)
	for _, name := range r.RemoveClaims {
		delete(claims, name)
	}
	return found.signer.Sign(claims, r.Fault)
}

// RollKeys changes the signing keys of Entra ID and all issuers.
func (w *World) RollKeys(how entra.Roll) error {
	p, err := w.parties()
	if err != nil {
		return err
	}
	if err := p.Entra.RollKeys(how); err != nil {
		return err
	}
	w.issuers.mu.Lock()
	defer w.issuers.mu.Unlock()
	w.issuers.rolled = append(w.issuers.rolled, how)
	for _, i := range w.issuers.known {
		if err := i.signer.RollKeys(how); err != nil {
			return err
		}
	}
	return nil
}

// KeysDown says whether the issuers' documents can't be had: they answer 503 then.
func (w *World) KeysDown(down bool) error {
	var f entra.Faults
	if down {
		f.Discovery.Status, f.Keys.Status = 503, 503
	}
	return w.SetFaults(f)
}

// SetFaults makes the documents of Entra ID and all issuers fail; the zero value lets
// them work again.
func (w *World) SetFaults(f entra.Faults) error {
	p, err := w.parties()
	if err != nil {
		return err
	}
	if err := p.Entra.SetFaults(f); err != nil {
		return err
	}
	w.issuers.mu.Lock()
	defer w.issuers.mu.Unlock()
	w.issuers.faults = f
	for _, i := range w.issuers.known {
		if err := i.signer.SetFaults(f); err != nil {
			return err
		}
	}
	return nil
}

package jwtvalidate

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"
	"sync/atomic"

	"github.com/MicahParks/jwkset"
	"github.com/MicahParks/keyfunc/v3"
)

// MaxKeys bounds the keys read from one key set; those after it are dropped.
const MaxKeys = 100

// A remoteKey is one key of a key set. The same object stays in use for as long as
// fetches bring the same key, so a cached token needs to look at nothing but gone.
type remoteKey struct {
	set         *keySet
	id          string // kid; may be empty
	alg         string // the only algorithm it may be used with; usually empty
	public      any    // *rsa.PublicKey or *ecdsa.PublicKey
	fingerprint fingerprint
	gone        atomic.Bool // it left the key set
}

func (k *remoteKey) sameAs(other *remoteKey) bool {
	return k.id == other.id && k.alg == other.alg && k.fingerprint == other.fingerprint
}

// A snapshot is what one good fetch brought. It does not change.
type snapshot struct {
	fetch  int64 // its number among the fetches of the set
	issuer string
	keys   []*remoteKey
	byID   map[string]*remoteKey
	// keyfunc finds a key by the token's kid and compares its alg with the token's.
	keyfunc keyfunc.Keyfunc
}

// A DroppedKey is a key of a key set that is not used.
type DroppedKey struct {
	// KeyID is its kid; empty if it has none or cannot be read.
	KeyID string
	// Reason says why, for people.
	Reason string
}

// parseKeySet reads a JWK set (RFC 7517 section 5). A bad key is dropped and the
// others are used; it is an error if none is left.
func parseKeySet(body []byte) (keys []*remoteKey, jwks []jwkset.JWK, dropped []DroppedKey, err error) {
	var document struct {
		Keys []json.RawMessage `json:"keys"`
	}
	if err := json.Unmarshal(body, &document); err != nil {
		return nil, nil, nil, fmt.Errorf("it is not a JSON Web Key Set: %w", err)
	}
	if len(document.Keys) == 0 {
		return nil, nil, nil, errors.New("it has no keys")
	}
	for i, raw := range document.Keys {
		if i == MaxKeys {
			dropped = append(dropped, DroppedKey{Reason: fmt.Sprintf("%d keys follow the first %d, which is the limit", len(document.Keys)-MaxKeys, MaxKeys)})
			break
		}
		id, key, jwk, err := parseKey(raw)
		if err == nil && id != "" && slices.ContainsFunc(keys, func(k *remoteKey) bool { return k.id == id }) {
			err = errors.New("an earlier key has the same kid")
		}
		if err != nil {
			dropped = append(dropped, DroppedKey{KeyID: id, Reason: err.Error()})
			continue
		}
		keys, jwks = append(keys, key), append(jwks, jwk)
	}
	if len(keys) == 0 {
		return nil, nil, dropped, fmt.Errorf("it has no usable key: %s", dropped[0].Reason)
	}
	return keys, jwks, dropped, nil
}

// parseKey reads one JWK and refuses what must not verify tokens. jwkset compares x5t
// and n, e with the certificate in x5c.
func parseKey(raw json.RawMessage) (id string, key *remoteKey, jwk jwkset.JWK, err error) {
	var m jwkset.JWKMarshal
	if err := json.Unmarshal(raw, &m); err != nil {
		return "", nil, jwk, fmt.Errorf("it is not a JSON Web Key: %w", err)
	}
	id = shown(m.KID)
	switch {
	case m.KTY != jwkset.KtyRSA && m.KTY != jwkset.KtyEC:
		// In particular oct: a published secret is none.
		return id, nil, jwk, fmt.Errorf("its kty is %q, used are RSA and EC", shown(string(m.KTY)))
	case m.USE != "" && m.USE != jwkset.UseSig:
		return id, nil, jwk, fmt.Errorf("its use is %q, not sig", shown(string(m.USE)))
	case len(m.KEYOPS) > 0 && !slices.Contains(m.KEYOPS, jwkset.KeyOpsVerify):
		return id, nil, jwk, errors.New("its key_ops do not have verify")
	case m.ALG != "" && !verifies(string(m.ALG)):
		return id, nil, jwk, fmt.Errorf("its alg is %q, which no token is accepted with", shown(string(m.ALG)))
	}
	m.X5U = "" // never followed, and a relative one is no reason to lose a key
	jwk, err = jwkset.NewJWKFromMarshal(m, jwkset.JWKMarshalOptions{}, jwkset.JWKValidateOptions{})
	if err != nil {
		return id, nil, jwk, errors.New(strings.ReplaceAll(err.Error(), "\n", ": "))
	}
	if err := checkPublicKey(jwk.Key()); err != nil {
		return id, nil, jwk, err
	}
	print, err := publicFingerprint(jwk.Key())
	if err != nil {
		return id, nil, jwk, err
	}
	return id, &remoteKey{id: m.KID, alg: string(m.ALG), public: jwk.Key(), fingerprint: print}, jwk, nil
}

// verifies says whether a published key with this alg can verify a token.
func verifies(alg string) bool {
	a, known := algorithms[alg]
	return known && a.family != familyHMAC
}

// newSnapshot makes keys ready for lookups. The storage behind keyfunc is filled here
// and nowhere else, so keyfunc never makes a request (identity.md 6.2 tells what it
// would do otherwise).
func newSnapshot(issuer string, keys []*remoteKey, jwks []jwkset.JWK) (*snapshot, error) {
	storage := jwkset.NewMemoryStorage()
	if err := storage.KeyReplaceAll(context.Background(), jwks); err != nil {
		return nil, err
	}
	lookup, err := keyfunc.New(keyfunc.Options{Storage: storage})
	if err != nil {
		return nil, err
	}
	s := &snapshot{issuer: issuer, keys: keys, byID: make(map[string]*remoteKey), keyfunc: lookup}
	for _, k := range keys {
		if k.id != "" {
			s.byID[k.id] = k
		}
	}
	return s, nil
}

// adopt puts the objects of keys that stay in place of their new copies, and marks
// the keys that are not in s any more.
func (s *snapshot) adopt(old *snapshot) {
	if old == nil {
		return
	}
	for _, before := range old.keys {
		i := slices.IndexFunc(s.keys, before.sameAs)
		if i < 0 {
			before.gone.Store(true)
			continue
		}
		s.keys[i] = before
		if before.id != "" {
			s.byID[before.id] = before
		}
	}
}

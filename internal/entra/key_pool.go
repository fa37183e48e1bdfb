package entra

import (
	"sync"
	"time"
)

// A KeyPool is signing keys that the servers of one process share: each server takes
// the first, then the second, and so on. What one of them signs another would verify,
// so it is for servers whose clients never meet. The zero value is ready; it makes a
// key when it is first asked for it.
type KeyPool struct {
	mu      sync.Mutex
	keys    []*signingKey
	foreign *signingKey
}

// source gives a server's keys, one after another. Without a pool each is new.
func (p *KeyPool) source() func(now time.Time) (*signingKey, error) {
	if p == nil {
		return newSigningKey
	}
	taken := 0
	return func(now time.Time) (*signingKey, error) {
		p.mu.Lock()
		defer p.mu.Unlock()
		if taken == len(p.keys) {
			k, err := newSigningKey(now)
			if err != nil {
				return nil, err
			}
			p.keys = append(p.keys, k)
		}
		taken++
		return p.keys[taken-1].anew(now), nil
	}
}

// foreignSource gives keys that no server publishes.
func (p *KeyPool) foreignSource() func(now time.Time) (*signingKey, error) {
	if p == nil {
		return newSigningKey
	}
	return func(now time.Time) (_ *signingKey, err error) {
		p.mu.Lock()
		defer p.mu.Unlock()
		if p.foreign == nil {
			if p.foreign, err = newSigningKey(now); err != nil {
				return nil, err
			}
		}
		return p.foreign.anew(now), nil
	}
}

// anew is the key as one that is published now.
func (k *signingKey) anew(now time.Time) *signingKey {
	return &signingKey{private: k.private, certificate: k.certificate, id: k.id, published: now}
}

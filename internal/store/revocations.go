package store

import (
	"crypto/x509"
	"sync"
)

// maxRevocationLists bounds how many lists are kept. An instance has few
// authorities; beyond that any list goes, and is fetched again.
const maxRevocationLists = 64

// Revocations keeps lists of revoked certificates by their addresses. The zero
// value is ready.
type Revocations struct {
	mu    sync.Mutex
	lists map[string]*x509.RevocationList
}

// List is the one of an address, nil if there is none.
func (r *Revocations) List(address string) *x509.RevocationList {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.lists[address]
}

// Keep puts a list in the place of the address's last one.
func (r *Revocations) Keep(address string, list *x509.RevocationList) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.lists == nil {
		r.lists = make(map[string]*x509.RevocationList)
	}
	if _, there := r.lists[address]; !there && len(r.lists) >= maxRevocationLists {
		for other := range r.lists {
			delete(r.lists, other)
			break
		}
	}
	r.lists[address] = list
}

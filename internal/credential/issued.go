package credential

import (
	"sync"
	"time"
)

const maxIssued = 1024

// issued remembers the tokens that a source gave out, the expired ones too until
// their room is needed: what a real token may not do, it may not do late either.
type issued struct {
	mu     sync.RWMutex
	tokens map[string]issue // by the token
}

type issue struct {
	kind      Kind
	resource  string
	expiresOn time.Time
}

func (i *issued) find(token string) (Kind, string, bool) {
	i.mu.RLock()
	defer i.mu.RUnlock()
	x, ok := i.tokens[token]
	return x.kind, x.resource, ok
}

// add remembers a token, in the place of the one that expires first if there is no
// room.
func (i *issued) add(token string, x issue) {
	i.mu.Lock()
	defer i.mu.Unlock()
	if i.tokens == nil {
		i.tokens = map[string]issue{}
	}
	if _, known := i.tokens[token]; !known && len(i.tokens) >= maxIssued {
		var first string
		for t, y := range i.tokens {
			if first == "" || y.expiresOn.Before(i.tokens[first].expiresOn) {
				first = t
			}
		}
		delete(i.tokens, first)
	}
	i.tokens[token] = x
}

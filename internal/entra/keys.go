package entra

import (
	"fmt"
	"slices"
	"sync"
	"time"

	"github.com/apimulator/apimulator/policy/exchange"
)

const (
	// publishedBeforeUse is how long a key that RollPublish makes is published
	// before tokens are signed with it.
	publishedBeforeUse = 5 * time.Minute
	// keptAfterUse is how long a key stays published after the next one took over.
	// Microsoft advises verifiers to keep keys for 24 h (identity.md 5.5).
	keptAfterUse = 24 * time.Hour
	// maxKeys bounds what is published at a time.
	maxKeys = 16
)

// A RollMode is a way to change the signing key.
type RollMode string

const (
	// RollPublish publishes a new key and signs with it 5 minutes later, by the clock.
	RollPublish RollMode = "publish"
	// RollUse signs from now on with the next key that is published already.
	RollUse RollMode = "use"
	// RollImmediate makes a new key and signs with it at once: verifiers have never
	// seen it, which Entra says can happen.
	RollImmediate RollMode = "immediate"
)

// A Roll says how to change the signing key.
type Roll struct {
	Mode RollMode `json:"mode"`
	// RemoveOld takes the keys that are no longer used for signing out of the
	// published set at once, instead of 24 hours later.
	RemoveOld bool `json:"removeOld,omitempty"`
}

// A Key describes a signing key.
type Key struct {
	// ID is the kid, which is also the x5t.
	ID string `json:"kid"`
	// State is "current", "scheduled" (will be used from UsedFrom on), "next" (will
	// be used when asked) or "retired" (published for a while yet).
	State     string    `json:"state"`
	Published time.Time `json:"published"`
	// UsedFrom is when tokens were or will be first signed with the key.
	UsedFrom time.Time `json:"usedFrom,omitzero"`
	// RemovedAt is when a retired key leaves the published set.
	RemovedAt time.Time `json:"removedAt,omitzero"`
}

// A keyRing holds the signing keys. There are always at least two published: the
// one that signs, and a next one. What a key is at a moment follows from the times
// in it and the clock; no timer runs.
type keyRing struct {
	clock exchange.Clock
	store stateFolder
	make  func(now time.Time) (*signingKey, error)

	mu sync.Mutex
	// keys are ordered so that of two taken into use at the same time the later wins.
	keys []*signingKey
}

// newKeyRing loads the keys from the state folder, and makes what is missing.
func newKeyRing(clock exchange.Clock, store stateFolder, pool *KeyPool) (*keyRing, error) {
	keys, err := store.loadKeys()
	if err != nil {
		return nil, err
	}
	r := &keyRing{clock: clock, store: store, make: pool.source(), keys: keys}
	changed, err := r.complete(clock.Now())
	if err != nil || !changed {
		return r, err
	}
	return r, store.saveKeys(r.keys)
}

// complete makes a first key and a next one where there is none.
func (r *keyRing) complete(now time.Time) (changed bool, err error) {
	if r.current(now) == nil {
		first, err := r.make(now)
		if err != nil {
			return false, err
		}
		first.usedFrom = now
		r.keys, changed = append(r.keys, first), true
	}
	if r.next() == nil {
		next, err := r.make(now)
		if err != nil {
			return false, err
		}
		r.keys, changed = append(r.keys, next), true
	}
	return changed, nil
}

// current is the key that signs at that time: the one last taken into use. If all
// are to be used later (the clock went back), it is the earliest of them.
func (r *keyRing) current(now time.Time) *signingKey {
	var current *signingKey
	for _, k := range r.keys {
		switch {
		case k.usedFrom.IsZero():
		case current == nil:
			current = k
		case k.usedFrom.After(now) && k.usedFrom.Before(current.usedFrom),
			!k.usedFrom.After(now) && (current.usedFrom.After(now) || !k.usedFrom.Before(current.usedFrom)):
			current = k
		}
	}
	return current
}

// next is the key in reserve.
func (r *keyRing) next() *signingKey {
	for _, k := range r.keys {
		if k.usedFrom.IsZero() {
			return k
		}
	}
	return nil
}

// scheduled is the first key that will come into use by itself.
func (r *keyRing) scheduled(now time.Time) *signingKey {
	var first *signingKey
	for _, k := range r.keys {
		if k.usedFrom.After(now) && k != r.current(now) && (first == nil || k.usedFrom.Before(first.usedFrom)) {
			first = k
		}
	}
	return first
}

// retired is when another key took over from k; zero if none has.
func (r *keyRing) retired(k *signingKey, now time.Time) time.Time {
	var since time.Time
	if k.usedFrom.IsZero() || k == r.current(now) {
		return since
	}
	place := slices.Index(r.keys, k)
	for i, other := range r.keys {
		from := other.usedFrom
		follows := from.After(k.usedFrom) || from.Equal(k.usedFrom) && i > place
		if follows && !from.After(now) && (since.IsZero() || from.Before(since)) {
			since = from
		}
	}
	return since
}

// prune drops the keys that are no longer published, or with old all retired ones.
func (r *keyRing) prune(now time.Time, old bool) {
	drop := map[*signingKey]bool{}
	for _, k := range r.keys {
		since := r.retired(k, now)
		drop[k] = !since.IsZero() && (old || now.Sub(since) >= keptAfterUse)
	}
	r.keys = slices.DeleteFunc(r.keys, func(k *signingKey) bool { return drop[k] })
}

// signer is the key that signs now.
func (r *keyRing) signer() *signingKey {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.current(r.clock.Now())
}

// published are the keys that verifiers are shown now.
func (r *keyRing) published() []*signingKey {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.prune(r.clock.Now(), false)
	return slices.Clone(r.keys)
}

// roll changes the signing key and writes the state folder. If that fails nothing
// has changed.
func (r *keyRing) roll(how Roll) error {
	r.mu.Lock()
	defer r.mu.Unlock()
	now := r.clock.Now()
	before := make([]signingKey, len(r.keys))
	for i, k := range r.keys {
		before[i] = *k
	}
	if err := r.change(how, now); err != nil {
		r.keys = nil
		for _, k := range before {
			r.keys = append(r.keys, &k)
		}
		return err
	}
	return nil
}

func (r *keyRing) change(how Roll, now time.Time) error {
	r.prune(now, false)
	switch how.Mode {
	case RollPublish, RollImmediate:
		k, err := r.make(now)
		if err != nil {
			return err
		}
		k.usedFrom = now
		if how.Mode == RollPublish {
			k.usedFrom = now.Add(publishedBeforeUse)
		}
		r.keys = append(r.keys, k)
	case RollUse:
		next := r.scheduled(now)
		if next == nil {
			next = r.next()
		}
		next.usedFrom = now
		r.keys = append(slices.DeleteFunc(r.keys, func(k *signingKey) bool { return k == next }), next)
	default:
		return fmt.Errorf("unknown way %q to roll keys; want %s, %s or %s", how.Mode, RollPublish, RollUse, RollImmediate)
	}
	if _, err := r.complete(now); err != nil {
		return err
	}
	r.prune(now, how.RemoveOld)
	if len(r.keys) > maxKeys {
		return fmt.Errorf("%d keys are published already; roll with removeOld, or wait until old ones are removed", maxKeys)
	}
	return r.store.saveKeys(r.keys)
}

// list describes the published keys.
func (r *keyRing) list() []Key {
	r.mu.Lock()
	defer r.mu.Unlock()
	now := r.clock.Now()
	r.prune(now, false)
	var list []Key
	for _, k := range r.keys {
		entry := Key{ID: k.id, Published: k.published, UsedFrom: k.usedFrom}
		switch since := r.retired(k, now); {
		case k == r.current(now):
			entry.State = "current"
		case k.usedFrom.IsZero():
			entry.State = "next"
		case !since.IsZero():
			entry.State, entry.RemovedAt = "retired", since.Add(keptAfterUse)
		default:
			entry.State = "scheduled"
		}
		list = append(list, entry)
	}
	return list
}

// RollKeys changes the signing key; see [RollMode]. It fails for an unknown mode,
// when 16 keys are published already, or when the state folder can't be written.
func (s *Server) RollKeys(how Roll) error {
	if err := s.keys.roll(how); err != nil {
		return fmt.Errorf("rolling the signing keys: %w", err)
	}
	s.log.Info("signing keys rolled", "mode", string(how.Mode), "removeOld", how.RemoveOld)
	return nil
}

// Keys describes the published signing keys, in no particular order.
func (s *Server) Keys() []Key { return s.keys.list() }

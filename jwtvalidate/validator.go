package jwtvalidate

import (
	"cmp"
	"context"
	"net/http"
	"slices"
	"strings"
	"sync"
	"time"
)

// A Clock tells the time; exchange.Clock is one.
type Clock interface{ Now() time.Time }

// Config is what a Validator needs of the world.
type Config struct {
	// Client fetches discovery documents and key sets. Nil: http.DefaultClient. Its
	// own timeout, if any, applies beside FetchTimeout.
	Client *http.Client
	// Clock is the time that tokens and intervals are held against. Required.
	Clock Clock
	// CacheSize is how many verified tokens are remembered. 0: DefaultCacheSize;
	// negative: none, and nothing of refused ones either.
	CacheSize int
	// FetchTimeout bounds one fetch, in real time. 0: DefaultFetchTimeout.
	FetchTimeout time.Duration
}

// A Validator validates tokens. It keeps the key sets, the cache of verified tokens and
// what is known of refused ones, so there is one for the life of a process, across
// reloads of the rules. It is safe for use by many goroutines.
type Validator struct {
	client  *http.Client
	clock   Clock
	timeout time.Duration
	cache   *cache
	refused *refused

	ctx     context.Context // ends the fetches
	stop    context.CancelFunc
	fetches sync.WaitGroup

	mu   sync.RWMutex
	sets map[string]*keySet // by discovery URL
}

// MaxKeySets bounds the key sets held; beyond it the one not fetched for longest goes.
const MaxKeySets = 256

// idleKeySet is when a key set that no token used any more is dropped: used ones are
// fetched every hour.
const idleKeySet = 24 * time.Hour

// New makes a Validator. It panics if config has no Clock, which is a fault of the
// program and not of its input.
func New(config Config) *Validator {
	if config.Clock == nil {
		panic("jwtvalidate: Config.Clock is nil")
	}
	v := &Validator{
		client:  cmp.Or(config.Client, http.DefaultClient),
		clock:   config.Clock,
		timeout: cmp.Or(config.FetchTimeout, DefaultFetchTimeout),
		cache:   newCache(config.CacheSize),
		refused: newRefused(config.CacheSize),
		sets:    make(map[string]*keySet),
	}
	v.ctx, v.stop = context.WithCancel(context.Background())
	return v
}

// Close ends the fetches under way and waits for their goroutines. The Validator must
// not be used any more.
func (v *Validator) Close() {
	v.stop()
	v.fetches.Wait()
}

// Wait returns when no fetch is under way. It must not be called beside Validate;
// tests call it so that what a fetch brings does not depend on how long it takes.
func (v *Validator) Wait() { v.fetches.Wait() }

// Validate holds a token (without its scheme) against the rules. The error is always an
// *[Error]. It may wait for a key set to be fetched, at most until ctx ends; a token
// whose key is known never waits for a network, except for the issuer of a discovery
// document that was never fetched.
func (v *Validator) Validate(ctx context.Context, token string, rules *Rules) (*Token, error) {
	j, fault := v.judge(ctx, token, rules)
	if fault != nil {
		return nil, fault
	}
	return j.entry.token, nil
}

// A judgement is how far a token came.
type judgement struct {
	text   string    // what was signed, or is to be; "": the token could not be decrypted
	entry  *verified // nil: no key verified it
	cached bool      // the entry is from the cache
	now    time.Time // when lifetime was looked at
}

func (v *Validator) judge(ctx context.Context, token string, rules *Rules) (j judgement, fault *Error) {
	if j.text = token; isEncrypted(token) {
		j.text = ""
		header, payload, fault := decrypt(token, rules.DecryptionKeys)
		if fault != nil {
			return j, fault
		}
		if j.text = string(payload); strings.HasPrefix(j.text, "{") {
			if j.entry, fault = unsealed(header, payload, rules); fault != nil {
				return j, fault
			}
			j.now = v.clock.Now()
			return j, v.check(ctx, j.entry, rules, j.now)
		}
	}
	j.now = v.clock.Now()
	entry := v.cache.get(j.text)
	if entry != nil && entry.dead(j.now) {
		v.cache.remove(entry)
		entry = nil
	}
	if j.cached = entry != nil && v.trusted(ctx, entry, rules, j.now); j.cached {
		j.entry = entry
	} else {
		if j.entry, fault = v.verify(ctx, j.text, rules); fault != nil {
			return j, fault
		}
		j.now = v.clock.Now() // a fetch may have taken a while
	}
	return j, v.check(ctx, j.entry, rules, j.now)
}

// trusted says whether these rules trust the key that verified a cached token, as they
// would if the token came for the first time.
func (v *Validator) trusted(ctx context.Context, entry *verified, rules *Rules, now time.Time) bool {
	if rules.Strict && len(entry.token.Warnings) > 0 {
		return false
	}
	if remote := entry.remote; remote != nil {
		if !slices.Contains(rules.OpenIDConfigs, remote.set.url) {
			return false
		}
		remote.set.refreshIfDue(ctx, now)
		return true
	}
	if rules.hasID(entry.token.KeyID) {
		return rules.hasKey(entry.inline, entry.token.KeyID)
	}
	return rules.hasKey(entry.inline, "") && !anyHasID(watch(v.keySets(rules)), entry.token.KeyID)
}

// verify does the first four steps, which a cached token has behind it.
func (v *Validator) verify(ctx context.Context, token string, rules *Rules) (*verified, *Error) {
	f := v.refused.get(token, v.clock.Now())
	isNew := f == nil
	if isNew {
		f = inspect(token)
	}
	entry, fault := v.prove(ctx, token, f, rules)
	now := v.clock.Now()
	switch {
	case fault == nil && entry.token.Algorithm != algNone && !entry.dead(now):
		v.cache.put(token, entry, now)
	case isNew:
		v.refused.put(token, f, now)
	}
	return entry, fault
}

// prove is verify with what is known of the token, to which it adds.
func (v *Validator) prove(ctx context.Context, token string, f *findings, rules *Rules) (*verified, *Error) {
	t, fault := f.form()
	if fault != nil {
		return nil, fault
	}
	signature := token[strings.LastIndexByte(token, '.')+1:]
	alg, fault := checkAlgorithm(t, signature, rules)
	if fault != nil {
		return nil, fault
	}
	if t.Algorithm == algNone {
		unsigned := *t
		unsigned.Warnings = []string{"the token is not signed: anybody can have made it"}
		return &verified{token: &unsigned}, nil
	}
	sets := v.keySets(rules)
	for _, set := range sets {
		set.refreshIfDue(ctx, v.clock.Now())
	}
	search := &attempt{text: token, token: t, findings: f, kid: t.KeyID, alg: alg, rules: rules, sets: watch(sets)}
	entry, fault := search.findKey(ctx)
	if fault != nil {
		return nil, fault
	}
	if rules.Strict && len(entry.token.Warnings) > 0 {
		return nil, strictFault(t.Algorithm, entry.token.Warnings)
	}
	return entry, nil
}

// Prefetch starts fetching a key set in the background, so that the first token does
// not have to wait. It does nothing if the set is there or on its way, or if the
// back-off after a failure forbids it.
func (v *Validator) Prefetch(url string) { v.keySet(url).prefetch() }

// KeySets describes all key sets, ordered by URL.
func (v *Validator) KeySets() []KeySetState {
	v.mu.RLock()
	defer v.mu.RUnlock()
	states := make([]KeySetState, 0, len(v.sets))
	for _, set := range v.sets {
		states = append(states, set.state())
	}
	slices.SortFunc(states, func(a, b KeySetState) int { return cmp.Compare(a.URL, b.URL) })
	return states
}

// keySets gives the key sets of the rules, making those that are new.
func (v *Validator) keySets(rules *Rules) []*keySet {
	sets := make([]*keySet, 0, len(rules.OpenIDConfigs))
	for _, url := range rules.OpenIDConfigs {
		if set := v.keySet(url); !slices.Contains(sets, set) {
			sets = append(sets, set)
		}
	}
	return sets
}

func (v *Validator) keySet(url string) *keySet {
	v.mu.RLock()
	set := v.sets[url]
	v.mu.RUnlock()
	if set != nil {
		return set
	}
	v.mu.Lock()
	defer v.mu.Unlock()
	if set := v.sets[url]; set != nil {
		return set
	}
	v.makeRoom()
	set = &keySet{url: strings.Clone(url), clock: v.clock, client: v.client, spawn: v.spawn, usedAt: v.clock.Now()}
	v.sets[set.url] = set
	return set
}

// makeRoom drops key sets that nobody uses any more. mu is held.
func (v *Validator) makeRoom() {
	now := v.clock.Now()
	var oldest *keySet
	for url, set := range v.sets {
		used := set.lastUse()
		if now.Sub(used) > idleKeySet {
			v.drop(url)
		} else if oldest == nil || used.Before(oldest.lastUse()) {
			oldest = set
		}
	}
	if len(v.sets) >= MaxKeySets {
		v.drop(oldest.url)
	}
}

func (v *Validator) drop(url string) {
	v.sets[url].retire()
	delete(v.sets, url)
}

// lent is a context with another one's values, by which [Config.Client] may tell on whose
// behalf it is asked.
type lent struct {
	context.Context
	values context.Context
}

func (c lent) Value(key any) any { return c.values.Value(key) }

// spawn runs a fetch in the background, bounded by the fetch timeout and by Close.
func (v *Validator) spawn(of context.Context, fetch func(context.Context)) {
	v.fetches.Go(func() {
		ctx, cancel := context.WithTimeout(lent{v.ctx, context.WithoutCancel(of)}, v.timeout)
		defer cancel()
		fetch(ctx)
	})
}

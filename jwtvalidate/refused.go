package jwtvalidate

import (
	"slices"
	"strings"
	"sync"
	"time"
)

// Bounds of the findings held. The texts are counted; what is read of one takes some
// times that, and of a token made to cost memory 40 times: 40 MB of all at worst.
const (
	maxRefused      = 1_000     // tokens of each of two generations
	maxRefusedBytes = 512 << 10 // of their texts
	maxRefusedText  = 8 << 10   // bytes of one; a longer token is not remembered
	maxOutcomes     = 16        // of one
)

// refusedFor is how long findings that nobody asks for stay at least; twice that at most.
const refusedFor = time.Minute

// findings are what is known of a token by its text alone: what it says, and which keys
// verify it and which do not. They are facts, which hold whoever asks and whenever, and
// no verdict: that is reached anew on each call, and findings only spare the work.
type findings struct {
	token *Token // not to be changed, and nil if fault is not
	fault *Error // of the form; not to be changed

	text     string // in the cache
	mu       sync.Mutex
	outcomes []outcome
}

// A tester is a key as far as it matters for what it makes of a token: exactly one of
// both is set. A key of a set has an algorithm beside its material.
type tester struct {
	remote *remoteKey
	inline fingerprint
}

// An outcome is what a key made of a token.
type outcome struct {
	by       tester
	verified bool
	caught   string // what went wrong, but for a signature that is just not that key's
}

// inspect makes the findings of a token that nothing is known of.
func inspect(text string) *findings {
	f := &findings{}
	f.token, f.fault = parse(text)
	return f
}

// form is what the token says, or why that can't be read, for one call.
func (f *findings) form() (*Token, *Error) {
	if f.fault != nil {
		fault := *f.fault // the caller's own
		return nil, &fault
	}
	return f.token, nil
}

// of is what the key made of the token, if it was asked.
func (f *findings) of(key tester) (o outcome, known bool) {
	f.mu.Lock()
	defer f.mu.Unlock()
	for i := range f.outcomes {
		if f.outcomes[i].by == key {
			return f.outcomes[i], true
		}
	}
	return outcome{}, false
}

// add takes an outcome in; beyond the bound it takes the place of the oldest.
func (f *findings) add(o outcome) {
	f.mu.Lock()
	defer f.mu.Unlock()
	if len(f.outcomes) == maxOutcomes {
		f.outcomes = slices.Delete(f.outcomes, 0, 1)
	}
	f.outcomes = append(f.outcomes, o)
}

// refused holds the findings of tokens that are not in the cache of verified ones, so
// that a client which goes on sending a bad token costs little. There are two
// generations: what is used moves to the young one, and when that is full or has had its
// time it becomes the old one, whose findings are dropped. It is apart from the verified
// tokens since anybody can fill it. Nil keeps nothing.
type refused struct {
	mu         sync.Mutex
	young, old map[string]*findings // by the text
	bytes      int                  // of young's texts
	turn       time.Time            // when young becomes old at the latest
}

// newRefused makes the place for findings; none if size, that of the cache of verified
// tokens, is negative.
func newRefused(size int) *refused {
	if size < 0 {
		return nil
	}
	return &refused{young: make(map[string]*findings)}
}

// get finds what is known of a token; nil if nothing is.
func (r *refused) get(text string, now time.Time) *findings {
	if r == nil {
		return nil
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	if !now.Before(r.turn) {
		r.age(now)
	}
	f := r.young[text]
	if f == nil {
		if f = r.old[text]; f != nil {
			r.keep(f, now)
		}
	}
	return f
}

// put remembers what is known of a token, unless that is long.
func (r *refused) put(text string, f *findings, now time.Time) {
	if r == nil || len(text) > maxRefusedText {
		return
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.young[text] != nil {
		return // another call was quicker
	}
	f.text = strings.Clone(text) // the caller's memory may be reused
	r.keep(f, now)
}

// keep puts findings that are not among the young ones there.
func (r *refused) keep(f *findings, now time.Time) {
	if len(r.young) >= maxRefused || r.bytes+len(f.text) > maxRefusedBytes {
		r.age(now)
	}
	r.young[f.text] = f
	r.bytes += len(f.text)
}

// age makes the young ones the old ones.
func (r *refused) age(now time.Time) {
	r.old, r.young, r.bytes = r.young, make(map[string]*findings), 0
	r.turn = now.Add(refusedFor)
}

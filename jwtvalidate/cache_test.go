package jwtvalidate

import (
	"fmt"
	"slices"
	"sync"
	"sync/atomic"
	"testing"
	"time"
)

// One token, two APIs, two answers: being remembered is not being accepted.
func TestOneTokenAtTwoAudiences(t *testing.T) {
	v, _ := newValidator(t, newIssuer(rsaKey(1)))
	token := newDraft(rsaKey(1)).sign(t)
	other := newRules()
	other.Audiences = []string{"other"}
	issuer := newRules()
	issuer.OpenIDConfigs, issuer.Issuers, issuer.Keys = nil, []string{"x"}, []Key{inline(t, "", rsaKey(1))}
	claims := newRules()
	claims.RequiredClaims = []RequiredClaim{{Name: "roles", Values: []string{"admin"}}}
	foreign := newRules()
	foreign.OpenIDConfigs, foreign.Keys = nil, []Key{inline(t, "key-1", rsaKey(2))}
	for range 3 {
		mustAccept(t, v, token, newRules())
		mustRefuse(t, v, token, other, ReasonAudienceNotAllowed)
		mustRefuse(t, v, token, issuer, ReasonIssuerNotAllowed)
		mustRefuse(t, v, token, claims, ReasonClaimValueMismatch)
		mustRefuse(t, v, token, foreign, ReasonInvalidSignature)
	}
}

func TestOnlyVerifiedTokensAreRemembered(t *testing.T) {
	v, _ := newValidator(t, newIssuer(rsaKey(1)))
	good := mustAccept(t, v, newDraft(rsaKey(1)).sign(t), newRules())
	for i := range 3 {
		mustRefuse(t, v, forge(t, fmt.Sprint(i)), newRules(), ReasonSignatureKeyNotFound)
		mustRefuse(t, v, newDraft(rsaKey(2)).head("kid", "key-1").set("jti", i).sign(t), newRules(), ReasonInvalidSignature)
		mustRefuse(t, v, newDraft(rsaKey(1)).set("jti", i).set("nbf", nil).set("exp", 1).sign(t), newRules(), ReasonExpired)
	}
	if n := v.cache.len(); n != 1 {
		t.Errorf("%d tokens are remembered, want 1", n)
	}
	if e := v.cache.get(newDraft(rsaKey(1)).sign(t)); e == nil || e.token != good {
		t.Error("the good token is not the one remembered")
	}
}

// entry is a verified token of no meaning.
func entry(exp time.Time) *verified { return &verified{token: &Token{ExpiresAt: exp}} }

func TestCacheIsBounded(t *testing.T) {
	for _, size := range []int{1, 7, 1000, 2000} {
		c := newCache(size)
		for i := range 5 * size {
			c.put(fmt.Sprint("token-", i), entry(time.Time{}), epoch)
		}
		if n, bound := c.len(), size+shardCount; n > bound || n < size/2 {
			t.Errorf("size %d: holds %d", size, n)
		}
	}
	c := newCache(-1)
	c.put("token", entry(time.Time{}), epoch)
	if c.get("token") != nil || c.len() != 0 {
		t.Error("a cache of negative size holds a token")
	}
	if c := newCache(0); c.shards[0].limit*len(c.shards) < DefaultCacheSize {
		t.Errorf("the default cache has room for %d", c.shards[0].limit*len(c.shards))
	}
}

// held lists which of the tokens are there, without using them.
func held(c *cache, texts ...string) []string {
	return slices.DeleteFunc(slices.Clone(texts), func(s string) bool {
		t := tailOf(s)
		return c.shard(t).entries[t] == nil
	})
}

func TestCacheKeepsWhatIsUsed(t *testing.T) {
	c := newCache(3)
	for _, text := range []string{"a", "b", "c"} {
		c.put(text, entry(time.Time{}), epoch)
	}
	c.get("a")
	c.get("c")
	c.put("d", entry(time.Time{}), epoch)
	if got := held(c, "a", "b", "c", "d"); !sameTexts(got, []string{"a", "c", "d"}) {
		t.Errorf("got %q, want the unused b dropped", got)
	}
	c.put("e", entry(time.Time{}), epoch) // a was passed over once
	if got := held(c, "a", "c", "d", "e"); len(got) != 3 {
		t.Errorf("got %q, want three", got)
	}
}

func TestCacheDropsDeadTokensFirst(t *testing.T) {
	c := newCache(3)
	key := &remoteKey{}
	gone := &verified{token: &Token{}, tester: tester{remote: key}}
	c.put("a", entry(time.Time{}), epoch)
	c.put("expired", entry(epoch.Add(time.Minute)), epoch)
	c.put("gone", gone, epoch)
	for _, text := range []string{"a", "expired", "gone"} {
		c.get(text)
	}
	key.gone.Store(true)
	c.put("b", entry(time.Time{}), epoch.Add(time.Hour))
	c.put("c", entry(time.Time{}), epoch.Add(time.Hour))
	if got := held(c, "a", "b", "c", "expired", "gone"); !sameTexts(got, []string{"a", "b", "c"}) {
		t.Errorf("got %q, want the dead ones dropped", got)
	}
}

func TestCacheReplacesAndRemoves(t *testing.T) {
	c := newCache(2)
	first, second := entry(time.Time{}), entry(time.Time{})
	c.put("a", first, epoch)
	c.put("a", second, epoch)
	c.put("b", entry(time.Time{}), epoch)
	if got := c.get("a"); got != second || c.len() != 2 {
		t.Errorf("got %p of %d, want the second entry of 2", got, c.len())
	}
	c.remove(first) // replaced already
	if c.get("a") != second {
		t.Error("removing the replaced entry removed its successor")
	}
	c.remove(second)
	c.remove(second)
	if c.get("a") != nil || c.len() != 1 {
		t.Errorf("%d entries after removal, want b", c.len())
	}
	c.put("c", entry(time.Time{}), epoch)
	if got := held(c, "b", "c"); len(got) != 2 {
		t.Errorf("got %q, want the free place used", got)
	}
}

// Tokens that end alike are told apart.
func TestCacheComparesTheWholeToken(t *testing.T) {
	c := newCache(10)
	first, second := entry(time.Time{}), entry(time.Time{})
	const end = "-the-same-last-16-characters"
	c.put("a"+end, first, epoch)
	if got := c.get("b" + end); got != nil {
		t.Error("found the entry of another token")
	}
	c.put("b"+end, second, epoch)
	if c.get("b"+end) != second || c.get("a"+end) != nil || c.len() != 1 {
		t.Error("the later of two tokens with one end did not take the place of the earlier")
	}
}

// What is made of a token is made once for all that bring it, while it is remembered.
func TestDerived(t *testing.T) {
	var made atomic.Int64
	count := func(t *Token) any {
		made.Add(1)
		return &t.Algorithm
	}
	remembered := &Token{derived: &atomic.Value{}}
	first := remembered.Derived(count)
	if remembered.Derived(count) != first || made.Load() != 1 {
		t.Errorf("made %d times", made.Load())
	}
	(&Token{}).Derived(count)
	if made.Load() != 2 {
		t.Errorf("made %d times, want 2: the second token is not remembered", made.Load())
	}
	shared := &Token{derived: &atomic.Value{}}
	results := make([]any, 8)
	var group sync.WaitGroup
	for i := range results {
		group.Go(func() { results[i] = shared.Derived(func(*Token) any { return new(int) }) })
	}
	group.Wait()
	for _, r := range results {
		if r != results[0] {
			t.Error("two callers got different ones")
		}
	}
}

package jwtvalidate

import (
	"fmt"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"
)

func wantFetches(t testing.TB, i *issuer, want int) {
	t.Helper()
	if discoveries, keys := i.counts(); discoveries != want || keys != want {
		t.Fatalf("got %d discovery and %d key fetches, want %d", discoveries, keys, want)
	}
}

func TestUnknownKidFetchesAtMostOnceInFiveMinutes(t *testing.T) {
	one, two, three := rsaKey(1), rsaKey(2), rsaKey(3)
	iss := newIssuer(one)
	v, clock := newValidator(t, iss)
	rules := newRules()

	mustAccept(t, v, newDraft(one).sign(t), rules)
	wantFetches(t, iss, 1)

	iss.publish(two)
	mustAccept(t, v, newDraft(two).sign(t), rules) // the first rollover
	wantFetches(t, iss, 2)

	clock.Advance(time.Minute)
	iss.publish(three)
	late := newDraft(three).sign(t)
	e := mustRefuse(t, v, late, rules, ReasonSignatureKeyNotFound) // the second is too soon
	if want := epoch.Add(RefetchInterval); !e.RetryAfter.Equal(want) {
		t.Errorf("got RetryAfter %v, want %v", e.RetryAfter, want)
	}
	wantFetches(t, iss, 2)

	clock.Advance(RefetchInterval - time.Minute - time.Nanosecond)
	mustRefuse(t, v, late, rules, ReasonSignatureKeyNotFound)
	wantFetches(t, iss, 2)
	clock.Advance(time.Nanosecond)
	mustAccept(t, v, late, rules)
	wantFetches(t, iss, 3)
}

func TestFirstFetchServesAnUnknownKidToo(t *testing.T) {
	iss := newIssuer(rsaKey(1))
	v, _ := newValidator(t, iss)
	mustRefuse(t, v, newDraft(rsaKey(2)).sign(t), newRules(), ReasonSignatureKeyNotFound)
	wantFetches(t, iss, 1) // nothing fresher is to be had
	mustRefuse(t, v, newDraft(rsaKey(2)).sign(t), newRules(), ReasonSignatureKeyNotFound)
	wantFetches(t, iss, 2)
}

// A token with a known kid says nothing of missing keys, so it causes no fetch.
func TestWrongSignatureFetchesNothing(t *testing.T) {
	iss := newIssuer(rsaKey(1))
	v, _ := newValidator(t, iss)
	mustAccept(t, v, newDraft(rsaKey(1)).sign(t), newRules())
	mustRefuse(t, v, newDraft(rsaKey(2)).head("kid", "key-1").sign(t), newRules(), ReasonInvalidSignature)
	wantFetches(t, iss, 1)
}

// forge makes a token with a kid that no key has; nobody gets to its signature.
func forge(t testing.TB, kid string) string {
	d := newDraft(signingKey{id: "forged-" + kid})
	return segment(t, d.header) + "." + segment(t, d.claims) + "." + b64(make([]byte, 256))
}

// Keys roll every five minutes while fifty forged tokens a second come in. Each round
// is four seconds of that, before and after the new key is used.
func TestForgedKidsBesideRollovers(t *testing.T) {
	const rollovers, perRound, workers = 6, 200, 8
	iss := newIssuer(rsaKey(1))
	v, clock := newValidator(t, iss)
	rules := newRules()
	var refused atomic.Int64
	flood := func(good []string) {
		var wg sync.WaitGroup
		for w := range workers {
			wg.Go(func() {
				for i := range perRound / workers {
					forged := forge(t, fmt.Sprint(clock.Now().Unix(), "-", w, "-", i))
					if e := refusal(t, v, forged, rules); e == nil || e.Reason != ReasonSignatureKeyNotFound {
						t.Errorf("a forged token: got %v", e)
					}
					if e := refusal(t, v, good[i%len(good)], rules); e != nil {
						refused.Add(1)
						t.Errorf("a good token was refused: %v", e)
					}
				}
			})
		}
		wg.Wait()
	}
	sign := func(key signingKey, serial int) string {
		return newDraft(key).set("jti", fmt.Sprint(serial)).set("exp", clock.Now().Add(time.Hour).Unix()).sign(t)
	}

	current := rsaKey(1)
	mustAccept(t, v, sign(current, 0), rules)
	flood([]string{sign(current, 1), sign(current, 2)})
	for r := range rollovers {
		next := rsaKey(1 + (r+1)%3)
		iss.publish(next, current) // the old key stays for tokens under way
		clock.Advance(RefetchInterval)
		flood([]string{sign(current, r), sign(next, r), sign(next, -r)})
		for range 3 {
			clock.Advance(time.Second)
			flood([]string{sign(next, r), sign(current, r)})
		}
		current = next
	}
	if _, fetches := iss.counts(); fetches > rollovers+2 {
		t.Errorf("got %d key fetches for %d rollovers, want at most %d", fetches, rollovers, rollovers+2)
	}
	if refused.Load() > 0 {
		t.Errorf("%d good tokens were refused", refused.Load())
	}
}

func TestHourlyRefreshIsInTheBackground(t *testing.T) {
	one, two := rsaKey(1), rsaKey(2)
	iss := newIssuer(one)
	v, clock := newValidator(t, iss)
	old := newDraft(one).set("exp", epoch.Add(3*time.Hour).Unix()).sign(t)
	mustAccept(t, v, old, newRules())

	iss.publish(two)
	clock.Advance(RefreshInterval - time.Second)
	mustAccept(t, v, old, newRules())
	settle(v)
	wantFetches(t, iss, 1)

	gate := make(chan struct{})
	iss.do(func() { iss.gate = gate })
	clock.Advance(time.Second)
	for range 3 {
		mustAccept(t, v, old, newRules()) // goes on with the keys at hand
	}
	if states := v.KeySets(); !states[0].Fetching || states[0].Fetches != 2 {
		t.Errorf("got %+v, want one fetch under way", states[0])
	}
	close(gate)
	settle(v)
	wantFetches(t, iss, 2)
	mustAccept(t, v, newDraft(two).set("exp", epoch.Add(3*time.Hour).Unix()).sign(t), newRules())
	mustRefuse(t, v, old, newRules(), ReasonSignatureKeyNotFound) // its key has left
	wantFetches(t, iss, 3)                                        // that was an unknown kid
}

func TestRemovedKeyDropsItsTokens(t *testing.T) {
	one, two := rsaKey(1), rsaKey(2)
	iss := newIssuer(one, two)
	v, _ := newValidator(t, iss)
	first, second := newDraft(one).sign(t), newDraft(two).sign(t)
	kept := mustAccept(t, v, second, newRules())
	mustAccept(t, v, first, newRules())

	iss.publish(two)
	mustRefuse(t, v, newDraft(rsaKey(3)).sign(t), newRules(), ReasonSignatureKeyNotFound) // fetches
	mustRefuse(t, v, first, newRules(), ReasonSignatureKeyNotFound)
	if mustAccept(t, v, second, newRules()) != kept {
		t.Error("a token whose key stayed was verified again")
	}
	if n := v.cache.len(); n != 1 {
		t.Errorf("%d tokens are remembered, want 1", n)
	}
}

func TestReplacedKeyUnderTheSameKidDropsItsTokens(t *testing.T) {
	one, two := rsaKey(1), rsaKey(2)
	iss := newIssuer(one)
	v, clock := newValidator(t, iss)
	old := newDraft(one).set("exp", epoch.Add(3*time.Hour).Unix()).sign(t)
	mustAccept(t, v, old, newRules())
	iss.publish(signingKey{one.id, two.key})
	clock.Advance(RefreshInterval)
	mustAccept(t, v, old, newRules())
	settle(v)
	mustRefuse(t, v, old, newRules(), ReasonInvalidSignature)
}

func TestOneFetchServesAll(t *testing.T) {
	const callers = 50
	iss := newIssuer(rsaKey(1))
	iss.gate = make(chan struct{})
	v, _ := newValidator(t, iss)
	var wg sync.WaitGroup
	v.Prefetch(discoveryURL)
	for i := range callers {
		token := newDraft(rsaKey(1)).set("jti", i).sign(t)
		wg.Go(func() {
			if e := refusal(t, v, token, newRules()); e != nil {
				t.Errorf("refused: %v", e)
			}
		})
	}
	v.Prefetch(discoveryURL)
	close(iss.gate)
	wg.Wait()
	wantFetches(t, iss, 1)

	iss.publish(rsaKey(2))
	for i := range callers {
		token := newDraft(rsaKey(2)).set("jti", i).sign(t)
		wg.Go(func() {
			if e := refusal(t, v, token, newRules()); e != nil {
				t.Errorf("refused: %v", e)
			}
		})
	}
	wg.Wait()
	wantFetches(t, iss, 2)
}

func TestPrefetch(t *testing.T) {
	iss := newIssuer(rsaKey(1))
	v, _ := newValidator(t, iss)
	v.Prefetch(discoveryURL)
	settle(v)
	wantFetches(t, iss, 1)
	v.Prefetch(discoveryURL)
	settle(v)
	mustAccept(t, v, newDraft(rsaKey(1)).sign(t), newRules())
	wantFetches(t, iss, 1)
}

// The token was good when it came, and is not any more when its key arrives.
func TestTokenThatExpiresDuringTheFetch(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		iss := newIssuer(rsaKey(1))
		iss.gate = make(chan struct{})
		v, clock := newValidator(t, iss)
		token := newDraft(rsaKey(1)).set("exp", epoch.Add(time.Second).Unix()).sign(t)
		done := make(chan *Error)
		go func() { done <- refusal(t, v, token, newRules()) }()
		synctest.Wait()
		clock.Advance(2 * time.Second)
		close(iss.gate)
		if e := <-done; e == nil || e.Reason != ReasonExpired {
			t.Errorf("got %v, want %s", e, ReasonExpired)
		}
	})
}

func TestTokensWithoutKid(t *testing.T) {
	iss := newIssuer(rsaKey(1), rsaKey(2))
	v, _ := newValidator(t, iss)
	mustAccept(t, v, newDraft(rsaKey(2)).head("kid", nil).sign(t), newRules())
	wantFetches(t, iss, 1)
	iss.publish(rsaKey(3))
	mustRefuse(t, v, newDraft(rsaKey(3)).head("kid", nil).sign(t), newRules(), ReasonInvalidSignature)
	wantFetches(t, iss, 1) // it names no key that could be missing
}

func TestKeySetsThatNobodyUsesAreDropped(t *testing.T) {
	iss := newIssuer(rsaKey(1))
	v, clock := newValidator(t, iss)
	token := newDraft(rsaKey(1)).set("exp", epoch.Add(90*24*time.Hour).Unix()).sign(t)
	mustAccept(t, v, token, newRules())
	for range 30 { // in use: stays
		clock.Advance(RefreshInterval)
		mustAccept(t, v, token, newRules())
		settle(v)
	}
	v.Prefetch("https://one.example/")
	settle(v)
	if n := len(v.KeySets()); n != 2 {
		t.Fatalf("got %d key sets, want 2", n)
	}
	clock.Advance(25 * time.Hour)
	v.Prefetch("https://two.example/")
	settle(v)
	if states := v.KeySets(); len(states) != 1 || states[0].URL != "https://two.example/" {
		t.Fatalf("got %+v, want the idle ones dropped", states)
	}
	_, before := iss.counts()
	mustAccept(t, v, token, newRules()) // from a new set, not from the cache
	if _, after := iss.counts(); after != before+1 {
		t.Errorf("got %d key fetches, want %d", after, before+1)
	}
	for i := range 2 * MaxKeySets {
		clock.Advance(time.Second)
		v.Prefetch(fmt.Sprintf("https://host-%d.example/", i))
	}
	settle(v)
	if n := len(v.KeySets()); n != MaxKeySets {
		t.Errorf("got %d key sets, want %d", n, MaxKeySets)
	}
}

func TestConcurrentUse(t *testing.T) {
	iss := newIssuer(rsaKey(1), rsaKey(2))
	v, clock := newValidator(t, iss)
	var tokens []string
	for i := range 20 {
		tokens = append(tokens, newDraft(rsaKey(1+i%2)).set("jti", i).set("exp", epoch.Add(9*time.Hour).Unix()).sign(t))
	}
	strange := newRules()
	strange.Audiences = []string{"other"}
	var wg sync.WaitGroup
	for w := range 8 {
		wg.Go(func() {
			for i := range 200 {
				token := tokens[(i+w)%len(tokens)]
				if e := refusal(t, v, token, newRules()); e != nil {
					t.Errorf("refused: %v", e)
				}
				if e := refusal(t, v, token, strange); e == nil || e.Reason != ReasonAudienceNotAllowed {
					t.Errorf("other audience: got %v", e)
				}
				v.KeySets()
			}
		})
	}
	wg.Go(func() {
		for range 6 {
			clock.Advance(RefreshInterval)
			iss.publish(rsaKey(2), rsaKey(1), rsaKey(3))
		}
	})
	wg.Wait()
}

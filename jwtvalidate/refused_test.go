package jwtvalidate

import (
	"context"
	"fmt"
	"strings"
	"sync"
	"testing"
	"time"
	"unsafe"
)

// withSignatureOf is a token with the signature of another.
func withSignatureOf(other, token string) string {
	return token[:strings.LastIndexByte(token, '.')] + other[strings.LastIndexByte(other, '.'):]
}

// forged claims what was never signed, under a known kid.
func forged(t testing.TB) string {
	return withSignatureOf(newDraft(rsaKey(1)).sign(t), newDraft(rsaKey(1)).set("sub", "admin").sign(t))
}

func expiredToken(t testing.TB) string {
	return newDraft(rsaKey(1)).set("nbf", nil).set("exp", epoch.Add(-time.Hour).Unix()).sign(t)
}

// A key is asked once what it makes of a token, whoever brings it however often.
func TestKeysAreAskedOnce(t *testing.T) {
	iss := newIssuer(rsaKey(1), rsaKey(2))
	iss.keys = append(iss.keys, with(rsaKey(4).jwk(), "alg", "RS512"))
	v, _ := newValidator(t, iss)
	for _, c := range []struct {
		name, token string
		want        Reason
		outcomes    int
	}{
		{"forged", forged(t), ReasonInvalidSignature, 1},
		{"without kid", newDraft(rsaKey(3)).head("kid", nil).sign(t), ReasonInvalidSignature, 2},
		{"another alg than the key's", newDraft(rsaKey(4)).sign(t), ReasonInvalidSignature, 1},
		{"expired", expiredToken(t), ReasonExpired, 1},
		{"unknown kid", forge(t, "x"), ReasonSignatureKeyNotFound, 0},
		{"algorithm", newDraft(rsaKey(1)).head("alg", "EdDSA").sign(t), ReasonInvalidSignature, 0},
		{"malformed", "x.y.z", ReasonInvalid, 0},
	} {
		first := mustRefuse(t, v, c.token, newRules(), c.want)
		for range 5 {
			again := mustRefuse(t, v, c.token, newRules(), c.want)
			if again.Message != first.Message || again.Hint() != first.Hint() {
				t.Errorf("%s: got %q (%s), want %q (%s)", c.name, again, again.Hint(), first, first.Hint())
			}
			if again == first {
				t.Errorf("%s: two callers share one error", c.name)
			}
		}
		f := v.refused.get(c.token, epoch)
		if f == nil {
			t.Errorf("%s: nothing is remembered", c.name)
		} else if len(f.outcomes) != c.outcomes {
			t.Errorf("%s: got outcomes %v, want %d", c.name, f.outcomes, c.outcomes)
		}
		if n := testing.AllocsPerRun(20, func() { refusal(t, v, c.token, newRules()) }); n > 25 {
			t.Errorf("%s: another refusal takes %v allocations", c.name, n)
		}
	}
}

// A token within the clock skew has expired, and is good all the same.
func TestWithinTheClockSkew(t *testing.T) {
	v, _ := newValidator(t, newIssuer(rsaKey(1)))
	rules := newRules()
	rules.ClockSkew = 2 * time.Hour
	token := expiredToken(t)
	ours := *rules
	ours.OpenIDConfigs, ours.Keys = nil, []Key{inline(t, "", rsaKey(1))}
	for range 3 {
		remote, own := mustAccept(t, v, token, rules), mustAccept(t, v, token, &ours)
		if remote.KeySet != discoveryURL || own.KeySet != "" {
			t.Errorf("got key sets %q and %q, want that of the key of each", remote.KeySet, own.KeySet)
		}
		mustRefuse(t, v, token, newRules(), ReasonExpired)
	}
	if f := v.refused.get(token, epoch); f == nil || len(f.outcomes) != 2 || !f.outcomes[0].verified || !f.outcomes[1].verified {
		t.Errorf("got %+v, want the two keys that verify it", f)
	}
}

// The key that a forger lacked when his token was refused may come.
func TestRefusedUntilItsKeyComes(t *testing.T) {
	iss := newIssuer(rsaKey(1))
	v, clock := newValidator(t, iss)
	byKid, byTrying := newDraft(rsaKey(2)).sign(t), newDraft(rsaKey(2)).head("kid", nil).sign(t)
	for range 2 {
		mustRefuse(t, v, byKid, newRules(), ReasonSignatureKeyNotFound)
		mustRefuse(t, v, byTrying, newRules(), ReasonInvalidSignature)
	}
	iss.publish(rsaKey(1), rsaKey(2))
	clock.Advance(RefetchInterval)
	mustAccept(t, v, byKid, newRules())
	mustAccept(t, v, byTrying, newRules())
	iss.publish(rsaKey(1))
	clock.Advance(RefetchInterval)
	mustRefuse(t, v, forge(t, "x"), newRules(), ReasonSignatureKeyNotFound) // has the keys fetched
	mustRefuse(t, v, byTrying, newRules(), ReasonInvalidSignature)
}

// What is remembered of a token is not the text that the caller passed, whose memory may
// be used for something else; the same goes for the error.
func TestNothingOfTheCallersMemoryIsKept(t *testing.T) {
	v, _ := newValidator(t, newIssuer(rsaKey(1)))
	for _, token := range []string{
		forged(t), expiredToken(t), forge(t, "x"), "x.y.z", "Bearer " + forged(t),
		newDraft(rsaKey(1)).set("aud", "other").sign(t), newDraft(rsaKey(1)).head("alg", "EdDSA").sign(t),
	} {
		memory := []byte(token)
		fault := refusal(t, v, unsafe.String(&memory[0], len(memory)), newRules())
		message, hint := strings.Clone(fault.Message), strings.Clone(fault.Hint())
		for i := range memory {
			memory[i] = '~'
		}
		if fault.Message != message || fault.Hint() != hint {
			t.Errorf("%.30s: the error became %q (%s), was %q (%s)", token, fault, fault.Hint(), message, hint)
		}
		if v.refused.get(token, epoch) == nil && v.cache.get(token) == nil {
			t.Errorf("%.30s: not found any more", token)
		}
		for text, f := range v.refused.young {
			if strings.Contains(text+f.text, "~") {
				t.Errorf("%.30s: what is remembered changed with the caller's memory", token)
			}
		}
	}
}

func TestRefusedIsBounded(t *testing.T) {
	r := newRefused(0)
	long := strings.Repeat("x", maxRefusedText-10)
	for i := range 3 * maxRefused {
		r.put(fmt.Sprint("short-", i), &findings{}, epoch)
	}
	if len(r.young) > maxRefused || len(r.old) != maxRefused {
		t.Errorf("holds %d and %d, want at most %d", len(r.young), len(r.old), maxRefused)
	}
	for i := range 3 * maxRefused {
		r.put(fmt.Sprintf("%s%07d", long, i), &findings{}, epoch)
		if r.bytes > maxRefusedBytes {
			t.Fatalf("the young ones have %d bytes, more than %d", r.bytes, maxRefusedBytes)
		}
	}
	if n := len(r.young) + len(r.old); n > 2*maxRefusedBytes/len(long) {
		t.Errorf("%d tokens of %d bytes are held", n, len(long))
	}
	tooLong := long + long
	r.put(tooLong, &findings{}, epoch)
	if r.get(tooLong, epoch) != nil {
		t.Error("a token that is too long is held")
	}
	f := &findings{}
	for i := range 3 * maxOutcomes {
		f.add(outcome{by: tester{inline: fingerprint{byte(i)}}})
	}
	if len(f.outcomes) != maxOutcomes {
		t.Errorf("%d outcomes are held of one token, want %d", len(f.outcomes), maxOutcomes)
	}
	if _, known := f.of(tester{inline: fingerprint{3*maxOutcomes - 1}}); !known {
		t.Error("the latest outcome is not known")
	}
	if none := newRefused(-1); none.get("token", epoch) != nil {
		t.Error("found a token where none is kept")
	} else {
		none.put("token", f, epoch)
	}
}

// What is used stays, and what is not goes with time.
func TestRefusedIsShort(t *testing.T) {
	r := newRefused(0)
	used, unused := &findings{}, &findings{}
	r.put("used", used, epoch)
	r.put("unused", unused, epoch)
	for i := range 5 {
		if got := r.get("used", epoch.Add(time.Duration(i)*refusedFor)); got != used {
			t.Fatalf("after %d minutes: got %p, want what is used", i, got)
		}
	}
	if r.young["unused"] != nil || r.old["unused"] != nil {
		t.Error("what nobody asks for is still there")
	}
	if got := r.get("used", epoch); got != used { // a clock set back
		t.Errorf("got %p, want what is used", got)
	}
}

// Forged tokens do not push good ones out.
func TestRefusedTokensTakeNoPlace(t *testing.T) {
	iss := newIssuer(rsaKey(1))
	v, _ := newValidator(t, iss)
	token := newDraft(rsaKey(1)).sign(t)
	good := mustAccept(t, v, token, newRules())
	for i := range 2 * maxRefused {
		mustRefuse(t, v, fmt.Sprintf("x.y.%d", i), newRules(), ReasonInvalid)
	}
	if again := mustAccept(t, v, token, newRules()); again != good {
		t.Error("the good token was verified again")
	}
}

// Many callers bring the same tokens while keys come and go: each gets one of the answers
// that the token may have.
func TestRefusedByMany(t *testing.T) {
	iss := newIssuer(rsaKey(1))
	v, clock := newValidator(t, iss)
	wide := newRules()
	wide.ClockSkew, wide.RequireSigned = 3*time.Hour, false
	cases := []struct {
		token string
		rules *Rules
		want  string // reasons; "" if it may be accepted
	}{
		{forged(t), newRules(), string(ReasonInvalidSignature + ReasonSignatureKeyNotFound)},
		{expiredToken(t), newRules(), string(ReasonExpired + ReasonSignatureKeyNotFound)},
		{expiredToken(t), wide, string(ReasonSignatureKeyNotFound)},
		{newDraft(rsaKey(2)).head("kid", nil).sign(t), newRules(), string(ReasonInvalidSignature)},
		{newDraft(rsaKey(1)).head("alg", "none").sign(t), wide, ""},
		{"x.y.z", newRules(), string(ReasonInvalid)},
	}
	var callers sync.WaitGroup
	for range 4 {
		callers.Go(func() {
			for i := range 200 {
				c := cases[i%len(cases)]
				if e := refusal(t, v, c.token, c.rules); e == nil && c.rules != wide && c.token != cases[3].token || e != nil && !strings.Contains(c.want, string(e.Reason)) {
					t.Errorf("%.30s: got %v, want %s", c.token, e, c.want)
				}
			}
		})
	}
	for i := range 10 { // until before the good tokens expire
		iss.publish(rsaKey(1+i%2), rsaKey(3))
		clock.Advance(RefetchInterval)
		refusal(t, v, forge(t, fmt.Sprint(i)), newRules()) // has the keys fetched
	}
	callers.Wait()
}

// explained is what Explain tells, but for whether it was remembered.
func explained(v *Validator, token string, rules *Rules) (*Token, *Explanation, error) {
	tok, e, err := v.Explain(context.Background(), token, rules)
	for i := range e.Checks {
		if e.Checks[i].Remark == "verified earlier, and remembered" {
			e.Checks[i].Remark = ""
		}
	}
	return tok, e, err
}

package jwtvalidate

import (
	"fmt"
	"math/rand/v2"
	"net/http"
	"reflect"
	"strings"
	"sync/atomic"
	"testing"
	"time"
)

// A handClock is set by hand, also back.
type handClock struct{ at atomic.Int64 } // after epoch

func (c *handClock) Now() time.Time { return epoch.Add(time.Duration(c.at.Load())) }

// A model is two validators, of which one remembers and the other does not, in one world.
type model struct {
	*testing.T
	random   *rand.Rand
	clock    handClock
	issuers  []*issuer
	memory   *Validator
	none     *Validator
	tokens   []string
	rules    []*Rules
	lastUsed int // of tokens
	accepted int
	refusals map[Reason]int
}

func newModel(t *testing.T, seed uint64) *model {
	m := &model{T: t, random: rand.New(rand.NewPCG(seed, 0)), refusals: make(map[Reason]int)}
	m.issuers = []*issuer{newIssuer(rsaKey(1)), newIssuer(rsaKey(2))}
	m.issuers[1].discovery = &answer{status: 200, body: document(testIssuer, otherKeys)}
	for _, v := range []**Validator{&m.memory, &m.none} {
		size := 0
		if v == &m.none {
			size = -1
		}
		*v = New(Config{Client: &http.Client{Transport: routes{"issuer.example": m.issuers[0], "other.example": renamed(m.issuers[1])}}, Clock: &m.clock, CacheSize: size})
		t.Cleanup((*v).Close)
	}
	m.tokens, m.rules = modelTokens(t), modelRules(t)
	return m
}

var modelSecret = []byte("0123456789abcdef0123456789abcdef")

func modelTokens(t *testing.T) (tokens []string) {
	for i := range 3 {
		key := rsaKey(1 + i)
		good := newDraft(key).sign(t)
		tokens = append(tokens, good,
			withSignatureOf(good, newDraft(key).set("sub", "admin").sign(t)),
			newDraft(key).head("kid", nil).sign(t),
			newDraft(key).head("kid", "key-1").set("jti", i).sign(t),
			newDraft(key).head("kid", "nobody").sign(t),
			newDraft(key).set("nbf", nil).set("exp", epoch.Add(-time.Minute).Unix()).sign(t),
			newDraft(key).set("exp", epoch.Add(20*time.Minute).Unix()).sign(t),
			newDraft(key).set("nbf", epoch.Add(30*time.Minute).Unix()).sign(t),
			newDraft(key).set("exp", nil).sign(t),
		)
	}
	key := rsaKey(1)
	return append(tokens,
		newDraft(key).set("aud", "other").sign(t),
		newDraft(key).set("aud", nil).sign(t),
		newDraft(key).set("aud", "https://graph.microsoft.com").head("nonce", "n").set("jti", 1).sign(t)+"AAAA",
		newDraft(key).set("iss", "https://elsewhere.example/").sign(t),
		newDraft(key).set("roles", nil).sign(t),
		newDraft(key).set("roles", "read").sign(t),
		newDraft(key).head("alg", "RS384").sign(t),
		newDraft(key).head("alg", "PS256").head("kid", nil).sign(t),
		newDraft(key).head("alg", "EdDSA").sign(t),
		newDraft(key).head("alg", "none").sign(t),
		newDraft(signingKey{"s", modelSecret}).head("alg", "HS256").sign(t),
		newDraft(signingKey{"s", modelSecret[:16]}).head("alg", "HS512").sign(t),
		newDraft(signingKey{"s", modelSecret[1:]}).head("alg", "HS256").sign(t),
		newDraft(key).set("long", strings.Repeat("x", maxRefusedText)).set("aud", "other").sign(t),
		newDraft(key).set("exp", "soon").sign(t),
		newDraft(key).sign(t)+"A", "x.y.z", "x.y", "a.b.c.d.e", "",
	)
}

func modelRules(t *testing.T) []*Rules {
	changed := func(change func(*Rules)) *Rules {
		r := newRules()
		change(r)
		return r
	}
	return []*Rules{
		newRules(),
		changed(func(r *Rules) { r.OpenIDConfigs = []string{otherDiscovery} }),
		changed(func(r *Rules) { r.OpenIDConfigs = append(r.OpenIDConfigs, otherDiscovery) }),
		changed(func(r *Rules) { r.Audiences = []string{"other"} }),
		changed(func(r *Rules) { r.Audiences, r.Strict = nil, true }),
		changed(func(r *Rules) { r.ClockSkew, r.RequireExpiration = 5*time.Minute, false }),
		changed(func(r *Rules) { r.RequireSigned = false }),
		changed(func(r *Rules) {
			r.RequiredClaims = []RequiredClaim{{Name: "roles", Values: []string{"write", "admin"}, Match: MatchAny}}
		}),
		changed(func(r *Rules) {
			r.OpenIDConfigs, r.Issuers, r.Keys = nil, []string{testIssuer}, []Key{inline(t, "key-1", rsaKey(1))}
		}),
		changed(func(r *Rules) { r.OpenIDConfigs, r.Keys = nil, []Key{inline(t, "key-1", rsaKey(2))} }),
		changed(func(r *Rules) { r.Keys = []Key{inline(t, "", rsaKey(2)), inline(t, "", rsaKey(3))} }),
		changed(func(r *Rules) { r.OpenIDConfigs, r.Keys = nil, []Key{symmetric(t, modelSecret)} }),
		changed(func(r *Rules) { r.Keys = []Key{symmetric(t, modelSecret), symmetric(t, modelSecret[:16])} }),
		changed(func(r *Rules) { r.OpenIDConfigs = nil }),
	}
}

// validators are the two.
func (m *model) validators() []*Validator { return []*Validator{m.memory, m.none} }

// settle has what is due fetched and waits for it: else what a token meets depends on how
// long a fetch in the background takes.
func (m *model) settle() {
	for _, v := range m.validators() {
		for _, url := range []string{discoveryURL, otherDiscovery} {
			v.keySet(url).refreshIfDue(m.Context(), m.clock.Now())
		}
		v.Wait()
	}
}

// step is one thing that happens in the world.
func (m *model) step() string {
	iss := m.issuers[m.random.IntN(2)]
	switch n := m.random.IntN(40); {
	case n < 30:
		return m.present()
	case n < 33:
		by := time.Duration(m.random.IntN(400)) * time.Second
		m.clock.at.Add(int64(by))
		return fmt.Sprint(by, " pass")
	case n < 36:
		m.clock.at.Store(int64(m.random.IntN(3600)) * int64(time.Second))
		return "the clock is set to " + m.clock.Now().String()
	case n < 39:
		// The same kid may stand for another key, and a set may come back as it was.
		keys := [][]signingKey{{rsaKey(1)}, {rsaKey(1), rsaKey(2)}, {rsaKey(2), rsaKey(1), rsaKey(3)}, {{"key-1", rsaKey(2).key}, rsaKey(3)}}
		i := m.random.IntN(len(keys))
		iss.publish(keys[i]...)
		return fmt.Sprint("an issuer publishes key set ", i)
	default:
		down := m.random.IntN(4) == 0
		iss.do(func() {
			if iss.keySet = nil; down {
				iss.keySet = &answer{status: 503}
			}
		})
		return fmt.Sprint("an issuer is down: ", down)
	}
}

// present shows a token to both, often one that they have seen lately.
func (m *model) present() string {
	if m.random.IntN(3) == 0 {
		m.lastUsed = m.random.IntN(len(m.tokens))
	}
	token, rules := m.tokens[m.lastUsed], m.random.IntN(len(m.rules))
	m.settle()
	got, gotTold, gotErr := explained(m.memory, token, m.rules[rules])
	want, wantTold, wantErr := explained(m.none, token, m.rules[rules])
	m.memory.Wait() // for fetches of which the token did not wait, before anything changes
	m.none.Wait()
	if (got == nil) != (want == nil) || got != nil && !sameToken(got, want) {
		m.Errorf("got the token %+v, want %+v", got, want)
	}
	if !reflect.DeepEqual(answerOf(gotErr), answerOf(wantErr)) {
		m.Errorf("got %+v\nwant %+v", answerOf(gotErr), answerOf(wantErr))
	}
	if got == nil && gotTold.KeySet == wantTold.KeySet && !reflect.DeepEqual(gotTold, wantTold) {
		m.Errorf("told %+v\nwant %+v", gotTold, wantTold)
	}
	if m.accepted++; wantErr != nil {
		m.accepted--
		m.refusals[wantErr.(*Error).Reason]++
	}
	return fmt.Sprintf("token %d before rules %d: %v", m.lastUsed, rules, wantErr)
}

// sameToken compares all but the key set: of two that have the key, the one in which it
// was found first is remembered.
func sameToken(a, b *Token) bool {
	x, y := *a, *b
	x.KeySet, y.KeySet = "", ""
	return reflect.DeepEqual(x, y)
}

// answerOf is all that an error says.
func answerOf(err error) any {
	e, ok := err.(*Error)
	if !ok {
		return err
	}
	said := *e
	said.hint = nil
	cause := fmt.Sprint(e.Err)
	said.Err = nil
	return []any{said, cause, e.Hint()}
}

// What is remembered changes no answer, whatever happened before.
func TestMemoryChangesNoAnswer(t *testing.T) {
	for seed := range uint64(4) {
		m := newModel(t, seed)
		var story []string
		for i := range 800 {
			if story = append(story, m.step()); t.Failed() {
				t.Fatalf("seed %d, step %d: %s", seed, i, strings.Join(story[max(0, i-15):], "\n"))
			}
		}
		for _, f := range m.memory.refused.young {
			if f.token != nil && (f.token.KeySet != "" || f.token.Warnings != nil) {
				t.Errorf("seed %d: what was read of a token became %+v", seed, f.token)
			}
		}
		if m.accepted < 30 || len(m.refusals) < 6 {
			t.Errorf("seed %d: %d tokens were accepted and the rest refused for %v, want more of both", seed, m.accepted, m.refusals)
		}
	}
}

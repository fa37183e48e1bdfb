package jwtvalidate

import (
	"context"
	"errors"
	"net/http"
	"strings"
	"testing"
	"testing/synctest"
	"time"
)

func TestIssuerDownThenUp(t *testing.T) {
	iss := newIssuer(rsaKey(1))
	iss.discovery = &answer{err: errors.New("connection refused")}
	v, clock := newValidator(t, iss)
	token := newDraft(rsaKey(1)).sign(t)
	tries := 0
	for _, wait := range []time.Duration{1, 2, 4, 8, 16, 32, 64, 128, 256, 300, 300} {
		wait *= time.Second
		e := mustRefuse(t, v, token, newRules(), ReasonSignatureKeyNotFound)
		tries++
		if want := clock.Now().Add(wait); !e.RetryAfter.Equal(want) {
			t.Errorf("try %d: got RetryAfter %v, want %v", tries, e.RetryAfter, want)
		}
		for _, part := range []string{"IDX20803: Unable to obtain configuration from: '" + discoveryURL + "'", "connection refused"} {
			if !strings.Contains(e.Message, part) {
				t.Errorf("got message %q, want it to have %q", e.Message, part)
			}
		}
		mustRefuse(t, v, token, newRules(), ReasonSignatureKeyNotFound) // at once, without a fetch
		if got, _ := iss.counts(); got != tries {
			t.Fatalf("got %d fetches, want %d", got, tries)
		}
		clock.Advance(wait)
	}
	iss.do(func() { iss.discovery = nil })
	rules := newRules()
	rules.RequireExpiration = false
	mustAccept(t, v, newDraft(rsaKey(1)).set("exp", nil).sign(t), rules)
	// The failures do not count against the limit for unknown kids.
	iss.publish(rsaKey(2))
	mustAccept(t, v, newDraft(rsaKey(2)).set("exp", nil).sign(t), rules)
}

// brokenAnswers are fetches that bring nothing usable; said is part of the error.
func brokenAnswers(key signingKey) []struct {
	name              string
	discovery, keySet *answer
	said              string
} {
	ok := func(body string) *answer { return &answer{status: 200, body: body} }
	type row = struct {
		name              string
		discovery, keySet *answer
		said              string
	}
	return []row{
		{"discovery: network", &answer{err: errors.New("no route")}, nil, "no route"},
		{"discovery: 404", &answer{status: 404, body: document(testIssuer, keysURL)}, nil, "status 404"},
		{"discovery: 204", &answer{status: 204}, nil, "status 204"},
		{"discovery: HTML", ok("<html></html>"), nil, "not a discovery document"},
		{"discovery: empty", ok(""), nil, "not a discovery document"},
		{"discovery: list", ok("[]"), nil, "not a discovery document"},
		{"discovery: no issuer", ok(`{"jwks_uri":"` + keysURL + `"}`), nil, "no issuer"},
		{"discovery: no jwks_uri", ok(`{"issuer":"x"}`), nil, "no jwks_uri"},
		{"discovery: relative jwks_uri", ok(document(testIssuer, "/keys")), nil, "not an absolute"},
		{"discovery: file", ok(document(testIssuer, "file:///etc/passwd")), nil, "not an absolute"},
		{"discovery: jwks_uri without TLS", ok(document(testIssuer, "http://issuer.example/keys")), nil, "not https"},
		{"discovery: too long", ok(document(testIssuer, keysURL) + strings.Repeat(" ", MaxDiscoverySize)), nil, "longer than"},
		{"keys: network", nil, &answer{err: errors.New("no route")}, "no route"},
		{"keys: 500", nil, &answer{status: 500, body: keySetBody(key.jwk())}, "status 500"},
		{"keys: HTML", nil, ok("<html>"), "not a JSON Web Key Set"},
		{"keys: no JSON", nil, ok("{keys:[]}"), "not a JSON Web Key Set"},
		{"keys: null", nil, ok("null"), "has no keys"},
		{"keys: empty", nil, ok(`{"keys":[]}`), "has no keys"},
		{"keys: absent", nil, ok(`{}`), "has no keys"},
		{"keys: object", nil, ok(`{"keys":{}}`), "not a JSON Web Key Set"},
		{"keys: cut off", nil, ok(keySetBody(key.jwk())[:40]), "not a JSON Web Key Set"},
		{"keys: too long", nil, ok(keySetBody(key.jwk()) + strings.Repeat(" ", MaxKeySetSize)), "longer than"},
		{"keys: only bad ones", nil, ok(keySetBody(with(key.jwk(), "use", "enc"))), "no usable key"},
	}
}

func TestLastGoodKeysStay(t *testing.T) {
	key := rsaKey(1)
	for _, c := range brokenAnswers(key) {
		t.Run(c.name, func(t *testing.T) {
			iss := newIssuer(key)
			v, clock := newValidator(t, iss)
			rules := newRules()
			rules.RequireExpiration = false
			token := newDraft(key).set("exp", nil).sign(t)
			mustAccept(t, v, token, rules)

			// by the hourly refresh
			iss.do(func() { iss.discovery, iss.keySet = c.discovery, c.keySet })
			clock.Advance(RefreshInterval)
			mustAccept(t, v, token, rules)
			settle(v)
			mustAccept(t, v, token, rules)
			mustAccept(t, v, newDraft(key).set("exp", nil).set("jti", "new").sign(t), rules)
			state := v.KeySets()[0]
			if state.Fetches != 2 || !strings.Contains(state.LastError, c.said) {
				t.Errorf("got %d fetches and the error %q, want 2 and one with %q", state.Fetches, state.LastError, c.said)
			}
			if !state.FetchedAt.Equal(epoch) || !sameTexts(state.KeyIDs, []string{"key-1"}) {
				t.Errorf("got keys %q of %v", state.KeyIDs, state.FetchedAt)
			}

			// and by an unknown kid, five minutes later
			stranger := newDraft(rsaKey(2)).set("exp", nil).sign(t)
			mustRefuse(t, v, stranger, rules, ReasonSignatureKeyNotFound)
			clock.Advance(RefetchInterval)
			e := mustRefuse(t, v, stranger, rules, ReasonSignatureKeyNotFound)
			if e.Err == nil || !strings.Contains(e.Err.Error(), c.said) {
				t.Errorf("got cause %v, want one with %q", e.Err, c.said)
			}
			if got := v.KeySets()[0].Fetches; got != 3 {
				t.Errorf("got %d fetches, want 3", got)
			}
			mustAccept(t, v, token, rules)

			// until it is well again
			iss.do(func() { iss.discovery, iss.keySet = nil, nil })
			clock.Advance(RefetchInterval)
			mustAccept(t, v, token, rules)
			settle(v)
			if state := v.KeySets()[0]; state.LastError != "" {
				t.Errorf("got the error %q, want it gone", state.LastError)
			}
		})
	}
}

func TestBrokenFirstAnswer(t *testing.T) {
	key := rsaKey(1)
	for _, c := range brokenAnswers(key) {
		t.Run(c.name, func(t *testing.T) {
			iss := newIssuer(key)
			iss.discovery, iss.keySet = c.discovery, c.keySet
			v, clock := newValidator(t, iss)
			e := mustRefuse(t, v, newDraft(key).sign(t), newRules(), ReasonSignatureKeyNotFound)
			if !strings.Contains(e.Message, c.said) || !strings.Contains(e.Message, discoveryURL) {
				t.Errorf("got message %q, want it to have %q and the URL", e.Message, c.said)
			}
			mustRefuse(t, v, newDraft(key).head("kid", nil).sign(t), newRules(), ReasonSignatureKeyNotFound)
			iss.do(func() { iss.discovery, iss.keySet = nil, nil })
			clock.Advance(FirstRetry)
			mustAccept(t, v, newDraft(key).head("kid", nil).sign(t), newRules())
		})
	}
}

func TestSlowIssuer(t *testing.T) {
	key := rsaKey(1)
	synctest.Test(t, func(t *testing.T) {
		iss := newIssuer(key)
		iss.gate = make(chan struct{}) // never opens
		v, clock := newValidator(t, iss)
		token := newDraft(key).sign(t)

		began := time.Now()
		ctx, cancel := context.WithTimeout(context.Background(), time.Second)
		defer cancel()
		_, err := v.Validate(ctx, token, newRules())
		if !errors.Is(err, context.DeadlineExceeded) || time.Since(began) != time.Second {
			t.Errorf("got %v after %v, want the caller's deadline", err, time.Since(began))
		}
		e := mustRefuse(t, v, token, newRules(), ReasonSignatureKeyNotFound)
		if took := time.Since(began); took != DefaultFetchTimeout || !errors.Is(e, context.DeadlineExceeded) {
			t.Errorf("got %v after %v, want the fetch to end after %v", e, took, DefaultFetchTimeout)
		}
		iss.do(func() { iss.gate = nil })
		clock.Advance(FirstRetry)
		mustAccept(t, v, token, newRules())

		// With keys at hand, a fetch that hangs delays only the token that needs it.
		iss.do(func() { iss.gate = make(chan struct{}) })
		done := make(chan *Error)
		stranger := newDraft(rsaKey(2)).sign(t)
		began = time.Now()
		go func() { done <- refusal(t, v, stranger, newRules()) }()
		synctest.Wait()
		mustAccept(t, v, token, newRules())
		mustAccept(t, v, newDraft(key).set("jti", "new").sign(t), newRules())
		if took := time.Since(began); took != 0 {
			t.Errorf("good tokens waited %v", took)
		}
		if e := <-done; e == nil || e.Reason != ReasonSignatureKeyNotFound || time.Since(began) != DefaultFetchTimeout {
			t.Errorf("the unknown kid: got %v after %v", e, time.Since(began))
		}
		mustRefuse(t, v, newDraft(rsaKey(3)).sign(t), newRules(), ReasonSignatureKeyNotFound)
		if took := time.Since(began); took != DefaultFetchTimeout {
			t.Errorf("an unknown kid waited for the limiter: %v", took-DefaultFetchTimeout)
		}
	})
}

func TestCloseEndsAHangingFetch(t *testing.T) {
	iss := newIssuer(rsaKey(1))
	iss.gate = make(chan struct{})
	v, _ := newValidator(t, iss)
	v.Prefetch(discoveryURL)
	v.Close() // hangs the test if it does not
	if state := v.KeySets()[0]; state.Fetching || !strings.Contains(state.LastError, "canceled") {
		t.Errorf("got %+v, want the fetch cancelled", state)
	}
}

const (
	otherDiscovery = "https://other.example/.well-known/openid-configuration"
	otherKeys      = "https://other.example/keys"
)

// renamed serves an issuer under the other host.
func renamed(i *issuer) http.RoundTripper {
	return roundTrip(func(r *http.Request) (*http.Response, error) {
		asked := r.Clone(r.Context())
		asked.URL.Host = "issuer.example"
		return i.RoundTrip(asked)
	})
}

type roundTrip func(*http.Request) (*http.Response, error)

func (f roundTrip) RoundTrip(r *http.Request) (*http.Response, error) { return f(r) }

func TestSeveralDiscoveryDocuments(t *testing.T) {
	a, b := newIssuer(rsaKey(1)), newIssuer(rsaKey(2))
	b.name = "https://other.example/"
	b.discovery = &answer{status: 200, body: document(b.name, otherKeys)}
	v, _ := newValidator(t, routes{"issuer.example": a, "other.example": renamed(b)})
	rules := newRules()
	rules.OpenIDConfigs = []string{discoveryURL, otherDiscovery, discoveryURL}

	one := newDraft(rsaKey(1)).sign(t)
	two := newDraft(rsaKey(2)).set("iss", b.name).sign(t)
	if tok := mustAccept(t, v, two, rules); tok.KeySet != otherDiscovery {
		t.Errorf("got key set %q", tok.KeySet)
	}
	mustAccept(t, v, one, rules)
	mustAccept(t, v, newDraft(rsaKey(2)).head("kid", nil).sign(t), rules)
	// Keys and issuers are pooled, as in API Management.
	mustAccept(t, v, newDraft(rsaKey(1)).set("iss", b.name).sign(t), rules)

	// Rules that do not list a document do not profit from its keys.
	mustRefuse(t, v, two, newRules(), ReasonSignatureKeyNotFound)
	mustRefuse(t, v, newDraft(rsaKey(1)).set("iss", b.name).sign(t), newRules(), ReasonIssuerNotAllowed)
	if states := v.KeySets(); len(states) != 2 || states[0].URL != discoveryURL || states[1].Issuer != b.name {
		t.Errorf("got %+v", states)
	}
}

func TestOneKidInTwoKeySets(t *testing.T) {
	a, b := newIssuer(rsaKey(1)), newIssuer(signingKey{"key-1", rsaKey(2).key})
	b.discovery = &answer{status: 200, body: document(testIssuer, otherKeys)}
	rules := newRules()
	rules.OpenIDConfigs = []string{discoveryURL, otherDiscovery}
	ofA := newDraft(rsaKey(1)).sign(t)
	ofB := newDraft(rsaKey(2)).head("kid", "key-1").sign(t)
	ofNone := newDraft(rsaKey(3)).head("kid", "key-1").sign(t)
	synctest.Test(t, func(t *testing.T) {
		v, _ := newValidator(t, routes{"issuer.example": a, "other.example": renamed(b)})
		gate := make(chan struct{})
		a.do(func() { a.gate = gate })
		done := make(chan *Error)
		go func() { done <- refusal(t, v, ofA, rules) }()
		synctest.Wait() // b has the kid by now, but not the key
		close(gate)
		if e := <-done; e != nil {
			t.Errorf("refused before the second key set came: %v", e)
		}
		mustAccept(t, v, ofB, rules)
		mustRefuse(t, v, ofNone, rules, ReasonInvalidSignature)
	})
}

// A document that cannot be had delays no token that another one serves.
func TestDeadDocumentBesideALivingOne(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		a, dead := newIssuer(rsaKey(1)), newIssuer()
		dead.gate = make(chan struct{})
		v, _ := newValidator(t, routes{"issuer.example": a, "other.example": renamed(dead)})
		rules := newRules()
		rules.OpenIDConfigs = []string{otherDiscovery, discoveryURL}
		began := time.Now()
		mustAccept(t, v, newDraft(rsaKey(1)).sign(t), rules)
		mustAccept(t, v, newDraft(rsaKey(1)).set("jti", 2).sign(t), rules)
		if took := time.Since(began); took != 0 {
			t.Errorf("good tokens waited %v for the dead document", took)
		}
		// The issuer might stand in it.
		e := mustRefuse(t, v, newDraft(rsaKey(1)).set("iss", "https://other.example/").sign(t), rules, ReasonIssuerNotAllowed)
		if took := time.Since(began); took != DefaultFetchTimeout || e.Err == nil {
			t.Errorf("got %v with cause %v after %v", e, e.Err, took)
		}
		e = mustRefuse(t, v, newDraft(rsaKey(2)).sign(t), rules, ReasonSignatureKeyNotFound)
		if !strings.Contains(e.Message, otherDiscovery) {
			t.Errorf("got message %q, want it to name the dead document", e.Message)
		}
	})
}

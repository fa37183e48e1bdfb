package jwtvalidate

import (
	"context"
	"errors"
	"strings"
	"sync/atomic"
	"time"

	"github.com/golang-jwt/jwt/v5"
)

// An attempt is the search for the key that verifies one token.
type attempt struct {
	text     string
	token    *Token
	findings *findings
	alg      algorithm
	rules    *Rules
	sets     []watched
	kid      string

	inline, remote int // keys that the rules have, for the message
	matchedInline  bool
	matchedRemote  bool
	tried          []string
	caught         []string
}

// findKey is the third and fourth step: the key with the token's kid, or one of those
// that may be tried, verifies the signature. It waits for key sets where they may have
// the key later.
func (a *attempt) findKey(ctx context.Context) (*verified, *Error) {
	a.inline = len(a.rules.Keys)
	if a.inline == 0 && len(a.sets) == 0 {
		return nil, &Error{
			Reason:  ReasonSignatureKeyNotFound,
			Message: messageNoKeys,
			hint:    always("The rules have no key and no discovery document to verify a signature with."),
		}
	}
	if found := a.tryInline(ctx); found != nil {
		return found, nil
	}
	for {
		if found := a.tryRemote(ctx); found != nil {
			return found, nil
		}
		changed, err := a.await(ctx)
		if err != nil {
			return nil, a.interrupted(err)
		}
		if !changed {
			return nil, a.failure()
		}
	}
}

// await waits for key sets that could have the key. An HMAC key never comes from one.
// If the kid is known, or there is none, no key is known to be missing: then only sets
// that were never fetched are waited for.
func (a *attempt) await(ctx context.Context) (changed bool, err error) {
	switch {
	case a.alg.family == familyHMAC:
		return false, nil
	case a.kid == "" || a.matchedInline || a.matchedRemote:
		return awaitFirst(ctx, a.sets)
	default:
		return awaitChange(ctx, a.sets)
	}
}

// tryInline tries the rules' own keys: those with the token's kid, or all of them if
// no key anywhere has it.
func (a *attempt) tryInline(ctx context.Context) *verified {
	a.matchedInline = a.rules.hasID(a.kid)
	if !a.matchedInline && anyHasID(a.sets, a.kid) {
		return nil
	}
	for i := range a.rules.Keys {
		key := &a.rules.Keys[i]
		if (a.matchedInline && key.ID != a.kid) || !a.alg.suits(key.value) {
			continue
		}
		if by := (tester{inline: key.fingerprint}); a.verify(ctx, by, key.ID, key.value, nil) {
			return a.verified(by, key.value)
		}
	}
	return nil
}

// anyHasID says whether one of the key sets has the kid now.
func anyHasID(sets []watched, kid string) bool {
	for _, w := range sets {
		if current := w.set.current.Load(); current != nil && kid != "" && current.byID[kid] != nil {
			return true
		}
	}
	return false
}

// tryRemote tries those key sets that were not tried as they are now.
func (a *attempt) tryRemote(ctx context.Context) *verified {
	a.remote = 0
	for i := range a.sets {
		w := &a.sets[i]
		current := w.set.current.Load()
		if current == nil {
			continue
		}
		a.remote += len(current.keys)
		if current == w.seen {
			continue
		}
		w.seen = current
		for _, key := range a.candidates(current) {
			if by := (tester{remote: key}); a.verify(ctx, by, key.id, key.public, current) {
				return a.verified(by, key.public)
			}
		}
	}
	return nil
}

// candidates are the keys of a set that may verify the token: the one with its kid, or
// without a kid every key of its kind.
func (a *attempt) candidates(s *snapshot) []*remoteKey {
	if a.kid != "" {
		key := s.byID[a.kid]
		if key == nil {
			return nil
		}
		a.matchedRemote = true
		if !a.alg.suits(key.public) {
			a.tried = append(a.tried, key.id)
			return nil
		}
		return []*remoteKey{key}
	}
	var keys []*remoteKey
	for _, key := range s.keys {
		if a.alg.suits(key.public) && (key.alg == "" || key.alg == a.token.Algorithm) {
			keys = append(keys, key)
		}
	}
	return keys
}

// noClaims keeps golang-jwt from decoding the claims a second time; their meaning is
// checked by this package, on every call.
type noClaims struct{ jwt.RegisteredClaims }

func (*noClaims) UnmarshalJSON([]byte) error { return nil }

// verify reports whether a key verifies the signature, as is known or as it turns out. A
// key of a set is looked up there by the token's kid, if it has one.
func (a *attempt) verify(ctx context.Context, by tester, id string, key any, set *snapshot) bool {
	a.tried = append(a.tried, id)
	o, known := a.findings.of(by)
	if !known {
		lookup := func(*jwt.Token) (any, error) { return key, nil }
		if set != nil && a.kid != "" {
			lookup = set.keyfunc.KeyfuncCtx(ctx)
		}
		o = ask(a.text, a.token.Algorithm, lookup)
		o.by = by
		a.findings.add(o)
	}
	if o.caught != "" {
		a.caught = append(a.caught, o.caught)
	}
	return o.verified
}

// ask lets golang-jwt verify a signature. What comes of it depends on nothing but the
// text, the key and the key's alg.
func ask(text, alg string, lookup jwt.Keyfunc) (o outcome) {
	parser := jwt.NewParser(
		jwt.WithValidMethods([]string{alg}),
		jwt.WithStrictDecoding(),
		jwt.WithoutClaimsValidation(),
	)
	parsed, err := parser.ParseWithClaims(text, &noClaims{}, lookup)
	if err != nil && !errors.Is(err, jwt.ErrTokenSignatureInvalid) {
		o.caught = err.Error()
	}
	o.verified = err == nil && parsed.Valid
	return o
}

// verified makes the entry of the token for the key that verified it.
func (a *attempt) verified(by tester, key any) *verified {
	t := *a.token
	t.derived = &atomic.Value{}
	t.Warnings = a.alg.warnings(t.Algorithm, key)
	if by.remote != nil {
		t.KeySet = by.remote.set.url
	}
	return &verified{token: &t, tester: by}
}

// failure says why no key verified the token.
func (a *attempt) failure() *Error {
	a.text = "" // which is the caller's, and the hint keeps the rest for a while
	e := &Error{Reason: ReasonInvalidSignature, hint: a.hint}
	switch {
	case a.matchedInline || a.matchedRemote:
		e.Message = messageBadSignature(a)
		return e
	case a.alg.family == familyHMAC && !a.rules.hasSymmetric():
		// No fetch can help: key sets hold no symmetric keys.
	case a.kid != "":
		e.Reason = ReasonSignatureKeyNotFound
		if a.alg.family != familyHMAC {
			e.RetryAfter, e.Err = a.refetch()
		}
	}
	if set := firstEmpty(a.sets); set != nil && a.alg.family != familyHMAC {
		e.Reason = ReasonSignatureKeyNotFound
		e.RetryAfter, e.Err = set.outlook()
		e.Message = messageNoConfiguration(set.url, e.RetryAfter, e.Err)
		e.hint = func() string { return hintNoConfiguration(set.url) }
		return e
	}
	e.Message = a.messageNotFound()
	return e
}

// messageNotFound is for a token of which no key has the kid, if it has one.
func (a *attempt) messageNotFound() string {
	if a.kid == "" {
		return messageNoKeyID(a)
	}
	return messageUnknownKey(a)
}

// firstEmpty finds a key set that has never been fetched successfully.
func firstEmpty(sets []watched) *keySet {
	for _, w := range sets {
		if w.seen == nil {
			return w.set
		}
	}
	return nil
}

// refetch gives the time from which an unknown kid may cause a fetch again, and why
// the last fetch failed, if it did.
func (a *attempt) refetch() (at time.Time, err error) {
	for _, w := range a.sets {
		allowed, failed := w.set.outlook()
		if at.IsZero() || allowed.Before(at) {
			at = allowed
		}
		if failed != nil {
			err = failed
		}
	}
	return at, err
}

// interrupted is for a caller that gave up while a key set was being fetched.
func (a *attempt) interrupted(err error) *Error {
	at, _ := a.refetch()
	return &Error{
		Reason:     ReasonSignatureKeyNotFound,
		Message:    a.messageNotFound(),
		hint:       always("The request ended while the key set was being fetched."),
		RetryAfter: at,
		Err:        err,
	}
}

func (a *attempt) triedIDs() string {
	ids := make([]string, len(a.tried))
	for i, id := range a.tried {
		ids[i] = "KeyId: " + shown(id)
	}
	return strings.Join(ids, ", ")
}

func (a *attempt) exceptions() string { return strings.Join(a.caught, "\n") }

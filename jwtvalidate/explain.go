package jwtvalidate

import (
	"cmp"
	"context"
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"
)

// An Explanation is what [Validator.Explain] saw of a token: for people, and without the
// token and its signature.
type Explanation struct {
	// Algorithm, KeyID and Type are alg, kid and typ of the header; empty if absent.
	Algorithm, KeyID, Type string
	// Claims are the token's, verified or not; nil: they can't be read. They are shared
	// and must not be changed.
	Claims map[string]any
	// KeySet is the discovery URL whose key verified the token, or KeysOfRules; empty:
	// no key did. Key says which one it was and how it was chosen.
	KeySet, Key string
	// Checks are in the order in which they were made; if the last one did not pass, it
	// refused the token. Several claims may have failed at once.
	Checks []Check
}

// KeysOfRules is the Explanation.KeySet of [Rules.Keys].
const KeysOfRules = "keys of the policy"

// A Check is one thing that was asked of a token.
type Check struct {
	// Name is decryption, form (told only of a token that has none), algorithm, signature, not before, expiry, audience,
	// issuer, or claim and its name.
	Name string
	// Wanted and Found are what the rules ask for and what there was.
	Wanted, Found string
	Passed        bool
	// Remark says what that means; may be empty.
	Remark string
}

// Explain is Validate, and says what was looked at. The explanation is there also where
// the token was refused.
func (v *Validator) Explain(ctx context.Context, token string, rules *Rules) (*Token, *Explanation, error) {
	j, fault := v.judge(ctx, token, rules)
	w := &witness{v: v, j: &j, rules: rules, fault: fault}
	w.explain(token)
	if fault != nil {
		return nil, &w.e, fault
	}
	return j.entry.token, &w.e, nil
}

// A witness writes down, after the judgement, what it was based on.
type witness struct {
	v     *Validator
	j     *judgement
	rules *Rules
	fault *Error // what refused the token; nil: nothing
	e     Explanation
}

func (w *witness) add(name, wanted, found string, passed bool, remark string) {
	w.e.Checks = append(w.e.Checks, Check{name, wanted, found, passed, remark})
}

func (w *witness) explain(token string) {
	if isEncrypted(token) {
		opened := w.j.text != ""
		w.add("decryption", "a decryption key of the policy that opens it", counted(len(w.rules.DecryptionKeys), "key"), opened, "")
		if !opened {
			return
		}
	}
	t := w.token()
	if t == nil {
		return
	}
	w.e.Algorithm, w.e.KeyID, w.e.Claims = shown(t.Algorithm), shown(t.KeyID), t.Claims
	if typ, ok := t.Header["typ"].(string); ok {
		w.e.Type = shown(typ)
	}
	if w.algorithm(t) && w.signature(t) && w.lifetime(t) && w.audience(t) && w.issuer(t) {
		w.claims(t)
	}
}

// token is the token as far as it can be read, verified or not.
func (w *witness) token() *Token {
	if w.j.entry != nil {
		return w.j.entry.token
	}
	if strings.HasPrefix(w.j.text, "{") {
		w.add("signature", "a signature", "none: the token is encrypted only", false, "")
		return nil
	}
	t, fault := parse(w.j.text)
	if fault != nil {
		found := counted(strings.Count(w.j.text, ".")+1, "segment")
		w.add("form", "three segments of Base64url: header, claims and signature", found, false, "")
	}
	return t
}

func counted(n int, what string) string {
	if n == 1 {
		return "1 " + what
	}
	return fmt.Sprintf("%d %ss", n, what)
}

func (w *witness) algorithm(t *Token) bool {
	var accepted []string
	for _, alg := range slices.Sorted(maps.Keys(algorithms)) {
		if !w.rules.Strict || !algorithms[alg].unlisted {
			accepted = append(accepted, alg)
		}
	}
	wanted, found, passed := "one of "+list(accepted), w.e.Algorithm, true
	if !w.rules.RequireSigned {
		wanted += ", or none"
	}
	if w.j.entry == nil {
		signature := w.j.text[strings.LastIndexByte(w.j.text, '.')+1:]
		_, fault := checkAlgorithm(t, signature, w.rules)
		if passed = fault == nil; signature == "" {
			found += ", without a signature"
		}
	}
	w.add("algorithm", wanted, found, passed, "")
	return passed
}

// signature tells which key verified the token, or among which none did.
func (w *witness) signature(t *Token) bool {
	found := w.e.Algorithm + ", kid " + w.e.KeyID
	if t.KeyID == "" {
		found = w.e.Algorithm + ", no kid"
	}
	entry := w.j.entry
	remark := ""
	switch {
	case entry == nil:
	case entry.remote != nil:
		w.e.KeySet, w.e.Key = entry.remote.set.url, chosen(t, Key{ID: shown(entry.remote.id), value: entry.remote.public})
	case t.Algorithm == algNone:
		w.add("signature", "none: the policy asks for none", "none", true, "anybody can have made the token")
		return true
	default:
		w.e.KeySet = KeysOfRules
		if i := slices.IndexFunc(w.rules.Keys, func(k Key) bool { return k.fingerprint == entry.inline }); i >= 0 {
			w.e.Key = chosen(t, w.rules.Keys[i])
		}
	}
	if w.j.cached {
		remark = "verified earlier, and remembered"
	}
	w.add("signature", w.keys(), found, entry != nil, remark)
	return entry != nil
}

// chosen describes the key that verified a token.
func chosen(t *Token, k Key) string {
	switch {
	case t.KeyID == "":
		return k.String() + ", found by trying, since the token names none"
	case k.ID == "" || k.ID != t.KeyID:
		return k.String() + ", found by trying, since none has the token's kid"
	}
	return k.String() + ", named by the token's kid"
}

// keysShown is how many ids of a key set are listed.
const keysShown = 8

// keys are those that a signature may be verified with; if one did, those beside which
// it stands, for other sets need not have been fetched yet.
func (w *witness) keys() string {
	var all []string
	by := w.e.KeySet
	if n := len(w.rules.Keys); n > 0 && (by == "" || by == KeysOfRules) {
		all = append(all, counted(n, "key")+" of the policy")
	}
	for _, set := range w.v.keySets(w.rules) {
		current := set.current.Load()
		switch {
		case by != "" && set.url != by:
			continue
		case current == nil:
			all = append(all, set.url+", which could not be fetched")
			continue
		}
		var ids []string
		for _, k := range current.keys {
			ids = append(ids, shown(cmp.Or(k.id, "one without an id")))
		}
		if len(ids) > keysShown {
			ids = append(ids[:keysShown], "…")
		}
		all = append(all, set.url+" ("+list(ids)+")")
	}
	if all == nil {
		return "a key, and the policy has none"
	}
	return "a key of " + strings.Join(all, "; ")
}

// refusedFor reports whether the token was refused for one of those reasons.
func (w *witness) refusedFor(reasons ...Reason) bool {
	return w.fault != nil && slices.Contains(reasons, w.fault.Reason)
}

// lifetime tells of the checks of checkLifetime, in its order.
func (w *witness) lifetime(t *Token) bool {
	from, to, now, skew := t.NotBefore, t.ExpiresAt, w.j.now, w.rules.ClockSkew
	refused := w.refusedFor(ReasonInvalid, ReasonExpired)
	if to.IsZero() && w.rules.RequireExpiration {
		w.add("expiry", "a time at which the token expires", "none", false, "")
		return false
	}
	early := refused && w.fault.Claim == "nbf"
	switch {
	case from.IsZero(): // which is not asked for
	case early && !to.IsZero() && from.After(to):
		w.add("not before", "earlier than it expires, "+moment(to), moment(from), false, "")
	case from.After(now):
		w.add("not before", moment(now)+" or earlier", moment(from), !early, "valid in "+span(from.Sub(now))+"; "+allowed(skew))
	default:
		w.add("not before", moment(now)+" or earlier", moment(from), true, "valid since "+span(now.Sub(from)))
	}
	if early {
		return false
	}
	switch {
	case to.IsZero():
		w.add("expiry", moment(now)+" or later, if anything", "none", true, "it never expires")
	case to.Before(now):
		w.add("expiry", moment(now)+" or later", moment(to), !refused, "expired "+span(now.Sub(to))+" ago; "+allowed(skew))
	default:
		w.add("expiry", moment(now)+" or later", moment(to), true, "expires in "+span(to.Sub(now)))
	}
	return !refused
}

func moment(t time.Time) string { return t.UTC().Format("2006-01-02 15:04:05 UTC") }

func allowed(skew time.Duration) string {
	if skew == 0 {
		return "no clock skew is allowed"
	}
	return "the clock skew allowed is " + span(skew)
}

// span is a time as people say it: 2 hours 5 minutes.
func span(d time.Duration) string {
	d = d.Round(time.Second)
	var parts []string
	for _, unit := range []struct {
		length time.Duration
		name   string
	}{{24 * time.Hour, "day"}, {time.Hour, "hour"}, {time.Minute, "minute"}, {time.Second, "second"}} {
		if n := int(d / unit.length); n > 0 && len(parts) < 2 {
			parts = append(parts, counted(n, unit.name))
			d -= time.Duration(n) * unit.length
		} else if len(parts) > 0 {
			break
		}
	}
	if parts == nil {
		return "less than a second"
	}
	return strings.Join(parts, " ")
}

func (w *witness) audience(t *Token) bool {
	passed := !w.refusedFor(ReasonAudienceNotAllowed)
	w.add("audience", oneOf(w.rules.Audiences), orNone(t.Audiences), passed, "")
	return passed
}

// issuer tells of the issuers of the rules, and of those of discovery documents: of all, or
// of the one that let the token pass, since others need not have been fetched yet.
func (w *witness) issuer(t *Token) bool {
	passed := !w.refusedFor(ReasonIssuerNotAllowed)
	listed := slices.Contains(w.rules.Issuers, t.Issuer)
	allowed := slices.Clone(w.rules.Issuers)
	for _, set := range w.v.keySets(w.rules) {
		current := set.current.Load()
		if current != nil && (!passed || !listed && issuedBy(current, t)) && !slices.Contains(allowed, current.issuer) {
			allowed = append(allowed, current.issuer)
		}
	}
	var issuer []string
	if t.Issuer != "" {
		issuer = []string{t.Issuer}
	}
	w.add("issuer", oneOf(allowed), orNone(issuer), passed, "")
	return passed
}

// claims tells of all required claims: checkClaims looks at all of them, too.
func (w *witness) claims(t *Token) {
	for i := range w.rules.RequiredClaims {
		c := &w.rules.RequiredClaims[i]
		value, there := t.Claims[c.Name]
		found := "absent"
		if there {
			found = shown(quoted(valueTexts(value, c.Separator)))
		}
		w.add("claim "+c.Name, c.wanted(), found, there && c.unmet(value) == nil, "")
	}
}

func (c *RequiredClaim) wanted() string {
	if len(c.Values) == 0 {
		return "any value"
	}
	how := "all of "
	if c.Match == MatchAny {
		how = "one of "
	}
	if len(c.Values) == 1 {
		how = ""
	}
	if c.Separator != "" {
		return how + quoted(c.Values) + fmt.Sprintf(", the claim split at %q", c.Separator)
	}
	return how + quoted(c.Values)
}

func oneOf(values []string) string {
	switch len(values) {
	case 0:
		return "any: the policy names none"
	case 1:
		return values[0]
	}
	return "one of " + list(values)
}

func orNone(values []string) string {
	if len(values) == 0 {
		return "none"
	}
	return shown(list(values))
}

package trace

import (
	"bytes"
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"time"

	"github.com/apimulator/apimulator/policy/exchange"
)

// What a record holds of a token at most; texts are cut to maxText, and a claim's value to
// as many bytes of JSON.
const (
	maxClaims = 64
	maxChecks = 100
)

// Token is a token that a statement judged. The token itself and its signature are not
// in it.
type Token struct {
	// Place is where it was looked for: header Authorization.
	Place     string `json:"place"`
	Algorithm string `json:"alg,omitempty"`
	KeyID     string `json:"kid,omitempty"`
	Type      string `json:"typ,omitempty"`
	// KeySet is the discovery document whose key verified the signature, or "keys of the
	// policy"; Key is that key, and how it was chosen. "": none did.
	KeySet string `json:"keySet,omitempty"`
	Key    string `json:"key,omitempty"`
	// Checks are in the order in which they were made, up to the one that refused it.
	Checks        []Check `json:"checks"`
	Claims        Claims  `json:"claims,omitempty"`
	DroppedClaims int     `json:"droppedClaims,omitempty"` // beyond the most that are kept
}

// Check is one thing that was asked of a token.
type Check struct {
	Name   string `json:"name"`
	Wanted string `json:"wanted"`
	Found  string `json:"found"`
	Passed bool   `json:"passed"`
	Remark string `json:"remark,omitempty"`
}

// Claims are a token's, as encoding/json has them; numbers are json.Number. A value that
// was cut is a text.
type Claims map[string]any

// UnmarshalJSON keeps numbers as they are written.
func (c *Claims) UnmarshalJSON(data []byte) error {
	d := json.NewDecoder(bytes.NewReader(data))
	d.UseNumber()
	return d.Decode((*map[string]any)(c))
}

// Judged keeps what the statement under way found of a token; part of exchange.Observer.
func (r *Record) Judged(x *exchange.Exchange, j *exchange.Judgement) {
	s := r.current("token")
	if s == nil {
		return
	}
	t := &Token{Place: clip(j.Place), Algorithm: clip(j.Algorithm), KeyID: clip(j.KeyID), Type: clip(j.Type), KeySet: clip(j.KeySet), Key: clip(j.Key)}
	for i, c := range j.Checks {
		if i < maxChecks-1 || i == len(j.Checks)-1 { // which refused it
			t.Checks = append(t.Checks, Check{clip(c.Name), clip(c.Wanted), clip(c.Found), c.Passed, clip(c.Remark)})
		}
	}
	names := slices.Sorted(maps.Keys(j.Claims))
	if len(names) > maxClaims {
		t.DroppedClaims = len(names) - maxClaims
		names = names[:maxClaims]
	}
	if len(names) > 0 {
		t.Claims = make(Claims, len(names))
	}
	for _, name := range names {
		t.Claims[name] = j.Claims[name]
	}
	s.Token = t
}

// cut shortens the values that are too long. It is done when no secret is in them any more,
// or a part of one would be left.
func (t *Token) cut() {
	for name, value := range t.Claims {
		if text, ok := value.(string); ok {
			t.Claims[name] = clip(text)
			continue
		}
		if text := jsonText(value); len(text) > maxText {
			t.Claims[name] = clip(text)
		}
	}
}

// jsonText is a value as JSON, without HTML's escapes.
func jsonText(value any) string {
	var b bytes.Buffer
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	if err := e.Encode(value); err != nil {
		return fmt.Sprint(value) // not of a claim, which came as JSON
	}
	return string(bytes.TrimSpace(b.Bytes()))
}

func (t *Token) each(f func(string) string) {
	for _, text := range []*string{&t.Place, &t.Algorithm, &t.KeyID, &t.Type, &t.KeySet, &t.Key} {
		*text = f(*text)
	}
	for i := range t.Checks {
		c := &t.Checks[i]
		c.Name, c.Wanted, c.Found, c.Remark = f(c.Name), f(c.Wanted), f(c.Found), f(c.Remark)
	}
	if t.Claims == nil {
		return
	}
	claims := make(Claims, len(t.Claims))
	for name, value := range t.Claims {
		claims[f(name)] = eachText(value, f)
	}
	t.Claims = claims
}

// eachText is a value with each text in it replaced. What it is of is shared and stays.
func eachText(value any, f func(string) string) any {
	switch value := value.(type) {
	case string:
		return f(value)
	case json.Number:
		if text := f(string(value)); text != string(value) {
			return text
		}
	case []any:
		replaced := make([]any, len(value))
		for i := range value {
			replaced[i] = eachText(value[i], f)
		}
		return replaced
	case map[string]any:
		replaced := make(map[string]any, len(value))
		for name, member := range value {
			replaced[f(name)] = eachText(member, f)
		}
		return replaced
	}
	return value
}

// Claim is a claim as a person reads it.
type Claim struct {
	Name, Value string
	// Meaning says what a claim of this name is; "" of one that is not known.
	Meaning string
}

// Explained are the claims: those with a meaning in the order in which they are read best,
// the others after them by their names.
func (t *Token) Explained() []Claim {
	var known, others []Claim
	for _, m := range meanings {
		if value, there := t.Claims[m.name]; there {
			known = append(known, Claim{m.name, claimText(m.name, value), m.meaning})
		}
	}
	for _, name := range slices.Sorted(maps.Keys(t.Claims)) {
		if !slices.ContainsFunc(meanings, func(m meaning) bool { return m.name == name }) {
			others = append(others, Claim{name, claimText(name, t.Claims[name]), ""})
		}
	}
	return append(known, others...)
}

// claimText is a value as JSON, a text without its quotes, and what it says if it is a time.
func claimText(name string, value any) string {
	if text, ok := value.(string); ok {
		return text
	}
	text := jsonText(value)
	if number, ok := value.(json.Number); ok && slices.Contains(times, name) {
		if seconds, err := number.Int64(); err == nil && seconds >= 0 && seconds < 1<<38 {
			return text + ", " + time.Unix(seconds, 0).UTC().Format("2006-01-02 15:04:05 UTC")
		}
	}
	return text
}

// times are claims that are seconds since 1970.
var times = []string{"exp", "nbf", "iat", "auth_time"}

type meaning struct{ name, meaning string }

// meanings are those of RFC 7519 and of Entra ID's access tokens (learn.microsoft.com,
// identity-platform, access-token-claims-reference).
var meanings = []meaning{
	{"iss", "who issued the token"},
	{"aud", "for whom it is"},
	{"exp", "when it expires"},
	{"nbf", "from when on it is valid"},
	{"iat", "when it was issued"},
	{"auth_time", "when the user signed in"},
	{"tid", "the tenant"},
	{"azp", "the application that asked for it"},
	{"appid", "the application that asked for it"},
	{"azpacr", "how that application authenticated itself: 0 not at all, 1 by a secret, 2 by a certificate"},
	{"appidacr", "how that application authenticated itself: 0 not at all, 1 by a secret, 2 by a certificate"},
	{"scp", "what the user lets the application do"},
	{"roles", "the roles that were assigned to the application or the user"},
	{"wids", "the user's roles in the tenant"},
	{"groups", "the user's groups"},
	{"name", "the user's name"},
	{"preferred_username", "the name by which the user signed in"},
	{"upn", "the name by which the user signed in"},
	{"unique_name", "the name by which the user signed in"},
	{"email", "the user's address"},
	{"oid", "the user or application in the tenant"},
	{"sub", "the user or application, as this audience knows it"},
	{"idp", "who authenticated the user"},
	{"idtyp", "app: it is an application's own token"},
	{"amr", "how the user authenticated"},
	{"acr", "how well the user authenticated"},
	{"sid", "the session"},
	{"ver", "the version of the token's form"},
	{"jti", "the token's id"},
	{"uti", "the token's id"},
	{"aio", "of Entra ID's own use"},
	{"rh", "of Entra ID's own use"},
}

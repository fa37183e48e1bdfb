package expr

import (
	"encoding/base64"
	"encoding/json"
	"strconv"
	"strings"
	"time"

	"github.com/apimulator/apimulator/policy/exchange"
	"github.com/apimulator/apimulator/policy/expr/newtonsoft"
)

// Tokens and passwords as APIM's extension methods of string read them.

var _ = declare("interface Jwt", func() []memberDecl {
	return []memberDecl{
		property("string Id", func(t *exchange.JWT) any { return textOrNull(t.ID) }),
		property("string Algorithm", func(t *exchange.JWT) any { return textOrNull(t.Algorithm) }),
		property("string Issuer", func(t *exchange.JWT) any { return textOrNull(t.Issuer) }),
		property("string Subject", func(t *exchange.JWT) any { return textOrNull(t.Subject) }),
		property("string Type", func(t *exchange.JWT) any { return textOrNull(t.Type) }),
		property("IEnumerable<string> Audiences", func(t *exchange.JWT) any { return texts(t.Audiences) }),
		property("IReadOnlyDictionary<string, string[]> Claims", func(t *exchange.JWT) any { return &claimMapping{t} }),
		property("DateTime? ExpirationTime", func(t *exchange.JWT) any { return date(t.ExpirationTime) }),
		property("DateTime? NotBefore", func(t *exchange.JWT) any { return date(t.NotBefore) }),
		property("DateTime? IssuedAt", func(t *exchange.JWT) any { return date(t.IssuedAt) }),
	}
})

// claimMapping is a token's claims, in the order of the token.
type claimMapping struct{ t *exchange.JWT }

// DotnetType is part of Object.
func (*claimMapping) DotnetType() *Type { return dictionaryOf(arrayOf(basic.string, 1)) }

// Lookup is part of Mapping.
func (c *claimMapping) Lookup(_ *Machine, key any) (any, bool, error) {
	name, _ := key.(string)
	values, found := c.t.Claim(name)
	if !found {
		return nil, false, nil
	}
	return texts(values), true, nil
}

// Len is part of Mapping.
func (c *claimMapping) Len() int { return len(c.t.Claims) }

// Pair is part of Mapping.
func (c *claimMapping) Pair(i int) (any, any) { return c.t.Claims[i].Name, texts(c.t.Claims[i].Values) }

// Enumerate is part of Enumerable.
func (c *claimMapping) Enumerate(m *Machine) (Iterator, error) { return enumerateMapping(m, c) }

type basicCredentials struct{ user, password string }

var _ = declare("interface BasicAuthCredentials", func() []memberDecl {
	return []memberDecl{
		property("string UserId", func(c *basicCredentials) any { return c.user }),
		property("string Password", func(c *basicCredentials) any { return c.password }),
	}
})

// Authorization is what get-authorization-context leaves in a variable.
var _ = declare("interface Authorization", func() []memberDecl {
	return []memberDecl{
		property("string AccessToken", func(a *exchange.Authorization) any { return a.AccessToken }),
		property("IReadOnlyDictionary<string, object> Claims", func(a *exchange.Authorization) any {
			l := &listed{typ: dictionaryOf(basic.object)}
			for _, c := range a.Claims {
				l.names = append(l.names, c.Name)
				if len(c.Values) == 1 {
					l.values = append(l.values, c.Values[0])
				} else {
					l.values = append(l.values, texts(c.Values))
				}
			}
			return l
		}),
	}
})

var _ = declare("static class CredentialExtensions", func() []memberDecl {
	return []memberDecl{
		member("static Jwt AsJwt(this string value)", func(_ *Machine, a []any) (any, error) { return parseJWT(text(a[0])), nil }),
		member("static bool TryParseJwt(this string value, out Jwt result)", func(_ *Machine, a []any) (any, error) {
			return found(a[1], parseJWT(text(a[0])))
		}),
		member("static BasicAuthCredentials AsBasic(this string value)", func(_ *Machine, a []any) (any, error) { return parseBasic(text(a[0])), nil }),
		member("static bool TryParseBasic(this string value, out BasicAuthCredentials result)", func(_ *Machine, a []any) (any, error) {
			return found(a[1], parseBasic(text(a[0])))
		}),
	}
})

// found puts what was parsed into the out argument and tells whether it is
// something.
func found(result any, parsed any) (any, error) {
	result.(*Ref).Value = parsed
	return parsed != nil, nil
}

// parseBasic reads an Authorization value of the Basic scheme; nil if it is none.
func parseBasic(s string) any {
	const scheme = "Basic "
	if len(s) < len(scheme) || !strings.EqualFold(s[:len(scheme)], scheme) {
		return nil
	}
	data, err := base64.StdEncoding.DecodeString(strings.TrimSpace(s[len(scheme):]))
	if err != nil {
		return nil
	}
	user, password, ok := strings.Cut(string(data), ":")
	if !ok {
		return nil
	}
	return newEntity(&basicCredentials{user, password})
}

// ParseJWT is AsJwt: a token that is not checked; null if the text is none.
func ParseJWT(s string) any {
	table()
	return parseJWT(s)
}

// parseJWT reads a token without checking it; nil if it is none.
func parseJWT(s string) any {
	s = strings.TrimSpace(s)
	if len(s) > 7 && strings.EqualFold(s[:7], "Bearer ") {
		s = strings.TrimSpace(s[7:])
	}
	parts := strings.Split(s, ".")
	if len(parts) != 3 {
		return nil
	}
	header, claims := jwtPart(parts[0]), jwtPart(parts[1])
	if header == nil || claims == nil {
		return nil
	}
	t := &exchange.JWT{Algorithm: textOf(header.Get("alg")), Type: textOf(header.Get("typ"))}
	for _, c := range claims.Children() {
		p := c.(*newtonsoft.Property)
		t.Claims = append(t.Claims, exchange.Claim{Name: p.Name(), Values: claimValues(p.Value())})
	}
	first := func(name string) string {
		if values, ok := t.Claim(name); ok && len(values) > 0 {
			return values[0]
		}
		return ""
	}
	t.ID, t.Issuer, t.Subject = first("jti"), first("iss"), first("sub")
	t.Audiences, _ = t.Claim("aud")
	t.ExpirationTime, t.NotBefore, t.IssuedAt = claimDate(claims.Get("exp")), claimDate(claims.Get("nbf")), claimDate(claims.Get("iat"))
	return newEntity(t)
}

func jwtPart(s string) *newtonsoft.Object {
	data, err := base64.RawURLEncoding.DecodeString(strings.TrimRight(s, "="))
	if err != nil {
		return nil
	}
	o, err := newtonsoft.ParseObject(string(data), newtonsoft.ParseOptions{KeepDates: true})
	if err != nil {
		return nil
	}
	return o
}

// claimValues are a claim's texts: of a list each, of anything else its JSON.
func claimValues(t newtonsoft.Token) []string {
	a, ok := t.(*newtonsoft.Array)
	if !ok {
		return []string{claimText(t)}
	}
	values := make([]string, 0, len(a.Children()))
	for _, item := range a.Children() {
		values = append(values, claimText(item))
	}
	return values
}

func claimText(t newtonsoft.Token) string {
	if t.Type() == newtonsoft.StringType {
		return newtonsoft.Text(t)
	}
	return newtonsoft.Write(t, newtonsoft.Compact)
}

func textOf(t newtonsoft.Token) string {
	if t == nil {
		return ""
	}
	return newtonsoft.Text(t)
}

// claimDate is seconds since 1970, as a number or its text; nil if it is none.
func claimDate(t newtonsoft.Token) *time.Time {
	if t == nil {
		return nil
	}
	if _, err := strconv.ParseFloat(newtonsoft.Text(t), 64); err != nil {
		return nil
	}
	return exchange.NumericDate(json.Number(newtonsoft.Text(t)))
}

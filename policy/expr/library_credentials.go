package expr

import (
	"encoding/base64"
	"encoding/json"
	"strings"

	"github.com/apimulator/apimulator/policy/exchange"
	"github.com/apimulator/apimulator/policy/expr/dotnet"
	"github.com/apimulator/apimulator/policy/expr/newtonsoft"
)

// Tokens and passwords as APIM's extension methods of string read them.

var _ = declare("interface Jwt",
	property("string", "Id"), property("string", "Algorithm"), property("string", "Issuer"), property("string", "Subject"), property("string", "Type"),
	property("IEnumerable<string>", "Audiences"), property("IReadOnlyDictionary<string, string[]>", "Claims"),
	property("DateTime?", "ExpirationTime"), property("DateTime?", "NotBefore"), property("DateTime?", "IssuedAt"),
)

var _ = declare("interface BasicAuthCredentials", property("string", "UserId"), property("string", "Password"))

var _ = declare("static class CredentialExtensions",
	member("static Jwt AsJwt(this string value)", func(_ *Machine, a []any) (any, error) { return parseJWT(text(a[0])), nil }),
	member("static bool TryParseJwt(this string value, out Jwt result)", func(_ *Machine, a []any) (any, error) {
		return found(a[1], parseJWT(text(a[0])))
	}),
	member("static BasicAuthCredentials AsBasic(this string value)", func(_ *Machine, a []any) (any, error) { return parseBasic(text(a[0])), nil }),
	member("static bool TryParseBasic(this string value, out BasicAuthCredentials result)", func(_ *Machine, a []any) (any, error) {
		return found(a[1], parseBasic(text(a[0])))
	}),
)

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
	return &contextRecord{"BasicAuthCredentials", map[string]any{"UserId": user, "Password": password}}
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
	list := &listed{typ: dictionaryOf(arrayOf(basic.string, 1))}
	for _, t := range claims.Children() {
		p := t.(*newtonsoft.Property)
		list.names, list.values = append(list.names, p.Name()), append(list.values, claimValues(p.Value()))
	}
	first := func(name string) any {
		if v, ok, _ := list.Lookup(nil, name); ok && len(v.(*ArrayObject).elems) > 0 {
			return v.(*ArrayObject).elems[0]
		}
		return nil
	}
	audiences, ok, _ := list.Lookup(nil, "aud")
	if !ok {
		audiences = texts(nil)
	}
	return &contextRecord{"Jwt", map[string]any{
		"Id": first("jti"), "Issuer": first("iss"), "Subject": first("sub"), "Algorithm": stringOf(header.Get("alg")), "Type": stringOf(header.Get("typ")),
		"Audiences": audiences, "Claims": list,
		"ExpirationTime": numericDate(claims.Get("exp")), "NotBefore": numericDate(claims.Get("nbf")), "IssuedAt": numericDate(claims.Get("iat")),
	}}
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
func claimValues(t newtonsoft.Token) *ArrayObject {
	if a, ok := t.(*newtonsoft.Array); ok {
		var values []string
		for _, item := range a.Children() {
			values = append(values, claimText(item))
		}
		return texts(values)
	}
	return texts([]string{claimText(t)})
}

func claimText(t newtonsoft.Token) string {
	if t.Type() == newtonsoft.StringType {
		return newtonsoft.Text(t)
	}
	return newtonsoft.Write(t, newtonsoft.Compact)
}

func stringOf(t newtonsoft.Token) any {
	if t == nil {
		return nil
	}
	return newtonsoft.Text(t)
}

// numericDate is seconds since 1970 as a DateTime in UTC; null if it is none.
func numericDate(t newtonsoft.Token) any {
	if t == nil {
		return nil
	}
	seconds, err := json.Number(newtonsoft.Text(t)).Int64()
	if err != nil {
		return nil
	}
	const epoch = 621355968000000000
	d, err := dotnet.NewDateTime(epoch+seconds*dotnet.TicksPerSecond, dotnet.KindUtc)
	if err != nil {
		return nil
	}
	return d
}

// jwtRecord is a token that validate-jwt left in a variable.
func jwtRecord(t *exchange.JWT) any {
	list := &listed{typ: dictionaryOf(arrayOf(basic.string, 1))}
	for name, values := range t.Claims {
		list.names, list.values = append(list.names, name), append(list.values, texts(values))
	}
	return &contextRecord{"Jwt", map[string]any{
		"Id": textOrNull(t.ID), "Issuer": textOrNull(t.Issuer), "Subject": textOrNull(t.Subject), "Algorithm": textOrNull(t.Algorithm), "Type": textOrNull(t.Type),
		"Audiences": texts(t.Audiences), "Claims": list, "ExpirationTime": date(t.ExpirationTime), "NotBefore": date(t.NotBefore), "IssuedAt": nil,
	}}
}

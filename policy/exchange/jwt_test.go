package exchange

import (
	"encoding/json"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

func decode(t *testing.T, text string) map[string]any {
	t.Helper()
	d := json.NewDecoder(strings.NewReader(text))
	d.UseNumber()
	var v map[string]any
	if err := d.Decode(&v); err != nil {
		t.Fatal(err)
	}
	return v
}

func TestJWT(t *testing.T) {
	exp, nbf := time.Unix(1767323045, 0).UTC(), time.Unix(1767323044, 0).UTC()
	got := NewJWT(decode(t, `{"alg": "RS256", "typ": "JWT", "kid": "k"}`), decode(t, `{
		"iss": "i", "sub": "s", "jti": "j", "aud": ["a", "b"], "exp": 1767323045, "nbf": 1767323044.9,
		"n": 1.50, "big": 12345678901234567890, "yes": true, "nothing": null, "empty": "", "none": [],
		"roles": ["read", 2, {"b": 1, "a": "<&>"}], "object": {"x": [1, "ü"]}}`))
	want := &JWT{
		Algorithm: "RS256", Type: "JWT", ID: "j", Issuer: "i", Subject: "s", Audiences: []string{"a", "b"}, ExpirationTime: &exp, NotBefore: &nbf,
		Claims: []Claim{
			{"aud", []string{"a", "b"}}, {"big", []string{"12345678901234567890"}}, {"empty", []string{""}}, {"exp", []string{"1767323045"}}, {"iss", []string{"i"}},
			{"jti", []string{"j"}}, {"n", []string{"1.50"}}, {"nbf", []string{"1767323044.9"}}, {"none", []string{}}, {"nothing", []string{"null"}},
			{"object", []string{`{"x":[1,"ü"]}`}}, {"roles", []string{"read", "2", `{"a":"<&>","b":1}`}}, {"sub", []string{"s"}}, {"yes", []string{"true"}},
		},
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("(-want +got)\n%s", diff)
	}
}

func TestJWTWithoutMembers(t *testing.T) {
	got := NewJWT(map[string]any{"alg": 1}, map[string]any{"exp": "1", "nbf": true, "aud": "one"})
	want := &JWT{Audiences: []string{"one"}, Claims: []Claim{{"aud", []string{"one"}}, {"exp", []string{"1"}}, {"nbf", []string{"true"}}}}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("(-want +got)\n%s", diff)
	}
}

func TestNumericDate(t *testing.T) {
	first, last := time.Date(1, 1, 1, 0, 0, 0, 0, time.UTC), time.Date(9999, 12, 31, 23, 59, 59, 0, time.UTC)
	for _, c := range []struct {
		value any
		want  time.Time
	}{
		{json.Number("0"), time.Unix(0, 0).UTC()},
		{json.Number("1.9"), time.Unix(1, 0).UTC()},
		{json.Number("1e9"), time.Unix(1e9, 0).UTC()},
		{float64(1767323045), time.Unix(1767323045, 0).UTC()},
		{json.Number("1e300"), last},
		{json.Number("1e999"), last},
		{json.Number("99999999999999999999"), last},
		{json.Number("-1e999"), first},
	} {
		if got := NumericDate(c.value); got == nil || !got.Equal(c.want) {
			t.Errorf("%v: got %v, want %s", c.value, got, c.want)
		}
	}
	for _, value := range []any{nil, "1", true, []any{json.Number("1")}} {
		if got := NumericDate(value); got != nil {
			t.Errorf("%v: got %s", value, got)
		}
	}
}

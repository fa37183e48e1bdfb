package main

import (
	"slices"
	"strings"
	"testing"
)

func TestDecodeToken(t *testing.T) {
	for name, test := range map[string]struct{ raw, want string }{
		"not a JWT":         {"opaque-text", "not a JSON Web Token"},
		"encrypted":         {"a.b.c.d.e", "not a JSON Web Token"},
		"bad base64url":     {"!." + part("{}") + ".sig", "part 1 is not JSON in base64url"},
		"padded":            {part("{}") + ".e30=.sig", "part 2 is not JSON"},
		"not JSON":          {part("{}") + "." + part("hello") + ".sig", "part 2 is not JSON"},
		"claims of a list":  {part("{}") + "." + part("[]") + ".sig", "claims of wrong types"},
		"audience a number": {part("{}") + "." + part(`{"aud":1}`) + ".sig", "claims of wrong types"},
	} {
		if _, err := decodeToken(test.raw); err == nil || !strings.Contains(err.Error(), test.want) || strings.Contains(err.Error(), test.raw) {
			t.Errorf("%s: %q: got %v, want %q, without the token", name, test.raw, err, test.want)
		}
	}
	for claims, want := range map[string][]string{`{"aud":"a"}`: {"a"}, `{"aud":["a","b"]}`: {"a", "b"}, `{}`: nil} {
		got, err := decodeToken(part("{}") + "." + part(claims) + ".")
		if err != nil || !slices.Equal(got.claims.Audience, want) {
			t.Errorf("%s: got %q, %v, want %q", claims, got.claims.Audience, err, want)
		}
	}
}

func TestShowTokenKeepsItsOrderAndNumbers(t *testing.T) {
	var b strings.Builder
	err := showToken(&b, part(`{"typ":"JWT"}`)+"."+part(`{"z":9007199254740993,"a":1.0}`)+".sig")
	want := "{\n  \"header\": {\n    \"typ\": \"JWT\"\n  },\n  \"payload\": {\n    \"z\": 9007199254740993,\n    \"a\": 1.0\n  }\n}\n"
	if err != nil || b.String() != want {
		t.Errorf("got %v, %s want %s", err, b.String(), want)
	}
}

package jwtvalidate

import (
	"encoding/json"
	"strings"
	"testing"
)

func TestParseIsStrict(t *testing.T) {
	enc := func(s string) string { return b64([]byte(s)) }
	head, body := enc(`{"alg":"RS256"}`), enc(`{"sub":"me"}`)
	for _, c := range []struct {
		name, token string
		ok          bool
	}{
		{"minimal", head + "." + body + ".AA", true},
		{"without signature", head + "." + body + ".", true},
		{"empty objects but alg", head + "." + enc(`{}`) + ".AA", true},
		{"white space around the object", enc(" {\"alg\":\"RS256\"}\n") + "." + body + ".AA", true},
		{"non-ASCII", head + "." + enc(`{"name":"Jörg"}`) + ".AA", true},
		{"empty text", "", false},
		{"dots only", "..", false},
		{"no payload", head + "..AA", false},
		{"no header", "." + body + ".AA", false},
		{"two segments", head + "." + body, false},
		{"four segments", head + "." + body + ".AA.AA", false},
		{"six segments", "a.b.c.d.e.f", false},
		{"scheme", "Bearer " + head + "." + body + ".AA", false},
		{"blank at the end", head + "." + body + ".AA ", false},
		{"line break at the end", head + "." + body + ".AA\n", false},
		{"line break inside", head + "." + body[:4] + "\r\n" + body[4:] + ".AA", false},
		{"padded header", enc(`{"alg":"RS256"}`+" ") + "=." + body + ".AA", false},
		{"padded signature", head + "." + body + ".AA==", false},
		{"standard alphabet", head + "." + body + ".A+/A", false},
		{"spare bits are not zero", strings.TrimSuffix(enc(`{"alg":"RS256"} `), "A") + "B." + body + ".AA", false},
		{"length no Base64 has", head + "." + body + "AAAAA.AA", false},
		{"header is no JSON", enc(`alg`) + "." + body + ".AA", false},
		{"header is a list", enc(`[{"alg":"RS256"}]`) + "." + body + ".AA", false},
		{"header is null", enc(`null`) + "." + body + ".AA", false},
		{"payload is a string", head + "." + enc(`"x"`) + ".AA", false},
		{"payload is null", head + "." + enc(`null`) + ".AA", false},
		{"payload is cut off", head + "." + enc(`{"sub":"me"`) + ".AA", false},
		{"payload has a comma too many", head + "." + enc(`{"sub":"me",}`) + ".AA", false},
		{"payload has no colon", head + "." + enc(`{"sub" "me"}`) + ".AA", false},
		{"payload has a number as name", head + "." + enc(`{1:2}`) + ".AA", false},
		{"something follows the payload", head + "." + enc(`{"sub":"me"}{}`) + ".AA", false},
		{"NaN", head + "." + enc(`{"n":NaN}`) + ".AA", false},
		{"no UTF-8", head + "." + enc("{\"sub\":\"\xff\"}") + ".AA", false},
		{"UTF-16", head + "." + enc("{\x00}\x00") + ".AA", false},
		{"byte order mark", head + "." + enc("\ufeff{}") + ".AA", false},
		{"alg twice", enc(`{"alg":"none","alg":"RS256"}`) + "." + body + ".AA", false},
		{"alg twice, once escaped", enc(`{"alg":"none","\u0061lg":"RS256"}`) + "." + body + ".AA", false},
		{"aud twice", head + "." + enc(`{"aud":"a","aud":"b"}`) + ".AA", false},
		{"member twice, deeper down", head + "." + enc(`{"x":{"a":1,"a":2}}`) + ".AA", true},
		{"names differ by case", head + "." + enc(`{"aud":"a","AUD":"b"}`) + ".AA", true},
		{"no alg", enc(`{"typ":"JWT"}`) + "." + body + ".AA", false},
		{"empty alg", enc(`{"alg":""}`) + "." + body + ".AA", false},
		{"alg is a number", enc(`{"alg":256}`) + "." + body + ".AA", false},
		{"alg in capitals", enc(`{"ALG":"RS256"}`) + "." + body + ".AA", false},
		{"kid is a number", enc(`{"alg":"RS256","kid":1}`) + "." + body + ".AA", false},
		{"kid is null", enc(`{"alg":"RS256","kid":null}`) + "." + body + ".AA", false},
		{"crit", enc(`{"alg":"RS256","crit":["b64"],"b64":false}`) + "." + body + ".AA", false},
		{"too long", head + "." + body + "." + strings.Repeat("A", MaxTokenSize), false},
		{"deep", head + "." + enc(`{"a":`+strings.Repeat("[", 5000)+strings.Repeat("]", 5000)+`}`) + ".AA", true},
		{"deeper than the decoder goes", head + "." + enc(`{"a":`+strings.Repeat("[", 11000)) + ".AA", false},
	} {
		_, fault := parse(c.token)
		if (fault == nil) != c.ok {
			t.Errorf("%s: got %v, want accepted: %v", c.name, fault, c.ok)
		}
		if fault != nil && (fault.Reason != ReasonInvalid || fault.Hint() == "" || !strings.HasPrefix(fault.Message, "IDX1")) {
			t.Errorf("%s: got %+v", c.name, fault)
		}
	}
}

func TestInspect(t *testing.T) {
	header, claims, err := Inspect(newDraft(rsaKey(1)).set("n", json.Number("1.50")).sign(t))
	if err != nil || header["kid"] != "key-1" || claims["n"] != json.Number("1.50") {
		t.Errorf("got %v, %v, %v", header, claims, err)
	}
	_, _, err = Inspect("x.y")
	if e, ok := err.(*Error); !ok || e.Reason != ReasonInvalid {
		t.Errorf("got %v, want an *Error for a malformed token", err)
	}
	if _, _, err := Inspect(newDraft(rsaKey(1)).sign(t)); err != nil {
		t.Errorf("a good token: got the error %v", err)
	}
}

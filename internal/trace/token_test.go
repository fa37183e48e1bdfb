package trace_test

import (
	"encoding/json"
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/apimulator/apimulator/internal/trace"
	"github.com/apimulator/apimulator/policy/exchange"
)

// judged is the token of a record of one statement that judged it.
func judged(t *testing.T, secrets *trace.Secrets, j *exchange.Judgement) *trace.Token {
	t.Helper()
	recorder := &trace.Recorder{}
	r := start(recorder, "id")
	recorder.Start(r.Exchange, secrets)
	r.within(site("validate-jwt", 1), exchange.Continued, nil, func() { r.Observer.Judged(r.Exchange, j) })
	r.Note("outside", "a note")
	token := r.finish(trace.End{}).Steps[0].Token
	if token == nil {
		t.Fatal("the step has no token")
	}
	return token
}

// A claim that is a secret of the service is masked wherever it stands; what the token is
// shared with stays.
func TestTokenSecrets(t *testing.T) {
	secrets := trace.NewSecrets(map[string]string{`hid"den`: "{{a}}", "123456": "{{n}}"})
	claims := map[string]any{
		"text": `has hid"den in it`, "list": []any{"x", `hid"den`}, "object": map[string]any{"in": `hid"den`}, "number": json.Number("123456"), "true": true, "none": nil,
		"token": "eyJhbGciOiJSUzI1NiJ9.eyJhIjoiYiJ9.c2lnbmF0dXJl",
	}
	before := fmt.Sprint(claims)
	got := judged(t, secrets, &exchange.Judgement{
		Place: "header Authorization", KeyID: "k", Claims: claims,
		Checks: []exchange.TokenCheck{{Name: "claim text", Wanted: "x", Found: `hid"den`}},
	})
	want := &trace.Token{
		Place: "header Authorization", KeyID: "k", Checks: []trace.Check{{Name: "claim text", Wanted: "x", Found: "{{a}}"}},
		Claims: trace.Claims{"text": "has {{a}} in it", "list": []any{"x", "{{a}}"}, "object": map[string]any{"in": "{{a}}"}, "number": "{{n}}", "true": true, "none": nil, "token": "***"},
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("want (-), got (+)\n%s", diff)
	}
	if after := fmt.Sprint(claims); after != before {
		t.Errorf("the shared claims became %s", after)
	}
}

// A record's size is bounded, whatever the token holds. The check that refused it is kept.
func TestTokenBounds(t *testing.T) {
	claims := map[string]any{"a-long": strings.Repeat("ä", 4000), "a-list": []any{strings.Repeat("x", 5000)}}
	for i := range 100 {
		claims[fmt.Sprintf("b-%03d", i)] = json.Number(fmt.Sprint(i))
	}
	checks := make([]exchange.TokenCheck, 300)
	checks[299].Name = "the last"
	got := judged(t, nil, &exchange.Judgement{Claims: claims, Checks: checks})
	if len(got.Claims) != 64 || got.DroppedClaims != 38 || len(got.Checks) != 100 || got.Checks[99].Name != "the last" {
		t.Errorf("%d claims, %d dropped, %d checks", len(got.Claims), got.DroppedClaims, len(got.Checks))
	}
	for _, name := range []string{"a-long", "a-list"} {
		text, ok := got.Claims[name].(string)
		if !ok || len(text) > 4096+len("…") || !strings.HasSuffix(text, "…") {
			t.Errorf("%s has %d bytes", name, len(text))
		}
	}
}

func TestExplained(t *testing.T) {
	token := trace.Token{Claims: trace.Claims{"zeta": true, "exp": json.Number("1767330000"), "aud": "api", "alpha": []any{"a"}, "iat": json.Number("99999999999999999999")}}
	want := []trace.Claim{
		{"aud", "api", "for whom it is"}, {"exp", "1767330000, 2026-01-02 05:00:00 UTC", "when it expires"}, {"iat", "99999999999999999999", "when it was issued"},
		{"alpha", `["a"]`, ""}, {"zeta", "true", ""},
	}
	if diff := cmp.Diff(want, token.Explained()); diff != "" {
		t.Errorf("want (-), got (+)\n%s", diff)
	}
}

package jwtvalidate

import (
	"context"
	"fmt"
	"net/http"
	"testing"
	"time"

	"github.com/apimulator/apimulator/policy/exchange"
)

// benchToken is about as long as a token of Entra ID.
func benchToken(b *testing.B, serial int) string {
	return newDraft(rsaKey(1)).
		set("oid", "aaaaaaaa-0000-0000-0000-000000000001").
		set("tid", tenant).
		set("rh", "0.AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA").
		set("aio", "k2RgYAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA==").
		set("name", "A. Developer").
		set("exp", time.Now().Add(24*time.Hour).Unix()).
		set("jti", fmt.Sprint(serial)).
		sign(b)
}

func benchRules() *Rules {
	rules := newRules()
	rules.RequiredClaims = []RequiredClaim{{Name: "roles", Values: []string{"write"}, Match: MatchAny}}
	return rules
}

func benchValidator(b *testing.B, cacheSize int) *Validator {
	v := New(Config{Client: &http.Client{Transport: newIssuer(rsaKey(1))}, Clock: exchange.System, CacheSize: cacheSize})
	b.Cleanup(v.Close)
	return v
}

func BenchmarkHit(b *testing.B) {
	for _, n := range []int{1, 1000} {
		b.Run(fmt.Sprintf("among %d", n), func(b *testing.B) {
			v, rules := benchValidator(b, 0), benchRules()
			tokens := make([]string, n)
			for i := range tokens {
				tokens[i] = benchToken(b, i)
				mustAccept(b, v, tokens[i], rules)
			}
			ctx := context.Background()
			b.ReportAllocs()
			b.ResetTimer()
			for i := range b.N {
				if _, err := v.Validate(ctx, tokens[i%n], rules); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}

func BenchmarkHitOnAllCores(b *testing.B) {
	v, rules := benchValidator(b, 0), benchRules()
	token := benchToken(b, 0)
	mustAccept(b, v, token, rules)
	b.ReportAllocs()
	b.ResetTimer()
	b.RunParallel(func(pb *testing.PB) {
		for pb.Next() {
			if _, err := v.Validate(context.Background(), token, rules); err != nil {
				b.Error(err)
			}
		}
	})
}

func BenchmarkMiss(b *testing.B) {
	v, rules := benchValidator(b, -1), benchRules()
	token := benchToken(b, 0)
	b.ReportAllocs()
	for b.Loop() {
		if _, err := v.Validate(context.Background(), token, rules); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkRefused(b *testing.B) {
	other := benchRules()
	other.Audiences = []string{"other"}
	expired := newDraft(rsaKey(1)).sign(b)
	for _, c := range []struct {
		name, token string
		rules       *Rules
	}{
		{"signature", withSignatureOf(benchToken(b, 1), benchToken(b, 0)), benchRules()},
		{"audience", benchToken(b, 0), other},
		{"expired", expired, benchRules()},
		{"unknown kid", forge(b, "x"), benchRules()},
		{"malformed", "x.y.z", benchRules()},
	} {
		b.Run(c.name, func(b *testing.B) {
			v := benchValidator(b, 0)
			b.ReportAllocs()
			for b.Loop() {
				if _, err := v.Validate(context.Background(), c.token, c.rules); err == nil {
					b.Fatal("accepted")
				}
			}
		})
	}
}

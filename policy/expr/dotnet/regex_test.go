package dotnet

import (
	"strings"
	"testing"
	"time"
)

func mustRegex(t testing.TB, pattern string, options RegexOptions, limit TimeSpan) *Regex {
	t.Helper()
	r, err := NewRegex(pattern, options, limit)
	if err != nil {
		t.Fatal(err)
	}
	return r
}

// A search that would not end ends after the limit, whether the engine's clock runs
// already or not.
func TestRegexTimeout(t *testing.T) {
	in := NewRegexInput(strings.Repeat("a", 40) + "!")
	for _, limit := range []TimeSpan{50 * TicksPerMillisecond, 50 * TicksPerMillisecond, InfiniteMatchTimeout} {
		r := mustRegex(t, "^(a+)+$", 0, limit)
		begin := time.Now()
		_, err := r.IsMatch(in, 0)
		e, ok := err.(*Exception)
		if !ok || e.Type != "System.Text.RegularExpressions.RegexMatchTimeoutException" {
			t.Fatalf("limit %d: got %v, want a RegexMatchTimeoutException", limit, err)
		}
		if d := time.Since(begin); d < r.limit() || d > r.limit()+2*time.Second {
			t.Errorf("limit %v: it took %v", r.limit(), d)
		}
	}
}

// The cache of compiled patterns does not grow without bound, and keeps what is
// used.
func TestRegexCache(t *testing.T) {
	var c regexCache
	kept, err := c.get("kept", 0)
	if err != nil {
		t.Fatal(err)
	}
	for i := range 10 * cachedRegexes {
		if _, err := c.get("x"+ToString(int32(i)), 0); err != nil {
			t.Fatal(err)
		}
		if p, _ := c.get("kept", 0); p != kept {
			t.Fatalf("after %d others it was compiled again", i)
		}
	}
	if n := len(c.young) + len(c.old); n > 2*cachedRegexes {
		t.Errorf("the cache has %d patterns, want at most %d", n, 2*cachedRegexes)
	}
}

// One pattern serves several goroutines.
func TestRegexParallel(t *testing.T) {
	r := mustRegex(t, `(?<k>\w+)=(?<v>\d+)`, 0, InfiniteMatchTimeout)
	done := make(chan string)
	for range 8 {
		go func() {
			in, all := NewRegexInput("a=1;bc=22"), ""
			r.each(in, -1, 0, func(m *RegexMatch) error {
				all += m.Value(1) + m.Value(2)
				return nil
			})
			done <- all
		}()
	}
	for range 8 {
		if got := <-done; got != "a1bc22" {
			t.Errorf("got %q", got)
		}
	}
}

func FuzzRegex(f *testing.F) {
	for _, pattern := range []string{`a|b`, `[a-z-[aeiou]]+`, `(?<x>a)\k<x>`, `(?(1)a|b)`, `\p{IsGreek}`, `(?<!a)b{2,3}?`, `[\W\P{Lu}]`, `(?i)İ`, `\G(a)*`} {
		f.Add(pattern, "abba ÄΩ\U0001F600", int32(0))
	}
	f.Fuzz(func(t *testing.T, pattern, text string, options int32) {
		if len(pattern) > 200 || len(text) > 200 {
			return
		}
		r, err := NewRegex(pattern, RegexOptions(options&regexAllOptions), 20*TicksPerMillisecond)
		if err != nil {
			return
		}
		in := NewRegexInput(text)
		n := 0
		r.each(in, 50, r.Start(in.Len()), func(m *RegexMatch) error {
			if n++; m.Index() < 0 || m.Index()+m.Length() > in.Len() {
				t.Fatalf("%q in %q: a match at %d of length %d", pattern, text, m.Index(), m.Length())
			}
			return nil
		})
		replacement, err := r.NewReplacement(pattern)
		if err != nil {
			return
		}
		r.Replace(in, 20, r.Start(in.Len()), func(m *RegexMatch) (string, error) { return replacement.Of(m), nil })
		r.Split(in, 20, r.Start(in.Len()), func(*RegexMatch) error { return nil })
	})
}

func BenchmarkRegexIsMatch(b *testing.B) {
	r := mustRegex(b, `^/api/v\d+/(?<id>[^/]+)$`, 0, InfiniteMatchTimeout)
	b.ReportAllocs()
	for b.Loop() {
		if ok, _ := r.IsMatch(NewRegexInput("/api/v12/orders-2024"), 0); !ok {
			b.Fatal("no match")
		}
	}
}

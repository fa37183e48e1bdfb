package store

import (
	"context"
	"fmt"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/apimulator/apimulator/policy"
)

var _ policy.Cache = (*Cache)(nil)

func get(t *testing.T, c policy.Cache, key string, now time.Time) string {
	t.Helper()
	value, ok, err := c.Get(context.Background(), key, now)
	if err != nil {
		t.Fatal(err)
	}
	if !ok {
		return "-"
	}
	return string(value)
}

func set(t *testing.T, c policy.Cache, key, value string, life time.Duration) {
	t.Helper()
	if err := c.Set(context.Background(), key, []byte(value), noon, noon.Add(life)); err != nil {
		t.Fatal(err)
	}
}

func TestCacheExpires(t *testing.T) {
	c := NewCache(1 << 20)
	set(t, c, "a", "1", time.Minute)
	for _, test := range []struct {
		after time.Duration
		want  string
	}{{0, "1"}, {time.Minute - 1, "1"}, {time.Minute, "-"}} {
		if got := get(t, c, "a", noon.Add(test.after)); got != test.want {
			t.Errorf("after %s: %s, want %s", test.after, got, test.want)
		}
	}
	if c.shard("a").size != 0 {
		t.Error("what has expired is still counted")
	}
	set(t, c, "b", "1", time.Minute)
	set(t, c, "b", "2", 0)
	if got := get(t, c, "b", noon); got != "-" {
		t.Errorf("kept for no time at all: %s", got)
	}
}

func TestCacheSnapshotAndReset(t *testing.T) {
	c := NewCache(1 << 20)
	set(t, c, "b", "22", time.Hour)
	set(t, c, "a", "1", time.Minute)
	if got, want := fmt.Sprint(c.Snapshot(noon)), fmt.Sprint([]Entry{{"a", 1, noon, noon.Add(time.Minute)}, {"b", 2, noon, noon.Add(time.Hour)}}); got != want {
		t.Errorf("got %s, want %s", got, want)
	}
	if got := len(c.Snapshot(noon.Add(2 * time.Minute))); got != 1 {
		t.Errorf("%d entries after one has expired", got)
	}
	if err := c.Remove(context.Background(), "b"); err != nil || get(t, c, "b", noon) != "-" {
		t.Error("b is still there")
	}
	c.Reset()
	if got := c.Snapshot(noon); got != nil {
		t.Errorf("after Reset: %v", got)
	}
}

// The cache keeps what was used last within its bound.
func TestCacheBound(t *testing.T) {
	const size = 64 << 10
	c := NewCache(size)
	if err := c.Set(context.Background(), "large", make([]byte, size/cacheParts), noon, noon.Add(time.Hour)); err == nil {
		t.Error("an entry that is too large was taken")
	}
	set(t, c, "used", "1", time.Hour)
	for i := range 5000 {
		set(t, c, fmt.Sprint(i), strings.Repeat("x", i%100), time.Hour)
		if get(t, c, "used", noon) != "1" {
			t.Fatalf("what is used is gone after %d entries", i)
		}
	}
	var total int64
	for i := range c.shards {
		s := &c.shards[i]
		var sum int64
		for at := s.recent.Front(); at != nil; at = at.Next() {
			sum += at.Value.(*cacheEntry).cost()
		}
		if sum != s.size || len(s.entries) != s.recent.Len() {
			t.Errorf("a part has %d bytes in %d entries, but counts %d in %d", sum, s.recent.Len(), s.size, len(s.entries))
		}
		total += sum
	}
	if total > size || total < size/2 {
		t.Errorf("it keeps %d bytes of %d", total, size)
	}
}

func TestCacheAtOnce(t *testing.T) {
	c := NewCache(32 << 10)
	var all sync.WaitGroup
	for g := range 16 {
		all.Go(func() {
			for i := range 500 {
				key := fmt.Sprint((g*i)%40, "key")
				value, ok, _ := c.Get(context.Background(), key, noon)
				if ok && string(value) != key {
					t.Errorf("under %s is %s", key, value)
				}
				_ = c.Set(context.Background(), key, []byte(key), noon, noon.Add(time.Duration(i)))
				if i%7 == 0 {
					_ = c.Remove(context.Background(), key)
				}
			}
		})
	}
	all.Wait()
}

func BenchmarkCacheGet(b *testing.B) {
	c := NewCache(DefaultCacheSize)
	_ = c.Set(context.Background(), "value:key", []byte("value"), noon, noon.Add(time.Hour))
	b.ReportAllocs()
	b.RunParallel(func(p *testing.PB) {
		for p.Next() {
			_, _, _ = c.Get(context.Background(), "value:key", noon)
		}
	})
}

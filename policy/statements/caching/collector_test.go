package caching

import (
	"context"
	"errors"
	"testing"
	"time"

	"github.com/apimulator/apimulator/policy"
	"github.com/apimulator/apimulator/policy/exchange"
)

// memory is a cache of one moment.
type memory map[string][]byte

func (m memory) Get(_ context.Context, key string, _ time.Time) ([]byte, bool, error) {
	value, ok := m[key]
	return value, ok, nil
}

func (m memory) Set(_ context.Context, key string, value []byte, _, _ time.Time) error {
	m[key] = value
	return nil
}

func (m memory) Remove(_ context.Context, key string) error {
	delete(m, key)
	return nil
}

// A response that breaks off, and one that is too large, are not kept.
func TestCollector(t *testing.T) {
	for name, test := range map[string]struct {
		pieces []int
		err    error
		kept   bool
	}{
		"whole": {[]int{5, 5}, nil, true}, "empty": {nil, nil, true}, "broken off": {[]int{5}, errors.New("gone"), false},
		"too large": {[]int{policy.MaxCached, 1}, nil, false}, "just fits no more with its head": {[]int{policy.MaxCached}, nil, false},
	} {
		cache := memory{}
		x := &exchange.Exchange{Context: context.Background(), Clock: exchange.System}
		r := &policy.Run{Exchange: x, Env: &policy.Env{Cache: cache}}
		response := &exchange.Response{Status: 200}
		c := &collector{run: r, lookup: &lookup{key: "k"}, head: headOf(response, x.Clock.Now(), time.Hour), life: time.Hour}
		for _, n := range test.pieces {
			c.Write(make([]byte, n))
		}
		c.End(test.err)
		if _, kept := cache["k"]; kept != test.kept {
			t.Errorf("%s: kept is %v", name, kept)
		}
	}
}

package caching

import (
	"time"

	"github.com/apimulator/apimulator/policy"
	"github.com/apimulator/apimulator/policy/exchange"
	"github.com/apimulator/apimulator/policy/statements/part"
)

// CacheStore defines <cache-store>.
func CacheStore() *policy.Definition {
	return &policy.Definition{
		Element: policy.Element{
			Name: "cache-store",
			Doc:  "Keeps the response for cache-lookup.",
			Attributes: []policy.Attribute{
				duration(),
				{Name: "cache-response", Doc: "Keep it whatever its status; without, only a 200.", Type: policy.Bool, Default: "false", Expression: true},
			},
		},
		Category: "caching",
		Facts:    cacheStoreFacts,
		Sections: []exchange.Section{exchange.Outbound},
		Once:     true,
		Keeps:    "cache-lookup",
		Compile: func(n *policy.Node) (policy.Step, error) {
			return &cacheStore{duration: n.Duration("duration"), anyStatus: n.Bool("cache-response"), explicit: n.Has("cache-response")}, nil
		},
	}
}

type cacheStore struct {
	duration  policy.Operand[time.Duration]
	anyStatus policy.Operand[bool]
	explicit  bool // cache-response is written
}

// Run has the response kept under the key of the lookup before it. It is not held up:
// its bytes are collected as they go to the client.
func (s *cacheStore) Run(r *policy.Run) error {
	l := policy.Keep[handedLookup](r).lookup
	if l == nil {
		r.Note("cache-store", "No <cache-lookup> has looked for this response, so it is not kept.")
		return nil
	}
	life, err := s.duration.Get(r)
	if err != nil {
		return err
	}
	kept, err := s.keeps(r)
	if err != nil || !kept || life <= 0 {
		return err
	}
	// What is kept has not been told to caches downstream yet: each hit is told anew.
	part.CollectResponse(r, "cache-store", life, func(data []byte, left time.Duration) { _ = l.set(r, l.key, data, left) })
	if !r.Response.Body.Consumed() {
		l.apply(r.Response, life)
	}
	return nil
}

// keeps reports whether the response is one to keep. An explicit cache-response="false"
// is like none; strictly it says never, as it is commonly read (policies-2.yaml).
func (s *cacheStore) keeps(r *policy.Run) (bool, error) {
	anyStatus, err := s.anyStatus.Get(r)
	if err != nil || anyStatus {
		return anyStatus, err
	}
	if r.Env.Strict && s.explicit || r.Response.Status != 200 {
		r.Note("cache-store", "The response is not kept: its status is not 200, or cache-response is false.")
		return false, nil
	}
	return true, nil
}

package caching

import (
	"fmt"
	"strings"

	"github.com/apimulator/apimulator/policy"
	"github.com/apimulator/apimulator/policy/exchange"
	"github.com/apimulator/apimulator/policy/statements/part"
)

// CacheLookup defines <cache-lookup>.
func CacheLookup() *policy.Definition {
	truth := func(name, def, doc string) policy.Attribute {
		return policy.Attribute{Name: name, Doc: doc, Type: policy.Bool, Default: def, Expression: true}
	}
	developer := truth("vary-by-developer", "false", "Keep responses apart by the subscription's user.")
	groups := truth("vary-by-developer-groups", "false", "Keep responses apart by the user's groups.")
	developer.Required, groups.Required = true, true
	return &policy.Definition{
		Element: policy.Element{
			Name: "cache-lookup",
			Doc:  "Answers a GET request with the response that cache-store has kept, if there is one.",
			Attributes: []policy.Attribute{
				developer,
				groups,
				cachingType(),
				{Name: "downstream-caching-type", Doc: "What caches between gateway and client may keep.", Type: policy.Enum,
					Values: []string{"none", "private", "public"}, Default: "none", Expression: true},
				truth("must-revalidate", "true", "Caches between gateway and client have to ask again once the response is old."),
				truth("allow-private-response-caching", "false", "Answer requests with Authorization too."),
			},
			OrderOpen: true,
			Children: []policy.Child{
				{Element: policy.Element{Name: "vary-by-header", Doc: "A header by which responses are kept apart.", Text: policy.TrimmedText, TextOpen: true}},
				{Element: policy.Element{Name: "vary-by-query-parameter", Doc: "Query parameters by which responses are kept apart, parted by semicolons.", Text: policy.TrimmedText, TextOpen: true}},
			},
		},
		Category: "caching",
		Facts:    cacheLookupFacts,
		Sections: policy.InboundOnly,
		Once:     true,
		Compile: func(n *policy.Node) (policy.Step, error) {
			return &cacheLookup{
				cacheUse: cacheOf(n), keyMaker: newKeyMaker(n), private: n.Bool("allow-private-response-caching"),
				downstream: n.String("downstream-caching-type"), revalidate: n.Bool("must-revalidate"),
			}, nil
		},
	}
}

type cacheLookup struct {
	cacheUse
	keyMaker
	private    policy.Operand[bool]
	downstream policy.Operand[string]
	revalidate policy.Operand[bool]
}

// lookup is what cache-store needs of the lookup before it: it has no key and no
// caching-type of its own.
type lookup struct {
	cacheUse
	key string
	downstream
}

// handedLookup is what a lookup hands on to the statement that stores.
type handedLookup struct{ *lookup }

// Run answers with what is kept for such a request, or hands on what cache-store needs.
func (s *cacheLookup) Run(r *policy.Run) error {
	if passed, err := s.passesBy(r); passed || err != nil {
		return err
	}
	key, err := s.key(r)
	if err != nil {
		return err
	}
	found := &lookup{cacheUse: s.cacheUse, key: policy.CachedResponse + key}
	if found.kind, err = s.downstream.Get(r); err != nil {
		return err
	}
	if found.revalidate, err = s.revalidate.Get(r); err != nil {
		return err
	}
	noCache, noStore := refusals(&r.Request.Header)
	if !noCache && !noStore {
		response, err := found.response(r)
		if err != nil {
			return err
		}
		r.LookedUp(s.statement, response != nil)
		if response != nil {
			if r.Observed() {
				r.Note(s.statement, "Cache lookup resulted in a hit: the cached response is used. Key: "+key)
			}
			return r.Found(response, s.statement)
		}
	}
	if !noStore {
		policy.Keep[handedLookup](r).lookup = found
	}
	s.miss(r, key)
	return nil
}

// passesBy reports whether the statement has nothing to do with the request.
func (s *cacheLookup) passesBy(r *policy.Run) (bool, error) {
	if r.Request.Method != "GET" {
		r.Note(s.statement, "The method is not GET: nothing is looked up.")
		return true, nil
	}
	if !r.Request.Header.Has("Authorization") {
		return false, nil
	}
	private, err := s.private.Get(r)
	if err == nil && !private {
		r.Note(s.statement, "The request has an Authorization header, and allow-private-response-caching is false: nothing is looked up.")
	}
	return !private, err
}

// refusals are what the client says of caches. That no-cache and no-store lead to a miss
// is weakly known (policies-2.yaml); that the response of a no-store is not kept is
// chosen, after RFC 9111.
func refusals(h *exchange.Header) (noCache, noStore bool) {
	for _, line := range h.Values("Cache-Control") {
		for directive := range strings.SplitSeq(line, ",") {
			switch strings.ToLower(strings.TrimSpace(directive)) {
			case "no-cache":
				noCache = true
			case "no-store":
				noStore = true
			}
		}
	}
	return noCache, noStore
}

// response is the one that is kept; nil: there is none.
func (l *lookup) response(r *policy.Run) (*exchange.Response, error) {
	data, ok, err := l.get(r, l.key)
	if err != nil || !ok {
		return nil, err
	}
	s, ok := part.ReadStored(data)
	if !ok {
		r.Note(l.statement, "warning: what the cache has under this key is no response, which counts as a miss")
		return nil, nil
	}
	response := s.Response()
	l.apply(response, s.Life-r.Clock.Now().Sub(s.At))
	return response, nil
}

// cacheHeaders make a backend answer with less than the whole response. That they are
// removed on a miss is recorded (observed.md 6.1d); which ones, of Cache-Control alone.
var cacheHeaders = []string{"Cache-Control", "Pragma", "If-Match", "If-None-Match", "If-Modified-Since", "If-Unmodified-Since", "If-Range"}

func (s *cacheLookup) miss(r *policy.Run, key string) {
	var removed []string
	for _, name := range cacheHeaders {
		if value, ok := r.Request.Header.Joined(name, ","); ok {
			removed = append(removed, name+": "+value)
			r.Request.Header.Del(name)
		}
	}
	if r.Observed() {
		r.Note(s.statement, fmt.Sprintf("Cache lookup resulted in a miss. Cache headers listed below were removed from the request to prompt the backend service to send back a complete response. Key: %s %q", key, removed))
	}
}

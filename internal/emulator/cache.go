package emulator

import (
	"github.com/apimulator/apimulator/internal/service"
	"github.com/apimulator/apimulator/internal/store"
	"github.com/apimulator/apimulator/policy"
)

// externalCache is the cache that the service names; nil if it names none.
func (e *Emulator) externalCache(c *service.ExternalCache) policy.Cache {
	switch {
	case c == nil:
		return nil
	case c.Emulated:
		return store.NewCache(store.DefaultCacheSize)
	}
	r := store.NewRedis(store.RedisOptions(c.RedisConnection))
	e.atEnd(r.Close)
	return r
}

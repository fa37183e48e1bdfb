package store

import (
	"context"
	"crypto/tls"
	"encoding/binary"
	"errors"
	"time"

	"github.com/redis/go-redis/v9"
)

// Redis is a cache on a Redis server: what an instance of API Management calls its
// external cache. Several gateways may share one.
type Redis struct{ client *redis.Client }

// RedisOptions say where the server is.
type RedisOptions struct {
	Address        string // host:port
	User, Password string
	TLS            bool
	Database       int
	// ConnectTimeout and Timeout bound connecting and each command; 0: 1 second.
	ConnectTimeout, Timeout time.Duration
}

// redisPrefix begins all keys, so that the server may keep other things too. Chosen: no
// source has Azure's keys.
const redisPrefix = "apimulator:"

// slow is how long a request waits for the server if nobody says otherwise.
const slow = time.Second

// NewRedis makes a cache, and connects when it is first used.
func NewRedis(o RedisOptions) *Redis {
	options := &redis.Options{
		Addr: o.Address, Username: o.User, Password: o.Password, DB: o.Database,
		DialTimeout: orSlow(o.ConnectTimeout), ReadTimeout: orSlow(o.Timeout), WriteTimeout: orSlow(o.Timeout),
		ContextTimeoutEnabled: true, MaxRetries: -1, DisableIdentity: true,
	}
	if o.TLS {
		options.TLSConfig = &tls.Config{MinVersion: tls.VersionTLS12}
	}
	return &Redis{redis.NewClient(options)}
}

func orSlow(d time.Duration) time.Duration {
	if d == 0 {
		return slow
	}
	return d
}

// An entry on the server begins with when it expires by the gateway's clock, which can be
// moved; the server drops it by its own.
const expirySize = 8

// Get is part of policy.Cache.
func (c *Redis) Get(ctx context.Context, key string, now time.Time) ([]byte, bool, error) {
	entry, err := c.client.Get(ctx, redisPrefix+key).Bytes()
	switch {
	case errors.Is(err, redis.Nil):
		return nil, false, nil
	case err != nil:
		return nil, false, unreachable(err)
	case len(entry) < expirySize || now.UnixNano() >= int64(binary.BigEndian.Uint64(entry)):
		return nil, false, nil
	}
	return entry[expirySize:], true, nil
}

// Set is part of policy.Cache.
func (c *Redis) Set(ctx context.Context, key string, value []byte, now, expires time.Time) error {
	life := expires.Sub(now)
	if life <= 0 {
		return c.Remove(ctx, key)
	}
	entry := binary.BigEndian.AppendUint64(make([]byte, 0, expirySize+len(value)), uint64(expires.UnixNano()))
	return unreachable(c.client.Set(ctx, redisPrefix+key, append(entry, value...), life).Err())
}

// Remove is part of policy.Cache.
func (c *Redis) Remove(ctx context.Context, key string) error {
	return unreachable(c.client.Del(ctx, redisPrefix+key).Err())
}

// Close ends the connections.
func (c *Redis) Close() { _ = c.client.Close() }

// unreachable is an error as it may be told: a server's answer could repeat what it was
// sent, a credential too.
func unreachable(err error) error {
	var refused redis.Error
	if errors.As(err, &refused) {
		return errors.New("Redis refuses the command: see user, password and rights")
	}
	return err
}

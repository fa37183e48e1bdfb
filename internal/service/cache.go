package service

import (
	"fmt"
	"net"
	"strconv"
	"strings"
	"time"

	"github.com/apimulator/apimulator/internal/yamlfile"
)

// ExternalCache is the cache that a service names beside the built-in one.
type ExternalCache struct {
	// Emulated keeps it in memory; the rest is then empty.
	Emulated bool
	RedisConnection
}

// RedisConnection is where a Redis server is, and how to get in.
type RedisConnection struct {
	Address        string // host:port
	User, Password string
	TLS            bool
	Database       int
	// ConnectTimeout and Timeout bound connecting and each command; 0 leaves that to
	// the client.
	ConnectTimeout, Timeout time.Duration
}

type cacheConfig struct {
	yamlfile.Place
	Emulated         bool        `yaml:"emulated"`
	ConnectionString *namedValue `yaml:"connectionString"`
}

// externalCache reads the external cache; nil if the service has none.
func (l *loader) externalCache(c *cacheConfig) *ExternalCache {
	switch {
	case c == nil:
		return nil
	case c.Emulated == (c.ConnectionString != nil):
		l.fail(c.Place, "cache needs either emulated: true or the connectionString of a Redis server")
		return nil
	case c.Emulated:
		return &ExternalCache{Emulated: true}
	}
	text, ok := l.value("connectionString", *c.ConnectionString)
	if !ok {
		return nil
	}
	connection, err := ParseRedisConnection(text)
	if err != nil {
		l.fail(c.ConnectionString.Place, "connectionString: %s", err)
		return nil
	}
	return &ExternalCache{RedisConnection: *connection}
}

// Default ports of Redis, without and with TLS, the latter as Azure has it.
const (
	redisPort    = "6379"
	redisTLSPort = "6380"
)

// ParseRedisConnection reads a connection string as Azure's portal gives it and the cache
// entity of API Management takes it, which is StackExchange.Redis's form:
//
//	contoso.redis.cache.windows.net:6380,password=KEY,ssl=True,abortConnect=False
//
// An error does not hold the password.
func ParseRedisConnection(text string) (*RedisConnection, error) {
	c := &RedisConnection{}
	address := ""
	for part := range strings.SplitSeq(text, ",") {
		part = strings.TrimSpace(part)
		name, value, option := strings.Cut(part, "=")
		switch {
		case part == "":
		case option:
			if err := c.option(strings.ToLower(strings.TrimSpace(name)), strings.TrimSpace(value)); err != nil {
				return nil, err
			}
		case address != "":
			return nil, fmt.Errorf("it names two servers, %s and %s; one is used", address, part)
		default:
			address = part
		}
	}
	host, port, err := net.SplitHostPort(address)
	if err != nil {
		host, port = address, redisPort
		if c.TLS {
			port = redisTLSPort
		}
	}
	if n, err := strconv.ParseUint(port, 10, 16); err != nil || n == 0 || host == "" || strings.ContainsAny(host, " /@") {
		return nil, fmt.Errorf("it names no server: it begins with host:port, such as contoso.redis.cache.windows.net:%s", redisTLSPort)
	}
	c.Address = net.JoinHostPort(strings.Trim(host, "[]"), port)
	return c, nil
}

// option reads one of the options that follow the address.
func (c *RedisConnection) option(name, value string) error {
	var err error
	switch name {
	case "password":
		c.Password = value
	case "user":
		c.User = value
	case "ssl":
		c.TLS, err = strconv.ParseBool(strings.ToLower(value))
	case "defaultdatabase":
		var n uint64
		n, err = strconv.ParseUint(value, 10, 16)
		c.Database = int(n)
	case "connecttimeout":
		c.ConnectTimeout, err = milliseconds(value)
	case "synctimeout":
		c.Timeout, err = milliseconds(value)
	case "abortconnect":
		// Whether a start fails without the server: here none does.
		_, err = strconv.ParseBool(strings.ToLower(value))
	default:
		return fmt.Errorf("the option %s is not known; password, user, ssl, defaultDatabase, connectTimeout, syncTimeout and abortConnect are", name)
	}
	if err != nil {
		return fmt.Errorf("the option %s has a value of the wrong kind", name)
	}
	return nil
}

func milliseconds(value string) (time.Duration, error) {
	n, err := strconv.ParseUint(value, 10, 31)
	return time.Duration(n) * time.Millisecond, err
}

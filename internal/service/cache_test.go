package service

import (
	"strings"
	"testing"
	"time"
)

func TestParseRedisConnection(t *testing.T) {
	for text, want := range map[string]RedisConnection{
		"localhost":         {Address: "localhost:6379"},
		"localhost:7000":    {Address: "localhost:7000"},
		"cache,ssl=true":    {Address: "cache:6380", TLS: true},
		"[::1]:6379,user=a": {Address: "[::1]:6379", User: "a"},
		"contoso.redis.cache.windows.net:6380,password=a=b==,ssl=True,abortConnect=False": {Address: "contoso.redis.cache.windows.net:6380", Password: "a=b==", TLS: true},
		"c:1, defaultDatabase=3 ,connectTimeout=2000,syncTimeout=500":                     {Address: "c:1", Database: 3, ConnectTimeout: 2 * time.Second, Timeout: 500 * time.Millisecond},
	} {
		if got, err := ParseRedisConnection(text); err != nil || *got != want {
			t.Errorf("%s: got %+v, %v; want %+v", text, got, err, want)
		}
	}
	for text, want := range map[string]string{
		"": "no server", ",password=secret": "no server", "a:1,b:2": "two servers", "a:0": "no server", "redis://a:1": "no server",
		"a:1,ssl=maybe": "the option ssl", "a:1,color=red": "the option color", "a:1,syncTimeout=-1": "the option synctimeout",
	} {
		got, err := ParseRedisConnection(text)
		if err == nil || !strings.Contains(err.Error(), want) || strings.Contains(err.Error(), "secret") {
			t.Errorf("%s: got %+v, %v; want an error with %q", text, got, err, want)
		}
	}
}

func FuzzParseRedisConnection(f *testing.F) {
	for _, text := range []string{"localhost:6379", "a:1,password=b=,ssl=True,abortConnect=False", "[::1]:6379,user=a,defaultDatabase=3", "a,,syncTimeout=1"} {
		f.Add(text)
	}
	f.Fuzz(func(t *testing.T, text string) {
		c, err := ParseRedisConnection(text)
		if err == nil && (c.Address == "" || strings.ContainsAny(c.Address, ",=") && !strings.Contains(text, c.Address)) {
			t.Errorf("%q: %+v", text, c)
		}
	})
}

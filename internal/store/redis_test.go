package store

import (
	"context"
	"net"
	"os/exec"
	"strings"
	"testing"
	"time"

	"github.com/alicebob/miniredis/v2"

	"github.com/apimulator/apimulator/policy"
)

var _ policy.Cache = (*Redis)(nil)

// tryCache is what every cache does.
func tryCache(t *testing.T, c policy.Cache) {
	t.Helper()
	if got := get(t, c, "a", noon); got != "-" {
		t.Errorf("before anything was kept: %s", got)
	}
	set(t, c, "a", "1", time.Minute)
	set(t, c, "b", "with\x00bytes\xff", time.Minute)
	for _, test := range []struct {
		key   string
		after time.Duration
		want  string
	}{{"a", 0, "1"}, {"b", 0, "with\x00bytes\xff"}, {"a", time.Minute - 1, "1"}, {"b", time.Minute, "-"}} {
		if got := get(t, c, test.key, noon.Add(test.after)); got != test.want {
			t.Errorf("%s after %s: %q, want %q", test.key, test.after, got, test.want)
		}
	}
	set(t, c, "a", "2", time.Minute)
	if got := get(t, c, "a", noon); got != "2" {
		t.Errorf("replaced: %s", got)
	}
	if err := c.Remove(context.Background(), "a"); err != nil || get(t, c, "a", noon) != "-" {
		t.Errorf("removed: %v", err)
	}
	set(t, c, "b", "3", 0)
	if got := get(t, c, "b", noon); got != "-" {
		t.Errorf("kept for no time: %s", got)
	}
}

func TestCaches(t *testing.T) { tryCache(t, NewCache(1<<20)) }

func TestRedis(t *testing.T) {
	server := miniredis.RunT(t)
	server.RequireUserAuth("gateway", "not-a-secret")
	c := NewRedis(RedisOptions{Address: server.Addr(), User: "gateway", Password: "not-a-secret", Database: 2})
	defer c.Close()
	tryCache(t, c)
	set(t, c, "c", "1", time.Minute)
	server.Select(2)
	if keys := server.Keys(); len(keys) != 1 || keys[0] != redisPrefix+"c" || server.TTL(keys[0]) != time.Minute {
		t.Errorf("the server has %v", keys)
	}
	if err := server.Set(redisPrefix+"d", "short"); err != nil {
		t.Fatal(err)
	}
	if got := get(t, c, "d", noon); got != "-" {
		t.Errorf("what others have written: %q", got)
	}
	wrong := NewRedis(RedisOptions{Address: server.Addr(), User: "gateway", Password: "wrong-password"})
	defer wrong.Close()
	if _, _, err := wrong.Get(context.Background(), "c", noon); err == nil || strings.Contains(err.Error(), "wrong-password") {
		t.Errorf("with a wrong password: %v", err)
	}
	server.Close()
	if _, _, err := c.Get(context.Background(), "c", noon); err == nil {
		t.Error("a server that is gone gave no error")
	}
}

// The same against Debian's server, where that is installed.
func TestRealRedis(t *testing.T) {
	program, err := exec.LookPath("redis-server")
	if err != nil {
		t.Skip("redis-server is not installed")
	}
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	_, port, _ := net.SplitHostPort(l.Addr().String())
	l.Close()
	ctx, cancel := context.WithCancel(context.Background())
	server := exec.CommandContext(ctx, program, "--bind", "127.0.0.1", "--port", port, "--save", "", "--requirepass", "not-a-secret", "--dir", t.TempDir())
	out, err := server.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := server.Start(); err != nil {
		t.Fatal(err)
	}
	defer func() { cancel(); _ = server.Wait() }()
	ready := make([]byte, 0, 64<<10)
	for !strings.Contains(string(ready), "Ready to accept connections") {
		n, err := out.Read(ready[len(ready):cap(ready)])
		if ready = ready[:len(ready)+n]; err != nil {
			t.Fatalf("the server did not start: %v\n%s", err, ready)
		}
	}
	go func() {
		for _, err := out.Read(ready[:1]); err == nil; _, err = out.Read(ready[:1]) {
		}
	}()
	c := NewRedis(RedisOptions{Address: "127.0.0.1:" + port, Password: "not-a-secret"})
	defer c.Close()
	tryCache(t, c)
}

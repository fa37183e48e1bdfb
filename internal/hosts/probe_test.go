package hosts

import (
	"crypto/tls"
	"errors"
	"io"
	"net"
	"testing"
	"time"

	"github.com/apimulator/apimulator/policy/exchange"
)

func TestProbe(t *testing.T) {
	tests := []struct {
		name string
		do   func(server *net.TCPConn) error
		want error
	}{
		{"healthy", func(*net.TCPConn) error { return nil }, nil},
		{"closed by the server", func(server *net.TCPConn) error { return server.Close() }, errClosedByPeer},
		{"half-closed by the server", func(server *net.TCPConn) error { return server.CloseWrite() }, errClosedByPeer},
		{"bytes waiting", func(server *net.TCPConn) error { _, err := server.Write([]byte("HTTP/1.1 408")); return err }, errStrayBytes},
		{"bytes and the end waiting", func(server *net.TCPConn) error {
			_, err := server.Write([]byte("HTTP/1.1 408"))
			return errors.Join(err, server.Close())
		}, errStrayBytes},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			client, server := connPair()
			defer client.Close()
			defer server.Close()
			if err := Probe(client); err != nil {
				t.Fatalf("of a new connection: got %v, want nil", err)
			}
			if err := test.do(server.(*net.TCPConn)); err != nil {
				t.Fatal(err)
			}
			if test.want != nil {
				eventually(t, "Probe sees it", func() bool { return Probe(client) != nil })
			}
			for range 2 { // the first must have taken nothing
				if err := Probe(client); !errors.Is(err, test.want) {
					t.Errorf("got %v, want %v", err, test.want)
				}
			}
		})
	}
}

func TestProbeReset(t *testing.T) {
	client, server := connPair()
	defer client.Close()
	if err := server.(*net.TCPConn).SetLinger(0); err != nil {
		t.Fatal(err)
	}
	server.Close()
	eventually(t, "Probe sees the reset", func() bool { return Probe(client) != nil })
}

func TestProbeLeavesTheConnectionAlone(t *testing.T) {
	client, server := connPair()
	defer client.Close()
	defer server.Close()
	if err := client.SetReadDeadline(start); err != nil { // long past
		t.Fatal(err)
	}
	if err := Probe(client); err != nil {
		t.Errorf("after a read deadline that has passed: got %v, want nil", err)
	}
	if err := client.SetReadDeadline(time.Time{}); err != nil {
		t.Fatal(err)
	}
	read := make(chan string)
	go func() {
		b := make([]byte, 2)
		io.ReadFull(client, b)
		read <- string(b)
	}()
	if err := Probe(client); err != nil {
		t.Errorf("beside a reader: got %v, want nil", err)
	}
	if _, err := server.Write([]byte("ok")); err != nil {
		t.Fatal(err)
	}
	if got := <-read; got != "ok" {
		t.Errorf("the reader got %q, want %q", got, "ok")
	}
}

func TestProbeTLS(t *testing.T) {
	a := newAuthority(t, "", nil, exchange.System)
	connect := func(t *testing.T) (client, server *tls.Conn) {
		c, s := connPair()
		client = tls.Client(c, &tls.Config{RootCAs: a.Pool(), ServerName: "localhost"})
		server = tls.Server(s, a.TLSConfig())
		t.Cleanup(func() { client.Close(); server.Close() })
		go server.Write([]byte("answer"))
		if _, err := io.ReadFull(client, make([]byte, len("answer"))); err != nil {
			t.Fatal(err)
		}
		return client, server
	}
	t.Run("healthy", func(t *testing.T) {
		client, _ := connect(t)
		if err := Probe(client); err != nil {
			t.Errorf("got %v, want nil", err)
		}
	})
	t.Run("close notification", func(t *testing.T) {
		client, server := connect(t)
		if err := server.CloseWrite(); err != nil {
			t.Fatal(err)
		}
		eventually(t, "Probe sees the notification", func() bool { return errors.Is(Probe(client), errStrayBytes) })
	})
	t.Run("closed without one", func(t *testing.T) {
		client, server := connect(t)
		server.NetConn().Close()
		eventually(t, "Probe sees the end", func() bool { return errors.Is(Probe(client), errClosedByPeer) })
	})
}

func TestProbeOfWhatIsNoSocket(t *testing.T) {
	client, server := net.Pipe()
	defer client.Close()
	defer server.Close()
	if err := Probe(client); err == nil {
		t.Error("a pipe is called usable, though nothing can be known of it")
	}
	client, server = connPair()
	server.Close()
	client.Close()
	if err := Probe(client); !errors.Is(err, net.ErrClosed) {
		t.Errorf("of a connection closed here: got %v, want %v", err, net.ErrClosed)
	}
}

func BenchmarkProbe(b *testing.B) {
	client, server := connPair()
	defer client.Close()
	defer server.Close()
	b.ReportAllocs()
	for b.Loop() {
		if err := Probe(client); err != nil {
			b.Fatal(err)
		}
	}
}

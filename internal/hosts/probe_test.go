package hosts

import (
	"bytes"
	"crypto/tls"
	"errors"
	"io"
	"net"
	"testing"
	"time"

	"github.com/apimulator/apimulator/policy/exchange"
)

// probe probes a connection once.
func probe(conn net.Conn) error {
	p, err := NewProber(conn)
	if err != nil {
		return err
	}
	return p.Probe()
}

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
			if err := probe(client); err != nil {
				t.Fatalf("of a new connection: got %v, want nil", err)
			}
			if err := test.do(server.(*net.TCPConn)); err != nil {
				t.Fatal(err)
			}
			if test.want != nil {
				eventually(t, "Probe sees it", func() bool { return probe(client) != nil })
			}
			for range 2 { // the first must have taken nothing
				if err := probe(client); !errors.Is(err, test.want) {
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
	eventually(t, "Probe sees the reset", func() bool { return probe(client) != nil })
}

func TestProbeLeavesTheConnectionAlone(t *testing.T) {
	client, server := connPair()
	defer client.Close()
	defer server.Close()
	if err := client.SetReadDeadline(start); err != nil { // long past
		t.Fatal(err)
	}
	if err := probe(client); err != nil {
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
	if err := probe(client); err != nil {
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
		if err := probe(client); err != nil {
			t.Errorf("got %v, want nil", err)
		}
	})
	t.Run("close notification", func(t *testing.T) {
		client, server := connect(t)
		if err := server.CloseWrite(); err != nil {
			t.Fatal(err)
		}
		eventually(t, "Probe sees the notification", func() bool { return errors.Is(probe(client), errStrayBytes) })
	})
	t.Run("closed without one", func(t *testing.T) {
		client, server := connect(t)
		server.NetConn().Close()
		eventually(t, "Probe sees the end", func() bool { return errors.Is(probe(client), errClosedByPeer) })
	})
}

func TestProbeOfWhatIsNoSocket(t *testing.T) {
	client, server := net.Pipe()
	defer client.Close()
	defer server.Close()
	if err := probe(client); err == nil {
		t.Error("a pipe is called usable, though nothing can be known of it")
	}
	client, server = connPair()
	server.Close()
	client.Close()
	if err := probe(client); !errors.Is(err, net.ErrClosed) {
		t.Errorf("of a connection closed here: got %v, want %v", err, net.ErrClosed)
	}
}

func TestAsk(t *testing.T) {
	large := bytes.Repeat([]byte("0123456789abcdef"), 1<<20) // more than a socket takes at once
	for _, request := range [][]byte{[]byte("GET"), large} {
		client, server := connPair()
		defer client.Close()
		go func() {
			defer server.Close()
			got := make([]byte, len(request))
			for range 3 {
				if _, err := io.ReadFull(server, got); err != nil || !bytes.Equal(got, request) {
					t.Errorf("the other side got another request, or %v", err)
					return
				}
				server.Write([]byte("ok"))
			}
		}()
		p, err := NewProber(client)
		if err != nil {
			t.Fatal(err)
		}
		for range 3 {
			if n, err := p.Ask(request); n != len(request) || err != nil {
				t.Fatalf("of %d bytes %d were written: %v", len(request), n, err)
			}
			answer := make([]byte, 2)
			if _, err := io.ReadFull(client, answer); err != nil || string(answer) != "ok" {
				t.Fatalf("the answer is %q, %v", answer, err)
			}
		}
		if _, err := client.Read(make([]byte, 1)); err != io.EOF {
			t.Fatalf("got %v, want the end", err)
		}
		if n, err := p.Ask(request); n != 0 || !errors.Is(err, errClosedByPeer) {
			t.Errorf("after the end: %d bytes, %v; want none, %v", n, err, errClosedByPeer)
		}
	}
}

// TestAskStray: nothing is sent where bytes wait that nobody asked for.
func TestAskStray(t *testing.T) {
	client, server := connPair()
	defer server.Close()
	defer client.Close()
	p, err := NewProber(client)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := server.Write([]byte("HTTP/1.1 408")); err != nil {
		t.Fatal(err)
	}
	eventually(t, "the bytes are here", func() bool { return p.Probe() != nil })
	if n, err := p.Ask([]byte("GET")); n != 0 || !errors.Is(err, errStrayBytes) {
		t.Errorf("got %d, %v; want 0, %v", n, err, errStrayBytes)
	}
}

// TestAskClosed: a connection that is closed here meanwhile ends the wait, and takes no
// request afterwards.
func TestAskClosed(t *testing.T) {
	client, server := connPair()
	defer server.Close()
	p, err := NewProber(client)
	if err != nil {
		t.Fatal(err)
	}
	go func() {
		io.ReadFull(server, make([]byte, 3))
		client.Close()
	}()
	if n, err := p.Ask([]byte("GET")); n != 3 || err != nil {
		t.Errorf("got %d, %v; want 3, nil", n, err)
	}
	if _, err := client.Read(make([]byte, 1)); !errors.Is(err, net.ErrClosed) {
		t.Errorf("reading the answer gives %v, want %v", err, net.ErrClosed)
	}
	if n, err := p.Ask([]byte("GET")); n != 0 || !errors.Is(err, net.ErrClosed) {
		t.Errorf("afterwards: got %d, %v; want 0, %v", n, err, net.ErrClosed)
	}
}

// TestAskOften: no answer is slept through, however soon it comes, or in how many pieces.
func TestAskOften(t *testing.T) {
	client, server := connPair()
	defer client.Close()
	go func() {
		defer server.Close()
		for b := make([]byte, 1); ; {
			if _, err := io.ReadFull(server, b); err != nil {
				return
			}
			for range b[0]%3 + 1 {
				server.Write(b)
			}
		}
	}()
	p, err := NewProber(client)
	if err != nil {
		t.Fatal(err)
	}
	for i := range 30_000 {
		if _, err := p.Ask([]byte{byte(i)}); err != nil {
			t.Fatal(err)
		}
		if _, err := io.ReadFull(client, make([]byte, byte(i)%3+1)); err != nil {
			t.Fatal(err)
		}
	}
}

func TestAskTLS(t *testing.T) {
	a := newAuthority(t, "", nil, exchange.System)
	c, s := connPair()
	client := tls.Client(c, &tls.Config{RootCAs: a.Pool(), ServerName: "localhost"})
	server := tls.Server(s, a.TLSConfig())
	defer client.Close()
	defer server.Close()
	go io.Copy(server, server)
	p, err := NewProber(client)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := client.Write([]byte("first")); err != nil {
		t.Fatal(err)
	}
	if _, err := io.ReadFull(client, make([]byte, 5)); err != nil {
		t.Fatal(err)
	}
	answer := make([]byte, 3)
	if n, err := p.Ask([]byte("GET")); n != 3 || err != nil {
		t.Fatalf("got %d, %v; want 3, nil", n, err)
	}
	if _, err := io.ReadFull(client, answer); err != nil || string(answer) != "GET" {
		t.Errorf("the answer is %q, %v", answer, err)
	}
}

func BenchmarkAsk(b *testing.B) {
	client, server := connPair()
	defer client.Close()
	go func() {
		defer server.Close()
		io.Copy(server, server)
	}()
	p, err := NewProber(client)
	if err != nil {
		b.Fatal(err)
	}
	request, answer := []byte("GET"), make([]byte, 3)
	b.ReportAllocs()
	for b.Loop() {
		if _, err := p.Ask(request); err != nil {
			b.Fatal(err)
		}
		if _, err := io.ReadFull(client, answer); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkProbe(b *testing.B) {
	client, server := connPair()
	defer client.Close()
	defer server.Close()
	b.ReportAllocs()
	for b.Loop() {
		if err := probe(client); err != nil {
			b.Fatal(err)
		}
	}
}

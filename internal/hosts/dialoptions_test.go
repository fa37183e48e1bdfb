package hosts

import (
	"context"
	"crypto/tls"
	"errors"
	"testing"

	"github.com/apimulator/apimulator/policy/exchange"
)

// What of a server's certificate is not to be checked is not, and the rest is.
func TestDialOptions(t *testing.T) {
	trusted := newAuthority(t, t.TempDir(), []string{"a.example"}, exchange.System)
	other := newAuthority(t, t.TempDir(), []string{"a.example"}, exchange.System)
	for _, test := range []struct {
		name      string
		authority *Authority
		host      string
		o         DialOptions
		ok        bool
	}{
		{"all right", trusted, "a.example", DialOptions{}, true},
		{"another name", trusted, "b.example", DialOptions{}, false},
		{"another name, any", trusted, "b.example", DialOptions{AnyName: true}, true},
		{"another name, any chain", trusted, "b.example", DialOptions{AnyChain: true}, false},
		{"another chain", other, "a.example", DialOptions{}, false},
		{"another chain, any", other, "a.example", DialOptions{AnyChain: true}, true},
		{"another chain, any name", other, "a.example", DialOptions{AnyName: true}, false},
		{"both other, both any", other, "b.example", DialOptions{AnyChain: true, AnyName: true}, true},
		{"protocols", trusted, "a.example", DialOptions{Protocols: []string{"h2", "http/1.1"}}, true},
	} {
		t.Run(test.name, func(t *testing.T) {
			config := test.authority.TLSConfig()
			config.NextProtos = []string{"h2", "http/1.1"}
			l := listen(t)
			go func() {
				for {
					conn, err := l.Accept()
					if err != nil {
						return
					}
					tls.Server(conn, config).Handshake()
				}
			}()
			var m Map
			var err error
			for _, host := range []string{"a.example", "b.example"} {
				if m, err = m.AddAddress(host, l.Addr().String()); err != nil {
					t.Fatal(err)
				}
			}
			n := NewNetwork(NetworkConfig{Map: m, Authority: trusted})
			conn, err := n.DialWith(context.Background(), "https", test.host, 443, test.o)
			var dial *DialError
			switch {
			case test.ok && err != nil:
				t.Fatal(err)
			case !test.ok && (!errors.As(err, &dial) || dial.Kind != TLSUntrusted):
				t.Errorf("got %v, %v", conn, err)
			}
			if conn != nil {
				defer conn.Close()
				want := "http/1.1"
				if test.o.Protocols != nil {
					want = "h2"
				}
				if got := conn.(*tls.Conn).ConnectionState().NegotiatedProtocol; got != want {
					t.Errorf("%q is spoken, want %q", got, want)
				}
			}
		})
	}
}

package judge

import (
	"io"
	"net"
	"strings"
	"sync"
	"testing"
)

// TestRowsOfRelay: an edge that does nothing but pass on bytes holds what needs no edge,
// and fails where one is needed, with an error that says why.
func TestRowsOfRelay(t *testing.T) {
	rows, err := Rows("../testdata/wire")
	if err != nil {
		t.Fatal(err)
	}
	want := map[string]string{
		"length":                                     "the Host lines are",
		"te-blank-before-colon":                      `line 9, C<status: the backend got "POST /a`,
		"chunk-size-with-prefix":                     "should be cut off",
		"length-twice-differing":                     "C<status: the backend got",
		"pipelined-behind-close":                     "the Host lines are",
		"half-closed-in-the-head":                    `the backend got "GET /a`,
		"vanished-while-the-backend-works":           "the Host lines are",
		"response-of-interim-ones-without-end":       "the Host lines are",
		"reuse-after-the-gateways-refusal":           "the backend got",
		"expect-something-else":                      "the backend got",
		"host-twice":                                 "the backend got",
		"length-of-64-bits-overflown-to-5":           "the backend got",
		"backend-connection-not-used-behind-surplus": "the Host lines are",
	}
	for _, row := range rows {
		text, asked := want[row.Name]
		if !asked {
			continue
		}
		delete(want, row.Name)
		t.Run(row.Name, func(t *testing.T) {
			if err := row.run(t, relay); err == nil || !strings.Contains(err.Error(), text) {
				t.Errorf("a relay is judged with %v; want an error with %q", err, text)
			}
		})
	}
	for name := range want {
		t.Errorf("there is no row %s", name)
	}
}

// relay passes on bytes, each connection to one of its own.
func relay(t testing.TB, backend *net.TCPAddr) Edge {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	var group sync.WaitGroup
	group.Go(func() {
		for {
			client, err := l.Accept()
			if err != nil {
				return
			}
			server, err := net.Dial("tcp", backend.String())
			if err != nil {
				client.Close()
				continue
			}
			pass := func(to, from net.Conn) {
				defer to.Close()
				io.Copy(to, from)
			}
			group.Go(func() { pass(server, client) })
			group.Go(func() { pass(client, server) })
		}
	})
	return Edge{Addr: l.Addr(), Close: func() {
		l.Close()
		group.Wait()
	}}
}

func TestParseErrors(t *testing.T) {
	const source = "# RFC 9112 1\n"
	for text, want := range map[string]string{
		"C> GET / HTTP/1.1\nrefused 400\n": "not with a comment that names RFC",
		source + "C> GET / HTTP/1.1\n":     "without a verdict",
		source + "refused\n":               "says nothing that the judge knows",
		source + "answered\n":              "says nothing that the judge knows",
		source + "D> x\nC: open\n":         "says nothing that the judge knows",
		source + "C> a\\qb\nC: open\n":     `\q is no escape`,
		source + "C> \\{a*b}\nC: open\n":   "is not of the form",
		source + "C> a\\+\nC: open\n":      "not for what is sent",
	} {
		if _, err := parse(text); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%q: got %v; want an error with %q", text, err, want)
		}
	}
}

func TestUnescape(t *testing.T) {
	for line, want := range map[string]string{
		``:                "\r\n",
		`a`:               "a\r\n",
		`a\`:              "a",
		`a\\`:             "a\\\r\n",
		`a\n\`:            "a\n",
		`\x00\t\r`:        "\x00\t\r\r\n",
		`\{ab\r\n*2}c\`:   "ab\r\nab\r\nc",
		`\{0;x*3}\{-*2}\`: "0;x0;x0;x--",
		`a\+`:             "a",
		`\!`:              "",
	} {
		if got, _, err := unescape(line); err != nil || string(got) != want {
			t.Errorf("%s: got %q, %v; want %q", line, got, err, want)
		}
	}
}

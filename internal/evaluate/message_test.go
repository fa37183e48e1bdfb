package evaluate

import (
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/apimulator/apimulator/policy/exchange"
)

// shown is a message in a form to compare.
func shown(first string, h *exchange.Header, b *exchange.Body) string {
	var s strings.Builder
	s.WriteString(first + "\n")
	for name, value := range h.All() {
		fmt.Fprintf(&s, "%s=%s\n", name, value)
	}
	if b.Exists() {
		data, _ := b.InMemory()
		fmt.Fprintf(&s, "%q", data)
	}
	return s.String()
}

func TestReadRequest(t *testing.T) {
	for _, c := range []struct{ file, want string }{
		{"GET http://a.example/b?c=d", "GET http://a.example/b?c=d\nHost=a.example\n"},
		{"http://a.example", "GET http://a.example/\nHost=a.example\n"},
		{"PATCH https://a.example:8443/ HTTP/1.1\nX: 1\n\n", "PATCH https://a.example:8443/\nHost=a.example:8443\nX=1\n"},
		{"GET /b HTTP/1.1\r\nHost: a.example\r\nX: 1\r\nx:2\r\n\r\nbody\r\n", "GET https://a.example/b\nHost=a.example\nX=1\nx=2\n\"body\""},
		{"GET http://a.example/\nHost: other.example\n", "GET http://a.example/\nHost=other.example\n"},
		{"\ufeff\n\n# one\n// two\n### three\n\nGET http://a.example/\n# four\nX: 1\n\n# five\n\nsix\n\n\n", "GET http://a.example/\nHost=a.example\nX=1\n\"# five\\n\\nsix\""},
		{"GET http://a.example/\n\nbody\n###\nGET http://b.example/\n", "GET http://a.example/\nHost=a.example\n\"body\""},
		{"GET http://a.example/\n### next\nGET http://b.example/\n", "GET http://a.example/\nHost=a.example\n"},
		{"GET http://a.example/\n    ?b=1\n    &c=2\nX: 1", "GET http://a.example/?b=1&c=2\nHost=a.example\nX=1\n"},
		{"@host = a.example\n@base=http://{{host}}\nGET {{base}}/{{ host }}\nX: {{other}}\n\n{{host}}", "GET http://a.example/a.example\nHost=a.example\nX={{other}}\n\"a.example\""},
		{"GET /a%2Fb//c Q HTTP/2\nHost: a.example\n", "GET https://a.example/a%2Fb//c%20Q\nHost=a.example\n"},
	} {
		r, err := ReadRequest("f", []byte(c.file))
		if err != nil {
			t.Errorf("%q: %v", c.file, err)
			continue
		}
		if got := shown(r.Method+" "+r.URL.String(), &r.Header, &r.Body); got != c.want {
			t.Errorf("%q\n%s", c.file, cmp.Diff(c.want, got))
		}
		if r.OriginalURL != r.URL || r.ClientIP == "" {
			t.Errorf("%q: OriginalURL %v, ClientIP %q", c.file, r.OriginalURL, r.ClientIP)
		}
	}
}

func TestReadRequestRefuses(t *testing.T) {
	for file, want := range map[string]string{
		"":                              "f: there is no request or response in this file",
		"# only\n":                      "f: there is no request or response in this file",
		"\nGET /b\n":                    "f:2: the address is a path alone: write https://HOST before it, or a Host: line under it",
		"GET ftp://a.example/":          `f:1: "ftp://a.example/" is not an absolute http or https URL`,
		"GET http://a.example/\nX 1\n":  `f:2: "X 1" is no header line: it is Name: value, and an empty line ends them`,
		"GET http://a.example/\n: 1\n":  `f:2: ": 1" is no header line: it is Name: value, and an empty line ends them`,
		"GET http://a.example/\n a: 1":  `f:2: "a: 1" is no header line: it is Name: value, and an empty line ends them`,
		"GET {{base}}/x\nHost: a":       `f:1: "{{base}}/x" is not an absolute http or https URL`,
		"GET http://a.example/#b\nX: 1": `f:1: "http://a.example/#b" holds a fragment, which is never sent`,
	} {
		if r, err := ReadRequest("f", []byte(file)); err == nil || err.Error() != want {
			t.Errorf("%q gives %v, %v; want %s", file, r, err, want)
		}
	}
}

func TestReadResponse(t *testing.T) {
	for _, c := range []struct{ file, want string }{
		{"HTTP/1.1 200 OK\n", "200 OK\n"},
		{"HTTP/2 204\nX: 1\n\n", "204 \nX=1\n"},
		{"404 Not  Found\r\n\r\n### a title\r\n\r\ntext\r\n", "404 Not Found\n\"### a title\\r\\n\\r\\ntext\""},
	} {
		r, err := ReadResponse("f", []byte(c.file))
		if err != nil {
			t.Errorf("%q: %v", c.file, err)
			continue
		}
		if got := shown(fmt.Sprint(r.Status, " ", r.Reason), &r.Header, &r.Body); got != c.want {
			t.Errorf("%q\n%s", c.file, cmp.Diff(c.want, got))
		}
	}
	for _, file := range []string{"", "GET http://a/\n", "HTTP/1.1\n", "HTTP/1.1 OK 200\n", "99 Low\n"} {
		if r, err := ReadResponse("f", []byte(file)); err == nil {
			t.Errorf("%q gives %v", file, r)
		}
	}
}

func FuzzMessage(f *testing.F) {
	f.Add("@a = b\nGET http://{{a}}/\n ?c=d\nX: 1\n\nbody\n###\n")
	f.Add("HTTP/1.1 200 OK\r\nX: 1\r\n\r\nbody")
	f.Fuzz(func(t *testing.T, file string) {
		if r, err := ReadRequest("f", []byte(file)); err == nil && (r.Method == "" || r.URL.Host == "") {
			t.Errorf("%q gives %+v", file, r)
		}
		if r, err := ReadResponse("f", []byte(file)); err == nil && r.Status == 0 {
			t.Errorf("%q gives %+v", file, r)
		}
	})
}

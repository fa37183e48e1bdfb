package exchange

import (
	"strings"
	"testing"
)

func TestParseURL(t *testing.T) {
	for _, c := range []struct {
		text    string
		want    URL
		written string // "" where it is text
	}{
		{"http://a", URL{"http", "a", 80, "", ""}, "http://a/"},
		{"https://a/", URL{"https", "a", 443, "/", ""}, ""},
		{"HTTPS://A.Example/", URL{"https", "A.Example", 443, "/", ""}, "https://A.Example/"},
		{"https://a:443/b", URL{"https", "a", 443, "/b", ""}, "https://a/b"},
		{"http://a:443/b", URL{"http", "a", 443, "/b", ""}, ""},
		{"https://[::1]:8443/", URL{"https", "::1", 8443, "/", ""}, ""},
		{"https://[::1]/", URL{"https", "::1", 443, "/", ""}, ""},
		{"https://a//b/../c%2Fd%2f/%41;x=1?q=%20&Q&=&+", URL{"https", "a", 443, "//b/../c%2Fd%2f/%41;x=1", "q=%20&Q&=&+"}, ""},
		{"https://a?b", URL{"https", "a", 443, "", "b"}, "https://a/?b"},
		{"https://a/?", URL{"https", "a", 443, "/", ""}, "https://a/"},
		{"https://a/b c%2Fd/ä{x}?q= ä\"<>|", URL{"https", "a", 443, "/b%20c%2Fd/%C3%A4%7Bx%7D", "q=%20%C3%A4%22%3C%3E%7C"}, "https://a/b%20c%2Fd/%C3%A4%7Bx%7D?q=%20%C3%A4%22%3C%3E%7C"},
	} {
		got, err := ParseURL(c.text)
		if err != nil || got != c.want {
			t.Errorf("%s: got %+v, %v; want %+v", c.text, got, err, c.want)
			continue
		}
		written := c.written
		if written == "" {
			written = c.text
		}
		if got.String() != written {
			t.Errorf("%s is written %s, want %s", c.text, got.String(), written)
		}
	}
}

func TestParseURLRefuses(t *testing.T) {
	for text, want := range map[string]string{
		"":                          `"" is not an absolute http or https URL`,
		"a.example":                 `"a.example" is not an absolute http or https URL`,
		"/a":                        `"/a" is not an absolute http or https URL`,
		"//a/b":                     `"//a/b" is not an absolute http or https URL`,
		"ftp://a/":                  `"ftp://a/" is not an absolute http or https URL`,
		"https:a":                   `"https:a" names no host`,
		"https:///a":                `"https:///a" names no host`,
		"https://:443/":             `"https://:443/" names no host`,
		"https://u:pw@a/":           `URL of host "a" holds user information, which is not accepted`,
		"https://a/#f":              `"https://a/#f" holds a fragment, which is never sent`,
		"https://a:0/":              `"https://a:0/" has port 0; a port is 1 to 65535`,
		"https://a:65536/":          `"https://a:65536/" has port 65536; a port is 1 to 65535`,
		"https://a:b/":              `"https://a:b/" is not a URL`,
		"https://a b/":              `"https://a b/" is not a URL`,
		"https://a/\r\nX: y":        `"https://a/\r\nX: y" is not a URL`,
		"https://a/%zz":             `"https://a/%zz" is not a URL`,
		"https://[::1":              `"https://[::1" is not a URL`,
		"https://%C3%A4.com/":       `"https://%C3%A4.com/" has a host that is neither a name in ASCII nor an address`,
		"https://ä.com/":            `"https://ä.com/" has a host that is neither a name in ASCII nor an address`,
		"https://[fe80::1%25eth0]/": `"https://[fe80::1%25eth0]/" has a host that is neither a name in ASCII nor an address`,
		"https://a,b/":              `"https://a,b/" has a host that is neither a name in ASCII nor an address`,
	} {
		if got, err := ParseURL(text); err == nil || err.Error() != want {
			t.Errorf("%q: got %+v, %v; want %s", text, got, err, want)
		}
	}
}

func TestAuthorityAndAddress(t *testing.T) {
	for _, c := range []struct {
		u                  URL
		authority, address string
	}{
		{URL{Scheme: "https", Host: "a", Port: 443}, "a", "a:443"},
		{URL{Scheme: "http", Host: "a", Port: 8080}, "a:8080", "a:8080"},
		{URL{Scheme: "https", Host: "::1", Port: 443}, "[::1]", "[::1]:443"},
		{URL{Scheme: "https", Host: "::1", Port: 1}, "[::1]:1", "[::1]:1"},
	} {
		if got := c.u.Authority(); got != c.authority {
			t.Errorf("%+v: authority %s, want %s", c.u, got, c.authority)
		}
		if got := c.u.Address(); got != c.address {
			t.Errorf("%+v: address %s, want %s", c.u, got, c.address)
		}
	}
}

func TestJoinPath(t *testing.T) {
	for _, c := range []struct{ base, path, want string }{
		{"", "", ""}, {"", "/", "/"}, {"", "a", "/a"}, {"/", "/a", "/a"}, {"/b", "", "/b"}, {"/b/", "", "/b"},
		{"/b", "/a", "/b/a"}, {"/b/", "/a", "/b/a"}, {"/b/", "a", "/b/a"}, {"/b//", "//a/", "/b///a/"}, {"/b", "/%2F/../", "/b/%2F/../"},
	} {
		if got := JoinPath(c.base, c.path); got != c.want {
			t.Errorf("%q and %q: got %q, want %q", c.base, c.path, got, c.want)
		}
	}
}

func TestTarget(t *testing.T) {
	r := Request{URL: URL{"https", "gateway", 443, "/a%2Fb", "q=1"}}
	r.SetBackend(URL{"http", "backend", 81, "/base/", "ignored"})
	target := r.Target()
	if got, want := target.String(), "http://backend:81/base/a%2Fb?q=1"; got != want || r.URL.Path != "/a%2Fb" {
		t.Errorf("got %s (path %s), want %s", got, r.URL.Path, want)
	}
}

// What is read can be written and read again, and never leaves its line.
func FuzzParseURL(f *testing.F) {
	for _, s := range []string{"https://a.example:8443/b%2Fc?d=e", "http://[::1]/", "https://a/ä b?{}", "//a", "https://%41/", "https://u@a/#x", "http://0/%"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, text string) {
		u, err := ParseURL(text)
		if err != nil {
			if strings.ContainsAny(err.Error(), "\r\n") {
				t.Errorf("%q: the error takes more than a line: %s", text, err)
			}
			return
		}
		written := u.String()
		for i := range len(written) {
			if written[i] <= ' ' || written[i] >= 0x7F {
				t.Fatalf("%q is written %q", text, written)
			}
		}
		again, err := ParseURL(written)
		if u.Path == "" {
			u.Path = "/"
		}
		if err != nil || again != u {
			t.Errorf("%q is %+v, written %s and read again %+v, %v", text, u, written, again, err)
		}
	})
}

package hosts

import (
	"errors"
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"reflect"
	"strings"
	"testing"

	"github.com/apimulator/apimulator/policy/exchange"
)

// environment stands for the environment's proxy settings: that proxy for
// every request that asks, and a record of those.
type environment struct {
	proxy *url.URL
	asked []string
}

func (e *environment) choose(r *http.Request) (*url.URL, error) {
	e.asked = append(e.asked, r.URL.Hostname())
	return e.proxy, nil
}

func TestTransport(t *testing.T) {
	expectNoLeak(t)
	m := Default()
	clock := exchange.NewVirtualClock(start)
	a := newAuthority(t, "", m.Patterns(), clock)
	m = bind(t, m, Entra, Endpoint{TLS: serve(t, "entra", a)})
	m = bind(t, m, ManagedIdentity, Endpoint{Plain: serve(t, "identity", nil)})
	backend := serve(t, "backend", nil)
	_, port, _ := strings.Cut(backend, ":")

	proxy := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		io.WriteString(w, "proxy to "+r.URL.String())
	}))
	t.Cleanup(proxy.Close)
	proxyURL, err := url.Parse(proxy.URL)
	if err != nil {
		t.Fatal(err)
	}

	tests := []struct {
		url     string
		want    string
		proxied bool
	}{
		{"https://login.microsoftonline.com/common", "entra as login.microsoftonline.com", false},
		{"https://login.microsoftonline.com./common", "entra as login.microsoftonline.com.", false},
		{"http://169.254.169.254/metadata", "identity as 169.254.169.254", false},
		{"http://" + backend + "/", "backend as " + backend, false},
		{"http://app.localhost:" + port + "/", "backend as app.localhost:" + port, false},
		{"http://api.contoso.com/v1?a=b", "proxy to http://api.contoso.com/v1?a=b", true},
		{"http://10.0.0.1:8080/", "proxy to http://10.0.0.1:8080/", true},
	}
	env := &environment{proxy: proxyURL}
	n := NewNetwork(NetworkConfig{Map: m, Authority: a, AllowReal: true, Proxy: env.choose})
	client := &http.Client{Transport: n.Transport()}
	t.Cleanup(client.CloseIdleConnections)
	for _, test := range tests {
		env.asked = nil
		if got := get(t, client, test.url); got != test.want {
			t.Errorf("GET %s\ngot  %q\nwant %q", test.url, got, test.want)
		}
		if proxied := len(env.asked) > 0; proxied != test.proxied {
			t.Errorf("GET %s: the environment was asked for a proxy: %v, want %v", test.url, proxied, test.proxied)
		}
	}
}

func TestTransportRefusals(t *testing.T) {
	elsewhere := &url.URL{Scheme: "http", Host: "proxy.contoso.com:3128"}
	local := &url.URL{Scheme: "http", Host: "127.0.0.1:1"}
	broken := errors.New("HTTPS_PROXY is not a URL")
	tests := []struct {
		name  string
		url   string
		proxy func(*http.Request) (*url.URL, error)
		kind  DialErrorKind
		want  string
	}{
		{"a real host", "https://api.openai.com/v1", (&environment{}).choose, NotAllowed, "api.openai.com:443: api.openai.com is a real host"},
		{"a real host behind a proxy", "http://api.openai.com/v1", (&environment{proxy: local}).choose, NotAllowed, "api.openai.com:80: api.openai.com is a real host"},
		{"a private host behind a real proxy", "http://10.0.0.1:8080/", (&environment{proxy: elsewhere}).choose, NotAllowed, "10.0.0.1:8080: it is behind the proxy proxy.contoso.com:3128"},
		{"a look-alike", "https://ｌogin.windows.net/", (&environment{}).choose, NotResolved, "is not ASCII"},
		{"a broken proxy setting", "https://api.openai.com/", func(*http.Request) (*url.URL, error) { return nil, broken }, Other, broken.Error()},
		{"a party that isn't there", "https://login.windows.net/", (&environment{}).choose, NotServed, `"entra", which is not running here`},
	}
	for _, test := range tests {
		n := NewNetwork(NetworkConfig{Map: Default(), Proxy: test.proxy})
		body := &closeRecorder{Reader: strings.NewReader("body")}
		r, err := http.NewRequestWithContext(t.Context(), http.MethodPost, test.url, body)
		if err != nil {
			t.Fatal(err)
		}
		if response, err := n.Transport().RoundTrip(r); err == nil {
			response.Body.Close()
			t.Errorf("%s: %s was answered with %s", test.name, test.url, response.Status)
		} else if failed := (*DialError)(nil); !errors.As(err, &failed) || failed.Kind != test.kind || !strings.Contains(err.Error(), test.want) {
			t.Errorf("%s: %s\ngot  %v\nwant kind %d and a text containing %q", test.name, test.url, err, test.kind, test.want)
		}
		eventually(t, "the request's body is closed", body.isClosed)
	}
}

func TestTransportTakesEnvironment(t *testing.T) {
	// The environment is read once in a process, so it can't be set here.
	got := reflect.ValueOf(NewNetwork(NetworkConfig{}).transport.proxy).Pointer()
	if want := reflect.ValueOf(http.ProxyFromEnvironment).Pointer(); got != want {
		t.Error("without a Proxy in the configuration the environment's is not taken")
	}
}

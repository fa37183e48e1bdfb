package emulator

import (
	"fmt"
	"io"
	"net/http"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// script is one that runs on a page of an origin: it may send and read what a browser lets it
// (the Fetch standard, HTTP-network-or-cache fetch with CORS).
type script struct {
	origin  string
	client  *http.Client
	address string
	headers string // that it sends and that a browser asks about, by commas
}

// fetch asks the server beforehand where a browser does, and gives the text of the answer
// and what the page may read of its headers.
func (p script) fetch(method, key string) (text string, readable []string, err error) {
	names := strings.Split(p.headers, ",")
	if method != http.MethodGet || p.headers != "" {
		preflight, err := p.send(http.MethodOptions, map[string]string{"Access-Control-Request-Method": method, "Access-Control-Request-Headers": p.headers})
		if err != nil {
			return "", nil, err
		}
		preflight.Body.Close()
		allowed := strings.Split(strings.ToLower(preflight.Header.Get("Access-Control-Allow-Headers")), ",")
		switch {
		case !p.mayRead(preflight):
			return "", nil, fmt.Errorf("blocked: the preflight, %s, does not allow the origin", preflight.Status)
		case preflight.StatusCode/100 != 2:
			return "", nil, fmt.Errorf("blocked: the preflight is %s", preflight.Status)
		case preflight.Header.Get("Access-Control-Allow-Methods") != method:
			return "", nil, fmt.Errorf("blocked: the method")
		case slices.ContainsFunc(names, func(name string) bool { return !slices.Contains(allowed, strings.ToLower(name)) }):
			return "", nil, fmt.Errorf("blocked: a header")
		}
	}
	response, err := p.send(method, map[string]string{"Ocp-Apim-Subscription-Key": key})
	if err != nil {
		return "", nil, err
	}
	defer response.Body.Close()
	if !p.mayRead(response) {
		return "", nil, fmt.Errorf("blocked: the response, %s, does not allow the origin", response.Status)
	}
	body, err := io.ReadAll(response.Body)
	return string(body), strings.Split(response.Header.Get("Access-Control-Expose-Headers"), ","), err
}

func (p script) mayRead(r *http.Response) bool {
	allowed := r.Header.Values("Access-Control-Allow-Origin")
	return len(allowed) == 1 && (allowed[0] == "*" || allowed[0] == p.origin)
}

func (p script) send(method string, header map[string]string) (*http.Response, error) {
	r, err := http.NewRequest(method, p.address, http.NoBody)
	if err != nil {
		return nil, err
	}
	r.Header.Set("Origin", p.origin)
	for name, value := range header {
		if value != "" {
			r.Header.Set(name, value)
		}
	}
	return p.client.Do(r)
}

const corsPolicy = `<policies>
    <inbound>
        <cors>
            <allowed-origins><origin>https://app.example</origin></allowed-origins>
            <allowed-methods preflight-result-max-age="60"><method>GET</method><method>DELETE</method></allowed-methods>
            <allowed-headers><header>Ocp-Apim-Subscription-Key</header></allowed-headers>
            <expose-headers><header>X-Total</header></expose-headers>
        </cors>
        <base />
    </inbound>
    <backend><base /></backend>
    <outbound><base /></outbound>
    <on-error><base /></on-error>
</policies>`

// A page of another origin calls an API that asks for a key, over HTTP.
func TestPageOfAnotherOrigin(t *testing.T) {
	upstream := backend(t, func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("X-Total", "1")
		fmt.Fprint(w, r.Method)
	})
	dir := t.TempDir()
	for name, text := range map[string]string{
		"policy.xml": corsPolicy,
		"apim.yaml": "apis:\n  - name: api\n    path: \"\"\n    backend: \"" + upstream.URL + "\"\n    policy: policy.xml\n    operations:\n" +
			"      - {name: get, method: GET, urlTemplate: /items}\n      - {name: delete, method: DELETE, urlTemplate: /items}\n      - {name: put, method: PUT, urlTemplate: /items}\n" +
			"subscriptions:\n  - name: all\n",
	} {
		if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	e, err := Start(Config{Service: filepath.Join(dir, "apim.yaml"), HTTP: anyPort})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { closeEmulator(t, e) })
	for _, c := range []struct{ origin, method, headers, want string }{
		{"https://app.example", "GET", "ocp-apim-subscription-key", "GET"},
		{"https://app.example", "DELETE", "ocp-apim-subscription-key", "DELETE"},
		{"https://app.example", "PUT", "ocp-apim-subscription-key", "blocked: the preflight, 200 OK, does not allow the origin"},
		{"https://app.example", "GET", "x-other", "blocked: the preflight, 200 OK, does not allow the origin"},
		{"https://app.example", "POST", "ocp-apim-subscription-key", "blocked: the preflight, 404 Not Found, does not allow the origin"},
		{"https://other.example", "DELETE", "ocp-apim-subscription-key", "blocked: the preflight, 200 OK, does not allow the origin"},
		{"https://other.example", "GET", "", "blocked: the response, 200 OK, does not allow the origin"},
	} {
		p := script{origin: c.origin, client: upstream.Client(), address: e.GatewayPlain() + "/items", headers: c.headers}
		got, readable, err := p.fetch(c.method, e.Key("all"))
		if err != nil {
			got = err.Error()
		}
		if got != c.want {
			t.Errorf("%s from %s with %q: got %s, want %s", c.method, c.origin, c.headers, got, c.want)
		}
		if err == nil && !slices.Equal(readable, []string{"X-Total"}) {
			t.Errorf("%s: the page may read %q", c.method, readable)
		}
	}
}

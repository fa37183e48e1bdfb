package edge

import (
	"net/http"
	"net/url"
	"strings"

	"github.com/apimulator/apimulator/policy"
	"github.com/apimulator/apimulator/policy/exchange"
)

// maxRedirects is how many redirects of one request are followed. .NET
// Framework's client follows 50 by default; the gateway's number is unknown.
const maxRedirects = 10

// redirected is the request that follows a redirect, if response is one that can
// be followed. Method and body change as in .NET Framework's HttpWebRequest; a
// body that was a stream is gone, so a redirect that wants it again is not
// followed.
func redirected(out *policy.Outgoing, response *exchange.Response) (*policy.Outgoing, bool) {
	method, ok := redirectMethod(response.Status, out.Method)
	if !ok {
		return nil, false
	}
	location, _ := response.Header.Get("Location")
	target, ok := resolve(&out.URL, location)
	if !ok {
		return nil, false
	}
	next := *out
	next.Method, next.URL, next.Header = method, target, out.Header.Clone()
	switch {
	case method != out.Method:
		next.Body = nil
		dropContentLines(&next.Header)
	case out.Body != nil && out.Body.Consumed():
		return nil, false
	}
	if !sameOrigin(&out.URL, &target) {
		next.Header.Del("Authorization")
		next.Header.Del("Cookie")
		for _, name := range out.Secrets {
			next.Header.Del(name)
		}
		next.Certificate, next.AnyChain, next.AnyName = nil, false, false
	}
	return &next, true
}

// redirectMethod is the method of the request that follows a redirect.
func redirectMethod(status int, method string) (string, bool) {
	switch status {
	case http.StatusMovedPermanently, http.StatusFound:
		if method == http.MethodPost {
			method = http.MethodGet
		}
		return method, true
	case http.StatusSeeOther:
		if method != http.MethodHead {
			method = http.MethodGet
		}
		return method, true
	case http.StatusTemporaryRedirect, http.StatusPermanentRedirect:
		return method, true
	}
	return "", false
}

// resolve reads a Location as seen from base. A fragment is the client's affair
// and left out.
func resolve(base *exchange.URL, location string) (exchange.URL, bool) {
	if location == "" {
		return exchange.URL{}, false
	}
	from, err := url.Parse(base.String())
	if err != nil {
		return exchange.URL{}, false
	}
	location, _, _ = strings.Cut(location, "#")
	to, err := from.Parse(location)
	if err != nil {
		return exchange.URL{}, false
	}
	target, err := exchange.ParseURL(to.String())
	return target, err == nil
}

func sameOrigin(a, b *exchange.URL) bool {
	return a.Scheme == b.Scheme && strings.EqualFold(a.Host, b.Host) && a.Port == b.Port
}

// dropContentLines removes the lines that describe a body.
func dropContentLines(h *exchange.Header) {
	for _, name := range []string{"Content-Type", "Content-Encoding", "Content-Language", "Content-Location", "Content-Disposition", "Content-Range", "Content-MD5", "Content-Length"} {
		h.Del(name)
	}
}

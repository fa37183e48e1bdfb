package entra

import (
	"net/netip"
	"net/url"
	"slices"
	"strings"
)

// Schemes that a browser would run or read rather than leave the page for.
var forbiddenSchemes = []string{"javascript", "data", "vbscript", "file", "blob", "about"}

// redirectURIProblem says why u can't be registered as a redirect URI; "" if it can.
func redirectURIProblem(u string) string {
	parsed, err := url.Parse(u)
	switch {
	case err != nil || parsed.Scheme == "" || !uriAsListed().MatchString(u):
		return "is no absolute URI such as https://app.example.com/signin"
	case strings.ContainsAny(u, "*#"):
		return "has a wildcard or a fragment, which redirect URIs can't have"
	case parsed.User != nil:
		return "has user information, which redirect URIs can't have"
	case slices.Contains(forbiddenSchemes, strings.ToLower(parsed.Scheme)):
		return "has a scheme that a browser would run; want https, http on this machine, or the app's own scheme"
	case parsed.Scheme == "https" && parsed.Hostname() == "":
		return "has no host"
	case parsed.Scheme == "http" && !isLoopbackName(parsed.Hostname()):
		return "is plain http to another machine, which Entra doesn't allow; want https"
	}
	return ""
}

// isLoopbackName reports whether host can only mean this machine.
func isLoopbackName(host string) bool {
	if addr, err := netip.ParseAddr(host); err == nil {
		return addr.IsLoopback()
	}
	host = strings.ToLower(strings.TrimSuffix(host, "."))
	return host == "localhost" || strings.HasSuffix(host, ".localhost")
}

// redirectAllowed reports whether the app may be answered at asked: it is spelled
// as a registered URI, or it is one of those on http://localhost or
// http://127.0.0.1 with any port.
func (a *app) redirectAllowed(asked string) bool {
	return slices.ContainsFunc(a.RedirectURIs, func(registered string) bool {
		return asked == registered || sameButForPort(asked, registered)
	})
}

func sameButForPort(asked, registered string) bool {
	a, err := url.Parse(asked)
	if err != nil || a.Scheme != "http" || a.User != nil || strings.Contains(asked, "#") {
		return false
	}
	r, err := url.Parse(registered)
	if err != nil || r.Scheme != "http" || a.Hostname() != r.Hostname() {
		return false
	}
	if host := a.Hostname(); host != "localhost" && host != "127.0.0.1" {
		return false
	}
	return a.EscapedPath() == r.EscapedPath() && a.RawQuery == r.RawQuery && a.ForceQuery == r.ForceQuery
}

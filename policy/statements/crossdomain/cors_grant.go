package crossdomain

import (
	"slices"
	"strings"

	"github.com/apimulator/apimulator/policy/exchange"
)

const (
	allowOrigin      = "Access-Control-Allow-Origin"
	allowCredentials = "Access-Control-Allow-Credentials"
	allowMethods     = "Access-Control-Allow-Methods"
	allowHeaders     = "Access-Control-Allow-Headers"
	exposeHeaders    = "Access-Control-Expose-Headers"
	maximumAge       = "Access-Control-Max-Age"
)

// A grant is what a response says to a browser about the page that asked.
type grant struct {
	origin      string // the page's, or * if any may call
	credentials bool
	exposed     string
	depends     bool // on the request's origin
}

// tell puts it into a response's header, in place of what the backend says there.
func (g grant) tell(h *exchange.Header) {
	h.Set(allowOrigin, g.origin)
	h.Del(allowCredentials)
	h.Del(exposeHeaders)
	if g.credentials {
		h.Add(allowCredentials, "true")
	}
	if g.exposed != "" {
		h.Add(exposeHeaders, g.exposed)
	}
	g.vary(h)
}

// vary tells caches that the response is for this origin.
func (g grant) vary(h *exchange.Header) {
	if !g.depends {
		return
	}
	lines := h.Values("Vary")
	names := strings.Split(strings.Join(lines, ","), ",")
	if slices.ContainsFunc(names, func(name string) bool { return strings.EqualFold(strings.TrimSpace(name), "Origin") }) {
		return
	}
	h.Add("Vary", "Origin")
}

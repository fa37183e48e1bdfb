package entra

import (
	"net/http"
	"net/url"
	"slices"
	"strings"
)

// Ways to answer the client of the authorization endpoint.
const (
	modeQuery    = "query"
	modeFragment = "fragment"
	modeFormPost = "form_post"
)

// defaultMode is the response mode of a request that names none.
func defaultMode(responseType string) string {
	if strings.Contains(responseType, "token") {
		return modeFragment
	}
	return modeQuery
}

// modeAllowed reports whether the mode is known and possible: a page can't post a
// form to an app's own scheme.
func modeAllowed(mode, redirectURI string) bool {
	if mode == modeFormPost {
		return strings.HasPrefix(redirectURI, "http://") || strings.HasPrefix(redirectURI, "https://")
	}
	return slices.Contains([]string{modeQuery, modeFragment}, mode)
}

// refuseToClient sends an error to the redirect URI.
func (s *Server) refuseToClient(w http.ResponseWriter, c *call, req *authorizeRequest, e *Error) {
	s.logRefusal(c, e)
	s.answerClient(w, c, req, map[string]string{
		"error": e.OAuth, "error_description": c.description(e), "error_uri": errorURI(e), "state": req.state,
	})
}

// answerClient sends parameters to the redirect URI in the request's response mode.
// Empty ones are left out. MSAL's listeners take form_post only, and it must be a
// page that posts (identity.md 1.2, trap 1).
func (s *Server) answerClient(w http.ResponseWriter, c *call, req *authorizeRequest, parameters map[string]string) {
	values := url.Values{}
	for name, value := range parameters {
		if value != "" {
			values.Set(name, value)
		}
	}
	noStore(w)
	if req.mode == modeFormPost {
		s.formPostPage(w, req.redirectURI, values)
		return
	}
	w.Header().Set("Referrer-Policy", "no-referrer")
	w.Header().Set("Location", redirectWith(req.redirectURI, req.mode, values))
	w.WriteHeader(http.StatusFound)
}

// redirectWith adds the parameters to a redirect URI. One that has no path gets a
// slash, as Entra documents for query and fragment.
func redirectWith(redirectURI, mode string, values url.Values) string {
	base, query, hasQuery := strings.Cut(redirectURI, "?")
	if u, err := url.Parse(base); err == nil && u.Host != "" && u.Path == "" {
		base += "/"
	}
	if hasQuery {
		base += "?" + query
	}
	switch {
	case mode == modeFragment:
		return base + "#" + values.Encode()
	case hasQuery && query != "" && !strings.HasSuffix(query, "&"):
		return base + "&" + values.Encode()
	case hasQuery:
		return base + values.Encode()
	default:
		return base + "?" + values.Encode()
	}
}

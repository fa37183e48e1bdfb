package management

import "net/http"

// Page is what the owner's browser shows.
type Page interface {
	http.Handler
	// Serves reports whether it has something at a request's path.
	Serves(*http.Request) bool
	// SignedIn leads a browser on that has just got its cookie.
	SignedIn(http.ResponseWriter, *http.Request)
	// Refuse tells a browser without the cookie how to get it.
	Refuse(w http.ResponseWriter, r *http.Request, status int, why string)
}

// Why a browser is not let in.
const (
	whyNoCookie = "This page is for the person who runs the emulator."
	whyUsed     = "This link has been used, or is one of an earlier start."
	whyForeign  = "Changes are taken from this page only, not from others."
)

// page lets requests for the page in by bearer or cookie; the rest is the API's.
func (s *server) page(api http.Handler) http.Handler {
	if s.Page == nil {
		return s.authorized(api)
	}
	bearer := s.authorized(s.Page)
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if !s.Page.Serves(r) {
			s.authorized(api).ServeHTTP(w, r)
			return
		}
		reads := r.Method == http.MethodGet || r.Method == http.MethodHead
		code := r.URL.Query().Get(onceParameter)
		switch {
		case r.Header.Get("Authorization") != "":
			bearer.ServeHTTP(w, r)
		case code != "" && r.Method == http.MethodGet && s.Sessions.redeem(code):
			s.Sessions.signIn(w, r)
			s.Page.SignedIn(w, r)
		case !s.Sessions.signedIn(r) && code != "":
			s.Page.Refuse(w, r, http.StatusUnauthorized, whyUsed)
		case !s.Sessions.signedIn(r):
			s.Page.Refuse(w, r, http.StatusUnauthorized, whyNoCookie)
		case code != "":
			s.Page.SignedIn(w, r)
		case !reads && !fromHere(r):
			s.Page.Refuse(w, r, http.StatusForbidden, whyForeign)
		default:
			r.Body = http.MaxBytesReader(w, r.Body, maxBody)
			s.Page.ServeHTTP(w, r)
		}
	})
}

// link makes a link for the owner's browser.
func (s *server) link(w http.ResponseWriter, r *http.Request) {
	reply(w, map[string]string{"url": s.Sessions.Link("http://" + r.Host)})
}

package management

import (
	"crypto/rand"
	"crypto/subtle"
	"net"
	"net/http"
	"slices"
	"sync"
)

// Sessions lets the owner's browser in: a link that works once gives it a cookie, which
// lasts as long as the emulator runs.
type Sessions struct {
	cookie string

	mu    sync.Mutex
	codes []string // of links that nobody has used, the oldest first
}

// mostLinks is how many unused links there are at most; older ones stop working.
const mostLinks = 16

// NewSessions has a cookie of its own: that of an earlier start is none.
func NewSessions() *Sessions { return &Sessions{cookie: rand.Text()} }

// Link is a new address, below that of the listener, which signs a browser in once.
func (s *Sessions) Link(listener string) string {
	code := rand.Text()
	s.mu.Lock()
	defer s.mu.Unlock()
	s.codes = append(s.codes, code)
	if len(s.codes) > mostLinks {
		s.codes = s.codes[1:]
	}
	return listener + "/?" + onceParameter + "=" + code
}

const onceParameter = "once"

// redeem reports whether a link's code is good, and takes it back.
func (s *Sessions) redeem(code string) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	i := slices.IndexFunc(s.codes, func(c string) bool { return subtle.ConstantTimeCompare([]byte(c), []byte(code)) == 1 })
	if i < 0 {
		return false
	}
	s.codes = slices.Delete(s.codes, i, i+1)
	return true
}

// cookieName has the port in it: browsers send a host's cookies to all of its ports, where
// other emulators may run.
func cookieName(r *http.Request) string {
	_, port, err := net.SplitHostPort(r.Host)
	if err != nil {
		port = "80"
	}
	return "apimulator-" + port
}

// signIn gives the browser the cookie.
func (s *Sessions) signIn(w http.ResponseWriter, r *http.Request) {
	http.SetCookie(w, &http.Cookie{Name: cookieName(r), Value: s.cookie, Path: "/", HttpOnly: true, SameSite: http.SameSiteStrictMode})
}

// signedIn reports whether the request has the cookie.
func (s *Sessions) signedIn(r *http.Request) bool {
	c, err := r.Cookie(cookieName(r))
	return err == nil && subtle.ConstantTimeCompare([]byte(c.Value), []byte(s.cookie)) == 1
}

// fromHere reports whether a page of this listener made the request, which a browser says
// in one way or another. A page that sends no referrer has the origin "null".
func fromHere(r *http.Request) bool {
	switch r.Header.Get("Origin") {
	case "http://" + r.Host:
		return true
	case "", "null":
		return r.Header.Get("Sec-Fetch-Site") == "same-origin"
	}
	return false
}

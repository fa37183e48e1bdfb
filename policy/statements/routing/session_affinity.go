package routing

import (
	"strings"

	"github.com/apimulator/apimulator/policy"
	"github.com/apimulator/apimulator/policy/exchange"
)

// Session affinity of pools: a cookie that the gateway sets says which member the
// session's requests go to. Its name is the pool's; no page says what its value and
// attributes are, nor what becomes of a session whose member is tripped. Chosen: the
// value stands for the member alone, so that it holds across restarts; it is out of
// reach of scripts and ends with the browser's session; a tripped member's sessions move
// on to another one, and get its cookie.

// sessionOf is what the client sent for the pool's cookie; "" if there is none.
func sessionOf(r *policy.Run, e *exchange.BackendEntity) string {
	if e.Pool == nil || e.Pool.Cookie == "" {
		return ""
	}
	for _, line := range r.Request.Header.Values("Cookie") {
		for pair := range strings.SplitSeq(line, ";") {
			if name, value, _ := strings.Cut(strings.TrimSpace(pair), "="); name == e.Pool.Cookie {
				return value
			}
		}
	}
	return ""
}

// keepSession sets the cookie that leads to the member that answered, unless the client
// has it.
func keepSession(r *policy.Run, session string) {
	e := r.Request.Backend
	if e.Pool.Cookie == "" || sessionOf(r, e) == session {
		return
	}
	cookie := e.Pool.Cookie + "=" + session + "; path=/; HttpOnly"
	if r.Request.OriginalURL.Scheme == "https" {
		cookie += "; Secure"
	}
	r.Response.Header.Add("Set-Cookie", cookie)
}

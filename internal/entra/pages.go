package entra

import (
	"bytes"
	"embed"
	"encoding/base64"
	"html/template"
	"net/http"
	"net/url"
	"strings"
	"sync"
)

//go:embed pages
var pageFiles embed.FS

var (
	pageSignIn     = parsePage("sign_in.html")
	pageFormPost   = parsePage("form_post.html")
	pageError      = parsePage("error.html")
	pageDevice     = parsePage("device.html")
	pageDeviceUser = parsePage("device_user.html")
	pageMessage    = parsePage("message.html")
)

// parsePage parses a page when it is first shown, which most starts never do. It can't
// fail at run time: the files are part of the program.
func parsePage(name string) func() *template.Template {
	return sync.OnceValue(func() *template.Template {
		return template.Must(template.ParseFS(pageFiles, "pages/layout.html", "pages/"+name))
	})
}

type messageView struct{ Title, Text string }

// writePage writes a page that loads nothing, runs nothing but what is marked with
// this answer's nonce, and posts only to formTargets.
func (s *Server) writePage(w http.ResponseWriter, status int, parse func() *template.Template, formTargets []string, view any) {
	page := parse()
	nonce := base64.RawStdEncoding.EncodeToString(randomBytes(16))
	var body bytes.Buffer
	if err := page.ExecuteTemplate(&body, "layout.html", map[string]any{"Nonce": nonce, "View": view}); err != nil {
		s.log.Error("a page can't be written", "page", page.Name(), "error", err)
		http.Error(w, "The page can't be written.", http.StatusInternalServerError)
		return
	}
	if len(formTargets) == 0 {
		formTargets = []string{"'none'"}
	}
	h := w.Header()
	h.Set("Content-Security-Policy", "default-src 'none'; style-src 'nonce-"+nonce+"'; script-src 'nonce-"+nonce+
		"'; form-action "+strings.Join(formTargets, " ")+"; frame-ancestors 'none'; base-uri 'none'")
	h.Set("X-Frame-Options", "DENY")
	h.Set("Referrer-Policy", "no-referrer")
	h.Set("Content-Type", "text/html; charset=utf-8")
	w.WriteHeader(status)
	w.Write(body.Bytes())
}

// formTarget is a redirect URI as a source of a form-action directive. Browsers
// apply that directive to the redirect that answers the form, too. What has no host
// that can stand in a directive (an app's own scheme, IPv6) is given by its scheme.
func formTarget(redirectURI string) string {
	u, err := url.Parse(redirectURI)
	if err != nil {
		return "'none'"
	}
	if web := u.Scheme == "http" || u.Scheme == "https"; !web || strings.ContainsAny(u.Host, "[];, '") {
		return u.Scheme + ":"
	}
	return u.Scheme + "://" + u.Host
}

// refusePage answers an error where nobody but the user can be told.
func (s *Server) refusePage(w http.ResponseWriter, c *call, e *Error) {
	s.logRefusal(c, e)
	noStore(w)
	s.writePage(w, e.Status, pageError, nil, struct{ Name, Text, Trace, Correlation, Time string }{
		e.OAuth, e.Error(), c.trace, c.correlation, c.now.UTC().Format(timestamp),
	})
}

// formPostPage is a page that posts the parameters to the redirect URI by itself,
// or by a button where scripts don't run.
func (s *Server) formPostPage(w http.ResponseWriter, redirectURI string, values url.Values) {
	s.writePage(w, http.StatusOK, pageFormPost, []string{formTarget(redirectURI)}, struct {
		Action string
		Values url.Values
	}{redirectURI, values})
}

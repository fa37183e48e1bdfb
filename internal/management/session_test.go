package management_test

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"

	"github.com/apimulator/apimulator/internal/management"
	"github.com/apimulator/apimulator/internal/trace"
	"github.com/apimulator/apimulator/policy/exchange"
)

const listener = "http://127.0.0.1:8445"

// aPage tells what reached it.
type aPage struct{}

func (aPage) Serves(r *http.Request) bool { return r.URL.Path == "/" || r.URL.Path == "/change" }

func (aPage) ServeHTTP(w http.ResponseWriter, r *http.Request) { fmt.Fprintf(w, "page %s", r.Method) }

func (aPage) SignedIn(w http.ResponseWriter, _ *http.Request) { fmt.Fprint(w, "signed in") }

func (aPage) Refuse(w http.ResponseWriter, _ *http.Request, status int, why string) {
	w.WriteHeader(status)
	fmt.Fprint(w, why)
}

func newPageLab(t *testing.T) (*lab, *management.Sessions) {
	sessions := management.NewSessions()
	l := &lab{t: t, recorder: &trace.Recorder{}, clock: exchange.NewMovableClock(exchange.NewVirtualClock(noon))}
	l.handler = management.New(management.Config{Token: bearer, Recorder: l.recorder, Clock: l.clock, Page: aPage{}, Sessions: sessions})
	return l, sessions
}

// once follows a link and gives the answer with its cookie, "" if there is none.
func (l *lab) once(link string) (*httptest.ResponseRecorder, string) {
	w := l.ask(question{path: strings.TrimPrefix(link, listener), header: []string{"Accept: text/html"}})
	cookies := w.Result().Cookies()
	if len(cookies) == 0 {
		return w, ""
	}
	return w, cookies[0].Name + "=" + cookies[0].Value
}

func TestSignIn(t *testing.T) {
	l, sessions := newPageLab(t)
	link := sessions.Link(listener)
	w, cookie := l.once(link)
	if w.Code != http.StatusOK || cookie == "" {
		t.Fatalf("the link is answered with %d %s", w.Code, w.Body)
	}
	for _, want := range []string{"HttpOnly", "SameSite=Strict", "Path=/"} {
		if got := w.Header().Get("Set-Cookie"); !strings.Contains(got, want) {
			t.Errorf("the cookie %s is not %s", got, want)
		}
	}
	if w, again := l.once(link); w.Code != http.StatusUnauthorized || again != "" {
		t.Errorf("a used link is answered with %d and the cookie %q", w.Code, again)
	}
	// Only so many links are kept; HEAD does not use one up.
	links := make([]string, 0, 20)
	for range 20 {
		links = append(links, sessions.Link(listener))
	}
	if w, _ := l.once(links[0]); w.Code != http.StatusUnauthorized {
		t.Errorf("the oldest of many links is answered with %d", w.Code)
	}
	if w := l.ask(question{method: "HEAD", path: strings.TrimPrefix(links[19], listener), header: []string{"Accept: */*"}}); w.Code != http.StatusUnauthorized {
		t.Errorf("HEAD of a link is answered with %d", w.Code)
	}
	if w, _ := l.once(links[19]); w.Code != http.StatusOK {
		t.Errorf("after HEAD the link is answered with %d", w.Code)
	}
	// Another start's cookie is none.
	_, other := newPageLab(t)
	elsewhere, foreign := l.once(other.Link(listener))
	if elsewhere.Code != http.StatusUnauthorized || foreign != "" {
		t.Errorf("another start's link is answered with %d", elsewhere.Code)
	}
}

// Who may do what: the cookie opens the page alone, changes come from the page alone, and
// nothing comes by another name.
func TestPageGuard(t *testing.T) {
	l, sessions := newPageLab(t)
	_, cookie := l.once(sessions.Link(listener))
	signedIn, owner := "Cookie: "+cookie, "Authorization: Bearer "+bearer
	name, value, _ := strings.Cut(cookie, "=")
	for _, test := range []struct {
		what   string
		q      question
		status int
	}{
		{"the page by cookie", question{path: "/", header: []string{signedIn}}, 200},
		{"the page by bearer", question{path: "/", header: []string{owner}}, 200},
		{"the page without either", question{path: "/", header: []string{"Accept: text/html"}}, 401},
		{"a wrong cookie", question{path: "/", header: []string{"Cookie: " + name + "=" + value + "x"}}, 401},
		{"the cookie of another port", question{path: "/", header: []string{"Cookie: apimulator-9000=" + value}}, 401},
		{"a wrong bearer", question{path: "/", header: []string{"Authorization: Bearer x", signedIn}}, 401},
		{"the interface by cookie", question{path: "/traces", header: []string{signedIn}}, 401},
		{"minting by cookie", question{method: "POST", path: "/entra/token", body: "{}", header: []string{signedIn, "Origin: " + listener}}, 401},
		{"a link by cookie", question{method: "POST", path: "/page/link", header: []string{signedIn, "Origin: " + listener}}, 401},

		{"a change from the page", question{method: "POST", path: "/change", header: []string{signedIn, "Origin: " + listener}}, 200},
		{"a change from the page, which sends no referrer", question{method: "POST", path: "/change", header: []string{signedIn, "Origin: null", "Sec-Fetch-Site: same-origin"}}, 200},
		{"a change by bearer", question{method: "POST", path: "/change", header: []string{owner}}, 200},
		{"a change from nowhere", question{method: "POST", path: "/change", header: []string{signedIn}}, 403},
		{"a change from another site", question{method: "POST", path: "/change", header: []string{signedIn, "Origin: https://evil.example", "Sec-Fetch-Site: cross-site"}}, 403},
		{"a change from a sandbox", question{method: "POST", path: "/change", header: []string{signedIn, "Origin: null", "Sec-Fetch-Site: cross-site"}}, 403},
		{"a change from a sandbox of an old browser", question{method: "POST", path: "/change", header: []string{signedIn, "Origin: null"}}, 403},
		{"a change from another port", question{method: "POST", path: "/change", header: []string{signedIn, "Origin: http://127.0.0.1:3000", "Sec-Fetch-Site: same-site"}}, 403},
		{"a change by another method", question{method: "DELETE", path: "/change", header: []string{signedIn}}, 403},

		{"a name that leads here (DNS rebinding)", question{path: "/", host: "evil.example:8445", header: []string{signedIn}}, 403},
		{"the same, by bearer", question{path: "/", host: "evil.example:8445", header: []string{owner}}, 403},
		{"the same, with a change", question{method: "POST", path: "/change", host: "evil.example:8445", header: []string{signedIn, "Origin: http://evil.example:8445"}}, 403},
		{"a link by such a name", question{path: strings.TrimPrefix(sessions.Link(listener), listener), host: "evil.example:8445", header: []string{"Accept: text/html"}}, 403},
	} {
		if w := l.ask(test.q); w.Code != test.status {
			t.Errorf("%s: %d %s; want %d", test.what, w.Code, w.Body, test.status)
		}
	}
	w := l.ask(question{method: "POST", path: "/page/link"})
	if _, query, _ := strings.Cut(w.Body.String(), "?once="); w.Code != 200 || query == "" {
		t.Errorf("the bearer gets no link: %d %s", w.Code, w.Body)
	}
	if _, err := url.Parse(sessions.Link(listener)); err != nil {
		t.Error(err)
	}
}

package console

import (
	"context"
	"embed"
	"net/http"
	"time"

	"github.com/apimulator/apimulator/internal/entra"
	"github.com/apimulator/apimulator/internal/service"
	"github.com/apimulator/apimulator/internal/trace"
	"github.com/apimulator/apimulator/jwtvalidate"
	"github.com/apimulator/apimulator/policy"
	"github.com/apimulator/apimulator/policy/exchange"
)

// Config is what the page shows, and what it can do.
type Config struct {
	Recorder *trace.Recorder
	// Service is the one in use.
	Service func() *service.Service
	Subject Subject
	// Catalogue has the statements, for lint.
	Catalogue *policy.Catalogue
	// Gateway is the address of the gateway, and Bundle the file of certificates that
	// its clients trust; "" if there is none.
	Gateway, Bundle string
	// Directory is what the emulated Entra ID has, and Tokens are its tokens.
	Directory entra.Config
	Tokens    Tokens
	// Send sends a request through the gateway as a client would, and gives the id of its
	// record.
	Send    func(context.Context, exchange.Request) (id string, err error)
	Clock   *exchange.MovableClock
	KeySets func() []jwtvalidate.KeySetState
	// Stores are counters, caches and the like.
	Stores []Store
	// Reloads tells when the service has been read again; nil: it never is.
	Reloads *Reloads
	// Closing, if set, is closed when the listener is to end: nobody follows any more.
	Closing <-chan struct{}
}

// Subject is what the service was read from.
type Subject struct {
	// Service is the path of an apim.yaml, Policy that of a lone document, which stands
	// before Backend. Without both the service is built in.
	Service, Policy, Backend string
}

// path is the file, "" if there is none.
func (s Subject) path() string {
	if s.Service != "" {
		return s.Service
	}
	return s.Policy
}

// Tokens are those of the emulated Entra ID; [entra.Server] has them.
type Tokens interface {
	Mint(entra.MintRequest) (string, error)
	Describe(token string, at time.Time) (entra.MintRequest, bool)
}

// Store is something that keeps state from one request to another.
type Store struct {
	Name string
	// Snapshot is what is kept now.
	Snapshot func() []Entry
	// Reset forgets the entry of that id; all of them for "".
	Reset func(id string)
}

// Entry is a thing that a store keeps.
type Entry struct {
	// ID names it to Reset, and holds no secret. Key is what it is called, and may.
	ID, Key, Value string
	// Expires is when it is forgotten; zero: it is not.
	Expires time.Time
}

//go:embed assets pages
var files embed.FS

// Page is the page's handler. It asks for no credential: whoever mounts it must.
type Page struct {
	Config
	mux      *http.ServeMux
	findings findings
}

// New makes the page.
func New(c Config) *Page {
	if c.Reloads == nil {
		c.Reloads = &Reloads{}
	}
	p := &Page{Config: c, mux: http.NewServeMux()}
	for pattern, h := range map[string]http.HandlerFunc{
		"GET /{$}":                   p.list,
		"GET /events":                p.events,
		"GET /requests/{id}":         p.request,
		"POST /requests/{id}/replay": p.replay,
		"GET /compare":               p.compare,
		"GET /service":               p.service,
		"GET /service/policy":        p.effective,
		"GET /playground":            p.playground,
		"POST /playground":           p.play,
		"GET /state":                 p.state,
		"POST /state/clock":          p.advance,
		"POST /state/stores/{name}":  p.reset,
		"GET /findings":              p.lint,
		"POST /theme":                p.theme,
		"GET /assets/{name}":         p.asset,
	} {
		p.mux.HandleFunc(pattern, h)
	}
	return p
}

// ServeHTTP is part of http.Handler.
func (p *Page) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	protect(w.Header())
	p.mux.ServeHTTP(w, r)
}

// Serves reports whether the page has something for a request.
func (p *Page) Serves(r *http.Request) bool {
	_, pattern := p.mux.Handler(r)
	return pattern != ""
}

// protect tells the browser to run and show nothing but this listener's own, and to tell
// nobody of it.
func protect(h http.Header) {
	h.Set("Content-Security-Policy", "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; "+
		"form-action 'self'; frame-ancestors 'none'; base-uri 'none'")
	h.Set("X-Content-Type-Options", "nosniff")
	h.Set("Referrer-Policy", "no-referrer")
	h.Set("X-Frame-Options", "DENY")
	h.Set("Cross-Origin-Opener-Policy", "same-origin")
	h.Set("Cross-Origin-Resource-Policy", "same-origin")
	h.Set("Cache-Control", "no-store")
}

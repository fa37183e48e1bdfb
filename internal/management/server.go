package management

import (
	"crypto/sha256"
	"crypto/subtle"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"strings"
	"time"

	"github.com/apimulator/apimulator/internal/trace"
	"github.com/apimulator/apimulator/jwtvalidate"
	"github.com/apimulator/apimulator/policy/exchange"
)

const (
	// maxBody is the most bytes a management request may have.
	maxBody = 1 << 20
	// maxOffset is how far the clock can be moved: far enough for anything that
	// expires, and not so far that times overflow.
	maxOffset = 100 * 365 * 24 * time.Hour
)

// Config is what the listener serves.
type Config struct {
	Token    string // the bearer
	Recorder *trace.Recorder
	Clock    *exchange.MovableClock
	KeySets  func() []jwtvalidate.KeySetState
	// Metrics serves them; nil: there are none.
	Metrics http.Handler
	// Closing, if set, is closed when the listener is to end: nobody follows any more.
	Closing <-chan struct{}
	// Debug makes and judges debug tokens.
	Debug *trace.Debug
	// ServiceName is the service's name, and HasAPI whether it has an API of that id.
	ServiceName func() string
	HasAPI      func(id string) bool
	// Parties are the parties' own management handlers, by path prefix such as
	// "/entra".
	Parties map[string]http.Handler
	// Page, if set, is served to who has the bearer or the cookie of Sessions.
	Page     Page
	Sessions *Sessions
}

// New makes the listener's handler.
func New(c Config) http.Handler {
	s := &server{c}
	mux := http.NewServeMux()
	mux.HandleFunc("GET /traces", s.traces)
	mux.HandleFunc("GET /traces/last", s.lastTrace)
	mux.HandleFunc("GET /traces/follow", s.follow)
	mux.HandleFunc("GET /traces/{id}", s.trace)
	mux.HandleFunc("GET /keysets", s.keySets)
	mux.HandleFunc("GET /clock", s.clock)
	mux.HandleFunc("POST /clock/advance", s.advance)
	s.traceRoutes(mux)
	if c.Metrics != nil {
		mux.Handle("GET /metrics", c.Metrics)
	}
	if c.Page != nil {
		mux.HandleFunc("POST /page/link", s.link)
	}
	for prefix, h := range c.Parties {
		mux.Handle(prefix+"/", http.StripPrefix(prefix, h))
	}
	outer := http.NewServeMux()
	outer.HandleFunc("GET /health", func(w http.ResponseWriter, _ *http.Request) { reply(w, map[string]string{"status": "ok"}) })
	outer.HandleFunc("GET /trace/{id}", s.openTrace)
	outer.Handle("/", s.page(mux))
	return local(outer)
}

type server struct{ Config }

// local refuses requests that a web page could have made: those to another host
// name and those with a foreign Origin.
func local(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		host := r.Host
		if h, _, err := net.SplitHostPort(host); err == nil {
			host = h
		}
		ip := net.ParseIP(strings.Trim(host, "[]"))
		if !strings.EqualFold(host, "localhost") && (ip == nil || !ip.IsLoopback()) {
			refuse(w, http.StatusForbidden, "the management listener answers to loopback names only, not to "+host)
			return
		}
		if r.Header.Get("Origin") != "" && !fromHere(r) {
			refuse(w, http.StatusForbidden, "the management listener takes no requests from pages of other origins")
			return
		}
		w.Header().Set("Cache-Control", "no-store")
		next.ServeHTTP(w, r)
	})
}

func (s *server) authorized(next http.Handler) http.Handler {
	want := sha256.Sum256([]byte(s.Token))
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		token, ok := strings.CutPrefix(r.Header.Get("Authorization"), "Bearer ")
		got := sha256.Sum256([]byte(token))
		if !ok || token == "" || subtle.ConstantTimeCompare(got[:], want[:]) != 1 {
			w.Header().Set("WWW-Authenticate", `Bearer realm="apimulator management"`)
			refuse(w, http.StatusUnauthorized, "the management listener needs the bearer that stands in management.json of the state folder")
			return
		}
		r.Body = http.MaxBytesReader(w, r.Body, maxBody)
		next.ServeHTTP(w, r)
	})
}

func (s *server) traces(w http.ResponseWriter, _ *http.Request) {
	reply(w, s.Recorder.Newest(trace.Kept))
}

func (s *server) lastTrace(w http.ResponseWriter, _ *http.Request) {
	record := s.Recorder.Last()
	if record == nil {
		refuse(w, http.StatusNotFound, "no request has been recorded yet")
		return
	}
	reply(w, record)
}

// follow sends each record as an event until the reader goes.
func (s *server) follow(w http.ResponseWriter, r *http.Request) {
	records, stop := s.Recorder.Follow()
	defer stop()
	w.Header().Set("Content-Type", "text/event-stream")
	flush := http.NewResponseController(w).Flush
	for err := flush(); err == nil; err = flush() {
		select {
		case <-r.Context().Done():
			return
		case <-s.closing():
			return
		case record := <-records:
			data, err := json.Marshal(record)
			if err != nil {
				return
			}
			if _, err := fmt.Fprintf(w, "data: %s\n\n", data); err != nil {
				return
			}
		}
	}
}

// closing is closed when the listener ends.
func (s *server) closing() <-chan struct{} {
	if s.Closing == nil {
		return nil
	}
	return s.Closing
}

func (s *server) trace(w http.ResponseWriter, r *http.Request) {
	record := s.Recorder.Find(r.PathValue("id"))
	if record == nil {
		refuse(w, http.StatusNotFound, fmt.Sprintf("no trace has this id; the last %d requests are kept", trace.Kept))
		return
	}
	reply(w, record)
}

type clockState struct {
	Now    time.Time `json:"now"`
	Offset string    `json:"offset"`
}

func (s *server) clock(w http.ResponseWriter, _ *http.Request) {
	reply(w, clockState{s.Clock.Now(), s.Clock.Offset().String()})
}

func (s *server) advance(w http.ResponseWriter, r *http.Request) {
	var request struct {
		By string `json:"by"`
	}
	if err := Decode(r.Body, &request); err != nil {
		status := http.StatusBadRequest
		if large := (*http.MaxBytesError)(nil); errors.As(err, &large) {
			status = http.StatusRequestEntityTooLarge
		}
		refuse(w, status, err.Error())
		return
	}
	by, err := time.ParseDuration(request.By)
	if err != nil || by < 0 {
		refuse(w, http.StatusBadRequest, fmt.Sprintf(`"by" is a duration that is not negative, such as "5m", not %q`, request.By))
		return
	}
	if by > maxOffset-s.Clock.Offset() {
		refuse(w, http.StatusBadRequest, "the clock can be moved a hundred years at most")
		return
	}
	s.Clock.Advance(by)
	s.clock(w, r)
}

// Decode reads one JSON value strictly: unknown members and trailing text are
// errors.
func Decode(r io.Reader, v any) error {
	d := json.NewDecoder(r)
	d.DisallowUnknownFields()
	if err := d.Decode(v); err != nil {
		return fmt.Errorf("the request's JSON can't be read: %w", err)
	}
	if _, err := d.Token(); !errors.Is(err, io.EOF) {
		return errors.New("the request's JSON is followed by something else")
	}
	return nil
}

func reply(w http.ResponseWriter, v any) {
	w.Header().Set("Content-Type", "application/json")
	encoder := json.NewEncoder(w)
	encoder.SetIndent("", "  ")
	// An error here is the client's going away; there is nobody to tell.
	_ = encoder.Encode(v)
}

func refuse(w http.ResponseWriter, status int, message string) {
	w.Header().Set("Content-Type", "application/json")
	w.WriteHeader(status)
	_ = json.NewEncoder(w).Encode(map[string]string{"error": message})
}

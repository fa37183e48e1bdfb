package managedidentity

import (
	"context"
	"encoding/json"
	"errors"
	"log/slog"
	"net/http"
	"strings"
	"time"

	"github.com/google/uuid"

	"github.com/apimulator/apimulator/policy/exchange"
)

// EmulatedBy is the value of the X-Emulated-By header on everything that is served.
const EmulatedBy = "apimulator"

// An Issuer makes the tokens: the emulated Entra ID.
type Issuer interface {
	// ManagedIdentityToken makes an access token of the identity for the resource,
	// which is spelled as the client did. It returns a [*ResourceError] if the
	// identity's tenant doesn't know the resource.
	ManagedIdentityToken(ctx context.Context, resource string, id Identity) (Token, error)
}

// A Token is an access token and its times.
type Token struct {
	AccessToken          string
	NotBefore, ExpiresOn time.Time
}

// A ResourceError says that the resource isn't known.
type ResourceError struct {
	// Text is Entra's sentence with its number, "AADSTS500011: ...".
	Text string
}

// Error is the sentence.
func (e *ResourceError) Error() string { return e.Text }

// Options are what a [Server] needs besides its [Config].
type Options struct {
	// Issuer makes the tokens. It is required.
	Issuer Issuer
	// Secret is the value of IDENTITY_HEADER that clients of the App Service shape
	// must send. It is required.
	Secret string
	// Clock is what answers are dated by; nil is the operating system's.
	Clock exchange.Clock
	// Logger gets a line for each token and refusal, never with a secret; nil
	// discards them.
	Logger *slog.Logger
}

// A Server is an emulated managed identity endpoint. It is safe for use by several
// goroutines.
type Server struct {
	config Config
	issuer Issuer
	secret string
	clock  exchange.Clock
	log    *slog.Logger
	faults faultBox
}

// New makes a server. It fails if the configuration is invalid or a required option
// is missing.
func New(c Config, o Options) (*Server, error) {
	if err := c.Validate(); err != nil {
		return nil, err
	}
	if o.Issuer == nil {
		return nil, errors.New("managedidentity: no issuer")
	}
	if o.Secret == "" {
		return nil, errors.New("managedidentity: no secret for IDENTITY_HEADER")
	}
	if o.Clock == nil {
		o.Clock = exchange.System
	}
	if o.Logger == nil {
		o.Logger = slog.New(slog.DiscardHandler)
	}
	return &Server{config: c, issuer: o.Issuer, secret: o.Secret, clock: o.Clock, log: o.Logger}, nil
}

// Paths of the two shapes, in lower case and without a slash at the end: the path
// is whatever the client's variable says (identity.md 2.1, trap 11).
const (
	appServicePath = "/msi/token"
	imdsPath       = "/metadata/identity/oauth2/token"
)

// imdsHosts are the addresses that a proxy's request may name.
var imdsHosts = []string{"169.254.169.254", "169.254.169.254:80"}

// ServeHTTP answers in the shape of the request's path.
func (s *Server) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	h := w.Header()
	h.Set("X-Emulated-By", EmulatedBy)
	h.Set("X-Content-Type-Options", "nosniff")
	h.Set("Cache-Control", "no-store")
	path := strings.ToLower(strings.TrimSuffix(r.URL.Path, "/"))
	proxied := r.URL.Host != ""
	switch {
	case path == appServicePath && !proxied:
		s.serve(w, r, appService{s})
	case path == imdsPath && (!proxied || r.URL.Host == imdsHosts[0] || r.URL.Host == imdsHosts[1]):
		s.serve(w, r, imds{s})
	default:
		s.refuse(w, r, imds{s}, &refusal{http.StatusBadRequest, "invalid_request",
			"This is apimulator's emulated managed identity endpoint. It answers at " + appServicePath + " and " + imdsPath + " only."})
	}
}

// A shape is a dialect of the endpoint.
type shape interface {
	// read checks the request and finds out what it asks for.
	read(*http.Request) (query, *refusal)
	// answer is the body of a 200.
	answer(q query, t Token, now time.Time) any
	// problem is the body of an error.
	problem(r *http.Request, e *refusal) any
}

// A query is what a request asks for.
type query struct {
	resource string
	identity Identity
}

// A refusal is an error answer; name is IMDS's name of it.
type refusal struct {
	status     int
	name, text string
}

func badRequest(text string) *refusal {
	return &refusal{http.StatusBadRequest, "invalid_request", text}
}

// serve answers a request in that shape.
func (s *Server) serve(w http.ResponseWriter, r *http.Request, in shape) {
	fault := s.faults.spend()
	if !wait(r.Context(), s.clock, fault.delay()) {
		return // nobody is there to be answered
	}
	if fault.Status != 0 {
		s.refuse(w, r, in, &refusal{fault.Status, "fault_injected", "The emulator was told to answer this status."})
		return
	}
	if r.Method != http.MethodGet {
		w.Header().Set("Allow", http.MethodGet)
		s.refuse(w, r, in, &refusal{http.StatusMethodNotAllowed, "method_not_allowed", "The endpoint takes GET requests only."})
		return
	}
	q, problem := in.read(r)
	if problem != nil {
		s.refuse(w, r, in, problem)
		return
	}
	token, err := s.issuer.ManagedIdentityToken(r.Context(), q.resource, q.identity)
	if err != nil {
		s.refuse(w, r, in, s.issuerProblem(err))
		return
	}
	s.log.Info("managed identity token issued", "client", q.identity.ClientID, "resource", q.resource)
	writeJSON(w, http.StatusOK, in.answer(q, token, s.clock.Now()))
}

// issuerProblem is the answer to an issuer's error.
func (s *Server) issuerProblem(err error) *refusal {
	var unknown *ResourceError
	if errors.As(err, &unknown) {
		return &refusal{http.StatusBadRequest, "invalid_resource", unknown.Text}
	}
	s.log.Error("a managed identity token can't be made", "error", err)
	return &refusal{http.StatusInternalServerError, "unknown", "The emulator failed to make the token; its log says why."}
}

func (s *Server) refuse(w http.ResponseWriter, r *http.Request, in shape, e *refusal) {
	s.log.Info("refused", "status", e.status, "error", e.name)
	writeJSON(w, e.status, in.problem(r, e))
}

func writeJSON(w http.ResponseWriter, status int, v any) {
	body, err := json.Marshal(v)
	if err != nil {
		http.Error(w, "The answer can't be written as JSON.", http.StatusInternalServerError)
		return
	}
	w.Header().Set("Content-Type", "application/json; charset=utf-8")
	w.WriteHeader(status)
	w.Write(body)
}

// correlationID is the id that the client sent for its request, or a new one.
func correlationID(r *http.Request) string {
	if id := r.Header.Get("x-ms-client-request-id"); isGUID(id) {
		return id
	}
	return uuid.NewString()
}

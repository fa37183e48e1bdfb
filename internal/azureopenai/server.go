package azureopenai

import (
	"context"
	cryptorand "crypto/rand"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"log/slog"
	"math/rand/v2"
	"net/http"
	"slices"
	"sync"

	"github.com/apimulator/apimulator/internal/tokencount"
	"github.com/apimulator/apimulator/policy/exchange"
)

// Options are what a [Server] needs of the program around it.
type Options struct {
	// Clock tells the time of answers and of rate limits; nil is
	// [exchange.System].
	Clock exchange.Clock
	// Verify checks an access token, signature, issuer and lifetime included,
	// and that it is for one of the audiences. Its error goes to Logger, so it
	// must not hold the token; the client does not see it. Without Verify no
	// token is good.
	Verify func(ctx context.Context, token string, audiences []string) (Principal, error)
	// Logger gets, at debug level, why a token was refused; nil is none.
	Logger *slog.Logger
	// Random makes the ids of requests and answers; nil draws them at random.
	Random rand.Source
}

// Server is an emulated Azure OpenAI resource. It may serve several requests at
// once.
type Server struct {
	config      Config
	keys        []string
	deployments map[string]*deployment
	assignments []assignment
	rules       []rule
	judge       *judge
	clock       exchange.Clock
	verify      func(ctx context.Context, token string, audiences []string) (Principal, error)
	logger      *slog.Logger

	randomMu sync.Mutex
	random   rand.Source // nil is the runtime's own

	injected injected
	records  records
}

var _ http.Handler = (*Server)(nil)

type deployment struct {
	name      string
	modelName string
	model     model
	encoding  *tokencount.Encoding
	limiter   *limiter
	latency   Latency
	vectors   *vectorSpace // nil without embeddings
	// fingerprint and session stay the same for a deployment.
	fingerprint string
	session     string
}

type assignment struct {
	principalID string
	role        role
}

// New makes a server of a configuration, which has to be valid.
func New(config Config, options Options) (*Server, error) {
	if err := config.Validate(); err != nil {
		return nil, err
	}
	s := &Server{
		config:      config,
		keys:        slices.Clone(config.Keys),
		deployments: map[string]*deployment{},
		clock:       options.Clock,
		verify:      options.Verify,
		logger:      options.Logger,
		random:      options.Random,
	}
	if s.clock == nil {
		s.clock = exchange.System
	}
	if s.logger == nil {
		s.logger = slog.New(slog.DiscardHandler)
	}
	if s.verify == nil {
		s.verify = func(context.Context, string, []string) (Principal, error) {
			return Principal{}, errors.New("no issuer of tokens is configured")
		}
	}
	if len(s.keys) == 0 {
		s.keys = []string{newKey(), newKey()}
	}
	for name, d := range config.Deployments {
		s.deployments[name] = s.newDeployment(name, d)
	}
	for _, a := range config.RoleAssignments {
		role, _ := findRole(a.Role) // Validate found it
		s.assignments = append(s.assignments, assignment{a.PrincipalID, role})
	}
	for _, a := range config.Answers {
		s.rules = append(s.rules, newRule(a))
	}
	s.judge = newJudge(config.ContentSafety)
	s.injected.set(config.Faults)
	return s, nil
}

func (s *Server) newDeployment(name string, d Deployment) *deployment {
	hash := sha256.Sum256([]byte(name + "\x00" + d.Model))
	latency := s.config.Latency
	if d.Latency != nil {
		latency = *d.Latency
	}
	m := findModel(d.Model)
	var vectors *vectorSpace
	if m.dimensions > 0 {
		vectors = newVectorSpace(d.Model, m.dimensions)
	}
	return &deployment{
		name:        name,
		modelName:   d.Model,
		model:       m,
		latency:     latency,
		vectors:     vectors,
		encoding:    tokencount.ForModel(d.Model),
		limiter:     newLimiter(d.rateLimit()),
		fingerprint: "fp_" + hex.EncodeToString(hash[:5]),
		session:     fmt.Sprintf("d%03d-%s", int(hash[5]), s.clock.Now().UTC().Format("20060102150405")),
	}
}

// newKey is as random as Azure's, and as long as its older ones.
func newKey() string {
	var key [16]byte
	cryptorand.Read(key[:]) // never fails
	return hex.EncodeToString(key[:])
}

// Keys are the values of api-key that the server takes: the configured ones, or
// the two it made.
func (s *Server) Keys() []string { return slices.Clone(s.keys) }

// Hosts are the host names that lead to the resource, as configured.
func (s *Server) Hosts() []string { return slices.Clone(s.config.Hosts) }

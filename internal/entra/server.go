package entra

import (
	"context"
	"fmt"
	"log/slog"
	"time"

	"github.com/apimulator/apimulator/policy/exchange"
)

// Lives and numbers of what is handed out, all by the clock.
const (
	codeLife    = 10 * time.Minute
	deviceLife  = 15 * time.Minute
	signInLife  = 15 * time.Minute
	refreshLife = 90 * 24 * time.Hour

	maxPending = 1_000 // codes, device codes, sign-in pages, each
	maxRefresh = 20_000
)

// Options are what a [Server] needs besides its [Config]. The zero value works.
type Options struct {
	// Clock is what tokens are dated by; nil is the operating system's.
	Clock exchange.Clock
	// StateDir is the folder that keeps the signing keys and the generated secrets,
	// readable for the owner only. If empty they are new at each start.
	StateDir string
	// AutoSignIn signs in without a page: the user of login_hint, or else the first.
	AutoSignIn bool
	// Keys are signing keys that servers of one process share; nil: the server makes
	// its own. Making a key takes long, so tests that start many servers share them.
	Keys *KeyPool
	// Federate checks that the keys which an issuer publishes verify a token of it; its
	// times, subject and audience are looked at here. It fails with [ErrIssuerSignature]
	// or [ErrIssuerKeys], or an error that wraps one. Nil: no issuer can be reached.
	Federate func(ctx context.Context, token, issuer string) error
	// Hosts are further names (host or host:port) by which clients reach the server,
	// for instance discovery. Microsoft's own, loopback names and the name of the
	// request are always known.
	Hosts []string
	// Logger gets a line for each token, refusal and key change, never with a
	// secret; nil discards them.
	Logger *slog.Logger
}

// A Server is an emulated Entra ID. It is safe for use by several goroutines.
type Server struct {
	directory  *directory
	lifetime   time.Duration // of access tokens; 0: as in Entra
	clock      exchange.Clock
	autoSignIn bool
	hosts      []string
	federate   func(ctx context.Context, token, issuer string) error
	log        *slog.Logger

	keys    *keyRing
	foreign func(now time.Time) (*signingKey, error) // a key that is never published
	secrets map[string]Secret                        // generated, by client id
	faults  faultBox

	codes   *tickets[*authorizationCode]
	signIns *tickets[*authorizeRequest]
	refresh *tickets[*refreshToken]
	devices *devices
}

// New makes a server. It fails if the configuration is invalid or the state folder
// can't be read or written.
func New(c Config, o Options) (*Server, error) {
	if err := c.Validate(); err != nil {
		return nil, err
	}
	if o.Clock == nil {
		o.Clock = exchange.System
	}
	if o.Logger == nil {
		o.Logger = slog.New(slog.DiscardHandler)
	}
	if o.Federate == nil {
		o.Federate = func(context.Context, string, string) error { return ErrIssuerKeys }
	}
	store := stateFolder(o.StateDir)
	keys, err := newKeyRing(o.Clock, store, o.Keys)
	if err != nil {
		return nil, err
	}
	secrets, err := store.secrets(c)
	if err != nil {
		return nil, err
	}
	return &Server{
		directory:  newDirectory(c, secrets),
		lifetime:   c.AccessTokenLifetime,
		clock:      o.Clock,
		autoSignIn: o.AutoSignIn,
		hosts:      o.Hosts,
		federate:   o.Federate,
		log:        o.Logger,
		keys:       keys,
		foreign:    o.Keys.foreignSource(),
		secrets:    secrets,
		codes:      newTickets[*authorizationCode](o.Clock, codeLife, maxPending),
		signIns:    newTickets[*authorizeRequest](o.Clock, signInLife, maxPending),
		refresh:    newTickets[*refreshToken](o.Clock, refreshLife, maxRefresh),
		devices:    newDevices(o.Clock),
	}, nil
}

// Secret is the generated client secret of an app, by its name or client id. It
// fails if there is no such app or its secret isn't generated.
func (s *Server) Secret(nameOrID string) (Secret, error) {
	for _, t := range s.directory.tenants {
		for _, a := range t.apps {
			if !a.calledBy(nameOrID) {
				continue
			}
			if secret, ok := s.secrets[a.ClientID]; ok {
				return secret, nil
			}
			return "", fmt.Errorf("the secret of app %q isn't generated; set generateSecret, or use the one configured", a.Name)
		}
	}
	return "", fmt.Errorf("there is no app %q", nameOrID)
}

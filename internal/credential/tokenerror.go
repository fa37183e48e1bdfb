package credential

import (
	"errors"
	"fmt"
)

// A TokenError tells why an identity gave no token. It holds no secret.
type TokenError struct {
	Mode     Mode
	Resource string
	ClientID string // "" for the system-assigned identity
	Err      error  // the cause; never nil

	advice string
}

func (e *TokenError) Error() string {
	text := fmt.Sprintf("no token for resource %q from %s (--identity %s): %s", e.Resource, e.identity(), e.Mode, oneLine(e.Err.Error()))
	if e.advice != "" {
		text += "; " + e.advice
	}
	return text
}

// Unwrap is the cause.
func (e *TokenError) Unwrap() error { return e.Err }

func (e *TokenError) identity() string {
	switch {
	case e.ClientID != "":
		return fmt.Sprintf("the user-assigned identity %q", e.ClientID)
	case e.Mode == FromAzure:
		return "DefaultAzureCredential"
	}
	return "the system-assigned identity"
}

// An unusable error is found here, not at an endpoint, and says itself what to do.
type unusable string

func (e unusable) Error() string { return string(e) }

const errClosed = unusable("the gateway is stopping")

// What to do, by mode: where the endpoint refused, and where there was no answer
// or none that was understood. The emulated endpoint not being there is explained
// by the transport.
var (
	adviceIfRefused = map[Mode]string{
		FromEmulated:    "compare resource and client-id of the policy with managedIdentity in the configuration",
		FromEnvironment: "compare resource and client-id of the policy with the identities that this platform gives",
		FromAzure:       "compare resource and client-id of the policy with the identities that are signed in here",
	}
	adviceIfSilent = map[Mode]string{
		FromEnvironment: "the endpoint is the one of IDENTITY_ENDPOINT or MSI_ENDPOINT, without these " + metadataHost +
			"; where there is none, start with --identity emulated or azure",
		FromAzure: "sign in (az login), or set the variables of one of the credentials above",
	}
)

func (s *Source) explain(id identity, err error) *TokenError {
	e := &TokenError{Mode: s.mode, Resource: id.resource, ClientID: id.clientID, Err: err}
	var (
		refused *refusal
		told    unusable
	)
	switch {
	case errors.As(err, &refused):
		e.advice = adviceIfRefused[s.mode]
	case !errors.As(err, &told):
		e.advice = adviceIfSilent[s.mode]
	}
	return e
}

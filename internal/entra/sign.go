package entra

import (
	"fmt"
	"maps"
	"net/http"
)

// Sign makes a token of exactly these claims with the server's current key, for tests
// of policies that trust another issuer than Entra ID. fault breaks it in one of the
// ways that [TokenFaults] lists.
func (s *Server) Sign(claims map[string]any, fault string) (string, error) {
	token, err := s.signFaulty(draft{header: header(2), claims: maps.Clone(claims)}, fault)
	if err != nil {
		return "", fmt.Errorf("mint: %w", err)
	}
	return token, nil
}

// PublishKeys answers with the keys that verify what [Server.Sign] made: a JWK set, or
// what the fault of the published keys says.
func (s *Server) PublishKeys(w http.ResponseWriter, r *http.Request) {
	s.jwks(w, &call{Request: r, now: s.clock.Now(), authority: authority{name: common}})
}

// PublishDiscovery answers with a discovery document of an issuer, or what the fault of
// the discovery documents says.
func (s *Server) PublishDiscovery(w http.ResponseWriter, r *http.Request, issuer, keysURL string) {
	s.publish(w, &call{Request: r, now: s.clock.Now(), authority: authority{name: common}}, s.faults.discovery(), map[string]any{
		"issuer": issuer, "jwks_uri": keysURL, "x_emulated_by": EmulatedBy,
		"id_token_signing_alg_values_supported": []string{"RS256"}, "response_types_supported": []string{"code"}, "subject_types_supported": []string{"public"},
	})
}

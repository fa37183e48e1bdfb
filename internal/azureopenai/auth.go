package azureopenai

import (
	"context"
	"crypto/subtle"
	"errors"
	"log/slog"
	"net/http"
	"strings"
)

// Principal is whom a token speaks for.
type Principal struct {
	// ObjectID is the token's oid, which roles are assigned to.
	ObjectID string
	// TenantID is the token's tid.
	TenantID string
}

// audiences are those that the service takes a token for (azure-openai.md 1.4).
var audiences = []string{
	"https://cognitiveservices.azure.com",
	"https://cognitiveservices.azure.com/",
	"https://ai.azure.com",
}

// keyPrincipal stands in records for a caller who came with a key.
const keyPrincipal = "api-key"

// authenticate decides who calls and whether they may do op. Where both
// credentials come, the bearer token alone decides: nobody has written down what
// the service does, but many a gateway passes its clients' key on beside the
// token that it adds, and works. A header that stands twice is not taken.
func (s *Server) authenticate(r *http.Request, op operation) (principal string, refused *refusal) {
	switch authorization, keys := r.Header.Values("Authorization"), r.Header.Values(op.keyHeader); {
	case len(authorization) == 1:
		return s.authenticateToken(r.Context(), authorization[0], op)
	case len(authorization) > 1 || len(keys) == 0:
		return "", invalidToken()
	case s.config.DisableLocalAuth:
		return "", keysDisabled()
	case len(keys) > 1 || !s.isKey(keys[0]):
		return "", invalidKey()
	}
	return keyPrincipal, nil
}

func (s *Server) isKey(key string) bool {
	found := 0
	for _, k := range s.keys {
		found |= subtle.ConstantTimeCompare([]byte(k), []byte(key))
	}
	return found == 1
}

// authenticateToken tells the client nothing of why a token is refused, as the
// service does not; the log has it.
func (s *Server) authenticateToken(ctx context.Context, authorization string, op operation) (objectID string, refused *refusal) {
	principal, err := s.verifyBearer(ctx, authorization)
	if err != nil {
		s.logger.LogAttrs(ctx, slog.LevelDebug, "azure openai: access token refused", slog.String("reason", err.Error()))
		return "", invalidToken()
	}
	if !strings.EqualFold(principal.TenantID, s.config.TenantID) {
		return principal.ObjectID, foreignTenant(principal.TenantID)
	}
	for _, a := range s.assignments {
		if strings.EqualFold(a.principalID, principal.ObjectID) && a.role.allows(op.dataAction) {
			return principal.ObjectID, nil
		}
	}
	return principal.ObjectID, permissionDenied(principal.ObjectID, op)
}

func (s *Server) verifyBearer(ctx context.Context, authorization string) (Principal, error) {
	scheme, token, _ := strings.Cut(authorization, " ")
	token = strings.TrimSpace(token)
	if !strings.EqualFold(scheme, "Bearer") || token == "" {
		return Principal{}, errors.New("the Authorization header holds no bearer token")
	}
	return s.verify(ctx, token, audiences)
}

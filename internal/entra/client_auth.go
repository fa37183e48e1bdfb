package entra

import (
	"crypto/sha256"
	"crypto/subtle"
	"encoding/base64"
	"net/url"
	"strings"
	"time"
)

// An authenticated client has shown that it is the app, or can't and needn't.
type authenticated struct {
	*app
	// method is the appidacr or azpacr of its tokens.
	method string
}

// Values of appidacr and azpacr.
const (
	authNone        = "0"
	authSecret      = "1"
	authCertificate = "2"
)

// authenticate finds the client of a token request and checks its secret, which
// stands in the form or in the Authorization header, or its assertion.
func (s *Server) authenticate(c *call, f form) (authenticated, *Error) {
	id, secret, err := credentials(c, f)
	if err != nil {
		return authenticated{}, err
	}
	client, err := s.client(c.authority, id)
	if err != nil {
		return authenticated{}, err
	}
	assertion := f.get("client_assertion") != "" || f.get("client_assertion_type") != ""
	if client.PublicClient {
		if secret != "" || assertion {
			return authenticated{}, errPublicClient.of()
		}
		return authenticated{client, authNone}, nil
	}
	switch {
	case assertion && secret != "":
		return authenticated{}, errClientTwice.of()
	case assertion:
		return authenticated{client, authCertificate}, s.authenticateAssertion(c, f, client)
	case secret == "":
		return authenticated{}, errCredentialMissing.of()
	}
	if err := client.checkSecret(secret, c.now); err != nil {
		return authenticated{}, err
	}
	return authenticated{client, authSecret}, nil
}

// credentials are the client id and secret of a token request. Both places may
// name the client, but not differently.
func credentials(c *call, f form) (id, secret string, err *Error) {
	id, secret = f.get("client_id"), f.get("client_secret")
	basicID, basicSecret, ok := basicCredentials(c.Header.Get("Authorization"))
	if ok {
		if id != "" && !strings.EqualFold(id, basicID) || secret != "" && secret != basicSecret {
			return "", "", errClientTwice.of()
		}
		id, secret = basicID, basicSecret
	}
	if id == "" {
		return "", "", errParameterMissing.of("client_id")
	}
	return id, secret, nil
}

// basicCredentials reads an Authorization header of HTTP Basic, whose parts OAuth
// 2.0 form-encodes (RFC 6749 section 2.3.1). Clients that don't encode are common,
// so a part that doesn't decode is taken as it is.
func basicCredentials(header string) (id, secret string, ok bool) {
	encoded, ok := cutPrefixFold(header, "Basic ")
	if !ok {
		return "", "", false
	}
	decoded, err := base64.StdEncoding.DecodeString(strings.TrimSpace(encoded))
	if err != nil {
		return "", "", false
	}
	id, secret, ok = strings.Cut(string(decoded), ":")
	return formDecode(id), formDecode(secret), ok
}

func formDecode(s string) string {
	if decoded, err := url.QueryUnescape(s); err == nil {
		return decoded
	}
	return s
}

// checkSecret compares with every secret of the app, in constant time.
func (a *app) checkSecret(secret string, now time.Time) *Error {
	valid, expired := 0, 0
	for _, s := range a.Secrets {
		same := sameSecret(secret, string(s.Value))
		if s.Expires.IsZero() || now.Before(s.Expires) {
			valid |= same
		} else {
			expired |= same
		}
	}
	switch {
	case valid == 1:
		return nil
	case expired == 1:
		return errSecretExpired.of(a.ClientID)
	default:
		return errSecretWrong.of(a.ClientID)
	}
}

// sameSecret is 1 if both are equal. Hashing hides the length, too.
func sameSecret(a, b string) int {
	x, y := sha256.Sum256([]byte(a)), sha256.Sum256([]byte(b))
	return subtle.ConstantTimeCompare(x[:], y[:])
}

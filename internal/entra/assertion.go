package entra

import (
	"context"
	"crypto/sha1"
	"crypto/sha256"
	"crypto/x509"
	"encoding/base64"
	"encoding/hex"
	"errors"
	"net/url"
	"slices"
	"strings"
	"time"

	"github.com/golang-jwt/jwt/v5"
)

// A client may authenticate with a signed assertion (RFC 7523): one that it signs itself
// with the key of a registered certificate, or a token of another issuer that a federated
// credential names (workload identity).

const jwtBearer = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"

// assertionSkew is how far a client's clock may be off.
const assertionSkew = 5 * time.Minute

// maxFederatedLife is how long a token of another issuer may live (observed,
// azure-docs#86915).
const maxFederatedLife = 25 * time.Hour

// What a [Options.Federate] says of a token that it does not vouch for.
var (
	// ErrIssuerKeys: the issuer's keys can't be had, or none of them is the token's.
	ErrIssuerKeys = errors.New("the issuer has no key of the token")
	// ErrIssuerSignature: the key does not verify the token.
	ErrIssuerSignature = errors.New("the issuer's key does not verify the token")
)

// assertionMethods are the algorithms of assertions: those of RSA keys, which Entra takes.
var assertionMethods = []string{"RS256", "PS256"}

// assertion is a client assertion, read but not yet believed.
type assertion struct {
	raw    string
	token  *jwt.Token
	claims jwt.MapClaims
	issuer string
}

// authenticateAssertion checks client_assertion.
func (s *Server) authenticateAssertion(c *call, f form, client *app) *Error {
	if kind := f.get("client_assertion_type"); kind == "" {
		return errParameterMissing.of("client_assertion_type")
	} else if kind != jwtBearer {
		return errAssertionType.of(kind)
	}
	raw, err := f.need("client_assertion")
	if err != nil {
		return err
	}
	a, err := readAssertion(strings.TrimSpace(raw)) // a file ends with a line feed
	if err != nil {
		return err
	}
	if strings.EqualFold(a.issuer, client.ClientID) {
		return s.checkOwnAssertion(c, a, client)
	}
	return s.checkFederated(c.Context(), c.now, a, client)
}

func readAssertion(raw string) (*assertion, *Error) {
	a := &assertion{raw: raw, claims: jwt.MapClaims{}}
	var err error
	if a.token, _, err = jwt.NewParser().ParseUnverified(raw, a.claims); err != nil {
		return nil, errAssertionMalformed.of()
	}
	a.issuer, _ = a.claims["iss"].(string)
	return a, nil
}

// subject is sub.
func (a *assertion) subject() string {
	subject, _ := a.claims["sub"].(string)
	return subject
}

// checkTime refuses an assertion before its time and after it.
func (a *assertion) checkTime(now time.Time) *Error {
	expires, err := a.claims.GetExpirationTime()
	begins, otherErr := a.claims.GetNotBefore()
	if err != nil || otherErr != nil || expires == nil {
		return errAssertionMalformed.of()
	}
	from := time.Unix(0, 0)
	if begins != nil {
		from = begins.Time
	}
	if now.Before(from.Add(-assertionSkew)) || !now.Before(expires.Add(assertionSkew)) {
		return errAssertionTime.of(assertionStamp(now), assertionStamp(from), assertionStamp(expires.Time))
	}
	return nil
}

func assertionStamp(t time.Time) string { return t.UTC().Format("2006-01-02T15:04:05.0000000Z") }

// checkOwnAssertion checks an assertion that the client has signed itself.
func (s *Server) checkOwnAssertion(c *call, a *assertion, client *app) *Error {
	certificate, thumbprint, err := a.certificate(client)
	if err != nil {
		return err
	}
	switch {
	case !strings.EqualFold(a.subject(), client.ClientID):
		return errAssertionClient.of()
	case !s.acceptsAudience(c, a):
		return errAssertionAudience.of()
	}
	if err := a.checkTime(c.now); err != nil {
		return err
	}
	if c.now.After(certificate.NotAfter) || c.now.Before(certificate.NotBefore) {
		return errAssertionExpiredKey.of(thumbprint, keySpan(certificate), client.ClientID)
	}
	if !a.signedBy(certificate) {
		return errAssertionSignature.of(thumbprint, keySpan(certificate), client.ClientID)
	}
	return nil
}

func keySpan(c *x509.Certificate) string {
	const layout = "01/02/2006 15:04:05"
	return "Start=" + c.NotBefore.UTC().Format(layout) + ", End=" + c.NotAfter.UTC().Format(layout)
}

// certificate is the registered one that the header names: by its SHA-1 (x5t), its SHA-256
// (x5t#S256) or either of them as kid. x5c does not count: its issuers are not trusted.
func (a *assertion) certificate(client *app) (*x509.Certificate, string, *Error) {
	named := false
	thumbprint := ""
	for _, name := range []string{"x5t#S256", "x5t", "kid"} {
		text, ok := a.token.Header[name].(string)
		if !ok {
			continue
		}
		named = true
		digest := digestOf(text)
		if thumbprint == "" {
			thumbprint = strings.ToUpper(hex.EncodeToString(digest))
		}
		for _, certificate := range client.certificates {
			short, long := sha1.Sum(certificate.Raw), sha256.Sum256(certificate.Raw)
			if slices.Equal(digest, short[:]) || slices.Equal(digest, long[:]) {
				return certificate, thumbprint, nil
			}
		}
	}
	if !named {
		return nil, "", errAssertionNoKey.of()
	}
	return nil, "", errAssertionKey.of(thumbprint, client.ClientID)
}

// digestOf reads a digest in base64url, or, as MSAL Go writes it, in standard base64 with
// padding (identity.md trap 29), or, as a kid may be, in hexadecimal.
func digestOf(text string) []byte {
	if digest, err := hex.DecodeString(text); err == nil {
		return digest
	}
	text = strings.NewReplacer("+", "-", "/", "_").Replace(strings.TrimRight(text, "="))
	digest, err := base64.RawURLEncoding.DecodeString(text)
	if err != nil {
		return nil
	}
	return digest
}

// signedBy reports whether the certificate's key verifies the assertion.
func (a *assertion) signedBy(certificate *x509.Certificate) bool {
	_, err := jwt.NewParser(jwt.WithValidMethods(assertionMethods), jwt.WithoutClaimsValidation()).
		Parse(a.raw, func(*jwt.Token) (any, error) { return certificate.PublicKey, nil })
	return err == nil
}

// acceptsAudience reports whether the assertion is for this tenant's token endpoint or
// issuer, of either version, by any name of the server.
func (s *Server) acceptsAudience(c *call, a *assertion) bool {
	audiences, err := a.claims.GetAudience()
	return err == nil && slices.ContainsFunc(audiences, func(audience string) bool {
		u, err := url.Parse(audience)
		if err != nil || u.Scheme != "https" || !s.isAuthorityHost(c, u.Host) {
			return false
		}
		segment, rest, _ := strings.Cut(strings.TrimPrefix(u.Path, "/"), "/")
		named, known := s.authority(segment)
		return known && named.tenant == c.authority.tenant &&
			slices.Contains([]string{"oauth2/token", "oauth2/v2.0/token", "v2.0", ""}, rest)
	})
}

// checkFederated checks a token of another issuer. The credential that names it has to fit
// in issuer, subject and audience; the texts tell which does not (identity.md 5.6; issues
// Azure/login#515 and azure-workload-identity#1200).
func (s *Server) checkFederated(ctx context.Context, now time.Time, a *assertion, client *app) *Error {
	credential, err := a.federation(client)
	if err != nil {
		return err
	}
	if err := a.checkTime(now); err != nil {
		return err
	}
	expires, _ := a.claims.GetExpirationTime() // checkTime has read it
	issued, bad := a.claims.GetIssuedAt()
	if bad != nil {
		return errAssertionMalformed.of()
	}
	at := time.Unix(0, 0)
	if issued != nil {
		at = issued.Time
	}
	if expires.Sub(at) > maxFederatedLife {
		return errFederatedLife.of(at.Unix(), expires.Unix())
	}
	if len(credential.certificates) > 0 {
		if !slices.ContainsFunc(credential.certificates, a.signedBy) {
			return errFederatedSignature.of()
		}
		return nil
	}
	switch err := s.federate(ctx, a.raw, credential.Issuer); {
	case errors.Is(err, ErrIssuerSignature):
		return errFederatedSignature.of()
	case err != nil:
		s.log.Warn("the token of another issuer can't be checked", "issuer", credential.Issuer, "reason", err)
		return errFederatedIssuer.of()
	}
	return nil
}

// federation finds the credential of an assertion.
func (a *assertion) federation(client *app) (*federation, *Error) {
	audiences, _ := a.claims.GetAudience()
	subject := a.subject()
	var byIssuer, bySubject, folded *federation
	for _, f := range client.federations {
		if f.Issuer != a.issuer {
			continue
		}
		byIssuer = f
		switch {
		case f.Subject == subject:
			bySubject = f
			if slices.ContainsFunc(audiences, func(audience string) bool { return slices.Contains(f.Audiences, audience) }) {
				return f, nil
			}
		case strings.EqualFold(f.Subject, subject):
			folded = f
		}
	}
	switch {
	case len(client.federations) == 0:
		return nil, errFederatedNone.of(a.issuer, subject, strings.Join(audiences, ","))
	case byIssuer == nil:
		return nil, errFederatedNoIssuer.of(a.issuer)
	case bySubject == nil && folded != nil:
		return nil, errFederatedCase.of(subject)
	case bySubject == nil:
		return nil, errFederatedNoSubject.of(subject)
	}
	return nil, errFederatedNoAudience.of(strings.Join(audiences, ","))
}

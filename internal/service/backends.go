package service

import (
	"crypto/sha256"
	"encoding/hex"
	"maps"
	"slices"
	"strings"
	"time"

	"github.com/apimulator/apimulator/internal/yamlfile"
	"github.com/apimulator/apimulator/policy"
	"github.com/apimulator/apimulator/policy/exchange"
)

// The bounds of backends. That a breaker has one rule and a pool 30 members at most
// stands in backends.md, 2025-05-20; the numbers from 0 to 100 in the reference of
// Microsoft.ApiManagement/service/backends. The count is bounded here: each failure up to
// it is remembered.
const (
	maxPoolMembers   = 30
	maxShare         = 100
	maxBreakerCount  = 10_000
	defaultPriority  = 1 // chosen: the reference has null there
	defaultWeight    = 1 // chosen, likewise
	daprBackend      = "dapr"
	singleBackend    = "Single"
	poolBackend      = "Pool"
	cookieSource     = "cookie"
	backendsResource = "/backends/"
)

// breakerReasons are those that Azure takes (observed.md 4.9), and whether a call of a
// backend can fail for it.
var breakerReasons = map[string]bool{
	"OperationNotFound": false, "SubscriptionKeyNotFound": false, "SubscriptionKeyInvalid": false, "ExpressionValueEvaluationFailure": false,
	exchange.ReasonClientConnectionFailure: true, exchange.ReasonBackendConnection: true, exchange.ReasonTimeout: true,
}

// backends reads the backend entities: first the single ones, which pools name.
func (l *loader) backends(s *Service, configured map[string]backendConfig) {
	s.Deployment.Backends = make(map[string]*exchange.BackendEntity)
	ids := slices.Sorted(maps.Keys(configured))
	for _, id := range ids {
		c := configured[id]
		s.Deployment.Backends[id] = &exchange.BackendEntity{ID: id}
		if c.Pool == nil {
			l.singleBackend(s, s.Deployment.Backends[id], &c)
		} else {
			s.Deployment.Backends[id].Pool = &exchange.BackendPool{}
		}
		if strings.EqualFold(id, daprBackend) {
			l.fail(c.Place, "a backend can't be called %s: policies mean Dapr by it", id)
		}
		if c.Protocol.Value != "" && c.Protocol.Value != "http" {
			l.fail(c.Protocol.Place, "backend %s: protocol is http; %q is not emulated", id, c.Protocol.Value)
		}
		want := singleBackend
		if c.Pool != nil {
			want = poolBackend
		}
		if c.Type.Value != "" && !strings.EqualFold(c.Type.Value, want) {
			l.fail(c.Type.Place, "backend %s: its type is %s here, not %q: with pool: it is a Pool, without it Single", id, want, c.Type.Value)
		}
	}
	for _, id := range ids {
		if c := configured[id]; c.Pool != nil {
			l.backendPool(s, s.Deployment.Backends[id], &c)
		}
	}
}

func (l *loader) singleBackend(s *Service, b *exchange.BackendEntity, c *backendConfig) {
	url := l.boundText("the url of backend "+b.ID, c.URL)
	switch u, err := exchange.ParseURL(url); {
	case c.URL.Value == "":
		l.fail(c.URL.Or(c.Place), "backend %s needs url, where its requests go, or pool", b.ID)
	case !namedHere(l.values, c.URL.Value): // which has been told
	case url != c.URL.Value && l.Inspect != nil: // a named value may be one that an inspection does not read
	case err != nil && url != c.URL.Value: // the error would show the named value
		l.fail(c.URL.Place, "backend %s: %s is no http or https URL with its named values put in", b.ID, c.URL.Value)
	case err != nil:
		l.fail(c.URL.Place, "backend %s: %s", b.ID, err)
	case u.RawQuery != "":
		l.fail(c.URL.Place, "backend %s: a query is not taken over; credentials: can add one", b.ID)
	default:
		b.URL = u
	}
	b.AnyChain, b.AnyName = !orTrue(c.TLS.ValidateCertificateChain), !orTrue(c.TLS.ValidateCertificateName)
	if c.Credentials != nil {
		l.backendCredentials(s, b, c.Credentials)
	}
	if c.CircuitBreaker != nil {
		b.Breaker = l.breaker(s, b.ID, c.CircuitBreaker)
	}
}

// boundText is a text with the named values put in. A missing one is told as Azure does
// (observed.md 5.8).
func (l *loader) boundText(what string, t yamlfile.Text) string {
	return policy.NamedValue().ReplaceAllStringFunc(t.Value, func(hole string) string {
		name := hole[2 : len(hole)-2]
		value, ok := l.values[name]
		if !ok {
			l.fail(t.Place, "%s: Property '%s' not found.", what, name)
		}
		return value
	})
}

// namedHere reports whether all named values of a text are there.
func namedHere(values map[string]string, text string) bool {
	for _, hole := range policy.NamedValue().FindAllString(text, -1) {
		if _, ok := values[hole[2:len(hole)-2]]; !ok {
			return false
		}
	}
	return true
}

func (l *loader) backendCredentials(s *Service, b *exchange.BackendEntity, c *credentialsConfig) {
	what := "the credentials of backend " + b.ID
	credentials := &b.Credentials
	credentials.Header = l.credentialFields(what, c.Header)
	credentials.Query = l.credentialFields(what, c.Query)
	for _, f := range credentials.Header {
		switch {
		case !isHeaderName(f.Name):
			l.fail(c.Place, "%s: %q is not a header's name", what, f.Name)
		case strings.ContainsFunc(f.Value, func(r rune) bool { return r < ' ' && r != '\t' || r == 0x7f }):
			l.fail(c.Place, "%s: the value of %s does not stand on one line", what, f.Name)
		}
	}
	if a := c.Authorization; a != nil {
		if a.Scheme.Value == "" {
			l.fail(a.Place, "%s: authorization needs a scheme, such as Basic or Bearer", what)
		}
		credentials.Authorization = strings.TrimSpace(l.boundText(what, a.Scheme) + " " + l.boundText(what, a.Parameter))
	}
	if m := c.ManagedIdentity; m != nil {
		if m.Resource.Value == "" {
			l.fail(m.Resource.Or(m.Place), "%s: managedIdentity needs the resource that tokens are for", what)
		}
		credentials.Resource, credentials.ClientID = l.boundText(what, m.Resource), l.boundText(what, m.ClientID)
		if c.Authorization != nil {
			l.fail(m.Place, "%s: managedIdentity and authorization both make the Authorization header; keep one", what)
		}
	}
	l.backendCertificate(s, what, credentials, c)
}

// backendCertificate takes the certificate. The resource has a list; which one of several
// would be shown, no page says.
func (l *loader) backendCertificate(s *Service, what string, credentials *exchange.BackendCredentials, c *credentialsConfig) {
	for i, id := range c.CertificateIDs {
		certificate, ok := s.Certificates[id.Value]
		switch {
		case i > 0:
			l.fail(id.Place, "%s: one certificate is shown; list no more", what)
		case !ok:
			l.fail(id.Place, "%s name the certificate %q, which is not there%s", what, id.Value, thereAre(slices.Sorted(maps.Keys(s.Certificates))))
		case certificate == nil: // which an inspection does not read
		case certificate.PrivateKey == nil:
			l.fail(id.Place, "%s: certificate %s has no private key, without which it can't be shown", what, id.Value)
		default:
			credentials.Certificate = certificate
		}
	}
}

// credentialFields are names and values, sorted by name.
func (l *loader) credentialFields(what string, configured map[string][]yamlfile.Text) []exchange.Field {
	var fields []exchange.Field
	for _, name := range slices.Sorted(maps.Keys(configured)) {
		for _, v := range configured[name] {
			fields = append(fields, exchange.Field{Name: name, Value: l.boundText(what, v)})
		}
	}
	return fields
}

// breaker reads the circuit breaker's one rule; nil if it is wrong.
func (l *loader) breaker(s *Service, backend string, c *circuitBreaker) *exchange.Breaker {
	if len(c.Rules) != 1 {
		l.fail(c.Place, "the circuitBreaker of backend %s has %d rules; APIM takes one", backend, len(c.Rules))
		return nil
	}
	rule, condition := &c.Rules[0], &c.Rules[0].FailureCondition
	what := "the circuitBreaker of backend " + backend
	b := &exchange.Breaker{Name: rule.Name.Value, AcceptRetryAfter: rule.AcceptRetryAfter}
	b.TripDuration = l.duration(what, "tripDuration", rule.TripDuration, rule.Place)
	at := condition.Place
	if at.Line == 0 {
		at = rule.Place
	}
	b.Interval = l.duration(what, "failureCondition.interval", condition.Interval, at)
	switch {
	case (condition.Count == nil) == (condition.Percentage == nil):
		l.fail(at, "%s needs failureCondition with count or percentage", what)
	case condition.Count != nil:
		if b.Count = *condition.Count; b.Count < 1 || b.Count > maxBreakerCount {
			l.fail(at, "%s: count is 1 to %d, not %d", what, maxBreakerCount, b.Count)
		}
	default:
		if b.Percentage = *condition.Percentage; b.Percentage < 1 || b.Percentage > 100 {
			l.fail(at, "%s: percentage is 1 to 100, not %d", what, b.Percentage)
		}
	}
	for _, r := range condition.StatusCodeRanges {
		if r.Min < 200 || r.Max > 599 || r.Min > r.Max {
			l.fail(r.Place, "%s: a range of status codes has min and max from 200 to 599, not %d to %d", what, r.Min, r.Max)
		}
		b.Statuses = append(b.Statuses, exchange.StatusRange{Min: r.Min, Max: r.Max})
	}
	for _, reason := range condition.ErrorReasons {
		b.Reasons = append(b.Reasons, reason.Value)
		l.breakerReason(s, what, reason)
	}
	if b.Statuses == nil && b.Reasons == nil {
		l.fail(at, "%s counts nothing: name statusCodeRanges or errorReasons", what)
	}
	return b
}

func (l *loader) breakerReason(s *Service, what string, reason yamlfile.Text) {
	for known, arises := range breakerReasons {
		if !strings.EqualFold(known, reason.Value) {
			continue
		}
		if !arises {
			d := reason.Place.Fault(l.file, "%s: no call of a backend fails by %s, so it never counts", what, known)
			d.Severity = policy.Warning
			s.Warnings = append(s.Warnings, d)
		}
		return
	}
	l.fail(reason.Place, "%s: %q is no error reason%s", what, reason.Value, thereAre(slices.Sorted(maps.Keys(breakerReasons))))
}

// duration reads one that has to be there and be longer than nothing.
func (l *loader) duration(what, key string, t yamlfile.Text, owner yamlfile.Place) time.Duration {
	if t.Value == "" {
		l.fail(t.Or(owner), "%s needs %s, such as PT1M", what, key)
		return 0
	}
	d, err := ParseDuration(t.Value)
	switch {
	case err != nil:
		l.fail(t.Place, "%s: %s: %s", what, key, err)
	case d <= 0:
		l.fail(t.Place, "%s: %s is longer than nothing", what, key)
	}
	return d
}

// backendPool reads the members of a pool. One that is a pool itself is refused: the
// edition of 2024 rules it out, and that of 2025 says nothing.
func (l *loader) backendPool(s *Service, b *exchange.BackendEntity, c *backendConfig) {
	if c.URL.Value != "" || c.Credentials != nil || c.CircuitBreaker != nil || c.TLS != (tlsConfig{}) {
		l.fail(c.Place, "backend %s is a pool, which has no url, credentials, tls or circuitBreaker: its members have", b.ID)
	}
	if n := len(c.Pool.Services); n == 0 || n > maxPoolMembers {
		l.fail(c.Pool.Place, "the pool of backend %s has %d services; APIM takes 1 to %d", b.ID, n, maxPoolMembers)
	}
	for i := range c.Pool.Services {
		l.poolMember(s, b, &c.Pool.Services[i])
	}
	session := c.Pool.SessionAffinity.SessionID
	switch {
	case session.Place.Line == 0:
	case !strings.EqualFold(session.Source.Value, cookieSource):
		l.fail(session.Source.Or(session.Place), "the pool of backend %s: the source of sessionId is Cookie, not %q", b.ID, session.Source.Value)
	case !isHeaderName(session.Name.Value): // both are tokens
		l.fail(session.Name.Or(session.Place), "the pool of backend %s: sessionId needs the name of a cookie, not %q", b.ID, session.Name.Value)
	default:
		b.Pool.Cookie = session.Name.Value
	}
}

func (l *loader) poolMember(s *Service, b *exchange.BackendEntity, c *poolServiceConfig) {
	id := c.ID.Value
	if i := strings.LastIndex(id, backendsResource); i >= 0 { // the id of a resource
		id = id[i+len(backendsResource):]
	}
	member := s.Deployment.Backends[id]
	switch {
	case id == "":
		l.fail(c.ID.Or(c.Place), "a service in the pool of backend %s has no id", b.ID)
		return
	case member == nil:
		l.fail(c.ID.Place, "the pool of backend %s names the backend %q, which is not there%s", b.ID, id, thereAre(slices.Sorted(maps.Keys(s.Deployment.Backends))))
		return
	case member.Pool != nil:
		l.fail(c.ID.Place, "the pool of backend %s names %s, which is a pool itself", b.ID, id)
		return
	case slices.ContainsFunc(b.Pool.Members, func(m exchange.PoolMember) bool { return m.Backend == member }):
		l.fail(c.ID.Place, "the pool of backend %s names %s twice", b.ID, id)
		return
	}
	m := exchange.PoolMember{Backend: member, Priority: defaultPriority, Weight: defaultWeight, Session: sessionOf(b.ID, id)}
	for _, share := range []struct {
		name  string
		given *int
		taken *int
	}{{"priority", c.Priority, &m.Priority}, {"weight", c.Weight, &m.Weight}} {
		if share.given == nil {
			continue
		}
		if *share.taken = *share.given; *share.given < 0 || *share.given > maxShare {
			l.fail(c.Place, "the pool of backend %s: the %s of %s is 0 to %d, not %d", b.ID, share.name, id, maxShare, *share.given)
		}
	}
	b.Pool.Members = append(b.Pool.Members, m)
}

// sessionOf is the value of the affinity cookie that leads to a member. It tells nothing
// of the member, and is the same after a restart.
func sessionOf(pool, member string) string {
	digest := sha256.Sum256([]byte(pool + "\x00" + member))
	return hex.EncodeToString(digest[:16])
}

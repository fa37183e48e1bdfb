package part

import (
	"context"
	"errors"
	"strconv"
	"strings"
	"time"

	"github.com/apimulator/apimulator/policy"
	"github.com/apimulator/apimulator/policy/exchange"
)

// BackendCall is a request to a backend entity: the backend that was picked for it, and
// what the entity adds.
type BackendCall struct {
	// Backend is the single backend that was picked.
	Backend *exchange.BackendEntity
	// Session leads to it in its pool; "" where there is no affinity.
	Session string
}

// BackendByID is a backend entity of the service. That there is none is a 500: a
// document that names one by a constant would not have been loaded.
func BackendByID(r *policy.Run, id string) (*exchange.BackendEntity, error) {
	if r.Deployment != nil {
		if b := r.Deployment.Backends[id]; b != nil {
			return b, nil
		}
	}
	f := &exchange.Failure{Status: 500}
	f.Reason, f.Message = exchange.ReasonBackendUnknown, exchange.MessageBackendUnknown(id)
	return nil, f
}

// PickBackend picks the backend that a request to e goes to; session is what the client
// sent for the pool's cookie. Where all are tripped it fails with 503.
func PickBackend(r *policy.Run, e *exchange.BackendEntity, session string) (BackendCall, error) {
	if r.Env.Backends == nil {
		if e.Pool != nil {
			m := &e.Pool.Members[0]
			return BackendCall{m.Backend, m.Session}, nil
		}
		return BackendCall{Backend: e}, nil
	}
	now := r.Clock.Now()
	picked, session, open := r.Env.Backends.Pick(e, session, now)
	if picked == nil {
		return BackendCall{}, unavailable(e, open.Sub(now))
	}
	return BackendCall{picked, session}, nil
}

// unavailable is the failure of a backend that is left alone. Status and the pool's
// reason are observed (observed.md 4.8); that Retry-After is there says
// Azure-Samples/Apim-Samples, aca-backend-pool-load-balancing-with-429.xml. The body is
// chosen: it does not name the backend, as the reason phrase does no longer.
func unavailable(e *exchange.BackendEntity, wait time.Duration) *exchange.Failure {
	f := &exchange.Failure{Status: 503, ClientMessage: exchange.MessageServiceUnavailable}
	f.Reason, f.Message = exchange.ReasonBackendInactive, exchange.MessageBackendInactive(e.ID)
	if e.Pool != nil {
		f.Reason, f.Message = exchange.ReasonPoolInactive, exchange.MessagePoolInactive(e.ID)
	}
	seconds := (wait + time.Second - 1) / time.Second
	f.Header = []exchange.Field{{Name: "Retry-After", Value: strconv.FormatInt(int64(seconds), 10)}}
	return f
}

// Authorize adds the backend's credentials to a request for it, in place of what the
// request has under the same names. The exchange's own request stays without them.
func (c BackendCall) Authorize(r *policy.Run, out *policy.Outgoing) error {
	b := c.Backend
	out.AnyChain, out.AnyName = b.AnyChain, b.AnyName
	if b.Credentials.Certificate != nil {
		out.Certificate = b.Credentials.Certificate
	}
	if b.Credentials.Header != nil {
		replaceFields(b.Credentials.Header, func(name string) { out.Header.Del(name) }, out.Header.Add)
		for _, f := range b.Credentials.Header {
			out.Secrets = append(out.Secrets, f.Name)
		}
	}
	query := &out.URL.RawQuery
	replaceFields(b.Credentials.Query, func(name string) { *query = exchange.QueryDelete(*query, name) },
		func(name, value string) { *query = exchange.QueryAppend(*query, name, value) })
	if b.Credentials.Authorization != "" {
		out.Header.Set("Authorization", b.Credentials.Authorization)
	}
	if resource := b.Credentials.Resource; resource != "" {
		token, err := r.Env.Identity.Token(r.Context, resource, b.Credentials.ClientID)
		if err != nil {
			f := &exchange.Failure{Status: 500, Detail: err.Error(), Err: err}
			f.Reason, f.Message = exchange.ReasonManagedIdentity, "The managed identity gave no token for resource '"+resource+"'."
			return f
		}
		out.Header.Set("Authorization", token.Authorization)
	}
	return nil
}

// replaceFields puts fields, sorted by name, in the place of those of the same names.
func replaceFields(fields []exchange.Field, remove func(name string), add func(name, value string)) {
	for i, f := range fields {
		if i == 0 || !strings.EqualFold(fields[i-1].Name, f.Name) {
			remove(f.Name)
		}
		add(f.Name, f.Value)
	}
}

// Report tells the backend's circuit breaker how the request ended.
func (c BackendCall) Report(r *policy.Run, response *exchange.Response, reason string) {
	if c.Backend.Breaker == nil || r.Env.Backends == nil {
		return
	}
	now := r.Clock.Now()
	call := policy.BackendCall{Reason: reason}
	if response != nil {
		call = policy.BackendCall{Status: response.Status}
		if value, ok := response.Header.Get("Retry-After"); ok {
			call.RetryAfter = RetryAfter(value, now)
		}
	}
	if open, tripped := r.Env.Backends.Report(c.Backend, call, now); tripped && r.Observed() {
		r.Note("forward-request", "The circuit breaker of backend '"+c.Backend.ID+"' has tripped: it gets no request until "+open.UTC().Format(time.RFC3339)+".")
	}
}

// FailureReason is why a request got no response, as LastError has it.
func FailureReason(r *policy.Run, err error) string {
	var send *policy.SendError
	switch {
	case r.Context.Err() != nil:
		return exchange.ReasonClientConnectionFailure
	case errors.Is(err, context.DeadlineExceeded):
		return exchange.ReasonTimeout
	case errors.As(err, &send):
		return send.Reason
	}
	return exchange.ReasonBackendConnection
}

// maxRetryAfter bounds what a backend may ask for.
const maxRetryAfter = 365 * 24 * time.Hour

// RetryAfter is the time that a Retry-After header asks to wait, in seconds or as a date
// (RFC 9110, section 10.2.3); 0 if it asks for none.
func RetryAfter(value string, now time.Time) time.Duration {
	value = strings.TrimSpace(value)
	if seconds, err := strconv.ParseUint(value, 10, 32); err == nil {
		return min(time.Duration(seconds)*time.Second, maxRetryAfter)
	}
	at, err := time.Parse("Mon, 02 Jan 2006 15:04:05 GMT", value)
	if err != nil {
		return 0
	}
	return min(max(at.Sub(now), 0), maxRetryAfter)
}

// SendToBackend sends a request to a backend entity for a statement of its own: it picks
// the backend, adds its credentials and tells its breaker. path is what follows the
// backend's address. The error is a failure where no backend is to be had, else the
// sender's.
func SendToBackend(ctx context.Context, r *policy.Run, e *exchange.BackendEntity, path string, out *policy.Outgoing) (*exchange.Response, error) {
	call, err := PickBackend(r, e, "")
	if err != nil {
		return nil, err
	}
	out.URL = call.Backend.URL
	out.URL.Path, out.URL.RawQuery, _ = strings.Cut(exchange.JoinPath(call.Backend.URL.Path, path), "?")
	if err := call.Authorize(r, out); err != nil {
		return nil, err
	}
	response, err := r.Env.Sender.Send(ctx, out)
	if err != nil {
		call.Report(r, nil, FailureReason(r, err))
		return nil, err
	}
	call.Report(r, response, "")
	return response, nil
}

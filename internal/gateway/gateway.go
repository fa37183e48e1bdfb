package gateway

import (
	"encoding/json"
	"strings"
	"sync/atomic"

	"github.com/apimulator/apimulator/internal/service"
	"github.com/apimulator/apimulator/internal/trace"
	"github.com/apimulator/apimulator/policy"
	"github.com/apimulator/apimulator/policy/exchange"
)

// Gateway runs requests through a service. Make one with [New].
type Gateway struct {
	env       *policy.Env
	recorder  *trace.Recorder // nil: requests are not recorded
	debugging Debugging
	current   atomic.Pointer[routes]
}

// New makes a gateway that runs policies in env and records to recorder, which
// may be nil.
func New(env *policy.Env, recorder *trace.Recorder, s *service.Service) *Gateway {
	g := &Gateway{env: env, recorder: recorder}
	g.Use(s)
	return g
}

// With is a gateway over the service that g has in use now, with a world of its own:
// what g has linked it runs in env, and records to recorder.
func (g *Gateway) With(env *policy.Env, recorder *trace.Recorder) *Gateway {
	other := &Gateway{env: env, recorder: recorder}
	other.current.Store(g.current.Load())
	return other
}

// Use swaps the service for another.
func (g *Gateway) Use(s *service.Service) { g.current.Store(newRoutes(s)) }

// Service is the one in use.
func (g *Gateway) Service() *service.Service { return g.current.Load().service }

// Mask takes out of what x is counted by the secrets of x and of the service in use, and what
// looks like one.
func (g *Gateway) Mask(x *exchange.Exchange) func(text string) string {
	r := g.current.Load()
	own := trace.SecretsOf(x, r.names...)
	return func(text string) string { return r.secrets.Key(own.Mask(text)) }
}

// Handle answers x: afterwards x.Response is what the client gets.
func (g *Gateway) Handle(x *exchange.Exchange) {
	r := g.current.Load()
	x.Deployment = &r.service.Deployment
	oneLine(&x.Request.Header, "Authorization")
	api, operation := r.match(x)
	if g.recorder != nil {
		if record := g.recorder.Start(x, r.secrets, r.keyNames(api)...); record != nil {
			record.Documents = r.documents
			defer record.Handled(x)
		}
	}
	if asked := g.asksForTrace(x, api); asked != nil {
		defer func() {
			for _, f := range asked {
				x.Response.Header.Set(f.Name, f.Value)
			}
		}()
	}
	if g.asksForReason(x) {
		defer explain(x)
	}
	if api != nil && isPreflight(&x.Request) && g.preflight(r, x, api) {
		return
	}
	if operation == nil {
		g.refuse(x, r.programWithout(api), notFound())
		return
	}
	x.Operation = &operation.operation.View
	admitted, failure := r.admit(x, api.api)
	if failure != nil {
		g.refuse(x, operation.program(nil), failure)
		return
	}
	x.Subscription, x.User = admitted.subscription, admitted.user
	if admitted.product != nil {
		x.Product = &admitted.product.View
	}
	program := operation.program(admitted.product)
	if unsupported := program.Unsupported(); len(unsupported) > 0 {
		g.refuse(x, program, notRunnable(unsupported))
		return
	}
	program.Execute(x, g.env)
}

// preflight answers x, a preflight of the API, if the API's policies do; before any key
// is asked for, which a preflight can't have.
func (g *Gateway) preflight(r *routes, x *exchange.Exchange, api *apiRoute) bool {
	program := r.preflight(x, api)
	if program == nil {
		return false
	}
	if unsupported := program.Unsupported(); len(unsupported) > 0 {
		g.refuse(x, program, notRunnable(unsupported))
		return true
	}
	program.Preflight(x, g.env)
	return true
}

// Finish ends a request whose response has gone out, and completes its record.
func (g *Gateway) Finish(x *exchange.Exchange, end trace.End) {
	x.Done(exchange.End{BytesOut: end.BytesOut})
	if g.recorder != nil {
		g.recorder.Finish(x, end)
	}
}

// refuse answers a request that may not run its policies; on-error of the scopes
// known by then sees the answer, unless it can't run.
func (g *Gateway) refuse(x *exchange.Exchange, known *policy.Program, f *exchange.Failure) {
	if record, ok := x.Observer.(*trace.Record); ok {
		record.Refused(f.Source, f)
	}
	if len(known.Unsupported()) > 0 {
		x.LastError = &f.LastError
		x.Response = f.Response(x.ID)
		return
	}
	known.Fail(x, g.env, f)
}

func notFound() *exchange.Failure {
	f := &exchange.Failure{Status: 404, ClientMessage: exchange.MessageResourceNotFound}
	f.Source, f.Section = exchange.SourceConfiguration, string(exchange.Backend)
	f.Reason, f.Message = exchange.ReasonOperationNotFound, exchange.MessageOperationNotFound
	return f
}

// notRunnable is the answer of an operation whose policies this version does not
// run, where the service was loaded in spite of them.
func notRunnable(ds policy.Diagnostics) *exchange.Failure {
	f := &exchange.Failure{Status: 501}
	f.Source, f.Reason = exchange.SourceConfiguration, exchange.ReasonNotRunnable
	f.Message = ds[0].String()
	f.ClientMessage = escaped("apimulator does not run a policy of this operation: " + f.Message)
	return f
}

// escaped is a text as it stands between the quotes of JSON.
func escaped(text string) string {
	var b strings.Builder
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	if err := e.Encode(text); err != nil {
		panic(err) // a string has its JSON
	}
	quoted := strings.TrimSuffix(b.String(), "\n")
	return quoted[1 : len(quoted)-1]
}

// oneLine makes repeated lines of a header that may stand once into one, joined
// by commas as .NET reads them: two tokens are then no token.
func oneLine(h *exchange.Header, name string) {
	first, _ := h.Get(name)
	if all, _ := h.Joined(name, ","); all != first {
		h.Set(name, all)
	}
}

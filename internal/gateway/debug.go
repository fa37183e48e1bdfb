package gateway

import (
	"errors"
	"strings"

	"github.com/apimulator/apimulator/internal/trace"
	"github.com/apimulator/apimulator/policy/exchange"
)

// Header lines by which a client asks for a trace, and is answered (tracing.md).
const (
	debugHeader   = "Apim-Debug-Authorization"
	traceIDHeader = "Apim-Trace-Id"
	expiredHeader = "Apim-Debug-Authorization-Expired"
	wrongHeader   = "Apim-Debug-Authorization-WrongAPI"
	// Those of the retired scheme.
	oldHeader      = "Ocp-Apim-Trace"
	locationHeader = "Ocp-Apim-Trace-Location"
	// explainHeader is this emulator's own: true asks for a sentence on why a request was
	// refused, which the response has under the same name.
	explainHeader = "Apim-Explain"
)

// Debugging is how clients get at the traces of their requests.
type Debugging struct {
	// Tokens judges debug tokens.
	Tokens *trace.Debug
	// Location, if set, takes requests of the retired scheme, Ocp-Apim-Trace: true, and
	// gives the address of a request's trace.
	Location func(requestID string) string
	// Explain answers Apim-Explain: true. It tells a client what is for the developer.
	Explain bool
}

// Debug lets clients ask for traces from now on.
func (g *Gateway) Debug(d Debugging) { g.debugging = d }

// asksForReason takes the header line that asks for a sentence on a refusal from the
// request.
func (g *Gateway) asksForReason(x *exchange.Exchange) bool {
	value, ok := x.Request.Header.Get(explainHeader)
	if !ok || !g.debugging.Explain {
		return false
	}
	x.Request.Header.Del(explainHeader)
	return strings.EqualFold(value, "true")
}

// explain puts the sentence into the response.
func explain(x *exchange.Exchange) {
	record, ok := x.Observer.(*trace.Record)
	if !ok {
		return
	}
	if why := record.Explanation(x); why != "" {
		x.Response.Header.Set(explainHeader, why)
	}
}

// asksForTrace takes the header lines that ask for a trace from the request, judges them,
// and gives the lines that the response has for them. Chosen: the backend does not get
// what is between client and gateway.
func (g *Gateway) asksForTrace(x *exchange.Exchange, api *apiRoute) []exchange.Field {
	var answer []exchange.Field
	if token, ok := x.Request.Header.Get(debugHeader); ok && g.debugging.Tokens != nil {
		x.Request.Header.Del(debugHeader)
		answer = append(answer, g.judgeDebug(x, api, token))
	}
	if g.debugging.Location != nil {
		if value, ok := x.Request.Header.Get(oldHeader); ok {
			x.Request.Header.Del(oldHeader)
			if strings.EqualFold(value, "true") {
				x.Tracing = true
				answer = append(answer, exchange.Field{Name: locationHeader, Value: g.debugging.Location(x.ID)})
			}
		}
	}
	return answer
}

func (g *Gateway) judgeDebug(x *exchange.Exchange, api *apiRoute, token string) exchange.Field {
	id := ""
	if api != nil {
		id = api.api.View.ID
	}
	err := g.debugging.Tokens.Check(token, id, x.Clock.Now())
	var expired *trace.DebugExpiredError
	switch {
	case err == nil:
		x.Tracing = true
		return exchange.Field{Name: traceIDHeader, Value: g.debugging.Tokens.TraceID(x.ID)}
	case errors.As(err, &expired):
		return exchange.Field{Name: expiredHeader, Value: expired.Error()}
	}
	// Chosen: a token that is none is told of in the same way; the call goes on.
	return exchange.Field{Name: wrongHeader, Value: err.Error()}
}

package evaluate

import (
	"time"

	"github.com/google/uuid"

	"github.com/apimulator/apimulator/policy/exchange"
)

// Subject is what a person evaluates expressions against: a request and perhaps a
// response, on their way through an API that nothing is known of. Product,
// subscription and user are null, as for a request without a key.
type Subject struct {
	Request   *exchange.Request
	Response  *exchange.Response // nil: none yet
	Variables exchange.Variables

	id      string
	arrived time.Time
}

// NewSubject is a GET request without headers, and no response.
func NewSubject() *Subject {
	u := exchange.URL{Scheme: "https", Host: "localhost", Port: 443, Path: "/"}
	return &Subject{
		Request: &exchange.Request{Method: "GET", URL: u, OriginalURL: u, ClientIP: loopback},
		id:      uuid.NewString(),
		arrived: exchange.System.Now(),
	}
}

const loopback = "127.0.0.1"

// Exchange is part of Exchanger.
func (s *Subject) Exchange() (*exchange.Exchange, error) {
	x := &exchange.Exchange{ID: s.id, Timestamp: s.arrived, Clock: exchange.System, Request: *s.Request, Variables: s.Variables}
	if s.Response != nil {
		response := *s.Response
		x.Response = &response
	}
	x.API = &exchange.API{ID: "eval", Name: "eval", Revision: "1", IsCurrentRevision: true, Protocols: []string{"https"}}
	x.Operation = &exchange.Operation{ID: "eval", Name: "eval", Method: s.Request.Method, URLTemplate: "/*"}
	x.Deployment = &exchange.Deployment{ServiceName: "apimulator", GatewayID: "managed"}
	return x, nil
}

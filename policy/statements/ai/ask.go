package ai

import (
	"context"
	"fmt"
	"time"

	"github.com/apimulator/apimulator/policy"
	"github.com/apimulator/apimulator/policy/exchange"
	"github.com/apimulator/apimulator/policy/statements/part"
)

// askTimeout is how long a statement waits for the service that it asks. Chosen: no page
// tells.
const askTimeout = 30 * time.Second

// maxServiceAnswer is the most bytes of its answer.
const maxServiceAnswer = 4 << 20

// question is a JSON request to a service that a statement asks on its own.
type question struct {
	backend       string // id of the entity
	path, query   string // what follows the backend's address
	body          []byte
	authorization string // "": the backend's credentials alone
}

// badStatus is an answer that is no success.
type badStatus struct{ status int }

func (e *badStatus) Error() string { return fmt.Sprintf("the service answered %d", e.status) }

// ask asks a backend entity of the service. The error is a [*badStatus] where the answer
// is no success.
func ask(r *policy.Run, q question) ([]byte, error) {
	entity, err := part.BackendByID(r, q.backend)
	if err != nil {
		return nil, err
	}
	call, err := part.PickBackend(r, entity, "")
	if err != nil {
		return nil, err
	}
	limit := exchange.WithLimit(r.Context, r.Clock, askTimeout)
	body := exchange.BytesBody(q.body)
	out := &policy.Outgoing{Method: "POST", URL: call.Backend.URL, Body: &body}
	if q.path != "" {
		out.URL.Path = exchange.JoinPath(out.URL.Path, q.path)
	}
	out.URL.RawQuery = exchange.QueryJoin(out.URL.RawQuery, q.query)
	out.Header.Add("Content-Type", "application/json")
	if q.authorization != "" {
		out.Header.Add("Authorization", q.authorization)
	}
	if err := call.Authorize(r, out); err != nil {
		return nil, err
	}
	response, err := r.Env.Sender.Send(limit, out)
	if !limit.Stop() && err == nil {
		response.Body.Close()
		err = context.DeadlineExceeded
	}
	if err != nil {
		call.Report(r, nil, part.FailureReason(r, err))
		return nil, err
	}
	call.Report(r, response, "")
	defer response.Body.Close()
	if response.Status < 200 || response.Status > 299 {
		return nil, &badStatus{response.Status}
	}
	return response.Body.Buffer(maxServiceAnswer)
}

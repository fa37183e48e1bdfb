package azureopenai

import (
	"fmt"
	"iter"
	"net/http"
	"strconv"
	"strings"
	"time"

	"github.com/apimulator/apimulator/policy/exchange"
)

// call is one request on its way through the server.
type call struct {
	server  *Server
	w       http.ResponseWriter
	r       *http.Request
	id      string // apim-request-id
	op      operation
	version version
	// parameter is the one in the path: a deployment's or a model's name.
	parameter  string
	deployment *deployment // nil until it is found
	principal  string
	bodySize   int
	// cutAfter is where the answer breaks off; nil is nowhere.
	cutAfter *int
}

// ServeHTTP answers a request to the resource.
func (s *Server) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	c := &call{server: s, w: w, r: r, id: s.newUUID()}
	if refused := c.serve(); refused != nil && refused != clientGone {
		c.refuse(refused)
	}
}

// serve answers the request or says why it is refused, and has then written
// nothing.
func (c *call) serve() *refusal {
	refused := c.admit()
	if refused != nil {
		return refused
	}
	c.principal, refused = c.server.authenticate(c.r, c.op)
	if refused != nil {
		return refused
	}
	return c.op.serve(c)
}

// admit finds the operation and the api-version.
func (c *call) admit() *refusal {
	var found bool
	c.op, c.parameter, found = findOperation(c.r.Method, c.r.URL.EscapedPath())
	if !found {
		return resourceNotFound()
	}
	if !c.op.emulated() {
		return notEmulated(c.op)
	}
	if c.version, found = findVersion(c.r.URL.RawQuery, c.op.versions); !found {
		return resourceNotFound()
	}
	return nil
}

// deploymentName is the name in the path, "" if there is none.
func (c *call) deploymentName() string {
	if strings.Contains(c.op.path, "{deployment-id}") {
		return c.parameter
	}
	return ""
}

// enter finds the deployment that the path names, reads the body, and takes the fault
// that this request gets, if one does.
func (c *call) enter() (body []byte, refused *refusal) {
	if name := c.deploymentName(); name != "" {
		if c.deployment = c.server.deployments[name]; c.deployment == nil {
			return nil, deploymentNotFound()
		}
	}
	body, refused = readBody(c.w, c.r)
	c.bodySize = len(body)
	if refused != nil {
		return nil, refused
	}
	if fault, pending := c.server.injected.next(c.op.kind, c.deploymentName()); pending {
		return body, c.misbehave(fault)
	}
	return body, nil
}

// misbehave does what a fault asks for: at once, or when the answer is sent.
func (c *call) misbehave(f Fault) *refusal {
	if !c.wait(f.Delay) {
		return clientGone
	}
	if f.Status != 0 {
		return f.refusal(c.op, c.version)
	}
	c.cutAfter = f.CutAfter
	return nil
}

// wait lets d pass on the clock; false if the client goes before.
func (c *call) wait(d time.Duration) bool {
	return d <= 0 || exchange.Sleep(c.r.Context(), c.server.clock, d) == nil
}

// serveChat answers a request for a chat completion.
func (c *call) serveChat() *refusal {
	body, refused := c.enter()
	if refused != nil {
		return refused
	}
	if !c.deployment.model.chat {
		return operationNotSupported("chatCompletion", c.deployment.modelName)
	}
	request, refused := parseChatRequest(body, c.version, c.deployment.model)
	if refused != nil {
		return refused
	}
	return c.complete(request)
}

// complete answers a good request.
func (c *call) complete(q *chatRequest) *refusal {
	d := c.deployment
	prompt := q.promptTokens(d.encoding)
	if prompt+max(q.maxTokens, 1) > d.model.context {
		return tooLong(d.model.context, prompt, q.maxTokens)
	}
	cost := q.maxTokens
	if cost == 0 {
		cost = unboundedCost
	}
	left, refused := d.limiter.take(c.server.clock.Now(), prompt+cost, c.op, c.version)
	if refused != nil {
		return refused
	}
	answer := c.server.answerTo(d.name, q)
	if answer.Fault != nil {
		if refused := c.misbehave(*answer.Fault); refused != nil {
			return refused
		}
	}
	result, refused := c.result(q, answer, prompt)
	if refused != nil {
		return refused
	}
	start := c.server.clock.Now()
	if !c.wait(d.latency.first(q.stream, result.reply.tokens)) {
		return clientGone
	}
	c.writeAnswerHeaders(left)
	if q.stream {
		c.stream(result.chunks(c.server.config.FirstChunk, q.includeUsage && result.usage != nil), start)
	} else {
		c.answer(result.body())
	}
	return nil
}

// result makes the completion that answers q; prompt is q's tokens.
func (c *call) result(q *chatRequest, answer Answer, prompt int) (result, *refusal) {
	d := c.deployment
	limit := q.maxTokens
	if limit == 0 {
		limit = min(d.model.output, d.model.context-prompt)
	}
	composed, refused := q.compose(d.encoding, answer, limit)
	if refused != nil {
		return result{}, refused
	}
	if size := composed.size(); q.n*size > maxAnswer {
		return result{}, notEmulatedHere("n", fmt.Sprintf("an answer of more than %d bytes, all choices together,", maxAnswer))
	}
	r := result{
		id: c.server.newChatID(), created: c.server.clock.Now().Unix(), model: d.modelName, fingerprint: d.fingerprint, version: c.version,
		choices: q.n, reply: composed, callIDs: c.server.newCallIDs(q.n, len(composed.calls)),
	}
	if c.server.config.Usage {
		r.usage = newUsage(prompt, q.n*r.reply.tokens)
	}
	return r, nil
}

func (c *call) refuse(r *refusal) {
	for name, values := range r.header {
		c.w.Header()[name] = values
	}
	if r.regional {
		c.writeRegion()
	}
	if r.fromModel {
		c.writeModelHeaders()
	}
	c.send(r.status, []byte(r.body))
}

// send answers with a whole body.
func (c *call) send(status int, body []byte) {
	c.begin(status, "application/json", len(body))
	c.w.Write(body) // an error means that the client has gone
}

// begin sends the head of an answer; a length below 0 is not known.
func (c *call) begin(status int, contentType string, length int) {
	c.writeCommonHeaders()
	c.w.Header().Set("Content-Type", contentType)
	if length >= 0 {
		c.w.Header().Set("Content-Length", strconv.Itoa(length))
	}
	c.record(status)
	c.w.WriteHeader(status)
}

// answer sends a model's answer that is not streamed. Of one that a fault cuts, half
// comes.
func (c *call) answer(body []byte) {
	if c.cutAfter == nil {
		c.send(http.StatusOK, body)
		return
	}
	c.begin(http.StatusOK, "application/json", len(body))
	c.w.Write(body[:len(body)/2])
	c.breakOff()
}

// breakOff cuts the connection after what was written.
func (c *call) breakOff() {
	http.NewResponseController(c.w).Flush() // an error means that the client has gone
	panic(http.ErrAbortHandler)
}

// stream answers with events, each sent as soon as it is made: as the pace of the
// deployment wants it, counted from start. It stops when the client has gone.
func (c *call) stream(chunks iter.Seq[any], start time.Time) {
	c.begin(http.StatusOK, "text/event-stream; charset=utf-8", -1)
	controller := http.NewResponseController(c.w)
	paced := 0
	for event := range events(chunks) {
		if event.paced {
			if c.cutAfter != nil && paced == *c.cutAfter {
				c.breakOff()
			}
			if paced++; !c.wait(start.Add(c.deployment.latency.at(paced)).Sub(c.server.clock.Now())) {
				return
			}
		}
		if _, err := c.w.Write(event.data); err != nil || controller.Flush() != nil || c.r.Context().Err() != nil {
			return
		}
	}
}

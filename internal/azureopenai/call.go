package azureopenai

import (
	"fmt"
	"iter"
	"net/http"
	"strconv"
)

// call is one request on its way through the server.
type call struct {
	server         *Server
	w              http.ResponseWriter
	r              *http.Request
	id             string // apim-request-id
	version        version
	deploymentName string
	deployment     *deployment // nil until it is found
	principal      string
	bodySize       int
}

// ServeHTTP answers a request to the resource.
func (s *Server) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	c := &call{server: s, w: w, r: r, id: s.newUUID()}
	if refused := c.serve(); refused != nil {
		c.refuse(refused)
	}
}

// serve answers the request or says why it is refused, and has then written
// nothing.
func (c *call) serve() *refusal {
	op, refused := c.admit()
	if refused != nil {
		return refused
	}
	c.principal, refused = c.server.authenticate(c.r, op)
	if refused != nil {
		return refused
	}
	if c.deployment = c.server.deployments[c.deploymentName]; c.deployment == nil {
		return deploymentNotFound()
	}
	body, refused := readBody(c.w, c.r)
	c.bodySize = len(body)
	if refused != nil {
		return refused
	}
	if fault, pending := c.server.injected.next(c.deployment.name); pending {
		return fault.refusal(c.version)
	}
	if !c.deployment.model.chat {
		return operationNotSupported(c.deployment.modelName)
	}
	request, refused := parseChatRequest(body, c.version, c.deployment.model)
	if refused != nil {
		return refused
	}
	return c.complete(request)
}

// admit finds the operation and the api-version.
func (c *call) admit() (operation, *refusal) {
	op, deploymentName, found := findOperation(c.r.Method, c.r.URL.EscapedPath())
	c.deploymentName = deploymentName
	if !found {
		return op, resourceNotFound()
	}
	if !op.emulated() {
		return op, notEmulated(op)
	}
	if c.version, found = findVersion(c.r.URL.RawQuery); !found {
		return op, resourceNotFound()
	}
	return op, nil
}

// complete answers a good request.
func (c *call) complete(q *chatRequest) *refusal {
	d := c.deployment
	prompt := d.encoding.Chat(q.messages)
	if prompt+max(q.maxTokens, 1) > d.model.context {
		return tooLong(d.model.context, prompt, q.maxTokens)
	}
	cost := q.maxTokens
	if cost == 0 {
		cost = unboundedCost
	}
	left, refused := d.limiter.take(c.server.clock.Now(), prompt+cost, c.version)
	if refused != nil {
		return refused
	}
	answer := c.server.answerTo(d.name, q.lastUser)
	if answer.Fault != nil {
		return answer.Fault.refusal(c.version)
	}
	result, refused := c.result(q, answer, prompt)
	if refused != nil {
		return refused
	}
	left.writeTo(c.w.Header())
	c.writeModelHeaders()
	c.writeRegion()
	if q.stream {
		c.stream(result.chunks(c.server.config.FirstChunk, q.includeUsage && result.usage != nil))
	} else {
		c.send(http.StatusOK, result.body())
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
	r := result{
		id: c.server.newChatID(), created: c.server.clock.Now().Unix(), model: d.modelName, fingerprint: d.fingerprint, version: c.version,
		choices: q.n, reply: compose(d.encoding, answer.Reply, answer.FinishReason, q.stop, limit),
	}
	if q.n*len(r.reply.text()) > maxAnswer {
		return result{}, notEmulatedHere("n", fmt.Sprintf("an answer of more than %d bytes, all choices together,", maxAnswer))
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
	c.writeCommonHeaders()
	c.w.Header().Set("Content-Length", strconv.Itoa(len(body)))
	c.record(status)
	c.w.WriteHeader(status)
	c.w.Write(body) // an error means that the client has gone
}

// stream answers with events, each sent as soon as it is made. It stops when the
// client has gone.
func (c *call) stream(chunks iter.Seq[any]) {
	c.writeCommonHeaders()
	c.w.Header().Set("Content-Type", "text/event-stream; charset=utf-8")
	c.record(http.StatusOK)
	c.w.WriteHeader(http.StatusOK)
	controller := http.NewResponseController(c.w)
	for event := range events(chunks) {
		if _, err := c.w.Write(event); err != nil || controller.Flush() != nil || c.r.Context().Err() != nil {
			return
		}
	}
}

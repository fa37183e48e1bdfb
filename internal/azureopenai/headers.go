package azureopenai

import (
	"net/http"

	"github.com/apimulator/apimulator/internal/pattern"
)

// requestIDPattern is what of a client's x-ms-client-request-id is sent back.
var requestIDPattern = pattern.Lazy(`^[!-~]{1,128}$`)

// writeCommonHeaders sets what every answer carries, errors too (azure-openai.md
// 1.3, 2.5).
func (c *call) writeCommonHeaders() {
	h := c.w.Header()
	h.Set("Apim-Request-Id", c.id)
	h.Set("X-Ms-Client-Request-Id", c.clientRequestID())
	h.Set("Strict-Transport-Security", "max-age=31536000; includeSubDomains; preload")
	h.Set("X-Content-Type-Options", "nosniff")
	// net/http would ask the operating system for the time.
	h.Set("Date", c.server.clock.Now().UTC().Format(http.TimeFormat))
}

func (c *call) clientRequestID() string {
	if sent := c.r.Header.Get("X-Ms-Client-Request-Id"); requestIDPattern().MatchString(sent) {
		return sent
	}
	return c.id
}

// writeModelHeaders sets what only answers of a model carry.
func (c *call) writeModelHeaders() {
	h := c.w.Header()
	h.Set("X-Request-Id", c.server.newUUID())
	h.Set("Azureml-Model-Session", c.deployment.session)
	h.Set("Cache-Control", "no-cache, must-revalidate")
	h.Set("Access-Control-Allow-Origin", "*")
	h.Set("X-Accel-Buffering", "no")
}

// writeAnswerHeaders sets what a model's answer carries that is within the limits.
func (c *call) writeAnswerHeaders(left quota) {
	left.writeTo(c.w.Header())
	c.writeModelHeaders()
	c.writeRegion()
}

// writeRegion sets what answers carry that came as far as the resource.
func (c *call) writeRegion() { c.w.Header().Set("X-Ms-Region", c.server.config.Region) }

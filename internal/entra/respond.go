package entra

import (
	"bytes"
	"encoding/json"
	"fmt"
	"net/http"
	"net/url"
	"time"
)

// timestamp is the form of times in error answers.
const timestamp = "2006-01-02 15:04:05Z"

// description is the error text as clients see it, with the ids and the time.
func (c *call) description(e *Error) string {
	return fmt.Sprintf("%s Trace ID: %s Correlation ID: %s Timestamp: %s",
		e.Error(), c.trace, c.correlation, c.now.UTC().Format(timestamp))
}

// errorURI is a page about the number; Microsoft's, as in the real answers.
func errorURI(e *Error) string {
	if e.Code == 0 {
		return ""
	}
	return fmt.Sprintf("https://login.microsoftonline.com/error?code=%d", e.Code)
}

// errorBody is an error answer (identity.md 5.6), in the real order.
type errorBody struct {
	Error         string `json:"error"`
	Description   string `json:"error_description"`
	Codes         []int  `json:"error_codes"`
	Timestamp     string `json:"timestamp"`
	TraceID       string `json:"trace_id"`
	CorrelationID string `json:"correlation_id"`
	URI           string `json:"error_uri,omitempty"`
	Suberror      string `json:"suberror,omitempty"`
	Claims        string `json:"claims,omitempty"`
}

// refuseJSON answers an error of an endpoint for programs.
func (s *Server) refuseJSON(w http.ResponseWriter, c *call, e *Error) {
	s.logRefusal(c, e)
	codes := []int{}
	if e.Code != 0 {
		codes = append(codes, e.Code)
	}
	noStore(w)
	writeJSON(w, e.Status, errorBody{
		Error: e.OAuth, Description: c.description(e), Codes: codes,
		Timestamp: c.now.UTC().Format(timestamp), TraceID: c.trace, CorrelationID: c.correlation,
		URI: errorURI(e), Suberror: e.Suberror, Claims: e.Claims,
	})
}

// refuseDiscovery is refuseJSON with the discovery endpoints' name for an unknown tenant.
func (s *Server) refuseDiscovery(w http.ResponseWriter, c *call, e *Error) {
	if e.Code == errTenantUnknown.code {
		named := *e
		named.OAuth = errTenantUnknownToDiscovery.oauth
		e = &named
	}
	s.refuseJSON(w, c, e)
}

func (s *Server) logRefusal(c *call, e *Error) {
	s.log.Info("refused", "tenant", c.authority.name, "error", e.OAuth, "code", e.Code, "status", e.Status, "trace", c.trace)
}

// noStore says, as Entra does, that an answer is not to be kept.
func noStore(w http.ResponseWriter) {
	w.Header().Set("Cache-Control", "no-store, no-cache")
	w.Header().Set("Pragma", "no-cache")
}

// writeJSON writes v without escaping what is special in HTML only, so that URLs
// look as in the real documents.
func writeJSON(w http.ResponseWriter, status int, v any) {
	var body bytes.Buffer
	encoder := json.NewEncoder(&body)
	encoder.SetEscapeHTML(false)
	if err := encoder.Encode(v); err != nil {
		http.Error(w, "The answer can't be written as JSON.", http.StatusInternalServerError)
		return
	}
	w.Header().Set("Content-Type", "application/json; charset=utf-8")
	w.WriteHeader(status)
	w.Write(bytes.TrimSuffix(body.Bytes(), []byte("\n")))
}

// baseURL is the server's root under the name that the request came by.
func (c *call) baseURL() string { return "https://" + c.Host }

// endpoint is the URL of a path below the request's authority.
func (c *call) endpoint(path string) string {
	return c.baseURL() + "/" + url.PathEscape(c.authority.name) + path
}

// seconds is a duration in whole seconds, rounded down.
func seconds(d time.Duration) int64 { return int64(d / time.Second) }

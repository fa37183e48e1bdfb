package management

import (
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"strings"

	"github.com/apimulator/apimulator/internal/service"
	"github.com/apimulator/apimulator/internal/trace"
)

// API Management's own way to a trace (tracing.md): a debug token from the management
// plane, and the trace by the id that the gateway answers a request with.

const gatewayPath = "/subscriptions/{subscription}/resourceGroups/{group}/providers/Microsoft.ApiManagement/service/{service}/gateways/{gateway}/"

func (s *server) traceRoutes(mux *http.ServeMux) {
	mux.HandleFunc("POST "+gatewayPath+"listDebugCredentials", s.debugCredentials)
	mux.HandleFunc("POST "+gatewayPath+"listTrace", s.listTrace)
}

// debugCredentials answers with a token for requests to one API.
func (s *server) debugCredentials(w http.ResponseWriter, r *http.Request) {
	var request struct {
		ExpireAfter string   `json:"credentialsExpireAfter"`
		APIID       string   `json:"apiId"`
		Purposes    []string `json:"purposes"`
	}
	if !s.read(w, r, &request) {
		return
	}
	life := trace.MaxDebug
	if request.ExpireAfter != "" {
		var err error
		if life, err = service.ParseDuration(request.ExpireAfter); err != nil || life <= 0 || life > trace.MaxDebug {
			s.invalid(w, "credentialsExpireAfter", fmt.Sprintf("a duration of ISO 8601 up to PT1H is wanted, not %q", request.ExpireAfter))
			return
		}
	}
	if len(request.Purposes) != 1 || request.Purposes[0] != "tracing" {
		s.invalid(w, "purposes", `it has to be ["tracing"]`)
		return
	}
	api := request.APIID[strings.LastIndexByte(request.APIID, '/')+1:]
	if !s.HasAPI(api) {
		s.invalid(w, "apiId", fmt.Sprintf("the service has no API %q; the id ends in /apis/NAME", api))
		return
	}
	reply(w, map[string]string{"token": s.Debug.Token(api, s.Clock.Now().Add(life))})
}

// listTrace answers with the trace of a request.
func (s *server) listTrace(w http.ResponseWriter, r *http.Request) {
	var request struct {
		TraceID string `json:"traceId"`
	}
	if !s.read(w, r, &request) {
		return
	}
	id, ok := s.Debug.Request(request.TraceID)
	record := s.Recorder.Find(id)
	if !ok || record == nil {
		armError(w, http.StatusNotFound, "ResourceNotFound", "Trace not found.", nil)
		return
	}
	reply(w, record.APIM(s.ServiceName()))
}

// openTrace answers with a trace by the link that the retired scheme gave the client.
func (s *server) openTrace(w http.ResponseWriter, r *http.Request) {
	id := r.PathValue("id")
	record := s.Recorder.Find(id)
	if record == nil || !s.Debug.Opens(id, r.URL.Query().Get("sig")) {
		armError(w, http.StatusNotFound, "ResourceNotFound", "Trace not found.", nil)
		return
	}
	reply(w, record.APIM(s.ServiceName()))
}

// read reads the request's JSON leniently, as the real service does with members that it
// does not know; false: the request has been answered.
func (s *server) read(w http.ResponseWriter, r *http.Request, v any) bool {
	if r.URL.Query().Get("api-version") == "" {
		armError(w, http.StatusBadRequest, "MissingApiVersionParameter", "The api-version query parameter (?api-version=) is required for all requests.", nil)
		return false
	}
	data, err := io.ReadAll(r.Body)
	if err == nil {
		err = json.Unmarshal(data, v)
	}
	if err != nil {
		armError(w, http.StatusBadRequest, "InvalidRequestContent", "The request content is no JSON of the shape that is wanted.", nil)
		return false
	}
	return true
}

func (s *server) invalid(w http.ResponseWriter, target, message string) {
	armError(w, http.StatusBadRequest, "ValidationError", "One or more fields contain incorrect values:", []map[string]string{
		{"code": "ValidationError", "target": target, "message": message},
	})
}

// armError answers as Azure Resource Manager does.
func armError(w http.ResponseWriter, status int, code, message string, details []map[string]string) {
	w.Header().Set("Content-Type", "application/json")
	w.WriteHeader(status)
	_ = json.NewEncoder(w).Encode(map[string]any{"error": map[string]any{"code": code, "message": message, "details": details}})
}

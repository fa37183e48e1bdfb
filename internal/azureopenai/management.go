package azureopenai

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"strings"
	"time"
)

// maxManagementBody bounds the body of a management request, in bytes.
const maxManagementBody = 64 << 10

// managedFault is a [Fault] in JSON, with its times in milliseconds.
type managedFault struct {
	Status       int           `json:"status,omitempty"`
	Code         string        `json:"code,omitempty"`
	Message      string        `json:"message,omitempty"`
	RetryAfterMs int64         `json:"retryAfterMs,omitempty"`
	CutAfter     *int          `json:"cutAfter,omitempty"`
	DelayMs      int64         `json:"delayMs,omitempty"`
	Times        int           `json:"times,omitempty"`
	Nth          int           `json:"nth,omitempty"`
	Deployment   string        `json:"deployment,omitempty"`
	Operation    OperationKind `json:"operation,omitempty"`
}

func (m managedFault) fault() Fault {
	return Fault{
		Status: m.Status, Code: m.Code, Message: m.Message, RetryAfter: milliseconds(m.RetryAfterMs), CutAfter: m.CutAfter,
		Delay: milliseconds(m.DelayMs), Times: m.Times, Nth: m.Nth, Deployment: m.Deployment, Operation: m.Operation,
	}
}

// milliseconds keeps within what a duration can hold; what is beyond is out of any range.
func milliseconds(n int64) time.Duration {
	const most = int64(1000 * 24 * time.Hour / time.Millisecond)
	return time.Duration(min(max(n, -most), most)) * time.Millisecond
}

func managed(f Fault) managedFault {
	return managedFault{
		Status: f.Status, Code: f.Code, Message: f.Message, RetryAfterMs: f.RetryAfter.Milliseconds(), CutAfter: f.CutAfter,
		DelayMs: f.Delay.Milliseconds(), Times: f.Times, Nth: f.Nth, Deployment: f.Deployment, Operation: f.Operation,
	}
}

// Management is the owner's side as HTTP, with paths relative to where it is
// mounted. It asks for no credential: whoever mounts it must. An unknown member of
// a body is an error, and an error is {"error": "..."} with status 400.
//
//	GET    /faults  the faults still to come, a list
//	POST   /faults  replaces them by one, or by a list
//	DELETE /faults  removes them
func (s *Server) Management() http.Handler {
	mux := http.NewServeMux()
	mux.HandleFunc("GET /faults", func(w http.ResponseWriter, _ *http.Request) { s.answerFaults(w, nil) })
	mux.HandleFunc("POST /faults", func(w http.ResponseWriter, r *http.Request) {
		faults, err := readFaults(w, r)
		if err == nil {
			err = s.SetFaults(faults)
		}
		s.answerFaults(w, err)
	})
	mux.HandleFunc("DELETE /faults", func(w http.ResponseWriter, _ *http.Request) { s.answerFaults(w, s.SetFaults(nil)) })
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Cache-Control", "no-store")
		mux.ServeHTTP(w, r)
	})
}

// readFaults reads one fault, or a list.
func readFaults(w http.ResponseWriter, r *http.Request) ([]Fault, error) {
	body, err := io.ReadAll(http.MaxBytesReader(w, r.Body, maxManagementBody))
	if err != nil {
		return nil, fmt.Errorf("the request body: %w", err)
	}
	list := []managedFault{{}}
	var target any = &list[0]
	if bytes.HasPrefix(bytes.TrimSpace(body), []byte("[")) {
		target = &list
	}
	decoder := json.NewDecoder(bytes.NewReader(body))
	decoder.DisallowUnknownFields()
	if err = decoder.Decode(target); err == nil {
		if _, err = decoder.Token(); !errors.Is(err, io.EOF) {
			err = errors.New("something follows the JSON value")
		} else {
			err = nil
		}
	}
	if err != nil {
		return nil, fmt.Errorf("the request body: %s", strings.TrimPrefix(err.Error(), "json: "))
	}
	faults := make([]Fault, len(list))
	for i, m := range list {
		faults[i] = m.fault()
	}
	return faults, nil
}

func (s *Server) answerFaults(w http.ResponseWriter, err error) {
	status, answer := http.StatusOK, any(nil)
	if err != nil {
		status = http.StatusBadRequest
		answer = struct {
			Error string `json:"error"`
		}{err.Error()}
	} else {
		list := []managedFault{}
		for _, f := range s.Faults() {
			list = append(list, managed(f))
		}
		answer = list
	}
	w.Header().Set("Content-Type", "application/json")
	w.WriteHeader(status)
	w.Write(encode(answer)) // an error means that the client has gone
}

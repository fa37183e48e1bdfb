package managedidentity

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"strings"
)

// maxManagementBody bounds the body of a management request, in bytes.
const maxManagementBody = 64 << 10

// Management is the owner's side as HTTP, with paths relative to where it is
// mounted. It asks for no credential: whoever mounts it must. An unknown member of
// a body is an error, and an error is {"error": "..."} with status 400.
//
//	GET    /faults  the [Faults] in force
//	POST   /faults  replaces them
//	DELETE /faults  removes them
func (s *Server) Management() http.Handler {
	mux := http.NewServeMux()
	mux.HandleFunc("GET /faults", func(w http.ResponseWriter, _ *http.Request) {
		writeJSON(w, http.StatusOK, s.Faults())
	})
	mux.HandleFunc("POST /faults", func(w http.ResponseWriter, r *http.Request) {
		faults, err := readFaults(w, r)
		if err == nil {
			err = s.SetFaults(faults)
		}
		s.answerFaults(w, err)
	})
	mux.HandleFunc("DELETE /faults", func(w http.ResponseWriter, _ *http.Request) {
		s.answerFaults(w, s.SetFaults(Faults{}))
	})
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("X-Emulated-By", EmulatedBy)
		w.Header().Set("Cache-Control", "no-store")
		mux.ServeHTTP(w, r)
	})
}

func readFaults(w http.ResponseWriter, r *http.Request) (Faults, error) {
	var f Faults
	decoder := json.NewDecoder(http.MaxBytesReader(w, r.Body, maxManagementBody))
	decoder.DisallowUnknownFields()
	err := decoder.Decode(&f)
	if err == nil {
		if _, err = decoder.Token(); errors.Is(err, io.EOF) {
			return f, nil
		}
		err = errors.New("something follows the JSON object")
	}
	return Faults{}, fmt.Errorf("the request body: %s", strings.TrimPrefix(err.Error(), "json: "))
}

func (s *Server) answerFaults(w http.ResponseWriter, err error) {
	if err != nil {
		writeJSON(w, http.StatusBadRequest, struct {
			Error string `json:"error"`
		}{err.Error()})
		return
	}
	writeJSON(w, http.StatusOK, s.Faults())
}

package entra

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"strings"
	"time"
)

// Management is the owner's side as HTTP, with paths relative to where it is
// mounted. It asks for no credential: whoever mounts it must. Bodies are JSON; an
// unknown member is an error, and an error is {"error": "..."} with status 400.
//
//	POST   /token      a [MintRequest]; answers {"token", "expiresOn"}
//	GET    /keys       a list of [Key]
//	POST   /keys/roll  a [Roll]; answers the list of keys
//	GET    /faults     the [Faults] in force
//	POST   /faults     replaces them
//	DELETE /faults     removes them
func (s *Server) Management() http.Handler {
	mux := http.NewServeMux()
	mux.HandleFunc("POST /token", func(w http.ResponseWriter, r *http.Request) {
		var m MintRequest
		if !readManagement(w, r, &m) {
			return
		}
		token, expires, err := s.mint(m)
		answerManagement(w, struct {
			Token     string    `json:"token"`
			ExpiresOn time.Time `json:"expiresOn,omitzero"`
		}{token, expires}, err)
	})
	mux.HandleFunc("GET /keys", func(w http.ResponseWriter, _ *http.Request) {
		answerManagement(w, s.Keys(), nil)
	})
	mux.HandleFunc("POST /keys/roll", func(w http.ResponseWriter, r *http.Request) {
		var how Roll
		if !readManagement(w, r, &how) {
			return
		}
		err := s.RollKeys(how)
		answerManagement(w, s.Keys(), err)
	})
	mux.HandleFunc("GET /faults", func(w http.ResponseWriter, _ *http.Request) {
		answerManagement(w, s.Faults(), nil)
	})
	mux.HandleFunc("POST /faults", func(w http.ResponseWriter, r *http.Request) {
		var f Faults
		if !readManagement(w, r, &f) {
			return
		}
		err := s.SetFaults(f)
		answerManagement(w, s.Faults(), err)
	})
	mux.HandleFunc("DELETE /faults", func(w http.ResponseWriter, _ *http.Request) {
		err := s.SetFaults(Faults{})
		answerManagement(w, s.Faults(), err)
	})
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("X-Emulated-By", EmulatedBy)
		noStore(w)
		mux.ServeHTTP(w, r)
	})
}

// maxManagementBody bounds the body of a management request, in bytes.
const maxManagementBody = 1 << 20

// readManagement reads the body into v, or answers what is wrong with it.
func readManagement(w http.ResponseWriter, r *http.Request, v any) bool {
	decoder := json.NewDecoder(http.MaxBytesReader(w, r.Body, maxManagementBody))
	decoder.DisallowUnknownFields()
	err := decoder.Decode(v)
	if err == nil {
		if _, err = decoder.Token(); errors.Is(err, io.EOF) {
			return true
		}
		err = errors.New("something follows the JSON object")
	}
	refuseManagement(w, fmt.Errorf("the request body: %s", strings.TrimPrefix(err.Error(), "json: ")))
	return false
}

func answerManagement(w http.ResponseWriter, v any, err error) {
	if err != nil {
		refuseManagement(w, err)
		return
	}
	writeJSON(w, http.StatusOK, v)
}

func refuseManagement(w http.ResponseWriter, err error) {
	writeJSON(w, http.StatusBadRequest, struct {
		Error string `json:"error"`
	}{err.Error()})
}

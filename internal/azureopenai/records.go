package azureopenai

import (
	"net/http"
	"net/url"
	"slices"
	"strings"
	"sync"
	"time"
)

const (
	maxRecords = 256
	// Of one request, a record keeps so many header fields, and of each value
	// and of path and query so many bytes.
	maxRecordedFields = 64
	maxRecordedValue  = 1024
)

// Record is a request that was answered, for tests and the console. Credentials
// are masked, and what is very long is cut.
type Record struct {
	Time   time.Time
	Method string
	// Path and Query are escaped as they came.
	Path   string
	Query  string
	Header http.Header
	// BodySize is how many bytes of the body were read: 0 where the request
	// was refused before.
	BodySize int
	// Deployment is the name in the path, if there is one.
	Deployment string
	// Principal is the token's object id, "api-key" for a caller with a good
	// key, or "" for one who is not known.
	Principal string
	// Status is that of the answer.
	Status int
}

// records keeps the last maxRecords. The zero value is empty.
type records struct {
	mu   sync.Mutex
	list []Record
}

func (r *records) add(record Record) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if len(r.list) == maxRecords {
		r.list = slices.Delete(r.list, 0, 1)
	}
	r.list = append(r.list, record)
}

// Requests are the last 256 requests, the oldest first. A request is among them
// as soon as its client sees the answer's head.
func (s *Server) Requests() []Record {
	s.records.mu.Lock()
	defer s.records.mu.Unlock()
	list := slices.Clone(s.records.list)
	for i := range list {
		list[i].Header = list[i].Header.Clone()
	}
	return list
}

func (c *call) record(status int) {
	c.server.records.add(Record{
		Time:       c.server.clock.Now(),
		Method:     c.r.Method,
		Path:       cut(c.r.URL.EscapedPath()),
		Query:      cut(maskQuery(c.r.URL.RawQuery)),
		Header:     maskHeader(c.r.Header),
		BodySize:   c.bodySize,
		Deployment: cut(c.deploymentName()),
		Principal:  c.principal,
		Status:     status,
	})
}

func maskHeader(h http.Header) http.Header {
	masked := http.Header{}
	for name, values := range h {
		if len(masked) == maxRecordedFields {
			break
		}
		for _, value := range values[:min(len(values), maxRecordedFields)] {
			if isSecret(name) {
				value = mask(value)
			}
			masked.Add(name, cut(value))
		}
	}
	return masked
}

// mask keeps the scheme of a credential, which is half of what goes wrong.
func mask(value string) string {
	if scheme, _, found := strings.Cut(value, " "); found && (strings.EqualFold(scheme, "Bearer") || strings.EqualFold(scheme, "Basic")) {
		return scheme + " ***"
	}
	return "***"
}

func maskQuery(raw string) string {
	pieces := strings.Split(raw, "&")
	for i, piece := range pieces {
		name, _, found := strings.Cut(piece, "=")
		if unescaped, err := url.QueryUnescape(name); found && (err != nil || isSecret(unescaped)) {
			pieces[i] = name + "=***"
		}
	}
	return strings.Join(pieces, "&")
}

// isSecret goes by what names of credentials hold: Api-Key, Authorization,
// Ocp-Apim-Subscription-Key, Cookie, code, sig, access_token, client_secret.
func isSecret(name string) bool {
	name = strings.ToLower(name)
	for _, part := range []string{"key", "auth", "cookie", "token", "secret", "assertion", "password", "code", "sig"} {
		if strings.Contains(name, part) {
			return true
		}
	}
	return false
}

func cut(s string) string {
	if len(s) > maxRecordedValue {
		return s[:maxRecordedValue] + "…"
	}
	return s
}

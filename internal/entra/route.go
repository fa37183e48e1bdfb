package entra

import (
	"net/http"
	"slices"
	"strings"
	"time"

	"github.com/google/uuid"

	"github.com/apimulator/apimulator/internal/pattern"
)

// maxForm bounds the parameters of a request, in bytes.
const maxForm = 32 << 10

// A call is one request to the public side, with what every endpoint wants to know.
type call struct {
	*http.Request
	authority authority
	v2        bool // the version 2.0 endpoint
	now       time.Time

	trace, correlation string
}

// An authority is what the first segment of the path names.
type authority struct {
	// name is the segment as the URLs of a discovery document repeat it: the id of
	// the tenant, "common" or "organizations".
	name string
	// tenant is nil for common and organizations: any of the tenants.
	tenant *tenant
}

// A route is an endpoint below a tenant.
type route struct {
	methods []string
	v2      bool
	serve   func(*Server, http.ResponseWriter, *call)
	// unknownTenant answers a tenant that there isn't.
	unknownTenant func(*Server, http.ResponseWriter, *call, *Error)
}

var (
	get     = []string{http.MethodGet, http.MethodHead}
	getPost = []string{http.MethodGet, http.MethodPost}
)

// routes are the endpoints below a tenant, in lower case: paths compare without
// regard to case (identity.md trap 11).
var routes = map[string]route{
	"/.well-known/openid-configuration":      {get, false, (*Server).discoveryV1, (*Server).refuseDiscovery},
	"/v2.0/.well-known/openid-configuration": {get, true, (*Server).discoveryV2, (*Server).refuseDiscovery},
	"/discovery/keys":                        {get, false, (*Server).jwks, (*Server).refuseDiscovery},
	"/discovery/v2.0/keys":                   {get, true, (*Server).jwks, (*Server).refuseDiscovery},
	"/discovery/instance":                    {get, true, (*Server).instanceDiscovery, (*Server).refuseDiscovery},
	"/oauth2/authorize":                      {getPost, false, (*Server).authorize, (*Server).refusePage},
	"/oauth2/v2.0/authorize":                 {getPost, true, (*Server).authorize, (*Server).refusePage},
	"/login":                                 {[]string{http.MethodPost}, false, (*Server).signIn, (*Server).refusePage},
	"/oauth2/logout":                         {getPost, false, (*Server).logout, (*Server).refusePage},
	"/oauth2/v2.0/logout":                    {getPost, true, (*Server).logout, (*Server).refusePage},
	"/oauth2/token":                          {nil, false, (*Server).token, (*Server).refuseJSON},
	"/oauth2/v2.0/token":                     {nil, true, (*Server).token, (*Server).refuseJSON},
	"/oauth2/devicecode":                     {nil, false, (*Server).deviceCode, (*Server).refuseJSON},
	"/oauth2/v2.0/devicecode":                {nil, true, (*Server).deviceCode, (*Server).refuseJSON},
}

// devicePagePath is where a user types the code of a device. It has no tenant.
const devicePagePath = "/devicelogin"

const notHere = "This is apimulator's emulated Microsoft Entra ID, for tests only. There is nothing at this path. " +
	"Start at /<tenant>/v2.0/.well-known/openid-configuration."

// hostName is what a Host header may be, so that it can stand in documents and
// headers: a name or an IP address, with or without a port.
var hostName = pattern.Lazy(`^([A-Za-z0-9._-]+|\[[0-9A-Fa-f:.]+\])(:[0-9]{1,5})?$`)

// ServeHTTP serves the authority's public side for whatever host name the request
// came by. Documents repeat that name, with https.
func (s *Server) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	c := &call{Request: r, now: s.clock.Now(), trace: uuid.NewString(), correlation: correlationID(r)}
	h := w.Header()
	h.Set("X-Emulated-By", EmulatedBy)
	h.Set("X-Content-Type-Options", "nosniff")
	h.Set("x-ms-request-id", c.trace)
	if strings.EqualFold(r.Header.Get("return-client-request-id"), "true") {
		h.Set("client-request-id", c.correlation)
	}
	if !hostName().MatchString(r.Host) {
		http.Error(w, "The Host header isn't a host name with an optional port.", http.StatusBadRequest)
		return
	}
	r.Body = http.MaxBytesReader(w, r.Body, maxForm)
	if strings.EqualFold(r.URL.Path, devicePagePath) {
		s.devicePage(w, c)
		return
	}
	segment, rest, ok := splitTenant(r.URL.Path)
	if !ok {
		http.Error(w, notHere, http.StatusNotFound)
		return
	}
	if name, isRealm := cutPrefixFold(rest, userRealmPrefix); isRealm {
		s.userRealm(w, c, name)
		return
	}
	s.route(w, c, segment, strings.ToLower(rest))
}

func (s *Server) route(w http.ResponseWriter, c *call, segment, path string) {
	to, ok := routes[path]
	if !ok {
		http.Error(w, notHere, http.StatusNotFound)
		return
	}
	c.v2 = to.v2
	if to.methods != nil && !slices.Contains(to.methods, c.Method) {
		w.Header().Set("Allow", strings.Join(to.methods, ", "))
		http.Error(w, "This endpoint of the emulated Entra ID takes "+strings.Join(to.methods, ", ")+" requests only.", http.StatusMethodNotAllowed)
		return
	}
	if c.authority, ok = s.authority(segment); !ok {
		to.unknownTenant(s, w, c, errTenantUnknown.of(segment))
		return
	}
	to.serve(s, w, c)
}

// splitTenant splits a path after its first segment.
func splitTenant(path string) (segment, rest string, ok bool) {
	trimmed, ok := strings.CutPrefix(path, "/")
	if !ok {
		return "", "", false
	}
	i := strings.IndexByte(trimmed, '/')
	if i < 1 {
		return "", "", false
	}
	return trimmed[:i], trimmed[i:], true
}

func cutPrefixFold(s, prefix string) (string, bool) {
	if len(s) < len(prefix) || !strings.EqualFold(s[:len(prefix)], prefix) {
		return s, false
	}
	return s[len(prefix):], true
}

const (
	common        = "common"
	organizations = "organizations"
)

// authority finds what a path's first segment names.
func (s *Server) authority(segment string) (authority, bool) {
	if name := strings.ToLower(segment); name == common || name == organizations {
		return authority{name: name}, true
	}
	if t := s.directory.tenant(segment); t != nil {
		return authority{name: t.ID, tenant: t}, true
	}
	return authority{}, false
}

// correlationID is the client-request-id that the client sent, as a header or (as
// msal-node does) in the query; a new one if it sent none.
func correlationID(r *http.Request) string {
	for _, id := range []string{r.Header.Get("client-request-id"), r.URL.Query().Get("client-request-id")} {
		if isGUID(id) {
			return strings.ToLower(id)
		}
	}
	return uuid.NewString()
}

package gateway

import (
	"slices"
	"strings"

	"github.com/apimulator/apimulator/internal/service"
	"github.com/apimulator/apimulator/internal/trace"
	"github.com/apimulator/apimulator/policy"
	"github.com/apimulator/apimulator/policy/exchange"
)

// routes is a service made ready for requests: programs linked, keys indexed.
type routes struct {
	service *service.Service
	secrets *trace.Secrets // of the service
	paths   []*pathRoute   // longest path first
	keys    keyIndex
	global  *policy.Program
	// names are the header lines and query parameters in which any API looks for a key.
	names []string
	// documents are the texts of its policies, as traces show them.
	documents map[string]string
}

// pathRoute is what begins at one path: an API, or the versions and revisions of
// one, which the rest of a request tells apart.
type pathRoute struct {
	segments []string
	versions *service.VersionSet // nil: the path holds one version
	apis     []*apiRoute
}

type apiRoute struct {
	api        *service.API
	operations []*operationRoute
	templates  *service.TemplateTree // theirs
	names      []string              // the header line and the query parameter in which it looks for a key
	unmatched  *policy.Program       // of a request that fits none of its operations
}

type operationRoute struct {
	operation *service.Operation
	programs  []productProgram // the first one is without a product
}

type productProgram struct {
	product *service.Product
	program *policy.Program
}

// program is what runs in the context of that product, or of none.
func (o *operationRoute) program(product *service.Product) *policy.Program {
	for _, p := range o.programs {
		if p.product == product {
			return p.program
		}
	}
	return o.programs[0].program
}

func newRoutes(s *service.Service) *routes {
	r := &routes{service: s, secrets: trace.NewSecrets(s.Secrets()), keys: newKeyIndex(), global: policy.Link(s.Global)}
	r.documents = make(map[string]string, len(s.Documents))
	for name, d := range s.Documents {
		r.documents[name] = r.secrets.Text(d.Text())
	}
	for _, a := range s.APIs {
		p := r.path(a)
		p.apis = append(p.apis, newAPIRoute(s, a))
		r.names = append(r.names, p.apis[len(p.apis)-1].names...)
	}
	slices.SortStableFunc(r.paths, func(a, b *pathRoute) int { return len(b.segments) - len(a.segments) })
	for _, sub := range s.Subscriptions {
		for _, key := range []string{sub.View.PrimaryKey, sub.View.SecondaryKey} {
			if key != "" {
				r.keys.add(newKeyHolder(sub, key))
			}
		}
	}
	return r
}

// path is the route of the path at which an API begins.
func (r *routes) path(a *service.API) *pathRoute {
	var segments []string
	if prefix := a.Prefix(); prefix != "" {
		segments = strings.Split(prefix, "/")
	}
	for _, p := range r.paths {
		if slices.EqualFunc(p.segments, segments, strings.EqualFold) {
			return p
		}
	}
	p := &pathRoute{segments: segments}
	if a.VersionSet != nil && a.VersionSet.Scheme != service.Segment {
		p.versions = a.VersionSet
	}
	r.paths = append(r.paths, p)
	return p
}

func newAPIRoute(s *service.Service, a *service.API) *apiRoute {
	route := &apiRoute{api: a, names: []string{a.View.SubscriptionHeader, a.View.SubscriptionQuery}, unmatched: policy.Link(a.Policy, s.Global)}
	var templates []*service.Template
	for _, o := range a.Operations {
		op := &operationRoute{operation: o, programs: []productProgram{{nil, policy.Link(s.Policies(a, o, nil)...)}}}
		for _, p := range a.Products {
			op.programs = append(op.programs, productProgram{p, policy.Link(s.Policies(a, o, p)...)})
		}
		route.operations = append(route.operations, op)
		templates = append(templates, o.Template)
	}
	route.templates = service.NewTemplateTree(templates)
	return route
}

// match finds API and operation of x and points x at the API's backend. The
// operation is nil if none fits; the API too if no path fits, or none of its
// versions and revisions.
func (r *routes) match(x *exchange.Exchange) (*apiRoute, *operationRoute) {
	for _, p := range r.paths {
		rest, revision, ok := p.below(x.Request.OriginalURL.Path)
		if !ok {
			continue
		}
		a := p.api(x, revision)
		if a == nil {
			return nil, nil
		}
		x.API = &a.api.View
		x.Request.URL.Path, x.Request.URL.RawQuery = rest, x.Request.OriginalURL.RawQuery
		x.Request.SetBackend(a.api.Backend)
		o, parameters := a.operation(x.Request.Method, &x.Request)
		if o != nil {
			x.Request.MatchedParameters = parameters
		}
		return a, o
	}
	return nil, nil
}

// operation is the API's that a request of that method is for, and the parameters of
// its template; nil if none is.
func (a *apiRoute) operation(method string, r *exchange.Request) (*operationRoute, []exchange.Parameter) {
	var room [16]int
	for _, i := range a.templates.Candidates(r.URL.Path, room[:0]) {
		o := a.operations[i]
		if m := o.operation.View.Method; m != method && m != "*" {
			continue
		}
		if parameters, ok := o.operation.Template.Match(r.URL.Path, r.URL.RawQuery); ok {
			return o, parameters
		}
	}
	return nil, nil
}

// below is the part of a request's path below this one, and the revision that
// its last segment asks for, "" if none. At the root, /;rev=2 asks for one.
func (p *pathRoute) below(path string) (rest, revision string, ok bool) {
	if len(p.segments) == 0 {
		segment, after := firstSegment(path)
		if name, revision := cutRevision(segment); name == "" && revision != "" {
			return after, revision, true
		}
		return path, "", true
	}
	for i, want := range p.segments {
		if path == "" || path[0] != '/' {
			return "", "", false
		}
		segment, after := firstSegment(path)
		if i == len(p.segments)-1 {
			segment, revision = cutRevision(segment)
		}
		if !strings.EqualFold(segment, want) {
			return "", "", false
		}
		path = after
	}
	return path, revision, true
}

// firstSegment cuts a path that begins with a slash behind its first segment.
func firstSegment(path string) (segment, after string) {
	if path == "" {
		return "", ""
	}
	end := strings.IndexByte(path[1:], '/') + 1
	if end == 0 {
		end = len(path)
	}
	return path[1:end], path[end:]
}

// cutRevision takes ";rev=2" off the end of an API's path
// (api-management-revisions.md, Accessing specific revisions).
func cutRevision(segment string) (name, revision string) {
	const mark = ";rev="
	i := strings.IndexByte(segment, ';')
	if i < 0 || len(segment) <= i+len(mark) || !strings.EqualFold(segment[i:i+len(mark)], mark) {
		return segment, ""
	}
	return segment[:i], segment[i+len(mark):]
}

// api is the API of the path that takes the request: in the version and the
// revision it asks for, and by one of the API's protocols.
func (p *pathRoute) api(x *exchange.Exchange, revision string) *apiRoute {
	version := ""
	if p.versions != nil {
		version = sentVersion(x, p.versions)
	}
	for _, a := range p.apis {
		v := &a.api.View
		switch {
		case p.versions != nil && v.Version != version:
		case revision == "" && !v.IsCurrentRevision, revision != "" && !strings.EqualFold(v.Revision, revision):
		case a.api.Protocols != nil && !slices.Contains(a.api.Protocols, x.Request.OriginalURL.Scheme):
		default:
			return a
		}
	}
	return nil
}

// sentVersion is the version that a request names. One that names none means the
// original version. Several together are none that there is.
func sentVersion(x *exchange.Exchange, set *service.VersionSet) string {
	if set.Scheme == service.Header {
		return strings.Join(x.Request.Header.Values(set.Parameter), ",")
	}
	return strings.Join(exchange.QueryValues(x.Request.OriginalURL.RawQuery, set.Parameter), ",")
}

// programWithout is what runs for a request without an operation.
func (r *routes) programWithout(a *apiRoute) *policy.Program {
	if a == nil {
		return r.global
	}
	return a.unmatched
}

// keyNames are the header lines and query parameters that may hold a key in a request to
// an API, or, where no API was found, to any: traces mask them.
func (r *routes) keyNames(a *apiRoute) []string {
	if a == nil {
		return r.names
	}
	return a.names
}

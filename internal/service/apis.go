package service

import (
	"cmp"
	"slices"
	"strings"

	"github.com/apimulator/apimulator/policy/exchange"
)

// The default names of a subscription key (runtime.md, Subscription keys).
const (
	DefaultKeyHeader = "Ocp-Apim-Subscription-Key"
	DefaultKeyQuery  = "subscription-key"
)

func (l *loader) apis(s *Service, configured []apiConfig) {
	for _, c := range l.revisions(configured) {
		name := l.name(c.Name, c.Place, "API", false) // revisions has looked for a second one
		a := &API{SubscriptionRequired: orTrue(c.SubscriptionRequired), VersionSet: l.versionSetOf(s, &c, name), Protocols: l.protocols(&c, name)}
		a.View = exchange.API{
			ID: c.Name.Value, Name: or(c.DisplayName.Value, c.Name.Value), Path: l.apiPath(&c, name), Version: c.Version.Value,
			Revision: c.revision(), IsCurrentRevision: c.current(), Protocols: a.Protocols,
			SubscriptionHeader: or(c.SubscriptionKey.Header.Value, DefaultKeyHeader),
			SubscriptionQuery:  or(c.SubscriptionKey.Query.Value, DefaultKeyQuery),
		}
		if a.Protocols == nil {
			a.View.Protocols = defaultProtocols
		}
		if !isHeaderName(a.View.SubscriptionHeader) {
			l.fail(c.SubscriptionKey.Header.Place, "API %s: %q is not a header's name", name, a.View.SubscriptionHeader)
		}
		l.checkAlone(s, a, &c, name)
		l.backend(a, &c, name)
		a.Policy = l.compile(s, c.Policy, exchange.ScopeAPI)
		l.operations(s, a, l.defined(a, &c, name))
		s.APIs = append(s.APIs, a)
	}
	for _, a := range s.APIs {
		if !a.View.IsCurrentRevision {
			a.RevisionOf = s.api(a.View.ID)
		}
	}
}

// Chosen: an API that names no protocol takes requests without TLS too, because a
// laptop has that; its policies see what a new API in Azure has.
var (
	defaultProtocols = []string{"https"}
	protocols        = []string{"http", "https"}
)

// protocols are the schemes that requests to an API may have; nil: any.
func (l *loader) protocols(c *apiConfig, name string) []string {
	var list []string
	for _, p := range c.Protocols {
		if !slices.Contains(protocols, p.Value) {
			l.fail(p.Or(c.Place), "API %s: protocols are %s, not %q", name, strings.Join(protocols, " and "), p.Value)
		}
		list = append(list, p.Value)
	}
	return list
}

// apiPath is an API's path without slashes around it. A semicolon begins the
// revision that a request asks for.
func (l *loader) apiPath(c *apiConfig, name string) string {
	path := strings.Trim(c.Path.Value, "/")
	if !isPlainPath(path) || strings.Contains(path, "//") {
		l.fail(c.Path.Place, "the path of API %s is plain text, without parameters, escapes, semicolons or blanks: %q", name, c.Path.Value)
	}
	return path
}

func isPlainPath(s string) bool { return !strings.ContainsAny(s, "{}*?#%;\\ \t\r\n") }

// checkAlone reports an API whose requests are another's.
func (l *loader) checkAlone(s *Service, a *API, c *apiConfig, name string) {
	i := slices.IndexFunc(s.APIs, func(other *API) bool {
		return strings.EqualFold(a.Prefix(), other.Prefix()) && !strings.EqualFold(a.View.ID, other.View.ID) && !a.otherVersionThan(other)
	})
	switch {
	case i < 0:
	case a.VersionSet == s.APIs[i].VersionSet && a.VersionSet != nil:
		l.fail(c.Version.Or(c.Place), "API %s has the path %q and the version %q, which API %s has too", name, a.View.Path, a.View.Version, s.APIs[i].View.ID)
	case a.VersionSet != nil || s.APIs[i].VersionSet != nil:
		l.fail(c.Path.Or(c.Place), "API %s has the path %q, which API %s has too; the versions of an API name one versionSet", name, a.Prefix(), s.APIs[i].View.ID)
	default:
		l.fail(c.Path.Or(c.Place), "API %s has the path %q, which API %s has too", name, a.Prefix(), s.APIs[i].View.ID)
	}
}

func isHeaderName(s string) bool {
	return s != "" && !strings.ContainsFunc(s, func(r rune) bool {
		return r <= ' ' || r > '~' || strings.ContainsRune(`"(),/:;<=>?@[\]{}`, r) // RFC 9110, section 5.6.2
	})
}

func (l *loader) backend(a *API, c *apiConfig, name string) {
	if c.Backend.Value == "" {
		l.fail(c.Backend.Or(c.Place), "API %s needs a backend: the URL its requests go to", name)
		return
	}
	u, err := exchange.ParseURL(c.Backend.Value)
	switch {
	case err != nil:
		l.fail(c.Backend.Place, "backend of API %s: %s", name, err)
	case u.RawQuery != "":
		l.fail(c.Backend.Or(c.Place), "backend of API %s: a query is not taken over; set-query-parameter can add one", name)
	}
	a.Backend = u
	a.View.ServiceURL = strings.TrimSuffix(c.Backend.Value, "/")
}

// operations reads an API's operations. An API that lists none takes every
// method and path.
func (l *loader) operations(s *Service, a *API, configured []operationConfig) {
	if len(configured) == 0 {
		a.Operations = []*Operation{{View: exchange.Operation{ID: "any", Name: "any", Method: anyMethod, URLTemplate: "/*"}, Template: anyPath}}
		return
	}
	names, requests := make(map[string]bool), make(map[string]*Operation)
	for _, c := range configured {
		taken := names[folded(c.Name.Value)]
		names[folded(c.Name.Value)] = true
		name := l.name(c.Name, c.Place, "operation", taken)
		t := l.template(&c, name)
		o := &Operation{
			View: exchange.Operation{
				ID: c.Name.Value, Name: or(c.DisplayName.Value, c.Name.Value), Method: l.method(&c, name),
				URLTemplate: c.URLTemplate.Value, TemplateQuery: t.QueryNames(), Definition: c.definition,
			},
			Template: t,
			Policy:   l.compile(s, c.Policy, exchange.ScopeOperation),
		}
		taking := o.View.Method + " " + t.requests()
		if other := requests[taking]; other != nil && len(t.segments) > 0 {
			l.fail(c.URLTemplate.Place, "operation %s takes the same requests as operation %s", name, other.View.ID)
		} else {
			requests[taking] = o
		}
		a.Operations = append(a.Operations, o)
	}
	slices.SortStableFunc(a.Operations, func(x, y *Operation) int {
		return cmp.Or(x.Template.moreSpecific(y.Template), strings.Count(x.View.Method, anyMethod)-strings.Count(y.View.Method, anyMethod))
	})
}

// anyMethod stands for every method.
const anyMethod = "*"

func (l *loader) method(c *operationConfig, name string) string {
	method := strings.ToUpper(c.Method.Value)
	if method != anyMethod && (method == "" || strings.ContainsFunc(method, func(r rune) bool { return (r < 'A' || r > 'Z') && r != '-' })) {
		l.fail(c.Method.Or(c.Place), "operation %s needs a method: GET, POST ... or * for any", name)
	}
	return method
}

// template is the operation's; one that takes nothing if what is written is
// wrong.
func (l *loader) template(c *operationConfig, name string) *Template {
	if c.URLTemplate.Value == "" {
		l.fail(c.URLTemplate.Or(c.Place), "operation %s needs a urlTemplate, such as /items/{id}", name)
		return &Template{}
	}
	t, err := ParseTemplate(c.URLTemplate.Value)
	if err != nil {
		l.fail(c.URLTemplate.Place, "operation %s: %s", name, err)
		return &Template{}
	}
	return t
}

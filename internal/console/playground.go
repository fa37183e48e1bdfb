package console

import (
	"errors"
	"fmt"
	"net/http"
	"slices"
	"strings"

	"github.com/apimulator/apimulator/internal/entra"
	"github.com/apimulator/apimulator/internal/pattern"
	"github.com/apimulator/apimulator/internal/service"
	"github.com/apimulator/apimulator/policy/exchange"
)

// attempt is a request as it is composed.
type attempt struct {
	Method, Path, Headers, Body string
	// As is who signs in, as [identity] spells it; "": nobody.
	As         string
	Audience   string
	TokenFault string
	Key        string // the name of a subscription
}

// identity is somebody who can sign in.
type identity struct{ Value, Label string }

type playgroundPage struct {
	base
	attempt
	Methods    []string
	Users      []identity
	Apps       []identity
	Audiences  []identity
	Faults     []string
	Keys       []string
	Operations []choice
	Problem    string // what is wrong with what was composed
}

var methods = []string{"GET", "POST", "PUT", "PATCH", "DELETE", "HEAD", "OPTIONS"}

// playground shows the form, filled in for an operation if the address names one.
func (p *Page) playground(w http.ResponseWriter, r *http.Request) {
	s := p.Service()
	start := attempt{Method: "GET", Path: "/" + s.APIs[0].Prefix(), Headers: "Accept: application/json"}
	if a, o := operationNamed(s, r.URL.Query()); o != nil {
		start.fill(s, a, o)
	} else if len(s.APIs[0].Operations) > 0 {
		start.fill(s, s.APIs[0], s.APIs[0].Operations[0])
	}
	p.compose(w, r, http.StatusOK, start, "")
}

// holes are the parameters of an operation's template.
var holes = pattern.Lazy(`\{\*?([^}]*)\}`)

// fill begins a request to an operation.
func (t *attempt) fill(s *service.Service, a *service.API, o *service.Operation) {
	if t.Method = o.View.Method; t.Method == "*" {
		t.Method = "GET"
	}
	template := o.View.URLTemplate
	if template == "/*" {
		template = "/"
	}
	prefix := ""
	if a.Prefix() != "" {
		prefix = "/" + a.Prefix()
	}
	t.Path = prefix + holes().ReplaceAllString(template, "$1")
	if a.VersionSet != nil && a.VersionSet.Scheme == service.Header && a.View.Version != "" {
		t.Headers += "\n" + a.VersionSet.Parameter + ": " + a.View.Version
	}
	if t.Method == "POST" || t.Method == "PUT" || t.Method == "PATCH" {
		t.Headers += "\nContent-Type: application/json"
		t.Body = "{}"
	}
	for _, sub := range s.Subscriptions {
		if t.Key == "" && sub.Active && sub.Opens(a) && a.SubscriptionRequired {
			t.Key = sub.View.ID
		}
	}
}

func (p *Page) compose(w http.ResponseWriter, r *http.Request, status int, t attempt, problem string) {
	page := playgroundPage{base: p.base(r, "playground", "Playground"), attempt: t, Methods: methods, Faults: entra.TokenFaults(), Problem: problem}
	if !slices.Contains(methods, t.Method) {
		page.Methods = append([]string{t.Method}, methods...)
	}
	for _, tenant := range p.Directory.Tenants {
		for _, u := range tenant.Users {
			page.Users = append(page.Users, identity{"user:" + tenant.ID + ":" + u.UserPrincipalName, u.UserPrincipalName})
		}
		for _, a := range tenant.Apps {
			page.Apps = append(page.Apps, identity{"app:" + tenant.ID + ":" + a.ClientID, a.Name})
			if len(a.AppIDURIs) == 0 {
				page.Audiences = append(page.Audiences, identity{a.ClientID, a.Name})
			}
			for _, uri := range a.AppIDURIs {
				page.Audiences = append(page.Audiences, identity{uri, a.Name}, identity{a.ClientID, a.Name})
			}
		}
	}
	s := p.Service()
	for _, sub := range s.Subscriptions {
		page.Keys = append(page.Keys, sub.View.ID)
	}
	for _, a := range s.APIs {
		for _, o := range newAPIView(a).Operations {
			page.Operations = append(page.Operations, choice{Label: a.View.Name + ": " + o.Method + " " + o.Template, Address: o.Try})
		}
	}
	show(w, status, "playground", page)
}

// play sends what was composed and shows what came of it.
func (p *Page) play(w http.ResponseWriter, r *http.Request) {
	if err := r.ParseForm(); err != nil {
		p.fail(w, r, http.StatusBadRequest, "What was sent is no form, or is larger than 1 MB.")
		return
	}
	f := r.PostForm
	t := attempt{
		Method: strings.ToUpper(strings.TrimSpace(f.Get("method"))), Path: strings.TrimSpace(f.Get("path")), Headers: f.Get("headers"), Body: f.Get("body"),
		As: f.Get("as"), Audience: strings.TrimSpace(f.Get("audience")), TokenFault: f.Get("fault"), Key: f.Get("key"),
	}
	q, err := p.prepare(&t)
	if err != nil {
		p.compose(w, r, http.StatusUnprocessableEntity, t, err.Error())
		return
	}
	id, err := p.Send(r.Context(), q)
	if err != nil {
		p.compose(w, r, http.StatusServiceUnavailable, t, err.Error())
		return
	}
	http.Redirect(w, r, "/requests/"+id, http.StatusSeeOther)
}

// aMethod is what HTTP takes for one.
var aMethod = pattern.Lazy("^[A-Z0-9!#$%&'*+.^_`|~-]{1,40}$")

// prepare makes the request. The error says what is wrong with it.
func (p *Page) prepare(t *attempt) (exchange.Request, error) {
	q := exchange.Request{Method: t.Method, ClientIP: "127.0.0.1"}
	if !aMethod().MatchString(t.Method) {
		return q, fmt.Errorf("%q is no method of HTTP", t.Method)
	}
	address := t.Path
	if strings.HasPrefix(address, "/") {
		address = p.Gateway + address
	}
	var err error
	if q.OriginalURL, err = exchange.ParseURL(address); err != nil {
		return q, fmt.Errorf("the path begins with a slash, or is a whole address: %w", err)
	}
	if q.OriginalURL.Path == "" {
		q.OriginalURL.Path = "/"
	}
	q.Header.Add("Host", q.OriginalURL.Authority())
	if err := addHeaders(&q.Header, t.Headers); err != nil {
		return q, err
	}
	if body := strings.ReplaceAll(t.Body, "\r\n", "\n"); body != "" && t.Method != "GET" && t.Method != "HEAD" {
		q.Body = exchange.BytesBody([]byte(body))
		q.Header.Set("Content-Length", fmt.Sprint(len(body)))
	}
	if err := p.addKey(&q, t.Key); err != nil {
		return q, err
	}
	return q, p.signIn(&q, t)
}

// aHeader is a header line.
var aHeader = pattern.Lazy("^([A-Za-z0-9!#$%&'*+.^_`|~-]+):[ \t]*([^\x00-\x08\x0a-\x1f\x7f]*)$")

func addHeaders(h *exchange.Header, text string) error {
	for line := range strings.Lines(text) {
		line = strings.TrimSpace(line)
		if line == "" {
			continue
		}
		parts := aHeader().FindStringSubmatch(line)
		if parts == nil {
			return fmt.Errorf("%q is no header line: it is written as Name: value", line)
		}
		if strings.EqualFold(parts[1], "Host") {
			h.Set("Host", parts[2])
			continue
		}
		h.Add(parts[1], parts[2])
	}
	return nil
}

// addKey adds the key of a subscription where the API looks for it.
func (p *Page) addKey(q *exchange.Request, name string) error {
	if name == "" {
		return nil
	}
	s := p.Service()
	for _, sub := range s.Subscriptions {
		if sub.View.ID == name {
			q.Header.Set(keyHeader(s, q.OriginalURL.Path), or(sub.View.PrimaryKey, sub.View.SecondaryKey))
			return nil
		}
	}
	return fmt.Errorf("there is no subscription %q (any more)", name)
}

// keyHeader is where the API at a path looks for a key.
func keyHeader(s *service.Service, path string) string {
	header, longest := service.DefaultKeyHeader, -1
	for _, a := range s.APIs {
		prefix := "/" + a.Prefix()
		under := prefix == "/" || strings.EqualFold(path, prefix) || len(path) > len(prefix) && strings.EqualFold(path[:len(prefix)+1], prefix+"/")
		if under && len(prefix) > longest {
			header, longest = a.View.SubscriptionHeader, len(prefix)
		}
	}
	return header
}

// signIn adds a token of who was picked.
func (p *Page) signIn(q *exchange.Request, t *attempt) error {
	if t.As == "" {
		if t.TokenFault != "" {
			return errors.New("a fault needs a token: pick a user or an app to sign in as")
		}
		return nil
	}
	parts := strings.SplitN(t.As, ":", 3)
	if len(parts) != 3 {
		return fmt.Errorf("%q is nobody who can sign in", t.As)
	}
	m := entra.MintRequest{Tenant: parts[1], Audience: t.Audience, Fault: t.TokenFault}
	if parts[0] == "user" {
		m.User = parts[2]
	} else {
		m.App = parts[2]
	}
	token, err := p.Tokens.Mint(m)
	if err != nil {
		return fmt.Errorf("signing in failed: %s", strings.TrimPrefix(err.Error(), "mint: "))
	}
	q.Header.Set("Authorization", "Bearer "+token)
	return nil
}

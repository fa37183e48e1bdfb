package console

import (
	"net/http"
	"net/url"
	"path"
	"strings"

	"github.com/apimulator/apimulator/internal/service"
	"github.com/apimulator/apimulator/policy"
)

type servicePage struct {
	base
	Name, File    string
	APIs          []apiView
	Products      []productView
	Subscriptions []subscriptionView
	Global        string
}

// apiView is an API as it is shown.
type apiView struct {
	ID, Name, Path, Backend string
	Version, Revision       string // "" where there is nothing to tell apart
	KeyNeeded               bool
	Policy                  string
	Products                []string
	Operations              []operationView
}

type operationView struct {
	ID, Method, Template, Policy string
	// Effective and Try lead to its effective policy and to the playground.
	Effective, Try string
}

type productView struct {
	ID, Policy string
	KeyNeeded  bool
	APIs       []string
}

// subscriptionView is a subscription; what its keys are is not shown anywhere.
type subscriptionView struct {
	ID, Opens, Owner string
	Active           bool
	Keys             int
}

// service shows what is served.
func (p *Page) service(w http.ResponseWriter, r *http.Request) {
	s := p.Service()
	page := servicePage{base: p.base(r, "service", "Service"), Name: s.Name, File: p.Subject.path(), Global: documentOf(s.Global)}
	products := make(map[*service.Product]*productView)
	for _, product := range s.Products {
		products[product] = &productView{ID: product.View.ID, Policy: documentOf(product.Policy), KeyNeeded: product.SubscriptionRequired}
	}
	for _, a := range s.APIs {
		page.APIs = append(page.APIs, newAPIView(a))
		for _, product := range a.Products {
			if v := products[product]; v != nil {
				v.APIs = appendNew(v.APIs, a.View.Name)
			}
		}
	}
	for _, product := range s.Products {
		page.Products = append(page.Products, *products[product])
	}
	for _, sub := range s.Subscriptions {
		page.Subscriptions = append(page.Subscriptions, newSubscriptionView(sub))
	}
	show(w, http.StatusOK, "service", page)
}

func newAPIView(a *service.API) apiView {
	v := apiView{
		ID: a.View.ID, Name: a.View.Name, Path: "/" + a.Prefix(), Backend: a.Backend.String(), Version: a.View.Version,
		KeyNeeded: a.SubscriptionRequired && a.OpenProduct() == nil, Policy: documentOf(a.Policy),
	}
	if !a.View.IsCurrentRevision {
		v.Revision = a.View.Revision
	}
	for _, product := range a.Products {
		v.Products = append(v.Products, product.View.ID)
	}
	for _, o := range a.Operations {
		names := url.Values{"api": {a.View.ID}, "revision": {a.View.Revision}, "operation": {o.View.ID}}.Encode()
		v.Operations = append(v.Operations, operationView{
			ID: o.View.ID, Method: o.View.Method, Template: o.View.URLTemplate, Policy: documentOf(o.Policy),
			Effective: "/service/policy?" + names, Try: "/playground?" + names,
		})
	}
	return v
}

func newSubscriptionView(sub *service.Subscription) subscriptionView {
	v := subscriptionView{ID: sub.View.ID, Opens: "all APIs", Active: sub.Active}
	switch {
	case sub.Product != nil:
		v.Opens = "product " + sub.Product.View.ID
	case sub.API != nil:
		v.Opens = "API " + sub.API.View.Name
	}
	if sub.Owner != nil {
		v.Owner = sub.Owner.ID
	}
	for _, key := range []string{sub.View.PrimaryKey, sub.View.SecondaryKey} {
		if key != "" {
			v.Keys++
		}
	}
	return v
}

// documentOf is the file name of a policy, without folders; "" if there is none.
func documentOf(c *policy.Compiled) string {
	if c == nil {
		return ""
	}
	if strings.HasPrefix(c.Name, "(") {
		return "as a new instance has it"
	}
	return path.Base(strings.ReplaceAll(c.Name, `\`, "/"))
}

// operationNamed is the operation that an address names; nil if there is none.
func operationNamed(s *service.Service, q url.Values) (*service.API, *service.Operation) {
	for _, a := range s.APIs {
		if a.View.ID != q.Get("api") || q.Get("revision") != "" && a.View.Revision != q.Get("revision") {
			continue
		}
		for _, o := range a.Operations {
			if o.View.ID == q.Get("operation") {
				return a, o
			}
		}
	}
	return nil, nil
}

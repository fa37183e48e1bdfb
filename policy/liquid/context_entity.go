package liquid

import (
	"github.com/apimulator/apimulator/policy/exchange"
)

// What a request belongs to, as expressions have it.

var apiMembers = []recordMember[*exchange.API]{
	property("Id", func(a *exchange.API) any { return a.ID }),
	property("Name", func(a *exchange.API) any { return a.Name }),
	property("Path", func(a *exchange.API) any { return a.Path }),
	property("Revision", func(a *exchange.API) any { return a.Revision }),
	property("Version", func(a *exchange.API) any { return textOrNil(a.Version) }),
	property("IsCurrentRevision", func(a *exchange.API) any { return a.IsCurrentRevision }),
	property("Protocols", func(a *exchange.API) any { return texts(a.Protocols) }),
	property("ServiceUrl", func(a *exchange.API) any {
		u, err := exchange.ParseURL(a.ServiceURL)
		if err != nil {
			return nil
		}
		return newAddress(u)
	}),
}

// textOrNil is a text, nil if it is empty.
func textOrNil(s string) any {
	if s == "" {
		return nil
	}
	return s
}

var operationMembers = []recordMember[*exchange.Operation]{
	property("Id", func(o *exchange.Operation) any { return o.ID }),
	property("Name", func(o *exchange.Operation) any { return o.Name }),
	property("Method", func(o *exchange.Operation) any { return o.Method }),
	property("UrlTemplate", func(o *exchange.Operation) any { return o.URLTemplate }),
}

var productMembers = []recordMember[*exchange.Product]{
	property("Id", func(p *exchange.Product) any { return p.ID }),
	property("Name", func(p *exchange.Product) any { return p.Name }),
	property("ApprovalRequired", func(p *exchange.Product) any { return p.ApprovalRequired }),
	property("SubscriptionRequired", func(p *exchange.Product) any { return p.SubscriptionRequired }),
	property("SubscriptionLimit", func(p *exchange.Product) any {
		if p.SubscriptionLimit == nil {
			return nil
		}
		return int32(*p.SubscriptionLimit)
	}),
	property("State", func(p *exchange.Product) any {
		if p.Published {
			return "Published"
		}
		return "NotPublished"
	}),
	property("Groups", func(p *exchange.Product) any { return groups(p.Groups) }),
	property("Apis", func(p *exchange.Product) any {
		all := make(list, len(p.APIs))
		for i, a := range p.APIs {
			all[i] = entity(a, apiMembers)
		}
		return all
	}),
}

func groups(of []exchange.Group) any {
	all := make(list, len(of))
	for i := range of {
		all[i] = entity(&of[i], groupMembers)
	}
	return all
}

var groupMembers = []recordMember[*exchange.Group]{
	property("Id", func(g *exchange.Group) any { return g.ID }),
	property("Name", func(g *exchange.Group) any { return g.Name }),
}

var subscriptionMembers = []recordMember[*exchange.Subscription]{
	property("Id", func(s *exchange.Subscription) any { return s.ID }),
	property("Name", func(s *exchange.Subscription) any { return s.Name }),
	property("Key", func(s *exchange.Subscription) any { return s.PrimaryKey }),
	property("PrimaryKey", func(s *exchange.Subscription) any { return s.PrimaryKey }),
	property("SecondaryKey", func(s *exchange.Subscription) any { return s.SecondaryKey }),
	property("CreatedDate", func(s *exchange.Subscription) any { return dateTime(&s.CreatedDate) }),
	property("StartDate", func(s *exchange.Subscription) any { return dateTime(s.StartDate) }),
	property("EndDate", func(s *exchange.Subscription) any { return dateTime(s.EndDate) }),
}

var userMembers = []recordMember[*exchange.User]{
	property("Id", func(u *exchange.User) any { return u.ID }),
	property("Email", func(u *exchange.User) any { return u.Email }),
	property("FirstName", func(u *exchange.User) any { return u.FirstName }),
	property("LastName", func(u *exchange.User) any { return u.LastName }),
	property("Note", func(u *exchange.User) any { return u.Note }),
	property("RegistrationDate", func(u *exchange.User) any { return dateTime(&u.RegistrationDate) }),
	property("Groups", func(u *exchange.User) any { return groups(u.Groups) }),
	property("Identities", func(u *exchange.User) any {
		all := make(list, len(u.Identities))
		for i := range u.Identities {
			all[i] = entity(&u.Identities[i], identityMembers)
		}
		return all
	}),
}

var identityMembers = []recordMember[*exchange.Identity]{
	property("Id", func(i *exchange.Identity) any { return i.ID }),
	property("Provider", func(i *exchange.Identity) any { return i.Provider }),
}

var deploymentMembers = []recordMember[*exchange.Deployment]{
	property("GatewayId", func(d *exchange.Deployment) any { return d.GatewayID }),
	property("Region", func(d *exchange.Deployment) any { return d.Region }),
	property("ServiceId", func(d *exchange.Deployment) any { return d.ServiceID }),
	property("ServiceName", func(d *exchange.Deployment) any { return d.ServiceName }),
}

var lastErrorMembers = []recordMember[*exchange.LastError]{
	property("Source", func(e *exchange.LastError) any { return e.Source }),
	property("Reason", func(e *exchange.LastError) any { return e.Reason }),
	property("Message", func(e *exchange.LastError) any { return e.Message }),
	property("Scope", func(e *exchange.LastError) any { return e.Scope }),
	property("Section", func(e *exchange.LastError) any { return e.Section }),
	property("Path", func(e *exchange.LastError) any { return e.Path }),
	property("PolicyId", func(e *exchange.LastError) any { return e.PolicyID }),
}

// claims are a token's claims: each with a string[].
type claims []exchange.Claim

func (c claims) member(_ *run, name string) (any, bool, error) {
	for _, same := range []func(a, b string) bool{func(a, b string) bool { return a == b }, sameName} {
		for _, claim := range c {
			if same(claim.Name, name) {
				return texts(claim.Values), true, nil
			}
		}
	}
	return nil, false, nil
}

func (c claims) pairs(r *run) ([]pair, error) {
	all := make([]pair, 0, len(c))
	for _, claim := range c {
		all = append(all, pair{claim.Name, texts(claim.Values)})
	}
	return all, r.m.Allocate(48 * len(all))
}

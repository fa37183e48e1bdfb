package service

import (
	"slices"

	"github.com/apimulator/apimulator/policy"
	"github.com/apimulator/apimulator/policy/exchange"
)

// Service is one APIM instance.
type Service struct {
	Name       string
	Deployment exchange.Deployment
	// NegotiateClientCertificate asks clients for a certificate when they connect.
	NegotiateClientCertificate bool
	VersionSets                []*VersionSet
	// APIs in all their revisions.
	APIs          []*API
	Products      []*Product
	Groups        []exchange.Group
	Users         []*exchange.User
	Subscriptions []*Subscription
	// Certificates are by their ids.
	Certificates map[string]*exchange.Certificate
	// Loggers are by their ids; a service without any takes every id.
	Loggers map[string]*Logger
	// NamedValues are the values of {{name}}. Each counts as secret: none goes into a
	// message, a trace or a report.
	NamedValues map[string]string
	// Fragments are the documents of fragments, by id.
	Fragments map[string]*policy.Document
	// Cache is the external cache; nil: there is none.
	Cache *ExternalCache
	// Documents are the documents of all policies and fragments, by their names.
	Documents map[string]*policy.Document
	// Global is the policy of all APIs.
	Global *policy.Compiled
	// Hosts are addresses for host names, beside the emulated parties'.
	Hosts map[string]string
	// Parties are the raw sections of apim.yaml that configure the emulated
	// parties, which alone know what may stand in them.
	Parties Parties
	// References are the addresses that policies will call.
	References []policy.Reference
	// Files are all that the service was read from, absolute.
	Files []string
	// Warnings are findings that did not keep the service from loading.
	Warnings policy.Diagnostics
	// Skipped are the statements that don't run, where the service was loaded
	// in spite of them.
	Skipped policy.Diagnostics

	passwords []string // that open certificates
	inClear   []string // secrets that stand in policies
}

// Policies are the policies that apply to a request, from the narrowest scope to
// the widest; product may be nil. A scope that has none is left out.
func (s *Service) Policies(a *API, o *Operation, product *Product) []*policy.Compiled {
	all := []*policy.Compiled{o.Policy, a.Policy}
	if product != nil {
		all = append(all, product.Policy)
	}
	return slices.DeleteFunc(append(all, s.Global), func(c *policy.Compiled) bool { return c == nil })
}

// VersionSet is where requests name the version that they want of an API.
type VersionSet struct {
	Name   string
	Scheme string // Segment, Header or Query
	// Parameter is the name of the header or query parameter.
	Parameter string
}

// API is one API of the service, in one revision.
type API struct {
	View                 exchange.API
	Backend              exchange.URL
	SubscriptionRequired bool
	Operations           []*Operation
	Policy               *policy.Compiled // nil: none
	// Products that have this API.
	Products []*Product
	// VersionSet holds the API's versions; nil: it has none.
	VersionSet *VersionSet
	// RevisionOf is the API in its current revision; nil: this is it.
	RevisionOf *API
	// Protocols are the schemes that requests may have; nil: any.
	Protocols []string
}

// Prefix is what the path of the API's requests begins with: its path, and its
// version if that stands there; no slashes around.
func (a *API) Prefix() string {
	switch {
	case a.VersionSet == nil || a.VersionSet.Scheme != Segment || a.View.Version == "":
		return a.View.Path
	case a.View.Path == "":
		return a.View.Version
	}
	return a.View.Path + "/" + a.View.Version
}

// otherVersionThan reports whether requests to one path tell the two apart by
// the version.
func (a *API) otherVersionThan(other *API) bool {
	return a.VersionSet != nil && a.VersionSet == other.VersionSet && a.VersionSet.Scheme != Segment && a.View.Version != other.View.Version
}

// OpenProduct is the product of the API that asks for no subscription, nil if
// there is none.
func (a *API) OpenProduct() *Product {
	for _, p := range a.Products {
		if !p.SubscriptionRequired {
			return p
		}
	}
	return nil
}

// Operation is one operation of an API.
type Operation struct {
	View     exchange.Operation
	Template *Template
	Policy   *policy.Compiled // nil: none
}

// Product bundles APIs under a policy.
type Product struct {
	View                 exchange.Product
	SubscriptionRequired bool
	Policy               *policy.Compiled // nil: none
}

// Subscription is a pair of keys and what they open: a product, an API, or all
// APIs when both are nil.
type Subscription struct {
	View    exchange.Subscription
	Product *Product
	API     *API
	Active  bool
	Owner   *exchange.User // nil: it is standalone
}

// Opens reports whether the subscription's scope has the API.
func (s *Subscription) Opens(a *API) bool {
	switch {
	case s.API != nil:
		return s.API == a || s.API == a.RevisionOf
	case s.Product != nil:
		for _, p := range a.Products {
			if p == s.Product {
				return true
			}
		}
		return false
	}
	return true
}

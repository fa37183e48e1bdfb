package exchange

import (
	"crypto"
	"crypto/x509"
	"time"
)

// The types here are read-only views of the service's entities, as
// context.Api, context.Operation and so on show them to a policy.

// API is context.Api.
type API struct {
	ID, Name, Path, Version, Revision string
	IsCurrentRevision                 bool
	Protocols                         []string
	ServiceURL                        string
	// SubscriptionHeader and SubscriptionQuery are where the API looks for a
	// subscription key.
	SubscriptionHeader, SubscriptionQuery string
}

// Operation is context.Operation.
type Operation struct {
	ID, Name, Method, URLTemplate string
	// TemplateQuery are the query parameters that URLTemplate names.
	TemplateQuery []string
}

// Product is context.Product.
type Product struct {
	ID, Name             string
	ApprovalRequired     bool
	SubscriptionRequired bool
	SubscriptionLimit    *int // nil: none
	Published            bool
	Groups               []Group
	APIs                 []*API
}

// Subscription is context.Subscription. Its keys never reach logs or traces.
type Subscription struct {
	ID, Name                 string
	Key                      string // the one that the request brought
	PrimaryKey, SecondaryKey string
	CreatedDate              time.Time
	StartDate, EndDate       *time.Time // nil: none
}

// User is context.User.
type User struct {
	ID, Email, FirstName, LastName, Note string
	RegistrationDate                     time.Time
	Groups                               []Group
	Identities                           []Identity
}

// Group is a group of users.
type Group struct{ ID, Name string }

// Identity is how a user signs in.
type Identity struct{ ID, Provider string }

// Authorization is what get-authorization-context gives a policy.
type Authorization struct {
	AccessToken string
	Claims      []Claim
}

// Deployment is context.Deployment.
type Deployment struct {
	ServiceID, ServiceName, GatewayID, Region string
	// Certificates are by their thumbprints: SHA-1 in upper-case hexadecimal
	// digits.
	Certificates map[string]*Certificate
}

// Certificate is a certificate that the service holds.
type Certificate struct {
	Leaf       *x509.Certificate
	PrivateKey crypto.PrivateKey // nil: there is none
}

// PrivateEndpointConnection is context.Request.PrivateEndpointConnection.
type PrivateEndpointConnection struct{ Name, GroupID, MemberName string }

// VnetInfo is context.Request.AzureVnetInfo.
type VnetInfo struct {
	TrafficTag, SubnetID, PrivateLinkID int32
	SNATAddress                         string // "": there is none
}

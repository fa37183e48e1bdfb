package exchange

import (
	"crypto"
	"crypto/sha1" // thumbprints are made with it
	"crypto/x509"
	"encoding/hex"
	"slices"
	"strings"
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
	// Schemas is what the API's definition says of its messages; nil: it has none.
	Schemas *SchemaDocument
}

// Operation is context.Operation.
type Operation struct {
	ID, Name, Method, URLTemplate string
	// TemplateQuery are the query parameters that URLTemplate names.
	TemplateQuery []string
	// Definition is what the API's definition says of the operation; nil: nothing.
	Definition *OperationDefinition
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

// ConnectionID names a connection of the credential manager.
type ConnectionID struct{ Provider, Authorization string }

// Connection is one connection of the credential manager: what it gives, and to
// whom.
type Connection struct {
	Authorization Authorization
	// ExpiresOn is when what it gives ends; zero: it does not.
	ExpiresOn time.Time
	// Fault, if set, is why it gives nothing.
	Fault string
	// Managed says that the gateway's own managed identity may have it.
	Managed bool
	// Identities are those that may have it by a token.
	Identities []ConnectionIdentity
}

// ConnectionIdentity is an identity of an access policy: an object of Entra ID.
type ConnectionIdentity struct{ TenantID, ObjectID string }

// Allows reports whether an access policy of the connection has the identity.
// GUIDs are compared without regard to case.
func (c *Connection) Allows(tenantID, objectID string) bool {
	return slices.ContainsFunc(c.Identities, func(i ConnectionIdentity) bool {
		return strings.EqualFold(i.TenantID, tenantID) && strings.EqualFold(i.ObjectID, objectID)
	})
}

// Deployment is context.Deployment.
type Deployment struct {
	ServiceID, ServiceName, GatewayID, Region string
	// Certificates are by their thumbprints: SHA-1 in upper-case hexadecimal
	// digits.
	Certificates map[string]*Certificate
	// CertificateIDs are the same by the ids that statements name them by.
	CertificateIDs map[string]*Certificate
	// Authorities are the certificates of authorities that the service trusts
	// beside the system's: self-signed ones are roots, others lead to a root.
	Authorities []*x509.Certificate
	// Connections are those of the credential manager.
	Connections map[ConnectionID]*Connection
	// Schemas are those of the service, by their ids.
	Schemas map[string]*SchemaDocument
	// Backends are the backend entities by their ids.
	Backends map[string]*BackendEntity
}

// Certificate is a certificate that the service holds.
type Certificate struct {
	Leaf       *x509.Certificate
	PrivateKey crypto.PrivateKey // nil: there is none
	// Chain are the certificates that came with it.
	Chain []*x509.Certificate
}

// Thumbprint is the digest by which Windows names a certificate: SHA-1 in
// upper-case hexadecimal digits.
func Thumbprint(c *x509.Certificate) string {
	digest := sha1.Sum(c.Raw)
	return strings.ToUpper(hex.EncodeToString(digest[:]))
}

// PrivateEndpointConnection is context.Request.PrivateEndpointConnection.
type PrivateEndpointConnection struct{ Name, GroupID, MemberName string }

// VnetInfo is context.Request.AzureVnetInfo.
type VnetInfo struct {
	TrafficTag, SubnetID, PrivateLinkID int32
	SNATAddress                         string // "": there is none
}

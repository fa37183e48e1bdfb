package service

import (
	"time"

	"github.com/goccy/go-yaml/ast"

	"github.com/apimulator/apimulator/internal/yamlfile"
	"github.com/apimulator/apimulator/policy/exchange"
)

// config is apim.yaml. docs/apim.schema.json describes it to editors; a test
// keeps the two alike.
type config struct {
	Name          yamlfile.Text                `yaml:"name"`
	ServiceID     yamlfile.Text                `yaml:"serviceId"`
	GatewayID     yamlfile.Text                `yaml:"gatewayId"`
	Region        yamlfile.Text                `yaml:"region"`
	Negotiate     bool                         `yaml:"negotiateClientCertificate"`
	Policy        yamlfile.Text                `yaml:"policy"`
	NamedValues   map[string]namedValue        `yaml:"namedValues"`
	Fragments     map[string]yamlfile.Text     `yaml:"fragments"`
	Certificates  map[string]certificateConfig `yaml:"certificates"`
	Authorities   []certificateConfig          `yaml:"caCertificates"`
	Credentials   map[string]providerConfig    `yaml:"credentialProviders"`
	Schemas       map[string]yamlfile.Text     `yaml:"schemas"`
	Cache         *cacheConfig                 `yaml:"cache"`
	Backends      map[string]backendConfig     `yaml:"backends"`
	Loggers       map[string]loggerConfig      `yaml:"loggers"`
	VersionSets   []versionSetConfig           `yaml:"versionSets"`
	APIs          []apiConfig                  `yaml:"apis"`
	Products      []productConfig              `yaml:"products"`
	Groups        []groupConfig                `yaml:"groups"`
	Users         []userConfig                 `yaml:"users"`
	Subscriptions []subscriptionConfig         `yaml:"subscriptions"`
	Hosts         map[string]yamlfile.Text     `yaml:"hosts"`

	Entra           section `yaml:"entra"`
	ManagedIdentity section `yaml:"managedIdentity"`
	AzureOpenAI     section `yaml:"azureOpenAI"`
}

type versionSetConfig struct {
	yamlfile.Place
	Name   yamlfile.Text `yaml:"name"`
	Scheme yamlfile.Text `yaml:"scheme"`
	Header yamlfile.Text `yaml:"header"`
	Query  yamlfile.Text `yaml:"query"`
}

type apiConfig struct {
	yamlfile.Place
	Name                 yamlfile.Text     `yaml:"name"`
	DisplayName          yamlfile.Text     `yaml:"displayName"`
	Path                 yamlfile.Text     `yaml:"path"`
	VersionSet           yamlfile.Text     `yaml:"versionSet"`
	Version              yamlfile.Text     `yaml:"version"`
	Revision             yamlfile.Text     `yaml:"revision"`
	IsCurrent            *bool             `yaml:"isCurrent"`
	Protocols            []yamlfile.Text   `yaml:"protocols"`
	Backend              yamlfile.Text     `yaml:"backend"`
	Policy               yamlfile.Text     `yaml:"policy"`
	SubscriptionRequired *bool             `yaml:"subscriptionRequired"`
	SubscriptionKey      keyNames          `yaml:"subscriptionKey"`
	OpenAPI              yamlfile.Text     `yaml:"openapi"`
	Operations           []operationConfig `yaml:"operations"`
}

type keyNames struct {
	Header yamlfile.Text `yaml:"header"`
	Query  yamlfile.Text `yaml:"query"`
}

type operationConfig struct {
	yamlfile.Place
	Name        yamlfile.Text `yaml:"name"`
	DisplayName yamlfile.Text `yaml:"displayName"`
	Method      yamlfile.Text `yaml:"method"`
	URLTemplate yamlfile.Text `yaml:"urlTemplate"`
	Policy      yamlfile.Text `yaml:"policy"`

	definition *exchange.OperationDefinition
}

type productConfig struct {
	yamlfile.Place
	Name                 yamlfile.Text   `yaml:"name"`
	DisplayName          yamlfile.Text   `yaml:"displayName"`
	APIs                 []yamlfile.Text `yaml:"apis"`
	Policy               yamlfile.Text   `yaml:"policy"`
	SubscriptionRequired *bool           `yaml:"subscriptionRequired"`
	ApprovalRequired     bool            `yaml:"approvalRequired"`
	SubscriptionLimit    *int            `yaml:"subscriptionLimit"`
	State                yamlfile.Text   `yaml:"state"`
	Groups               []yamlfile.Text `yaml:"groups"`
}

type groupConfig struct {
	yamlfile.Place
	Name        yamlfile.Text `yaml:"name"`
	DisplayName yamlfile.Text `yaml:"displayName"`
}

type userConfig struct {
	yamlfile.Place
	Name             yamlfile.Text    `yaml:"name"`
	FirstName        yamlfile.Text    `yaml:"firstName"`
	LastName         yamlfile.Text    `yaml:"lastName"`
	Email            yamlfile.Text    `yaml:"email"`
	Note             yamlfile.Text    `yaml:"note"`
	RegistrationDate *time.Time       `yaml:"registrationDate"`
	Groups           []yamlfile.Text  `yaml:"groups"`
	Identities       []identityConfig `yaml:"identities"`
}

type identityConfig struct {
	yamlfile.Place
	Provider yamlfile.Text `yaml:"provider"`
	ID       yamlfile.Text `yaml:"id"`
}

type subscriptionConfig struct {
	yamlfile.Place
	Name         yamlfile.Text `yaml:"name"`
	DisplayName  yamlfile.Text `yaml:"displayName"`
	Product      yamlfile.Text `yaml:"product"`
	API          yamlfile.Text `yaml:"api"`
	Owner        yamlfile.Text `yaml:"owner"`
	PrimaryKey   yamlfile.Text `yaml:"primaryKey"`
	SecondaryKey yamlfile.Text `yaml:"secondaryKey"`
	State        yamlfile.Text `yaml:"state"`
	CreatedDate  *time.Time    `yaml:"createdDate"`
	StartDate    *time.Time    `yaml:"startDate"`
	EndDate      *time.Time    `yaml:"endDate"`
}

// activeState is the state of a subscription whose keys let calls through;
// states are all that there are (runtime.md, Subscription keys).
const activeState = "active"

var states = []string{activeState, "suspended", "cancelled", "rejected", "submitted", "expired"}

// namedValue is written as its text, or as a mapping with value, env or file.
type namedValue struct {
	yamlfile.Place
	Value *yamlfile.Text `yaml:"value"`
	Env   yamlfile.Text  `yaml:"env"`
	File  yamlfile.Text  `yaml:"file"`
}

func (v *namedValue) DecodeYAML(d *yamlfile.Decoder, node ast.Node) {
	type mapping namedValue // which does not decode itself
	if _, ok := node.(*ast.MappingNode); ok {
		d.Into(node, (*mapping)(v))
		return
	}
	d.Into(node, &v.Value)
}

// certificateConfig is written as the path of its file, or as a mapping.
type certificateConfig struct {
	yamlfile.Place
	File     yamlfile.Text `yaml:"file"`
	Env      yamlfile.Text `yaml:"env"`
	Value    yamlfile.Text `yaml:"value"`
	Key      yamlfile.Text `yaml:"key"`
	Password *namedValue   `yaml:"password"`
}

func (c *certificateConfig) DecodeYAML(d *yamlfile.Decoder, node ast.Node) {
	type mapping certificateConfig // which does not decode itself
	if _, ok := node.(*ast.MappingNode); ok {
		d.Into(node, (*mapping)(c))
		return
	}
	d.Into(node, &c.File)
}

// providerConfig is a credential provider and its connections.
type providerConfig struct {
	yamlfile.Place
	Authorizations map[string]connectionConfig `yaml:"authorizations"`
}

// connectionConfig is what a connection gives, and to whom.
type connectionConfig struct {
	yamlfile.Place
	AccessToken    *namedValue          `yaml:"accessToken"`
	Claims         map[string]any       `yaml:"claims"`
	ExpiresOn      *time.Time           `yaml:"expiresOn"`
	Error          yamlfile.Text        `yaml:"error"`
	AccessPolicies []accessPolicyConfig `yaml:"accessPolicies"`
}

// accessPolicyConfig is written as the word managed, or as a mapping.
type accessPolicyConfig struct {
	yamlfile.Place
	TenantID yamlfile.Text `yaml:"tenantId"`
	ObjectID yamlfile.Text `yaml:"objectId"`

	word yamlfile.Text
}

func (a *accessPolicyConfig) DecodeYAML(d *yamlfile.Decoder, node ast.Node) {
	type mapping accessPolicyConfig // which does not decode itself
	if _, ok := node.(*ast.MappingNode); ok {
		d.Into(node, (*mapping)(a))
		return
	}
	d.Into(node, &a.word)
}

// backendConfig is a backend entity, spelled as in Azure's resource
// Microsoft.ApiManagement/service/backends.
type backendConfig struct {
	yamlfile.Place
	Description    yamlfile.Text      `yaml:"description"`
	Type           yamlfile.Text      `yaml:"type"`
	URL            yamlfile.Text      `yaml:"url"`
	Protocol       yamlfile.Text      `yaml:"protocol"`
	Credentials    *credentialsConfig `yaml:"credentials"`
	TLS            tlsConfig          `yaml:"tls"`
	CircuitBreaker *circuitBreaker    `yaml:"circuitBreaker"`
	Pool           *backendPoolConfig `yaml:"pool"`
}

type credentialsConfig struct {
	yamlfile.Place
	Header          map[string][]yamlfile.Text `yaml:"header"`
	Query           map[string][]yamlfile.Text `yaml:"query"`
	Authorization   *authorizationConfig       `yaml:"authorization"`
	CertificateIDs  []yamlfile.Text            `yaml:"certificateIds"`
	ManagedIdentity *backendIdentityConfig     `yaml:"managedIdentity"`
}

type authorizationConfig struct {
	yamlfile.Place
	Scheme    yamlfile.Text `yaml:"scheme"`
	Parameter yamlfile.Text `yaml:"parameter"`
}

type backendIdentityConfig struct {
	yamlfile.Place
	Resource yamlfile.Text `yaml:"resource"`
	ClientID yamlfile.Text `yaml:"clientId"`
}

type tlsConfig struct {
	ValidateCertificateChain *bool `yaml:"validateCertificateChain"`
	ValidateCertificateName  *bool `yaml:"validateCertificateName"`
}

type circuitBreaker struct {
	yamlfile.Place
	Rules []breakerConfig `yaml:"rules"`
}

type breakerConfig struct {
	yamlfile.Place
	Name             yamlfile.Text          `yaml:"name"`
	FailureCondition failureConditionConfig `yaml:"failureCondition"`
	TripDuration     yamlfile.Text          `yaml:"tripDuration"`
	AcceptRetryAfter bool                   `yaml:"acceptRetryAfter"`
}

type failureConditionConfig struct {
	yamlfile.Place
	Count            *int                `yaml:"count"`
	Percentage       *int                `yaml:"percentage"`
	Interval         yamlfile.Text       `yaml:"interval"`
	StatusCodeRanges []statusRangeConfig `yaml:"statusCodeRanges"`
	ErrorReasons     []yamlfile.Text     `yaml:"errorReasons"`
}

type statusRangeConfig struct {
	yamlfile.Place
	Min int `yaml:"min"`
	Max int `yaml:"max"`
}

type backendPoolConfig struct {
	yamlfile.Place
	Services        []poolServiceConfig   `yaml:"services"`
	SessionAffinity sessionAffinityConfig `yaml:"sessionAffinity"`
}

type poolServiceConfig struct {
	yamlfile.Place
	ID       yamlfile.Text `yaml:"id"`
	Priority *int          `yaml:"priority"`
	Weight   *int          `yaml:"weight"`
}

type sessionAffinityConfig struct {
	SessionID sessionIDConfig `yaml:"sessionId"`
}

type sessionIDConfig struct {
	yamlfile.Place
	Source yamlfile.Text `yaml:"source"`
	Name   yamlfile.Text `yaml:"name"`
}

// section is the raw YAML of an emulated party; nil if there is none.
type section struct{ node ast.Node }

func (s *section) DecodeYAML(_ *yamlfile.Decoder, node ast.Node) { s.node = node }

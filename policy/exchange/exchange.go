package exchange

import (
	"context"
	"crypto/x509"
	"time"
)

// Exchange is one request on its way through the gateway and back.
type Exchange struct {
	// Context ends when the client has gone or the gateway gives up. Everything
	// done on the request's behalf runs under it.
	Context context.Context
	// ID is context.RequestId, a GUID; it is also the activityId of a 500.
	ID string
	// Timestamp is when the request arrived, by Clock.
	Timestamp time.Time
	Clock     Clock
	// Observer is told what happens; nil if nobody listens.
	Observer Observer
	// Tracing is context.Tracing: the client asked for the request's trace, and may
	// have it.
	Tracing bool

	Request   Request
	Response  *Response // nil until something answers
	Variables Variables
	LastError *LastError // nil until an error arose

	// What the request belongs to, as far as it is known: each is nil before
	// the gateway has found it. They are shared and must not be changed.
	API          *API
	Operation    *Operation
	Product      *Product
	Subscription *Subscription
	User         *User
	Deployment   *Deployment

	hooks hooks
}

// Request is the message on its way to the backend.
type Request struct {
	Method string
	// URL is where the request will go. Its Path is relative to BasePath, so a
	// statement that rewrites the path does not see the backend's own.
	URL URL
	// BasePath is the path of the backend's address, "" or beginning with "/".
	BasePath string
	// Backend is the backend entity that a policy chose; nil: URL alone says where the
	// request goes. BackendScope is the scope of that policy.
	Backend      *BackendEntity
	BackendScope Scope
	// OriginalURL is what the client asked for, at the gateway's address.
	OriginalURL URL
	Header      Header
	// Host is what a policy set the Host header to; "" means that the backend
	// gets its own name. Header's Host line is what expressions read.
	Host string
	Body Body
	// ClientIP is the address of the connection's other end. Nothing a client
	// sends (X-Forwarded-For) changes it.
	ClientIP string
	// Certificate is the one that the client authenticated itself with; nil if it
	// did not. Nobody has judged it: policies do.
	Certificate *x509.Certificate
	// CertificateChain are the certificates that came with it.
	CertificateChain []*x509.Certificate
	// BackendCertificate is the one that the gateway shows to the backend; nil: none.
	BackendCertificate *Certificate
	// MatchedParameters are the values of the operation's URL template.
	MatchedParameters []Parameter
	// PrivateEndpoint and Vnet are how the request came through a virtual network;
	// nil: it did not.
	PrivateEndpoint *PrivateEndpointConnection
	Vnet            *VnetInfo
}

// Target is the absolute address the request will be sent to.
func (r *Request) Target() URL {
	u := r.URL
	u.Path = JoinPath(r.BasePath, u.Path)
	return u
}

// SetBackend points the request at another base address; path and query stay.
func (r *Request) SetBackend(base URL) {
	r.URL.Scheme, r.URL.Host, r.URL.Port = base.Scheme, base.Host, base.Port
	r.BasePath = base.Path
}

// MatchedParameter is the value that the operation's URL template gave name.
func (r *Request) MatchedParameter(name string) (string, bool) {
	for _, p := range r.MatchedParameters {
		if p.Name == name {
			return p.Value, true
		}
	}
	return "", false
}

// Parameter is a value matched by a URL template.
type Parameter struct {
	Name  string
	Value string // decoded
	Raw   string // as it stood in the request
}

// Response is the message on its way to the client.
type Response struct {
	Status int
	Reason string // reason phrase; HTTP/2 clients never see it
	// Buffered asks that a body of unknown length is collected in pieces of
	// 8 KB before it is sent on; otherwise each piece goes as it comes.
	Buffered bool
	Header   Header
	Body     Body
}

package part

import (
	"crypto/x509"
	"encoding/hex"
	"strings"

	"github.com/apimulator/apimulator/policy"
	"github.com/apimulator/apimulator/policy/exchange"
	"github.com/apimulator/apimulator/policy/expr"
	"github.com/apimulator/apimulator/policy/expr/dotnet"
)

// ClientCertificate is <authentication-certificate>, compiled: the certificate by
// which a request authenticates the gateway.
type ClientCertificate struct {
	thumbprint, id, password policy.Operand[string]
	body                     policy.Operand[any]
	by                       string // the attribute that names it
	constant                 *exchange.Certificate
}

// CompileCertificate reads the element that [Certificate] defines. The error is a
// fault.
func CompileCertificate(n *policy.Node) (*ClientCertificate, error) {
	c := &ClientCertificate{thumbprint: n.String("thumbprint"), id: n.String("certificate-id"), password: n.String("password"), body: n.Any("body")}
	for _, name := range []string{"thumbprint", "certificate-id", "body"} {
		if n.Has(name) {
			c.by = name
		}
	}
	if id, known := c.id.Constant(); known && n.Has("certificate-id") {
		found, ok := n.Certificate(id)
		if !ok {
			return nil, UnknownCertificate(n)
		}
		c.constant = found
	}
	return c, nil
}

// UnknownCertificate is the fault of a certificate-id that the service does not have.
func UnknownCertificate(n *policy.Node) error { return UnknownCertificateIn(n, "certificate-id") }

// UnknownCertificateIn is that of another attribute.
func UnknownCertificateIn(n *policy.Node, attribute string) error {
	v := n.Attr(attribute)
	return n.Fault(policy.Error, v, "Certificate with id '%s' could not be found.", v.Written()).Under(policy.RuleCertificateUnknown)
}

// Get is the certificate for this run. The service's are looked up by what the
// request's instance holds, so that a reload changes them. That there is none is a
// 500: no source says what Azure answers.
func (c *ClientCertificate) Get(r *policy.Run) (*exchange.Certificate, error) {
	switch c.by {
	case "thumbprint":
		thumbprint, err := c.thumbprint.Get(r)
		if err != nil {
			return nil, err
		}
		return found(ByThumbprint(r, thumbprint), "thumbprint", thumbprint)
	case "certificate-id":
		if c.constant != nil {
			return c.constant, nil
		}
		id, err := c.id.Get(r)
		if err != nil {
			return nil, err
		}
		return found(ByID(r, id), "id", id)
	}
	return c.ofBody(r)
}

// ofBody reads the certificate that an expression gives, as bytes or in base64.
func (c *ClientCertificate) ofBody(r *policy.Run) (*exchange.Certificate, error) {
	value, err := c.body.Get(r)
	if err != nil {
		return nil, err
	}
	password, err := c.password.Get(r)
	if err != nil {
		return nil, err
	}
	var data []byte
	switch v := value.(type) {
	case *expr.ArrayObject:
		data = v.Bytes()
	case string:
		data = []byte(v)
	}
	leaf, key, err := dotnet.ParseCertificate(data, password)
	if err != nil {
		f := &exchange.Failure{Status: 500, Err: err}
		f.Reason, f.Message = exchange.ReasonCertificateInvalid, exchange.MessageCertificateInvalid
		f.Detail = err.Error()
		return nil, f
	}
	return &exchange.Certificate{Leaf: leaf, PrivateKey: key}, nil
}

func found(c *exchange.Certificate, by, name string) (*exchange.Certificate, error) {
	if c != nil {
		return c, nil
	}
	f := &exchange.Failure{Status: 500}
	f.Reason, f.Message = exchange.ReasonCertificateNotFound, exchange.MessageCertificateNotFound(by, name)
	return nil, f
}

// ByThumbprint is a certificate of the service, nil if it has none. Blanks and case
// of the thumbprint do not count: it is copied out of dialogs that put some in.
func ByThumbprint(r *policy.Run, thumbprint string) *exchange.Certificate {
	if r.Deployment == nil {
		return nil
	}
	return r.Deployment.Certificates[Digits(thumbprint)]
}

// ByID is a certificate of the service, nil if it has none.
func ByID(r *policy.Run, id string) *exchange.Certificate {
	if r.Deployment == nil {
		return nil
	}
	return r.Deployment.CertificateIDs[id]
}

// Digits is a number in hexadecimal digits as .NET writes it: in upper case, nothing
// between them. A mark that Windows' dialogs copy in front goes, too.
func Digits(hexadecimal string) string {
	return strings.Map(func(r rune) rune {
		switch {
		case r >= '0' && r <= '9', r >= 'A' && r <= 'Z':
			return r
		case r >= 'a' && r <= 'z':
			return r - 'a' + 'A'
		case r == ' ', r == ':', r == '\u200e':
			return -1
		}
		return r
	}, hexadecimal)
}

// SerialNumber is a certificate's as .NET writes it.
func SerialNumber(c *x509.Certificate) string {
	return strings.ToUpper(hex.EncodeToString(dotnet.SerialNumber(c)))
}

// DistinguishedName is a name as .NET writes it: CN=a, O="b, c".
func DistinguishedName(raw []byte) string { return dotnet.NewDistinguishedName(raw).String() }

package access

import (
	"crypto/x509"
	"slices"
	"strings"

	"github.com/apimulator/apimulator/policy"
	"github.com/apimulator/apimulator/policy/exchange"
	"github.com/apimulator/apimulator/policy/statements/part"
)

func identityElement() policy.Element {
	attribute := func(name, doc string) policy.Attribute {
		return policy.Attribute{Name: name, Doc: doc, Type: policy.String, ExpressionOpen: true}
	}
	return policy.Element{
		Name: "identity", Doc: "An identity; all its attributes have to match.",
		Attributes: []policy.Attribute{
			attribute("thumbprint", "Thumbprint."),
			attribute("serial-number", "Serial number."),
			attribute("common-name", "CN of the subject."),
			attribute("subject", "Distinguished name of the subject."),
			attribute("dns-name", "DNS name of the subject's alternative names."),
			attribute("issuer-subject", "Distinguished name of the issuer."),
			attribute("issuer-thumbprint", "Thumbprint of the issuer."),
			attribute("issuer-certificate-id", "A certificate of the service with the issuer's public key."),
		},
		AtMostOne: [][]string{{"issuer-certificate-id", "issuer-subject"}, {"issuer-certificate-id", "issuer-thumbprint"}},
	}
}

// identity is an <identity>: what is said of a certificate, all of which has to hold.
type identity struct {
	claims []identityClaim
	issuer *exchange.Certificate // of a constant issuer-certificate-id
}

type identityClaim struct {
	name  string
	value policy.Operand[string]
}

func compileIdentity(n *policy.Node) (*identity, error) {
	s := &identity{}
	for _, a := range n.Attrs {
		s.claims = append(s.claims, identityClaim{a.Name, n.String(a.Name)})
	}
	if len(s.claims) == 0 {
		n.Warn(nil, "<identity> without attributes is any certificate's")
	}
	if !n.Has("issuer-certificate-id") {
		return s, nil
	}
	if id, known := n.String("issuer-certificate-id").Constant(); known {
		var ok bool
		if s.issuer, ok = n.Certificate(id); !ok {
			return nil, part.UnknownCertificateIn(n, "issuer-certificate-id")
		}
	}
	return s, nil
}

func (s *identity) matches(r *policy.Run, path certificatePath) (bool, error) {
	for _, claim := range s.claims {
		wanted, err := claim.value.Get(r)
		if err != nil {
			return false, err
		}
		if !s.holds(r, claim.name, wanted, path) {
			return false, nil
		}
	}
	return true, nil
}

// holds compares one claim. Hexadecimal digits and DNS names are compared without
// regard to case, names and their parts exactly.
func (s *identity) holds(r *policy.Run, name, wanted string, path certificatePath) bool {
	c, strict := path[0], r.Env.Strict
	switch name {
	case "thumbprint":
		return part.Digits(wanted) == exchange.Thumbprint(c)
	case "serial-number":
		return part.Digits(wanted) == part.SerialNumber(c)
	case "common-name":
		return wanted == c.Subject.CommonName
	case "subject":
		return sameName(nameParts(wanted), nameParts(part.DistinguishedName(c.RawSubject)), strict)
	case "dns-name":
		return slices.ContainsFunc(c.DNSNames, func(name string) bool { return strings.EqualFold(name, wanted) })
	case "issuer-subject":
		return sameName(nameParts(wanted), nameParts(part.DistinguishedName(c.RawIssuer)), strict)
	case "issuer-thumbprint":
		issuer := path.issuer()
		return issuer != nil && part.Digits(wanted) == exchange.Thumbprint(issuer)
	case "issuer-certificate-id":
		issuer := s.issuer
		if issuer == nil {
			issuer = part.ByID(r, wanted)
		}
		return issuer != nil && signedBy(c, issuer.Leaf)
	}
	return false
}

// signedBy reports whether the public key of a certificate, whoever's it says it is,
// verifies the signature of another.
func signedBy(c, by *x509.Certificate) bool {
	return by.CheckSignature(c.SignatureAlgorithm, c.RawTBSCertificate, c.Signature) == nil
}

package access

import (
	"errors"

	"github.com/apimulator/apimulator/policy"
	"github.com/apimulator/apimulator/policy/exchange"
)

// ValidateClientCertificate defines <validate-client-certificate>.
func ValidateClientCertificate() *policy.Definition {
	rule := func(name, def, doc string) policy.Attribute {
		return policy.Attribute{Name: name, Doc: doc, Type: policy.Bool, Default: def}
	}
	return &policy.Definition{
		Element: policy.Element{
			Name: "validate-client-certificate",
			Doc:  "Refuses a caller whose client certificate breaks a rule or is of none of the identities.",
			Attributes: []policy.Attribute{
				rule("validate-revocation", "true", "It must not be on the issuer's revocation list."),
				rule("validate-trust", "true", "A chain has to lead to a trusted authority."),
				rule("validate-not-before", "true", "It has to be valid already."),
				rule("validate-not-after", "true", "It has to be valid still."),
				rule("ignore-error", "false", "Go on with a certificate that is refused."),
			},
			Children: []policy.Child{{Max: 1, Element: policy.Element{
				Name: "identities", Doc: "Accepted identities; one has to match.",
				Children: []policy.Child{{Min: 1, Element: identityElement()}},
			}}},
		},
		Category: "access",
		Facts:    validateClientCertificateFacts,
		Sections: policy.InboundOnly,
		Compile:  compileValidateClientCertificate,
	}
}

func compileValidateClientCertificate(n *policy.Node) (policy.Step, error) {
	s := &validateClientCertificate{}
	// Their page allows no expressions in the rules.
	s.revocation, _ = n.Bool("validate-revocation").Constant()
	s.trust, _ = n.Bool("validate-trust").Constant()
	s.notBefore, _ = n.Bool("validate-not-before").Constant()
	s.notAfter, _ = n.Bool("validate-not-after").Constant()
	s.ignoreError, _ = n.Bool("ignore-error").Constant()
	if identities := n.Child("identities"); identities != nil {
		for _, child := range identities.ChildrenNamed("identity") {
			identity, err := compileIdentity(child)
			if err != nil {
				return nil, err
			}
			s.identities = append(s.identities, identity)
		}
	}
	return s, nil
}

type validateClientCertificate struct {
	revocation, trust, notBefore, notAfter, ignoreError bool
	identities                                          []*identity
}

func (s *validateClientCertificate) Run(r *policy.Run) error {
	err := s.validate(r)
	var refused *certificateFault
	if !errors.As(err, &refused) {
		if err == nil && r.Observed() {
			r.Note("validate-client-certificate", "The client's certificate "+exchange.Thumbprint(r.Request.Certificate)+" is valid.")
		}
		return err
	}
	if s.ignoreError {
		r.Note("validate-client-certificate", "Refused, which ignore-error lets pass: "+refused.Error())
		return nil
	}
	f := &exchange.Failure{Status: 401, Err: err, Detail: refused.detail}
	f.Reason, f.Message = refused.reason, exchange.MessageClientCertificateInvalid
	if refused.reason == exchange.ReasonClientCertificateNotFound {
		f.Message = exchange.MessageClientCertificateMissing
	}
	return f
}

// certificateFault says why a certificate is refused.
type certificateFault struct{ reason, detail string }

func (f *certificateFault) Error() string { return f.reason + ": " + f.detail }

// validate checks in an order of which tests against Azure show that no certificate
// and the times come first, trust before identity; where revocation stands is chosen.
func (s *validateClientCertificate) validate(r *policy.Run) error {
	c, now := r.Request.Certificate, r.Clock.Now()
	switch {
	case c == nil:
		return &certificateFault{exchange.ReasonClientCertificateNotFound, "the client showed none; clients are asked for one with negotiateClientCertificate: true in apim.yaml"}
	case s.notBefore && now.Before(c.NotBefore):
		return &certificateFault{exchange.ReasonClientCertificateNotYetValid, "it is valid from " + c.NotBefore.UTC().Format(dateForm) + " on"}
	case s.notAfter && now.After(c.NotAfter):
		return &certificateFault{exchange.ReasonClientCertificateExpired, "it was valid until " + c.NotAfter.UTC().Format(dateForm)}
	}
	if s.trust {
		if err := trusted(r, now); err != nil {
			return &certificateFault{exchange.ReasonClientCertificateNotTrusted, err.Error() + "; authorities are trusted under caCertificates: in apim.yaml"}
		}
	}
	path := pathOf(r)
	if s.revocation {
		if err := checkRevocation(r, path); err != nil {
			reason := exchange.ReasonClientCertificateRevocationUnknown
			if errors.Is(err, errRevoked) {
				reason = exchange.ReasonClientCertificateRevoked
			}
			return &certificateFault{reason, err.Error()}
		}
	}
	if s.identities == nil {
		return nil
	}
	for _, identity := range s.identities {
		if matches, err := identity.matches(r, path); matches || err != nil {
			return err
		}
	}
	return &certificateFault{exchange.ReasonClientCertificateNotMatched, "it is of none of the identities"}
}

const dateForm = "2006-01-02T15:04:05Z"

package access

import (
	"github.com/apimulator/apimulator/policy"
	"github.com/apimulator/apimulator/policy/exchange"
	"github.com/apimulator/apimulator/policy/statements/part"
)

// AuthenticationCertificate defines <authentication-certificate>.
func AuthenticationCertificate() *policy.Definition {
	return &policy.Definition{
		Element:  part.Certificate(),
		Category: "access",
		Facts:    authenticationCertificateFacts,
		Sections: policy.InboundOnly,
		Compile: func(n *policy.Node) (policy.Step, error) {
			certificate, err := part.CompileCertificate(n)
			if err != nil {
				return nil, err
			}
			return &authenticationCertificate{certificate}, nil
		},
	}
}

type authenticationCertificate struct{ certificate *part.ClientCertificate }

// Run attaches the certificate to the request. Of several, the last one stays.
func (s *authenticationCertificate) Run(r *policy.Run) error {
	certificate, err := s.certificate.Get(r)
	if err != nil {
		return err
	}
	r.Request.BackendCertificate = certificate
	if r.Observed() {
		// As in Azure's trace (stackoverflow 57372611, 2019-08).
		r.Note("authentication-certificate", "Certificate was attached to request per configuration. Thumbprint: "+exchange.Thumbprint(certificate.Leaf))
		if certificate.PrivateKey == nil {
			r.Note("authentication-certificate", "warning: the certificate has no private key, without which a backend that asks for it refuses the connection")
		}
	}
	return nil
}

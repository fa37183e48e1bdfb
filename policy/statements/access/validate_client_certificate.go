package access

import (
	"github.com/apimulator/apimulator/policy"
)

// ValidateClientCertificate defines <validate-client-certificate>.
func ValidateClientCertificate() *policy.Definition {
	rule := func(name, def, doc string) policy.Attribute {
		return policy.Attribute{Name: name, Doc: doc, Type: policy.Bool, Default: def}
	}
	identity := func(name, doc string) policy.Attribute {
		return policy.Attribute{Name: name, Doc: doc, Type: policy.String, ExpressionOpen: true}
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
				Children: []policy.Child{{Min: 1, Element: policy.Element{
					Name: "identity", Doc: "An identity; all its attributes have to match.",
					Attributes: []policy.Attribute{
						identity("thumbprint", "Thumbprint."),
						identity("serial-number", "Serial number."),
						identity("common-name", "CN of the subject."),
						identity("subject", "Distinguished name of the subject."),
						identity("dns-name", "DNS name of the subject's alternative names."),
						identity("issuer-subject", "Distinguished name of the issuer."),
						identity("issuer-thumbprint", "Thumbprint of the issuer."),
						identity("issuer-certificate-id", "A certificate of the service with the issuer's public key."),
					},
					AtMostOne: [][]string{{"issuer-certificate-id", "issuer-subject"}, {"issuer-certificate-id", "issuer-thumbprint"}},
				}}},
			}}},
		},
		Category: "access",
		Sections: policy.InboundOnly,
	}
}

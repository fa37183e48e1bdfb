package access

import (
	"github.com/apimulator/apimulator/policy"
	"github.com/apimulator/apimulator/policy/statements/part"
)

// AuthenticationCertificate defines <authentication-certificate>.
func AuthenticationCertificate() *policy.Definition {
	return &policy.Definition{
		Element:  part.Certificate(),
		Category: "access",
		Sections: policy.InboundOnly,
	}
}
